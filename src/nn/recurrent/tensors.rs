//! The tensors of a recurrent network's pass: those of the first sequences of the batch, and how the gradient fares over all of it.

use ndarray::{Array2, ArrayView2, s};

use super::{BpttBackward, BpttForward, Cell, OutputSteps, Recurrent};
use crate::nn::tensor::{Axes, DELTA_NORM, SATURATED, SPREAD, Tensors};
use crate::nn::{Activation, Real};

/// x_1 … x_T.
pub const X: &str = "x";
/// The weighted input of the gates; of a GRU the part that is Θ^x [1; x_t].
pub const Z: &str = "z";
/// Θ^h [1; h_{t−1}] of a GRU.
pub const FROM_STATE: &str = "Θ^h [1; h]";
/// The gates after their activation; g'(z) of a plain cell.
pub const GATE: &str = "gate";
/// h_0 … h_T.
pub const H: &str = "h";
/// c_0 … c_T of an LSTM.
pub const C: &str = "c";
/// tanh c_1 … tanh c_T of an LSTM.
pub const TANH_C: &str = "tanh c";
/// The output layer's weighted input at the steps that are read.
pub const Z_O: &str = "z^o";
/// The outputs there.
pub const O: &str = "o";
/// The targets there.
pub const Y: &str = "y";
/// J_t^(b) there, one column.
pub const COST: &str = "J";
/// δ^o there.
pub const DELTA_O: &str = "δ^o";
/// ∂J^(b)/∂h_0 … ∂J^(b)/∂h_T.
pub const GRAD_H: &str = "∂J/∂h";
/// The part of it that came from the step after.
pub const GRAD_H_NEXT: &str = "∂J/∂h from t+1";
/// ∂J^(b)/∂c_0 … ∂J^(b)/∂c_T of an LSTM.
pub const GRAD_C: &str = "∂J/∂c";
/// δ_t of the gates: what is multiplied by [1; x_t] in ΣΔ^x.
pub const DELTA: &str = "δ";
/// What is multiplied by [1; h_{t−1}] in ΣΔ^h of a GRU.
pub const DELTA_H: &str = "δ^h";
/// The mean of ‖∂J^(b)/∂h_t‖ over the whole batch, one column.
pub const NORM: &str = "mean ‖∂J/∂h‖";
/// log10 of the factor that the gradient's length over the whole batch is multiplied by on its way from h_t to h_{t−1}, one column;
/// NaN at the first step, where the gradient is cut off, and where it is 0.
pub const GAIN: &str = "log10 gain";

/// Writes the tensors of a pass over a batch, of the first `carried` sequences.
pub(super) fn write<T: Real>(
    network: &Recurrent<T>,
    (y, carried): (ArrayView2<'_, T>, usize),
    (forward, backward, truncate): (&BpttForward<T>, &BpttBackward<T>, Option<usize>),
    to: &mut Tensors,
) {
    let (samples, steps) = (forward.samples, forward.steps());
    let first_read = match network.reads {
        OutputSteps::All => 1,
        OutputSteps::Last => steps,
    };
    let gates = if network.cell.has_gates() { network.cell.gates() } else { &[] };
    let cost = backward.cost.view().insert_axis(ndarray::Axis(1));
    let none: &[&str] = &[];
    let arrays = [
        (X, forward.x.view(), 1, none),
        (Z, forward.z.view(), 1, gates),
        (FROM_STATE, forward.recurrent.view(), 1, gates),
        (GATE, forward.gate.view(), 1, gates),
        (H, forward.h.view(), 0, none),
        (C, forward.c.view(), 0, none),
        (TANH_C, forward.tanh_c.view(), 1, none),
        (Z_O, forward.z_o.view(), first_read, none),
        (O, backward.o.view(), first_read, none),
        (Y, y, first_read, none),
        (COST, cost, first_read, none),
        (DELTA_O, backward.delta_o.view(), first_read, none),
        (GRAD_H, backward.grad_h.view(), 0, none),
        (GRAD_H_NEXT, backward.grad_h_next.view(), 0, none),
        (GRAD_C, backward.grad_c.view(), 0, none),
        (DELTA, backward.delta.view(), 1, gates),
        (DELTA_H, backward.delta_h.view(), 1, gates),
    ];
    for (symbol, from, first_step, gates) in arrays.into_iter().filter(|(_, from, ..)| !from.is_empty()) {
        let axes = Axes { first_step, steps: from.nrows() / samples, samples: Some(carried), gates };
        let to = to.put(symbol, 0, axes, from.ncols());
        for (at, mut to) in to.rows_mut().into_iter().enumerate() {
            let from = from.row(at / carried * samples + at % carried);
            to.zip_mut_with(&from, |to, &from| *to = from.f64());
        }
    }
    let axes = Axes { first_step: 1, steps, samples: None, gates: none };
    let norms = to.put(NORM, 0, axes, 1);
    (1..=steps).for_each(|t| norms[[t - 1, 0]] = lengths(&backward.grad_h, (samples, t)).0 / samples as f64);
    let gains = to.put(GAIN, 0, axes, 1);
    for t in 1..=steps {
        let cut = t == 1 || truncate.is_some_and(|length| (t - 1) % length == 0);
        let (here, arrived) =
            (lengths(&backward.grad_h, (samples, t)).1, lengths(&backward.grad_h_next, (samples, t - 1)).1);
        let gain = 0.5 * (arrived / here).log10();
        gains[[t - 1, 0]] = if !cut && gain.is_finite() { gain } else { f64::NAN };
    }
    measure(network, forward, backward, to);
}

/// Writes the measures of what each Θ leads to, over the whole batch and all steps.
fn measure<T: Real>(network: &Recurrent<T>, forward: &BpttForward<T>, backward: &BpttBackward<T>, to: &mut Tensors) {
    let axes = Axes { first_step: 1, steps: 1, samples: None, gates: &[] };
    let delta_h = if backward.delta_h.is_empty() { &backward.delta } else { &backward.delta_h };
    for (l, delta) in (1..).zip([&backward.delta, delta_h, &backward.delta_o]) {
        let norms = delta.rows().into_iter().map(|row| row.iter().map(|entry| entry.f64().powi(2)).sum::<f64>().sqrt());
        to.put(DELTA_NORM, l, axes, 1)[[0, 0]] = norms.sum::<f64>() / delta.nrows() as f64;
    }
    // The state before the first step is none that the weights lead to.
    let states = forward.h.slice(s![forward.samples.., ..]);
    for (l, a) in (2..).zip([states, backward.o.view()]) {
        let (count, values) = (a.len() as f64, || a.iter().map(|a| a.f64()));
        let mean = values().sum::<f64>() / count;
        let variance = values().map(|a| (a - mean).powi(2)).sum::<f64>() / count;
        to.put(SPREAD, l, axes, 2).iter_mut().zip([mean, variance.sqrt()]).for_each(|(to, from)| *to = from);
    }
    if let Some(share) = saturated(network.cell, states, &forward.gate) {
        to.put(SATURATED, 2, axes, 1)[[0, 0]] = share;
    }
}

/// The share of h, or of the gates where there are some, that are near the ends of their activation, where it has ends.
fn saturated<T: Real>(cell: Cell, states: ArrayView2<'_, T>, gates: &Array2<T>) -> Option<f64> {
    if let Some(g) = cell.activation() {
        g.is_saturated(T::zero())?;
        let near = states.iter().filter(|&&h| g.is_saturated(h) == Some(true)).count();
        return Some(near as f64 / states.len() as f64);
    }
    // The last of the gates is the candidate g^n, which is a tanh; the others are sigmoids.
    let sigmoids = gates.ncols() / cell.gates().len() * (cell.gates().len() - 1);
    let of = |column: usize| if column < sigmoids { Activation::Sigmoid } else { Activation::Tanh };
    let near = gates.indexed_iter().filter(|&((_, column), &gate)| of(column).is_saturated(gate) == Some(true)).count();
    Some(near as f64 / gates.len() as f64)
}

/// At a step of an array that begins with step 0: the sum of the lengths of its rows, and the sum of the squares of all numbers.
fn lengths<T: Real>(array: &Array2<T>, (samples, t): (usize, usize)) -> (f64, f64) {
    let rows = array.slice(s![t * samples..(t + 1) * samples, ..]);
    let squares = rows.rows().into_iter().map(|row| row.iter().map(|entry| entry.f64().powi(2)).sum::<f64>());
    squares.fold((0.0, 0.0), |(lengths, all), square| (lengths + square.sqrt(), all + square))
}
