//! The matrices shaped like Θ^(l) that a snapshot holds: the weight of a cell and what is about to happen to it.

use ndarray::Array2;

use super::equation::{self, Equation};
use crate::nn::{Penalty, Regularisation};
use crate::train::Snapshot;

/// One of the five numbers that every weight has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// Θ^(l) as it is now.
    #[default]
    Theta,
    /// ∂J/∂Θ^(l) (3.1.3).
    Gradient,
    /// D^(l) (3.1.2).
    D,
    /// ∂reg/∂Θ^(l) (2.6.1).
    Penalty,
    /// What the next update adds (1.3.2).
    Update,
}

impl Quantity {
    /// All five, in the order that a key goes through them.
    pub const ALL: [Quantity; 5] = [Self::Theta, Self::Gradient, Self::D, Self::Penalty, Self::Update];

    /// The next in that order, the first after the last.
    pub fn next(self) -> Self {
        let index = Self::ALL.iter().position(|&quantity| quantity == self).map_or(0, |index| index + 1);
        Self::ALL[index % Self::ALL.len()]
    }

    /// The matrix of Θ^(l)'s shape, l = 1 … L−1.
    pub fn matrix(self, snapshot: &Snapshot, l: usize) -> Option<&Array2<f64>> {
        let layers = match self {
            Self::Theta => &snapshot.network.theta,
            Self::Gradient => &snapshot.gradient,
            Self::D => &snapshot.backprop.d,
            Self::Penalty => &snapshot.penalty,
            Self::Update => &snapshot.update,
        };
        layers.get(l.checked_sub(1)?)
    }

    /// Its symbol, of no particular layer.
    pub fn letter(self, rule: &Regularisation) -> &'static str {
        match self {
            Self::Theta => "Θ",
            Self::Gradient => "∂J/∂Θ",
            Self::D => "D",
            Self::Penalty => match rule.penalty {
                Penalty::L2 => "(λ/m)Θ",
                Penalty::L1 => "(λ/m) sign Θ",
                Penalty::None => "∂reg/∂Θ",
            },
            Self::Update => "−α ∂J/∂Θ",
        }
    }

    /// Its symbol for layer l.
    pub fn symbol(self, l: usize, rule: &Regularisation) -> String {
        format!("{}^({l})", self.letter(rule))
    }

    /// What is shown beside it where there is room for two: what the update does to Θ, and Θ beside all else.
    pub fn companion(self) -> Self {
        if self == Self::Theta { Self::Gradient } else { Self::Theta }
    }

    /// What it is in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Theta => "weights",
            Self::Gradient => "gradient",
            Self::D => "data gradient",
            Self::Penalty => "penalty",
            Self::Update => "update",
        }
    }

    /// The equation it comes from; Θ itself comes from the update before.
    pub fn equation(self, rule: &Regularisation) -> Equation {
        match self {
            Self::Theta | Self::Update => equation::UPDATE,
            Self::Gradient => equation::GRADIENT,
            Self::D => equation::DATA_GRADIENT,
            Self::Penalty => equation::penalty_gradient(rule.penalty),
        }
    }
}
