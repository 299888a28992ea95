//! Sequences of one length: what a recurrent network learns from.

mod made;
mod set;
mod table;
mod taught;
mod text;

use super::built_in::hinted;
use super::{EMBEDDED, GENERATED, Source};
use crate::error::{Error, Result};
use crate::nn::{Activation, Cell};

pub use made::{MADE, known};
pub use set::Sequences;
pub use taught::Taught;
pub use text::{TEXT, TEXT_SUITED};

/// The most steps of a sequence.
pub const LONGEST: usize = 10_000;

impl Sequences {
    /// Reads or makes sequences.
    ///
    /// # Errors
    /// If a file can't be read, or holds no sequences; or if they are too many to keep.
    pub fn load(source: &Source) -> Result<Self> {
        Self::load_for(source, &Taught::default())
    }

    /// The same for a net of which something is known.
    ///
    /// # Errors
    /// As `load` has them.
    pub fn load_for(source: &Source, taught: &Taught) -> Result<Self> {
        let steps = source.steps.clone().unwrap_or_default();
        if steps.length == 0 || steps.length > LONGEST {
            return Err(Error::Usage(format!("--length {}: from 1 to {LONGEST} steps", steps.length)));
        }
        if let Some(made) = MADE.iter().find(|made| source.name == made.name) {
            return made.make(&source.making, steps.length);
        }
        let no_sequences = EMBEDDED.iter().map(|set| set.name).chain(GENERATED.iter().map(|set| set.name));
        if let Some(name) = no_sequences.into_iter().find(|name| source.name == *name) {
            let known = self::known().join(", ");
            return Err(Error::Usage(format!(
                "--data {name}: it is no set of sequences, which a recurrent net (--cell, --id, its --weights) learns; there are {known}, \
                 a text (.txt), and a table with --id COLUMN; a dense net learns {name} without --cell"
            )));
        }
        let read = match &steps.id {
            Some(id) => table::read(source, (id, steps.step.as_deref()), taught),
            None => text::read(&source.name, &steps),
        };
        read.map_err(|error| hinted(error, &source.name))
    }

    /// Whether a set of this name is one of sequences without another word.
    pub fn is_known(name: &std::ffi::OsStr) -> bool {
        name == TEXT || MADE.iter().any(|made| name == made.name)
    }

    /// The recurrent layer that goes with the set of this name.
    pub fn usual_cell(name: &std::ffi::OsStr) -> Cell {
        let made = MADE.iter().find(|made| name == made.name);
        made.map_or(Cell::Plain(Activation::Tanh), |made| made.cell)
    }
}
