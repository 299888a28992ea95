//! The same forward pass, backward pass and update as the derivation's, in buffers that are reused and passes that vectorise.
//!
//! `Network::forward`, `Network::backward` and `Optimizer::update` are the reference: what is here computes the same to rounding,
//! and is tested against them. A step takes its products from `gemm`, which looks at the processor when it starts; all that is done
//! to each number between two products is one pass over memory. The passes are compiled for several processors, and the
//! one that fits is taken as the program runs.

pub mod lanes;
mod output;
mod product;
mod update;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};
use pulp::Arch;

use super::{Activation, Backprop, Forward, Network, Real, Regularisation};

pub use update::{Rule, update};

/// The numbers of one pass over a batch; the memory serves every batch that is no larger than the largest so far.
#[derive(Clone, Debug)]
pub struct Pass<T> {
    /// z and a; a^(1) stays empty, since x is read where it is.
    pub forward: Forward<T>,
    /// δ, ∂J/∂a and ΣΔ; D stays empty, since it is ΣΔ/B.
    pub backprop: Backprop<T>,
    /// J^(b) of each sample.
    pub sample_cost: Array1<T>,
    /// g'(z^(2)) … g'(z^(L−1)).
    slope: Vec<Array2<T>>,
    /// A number for each unit of a layer, for a moment.
    row: Vec<T>,
}

impl<T: Real> Default for Pass<T> {
    fn default() -> Self {
        let forward = Forward { z: Vec::new(), a: Vec::new(), mask: Vec::new() };
        let backprop = Backprop { delta: Vec::new(), back: Vec::new(), sum: Vec::new(), d: Vec::new() };
        Self { forward, backprop, sample_cost: Array1::zeros(0), slope: Vec::new(), row: Vec::new() }
    }
}

impl<T: Real> Pass<T> {
    /// Computes everything of a batch: x is B × S_1, y is B × K; with dropout a mask for each hidden layer, else none.
    pub fn make(&mut self, network: &Network<T>, (x, y): (ArrayView2<T>, ArrayView2<T>), mask: Vec<Array2<T>>) {
        self.forward.mask = mask;
        self.fit(network, x.nrows());
        for l in 1..network.depth() {
            let (before, after) = self.forward.a.split_at_mut(l);
            let a = if l == 1 { x } else { before[l - 1].view() };
            let z = &mut self.forward.z[l - 1];
            spread(network.theta(l).column(0), z, &mut self.row);
            product::add(a, network.theta(l).slice(s![.., 1..]).t(), z.view_mut()); // 1.1.2
            match network.hidden.get(l - 1) {
                Some(&g) => {
                    activate(g, z, &mut after[0], &mut self.slope[l - 1]); // 1.1.3, 2.5.6
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
        self.go_back(network, x);
    }

    fn go_back(&mut self, network: &Network<T>, x: ArrayView2<T>) {
        let Backprop { delta, back, sum, .. } = &mut self.backprop;
        for l in (1..network.depth()).rev() {
            let (before, after) = delta.split_at_mut(l - 1);
            if let Some(delta) = before.last_mut() {
                let back = &mut back[l - 2];
                product::set(after[0].view(), network.theta(l).slice(s![.., 1..]), back.view_mut()); // 2.3.3
                multiply(back, &self.slope[l - 2], delta); // 2.5.8
            }
            let a = if l == 1 { x } else { self.forward.a[l - 1].view() };
            let sum = &mut sum[l - 1];
            self.row.resize(after[0].ncols(), T::zero());
            product::sum_rows(flat(&after[0]), &mut self.row);
            sum.column_mut(0).iter_mut().zip(&self.row).for_each(|(sum, &bias)| *sum = bias);
            product::set(after[0].t(), a, sum.slice_mut(s![.., 1..])); // 3.1.1
        }
    }

    /// Gives every buffer the size that it has for so many samples.
    fn fit(&mut self, network: &Network<T>, samples: usize) {
        let last = network.theta.len();
        let size = |l: usize| if l == 0 { network.theta[0].ncols() - 1 } else { network.theta[l - 1].nrows() };
        let rows = |l: usize| (samples, size(l));
        fit_all(&mut self.forward.z, (1..last + 1).map(rows));
        fit_all(&mut self.forward.a, (0..last + 1).map(|l| if l == 0 { (0, size(0)) } else { rows(l) }));
        fit_all(&mut self.slope, (1..last).map(rows));
        fit_all(&mut self.backprop.delta, (1..last + 1).map(rows));
        fit_all(&mut self.backprop.back, (1..last).map(rows));
        fit_all(&mut self.backprop.sum, (1..last + 1).map(|l| (size(l), size(l - 1) + 1)));
        if self.sample_cost.len() != samples {
            let mut memory = std::mem::replace(&mut self.sample_cost, Array1::zeros(0)).into_raw_vec_and_offset().0;
            memory.resize(samples, T::zero());
            self.sample_cost = Array1::from_vec(memory);
        }
    }
}

/// As many arrays of these shapes, in the memory that is there where it is enough.
fn fit_all<T: Real>(arrays: &mut Vec<Array2<T>>, shapes: impl ExactSizeIterator<Item = (usize, usize)>) {
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
fn spread<T: Real>(row: ArrayView1<T>, to: &mut Array2<T>, place: &mut Vec<T>) {
    place.clear();
    place.extend(row.iter());
    flat_mut(to).chunks_exact_mut(place.len().max(1)).for_each(|to| to.copy_from_slice(place));
}

/// What an array holds, row by row; arrays of a pass are always stored so.
fn flat<T>(array: &Array2<T>) -> &[T] {
    array.as_slice().expect("it is stored row by row")
}

fn flat_mut<T>(array: &mut Array2<T>) -> &mut [T] {
    array.as_slice_mut().expect("it is stored row by row")
}

/// A pass over memory that is compiled for several processors: all that it calls must be inlined, or it is not.
macro_rules! pass {
    ($(#[$doc:meta])* $name:ident<$($life:lifetime,)? $($kind:ident: $bound:path),*> { $($field:ident: $type:ty,)* } -> $output:ty, $all:pat => $body:block) => {
        $(#[$doc])*
        struct $name<$($life,)? $($kind: $bound),*> { $($field: $type,)* }

        impl<$($life,)? $($kind: $bound),*> pulp::NullaryFnOnce for $name<$($life,)? $($kind),*> {
            type Output = $output;

            #[inline(always)]
            fn call(self) -> $output {
                let $all = self;
                $body
            }
        }
    };
}
use pass;

/// Two numbers of each one.
trait Pair<T> {
    fn of(&self, z: T) -> (T, T);
}

/// g(z) and g'(z).
struct Sigmoid;
struct Tanh;
struct Relu;

impl<T: Real> Pair<T> for Sigmoid {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        let (a, rest, _) = lanes::logistic(z);
        (a, a * rest)
    }
}

impl<T: Real> Pair<T> for Tanh {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        let a = lanes::tanh(z);
        (a, (T::one() - a) * (T::one() + a))
    }
}

impl<T: Real> Pair<T> for Relu {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        if z > T::zero() { (z, T::one()) } else { (T::zero(), T::zero()) }
    }
}

/// The others as the reference has them.
impl<T: Real> Pair<T> for Activation {
    #[inline(always)]
    fn of(&self, z: T) -> (T, T) {
        (self.g(z), self.g_prime(z))
    }
}

pass! {
    /// Two numbers of each one, in two arrays.
    Each<'a, T: Real, P: Pair<T>> { pair: P, from: &'a [T], one: &'a mut [T], other: &'a mut [T], } -> (),
    Each { pair, from, one, other } => {
        for ((&from, one), other) in from.iter().zip(one).zip(other) {
            (*one, *other) = pair.of(from);
        }
    }
}

/// g(z) and g'(z) of a hidden layer.
fn activate<T: Real>(g: Activation, z: &Array2<T>, a: &mut Array2<T>, slope: &mut Array2<T>) {
    let (from, one, other) = (flat(z), flat_mut(a), flat_mut(slope));
    match g {
        Activation::Sigmoid => Arch::new().dispatch(Each { pair: Sigmoid, from, one, other }),
        Activation::Tanh => Arch::new().dispatch(Each { pair: Tanh, from, one, other }),
        Activation::Relu => Arch::new().dispatch(Each { pair: Relu, from, one, other }),
        _ => Arch::new().dispatch(Each { pair: g, from, one, other }),
    }
}

pass! {
    /// The products of numbers, one by one.
    Multiply<'a, T: Real> { one: &'a [T], other: &'a [T], to: &'a mut [T], } -> (),
    Multiply { one, other, to } => {
        for ((&one, &other), to) in one.iter().zip(other).zip(to) {
            *to = one * other;
        }
    }
}

pass! {
    /// Numbers added to others, one by one.
    Add<'a, T: Real> { to: &'a mut [T], more: &'a [T], } -> (),
    Add { to, more } => {
        for (to, &more) in to.iter_mut().zip(more) {
            *to += more;
        }
    }
}

/// Adds one array to another, both stored row by row.
pub fn add<T: Real>(to: &mut Array2<T>, more: &Array2<T>) {
    Arch::new().dispatch(Add { to: flat_mut(to), more: flat(more) });
}

/// The products of numbers, one by one.
fn multiply<T: Real>(one: &Array2<T>, other: &Array2<T>, to: &mut Array2<T>) {
    Arch::new().dispatch(Multiply { one: flat(one), other: flat(other), to: flat_mut(to) });
}

pass! {
    /// The sum over weights of what a penalty makes of each, in eight sums side by side.
    Sum<'a, T: Real> { rule: &'a Regularisation, weights: &'a [T], } -> f64,
    Sum { rule, weights } => {
        let (eights, rest) = weights.as_chunks::<8>();
        let mut sums = [0.0; 8];
        for eight in eights {
            sums.iter_mut().zip(eight).for_each(|(sum, &weight)| *sum += rule.of_weight(weight.f64()));
        }
        sums.iter().sum::<f64>() + rest.iter().map(|&weight| rule.of_weight(weight.f64())).sum::<f64>()
    }
}

/// What the weights of a row put into the sum that λ/m multiplies.
pub fn sum<T: Real>(rule: &Regularisation, weights: &[T]) -> f64 {
    Arch::new().dispatch(Sum { rule, weights })
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
