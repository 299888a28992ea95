//! The output layer in one pass: h, δ^(L) and the terms of J^(b) from z and y.

use ndarray::{Array1, Array2, ArrayView2};
use pulp::Arch;

use super::{flat, flat_mut, lanes};
use crate::nn::{Output, Real};

/// Where h, δ^(L) and J^(b) are put.
type To<'a, T> = (&'a mut Array2<T>, &'a mut Array2<T>, &'a mut Array1<T>);

/// h (1.1.7), δ^(L) (2.4.6) and J^(b) (1.2.1) of every row of z and y, both B × K.
pub(super) fn make<T: Real>(output: Output, (z, y): (&Array2<T>, ArrayView2<T>), (h, delta, cost): To<T>) {
    let (zero, one, half) = (T::zero(), T::one(), T::of(0.5));
    let to = (h, delta, cost);
    match output {
        Output::Softmax => softmax((z, y), to),
        Output::Linear => each((z, y), to, |z, y| (z, z - y, half * (z - y) * (z - y))),
        Output::Sigmoid => each((z, y), to, |z, y| {
            let (h, rest, e) = lanes::logistic(z);
            // For y of exactly 0 or 1 the linear part is one term, so that a large z loses nothing to a difference.
            let linear = if y == zero {
                if z > zero { z } else { zero }
            } else if y == one {
                if z < zero { -z } else { zero }
            } else {
                (if z > zero { z } else { zero }) - z * y
            };
            (h, if y == one { -rest } else { h - y }, linear + lanes::ln_1p(e))
        }),
        Output::SigmoidMse => each((z, y), to, |z, y| {
            let (h, rest, _) = lanes::logistic(z);
            let difference = if y == one { -rest } else { h - y };
            (h, difference * (h * rest), half * (h - y) * (h - y))
        }),
    }
}

/// Output units each for itself: h, δ and the term of J^(b) from z and y.
fn each<T: Real>((z, y): (&Array2<T>, ArrayView2<T>), (h, delta, cost): To<T>, make: impl Fn(T, T) -> (T, T, T)) {
    let units = z.ncols();
    let y = y.to_slice().expect("targets are stored row by row");
    let (z, h, delta) = (flat(z), flat_mut(h), flat_mut(delta));
    Arch::new().dispatch(|| {
        // The terms stand in the place of δ until they are summed, then δ does: two passes over few numbers.
        for (((&z, &y), h), term) in z.iter().zip(y).zip(h.iter_mut()).zip(delta.iter_mut()) {
            (*h, _, *term) = make(z, y);
        }
        for (cost, terms) in cost.iter_mut().zip(delta.chunks_exact(units)) {
            *cost = terms.iter().fold(T::zero(), |sum, &term| sum + term);
        }
        for ((&z, &y), delta) in z.iter().zip(y).zip(delta) {
            (_, *delta, _) = make(z, y);
        }
    });
}

/// Softmax, each row for itself; the exponentials are those of all rows together.
fn softmax<T: Real>((z, y): (&Array2<T>, ArrayView2<T>), (h, delta, cost): To<T>) {
    let units = z.ncols();
    let y = y.to_slice().expect("targets are stored row by row");
    let (z, h, delta) = (flat(z), flat_mut(h), flat_mut(delta));
    Arch::new().dispatch(|| {
        // δ holds z less the largest of its row for a while.
        for (z, shifted) in z.chunks_exact(units).zip(delta.chunks_exact_mut(units)) {
            let top = z.iter().fold(T::neg_infinity(), |top, &z| if z > top { z } else { top });
            shifted.iter_mut().zip(z).for_each(|(shifted, &z)| *shifted = z - top);
        }
        for (h, &shifted) in h.iter_mut().zip(delta.iter()) {
            *h = lanes::exp(shifted);
        }
        let rows = h.chunks_exact_mut(units).zip(delta.chunks_exact_mut(units)).zip(y.chunks_exact(units));
        for (((h, delta), y), cost) in rows.zip(cost) {
            let sum = h.iter().fold(T::zero(), |sum, &e| sum + e);
            let log = sum.ln();
            *cost = T::zero();
            for ((h, delta), &y) in h.iter_mut().zip(delta).zip(y) {
                *h /= sum;
                if y != T::zero() {
                    *cost -= y * (*delta - log);
                }
                *delta = *h - y;
            }
        }
    });
}
