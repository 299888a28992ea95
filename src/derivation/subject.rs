//! What a number on the screen is: the name, in the derivation's letters, of every number that a snapshot holds.

use super::{Quantity, Sample};
use crate::nn::Weight;
use crate::train::{DenseView, Epoch};

/// A number of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A number of one sample's way through the network and back.
    Sample(Sample, OfSample),
    /// A number of one weight.
    Weight(Weight, OfWeight),
    /// A number of the batch's cost.
    Cost(OfCost),
    /// A number that the update of every weight has in common.
    Update(OfUpdate),
    /// J over the training set after an epoch: of another moment, so its chain ends there (1.2.5).
    Epoch(Epoch),
}

/// A number of one sample; units are counted from 0, the bias unit left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfSample {
    /// z^(l) of a unit, l = 2 … L (1.1.2).
    Z(usize, usize),
    /// a^(l) of a unit, l = 1 … L (1.1.1, 1.1.3, 1.1.7).
    A(usize, usize),
    /// The term of an output unit in J^(b) (1.2.1).
    CostTerm(usize),
    /// J^(b) (1.2.1).
    Cost,
    /// ∂J/∂a^(l) of a unit of a hidden layer, what comes back (2.3.3).
    GradA(usize, usize),
    /// g'(z^(l)) of a unit of a hidden layer, what it lets through (2.5.6).
    Slope(usize, usize),
    /// δ^(l) of a unit, l = 2 … L (2.4.6, 2.5.8).
    Delta(usize, usize),
    /// Δ^(l) of a weight (3.1.1).
    Gradient(Weight),
}

/// A number of one weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfWeight {
    /// One of those that the weights panel shows.
    Is(Quantity),
    /// Θ after the next update (1.3.2).
    Next,
}

/// A number that the update of every weight has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfUpdate {
    /// α as the schedule has it in this epoch.
    Alpha,
    /// c, by which a gradient that is longer than allowed is multiplied.
    Cut,
}

/// A number of the batch's cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfCost {
    /// The data term (1.2.2).
    Data,
    /// A layer's part of the regularisation term (1.2.3, 1.2.4).
    Reg(usize),
    /// J (1.2.5).
    Total,
    /// A layer's share of J.
    Share(usize),
}

impl Subject {
    /// Its name, units counted from 1.
    pub fn name(&self, snapshot: DenseView<'_>) -> String {
        match *self {
            Self::Sample(_, number) => number.name(),
            Self::Weight(weight, OfWeight::Is(quantity)) => {
                format!("{}{}", quantity.symbol(weight.l, &snapshot), weight.place())
            }
            Self::Weight(weight, OfWeight::Next) => format!("next Θ^({}){}", weight.l, weight.place()),
            Self::Update(OfUpdate::Alpha) => "α".into(),
            Self::Update(OfUpdate::Cut) => "c".into(),
            Self::Epoch(epoch) => format!("J after epoch {}", epoch.epoch),
            Self::Cost(OfCost::Data) => "data".into(),
            Self::Cost(OfCost::Reg(l)) => format!("reg^({l})"),
            Self::Cost(OfCost::Total) => "J".into(),
            Self::Cost(OfCost::Share(l)) => format!("reg^({l}) of J"),
        }
    }
}

impl Weight {
    fn place(&self) -> String {
        format!("[{},{}]", self.j + 1, self.i)
    }
}

impl OfSample {
    /// Layer and unit, where it is of one; the output's cost is of layer L.
    pub fn unit(self, depth: usize) -> Option<(usize, usize)> {
        match self {
            Self::Z(l, unit)
            | Self::A(l, unit)
            | Self::GradA(l, unit)
            | Self::Slope(l, unit)
            | Self::Delta(l, unit) => Some((l, unit)),
            Self::CostTerm(unit) => Some((depth, unit)),
            Self::Cost | Self::Gradient(_) => None,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Z(l, unit) => format!("z^({l})_{}", unit + 1),
            Self::A(l, unit) => format!("a^({l})_{}", unit + 1),
            Self::CostTerm(unit) => format!("J^(b)_{}", unit + 1),
            Self::Cost => "J^(b)".into(),
            Self::GradA(l, unit) => format!("∂J/∂a^({l})_{}", unit + 1),
            Self::Slope(l, unit) => format!("g'(z^({l})_{})", unit + 1),
            Self::Delta(l, unit) => format!("δ^({l})_{}", unit + 1),
            Self::Gradient(weight) => format!("Δ^({}){}", weight.l, weight.place()),
        }
    }
}
