//! The trainer of recurrent networks, as the thread serves it.

use std::sync::Arc;

use super::SequenceStart;
use super::served::{Told, Trains};
use crate::data::sequences::Sequences;
use crate::error::Result;
use crate::nn::{Real, Weight};
use crate::train::Steps;
use crate::train::sequence::{Plan, Scene, SequenceTrainer};
use crate::train::setting::{Anew, Setting};

/// A trainer and its sequences.
pub(super) struct OnSequences<T> {
    trainer: SequenceTrainer<T>,
    sequences: Arc<Sequences>,
}

impl<T: Real> OnSequences<T> {
    pub(super) fn new(start: SequenceStart) -> Result<Self> {
        let trainer = SequenceTrainer::new(Arc::new(start.plan), Arc::clone(&start.sequences))?;
        Ok(Self { trainer, sequences: start.sequences })
    }
}

impl<T: Real> Trains for OnSequences<T> {
    type Seen = Scene;

    fn steps(&mut self) -> &mut dyn Steps {
        &mut self.trainer
    }

    fn set(&mut self, setting: Setting, to: f64) -> std::result::Result<(), String> {
        self.trainer.set(setting, to)
    }

    fn edit(&mut self, _weight: Weight, _to: f64) -> std::result::Result<(), String> {
        Err("the weights of a recurrent net can't be set by hand".into())
    }

    fn undo(&mut self) -> std::result::Result<(), String> {
        Err("no weight was set by hand".into())
    }

    /// The next seed draws other weights and another order; the sequences stay.
    fn reset(&mut self, anew: &Anew) -> Result<()> {
        let plan = self.trainer.plan();
        let plan = Plan { config: anew.of(&plan.config), ..Plan::clone(plan) };
        self.trainer = SequenceTrainer::new(Arc::new(plan), Arc::clone(&self.sequences))?;
        Ok(())
    }

    fn look(&mut self, _recycled: Option<Box<Scene>>, Told { status, pace, run }: Told) -> Box<Scene> {
        Box::new(Scene { status, pace, run, ..self.trainer.scene() })
    }
}
