//! The trainer: one network, its data and the next update, which each step applies; no threads, no clocks.

use std::sync::Arc;

use ndarray::Array2;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::config::Config;
use super::history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
use super::schedule::Done;
use super::setting::Change;
use super::snapshot::{Answers, Cost, Position};
use super::team::Team;
use crate::data::{Part, Prepared};
use crate::error::{Error, Result};
use crate::nn::{Forward, Memory, Network, Real, Regularisation, fast};

mod change;
mod look;
mod measure;
mod pass;

use measure::{Alive, measure};
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
    /// The memory of the pass after it.
    spare: Pass<T>,
    latest: Epoch,
    /// What the network said then of each sample.
    answers: Arc<(Answers, Option<Answers>)>,
    /// Units of each hidden layer that were 0 for the whole training part after that epoch, where units can die.
    dead: Vec<Option<usize>>,
    costs: CostHistory,
    shares: ShareHistory,
    /// The last of them.
    share: Shares,
    epochs: EpochHistory,
    /// The epoch with the least held-out cost so far, and that cost.
    best: Option<(u64, f64)>,
    /// Why the run is done, right after the epoch that it is done with.
    done: Option<Done>,
    changes: Vec<Change>,
    /// Whether both parts are measured after each epoch.
    measures: bool,
    /// The threads that share a step.
    team: Team,
    /// The memory of measuring, for each thread that takes part.
    measuring: Vec<fast::Pass<T>>,
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
        Self::with_theta(config, data, theta)
    }

    /// A trainer at step 0 with the weights given, S_{l+1} × (S_l + 1) each.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn with_theta(config: Arc<Config>, data: Arc<Prepared>, theta: Vec<Array2<T>>) -> Result<Self> {
        let mut team = Team::of(config.threads)?;
        let m = data.train.x.nrows();
        let train = Samples::of(&data.train);
        let theta = theta.into_iter().map(|theta| theta.as_standard_layout().into_owned()).collect();
        let network = Network { theta, hidden: config.activations(), output: config.output };
        let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m };
        let mut order = vec![0; m];
        self::order(&config, 0, &mut order);
        let position = Position { batches: batches(&config, m), ..Position::default() };
        let taken = 0;
        let memory: Vec<_> = network.theta.iter().map(|theta| config.optimizer.blank(theta.dim())).collect();
        let rule =
            Rule { regularisation: &regularisation, config: &config, memory: &memory, rates: config.rates(&position) };
        let mut next = Pass::default();
        batch_rows(&config, &order, taken, &mut next.rows);
        next.make(&network, &rule, (&train, &mut team));
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
            next,
            spare: Pass::default(),
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
            measuring: Vec::new(),
        };
        trainer.note_cost();
        trainer.measure();
        trainer.best = trainer.latest.test.map(|test| (0, test.data));
        Ok(trainer)
    }

    /// Applies the next update (1.3.2) and makes the one after it.
    ///
    /// # Errors
    /// If the update is not finite, or leads to a Θ at which the one after it isn't: then nothing has changed.
    pub fn step(&mut self) -> std::result::Result<(), Divergence> {
        let step = self.position.step;
        let refuse = |what: String| Err(Divergence { step, what });
        if let Some(what) = &self.next.not_finite {
            return refuse(what.clone());
        }
        if self.next.overflows {
            return refuse("Θ after it".into());
        }
        let before = self.position;
        let taken = self.taken + self.next.rows.len();
        let epoch_ends = taken == self.order.len();
        self.position.step += 1;
        self.position.batches_done += 1;
        if epoch_ends {
            self.position.epochs_done += 1;
            self.position.batches_done = 0;
            self.position.batches = batches(&self.config, self.order.len());
            order(&self.config, self.position.epochs_done, &mut self.order);
        }
        batch_rows(&self.config, &self.order, if epoch_ends { 0 } else { taken }, &mut self.spare.rows);
        std::mem::swap(&mut self.network.theta, &mut self.next.theta);
        let rule = Rule {
            regularisation: &self.regularisation,
            config: &self.config,
            memory: &self.next.memory,
            rates: self.config.rates(&self.position),
        };
        self.spare.make(&self.network, &rule, (&self.train, &mut self.team));
        if let Some(what) = &self.spare.not_finite {
            // Everything is as it was.
            std::mem::swap(&mut self.network.theta, &mut self.next.theta);
            self.position = before;
            if epoch_ends {
                order(&self.config, before.epochs_done, &mut self.order);
            }
            return refuse(format!("{what} after it"));
        }

        self.taken = if epoch_ends { 0 } else { taken };
        std::mem::swap(&mut self.memory, &mut self.next.memory);
        std::mem::swap(&mut self.next, &mut self.spare);
        self.note_cost();
        self.done = None;
        if epoch_ends && self.measures {
            let before = self.latest;
            self.measure();
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

    /// Why the run is done, if it is so since the last update.
    pub fn done(&self) -> Option<Done> {
        self.done
    }

    fn note_cost(&mut self) {
        let cost = &self.next.cost;
        self.costs.push(CostPoint { step: self.position.step, data: cost.data, reg: cost.reg_total() });
        self.share.step = self.position.step;
        self.share.cost.clone_from(cost);
        self.shares.push(&self.share);
    }

    /// Measures both parts as a whole, which is done after each epoch and before the first.
    fn measure(&mut self) {
        let mut alive = Alive::of(&self.network);
        let (network, data) = (&self.network, &*self.data);
        let mut measure = |part, see: &mut dyn FnMut(&Forward<T>)| {
            measure(network, (part, data), (&mut self.team, &mut self.measuring), see)
        };
        let (train, answers) = measure(&self.train, &mut |forward| alive.see(forward));
        let test = self.test.as_ref().map(|test| measure(test, &mut |_| {}));
        self.latest = Epoch {
            epoch: self.position.epochs_done,
            step: self.position.step,
            train,
            reg: self.network.theta.iter().map(|theta| self.regularisation.cost(theta)).sum(),
            test: test.as_ref().map(|(measure, _)| *measure),
        };
        self.dead = alive.dead();
        self.answers = Arc::new((answers, test.map(|(_, answers)| answers)));
        self.epochs.push(&self.latest);
    }
}

impl<T: Real> Samples<T> {
    fn of(part: &Part) -> Self {
        // Rows stand behind each other, so that a batch may be read where it is.
        let [x, y] = [&part.x, &part.y].map(|values| values.mapv(T::of).as_standard_layout().into_owned());
        Self { x, y }
    }
}

/// Measures a network over a part of data.
pub fn measured(network: &Network<f64>, part: &Part, data: &Prepared) -> (Measure, Answers) {
    measure(network, (&Samples::of(part), data), (&mut Team::default(), &mut Vec::new()), |_| {})
}

/// Whether the epoch that was just measured is the one that a run is done with; each reason holds once. The best so far is an epoch
/// and its held-out cost.
pub(super) fn judged(
    config: &Config,
    (latest, before): (&Epoch, &Epoch),
    best: &mut Option<(u64, f64)>,
) -> Option<Done> {
    let cost = latest.test.map(|test| test.data);
    let (epoch, least) = best.unwrap_or((0, f64::INFINITY));
    if cost.is_some_and(|cost| cost < least) {
        *best = cost.map(|cost| (latest.epoch, cost));
    }
    if config.epochs == Some(latest.epoch) {
        return Some(Done::Epochs(latest.epoch));
    }
    if let Some(until) = config.until.filter(|&until| latest.total() < until && before.total() >= until) {
        return Some(Done::Until(until));
    }
    let since = latest.epoch - best.map_or(epoch, |(best, _)| best);
    (config.patience == Some(since)).then(|| Done::Patience(latest.epoch - since))
}

/// Puts the rows of the training part in the order of an epoch: a function of the seed and the epoch alone.
pub(super) fn order(config: &Config, epochs_done: u64, order: &mut [usize]) {
    order.iter_mut().enumerate().for_each(|(place, row)| *row = place);
    if config.shuffle {
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        // Stream 0 of the seed draws the weights.
        rng.set_stream(epochs_done + 1);
        order.shuffle(&mut rng);
    }
}

/// Batches that so many samples make; the last may be shorter.
pub(super) fn batches(config: &Config, samples: usize) -> usize {
    samples.div_ceil(config.batch.size(samples)).max(1)
}

/// The rows of the batch after those that were taken.
pub(super) fn batch_rows(config: &Config, order: &[usize], taken: usize, rows: &mut Vec<usize>) {
    let end = (taken + config.batch.size(order.len())).min(order.len());
    rows.clear();
    rows.extend_from_slice(&order[taken..end]);
}
