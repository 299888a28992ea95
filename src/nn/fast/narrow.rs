//! A pass over a net of narrow layers: rows of W numbers, padded, and no calls.
//!
//! The units of a sample stand side by side, so that what is done to them is a few instructions; only what goes into the output
//! layer and comes out of it leaves this form.

use ndarray::{Array1, Array2, ArrayView2};
use pulp::{Arch, NullaryFnOnce};

use super::array::{flat, flat_mut};
use super::kernel::times;
use super::{activate, output};
use crate::nn::{Backprop, Forward, Network, Real};

/// Inputs up to which a net is narrow; each costs a row of weights.
const INPUTS: usize = 64;

/// The units of every sample, or the weights of every unit.
type PaddedRows<T, const W: usize> = Vec<[T; W]>;

/// The weights of a net and the hidden layers of a batch, in rows.
#[derive(Clone, Debug)]
pub(super) struct Narrow<T, const W: usize> {
    /// Of each Θ^(l) its columns: the biases, then the weights from each unit before.
    columns: Vec<PaddedRows<T, W>>,
    /// Of Θ^(2) … Θ^(L−1) the rows without their bias.
    rows: Vec<[[T; W]; W]>,
    hidden: Vec<Hidden<T, W>>,
    /// z^(L).
    last: PaddedRows<T, W>,
    /// ΣΔ^(1) by columns, as Θ^(1) is.
    sums: PaddedRows<T, W>,
}

/// One hidden layer: z, a, g'(z), ∂J/∂a and δ of every sample.
#[derive(Clone, Debug)]
struct Hidden<T, const W: usize> {
    z: PaddedRows<T, W>,
    a: PaddedRows<T, W>,
    slope: PaddedRows<T, W>,
    grad_a: PaddedRows<T, W>,
    delta: PaddedRows<T, W>,
}

/// Where the numbers of a pass are put that are not a hidden layer's.
pub(super) struct NarrowTargets<'a, T> {
    pub(super) z: &'a mut Array2<T>,
    pub(super) h: &'a mut Array2<T>,
    pub(super) delta: &'a mut Array2<T>,
    pub(super) sample_cost: &'a mut Array1<T>,
    pub(super) sum: &'a mut [Array2<T>],
}

/// Whether the layers of a net fit in rows of so many, and the processor multiplies and adds in one instruction.
pub(super) fn fits<T: Real>(network: &Network<T>, width: usize) -> bool {
    #[cfg(target_arch = "x86_64")]
    if pulp::x86::V3::try_new().is_none() {
        return false;
    }
    let inputs = network.theta[0].ncols() - 1;
    network.theta.len() > 1 && inputs <= INPUTS && network.theta.iter().all(|theta| theta.nrows() <= width)
}

impl<T: Real, const W: usize> Default for Narrow<T, W> {
    fn default() -> Self {
        Self { columns: Vec::new(), rows: Vec::new(), hidden: Vec::new(), last: Vec::new(), sums: Vec::new() }
    }
}

impl<T: Real, const W: usize> Narrow<T, W> {
    /// Makes a pass: z^(L), h, δ^(L), J^(b) and ΣΔ are put where they belong, what the hidden layers compute stays here.
    pub(super) fn make(
        &mut self,
        network: &Network<T>,
        (x, y): (ArrayView2<T>, ArrayView2<T>),
        to: NarrowTargets<'_, T>,
    ) {
        let x = x.to_slice().expect("samples are stored row by row");
        let NarrowTargets { z, h, delta, sample_cost, sum } = to;
        dispatch(GoOn { narrow: self, network, x, z });
        output::make(network.output, (z, y), (h, delta, sample_cost)); // 1.1.7, 1.2.1, 2.4.6
        dispatch(GoBack { narrow: self, x, delta, sum });
    }

    /// Puts what the hidden layers computed where it is of any other net.
    pub(super) fn unpack(&self, forward: &mut Forward<T>, backprop: &mut Backprop<T>) {
        for (index, hidden) in self.hidden.iter().enumerate() {
            let arrays = [
                &mut forward.z[index],
                &mut forward.a[index + 1],
                &mut backprop.grad_a[index],
                &mut backprop.delta[index],
            ];
            for (array, rows) in arrays.into_iter().zip([&hidden.z, &hidden.a, &hidden.grad_a, &hidden.delta]) {
                take(rows, array);
            }
        }
    }
}

/// Runs a pass; on x86 in 256 bits, which rows of 8 fill.
fn dispatch<P: NullaryFnOnce>(pass: P) -> P::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(v3) = pulp::x86::V3::try_new() {
        return v3.vectorize(pass);
    }
    Arch::new().dispatch(pass)
}

/// From x to z^(L).
struct GoOn<'a, T, const W: usize> {
    narrow: &'a mut Narrow<T, W>,
    network: &'a Network<T>,
    x: &'a [T],
    z: &'a mut Array2<T>,
}

impl<T: Real, const W: usize> NullaryFnOnce for GoOn<'_, T, W> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { narrow, network, x, z } = self;
        narrow.fit(network, z.nrows());
        let Narrow { columns, rows, hidden, last, .. } = narrow;
        for (columns, theta) in columns.iter_mut().zip(&network.theta) {
            put_columns(theta, columns);
        }
        for (rows, theta) in rows.iter_mut().zip(&network.theta[1..]) {
            put_rows(theta, rows);
        }
        let inputs = network.theta[0].ncols() - 1;
        for (index, &g) in network.hidden.iter().enumerate() {
            let (before, after) = hidden.split_at_mut(index);
            let Hidden { z, a, slope, .. } = &mut after[0];
            match before.last() {
                Some(before) => weigh(&before.a, &columns[index], z), // 1.1.2
                None => weigh_inputs(x.chunks_exact(inputs), &columns[0], z),
            }
            activate::each(g, z.as_flattened(), (a.as_flattened_mut(), slope.as_flattened_mut())); // 1.1.3, 2.5.6
        }
        let before = hidden.last().expect("a net with hidden layers");
        weigh(&before.a, columns.last().expect("as many as layers"), last);
        take(last, z);
    }
}

/// From δ^(L) to ΣΔ^(1).
struct GoBack<'a, T, const W: usize> {
    narrow: &'a mut Narrow<T, W>,
    x: &'a [T],
    delta: &'a Array2<T>,
    sum: &'a mut [Array2<T>],
}

impl<T: Real, const W: usize> NullaryFnOnce for GoBack<'_, T, W> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { narrow: Narrow { rows, hidden, last, sums, .. }, x, delta, sum } = self;
        let (first, sum) = sum.split_first_mut().expect("a net with hidden layers");
        put(delta, last);
        for (index, sum) in sum.iter_mut().enumerate().rev() {
            let (before, after) = hidden.split_at_mut(index + 1);
            let delta = after.first().map_or(&*last, |after| &after.delta);
            let Hidden { a, slope, grad_a, delta: to, .. } = &mut before[index];
            let (bias, sums) = pair(delta, a); // 3.1.1
            put_back((&bias, &sums), sum);
            weigh_back(delta, &rows[index][..sum.nrows()], grad_a); // 2.3.3
            times(grad_a.as_flattened(), slope.as_flattened(), to.as_flattened_mut()); // 2.5.8
        }
        let delta = &hidden[0].delta;
        let inputs = first.ncols() - 1;
        pair_inputs(x.chunks_exact(inputs), delta, sums);
        for (j, row) in flat_mut(first).chunks_exact_mut(inputs + 1).enumerate() {
            for (to, column) in row.iter_mut().zip(&*sums) {
                *to = column[j];
            }
        }
    }
}

impl<T: Real, const W: usize> Narrow<T, W> {
    /// Gives every row its place.
    #[inline(always)]
    fn fit(&mut self, network: &Network<T>, samples: usize) {
        let zeros = [T::zero(); W];
        self.columns.resize_with(network.theta.len(), Vec::new);
        self.rows.resize(network.theta.len() - 1, [zeros; W]);
        self.hidden.truncate(network.hidden.len());
        while self.hidden.len() < network.hidden.len() {
            let [z, a, slope, grad_a, delta] = [(); 5].map(|()| Vec::new());
            self.hidden.push(Hidden { z, a, slope, grad_a, delta });
        }
        let inputs = network.theta[0].ncols() - 1;
        for (index, columns) in self.columns.iter_mut().enumerate() {
            columns.resize(network.theta[index].ncols(), zeros);
        }
        self.sums.resize(inputs + 1, zeros);
        self.last.resize(samples, zeros);
        for Hidden { z, a, slope, grad_a, delta } in &mut self.hidden {
            [z, a, slope, grad_a, delta].into_iter().for_each(|rows| rows.resize(samples, zeros));
        }
    }
}

/// The columns of a matrix as rows.
#[inline(always)]
fn put_columns<T: Real, const W: usize>(theta: &Array2<T>, columns: &mut [[T; W]]) {
    let (theta, apart) = (flat(theta), theta.ncols());
    for (i, column) in columns[..apart].iter_mut().enumerate() {
        for (to, &weight) in column.iter_mut().zip(theta[i..].iter().step_by(apart)) {
            *to = weight;
        }
    }
}

/// The rows of a matrix without their first number.
#[inline(always)]
fn put_rows<T: Real, const W: usize>(theta: &Array2<T>, rows: &mut [[T; W]]) {
    for (row, from) in rows.iter_mut().zip(flat(theta).chunks_exact(theta.ncols())) {
        for (to, &weight) in row.iter_mut().zip(&from[1..]) {
            *to = weight;
        }
    }
}

/// The way back: a matrix from its first column and the rest of its rows.
#[inline(always)]
fn put_back<T: Real, const W: usize>((bias, rows): (&[T; W], &[[T; W]]), sum: &mut Array2<T>) {
    let columns = sum.ncols();
    for ((to, row), &bias) in flat_mut(sum).chunks_exact_mut(columns).zip(rows).zip(bias) {
        to[0] = bias;
        for (to, &sum) in to[1..].iter_mut().zip(row) {
            *to = sum;
        }
    }
}

/// The rows of an array, padded.
#[inline(always)]
fn put<T: Real, const W: usize>(array: &Array2<T>, rows: &mut [[T; W]]) {
    for (row, from) in rows.iter_mut().zip(flat(array).chunks_exact(array.ncols())) {
        for (to, &number) in row.iter_mut().zip(from) {
            *to = number;
        }
    }
}

/// The first numbers of every row, as many as the array has columns.
#[inline(always)]
fn take<T: Real, const W: usize>(rows: &[[T; W]], array: &mut Array2<T>) {
    let units = array.ncols();
    for (to, row) in flat_mut(array).chunks_exact_mut(units).zip(rows) {
        for (to, &number) in to.iter_mut().zip(row) {
            *to = number;
        }
    }
}

/// For each sample the first row of weights and the sum of the others, each times a number of the sample's.
#[inline(always)]
fn weigh<T: Real, const W: usize>(samples: &[[T; W]], weights: &[[T; W]], to: &mut [[T; W]]) {
    let (bias, weights) = weights.split_first().expect("a bias");
    for (numbers, to) in samples.iter().zip(to) {
        *to = weighed(*bias, numbers, weights);
    }
}

/// The same without a first row.
#[inline(always)]
fn weigh_back<T: Real, const W: usize>(samples: &[[T; W]], weights: &[[T; W]], to: &mut [[T; W]]) {
    for (numbers, to) in samples.iter().zip(to) {
        *to = weighed([T::zero(); W], numbers, weights);
    }
}

/// The same for inputs, which may be more or fewer.
#[inline(always)]
fn weigh_inputs<'a, T: Real, const W: usize>(
    samples: impl Iterator<Item = &'a [T]>,
    weights: &[[T; W]],
    to: &mut [[T; W]],
) {
    let (bias, weights) = weights.split_first().expect("a bias");
    for (numbers, to) in samples.zip(to) {
        *to = weighed(*bias, numbers, weights);
    }
}

#[inline(always)]
fn weighed<T: Real, const W: usize>(bias: [T; W], numbers: &[T], weights: &[[T; W]]) -> [T; W] {
    let mut sums = bias;
    for (weights, &number) in weights.iter().zip(numbers) {
        sums = plus(sums, number, weights);
    }
    sums
}

/// The sum over the samples, and for each of their numbers the sum of it times their row.
#[inline(always)]
fn pair<T: Real, const W: usize>(samples: &[[T; W]], rows: &[[T; W]]) -> ([T; W], [[T; W]; W]) {
    let (mut bias, mut sums) = ([T::zero(); W], [[T::zero(); W]; W]);
    for (numbers, row) in samples.iter().zip(rows) {
        bias = plus(bias, T::one(), numbers);
        for (sum, &number) in sums.iter_mut().zip(numbers) {
            *sum = plus(*sum, number, row);
        }
    }
    (bias, sums)
}

/// The sum over the rows, and after it for each input the sum of it times the sample's row.
#[inline(always)]
fn pair_inputs<'a, T: Real, const W: usize>(
    samples: impl Iterator<Item = &'a [T]>,
    rows: &[[T; W]],
    sums: &mut [[T; W]],
) {
    sums.fill([T::zero(); W]);
    for (numbers, row) in samples.zip(rows) {
        let (bias, sums) = sums.split_first_mut().expect("a bias");
        *bias = plus(*bias, T::one(), row);
        for (sum, &number) in sums.iter_mut().zip(numbers) {
            *sum = plus(*sum, number, row);
        }
    }
}

/// One row and a multiple of another.
#[inline(always)]
fn plus<T: Real, const W: usize>(sums: [T; W], number: T, row: &[T; W]) -> [T; W] {
    std::array::from_fn(|unit| number.mul_add(row[unit], sums[unit]))
}
