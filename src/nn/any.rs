//! A network of any kind in `f64`: what is looked at, whatever the trainer computes in.

use ndarray::Array2;

use super::fast::fit;
use super::model::Alone;
use super::subnormal::flushed;
use super::{Batch, Conditions, Model, Network, Output, Real, Recurrent, Symbol, Tensors, Weight, WeightName};

/// A network of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum AnyModel {
    /// A dense network.
    Dense(Network<f64>),
    /// A recurrent network.
    Recurrent(Recurrent<f64>),
}

/// The kinds of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Θ^(1) … Θ^(L−1), as `Network` has them.
    Dense,
    /// Θ^x, Θ^h and Θ^o, as `Recurrent` has them.
    Recurrent,
}

/// Does the same with a network, whatever its kind.
macro_rules! of_any {
    ($model:expr, $network:ident => $body:expr) => {
        match $model {
            $crate::nn::AnyModel::Dense($network) => $body,
            $crate::nn::AnyModel::Recurrent($network) => $body,
        }
    };
}
pub(crate) use of_any;

impl From<Network<f64>> for AnyModel {
    fn from(network: Network<f64>) -> Self {
        Self::Dense(network)
    }
}

impl From<Recurrent<f64>> for AnyModel {
    fn from(network: Recurrent<f64>) -> Self {
        Self::Recurrent(network)
    }
}

impl AnyModel {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Dense(_) => Kind::Dense,
            Self::Recurrent(_) => Kind::Recurrent,
        }
    }

    /// Becomes a dense network, in the memory of an older one.
    pub fn copy_dense<T: Real>(&mut self, from: &Network<T>) {
        if let Self::Dense(to) = self {
            copy_all(&mut to.theta, &from.theta);
            to.hidden.clone_from(&from.hidden);
            to.output = from.output;
        } else {
            let theta = from.theta.iter().map(|theta| theta.mapv(Real::f64)).collect();
            *self = Self::Dense(Network { theta, hidden: from.hidden.clone(), output: from.output });
        }
    }

    /// Becomes a recurrent network, in the memory of an older one.
    pub fn copy_recurrent<T: Real>(&mut self, from: &Recurrent<T>) {
        if let Self::Recurrent(to) = self {
            to.theta.iter_mut().zip(&from.theta).for_each(|(to, from)| copy(to, from));
            (to.cell, to.output, to.reads) = (from.cell, from.output, from.reads);
        } else {
            let theta = from.theta.each_ref().map(|theta| theta.mapv(Real::f64));
            *self = Self::Recurrent(Recurrent { cell: from.cell, theta, output: from.output, reads: from.reads });
        }
    }

    /// All Θ, in their order.
    pub fn parameters(&self) -> &[Array2<f64>] {
        of_any!(self, network => network.parameters())
    }

    /// The Θ of this number, counted from 1.
    pub fn theta(&self, l: usize) -> Option<&Array2<f64>> {
        self.parameters().get(l.checked_sub(1)?)
    }

    /// The units of its layers, the inputs first.
    pub fn sizes(&self) -> Vec<usize> {
        match self {
            Self::Dense(network) => network.sizes(),
            Self::Recurrent(network) => <[usize; 3]>::from(network.sizes()).into(),
        }
    }

    /// What the output layer computes, and its cost.
    pub fn output(&self) -> Output {
        of_any!(self, network => network.output)
    }

    /// How many weights all Θ have.
    pub fn cells(&self) -> usize {
        of_any!(self, network => Model::cells(network))
    }

    /// The numbers of the forward and the backward pass over a batch, made as those of an update are.
    pub fn pass(&self, batch: Batch<'_, f64>, conditions: &Conditions) -> Tensors {
        fn made<M: Model<f64>>(network: &M, batch: Batch<'_, f64>, conditions: &Conditions) -> Tensors {
            let (mut workspace, mut tensors) = (M::Workspace::default(), Tensors::default());
            flushed(|| network.make(batch, conditions, &mut Alone, &mut workspace));
            network.tensors((batch, batch.samples), &mut workspace, &mut tensors);
            tensors
        }
        of_any!(self, network => made(network, batch, conditions))
    }

    /// The symbol of one Θ.
    pub fn symbol(&self, index: usize) -> Symbol {
        of_any!(self, network => Model::symbol(network, index))
    }

    /// The name of one weight of a Θ that there is.
    pub fn weight_name(&self, weight: Weight) -> WeightName {
        of_any!(self, network => Model::weight_name(network, weight))
    }

    /// How many leading columns of one Θ are biases.
    pub fn biases(&self, index: usize) -> usize {
        of_any!(self, network => Model::biases(network, index))
    }
}

/// Copies matrices as `f64`, into the memory that is there.
fn copy_all<T: Real>(to: &mut Vec<Array2<f64>>, from: &[Array2<T>]) {
    to.resize_with(from.len(), || Array2::zeros((0, 0)));
    to.iter_mut().zip(from).for_each(|(to, from)| copy(to, from));
}

/// Copies a matrix as `f64`, into the memory that is there.
pub fn copy<T: Real>(to: &mut Array2<f64>, from: &Array2<T>) {
    fit(to, from.dim());
    to.zip_mut_with(from, |to, &from| *to = from.f64());
}
