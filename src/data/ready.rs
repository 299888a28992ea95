//! Data of either kind, rows or sequences, as one type: as they were read, and ready to be trained on.

use std::sync::Arc;

use ndarray::{Array2, ArrayViewD, Axis, s};

use super::dataset::Dataset;
use super::load;
use super::prepared::{Preparation, Prepared, prepare};
use super::sequences::Sequences;
use super::source::Source;
use super::targets::Task;
use crate::error::Result;

/// Data as they were read.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// Samples of one row each.
    Rows(Arc<Dataset>),
    /// Samples of one row a step.
    Sequences(Arc<Sequences>),
}

/// Data that are trained on, in a training part and a held-out part; a copy shares the samples.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Samples of one row each, split and scaled.
    Rows(Arc<Prepared>),
    /// Samples of one row a step.
    Sequences(SequenceParts),
}

/// Sequences of which the first m are learnt from and the others are held out.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceParts {
    /// All of them.
    pub sequences: Arc<Sequences>,
    /// How many are learnt from: the m of λ/m.
    pub m: usize,
}

impl From<Arc<Prepared>> for Data {
    fn from(rows: Arc<Prepared>) -> Self {
        Self::Rows(rows)
    }
}

impl From<Prepared> for Data {
    fn from(rows: Prepared) -> Self {
        Self::Rows(Arc::new(rows))
    }
}

impl From<SequenceParts> for Data {
    fn from(parts: SequenceParts) -> Self {
        Self::Sequences(parts)
    }
}

impl From<Arc<Sequences>> for SequenceParts {
    /// All of them are learnt from.
    fn from(sequences: Arc<Sequences>) -> Self {
        Self { m: sequences.count, sequences }
    }
}

impl From<Arc<Dataset>> for Loaded {
    fn from(dataset: Arc<Dataset>) -> Self {
        Self::Rows(dataset)
    }
}

impl From<Arc<Sequences>> for Loaded {
    fn from(sequences: Arc<Sequences>) -> Self {
        Self::Sequences(sequences)
    }
}

impl Loaded {
    /// Reads or makes the data of a source.
    ///
    /// # Errors
    /// As `load` and `Sequences::load` have them.
    pub fn read(source: &Source) -> Result<Self> {
        match source.steps {
            Some(_) => Sequences::load(source).map(|sequences| Self::Sequences(Arc::new(sequences))),
            None => load(source).map(|dataset| Self::Rows(Arc::new(dataset))),
        }
    }

    /// What is odd about them, one sentence each.
    pub fn warnings(&self) -> &[String] {
        match self {
            Self::Rows(dataset) => &dataset.warnings,
            Self::Sequences(sequences) => &sequences.warnings,
        }
    }

    /// Whether they say themselves which samples are held out.
    pub fn hold_out(&self) -> bool {
        matches!(self, Self::Rows(dataset) if dataset.held_out.is_some())
    }

    /// Splits the data, and scales samples of one row by the training part's numbers.
    ///
    /// # Errors
    /// As `prepare` has them.
    pub fn prepare(&self, options: &Preparation) -> Result<Data> {
        match self {
            Self::Rows(dataset) => prepare(Arc::clone(dataset), options).map(|rows| Data::Rows(Arc::new(rows))),
            Self::Sequences(sequences) => {
                let m = sequences.learnt_from(options.test_split);
                Ok(Data::Sequences(SequenceParts { sequences: Arc::clone(sequences), m }))
            }
        }
    }
}

impl Data {
    /// The name of the set, or the path of its file, as it may be printed.
    pub fn name(&self) -> &str {
        match self {
            Self::Rows(rows) => &rows.dataset.name,
            Self::Sequences(parts) => &parts.sequences.name,
        }
    }

    /// What is odd about them, one sentence each.
    pub fn warnings(&self) -> &[String] {
        match self {
            Self::Rows(rows) => &rows.dataset.warnings,
            Self::Sequences(parts) => &parts.sequences.warnings,
        }
    }

    /// What is learnt.
    pub fn task(&self) -> Task {
        match self {
            Self::Rows(rows) => rows.dataset.targets.task(),
            Self::Sequences(parts) => parts.sequences.task,
        }
    }

    /// The names of the inputs.
    pub fn inputs(&self) -> &[String] {
        match self {
            Self::Rows(rows) => &rows.dataset.features,
            Self::Sequences(parts) => &parts.sequences.inputs,
        }
    }

    /// The name of the first input or output that has such a number, scaled as it is learnt; of sequences in any of them, even if it is
    /// held out.
    pub fn column_with(&self, is_such: impl Fn(f64) -> bool) -> Option<&String> {
        let of_arrays = |[x, y]: [ArrayViewD<'_, f64>; 2]| {
            let last = |values: &ArrayViewD<'_, f64>| values.ndim() - 1;
            let has = |column: ArrayViewD<'_, f64>| column.iter().any(|&value| is_such(value));
            let find = |values: ArrayViewD<'_, f64>| values.axis_iter(Axis(last(&values))).position(has);
            find(x).and_then(|column| self.inputs().get(column)).or_else(|| self.outputs().get(find(y)?))
        };
        match self {
            Self::Rows(rows) => {
                let parts = [Some(&rows.train), rows.test.as_ref()];
                parts
                    .into_iter()
                    .flatten()
                    .find_map(|part| of_arrays([part.x.view().into_dyn(), part.y.view().into_dyn()]))
            }
            Self::Sequences(parts) => parts.sequences.arrays().and_then(of_arrays),
        }
    }

    /// The names of the K output units.
    pub fn outputs(&self) -> &[String] {
        match self {
            Self::Rows(rows) => rows.dataset.targets.outputs(),
            Self::Sequences(parts) => &parts.sequences.outputs,
        }
    }

    /// The names of the classes; empty where there are none.
    pub fn classes(&self) -> &[String] {
        match self {
            Self::Rows(rows) => rows.dataset.targets.classes(),
            Self::Sequences(parts) => parts.sequences.classes(),
        }
    }

    /// Width and height of the picture that the features are, for image data.
    pub fn image(&self) -> Option<(usize, usize)> {
        match self {
            Self::Rows(rows) => rows.dataset.image,
            Self::Sequences(_) => None,
        }
    }

    /// m: samples that are learnt from.
    pub fn m(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.train.x.nrows(),
            Self::Sequences(parts) => parts.m,
        }
    }

    /// Inputs and targets of one sample, counted from 0 in its part: a row of each, of a sequence a row for each step.
    pub fn one(&self, held_out: bool, row: usize) -> Option<[Array2<f64>; 2]> {
        match self {
            Self::Rows(rows) => {
                let part = rows.test.as_ref().filter(|_| held_out).unwrap_or(&rows.train);
                let alone = |all: &Array2<f64>| all.slice(s![row..=row, ..]).to_owned();
                (row < part.x.nrows()).then(|| [alone(&part.x), alone(&part.y)])
            }
            Self::Sequences(parts) => {
                let [first, count] = if held_out { [parts.m, self.held_out()] } else { [0, parts.m] };
                let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
                (row < count).then(|| {
                    parts.sequences.fill(&[first + row], (&mut x, &mut y));
                    [x, y]
                })
            }
        }
    }

    /// Samples that are held out.
    pub fn held_out(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.test.as_ref().map_or(0, |test| test.x.nrows()),
            Self::Sequences(parts) => parts.sequences.count - parts.m,
        }
    }
}
