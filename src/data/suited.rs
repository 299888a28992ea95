//! The options with which a set that the program carries or makes learns and is worth watching.

use crate::nn::{Activation, Optimizer, Output};

/// A set's own options, which hold unless a flag, a `--config` file or a weights file says otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suited {
    /// Sizes of the hidden layers; of a recurrent network its one layer.
    pub layers: &'static [usize],
    /// Activation of the hidden layers.
    pub activation: Activation,
    /// Output activation and cost.
    pub output: Output,
    /// The rule of the updates.
    pub optimizer: Optimizer,
    /// Learning rate α.
    pub alpha: f64,
    /// Regularisation strength λ.
    pub lambda: f64,
    /// Samples in an update.
    pub batch: usize,
}

/// The derivation's own options: sigmoids, plain gradient descent, and a penalty.
pub(super) const PLAIN: Suited = Suited {
    layers: &[25],
    activation: Activation::Sigmoid,
    output: Output::Sigmoid,
    optimizer: Optimizer::GradientDescent,
    alpha: 0.5,
    lambda: 1.0,
    batch: 32,
};

/// What small sets in the plane begin from: a layer of tanh units, Adam, and no penalty.
pub(super) const PLANE: Suited = Suited {
    layers: &[8],
    activation: Activation::Tanh,
    output: Output::Sigmoid,
    optimizer: Optimizer::Adam,
    alpha: 0.03,
    lambda: 0.0,
    batch: 32,
};

/// What recurrent networks begin from.
pub const RECURRENT: Suited = Suited {
    layers: &[32],
    activation: Activation::Tanh,
    output: Output::Softmax,
    optimizer: Optimizer::Adam,
    alpha: 0.01,
    lambda: 0.0,
    batch: 32,
};
