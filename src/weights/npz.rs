//! Weights as an archive of NumPy arrays.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::entry::{EntryContent, FileEntry};
use super::weight_file::{ABOUT, WeightFile};
use crate::data::file::File;
use crate::data::npy;
use crate::error::Result;

/// Reads every member, in the order that they were written in.
pub(super) fn read(file: &File) -> Result<Vec<FileEntry>> {
    let entry = |(name, dimensions, member)| match member {
        npy::Member::Matrix(matrix) => FileEntry { name, dimensions, content: EntryContent::Numbers(matrix) },
        npy::Member::Text(text) => FileEntry { name, dimensions, content: EntryContent::Text(text) },
        npy::Member::Other(found) => {
            let content = EntryContent::Other(found, "a matrix of numbers".into());
            FileEntry { name, dimensions, content }
        }
    };
    Ok(npy::members(file)?.into_iter().map(entry).collect())
}

/// The bytes of a file: the matrices, and the description as an array of one text.
pub(super) fn write(weights: &WeightFile) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(format!("{name}.npy"), options).and_then(|()| Ok(archive.write_all(bytes)?))
    };
    let outcome = weights.named().try_for_each(|(name, theta)| add(&name, &npy::of_matrix(theta)));
    let outcome = outcome.and_then(|()| weights.description().map_or(Ok(()), |text| add(ABOUT, &npy::of_text(&text))));
    let finished = outcome.and_then(|()| archive.finish());
    finished.expect("a vector takes all, and no file is as large as the format's limit").into_inner()
}
