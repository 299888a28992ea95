//! A snapshot: the next update, whole, before it is applied, and what was measured until then.

mod dense;
mod recurrent;

use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;

use super::changes::Change;
use super::command_line;
use super::config::Config;
use super::history::{CostHistory, Epoch, EpochHistory, ShareHistory};
use super::moment::{Cost, Pace, Position, Status};
use crate::data::Data;
use crate::nn::tensor::{DELTA_NORM, SATURATED, SPREAD};
use crate::nn::{AnyModel, Memory, Regularisation, Symbol, Tensors};
use crate::weights::{About, WeightFile};

pub use dense::DenseView;
pub use recurrent::{Flow, RecurrentView};

/// What the network said of each sample of a part after an epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// The class that it answered, for each step of a sequence that is read, sequence by sequence; empty where there are no classes.
    pub answer: Vec<usize>,
    /// h in the targets' own unit, in such rows, where there are no classes; else empty.
    pub h: Array2<f64>,
    /// J^(b) (1.2.1), of a sequence each step's part of it, in such rows.
    pub cost: Vec<f64>,
}

/// How the activations of a layer lie over the whole batch, and in sequences over all steps, all its units together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Activations {
    /// Mean of a.
    pub mean: f64,
    /// Standard deviation of a about that mean.
    pub deviation: f64,
    /// Share of them that are saturated, for a hidden layer whose activation has ends; of a recurrent layer with gates the share of
    /// its gates.
    pub saturated: Option<f64>,
}

/// Everything of one Θ in the next update, each matrix shaped like it; Θ itself is the model's.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// How Θ is called.
    pub symbol: Symbol,
    /// How many of its leading columns are biases.
    pub biases: usize,
    /// ΣΔ over the whole batch.
    pub sum: Array2<f64>,
    /// D = ΣΔ/B (3.1.2).
    pub d: Array2<f64>,
    /// ∂reg/∂Θ (2.6.1).
    pub penalty: Array2<f64>,
    /// ∂J/∂Θ (3.1.3).
    pub gradient: Array2<f64>,
    /// What the next update adds to Θ (1.3.2, or as the optimiser has it).
    pub update: Array2<f64>,
    /// What the optimiser remembers of the updates made; without v and s where the rule has none.
    pub memory: Memory<f64>,
    /// What it remembers after the next update.
    pub memory_after: Memory<f64>,
}

/// The state of a run between two updates: Θ, and everything of the next update, all at that Θ.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The options in force.
    pub config: Arc<Config>,
    /// The data, shared with the trainer.
    pub data: Data,
    /// How far the run has come.
    pub position: Position,
    /// What it is doing.
    pub status: Status,
    /// How fast.
    pub pace: Pace,
    /// What kind of network it is, with Θ as it is now.
    pub model: AnyModel,
    /// Penalty, λ and m.
    pub regularisation: Regularisation,
    /// The samples of the next batch, as rows of the training part, in their order.
    pub batch: Vec<usize>,
    /// Of how many of them, the first ones, the tensors have rows.
    pub samples: usize,
    /// The numbers of the forward and the backward pass over the batch, by name.
    pub tensors: Tensors,
    /// Everything of each Θ in the next update.
    pub parameters: Vec<Parameter>,
    /// What the gradient is multiplied by before the optimiser sees it: less than 1 where it is longer than allowed.
    pub cut: f64,
    /// The batch's cost.
    pub cost: Cost,
    /// What was measured after the last whole epoch.
    pub latest: Epoch,
    /// What it said then of each sample of the training part, and of the held-out part if there is one.
    pub answers: Arc<(Answers, Option<Answers>)>,
    /// Units of each hidden layer that were 0 for the whole training part after that epoch; absent where units can't die.
    pub dead: Vec<Option<usize>>,
    /// The batch costs since the last snapshot, this moment's the last of them.
    pub costs: CostHistory,
    /// The parts of the batch costs since the last snapshot.
    pub shares: ShareHistory,
    /// The epochs since the last snapshot.
    pub epochs: EpochHistory,
    /// What was changed during the run, oldest first.
    pub changes: Vec<Change>,
    /// Counts up with every reset, so that a viewer knows that an old history is of another run.
    pub run: u64,
}

impl Snapshot {
    /// The weights as they are kept in a file, with what they need to be used.
    pub fn weight_file(&self, path: &Path) -> WeightFile {
        let about = About::of(&self.model, &self.data, (self.command_line(), self.position.step));
        let theta = self.model.parameters().to_vec();
        let kind = self.model.kind();
        WeightFile { path: path.into(), kind, theta, about: Some(about), warnings: Vec::new() }
    }

    /// Mean over the whole batch, and in sequences over all steps, of ‖δ‖ of what a Θ, counted from 1, leads to: of δ^(l+1), or of what
    /// is multiplied in ΣΔ^x, ΣΔ^h and ΣΔ^o.
    pub fn delta_norm(&self, l: usize) -> f64 {
        self.tensors.values(DELTA_NORM, l)[[0, 0]]
    }

    /// How the units of a layer, 2 … L, lie over the same; of a recurrent network h is layer 2 and o layer 3.
    pub fn activations(&self, layer: usize) -> Activations {
        let spread = self.tensors.values(SPREAD, layer);
        let saturated = self.tensors.get(SATURATED, layer).map(|share| share.values[[0, 0]]);
        Activations { mean: spread[[0, 0]], deviation: spread[[0, 1]], saturated }
    }

    /// The command line that starts the run, with what was changed since as comments.
    pub fn command_line(&self) -> String {
        command_line::command_line(&self.config, &self.changes, self.regularisation.m)
    }

    /// Where a row of the training part stands among the samples carried, if it is one of them.
    pub fn carried(&self, row: usize) -> Option<usize> {
        self.batch.iter().take(self.samples).position(|&carried| carried == row)
    }
}
