//! One pass: everything that is computed on one batch at one Θ, up to the next Θ that it leads to.

use ndarray::{Array2, ArrayView2, Axis};

use super::Samples;
use crate::nn::subnormal::flushed;
use crate::nn::{Memory, Network, Numbers, Optimizer, Rates, Real, Regularisation, dropout, fast};
use crate::train::config::Config;
use crate::train::snapshot::Cost;
use crate::train::team::Team;

/// The next update, whole: everything that is computed on one batch at one Θ. Its memory serves one pass after the other.
pub(super) struct Pass<T> {
    /// The samples of the batch, as rows of the training part, in their order.
    pub(super) rows: Vec<usize>,
    /// Their features and targets, where they do not stand behind each other in the data.
    gathered: (Array2<T>, Array2<T>),
    /// The masks of its dropout; none without.
    mask: Vec<Array2<T>>,
    /// z, a, δ and J^(b) of the batch's parts, a thread each; ΣΔ of all of them is the first one's.
    parts: Vec<fast::Pass<T>>,
    /// How many parts there are; the memory of more may be there.
    used: usize,
    /// What the gradient is multiplied by before the optimiser sees it: less than 1 where it is too long.
    pub(super) cut: f64,
    /// Θ after the update.
    pub(super) theta: Vec<Array2<T>>,
    /// What the optimiser remembers after it.
    pub(super) memory: Vec<Memory<T>>,
    pub(super) cost: Cost,
    /// What of the update is not finite.
    pub(super) not_finite: Option<String>,
    /// Whether Θ after it is not, though the update is.
    pub(super) overflows: bool,
}

/// What a pass is made by, beside the network.
pub(super) struct Rule<'a, T> {
    pub(super) regularisation: &'a Regularisation,
    pub(super) config: &'a Config,
    pub(super) memory: &'a [Memory<T>],
    pub(super) rates: Rates,
}

impl<T: Real> Default for Pass<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            gathered: (Array2::zeros((0, 0)), Array2::zeros((0, 0))),
            mask: Vec::new(),
            parts: Vec::new(),
            used: 0,
            cut: 1.0,
            theta: Vec::new(),
            memory: Vec::new(),
            cost: Cost::default(),
            not_finite: None,
            overflows: false,
        }
    }
}

impl<T: Real> Pass<T> {
    /// Makes the pass over the samples in `rows`; in all of it subnormal numbers count as 0.
    pub(super) fn make(&mut self, network: &Network<T>, rule: &Rule<'_, T>, by: (&Samples<T>, &mut Team)) {
        flushed(|| self.compute(network, rule, by));
    }

    fn compute(&mut self, network: &Network<T>, rule: &Rule<'_, T>, (samples, team): (&Samples<T>, &mut Team)) {
        let Rule { regularisation, config, memory, rates } = rule;
        if config.dropout > 0.0 {
            let (last, draw) = (network.theta.len() - 1, (config.seed, rates.k - 1));
            let hidden = network.theta[..last].iter().map(Array2::nrows);
            dropout::draw_masks(config.dropout, hidden, self.rows.len(), draw, &mut self.mask);
        } else {
            self.mask.clear();
        }
        let (x, y) = gather(samples, &self.rows, &mut self.gathered);
        let count = self.rows.len();
        self.used = match fast::is_narrow(network) {
            true => 1,
            false => team.parts(count, count * network.theta.iter().map(|theta| 3 * theta.len()).sum::<usize>()),
        };
        if self.parts.len() < self.used {
            self.parts.resize_with(self.used, fast::Pass::default);
        }
        match self.used {
            1 => self.parts[0].make(network, (x, y), (&self.mask, 0)),
            _ => share(&mut self.parts[..self.used], network, (x, y), (&self.mask, team)),
        }
        let costs = self.parts[..self.used].iter().flat_map(|part| part.sample_cost().iter());
        self.cost.data = costs.map(|cost| cost.f64()).sum::<f64>() / count as f64; // 1.2.2
        self.cost.reg.clear();
        self.cost.reg.extend(network.theta.iter().map(|theta| regularisation.cost(theta)));
        self.cut = config.clip.map_or(1.0, |longest| (longest / self.length(network, rule)).min(1.0));
        let by = fast::Rule {
            optimizer: config.optimizer,
            rates: *rates,
            regularisation,
            cut: self.cut,
            samples: self.rows.len(),
        };
        self.theta.resize_with(network.theta.len(), || Array2::zeros((0, 0)));
        self.memory.resize_with(network.theta.len(), || Memory { v: None, s: None });
        let before = network.theta.iter().zip(self.parts[0].sum()).zip(*memory);
        let changes = before.zip(self.theta.iter_mut().zip(&mut self.memory));
        let changes = changes.map(|(((theta, sum), memory), to)| fast::Change::of((theta, sum, memory), to));
        let finite = match self.used {
            // All of them are made, even after one that is not finite.
            1 => changes.fold(true, |finite, change| finite & change.make(by)),
            threads => update(changes, by, (threads, team)),
        };
        self.overflows = false;
        self.not_finite = match () {
            () if !self.cost.total().is_finite() => Some("J".into()),
            () if finite => None,
            () if let Some(index) = infinite_square(&self.memory) => Some(format!("s of Θ^({})", index + 1)),
            () => {
                let bad = (0..network.theta.len()).find(|&index| {
                    let mut parts = [(); 4].map(|()| Array2::zeros((0, 0)));
                    self.tell(network, rule, index, parts.each_mut());
                    !parts[3].iter().all(|update| update.is_finite())
                });
                self.overflows = bad.is_none();
                bad.map(|index| format!("the update of Θ^({})", index + 1))
            }
        };
    }

    /// ΣΔ^(1) … ΣΔ^(L−1) over the whole batch.
    fn sum(&self) -> &[Array2<T>] {
        self.parts[0].sum()
    }

    /// Makes the numbers of the samples ready to be read.
    pub(super) fn unpack(&mut self) {
        self.parts[..self.used].iter_mut().for_each(fast::Pass::unpack);
    }

    /// The parts that the batch was split in, in the order of its samples.
    pub(super) fn samples(&self) -> &[fast::Pass<T>] {
        &self.parts[..self.used]
    }

    /// Puts D, the penalty's gradient, ∂J/∂Θ and the update of one Θ^(l), which only a look needs, in arrays shaped like it; in
    /// `flushed` work they are the pass's own.
    pub(super) fn tell(&self, network: &Network<T>, rule: &Rule<'_, T>, index: usize, to: [&mut Array2<f64>; 4]) {
        let (theta, sum, memory) = (&network.theta[index], &self.sum()[index], &rule.memory[index]);
        let (samples, cut) = (T::of(self.rows.len() as f64), T::of(self.cut));
        let (penalty, strength) = (rule.regularisation.penalty, T::of(rule.regularisation.strength()));
        let (optimizer, numbers) = (rule.config.optimizer, Numbers::of(rule.config.optimizer, &rule.rates));
        let [v, s] = [&memory.v, &memory.s].map(|of| of.as_ref().map(|of| of.as_slice().expect("row by row")));
        let columns = theta.ncols();
        let [d_to, penalty_to, gradient_to, update_to] = to.map(|to| {
            fast::fit(to, theta.dim());
            to.as_slice_mut().expect("row by row")
        });
        let (theta, sum) = (theta.as_slice().expect("row by row"), sum.as_slice().expect("row by row"));
        for row in (0..theta.len()).step_by(columns) {
            // The bias has no penalty.
            for (range, strength) in [(row..row + 1, T::zero()), (row + 1..row + columns, strength)] {
                for at in range {
                    let d = sum[at] / samples; // 3.1.2
                    let penalty = penalty.slope(strength, theta[at]); // 2.6.1
                    let gradient = d + penalty; // 3.1.3
                    let remembered = (v.map_or(T::zero(), |v| v[at]), s.map_or(T::zero(), |s| s[at]));
                    let (update, _, _) = optimizer.of_one((d * cut, penalty, gradient * cut), remembered, &numbers);
                    (d_to[at], penalty_to[at]) = (d.f64(), penalty.f64());
                    (gradient_to[at], update_to[at]) = (gradient.f64(), update.f64());
                }
            }
        }
    }

    /// The length of what the optimiser sees of all layers, as one vector.
    fn length(&self, network: &Network<T>, rule: &Rule<'_, T>) -> f64 {
        let samples = T::of(self.rows.len() as f64);
        let of_layer = |(theta, sum): (&Array2<T>, &Array2<T>)| -> f64 {
            let d = sum.mapv(|sum| sum / samples);
            let seen =
                if rule.config.optimizer == Optimizer::AdamW { d } else { d + rule.regularisation.gradient(theta) };
            seen.iter().map(|slope| slope.f64().powi(2)).sum()
        };
        network.theta.iter().zip(self.sum()).map(of_layer).sum::<f64>().sqrt()
    }
}

/// The first Θ^(l), counted from 0, of which a mean square is too large to be a number.
fn infinite_square<T: Real>(memory: &[Memory<T>]) -> Option<usize> {
    memory.iter().position(|memory| memory.s.as_ref().is_some_and(|s| s.iter().any(|s| s.is_infinite())))
}

/// Makes a batch in parts: a thread has some of its samples, and then some units' rows of every ΣΔ^(l), which are the first part's.
fn share<T: Real>(
    parts: &mut [fast::Pass<T>],
    network: &Network<T>,
    (x, y): (ArrayView2<T>, ArrayView2<T>),
    (mask, team): (&[Array2<T>], &mut Team),
) {
    let threads = parts.len();
    let most = x.nrows().div_ceil(threads);
    let pieces = x.axis_chunks_iter(Axis(0), most).zip(y.axis_chunks_iter(Axis(0), most));
    let jobs = parts.iter_mut().zip(pieces).enumerate();
    team.share(jobs.map(|(index, (part, piece))| move || part.part(network, piece, (mask, index * most))));
    let mut sums = std::mem::take(parts[0].sum_mut());
    let mut jobs: Vec<Vec<_>> = (0..threads).map(|_| Vec::with_capacity(sums.len())).collect();
    for (l, sum) in (1..).zip(&mut sums) {
        let most = sum.nrows().div_ceil(threads);
        for (index, rows) in sum.axis_chunks_iter_mut(Axis(0), most).enumerate() {
            jobs[index].push((l, index * most, rows));
        }
    }
    let parts_made = &*parts;
    team.share(jobs.into_iter().map(|rows| {
        move || rows.into_iter().for_each(|(l, first, rows)| fast::sum_rows(parts_made, x, (l, first), rows))
    }));
    *parts[0].sum_mut() = sums;
}

/// Makes updates, each thread some rows of every one; whether all of the next Θ is finite.
fn update<'a, T: Real>(
    changes: impl Iterator<Item = fast::Change<'a, T>>,
    by: fast::Rule<'_>,
    (threads, team): (usize, &mut Team),
) -> bool {
    let mut jobs: Vec<Vec<_>> = (0..threads).map(|_| Vec::new()).collect();
    for mut rest in changes {
        let most = rest.rows().div_ceil(threads);
        for job in &mut jobs {
            let (rows, after) = rest.split_at(most);
            job.push(rows);
            rest = after;
        }
    }
    let mut finite = vec![true; threads];
    let jobs = jobs.into_iter().zip(&mut finite);
    team.share(jobs.map(|(rows, finite)| {
        move || *finite = rows.into_iter().fold(true, |finite, change| finite & change.make(by))
    }));
    finite.into_iter().all(|finite| finite)
}

/// Features and targets of some samples: where they are, if they stand behind each other, else gathered.
fn gather<'a, T: Real>(
    samples: &'a Samples<T>,
    rows: &[usize],
    (x, y): &'a mut (Array2<T>, Array2<T>),
) -> (ArrayView2<'a, T>, ArrayView2<'a, T>) {
    if let (Some(&first), true) = (rows.first(), rows.windows(2).all(|pair| pair[0] + 1 == pair[1])) {
        let of = |array: &'a Array2<T>| {
            let (units, numbers) = (array.ncols(), array.as_slice().expect("samples are stored row by row"));
            let numbers = &numbers[first * units..(first + rows.len()) * units];
            ArrayView2::from_shape((rows.len(), units), numbers).expect("as many as the shape has")
        };
        return (of(&samples.x), of(&samples.y));
    }
    for (to, from) in [(&mut *x, &samples.x), (&mut *y, &samples.y)] {
        fast::fit(to, (rows.len(), from.ncols()));
        to.axis_iter_mut(Axis(0)).zip(rows).for_each(|(mut to, &row)| to.assign(&from.row(row)));
    }
    (x.view(), y.view())
}
