//! The floating-point type that a run computes in.

use crate::nn::Named;

/// The floating-point type that the trainer computes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 64 bits.
    F64,
    /// 32 bits.
    F32,
}

impl Named for Precision {
    const ALL: &'static [Self] = &[Self::F64, Self::F32];

    fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
        }
    }
}
