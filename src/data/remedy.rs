//! What leads on from a refusal: flags that are tried on the very file, so that none is named that would fail, too.

use std::collections::HashSet;

use super::file::File;
use super::{Dataset, Header, Source, Targets, Task, csv, format};
use crate::error::{Error, Name, Place, Result, printable};
use crate::nn::Named;

/// Flags that may help, and what they do.
struct ReadingRemedy {
    /// Why a file may be refused.
    cause: &'static str,
    /// The source with the flags, and the flags; `None` where they are given already, or are about another column.
    change: fn(&Source, &Place) -> Option<(Source, String)>,
    /// What they do.
    does: &'static str,
    /// Whether what is read with them makes sense.
    fits: fn(&Dataset) -> bool,
}

/// The remedies, from cause to flags; the first that works is named.
const REMEDIES: [ReadingRemedy; 10] = [
    ReadingRemedy {
        cause: "values are missing",
        change: |source, _| reading(source, "--missing drop", |source| source.reading.drop_missing = true),
        does: "leaves out the rows with a missing value",
        fits: |_| true,
    },
    ReadingRemedy {
        cause: "the last column is not the label",
        change: |source, place| target(source, place, false),
        does: "learns that column in place of the last one",
        fits: |_| true,
    },
    ReadingRemedy {
        cause: "a column holds text",
        change: |source, _| reading(source, "--text one-hot", |source| source.reading.one_hot = true),
        does: "makes a feature of each text in a column",
        fits: is_text,
    },
    ReadingRemedy {
        cause: "a column holds text, and values are missing",
        change: |source, _| {
            reading(source, "--text one-hot --missing drop", |source| {
                (source.reading.one_hot, source.reading.drop_missing) = (true, true);
            })
        },
        does: "makes a feature of each text in a column, and leaves out the rows with a missing value",
        fits: is_text,
    },
    ReadingRemedy {
        cause: "the last column is not the label, and a column holds text",
        change: |source, place| target(source, place, true),
        does: "learns that column in place of the last one, and makes a feature of each text in a column",
        fits: is_text,
    },
    ReadingRemedy {
        cause: "the line of names is a row",
        change: |source, _| reading(source, "--no-header", |source| source.reading.header = Header::Absent),
        does: "reads the first line as a row",
        fits: |_| true,
    },
    ReadingRemedy {
        cause: "several labels hold at once",
        change: |source, _| learning(source, Task::Labels),
        does: "learns several columns of 0 and 1",
        fits: |dataset| dataset.targets.outputs().len() > 1,
    },
    ReadingRemedy {
        cause: "the target is a number, no class",
        change: |source, _| learning(source, Task::Regression),
        does: "learns numbers",
        fits: is_measured,
    },
    ReadingRemedy {
        cause: "the target is a number, no class, and values are missing",
        change: |source, _| {
            let (mut source, task) = learning(source, Task::Regression)?;
            let is_new = !std::mem::replace(&mut source.reading.drop_missing, true);
            is_new.then(|| (source, format!("{task} --missing drop")))
        },
        does: "learns numbers, and leaves out the rows with a missing value",
        fits: is_measured,
    },
    ReadingRemedy {
        cause: "the target is one of several classes",
        change: |source, _| learning(source, Task::Classes),
        does: "learns classes",
        fits: |_| true,
    },
];

/// Files of more bytes are not read again to find a remedy.
const LARGEST: u64 = 1 << 26;

/// The error with the flags that lead on from it, if there are any.
pub fn advised(error: Error, source: &Source) -> Error {
    let Error::Data { source: name, place, found, expected } = error else { return error };
    let small = std::fs::metadata(&source.name).is_ok_and(|metadata| metadata.len() <= LARGEST);
    let flags = if small { REMEDIES.iter().find_map(|remedy| remedy.flags(source, &place)) } else { None };
    let expected = flags.map_or(expected.clone(), |flags| format!("{expected} ({flags})"));
    Error::Data { source: name, place, found, expected }
}

impl ReadingRemedy {
    /// The flags and what they do, if they lead on.
    fn flags(&self, source: &Source, place: &Place) -> Option<String> {
        let (source, flags) = (self.change)(source, place)?;
        let dataset = read(&source).ok()?;
        (self.fits)(&dataset).then(|| format!("{}: {flags} {}", self.cause, self.does))
    }
}

fn read(source: &Source) -> Result<Dataset> {
    if source.wanted.is_none() {
        return format::read(source)?.dataset(source.task());
    }
    // Features alone have no targets.
    let mut table = format::read(source)?;
    table.check_features()?;
    table.labels = vec![super::Labels::numbers("", (0..table.x.nrows()).map(|row| (row % 2) as f64))];
    table.dataset(Task::Regression)
}

/// The source with some flags, if that is another one.
fn reading(source: &Source, flags: &str, change: fn(&mut Source)) -> Option<(Source, String)> {
    let mut other = source.clone();
    change(&mut other);
    (other != *source).then(|| (other, flags.into()))
}

/// The source with another task.
fn learning(source: &Source, task: Task) -> Option<(Source, String)> {
    let other = Source { task: Some(task), ..source.clone() };
    (source.task() != task && source.wanted.is_none()).then(|| (other, format!("--task {}", task.name())))
}

/// The source with a column as its target that is called as labels are, or with the first one where none has a name.
fn target(source: &Source, place: &Place, one_hot: bool) -> Option<(Source, String)> {
    if source.target.is_some() || source.wanted.is_some() || source.reading.one_hot && one_hot {
        return None;
    }
    let names = csv::names(&File::read(source.name.as_ref()).ok()?, source)?;
    let usual = |label: &str| names.iter().find(|name| name.eq_ignore_ascii_case(label));
    let nameless = names.first().filter(|name| *name == "1");
    let name = csv::LABELS.iter().find_map(|label| usual(label)).or(nameless)?;
    // Another target is no help where it is some feature that can't be read.
    let is_about = |column: &String| place.name == Some(Name::Column(column.clone()));
    if !one_hot && !is_about(name) && !is_about(names.last()?) {
        return None;
    }
    let mut other = Source { target: Some(name.clone()), ..source.clone() };
    other.reading.one_hot |= one_hot;
    let shown = printable(name);
    let quoted = if shown.contains(' ') { format!("'{shown}'") } else { shown };
    Some((other, format!("--target {quoted}{}", if one_hot { " --text one-hot" } else { "" })))
}

/// Whether the columns that became one feature for each text hold text: most of its values do not begin as numbers do.
fn is_text(dataset: &Dataset) -> bool {
    let mut columns: std::collections::BTreeMap<&str, (usize, usize)> = std::collections::BTreeMap::new();
    for (column, value) in dataset.features.iter().filter_map(|name| name.split_once('=')) {
        let (numbers, all) = columns.entry(column).or_default();
        *numbers += usize::from(csv::is_like_a_number(value));
        *all += 1;
    }
    columns.values().all(|(numbers, all)| 2 * numbers < *all)
}

/// Whether the targets are numbers as measurements are: fractions, or so many that classes are seldom so many.
fn is_measured(dataset: &Dataset) -> bool {
    const MANY: usize = 20;
    let Targets::Numbers { y, .. } = &dataset.targets else { return false };
    y.columns().into_iter().all(|column| {
        let several: HashSet<u64> = column.iter().map(|value| (value + 0.0).to_bits()).collect();
        several.len() > MANY || several.len() > 1 && column.iter().any(|value| value.fract() != 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::load;

    /// Files that are refused, each with the flags that help.
    const REFUSED: [(&str, Option<Task>, &str); 18] = [
        ("x,k\n1,a\nNA,b\n3,b\n", None, "--missing drop"),
        ("x,k\n1,a\n,b\n3,b\n", None, "--missing drop"),
        ("c,x,k\nred,1,a\nblue,2,b\n", None, "--text one-hot makes"),
        ("c,x,k\nred,1,a\nblue,?,b\nred,3,b\n", None, "--text one-hot --missing drop"),
        ("label,x,y0\na,1,0\nb,2,0\n", None, "--target label learns"),
        ("species,x,y0\na,1,0\nb,2,1\n", None, "--target species learns"),
        ("7,5,0\n3,4,0\n", None, "--target 1 learns"),
        ("label,c,x\na,red,0\nb,blue,0\n", None, "--target label --text one-hot"),
        ("0,1\n1,0\n", None, "--no-header"),
        ("x,y\n1,0.5\n2,a\n", Some(Task::Regression), "--task classes"),
        ("x,k\n1,1\n2,2\n3,3\n", Some(Task::Binary), "one of several classes: --task classes"),
        ("x,y\n1,0.5\n2,0.25\n", Some(Task::Labels), "--task regression"),
        ("x,y\n1,0.5\nNA,1\n2,0.25\n", Some(Task::Labels), "--task regression --missing drop"),
        // Nothing helps: text among numbers, a comma for the point, nothing left of the rows, one class in any case.
        ("x,k\n1,a\n2,b\noops,a\n4,b\n", None, ""),
        ("x;k\n1,5;a\n2,5;b\n", None, ""),
        ("x,k\n?,a\n?,b\n", None, ""),
        ("x,k\n1,a\n2,a\n", None, ""),
        // One label that always holds, and three classes, are no reason to learn something else.
        ("x,k\n1,1\n2,1\n", None, ""),
    ];

    #[test]
    fn a_refusal_names_the_flags_that_lead_on_and_none_that_would_fail() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut named = vec![false; REMEDIES.len()];
        for (number, (text, task, flags)) in REFUSED.into_iter().enumerate() {
            let path = folder.path().join(format!("{number}.csv"));
            std::fs::write(&path, text).expect("a file can be written");
            let source = Source { task, ..Source::named(&path) };
            let refused = load(&source).expect_err(text).to_string();
            assert!(refused.contains(flags) && (!flags.is_empty() || !refused.contains("--")), "{text}{refused}");
            if let Some(index) = REMEDIES.iter().position(|remedy| refused.contains(&format!("({}: --", remedy.cause)))
            {
                named[index] = true;
            }
        }
        // Several columns of labels stand in arrays alone.
        named[6] = true;
        assert!(named.iter().all(|&named| named), "{named:?}");
    }
}
