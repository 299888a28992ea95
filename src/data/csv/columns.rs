//! The columns of a table: which one holds the classes, and what the others are called.

use std::collections::{BTreeSet, HashSet};

use csv::StringRecord;

use super::cell::{is_like_a_number, is_missing, number};
use crate::data::{Source, oddities};
use crate::error::{Error, Place, Result, printable};

/// The columns of a file.
#[derive(Debug)]
pub struct Columns {
    /// What is read, for errors.
    source: String,
    /// How many there are.
    pub count: usize,
    /// The columns of the targets, one for classes: the index and the name of each.
    pub targets: Vec<(usize, String)>,
    /// Each other column, or those that are wanted.
    pub features: Vec<Feature>,
    /// What is odd about the names.
    pub warnings: Vec<String>,
}

/// A column that is not the target's.
#[derive(Debug)]
pub struct Feature {
    /// Its index.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// The values of a column of text, in their order: one feature each.
    pub values: Option<Vec<String>>,
}

impl Feature {
    /// The names of the features that it makes.
    pub fn names(&self) -> Vec<String> {
        let of_value = |value: &String| format!("{}={value}", self.name);
        self.values.as_ref().map_or_else(|| vec![self.name.clone()], |values| values.iter().map(of_value).collect())
    }
}

/// Values of a column of text at most.
const MOST_VALUES: usize = 1_000;

/// Names that the column of the label often has.
pub const LABELS: [&str; 11] =
    ["label", "labels", "target", "class", "species", "category", "outcome", "diagnosis", "survived", "y", "kind"];
/// So many of them are seldom the name of a feature.
const CERTAIN: usize = 9;

impl Columns {
    /// The columns of a header that stands on a line.
    ///
    /// # Errors
    /// `Error::Data` if there are fewer than two, `Error::Usage` if the target is none of them, or two of them.
    pub fn of(name: &str, (line, first): &(u64, StringRecord), (source, is_row): (&Source, bool)) -> Result<Self> {
        if first.len() < 2 && source.wanted.is_none() {
            let (found, expected) = one_column(first.get(0).unwrap_or_default());
            let place = Place::line(*line);
            return Err(Error::Data { source: name.into(), place, found, expected });
        }
        let (names, mut warnings) = if is_row {
            ((1..=first.len()).map(|number| number.to_string()).collect(), Vec::new())
        } else {
            named(first)
        };
        let targets = match &source.wanted {
            Some(_) if source.target.is_none() => Vec::new(),
            _ => targets(name, &names, source)?,
        };
        if source.target.is_none() && source.wanted.is_none() && !is_row {
            warnings.extend(passed_over(&names));
        }
        let targets: Vec<(usize, String)> = targets.into_iter().map(|index| (index, names[index].clone())).collect();
        let is_target = |index: usize| targets.iter().any(|&(target, _)| target == index);
        let is_wanted = wanted(&names, source.wanted.as_deref());
        let others = names.iter().enumerate().filter(|&(index, name)| !is_target(index) && is_wanted(name));
        let features: Vec<Feature> =
            others.map(|(index, name)| Feature { index, name: name.clone(), values: None }).collect();
        // Where features are asked for by name, only the column of the sequence is read among the targets, which stands first.
        let looked_for = match (&source.wanted, &source.steps) {
            (None, _) => targets.len(),
            (Some(_), steps) => usize::from(steps.is_some()).min(targets.len()),
        };
        let targets = targets[..looked_for].to_vec();
        Ok(Self { source: name.into(), count: first.len(), targets, features, warnings })
    }

    /// Finds the columns of text and their values, those that are no number in some row; missing values aside. Tells how many
    /// rows there are, and how many features.
    ///
    /// # Errors
    /// If a column has too many values, or a row can't be read.
    pub fn find_text(&mut self, rows: impl Iterator<Item = Result<(u64, StringRecord)>>) -> Result<(usize, usize)> {
        let mut count = 0;
        let mut values = vec![BTreeSet::new(); self.features.len()];
        let mut is_text = vec![false; self.features.len()];
        for row in rows {
            let (line, row) = row?;
            count += 1;
            for ((feature, values), is_text) in self.features.iter().zip(&mut values).zip(&mut is_text) {
                let cell = row.get(feature.index).unwrap_or_default();
                if is_missing(cell) {
                    continue;
                }
                *is_text |= number(cell).is_err();
                // A column of numbers may have as many values as it has rows.
                if values.len() <= MOST_VALUES && !values.contains(cell) {
                    values.insert(cell.to_string());
                }
                if *is_text && values.len() > MOST_VALUES {
                    let place = Place::cell(line, feature.name.as_str());
                    let found = format!("more than {MOST_VALUES} values of a column of text");
                    let expected = "fewer".into();
                    return Err(Error::Data { source: self.source.clone(), place, found, expected });
                }
            }
        }
        let is_odd = |values: &BTreeSet<String>| {
            let numbers = values.iter().filter(|value| is_like_a_number(value)).count();
            numbers * 2 > values.len() || (count >= oddities::FEW && values.len() * 2 > count)
        };
        let all = self.features.iter().zip(&values).zip(&is_text);
        let odd = all.filter(|((_, values), is_text)| **is_text && is_odd(values)).map(|((one, _), _)| &one.name);
        let odd: Vec<&String> = odd.collect();
        if !odd.is_empty() {
            self.warnings.push(format!(
                "text that differs from row to row, or looks like numbers, makes a feature of each value: {}",
                oddities::first_of(&odd)
            ));
        }
        for ((feature, values), is_text) in self.features.iter_mut().zip(values).zip(is_text) {
            feature.values = is_text.then(|| values.into_iter().collect());
        }
        let features = self.features.iter().map(|feature| feature.values.as_ref().map_or(1, Vec::len)).sum();
        Ok((count, features))
    }
}

/// The names in a header, the number of a column where it has none, and what is odd about them: a sentence for each kind.
fn named(header: &StringRecord) -> (Vec<String>, Vec<String>) {
    let (mut names, mut known) = (Vec::with_capacity(header.len()), HashSet::new());
    let (mut nameless, mut control, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    let written: HashSet<&str> = header.iter().collect();
    for (index, column) in header.iter().enumerate() {
        let number = (index + 1).to_string();
        if column.is_empty() {
            nameless.push(number.clone());
        } else if column.chars().any(char::is_control) {
            control.push(number.clone());
        }
        let name = match column {
            // A column without a name must not get that of another one.
            "" if written.contains(number.as_str()) => format!("column {number}"),
            "" => number,
            column => column.to_string(),
        };
        if !known.insert(name.clone()) && !twice.contains(&name) {
            twice.push(name.clone());
        }
        names.push(name);
    }
    let said = |columns: &[String], one: &str, more: &str| match columns {
        [] => None,
        [column] => Some(one.replace("{}", &printable(column))),
        columns => Some(more.replace("{}", &oddities::first_of(columns))),
    };
    let warnings = [
        said(&nameless, "column {} has no name in the header", "columns {} have no names in the header"),
        said(
            &control,
            "the name of column {} holds control characters",
            "the names of columns {} hold control characters",
        ),
        said(&twice, "several columns are called {}", "several columns have the same name: {}"),
    ];
    (names, warnings.into_iter().flatten().collect())
}

/// What is said where the last column is learnt, and another one is called as labels are.
fn passed_over(names: &[String]) -> Option<String> {
    let is_called = |name: &String, labels: &[&str]| labels.iter().any(|label| name.eq_ignore_ascii_case(label));
    let (last, others) = names.split_last().filter(|(last, _)| !is_called(last, &LABELS))?;
    let label = others.iter().find(|name| is_called(name, &LABELS[..CERTAIN]))?;
    let (label, last) = (printable(label), printable(last));
    Some(format!("the last column, {last}, is learnt, and {label} is a feature (--target {label} learns {label})"))
}

/// Which columns are features: those that make one that is wanted, or all where not all of these are there.
fn wanted<'a>(names: &[String], wanted: Option<&'a [String]>) -> impl Fn(&str) -> bool + use<'a> {
    // A column of text makes features `name=value`.
    let makers = |feature: &'a String| {
        feature.match_indices('=').map(|(at, _)| &feature[..at]).chain(std::iter::once(feature.as_str()))
    };
    let known: HashSet<&str> = names.iter().map(String::as_str).collect();
    let all = wanted.filter(|wanted| {
        !wanted.is_empty() && wanted.iter().all(|feature| makers(feature).any(|name| known.contains(name)))
    });
    let all: Option<HashSet<&str>> = all.map(|wanted| wanted.iter().flat_map(makers).collect());
    move |name| all.as_ref().is_none_or(|wanted| wanted.contains(name))
}

/// The columns that are learnt: the one that the target names, each of several after commas, or the last one.
fn targets(source: &str, names: &[String], asked: &Source) -> Result<Vec<usize>> {
    let Some(target) = &asked.target else { return Ok(vec![names.len() - 1]) };
    let several = target.contains(',') && !names.contains(target);
    let parts: Vec<&str> = if several { target.split(',').map(str::trim).collect() } else { vec![target] };
    let mut found = Vec::new();
    for part in parts {
        let index = chosen(source, names, part)?;
        if found.contains(&index) {
            return Err(Error::Usage(format!("--target {}: column {} twice", printable(target), printable(part))));
        }
        found.push(index);
    }
    if found.len() == names.len() {
        return Err(Error::Usage(format!("--target {}: no column is left to learn from", printable(target))));
    }
    Ok(found)
}

/// The column that a target names: by its name, or else by its number from 1.
fn chosen(source: &str, names: &[String], wanted: &str) -> Result<usize> {
    let refuse = |reason: String| Err(Error::Usage(format!("--target {}: {source} {reason}", printable(wanted))));
    let called: Vec<usize> = (0..names.len()).filter(|&index| names[index] == wanted).collect();
    match (called.as_slice(), wanted.parse::<usize>()) {
        (&[index], _) => Ok(index),
        (&[], Ok(number)) if (1..=names.len()).contains(&number) => Ok(number - 1),
        (&[], _) => {
            let names = names.iter().map(|name| printable(name)).collect::<Vec<_>>().join(", ");
            refuse(format!("has no such column; its columns are {}", printable(&names)))
        }
        _ => refuse(format!("has {} columns of that name; give its number", called.len())),
    }
}

/// Why a header may have one column only: what was found, and what was expected.
fn one_column(header: &str) -> (String, String) {
    let known = [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    match known.iter().find(|(separator, _)| header.contains(*separator)) {
        Some((_, name)) => (format!("fields separated by {name}"), "the separator that was asked for".into()),
        None => {
            ("one column in the header".into(), "at least two, separated by commas, semicolons, tabs or bars".into())
        }
    }
}
