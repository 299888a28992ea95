//! How the samples of a source are sequences: how long they are, and how they stand in a file.

/// How sequences are made, cut from a text, or read from a table.
#[derive(Clone, Debug, PartialEq)]
pub struct SequenceSteps {
    /// T: steps of each sequence that is made or cut; those of a table are as long as they are.
    pub length: usize,
    /// The column of a table that says which sequence a row belongs to; a file without one is a text.
    pub id: Option<String>,
    /// The column that says which step it is; the order of the rows if `None`.
    pub step: Option<String>,
    /// Whether a file is a text, whatever it is called and looks like.
    pub prose: bool,
}

impl Default for SequenceSteps {
    fn default() -> Self {
        Self { length: 20, id: None, step: None, prose: false }
    }
}
