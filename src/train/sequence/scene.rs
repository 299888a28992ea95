//! What is seen of a recurrent network at one moment: the next update, whole, before it is applied.

use std::sync::Arc;

use ndarray::Array2;

use super::Plan;
use crate::data::sequences::Sequences;
use crate::nn::Regularisation;
use crate::nn::recurrent::{Recurrent, Through, Unrolled};
use crate::train::changes::Change;
use crate::train::command_line;
use crate::train::history::{CostHistory, Epoch, EpochHistory};
use crate::train::snapshot::{Cost, Pace, Position, Status};

/// How many sequences of a batch a scene carries at most, fewer where they are very long; the sums are always over all.
pub const CARRIED: usize = 32;

/// How the gradient fares at one step, over the whole batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Mean of ‖∂J^(b)/∂h_t‖.
    pub norm: f64,
    /// log10 of the factor that the gradient's length is multiplied by on its way from h_t to h_{t−1}; absent at the first step,
    /// where nothing arrives, and where the gradient is cut off.
    pub gain: Option<f64>,
    /// Whether it is cut off between t and t−1.
    pub cut: bool,
}

/// The state of a run between two updates: Θ, and everything of the next update, all at that Θ.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The options in force.
    pub plan: Arc<Plan>,
    /// The sequences, shared with the trainer.
    pub sequences: Arc<Sequences>,
    /// How many of them are learnt from, the first ones.
    pub learnt_from: usize,
    /// How far the run has come.
    pub position: Position,
    /// What it is doing.
    pub status: Status,
    /// How fast.
    pub pace: Pace,
    /// Θ as it is now.
    pub network: Recurrent<f64>,
    /// Penalty, λ and m.
    pub regularisation: Regularisation,
    /// The sequences of the next batch.
    pub batch: Vec<usize>,
    /// The forward pass of the first of them, 32 at most.
    pub forward: Unrolled<f64>,
    /// What they should answer, in rows as those of o.
    pub y: Array2<f64>,
    /// The backward pass of the same; ΣΔ over the whole batch.
    pub through: Through<f64>,
    /// How the gradient fares at steps 1 … T.
    pub flow: Vec<Flow>,
    /// The largest |eigenvalue| of the recurrent weights: of Θ^h, or of the rows of its gate n; absent in wide layers.
    pub radius: Option<f64>,
    /// D = ΣΔ/B of Θ^x, Θ^h and Θ^o.
    pub d: [Array2<f64>; 3],
    /// ∂reg/∂Θ (2.6.1).
    pub penalty: [Array2<f64>; 3],
    /// ∂J/∂Θ (3.1.3).
    pub gradient: [Array2<f64>; 3],
    /// What the next update adds to Θ.
    pub update: [Array2<f64>; 3],
    /// What the gradient is multiplied by before the optimiser sees it: less than 1 where it is longer than allowed.
    pub cut: f64,
    /// The batch's cost.
    pub cost: Cost,
    /// What was measured after the last whole epoch.
    pub latest: Epoch,
    /// The batch costs since the last look.
    pub costs: CostHistory,
    /// The epochs since the last look.
    pub epochs: EpochHistory,
    /// What was changed during the run, oldest first.
    pub changes: Vec<Change>,
    /// Counts up with every reset.
    pub run: u64,
}

impl Scene {
    /// The command line that starts the run, with what was changed since as comments.
    pub fn command_line(&self) -> String {
        let config = command_line::begun(&self.plan.config, &self.changes, self.regularisation.m);
        let line = Plan { config, ..Plan::clone(&self.plan) }.command_line();
        command_line::with_changes(line, &self.changes)
    }
}
