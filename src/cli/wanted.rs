//! What a command line asks of a run: the options that are given, and those that follow from the data.

use std::sync::Arc;

use super::RunArgs;
use super::given::Given;
use super::heed::{Known, settled};
use super::outcome::warn;
use crate::data::{Data, Loaded, Source};
use crate::error::Result;
use crate::train::{Asked, Config, DataFacts};
use crate::weights::{self, Flags};

/// The options of a run before its data are looked at.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// All options; those that are left open have their defaults.
    config: Config,
    /// What is asked for of the options that suit the data where they are left open.
    asked: Asked,
}

impl Wanted {
    /// Where the data come from.
    pub fn source(&self) -> &Source {
        &self.config.source
    }

    /// The data, read as the weights need them where there are some.
    ///
    /// # Errors
    /// Whatever keeps them from being read, or from having the features and targets of the weights.
    pub fn load(&self) -> Result<Loaded> {
        self.config.load()
    }

    /// Whether the network is a recurrent one.
    pub fn is_recurrent(&self) -> bool {
        self.config.recurrence.is_some()
    }

    /// Epochs after which the run ends.
    pub fn epochs(&self) -> Option<u64> {
        self.config.epochs
    }

    /// The options for a data set, checked.
    ///
    /// # Errors
    /// If a value is not allowed.
    pub fn on(self, loaded: &Loaded) -> Result<Config> {
        let config = &self.config;
        let facts = DataFacts::of(&config.source, loaded, (config.test_split, config.seed));
        self.suiting(facts)
    }

    /// The options for data of which this is known, checked.
    ///
    /// # Errors
    /// If a value is not allowed; the text names the flag and what is.
    pub fn suiting(self, facts: DataFacts) -> Result<Config> {
        let config = self.config.suiting(&self.asked, facts);
        config.check().map(|()| config)
    }
}

impl RunArgs {
    /// The options of the run, as far as they can be known before its data are looked at, checked.
    ///
    /// # Errors
    /// If a value is not allowed; the text names the flag and what is.
    pub fn config(self) -> Result<Config> {
        let wanted = self.wanted(&Given::default())?;
        let facts = DataFacts::of_source(wanted.source());
        wanted.suiting(facts)
    }

    /// What is wanted of the run; the values that are given are checked, together with the defaults of unknown data.
    ///
    /// # Errors
    /// If a value is not allowed, or the weights can't be read.
    pub fn wanted(self, given: &Given) -> Result<Wanted> {
        self.sequence.check(self.is_on_sequences())?;
        let weights = self.weight_file()?.cloned();
        let source = Source {
            test: self.test_data.clone(),
            test_labels: self.test_labels.clone(),
            ..self.file.clone().of(self.data.clone(), self.seed)
        };
        let source = weights.as_ref().map_or(Ok(source.clone()), |weights| weights::asked(weights, &source))?;
        let flags = Flags { activation: &self.activation, cell: self.sequence.cell, output: self.output };
        let weights = weights.map(|weights| weights.used(flags, source.task())).transpose()?;
        let of_weights = weights.as_ref().and_then(|(_, computed)| computed.cell);
        let (recurrence, steps) = self.recurrence(of_weights).unzip();
        let source = Source { steps, ..source };
        let asked = Asked {
            layers: self.layers.map(|layers| layers.0),
            activation: Some(self.activation).filter(|activation| !activation.is_empty()),
            output: self.output,
            optimizer: self.optimizer,
            alpha: self.alpha,
            lambda: self.lambda,
            batch: self.batch,
        };
        let config = Config {
            scale: self.scale,
            target_scale: self.target_scale,
            test_split: self.test_split,
            penalty: self.penalty,
            schedule: self.schedule,
            clip: self.clip,
            beta: self.beta,
            beta2: self.beta2,
            dropout: self.dropout,
            epochs: self.epochs,
            until: self.until,
            patience: self.patience,
            init: self.init,
            weights: weights.map(|(weights, _)| Arc::new(weights)),
            seed: self.seed,
            shuffle: !self.no_shuffle,
            precision: self.precision,
            threads: self.threads,
            origins: given.origins(),
            source,
            recurrence,
            ..Config::default()
        };
        let facts = DataFacts::of_source(&config.source);
        let wanted = Wanted { config, asked };
        wanted.clone().suiting(facts).map(|_| wanted)
    }
}

/// The options of a run for its data, and the data, split and scaled; warnings about them go to stderr.
pub(super) fn prepared(wanted: Wanted) -> Result<(Config, Data)> {
    let loaded = wanted.load()?;
    warn(loaded.warnings());
    let known = Known { held_out: loaded.hold_out(), on_screen: false };
    let config = settled(wanted.on(&loaded)?, known)?;
    let data = loaded.prepare(&config.preparation())?;
    Ok((config, data))
}
