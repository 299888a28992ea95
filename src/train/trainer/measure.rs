//! What is measured of a pass, and of a whole part of the data.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::Samples;
use crate::data::{Prepared, Scaling, Task};
use crate::nn::{Activation, Forward, Network, Real, fast};
use crate::train::history::{Epoch, Fit, Measure};
use crate::train::snapshot::{Activations, Answers};
use crate::train::team::Team;

/// Rows that a pass over a whole part takes at a time: its numbers stay in a processor's cache, and its memory does not grow
/// with the data.
const CHUNK: usize = 256;

/// What both parts as a whole were measured by.
pub(super) struct Measured {
    pub(super) epoch: Epoch,
    /// Units of each hidden layer that were 0 for the whole training part, where units can die.
    pub(super) dead: Vec<Option<usize>>,
    /// What the network said of each sample of the training part, and of the held-out one.
    pub(super) answers: (Answers, Option<Answers>),
}

/// Measures a whole part, sample by sample and in sum, in the memory of a pass for each thread; `see` sees each piece of it.
pub(super) fn measure<T: Real>(
    network: &Network<T>,
    (samples, data): (&Samples<T>, &Prepared),
    (team, passes): (&mut Team, &mut Vec<fast::Pass<T>>),
    mut see: impl FnMut(&Forward<T>),
) -> (Measure, Answers) {
    let task = data.dataset.targets.task();
    let (m, units) = samples.y.dim();
    let mut costs = Vec::with_capacity(m);
    let mut answer = Vec::with_capacity(if task.has_classes() { m } else { 0 });
    let mut h = Vec::with_capacity(if task.has_classes() { 0 } else { m * units });
    let mut right = 0_usize;
    let mut pieces = samples.x.axis_chunks_iter(Axis(0), CHUNK).zip(samples.y.axis_chunks_iter(Axis(0), CHUNK));
    let weights: usize = network.theta.iter().map(Array2::len).sum();
    passes.resize_with(team.parts(pieces.len(), 2 * CHUNK * weights), fast::Pass::default);
    loop {
        let together: Vec<_> = pieces.by_ref().take(passes.len()).collect();
        if together.is_empty() {
            break;
        }
        let jobs = passes.iter_mut().zip(&together);
        team.share(jobs.map(|(pass, &piece)| move || pass.answer(network, piece)));
        for (pass, (_, y)) in passes.iter().zip(&together) {
            let forward = pass.numbers().0;
            costs.extend(pass.sample_cost().iter().map(|cost| cost.f64()));
            for (outputs, y) in forward.h().rows().into_iter().zip(y.rows()) {
                right += usize::from(task.is_right(outputs, y) == Some(true));
                match task.answer(outputs) {
                    Some(class) => answer.push(class),
                    None => h.extend(outputs.iter().enumerate().map(|(k, h)| data.target_scaling.unscaled(h.f64(), k))),
                }
            }
            see(forward);
        }
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
        let (of_y, of_both) = (unit(y.iter()), unit(y.iter().chain(h)));
        let middle = mean(y.iter().map(|y| y / of_y));
        let about: f64 = y.iter().map(|y| (y / of_y - middle).powi(2)).sum();
        let off: f64 = h.iter().zip(&y).map(|(h, y)| (h / of_both - y / of_both).powi(2)).sum();
        let r2 = (about > 0.0).then(|| 1.0 - off / about * (of_both / of_y).powi(2));
        (r2.filter(|r2| r2.is_finite()), of_both * (off / y.len() as f64).sqrt())
    };
    let outputs = h.columns().into_iter().zip(y.columns()).enumerate().map(of_output);
    let (r2, rmse): (Vec<Option<f64>>, Vec<f64>) = outputs.unzip();
    let r2: Option<Vec<f64>> = r2.into_iter().collect();
    Fit::Numbers { r2: r2.map(|r2| mean(r2.into_iter())), rmse: mean(rmse.into_iter()) }
}

/// What numbers are divided by before they are squared: 1, or the largest where squares would overflow or vanish.
fn unit<'a>(numbers: impl Iterator<Item = &'a f64>) -> f64 {
    let largest = numbers.fold(0.0_f64, |top, number| top.max(number.abs()));
    if largest == 0.0 || (1e-140..1e140).contains(&largest) { 1.0 } else { largest }
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

/// How the activations of one layer lie over a batch, from the parts that it was split in; g is that of a hidden layer.
pub(super) fn activations<T: Real>(g: Option<&Activation>, parts: &[fast::Pass<T>], index: usize) -> Activations {
    let a = || parts.iter().flat_map(|part| &part.numbers().0.a[index + 1]);
    let count = parts.iter().map(|part| part.numbers().0.a[index + 1].len()).sum::<usize>() as f64;
    let mean = a().map(|a| a.f64()).sum::<f64>() / count;
    let variance = a().map(|a| (a.f64() - mean).powi(2)).sum::<f64>() / count;
    // Output units are meant to come near the ends: their targets lie there.
    let share = |g: &Activation| {
        g.is_saturated(T::zero())?;
        let near = |part: &fast::Pass<T>| {
            let Forward { z, a, mask } = part.numbers().0;
            // A unit that is left out is not saturated by that.
            let near = |a: T| g.is_saturated(a) == Some(true);
            match mask.get(index) {
                Some(_) => z[index].iter().filter(|&&z| near(g.g(z))).count(),
                None => a[index + 1].iter().filter(|&&a| near(a)).count(),
            }
        };
        Some(parts.iter().map(near).sum::<usize>() as f64 / count)
    };
    Activations { mean, deviation: variance.sqrt(), saturated: g.and_then(share) }
}

pub(super) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// The mean of |δ_j| of every unit over the rows of all parts.
pub(super) fn mean_magnitudes<'a, T: Real>(parts: impl Iterator<Item = &'a Array2<T>>, means: &mut Array1<f64>) {
    let mut count = 0;
    for part in parts {
        if count == 0 {
            if means.len() != part.ncols() {
                *means = Array1::zeros(part.ncols());
            }
            means.fill(0.0);
        }
        count += part.nrows();
        part.rows().into_iter().for_each(|row| means.zip_mut_with(&row, |sum, entry| *sum += entry.f64().abs()));
    }
    *means /= count as f64;
}

/// The mean of ‖δ‖ over the rows of all parts.
pub(super) fn mean_norm<'a, T: Real>(parts: impl Iterator<Item = &'a Array2<T>>) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for row in parts.flat_map(|part| part.rows()) {
        sum += row.iter().map(|entry| entry.f64().powi(2)).sum::<f64>().sqrt();
        count += 1;
    }
    sum / f64::from(count)
}
