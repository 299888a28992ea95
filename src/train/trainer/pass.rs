//! One pass: everything that is computed on one batch at one Θ, up to the next Θ that it leads to.

use ndarray::{Array2, ArrayView2, Axis, s};

use super::Samples;
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
    /// Makes the pass over the samples in `rows`.
    pub(super) fn make(&mut self, network: &Network<T>, rule: &Rule<'_, T>, (samples, team): (&Samples<T>, &Team)) {
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
        self.used = team.parts(count, count * network.theta.iter().map(|theta| 3 * theta.len()).sum::<usize>());
        if self.parts.len() < self.used {
            self.parts.resize_with(self.used, fast::Pass::default);
        }
        if self.used == 1 {
            self.parts[0].make(network, (x, y), (&self.mask, 0));
        } else {
            let most = count.div_ceil(self.used);
            let mask = &self.mask;
            let parts = self.parts[..self.used].iter_mut().enumerate().map(|(index, part)| {
                let range = index * most..((index + 1) * most).min(count);
                let (first, x) = (range.start, x.slice_move(s![range.clone(), ..]));
                let y = y.slice_move(s![range, ..]);
                move || part.make(network, (x, y), (mask, first))
            });
            team.share(parts);
            let (first, others) = self.parts[..self.used].split_at_mut(1);
            for other in others {
                let sums = first[0].sum_mut().iter_mut().zip(other.sum());
                sums.for_each(|(sum, other)| fast::add(sum, other));
            }
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
        let mut bad = None;
        for (index, theta) in network.theta.iter().enumerate() {
            let before = (theta, &self.parts[0].sum()[index], &memory[index]);
            let finite = fast::update(by, before, (&mut self.theta[index], &mut self.memory[index]));
            if !finite && bad.is_none() {
                bad = Some(index);
            }
        }
        self.overflows = false;
        self.not_finite = match bad {
            _ if !self.cost.total().is_finite() => Some("J".into()),
            None => None,
            Some(_) => {
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

    /// Puts D, the penalty's gradient, ∂J/∂Θ and the update of one Θ^(l), which only a look needs, in arrays shaped like it.
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
