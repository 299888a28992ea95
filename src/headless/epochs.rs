//! A run without a screen from its first update to its end, looked at before the first update and after each epoch.

use crate::train::{AnyTrainer, Divergence, Status};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// All epochs are done, or nobody reads on.
    Done,
    /// An update was not finite and was not applied.
    Diverged,
}

/// Where a run stands that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum RunMoment<'a> {
    /// Before the first update.
    Start,
    /// After an epoch, which may be the last one.
    Epoch { is_last: bool },
    /// Before an update that is not finite, after so many whole epochs.
    Diverged { epochs: u64, divergence: &'a Divergence },
}

impl RunMoment<'_> {
    /// Whether nothing comes after it.
    pub(super) fn is_last(self) -> bool {
        match self {
            Self::Start => false,
            Self::Epoch { is_last } => is_last,
            Self::Diverged { .. } => true,
        }
    }

    /// What the run is doing there.
    pub(super) fn status(self) -> Status {
        match self {
            Self::Start | Self::Epoch { .. } => Status::Running,
            Self::Diverged { divergence, .. } => Status::Diverged(divergence.what.clone()),
        }
    }
}

/// Trains for so many epochs, or until the run is done.
///
/// # Errors
/// The first error of looking, which ends the run.
pub(super) fn train<E>(
    trainer: &mut dyn AnyTrainer,
    epochs: u64,
    mut look: impl FnMut(&mut dyn AnyTrainer, RunMoment<'_>) -> Result<(), E>,
) -> Result<RunEnd, E> {
    look(trainer, RunMoment::Start)?;
    while trainer.position().epochs_done < epochs && trainer.done().is_none() {
        let before = trainer.position().epochs_done;
        if let Err(divergence) = trainer.step() {
            look(trainer, RunMoment::Diverged { epochs: before, divergence: &divergence })?;
            return Ok(RunEnd::Diverged);
        }
        let now = trainer.position().epochs_done;
        let is_last = now >= epochs || trainer.done().is_some();
        if now > before {
            look(trainer, RunMoment::Epoch { is_last })?;
        }
    }
    Ok(RunEnd::Done)
}
