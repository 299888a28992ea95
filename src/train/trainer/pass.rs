//! One pass: everything that is computed on one batch at one Θ, up to the next Θ that it leads to.

use ndarray::Array2;

use crate::nn::subnormal::flushed;
use crate::nn::{Memory, Model, Numbers, Rates, Real, Regularisation, Share, fast};
use crate::train::config::Config;
use crate::train::examples::{Examples, Which};
use crate::train::moment::Cost;
use crate::train::team::Team;

/// The next update, whole: everything that is computed on one batch at one Θ. Its memory serves one pass after the other.
pub(in crate::train) struct UpdatePass<T: Real, M: Model<T>> {
    /// The samples of the batch, as rows of the training part, in their order.
    pub(in crate::train) rows: Vec<usize>,
    /// Their inputs and targets, where those can't be read in the data.
    pub(in crate::train) gathered: (Array2<T>, Array2<T>),
    /// What the model computes of them.
    pub(in crate::train) workspace: M::Workspace,
    /// What the gradient is multiplied by before the optimiser sees it: less than 1 where it is too long.
    pub(in crate::train) cut: f64,
    /// Θ after the update.
    pub(super) theta: Vec<Array2<T>>,
    /// What the optimiser remembers after it.
    pub(in crate::train) memory: Vec<Memory<T>>,
    pub(in crate::train) cost: Cost,
    /// What of the update is not finite.
    pub(super) not_finite: Option<String>,
    /// Whether Θ after it is not, though the update is.
    pub(super) overflows: bool,
}

/// What a pass is made by, beside the model.
pub(in crate::train) struct PassRule<'a, T> {
    pub(in crate::train) regularisation: &'a Regularisation,
    pub(in crate::train) config: &'a Config,
    pub(in crate::train) memory: &'a [Memory<T>],
    pub(in crate::train) rates: Rates,
}

impl<T: Real, M: Model<T>> Default for UpdatePass<T, M> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            gathered: (Array2::zeros((0, 0)), Array2::zeros((0, 0))),
            workspace: M::Workspace::default(),
            cut: 1.0,
            theta: Vec::new(),
            memory: Vec::new(),
            cost: Cost::default(),
            not_finite: None,
            overflows: false,
        }
    }
}

impl<T: Real, M: Model<T>> UpdatePass<T, M> {
    /// Makes the pass over the samples in `rows`; in all of it subnormal numbers count as 0.
    pub(super) fn make(&mut self, model: &M, rule: &PassRule<'_, T>, by: (&impl Examples<T>, &mut Team)) {
        flushed(|| self.compute(model, rule, by));
    }

    fn compute(&mut self, model: &M, rule: &PassRule<'_, T>, (examples, team): (&impl Examples<T>, &mut Team)) {
        let PassRule { regularisation, config, memory, rates } = rule;
        let batch = examples.batch(Which::Training, &self.rows, &mut self.gathered);
        let count = self.rows.len();
        model.make(batch, &config.conditions(rates), team, &mut self.workspace);
        write_cost(model, (&self.workspace, count), regularisation, &mut self.cost);
        let theta = model.parameters();
        self.cut = config.clip.map_or(1.0, |longest| (longest / self.length(model, rule)).min(1.0));
        let by = fast::UpdateRule {
            optimizer: config.optimizer,
            rates: *rates,
            regularisation,
            cut: self.cut,
            samples: count,
        };
        self.theta.resize_with(theta.len(), || Array2::zeros((0, 0)));
        self.memory.resize_with(theta.len(), || Memory { v: None, s: None });
        let before = theta.iter().zip(M::sums(&self.workspace)).zip(*memory).enumerate();
        let changes = before.zip(self.theta.iter_mut().zip(&mut self.memory));
        let changes = changes.map(|((index, ((theta, sum), memory)), to)| {
            fast::ThetaUpdate::of((theta, model.biases(index)), (sum, memory), to)
        });
        let finite = match M::threads(&self.workspace) {
            // All of them are made, even after one that is not finite.
            1 => changes.fold(true, |finite, change| finite & change.make(by)),
            threads => update(changes, by, (threads, team)),
        };
        self.overflows = false;
        self.not_finite = match () {
            () if !self.cost.total().is_finite() => Some("J".into()),
            () if finite => None,
            () if let Some(index) = infinite_square(&self.memory) => Some(format!("s of {}", model.symbol(index))),
            () => {
                let bad = (0..model.parameters().len()).find(|&index| {
                    let mut parts = [(); 4].map(|()| Array2::zeros((0, 0)));
                    self.write_gradients(model, rule, index, parts.each_mut());
                    !parts[3].iter().all(|update| update.is_finite())
                });
                self.overflows = bad.is_none();
                bad.map(|index| format!("the update of {}", model.symbol(index)))
            }
        };
    }

    /// Puts D, the penalty's gradient, ∂J/∂Θ and the update of one Θ^(l), which only a snapshot needs, in arrays shaped like it; in
    /// `flushed` work they are the pass's own.
    pub(in crate::train) fn write_gradients(
        &self,
        model: &M,
        rule: &PassRule<'_, T>,
        index: usize,
        to: [&mut Array2<f64>; 4],
    ) {
        let (theta, sum, memory) = (&model.parameters()[index], &M::sums(&self.workspace)[index], &rule.memory[index]);
        let (samples, cut) = (T::of(self.rows.len() as f64), T::of(self.cut));
        let (penalty, strength) = (rule.regularisation.penalty, T::of(rule.regularisation.strength()));
        let (optimizer, numbers) = (rule.config.optimizer, Numbers::of(rule.config.optimizer, &rule.rates));
        let [v, s] = [&memory.v, &memory.s].map(|of| of.as_ref().map(|of| of.as_slice().expect("row by row")));
        let (columns, biases) = (theta.ncols(), model.biases(index));
        let [d_to, penalty_to, gradient_to, update_to] = to.map(|to| {
            fast::fit(to, theta.dim());
            to.as_slice_mut().expect("row by row")
        });
        let (theta, sum) = (theta.as_slice().expect("row by row"), sum.as_slice().expect("row by row"));
        for row in (0..theta.len()).step_by(columns) {
            // The bias has no penalty.
            for (range, strength) in [(row..row + biases, T::zero()), (row + biases..row + columns, strength)] {
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

    /// The length of what the optimiser sees of all Θ, as one vector.
    fn length(&self, model: &M, rule: &PassRule<'_, T>) -> f64 {
        let samples = T::of(self.rows.len() as f64);
        let of_one = |(index, (theta, sum)): (usize, (&Array2<T>, &Array2<T>))| -> f64 {
            let d = sum.mapv(|sum| sum / samples);
            let seen = match rule.config.optimizer.goes_by_data() {
                true => d,
                false => d + rule.regularisation.gradient_beyond(model.biases(index), theta),
            };
            seen.iter().map(|slope| slope.f64().powi(2)).sum()
        };
        model.parameters().iter().zip(M::sums(&self.workspace)).enumerate().map(of_one).sum::<f64>().sqrt()
    }
}

/// The first Θ, counted from 0, of which a mean square is too large to be a number.
fn infinite_square<T: Real>(memory: &[Memory<T>]) -> Option<usize> {
    memory.iter().position(|memory| memory.s.as_ref().is_some_and(|s| s.iter().any(|s| s.is_infinite())))
}

/// The cost of a batch of so many samples after the model's pass over it (1.2.5).
pub(in crate::train) fn write_cost<T: Real, M: Model<T>>(
    model: &M,
    (workspace, samples): (&M::Workspace, usize),
    rule: &Regularisation,
    to: &mut Cost,
) {
    to.data = M::costs(workspace).map(|cost| cost.f64()).sum::<f64>() / samples as f64; // 1.2.2
    to.reg.clear();
    to.reg.extend(penalties(model, rule));
}

/// Each Θ's part of the regularisation term (1.2.3, 1.2.4).
pub(super) fn penalties<T: Real, M: Model<T>>(model: &M, rule: &Regularisation) -> impl Iterator<Item = f64> {
    let theta = model.parameters().iter().enumerate();
    theta.map(|(index, theta)| rule.cost_beyond(model.biases(index), theta))
}

/// Makes updates, each thread some rows of every one; whether all of the next Θ is finite.
fn update<'a, T: Real>(
    changes: impl Iterator<Item = fast::ThetaUpdate<'a, T>>,
    by: fast::UpdateRule<'_>,
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
