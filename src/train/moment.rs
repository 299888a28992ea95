//! The words for a moment of a run that everyone needs: how far it has come, its cost, what it is doing and how fast.

use super::schedule::Done;

/// How far a run has come: what has been done, not what comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Updates done.
    pub step: u64,
    /// Whole epochs done.
    pub epochs_done: u64,
    /// Batches of the epoch under way that are done; 0 right after an epoch's end.
    pub batches_done: usize,
    /// Batches in an epoch.
    pub batches: usize,
}

impl Position {
    /// The epoch that the last update belonged to, counted from 1, and how many of its batches are done; 0 and 0 at the start.
    pub fn epoch_and_batch(&self) -> (u64, usize) {
        match (self.epochs_done, self.batches_done) {
            (epochs, 0) if epochs > 0 => (epochs, self.batches),
            (epochs, 0) => (epochs, 0),
            (epochs, batch) => (epochs + 1, batch),
        }
    }
}

/// A cost with its regularisation part apart, Θ by Θ.
#[derive(Debug, Default, PartialEq)]
pub struct Cost {
    /// Data term (1.2.2).
    pub data: f64,
    /// Each Θ's part of the regularisation term (1.2.3, 1.2.4), in their order.
    pub reg: Vec<f64>,
}

impl Clone for Cost {
    fn clone(&self) -> Self {
        Self { data: self.data, reg: self.reg.clone() }
    }

    /// In the memory that is there.
    fn clone_from(&mut self, other: &Self) {
        self.data = other.data;
        self.reg.clone_from(&other.reg);
    }
}

impl Cost {
    /// The regularisation term (1.2.4).
    pub fn reg_total(&self) -> f64 {
        self.reg.iter().sum()
    }

    /// J = data + reg (1.2.5).
    pub fn total(&self) -> f64 {
        self.data + self.reg_total()
    }
}

/// What the run is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    /// Updates follow each other at the pace that was set.
    Running,
    /// Nothing happens until a command comes.
    #[default]
    Paused,
    /// On the way to the end of a step that was asked for.
    Stepping,
    /// Paused because the run has come to the end that was asked for.
    Finished(Done),
    /// Paused because the next update would leave the finite numbers; it was not applied. The text says what is not finite.
    Diverged(String),
}

/// How fast the run goes; measured over the last half second or more of running, absent before that.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace {
    /// The speed that was set, in updates per second; `None` is as fast as it goes.
    pub limit: Option<f64>,
    /// Updates per second.
    pub rate: Option<f64>,
}

impl Pace {
    /// Seconds that an epoch of so many batches takes at the measured rate.
    pub fn seconds_per_epoch(&self, batches: usize) -> Option<f64> {
        self.rate.filter(|&rate| rate > 0.0).map(|rate| batches as f64 / rate)
    }
}
