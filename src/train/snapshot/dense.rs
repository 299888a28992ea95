//! A snapshot of a dense network, with its tensors by their letters.

use std::ops::Deref;
use std::sync::Arc;

use ndarray::{Array2, ArrayView1};

use super::Snapshot;
use crate::data::{Data, Prepared};
use crate::nn::dense::tensors::{A, COST, DELTA, GRAD_A, MASK, MEAN_DELTA, Y, Z};
use crate::nn::{AnyModel, Network};

/// A snapshot of a dense network of L layers. B counts the samples that it carries, at most 256.
#[derive(Clone, Copy, Debug)]
pub struct DenseView<'a> {
    /// All of it.
    pub snapshot: &'a Snapshot,
    /// Θ as it is now, with what the layers compute.
    pub network: &'a Network<f64>,
    /// The data.
    pub data: &'a Arc<Prepared>,
}

impl Snapshot {
    /// The snapshot as one of a dense network, if it is one.
    pub fn dense(&self) -> Option<DenseView<'_>> {
        match (&self.model, &self.data) {
            (AnyModel::Dense(network), Data::Rows(data)) => Some(DenseView { snapshot: self, network, data }),
            _ => None,
        }
    }
}

impl Deref for DenseView<'_> {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        self.snapshot
    }
}

impl<'a> DenseView<'a> {
    fn of(&self, symbol: &'static str, layer: usize) -> &'a Array2<f64> {
        self.snapshot.tensors.values(symbol, layer)
    }

    /// L, the input layer counted.
    pub fn depth(&self) -> usize {
        self.network.depth()
    }

    /// z^(l), B × S_l, l = 2 … L.
    pub fn z(&self, l: usize) -> &'a Array2<f64> {
        self.of(Z, l)
    }

    /// a^(l), B × S_l, l = 1 … L.
    pub fn a(&self, l: usize) -> &'a Array2<f64> {
        self.of(A, l)
    }

    /// r^(l) of a hidden layer, B × S_l, where there is dropout.
    pub fn mask(&self, l: usize) -> Option<&'a Array2<f64>> {
        self.snapshot.tensors.get(MASK, l).map(|tensor| &tensor.values)
    }

    /// The targets, B × K.
    pub fn y(&self) -> &'a Array2<f64> {
        self.of(Y, 0)
    }

    /// J^(b) of each sample (1.2.1).
    pub fn sample_cost(&self) -> ArrayView1<'a, f64> {
        self.of(COST, 0).column(0)
    }

    /// δ^(l), B × S_l, l = 2 … L.
    pub fn delta(&self, l: usize) -> &'a Array2<f64> {
        self.of(DELTA, l)
    }

    /// ∂J^(b)/∂a^(l), B × S_l, l = 2 … L−1 (2.3.3).
    pub fn grad_a(&self, l: usize) -> &'a Array2<f64> {
        self.of(GRAD_A, l)
    }

    /// Mean of |δ_j| over the whole batch, for each unit of layer l = 2 … L.
    pub fn mean_delta(&self, l: usize) -> ArrayView1<'a, f64> {
        self.of(MEAN_DELTA, l).row(0)
    }
}
