//! The trainer: takes whole steps, answers with snapshots, and never knows whether it is watched.

pub mod changes;
pub mod checker;
mod command_line;
pub mod config;
mod course;
pub mod defaults;
mod examples;
pub mod history;
pub mod origin;
pub mod schedule;
pub mod sequence;
pub mod setting;
pub mod snapshot;
pub mod team;
mod trainable;
pub mod trainer;
pub mod worker;

pub use changes::{Change, Changed};
pub use checker::{Checked, Checker, Moment, Progress};
pub use config::{Batch, Config, Precision};
pub use defaults::{Asked, Facts, Learning};
pub use history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
pub use origin::{Origin, Origins};
pub use schedule::{Done, Schedule};
pub use sequence::{Plan, Scene};
pub use setting::{Anew, Setting};
pub use snapshot::{Activations, Answers, Cost, Pace, Position, Snapshot, Status};
pub use trainable::{Options, Trainable};
pub use trainer::{Checkpoint, Divergence, Trainer, measured};
pub use worker::{Command, Report, Speed, Unit, Worker};

use crate::nn::{Network, Real, Recurrent};

/// A trainer of dense networks.
pub type DenseTrainer<T> = Trainer<T, Network<T>>;
/// A trainer of recurrent networks.
pub type RecurrentTrainer<T> = Trainer<T, Recurrent<T>>;

/// What every trainer does, whatever it trains.
pub trait Steps {
    /// Applies the next update and makes the one after it.
    ///
    /// # Errors
    /// If the update is not finite, or leads to a Θ at which the one after it isn't: then nothing has changed.
    fn step(&mut self) -> Result<(), Divergence>;

    /// How far the run has come.
    fn position(&self) -> Position;

    /// What was measured after the last whole epoch.
    fn latest(&self) -> Epoch;

    /// Why the run is done, if it is so since the last update.
    fn done(&self) -> Option<Done>;
}

impl<T: Real, M: Trainable<T>> Steps for Trainer<T, M> {
    fn step(&mut self) -> Result<(), Divergence> {
        Self::step(self)
    }

    fn position(&self) -> Position {
        Self::position(self)
    }

    fn latest(&self) -> Epoch {
        Self::latest(self)
    }

    fn done(&self) -> Option<Done> {
        Self::done(self)
    }
}
