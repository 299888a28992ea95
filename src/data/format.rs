//! The formats of data files: which there are, how a file's own is found, and which others are refused by their names.

use std::path::Path;

use super::file::File;
use super::table::Table;
use super::{Header, Source, csv, idx, mat, npy, svmlight};
use crate::error::{Place, Result, printable};

/// A format that is read.
#[derive(Debug)]
pub struct DataFormat {
    /// What it is called.
    pub name: &'static str,
    /// Endings of its files, in lower case.
    pub endings: &'static [&'static str],
    /// What in such a file are the rows and the labels.
    pub what: &'static str,
    /// The options about a file that its reader has a use for, by their names; rows with missing values are left out of any format.
    pub heeds: &'static [&'static str],
    /// Whether bytes and the path that they are from are of this format, whatever the ending.
    is: fn(&[u8], &Path) -> bool,
    /// Reads it.
    read: fn(&File, &Path, &Source) -> Result<Table>,
}

/// The formats there are; what none of them claims is read as the last one.
pub const FORMATS: [DataFormat; 6] = [
    DataFormat {
        name: "NumPy archive",
        endings: &["npz"],
        what: "arrays X and y, or x_train and y_train with x_test and y_test, or else x_val and y_val, held out",
        heeds: &[],
        is: |bytes, _| bytes.starts_with(b"PK\x03\x04"),
        read: |file, _, source| npy::archive(file, source),
    },
    DataFormat {
        name: "NumPy array",
        endings: &["npy"],
        what: "X alone; y comes from --labels FILE",
        heeds: &["labels"],
        is: |bytes, _| bytes.starts_with(npy::MAGIC),
        read: |file, _, source| npy::features(file, source),
    },
    DataFormat {
        name: "MATLAB 5",
        endings: &["mat"],
        what: "variables X and y",
        heeds: &[],
        is: |bytes, _| bytes.starts_with(b"MATLAB 5.0 MAT-file"),
        read: |file, _, source| mat::read(file, source),
    },
    DataFormat {
        name: "svmlight",
        endings: &["svm", "svmlight", "libsvm"],
        what: "lines `label index:value …`",
        heeds: &[],
        is: |_, _| false,
        read: |file, _, source| svmlight::read(file, source),
    },
    DataFormat {
        name: "IDX",
        endings: &["idx"],
        what: "pictures, as MNIST has them; their labels beside them, or from --labels FILE",
        heeds: &["labels"],
        is: idx::is,
        read: idx::read,
    },
    DataFormat {
        name: "separated values",
        endings: &["csv", "tsv", "txt"],
        what: "a row a line; the classes in the last column, or --target",
        heeds: &["target", "separator", "header", "no-header", "text"],
        is: |_, _| false,
        read: |file, _, source| csv::parse(file, source),
    },
];

/// How an HDF5 file begins.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
/// Formats that are known and not read: ending, first bytes, what it is, and what to do.
const REFUSED: [(&str, &[u8], &str, &str); 10] = [
    ("h5", HDF5, "an HDF5 file", "CSV, .npz or .mat of MATLAB 5"),
    ("parquet", b"PAR1", "a Parquet file", "CSV or .npz"),
    ("arff", b"@relation", "a Weka file in the format ARFF", "CSV: its rows with a header of the attributes' names"),
    ("onnx", b"\x08\x07\x12\x07pytorch", "an ONNX file, a network in a format that is not read", "data: CSV or .npz"),
    ("pt", b"\x80\x02\x8a\x0al\xfc", "a PyTorch file, a pickle that is never run", "CSV or .npz"),
    ("pkl", b"\x80\x04\x95", "a pickle, which is never run", "CSV or .npz"),
    ("xlsx", b"\xd0\xcf\x11\xe0", "a spreadsheet", "CSV, which a spreadsheet program can save"),
    ("json", b"{\"", "a JSON file", "CSV"),
    ("arrow", b"ARROW1", "an Arrow file", "CSV or .npz"),
    ("feather", b"FEA1", "a Feather file", "CSV or .npz"),
];

/// Reads a file of any format, with the part that another file holds out.
///
/// # Errors
/// `Error::Io`, `Error::Usage` or `Error::Data`, as the format's reader has it.
pub fn read(source: &Source) -> Result<Table> {
    let table = one(Path::new(&source.name), source)?;
    let Some(test) = &source.test else { return Ok(table) };
    let labels = source.test_labels.clone();
    let mut held_out = Source { labels, test: None, test_labels: None, is_test: true, ..source.clone() };
    if table.nameless && held_out.reading.header == Header::Found {
        held_out.reading.header = Header::RowsBefore;
    }
    let learnt = learnt(&table, test, &held_out);
    if let Some(true) = learnt {
        held_out.target = table.labels.first().map(|labels| labels.name.clone());
    }
    let mut other = one(test, &held_out)?;
    if let (Some(false), [mine], [its]) = (learnt, table.labels.as_slice(), other.labels.as_slice()) {
        let (its, mine) = (printable(&its.name), printable(&mine.name));
        other.warnings.push(format!("its last column, {its}, is taken for {mine} of {}", table.name));
    }
    table.with_held_out(other, source.task())
}

/// Whether the file of held-out rows has a column that is called as the target of the others is; `None` where this does not matter,
/// because the target is asked for, or one of the files is no table with a header.
fn learnt(table: &Table, test: &Path, held_out: &Source) -> Option<bool> {
    let named = |path: &Path| {
        let name = path.to_string_lossy().to_lowercase();
        let bare = name.strip_suffix(".gz").unwrap_or(&name);
        FORMATS[FORMATS.len() - 1].endings.iter().any(|ending| bare.ends_with(&format!(".{ending}")))
    };
    let [labels] = table.labels.as_slice() else { return None };
    if held_out.target.is_some() || table.nameless || !named(Path::new(&held_out.name)) || !named(test) {
        return None;
    }
    let names = csv::names(&File::read(test).ok()?, held_out)?;
    Some(names.contains(&labels.name))
}

fn one(path: &Path, source: &Source) -> Result<Table> {
    let file = File::read(path)?;
    if file.ending == "mat" && (begins(&file.bytes, HDF5) || begins(&file.bytes, b"MATLAB 7.3")) {
        let found = "a MATLAB 7.3 file, which is HDF5";
        return Err(file.error(Place::default(), found, "MATLAB 5: save it with the option -v7"));
    }
    if let Some((_, _, what, instead)) =
        REFUSED.iter().find(|(ending, magic, ..)| file.ending == *ending || begins(&file.bytes, magic))
    {
        return Err(file.error(Place::default(), *what, *instead));
    }
    let format = format_of(&file, path, source.labels.is_some());
    (format.read)(&file, path, source)?.settled(source.reading.drop_missing)
}

/// The format of a file that is read with a file of labels beside it, or without one.
fn format_of(file: &File, path: &Path, labelled: bool) -> &'static DataFormat {
    let named = |format: &&DataFormat| format.endings.contains(&file.ending.as_str());
    let known = || FORMATS.iter().find(|format| (format.is)(&file.bytes, path));
    // Only pictures and bare arrays have their labels elsewhere.
    let pictures = || FORMATS.iter().find(|format| format.name == "IDX" && labelled);
    let format = known().or_else(|| FORMATS.iter().find(named)).or_else(pictures);
    format.unwrap_or(&FORMATS[FORMATS.len() - 1])
}

/// The format as which a file would be read, by its first bytes and its name; `None` for a file that can't be read.
pub fn format_at(path: &Path, labelled: bool) -> Option<&'static DataFormat> {
    Some(format_of(&File::beginning(path)?, path, labelled))
}

/// Whether bytes begin so, whatever the case of their letters.
fn begins(bytes: &[u8], magic: &[u8]) -> bool {
    bytes.get(..magic.len()).is_some_and(|start| start.eq_ignore_ascii_case(magic))
}
