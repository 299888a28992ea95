//! A recurrent network in training on sequences: takes whole steps and answers with scenes, as the dense trainer does.

mod look;
mod plan;
mod scene;
mod update;

use std::sync::Arc;

use ndarray::Array2;

use super::changes::{self, Change, Changed};
use super::course::Course;
use super::history::{CostHistory, CostPoint, Epoch, EpochHistory, Fit, Measure};
use super::schedule::Done;
use super::setting::Setting;
use super::snapshot::Position;
use super::trainer::{Divergence, judged};
use crate::data::Task;
use crate::data::sequences::Sequences;
use crate::error::Result;
use crate::nn::recurrent::{Recurrent, Through, Unrolled};
use crate::nn::subnormal::flushed;
use crate::nn::{Memory, Real, Regularisation};
use crate::number::exact;

pub use plan::Plan;
pub(in crate::train) use plan::parts;
pub use scene::{Flow, Scene};
use update::{Rule, Update};

/// Sequences that are measured at a time.
const CHUNK: usize = 64;

/// A recurrent network in training: always between two updates, with the next one ready.
pub struct SequenceTrainer<T> {
    plan: Arc<Plan>,
    sequences: Arc<Sequences>,
    /// Sequences held out, behind those that are learnt from.
    held_out: usize,
    network: Recurrent<T>,
    regularisation: Regularisation,
    memory: [Memory<T>; 3],
    course: Course,
    next: Update<T>,
    spare: Update<T>,
    measuring: Measuring<T>,
    latest: Epoch,
    costs: CostHistory,
    epochs: EpochHistory,
    best: Option<(u64, f64)>,
    done: Option<Done>,
    changes: Vec<Change>,
    measures: bool,
}

/// The memory of measuring.
struct Measuring<T> {
    x: Array2<T>,
    y: Array2<T>,
    forward: Unrolled<T>,
    through: Through<T>,
}

impl<T: Real> SequenceTrainer<T> {
    /// A trainer at step 0, with weights drawn from the seed.
    ///
    /// # Errors
    /// If the options don't fit the sequences.
    pub fn new(plan: Arc<Plan>, sequences: Arc<Sequences>) -> Result<Self> {
        plan.check(&sequences)?;
        let network = plan.network(&sequences);
        Ok(Self::with_network(plan, sequences, network))
    }

    /// A trainer at step 0 of a network.
    pub fn with_network(plan: Arc<Plan>, sequences: Arc<Sequences>, network: Recurrent<T>) -> Self {
        let (m, held_out) = plan.parts(&sequences);
        let config = &plan.config;
        let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m };
        let course = Course::new(config, m);
        let memory = network.theta.each_ref().map(|theta| config.optimizer.blank(theta.dim()));
        let mut next = Update::default();
        course.next_batch(config, &mut next.rows);
        let rates = config.rates(&course.position());
        let rule = Rule { regularisation: &regularisation, plan: &plan, memory: &memory, rates };
        next.make(&network, &rule, &sequences);
        let nothing = Measure { data: 0.0, fit: Fit::Accuracy(0.0) };
        let [x, y] = [(); 2].map(|()| Array2::zeros((0, 0)));
        let mut trainer = Self {
            plan,
            sequences,
            held_out,
            network,
            regularisation,
            memory,
            course,
            next,
            spare: Update::default(),
            measuring: Measuring { x, y, forward: Unrolled::default(), through: Through::default() },
            latest: Epoch { epoch: 0, step: 0, train: nothing, reg: 0.0, test: None },
            costs: CostHistory::default(),
            epochs: EpochHistory::default(),
            best: None,
            done: None,
            changes: Vec::new(),
            measures: true,
        };
        trainer.note_cost();
        let measured = trainer.measured();
        trainer.take(measured);
        trainer.best = trainer.latest.test.map(|test| (0, test.data));
        trainer
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
        let config = &self.plan.config;
        let stood = self.course.advance(config, self.next.rows.len());
        self.course.next_batch(config, &mut self.spare.rows);
        std::mem::swap(&mut self.network.theta, &mut self.next.theta);
        let rule = Rule {
            regularisation: &self.regularisation,
            plan: &self.plan,
            memory: &self.next.memory,
            rates: config.rates(&self.course.position()),
        };
        self.spare.make(&self.network, &rule, &self.sequences);
        let is_measured = self.course.is_at_an_end() && self.measures && self.spare.not_finite.is_none();
        let measured = is_measured.then(|| self.measured());
        let not_finite = measured.as_ref().and_then(Epoch::not_finite);
        if let Some(what) = self.spare.not_finite.as_deref().or(not_finite) {
            // Everything is as it was.
            std::mem::swap(&mut self.network.theta, &mut self.next.theta);
            self.course.go_back(&self.plan.config, stood);
            return refuse(format!("{what} after it"));
        }
        std::mem::swap(&mut self.memory, &mut self.next.memory);
        std::mem::swap(&mut self.next, &mut self.spare);
        self.note_cost();
        self.done = None;
        if let Some(measured) = measured {
            let before = self.latest;
            self.take(measured);
            self.done = judged(&self.plan.config, (&self.latest, &before), &mut self.best);
        }
        Ok(())
    }

    /// Changes a setting, from the next update on.
    ///
    /// # Errors
    /// If the setting can't have this value, or the next update would not be finite with it: then nothing has changed.
    pub fn set(&mut self, setting: Setting, to: f64) -> std::result::Result<(), String> {
        let m = self.course.m();
        let from = setting.of(&self.plan.config, m);
        if !setting.allows(to, m) {
            return Err(format!("{} stays {}: it is {}", setting.letter(), exact(from), setting.range(m)));
        }
        if from == to {
            return Ok(());
        }
        let plan = Plan { config: setting.set(&self.plan.config, to, m), ..Plan::clone(&self.plan) };
        let config = &plan.config;
        let regularisation = Regularisation { lambda: config.lambda, ..self.regularisation };
        self.course.next_batch(config, &mut self.spare.rows);
        let rates = config.rates(&self.course.position());
        let rule = Rule { regularisation: &regularisation, plan: &plan, memory: &self.memory, rates };
        self.spare.make(&self.network, &rule, &self.sequences);
        if let Some(what) = &self.spare.not_finite {
            return Err(format!(
                "{} stays {}: with {} {what} of the next update is not finite",
                setting.letter(),
                exact(from),
                exact(to)
            ));
        }
        self.course.cut_anew(config);
        (self.plan, self.regularisation) = (Arc::new(plan), regularisation);
        std::mem::swap(&mut self.next, &mut self.spare);
        let change = Change::new(self.position().step, Changed::Setting(setting), from, to);
        changes::note(&mut self.changes, change);
        self.note_cost();
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
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What was measured after the last whole epoch.
    pub fn latest(&self) -> Epoch {
        self.latest
    }

    /// The network as it is now.
    pub fn network(&self) -> &Recurrent<T> {
        &self.network
    }

    /// The data term of the batch that comes next.
    pub fn cost(&self) -> f64 {
        self.next.cost.data
    }

    /// Why the run is done, if it is so since the last update.
    pub fn done(&self) -> Option<Done> {
        self.done
    }

    fn note_cost(&mut self) {
        let cost = &self.next.cost;
        self.costs.push(CostPoint { step: self.position().step, data: cost.data, reg: cost.reg_total() });
    }

    /// Measures both parts as a whole, which is done after each epoch and before the first.
    fn measured(&mut self) -> Epoch {
        let m = self.course.m();
        let train = self.measured_of(0..m);
        let test = (self.held_out > 0).then(|| self.measured_of(m..m + self.held_out));
        let reg = update::reg(&self.network, &self.regularisation).iter().sum();
        let Position { epochs_done: epoch, step, .. } = self.position();
        Epoch { epoch, step, train, reg, test }
    }

    fn take(&mut self, measured: Epoch) {
        self.latest = measured;
        self.epochs.push(&self.latest);
    }

    /// Measures some of the sequences: the mean of J^(b), and how many answers were right, or how far off the numbers were.
    fn measured_of(&mut self, rows: std::ops::Range<usize>) -> Measure {
        let Measuring { x, y, forward, through } = &mut self.measuring;
        let task = self.sequences.task;
        let (mut cost, mut right, mut read) = (0.0, 0, 0);
        // Σ (h − y)², Σ y and Σ y² of the outputs' numbers.
        let mut sums = [0.0; 3];
        let all: Vec<usize> = rows.collect();
        for rows in all.chunks(self.plan.together(&self.sequences, CHUNK)) {
            self.sequences.fill(rows, (x, y));
            flushed(|| {
                self.network.forward(x.view(), &self.network.blank(rows.len()), forward);
                self.network.answer(forward, y.view(), through);
            });
            cost += through.cost.iter().map(|cost| cost.f64()).sum::<f64>();
            for (h, y) in through.o.rows().into_iter().zip(y.rows()) {
                read += 1;
                right += usize::from(task.is_right(h, y) == Some(true));
                for (h, y) in h.iter().zip(y).map(|(h, y)| (h.f64(), y.f64())) {
                    sums = [sums[0] + (h - y).powi(2), sums[1] + y, sums[2] + y * y];
                }
            }
        }
        let fit = match task {
            Task::Regression => {
                let count = (read * self.sequences.outputs.len()) as f64;
                let about = sums[2] - sums[1] * sums[1] / count;
                let r2 = (about > 0.0).then(|| 1.0 - sums[0] / about).filter(|r2| r2.is_finite());
                Fit::Numbers { r2, rmse: (sums[0] / count).sqrt() }
            }
            Task::Classes | Task::Binary | Task::Labels => Fit::Accuracy(right as f64 / read as f64),
        };
        Measure { data: cost / all.len() as f64, fit }
    }
}
