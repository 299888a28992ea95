//! What is measured of a pass, and of a whole part of the data.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::Samples;
use crate::nn::network::{answer, is_right};
use crate::nn::{Activation, Forward, Network, Real};
use crate::train::history::Measure;
use crate::train::snapshot::{Activations, Answers};

/// Rows that a pass over a whole part takes at a time, so that its memory does not grow with the data.
const CHUNK: usize = 1_024;

/// Measures a whole part, sample by sample and in sum; `see` sees each piece of the pass.
pub(super) fn measure<T: Real>(
    network: &Network<T>,
    samples: &Samples<T>,
    mut see: impl FnMut(&Forward<T>),
) -> (Measure, Answers) {
    let mut costs = Vec::with_capacity(samples.x.nrows());
    let mut answers = Vec::with_capacity(samples.x.nrows());
    let mut right = 0_usize;
    for (x, y) in samples.x.axis_chunks_iter(Axis(0), CHUNK).zip(samples.y.axis_chunks_iter(Axis(0), CHUNK)) {
        let forward = network.forward(x);
        costs.extend(network.cost(&forward, y).iter().map(|cost| cost.f64()));
        answers.extend(forward.h().rows().into_iter().map(answer));
        right += count_right(forward.h(), y);
        see(&forward);
    }
    let measure = Measure { accuracy: right as f64 / costs.len() as f64, data: mean(costs.iter().copied()) };
    (measure, Answers { answer: answers, cost: costs })
}

/// Which units of each hidden layer were not 0 for some sample; absent where units can't die. A NaN is alive.
pub(super) struct Alive(Vec<Option<Vec<bool>>>);

impl Alive {
    pub(super) fn of<T>(network: &Network<T>) -> Self {
        let units = network.hidden.iter().zip(&network.theta);
        Self(units.map(|(g, theta)| g.can_die().then(|| vec![false; theta.nrows()])).collect())
    }

    pub(super) fn see<T: Real>(&mut self, forward: &Forward<T>) {
        for (alive, a) in self.0.iter_mut().zip(forward.a.iter().skip(1)) {
            for (alive, unit) in alive.iter_mut().flatten().zip(a.columns()) {
                *alive = *alive || unit.iter().any(|&a| a != T::zero());
            }
        }
    }

    /// How many were 0 for all samples that were seen.
    pub(super) fn dead(&self) -> Vec<Option<usize>> {
        let count = |alive: &Vec<bool>| alive.iter().filter(|&&alive| !alive).count();
        self.0.iter().map(|alive| alive.as_ref().map(count)).collect()
    }
}

/// How the activations of layers 2 … L lie over a batch.
pub(super) fn activations<T: Real>(network: &Network<T>, forward: &Forward<T>) -> Vec<Activations> {
    let of_layer = |(index, a): (usize, &Array2<T>)| {
        let mean = mean(a.iter().map(|a| a.f64()));
        let deviation = self::mean(a.iter().map(|a| (a.f64() - mean).powi(2))).sqrt();
        // Output units are meant to come near the ends: their targets lie there.
        let hidden = network.hidden.get(index);
        let share = |g: &Activation| {
            let near: Option<Vec<bool>> = a.iter().map(|&a| g.is_saturated(a)).collect();
            near.map(|near| near.iter().filter(|&&near| near).count() as f64 / near.len() as f64)
        };
        let saturated = hidden.and_then(share);
        Activations { mean, deviation, saturated }
    };
    forward.a.iter().skip(1).enumerate().map(of_layer).collect()
}

pub(super) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

pub(super) fn mean_magnitudes<T: Real>(delta: &Array2<T>) -> Array1<f64> {
    delta.columns().into_iter().map(|unit| mean(unit.iter().map(|entry| entry.f64().abs()))).collect()
}

pub(super) fn mean_norm<T: Real>(delta: &Array2<T>) -> f64 {
    mean(delta.rows().into_iter().map(|row| row.iter().map(|entry| entry.f64().powi(2)).sum::<f64>().sqrt()))
}

fn count_right<T: Real>(h: &Array2<T>, y: ArrayView2<T>) -> usize {
    h.rows().into_iter().zip(y.rows()).filter(|&(h, y)| is_right(h, y)).count()
}
