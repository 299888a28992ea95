//! svmlight: a line a sample, its label first, then `index:value` for each feature that is not 0.

use ndarray::Array2;

use super::Source;
use super::file::File;
use super::labels::Labels;
use super::table::{Table, too_many_meant};
use crate::error::{Place, Result};

/// Reads a file; features are counted from 1, or from 0 if an index 0 is met.
///
/// # Errors
/// `Error::Data` with the line, what was found and what was expected.
pub fn read(file: &File, source: &Source) -> Result<Table> {
    let text = std::str::from_utf8(&file.bytes)
        .map_err(|_| file.error(Place::default(), "bytes that are not UTF-8", "lines of text"))?;
    let mut labels = Labels::called("label");
    let mut rows: Vec<Vec<(usize, f64)>> = Vec::new();
    // The largest index with its line, and whether an index is 0.
    let (mut largest, mut from_0) = ((0, 0), false);
    for (line, content) in (1..).zip(text.lines()) {
        let mut fields = content.split('#').next().unwrap_or_default().split_whitespace();
        let Some(label) = fields.next() else { continue };
        let allowed = |value: &f64| value.is_finite() || value.is_nan() && source.reading.drop_missing;
        let value: f64 = label.parse().ok().filter(allowed).ok_or_else(|| {
            file.error(Place::line(line), format!("\"{label}\" as a label"), "a number, then fields index:value")
        })?;
        labels.add_number(value);
        let mut row: Vec<(usize, f64)> = Vec::new();
        for field in fields.filter(|field| !field.starts_with("qid:")) {
            let (index, value) = entry(field).filter(|(_, value)| allowed(value)).ok_or_else(|| {
                file.error(Place::line(line), format!("the field \"{field}\""), "index:value, both of them numbers")
            })?;
            if row.last().is_some_and(|&(last, _)| index <= last) {
                let found = format!("index {index} after index {}", row[row.len() - 1].0);
                return Err(file.error(Place::line(line), found, "indices in ascending order"));
            }
            from_0 |= index == 0;
            largest = largest.max((index, line));
            row.push((index, value));
        }
        rows.push(row);
    }
    let features = largest.0.saturating_add(usize::from(from_0));
    // The table is dense once it is read.
    if let Some(most) = too_many_meant(file.size, rows.len(), features) {
        let found = format!("index {}, too large for {} rows of {features} features", largest.0, rows.len());
        return Err(file.error(Place::line(largest.1), found, format!("at most {most} numbers in all")));
    }
    let first = usize::from(!from_0);
    let mut x = Array2::zeros((rows.len(), features));
    for (mut to, row) in x.rows_mut().into_iter().zip(&rows) {
        row.iter().for_each(|&(index, value)| to[index - first] = value);
    }
    let mut table = Table::of(&file.name, (x, None), vec![labels])?;
    if from_0 {
        table.features = (0..features).map(|index| format!("x{index}")).collect();
        table.warnings.push("an index is 0: features are counted from 0, not from 1".into());
    }
    Ok(table)
}

fn entry(field: &str) -> Option<(usize, f64)> {
    let (index, value) = field.split_once(':')?;
    let value: f64 = value.parse().ok()?;
    Some((index.parse().ok()?, value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;
    use crate::data::Task;

    fn file(text: &str) -> File {
        File::of("t.svm", "svm", text)
    }

    #[test]
    fn what_is_not_named_is_0() {
        let table =
            read(&file("+1 1:0.5 3:-2 # a comment\n\n-1 qid:7 2:1\n"), &Source::named("t.svm")).expect("a good file");
        assert_eq!(table.x, ndarray::array![[0.5, 0.0, -2.0], [0.0, 1.0, 0.0]]);
        assert_eq!(table.dataset(Task::Classes).expect("two classes").targets.classes(), ["-1", "1"]);
    }

    #[test]
    fn an_index_0_is_counted_from_0_and_said() {
        let table = read(&file("1 0:5 1:6\n2 1:7\n"), &Source::named("t.svm")).expect("a good file");
        assert_eq!((table.x, table.features.join(" ")), (ndarray::array![[5.0, 6.0], [0.0, 7.0]], "x0 x1".into()));
        assert_eq!(table.warnings.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_line() {
        for (text, words) in [
            ("1 1:2\n1 5\n", "line 2: found the field \"5\""),
            ("1 2:1 1:2\n", "line 1: found index 1 after index 2, expected indices in ascending order"),
            ("1 4294967295:1\n", "line 1: found index 4294967295, too large"),
            ("a 1:1\n", "\"a\" as a label"),
            ("1 1:nan\n", "1:nan"),
        ] {
            let error = read(&file(text), &Source::named("t.svm")).expect_err(text).to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_table_or_an_error(text in "[-+0-9a:. #\n]{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok(table) = read(&file(&text), &Source::named("t.svm")) {
                prop_assert!(table.x.iter().all(|x| x.is_finite()));
            }
            let _ = read(&File::of("t.svm", "svm", bytes), &Source::named("t.svm"));
        }
    }
}
