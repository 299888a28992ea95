//! What the passes through time compute, forwards and back.

use ndarray::{Array1, Array2, ArrayView2, s};

use crate::nn::Real;

/// The state before the first step, B × H each; c is the LSTM's, else empty.
#[derive(Clone, Debug, PartialEq)]
pub struct RecurrentState<T> {
    /// h_0.
    pub h: Array2<T>,
    /// c_0.
    pub c: Array2<T>,
}

/// What a forward pass over B sequences of T steps computes. Every array has a row for each step and sample, the B rows of a step
/// behind each other; h and c have a step more, that before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct BpttForward<T> {
    /// B.
    pub samples: usize,
    /// x_1 … x_T.
    pub x: Array2<T>,
    /// Θ^x [1; x_t], and for a plain cell and an LSTM what comes from h_{t−1} as well: the weighted input.
    pub z: Array2<T>,
    /// Θ^h [1; h_{t−1}] of a GRU, else empty.
    pub recurrent: Array2<T>,
    /// The gates after their activation; g'(z) for a plain cell.
    pub gate: Array2<T>,
    /// h_0 … h_T.
    pub h: Array2<T>,
    /// c_0 … c_T of an LSTM, else empty.
    pub c: Array2<T>,
    /// tanh c_1 … tanh c_T of an LSTM, else empty.
    pub tanh_c: Array2<T>,
    /// The output layer's z at the steps that are read.
    pub z_o: Array2<T>,
}

/// What a backward pass computes, in rows as those of `BpttForward`.
#[derive(Clone, Debug, PartialEq)]
pub struct BpttBackward<T> {
    /// o at the steps that are read.
    pub o: Array2<T>,
    /// J_t^(b) there; J^(b) is the sum over t.
    pub cost: Array1<T>,
    /// δ^o = ∂J^(b)/∂z^o there.
    pub delta_o: Array2<T>,
    /// ∂J^(b)/∂h_0 … ∂J^(b)/∂h_T.
    pub grad_h: Array2<T>,
    /// The part of it that came from the step after: what is left once the output's own part is taken off; 0 where it is cut off.
    pub grad_h_next: Array2<T>,
    /// ∂J^(b)/∂c_0 … ∂J^(b)/∂c_T of an LSTM, else empty.
    pub grad_c: Array2<T>,
    /// δ_t: what is multiplied by [1; x_t] in ΣΔ^x.
    pub delta: Array2<T>,
    /// What is multiplied by [1; h_{t−1}] in ΣΔ^h of a GRU, else empty, since it is δ_t.
    pub delta_h: Array2<T>,
    /// ΣΔ^x, ΣΔ^h, ΣΔ^o over all samples and steps, shaped like Θ.
    pub sum: [Array2<T>; 3],
}

impl<T: Real> Default for BpttForward<T> {
    fn default() -> Self {
        let [x, z, recurrent, gate, h, c, tanh_c, z_o] = [(); 8].map(|()| Array2::zeros((0, 0)));
        Self { samples: 0, x, z, recurrent, gate, h, c, tanh_c, z_o }
    }
}

impl<T: Real> Default for BpttBackward<T> {
    fn default() -> Self {
        let [o, delta_o, grad_h, grad_h_next, grad_c, delta, delta_h] = [(); 7].map(|()| Array2::zeros((0, 0)));
        let sum = [(); 3].map(|()| Array2::zeros((0, 0)));
        Self { o, cost: Array1::zeros(0), delta_o, grad_h, grad_h_next, grad_c, delta, delta_h, sum }
    }
}

impl<T> BpttForward<T> {
    /// T.
    pub fn steps(&self) -> usize {
        self.x.nrows() / self.samples.max(1)
    }

    /// The rows of a step of an array; of h and c step 0 is the state before the first, of the others it is the first.
    pub fn at<'a>(&self, array: &'a Array2<T>, step: usize) -> ArrayView2<'a, T> {
        array.slice(s![step * self.samples..(step + 1) * self.samples, ..])
    }
}
