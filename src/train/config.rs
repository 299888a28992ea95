//! What a run is made of: every option that changes its numbers, checked once.

use std::sync::Arc;

use ndarray::Array2;

use super::batch::BatchSize;
use super::defaults::{Asked, DataFacts, Learning};
use super::moment::Position;
use super::origin::Origins;
use super::precision::Precision;
use super::schedule::Schedule;
use crate::data::{Loaded, Preparation, Scale, Source, Task};
use crate::error::{Error, Result};
use crate::nn::recurrent::Cell;
use crate::nn::{Activation, Conditions, Init, Named, Network, Optimizer, Output, Penalty, Rates, Real};
use crate::number::exact;
use crate::weights::{self, WeightFile};

/// What makes a network a recurrent one; its one hidden layer is the recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recurrence {
    /// What the recurrent layer computes.
    pub cell: Cell,
    /// Steps that the gradient goes back at most, counted in blocks from the first step; all if `None`.
    pub truncate: Option<usize>,
}

/// Everything that decides the numbers of a run: the same `Config` gives the same bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where the data come from.
    pub source: Source,
    /// How features are scaled; the data's own default if `None`.
    pub scale: Option<Scale>,
    /// How the numbers that are learnt are scaled; the data's own default if `None`.
    pub target_scale: Option<Scale>,
    /// Share of the samples held out, in [0, 1).
    pub test_split: f64,
    /// S_2 … S_{L−1}, the sizes of the hidden layers; empty for none.
    pub layers: Vec<usize>,
    /// Activations of the hidden layers: one for all, or one each.
    pub activation: Vec<Activation>,
    /// What the one hidden layer of a recurrent network computes; `None` for a dense one.
    pub recurrence: Option<Recurrence>,
    /// Output activation and cost.
    pub output: Output,
    /// Penalty rule.
    pub penalty: Penalty,
    /// Regularisation strength λ ≥ 0.
    pub lambda: f64,
    /// The rule of the updates.
    pub optimizer: Optimizer,
    /// Learning rate α > 0.
    pub alpha: f64,
    /// How α goes on from epoch to epoch.
    pub schedule: Schedule,
    /// The norm that the whole gradient is cut down to where it is longer.
    pub clip: Option<f64>,
    /// β of v, in [0, 1), for the rules that remember v.
    pub beta: f64,
    /// β₂ of s, in [0, 1), for the rules that remember s.
    pub beta2: f64,
    /// The chance that a unit of a hidden layer is left out of an update, in [0, 1).
    pub dropout: f64,
    /// Samples in an update.
    pub batch: BatchSize,
    /// Epochs after which the run ends (headless) or pauses (on the screen).
    pub epochs: Option<u64>,
    /// J over the training set below which the run is done.
    pub until: Option<f64>,
    /// Epochs for which the held-out cost may fail to fall before the run is done.
    pub patience: Option<u64>,
    /// How the weights start.
    pub init: Init,
    /// Weights that are taken instead.
    pub weights: Option<Arc<WeightFile>>,
    /// Seed of the weights, the split and the order of the samples.
    pub seed: u64,
    /// Whether each epoch takes the samples in a new order.
    pub shuffle: bool,
    /// What is computed in.
    pub precision: Precision,
    /// Threads that share a step where it is large enough; another number may differ by rounding.
    pub threads: usize,
    /// Where the values come from.
    pub origins: Origins,
    /// The facts that the options left open were chosen by; `None` before the data are read.
    pub facts: Option<DataFacts>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            source: Source::named("digits"),
            scale: None,
            target_scale: None,
            test_split: 0.2,
            layers: vec![25],
            activation: vec![Activation::Sigmoid],
            recurrence: None,
            output: Output::Sigmoid,
            penalty: Penalty::L2,
            lambda: 1.0,
            optimizer: Optimizer::GradientDescent,
            alpha: 0.5,
            schedule: Schedule::Constant,
            clip: None,
            beta: 0.9,
            beta2: 0.999,
            dropout: 0.0,
            batch: BatchSize::Size(32),
            epochs: None,
            until: None,
            patience: None,
            init: Init::Uniform,
            weights: None,
            seed: 1,
            shuffle: true,
            precision: Precision::F64,
            threads: 1,
            origins: Origins::default(),
            facts: None,
        }
    }
}

/// The widest layer that is accepted.
const WIDEST: usize = 65_536;
/// The most hidden layers that are accepted.
const DEEPEST: usize = 1_000;
/// The most threads that are accepted.
const MOST_THREADS: usize = 64;

impl Config {
    /// What the file of weights asks for, if there is one.
    pub(super) fn of_weights(&self) -> Asked {
        // What is learnt of sequences is known once they are read.
        let task = self.facts.as_ref().map_or(self.source.task(), |facts| facts.task);
        let weights = self.weights.as_ref();
        weights.map(|weights| Asked::of_weights(weights, task)).unwrap_or_default()
    }

    /// These options with `Learning` filled in: what is asked for, else what the weights say, else what suits the data. `origins` gets the
    /// origins of these.
    pub fn suiting(self, asked: &Asked, facts: DataFacts) -> Self {
        let mut origins = self.origins.clone();
        let is_said = self.weights.as_ref().is_some_and(|weights| weights.about.is_some());
        let known = Self { facts: Some(facts), ..self };
        let asked = asked.clone().or(known.of_weights(), is_said, &mut origins);
        let (learning, open) = asked.filled(&facts);
        let Learning { layers, activation, output, optimizer, alpha, lambda, batch } = learning;
        origins.add(open);
        Self { layers, activation, output, optimizer, alpha, lambda, batch, origins, ..known }
    }

    /// Refuses what can't be trained, naming the flag, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        let refuse = |flag: &str, found: String, allowed: &str| Err(Error::Usage(format!("{flag} {found}: {allowed}")));
        if !(self.alpha.is_finite() && self.alpha > 0.0) {
            return refuse("--alpha", exact(self.alpha), "the learning rate is a finite number above 0");
        }
        if !(self.lambda.is_finite() && self.lambda >= 0.0) {
            return refuse("--lambda", exact(self.lambda), "the regularisation strength is a finite number from 0 up");
        }
        for (flag, beta) in [("--beta", self.beta), ("--beta2", self.beta2), ("--dropout", self.dropout)] {
            if !(0.0..1.0).contains(&beta) {
                return refuse(flag, exact(beta), "a share from 0 up to, but not including, 1");
            }
        }
        if !(0.0..1.0).contains(&self.test_split) {
            return refuse("--test-split", exact(self.test_split), "a share from 0 up to, but not including, 1");
        }
        if self.batch == BatchSize::Size(0) {
            return refuse("--batch", "0".into(), "at least 1 sample, or `full`");
        }
        for (flag, value) in [("--clip", self.clip), ("--until", self.until)] {
            if let Some(value) = value.filter(|&value| !(value.is_finite() && value > 0.0)) {
                return refuse(flag, exact(value), "a finite number above 0");
            }
        }
        if !(1..=MOST_THREADS).contains(&self.threads) {
            return refuse("--threads", self.threads.to_string(), "from 1 to 64 threads");
        }
        if self.patience == Some(0) {
            return refuse("--patience", "0".into(), "at least 1 epoch");
        }
        if self.epochs == Some(0) {
            return refuse("--epochs", "0".into(), "at least 1 epoch");
        }
        if let Some(&size) = self.layers.iter().find(|&&size| size == 0 || size > WIDEST) {
            return refuse("--layers", size.to_string(), "each hidden layer has 1 to 65536 units");
        }
        if self.layers.len() > DEEPEST {
            return refuse("--layers", format!("with {} layers", self.layers.len()), "at most 1000 hidden layers");
        }
        // What is learnt of sequences is known once they are read.
        if self.recurrence.is_none() {
            self.check_output(self.source.task())?;
        }
        let (given, layers) = (self.activation.len(), self.layers.len());
        if given != 1 && given != layers {
            let found = format!("with {given} names");
            return refuse(
                "--activation",
                found,
                &format!("one for all hidden layers, or one for each of the {layers}"),
            );
        }
        Ok(())
    }

    /// Refuses an output layer that can't learn what is learnt.
    ///
    /// # Errors
    /// `Error::Usage`.
    pub(super) fn check_output(&self, task: Task) -> Result<()> {
        match task.refusal(self.output) {
            Some(why) => Err(Error::Usage(format!("--output {} with {}: {why}", self.output.name(), task.name()))),
            None => Ok(()),
        }
    }

    /// The data, read as the weights need them where there are some.
    ///
    /// # Errors
    /// Whatever keeps them from being read, or from having the features and targets of the weights.
    pub fn load(&self) -> Result<Loaded> {
        match &self.weights {
            Some(weights) if self.source.steps.is_some() => {
                weights::sequences(weights, &self.source, true).map(|sequences| Loaded::Sequences(Arc::new(sequences)))
            }
            Some(weights) => {
                let fitted = weights::fitted(weights, &self.source, (self.scale, self.target_scale));
                fitted.map(|dataset| Loaded::Rows(Arc::new(dataset)))
            }
            None => Loaded::read(&self.source),
        }
    }

    /// How the data are made ready; what came with weights is scaled as they say, and not at all if they say nothing.
    pub fn preparation(&self) -> Preparation {
        let Self { scale, target_scale, test_split, seed, .. } = *self;
        let given = self.weights.as_ref().and_then(|weights| weights.scalings());
        Preparation { scale, target_scale, test_split, seed, given }
    }

    /// A network of these weights with what its layers compute.
    pub fn network<T: Real>(&self, theta: Vec<Array2<T>>) -> Network<T> {
        // Passes read the weights row by row.
        let theta = theta.into_iter().map(|theta| theta.as_standard_layout().into_owned()).collect();
        Network { theta, hidden: self.activations(), output: self.output }
    }

    /// α in the epoch after so many, as the schedule has it.
    pub fn alpha_after(&self, epochs_done: u64) -> f64 {
        self.alpha * self.schedule.factor(epochs_done)
    }

    /// The numbers of the update that comes next.
    pub fn rates(&self, position: &Position) -> Rates {
        let alpha = self.alpha_after(position.epochs_done);
        Rates { alpha, beta: self.beta, beta2: self.beta2, k: position.step + 1 }
    }

    /// What holds for the pass of the update with these rates.
    pub fn conditions(&self, rates: &Rates) -> Conditions {
        let truncate = self.recurrence.and_then(|recurrence| recurrence.truncate);
        Conditions { dropout: self.dropout, draw: (self.seed, rates.k - 1), truncate }
    }

    /// The activation of each hidden layer.
    pub fn activations(&self) -> Vec<Activation> {
        let last = self.activation.last().copied().unwrap_or(Activation::Sigmoid);
        (0..self.layers.len()).map(|layer| self.activation.get(layer).copied().unwrap_or(last)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_trained_is_refused_by_the_name_of_its_flag() {
        let good = Config::default;
        for (config, flag) in [
            (Config { alpha: 0.0, ..good() }, "--alpha 0"),
            (Config { alpha: f64::NAN, ..good() }, "--alpha NaN"),
            (Config { lambda: -1.0, ..good() }, "--lambda -1"),
            (Config { lambda: f64::INFINITY, ..good() }, "--lambda +inf"),
            (Config { clip: Some(0.0), ..good() }, "--clip 0"),
            (Config { until: Some(f64::NAN), ..good() }, "--until NaN"),
            (Config { patience: Some(0), ..good() }, "--patience 0"),
            (Config { threads: 0, ..good() }, "--threads 0"),
            (Config { beta: 1.0, ..good() }, "--beta 1"),
            (Config { beta2: -0.1, ..good() }, "--beta2 -0.1"),
            (Config { dropout: 1.0, ..good() }, "--dropout 1"),
            (Config { test_split: 1.0, ..good() }, "--test-split 1"),
            (Config { batch: BatchSize::Size(0), ..good() }, "--batch 0"),
            (Config { epochs: Some(0), ..good() }, "--epochs 0"),
            (Config { layers: vec![3, 0], ..good() }, "--layers 0"),
            (Config { activation: vec![Activation::Relu; 2], ..good() }, "--activation"),
            (Config { source: Source::named("reg-plane"), ..good() }, "--output sigmoid with regression"),
        ] {
            let error = config.check().expect_err(flag);
            assert!(error.to_string().starts_with(flag), "{error}");
            assert_eq!(error.exit_status(), 2);
        }
        assert!(good().check().is_ok());
    }

    #[test]
    fn a_net_that_would_not_fit_is_refused_before_anything_is_allocated() {
        let config = Config { layers: vec![65_536, 65_536], ..Config::default() };
        assert!(config.sizes(64, 10).expect_err("4 billion weights").to_string().contains("64-65536-65536-10"));
        // Θ^h of an LSTM has a row for each unit of each gate.
        let recurrence = Some(Recurrence { cell: Cell::Lstm, truncate: None });
        let config = Config { layers: vec![4096], recurrence, ..Config::default() };
        let told = config.sizes(2, 1).expect_err("64 million weights").to_string();
        assert!(told.contains("lstm 2-4096-1 has 67178497 weights: at most 50000000"), "{told}");
    }

    #[test]
    fn one_activation_serves_all_layers() {
        let config = Config { layers: vec![4, 3], activation: vec![Activation::Tanh], ..Config::default() };
        assert_eq!(config.activations(), [Activation::Tanh, Activation::Tanh]);
    }
}
