//! The trainer: one model, its data and the next update, which each step applies; no threads, no clocks.

use std::sync::Arc;

use super::changes::Change;
use super::config::Config;
use super::epoch_cursor::{EpochCursor, EpochPlace};
use super::examples::{Examples, RowExamples, Which};
use super::history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
use super::moment::{Cost, Position};
use super::recurrence::measured_rows;
use super::schedule::Done;
use super::snapshot::Answers;
use super::team::Team;
use super::trainable::Trainable;
use crate::data::Data;
use crate::error::Result;
use crate::nn::{AnyModel, Memory, Real, Regularisation};

mod change;
mod checkpoint;
mod look;
mod measure;
mod pass;

pub use checkpoint::Checkpoint;
use measure::{EpochMeasures, Measuring, dead, measure};
pub(super) use pass::{PassRule, UpdatePass, write_cost};

/// The next update is not finite, or leads to where the one after it isn't; it was not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Updates done; the next was refused.
    pub step: u64,
    /// What is not finite.
    pub what: String,
}

/// A model in training: always between two updates, with the next one ready.
pub struct Trainer<T: Real, M: Trainable<T>> {
    pub(super) config: Arc<Config>,
    pub(super) data: Data,
    pub(super) examples: M::Examples,
    pub(super) model: M,
    pub(super) regularisation: Regularisation,
    /// What the optimiser remembers of the updates made.
    pub(super) memory: Vec<Memory<T>>,
    cursor: EpochCursor,
    pub(super) next: UpdatePass<T, M>,
    /// The memory of the pass after it.
    spare: UpdatePass<T, M>,
    latest: Epoch,
    /// What the network said then of each sample.
    answers: Arc<(Answers, Option<Answers>)>,
    /// Units of each hidden layer that were 0 for the whole training part after that epoch, where units can die.
    dead: Vec<Option<usize>>,
    pub(super) costs: CostHistory,
    shares: ShareHistory,
    /// The last of them.
    share: Shares,
    pub(super) epochs: EpochHistory,
    /// The epoch with the least held-out cost so far, and that cost.
    best: Option<(u64, f64)>,
    /// Why the run is done, right after the epoch that it is done with.
    done: Option<Done>,
    pub(super) changes: Vec<Change>,
    /// Whether both parts are measured after each epoch.
    measures: bool,
    /// The threads that share a step.
    team: Team,
    measuring: Measuring<T, M>,
}

impl<T: Real, M: Trainable<T>> Trainer<T, M> {
    /// A trainer at step 0, with weights drawn from the seed, or those that the options give.
    ///
    /// # Errors
    /// If the options make no net of the data, or one too large to keep; or if the data are too large for the precision.
    pub fn new(config: Arc<Config>, data: impl Into<Data>) -> Result<Self> {
        let data = data.into();
        M::check(&config, &data)?;
        let model = M::begin(&config, &data);
        Self::with_model(config, data, model)
    }

    /// A trainer at step 0 of a model that fits the data.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn with_model(config: Arc<Config>, data: impl Into<Data>, model: M) -> Result<Self> {
        let data = data.into();
        let optimizer = config.optimizer;
        let memory: Vec<_> = model.parameters().iter().map(|theta| optimizer.blank(theta.dim())).collect();
        let start = EpochPlace { taken: 0, position: Position::default() };
        let mut trainer = Self::at((config, data), model, (&memory, start))?;
        let measured = trainer.measured();
        trainer.take(measured);
        trainer.best = trainer.latest.test.map(|test| (0, test.data));
        Ok(trainer)
    }

    /// A trainer at a place of its run, with what the optimiser remembers there and nothing measured yet.
    fn at((config, data): (Arc<Config>, Data), model: M, (memory, place): (&[Memory<T>], EpochPlace)) -> Result<Self> {
        let mut team = Team::of(config.threads)?;
        let examples = M::examples(&config, &data);
        let m = examples.count(Which::Training);
        let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m };
        let cursor = EpochCursor::at(&config, m, place);
        let memory = memory.to_vec();
        let rates = config.rates(&cursor.position());
        let rule = PassRule { regularisation: &regularisation, config: &config, memory: &memory, rates };
        let mut next = UpdatePass::default();
        cursor.next_batch(&config, &mut next.rows);
        next.make(&model, &rule, (&examples, &mut team));
        let nothing = Measure { data: 0.0, fit: Fit::Accuracy(0.0) };
        let mut trainer = Self {
            config,
            data,
            examples,
            model,
            regularisation,
            memory,
            cursor,
            next,
            spare: UpdatePass::default(),
            latest: Epoch { epoch: 0, step: 0, train: nothing, reg: 0.0, test: None },
            answers: Arc::default(),
            dead: Vec::new(),
            costs: CostHistory::default(),
            shares: ShareHistory::default(),
            share: Shares { step: 0, cost: Cost::default() },
            epochs: EpochHistory::default(),
            best: None,
            done: None,
            changes: Vec::new(),
            measures: true,
            team,
            measuring: Measuring::default(),
        };
        trainer.note_cost();
        Ok(trainer)
    }

    /// Applies the next update (1.3.2) and makes the one after it.
    ///
    /// # Errors
    /// If the update is not finite, or leads to a Θ at which the one after it isn't, or what an epoch is measured by: then nothing
    /// has changed.
    pub fn step(&mut self) -> std::result::Result<(), Divergence> {
        let step = self.position().step;
        let refuse = |what: String| Err(Divergence { step, what });
        if let Some(what) = &self.next.not_finite {
            return refuse(what.clone());
        }
        if self.next.overflows {
            return refuse("Θ after it".into());
        }
        let config = &self.config;
        let stood = self.cursor.advance(config, self.next.rows.len());
        self.cursor.next_batch(config, &mut self.spare.rows);
        self.model.parameters_mut().swap_with_slice(&mut self.next.theta);
        let rule = PassRule {
            regularisation: &self.regularisation,
            config,
            memory: &self.next.memory,
            rates: config.rates(&self.cursor.position()),
        };
        self.spare.make(&self.model, &rule, (&self.examples, &mut self.team));
        let is_measured = self.cursor.is_at_an_end() && self.measures && self.spare.not_finite.is_none();
        let measured = is_measured.then(|| self.measured());
        let not_finite = measured.as_ref().and_then(|measured| measured.epoch.not_finite());
        if let Some(what) = self.spare.not_finite.as_deref().or(not_finite) {
            // Everything is as it was.
            self.model.parameters_mut().swap_with_slice(&mut self.next.theta);
            self.cursor.go_back(&self.config, stood);
            return refuse(format!("{what} after it"));
        }
        std::mem::swap(&mut self.memory, &mut self.next.memory);
        std::mem::swap(&mut self.next, &mut self.spare);
        self.note_cost();
        self.done = None;
        if let Some(measured) = measured {
            let before = self.latest;
            self.take(measured);
            self.done = judged(&self.config, (&self.latest, &before), &mut self.best);
        }
        Ok(())
    }

    /// Whether both parts are measured after each epoch; benchmarks of the updates alone leave that out.
    pub fn measure_epochs(&mut self, on: bool) {
        self.measures = on;
    }

    /// How far the run has come.
    pub fn position(&self) -> Position {
        self.cursor.position()
    }

    /// The options in force.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// What was measured after the last whole epoch.
    pub fn latest(&self) -> Epoch {
        self.latest
    }

    /// The model as it is now.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The cost of the batch that comes next.
    pub fn cost(&self) -> &Cost {
        &self.next.cost
    }

    /// Why the run is done, if it is so since the last update.
    pub fn done(&self) -> Option<Done> {
        self.done
    }

    fn note_cost(&mut self) {
        let cost = &self.next.cost;
        let step = self.cursor.position().step;
        self.costs.push(CostPoint { step, data: cost.data, reg: cost.reg_total() });
        self.share.step = step;
        self.share.cost.clone_from(cost);
        self.shares.push(&self.share);
    }

    /// Measures both parts as a whole, which is done after each epoch and before the first.
    fn measured(&mut self) -> EpochMeasures {
        let mut alive = self.model.units_that_can_die();
        let (model, examples) = (&self.model, &self.examples);
        let mut measure = |part, see: &mut dyn FnMut(&M::Workspace)| {
            measure(model, (examples, part), (&mut self.team, &mut self.measuring), see)
        };
        let (train, answers) = measure(Which::Training, &mut |workspace| model.mark_alive(workspace, &mut alive));
        let test = (examples.count(Which::HeldOut) > 0).then(|| measure(Which::HeldOut, &mut |_| {}));
        let Position { epochs_done: epoch, step, .. } = self.cursor.position();
        let epoch = Epoch {
            epoch,
            step,
            train,
            reg: pass::penalties(model, &self.regularisation).sum(),
            test: test.as_ref().map(|(measure, _)| *measure),
        };
        EpochMeasures { epoch, dead: dead(&alive), answers: Arc::new((answers, test.map(|(_, answers)| answers))) }
    }

    fn take(&mut self, measured: EpochMeasures) {
        self.latest = measured.epoch;
        self.dead = measured.dead;
        self.answers = measured.answers;
        self.epochs.push(&self.latest);
    }
}

/// Measures a network over the training part of data of its kind.
///
/// # Panics
/// If they are of another kind.
pub fn measured(model: &AnyModel, data: &Data) -> (Measure, Answers) {
    fn over<M: Trainable<f64>>(model: &M, examples: &M::Examples) -> (Measure, Answers) {
        measure(model, (examples, Which::Training), (&mut Team::default(), &mut Measuring::default()), |_| {})
    }
    match (model, data) {
        (AnyModel::Dense(network), Data::Rows(rows)) => over(network, &RowExamples::of(rows)),
        (AnyModel::Recurrent(network), Data::Sequences(parts)) => over(network, &measured_rows(network, parts)),
        _ => unreachable!("a network answers data of its own kind"),
    }
}

/// Whether the epoch that was just measured is the one that a run is done with; each reason holds once. The best so far is an epoch
/// and its held-out cost.
fn judged(config: &Config, (latest, before): (&Epoch, &Epoch), best: &mut Option<(u64, f64)>) -> Option<Done> {
    let cost = latest.test.map(|test| test.data);
    let (epoch, least) = best.unwrap_or((0, f64::INFINITY));
    if cost.is_some_and(|cost| cost < least) {
        *best = cost.map(|cost| (latest.epoch, cost));
    }
    if config.epochs == Some(latest.epoch) {
        return Some(Done::Epochs(latest.epoch));
    }
    // It holds once: after the first epoch below it, even where the run began there.
    let falls_below = |until: f64| latest.total() < until && (before.total() >= until || before.epoch == 0);
    if let Some(until) = config.until.filter(|&until| falls_below(until)) {
        return Some(Done::Until(until));
    }
    let since = latest.epoch - best.map_or(epoch, |(best, _)| best);
    (config.patience == Some(since)).then(|| Done::Patience(latest.epoch - since))
}
