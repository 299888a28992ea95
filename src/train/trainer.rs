//! The trainer: one network, its data and the next update, which each step applies; no threads, no clocks.

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView2, s};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::config::Config;
use super::history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
use super::schedule::Done;
use super::setting::Change;
use super::snapshot::{Answers, CARRIED, Cost, Pace, Position, Snapshot, Status};
use crate::data::{Part, Prepared};
use crate::error::{Error, Result};
use crate::nn::{Backprop, Forward, Memory, Network, Real, Regularisation};

mod change;
mod measure;
mod pass;

use measure::{Alive, activations, mean, mean_magnitudes, mean_norm, measure};
use pass::{Pass, Rule};

/// The next update is not finite, or leads to where the one after it isn't; it was not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Updates done; the next was refused.
    pub step: u64,
    /// What is not finite.
    pub what: String,
}

/// A part of the data in the precision that is computed in.
struct Samples<T> {
    x: Array2<T>,
    y: Array2<T>,
}

/// A network in training: always between two updates, with the next one ready.
pub struct Trainer<T> {
    config: Arc<Config>,
    data: Arc<Prepared>,
    train: Samples<T>,
    test: Option<Samples<T>>,
    network: Network<T>,
    regularisation: Regularisation,
    /// What the optimiser remembers of the updates made.
    memory: Vec<Memory<T>>,
    /// The rows of the training part in the order of the epoch that the next batch belongs to.
    order: Vec<usize>,
    /// How many of them were in the epoch's batches before the next one.
    taken: usize,
    position: Position,
    next: Pass<T>,
    latest: Epoch,
    /// What the network said then of each sample.
    answers: Arc<(Answers, Option<Answers>)>,
    /// Units of each hidden layer that were 0 for the whole training part after that epoch, where units can die.
    dead: Vec<Option<usize>>,
    costs: CostHistory,
    shares: ShareHistory,
    epochs: EpochHistory,
    /// The epoch with the least held-out cost so far, and that cost.
    best: Option<(u64, f64)>,
    /// Why the run is done, right after the epoch that it is done with.
    done: Option<Done>,
    changes: Vec<Change>,
    /// Whether both parts are measured after each epoch.
    measures: bool,
}

impl<T: Real> Trainer<T> {
    /// A trainer at step 0, with weights drawn from the seed.
    ///
    /// # Errors
    /// If the options make no net, or one too large to keep.
    pub fn new(config: Arc<Config>, data: Arc<Prepared>) -> Result<Self> {
        config.check()?;
        let sizes = config.sizes(data.train.x.ncols(), data.train.y.ncols())?;
        if let Some(patience) = config.patience.filter(|_| data.test.is_none()) {
            return Err(Error::Usage(format!(
                "--patience {patience}: nothing is held out, so there is no held-out cost"
            )));
        }
        let theta = config.theta(&sizes);
        Ok(Self::with_theta(config, data, theta))
    }

    /// A trainer at step 0 with the weights given, S_{l+1} × (S_l + 1) each.
    pub fn with_theta(config: Arc<Config>, data: Arc<Prepared>, theta: Vec<Array2<T>>) -> Self {
        let m = data.train.x.nrows();
        let train = Samples::of(&data.train);
        let network = Network { theta, hidden: config.activations(), output: config.output };
        let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m };
        let order = order(&config, 0, m);
        let position = Position { batches: batches(&config, m), ..Position::default() };
        let rows = batch_rows(&config, &order, 0);
        let taken = 0;
        let memory: Vec<_> = network.theta.iter().map(|theta| config.optimizer.blank(theta.dim())).collect();
        let rule =
            Rule { regularisation: &regularisation, config: &config, memory: &memory, rates: config.rates(&position) };
        let pass = Pass::make(&network, rule, (&train, rows));
        let nothing = Measure { data: 0.0, fit: Fit::Accuracy(0.0) };
        let mut trainer = Self {
            test: data.test.as_ref().map(Samples::of),
            config,
            data,
            train,
            network,
            regularisation,
            memory,
            order,
            taken,
            position,
            next: pass,
            latest: Epoch { epoch: 0, step: 0, train: nothing, reg: 0.0, test: None },
            answers: Arc::default(),
            dead: Vec::new(),
            costs: CostHistory::default(),
            shares: ShareHistory::default(),
            epochs: EpochHistory::default(),
            best: None,
            done: None,
            changes: Vec::new(),
            measures: true,
        };
        trainer.note_cost();
        trainer.measure();
        trainer.best = trainer.latest.test.map(|test| (0, test.data));
        trainer
    }

    /// Applies the next update (1.3.2) and makes the one after it.
    ///
    /// # Errors
    /// If the update is not finite, or leads to a Θ at which the one after it isn't: then nothing has changed.
    pub fn step(&mut self) -> std::result::Result<(), Divergence> {
        let refuse = |what| Divergence { step: self.position.step, what };
        if let Some(what) = self.next.not_finite() {
            return Err(refuse(what));
        }
        let theta = self.network.theta.iter().zip(&self.next.update).map(|(theta, update)| theta + update).collect();
        let network = Network { theta, hidden: self.network.hidden.clone(), output: self.network.output };
        if !network.is_finite() {
            return Err(refuse("Θ after it".into()));
        }
        let mut position =
            Position { step: self.position.step + 1, batches_done: self.position.batches_done + 1, ..self.position };
        let mut taken = self.taken + self.next.rows.len();
        let epoch_ends = taken == self.order.len();
        let mut new_order = None;
        if epoch_ends {
            taken = 0;
            position.epochs_done += 1;
            position.batches_done = 0;
            position.batches = batches(&self.config, self.order.len());
            new_order = Some(order(&self.config, position.epochs_done, self.order.len()));
        }
        let rows = batch_rows(&self.config, new_order.as_ref().unwrap_or(&self.order), taken);
        let rule = Rule {
            regularisation: &self.regularisation,
            config: &self.config,
            memory: &self.next.memory,
            rates: self.config.rates(&position),
        };
        let pass = Pass::make(&network, rule, (&self.train, rows));
        if let Some(what) = pass.not_finite() {
            return Err(refuse(format!("{what} after it")));
        }

        self.network = network;
        self.position = position;
        self.taken = taken;
        self.memory = std::mem::replace(&mut self.next, pass).memory;
        self.order = new_order.unwrap_or_else(|| std::mem::take(&mut self.order));
        self.note_cost();
        self.done = None;
        if epoch_ends && self.measures {
            let before = self.latest;
            self.measure();
            self.done = self.judge(&before);
        }
        Ok(())
    }

    /// Whether both parts are measured after each epoch; benchmarks of the updates alone leave that out.
    pub fn measure_epochs(&mut self, on: bool) {
        self.measures = on;
    }

    /// How far the run has come.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The options in force.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// What was measured after the last whole epoch.
    pub fn latest(&self) -> Epoch {
        self.latest
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network<T> {
        &self.network
    }

    /// The cost of the batch that comes next.
    pub fn cost(&self) -> &Cost {
        &self.next.cost
    }

    /// Writes the present state into a snapshot, `recycled` if one is handed back; costs are told once.
    pub fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        let mut snapshot = recycled.unwrap_or_else(|| Box::new(self.empty_snapshot()));
        let pass = &self.next;
        snapshot.config = Arc::clone(&self.config);
        snapshot.data = Arc::clone(&self.data);
        snapshot.position = self.position;
        snapshot.regularisation = self.regularisation;
        snapshot.network.hidden.clone_from(&self.network.hidden);
        snapshot.network.output = self.network.output;
        copy_all(&mut snapshot.network.theta, &self.network.theta);
        snapshot.batch.clone_from(&pass.rows);
        let carried = pass.rows.len().min(CARRIED);
        copy_rows(&mut snapshot.forward.z, &pass.forward.z, carried);
        copy_rows(&mut snapshot.forward.a, &pass.forward.a, carried);
        copy_rows(&mut snapshot.forward.mask, &pass.forward.mask, carried);
        copy_rows(&mut snapshot.backprop.delta, &pass.backprop.delta, carried);
        copy_rows(&mut snapshot.backprop.back, &pass.backprop.back, carried);
        snapshot.sample_cost = pass.sample_cost.slice(s![..carried]).mapv(Real::f64);
        copy_all(&mut snapshot.backprop.sum, &pass.backprop.sum);
        copy_all(&mut snapshot.backprop.d, &pass.backprop.d);
        copy_all(&mut snapshot.penalty, &pass.penalty);
        copy_all(&mut snapshot.gradient, &pass.gradient);
        copy_all(&mut snapshot.update, &pass.update);
        snapshot.cut = pass.cut;
        copy_memories(&mut snapshot.memory, &self.memory);
        copy_memories(&mut snapshot.memory_after, &pass.memory);
        snapshot.mean_delta = pass.backprop.delta.iter().map(mean_magnitudes).collect();
        snapshot.delta_norm = pass.backprop.delta.iter().map(mean_norm).collect();
        snapshot.activations = activations(&self.network, &pass.forward);
        snapshot.cost.clone_from(&pass.cost);
        snapshot.latest = self.latest;
        snapshot.answers = Arc::clone(&self.answers);
        snapshot.dead.clone_from(&self.dead);
        snapshot.changes.clone_from(&self.changes);
        // The emptied histories of the snapshot handed back take the trainer's place, so neither allocates.
        snapshot.costs.clear();
        snapshot.epochs.clear();
        snapshot.shares.clear();
        std::mem::swap(&mut snapshot.costs, &mut self.costs);
        std::mem::swap(&mut snapshot.shares, &mut self.shares);
        std::mem::swap(&mut snapshot.epochs, &mut self.epochs);
        snapshot
    }

    fn empty_snapshot(&self) -> Snapshot {
        Snapshot {
            config: Arc::clone(&self.config),
            data: Arc::clone(&self.data),
            position: self.position,
            status: Status::Paused,
            pace: Pace::default(),
            network: Network { theta: Vec::new(), hidden: Vec::new(), output: self.network.output },
            regularisation: self.regularisation,
            batch: Vec::new(),
            forward: Forward::default(),
            sample_cost: Array1::default(0),
            backprop: Backprop::default(),
            mean_delta: Vec::new(),
            delta_norm: Vec::new(),
            penalty: Vec::new(),
            gradient: Vec::new(),
            update: Vec::new(),
            cut: 1.0,
            memory: Vec::new(),
            memory_after: Vec::new(),
            cost: Cost::default(),
            activations: Vec::new(),
            latest: self.latest,
            answers: Arc::default(),
            dead: Vec::new(),
            costs: CostHistory::default(),
            shares: ShareHistory::default(),
            epochs: EpochHistory::default(),
            changes: Vec::new(),
            run: 0,
        }
    }

    /// Why the run is done, if it is so since the last update.
    pub fn done(&self) -> Option<Done> {
        self.done
    }

    /// Whether the epoch that was just measured is the one that the run is done with; each reason holds once.
    fn judge(&mut self, before: &Epoch) -> Option<Done> {
        let (config, latest) = (&self.config, &self.latest);
        let cost = latest.test.map(|test| test.data);
        let (epoch, least) = self.best.unwrap_or((0, f64::INFINITY));
        if cost.is_some_and(|cost| cost < least) {
            self.best = cost.map(|cost| (latest.epoch, cost));
        }
        if config.epochs == Some(latest.epoch) {
            return Some(Done::Epochs(latest.epoch));
        }
        if let Some(until) = config.until.filter(|&until| latest.total() < until && before.total() >= until) {
            return Some(Done::Until(until));
        }
        let since = latest.epoch - self.best.map_or(epoch, |(best, _)| best);
        (config.patience == Some(since)).then(|| Done::Patience(latest.epoch - since))
    }

    fn note_cost(&mut self) {
        let cost = &self.next.cost;
        self.costs.push(CostPoint { step: self.position.step, data: cost.data, reg: cost.reg_total() });
        self.shares.push(Shares { step: self.position.step, cost: cost.clone() });
    }

    /// Measures both parts as a whole, which is done after each epoch and before the first.
    fn measure(&mut self) {
        let mut alive = Alive::of(&self.network);
        let (train, answers) = measure(&self.network, (&self.train, &self.data), |forward| alive.see(forward));
        let test = self.test.as_ref().map(|test| measure(&self.network, (test, &self.data), |_| {}));
        self.latest = Epoch {
            epoch: self.position.epochs_done,
            step: self.position.step,
            train,
            reg: self.network.theta.iter().map(|theta| self.regularisation.cost(theta)).sum(),
            test: test.as_ref().map(|(measure, _)| *measure),
        };
        self.dead = alive.dead();
        self.answers = Arc::new((answers, test.map(|(_, answers)| answers)));
        self.epochs.push(self.latest);
    }
}

impl<T: Real> Samples<T> {
    fn of(part: &Part) -> Self {
        Self { x: part.x.mapv(T::of), y: part.y.mapv(T::of) }
    }
}

/// Measures a network over a part of data.
pub fn measured(network: &Network<f64>, part: &Part, data: &Prepared) -> (Measure, Answers) {
    measure(network, (&Samples::of(part), data), |_| {})
}

/// The rows of the training part in the order of an epoch: a function of the seed and the epoch alone.
fn order(config: &Config, epochs_done: u64, m: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..m).collect();
    if config.shuffle {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        // Stream 0 of the seed draws the weights.
        rng.set_stream(epochs_done + 1);
        order.shuffle(&mut rng);
    }
    order
}

/// Batches that so many samples make; the last may be shorter.
fn batches(config: &Config, samples: usize) -> usize {
    samples.div_ceil(config.batch.size(samples)).max(1)
}

/// The rows of the batch after those that were taken.
fn batch_rows(config: &Config, order: &[usize], taken: usize) -> Vec<usize> {
    order.iter().copied().skip(taken).take(config.batch.size(order.len())).collect()
}

/// Copies matrices as `f64`, into the memory that is there if the shapes are.
fn copy_all<T: Real>(to: &mut Vec<Array2<f64>>, from: &[Array2<T>]) {
    to.resize_with(from.len(), || Array2::zeros((0, 0)));
    to.iter_mut().zip(from).for_each(|(to, from)| copy(to, from.view()));
}

/// The same for what an optimiser remembers.
fn copy_memories<T: Real>(to: &mut Vec<Memory<f64>>, from: &[Memory<T>]) {
    to.resize_with(from.len(), Memory::default);
    for (to, from) in to.iter_mut().zip(from) {
        for (to, from) in [(&mut to.v, &from.v), (&mut to.s, &from.s)] {
            match from {
                Some(from) => copy(to.get_or_insert_with(|| Array2::zeros((0, 0))), from.view()),
                None => *to = None,
            }
        }
    }
}

/// The same for the first rows of each.
fn copy_rows<T: Real>(to: &mut Vec<Array2<f64>>, from: &[Array2<T>], rows: usize) {
    to.resize_with(from.len(), || Array2::zeros((0, 0)));
    to.iter_mut().zip(from).for_each(|(to, from)| copy(to, from.slice(s![..rows, ..])));
}

fn copy<T: Real>(to: &mut Array2<f64>, from: ArrayView2<T>) {
    if to.raw_dim() == from.raw_dim() {
        to.zip_mut_with(&from, |to, &from| *to = from.f64());
    } else {
        *to = from.mapv(Real::f64);
    }
}
