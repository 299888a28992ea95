//! Where a data set comes from, and how its files are read.

use std::ffi::OsString;
use std::path::PathBuf;

use super::extra::Extra;
use super::generated::{GENERATED, Generator, Making};
use super::steps::SequenceSteps;
use super::targets::Task;

/// Where a data set comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Name of an embedded or a generated set, or else the path of a file in one of the `FORMATS`; `./digits` is a file of that name.
    pub name: OsString,
    /// What is learnt; as the set has it if `None`.
    pub task: Option<Task>,
    /// The column of a file that is learnt, by its name or else its number from 1; the last one if `None`. Several stand behind
    /// each other with commas.
    pub target: Option<String>,
    /// The features that are wanted by name where labels are not looked for; all where the file does not have all of these.
    pub wanted: Option<Vec<String>>,
    /// How a file of separated values is read.
    pub reading: Reading,
    /// The file of the labels, where they are not in the file of the features or beside it.
    pub labels: Option<PathBuf>,
    /// The file of the samples that are held out.
    pub test: Option<PathBuf>,
    /// The file of their labels.
    pub test_labels: Option<PathBuf>,
    /// Whether this is the file of the samples that are held out.
    pub is_test: bool,
    /// What a generated set is made by.
    pub making: Making,
    /// Features that are made from the ones that are read.
    pub extras: Vec<Extra>,
    /// How sequences are made or read, where the samples are sequences.
    pub steps: Option<SequenceSteps>,
}

/// What the first line of a file of separated values is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// The program decides.
    #[default]
    Found,
    /// It is found out, in a file that continues one without names: a line of numbers is a row in any case.
    RowsBefore,
    /// It holds the names of the columns.
    Present,
    /// It is a row already; columns are called by their numbers.
    Absent,
}

/// How a file of separated values is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What separates the fields; found in the first line if `None`.
    pub separator: Option<char>,
    /// What the first line is.
    pub header: Header,
    /// Whether rows with a missing value are left out, which else are refused.
    pub drop_missing: bool,
    /// Whether a column of text becomes one feature for each of its values, which else is refused.
    pub one_hot: bool,
}

impl Source {
    /// An embedded set, or a file read as it is found.
    pub fn named(name: impl Into<OsString>) -> Self {
        Self {
            name: name.into(),
            task: None,
            target: None,
            wanted: None,
            reading: Reading::default(),
            labels: None,
            test: None,
            test_labels: None,
            is_test: false,
            making: Making::default(),
            extras: Vec::new(),
            steps: None,
        }
    }

    /// Sequences of this name: so many of so many steps where they are made, a text that is cut into such steps.
    pub fn sequences(name: impl Into<OsString>, length: usize, samples: usize) -> Self {
        let (making, steps) =
            (Making { samples, ..Making::default() }, SequenceSteps { length, ..SequenceSteps::default() });
        Self { making, steps: Some(steps), ..Self::named(name) }
    }

    /// What is learnt.
    pub fn task(&self) -> Task {
        let of_generated = || GENERATED.iter().find(|generator| self.name == generator.name).map(Generator::task);
        self.task.or_else(of_generated).unwrap_or(Task::Classes)
    }
}
