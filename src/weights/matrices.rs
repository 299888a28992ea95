//! Which of the parts of a file are the weights of one net, and whether they fit each other; all others are refused by name.

use std::collections::{BTreeMap, HashSet};

use ndarray::Array2;

use super::entry::FileEntry;
use super::found::{FoundMatrices, finite, listed, nothing_beside, numbers, shape};
use super::kind::{Kind, NAMES};
use super::linear;
use super::recurrent::{self, pytorch};
use crate::data::file::File;
use crate::data::is_of_data;
use crate::error::{Place, Result};

/// The matrices of one net: Theta1, Theta2, …, or Theta_x, Theta_h and Theta_o, or the layers of PyTorch, of which one may be
/// recurrent. Only where the file keeps its parts in the order in which they were written can that order decide the order of the layers.
pub(super) fn theta(file: &File, entries: Vec<FileEntry>, is_ordered: bool) -> Result<FoundMatrices> {
    let mut seen = HashSet::new();
    if let Some(twice) = entries.iter().find(|entry| !seen.insert(entry.name.as_str())) {
        return Err(file.error(Place::part(&twice.name), "the name twice", "each name once"));
    }
    let (data, entries): (Vec<FileEntry>, Vec<FileEntry>) =
        entries.into_iter().partition(|entry| is_of_data(&entry.name));
    let mut warnings = Vec::new();
    if !data.is_empty() {
        let names = listed(data.iter().map(|entry| entry.name.as_str()));
        warnings.push(format!("{}: {names}: data beside the weights are not used", file.name));
    }
    let mut numbered = BTreeMap::new();
    let mut others = Vec::new();
    for entry in entries {
        match number(&entry.name) {
            Some(number) => _ = numbered.insert(number, entry),
            None => others.push(entry),
        }
    }
    let save_alone = "save the matrices of the net alone";
    if !numbered.is_empty() {
        let others: Vec<&FileEntry> = others.iter().collect();
        nothing_beside(file, &others, ("Theta1, Theta2, …", save_alone))?;
        return chained(file, numbered).map(|theta| FoundMatrices { kind: Kind::Dense, theta, warnings });
    }
    let is_own = |entry: &FileEntry| NAMES.contains(&entry.name.as_str());
    if others.iter().any(is_own) {
        let beside: Vec<&FileEntry> = others.iter().filter(|entry| !is_own(entry)).collect();
        nothing_beside(file, &beside, ("Theta_x, Theta_h and Theta_o", save_alone))?;
        return recurrent::own(file, &others).map(|theta| FoundMatrices { kind: Kind::Recurrent, theta, warnings });
    }
    let found = match others.iter().any(pytorch::is_one) {
        true => pytorch::matrices(file, &others)?,
        false => linear::matrices(file, &others, is_ordered)?,
    };
    warnings.extend(found.warnings);
    Ok(FoundMatrices { warnings, ..found })
}

/// The number of a matrix by its name, counted from 1 and written in one way.
fn number(name: &str) -> Option<usize> {
    let digits = name.strip_prefix("Theta")?;
    digits.parse().ok().filter(|number: &usize| *number > 0 && number.to_string() == digits)
}

/// The matrices by their numbers, none missing, each with as many columns as the one before has rows, and the bias.
fn chained(file: &File, numbered: BTreeMap<usize, FileEntry>) -> Result<Vec<Array2<f64>>> {
    let most = numbered.keys().next_back().copied().unwrap_or_default();
    let mut found: Vec<Array2<f64>> = Vec::new();
    for (l, (number, entry)) in (1..).zip(&numbered) {
        if *number != l {
            let place = Place::part(format!("Theta{l}"));
            return Err(file.error(place, "a missing matrix", format!("Theta1 to Theta{most}")));
        }
        let matrix = numbers(file, entry)?;
        let (rows, columns) = matrix.dim();
        let place = || Place::part(&entry.name);
        if rows == 0 || columns < 2 {
            return Err(file.error(
                place(),
                shape(matrix),
                "a row for each unit, and a column for the bias and each input",
            ));
        }
        if let Some(before) = found.last().filter(|before| before.nrows() + 1 != columns) {
            let units = before.nrows();
            let hint = if units + 1 == rows { "; it is transposed" } else { "" };
            let expected = format!("{} columns: the bias and the {units} units of Theta{}{hint}", units + 1, l - 1);
            return Err(file.error(place(), shape(matrix), expected));
        }
        finite(file, (&entry.name, 0), matrix)?;
        found.push(matrix.clone());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryContent;
    use super::*;

    fn entry(name: &str, shape: (usize, usize)) -> FileEntry {
        FileEntry { name: name.into(), dimensions: 2, content: EntryContent::Numbers(Array2::ones(shape)) }
    }

    /// The error about a file with these matrices.
    fn told(entries: Vec<FileEntry>) -> String {
        let file = File::of("w.npz", "npz", Vec::new());
        theta(&file, entries, true).map_or_else(|error| error.to_string(), |found| format!("{found:?}"))
    }

    #[test]
    fn a_matrix_that_is_counted_from_0_is_not_taken_for_a_net_without_layers() {
        let alone = told(vec![entry("Theta0", (1, 2))]);
        assert!(alone.contains("Theta0") && alone.contains("Theta1"), "{alone}");
        for name in ["Theta0", "Theta02", "Theta2b", "theta2", "Theta"] {
            let beside = told(vec![entry("Theta1", (3, 5)), entry("Theta2", (2, 4)), entry(name, (2, 4))]);
            assert!(beside.starts_with(&format!("w.npz: {name}: content other than Theta1")), "{beside}");
        }
    }

    #[test]
    fn twelve_matrices_are_taken_by_their_numbers() {
        let file = File::of("w.mat", "mat", Vec::new());
        let names = [1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9];
        let entries = names.map(|l| entry(&format!("Theta{l}"), (l + 2, l + 2)));
        let found = theta(&file, entries.to_vec(), false).expect("each follows the one before");
        assert_eq!(found.theta.iter().map(Array2::nrows).collect::<Vec<_>>(), (3..15).collect::<Vec<_>>());
    }

    #[test]
    fn data_beside_the_weights_are_named_and_a_name_twice_is_refused() {
        let with_data = told(vec![entry("Theta1", (3, 5)), entry("X", (9, 4)), entry("y", (9, 1))]);
        assert!(with_data.contains("w.npz: X, y: data beside the weights are not used"), "{with_data}");
        let twice = told(vec![entry("Theta1", (3, 5)), entry("Theta1", (3, 5))]);
        assert!(twice.contains("Theta1: found the name twice"), "{twice}");
    }
}
