//! The mathematics: forward, cost, backward, update and the check of it, in the derivation's letters; it never fails on numbers.

pub mod activation;
pub mod any;
pub mod check;
pub mod cost;
pub mod dense;
pub mod draw;
pub mod dropout;
pub mod fast;
pub mod init;
pub mod model;
pub mod network;
pub mod optimizer;
pub mod penalty;
pub mod recurrent;
pub mod subnormal;
pub mod tensor;

pub use activation::Activation;
pub use any::{AnyModel, Kind};
pub use check::Check;
pub use cost::Output;
pub use init::Init;
pub use model::{Alone, Batch, Conditions, Model, Share, Symbol, WeightName};
pub use network::{Backprop, Forward, Network, Weight};
pub use optimizer::{Memory, Numbers, Optimizer, Rates, Slopes};
pub use penalty::{Penalty, Regularisation};
pub use recurrent::{Cell, OutputSteps, Recurrent};
pub use tensor::{Axes, Tensor, Tensors};

/// A floating-point number that a network can compute in: `f64`, or `f32`.
pub trait Real: fast::lanes::Lane {
    /// The nearest number of this type.
    fn of(value: f64) -> Self;
    /// The same number as `f64`, exactly.
    fn f64(self) -> f64;
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn f64(self) -> f64 {
        self
    }
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }
    fn f64(self) -> f64 {
        f64::from(self)
    }
}

/// A closed set of choices, each with the name that the command line knows it by.
///
/// Flags, help and tests walk `ALL`, so a new variant is written down once.
pub trait Named: Copy + PartialEq + 'static {
    /// Every choice, the default first.
    const ALL: &'static [Self];

    /// The name on the command line.
    fn name(self) -> &'static str;

    /// The choice of that name.
    fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.name() == name)
    }
}
