//! Saved weights, used on data: what the net says of each sample, and how right it is.

mod out;

use std::io;
use std::sync::Arc;

use ndarray::{Array2, ArrayView1, Axis};
use serde::Serialize;

use super::FitLine;
use crate::data::sequences::Sequences;
use crate::data::{Data, Scale, Scaling, SequenceParts, Source, Task, targets::holds};
use crate::derivation::{Confusion, PartAnswers};
use crate::error::{Error, Place, Result, Spot, printable};
use crate::nn::recurrent::{BpttForward, OutputSteps, Recurrent};
use crate::nn::{AnyModel, Network};
use crate::number::exact;
use crate::train::{Fit, Measure, measured};
use crate::weights::{WeightFile, labelled, sequences, unlabelled};

pub use out::Form;
use out::{Answer, AppliedRow, AppliedTo, Out, Sequence, written};

/// Weights that are used, and the network that they are.
#[derive(Debug)]
pub struct Used {
    /// The weights.
    pub weights: WeightFile,
    /// The network.
    pub model: AnyModel,
    /// Whether a flag or the file says what its output computes; else that follows from what is learnt of sequences.
    pub is_output_said: bool,
}

impl Used {
    /// The recurrent network as it is used on sequences: read at the steps that they have targets for.
    fn on(&self, network: &Recurrent<f64>, sequences: &Sequences) -> Recurrent<f64> {
        let output = if self.is_output_said { network.output } else { sequences.usual_output() };
        Recurrent { reads: sequences.reads, output, ..network.clone() }
    }

    /// Data with labels, the network as it is used on them, and warnings.
    fn with_labels(&self, source: &Source, scale: Option<Scale>) -> Result<(Data, AnyModel, Vec<String>)> {
        Ok(match &self.model {
            AnyModel::Dense(_) => {
                let (data, warnings) = labelled(&self.weights, source, scale)?;
                (data.into(), self.model.clone(), warnings)
            }
            AnyModel::Recurrent(network) => {
                let mut sequences = sequences(&self.weights, source, true)?;
                let warnings = std::mem::take(&mut sequences.warnings);
                let model = AnyModel::Recurrent(self.on(network, &sequences));
                (SequenceParts::from(Arc::new(sequences)).into(), model, warnings)
            }
        })
    }
}

/// How many rows are computed at a time.
const CHUNK: usize = 1_024;

/// Prints what the net says of each row of data, or of each sequence, or after each step of it, whose labels, if there are any, are
/// not looked at; returns the warnings.
///
/// # Errors
/// If the data can't be read or are not what the net takes, or stdout can't be written to; a closed pipe is no error.
pub fn predict(used: &Used, source: &Source, scale: Option<Scale>, form: Form) -> Result<Vec<String>> {
    match &used.model {
        AnyModel::Dense(network) => predict_rows((&used.weights, network), source, scale, form),
        AnyModel::Recurrent(network) => predict_sequences((used, network), source, form),
    }
}

fn predict_rows(
    (weights, network): (&WeightFile, &Network<f64>),
    source: &Source,
    scale: Option<Scale>,
    form: Form,
) -> Result<Vec<String>> {
    let (x, numbers_of_rows, warnings) = unlabelled(weights, source, scale)?;
    let task = weights.about.as_ref().map_or(source.task(), |about| about.task());
    let answers = x.axis_chunks_iter(Axis(0), CHUNK).zip(numbers_of_rows.chunks(CHUNK)).map(|(x, numbers)| {
        let rows = numbers.iter().map(|number| AppliedTo::Row { row: number + 1 }).collect();
        (rows, network.forward(x).h().to_owned())
    });
    Saying::new(weights, (source, task), form).all(&["row"], answers).map(|()| warnings)
}

fn predict_sequences((used, network): (&Used, &Recurrent<f64>), source: &Source, form: Form) -> Result<Vec<String>> {
    let weights = &used.weights;
    // Where no column is named, and the file does not say so, it is read after the last step.
    let says = weights.about.is_some() || source.target.is_none();
    let mut sequences = sequences(weights, source, !says)?;
    let mut warnings = std::mem::take(&mut sequences.warnings);
    let network = used.on(network, &sequences);
    let is_every = network.reads == OutputSteps::All;
    let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
    let mut forward = BpttForward::default();
    let answers = (0..sequences.count).map(|row| {
        sequences.fill(&[row], (&mut x, &mut y));
        network.forward(x.view(), &network.blank(1), &mut forward);
        let h = network.output.activate(&forward.z_o);
        let at = |read: usize| {
            let sequence = sequences.ids.get(row).map_or(Sequence::Number(row + 1), |id| Sequence::Name(id));
            AppliedTo::Sequence { sequence, step: is_every.then_some(read + 1) }
        };
        ((0..h.nrows()).map(at).collect(), h)
    });
    let saying = Saying::new(weights, (source, sequences.task), form);
    saying.all(if is_every { &["sequence", "step"] } else { &["sequence"] }, answers)?;
    if weights.about.is_none() && source.target.is_none() && !sequences.ids.is_empty() {
        let name = printable(&weights.path.display().to_string());
        warnings
            .push(format!("{name} does not say at which steps it is read: after the last (--target COLUMN says it)"));
    }
    Ok(warnings)
}

/// The lines about what a net says.
struct Saying<'a> {
    out: Out<'a>,
    source: &'a Source,
    task: Task,
    /// Of the classes, or of what else is learnt.
    names: Vec<String>,
    scaling: Option<Scaling>,
    /// What became of the lines so far.
    done: io::Result<()>,
}

impl<'a> Saying<'a> {
    fn new(weights: &WeightFile, (source, task): (&'a Source, Task), form: Form) -> Self {
        let sizes = weights.sizes();
        let outputs = sizes[sizes.len() - 1];
        let numbers = || (1..=outputs.max(if task == Task::Binary { 2 } else { 0 })).map(|number| number.to_string());
        let names = weights.about.as_ref().map_or_else(|| numbers().collect(), |about| about.names.clone());
        let scaling = weights.scalings().map(|(_, targets)| targets).filter(|_| task == Task::Regression);
        Self { out: Out::new(form), source, task, names, scaling, done: Ok(()) }
    }

    /// The names of the columns, after these.
    fn head(&mut self, places: &[&str]) {
        let of_unit = if self.task == Task::Binary { &self.names[1..] } else { &self.names };
        let is_number = self.task == Task::Regression;
        let heads = of_unit.iter().map(|name| if is_number { name.clone() } else { format!("h {name}") });
        let answer = (!is_number).then(|| "answer".to_string());
        self.done = self.out.head(places.iter().map(ToString::to_string).chain(answer).chain(heads));
    }

    /// The lines of all answers, and of what each is of, under the names of their columns.
    fn all<'b>(
        mut self,
        places: &[&str],
        answers: impl Iterator<Item = (Vec<AppliedTo<'b>>, Array2<f64>)>,
    ) -> Result<()> {
        self.head(places);
        for (places, h) in answers {
            for (at, h) in places.into_iter().zip(h.rows()) {
                self.say(at, h)?;
            }
            if self.done.is_err() {
                break;
            }
        }
        written(self.done.and_then(|()| self.out.end()))
    }

    /// A line, unless a line before could not be written.
    fn say(&mut self, at: AppliedTo, h: ArrayView1<f64>) -> Result<()> {
        let unscaled = |(k, &h): (usize, &f64)| self.scaling.as_ref().map_or(h, |scaling| scaling.unscaled(h, k));
        let answer = match (self.task.answer(h), self.task) {
            (Some(class), _) => Some(Answer::Class(&self.names[class])),
            (None, Task::Labels) => {
                let held = self.names.iter().zip(h).filter(|(_, h)| holds(**h));
                Some(Answer::Labels(held.map(|(name, _)| name.as_str()).collect()))
            }
            (None, _) => None,
        };
        let h: Vec<f64> = h.iter().enumerate().map(unscaled).collect();
        if h.iter().any(|h| !h.is_finite()) {
            let before = std::mem::replace(&mut self.done, Ok(())).and_then(|()| self.out.end());
            return written(before).and(Err(too_far(self.source, place(&at))));
        }
        if self.done.is_ok() {
            self.done = self.out.said(&AppliedRow { at, answer, h });
        }
        Ok(())
    }
}

/// How right a net is over data.
#[derive(Serialize)]
struct AppliedMeasures<'a> {
    samples: usize,
    /// The data term over all samples.
    cost: f64,
    #[serde(flatten)]
    fit: FitLine,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    classes: &'a [String],
    /// For each class how many of its samples got each answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    confusion: Vec<Vec<usize>>,
}

/// Prints how right the net is over data with labels; returns the warnings.
///
/// # Errors
/// If the data can't be read or are not what the net takes, or stdout can't be written to; a closed pipe is no error.
pub fn evaluate(used: &Used, source: &Source, scale: Option<Scale>, form: Form) -> Result<Vec<String>> {
    let (data, model, warnings) = used.with_labels(source, scale)?;
    let (measure, answers) = measured(&model, &data);
    let counts = Confusion::of_part(&PartAnswers::of_training(&data, &answers));
    let confusion = counts.map_or_else(Vec::new, |of| of.counts.rows().into_iter().map(|row| row.to_vec()).collect());
    report(source, (data.m(), measure), (data.classes(), confusion), form).map(|()| warnings)
}

/// Prints what was measured.
fn report(
    source: &Source,
    (samples, measure): (usize, Measure),
    (classes, confusion): (&[String], Vec<Vec<usize>>),
    form: Form,
) -> Result<()> {
    if !measure.is_finite() {
        return Err(too_far(source, Place::default()));
    }
    let mut out = Out::new(form);
    let done = match form {
        Form::Json => {
            out.json(&AppliedMeasures { samples, cost: measure.data, fit: measure.fit.into(), classes, confusion })
        }
        Form::Csv => {
            let (names, values) = match measure.fit {
                Fit::Accuracy(accuracy) => (vec!["accuracy"], vec![exact(accuracy)]),
                Fit::Numbers { r2, rmse } => {
                    (vec!["r2", "rmse"], vec![r2.map_or_else(String::new, exact), exact(rmse)])
                }
            };
            let head = ["samples", "cost"].into_iter().chain(names).map(str::to_string);
            let values = [samples.to_string(), exact(measure.data)].into_iter().chain(values);
            out.head(head).and_then(|()| out.line(values))
        }
    };
    written(done.and_then(|()| out.end()))
}

/// The place of what the net was given.
fn place(at: &AppliedTo<'_>) -> Place {
    let sequence = match at {
        AppliedTo::Row { row } => return Place { spot: Some(Spot::Row(*row as u64)), name: None },
        AppliedTo::Sequence { sequence: Sequence::Number(number), .. } => number.to_string(),
        AppliedTo::Sequence { sequence: Sequence::Name(name), .. } => printable(name),
    };
    Place::part(format!("sequence {sequence}"))
}

/// What is said where weights and features lead out of the finite numbers.
fn too_far(source: &Source, place: Place) -> Error {
    let source = source.name.to_string_lossy().into_owned();
    let expected = "weights and features that are small enough together".into();
    Error::Data { source, place, found: "what leads to no finite number".into(), expected }
}
