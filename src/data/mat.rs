//! Files of MATLAB 5 and Octave: the variables X and y, as the course's exercises have them.

use matfile::{Array, MatFile, NumericData};
use ndarray::{Array2, ShapeBuilder};

use super::file::File;
use super::table::{Labels, Table};
use super::{Source, Task};
use crate::error::{Place, Result, printable};

/// Reads X and y; Xtest and ytest are held out where they are there.
///
/// # Errors
/// `Error::Data` if the file is damaged, or a variable is missing or not as it should be.
pub fn read(file: &File, source: &Source) -> Result<Table> {
    let expected = "a whole MATLAB 5 file with variables X and y";
    if file.bytes.starts_with(b"# Created by Octave") || file.bytes.starts_with(b"# name:") {
        let found = "Octave's own text format";
        return Err(file.error(Place::default(), found, "MATLAB 5: save it with the option -v7"));
    }
    let content = MatFile::parse(file.bytes.as_slice()).map_err(|_| {
        file.error(Place::default(), "a file that is cut short, of an invalid type, or damaged, no MAT-file", expected)
    })?;
    let array = |name: &str| content.arrays().iter().find(|array| array.name() == name);
    if let (Some(x), Some(_)) = (array("X"), &source.wanted) {
        return Ok(Table::of(&file.name, (matrix(file, x)?, None), Vec::new()));
    }
    let table = |x: &Array, y: &Array| -> Result<Table> {
        let labels = labels(file, y, source.task())?;
        Ok(Table::of(&file.name, (matrix(file, x)?, None), labels))
    };
    let (Some(x), Some(y)) = (array("X"), array("y")) else {
        let names: Vec<&str> = content.arrays().iter().map(Array::name).collect();
        let found = match names.as_slice() {
            [] => "no matrix of real numbers (complex, sparse and text variables are not read), or a mat-file cut short at its end".into(),
            names => format!("the numeric variables {}", printable(&names.join(", "))),
        };
        return Err(file.error(Place::default(), found, expected));
    };
    let train = table(x, y)?;
    match (array("Xtest"), array("ytest")) {
        (Some(x), Some(y)) => train.with_held_out(table(x, y)?, source.task()),
        _ => Ok(train),
    }
}

/// The columns of labels, all of them numbers; a vector is one column however it lies.
fn labels(file: &File, y: &Array, task: Task) -> Result<Vec<Labels>> {
    let several = matches!(task, Task::Regression | Task::Labels);
    let labels = matrix(file, y)?;
    if labels.nrows().min(labels.ncols()) != 1 && !several {
        let found = format!("{} rows of {} labels", labels.nrows(), labels.ncols());
        return Err(file.error(Place::column(y.name()), found, "a vector, a label for each row of X"));
    }
    let labels = if labels.nrows() == 1 { labels.reversed_axes() } else { labels };
    if let Some(((row, _), _)) = labels.indexed_iter().find(|(_, label)| !label.is_finite()) {
        return Err(file.error(Place::row(row as u64 + 1, y.name()), "no finite number", "the label of a class"));
    }
    let called = |k: usize| if labels.ncols() == 1 { y.name().to_string() } else { format!("{}{}", y.name(), k + 1) };
    let columns = labels.columns().into_iter().enumerate();
    Ok(columns.map(|(k, column)| Labels::numbers(&called(k), column.iter().copied())).collect())
}

/// A variable as rows and columns, stored row by row.
fn matrix(file: &File, array: &Array) -> Result<Array2<f64>> {
    let refuse = |found: String, expected: &str| Err(file.error(Place::column(array.name()), found, expected));
    let &[rows, columns] = array.size().as_slice() else {
        return refuse(format!("{} dimensions", array.size().len()), "a matrix of two dimensions");
    };
    let Some(values) = real(array.data()) else {
        return refuse("complex numbers".into(), "real numbers");
    };
    let count = values.len();
    let Ok(matrix) = Array2::from_shape_vec((rows, columns).f(), values) else {
        return refuse(format!("{count} entries"), &format!("{rows} x {columns}, as the dimensions say"));
    };
    Ok(matrix.as_standard_layout().into_owned())
}

/// The entries, column by column; `None` if they are complex.
fn real(data: &NumericData) -> Option<Vec<f64>> {
    macro_rules! values {
        ($($kind:ident),*) => {
            match data {
                $(NumericData::$kind { real, imag: None } => Some(real.iter().map(|&value| f64::from(value)).collect()),)*
                // Whole numbers of 64 bits are the nearest floats of 64 bits.
                NumericData::Int64 { real, imag: None } => Some(real.iter().map(|&value| value as f64).collect()),
                NumericData::UInt64 { real, imag: None } => Some(real.iter().map(|&value| value as f64).collect()),
                _ => None,
            }
        };
    }
    values!(Int8, UInt8, Int16, UInt16, Int32, UInt32, Single, Double)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let head = [&[b' '; 124][..], &[0, 1, b'I', b'M']].concat();
            for bytes in [bytes.clone(), [head, bytes].concat()] {
                let _ = read(&File { name: "t.mat".into(), ending: "mat".into(), bytes }, &Source::named("t.mat"));
            }
        }
    }
}
