//! A trainer of any kind of network and in any precision, which the options choose.

use std::sync::Arc;

use super::config::Config;
use super::history::Epoch;
use super::moment::Position;
use super::schedule::Done;
use super::setting::Setting;
use super::snapshot::Snapshot;
use super::trainable::Trainable;
use super::trainer::{Divergence, Trainer};
use crate::data::Data;
use crate::error::Result;
use crate::nn::{Network, Real, Recurrent, Weight};

/// A trainer of dense networks.
pub type DenseTrainer<T> = Trainer<T, Network<T>>;
/// A trainer of recurrent networks.
pub type RecurrentTrainer<T> = Trainer<T, Recurrent<T>>;

/// What every trainer does, whatever it trains.
pub trait AnyTrainer {
    /// Applies the next update and makes the one after it.
    ///
    /// # Errors
    /// If the update is not finite, or leads to a Θ at which the one after it isn't: then nothing has changed.
    fn step(&mut self) -> std::result::Result<(), Divergence>;

    /// How far the run has come.
    fn position(&self) -> Position;

    /// What was measured after the last whole epoch.
    fn latest(&self) -> Epoch;

    /// Why the run is done, if it is so since the last update.
    fn done(&self) -> Option<Done>;

    /// The options in force.
    fn config(&self) -> &Arc<Config>;

    /// Changes a setting.
    ///
    /// # Errors
    /// Why it was not changed.
    fn set(&mut self, setting: Setting, to: f64) -> std::result::Result<(), String>;

    /// Gives one weight another value.
    ///
    /// # Errors
    /// Why it has the old one.
    fn edit(&mut self, weight: Weight, to: f64) -> std::result::Result<(), String>;

    /// Takes back the last edit of a weight since the last update.
    ///
    /// # Errors
    /// Why nothing was taken back.
    fn undo(&mut self) -> std::result::Result<(), String>;

    /// The present state, written into an old snapshot if one is handed back.
    fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot>;
}

impl<T: Real, M: Trainable<T>> AnyTrainer for Trainer<T, M> {
    fn step(&mut self) -> std::result::Result<(), Divergence> {
        Self::step(self)
    }

    fn position(&self) -> Position {
        Self::position(self)
    }

    fn latest(&self) -> Epoch {
        Self::latest(self)
    }

    fn done(&self) -> Option<Done> {
        Self::done(self)
    }

    fn config(&self) -> &Arc<Config> {
        Self::config(self)
    }

    fn set(&mut self, setting: Setting, to: f64) -> std::result::Result<(), String> {
        Self::set(self, setting, to)
    }

    fn edit(&mut self, weight: Weight, to: f64) -> std::result::Result<(), String> {
        Self::edit(self, weight, to)
    }

    fn undo(&mut self) -> std::result::Result<(), String> {
        Self::undo(self)
    }

    fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        Self::snapshot(self, recycled)
    }
}

/// Does the same for the kind of network and the precision that options ask for.
macro_rules! of_options {
    ($config:expr, <$t:ident, $m:ident> => $body:expr) => {
        match ($config.recurrence, $config.precision) {
            (None, $crate::train::Precision::F64) => {
                type $t = f64;
                type $m = $crate::nn::Network<f64>;
                $body
            }
            (None, $crate::train::Precision::F32) => {
                type $t = f32;
                type $m = $crate::nn::Network<f32>;
                $body
            }
            (Some(_), $crate::train::Precision::F64) => {
                type $t = f64;
                type $m = $crate::nn::Recurrent<f64>;
                $body
            }
            (Some(_), $crate::train::Precision::F32) => {
                type $t = f32;
                type $m = $crate::nn::Recurrent<f32>;
                $body
            }
        }
    };
}
pub(super) use of_options;

/// Refuses options that make no network of the data, and data that are too large for the precision.
///
/// # Errors
/// As said.
pub fn check(config: &Config, data: &Data) -> Result<()> {
    of_options!(config, <T, M> => <M as Trainable<T>>::check(config, data))
}

/// A trainer of the kind of network and in the precision that the options ask for, before its first update.
///
/// # Errors
/// If the options don't fit the data, or the system gives no threads.
pub fn begin(config: Config, data: Data) -> Result<Box<dyn AnyTrainer>> {
    of_options!(config, <T, M> => Ok(Box::new(Trainer::<T, M>::new(Arc::new(config), data)?)))
}
