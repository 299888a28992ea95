//! IDX, the format of MNIST: pictures and labels as numbers behind a short big-endian header.

mod array;

use std::path::Path;

use ndarray::Array2;

pub(super) use self::array::IdxArray;
use self::array::TYPES;
use super::file::File;
use super::label_files::{labelled, labels_of};
use super::source::Source;
use super::table::{FeatureRows, Table};
use crate::error::{Place, Result};

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

/// The rows of a file of pictures, m × S_1, and their width and height; with two dimensions they are rows of numbers.
///
/// # Errors
/// `Error::Data` that names what is not as it should be.
pub fn features(file: &File) -> Result<FeatureRows> {
    let array = IdxArray::of(file)?;
    let [rows, sizes @ ..] = array.sizes.as_slice() else { unreachable!("there is one dimension at least") };
    if sizes.is_empty() {
        let found = "one dimension, as labels have";
        return Err(file.error(Place::part("header"), found, "two or three dimensions, as images have"));
    }
    let columns = sizes.iter().product();
    let x = Array2::from_shape_vec((*rows, columns), array.values().collect()).expect("as many as the header says");
    Ok((x, if let [height, width] = *sizes { Some((width, height)) } else { None }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::data::Task;

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
            assert_eq!(IdxArray::of(&array).expect("a good file").values().collect::<Vec<_>>(), values);
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
