//! How a walk goes on: by which strides, in how much detail, and the place that it has come to.

/// What a walk goes on by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stride {
    /// One unit, or one row of a matrix.
    #[default]
    Unit,
    /// One layer.
    Layer,
    /// Forwards, cost, backwards, gradients; then mean, gradient and update.
    Phase,
    /// One sample.
    Sample,
    /// The whole batch.
    Batch,
}

impl Stride {
    /// The next larger one, the smallest after the largest.
    pub fn next(self) -> Self {
        match self {
            Self::Unit => Self::Layer,
            Self::Layer => Self::Phase,
            Self::Phase => Self::Sample,
            Self::Sample => Self::Batch,
            Self::Batch => Self::Unit,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Layer => "layer",
            Self::Phase => "phase",
            Self::Sample => "sample",
            Self::Batch => "batch",
        }
    }
}

/// How far a walk has come: this number is computed now, those before it are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Playhead {
    /// Place of the stop in the walk, counted from 0.
    pub block: usize,
    /// Unit or row in it, counted from 0.
    pub unit: usize,
    /// Step of the proof of this number, counted from 0; 0 in a walk by result.
    pub proof: usize,
}

/// How much a walk shows of each number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The equation that it is computed by.
    #[default]
    Result,
    /// Every step of its proof.
    Proof,
}

impl Detail {
    /// The other one.
    pub fn next(self) -> Self {
        if self == Self::Result { Self::Proof } else { Self::Result }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        if self == Self::Result { "result" } else { "proof" }
    }
}
