//! The output layer in one pass: h, δ^(L) and the terms of J^(b) from z and y.

use ndarray::{Array1, Array2, ArrayView2};
use pulp::Arch;

use super::array::{flat, flat_mut};
use super::kernel::pass;
use super::lanes;
use crate::nn::{Output, Real};

/// Where h, δ^(L) and J^(b) are put.
type OutputTargets<'a, T> = (&'a mut Array2<T>, &'a mut Array2<T>, &'a mut Array1<T>);

/// h (1.1.7), δ^(L) (2.4.6) and J^(b) (1.2.1) of every row of z and y, both B × K.
pub(in crate::nn) fn make<T: Real>(
    output: Output,
    (z, y): (&Array2<T>, ArrayView2<T>),
    (h, delta, cost): OutputTargets<T>,
) {
    let units = z.ncols();
    let y = y.to_slice().expect("targets are stored row by row");
    let (z, h, delta) = (flat(z), flat_mut(h), flat_mut(delta));
    let cost = cost.as_slice_mut().expect("it is stored in one piece");
    let arch = Arch::new();
    match output {
        Output::Softmax => arch.dispatch(Softmax { units, z, y, h, delta, cost }),
        Output::Linear => arch.dispatch(Each { unit: Linear, units, z, y, h, delta, cost }),
        Output::Sigmoid => arch.dispatch(Each { unit: CrossEntropy, units, z, y, h, delta, cost }),
        Output::SigmoidMse => arch.dispatch(Each { unit: Squared, units, z, y, h, delta, cost }),
    }
}

/// h, δ and the term of J^(b) of an output unit from z and y.
trait OutputUnit<T> {
    fn of(&self, z: T, y: T) -> (T, T, T);
}

struct Linear;
struct CrossEntropy;
struct Squared;

impl<T: Real> OutputUnit<T> for Linear {
    #[inline(always)]
    fn of(&self, z: T, y: T) -> (T, T, T) {
        (z, z - y, T::of(0.5) * (z - y) * (z - y))
    }
}

impl<T: Real> OutputUnit<T> for CrossEntropy {
    #[inline(always)]
    fn of(&self, z: T, y: T) -> (T, T, T) {
        let (h, rest, e) = lanes::logistic(z);
        let (zero, one) = (T::zero(), T::one());
        // For y of exactly 0 or 1 the linear part is one term, so that a large z loses nothing to a difference.
        let above = if z > zero { z } else { zero };
        let below = if z < zero { -z } else { zero };
        let linear = if y == zero { above } else { above - z * y };
        let linear = if y == one { below } else { linear };
        (h, if y == one { -rest } else { h - y }, linear + lanes::ln_1p(e))
    }
}

impl<T: Real> OutputUnit<T> for Squared {
    #[inline(always)]
    fn of(&self, z: T, y: T) -> (T, T, T) {
        let (h, rest, _) = lanes::logistic(z);
        let difference = if y == T::one() { -rest } else { h - y };
        (h, difference * (h * rest), T::of(0.5) * (h - y) * (h - y))
    }
}

pass! {
    /// Output units each for itself.
    Each<'a, T: Real, U: OutputUnit<T>> { unit: U, units: usize, z: &'a [T], y: &'a [T], h: &'a mut [T], delta: &'a mut [T], cost: &'a mut [T], } -> (),
    Each { unit, units, z, y, h, delta, cost } => {
        // The terms stand in the place of h until they are summed.
        for (((&z, &y), term), delta) in z.iter().zip(y).zip(h.iter_mut()).zip(delta) {
            (_, *delta, *term) = unit.of(z, y);
        }
        for (cost, terms) in cost.iter_mut().zip(h.chunks_exact(units)) {
            *cost = terms.iter().fold(T::zero(), |sum, &term| sum + term);
        }
        for ((&z, &y), h) in z.iter().zip(y).zip(h) {
            (*h, _, _) = unit.of(z, y);
        }
    }
}

pass! {
    /// Softmax, each row for itself; the exponentials are those of all rows together.
    Softmax<'a, T: Real> { units: usize, z: &'a [T], y: &'a [T], h: &'a mut [T], delta: &'a mut [T], cost: &'a mut [T], } -> (),
    Softmax { units, z, y, h, delta, cost } => {
        // δ holds z less the largest of its row for a while.
        for (z, shifted) in z.chunks_exact(units).zip(delta.chunks_exact_mut(units)) {
            let top = z.iter().fold(T::neg_infinity(), |top, &z| if z > top { z } else { top });
            for (shifted, &z) in shifted.iter_mut().zip(z) {
                *shifted = z - top;
            }
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
    }
}
