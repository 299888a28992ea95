//! Matrix products into memory that is there: `gemm`'s, and for the smallest a kernel without the cost of a call.

use gemm::Parallelism;
use ndarray::{Array2, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis};
use pulp::Arch;

use super::array::flat;
use super::kernel::pass;
use crate::nn::Real;

/// Columns of C up to which the kernel for small products serves, in one row of numbers side by side.
const WIDTH: usize = 16;
/// Terms of each entry up to which it does.
const DEPTH: usize = 64;
/// Multiplications up to which it does; beyond, `gemm` has made up for its call.
const SMALL: usize = 8_192;

/// C ← C + A B.
pub(in crate::nn) fn add<T: Real>(a: ArrayView2<T>, b: ArrayView2<T>, c: ArrayViewMut2<T>) {
    product(a, b, c, true);
}

/// C ← A B, whatever was in C.
///
/// # Panics
/// If the shapes don't fit.
pub fn set<T: Real>(a: ArrayView2<T>, b: ArrayView2<T>, c: ArrayViewMut2<T>) {
    product(a, b, c, false);
}

fn product<T: Real>(a: ArrayView2<T>, b: ArrayView2<T>, mut c: ArrayViewMut2<T>, adds: bool) {
    let (m, k) = a.dim();
    let n = b.ncols();
    assert_eq!((b.nrows(), c.dim()), (k, (m, n)), "the shapes fit");
    if m == 0 || n == 0 || k == 0 {
        if !adds {
            c.fill(T::zero());
        }
        return;
    }
    if n <= WIDTH && k <= DEPTH && m * n * k <= SMALL {
        match (n, k) {
            (..=8, ..=16) => Arch::new().dispatch(Small::<T, 8, 16> { a, b, c, adds }),
            (..=8, _) => Arch::new().dispatch(Small::<T, 8, DEPTH> { a, b, c, adds }),
            (_, ..=16) => Arch::new().dispatch(Small::<T, WIDTH, 16> { a, b, c, adds }),
            _ => Arch::new().dispatch(Small::<T, WIDTH, DEPTH> { a, b, c, adds }),
        }
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
            adds,
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

/// C ← A B, or C + A B, for n ≤ W and k ≤ D: the rows of B stand padded on the stack, and each row of C is made in one go.
struct Small<'a, T, const W: usize, const D: usize> {
    a: ArrayView2<'a, T>,
    b: ArrayView2<'a, T>,
    c: ArrayViewMut2<'a, T>,
    /// Whether what is in C counts.
    adds: bool,
}

impl<T: Real, const W: usize, const D: usize> pulp::NullaryFnOnce for Small<'_, T, W, D> {
    type Output = ();

    #[inline(always)]
    #[allow(unsafe_code)]
    fn call(self) {
        let Self { a, b, mut c, adds } = self;
        let ((m, k), n) = (a.dim(), b.ncols());
        assert!(b.nrows() == k && c.dim() == (m, n) && n <= W && k <= D, "the shapes fit");
        let mut padded = [[T::zero(); W]; D];
        for (p, row) in padded[..k].iter_mut().enumerate() {
            for (j, entry) in row[..n].iter_mut().enumerate() {
                // SAFETY: p is below k and j below n, the shape of b.
                *entry = unsafe { *b.uget((p, j)) };
            }
        }
        for i in 0..m {
            let mut sums = [T::zero(); W];
            for (p, row) in padded[..k].iter().enumerate() {
                // SAFETY: i is below m and p below k, the shape of a.
                let factor = unsafe { *a.uget((i, p)) };
                for (sum, &entry) in sums.iter_mut().zip(row) {
                    *sum += factor * entry;
                }
            }
            for (j, &sum) in sums[..n].iter().enumerate() {
                // SAFETY: i is below m and j below n, the shape of c.
                let entry = unsafe { c.uget_mut((i, j)) };
                *entry = if adds { *entry + sum } else { sum };
            }
        }
    }
}

/// Columns that are summed side by side.
const BLOCK: usize = 64;

pass! {
    /// The sums over the rows of a matrix of some of its columns.
    Sums<'a, T: Real> { rows: &'a [T], width: usize, first: usize, to: ArrayViewMut1<'a, T>, adds: bool, } -> (),
    Sums { rows, width, first, mut to, adds } => {
        for (block, to) in to.axis_chunks_iter_mut(Axis(0), BLOCK).enumerate() {
            let from = first + block * BLOCK;
            let mut sums = [T::zero(); BLOCK];
            let sums = &mut sums[..to.len()];
            for row in rows.chunks_exact(width) {
                for (sum, &entry) in sums.iter_mut().zip(&row[from..from + to.len()]) {
                    *sum += entry;
                }
            }
            for (to, &sum) in to.into_iter().zip(sums.iter()) {
                *to = if adds { *to + sum } else { sum };
            }
        }
    }
}

/// The sums over the rows of a matrix, stored row by row, of its columns from `first` on, as many as `to` takes; added to what is
/// there or in its place.
pub(in crate::nn) fn sum_columns<T: Real>(matrix: &Array2<T>, first: usize, to: ArrayViewMut1<T>, adds: bool) {
    Arch::new().dispatch(Sums { rows: flat(matrix), width: matrix.ncols().max(1), first, to, adds });
}
