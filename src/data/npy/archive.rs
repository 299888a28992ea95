//! Several arrays in a zip archive, .npz.

use std::io::{Cursor, Read};

use ndarray::Array2;
use zip::ZipArchive;

use super::array::NpyArray;
use crate::data::Source;
use crate::data::entries::Entries;
use crate::data::file::File;
use crate::data::oddities::first_of;
use crate::data::parts;
use crate::data::table::Table;
use crate::error::{Error, Place, Result};

/// Reads an archive.
///
/// # Errors
/// `Error::Data` if it is damaged, or an array is missing or not as it should be.
pub fn archive(file: &File, source: &Source) -> Result<Table> {
    let mut archive = Archive::open(file)?;
    let names = archive.names.clone();
    let expected = "X and y, or x_train and y_train";
    parts::read(file, (&names, expected), source, |x, y| {
        let rows = archive.array(x)?.rows(file, x)?;
        if source.wanted.is_some() {
            return Table::of(&file.name, rows, Vec::new());
        }
        let samples = (rows.0.nrows(), source.task());
        let labels = archive.array(y)?.labels(file, y, samples)?;
        Table::of(&file.name, rows, labels)
    })
}

/// What is in an archive under a name.
pub enum Member {
    /// An array of numbers of one dimension, as a column, or of two.
    Matrix(Array2<f64>),
    /// A single text.
    Text(String),
    /// Anything else, and what it is.
    Other(String),
}

/// All members of an archive by their names, with how many dimensions each has.
///
/// # Errors
/// `Error::Data` if it is damaged.
pub fn members(file: &File) -> Result<Vec<(String, usize, Member)>> {
    let mut archive = Archive::open(file)?;
    let mut found = Vec::new();
    for name in archive.names.clone() {
        let array = archive.array(&name)?;
        let dimensions = array.shape.len();
        let member = match (&array.entries, dimensions) {
            (Entries::Numbers(_), 1 | 2) => Member::Matrix(array.rows(file, &name)?.0),
            (Entries::Text(words), 0) => Member::Text(words.at(0)),
            (Entries::Numbers(_), 0) => Member::Other("a single number".into()),
            (Entries::Numbers(_), _) => Member::Other(format!("{dimensions} dimensions")),
            (Entries::Text(_), _) => Member::Other("texts".into()),
        };
        found.push((name, dimensions, member));
    }
    let others = archive.zip.file_names().flatten().filter(|name| !name.ends_with(".npy"));
    found.extend(others.map(|name| (name.to_string(), 0, Member::Other("a file that is no array".into()))));
    Ok(found)
}

/// An archive that was opened.
struct Archive<'a> {
    file: &'a File,
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// The names of its arrays.
    names: Vec<String>,
    /// Bytes that more of them may unpack to; several may stand on the same packed bytes.
    room: u64,
}

impl<'a> Archive<'a> {
    fn open(file: &'a File) -> Result<Self> {
        let zip = ZipArchive::new(Cursor::new(file.bytes.as_slice())).map_err(|reason| damaged(file, &reason))?;
        let members = zip.file_names().flatten();
        let names: Vec<String> = members.filter_map(|member| member.strip_suffix(".npy").map(str::to_string)).collect();
        if names.is_empty() {
            let others: Vec<_> = zip.file_names().flatten().filter(|name| !name.ends_with('/')).collect();
            let found =
                format!("a zip archive of {}", if others.is_empty() { "nothing".into() } else { first_of(&others) });
            return Err(file.error(
                Place::default(),
                found,
                "a file of data: unpack it, and give the one that holds them",
            ));
        }
        Ok(Self { file, zip, names, room: file.room() })
    }

    fn array(&mut self, name: &str) -> Result<NpyArray> {
        let Self { file, zip, room, .. } = self;
        let member = zip.by_name(&format!("{name}.npy")).map_err(|reason| damaged(file, &reason))?;
        let mut bytes = Vec::new();
        member.take(*room + 1).read_to_end(&mut bytes).map_err(|reason| damaged(file, &reason))?;
        *room = room.checked_sub(bytes.len() as u64).ok_or_else(|| file.too_much(Place::part(name)))?;
        NpyArray::of(&bytes, file, name)
    }
}

fn damaged(file: &File, reason: &dyn std::fmt::Display) -> Error {
    file.error(Place::default(), format!("a damaged zip archive ({reason})"), "a NumPy archive, .npz")
}
