//! Files of MATLAB 5 and Octave: the variables X and y, as the course's exercises have them.

use std::io::Read;

use flate2::read::ZlibDecoder;
use ndarray::{Array2, ShapeBuilder};

use super::entries::{Wrong, numbers};
use super::file::File;
use super::labels::Labels;
use super::parts;
use super::table::{Table, too_many, too_many_labels};
use super::{Source, Task};
use crate::error::{Error, Place, Result};

/// Reads X and y, and the held-out part where the file has one.
///
/// # Errors
/// `Error::Data` if the file is damaged, or a variable is missing or not as it should be.
pub fn read(file: &File, source: &Source) -> Result<Table> {
    let variables = variables(file)?;
    // MATLAB keeps a variable without a name for itself.
    let names: Vec<String> = variables.iter().map(|one| one.name.clone()).filter(|name| !name.is_empty()).collect();
    let named = |name: &str| variables.iter().find(|variable| variable.name == name);
    let expected = "a whole MATLAB 5 file with variables X and y";
    let missing = |name: &str| file.error(Place::part(name), "no such variable", expected);
    parts::read(file, (&names, expected), source, |x, y| {
        let x = named(x).ok_or_else(|| missing(x))?.matrix(file)?;
        let labels = match &source.wanted {
            Some(_) => Vec::new(),
            None => labels(file, named(y).ok_or_else(|| missing(y))?, (x.nrows(), source.task()))?,
        };
        Table::of(&file.name, (x, None), labels)
    })
}

/// A variable of any kind.
pub struct MatVariable {
    /// Its name.
    pub name: String,
    /// How many dimensions it has.
    pub dimensions: usize,
    /// Its real numbers as a matrix, or what was found and what was expected.
    pub matrix: std::result::Result<Array2<f64>, Wrong>,
}

/// All variables of a file that have a name; MATLAB keeps what belongs to objects without one.
///
/// # Errors
/// `Error::Data` if the file is damaged, or a matrix is larger than the file can hold.
pub fn matrices(file: &File) -> Result<Vec<MatVariable>> {
    let found = |variable: Variable| {
        let dimensions = variable.sizes.len();
        let matrix = match (&variable.content, dimensions) {
            (Ok(_), 2) => Ok(variable.matrix(file)?),
            (Ok(_), _) => Err((format!("{dimensions} dimensions"), "a matrix of two dimensions".into())),
            (Err(wrong), _) => Err(wrong.clone()),
        };
        Ok(MatVariable { name: variable.name, dimensions, matrix })
    };
    variables(file)?.into_iter().filter(|variable| !variable.name.is_empty()).map(found).collect()
}

/// The columns of labels, all of them numbers; a vector is one column however it lies, unless it has all targets of the only sample.
fn labels(file: &File, y: &Variable, (samples, task): (usize, Task)) -> Result<Vec<Labels>> {
    let several = !task.has_classes();
    let labels = y.matrix(file)?;
    if labels.is_empty() {
        let found = format!("{} rows of {} labels", labels.nrows(), labels.ncols());
        return Err(file.error(Place::part(&y.name), found, "a label for each row of X"));
    }
    if labels.nrows().min(labels.ncols()) != 1 && !several {
        let found = format!("{} rows of {} labels", labels.nrows(), labels.ncols());
        return Err(file.error(Place::part(&y.name), found, "a vector, a label for each row of X"));
    }
    let is_vector = labels.nrows() == 1 && (samples != 1 || !several);
    let labels = if is_vector { labels.reversed_axes() } else { labels };
    if let Some(most) = too_many_labels(file.size, labels.nrows(), labels.ncols()) {
        let found = format!("{} rows of {} labels", labels.nrows(), labels.ncols());
        return Err(file.error(Place::part(&y.name), found, format!("at most {most} in all")));
    }
    let called = |k: usize| if labels.ncols() == 1 { y.name.clone() } else { format!("{}{}", y.name, k + 1) };
    let columns = labels.columns().into_iter().enumerate();
    Ok(columns.map(|(k, column)| Labels::numbers(&called(k), column.iter().copied())).collect())
}

/// A variable of a file.
struct Variable {
    name: String,
    sizes: Vec<usize>,
    /// Its real numbers column by column, or what it holds instead.
    content: std::result::Result<Vec<f64>, Wrong>,
}

/// Types of elements that are read, as NumPy calls those of numbers.
const NUMBERS: [(u32, &str); 10] =
    [(1, "i1"), (2, "u1"), (3, "i2"), (4, "u2"), (5, "i4"), (6, "u4"), (7, "f4"), (9, "f8"), (12, "i8"), (13, "u8")];
const INT8: u32 = 1;
const INT32: u32 = 5;
const UINT32: u32 = 6;
const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;

/// The classes of arrays that are not read, by their numbers.
const OTHERS: [(u8, &str); 7] = [
    (1, "a cell array"),
    (2, "a struct"),
    (3, "an object"),
    (4, "text"),
    (5, "a sparse matrix"),
    (16, "a function"),
    (17, "an object"),
];
/// The flag of an array of complex numbers, in the second byte of its flags.
const COMPLEX: u8 = 0x08;

/// The variables of a file.
fn variables(file: &File) -> Result<Vec<Variable>> {
    if file.bytes.starts_with(b"# Created by Octave") || file.bytes.starts_with(b"# name:") {
        let found = "Octave's own text format";
        return Err(file.error(Place::default(), found, "MATLAB 5: save it with the option -v7"));
    }
    let expected = "a whole MATLAB 5 file with variables X and y";
    let refuse = |found: &str| file.error(Place::default(), found, expected);
    let Some((header, mut rest)) = file.bytes.split_at_checked(128) else {
        return Err(refuse("a mat-file that is cut short in its header"));
    };
    let little = match &header[126..] {
        b"IM" => true,
        b"MI" => false,
        _ => return Err(refuse("a header of an invalid type, no MAT-file")),
    };
    let mut variables = Vec::new();
    let mut room = file.room();
    while !rest.is_empty() {
        let (element, after) =
            MatElement::next(rest, little).ok_or_else(|| refuse("a mat-file that is cut short, or damaged"))?;
        rest = after;
        let found = match element.kind {
            MATRIX => Variable::of(element.data, little),
            COMPRESSED => {
                let mut bytes = Vec::new();
                let packed = ZlibDecoder::new(element.data).take(room + 1).read_to_end(&mut bytes);
                packed.map_err(|reason| refuse(&format!("a damaged compressed variable ({reason})")))?;
                room = room.checked_sub(bytes.len() as u64).ok_or_else(|| file.too_much(Place::default()))?;
                match MatElement::next(&bytes, little) {
                    Some((inner, _)) if inner.kind == MATRIX => Variable::of(inner.data, little),
                    _ => None,
                }
            }
            kind => return Err(refuse(&format!("an element of the invalid type {kind}, damaged"))),
        };
        variables.push(found.ok_or_else(|| refuse("a variable that is cut short, of an invalid type, or damaged"))?);
    }
    Ok(variables)
}

/// One element: a type and its bytes.
struct MatElement<'a> {
    kind: u32,
    data: &'a [u8],
}

impl<'a> MatElement<'a> {
    /// The element that bytes begin with, and what follows it; `None` if it is not whole.
    fn next(bytes: &'a [u8], little: bool) -> Option<(Self, &'a [u8])> {
        let word = |bytes: &[u8; 4]| if little { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) };
        let (tag, rest) = bytes.split_first_chunk::<4>()?;
        let first = word(tag);
        // Up to four bytes stand in the tag itself.
        if first >> 16 != 0 {
            let (data, rest) = rest.split_first_chunk::<4>()?;
            return Some((Self { kind: first & 0xffff, data: data.get(..(first >> 16) as usize)? }, rest));
        }
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let size = word(size) as usize;
        let data = rest.get(..size)?;
        // All but packed ones are filled up to eight bytes; the last one may end without that.
        let filled = if first == COMPRESSED { size } else { size.next_multiple_of(8) };
        Some((Self { kind: first, data }, rest.get(filled..).unwrap_or_default()))
    }
}

impl Variable {
    /// The variable in the bytes of a matrix; `None` if they are not whole, or not as they should be.
    fn of(bytes: &[u8], little: bool) -> Option<Self> {
        let (flags, rest) = MatElement::next(bytes, little).filter(|(flags, _)| flags.kind == UINT32)?;
        let (sizes, rest) = MatElement::next(rest, little).filter(|(sizes, _)| sizes.kind == INT32)?;
        let (name, rest) = MatElement::next(rest, little).filter(|(name, _)| name.kind == INT8)?;
        let flags = flags.data.first_chunk::<4>()?;
        let flags = if little { u32::from_le_bytes(*flags) } else { u32::from_be_bytes(*flags) };
        let class = (flags & 0xff) as u8;
        let size = |bytes: &[u8; 4]| if little { i32::from_le_bytes(*bytes) } else { i32::from_be_bytes(*bytes) };
        let sizes = sizes.data.as_chunks::<4>().0.iter().map(|bytes| usize::try_from(size(bytes)).ok());
        let sizes = sizes.collect::<Option<Vec<usize>>>()?;
        let name = String::from_utf8_lossy(name.data).into_owned();
        let other = |what: &str| Err((what.to_string(), "a matrix of real numbers".to_string()));
        let content = match OTHERS.iter().find(|(other, _)| *other == class) {
            Some((_, what)) => other(what),
            None if (flags >> 8) as u8 & COMPLEX != 0 => other("complex numbers"),
            None => {
                let (real, _) = MatElement::next(rest, little)?;
                let (_, kind) = NUMBERS.iter().find(|(kind, _)| *kind == real.kind)?;
                numbers(kind, real.data, little)
            }
        };
        Some(Self { name, sizes, content })
    }

    /// The numbers as a matrix, stored row by row.
    fn matrix(&self, file: &File) -> Result<Array2<f64>> {
        let refuse = |found: String, expected: &str| -> Error { file.error(Place::part(&self.name), found, expected) };
        let &[rows, columns] = self.sizes.as_slice() else {
            return Err(refuse(format!("{} dimensions", self.sizes.len()), "a matrix of two dimensions"));
        };
        if let Some(most) = too_many(file.size, rows, columns) {
            return Err(refuse(format!("{rows} rows of {columns} numbers"), &format!("at most {most} in all")));
        }
        let values = self.content.clone().map_err(|(found, expected)| refuse(found, &expected))?;
        let count = values.len();
        let matrix = Array2::from_shape_vec((rows, columns).f(), values);
        let matrix = matrix
            .map_err(|_| refuse(format!("{count} entries"), &format!("{rows} x {columns}, as the dimensions say")))?;
        Ok(matrix.as_standard_layout().into_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), kind in 0..20_u32) {
            let head = [&[b' '; 124][..], &[0, 1, b'I', b'M']].concat();
            let element = [&kind.to_le_bytes()[..], &(bytes.len() as u32).to_le_bytes()].concat();
            for bytes in [bytes.clone(), [head.clone(), bytes.clone()].concat(), [head, element, bytes].concat()] {
                let file = File::of("t.mat", "mat", bytes);
                let _ = (read(&file, &Source::named("t.mat")), matrices(&file));
            }
        }
    }
}
