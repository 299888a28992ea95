//! What a gradient is checked over, and the check of a network of any kind over it.

use std::fmt;
use std::ops::ControlFlow;

use ndarray::Array2;

use super::config::Config;
use super::snapshot::Snapshot;
use super::trainable::Trainable;
use crate::data::Data;
use crate::error::Result;
use crate::nn::any::of_any;
use crate::nn::check::{Differences, LayerReport};
use crate::nn::{AnyModel, Batch, Check, Network, Recurrent, Regularisation};

/// The fewest sequences that J is the mean over, if the training part has as many.
const FEWEST: usize = 32;
/// What the passes of a check of all weights may take for more sequences than that, in multiplications: some seconds.
const ENOUGH: usize = 5_000_000_000;
/// What a step of a sequence takes beside its products, in multiplications: its gates and its cost.
const BESIDE: usize = 500;

/// The samples that J is the mean over where a gradient is checked, and the step of its differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckScope {
    /// How many samples: the first ones of the training part.
    pub samples: usize,
    /// How many the training part has.
    pub m: usize,
    /// ε.
    pub epsilon: f64,
    /// The steps of each, where they are sequences, and how many of them the gradient that trains goes back at most.
    pub steps: Option<(usize, Option<usize>)>,
}

impl CheckScope {
    /// That of a network: the whole training part, or of sequences the first ones where all would take long. Each weight of a
    /// recurrent network is moved with a pass through all steps, each weight of a dense one only with the layers from it on.
    pub fn of(model: &AnyModel, data: &Data, config: &Config) -> Self {
        let m = data.m();
        match (model, data) {
            (AnyModel::Dense(_), _) | (_, Data::Rows(_)) => {
                Self { samples: m, m, epsilon: Network::EPSILON, steps: None }
            }
            (AnyModel::Recurrent(_), Data::Sequences(parts)) => {
                let steps = parts.sequences.steps;
                let cells = model.cells();
                let of_pass = steps.saturating_mul(cells.saturating_add(BESIDE));
                let of_each = cells.saturating_mul(2).saturating_mul(of_pass).max(1);
                let samples = (ENOUGH / of_each).max(FEWEST).min(m);
                let truncate = config.recurrence.and_then(|recurrence| recurrence.truncate);
                Self { samples, m, epsilon: Recurrent::EPSILON, steps: Some((steps, truncate)) }
            }
        }
    }
}

impl fmt::Display for CheckScope {
    /// As the command and the screen say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { samples, m, steps, .. } = *self;
        let Some((steps, truncate)) = steps else { return write!(f, "all {m} training samples") };
        match samples < m {
            true => write!(f, "the first {samples} of {m} training sequences of {steps} steps")?,
            false => write!(f, "all {m} training sequences of {steps} steps")?,
        }
        match truncate {
            Some(steps) => write!(f, ", the gradient through all steps although the run truncates it to {steps}"),
            None => write!(f, ", the gradient through all steps"),
        }
    }
}

/// A network whose gradient is checked, with its samples.
#[derive(Clone, Debug)]
pub struct GradientCheck {
    /// The network.
    pub model: AnyModel,
    /// Over what it is checked.
    pub scope: CheckScope,
    regularisation: Regularisation,
    data: Data,
    /// The inputs and targets of sequences, in the rows that a batch of them has.
    rows: (Array2<f64>, Array2<f64>),
}

impl GradientCheck {
    /// That of a snapshot's Θ.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self::over(snapshot.model.clone(), &snapshot.data, (&snapshot.config, snapshot.regularisation))
    }

    /// That of the network that the options make, before any update, in `f64`.
    ///
    /// # Errors
    /// If the options make no net of these data.
    pub fn begin(config: &Config, data: &Data) -> Result<Self> {
        let model = match config.recurrence {
            None => begun::<Network<f64>>(config, data)?,
            Some(_) => begun::<Recurrent<f64>>(config, data)?,
        };
        let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m: data.m() };
        Ok(Self::over(model, data, (config, regularisation)))
    }

    fn over(model: AnyModel, data: &Data, (config, regularisation): (&Config, Regularisation)) -> Self {
        let scope = CheckScope::of(&model, data, config);
        let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
        if let Data::Sequences(parts) = data {
            parts.sequences.fill(&(0..scope.samples).collect::<Vec<_>>(), (&mut x, &mut y));
        }
        Self { model, scope, regularisation, data: data.clone(), rows: (x, y) }
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.model.cells()
    }

    /// Checks one cell of every so many, as `Check::run_every` does.
    pub fn run_every(
        &self,
        every: usize,
        progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Option<Vec<LayerReport>> {
        let (x, y) = match &self.data {
            Data::Rows(rows) => (&rows.train.x, &rows.train.y),
            Data::Sequences(_) => (&self.rows.0, &self.rows.1),
        };
        let batch = Batch { x: x.view(), y: y.view(), samples: self.scope.samples };
        let regularisation = self.regularisation;
        of_any!(&self.model, model => Check { model, regularisation, batch }.run_every(every, progress))
    }
}

/// A model before any update, in `f64` whatever it is trained in.
fn begun<M: Trainable<f64> + Into<AnyModel>>(config: &Config, data: &Data) -> Result<AnyModel> {
    M::check(config, data)?;
    Ok(M::begin(config, data).into())
}
