//! IDX, the format of MNIST: pictures and labels as numbers behind a short big-endian header.

use std::path::Path;

use ndarray::Array2;

use super::file::File;
use super::format::labels_of;
use super::labels::Labels;
use super::npy;
use super::table::{Rows, Table};
use super::{Source, Task};
use crate::error::{Place, Result};

/// A type of entries: its code, the bytes of an entry, and their value.
type Type = (u8, usize, fn(&[u8]) -> f64);

/// The types there are.
const TYPES: [Type; 6] = [
    (0x08, 1, |b| f64::from(b[0])),
    (0x09, 1, |b| f64::from(b[0].cast_signed())),
    (0x0b, 2, |b| f64::from(i16::from_be_bytes([b[0], b[1]]))),
    (0x0c, 4, |b| f64::from(i32::from_be_bytes([b[0], b[1], b[2], b[3]]))),
    (0x0d, 4, |b| f64::from(f32::from_be_bytes([b[0], b[1], b[2], b[3]]))),
    (0x0e, 8, |b| f64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])),
];

/// Whether a file is one: by its first bytes, or by a name such as `train-images-idx3-ubyte`.
pub fn is(bytes: &[u8], path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let called = ["idx1", "idx2", "idx3", "idx4", "ubyte"].iter().any(|part| name.contains(part));
    called || matches!(bytes, [0, 0, code, 1..=8, ..] if TYPES.iter().any(|(known, ..)| known == code))
}

/// Reads pictures with the labels that are given, or found beside them.
///
/// # Errors
/// `Error::Io` or `Error::Data` for either of the files.
pub fn read(file: &File, path: &Path, source: &Source) -> Result<Table> {
    let rows = features(file)?;
    if source.wanted.is_some() {
        return Table::of(&file.name, rows, Vec::new());
    }
    let labels = labels_of(file, path, source)?;
    let labels = labelled(&labels, (rows.0.nrows(), source.task()))?;
    Table::of(&file.name, rows, labels)
}

/// The labels in a file, IDX or NumPy, of so many samples with this task.
///
/// # Errors
/// `Error::Data` that names what is not as it should be.
pub fn labelled(file: &File, samples: (usize, Task)) -> Result<Vec<Labels>> {
    if file.bytes.starts_with(npy::MAGIC) {
        return npy::labels(file, samples);
    }
    let array = Array::of(file)?;
    if array.sizes.len() != 1 {
        let found = format!("{} dimensions, as images have", array.sizes.len());
        return Err(file.error(Place::part("header"), found, "one dimension, as labels have"));
    }
    Ok(vec![Labels::numbers("labels", array.values())])
}

/// The rows of a file of pictures, m × S_1, and their width and height; with two dimensions they are rows of numbers.
///
/// # Errors
/// `Error::Data` that names what is not as it should be.
pub fn features(file: &File) -> Result<Rows> {
    let array = Array::of(file)?;
    let [rows, sizes @ ..] = array.sizes.as_slice() else { unreachable!("there is one dimension at least") };
    if sizes.is_empty() {
        let found = "one dimension, as labels have";
        return Err(file.error(Place::part("header"), found, "two or three dimensions, as images have"));
    }
    let columns = sizes.iter().product();
    let x = Array2::from_shape_vec((*rows, columns), array.values().collect()).expect("as many as the header says");
    Ok((x, if let [height, width] = *sizes { Some((width, height)) } else { None }))
}

/// The array in a file.
struct Array<'a> {
    /// Its sizes, the rows first; one at least.
    sizes: Vec<usize>,
    /// Bytes of an entry.
    wide: usize,
    /// The value of so many bytes.
    value: fn(&[u8]) -> f64,
    /// The entries.
    bytes: &'a [u8],
}

impl<'a> Array<'a> {
    fn of(file: &'a File) -> Result<Self> {
        let refuse =
            |column: &str, found: String, expected: String| Err(file.error(Place::part(column), found, expected));
        let bytes = file.bytes.as_slice();
        let [zero, nought, code, dimensions, rest @ ..] = bytes else {
            return refuse("header", format!("{} bytes, too short", bytes.len()), "at least 4".into());
        };
        if (*zero, *nought) != (0, 0) {
            return refuse(
                "magic number",
                format!("{:02x?}", &bytes[..4]),
                "two bytes 0 first, as IDX has them; a file of NumPy ends in .npy".into(),
            );
        }
        let Some(&(_, wide, value)) = TYPES.iter().find(|(known, ..)| known == code) else {
            return refuse("type", format!("0x{code:02x}"), "0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e".into());
        };
        if *dimensions == 0 {
            return refuse("header", "no dimensions".into(), "at least one".into());
        }
        let fields = rest.as_chunks::<4>().0.iter().take(usize::from(*dimensions));
        let sizes: Vec<usize> = fields.map(|field| u32::from_be_bytes(*field) as usize).collect();
        if sizes.len() < usize::from(*dimensions) {
            return refuse("header", "a file that is too short".into(), format!("{dimensions} dimensions"));
        }
        let data = &rest[4 * sizes.len()..];
        let told: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let expected = sizes.iter().try_fold(wide, |product, &size| product.checked_mul(size));
        if expected != Some(data.len()) {
            let expected = expected.map_or("a size too large for any file".into(), |count| format!("{count} bytes"));
            let expected = format!("{expected}, as the dimensions {} say", told.join("x"));
            return refuse("data", format!("{} bytes", data.len()), expected);
        }
        if sizes.contains(&0) {
            return refuse("header", format!("an empty array of {}", told.join("x")), "at least one image".into());
        }
        Ok(Self { sizes, wide, value, bytes: data })
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(self.wide).map(self.value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    const TWO: [u8; 24] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];

    fn file(bytes: &[u8]) -> File {
        File::of("two", "", bytes)
    }

    #[test]
    fn two_pictures_are_read() {
        let (x, image) = features(&file(&TWO)).expect("a good file");
        assert_eq!(image, Some((2, 2)));
        assert_eq!(x, ndarray::array![[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]);
    }

    #[test]
    fn every_type_of_entry_is_read() {
        for (bytes, values) in [
            ([&[0, 0, 9, 1, 0, 0, 0, 2][..], &[255, 1]].concat(), [-1.0, 1.0]),
            ([&[0, 0, 11, 1, 0, 0, 0, 2][..], &[255, 254, 1, 0]].concat(), [-2.0, 256.0]),
            ([&[0, 0, 12, 1, 0, 0, 0, 2][..], &[255, 255, 255, 253, 0, 1, 0, 0]].concat(), [-3.0, 65536.0]),
            ([&[0, 0, 13, 1, 0, 0, 0, 2][..], &[0x3f, 0xc0, 0, 0, 0xbf, 0, 0, 0]].concat(), [1.5, -0.5]),
            (
                [&[0, 0, 14, 1, 0, 0, 0, 2][..], &1.25_f64.to_be_bytes(), &(-0.1_f64).to_be_bytes()].concat(),
                [1.25, -0.1],
            ),
        ] {
            let array = file(&bytes);
            assert_eq!(Array::of(&array).expect("a good file").values().collect::<Vec<_>>(), values);
        }
    }

    #[test]
    fn what_is_not_as_the_header_says_is_refused() {
        let broken = |change: fn(&mut Vec<u8>)| {
            let mut bytes = TWO.to_vec();
            change(&mut bytes);
            features(&file(&bytes)).expect_err("broken").to_string()
        };
        assert!(broken(|bytes| bytes.truncate(3)).contains("header"));
        assert!(broken(|bytes| bytes[0] = 9).contains("magic"));
        assert!(broken(|bytes| bytes[2] = 10).contains("0x0a"));
        assert!(broken(|bytes| bytes.truncate(20)).contains("found 4 bytes"));
        assert!(broken(|bytes| bytes[4..16].fill(255)).contains("as the dimensions"));
        assert!(labelled(&file(&TWO), (2, Task::Classes)).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(head in 8_u8..16, bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = (features(&file(&bytes)), labelled(&file(&bytes), (2, Task::Classes)));
            let bytes = [&[0, 0, head][..], &bytes].concat();
            let _ = (features(&file(&bytes)), labelled(&file(&bytes), (2, Task::Classes)));
        }
    }
}
