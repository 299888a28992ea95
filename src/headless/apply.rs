//! Saved weights, used on data: what the net says of each sample, and how right it is.

mod out;

use std::io;
use std::sync::Arc;

use ndarray::{Array2, ArrayView1};
use serde::Serialize;

use super::FitLine;
use crate::data::sequences::Sequences;
use crate::data::{Scale, Scaling, SequenceParts, Source, Targets, Task, targets::holds};
use crate::error::{Error, Name, Place, Result, Spot, printable};
use crate::nn::recurrent::{BpttForward, OutputSteps, Recurrent};
use crate::nn::{AnyModel, Network};
use crate::number::exact;
use crate::train::{Answers, Fit, Measure, measured, measured_sequences};
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
    let mut saying = Saying::new(weights, (source, task), form);
    saying.head(&["row"]);
    for (chunk, rows) in x.axis_chunks_iter(ndarray::Axis(0), CHUNK).enumerate() {
        for (b, h) in network.forward(rows).h().rows().into_iter().enumerate() {
            let row = numbers_of_rows[chunk * CHUNK + b];
            saying.say(AppliedTo::Row { row: row + 1 }, h, || row_of(row))?;
        }
        if saying.done.is_err() {
            break;
        }
    }
    saying.end().map(|()| warnings)
}

fn predict_sequences((used, network): (&Used, &Recurrent<f64>), source: &Source, form: Form) -> Result<Vec<String>> {
    let weights = &used.weights;
    // Where no column is named, and the file does not say so, it is read after the last step.
    let says = weights.about.is_some() || source.target.is_none();
    let sequences = sequences(weights, source, !says)?;
    let network = used.on(network, &sequences);
    let mut saying = Saying::new(weights, (source, sequences.task), form);
    let is_every = network.reads == OutputSteps::All;
    saying.head(if is_every { &["sequence", "step"] } else { &["sequence"] });
    let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
    let mut forward = BpttForward::default();
    for row in 0..sequences.count {
        sequences.fill(&[row], (&mut x, &mut y));
        network.forward(x.view(), &network.blank(1), &mut forward);
        let h = network.output.activate(&forward.z_o);
        for (read, h) in h.rows().into_iter().enumerate() {
            let sequence = sequences.ids.get(row).map_or(Sequence::Number(row + 1), |id| Sequence::Name(id));
            let at = AppliedTo::Sequence { sequence, step: is_every.then_some(read + 1) };
            saying.say(at, h, || sequence_of(&sequences, row))?;
        }
        if saying.done.is_err() {
            break;
        }
    }
    let mut warnings = sequences.warnings;
    if weights.about.is_none() && source.target.is_none() && !sequences.ids.is_empty() {
        let name = printable(&weights.path.display().to_string());
        warnings
            .push(format!("{name} does not say at which steps it is read: after the last (--target COLUMN says it)"));
    }
    saying.end().map(|()| warnings)
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

    /// A line, unless a line before could not be written.
    fn say(&mut self, at: AppliedTo, h: ArrayView1<f64>, place: impl FnOnce() -> Place) -> Result<()> {
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
            return written(before).and(Err(too_far(self.source, place())));
        }
        if self.done.is_ok() {
            self.done = self.out.said(&AppliedRow { at, answer, h });
        }
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        written(self.done.and_then(|()| self.out.end()))
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
    let weights = &used.weights;
    match &used.model {
        AnyModel::Dense(network) => {
            let (data, warnings) = labelled(weights, source, scale)?;
            let (measure, answers) = measured(network, &data.train, &data);
            let targets = &data.dataset.targets;
            let mut counts = vec![vec![0; targets.classes().len()]; targets.classes().len()];
            if let Targets::Classes { class, .. } = targets {
                class.iter().zip(&answers.answer).for_each(|(&class, &answer)| counts[class][answer] += 1);
            }
            let samples = data.train.x.nrows();
            report(source, (samples, measure), (targets.classes(), counts), form).map(|()| warnings)
        }
        AnyModel::Recurrent(network) => {
            let mut sequences = sequences(weights, source, true)?;
            let warnings = std::mem::take(&mut sequences.warnings);
            let sequences = Arc::new(sequences);
            let network = used.on(network, &sequences);
            let parts = SequenceParts::from(Arc::clone(&sequences));
            let (measure, answers) = measured_sequences(&network, parts);
            let counts = confusion(&sequences, &answers);
            report(source, (sequences.count, measure), (sequences.classes(), counts), form).map(|()| warnings)
        }
    }
}

/// For each class how many of its answers were which one, over all steps that are read.
fn confusion(sequences: &Sequences, answers: &Answers) -> Vec<Vec<usize>> {
    let (classes, each) = (sequences.classes().len(), sequences.read_steps().len());
    let mut counts = vec![vec![0; classes]; classes];
    for (at, &answer) in answers.answer.iter().enumerate() {
        if let Some(class) = sequences.class(at / each, at % each) {
            counts[class][answer] += 1;
        }
    }
    counts
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

/// The place of a row, counted from 0.
fn row_of(index: usize) -> Place {
    Place { spot: Some(Spot::Row(index as u64 + 1)), name: None }
}

/// The place of a sequence, counted from 0.
fn sequence_of(sequences: &Sequences, row: usize) -> Place {
    let name = sequences.ids.get(row).map_or_else(|| (row + 1).to_string(), |id| printable(id));
    Place { spot: None, name: Some(Name::Part(format!("sequence {name}"))) }
}

/// What is said where weights and features lead out of the finite numbers.
fn too_far(source: &Source, place: Place) -> Error {
    let source = source.name.to_string_lossy().into_owned();
    let expected = "weights and features that are small enough together".into();
    Error::Data { source, place, found: "what leads to no finite number".into(), expected }
}
