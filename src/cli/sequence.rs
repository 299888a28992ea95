//! The options of recurrent networks.

use clap::Args;

use super::values::{named, names};
use crate::error::{Error, Result};
use crate::nn::Cell;

/// Options of recurrent networks.
#[derive(Args, Clone, Debug)]
pub struct SequenceArgs {
    /// Recurrent layer.
    #[arg(long, help = format!("Recurrent layer: {} [default: that of --weights, else gru for remember and adding, tanh for other sequences, else none]; --data is then remember, adding, parity, echo, sine or jabberwocky, a text, or with --id a table, and the defaults are --optimizer adam --alpha 0.01 --lambda 0 --layers 32", names::<Cell>()), value_name = "CELL", value_parser = named::<Cell>(), hide_possible_values = true, help_heading = "Sequences")]
    pub cell: Option<Cell>,
    /// Steps of a sequence that is made, or cut from a text [default: 20]
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "Sequences")]
    pub length: Option<usize>,
    /// Steps that the gradient goes back through at most, in blocks from the first step [default: all]
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "Sequences")]
    pub truncate: Option<usize>,
    /// Column of a table that says which sequence a row belongs to
    #[arg(long, value_name = "COLUMN", requires = "target", help_heading = "Sequences")]
    pub id: Option<String>,
    /// Column that says which step it is [default: the order of the rows]
    #[arg(long, value_name = "COLUMN", requires = "id", help_heading = "Sequences")]
    pub step: Option<String>,
    /// Learn the characters of a file that does not end in .txt, or looks like a table
    #[arg(long, conflicts_with = "id", help_heading = "Sequences")]
    pub prose: bool,
}

/// Options of the use of recurrent networks.
#[derive(Args, Clone, Debug)]
pub struct UseSequenceArgs {
    /// Recurrent layer, where the weights do not say it: tanh, sigmoid, relu
    #[arg(long, value_name = "CELL", value_parser = named::<Cell>(), hide_possible_values = true, help_heading = "Sequences")]
    pub cell: Option<Cell>,
    /// Steps of a sequence that is made, or cut from a text [default: 20]
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "Sequences")]
    pub length: Option<usize>,
    /// Column of a table that says which sequence a row belongs to
    #[arg(long, value_name = "COLUMN", help_heading = "Sequences")]
    pub id: Option<String>,
    /// Column that says which step it is [default: the order of the rows]
    #[arg(long, value_name = "COLUMN", requires = "id", help_heading = "Sequences")]
    pub step: Option<String>,
    /// Read the characters of a file that does not end in .txt, or looks like a table
    #[arg(long, conflicts_with = "id", help_heading = "Sequences")]
    pub prose: bool,
}

/// Options that are not for recurrent networks.
pub(super) const NOT_FOR_THEM: [&str; 11] = [
    "test_data",
    "scale",
    "target_scale",
    "dropout",
    "activation",
    "add",
    "labels",
    "task",
    "binary",
    "missing",
    "text",
];

impl SequenceArgs {
    /// Refuses what only sequences have, where there are none.
    pub fn check(&self, on_sequences: bool) -> Result<()> {
        let given =
            [("length", self.length), ("truncate", self.truncate)].into_iter().find(|(_, steps)| steps.is_some());
        match given.filter(|_| !on_sequences) {
            Some((flag, _)) => Err(Error::Usage(format!("--{flag}: only recurrent nets have steps; give --cell"))),
            None if self.prose && !on_sequences => {
                Err(Error::Usage("--prose: only recurrent nets learn a text; give --cell".into()))
            }
            None => Ok(()),
        }
    }
}
