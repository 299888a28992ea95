//! A checkpoint: all that a run needs to go on from where it stands, bit for bit.

use std::sync::Arc;

use ndarray::Array2;

use super::{EpochMeasures, EpochPlace, Trainable, Trainer};
use crate::data::Data;
use crate::error::Result;
use crate::nn::{Memory, Real};
use crate::train::changes::Change;
use crate::train::config::Config;
use crate::train::history::Epoch;
use crate::train::moment::Position;
use crate::train::schedule::Done;
use crate::train::snapshot::Answers;

/// A run between two updates. The order of the samples and the units that dropout leaves out are functions of the seed and the place in
/// the run, so they are not in it.
pub struct Checkpoint<T: Real> {
    /// The options in force.
    pub config: Arc<Config>,
    /// All Θ.
    pub parameters: Vec<Array2<T>>,
    /// What the optimiser remembers of each.
    pub memory: Vec<Memory<T>>,
    /// How far the run has come.
    pub position: Position,
    /// Samples of the epoch under way that updates were made of.
    pub taken: usize,
    /// What was measured after the last whole epoch.
    pub latest: Epoch,
    /// What the model said then of each sample of both parts.
    pub answers: Arc<(Answers, Option<Answers>)>,
    /// Units of each hidden layer that were 0 for the whole training part then; absent where units can't die.
    pub dead: Vec<Option<usize>>,
    /// The epoch with the lowest held-out cost so far, and that cost.
    pub best: Option<(u64, f64)>,
    /// Why the run is done, if it is.
    pub done: Option<Done>,
    /// What was changed during the run, oldest first.
    pub changes: Vec<Change>,
}

impl<T: Real> Clone for Checkpoint<T> {
    fn clone(&self) -> Self {
        Self {
            config: Arc::clone(&self.config),
            parameters: self.parameters.clone(),
            memory: self.memory.clone(),
            answers: Arc::clone(&self.answers),
            dead: self.dead.clone(),
            changes: self.changes.clone(),
            ..*self
        }
    }
}

impl<T: Real, M: Trainable<T>> Trainer<T, M> {
    /// All that the run needs to go on from here.
    pub fn checkpoint(&self) -> Checkpoint<T> {
        let EpochPlace { taken, position } = self.cursor.place();
        Checkpoint {
            config: Arc::clone(&self.config),
            parameters: self.model.parameters().to_vec(),
            memory: self.memory.clone(),
            position,
            taken,
            latest: self.latest,
            answers: Arc::clone(&self.answers),
            dead: self.dead.clone(),
            best: self.best,
            done: self.done,
            changes: self.changes.clone(),
        }
    }

    /// The run that a checkpoint was taken of, on the same data. Its histories begin with the step at hand.
    ///
    /// # Errors
    /// If the options don't fit the data, or the system gives no threads.
    pub fn resume(checkpoint: &Checkpoint<T>, data: impl Into<Data>) -> Result<Self> {
        let data = data.into();
        M::check(&checkpoint.config, &data)?;
        let mut model = M::begin(&checkpoint.config, &data);
        model.parameters_mut().clone_from_slice(&checkpoint.parameters);
        let place = EpochPlace { taken: checkpoint.taken, position: checkpoint.position };
        let mut trainer = Self::at((Arc::clone(&checkpoint.config), data), model, (&checkpoint.memory, place))?;
        let answers = Arc::clone(&checkpoint.answers);
        trainer.take(EpochMeasures { epoch: checkpoint.latest, dead: checkpoint.dead.clone(), answers });
        (trainer.best, trainer.done) = (checkpoint.best, checkpoint.done);
        trainer.changes.clone_from(&checkpoint.changes);
        Ok(trainer)
    }
}
