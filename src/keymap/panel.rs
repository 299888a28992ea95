//! The panels of the screen, by what they show.

use crate::nn::Named;

/// A panel that can have the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// The layers as columns of units.
    #[default]
    Network,
    /// δ of every layer.
    Delta,
    /// The heatmap of a matrix shaped like Θ^(l).
    Weights,
    /// The five numbers of one weight.
    Weight,
    /// The sample under the cursor.
    Sample,
    /// The cost over the steps.
    Cost,
    /// The regularisation, layer by layer.
    Regularisation,
    /// The norms of each layer's gradients.
    Layers,
    /// How each layer fares, and what is wrong.
    Health,
    /// What is taken for what, sample by sample.
    Confusion,
    /// What the network computes over a plane of its inputs.
    Decision,
}

impl Named for Panel {
    const ALL: &'static [Self] = &Panel::ALL;

    fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Delta => "delta",
            Self::Weights => "weights",
            Self::Weight => "weight",
            Self::Sample => "sample",
            Self::Cost => "cost",
            Self::Regularisation => "regularisation",
            Self::Layers => "layers",
            Self::Health => "health",
            Self::Confusion => "confusion",
            Self::Decision => "decision",
        }
    }
}

impl Panel {
    /// All panels, in the order that Tab goes through them; the first is panel 1.
    pub const ALL: [Panel; 11] = [
        Self::Network,
        Self::Delta,
        Self::Weights,
        Self::Weight,
        Self::Sample,
        Self::Cost,
        Self::Regularisation,
        Self::Layers,
        Self::Health,
        Self::Confusion,
        Self::Decision,
    ];

    /// The key that it is focused by: 1 to 9, 0 for the tenth, then a letter.
    pub fn sign(self) -> char {
        match self.number() {
            number @ 1..=10 => char::from(b'0' + (number % 10) as u8),
            _ => 'd',
        }
    }

    /// Its number, counted from 1.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|&panel| panel == self).map_or(1, |index| index + 1)
    }

    /// The panel so many further on, round and round.
    pub fn moved(self, by: i64) -> Self {
        let count = Self::ALL.len() as i64;
        Self::ALL[(self.number() as i64 - 1 + by).rem_euclid(count) as usize]
    }
}
