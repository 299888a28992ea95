//! A step of a long short-term memory: i, f, o and n from weighted inputs, s_t and h_t from them, and δ from what comes back.

use pulp::Arch;

use super::rows::{rows, rows_mut, sigmoid, slope, tanh_slope, two_steps};
use crate::nn::Real;
use crate::nn::fast::{flat_mut, lanes, pass};
use crate::nn::recurrent::bptt::{BpttBackward, BpttForward};

/// h_t and s_t of an LSTM and its gates i, f, o, n.
pub(super) fn step<T: Real>(to: &mut BpttForward<T>, step: usize, units: usize) {
    let samples = to.samples;
    let (_, h) = two_steps(&mut to.h, step, samples);
    let (before, s) = two_steps(&mut to.s, step, samples);
    let (z, gate) = (rows(&to.z, step, samples), rows_mut(&mut to.gate, step, samples));
    let squashed = rows_mut(&mut to.squashed, step, samples);
    Arch::new().dispatch(Lstm { units, z, gate, before, s, squashed, h });
}

pass! {
    Lstm<'a, T: Real> {
        units: usize,
        z: &'a [T],
        gate: &'a mut [T],
        before: &'a [T],
        s: &'a mut [T],
        squashed: &'a mut [T],
        h: &'a mut [T],
    } -> (),
    Lstm { units, z, gate, before, s, squashed, h } => {
        for (row, (z, gate)) in z.chunks_exact(4 * units).zip(gate.chunks_exact_mut(4 * units)).enumerate() {
            let (ifo, n) = gate.split_at_mut(3 * units);
            let (z_ifo, z_n) = z.split_at(3 * units);
            for (gate, &z) in ifo.iter_mut().zip(z_ifo) {
                *gate = sigmoid(z);
            }
            for (n, &z) in n.iter_mut().zip(z_n) {
                *n = lanes::tanh(z);
            }
            let at = row * units;
            // Slices of a length that the compiler sees are looped over without checks.
            let (i, f, o, n) = (&ifo[..units], &ifo[units..][..units], &ifo[2 * units..][..units], &n[..units]);
            let (before, s) = (&before[at..][..units], &mut s[at..][..units]);
            let (squashed, h) = (&mut squashed[at..][..units], &mut h[at..][..units]);
            for j in 0..units {
                s[j] = f[j] * before[j] + i[j] * n[j];
                squashed[j] = lanes::tanh(s[j]);
                h[j] = o[j] * squashed[j];
            }
        }
    }
}

/// δ_t of an LSTM's gates, and, if the gradient flows further, what goes to s_{t−1}.
pub(super) fn step_back<T: Real>(
    forward: &BpttForward<T>,
    to: &mut BpttBackward<T>,
    step: usize,
    (units, flows): (usize, bool),
) {
    let samples = forward.samples;
    let count = samples * units;
    let (back_before, grad_s) = flat_mut(&mut to.grad_s)[step * count..(step + 2) * count].split_at_mut(count);
    Arch::new().dispatch(LstmBack {
        units,
        flows,
        gate: rows(&forward.gate, step, samples),
        before: rows(&forward.s, step, samples),
        squashed: rows(&forward.squashed, step, samples),
        grad_h: rows(&to.grad_h, step + 1, samples),
        grad_s,
        back_before,
        delta: rows_mut(&mut to.delta, step, samples),
    });
}

pass! {
    LstmBack<'a, T: Real> {
        units: usize,
        flows: bool,
        gate: &'a [T],
        before: &'a [T],
        squashed: &'a [T],
        grad_h: &'a [T],
        grad_s: &'a mut [T],
        back_before: &'a mut [T],
        delta: &'a mut [T],
    } -> (),
    LstmBack { units, flows, gate, before, squashed, grad_h, grad_s, back_before, delta } => {
        for (row, (gate, delta)) in gate.chunks_exact(4 * units).zip(delta.chunks_exact_mut(4 * units)).enumerate() {
            let at = row * units;
            let (before, squashed, grad_h) = (&before[at..][..units], &squashed[at..][..units], &grad_h[at..][..units]);
            let (grad_s, back_before) = (&mut grad_s[at..][..units], &mut back_before[at..][..units]);
            let (i, f, o, n) =
                (&gate[..units], &gate[units..][..units], &gate[2 * units..][..units], &gate[3 * units..][..units]);
            let (to_if, to_on) = delta.split_at_mut(2 * units);
            let ((to_i, to_f), (to_o, to_n)) = (to_if.split_at_mut(units), to_on.split_at_mut(units));
            let (to_i, to_f) = (&mut to_i[..units], &mut to_f[..units]);
            let (to_o, to_n) = (&mut to_o[..units], &mut to_n[..units]);
            for j in 0..units {
                // What came from the step after is there already.
                let of_s = grad_s[j] + grad_h[j] * o[j] * tanh_slope(squashed[j]);
                grad_s[j] = of_s;
                to_i[j] = of_s * n[j] * slope(i[j]);
                to_f[j] = of_s * before[j] * slope(f[j]);
                to_o[j] = grad_h[j] * squashed[j] * slope(o[j]);
                to_n[j] = of_s * i[j] * tanh_slope(n[j]);
                back_before[j] = if flows { of_s * f[j] } else { T::zero() };
            }
        }
    }
}
