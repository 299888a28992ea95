//! What the rules look at: the next update, and the run so far.

use crate::derivation::LayerNorms;
use crate::number::{percent, short};
use crate::train::{
    Change, Config, CostHistory, DenseView, Epoch, EpochHistory, Position, RecurrentView, Snapshot, Status,
};

/// A run that has come below this share of its cost at epoch 0 is learning.
pub(super) const UNLEARNED: f64 = 0.5;

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct HealthFacts<'a> {
    /// The next update.
    pub net: Net<'a>,
    /// The epochs so far.
    pub epochs: &'a EpochHistory,
    /// The costs of the batches so far.
    pub costs: &'a CostHistory,
}

/// The next update of a network of either kind.
#[derive(Clone, Copy, Debug)]
pub enum Net<'a> {
    /// Of a dense network, with the norms of its layers.
    Dense(DenseView<'a>, &'a [LayerNorms]),
    /// Of a recurrent network.
    Recurrent(RecurrentView<'a>),
}

impl<'a> Net<'a> {
    /// The next update of a snapshot, with the norms of its layers where it is of a dense network.
    pub fn of(snapshot: &'a Snapshot, norms: &'a [LayerNorms]) -> Option<Self> {
        match snapshot.dense() {
            Some(dense) => Some(Self::Dense(dense, norms)),
            None => snapshot.recurrent().map(Self::Recurrent),
        }
    }

    pub(super) fn snapshot(&self) -> &'a Snapshot {
        match self {
            Self::Dense(snapshot, _) => snapshot.snapshot,
            Self::Recurrent(scene) => scene.snapshot,
        }
    }
}

/// What a run of either kind has.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) config: &'a Config,
    pub(super) latest: &'a Epoch,
    pub(super) position: Position,
    pub(super) status: &'a Status,
    pub(super) changes: &'a [Change],
    /// Samples of the training part.
    pub(super) m: usize,
}

impl<'a> HealthFacts<'a> {
    pub(super) fn run(&self) -> Run<'a> {
        let snapshot = self.net.snapshot();
        Run {
            config: &snapshot.config,
            latest: &snapshot.latest,
            position: snapshot.position,
            status: &snapshot.status,
            changes: &snapshot.changes,
            m: snapshot.regularisation.m,
        }
    }

    /// A sentence on J over the training part, if the run has hardly learnt.
    pub(super) fn has_not_learned(&self) -> Option<String> {
        let first = self.epochs.all().next().filter(|first| first.epoch == 0)?;
        let latest = self.run().latest;
        let share = latest.total() / first.total();
        (share > UNLEARNED).then(|| format!("J after epoch {} is {}", latest.epoch, of_the_first(share)))
    }
}

/// So much of epoch 0's J, as per cent or, where it has risen far, as a factor.
fn of_the_first(share: f64) -> String {
    match share {
        ..2.0 => format!("{} of epoch 0's", percent(share)),
        _ => format!("{} times epoch 0's", short(share)),
    }
}
