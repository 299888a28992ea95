//! When the learning rate changes by itself, and when a run is done.

use crate::number::exact;
use std::fmt;

/// How α goes on from epoch to epoch; within an epoch it stays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Schedule {
    /// α stays.
    #[default]
    Constant,
    /// α is multiplied by a factor after every so many epochs.
    Step {
        /// Epochs between two factors.
        epochs: u64,
        /// The factor, above 0 and at most 1.
        factor: f64,
    },
    /// α falls along half a cosine to 0 within so many epochs.
    Cosine {
        /// The epochs.
        epochs: u64,
    },
    /// α / (1 + e/n) after e epochs.
    Inverse {
        /// n: the epochs after which α is halved.
        epochs: u64,
    },
}

impl Schedule {
    /// What α is multiplied by in the epoch after so many.
    pub fn factor(self, epochs_done: u64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Step { epochs, factor } => factor.powi(i32::try_from(epochs_done / epochs).unwrap_or(i32::MAX)),
            Self::Cosine { epochs } => {
                let share = epochs_done.min(epochs) as f64 / epochs as f64;
                0.5 * (1.0 + (std::f64::consts::PI * share).cos())
            }
            Self::Inverse { epochs } => 1.0 / (1.0 + epochs_done as f64 / epochs as f64),
        }
    }

    /// Reads `constant`, `step:EPOCHS:FACTOR`, `cosine:EPOCHS` or `1/t:EPOCHS`.
    ///
    /// # Errors
    /// If it is none of these; the error says which there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split(':').collect();
        let epochs = |text: &str| text.parse::<u64>().ok().filter(|&epochs| epochs > 0);
        let found = match parts[..] {
            ["constant"] => Some(Self::Constant),
            ["step", after, by] => epochs(after).and_then(|epochs| {
                let factor = by.parse().ok().filter(|&factor: &f64| factor > 0.0 && factor <= 1.0)?;
                Some(Self::Step { epochs, factor })
            }),
            ["cosine", within] => epochs(within).map(|epochs| Self::Cosine { epochs }),
            ["1/t", half] => epochs(half).map(|epochs| Self::Inverse { epochs }),
            _ => None,
        };
        let allowed = "constant, step:EPOCHS:FACTOR with a factor above 0 up to 1, cosine:EPOCHS or 1/t:EPOCHS";
        found.ok_or_else(|| allowed.into())
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => f.write_str("constant"),
            Self::Step { epochs, factor } => write!(f, "step:{epochs}:{}", exact(*factor)),
            Self::Cosine { epochs } => write!(f, "cosine:{epochs}"),
            Self::Inverse { epochs } => write!(f, "1/t:{epochs}"),
        }
    }
}

/// Why a run is done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Done {
    /// It has made the epochs that were asked for.
    Epochs(u64),
    /// J over the training set is below what was asked for.
    Until(f64),
    /// The held-out cost has not fallen since this epoch, for as many as were asked for.
    Patience(u64),
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Epochs(epochs) => write!(f, "{epochs} epochs are made"),
            Self::Until(least) => write!(f, "J over the training set is below {}", exact(*least)),
            Self::Patience(epoch) => write!(f, "the held-out cost has not fallen since epoch {epoch}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schedule_reads_back_and_begins_at_alpha() {
        for text in ["constant", "step:10:0.5", "cosine:50", "1/t:20"] {
            let schedule = Schedule::parse(text).expect(text);
            assert_eq!((schedule.to_string().as_str(), schedule.factor(0)), (text, 1.0));
        }
        for text in ["", "step", "step:0:0.5", "step:3:2", "step:3:nan", "cosine:-1", "cosine:1.5", "1/t:", "linear:3"]
        {
            assert!(Schedule::parse(text).expect_err(text).contains("cosine:EPOCHS"), "{text}");
        }
    }

    #[test]
    fn alpha_falls_as_the_schedule_says() {
        let factors =
            |text: &str, epochs: [u64; 3]| epochs.map(|epoch| Schedule::parse(text).expect(text).factor(epoch));
        assert_eq!(factors("step:10:0.5", [9, 10, 25]), [1.0, 0.5, 0.25]);
        let cosine = factors("cosine:50", [25, 50, 99]);
        assert!((cosine[0] - 0.5).abs() < 1e-15 && cosine[1..] == [0.0, 0.0], "{cosine:?}");
        assert_eq!(factors("1/t:20", [20, 40, 60]), [0.5, 1.0 / 3.0, 0.25]);
        assert_eq!(Schedule::Step { epochs: 1, factor: 0.5 }.factor(u64::MAX), 0.0);
    }
}
