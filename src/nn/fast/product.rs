//! Matrix products into memory that is there.

use gemm::Parallelism;
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::nn::Real;

/// C ← C + A B.
pub(super) fn add<T: Real>(a: ArrayView2<T>, b: ArrayView2<T>, c: &mut ArrayViewMut2<T>) {
    let (m, k) = a.dim();
    let n = b.ncols();
    assert_eq!((b.nrows(), c.dim()), (k, (m, n)), "the shapes fit");
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    let [a_rows, a_columns] = [a.strides()[0], a.strides()[1]];
    let [b_rows, b_columns] = [b.strides()[0], b.strides()[1]];
    let [c_rows, c_columns] = [c.strides()[0], c.strides()[1]];
    let one = T::one();
    // SAFETY: the pointers and strides are those of arrays of m × k, k × n and m × n, as was just asserted, that live as long as
    // the call; c is borrowed for writing, so it overlaps neither a nor b.
    #[allow(unsafe_code)]
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            c_columns,
            c_rows,
            true,
            a.as_ptr(),
            a_columns,
            a_rows,
            b.as_ptr(),
            b_columns,
            b_rows,
            one,
            one,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}
