//! What the trainer's thread can be told, and what it publishes.

use crate::nn::Weight;
use crate::train::checker::Checked;
use crate::train::descender::Descended;
use crate::train::setting::{ResetKind, Setting};
use crate::train::snapshot::Snapshot;

/// How much a single step command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// One update.
    Batch,
    /// As many updates as an epoch has batches.
    Epoch,
}

/// How fast a run goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// At most so many updates per second.
    PerSecond(f64),
    /// As fast as it goes.
    Max,
}

/// What the trainer can be told.
#[derive(Debug)]
pub enum Command {
    /// Go on updating.
    Run,
    /// Stop after the update under way.
    Pause,
    /// Take one step, then pause.
    Step(Unit),
    /// Start again.
    Reset(ResetKind),
    /// Give a weight another value.
    Edit(Weight, f64),
    /// Take the last edit since the last update back.
    Undo,
    /// Change a setting from the next update on.
    Set(Setting, f64),
    /// Go at another speed.
    Speed(Speed),
    /// Publish one snapshot, in the memory of an old one if it is handed back.
    RequestSnapshot(Option<Box<Snapshot>>),
}

/// What the trainer's thread publishes.
#[derive(Debug)]
pub enum Report {
    /// The answer to a request for a snapshot.
    Snapshot(Box<Snapshot>),
    /// The trainer has panicked with this text; its thread is gone.
    Died(String),
    /// A change was not made, for this reason.
    Refused(String),
    /// How far the gradient check is; it comes from the check's thread.
    Checked(Checked),
    /// The descent from a snapshot's Θ; it comes from a thread of its own.
    Descended(Descended),
}
