//! The numbers of one step of a cell, forwards and back: gates and states from weighted inputs, and δ from what comes back.

use ndarray::{Array2, ArrayView2};
use pulp::Arch;

use super::bptt::{BpttBackward, BpttForward};
use crate::nn::Real;
use crate::nn::fast::{flat, flat_mut, lanes, pass};

/// The rows of one step of a matrix, so many to a step.
fn rows<T>(array: &Array2<T>, step: usize, samples: usize) -> &[T] {
    let width = array.ncols();
    &flat(array)[step * samples * width..(step + 1) * samples * width]
}

fn rows_mut<T>(array: &mut Array2<T>, step: usize, samples: usize) -> &mut [T] {
    let width = array.ncols();
    &mut flat_mut(array)[step * samples * width..(step + 1) * samples * width]
}

/// The rows of a step and of the one after it.
fn two_steps<T>(array: &mut Array2<T>, step: usize, samples: usize) -> (&[T], &mut [T]) {
    let count = samples * array.ncols();
    let (now, after) = flat_mut(array)[step * count..(step + 2) * count].split_at_mut(count);
    (now, after)
}

/// σ(z) of a z of any sign.
#[inline(always)]
fn sigmoid<T: Real>(z: T) -> T {
    lanes::logistic(z).0
}

/// The slope of a sigmoid from its value.
#[inline(always)]
fn slope<T: Real>(a: T) -> T {
    a * (T::one() - a)
}

/// The slope of tanh from its value.
#[inline(always)]
fn tanh_slope<T: Real>(a: T) -> T {
    (T::one() - a) * (T::one() + a)
}

/// h_t of a GRU and its gates r, u, n; z_n then has r ⊙ (U_n h + c_n) in it.
pub(super) fn gru<T: Real>(to: &mut BpttForward<T>, step: usize, units: usize) {
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

/// h_t and s_t of an LSTM and its gates i, f, o, n.
pub(super) fn lstm<T: Real>(to: &mut BpttForward<T>, step: usize, units: usize) {
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

/// δ_t of a plain cell.
pub(super) fn plain_back<T: Real>(forward: &BpttForward<T>, to: &mut BpttBackward<T>, step: usize) {
    let samples = forward.samples;
    let (grad_h, slope) = (rows(&to.grad_h, step + 1, samples), rows(&forward.gate, step, samples));
    let delta = rows_mut(&mut to.delta, step, samples);
    for ((&grad_h, &slope), delta) in grad_h.iter().zip(slope).zip(delta) {
        *delta = grad_h * slope;
    }
}

/// δ_t of a GRU's gates, and, if the gradient flows further, what goes to h_{t−1} past them.
pub(super) fn gru_back<T: Real>(
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

/// δ_t of an LSTM's gates, and, if the gradient flows further, what goes to s_{t−1}.
pub(super) fn lstm_back<T: Real>(
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

/// The largest |eigenvalue| of a square matrix: by Gelfand, the limit of ‖Aⁿ‖^(1/n), at n = 2^16.
pub fn spectral_radius(matrix: ArrayView2<f64>) -> f64 {
    let mut power = matrix.to_owned();
    // ‖Aⁿ‖ = e^log, where Aⁿ is kept at norm 1.
    let mut log = 0.0;
    for squarings in 0..=16 {
        let norm = power.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        if norm == 0.0 || !norm.is_finite() {
            return norm;
        }
        log += norm.ln();
        if squarings == 16 {
            break;
        }
        power.mapv_inplace(|entry| entry / norm);
        power = power.dot(&power);
        log *= 2.0;
    }
    (log / 65_536.0).exp()
}
