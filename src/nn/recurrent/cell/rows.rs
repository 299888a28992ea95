//! What the steps of all cells are made of: rows of arrays, and the functions of gates with their slopes.

use ndarray::Array2;

use crate::nn::Real;
use crate::nn::fast::{flat, flat_mut, lanes};

/// The rows of one step of a matrix, so many to a step.
pub(super) fn rows<T>(array: &Array2<T>, step: usize, samples: usize) -> &[T] {
    let width = array.ncols();
    &flat(array)[step * samples * width..(step + 1) * samples * width]
}

pub(super) fn rows_mut<T>(array: &mut Array2<T>, step: usize, samples: usize) -> &mut [T] {
    let width = array.ncols();
    &mut flat_mut(array)[step * samples * width..(step + 1) * samples * width]
}

/// The rows of a step and of the one after it.
pub(super) fn two_steps<T>(array: &mut Array2<T>, step: usize, samples: usize) -> (&[T], &mut [T]) {
    let count = samples * array.ncols();
    let (now, after) = flat_mut(array)[step * count..(step + 2) * count].split_at_mut(count);
    (now, after)
}

/// σ(z) of a z of any sign.
#[inline(always)]
pub(super) fn sigmoid<T: Real>(z: T) -> T {
    lanes::logistic(z).0
}

/// The slope of a sigmoid from its value.
#[inline(always)]
pub(super) fn slope<T: Real>(a: T) -> T {
    a * (T::one() - a)
}

/// The slope of tanh from its value.
#[inline(always)]
pub(super) fn tanh_slope<T: Real>(a: T) -> T {
    (T::one() - a) * (T::one() + a)
}
