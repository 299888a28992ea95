//! The next update of a recurrent network, whole: everything that is computed on one batch at one Θ.

use ndarray::Array2;

use super::Plan;
use crate::data::sequences::Sequences;
use crate::nn::recurrent::{Recurrent, Through, Unrolled};
use crate::nn::subnormal::flushed;
use crate::nn::{Memory, Optimizer, Rates, Real, Regularisation, Slopes, fast};
use crate::train::snapshot::Cost;

/// Its memory serves one after the other.
pub(super) struct Update<T> {
    /// The sequences of the batch.
    pub(super) rows: Vec<usize>,
    x: Array2<T>,
    pub(super) y: Array2<T>,
    pub(super) forward: Unrolled<T>,
    pub(super) through: Through<T>,
    /// What the gradient is multiplied by before the optimiser sees it.
    pub(super) cut: f64,
    /// Θ after the update.
    pub(super) theta: [Array2<T>; 3],
    pub(super) memory: [Memory<T>; 3],
    pub(super) cost: Cost,
    pub(super) not_finite: Option<String>,
}

/// What an update is made by, beside the network.
pub(super) struct Rule<'a, T> {
    pub(super) regularisation: &'a Regularisation,
    pub(super) plan: &'a Plan,
    pub(super) memory: &'a [Memory<T>; 3],
    pub(super) rates: Rates,
}

/// One Θ's D, penalty, gradient and update.
pub(super) struct Told<T> {
    pub(super) d: Array2<T>,
    pub(super) penalty: Array2<T>,
    pub(super) gradient: Array2<T>,
    pub(super) update: Array2<T>,
}

impl<T: Real> Default for Update<T> {
    fn default() -> Self {
        let [x, y] = [(); 2].map(|()| Array2::zeros((0, 0)));
        Self {
            rows: Vec::new(),
            x,
            y,
            forward: Unrolled::default(),
            through: Through::default(),
            cut: 1.0,
            theta: [(); 3].map(|()| Array2::zeros((0, 0))),
            memory: [(); 3].map(|()| Memory { v: None, s: None }),
            cost: Cost::default(),
            not_finite: None,
        }
    }
}

/// The columns of biases of Θ^x, Θ^h and Θ^o.
pub(super) fn biases<T: Real>(network: &Recurrent<T>) -> [usize; 3] {
    [1, usize::from(network.cell.has_second_bias()), 1]
}

/// The penalty's part of J of each Θ.
pub(super) fn reg<T: Real>(network: &Recurrent<T>, rule: &Regularisation) -> [f64; 3] {
    let [x, h, o] = biases(network).map(|biases| move |theta: &Array2<T>| rule.cost_beyond(biases, theta));
    [x(&network.theta[0]), h(&network.theta[1]), o(&network.theta[2])]
}

impl<T: Real> Update<T> {
    /// Makes the update of the sequences in `rows`; in all of it subnormal numbers count as 0.
    pub(super) fn make(&mut self, network: &Recurrent<T>, rule: &Rule<'_, T>, sequences: &Sequences) {
        flushed(|| self.compute(network, rule, sequences));
    }

    fn compute(&mut self, network: &Recurrent<T>, rule: &Rule<'_, T>, sequences: &Sequences) {
        let count = self.rows.len();
        sequences.fill(&self.rows, (&mut self.x, &mut self.y));
        network.forward(self.x.view(), &network.blank(count), &mut self.forward);
        network.backward(&self.forward, self.y.view(), rule.plan.truncate, &mut self.through);
        self.cost.data = self.through.cost.iter().map(|cost| cost.f64()).sum::<f64>() / count as f64; // 1.2.2
        self.cost.reg.clear();
        self.cost.reg.extend(reg(network, rule.regularisation));
        let config = &rule.plan.config;
        self.cut = config.clip.map_or(1.0, |longest| (longest / self.length(network, rule)).min(1.0));
        let by = fast::Rule {
            optimizer: config.optimizer,
            rates: rule.rates,
            regularisation: rule.regularisation,
            cut: self.cut,
            samples: count,
        };
        let mut finite = true;
        for (index, biases) in biases(network).into_iter().enumerate() {
            let before = (&network.theta[index], &self.through.sum[index], &rule.memory[index]);
            let change = fast::Change::of(before, (&mut self.theta[index], &mut self.memory[index]));
            let change = if biases == 0 { change.without_bias() } else { change };
            finite &= change.make(by);
        }
        self.not_finite = match finite {
            _ if !self.cost.total().is_finite() => Some("J".into()),
            true => None,
            // An update that is not finite leads to such a Θ, too; s may be larger than any number before that.
            false => Some("Θ, or s, after the update".into()),
        };
    }

    /// D, the penalty's gradient, ∂J/∂Θ and the update of one Θ, which only a look needs; in `flushed` work they are the update's own.
    pub(super) fn tell(&self, network: &Recurrent<T>, rule: &Rule<'_, T>, index: usize) -> Told<T> {
        let (samples, cut) = (T::of(self.rows.len() as f64), T::of(self.cut));
        let d = self.through.sum[index].mapv(|sum| sum / samples); // 3.1.2
        let penalty = rule.regularisation.gradient_beyond(biases(network)[index], &network.theta[index]); // 2.6.1
        let gradient = &d + &penalty; // 3.1.3
        let (d_cut, gradient_cut) = (d.mapv(|d| d * cut), gradient.mapv(|gradient| gradient * cut));
        let slopes = Slopes { d: &d_cut, penalty: &penalty, gradient: &gradient_cut };
        let (update, _) = rule.plan.config.optimizer.update(slopes, &rule.memory[index], &rule.rates);
        Told { d, penalty, gradient, update }
    }

    /// The length of what the optimiser sees of all of Θ, as one vector.
    fn length(&self, network: &Recurrent<T>, rule: &Rule<'_, T>) -> f64 {
        let samples = T::of(self.rows.len() as f64);
        let of_one = |(index, biases): (usize, usize)| -> f64 {
            let d = self.through.sum[index].mapv(|sum| sum / samples);
            let seen = match rule.plan.config.optimizer {
                Optimizer::AdamW => d,
                _ => d + rule.regularisation.gradient_beyond(biases, &network.theta[index]),
            };
            seen.iter().map(|slope| slope.f64().powi(2)).sum()
        };
        biases(network).into_iter().enumerate().map(of_one).sum::<f64>().sqrt()
    }
}
