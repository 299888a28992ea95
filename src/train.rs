//! The trainer: takes whole steps, answers with snapshots, and never knows whether it is watched.

pub mod checker;
pub mod config;
pub mod history;
pub mod schedule;
pub mod sequence;
pub mod setting;
pub mod snapshot;
pub mod team;
pub mod trainer;
pub mod worker;

pub use checker::{Checked, Checker, Moment, Progress};
pub use config::{Batch, Config, Precision};
pub use history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
pub use schedule::{Done, Schedule};
pub use sequence::{Plan, Scene, SequenceTrainer};
pub use setting::{Anew, Change, Changed, Setting};
pub use snapshot::{Activations, Answers, Cost, Pace, Position, Snapshot, Status};
pub use trainer::{Divergence, Trainer, measured};
pub use worker::{Command, Report, Speed, Unit, Worker};
