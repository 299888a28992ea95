//! Files of arrays: NumPy's, MATLAB's and IDX, each for features, for labels and for any task; and gzip around a file.

use deltascope::data::file::File;
use deltascope::data::npy;
use deltascope::data::{Labels, Source, Table, Task, idx, label_files, mat};
use deltascope::error::Result;
use deltascope::nn::Named;
use ndarray::Array2;

use crate::{check, packed, scratch};

fn file(ending: &str, bytes: &[u8]) -> File {
    File::of(format!("t.{ending}"), ending, bytes)
}

fn source(task: Task) -> Source {
    Source { task: Some(task), ..Source::named("t") }
}

/// The features of a file alone, as new data for weights have them.
fn alone() -> Source {
    Source { wanted: Some(Vec::new()), ..Source::named("t") }
}

/// Asserts what holds of features alone.
fn features(read: Result<Table>) {
    match read.and_then(|table| table.check_features().map(|()| table)) {
        Ok(table) => assert_eq!(table.x.ncols(), table.features.len()),
        Err(wrong) => check::error(&wrong),
    }
}

/// Asserts that labels alone are whole, and that they make a set with as many rows of features, for every task.
fn labels(read: Result<Vec<Labels>>) {
    match read {
        Ok(labels) => {
            let rows = labels.first().map_or(0, Labels::len);
            assert!(labels.iter().all(|column| column.len() == rows));
            for &task in Task::ALL {
                let x = Array2::from_shape_fn((rows, 1), |(row, _)| row as f64);
                check::table(Table::of("t", (x, None), labels.clone()), task);
            }
        }
        Err(wrong) => check::error(&wrong),
    }
}

/// One array, as features and as labels.
pub fn npy(data: &[u8]) {
    let file = file("npy", data);
    features(npy::features(&file, &alone()));
    labels(npy::labels(&file, (2, Task::Regression)));
}

/// An archive as it is, or one that is made of the arrays in the bytes.
pub fn npz(data: &[u8]) {
    let made = packed::npz(data, &["X", "y", "X_test", "y_test"]);
    let file = file("npz", if data.starts_with(b"PK") { data } else { &made });
    for &task in Task::ALL {
        check::table(npy::archive(&file, &source(task)), task);
    }
    features(npy::archive(&file, &alone()));
    if let Err(wrong) = npy::members(&file) {
        check::error(&wrong);
    }
}

/// A file of variables as it is, or one with the bytes as its compressed element.
pub fn mat(data: &[u8]) {
    let made = packed::mat(data);
    let file = file("mat", if data.starts_with(b"MATLAB") { data } else { &made });
    for &task in Task::ALL {
        check::table(mat::read(&file, &source(task)), task);
    }
    features(mat::read(&file, &alone()));
    if let Err(wrong) = mat::matrices(&file) {
        check::error(&wrong);
    }
}

/// Pictures or labels.
pub fn idx(data: &[u8]) {
    let file = file("idx", data);
    labels(label_files::labelled(&file, (2, Task::Regression)));
    match idx::features(&file) {
        Ok(rows) => {
            let count = rows.0.nrows();
            let halves = Labels::numbers("labels", (0..count).map(|row| f64::from(u8::from(row % 2 == 1))));
            check::table(Table::of("t", rows, vec![halves]), Task::Classes);
        }
        Err(wrong) => check::error(&wrong),
    }
}

/// A file that is called packed: it is unpacked or refused; packed bytes come back as they were.
pub fn gzip(data: &[u8]) {
    let is_packed = data.starts_with(b"\x1f\x8b");
    let bytes = if is_packed { data.to_vec() } else { packed::gzip(data) };
    match File::read(&scratch::file("t.csv.gz", &bytes)) {
        Ok(file) => {
            assert_eq!(file.ending, "csv");
            assert!(is_packed || file.bytes == data);
        }
        Err(wrong) => check::error(&wrong),
    }
}
