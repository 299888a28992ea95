//! The trainer of dense networks, with what it is started anew from.

use std::sync::Arc;

use super::Start;
use super::served::{Told, Trains};
use crate::data::{Dataset, Prepared, prepare};
use crate::error::Result;
use crate::nn::{Real, Weight};
use crate::train::Steps;
use crate::train::config::Config;
use crate::train::setting::{Anew, Setting};
use crate::train::snapshot::Snapshot;
use crate::train::trainer::Trainer;

/// A trainer and its data.
pub(super) struct Dense<T> {
    trainer: Trainer<T>,
    dataset: Arc<Dataset>,
}

/// The data of a start, split and scaled.
///
/// # Errors
/// If the options don't fit them.
pub(super) fn checked(start: &Start) -> Result<Arc<Prepared>> {
    start.config.check()?;
    let prepared = prepared(&start.config, &start.dataset)?;
    start.config.sizes(prepared.train.x.ncols(), prepared.train.y.ncols())?;
    Ok(prepared)
}

fn prepared(config: &Config, dataset: &Arc<Dataset>) -> Result<Arc<Prepared>> {
    let options = config.preparation();
    prepare(Arc::clone(dataset), &options).map(Arc::new)
}

impl<T: Real> Dense<T> {
    pub(super) fn new(start: Start, data: Arc<Prepared>) -> Result<Self> {
        Ok(Self { trainer: Trainer::new(Arc::new(start.config), data)?, dataset: start.dataset })
    }
}

impl<T: Real> Trains for Dense<T> {
    type Seen = Snapshot;

    fn steps(&mut self) -> &mut dyn Steps {
        &mut self.trainer
    }

    fn set(&mut self, setting: Setting, to: f64) -> std::result::Result<(), String> {
        self.trainer.set(setting, to)
    }

    fn edit(&mut self, weight: Weight, to: f64) -> std::result::Result<(), String> {
        self.trainer.edit(weight, to)
    }

    fn undo(&mut self) -> std::result::Result<(), String> {
        self.trainer.undo()
    }

    fn reset(&mut self, anew: &Anew) -> Result<()> {
        let config = anew.of(self.trainer.config());
        let data = prepared(&config, &self.dataset)?;
        self.trainer = Trainer::new(Arc::new(config), data)?;
        Ok(())
    }

    fn look(&mut self, recycled: Option<Box<Snapshot>>, Told { status, pace, run }: Told) -> Box<Snapshot> {
        let mut snapshot = self.trainer.snapshot(recycled);
        (snapshot.status, snapshot.pace, snapshot.run) = (status, pace, run);
        snapshot
    }
}
