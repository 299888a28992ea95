//! The trainer: one network, its data and the next update, which each step applies; no threads, no clocks.

use std::sync::Arc;

use ndarray::Array2;

use super::changes::Change;
use super::config::Config;
use super::course::Course;
use super::history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure, ShareHistory, Shares};
use super::schedule::Done;
use super::snapshot::{Answers, Cost, Position};
use super::team::Team;
use crate::data::{Part, Prepared};
use crate::error::{Error, Place, Result};
use crate::nn::{Forward, Memory, Network, Real, Regularisation, fast};
use crate::number::short;

mod change;
mod look;
mod measure;
mod pass;

use measure::{Alive, Measured, measure};
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
    course: Course,
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
    /// If the options make no net, or one too large to keep; or if the data are too large for the precision.
    pub fn new(config: Arc<Config>, data: Arc<Prepared>) -> Result<Self> {
        config.check()?;
        check_precision::<T>(&data)?;
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
        let course = Course::new(&config, m);
        let memory: Vec<_> = network.theta.iter().map(|theta| config.optimizer.blank(theta.dim())).collect();
        let rates = config.rates(&course.position());
        let rule = Rule { regularisation: &regularisation, config: &config, memory: &memory, rates };
        let mut next = Pass::default();
        course.next_batch(&config, &mut next.rows);
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
            course,
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
        let measured = trainer.measured();
        trainer.take(measured);
        trainer.best = trainer.latest.test.map(|test| (0, test.data));
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
        let stood = self.course.advance(&self.config, self.next.rows.len());
        self.course.next_batch(&self.config, &mut self.spare.rows);
        std::mem::swap(&mut self.network.theta, &mut self.next.theta);
        let rule = Rule {
            regularisation: &self.regularisation,
            config: &self.config,
            memory: &self.next.memory,
            rates: self.config.rates(&self.course.position()),
        };
        self.spare.make(&self.network, &rule, (&self.train, &mut self.team));
        let is_measured = self.course.is_at_an_end() && self.measures && self.spare.not_finite.is_none();
        let measured = is_measured.then(|| self.measured());
        let not_finite = measured.as_ref().and_then(|measured| measured.epoch.not_finite());
        if let Some(what) = self.spare.not_finite.as_deref().or(not_finite) {
            // Everything is as it was.
            std::mem::swap(&mut self.network.theta, &mut self.next.theta);
            self.course.go_back(&self.config, stood);
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
        self.course.position()
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
        let step = self.course.position().step;
        self.costs.push(CostPoint { step, data: cost.data, reg: cost.reg_total() });
        self.share.step = step;
        self.share.cost.clone_from(cost);
        self.shares.push(&self.share);
    }

    /// Measures both parts as a whole, which is done after each epoch and before the first.
    fn measured(&mut self) -> Measured {
        let mut alive = Alive::of(&self.network);
        let (network, data) = (&self.network, &*self.data);
        let mut measure = |part, see: &mut dyn FnMut(&Forward<T>)| {
            measure(network, (part, data), (&mut self.team, &mut self.measuring), see)
        };
        let (train, answers) = measure(&self.train, &mut |forward| alive.see(forward));
        let test = self.test.as_ref().map(|test| measure(test, &mut |_| {}));
        let epoch = Epoch {
            epoch: self.course.position().epochs_done,
            step: self.course.position().step,
            train,
            reg: self.network.theta.iter().map(|theta| self.regularisation.cost(theta)).sum(),
            test: test.as_ref().map(|(measure, _)| *measure),
        };
        Measured { epoch, dead: alive.dead(), answers: (answers, test.map(|(_, answers)| answers)) }
    }

    fn take(&mut self, measured: Measured) {
        self.latest = measured.epoch;
        self.dead = measured.dead;
        self.answers = Arc::new(measured.answers);
        self.epochs.push(&self.latest);
    }
}

/// Refuses numbers that are none in the precision that is computed in.
fn check_precision<T: Real>(data: &Prepared) -> Result<()> {
    let (source, targets) = (data.dataset.name.clone(), data.dataset.targets.outputs());
    for part in [Some(&data.train), data.test.as_ref()].into_iter().flatten() {
        for (values, names) in [(&part.x, data.dataset.features.as_slice()), (&part.y, targets)] {
            let is_far = |x: &f64| !T::of(*x).f64().is_finite();
            if let Some(column) = values.columns().into_iter().position(|column| column.iter().any(is_far)) {
                return Err(Error::Data {
                    source,
                    place: Place::column(names.get(column).cloned().unwrap_or_default()),
                    found: "values too large for --precision f32".into(),
                    expected: format!(
                        "values up to {}, or --scale standard, or --precision f64",
                        short(f64::from(f32::MAX))
                    ),
                });
            }
        }
    }
    Ok(())
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
    // It holds once: after the first epoch below it, even where the run began there.
    let falls_below = |until: f64| latest.total() < until && (before.total() >= until || before.epoch == 0);
    if let Some(until) = config.until.filter(|&until| falls_below(until)) {
        return Some(Done::Until(until));
    }
    let since = latest.epoch - best.map_or(epoch, |(best, _)| best);
    (config.patience == Some(since)).then(|| Done::Patience(latest.epoch - since))
}
