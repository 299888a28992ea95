//! The columns of a table: which one holds the classes, and what the others are called.

use csv::StringRecord;

use crate::error::{Error, Place, Result, printable};

/// The columns of a file.
#[derive(Debug)]
pub struct Columns {
    /// How many there are.
    pub count: usize,
    /// Index of the column of the classes.
    pub target: usize,
    /// Its name.
    pub target_name: String,
    /// Index and name of each other column.
    pub features: Vec<(usize, String)>,
    /// What is odd about the names.
    pub warnings: Vec<String>,
}

impl Columns {
    /// The columns of a header that stands on a line.
    ///
    /// # Errors
    /// `Error::Data` if there are fewer than two, `Error::Usage` if the target is none of them, or two of them.
    pub fn of(name: &str, (line, header): &(u64, StringRecord), target: Option<&str>) -> Result<Self> {
        if header.len() < 2 {
            let (found, expected) = one_column(header.get(0).unwrap_or_default());
            let place = Place::line(*line);
            return Err(Error::Data { source: name.into(), place, found, expected });
        }
        let mut warnings = Vec::new();
        let mut names = Vec::with_capacity(header.len());
        for (index, column) in header.iter().enumerate() {
            if column.is_empty() {
                warnings.push(format!("column {} has no name in the header", index + 1));
            } else if column.chars().any(char::is_control) {
                warnings.push(format!("the name of column {} holds control characters", index + 1));
            } else if names.iter().any(|name| name == column) {
                warnings.push(format!("two columns are called {}", printable(column)));
            }
            names.push(if column.is_empty() { (index + 1).to_string() } else { column.to_string() });
        }
        let target = match target {
            None => names.len() - 1,
            Some(wanted) => chosen(name, &names, wanted)?,
        };
        let target_name = names[target].clone();
        let features = names.into_iter().enumerate().filter(|&(index, _)| index != target).collect();
        Ok(Self { count: header.len(), target, target_name, features, warnings })
    }
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
    let separated = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    match separated.iter().find(|(separator, _)| header.contains(*separator)) {
        Some((_, name)) => (format!("fields separated by {name}"), "commas as the separator".into()),
        None => ("one column in the header".into(), "at least two, separated by commas".into()),
    }
}
