//! The matrices shaped like Θ^(l) that a snapshot holds: the weight of a cell, what is about to happen to it and what is remembered.

use ndarray::Array2;

use super::equation::{self, Equation};
use super::graph::node::letter;
use super::graph::{penalty_equations, update_equations};
use crate::train::Snapshot;

/// One of the numbers that every weight has, or of the two that an optimiser remembers.
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
    /// v after the next update, for an optimiser that remembers it.
    Velocity,
    /// s after the next update, for an optimiser that remembers it.
    Squares,
    /// What the next update adds (1.3.2).
    Update,
}

impl Quantity {
    /// All of them, in the order that a key goes through them.
    pub const ALL: [Quantity; 7] =
        [Self::Theta, Self::Gradient, Self::D, Self::Penalty, Self::Velocity, Self::Squares, Self::Update];

    /// The next in that order that a snapshot has, the first after the last.
    pub fn next(self, snapshot: &Snapshot) -> Self {
        let after = Self::ALL.iter().cycle().skip_while(|&&quantity| quantity != self).skip(1).take(Self::ALL.len());
        after.copied().find(|quantity| quantity.matrix(snapshot, 1).is_some()).unwrap_or_default()
    }

    /// The matrix of the shape of a Θ, which are counted from 1.
    pub fn matrix(self, snapshot: &Snapshot, l: usize) -> Option<&Array2<f64>> {
        let index = l.checked_sub(1)?;
        let parameter = snapshot.parameters.get(index)?;
        match self {
            Self::Velocity => parameter.memory_after.v.as_ref(),
            Self::Squares => parameter.memory_after.s.as_ref(),
            Self::Theta => snapshot.model.parameters().get(index),
            Self::Gradient => Some(&parameter.gradient),
            Self::D => Some(&parameter.d),
            Self::Penalty => Some(&parameter.penalty),
            Self::Update => Some(&parameter.update),
        }
    }

    /// The letter that the graph of equations knows it by.
    pub fn key(self) -> &'static str {
        match self {
            Self::Theta => letter::THETA,
            Self::Gradient => letter::GRADIENT,
            Self::D => letter::D,
            Self::Penalty => letter::PENALTY,
            Self::Velocity => letter::VELOCITY,
            Self::Squares => letter::SQUARES,
            Self::Update => letter::UPDATE,
        }
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
            Self::Velocity => "gathered gradients",
            Self::Squares => "mean squares",
            Self::Update => "update",
        }
    }

    /// The equation it comes from; Θ itself comes from the update before.
    pub fn equation(self, snapshot: &Snapshot) -> Equation {
        let of_update = update_equations(snapshot.config.optimizer);
        let of_penalty = penalty_equations(snapshot.regularisation.penalty);
        match self {
            Self::Theta | Self::Update => of_update.update,
            Self::Velocity => of_update.velocity.unwrap_or(of_update.update),
            Self::Squares => of_update.squares.unwrap_or(of_update.update),
            Self::Gradient => of_penalty.gradient,
            Self::D => equation::DATA_GRADIENT,
            Self::Penalty => of_penalty.slope,
        }
    }
}
