//! Arrays that keep their memory, and what they hold as slices.

use ndarray::{Array2, ArrayView1};

use crate::nn::Real;

/// As many arrays of these shapes, in the memory that is there where it is enough.
pub(super) fn fit_all<T: Real>(arrays: &mut Vec<Array2<T>>, shapes: impl ExactSizeIterator<Item = (usize, usize)>) {
    arrays.resize_with(shapes.len(), || Array2::zeros((0, 0)));
    arrays.iter_mut().zip(shapes).for_each(|(array, shape)| fit(array, shape));
}

/// One array of a shape, in the memory that is there where it is enough.
pub fn fit<T: Real>(array: &mut Array2<T>, shape: (usize, usize)) {
    if array.dim() != shape {
        let (mut memory, _) = std::mem::replace(array, Array2::zeros((0, 0))).into_raw_vec_and_offset();
        memory.resize(shape.0 * shape.1, T::zero());
        *array = Array2::from_shape_vec(shape, memory).expect("as many as the shape has");
    }
}

/// One row in every row, by way of a place where it stands in one piece.
pub(in crate::nn) fn spread<T: Real>(row: ArrayView1<T>, to: &mut Array2<T>, place: &mut Vec<T>) {
    place.clear();
    place.extend(row.iter());
    flat_mut(to).chunks_exact_mut(place.len().max(1)).for_each(|to| to.copy_from_slice(place));
}

/// What an array holds, row by row; arrays of a pass are always stored so.
pub(in crate::nn) fn flat<T>(array: &Array2<T>) -> &[T] {
    array.as_slice().expect("it is stored row by row")
}

pub(in crate::nn) fn flat_mut<T>(array: &mut Array2<T>) -> &mut [T] {
    array.as_slice_mut().expect("it is stored row by row")
}
