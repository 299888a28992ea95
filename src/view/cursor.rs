//! Where the user looks.

use crate::derivation::{RecurrentParameter, RecurrentWeight, Sample};
use crate::nn::Weight;

/// The weight, and with it the layer and the units, that the user looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Layer l of Θ^(l), 1 … L−1.
    pub l: usize,
    /// Unit j of layer l+1, a row of Θ^(l), counted from 0.
    pub j: usize,
    /// Unit i of layer l, a column of Θ^(l); 0 is the bias unit.
    pub i: usize,
    /// The sample; of a recurrent network, the sequence.
    pub sample: Sample,
    /// The place of that sequence in the next batch, counted from 0.
    pub b: usize,
    /// A step of it, counted from 1.
    pub t: usize,
    /// A unit of the recurrent layer, counted from 0.
    pub unit: usize,
}

impl Cursor {
    /// The weight that it is at.
    pub fn weight(&self) -> Weight {
        Weight { l: self.l, j: self.j, i: self.i }
    }

    /// The weight of a recurrent network that it is at, in the sequence.
    pub fn place(&self) -> RecurrentWeight {
        RecurrentWeight { of: RecurrentParameter::ALL[(self.l - 1).min(2)], j: self.j, i: self.i, b: self.b }
    }
}
