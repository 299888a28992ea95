//! The trainer: takes whole steps, answers with snapshots, and never knows whether it is watched.

pub mod changes;
pub mod checker;
mod command_line;
pub mod config;
mod course;
pub mod defaults;
pub mod history;
pub mod origin;
pub mod schedule;
pub mod sequence;
pub mod setting;
pub mod snapshot;
pub mod team;
pub mod trainer;
pub mod worker;

pub use changes::{Change, Changed};
pub use checker::{Checked, Checker, Moment, Progress};
pub use config::{Batch, Config, Precision};
pub use defaults::{Asked, Facts, Learning};
pub use history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
pub use origin::{Origin, Origins};
pub use schedule::{Done, Schedule};
pub use sequence::{Plan, Scene, SequenceTrainer};
pub use setting::{Anew, Setting};
pub use snapshot::{Activations, Answers, Cost, Pace, Position, Snapshot, Status};
pub use trainer::{Divergence, Trainer, measured};
pub use worker::{Command, Report, Speed, Unit, Worker};

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

macro_rules! steps {
    ($($trainer:ident)*) => {
        $(impl<T: crate::nn::Real> Steps for $trainer<T> {
            fn step(&mut self) -> Result<(), Divergence> {
                $trainer::step(self)
            }

            fn position(&self) -> Position {
                $trainer::position(self)
            }

            fn latest(&self) -> Epoch {
                $trainer::latest(self)
            }

            fn done(&self) -> Option<Done> {
                $trainer::done(self)
            }
        })*
    };
}
steps!(Trainer SequenceTrainer);
