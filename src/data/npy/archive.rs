//! Several arrays in a zip archive, .npz.

use std::io::{Cursor, Read};

use ndarray::Array2;
use zip::ZipArchive;

use super::{Array, Entries};
use crate::data::Source;
use crate::data::file::File;
use crate::data::table::Table;
use crate::error::{Error, Place, Result, printable};

/// Names that the arrays of an archive go by: features, labels, and what of both is held out.
const NAMES: [[&str; 4]; 3] =
    [["X", "y", "X_test", "y_test"], ["x", "y", "x_test", "y_test"], ["x_train", "y_train", "x_test", "y_test"]];

/// Reads an archive.
///
/// # Errors
/// `Error::Data` if it is damaged, or an array is missing or not as it should be.
pub fn archive(file: &File, source: &Source) -> Result<Table> {
    let mut archive = Archive::open(file)?;
    let has = |name: &str| archive.has(name);
    let Some([x, y, x_test, y_test]) =
        NAMES.iter().find(|names| has(names[0]) && (has(names[1]) || source.wanted.is_some()))
    else {
        let found = format!("the arrays {}", printable(&archive.names.join(", ")));
        return Err(file.error(Place::default(), found, "X and y, or x_train and y_train"));
    };
    let held_out = has(x_test) && has(y_test);
    let mut table = |x: &str, y: &str| -> Result<Table> {
        let rows = archive.array(x)?.rows(file, x)?;
        if source.wanted.is_some() {
            return Table::of(&file.name, rows, Vec::new());
        }
        Table::of(&file.name, rows, archive.array(y)?.labels(file, y)?)
    };
    let train = table(x, y)?;
    if source.wanted.is_none() && held_out {
        return train.with_held_out(table(x_test, y_test)?, source.task());
    }
    Ok(train)
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
        let names = members.filter_map(|member| member.strip_suffix(".npy").map(str::to_string)).collect();
        Ok(Self { file, zip, names, room: file.room() })
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|member| member == name)
    }

    fn array(&mut self, name: &str) -> Result<Array> {
        let Self { file, zip, room, .. } = self;
        let member = zip.by_name(&format!("{name}.npy")).map_err(|reason| damaged(file, &reason))?;
        let mut bytes = Vec::new();
        member.take(*room + 1).read_to_end(&mut bytes).map_err(|reason| damaged(file, &reason))?;
        *room = room.checked_sub(bytes.len() as u64).ok_or_else(|| file.too_much(Place::part(name)))?;
        Array::of(&bytes, file, name)
    }
}

fn damaged(file: &File, reason: &dyn std::fmt::Display) -> Error {
    file.error(Place::default(), format!("a damaged zip archive ({reason})"), "a NumPy archive, .npz")
}
