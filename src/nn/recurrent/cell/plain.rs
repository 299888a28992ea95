//! A step of a plain cell: h_t = g(z_t), and δ from what comes back.

use super::rows::{rows, rows_mut, two_steps};
use crate::nn::fast::activate;
use crate::nn::recurrent::bptt::{BpttBackward, BpttForward};
use crate::nn::{Activation, Real};

/// h_t of a plain cell, and g'(z_t) in the place of its gate.
pub(super) fn step<T: Real>(g: Activation, to: &mut BpttForward<T>, step: usize) {
    let samples = to.samples;
    let (_, h) = two_steps(&mut to.h, step, samples);
    activate::all(g, rows(&to.z, step, samples), (h, rows_mut(&mut to.gate, step, samples)));
}

/// δ_t of a plain cell.
pub(super) fn step_back<T: Real>(forward: &BpttForward<T>, to: &mut BpttBackward<T>, step: usize) {
    let samples = forward.samples;
    let (grad_h, slope) = (rows(&to.grad_h, step + 1, samples), rows(&forward.gate, step, samples));
    let delta = rows_mut(&mut to.delta, step, samples);
    for ((&grad_h, &slope), delta) in grad_h.iter().zip(slope).zip(delta) {
        *delta = grad_h * slope;
    }
}
