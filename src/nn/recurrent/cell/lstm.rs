//! A step of a long short-term memory: g^i, g^f, g^o and g^n from weighted inputs, c_t and h_t from them, and δ from what comes back.

use pulp::Arch;

use super::pytorch::RecurrentLayer;
use super::rows::{rows, rows_mut, sigmoid, slope, tanh_slope, two_steps};
use crate::nn::Real;
use crate::nn::fast::{flat_mut, lanes, pass};
use crate::nn::recurrent::bptt::{BpttBackward, BpttForward};

/// h_t and c_t of an LSTM and its gates g^i, g^f, g^o, g^n.
pub(super) fn step<T: Real>(to: &mut BpttForward<T>, step: usize, units: usize) {
    let samples = to.samples;
    let (_, h) = two_steps(&mut to.h, step, samples);
    let (before, c) = two_steps(&mut to.c, step, samples);
    let (z, gate) = (rows(&to.z, step, samples), rows_mut(&mut to.gate, step, samples));
    let tanh_c = rows_mut(&mut to.tanh_c, step, samples);
    Arch::new().dispatch(Lstm { units, z, gate, before, c, tanh_c, h });
}

pass! {
    Lstm<'a, T: Real> {
        units: usize,
        z: &'a [T],
        gate: &'a mut [T],
        before: &'a [T],
        c: &'a mut [T],
        tanh_c: &'a mut [T],
        h: &'a mut [T],
    } -> (),
    Lstm { units, z, gate, before, c, tanh_c, h } => {
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
            let (before, c) = (&before[at..][..units], &mut c[at..][..units]);
            let (tanh_c, h) = (&mut tanh_c[at..][..units], &mut h[at..][..units]);
            for j in 0..units {
                c[j] = f[j] * before[j] + i[j] * n[j];
                tanh_c[j] = lanes::tanh(c[j]);
                h[j] = o[j] * tanh_c[j];
            }
        }
    }
}

/// δ_t of an LSTM's gates, and, if the gradient flows further, what goes to c_{t−1}.
pub(super) fn step_back<T: Real>(
    forward: &BpttForward<T>,
    to: &mut BpttBackward<T>,
    step: usize,
    (units, flows): (usize, bool),
) {
    let samples = forward.samples;
    let count = samples * units;
    let (back_before, grad_c) = flat_mut(&mut to.grad_c)[step * count..(step + 2) * count].split_at_mut(count);
    Arch::new().dispatch(LstmBack {
        units,
        flows,
        gate: rows(&forward.gate, step, samples),
        before: rows(&forward.c, step, samples),
        tanh_c: rows(&forward.tanh_c, step, samples),
        grad_h: rows(&to.grad_h, step + 1, samples),
        grad_c,
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
        tanh_c: &'a [T],
        grad_h: &'a [T],
        grad_c: &'a mut [T],
        back_before: &'a mut [T],
        delta: &'a mut [T],
    } -> (),
    LstmBack { units, flows, gate, before, tanh_c, grad_h, grad_c, back_before, delta } => {
        for (row, (gate, delta)) in gate.chunks_exact(4 * units).zip(delta.chunks_exact_mut(4 * units)).enumerate() {
            let at = row * units;
            let (before, tanh_c, grad_h) = (&before[at..][..units], &tanh_c[at..][..units], &grad_h[at..][..units]);
            let (grad_c, back_before) = (&mut grad_c[at..][..units], &mut back_before[at..][..units]);
            let (i, f, o, n) =
                (&gate[..units], &gate[units..][..units], &gate[2 * units..][..units], &gate[3 * units..][..units]);
            let (to_if, to_on) = delta.split_at_mut(2 * units);
            let ((to_i, to_f), (to_o, to_n)) = (to_if.split_at_mut(units), to_on.split_at_mut(units));
            let (to_i, to_f) = (&mut to_i[..units], &mut to_f[..units]);
            let (to_o, to_n) = (&mut to_o[..units], &mut to_n[..units]);
            for j in 0..units {
                // What came from the step after is there already.
                let of_c = grad_c[j] + grad_h[j] * o[j] * tanh_slope(tanh_c[j]);
                grad_c[j] = of_c;
                to_i[j] = of_c * n[j] * slope(i[j]);
                to_f[j] = of_c * before[j] * slope(f[j]);
                to_o[j] = grad_h[j] * tanh_c[j] * slope(o[j]);
                to_n[j] = of_c * i[j] * tanh_slope(n[j]);
                back_before[j] = if flows { of_c * f[j] } else { T::zero() };
            }
        }
    }
}

/// Its layer in PyTorch.
pub(super) fn pytorch() -> RecurrentLayer {
    const ORDER: &str = "The gates are g^i, g^f, g^o, g^n here, and i, f, g, o in PyTorch, whose g is g^n.";
    RecurrentLayer { gates: Some((ORDER, &[0, 1, 3, 2])), ..RecurrentLayer::of("nn.LSTM", "") }
}
