//! One pass: everything that is computed on one batch at one Θ, up to the next Θ that it leads to.

use std::borrow::Cow;

use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};

use super::Samples;
use crate::nn::{Backprop, Forward, Memory, Network, Optimizer, Rates, Real, Regularisation, Slopes, dropout, fast};
use crate::train::config::Config;
use crate::train::snapshot::Cost;
use crate::train::team::Team;

/// The next update, whole: everything that is computed on one batch at one Θ. Its memory serves one pass after the other.
pub(super) struct Pass<T> {
    /// The samples of the batch, as rows of the training part, in their order.
    pub(super) rows: Vec<usize>,
    /// Their features and targets, where they do not stand behind each other in the data.
    gathered: (Array2<T>, Array2<T>),
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
        let mut mask = match config.dropout > 0.0 {
            true => {
                let sizes = network.sizes();
                let hidden = &sizes[1..sizes.len() - 1];
                dropout::masks(config.dropout, hidden, self.rows.len(), (config.seed, rates.k - 1))
            }
            false => Vec::new(),
        };
        let (x, y) = gather(samples, &self.rows, &mut self.gathered);
        let count = self.rows.len();
        self.used = team.parts(count, count * network.theta.iter().map(|theta| 3 * theta.len()).sum::<usize>());
        if self.parts.len() < self.used {
            self.parts.resize_with(self.used, fast::Pass::default);
        }
        if self.used == 1 {
            self.parts[0].make(network, (x, y), std::mem::take(&mut mask));
        } else {
            let most = count.div_ceil(self.used);
            let parts = self.parts[..self.used].iter_mut().enumerate().map(|(index, part)| {
                let range = index * most..((index + 1) * most).min(count);
                let cut = |array: &Array2<T>| array.slice(s![range.clone(), ..]).to_owned();
                let mask = mask.iter().map(cut).collect();
                let (x, y) = (x.slice_move(s![range.clone(), ..]), y.slice_move(s![range, ..]));
                move || part.make(network, (x, y), mask)
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
                    let update = self.parts(network, rule, index).update;
                    !update.iter().all(|entry| entry.is_finite())
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

    /// The numbers of the whole batch: those of its only part, or of all parts behind each other.
    pub(super) fn whole(&self) -> Whole<'_, T> {
        let parts = &self.parts[..self.used];
        if let [only] = parts {
            let ((forward, backprop), sample_cost) = (only.numbers(), only.sample_cost());
            let (forward, backprop) = (Cow::Borrowed(forward), Cow::Borrowed(backprop));
            return Whole { forward, backprop, sample_cost: Cow::Borrowed(sample_cost) };
        }
        let join = |of: &dyn Fn(&fast::Pass<T>) -> &[Array2<T>]| -> Vec<Array2<T>> {
            let joined = |index: usize| {
                let arrays: Vec<_> = parts.iter().map(|part| of(part)[index].view()).collect();
                concatenate(Axis(0), &arrays).expect("rows of one width")
            };
            (0..of(&parts[0]).len()).map(joined).collect()
        };
        let forward = Forward {
            z: join(&|part| &part.numbers().0.z),
            a: join(&|part| &part.numbers().0.a),
            mask: join(&|part| &part.numbers().0.mask),
        };
        let backprop = Backprop {
            delta: join(&|part| &part.numbers().1.delta),
            back: join(&|part| &part.numbers().1.back),
            sum: parts[0].sum().to_vec(),
            d: Vec::new(),
        };
        let costs: Vec<_> = parts.iter().map(|part| part.sample_cost().view()).collect();
        let sample_cost = concatenate(Axis(0), &costs).expect("vectors");
        Whole { forward: Cow::Owned(forward), backprop: Cow::Owned(backprop), sample_cost: Cow::Owned(sample_cost) }
    }

    /// D, the penalty's gradient, ∂J/∂Θ and the update of one Θ^(l), which only a look needs.
    pub(super) fn parts(&self, network: &Network<T>, rule: &Rule<'_, T>, index: usize) -> Parts<T> {
        let samples = T::of(self.rows.len() as f64);
        let d = self.sum()[index].mapv(|sum| sum / samples); // 3.1.2
        let penalty = rule.regularisation.gradient(&network.theta[index]);
        let gradient = &d + &penalty; // 3.1.3
        let step = |d: &Array2<T>, gradient: &Array2<T>| {
            let slopes = Slopes { d, penalty: &penalty, gradient };
            rule.config.optimizer.update(slopes, &rule.memory[index], &rule.rates).0
        };
        let update = match self.cut == 1.0 {
            true => step(&d, &gradient),
            false => step(&(&d * T::of(self.cut)), &(&gradient * T::of(self.cut))),
        };
        Parts { d, penalty, gradient, update }
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

/// The numbers of a whole batch.
pub(super) struct Whole<'a, T: Clone> {
    pub(super) forward: Cow<'a, Forward<T>>,
    pub(super) backprop: Cow<'a, Backprop<T>>,
    pub(super) sample_cost: Cow<'a, Array1<T>>,
}

/// The parts of one layer's update.
pub(super) struct Parts<T> {
    pub(super) d: Array2<T>,
    pub(super) penalty: Array2<T>,
    pub(super) gradient: Array2<T>,
    pub(super) update: Array2<T>,
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
