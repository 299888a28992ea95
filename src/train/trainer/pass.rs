//! One pass: everything that is computed on one batch at one Θ, up to the update that it leads to.

use ndarray::{Array1, Array2, Axis};

use super::{Samples, mean};
use crate::nn::dropout;
use crate::nn::{Backprop, Forward, Memory, Network, Optimizer, Rates, Real, Regularisation, Slopes};
use crate::train::config::Config;
use crate::train::snapshot::Cost;

/// The next update, whole: everything that is computed on one batch at one Θ.
pub(super) struct Pass<T> {
    pub(super) rows: Vec<usize>,
    pub(super) forward: Forward<T>,
    pub(super) sample_cost: Array1<T>,
    pub(super) backprop: Backprop<T>,
    pub(super) penalty: Vec<Array2<T>>,
    pub(super) gradient: Vec<Array2<T>>,
    pub(super) update: Vec<Array2<T>>,
    /// What the gradient was multiplied by before the optimiser saw it: less than 1 where it was too long.
    pub(super) cut: f64,
    /// What the optimiser remembers after it.
    pub(super) memory: Vec<Memory<T>>,
    pub(super) cost: Cost,
}

/// What a pass is made by, beside the network.
pub(super) struct Rule<'a, T> {
    pub(super) regularisation: &'a Regularisation,
    pub(super) config: &'a Config,
    pub(super) memory: &'a [Memory<T>],
    pub(super) rates: Rates,
}

impl<T: Real> Pass<T> {
    pub(super) fn make(network: &Network<T>, rule: Rule<'_, T>, (samples, rows): (&Samples<T>, Vec<usize>)) -> Self {
        let Rule { regularisation, config, memory, rates } = rule;
        let (x, y) = (samples.x.select(Axis(0), &rows), samples.y.select(Axis(0), &rows));
        let sizes = network.sizes();
        let hidden = &sizes[1..sizes.len() - 1];
        let mask = dropout::masks(config.dropout, hidden, rows.len(), (config.seed, rates.k - 1));
        let forward = network.forward_with(x.view(), mask);
        let sample_cost = network.cost(&forward, y.view());
        let backprop = network.backward(&forward, y.view());
        let penalty: Vec<_> = network.theta.iter().map(|theta| regularisation.gradient(theta)).collect();
        let gradient: Vec<_> = backprop.d.iter().zip(&penalty).map(|(d, penalty)| d + penalty).collect(); // 3.1.3
        let seen = if config.optimizer == Optimizer::AdamW { &backprop.d } else { &gradient };
        let cut = config.clip.map_or(1.0, |longest| (longest / length(seen)).min(1.0));
        let step = |(index, memory): (usize, &Memory<T>)| {
            let slopes = Slopes { d: &backprop.d[index], penalty: &penalty[index], gradient: &gradient[index] };
            if cut == 1.0 {
                return config.optimizer.update(slopes, memory, &rates);
            }
            let (d, gradient) = (slopes.d * T::of(cut), slopes.gradient * T::of(cut));
            config.optimizer.update(Slopes { d: &d, gradient: &gradient, ..slopes }, memory, &rates)
        };
        let (update, memory) = memory.iter().enumerate().map(step).unzip();
        let cost = Cost {
            data: mean(sample_cost.iter().map(|cost| cost.f64())), // 1.2.2
            reg: network.theta.iter().map(|theta| regularisation.cost(theta)).collect(),
        };
        Self { rows, forward, sample_cost, backprop, penalty, gradient, update, cut, memory, cost }
    }

    /// The first thing that is not finite, if any.
    pub(super) fn not_finite(&self) -> Option<String> {
        if !self.cost.total().is_finite() {
            return Some("J".into());
        }
        let bad = self.update.iter().position(|update| !update.iter().all(|entry| entry.is_finite()))?;
        Some(format!("the update of Θ^({})", bad + 1))
    }
}

/// The length of all layers' gradients as one vector.
fn length<T: Real>(gradient: &[Array2<T>]) -> f64 {
    gradient.iter().flatten().map(|slope| slope.f64().powi(2)).sum::<f64>().sqrt()
}
