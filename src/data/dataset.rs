//! A data set as it was read, and what can be made of it before it is split.

use ndarray::{Array2, ArrayView1};

use super::extra::{Extra, MOST, extended, of_row};
use super::scale::Scale;
use super::split;
use super::targets::{Targets, Task};
use crate::error::{Error, Result, printable};
use crate::nn::Named;

/// A data set as it was read: features unscaled, one row a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Name of the set, or the path of its file, as it may be printed.
    pub name: String,
    /// Features, m × S_1, unscaled.
    pub x: Array2<f64>,
    /// What is to be learnt of each of the m samples.
    pub targets: Targets,
    /// Names of the S_1 features.
    pub features: Vec<String>,
    /// What the last of them were made by, from the ones before.
    pub extras: Vec<Extra>,
    /// Width and height of the picture that a row is, for image data; row-major, so S_1 = width × height.
    pub image: Option<(usize, usize)>,
    /// Whether the set is whole as it is and is never split (`xor`).
    pub never_split: bool,
    /// The first of the rows that are held out, where the files say which these are.
    pub held_out: Option<usize>,
    /// The scaling of the features unless another one is asked for.
    pub scale: Scale,
    /// The scaling of the numbers that are learnt unless another one is asked for.
    pub target_scale: Scale,
    /// One line on where the set comes from and under which licence; empty for a file of the user's.
    pub origin: String,
    /// What is odd about the file, one sentence each, for stderr lines `warning: …`.
    pub warnings: Vec<String>,
}

impl Dataset {
    /// The rows of the training part and those held out: a share chosen by the seed, unless the set itself says which these are.
    pub fn parts(&self, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
        let share = if self.never_split { 0.0 } else { share };
        match (self.held_out, &self.targets) {
            (Some(first), _) => ((0..first).collect(), (first..self.x.nrows()).collect()),
            (None, Targets::Classes { class, names, .. }) => split::stratified(class, names.len(), share, seed),
            (None, _) => split::stratified(&vec![0; self.x.nrows()], 1, share, seed),
        }
    }

    /// The set with another task, where its targets serve that as well.
    pub(super) fn learning(mut self, task: Task) -> Result<Self> {
        let name = printable(&self.name);
        match (&mut self.targets, task) {
            (targets, task) if targets.task() == task => {}
            (Targets::Classes { names, single, .. }, Task::Binary) if names.len() == 2 => *single = true,
            (targets, task) => {
                let has = match targets {
                    Targets::Classes { names, .. } => format!("{} classes", names.len()),
                    Targets::Numbers { .. } => "numbers".into(),
                    Targets::Labels { .. } => "labels".into(),
                };
                return Err(Error::Usage(format!("--task {}: {name} has {has} to be learnt", task.name())));
            }
        }
        Ok(self)
    }

    /// The set with more features behind its own.
    ///
    /// # Errors
    /// `Error::Usage` for pictures, and if there would be too many.
    pub fn with(mut self, extras: &[Extra]) -> Result<Self> {
        if extras.is_empty() {
            return Ok(self);
        }
        if self.image.is_some() {
            return Err(Error::Usage(format!("--add: {} has pictures, whose features are their pixels", self.name)));
        }
        let plain = self.features.len();
        let count = Extra::columns(extras, plain);
        if count > MOST {
            return Err(Error::Usage(format!("--add: {count} features of {plain}: at most {MOST}")));
        }
        self.features = [self.features.clone()]
            .into_iter()
            .chain(extras.iter().map(|extra| extra.names(&self.features)))
            .flatten()
            .collect();
        self.extras = extras.to_vec();
        self.x = extended(&self.x, extras);
        Ok(self)
    }

    /// How many features were read, before more were made from them.
    pub fn plain(&self) -> usize {
        let all = self.features.len();
        (0..=all).find(|&plain| Extra::columns(&self.extras, plain) >= all).unwrap_or(0)
    }

    /// All features of a sample by those that were read.
    pub fn extended(&self, plain: ArrayView1<f64>) -> Vec<f64> {
        of_row(plain, &self.extras)
    }
}
