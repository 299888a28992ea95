//! What a trainer needs of a model beside its passes: which data it can learn, how it begins, and what it reads.

use std::sync::Arc;

use super::config::Config;
use super::config::Recurrence;
use super::examples::{Examples, RowExamples, SequenceRows};
use super::fit;
use super::recurrence::MEASURED;
use crate::data::{Data, Prepared, SequenceParts};
use crate::error::{Error, Result};
use crate::nn::{AnyModel, Model, Network, Real, Recurrent};

/// A model that can be trained by options on data.
pub trait Trainable<T: Real>: Model<T> + Sized {
    /// The data in the precision that is computed in.
    type Examples: Examples<T>;

    /// Refuses options that make no model of the data, or one too large to keep, and data that are too large for the precision.
    ///
    /// # Errors
    /// As said.
    fn check(config: &Config, data: &Data) -> Result<()>;

    /// The model before the first update, of options that were checked.
    fn begin(config: &Config, data: &Data) -> Self;

    /// What it learns from.
    fn examples(config: &Config, data: &Data) -> Self::Examples;

    /// Writes the network with its Θ in `f64` in the place of an older one.
    fn copy_to(&self, to: &mut AnyModel);

    /// How many samples of a batch are looked at at most, the first ones; what is summed is always over all.
    fn carried(config: &Config, data: &Data) -> usize;
}

/// The samples of one row each that a dense network learns from.
fn rows(data: &Data) -> Result<&Arc<Prepared>> {
    match data {
        Data::Rows(rows) => Ok(rows),
        Data::Sequences(_) => {
            Err(Error::Usage(format!("{}: sequences are learnt by a recurrent net; give --cell", data.name())))
        }
    }
}

impl<T: Real> Trainable<T> for Network<T> {
    type Examples = RowExamples<T>;

    fn check(config: &Config, data: &Data) -> Result<()> {
        rows(data)?;
        config.check()?;
        fit::check(config, data)
    }

    fn begin(config: &Config, data: &Data) -> Self {
        let checked = "the options were checked";
        let sizes = config.sizes(data.inputs().len(), data.outputs().len()).expect(checked);
        config.network(config.theta(&sizes))
    }

    fn examples(_config: &Config, data: &Data) -> RowExamples<T> {
        RowExamples::of(rows(data).expect("the options were checked"))
    }

    fn copy_to(&self, to: &mut AnyModel) {
        to.copy_dense(self);
    }

    fn carried(_config: &Config, _data: &Data) -> usize {
        256
    }
}

/// The sequences that a recurrent network learns from, and how.
fn sequences<'a>(config: &Config, data: &'a Data) -> Result<(&'a SequenceParts, Recurrence)> {
    match (config.recurrence, data) {
        (Some(recurrence), Data::Sequences(parts)) => Ok((parts, recurrence)),
        _ => Err(Error::Usage(format!("{}: a recurrent net learns sequences; these are none", data.name()))),
    }
}

impl<T: Real> Trainable<T> for Recurrent<T> {
    type Examples = SequenceRows;

    fn check(config: &Config, data: &Data) -> Result<()> {
        let (parts, recurrence) = sequences(config, data)?;
        config.check()?;
        recurrence.check(config, parts)?;
        fit::check(config, data)
    }

    fn begin(config: &Config, data: &Data) -> Self {
        let (parts, recurrence) = sequences(config, data).expect("the options were checked");
        recurrence.network(config, &parts.sequences)
    }

    fn examples(config: &Config, data: &Data) -> SequenceRows {
        let (parts, recurrence) = sequences(config, data).expect("the options were checked");
        SequenceRows::of(parts.clone(), recurrence.together(config, &parts.sequences, MEASURED))
    }

    fn copy_to(&self, to: &mut AnyModel) {
        to.copy_recurrent(self);
    }

    fn carried(config: &Config, data: &Data) -> usize {
        let (parts, recurrence) = sequences(config, data).expect("the options were checked");
        recurrence.together(config, &parts.sequences, 32)
    }
}
