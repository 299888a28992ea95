//! Files of separated values: a class in one column, numbers in all others; what is wrong is said with its line and column.

mod cell;
mod columns;
mod content;
mod first_line;

use csv::{ReaderBuilder, StringRecord, Trim};
use ndarray::Array2;

pub(super) use self::cell::{is_like_a_number, is_missing};
use self::cell::{is_rounded, number};
pub(super) use self::columns::LABELS;
use self::columns::{Columns, Feature};
use super::file::File;
use super::labels::Labels;
use super::table::{Table, target as target_of, too_many_meant};
use super::{Source, Task, oddities};
use crate::error::{Error, Place, Result, printable};
use crate::number::exact;

/// The table in the bytes of a file; what is learnt is in the target, a column's name or else its number from 1, or in the last column.
///
/// # Errors
/// `Error::Usage` if it has no such target, `Error::Data` if its content can't be used.
pub fn parse(file: &File, source: &Source) -> Result<Table> {
    let (name, reading) = (file.name.as_str(), &source.reading);
    let wrong = |(place, found, expected): WrongRow| Error::Data { source: name.into(), place, found, expected };
    let refuse = |place, found, expected| Err(wrong((place, found, expected)));
    let text = content::text(name, &file.bytes, reading.separator)?;
    let separator = reading.separator.unwrap_or_else(|| content::separator(&text));
    let records = || Records::of(name, &text, separator);
    let Some(first) = records().next().transpose()? else {
        return refuse(Place::default(), "no data: the file is empty".into(), "a header and rows".into());
    };
    let below = records().skip(1).filter_map(|record| Some(record.ok()?.1));
    let first_line = first_line::of(first.0, &first.1, below, source);
    let rows = || records().skip(usize::from(!first_line.is_row));
    let (count, idle) = (first.1.len(), idle(&first.1, rows()));
    let first = (first.0, first.1.iter().take(count - idle).collect());
    let mut columns = Columns::of(name, &first, (source, first_line.is_row))?;
    columns.count = count;
    if idle > 0 {
        columns.warnings.push(format!("columns without a name and a value at the end are left out: {idle}"));
    }
    columns.warnings.extend(first_line.doubt.clone());
    if reading.one_hot {
        let (rows, features) = columns.find_text(rows())?;
        if let Some(most) = too_many_meant(file.size, rows, features).filter(|_| features > columns.features.len()) {
            let found = format!("{features} features in {rows} rows, one for each value of a column of text");
            return refuse(Place::default(), found, format!("at most {most} numbers in all"));
        }
    }
    let labels = columns.targets.iter().map(|(_, name)| Labels::called(name)).collect();
    let (task, drop_missing) = (source.task(), reading.drop_missing);
    let mut table = CsvRows { task, drop_missing, count: 0, x: Vec::new(), labels, dropped: Vec::new(), rounded: None };
    for record in rows() {
        let (line, record) = record?;
        table.add(&columns, (line, &record)).map_err(wrong)?;
    }
    if table.count == 0 {
        let rows =
            if !table.dropped.is_empty() { "no row is without missing values" } else { "no rows below the header" };
        return refuse(Place::default(), rows.into(), "a header and rows".into());
    }
    if !table.dropped.is_empty() {
        columns.warnings.push(oddities::left_out(table.dropped.len()));
    }
    let features: Vec<String> = columns.features.iter().flat_map(Feature::names).collect();
    let x = Array2::from_shape_vec((table.count, features.len()), table.x).expect("a number for each feature");
    let of_features = if source.wanted.is_none() { oddities::of_features(&x, &features) } else { Vec::new() };
    let warnings = columns.warnings.into_iter().chain(table.rounded).chain(of_features).collect();
    let (labels, left_out, nameless) = (table.labels, table.dropped, first_line.is_row);
    Ok(Table { labels, warnings, nameless, left_out, ..Table::bare(name.into(), x, features) })
}

/// How many columns at the end have neither a name nor a value in any row, as where each line ends in a separator.
fn idle(first: &StringRecord, rows: impl Iterator<Item = Result<(u64, StringRecord)>>) -> usize {
    let empty = |row: &StringRecord| row.iter().rev().take_while(|cell| cell.is_empty()).count();
    let idle = empty(first);
    if idle == 0 { 0 } else { rows.flatten().map(|(_, row)| empty(&row)).fold(idle, usize::min) }
}

/// The names of the columns, if the file is a table; their numbers where they have none.
pub(super) fn names(file: &File, source: &Source) -> Option<Vec<String>> {
    let text = content::text(&file.name, &file.bytes, source.reading.separator).ok()?;
    let separator = source.reading.separator.unwrap_or_else(|| content::separator(&text));
    let mut records = Records::of(&file.name, &text, separator);
    let (line, first) = records.next()?.ok()?;
    let below = records.filter_map(|record| Some(record.ok()?.1));
    if first_line::of(line, &first, below, source).is_row {
        return Some((1..=first.len()).map(|number| number.to_string()).collect());
    }
    Some(first.iter().map(str::to_string).collect())
}

/// The rows read so far.
#[derive(Debug)]
struct CsvRows {
    /// What is learnt.
    task: Task,
    /// Whether rows with a missing value are left out.
    drop_missing: bool,
    /// How many.
    count: usize,
    /// The features, row by row.
    x: Vec<f64>,
    /// The labels of each row, column by column.
    labels: Vec<Labels>,
    /// Rows left out because a value is missing, counted from 0.
    dropped: Vec<usize>,
    /// The warning about the first number that has more digits than a float.
    rounded: Option<String>,
}

/// The warning about a whole number that was read as another one.
fn rounded(line: u64, column: &str, (cell, value): (&str, f64)) -> String {
    let place = Place::cell(line, column);
    format!("{place}: {} has more digits than a float of 64 bits, and is read as {}", printable(cell), exact(value))
}

/// Where something was found, what, and what was expected.
type WrongRow = (Place, String, String);

impl CsvRows {
    fn add(&mut self, columns: &Columns, (line, row): (u64, &StringRecord)) -> std::result::Result<(), WrongRow> {
        if row.len() != columns.count {
            let expected = format!("{} fields, as in the header", columns.count);
            return Err((Place::line(line), format!("{} fields", row.len()), expected));
        }
        let used =
            || columns.targets.iter().map(|(index, _)| *index).chain(columns.features.iter().map(|one| one.index));
        if self.drop_missing && used().any(|index| is_missing(row.get(index).unwrap_or_default())) {
            self.dropped.push(self.count + self.dropped.len());
            return Ok(());
        }
        for ((target, name), labels) in columns.targets.iter().zip(&mut self.labels) {
            let label = row.get(*target).unwrap_or_default();
            if label.is_empty() {
                let place = Place::cell(line, name.as_str());
                return Err((place, "an empty label".into(), "the name of a class".into()));
            }
            if let (Task::Regression | Task::Labels, Err(expected)) = (self.task, target_of(label, self.task)) {
                return Err((Place::cell(line, name.as_str()), format!("\"{label}\""), expected.into()));
            }
            labels.add(label);
            let value = if self.task == Task::Regression { number(label).unwrap_or_default() } else { 0.0 };
            if self.task == Task::Regression && self.rounded.is_none() && is_rounded(label, value) {
                self.rounded = Some(rounded(line, name, (label, value)));
            }
        }
        self.count += 1;
        for feature in &columns.features {
            let cell = row.get(feature.index).unwrap_or_default();
            let wrong =
                |(found, expected): (String, &str)| (Place::cell(line, feature.name.as_str()), found, expected.into());
            match &feature.values {
                None => {
                    let value = number(cell).map_err(wrong)?;
                    if self.rounded.is_none() && is_rounded(cell, value) {
                        self.rounded = Some(rounded(line, &feature.name, (cell, value)));
                    }
                    self.x.push(value);
                }
                Some(_) if is_missing(cell) => return Err(wrong((format!("\"{cell}\""), "a value"))),
                Some(values) => self.x.extend(values.iter().map(|value| f64::from(u8::from(value == cell)))),
            }
        }
        Ok(())
    }
}

/// The records of a file with the lines that they begin at; blank lines are left out.
struct Records<'a> {
    name: &'a str,
    text: &'a str,
    reader: csv::StringRecordsIntoIter<&'a [u8]>,
    /// Where the last record began: its line, and its first byte.
    line: u64,
    at: usize,
}

impl<'a> Records<'a> {
    fn of(name: &'a str, text: &'a str, separator: char) -> Self {
        let mut options = ReaderBuilder::new();
        // A separator that is no single byte would have been refused.
        let separator = u8::try_from(separator).unwrap_or(b',');
        let options = options.has_headers(false).flexible(true).trim(Trim::All).delimiter(separator);
        let reader = options.from_reader(text.as_bytes());
        Self { name, text, reader: reader.into_records(), line: 1, at: 0 }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<(u64, StringRecord)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = match self.reader.next()? {
                Ok(record) => record,
                Err(error) => {
                    let (source, found) = (self.name.into(), error.to_string());
                    let expected = "separated fields".into();
                    return Some(Err(Error::Data { source, place: Place::default(), found, expected }));
                }
            };
            let start = record.position().map_or(0, |position| position.byte() as usize);
            // A record is said to begin where the blank lines before it do.
            let blank = self.text[start..].len() - self.text[start..].trim_start_matches('\n').len();
            self.line += self.text[self.at..start + blank].matches('\n').count() as u64;
            self.at = start + blank;
            if record.len() > 1 || record.iter().any(|field| !field.is_empty()) {
                return Some(Ok((self.line, record)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;
    use crate::data::{Dataset, Header, Reading};

    fn parse(name: &str, bytes: &[u8], target: Option<&str>, reading: &Reading) -> Result<Dataset> {
        let source = Source { target: target.map(str::to_string), reading: *reading, ..Source::named(name) };
        super::parse(&File::of(name, "csv", bytes), &source)?.dataset(Task::Classes)
    }

    fn error(text: &str) -> String {
        parse("t.csv", text.as_bytes(), None, &Reading::default()).expect_err(text).to_string()
    }

    #[test]
    fn a_bad_cell_is_named_by_line_and_column_whatever_the_line_ends() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["x1,x2,k", "1,2,a", "", "  ", "3,oops,b", ""].join(end);
            assert_eq!(error(&text), "t.csv: line 5, column x2: found \"oops\", expected a number");
        }
        assert_eq!(error("x,k\n\"1\n\",a\n,b\n"), "t.csv: line 4, column x: found an empty cell, expected a number");
    }

    #[test]
    fn only_finite_numbers_are_numbers() {
        for cell in ["NaN", "inf", "1e400", "-infinity"] {
            assert!(error(&format!("x,k\n{cell},a\n1,b\n")).ends_with("expected a finite number"), "{cell}");
        }
        for cell in ["0x1F", "1,5", "\"4,900\"", "٣", "1_000", "1 000", "--1"] {
            assert!(
                parse("t.csv", format!("x,k\n{cell},a\n1,b\n").as_bytes(), None, &Reading::default()).is_err(),
                "{cell}"
            );
        }
    }

    fn read_as(text: &str, reading: &Reading) -> Dataset {
        parse("t.csv", text.as_bytes(), None, reading).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn any_usual_separator_gives_the_same_rows() {
        let comma = "x1,x2,k\n1,2.5,a\n3,-4,\"b,c\"\n";
        let same = read_as(comma, &Reading::default());
        assert_eq!((same.x.dim(), same.targets.classes().join(" ").as_str()), ((2, 2), "a b,c"));
        for separator in [';', '\t', '|'] {
            let text = "x1,x2,k\n1,2.5,a\n3,-4,b".replace(',', &separator.to_string()) + ",c\n";
            assert_eq!(read_as(&text, &Reading::default()), same, "{separator:?}");
        }
        let blanks = Reading { separator: Some(' '), ..Reading::default() };
        assert_eq!(read_as("x1 x2 k\n1 2.5 a\n3 -4 b,c\n", &blanks), same);
        assert_eq!(
            error("x1;x2;k\n1,5;2;a\n"),
            "t.csv: line 2, column x1: found \"1,5\", expected a number without commas, its decimals behind a point"
        );
        let wrong = Reading { separator: Some(','), ..Reading::default() };
        let refused = parse("t.csv", b"x1;x2;k\n1;2;a\n", None, &wrong).expect_err("one column").to_string();
        assert!(refused.contains("separated by semicolons"), "{refused}");
    }

    #[test]
    fn without_a_header_columns_are_called_by_their_numbers() {
        let reading = Reading { header: Header::Absent, ..Reading::default() };
        let dataset = read_as("1,2,a\n3,4,b\n", &reading);
        assert_eq!((dataset.x.nrows(), dataset.features.join(" ").as_str()), (2, "1 2"));
        let first = parse("t.csv", b"a,1,2\nb,3,4\n", Some("1"), &reading).expect("a good file");
        assert_eq!((first.targets.classes().join(" "), first.features.join(" ")), ("a b".into(), "2 3".into()));
    }

    #[test]
    fn rows_with_missing_values_are_left_out_when_asked_and_that_is_said() {
        let text = "x1,x2,k\n1,2,a\n,3,a\nNA,4,b\n5,?,b\n6,7,\n8,9,b\n";
        let dataset = read_as(text, &Reading { drop_missing: true, ..Reading::default() });
        assert_eq!(dataset.x, ndarray::array![[1.0, 2.0], [8.0, 9.0]]);
        assert_eq!(dataset.warnings, ["4 rows with a missing value are left out"]);
        assert_eq!(error(text), "t.csv: line 3, column x1: found an empty cell, expected a number");
        let none = parse("t.csv", b"x,k\nNA,a\n", None, &Reading { drop_missing: true, ..Reading::default() });
        assert!(none.expect_err("nothing is left").to_string().contains("no row is without missing values"));
    }

    #[test]
    fn a_column_of_text_becomes_a_feature_for_each_value_when_asked() {
        let text = "island,x,k\nTorgersen,1,a\nBiscoe,2,b\nTorgersen,3,a\n";
        let dataset = read_as(text, &Reading { one_hot: true, ..Reading::default() });
        assert_eq!(dataset.features, ["island=Biscoe", "island=Torgersen", "x"]);
        assert_eq!(dataset.x, ndarray::array![[0.0, 1.0, 1.0], [1.0, 0.0, 2.0], [0.0, 1.0, 3.0]]);
        assert_eq!(error(text), "t.csv: line 2, column island: found \"Torgersen\", expected a number");
        let missing = parse("t.csv", b"s,k\nu,a\n,b\n", None, &Reading { one_hot: true, ..Reading::default() });
        assert!(missing.expect_err("a hole").to_string().contains("line 3, column s"), "a hole is no value");
        let many: String = (0..1002).map(|row| format!("w{row},a\n")).collect();
        let many =
            parse("t.csv", format!("s,k\n{many}").as_bytes(), None, &Reading { one_hot: true, ..Reading::default() });
        assert!(many.expect_err("too many").to_string().contains("more than 1000 values"));
    }

    #[test]
    fn classes_are_ordered_by_name_and_numbers_as_numbers() {
        let read = |labels: &[&str]| {
            let rows: String = labels.iter().map(|label| format!("1,{label}\n")).collect();
            let dataset =
                parse("t.csv", format!("x,k\n{rows}").as_bytes(), None, &Reading::default()).expect("a good file");
            (dataset.targets.class().to_vec(), dataset.targets.classes().join(" "))
        };
        assert_eq!(read(&["10", "1", "2", "1"]), (vec![2, 0, 1, 0], "1 2 10".into()));
        assert_eq!(read(&["b", "10", "a"]), (vec![2, 0, 1], "10 a b".into()));
    }

    #[test]
    fn more_classes_than_a_network_can_have_outputs_are_refused() {
        let rows: String = (0..1001).map(|row| format!("{row},{row}\n")).collect();
        assert!(error(&format!("x,k\n{rows}")).contains("found 1001 classes, expected 2 to 1000"));
    }

    #[test]
    fn the_target_is_the_last_column_or_one_by_name_or_number() {
        let text = b"k,x,y\na,1,2\nb,3,4\na,5,4\n";
        for target in ["k", "1"] {
            let dataset = parse("t.csv", text, Some(target), &Reading::default()).expect("it has that column");
            assert_eq!((dataset.targets.classes().len(), dataset.features), (2, vec!["x".to_string(), "y".into()]));
        }
        let error = parse("t.csv", text, Some("z"), &Reading::default()).expect_err("no such column");
        assert!(error.to_string().contains("k, x, y"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_a_data_set_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse("any", &bytes, None, &Reading::default());
        }

        #[test]
        fn any_text_like_a_table_does_too(text in "[ax1.,;\"\n\r\t -]{0,120}") {
            if let Ok(dataset) = parse("any", text.as_bytes(), None, &Reading::default()) {
                prop_assert!(dataset.x.iter().all(|x| x.is_finite()));
                prop_assert!(dataset.targets.class().iter().all(|&class| class < dataset.targets.classes().len()));
            }
        }
    }
}
