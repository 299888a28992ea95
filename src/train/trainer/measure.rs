//! What is measured of a pass, and of a whole part of the data.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::Samples;
use crate::data::{Prepared, Scaling, Task};
use crate::nn::{Activation, Forward, Network, Real};
use crate::train::history::{Fit, Measure};
use crate::train::snapshot::{Activations, Answers};

/// Rows that a pass over a whole part takes at a time, so that its memory does not grow with the data.
const CHUNK: usize = 1_024;

/// Measures a whole part, sample by sample and in sum; `see` sees each piece of the pass.
pub(super) fn measure<T: Real>(
    network: &Network<T>,
    (samples, data): (&Samples<T>, &Prepared),
    mut see: impl FnMut(&Forward<T>),
) -> (Measure, Answers) {
    let task = data.dataset.targets.task();
    let (m, units) = samples.y.dim();
    let mut costs = Vec::with_capacity(m);
    let mut answer = Vec::with_capacity(if task.has_classes() { m } else { 0 });
    let mut h = Vec::with_capacity(if task.has_classes() { 0 } else { m * units });
    let mut right = 0_usize;
    for (x, y) in samples.x.axis_chunks_iter(Axis(0), CHUNK).zip(samples.y.axis_chunks_iter(Axis(0), CHUNK)) {
        let forward = network.forward(x);
        costs.extend(network.cost(&forward, y).iter().map(|cost| cost.f64()));
        for (outputs, y) in forward.h().rows().into_iter().zip(y.rows()) {
            right += usize::from(task.is_right(outputs, y) == Some(true));
            match task.answer(outputs) {
                Some(class) => answer.push(class),
                None => h.extend(outputs.iter().enumerate().map(|(k, h)| data.target_scaling.unscaled(h.f64(), k))),
            }
        }
        see(&forward);
    }
    let h = Array2::from_shape_vec((h.len() / units.max(1), units), h).expect("a row a sample");
    let fit = match task {
        Task::Regression => numbers(&h, samples.y.view(), &data.target_scaling),
        Task::Classes | Task::Binary | Task::Labels => Fit::Accuracy(right as f64 / costs.len() as f64),
    };
    let measure = Measure { fit, data: mean(costs.iter().copied()) };
    (measure, Answers { answer, h, cost: costs })
}

/// R² and RMSE of h, in the targets' own unit, against scaled targets; the means over the outputs.
fn numbers<T: Real>(h: &Array2<f64>, y: ArrayView2<T>, scaling: &Scaling) -> Fit {
    let of_output = |(k, (h, y)): (usize, (ArrayView1<f64>, ArrayView1<T>))| {
        let y: Vec<f64> = y.iter().map(|y| scaling.unscaled(y.f64(), k)).collect();
        let middle = mean(y.iter().copied());
        let about: f64 = y.iter().map(|y| (y - middle).powi(2)).sum();
        let off: f64 = h.iter().zip(&y).map(|(h, y)| (h - y).powi(2)).sum();
        ((about > 0.0).then(|| 1.0 - off / about), (off / y.len() as f64).sqrt())
    };
    let outputs = h.columns().into_iter().zip(y.columns()).enumerate().map(of_output);
    let (r2, rmse): (Vec<Option<f64>>, Vec<f64>) = outputs.unzip();
    let r2: Option<Vec<f64>> = r2.into_iter().collect();
    Fit::Numbers { r2: r2.map(|r2| mean(r2.into_iter())), rmse: mean(rmse.into_iter()) }
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
            // A unit that is left out is not saturated by that.
            let near: Option<Vec<bool>> = match forward.mask.get(index) {
                Some(_) => forward.z[index].iter().map(|&z| g.is_saturated(g.g(z))).collect(),
                None => a.iter().map(|&a| g.is_saturated(a)).collect(),
            };
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
