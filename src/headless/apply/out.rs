//! Lines on stdout about what a net says: a header and lines of separated values, or objects of JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::error::{Error, Result, printable_json, printable_lines};
use crate::nn::Named;
use crate::number::exact;

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

/// What a net was given.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum AppliedTo<'a> {
    /// A row of data, counted from 1.
    Row {
        /// Its number.
        row: usize,
    },
    /// A sequence, or a step of it, counted from 1.
    Sequence {
        /// Which one.
        sequence: Sequence<'a>,
        /// After which step, where the net answers at every one.
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<usize>,
    },
}

/// A sequence by its name in a table, else by its number, counted from 1.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Sequence<'a> {
    /// By name.
    Name(&'a str),
    /// By number.
    Number(usize),
}

impl AppliedTo<'_> {
    fn fields(&self) -> Vec<String> {
        match self {
            Self::Row { row } => vec![row.to_string()],
            Self::Sequence { sequence, step } => {
                let sequence = match sequence {
                    Sequence::Name(name) => (*name).to_string(),
                    Sequence::Number(number) => number.to_string(),
                };
                [sequence].into_iter().chain(step.map(|step| step.to_string())).collect()
            }
        }
    }
}

/// What a net says of one row, one sequence or one step.
#[derive(Serialize)]
pub(super) struct AppliedRow<'a> {
    /// Of what.
    #[serde(flatten)]
    pub(super) at: AppliedTo<'a>,
    /// The class, or the labels that hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<Answer<'a>>,
    /// The outputs; numbers that were learnt in their own unit.
    pub(super) h: Vec<f64>,
}

/// What is answered.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answer<'a> {
    /// One class.
    Class(&'a str),
    /// The labels that hold.
    Labels(Vec<&'a str>),
}

/// A closed pipe is no error.
pub(super) fn written(outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(()),
    }
}

/// Rows on stdout.
pub(super) enum Out<'a> {
    Csv(Box<csv::Writer<io::StdoutLock<'a>>>),
    Json(io::BufWriter<io::StdoutLock<'a>>),
}

impl Out<'_> {
    pub(super) fn new(form: Form) -> Self {
        let out = io::stdout().lock();
        match form {
            Form::Csv => Self::Csv(Box::new(csv::Writer::from_writer(out))),
            Form::Json => Self::Json(io::BufWriter::new(out)),
        }
    }

    /// The names of the columns, which JSON has in each line.
    pub(super) fn head(&mut self, names: impl Iterator<Item = String>) -> io::Result<()> {
        match self {
            Self::Csv(_) => self.line(names),
            Self::Json(_) => Ok(()),
        }
    }

    pub(super) fn line(&mut self, fields: impl Iterator<Item = String>) -> io::Result<()> {
        match self {
            Self::Csv(writer) => {
                Ok(writer.write_record(fields.map(|field| printable_lines(&field)).collect::<Vec<_>>())?)
            }
            Self::Json(_) => Ok(()),
        }
    }

    pub(super) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        match self {
            Self::Csv(_) => Ok(()),
            Self::Json(writer) => {
                writeln!(writer, "{}", printable_json(&serde_json::to_string(value)?))
            }
        }
    }

    /// What the net says of one row.
    pub(super) fn said(&mut self, said: &AppliedRow) -> io::Result<()> {
        if let Self::Json(_) = self {
            return self.json(said);
        }
        let answer = said.answer.as_ref().map(|answer| match answer {
            Answer::Class(name) => (*name).to_string(),
            Answer::Labels(names) => names.join(" "),
        });
        let h = said.h.iter().map(|&h| exact(h));
        self.line(said.at.fields().into_iter().chain(answer).chain(h))
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(writer) => writer.flush(),
            Self::Json(writer) => writer.flush(),
        }
    }
}
