//! Where the user looks.

use crate::derivation::{RecurrentParameter, Sample};
use crate::nn::Weight;

/// The weight, and with it the layer and the units, that the user looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The number of the Θ, counted from 1; of a dense network the layer l of Θ^(l).
    pub l: usize,
    /// A row of it, counted from 0; of a dense network unit j of layer l+1.
    pub j: usize,
    /// A column of it, counted from 0, biases counted with; of a dense network unit i of layer l, 0 being the bias unit.
    pub i: usize,
    /// The sample; of a recurrent network, the sequence.
    pub sample: Sample,
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

    /// The Θ of a recurrent network that it is at.
    pub fn parameter(&self) -> RecurrentParameter {
        RecurrentParameter::ALL[(self.l - 1).min(2)]
    }
}
