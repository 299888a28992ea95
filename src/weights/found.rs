//! What is found in a file of weights, and how it is refused where it can't be used.

use ndarray::Array2;

use super::entry::{EntryContent, FileEntry};
use super::kind::Kind;
use super::unread;
use crate::data::file::File;
use crate::error::{Error, Place, Result, printable};

/// The weights of a net.
#[derive(Debug, PartialEq)]
pub(super) struct FoundMatrices {
    /// The kind of net that they are of.
    pub(super) kind: Kind,
    /// The matrices, as `WeightFile` has them.
    pub(super) theta: Vec<Array2<f64>>,
    /// The warnings about how they were found.
    pub(super) warnings: Vec<String>,
}

/// Refuses what else is in the file.
pub(super) fn nothing_beside(file: &File, others: &[&FileEntry], (read, remedy): (&str, &str)) -> Result<()> {
    if let Some(refusal) = unread::refusal(file, others) {
        return Err(refusal);
    }
    if others.is_empty() {
        return Ok(());
    }
    let names = listed(others.iter().map(|entry| entry.name.as_str()));
    let parts = vec![(names, format!("content other than {read}"))];
    Err(Error::NotRead { source: file.name.clone(), parts, remedy: remedy.into() })
}

/// Names one after the other, safe to print.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    printable(&names.collect::<Vec<_>>().join(", "))
}

/// The shape of a matrix, in words.
pub(super) fn shape(matrix: &Array2<f64>) -> String {
    format!("the shape {}x{}", matrix.nrows(), matrix.ncols())
}

/// The numbers of an entry.
///
/// # Errors
/// `Error::Data` that says what it has instead.
pub(super) fn numbers<'a>(file: &File, entry: &'a FileEntry) -> Result<&'a Array2<f64>> {
    let (found, expected) = match &entry.content {
        EntryContent::Numbers(matrix) => return Ok(matrix),
        EntryContent::Text(_) => ("a text", "a matrix of numbers"),
        EntryContent::Other(found, expected) => (found.as_str(), expected.as_str()),
    };
    Err(file.error(Place::part(&entry.name), found, expected))
}

/// Refuses a number that is not finite, at its row, counted from 1, and its column, counted from this number.
pub(super) fn finite(file: &File, (name, first): (&str, usize), matrix: &Array2<f64>) -> Result<()> {
    match matrix.indexed_iter().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some(((row, column), value)) => {
            let place = Place::part(format!("{name}[{},{}]", row + 1, column + first));
            Err(file.error(place, value.to_string(), "a finite number"))
        }
    }
}
