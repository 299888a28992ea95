//! The trainer: takes whole steps, answers with snapshots, and never knows whether it is watched.

mod batch;
pub mod changes;
pub mod checker;
mod command_line;
pub mod config;
mod epoch_cursor;
pub mod defaults;
mod examples;
pub mod gradient_check;
pub mod history;
pub mod moment;
pub mod origin;
mod panic;
mod precision;
mod recurrence;
pub mod schedule;
pub mod setting;
pub mod snapshot;
pub mod team;
mod trainable;
pub mod trainer;
pub mod worker;

pub use batch::BatchSize;
pub use changes::{Change, Changed};
pub use checker::{Checked, Checker, Moment, Progress};
pub use config::{Config, Recurrence};
pub use defaults::{Asked, DataFacts, Learning};
pub use gradient_check::{CheckScope, GradientCheck};
pub use history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
pub use moment::{Cost, Pace, Position, Status};
pub use origin::{Origin, Origins};
pub use precision::Precision;
pub use schedule::{Done, Schedule};
pub use setting::{ResetKind, Setting};
pub use snapshot::{Activations, Answers, DenseView, Flow, Parameter, RecurrentView, Snapshot};
pub use trainable::Trainable;
pub use trainer::{Checkpoint, Divergence, Trainer, measured, measured_sequences};
pub use worker::{Command, Report, Speed, Unit, Worker};

use std::sync::Arc;

use crate::data::Data;
use crate::error::Result;
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
    fn step(&mut self) -> std::result::Result<(), Divergence>;

    /// How far the run has come.
    fn position(&self) -> Position;

    /// What was measured after the last whole epoch.
    fn latest(&self) -> Epoch;

    /// Why the run is done, if it is so since the last update.
    fn done(&self) -> Option<Done>;

    /// The present state, written into an old snapshot if one is handed back.
    fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot>;
}

impl<T: Real, M: Trainable<T>> Steps for Trainer<T, M> {
    fn step(&mut self) -> std::result::Result<(), Divergence> {
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

    fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        Self::snapshot(self, recycled)
    }
}

/// Refuses options that make no network of the data, and data that are too large for the precision.
///
/// # Errors
/// As said.
pub fn check(config: &Config, data: &Data) -> Result<()> {
    match (config.recurrence, config.precision) {
        (None, Precision::F64) => <Network<f64> as Trainable<f64>>::check(config, data),
        (None, Precision::F32) => <Network<f32> as Trainable<f32>>::check(config, data),
        (Some(_), Precision::F64) => <Recurrent<f64> as Trainable<f64>>::check(config, data),
        (Some(_), Precision::F32) => <Recurrent<f32> as Trainable<f32>>::check(config, data),
    }
}

/// A trainer of the kind of network and in the precision that the options ask for, before its first update.
///
/// # Errors
/// If the options don't fit the data, or the system gives no threads.
pub fn begin(config: Config, data: Data) -> Result<Box<dyn Steps>> {
    let config = Arc::new(config);
    Ok(match (config.recurrence, config.precision) {
        (None, Precision::F64) => Box::new(DenseTrainer::<f64>::new(config, data)?),
        (None, Precision::F32) => Box::new(DenseTrainer::<f32>::new(config, data)?),
        (Some(_), Precision::F64) => Box::new(RecurrentTrainer::<f64>::new(config, data)?),
        (Some(_), Precision::F32) => Box::new(RecurrentTrainer::<f32>::new(config, data)?),
    })
}
