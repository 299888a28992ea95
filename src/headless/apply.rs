//! Weights that were kept, used on data: what the net says of each sample, and how right it is.

use std::io::{self, Write};

use serde::Serialize;

use super::FitLine;
use crate::data::{Scale, Source, Targets, Task, targets::holds};
use crate::error::{Error, Place, Result, Spot, printable_json, printable_lines};
use crate::kept::{Kept, labelled, unlabelled};
use crate::nn::{Named, Network};
use crate::number::exact;
use crate::train::{Fit, measured};

/// The form of what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A header and a line for each row.
    Csv,
    /// An object of JSON for each row.
    Json,
}

impl Named for Form {
    const ALL: &'static [Self] = &[Self::Csv, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// How many rows are computed at a time.
const CHUNK: usize = 1_024;

/// What a net says of one row.
#[derive(Serialize)]
struct Said<'a> {
    /// Counted from 1.
    row: usize,
    /// The class, or the labels that hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Answer<'a>>,
    /// The outputs; numbers that were learnt in their own unit.
    h: Vec<f64>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer<'a> {
    Class(&'a str),
    Labels(Vec<&'a str>),
}

/// Prints what the net says of each row of data, whose labels, if there are any, are not looked at; returns the warnings.
///
/// # Errors
/// If the data can't be read or are not what the net takes, or stdout can't be written to; a closed pipe is no error.
pub fn predict(
    (kept, network): (&Kept, &Network<f64>),
    source: &Source,
    scale: Option<Scale>,
    form: Form,
) -> Result<Vec<String>> {
    let (x, numbers_of_rows, warnings) = unlabelled(kept, source, scale)?;
    let outputs = network.theta[network.theta.len() - 1].nrows();
    let task = kept.about.as_ref().map_or(source.task(), |about| about.task());
    let numbers = || (1..=outputs.max(if task == Task::Binary { 2 } else { 0 })).map(|number| number.to_string());
    let names = kept.about.as_ref().map_or_else(|| numbers().collect(), |about| about.names.clone());
    let scaling = kept.scalings().map(|(_, targets)| targets).filter(|_| task == Task::Regression);
    let mut out = Out::new(form);
    let of_unit = if task == Task::Binary { &names[1..] } else { &names };
    let heads = of_unit.iter().map(|name| if task == Task::Regression { name.clone() } else { format!("h {name}") });
    let answer = (task != Task::Regression).then(|| "answer".to_string());
    let mut done = out.head(["row".to_string()].into_iter().chain(answer).chain(heads));
    for (chunk, rows) in x.axis_chunks_iter(ndarray::Axis(0), CHUNK).enumerate() {
        for (b, h) in network.forward(rows).h().rows().into_iter().enumerate() {
            let unscaled = |(k, &h): (usize, &f64)| scaling.as_ref().map_or(h, |scaling| scaling.unscaled(h, k));
            let answer = match (task.answer(h), task) {
                (Some(class), _) => Some(Answer::Class(&names[class])),
                (None, Task::Labels) => {
                    let held = names.iter().zip(h).filter(|(_, h)| holds(**h));
                    Some(Answer::Labels(held.map(|(name, _)| name.as_str()).collect()))
                }
                (None, _) => None,
            };
            if h.iter().enumerate().map(unscaled).any(|h| !h.is_finite()) {
                let rows_before = done.and_then(|()| out.end());
                return written(rows_before).and(Err(too_far(source, row_of(numbers_of_rows[chunk * CHUNK + b]))));
            }
            let row = numbers_of_rows[chunk * CHUNK + b] + 1;
            let said = Said { row, answer, h: h.iter().enumerate().map(unscaled).collect() };
            done = done.and_then(|()| out.said(&said));
        }
        if done.is_err() {
            break;
        }
    }
    written(done.and_then(|()| out.end()))?;
    Ok(warnings)
}

/// How right a net is over data.
#[derive(Serialize)]
struct Measured<'a> {
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
pub fn evaluate(
    (kept, network): (&Kept, &Network<f64>),
    source: &Source,
    scale: Option<Scale>,
    form: Form,
) -> Result<Vec<String>> {
    let (data, warnings) = labelled(kept, source, scale)?;
    let (measure, answers) = measured(network, &data.train, &data);
    if !measure.is_finite() {
        return Err(too_far(source, Place::default()));
    }
    let targets = &data.dataset.targets;
    let mut counts = vec![vec![0; targets.classes().len()]; targets.classes().len()];
    if let Targets::Classes { class, .. } = targets {
        class.iter().zip(&answers.answer).for_each(|(&class, &answer)| counts[class][answer] += 1);
    }
    let samples = data.train.x.nrows();
    let mut out = Out::new(form);
    let done = match form {
        Form::Json => {
            let fit = measure.fit.into();
            out.json(&Measured { samples, cost: measure.data, fit, classes: targets.classes(), confusion: counts })
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
    written(done.and_then(|()| out.end()))?;
    Ok(warnings)
}

/// The place of a row, counted from 0.
fn row_of(index: usize) -> Place {
    Place { spot: Some(Spot::Row(index as u64 + 1)), name: None }
}

/// What is said where weights and features lead out of the finite numbers.
fn too_far(source: &Source, place: Place) -> Error {
    let source = source.name.to_string_lossy().into_owned();
    let expected = "weights and features that are small enough together".into();
    Error::Data { source, place, found: "what leads to no finite number".into(), expected }
}

/// A closed pipe is no error.
fn written(outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(()),
    }
}

/// Rows on stdout.
enum Out<'a> {
    Csv(Box<csv::Writer<io::StdoutLock<'a>>>),
    Json(io::BufWriter<io::StdoutLock<'a>>),
}

impl Out<'_> {
    fn new(form: Form) -> Self {
        let out = io::stdout().lock();
        match form {
            Form::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
            Form::Json => Self::Json(io::BufWriter::new(out)),
        }
    }

    /// The names of the columns, which JSON has in each line.
    fn head(&mut self, names: impl Iterator<Item = String>) -> io::Result<()> {
        match self {
            Self::Csv(_) => self.line(names),
            Self::Json(_) => Ok(()),
        }
    }

    fn line(&mut self, fields: impl Iterator<Item = String>) -> io::Result<()> {
        match self {
            Self::Csv(writer) => {
                Ok(writer.write_record(fields.map(|field| printable_lines(&field)).collect::<Vec<_>>())?)
            }
            Self::Json(_) => Ok(()),
        }
    }

    fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        match self {
            Self::Csv(_) => Ok(()),
            Self::Json(writer) => {
                writeln!(writer, "{}", printable_json(&serde_json::to_string(value)?))
            }
        }
    }

    fn said(&mut self, said: &Said) -> io::Result<()> {
        if let Self::Json(_) = self {
            return self.json(said);
        }
        let answer = said.answer.as_ref().map(|answer| match answer {
            Answer::Class(name) => (*name).to_string(),
            Answer::Labels(names) => names.join(" "),
        });
        let h = said.h.iter().map(|&h| exact(h));
        self.line([said.row.to_string()].into_iter().chain(answer).chain(h))
    }

    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(writer) => writer.flush(),
            Self::Json(writer) => writer.flush(),
        }
    }
}
