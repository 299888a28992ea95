//! What a trainer needs of a model beside its passes: its options, its data, and how it begins.

use std::sync::Arc;

use super::config::Config;
use super::examples::{Examples, Rows, SequenceRows};
use super::sequence::{Plan, Scene};
use super::snapshot::{Pace, Snapshot, Status};
use super::trainer::Trainer;
use crate::data::sequences::Sequences;
use crate::data::{Dataset, Prepared, prepare};
use crate::error::{Error, Place, Result};
use crate::nn::{Model, Network, Real, Recurrent};
use crate::number::short;

/// The options of a run.
pub trait Options: Clone + Send + Sync + 'static {
    /// Those that runs of every kind have.
    fn config(&self) -> &Config;

    /// The same options with these among them.
    fn with(&self, config: Config) -> Self;

    /// Steps that the gradient goes back through time at most.
    fn truncate(&self) -> Option<usize> {
        None
    }
}

/// What is seen of a run at one moment.
pub trait Seen: Send + 'static {
    /// Notes what only the trainer's thread knows: what the run is doing, how fast, and how many resets there were.
    fn note(&mut self, status: Status, pace: Pace, run: u64);
}

impl Seen for Snapshot {
    fn note(&mut self, status: Status, pace: Pace, run: u64) {
        (self.status, self.pace, self.run) = (status, pace, run);
    }
}

impl Seen for Scene {
    fn note(&mut self, status: Status, pace: Pace, run: u64) {
        (self.status, self.pace, self.run) = (status, pace, run);
    }
}

/// A model that can be trained by options on data.
pub trait Trainable<T: Real>: Model<T> + Sized {
    /// The options of its runs.
    type Options: Options;
    /// The data as they were read.
    type Source: Send + Sync + 'static;
    /// The data that are trained on, shared with whoever looks.
    type Data: Send + Sync + 'static;
    /// What is seen of its training.
    type Seen: Seen;
    /// The data in the precision that is computed in.
    type Examples: Examples<T>;

    /// Refuses options that make no model of the data, or one too large to keep, and data that are too large for the precision.
    ///
    /// # Errors
    /// As said.
    fn check(options: &Self::Options, data: &Self::Data) -> Result<()>;

    /// The model before the first update, of options that were checked.
    fn begin(options: &Self::Options, data: &Self::Data) -> Self;

    /// The data that are trained on.
    ///
    /// # Errors
    /// If the options don't fit them.
    fn prepare(options: &Self::Options, source: &Arc<Self::Source>) -> Result<Arc<Self::Data>>;

    /// What it learns from.
    fn examples(options: &Self::Options, data: &Arc<Self::Data>) -> Self::Examples;

    /// The present state of its training, written into an old picture of it if one is handed back.
    fn look(trainer: &mut Trainer<T, Self>, recycled: Option<Box<Self::Seen>>) -> Box<Self::Seen>;
}

impl Options for Config {
    fn config(&self) -> &Config {
        self
    }

    fn with(&self, config: Config) -> Self {
        config
    }
}

impl<T: Real> Trainable<T> for Network<T> {
    type Options = Config;
    type Source = Dataset;
    type Data = Prepared;
    type Seen = Snapshot;
    type Examples = Rows<T>;

    fn check(config: &Config, data: &Prepared) -> Result<()> {
        config.check()?;
        check_precision::<T>(data)?;
        sizes(config, data)?;
        if let Some(patience) = config.patience.filter(|_| data.test.is_none()) {
            return Err(Error::Usage(format!(
                "--patience {patience}: nothing is held out, so there is no held-out cost"
            )));
        }
        Ok(())
    }

    fn begin(config: &Config, data: &Prepared) -> Self {
        let sizes = sizes(config, data).expect("the options were checked");
        config.network(config.theta(&sizes))
    }

    fn prepare(config: &Config, source: &Arc<Dataset>) -> Result<Arc<Prepared>> {
        prepare(Arc::clone(source), &config.preparation()).map(Arc::new)
    }

    fn examples(_config: &Config, data: &Arc<Prepared>) -> Rows<T> {
        Rows::of(data)
    }

    fn look(trainer: &mut Trainer<T, Self>, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        trainer.snapshot(recycled)
    }
}

impl Options for Plan {
    fn config(&self) -> &Config {
        &self.config
    }

    fn with(&self, config: Config) -> Self {
        Self { config, ..self.clone() }
    }

    fn truncate(&self) -> Option<usize> {
        self.truncate
    }
}

impl<T: Real> Trainable<T> for Recurrent<T> {
    type Options = Plan;
    type Source = Sequences;
    type Data = Sequences;
    type Seen = Scene;
    type Examples = SequenceRows;

    fn check(plan: &Plan, sequences: &Sequences) -> Result<()> {
        plan.check(sequences)
    }

    fn begin(plan: &Plan, sequences: &Sequences) -> Self {
        plan.network(sequences)
    }

    fn prepare(_plan: &Plan, source: &Arc<Sequences>) -> Result<Arc<Sequences>> {
        Ok(Arc::clone(source))
    }

    fn examples(plan: &Plan, sequences: &Arc<Sequences>) -> SequenceRows {
        let (m, _) = plan.parts(sequences);
        SequenceRows::of(Arc::clone(sequences), m, plan.together(sequences, MEASURED))
    }

    fn look(trainer: &mut Trainer<T, Self>, _recycled: Option<Box<Scene>>) -> Box<Scene> {
        Box::new(trainer.scene())
    }
}

/// Sequences that are measured at a time.
const MEASURED: usize = 64;

/// S_1 … S_L of the net that the options make of the data.
fn sizes(config: &Config, data: &Prepared) -> Result<Vec<usize>> {
    config.sizes(data.train.x.ncols(), data.train.y.ncols())
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
