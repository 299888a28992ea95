//! The tensors of a dense network's pass: those of the first samples of the batch, and the measures of each layer over all of it.

use ndarray::{Array2, ArrayView1};

use crate::nn::fast::DensePass;
use crate::nn::model::Batch;
use crate::nn::tensor::{Axes, DELTA_NORM, SATURATED, SPREAD, Tensors};
use crate::nn::{Activation, Forward, Network, Real};

/// z^(2) … z^(L), each B × S_l.
pub const Z: &str = "z";
/// a^(1) … a^(L), each B × S_l; the first is x, the last is h.
pub const A: &str = "a";
/// With dropout r^(2) … r^(L−1), each B × S_l.
pub const MASK: &str = "r";
/// δ^(2) … δ^(L), each B × S_l.
pub const DELTA: &str = "δ";
/// ∂J^(b)/∂a^(2) … ∂J^(b)/∂a^(L−1), each B × S_l (2.3.3).
pub const GRAD_A: &str = "∂J/∂a";
/// The targets, B × K.
pub const Y: &str = "y";
/// J^(b), B × 1 (1.2.1).
pub const COST: &str = "J";
/// The mean of |δ_j| over the whole batch, 1 × S_l, l = 2 … L.
pub const MEAN_DELTA: &str = "mean |δ|";

/// The arrays of a layer each, of one part of the batch.
type LayerArrays<'a, T> = &'a dyn Fn(&'a DensePass<T>) -> &'a [Array2<T>];

/// Writes the tensors of a pass over a batch, of the first `carried` samples.
pub(super) fn write<T: Real>(
    network: &Network<T>,
    (batch, carried): (Batch<'_, T>, usize),
    parts: &[DensePass<T>],
    to: &mut Tensors,
) {
    let axes = Axes { first_step: 1, steps: 1, samples: Some(carried), gates: &[] };
    for (symbol, from, layer) in [(A, batch.x, 1), (Y, batch.y, 0)] {
        let to = to.put(symbol, layer, axes, from.ncols());
        to.rows_mut().into_iter().zip(from.rows()).for_each(|(to, from)| copy_row(to, from));
    }
    let layers: [(&str, LayerArrays<'_, T>, usize); 5] = [
        (Z, &|part| &part.numbers().0.z, 2),
        (A, &|part| &part.numbers().0.a, 1),
        (MASK, &|part| &part.numbers().0.mask, 2),
        (DELTA, &|part| &part.numbers().1.delta, 2),
        (GRAD_A, &|part| &part.numbers().1.grad_a, 2),
    ];
    for (symbol, of, first) in layers {
        // x is read where it is.
        for (index, layer) in of(&parts[0]).iter().enumerate().skip(usize::from(symbol == A)) {
            let to = to.put(symbol, first + index, axes, layer.ncols());
            let from = parts.iter().flat_map(|part| of(part)[index].rows());
            to.rows_mut().into_iter().zip(from).for_each(|(to, from)| copy_row(to, from));
        }
    }
    let costs = parts.iter().flat_map(|part| part.sample_cost());
    to.put(COST, 0, axes, 1).iter_mut().zip(costs).for_each(|(to, cost)| *to = cost.f64());
    measure(network, parts, to);
}

fn copy_row<T: Real>(mut to: ndarray::ArrayViewMut1<f64>, from: ArrayView1<T>) {
    to.zip_mut_with(&from, |to, &from| *to = from.f64());
}

/// Writes the measures of each layer of units over the whole batch.
fn measure<T: Real>(network: &Network<T>, parts: &[DensePass<T>], to: &mut Tensors) {
    let axes = Axes { first_step: 1, steps: 1, samples: None, gates: &[] };
    for (index, theta) in network.theta.iter().enumerate() {
        let (l, delta) = (index + 2, || parts.iter().map(|part| &part.numbers().1.delta[index]));
        mean_magnitudes(delta(), to.put(MEAN_DELTA, l, axes, theta.nrows()));
        to.put(DELTA_NORM, index + 1, axes, 1)[[0, 0]] = mean_norm(delta());
        let (mean, deviation, saturated) = spread(network.hidden.get(index), parts, index);
        to.put(SPREAD, l, axes, 2).iter_mut().zip([mean, deviation]).for_each(|(to, from)| *to = from);
        if let Some(share) = saturated {
            to.put(SATURATED, l, axes, 1)[[0, 0]] = share;
        }
    }
}

/// How the activations of one layer lie over a batch: mean, standard deviation and the share that is saturated; g is that of a hidden
/// layer.
fn spread<T: Real>(g: Option<&Activation>, parts: &[DensePass<T>], index: usize) -> (f64, f64, Option<f64>) {
    let a = || parts.iter().flat_map(|part| &part.numbers().0.a[index + 1]);
    let count = parts.iter().map(|part| part.numbers().0.a[index + 1].len()).sum::<usize>() as f64;
    let mean = a().map(|a| a.f64()).sum::<f64>() / count;
    let variance = a().map(|a| (a.f64() - mean).powi(2)).sum::<f64>() / count;
    // Output units are meant to come near the ends: their targets lie there.
    let share = |g: &Activation| {
        g.is_saturated(T::zero())?;
        let near = |part: &DensePass<T>| {
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
    (mean, variance.sqrt(), g.and_then(share))
}

/// The mean of |δ_j| of every unit over the rows of all parts.
fn mean_magnitudes<'a, T: Real>(parts: impl Iterator<Item = &'a Array2<T>>, means: &mut Array2<f64>) {
    means.fill(0.0);
    let (mut means, mut count) = (means.row_mut(0), 0);
    for part in parts {
        count += part.nrows();
        part.rows().into_iter().for_each(|row| means.zip_mut_with(&row, |sum, entry| *sum += entry.f64().abs()));
    }
    means /= count as f64;
}

/// The mean of ‖δ‖ over the rows of all parts.
fn mean_norm<'a, T: Real>(parts: impl Iterator<Item = &'a Array2<T>>) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for row in parts.flat_map(|part| part.rows()) {
        sum += row.iter().map(|entry| entry.f64().powi(2)).sum::<f64>().sqrt();
        count += 1;
    }
    sum / f64::from(count)
}
