//! Whether the first line of a table holds the names of its columns, or is a row already.

use std::collections::HashSet;

use csv::StringRecord;

use super::cell::{is_missing, number};
use crate::data::{Header, Source};
use crate::error::printable;

/// What the first line of a table is.
#[derive(Debug, PartialEq, Eq)]
pub struct FirstLine {
    /// Whether it is a row already, so that columns are called by their numbers.
    pub is_row: bool,
    /// The reason for doubt, as a warning with the flag that decides.
    pub doubt: Option<String>,
}

/// What the texts of the first line say, compared with the rows below them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Texts {
    /// One is above a number, so it is a name.
    Name,
    /// So many of them occur again in their own column, as labels do.
    Recur(usize),
}

/// Decides what the first line is, from itself and the rows that follow. A line of numbers is a row unless it counts 0 … n−1 or
/// 1 … n, as a table without names is often written; numbers beside text are decided by the text.
pub fn of(line: u64, first: &StringRecord, rest: impl Iterator<Item = StringRecord>, source: &Source) -> FirstLine {
    let certain = |is_row| FirstLine { is_row, doubt: None };
    let header = source.reading.header;
    if let Header::Present | Header::Absent = header {
        return certain(header == Header::Absent);
    }
    let cells = || first.iter().enumerate();
    let numbers: Vec<&str> = first.iter().filter(|cell| number(cell).is_ok()).collect();
    // A date or a dash is neither the one nor the other.
    let is_text = |cell: &str| !is_missing(cell) && number(cell).is_err() && cell.chars().any(char::is_alphabetic);
    let texts: Vec<usize> = cells().filter(|(_, cell)| is_text(cell)).map(|(index, _)| index).collect();
    if is_asked_for(first, source) || (numbers.is_empty() && texts.is_empty()) {
        return certain(false);
    }
    let counts = header != Header::RowsBefore && counts(&numbers);
    let (is_row, is_certain, why) = match (evidence(first, &texts, rest), numbers.len(), texts.len()) {
        (Texts::Recur(count), 0, all) => (count == all && all > 1, count < all || all < 2, "occurs again below"),
        (_, _, 0) if counts => (false, false, "counts its columns"),
        (_, _, 0) => (true, false, "holds numbers only"),
        (Texts::Name, numbers, _) => (false, numbers == 0 || counts, "has numbers among its names"),
        (Texts::Recur(1..), ..) => (true, false, "holds numbers, and text that occurs again below"),
        // Two numbers count by chance.
        _ if counts && numbers.len() > 1 => (false, numbers.len() > 2, "counts its columns"),
        _ => (!ascend(&numbers), false, "has numbers among its fields"),
    };
    let doubt = format!("line {line} ({}) {why}: it is read as {}", shown(first), meaning(is_row));
    FirstLine { is_row, doubt: (!is_certain).then_some(doubt) }
}

/// What the line is taken for, and the flag for the opposite.
fn meaning(is_row: bool) -> &'static str {
    if is_row {
        "a row, and columns are called by their numbers (--header if it holds their names)"
    } else {
        "the header (--no-header if it is a row)"
    }
}

/// The beginning of a line.
fn shown(first: &StringRecord) -> String {
    const TOLD: usize = 4;
    let cells: Vec<String> = first.iter().take(TOLD).map(|cell| cell.chars().take(20).collect()).collect();
    printable(&cells.join(", ")) + if first.len() > TOLD { ", …" } else { "" }
}

/// Whether the target or the features that are wanted are asked for by names that the line has.
fn is_asked_for(first: &StringRecord, source: &Source) -> bool {
    let cells: HashSet<&str> = first.iter().collect();
    let has = |name: &str| cells.contains(name);
    let is_place = |name: &str| name.parse::<usize>().is_ok_and(|number| (1..=first.len()).contains(&number));
    let target = source.target.iter().flat_map(|target| std::iter::once(target.as_str()).chain(target.split(',')));
    let wanted = source.wanted.as_deref().unwrap_or_default();
    let all_wanted = wanted.iter().all(|name| has(name)) && wanted.iter().any(|name| !is_place(name));
    all_wanted || target.map(str::trim).any(|name| has(name) && !is_place(name))
}

/// Whether numbers are 0 … n−1 or 1 … n, as programs number columns that have no names.
fn counts(numbers: &[&str]) -> bool {
    let from = |first: usize| numbers.iter().enumerate().all(|(index, cell)| cell.parse() == Ok(first + index));
    !numbers.is_empty() && (from(0) || from(1))
}

/// Whether numbers ascend, as years and wavelengths in a header do.
fn ascend(numbers: &[&str]) -> bool {
    let values: Vec<f64> = numbers.iter().filter_map(|cell| number(cell).ok()).collect();
    values.is_sorted_by(|one, next| one < next)
}

/// Compares the texts of the first line with the rows below them; a line that repeats the first one says nothing.
fn evidence(first: &StringRecord, texts: &[usize], rest: impl Iterator<Item = StringRecord>) -> Texts {
    let mut seen = vec![false; texts.len()];
    let mut recurs = vec![false; texts.len()];
    for row in rest.filter(|row| row != first) {
        for ((&index, seen), recurs) in texts.iter().zip(&mut seen).zip(&mut recurs) {
            let cell = row.get(index).unwrap_or_default();
            if is_missing(cell) {
                continue;
            }
            if !*seen && number(cell).is_ok() {
                return Texts::Name;
            }
            *seen = true;
            *recurs |= first.get(index) == Some(cell);
        }
        if seen.iter().all(|&seen| seen) && recurs.iter().all(|&recurs| recurs) {
            break;
        }
    }
    Texts::Recur(recurs.iter().filter(|&&recurs| recurs).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Reading;

    fn read(text: &str, source: &Source) -> FirstLine {
        let records = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut records = records.into_records().map(|record| record.expect("text"));
        let first = records.next().expect("a line");
        of(1, &first, records, source)
    }

    #[test]
    fn a_first_line_is_a_row_or_a_header_and_what_is_doubtful_is_said() {
        for (text, is_row, doubt) in [
            // Names, and all that is below them.
            ("a,b,k\n1,2,x\n", false, false),
            ("a,b,k\n1,,x\n", false, false),
            ("name,k\nAnn,x\nBob,y\n", false, false),
            (",a,k\n0,1,x\n", false, false),
            // Numbers only.
            ("5.1,3.5,0\n4.9,3.0,1\n", true, true),
            ("-1,2,0\n3,4,1\n", true, true),
            ("0,0,0\n0,1,1\n", true, true),
            ("5.1,,0\n4.9,3.0,1\n", true, true),
            ("5.1,?,0\n4.9,3.0,1\n", true, true),
            ("5.1\n4.9\n", true, true),
            ("1990,1991,1992\n1,2,3\n", true, true),
            ("2024-01-01,5.5\n2024-01-02,5.6\n", true, true),
            // Numbers that count.
            ("0,1,2\n5.1,3.5,0\n", false, true),
            ("1,2,3\n5.1,3.5,0\n", false, true),
            (",0,1,2\n0,5.1,3.5,0\n", false, true),
            ("label,0,1,2\n7,5.1,3.5,0\n", false, false),
            ("0,1,2,kind\n5.1,3.5,1,a\n4.9,3.0,2,b\n", false, false),
            ("0,1,kind\n5.1,3.5,a\n4.9,3.0,b\n", false, true),
            // Numbers beside text.
            ("5.1,3.5,setosa\n4.9,3.0,setosa\n", true, true),
            ("M,17.9\nB,10.3\nM,11.0\n", true, true),
            ("1,2,a\n3,4,b\n5,6,a\n", true, true),
            ("country,1990,1991,gdp\nFrance,1,2,3\n", false, true),
            ("country,1990,1991,class\nFrance,1,2,rich\nChad,1,2,poor\n", false, true),
            ("aardvark,1,0,1,mammal\nant,0,1,1,insect\n", true, true),
            // Text only.
            ("p,x,s\ne,x,s\np,y,t\n", true, true),
            ("p,x,s\ne,x,s\ne,y,t\n", false, false),
            ("a,b,k\na,b,k\n1,2,x\n", false, false),
        ] {
            let line = read(text, &Source::named("t.csv"));
            assert_eq!((line.is_row, line.doubt.is_some()), (is_row, doubt), "{text}{line:?}");
        }
    }

    #[test]
    fn what_is_asked_for_decides() {
        let years = "1990,1991,1992\n1,2,3\n";
        let asked = |change: &dyn Fn(&mut Source)| {
            let mut source = Source::named("t.csv");
            change(&mut source);
            read(years, &source)
        };
        let header = FirstLine { is_row: false, doubt: None };
        assert_eq!(asked(&|source| source.target = Some("1991".into())), header);
        assert_eq!(asked(&|source| source.wanted = Some(vec!["1990".into(), "1992".into()])), header);
        assert_eq!(asked(&|source| source.reading.header = Header::Present), header);
        assert!(asked(&|source| source.target = Some("3".into())).is_row);
        let reading = |header| Source { reading: Reading { header, ..Reading::default() }, ..Source::named("t.csv") };
        assert_eq!(read("a,b\n1,2\n", &reading(Header::Absent)), FirstLine { is_row: true, doubt: None });
        assert!(read("1,2\n3,4\n", &reading(Header::RowsBefore)).is_row, "no header before it had names");
    }
}
