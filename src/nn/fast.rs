//! The same forward pass, backward pass and update as the derivation's, in buffers that are reused and passes that vectorise.
//!
//! `Network::forward`, `Network::backward` and `Optimizer::update` are the reference: what is here computes the same to rounding,
//! and is tested against them. A step takes its products from `gemm`, which looks at the processor when it starts; all that is done
//! to each number between two products is one pass over memory. The passes are compiled for several processors, and the
//! one that fits is taken as the program runs.

pub(super) mod activate;
mod array;
mod kernel;
pub mod lanes;
mod narrow;
pub(super) mod output;
pub mod product;
mod update;

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, s};
use pulp::Arch;

use super::{Backprop, Forward, Network, Real};

pub use array::fit;
use array::fit_all;
pub(super) use array::{flat, flat_mut, spread};
pub(super) use kernel::pass;
use kernel::times;
use narrow::Narrow;
pub use update::{ThetaUpdate, UpdateRule};

/// The numbers of one pass over a batch; the memory serves every batch that is no larger than the largest so far.
#[derive(Clone, Debug)]
pub struct DensePass<T> {
    forward: Forward<T>,
    backprop: Backprop<T>,
    sample_cost: Array1<T>,
    /// g'(z^(2)) … g'(z^(L−1)).
    slope: Vec<Array2<T>>,
    /// A number for each unit of a layer, for a moment.
    row: Vec<T>,
    /// The hidden layers where they are narrow, in rows of 8 or 16.
    eights: Narrow<T, 8>,
    sixteens: Narrow<T, 16>,
    /// Where the hidden layers' numbers are as long as nobody asked for them.
    packed: Packed,
}

/// How hidden layers are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packed {
    Not,
    InEights,
    InSixteens,
}

impl<T: Real> Default for DensePass<T> {
    fn default() -> Self {
        let forward = Forward { z: Vec::new(), a: Vec::new(), mask: Vec::new() };
        let backprop = Backprop { delta: Vec::new(), grad_a: Vec::new(), sum: Vec::new(), d: Vec::new() };
        let (slope, row) = (Vec::new(), Vec::new());
        let (eights, sixteens) = (Narrow::default(), Narrow::default());
        Self { forward, backprop, sample_cost: Array1::zeros(0), slope, row, eights, sixteens, packed: Packed::Not }
    }
}

impl<T: Real> DensePass<T> {
    /// Computes everything of a batch: x is B × S_1, y is B × K; with dropout a mask for each hidden layer, else none, of which the B
    /// rows from the one with this number belong to the batch.
    pub fn make(
        &mut self,
        network: &Network<T>,
        (x, y): (ArrayView2<T>, ArrayView2<T>),
        (mask, first): (&[Array2<T>], usize),
    ) {
        self.packed = match () {
            () if !mask.is_empty() => Packed::Not,
            () if narrow::fits(network, 8) => Packed::InEights,
            () if narrow::fits(network, 16) => Packed::InSixteens,
            () => Packed::Not,
        };
        if self.packed != Packed::Not {
            self.forward.mask.clear();
            self.fit(network, x.nrows());
            let (Forward { z, a, .. }, Backprop { delta, sum, .. }) = (&mut self.forward, &mut self.backprop);
            let last = "a net has layers";
            let (z, h) = (z.last_mut().expect(last), a.last_mut().expect(last));
            let to = narrow::NarrowTargets {
                z,
                h,
                delta: delta.last_mut().expect(last),
                sample_cost: &mut self.sample_cost,
                sum,
            };
            match self.packed {
                Packed::InEights => self.eights.make(network, (x, y), to),
                _ => self.sixteens.make(network, (x, y), to),
            }
            return;
        }
        self.part(network, (x, y), (mask, first));
        let mut sum = std::mem::take(&mut self.backprop.sum);
        for (l, sum) in (1..).zip(&mut sum) {
            sum_rows(std::slice::from_ref(self), x, (l, 0), sum.view_mut());
        }
        self.backprop.sum = sum;
    }

    /// The same of one part of a batch, but for ΣΔ, which `sum_rows` makes of all parts.
    pub fn part(
        &mut self,
        network: &Network<T>,
        (x, y): (ArrayView2<T>, ArrayView2<T>),
        (mask, first): (&[Array2<T>], usize),
    ) {
        self.packed = Packed::Not;
        fit_all(&mut self.forward.mask, mask.iter().map(|mask| (x.nrows(), mask.ncols())));
        for (to, from) in self.forward.mask.iter_mut().zip(mask) {
            to.assign(&from.slice(s![first..first + x.nrows(), ..]));
        }
        self.fit(network, x.nrows());
        self.go_forward(network, (x, y));
        self.go_back(network);
    }

    /// Computes no more than the network says of a batch, without dropout: z, a and J^(b).
    pub fn answer(&mut self, network: &Network<T>, (x, y): (ArrayView2<T>, ArrayView2<T>)) {
        self.packed = Packed::Not;
        self.forward.mask.clear();
        self.fit(network, x.nrows());
        self.go_forward(network, (x, y));
    }

    /// Puts the numbers of narrow layers where `numbers` shows them.
    pub fn unpack(&mut self) {
        match std::mem::replace(&mut self.packed, Packed::Not) {
            Packed::Not => {}
            Packed::InEights => self.eights.unpack(&mut self.forward, &mut self.backprop),
            Packed::InSixteens => self.sixteens.unpack(&mut self.forward, &mut self.backprop),
        }
    }

    /// z and a, a^(1) empty, since x is read where it is; δ, ∂J/∂a and ΣΔ, D empty, since it is ΣΔ/B.
    ///
    /// # Panics
    /// If they were not unpacked since the pass was made.
    pub fn numbers(&self) -> (&Forward<T>, &Backprop<T>) {
        assert_eq!(self.packed, Packed::Not, "unpacked before anyone reads them");
        (&self.forward, &self.backprop)
    }

    /// ΣΔ^(1) … ΣΔ^(L−1).
    pub fn sum(&self) -> &[Array2<T>] {
        &self.backprop.sum
    }

    /// The same, to be made by `sum_rows`.
    pub fn sum_mut(&mut self) -> &mut Vec<Array2<T>> {
        &mut self.backprop.sum
    }

    /// J^(b) of each sample.
    pub fn sample_cost(&self) -> &Array1<T> {
        &self.sample_cost
    }

    fn go_forward(&mut self, network: &Network<T>, (x, y): (ArrayView2<T>, ArrayView2<T>)) {
        for l in 1..network.depth() {
            let (before, after) = self.forward.a.split_at_mut(l);
            let a = if l == 1 { x } else { before[l - 1].view() };
            let z = &mut self.forward.z[l - 1];
            spread(network.theta(l).column(0), z, &mut self.row);
            product::add(a, network.theta(l).slice(s![.., 1..]).t(), z.view_mut()); // 1.1.2
            match network.hidden.get(l - 1) {
                Some(&g) => {
                    activate::all(g, flat(z), (flat_mut(&mut after[0]), flat_mut(&mut self.slope[l - 1]))); // 1.1.3, 2.5.6
                    if let Some(mask) = self.forward.mask.get(l - 1) {
                        after[0].zip_mut_with(mask, |a, &r| *a *= r);
                        self.slope[l - 1].zip_mut_with(mask, |slope, &r| *slope *= r);
                    }
                }
                None => {
                    let delta = &mut self.backprop.delta[l - 1];
                    output::make(network.output, (z, y), (&mut after[0], delta, &mut self.sample_cost)); // 1.1.7, 1.2.1, 2.4.6
                }
            }
        }
    }

    fn go_back(&mut self, network: &Network<T>) {
        let Backprop { delta, grad_a, .. } = &mut self.backprop;
        for l in (2..network.depth()).rev() {
            let (before, after) = delta.split_at_mut(l - 1);
            let grad_a = &mut grad_a[l - 2];
            product::set(after[0].view(), network.theta(l).slice(s![.., 1..]), grad_a.view_mut()); // 2.3.3
            multiply(grad_a, &self.slope[l - 2], &mut before[l - 2]); // 2.5.8
        }
    }

    /// Gives every buffer the size that it has for so many samples.
    fn fit(&mut self, network: &Network<T>, samples: usize) {
        let last = network.theta.len();
        let sums = self.backprop.sum.iter().map(Array2::dim);
        if self.sample_cost.len() == samples && sums.eq(network.theta.iter().map(Array2::dim)) {
            return;
        }
        let size = |l: usize| if l == 0 { network.theta[0].ncols() - 1 } else { network.theta[l - 1].nrows() };
        let rows = |l: usize| (samples, size(l));
        fit_all(&mut self.forward.z, (1..last + 1).map(rows));
        fit_all(&mut self.forward.a, (0..last + 1).map(|l| if l == 0 { (0, size(0)) } else { rows(l) }));
        fit_all(&mut self.slope, (1..last).map(rows));
        fit_all(&mut self.backprop.delta, (1..last + 1).map(rows));
        fit_all(&mut self.backprop.grad_a, (1..last).map(rows));
        fit_all(&mut self.backprop.sum, (1..last + 1).map(|l| (size(l), size(l - 1) + 1)));
        let mut memory = std::mem::replace(&mut self.sample_cost, Array1::zeros(0)).into_raw_vec_and_offset().0;
        memory.resize(samples, T::zero());
        self.sample_cost = Array1::from_vec(memory);
    }
}

/// Whether a net is so narrow that a batch is one piece of work, which is never made in parts.
pub fn is_narrow<T: Real>(network: &Network<T>) -> bool {
    narrow::fits(network, 16)
}

/// Rows of ΣΔ^(l), those of the units from `first` on that `to` has place for, over all parts of the batch with the features x.
pub fn sum_rows<T: Real>(
    parts: &[DensePass<T>],
    x: ArrayView2<T>,
    (l, first): (usize, usize),
    mut to: ArrayViewMut2<T>,
) {
    let (mut row, units) = (0, first..first + to.nrows());
    for (index, part) in parts.iter().enumerate() {
        let delta = &part.backprop.delta[l - 1];
        let a = if l == 1 { x.slice(s![row..row + delta.nrows(), ..]) } else { part.forward.a[l - 1].view() };
        row += delta.nrows();
        product::sum_columns(delta, first, to.column_mut(0), index > 0);
        let product = if index > 0 { product::add } else { product::set };
        product(delta.slice(s![.., units.clone()]).reversed_axes(), a, to.slice_mut(s![.., 1..])); // 3.1.1
    }
}

pass! {
    /// The products of numbers, one by one.
    Multiply<'a, T: Real> { one: &'a [T], other: &'a [T], to: &'a mut [T], } -> (),
    Multiply { one, other, to } => { times(one, other, to); }
}

/// The products of numbers, one by one.
fn multiply<T: Real>(one: &Array2<T>, other: &Array2<T>, to: &mut Array2<T>) {
    Arch::new().dispatch(Multiply { one: flat(one), other: flat(other), to: flat_mut(to) });
}

pass! {
    /// Σ (x − m)(y − n), in eight sums side by side.
    Products<'a, T: Real> { one: &'a [T], other: &'a [T], middle: (T, T), } -> T,
    Products { one, other, middle } => {
        let of = |x: T, y: T| (x - middle.0) * (y - middle.1);
        let ((ones, one), (others, other)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
        let mut sums = [T::zero(); 8];
        for (one, other) in ones.iter().zip(others) {
            sums.iter_mut().zip(one).zip(other).for_each(|((sum, &x), &y)| *sum += of(x, y));
        }
        let rest = one.iter().zip(other).fold(T::zero(), |sum, (&x, &y)| sum + of(x, y));
        sums.iter().fold(rest, |all, &sum| all + sum)
    }
}

/// Σ x y over two arrays of one shape, both stored row by row.
pub fn dot<T: Real>(one: &Array2<T>, other: &Array2<T>) -> T {
    let (one, other) = (flat(one), flat(other));
    Arch::new().dispatch(Products { one, other, middle: (T::zero(), T::zero()) })
}

/// Σ (x − middle)² over an array stored row by row.
pub fn squares_about<T: Real>(values: &Array2<T>, middle: T) -> T {
    let values = flat(values);
    Arch::new().dispatch(Products { one: values, other: values, middle: (middle, middle) })
}
