//! The parts of a file of weights, each under its name; nothing is left out, so that what can't be used can be refused.

use ndarray::Array2;

/// One part of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FileEntry {
    /// Its name.
    pub(super) name: String,
    /// How many dimensions it has; a single number has none.
    pub(super) dimensions: usize,
    /// What it is.
    pub(super) content: EntryContent,
}

/// What a part of a file is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum EntryContent {
    /// Numbers of two dimensions, or of one as a column.
    Numbers(Array2<f64>),
    /// A text.
    Text(String),
    /// Anything else: what it is, and what would be read.
    Other(String, String),
}

impl FileEntry {
    /// The last part of its name, as `weight` is of `fc1.weight`.
    pub(super) fn member(&self) -> &str {
        let member = self.name.rsplit(['.', '/']).next().unwrap_or_default();
        // TensorFlow counts the outputs of what made it.
        member.strip_suffix(":0").unwrap_or(member)
    }

    /// The parts before that one; empty if there are none.
    pub(super) fn module(&self) -> &str {
        self.name.rsplit_once(['.', '/']).map_or("", |(module, _)| module)
    }

    /// Its numbers, if it is of numbers.
    pub(super) fn numbers(&self) -> Option<&Array2<f64>> {
        match &self.content {
            EntryContent::Numbers(matrix) => Some(matrix),
            EntryContent::Text(_) | EntryContent::Other(..) => None,
        }
    }
}
