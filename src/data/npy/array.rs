//! One array of NumPy: its header, its entries, and the rows or labels that they are.

use ndarray::{Array2, ShapeBuilder};

use crate::data::entries::{Entries, EntryKind, Wrong, unknown};
use crate::data::file::File;
use crate::data::labels::Labels;
use crate::data::table::{FeatureRows, too_many, too_many_labels};
use crate::data::targets::Task;
use crate::error::{Place, Result};

/// How an array begins.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads labels, numbers or text: a column of them, or several.
///
/// # Errors
/// `Error::Data` for what is not as it should be.
pub fn labels(file: &File, samples: (usize, Task)) -> Result<Vec<Labels>> {
    NpyArray::of(&file.bytes, file, "")?.labels(file, "labels", samples)
}

/// An array of any number of dimensions.
#[derive(Debug)]
pub(super) struct NpyArray {
    pub(super) shape: Vec<usize>,
    /// Whether the first index runs fastest.
    by_columns: bool,
    pub(super) entries: Entries,
}

impl NpyArray {
    /// The array in bytes that are `name` in a file.
    pub(super) fn of(bytes: &[u8], file: &File, name: &str) -> Result<Self> {
        let place = || if name.is_empty() { Place::default() } else { Place::part(name) };
        let refuse = |found: String, expected: &str| Err(file.error(place(), found, expected));
        let Some([major, _minor, rest @ ..]) = bytes.strip_prefix(MAGIC) else {
            return refuse("bytes without NumPy's magic number".into(), "an array in the format .npy");
        };
        let (length, rest) = match (major, rest) {
            (1, [a, b, rest @ ..]) => (usize::from(u16::from_le_bytes([*a, *b])), rest),
            (2 | 3, [a, b, c, d, rest @ ..]) => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
            (1..=3, _) => return refuse("a truncated header".into(), "a whole array"),
            (version, _) => return refuse(format!("version {version} of the header"), "version 1, 2 or 3"),
        };
        let Some((header, data)) = rest.split_at_checked(length) else {
            return refuse(format!("a header that claims a length of {length} bytes"), "a header inside the file");
        };
        let header = NpyHeader::of(&String::from_utf8_lossy(header));
        let NpyHeader { kind, little, by_columns, shape } =
            header.map_err(|(found, expected)| file.error(place(), found, expected))?;
        let told = format!("the shape ({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "));
        let count = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
        let size = count.and_then(|count| count.checked_mul(kind.bytes));
        match size {
            Some(size) if size == data.len() => {}
            Some(size) if size < data.len() => {
                return refuse(format!("{} trailing bytes behind {told}", data.len() - size), "the array's own alone");
            }
            _ => {
                let size = size.map_or("more bytes than can be".into(), |size| format!("{size} bytes"));
                return refuse(format!("{} bytes, too short", data.len()), &format!("{size}, as {told} says"));
            }
        }
        let entries = (kind.read)(data, kind.bytes, little);
        let entries = entries.map_err(|(found, expected)| file.error(place(), found, expected))?;
        Ok(Self { shape, by_columns, entries })
    }

    /// Rows of features, m × S_1, and the width and height of the pictures that they are if there are three dimensions.
    pub(super) fn rows(self, file: &File, name: &str) -> Result<FeatureRows> {
        let place = || if name.is_empty() { Place::default() } else { Place::part(name) };
        let Entries::Numbers(values) = self.entries else {
            return Err(file.error(place(), "features of the type text", "numbers"));
        };
        let (rows, columns, image) = match *self.shape.as_slice() {
            [rows] => (rows, 1, None),
            [rows, columns] => (rows, columns, None),
            [rows, height, width] if !self.by_columns => (rows, height.saturating_mul(width), Some((width, height))),
            _ => {
                let found = format!("an array of {} dimensions (a scalar has 0)", self.shape.len());
                return Err(file.error(place(), found, "two, rows and features, or three of pictures in row order"));
            }
        };
        if let Some(most) = too_many(file.size, rows, columns) {
            let found = format!("{rows} rows of {columns} numbers");
            return Err(file.error(place(), found, format!("at most {most} numbers in all")));
        }
        let shape = (rows, columns).set_f(self.by_columns);
        // There are as many entries as the shape says; one without any may say more than can be counted.
        let x = Array2::from_shape_vec(shape, values)
            .map_err(|_| file.error(place(), "an empty array of a shape that can't be", "rows of numbers"))?;
        // Rows are kept one after the other, whatever order they came in.
        Ok((if x.is_standard_layout() { x } else { x.as_standard_layout().into_owned() }, image))
    }

    /// A column of labels, or several of a matrix; a single row is a label for each of the samples, or all targets of the only one.
    pub(super) fn labels(self, file: &File, name: &str, (samples, task): (usize, Task)) -> Result<Vec<Labels>> {
        let several = !task.has_classes();
        let columns = match *self.shape.as_slice() {
            [columns] if samples == 1 && several => columns,
            [_] => 1,
            [1, _] if samples != 1 => 1,
            [_, columns] => columns,
            _ => {
                let found = format!("an array of {} dimensions", self.shape.len());
                return Err(file.error(Place::part(name), found, "one dimension, a label for each row"));
            }
        };
        if self.shape.contains(&0) {
            return Err(file.error(Place::part(name), "an empty array", "a label for each row"));
        }
        let (by_columns, rows) = (self.by_columns, self.shape.iter().product::<usize>() / columns);
        if let Some(most) = too_many_labels(file.size, rows, columns) {
            let found = format!("{rows} rows of {columns} labels");
            return Err(file.error(Place::part(name), found, format!("at most {most} in all")));
        }
        let places = |column: usize| {
            (0..rows).map(move |row| if by_columns { column * rows + row } else { row * columns + column })
        };
        let called = |column: usize| if columns == 1 { name.to_string() } else { format!("{name}{}", column + 1) };
        match self.entries {
            Entries::Numbers(values) => Ok((0..columns)
                .map(|column| Labels::numbers(&called(column), places(column).map(|at| values[at])))
                .collect()),
            Entries::Text(words) => {
                let of_column = |column: usize| {
                    let mut labels = Labels::called(called(column));
                    places(column).for_each(|at| labels.add(&words.at(at)));
                    labels
                };
                Ok((0..columns).map(of_column).collect())
            }
        }
    }
}

/// What the header of an array says.
struct NpyHeader {
    kind: EntryKind,
    little: bool,
    by_columns: bool,
    shape: Vec<usize>,
}

impl NpyHeader {
    /// The header in its text, the literal of a Python dictionary.
    fn of(text: &str) -> std::result::Result<Self, Wrong> {
        let wrong = |found: &str, expected: &str| (found.to_string(), expected.to_string());
        let value = |key: &str| {
            let missing =
                || (format!("a header without {key}"), "a dictionary of descr, fortran_order and shape".into());
            let after = text.split_once(&format!("'{key}':")).ok_or_else(missing)?.1;
            Ok::<&str, Wrong>(after.trim_start())
        };
        let descr = value("descr")?;
        let Some((descr, _)) = descr.strip_prefix('\'').and_then(|rest| rest.split_once('\'')) else {
            return Err(wrong("a structured type (records)", "an array of one type of numbers"));
        };
        let (order, name) = descr.split_at_checked(1).ok_or_else(|| wrong("no type", "a type such as <f8"))?;
        let kind = EntryKind::of(name).ok_or_else(|| unknown(descr, name))?;
        let shape = value("shape")?;
        let inner = shape.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner);
        let sizes = inner.map(|inner| inner.split(',').map(str::trim).filter(|size| !size.is_empty()));
        let sizes = sizes.and_then(|sizes| sizes.map(|size| size.parse().ok()).collect::<Option<Vec<usize>>>());
        let shape = sizes.ok_or_else(|| wrong("a header with a shape that is none", "a shape such as (150, 4)"))?;
        Ok(Self { kind, little: order != ">", by_columns: value("fortran_order")?.starts_with("True"), shape })
    }
}
