//! NumPy's arrays, alone (.npy) or several in an archive (.npz); nothing in them is ever run or unpacked to the disk.

mod archive;
mod array;

use ndarray::Array2;

pub use self::archive::{Member, archive, members};
use self::array::NpyArray;
pub use self::array::{MAGIC, labels};
use super::file::File;
use super::label_files::{labelled, labels_flag};
use super::source::Source;
use super::table::Table;
use crate::error::{Place, Result};

/// Reads features alone; their labels are in another file.
///
/// # Errors
/// `Error::Data` for what is not as it should be, and if there is no file of labels.
pub fn features(file: &File, source: &Source) -> Result<Table> {
    let rows = NpyArray::of(&file.bytes, file, "")?.rows(file, "")?;
    if source.wanted.is_some() {
        return Table::of(&file.name, rows, Vec::new());
    }
    let Some(labels) = &source.labels else {
        let found = format!("an array of {} rows and no labels", rows.0.nrows());
        let expected = format!("{} FILE, an array with a label for each row", labels_flag(source));
        return Err(file.error(Place::default(), found, expected));
    };
    let labels = labelled(&File::read(labels)?, (rows.0.nrows(), source.task()))?;
    Table::of(&file.name, rows, labels)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::data::Task;
    use crate::data::entries::Entries;

    fn npy(header: &str, data: &[u8]) -> File {
        let bytes = [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat();
        File::of("t.npy", "npy", bytes)
    }

    fn header(descr: &str, shape: &str) -> String {
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
    }

    fn numbers(file: &File) -> Vec<f64> {
        match NpyArray::of(&file.bytes, file, "").unwrap_or_else(|error| panic!("{error}")).entries {
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
            NpyArray::of(&large.bytes, &large, "").expect_err("not exact").to_string().contains("9223372036854775807")
        );
    }

    #[test]
    fn columns_first_are_the_same_rows() {
        let data: Vec<u8> = [1_u8, 2, 3, 4, 5, 6].into();
        let by_columns = header("|u1", "(3, 2)").replace("False", "True");
        let file = npy(&by_columns, &data);
        let (x, image) = NpyArray::of(&file.bytes, &file, "").and_then(|array| array.rows(&file, "")).expect("good");
        assert_eq!((x, image), (ndarray::array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]], None));
        let file = npy(&header("|u1", "(1, 2, 3)"), &data);
        let (x, image) = NpyArray::of(&file.bytes, &file, "").and_then(|array| array.rows(&file, "")).expect("good");
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
