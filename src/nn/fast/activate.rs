//! Activation and its slope of many z in one pass.

use pulp::Arch;

use super::kernel::pass;
use super::lanes;
use crate::nn::{Activation, Real};

/// g(z) and g'(z) from z.
trait ValueAndSlope<T> {
    fn of(&self, z: T) -> (T, T);
}

struct Sigmoid;
struct Tanh;
struct Relu;

impl<T: Real> ValueAndSlope<T> for Sigmoid {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        let (a, rest, _) = lanes::logistic(z);
        (a, a * rest)
    }
}

impl<T: Real> ValueAndSlope<T> for Tanh {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        let a = lanes::tanh(z);
        (a, (T::one() - a) * (T::one() + a))
    }
}

impl<T: Real> ValueAndSlope<T> for Relu {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        if z > T::zero() { (z, T::one()) } else { (T::zero(), T::zero()) }
    }
}

/// The others as the reference has them.
impl<T: Real> ValueAndSlope<T> for Activation {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        (self.g(z), self.g_prime(z))
    }
}

/// g(z) and g'(z) of every z, inside a pass.
#[inline(always)]
pub(super) fn each<T: Real>(g: Activation, z: &[T], to: (&mut [T], &mut [T])) {
    match g {
        Activation::Sigmoid => of_all(&Sigmoid, z, to),
        Activation::Tanh => of_all(&Tanh, z, to),
        Activation::Relu => of_all(&Relu, z, to),
        _ => of_all(&g, z, to),
    }
}

#[inline(always)]
fn of_all<T: Real, P: ValueAndSlope<T>>(pair: &P, z: &[T], (a, slope): (&mut [T], &mut [T])) {
    for ((&z, a), slope) in z.iter().zip(a).zip(slope) {
        (*a, *slope) = pair.of(z);
    }
}

pass! {
    /// g(z) and g'(z) of every z.
    Each<'a, T: Real> { g: Activation, z: &'a [T], a: &'a mut [T], slope: &'a mut [T], } -> (),
    Each { g, z, a, slope } => { each(g, z, (a, slope)); }
}

/// g(z) and g'(z) of every z.
pub(in crate::nn) fn all<T: Real>(g: Activation, z: &[T], (a, slope): (&mut [T], &mut [T])) {
    Arch::new().dispatch(Each { g, z, a, slope });
}
