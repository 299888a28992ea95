//! The form of the lines that a run without a screen prints.

use crate::nn::Named;

/// The form of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFormat {
    /// Words and numbers.
    Text,
    /// One JSON object a line.
    Json,
}

impl Named for LineFormat {
    const ALL: &'static [Self] = &[Self::Text, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}
