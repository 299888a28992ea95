//! Files of text with a row a line: separated values and svmlight.

use deltascope::data::file::File;
use deltascope::data::{Header, Reading, Source, Task, csv, svmlight};
use deltascope::nn::Named;

use crate::check;

/// The least first byte that says how the rest is read; no text in UTF-8 has one.
const OPTIONS: u8 = 0xf8;
/// Separators to choose from; the first is found in the file.
const SEPARATORS: [Option<char>; 8] =
    [None, Some(','), Some(';'), Some('\t'), Some('|'), Some(' '), Some('a'), Some('.')];

/// How a file is read, by two bytes before it, and the file; without them as it is found.
fn options(data: &[u8]) -> (Source, &[u8]) {
    let mut source = Source::named("t.csv");
    let [first @ OPTIONS..=u8::MAX, second, rest @ ..] = data else { return (source, data) };
    source.reading = Reading {
        separator: SEPARATORS[usize::from(second & 7)],
        header: if first & 1 != 0 { Header::Absent } else { Header::Found },
        drop_missing: first & 2 != 0,
        one_hot: first & 4 != 0,
    };
    source.task = Some(Task::ALL[usize::from(second >> 3 & 3)]);
    source.target = [None, Some("1"), Some("2,1"), Some("k")][usize::from(second >> 5 & 3)].map(str::to_string);
    source.wanted = (second & 0x80 != 0).then(|| vec!["x".into(), "k=a".into()]);
    (source, rest)
}

/// Separated values, read in any of the ways that there are.
pub fn separated(data: &[u8]) {
    let (source, bytes) = options(data);
    let read = csv::parse(&File::of("t.csv", "csv", bytes), &source);
    if source.wanted.is_none() {
        return check::table(read, source.task());
    }
    match read.and_then(|table| table.check_features().map(|()| table)) {
        Ok(table) => assert_eq!(table.x.ncols(), table.features.len()),
        Err(wrong) => check::error(&wrong),
    }
}

/// Lines of a label and the features that are not 0, for any task.
pub fn svmlight(data: &[u8]) {
    let file = File::of("t.svm", "svm", data);
    for &task in Task::ALL {
        check::table(svmlight::read(&file, &Source::named("t.svm")), task);
    }
}
