//! What the rules look at: the next update, and the run so far.

use crate::derivation::LayerNorms;
use crate::number::{decimals, percent, short};
use crate::train::{CostHistory, EpochHistory, Fit, Snapshot};

/// A run that has come below this share of its cost at epoch 0, and to this R², is learning.
pub(super) const UNLEARNED: f64 = 0.5;

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct HealthFacts<'a> {
    /// The next update.
    pub snapshot: &'a Snapshot,
    /// The norms of its Θ.
    pub norms: &'a [LayerNorms],
    /// The epochs so far.
    pub epochs: &'a EpochHistory,
    /// The costs of the batches so far.
    pub costs: &'a CostHistory,
}

impl HealthFacts<'_> {
    /// A sentence on what was measured over the training part, if the run has hardly learnt.
    pub(super) fn has_not_learned(&self) -> Option<String> {
        let first = self.epochs.all().next().filter(|first| first.epoch == 0)?;
        let latest = self.snapshot.latest;
        let share = latest.total() / first.total();
        if share > UNLEARNED {
            return Some(format!("J after epoch {} is {}", latest.epoch, of_the_first(share)));
        }
        // The mean of the targets alone may be half of J, where the first outputs are far from it.
        match latest.train.fit {
            Fit::Numbers { r2: Some(r2), .. } if r2 < UNLEARNED => {
                Some(format!("R² after epoch {} is {}", latest.epoch, decimals(r2, 2)))
            }
            _ => None,
        }
    }
}

/// So much of epoch 0's J, as per cent or, where it has risen far, as a factor.
fn of_the_first(share: f64) -> String {
    match share {
        ..2.0 => format!("{} of epoch 0's", percent(share)),
        _ => format!("{} times epoch 0's", short(share)),
    }
}
