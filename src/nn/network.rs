//! A dense network: the forward pass, and directly below it the backward pass.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, Zip, linalg::general_mat_mul, s};

use super::{Activation, Output, Real};

/// The weights of a dense network of L layers and what its layers compute.
#[derive(Clone, Debug, PartialEq)]
pub struct Network<T> {
    /// Θ^(1) … Θ^(L−1), each S_{l+1} × (S_l + 1) with the bias in column 0.
    pub theta: Vec<Array2<T>>,
    /// Activation of layers 2 … L−1, one each.
    pub hidden: Vec<Activation>,
    /// Activation and cost of layer L.
    pub output: Output,
}

/// Which weight of a network; `Model::weight_name` says what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// The number of its Θ, counted from 1: of a dense network the layer l that it leads from.
    pub l: usize,
    /// Its row, counted from 0: of a dense network unit j of layer l+1.
    pub j: usize,
    /// Its column, counted from 0, the columns of biases counted with.
    pub i: usize,
}

/// What a forward pass over B samples computes; each array has one row a sample, no bias unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forward<T> {
    /// z^(2) … z^(L), each B × S_l.
    pub z: Vec<Array2<T>>,
    /// a^(1) … a^(L), each B × S_l; the first is x, the last is h.
    pub a: Vec<Array2<T>>,
    /// With dropout r^(2) … r^(L−1), each B × S_l: what g(z) was multiplied by, 0 for a unit left out; else none.
    pub mask: Vec<Array2<T>>,
}

/// What a backward pass over B samples computes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backprop<T> {
    /// δ^(2) … δ^(L), each B × S_l, one row a sample: never divided by B, never with the penalty.
    pub delta: Vec<Array2<T>>,
    /// ∂J^(b)/∂a^(2) … ∂J^(b)/∂a^(L−1), each B × S_l: what comes back into a hidden layer, before g' lets it through (2.3.3).
    pub grad_a: Vec<Array2<T>>,
    /// ΣΔ^(1) … ΣΔ^(L−1) over the B samples, shaped like Θ.
    pub sum: Vec<Array2<T>>,
    /// D^(1) … D^(L−1) = ΣΔ/B, the gradient of the data term alone.
    pub d: Vec<Array2<T>>,
}

impl<T> Forward<T> {
    /// z^(l), l = 2 … L.
    pub fn z(&self, l: usize) -> &Array2<T> {
        &self.z[l - 2]
    }

    /// a^(l), l = 1 … L.
    pub fn a(&self, l: usize) -> &Array2<T> {
        &self.a[l - 1]
    }

    /// r^(l) of a hidden layer, where there is dropout.
    pub fn mask(&self, l: usize) -> Option<&Array2<T>> {
        self.mask.get(l.checked_sub(2)?)
    }

    /// h = a^(L).
    pub fn h(&self) -> &Array2<T> {
        self.a.last().expect("a network has an output layer")
    }
}

impl<T> Backprop<T> {
    /// δ^(l), l = 2 … L.
    pub fn delta(&self, l: usize) -> &Array2<T> {
        &self.delta[l - 2]
    }

    /// ∂J^(b)/∂a^(l), l = 2 … L−1.
    pub fn grad_a(&self, l: usize) -> &Array2<T> {
        &self.grad_a[l - 2]
    }

    /// D^(l), l = 1 … L−1.
    pub fn d(&self, l: usize) -> &Array2<T> {
        &self.d[l - 1]
    }
}

impl<T: Real> Network<T> {
    /// L, the input layer counted.
    pub fn depth(&self) -> usize {
        self.theta.len() + 1
    }

    /// S_1 … S_L.
    pub fn sizes(&self) -> Vec<usize> {
        let inputs = self.theta.first().map(|theta| theta.ncols() - 1);
        inputs.into_iter().chain(self.theta.iter().map(Array2::nrows)).collect()
    }

    /// Θ^(l), l = 1 … L−1.
    pub fn theta(&self, l: usize) -> &Array2<T> {
        &self.theta[l - 1]
    }

    /// The forward pass over the rows of x, B × S_1.
    pub fn forward(&self, x: ArrayView2<T>) -> Forward<T> {
        self.forward_with(x, Vec::new())
    }

    /// The forward pass with dropout: a mask for each hidden layer, B × S_l, or none at all.
    pub fn forward_with(&self, x: ArrayView2<T>, mask: Vec<Array2<T>>) -> Forward<T> {
        let mut forward = Forward { z: Vec::with_capacity(self.theta.len()), a: vec![x.to_owned()], mask }; // 1.1.1
        for l in 1..self.depth() {
            let z = weighted_input(self.theta(l), forward.a(l)); // 1.1.2
            let mut a = self.activate(l + 1, &z); // 1.1.3, 1.1.7
            if let Some(mask) = forward.mask(l + 1) {
                a.zip_mut_with(mask, |a, &r| *a *= r); // 3.2 dropout
            }
            forward.z.push(z);
            forward.a.push(a);
        }
        forward
    }

    /// The backward pass after a forward pass over the same samples; y is B × K.
    pub fn backward(&self, forward: &Forward<T>, y: ArrayView2<T>) -> Backprop<T> {
        let last = self.depth();
        let mut delta = vec![self.output.delta(forward.z(last), forward.h(), y)]; // 2.4.6
        let mut grad_a = Vec::with_capacity(self.hidden.len());
        for l in (2..last).rev() {
            let next = delta.last().expect("δ^(L) stands there");
            let of_layer = next.dot(&self.theta(l).slice(s![.., 1..])); // 2.3.3
            let g = self.hidden[l - 2];
            let mut of_units = Zip::from(&of_layer).and(forward.z(l)).map_collect(|&grad_a, &z| grad_a * g.g_prime(z)); // 2.5.8
            if let Some(mask) = forward.mask(l) {
                of_units.zip_mut_with(mask, |delta, &r| *delta *= r); // 3.2 dropout
            }
            delta.push(of_units);
            grad_a.push(of_layer);
        }
        delta.reverse();
        grad_a.reverse();
        let sum: Vec<_> = (1..last).map(|l| sum_of_products(&delta[l - 1], forward.a(l))).collect();
        let samples = T::of(y.nrows() as f64);
        let d = sum.iter().map(|sum| sum.mapv(|entry| entry / samples)).collect(); // 3.1.2
        Backprop { delta, grad_a, sum, d }
    }

    /// J^(b) of each of the B samples (1.2.1) after a forward pass over them.
    pub fn cost(&self, forward: &Forward<T>, y: ArrayView2<T>) -> Array1<T> {
        self.output.cost(forward.z(self.depth()), forward.h(), y)
    }

    /// a^(l) from z^(l), l = 2 … L; both B × S_l.
    pub fn activate(&self, l: usize, z: &Array2<T>) -> Array2<T> {
        match self.hidden.get(l - 2) {
            Some(g) => z.mapv(|z| g.g(z)),
            None => self.output.activate(z),
        }
    }
}

/// z^(l+1) = Θ^(l) [1; a^(l)] (1.1.2) for every row of a: B × S_l in, B × S_{l+1} out.
pub fn weighted_input<T: Real>(theta: &Array2<T>, a: &Array2<T>) -> Array2<T> {
    let bias = theta.column(0);
    let mut z = Array2::from_shape_fn((a.nrows(), theta.nrows()), |(_, j)| bias[j]);
    general_mat_mul(T::one(), a, &theta.slice(s![.., 1..]).t(), T::one(), &mut z);
    z
}

/// ΣΔ^(l) = Σ_b δ^(l+1) [1; a^(l)]ᵀ (3.1.1), S_{l+1} × (S_l + 1).
fn sum_of_products<T: Real>(delta: &Array2<T>, a: &Array2<T>) -> Array2<T> {
    let mut sum = Array2::zeros((delta.ncols(), a.ncols() + 1));
    sum.column_mut(0).assign(&delta.sum_axis(Axis(0)));
    general_mat_mul(T::one(), &delta.t(), a, T::zero(), &mut sum.slice_mut(s![.., 1..]));
    sum
}

/// The output unit that answers: the one with the largest h, the first of equals.
pub fn answer<T: Real>(h: ArrayView1<T>) -> usize {
    h.iter().enumerate().fold(0, |best, (k, &h_k)| if h_k > h[best] { k } else { best })
}

/// Whether h gives the class that y names; a single output unit answers with h ≥ ½.
pub fn is_right<T: Real>(h: ArrayView1<T>, y: ArrayView1<T>) -> bool {
    if h.len() == 1 {
        let half = T::of(0.5);
        return (h[0] >= half) == (y[0] >= half);
    }
    answer(h) == answer(y)
}
