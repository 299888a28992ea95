//! A snapshot: the next update, whole, before it is applied, and what was measured until then.

use std::path::Path;
use std::sync::Arc;

use ndarray::{Array1, Array2};

use super::changes::Change;
use super::command_line;
use super::config::Config;
use super::history::{CostHistory, Epoch, EpochHistory, ShareHistory};
use super::schedule::Done;
use crate::data::Prepared;
use crate::kept::{About, Kept, Kind};
use crate::nn::{Backprop, Forward, Memory, Network, Regularisation};

/// How many samples of a batch a snapshot carries; the sums are always over all.
pub const CARRIED: usize = 256;

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

/// A cost with its regularisation part apart, layer by layer.
#[derive(Debug, Default, PartialEq)]
pub struct Cost {
    /// Data term (1.2.2).
    pub data: f64,
    /// Each layer's part of the regularisation term (1.2.3, 1.2.4), l = 1 … L−1.
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

/// How the activations of a layer lie over a batch, all its units together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activations {
    /// Mean of a.
    pub mean: f64,
    /// Standard deviation of a about that mean.
    pub deviation: f64,
    /// Share of them that are saturated, for a hidden layer whose activation has ends.
    pub saturated: Option<f64>,
}

/// What the network said of each sample of a part after an epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// The class that it answered; empty where there are no classes.
    pub answer: Vec<usize>,
    /// h in the targets' own unit, m × K, where there are no classes; else empty.
    pub h: Array2<f64>,
    /// J^(b) (1.2.1).
    pub cost: Vec<f64>,
}

/// The state of a run between two updates: Θ, and everything of the next update, all at that Θ.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The options in force.
    pub config: Arc<Config>,
    /// The data, shared with the trainer.
    pub data: Arc<Prepared>,
    /// How far the run has come.
    pub position: Position,
    /// What it is doing.
    pub status: Status,
    /// How fast.
    pub pace: Pace,
    /// Θ as it is now, with what the layers compute.
    pub network: Network<f64>,
    /// Penalty, λ and m.
    pub regularisation: Regularisation,
    /// The samples of the next batch, as rows of the training part, in their order.
    pub batch: Vec<usize>,
    /// z and a of the first 256 samples of the batch.
    pub forward: Forward<f64>,
    /// J^(b) of the same samples (1.2.1).
    pub sample_cost: Vec<f64>,
    /// δ of the same samples; ΣΔ and D over the whole batch.
    pub backprop: Backprop<f64>,
    /// Mean of |δ_j| over the whole batch, for each unit of layers 2 … L.
    pub mean_delta: Vec<Array1<f64>>,
    /// Mean over the whole batch of ‖δ^(l)‖, for layers 2 … L.
    pub delta_norm: Vec<f64>,
    /// How a lies over the whole batch, for layers 2 … L.
    pub activations: Vec<Activations>,
    /// ∂reg/∂Θ^(l) (2.6.1).
    pub penalty: Vec<Array2<f64>>,
    /// ∂J/∂Θ^(l) (3.1.3).
    pub gradient: Vec<Array2<f64>>,
    /// What the next update adds to Θ^(l) (1.3.2, or as the optimiser has it).
    pub update: Vec<Array2<f64>>,
    /// What the gradient is multiplied by before the optimiser sees it: less than 1 where it is longer than allowed.
    pub cut: f64,
    /// What the optimiser remembers of each Θ^(l) of the updates made; without v and s where the rule has none.
    pub memory: Vec<Memory<f64>>,
    /// What it remembers after the next update.
    pub memory_after: Vec<Memory<f64>>,
    /// The batch's cost.
    pub cost: Cost,
    /// What was measured after the last whole epoch.
    pub latest: Epoch,
    /// What it said then of each sample of the training part, and of the held-out part if there is one.
    pub answers: Arc<(Answers, Option<Answers>)>,
    /// Units of each hidden layer that were 0 for the whole training part after that epoch; absent where units can't die.
    pub dead: Vec<Option<usize>>,
    /// The batch costs since the last look, this moment's the last of them.
    pub costs: CostHistory,
    /// The parts of the batch costs since the last look.
    pub shares: ShareHistory,
    /// The epochs since the last look.
    pub epochs: EpochHistory,
    /// What was changed during the run, oldest first.
    pub changes: Vec<Change>,
    /// Counts up with every reset, so that a viewer knows that an old history is of another run.
    pub run: u64,
}

impl Snapshot {
    /// The weights as they are kept in a file, with what they need to be used.
    pub fn kept(&self, path: &Path) -> Kept {
        let run = (self.command_line(), self.position.step);
        let about = Some(About::of(&self.network, &self.data, run));
        let theta = self.network.theta.clone();
        Kept { path: path.into(), kind: Kind::Dense, theta, about, warnings: Vec::new() }
    }

    /// The command line that starts the run, with what was changed since as comments.
    pub fn command_line(&self) -> String {
        command_line::command_line(&self.config, &self.changes, self.regularisation.m)
    }

    /// L, the input layer counted.
    pub fn depth(&self) -> usize {
        self.network.depth()
    }

    /// Where a row of the training part stands among the samples carried, if it is one of them.
    pub fn carried(&self, row: usize) -> Option<usize> {
        self.batch.iter().take(self.sample_cost.len()).position(|&carried| carried == row)
    }
}
