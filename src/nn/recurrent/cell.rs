//! What a recurrent layer computes at each step: all that is said of a cell, a row for each; its numbers are in its own file.

mod gru;
mod lstm;
mod plain;
mod pytorch;
mod rows;

use super::bptt::{BpttBackward, BpttForward};
use crate::nn::{Activation, Named, Real};

pub use pytorch::RecurrentLayer;

/// What the recurrent layer computes at each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// h_t = g(Θ^x [1; x_t] + Θ^h h_{t−1}).
    Plain(Activation),
    /// Gated recurrent unit: g^r, g^u and the candidate g^n.
    Gru,
    /// Long short-term memory: g^i, g^f, g^o and the candidate g^n, with a cell state c.
    Lstm,
}

impl Named for Cell {
    const ALL: &'static [Self] = &[
        Self::Plain(Activation::Tanh),
        Self::Plain(Activation::Sigmoid),
        Self::Plain(Activation::Relu),
        Self::Gru,
        Self::Lstm,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Plain(g) => g.name(),
            Self::Gru => "gru",
            Self::Lstm => "lstm",
        }
    }
}

impl Cell {
    /// The gates whose rows stand below each other in Θ^x and Θ^h, the candidate, which is a tanh, the last; a plain layer has none, and
    /// its rows are its units.
    pub fn gates(self) -> &'static [&'static str] {
        match self {
            Self::Plain(_) => &["h"],
            Self::Gru => &["g^r", "g^u", "g^n"],
            Self::Lstm => &["g^i", "g^f", "g^o", "g^n"],
        }
    }

    /// g of a plain cell; a cell with gates has none.
    pub fn activation(self) -> Option<Activation> {
        if let Self::Plain(g) = self { Some(g) } else { None }
    }

    /// Whether it has gates, through which its state can stay as it is for many steps.
    pub fn has_gates(self) -> bool {
        self.activation().is_none()
    }

    /// How h follows from its gates, in the letters of files, where other programs have it the other way round.
    pub fn state_in_words(self) -> Option<&'static str> {
        (self == Self::Gru).then_some("h_t = (1 - g^u) g^n + g^u h_{t-1}")
    }

    /// Whether Θ^h has a bias b^h in column 0.
    pub fn has_second_bias(self) -> bool {
        self.has_gates()
    }

    /// Whether it has a cell state c beside h.
    pub fn has_cell_state(self) -> bool {
        self == Self::Lstm
    }

    /// Whether Θ^h [1; h_{t−1}] is kept apart from Θ^x [1; x_t], with a δ of its own, since a gate comes between the two.
    pub fn keeps_sums_apart(self) -> bool {
        self == Self::Gru
    }

    /// The smallest and the largest value that h can take; infinite where there is no bound.
    pub fn range(self) -> (f64, f64) {
        self.activation().map_or((-1.0, 1.0), Activation::range)
    }

    /// What the biases of a gate in Θ^x begin at, where they are not drawn: 1 for an LSTM's g^f, so that it remembers until it has
    /// learnt to forget.
    pub fn first_bias(self, gate: &str) -> Option<f64> {
        (self == Self::Lstm && gate == "g^f").then_some(1.0)
    }

    /// The layer of PyTorch that computes the same.
    pub fn pytorch(self) -> RecurrentLayer {
        match self {
            Self::Plain(g) => plain::pytorch(g),
            Self::Gru => gru::pytorch(),
            Self::Lstm => lstm::pytorch(),
        }
    }

    /// h_t of a step from its weighted inputs, with gates and c where it has them.
    pub(super) fn step<T: Real>(self, to: &mut BpttForward<T>, step: usize, units: usize) {
        match self {
            Self::Plain(g) => plain::step(g, to, step),
            Self::Gru => gru::step(to, step, units),
            Self::Lstm => lstm::step(to, step, units),
        }
    }

    /// δ_t of a step from ∂J/∂h_t, and, if the gradient flows further, what goes to the states before past Θ^h.
    pub(super) fn step_back<T: Real>(
        self,
        forward: &BpttForward<T>,
        to: &mut BpttBackward<T>,
        (step, units, flows): (usize, usize, bool),
    ) {
        match self {
            Self::Plain(_) => plain::step_back(forward, to, step),
            Self::Gru => gru::step_back(forward, to, step, (units, flows)),
            Self::Lstm => lstm::step_back(forward, to, step, (units, flows)),
        }
    }
}
