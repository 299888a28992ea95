//! NumPy's arrays, alone (.npy) or several in an archive (.npz); nothing in them is ever run or unpacked to the disk.

mod archive;
mod kind;

use ndarray::{Array2, ShapeBuilder};

pub use self::archive::{Member, archive, members};
use self::kind::{Kind, Words};
pub use self::kind::{half, numbers};
use super::file::File;
use super::format::labels_flag;
use super::idx;
use super::labels::Labels;
use super::table::{Rows, Table, too_many, too_many_labels};
use super::{Source, Task};
use crate::error::{Place, Result};

/// How an array begins.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads features alone; their labels are in another file.
///
/// # Errors
/// `Error::Data` for what is not as it should be, and if there is no file of labels.
pub fn features(file: &File, source: &Source) -> Result<Table> {
    let rows = Array::of(&file.bytes, file, "")?.rows(file, "")?;
    if source.wanted.is_some() {
        return Table::of(&file.name, rows, Vec::new());
    }
    let Some(labels) = &source.labels else {
        let found = format!("an array of {} rows and no labels", rows.0.nrows());
        let expected = format!("{} FILE, an array with a label for each row", labels_flag(source));
        return Err(file.error(Place::default(), found, expected));
    };
    let labels = idx::labelled(&File::read(labels)?, (rows.0.nrows(), source.task()))?;
    Table::of(&file.name, rows, labels)
}

/// Reads labels, numbers or text: a column of them, or several.
///
/// # Errors
/// `Error::Data` for what is not as it should be.
pub fn labels(file: &File, samples: (usize, Task)) -> Result<Vec<Labels>> {
    Array::of(&file.bytes, file, "")?.labels(file, "labels", samples)
}

/// The bytes of an array of two dimensions.
pub fn of_matrix(matrix: &Array2<f64>) -> Vec<u8> {
    let shape = format!("({}, {})", matrix.nrows(), matrix.ncols());
    let data = matrix.iter().flat_map(|value| value.to_le_bytes());
    headed("<f8", &shape).into_iter().chain(data).collect()
}

/// The bytes of an array of no dimension that is a text.
pub fn of_text(text: &str) -> Vec<u8> {
    let data = text.chars().flat_map(|letter| u32::from(letter).to_le_bytes());
    headed(&format!("<U{}", text.chars().count().max(1)), "()").into_iter().chain(data).collect()
}

/// The magic number and a header, filled up so that the entries begin at a multiple of 64 bytes.
fn headed(descr: &str, shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}");
    let length = (MAGIC.len() + 4 + header.len() + 1).next_multiple_of(64) - MAGIC.len() - 4;
    let header = format!("{header:<width$}\n", width = length - 1);
    [MAGIC, &[1, 0], &(length as u16).to_le_bytes(), header.as_bytes()].concat()
}

/// An array of any number of dimensions.
#[derive(Debug)]
struct Array {
    shape: Vec<usize>,
    /// Whether the first index runs fastest.
    by_columns: bool,
    entries: Entries,
}

#[derive(Debug)]
enum Entries {
    Numbers(Vec<f64>),
    Text(Words),
}

impl Array {
    /// The array in bytes that are `name` in a file.
    fn of(bytes: &[u8], file: &File, name: &str) -> Result<Self> {
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
        let header = Header::of(&String::from_utf8_lossy(header));
        let Header { kind, little, by_columns, shape } =
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
    fn rows(self, file: &File, name: &str) -> Result<Rows> {
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
    fn labels(self, file: &File, name: &str, (samples, task): (usize, Task)) -> Result<Vec<Labels>> {
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

/// What was found, and what was expected.
pub type Wrong = (String, String);

/// What the header of an array says.
struct Header {
    kind: Kind,
    little: bool,
    by_columns: bool,
    shape: Vec<usize>,
}

impl Header {
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
        let kind = Kind::of(name).ok_or_else(|| kind::unknown(descr, name))?;
        let shape = value("shape")?;
        let inner = shape.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inner, _)| inner);
        let sizes = inner.map(|inner| inner.split(',').map(str::trim).filter(|size| !size.is_empty()));
        let sizes = sizes.and_then(|sizes| sizes.map(|size| size.parse().ok()).collect::<Option<Vec<usize>>>());
        let shape = sizes.ok_or_else(|| wrong("a header with a shape that is none", "a shape such as (150, 4)"))?;
        Ok(Self { kind, little: order != ">", by_columns: value("fortran_order")?.starts_with("True"), shape })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn npy(header: &str, data: &[u8]) -> File {
        let bytes = [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat();
        File::of("t.npy", "npy", bytes)
    }

    fn header(descr: &str, shape: &str) -> String {
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
    }

    fn numbers(file: &File) -> Vec<f64> {
        match Array::of(&file.bytes, file, "").unwrap_or_else(|error| panic!("{error}")).entries {
            Entries::Numbers(values) => values,
            Entries::Text(_) => panic!("text"),
        }
    }

    #[test]
    fn every_type_of_number_is_read_in_either_order_of_its_bytes() {
        for (descr, data, value) in [
            ("<f8", &0.1_f64.to_le_bytes()[..], 0.1),
            (">f8", &0.1_f64.to_be_bytes(), 0.1),
            ("<f4", &1.5_f32.to_le_bytes(), 1.5),
            ("<f2", &[0x00, 0xc2], -3.0),
            ("<f2", &[0x01, 0x00], 2.0_f64.powi(-24)),
            ("|i1", &[0xff], -1.0),
            ("<i2", &[0xfe, 0xff], -2.0),
            (">i4", &[0, 0, 1, 0], 256.0),
            ("<i8", &(-3_i64).to_le_bytes(), -3.0),
            ("<u4", &u32::MAX.to_le_bytes(), 4294967295.0),
            ("|u1", &[255], 255.0),
            ("|b1", &[1], 1.0),
        ] {
            assert_eq!(numbers(&npy(&header(descr, "(1,)"), data)), [value], "{descr}");
        }
        let large = npy(&header("<i8", "(1,)"), &i64::MAX.to_le_bytes());
        assert!(
            Array::of(&large.bytes, &large, "").expect_err("not exact").to_string().contains("9223372036854775807")
        );
    }

    #[test]
    fn columns_first_are_the_same_rows() {
        let data: Vec<u8> = [1_u8, 2, 3, 4, 5, 6].into();
        let by_columns = header("|u1", "(3, 2)").replace("False", "True");
        let file = npy(&by_columns, &data);
        let (x, image) = Array::of(&file.bytes, &file, "").and_then(|array| array.rows(&file, "")).expect("good");
        assert_eq!((x, image), (ndarray::array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]], None));
        let file = npy(&header("|u1", "(1, 2, 3)"), &data);
        let (x, image) = Array::of(&file.bytes, &file, "").and_then(|array| array.rows(&file, "")).expect("good");
        assert_eq!((x.dim(), image), ((1, 6), Some((3, 2))));
    }

    #[test]
    fn text_is_a_label_and_no_feature() {
        let word = |word: &str| word.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect::<Vec<_>>();
        let file = npy(&header("<U2", "(2,)"), &[word("ab"), word("c\0")].concat());
        assert!(features(&file, &Source::named("t.npy")).expect_err("text").to_string().contains("type text"));
        let mut labels = labels(&file, (2, Task::Classes)).expect("two words");
        labels[0].add("c");
        assert_eq!(labels[0].len(), 3);
    }

    proptest! {
        #[test]
        fn no_header_and_no_bytes_make_it_panic(
            descr in "[<>|][fiubUSO][0-9]{1,20}", shape in "\\([-0-9, (]{0,40}\\)?", data in proptest::collection::vec(any::<u8>(), 0..64),
        ) {
            for file in [npy(&header(&descr, &shape), &data), File::of("t.npy", "npy", data)] {
                let source = Source::named("t.npy");
                let _ = (features(&file, &source), labels(&file, (1, Task::Regression)), archive(&file, &source));
            }
        }
    }
}
