//! A step of a gated recurrent unit: g^r, g^u and g^n from weighted inputs, h_t from them, and δ from what comes back.

use pulp::Arch;

use super::pytorch::RecurrentLayer;
use super::rows::{rows, rows_mut, sigmoid, slope, tanh_slope, two_steps};
use crate::nn::Real;
use crate::nn::fast::{lanes, pass};
use crate::nn::recurrent::bptt::{BpttBackward, BpttForward};

/// h_t of a GRU and its gates g^r, g^u, g^n; z of g^n then has g^r ⊙ (Θ^h h_{t−1} + b^h) in it.
pub(super) fn step<T: Real>(to: &mut BpttForward<T>, step: usize, units: usize) {
    let samples = to.samples;
    let (before, after) = two_steps(&mut to.h, step, samples);
    let z = rows_mut(&mut to.z, step, samples);
    let from_h = rows(&to.recurrent, step, samples);
    let gate = rows_mut(&mut to.gate, step, samples);
    Arch::new().dispatch(Gru { units, z, from_h, gate, before, after });
}

pass! {
    Gru<'a, T: Real> { units: usize, z: &'a mut [T], from_h: &'a [T], gate: &'a mut [T], before: &'a [T], after: &'a mut [T], } -> (),
    Gru { units, z, from_h, gate, before, after } => {
        let rows = z.chunks_exact_mut(3 * units).zip(from_h.chunks_exact(3 * units)).zip(gate.chunks_exact_mut(3 * units));
        for (((z, from_h), gate), (before, after)) in
            rows.zip(before.chunks_exact(units).zip(after.chunks_exact_mut(units)))
        {
            let (z_ru, z_n) = z.split_at_mut(2 * units);
            let (ru, n) = gate.split_at_mut(2 * units);
            for ((z, &from_h), gate) in z_ru.iter_mut().zip(from_h).zip(ru.iter_mut()) {
                *z += from_h;
                *gate = sigmoid(*z);
            }
            let (r, u) = ru.split_at(units);
            // Slices of a length that the compiler sees are looped over without checks.
            let (r, u, n, z_n) = (&r[..units], &u[..units], &mut n[..units], &mut z_n[..units]);
            let (before, after, from_h) = (&before[..units], &mut after[..units], &from_h[2 * units..][..units]);
            for j in 0..units {
                z_n[j] += r[j] * from_h[j];
                n[j] = lanes::tanh(z_n[j]);
                after[j] = (T::one() - u[j]) * n[j] + u[j] * before[j];
            }
        }
    }
}

/// δ_t of a GRU's gates, and, if the gradient flows further, what goes to h_{t−1} past them.
pub(super) fn step_back<T: Real>(
    forward: &BpttForward<T>,
    to: &mut BpttBackward<T>,
    step: usize,
    (units, flows): (usize, bool),
) {
    let samples = forward.samples;
    Arch::new().dispatch(GruBack {
        units,
        flows,
        gate: rows(&forward.gate, step, samples),
        from_h: rows(&forward.recurrent, step, samples),
        before: rows(&forward.h, step, samples),
        grad_h: rows(&to.grad_h, step + 1, samples),
        grad_h_next: rows_mut(&mut to.grad_h_next, step, samples),
        delta: rows_mut(&mut to.delta, step, samples),
        delta_h: rows_mut(&mut to.delta_h, step, samples),
    });
}

pass! {
    GruBack<'a, T: Real> {
        units: usize,
        flows: bool,
        gate: &'a [T],
        from_h: &'a [T],
        before: &'a [T],
        grad_h: &'a [T],
        grad_h_next: &'a mut [T],
        delta: &'a mut [T],
        delta_h: &'a mut [T],
    } -> (),
    GruBack { units, flows, gate, from_h, before, grad_h, grad_h_next, delta, delta_h } => {
        let wide = 3 * units;
        let one = T::one();
        let rows = before.len() / units.max(1);
        for row in 0..rows {
            let (narrow, gates) = (row * units..(row + 1) * units, row * wide..(row + 1) * wide);
            let (before, grad_h, grad_h_next) = (&before[narrow.clone()], &grad_h[narrow.clone()], &mut grad_h_next[narrow]);
            let (delta, delta_h) = (&mut delta[gates.clone()], &mut delta_h[gates.clone()]);
            let (gate, from_h) = (&gate[gates.clone()], &from_h[gates]);
            let (r, u, n) = (&gate[..units], &gate[units..][..units], &gate[2 * units..][..units]);
            let from_h = &from_h[2 * units..][..units];
            let (to_r, to_un) = delta.split_at_mut(units);
            let (to_u, to_n) = to_un.split_at_mut(units);
            let (h_r, h_un) = delta_h.split_at_mut(units);
            let (h_u, h_n) = h_un.split_at_mut(units);
            let (to_r, to_u, to_n) = (&mut to_r[..units], &mut to_u[..units], &mut to_n[..units]);
            let (h_r, h_u, h_n) = (&mut h_r[..units], &mut h_u[..units], &mut h_n[..units]);
            let (before, grad_h, grad_h_next) = (&before[..units], &grad_h[..units], &mut grad_h_next[..units]);
            for j in 0..units {
                let of_n = grad_h[j] * (one - u[j]) * tanh_slope(n[j]);
                let of_u = grad_h[j] * (before[j] - n[j]) * slope(u[j]);
                let of_r = of_n * from_h[j] * slope(r[j]);
                (to_r[j], to_u[j], to_n[j]) = (of_r, of_u, of_n);
                (h_r[j], h_u[j], h_n[j]) = (of_r, of_u, of_n * r[j]);
                grad_h_next[j] = if flows { grad_h[j] * u[j] } else { T::zero() };
            }
        }
    }
}

/// Its layer in PyTorch, whose r, z, n are g^r, g^u, g^n.
pub(super) fn pytorch() -> RecurrentLayer {
    RecurrentLayer::of("nn.GRU", "")
}
