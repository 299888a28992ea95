//! What must hold of any answer of a parser: what it accepts is finite and consistent, what it says can be printed.

use std::sync::Arc;

use deltascope::data::{Dataset, Loaded, Preparation, Table, Targets, Task, describe, prepare};
use deltascope::error::{Error, Result};

/// Asserts that a text can be printed in a terminal; lines may end.
pub fn printable(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

/// Asserts that an error is one line that says something and can be printed.
pub fn error(error: &Error) {
    let text = error.to_string();
    assert!(!text.is_empty() && !text.chars().any(char::is_control), "{text:?}");
}

/// Asserts what holds of a table, of the data set that it is for a task, and of that set split and scaled.
pub fn table(read: Result<Table>, task: Task) {
    match read.and_then(|table| table.dataset(task)) {
        Ok(dataset) => accepted(dataset),
        Err(wrong) => error(&wrong),
    }
}

/// Asserts that a data set is finite and consistent.
pub fn accepted(dataset: Dataset) {
    let (rows, features) = dataset.x.dim();
    assert!(rows > 0 && features > 0);
    assert_eq!(dataset.features.len(), features);
    assert!(dataset.x.iter().all(|x| x.is_finite()));
    assert!(dataset.held_out.is_none_or(|first| first <= rows));
    assert!(dataset.image.is_none_or(|(width, height)| width * height == features));
    targets(&dataset.targets, rows);
    dataset.warnings.iter().for_each(|warning| printable(warning));
    let dataset = Arc::new(dataset);
    printable(&describe(&Loaded::from(Arc::clone(&dataset))));
    let all = Preparation { test_split: 0.25, ..Preparation::default() };
    match prepare(dataset, &all) {
        Ok(prepared) => {
            let parts = [Some(&prepared.train), prepared.test.as_ref()];
            for part in parts.into_iter().flatten() {
                assert_eq!((part.x.nrows(), part.y.nrows()), (part.row.len(), part.row.len()));
                assert!(part.x.iter().chain(&part.y).all(|value| value.is_finite()));
            }
        }
        Err(wrong) => error(&wrong),
    }
}

/// Asserts that there is a target for each of so many rows.
fn targets(targets: &Targets, rows: usize) {
    match targets {
        Targets::Classes { class, names, .. } => {
            assert_eq!(class.len(), rows);
            assert!(names.len() >= 2 && class.iter().all(|&class| class < names.len()));
        }
        Targets::Numbers { y, names } | Targets::Labels { y, names } => {
            assert_eq!(y.dim(), (rows, names.len()));
            assert!(!names.is_empty() && y.iter().all(|value| value.is_finite()));
        }
    }
}
