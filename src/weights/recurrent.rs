//! The three matrices of a recurrent net: by their own names, Theta_x, Theta_h and Theta_o, and whether their shapes fit each other.

pub(super) mod pytorch;

use ndarray::Array2;

use super::entry::FileEntry;
use super::found::{finite, numbers, shape};
use super::kind::{NAMES, cells, gates, rows_of_cells, shapes};
use crate::data::file::File;
use crate::error::{Place, Result};

/// Θ^x, Θ^h and Θ^o by their names; those that are there, in this order.
///
/// # Errors
/// `Error::Data` for the first that is missing, has no numbers that can be used, or does not fit the others.
pub(super) fn own(file: &File, entries: &[FileEntry]) -> Result<Vec<Array2<f64>>> {
    let mut found = Vec::new();
    for name in NAMES {
        let Some(entry) = entries.iter().find(|entry| entry.name == name) else {
            return Err(file.error(Place::part(name), "a missing matrix", "Theta_x, Theta_h and Theta_o"));
        };
        let matrix = numbers(file, entry)?;
        finite(file, (name, 0), matrix)?;
        if matrix.nrows() == 0 || matrix.ncols() < 2 - usize::from(name == "Theta_h") {
            let expected = "a row for each unit, and a column for the bias and each input";
            return Err(file.error(Place::part(name), shape(matrix), expected));
        }
        found.push(matrix.clone());
    }
    let [x, h, o] = found.as_slice() else { unreachable!("three names") };
    let units = o.ncols() - 1;
    let Some(gates) = gates(h.nrows(), units) else {
        let expected = format!("{}, of the {units} units that Theta_o reads", rows_of_cells());
        return Err(file.error(Place::part("Theta_h"), shape(h), expected));
    };
    let cell = cells(gates).next().expect("a cell has as many gates");
    let [(rows, _), (_, columns), _] = shapes(cell, (x.ncols() - 1, units, o.nrows()));
    if h.ncols() != columns {
        let bias = if columns > units { "the bias and " } else { "" };
        let expected = format!("{columns} columns: {bias}the {units} units that Theta_o reads");
        return Err(file.error(Place::part("Theta_h"), shape(h), expected));
    }
    if x.nrows() != rows {
        let hint = if x.ncols() == rows { "; it is transposed" } else { "" };
        return Err(file.error(Place::part("Theta_x"), shape(x), format!("{rows} rows, as Theta_h has{hint}")));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryContent;
    use super::*;

    fn told(shapes: &[(&str, (usize, usize))]) -> String {
        let entry = |&(name, shape): &(&str, (usize, usize))| {
            let content = EntryContent::Numbers(Array2::ones(shape));
            FileEntry { name: name.into(), dimensions: 2, content }
        };
        let entries: Vec<FileEntry> = shapes.iter().map(entry).collect();
        own(&File::of("w.npz", "npz", Vec::new()), &entries)
            .map_or_else(|error| error.to_string(), |found| format!("{} matrices", found.len()))
    }

    #[test]
    fn matrices_of_one_cell_are_taken_and_others_are_refused_with_their_shape() {
        let no_cell = format!("Theta_h: found the shape 8x5, expected {}", rows_of_cells());
        for (x, h, o, mention) in [
            ((4, 3), (4, 4), (2, 5), "3 matrices"),
            ((12, 3), (12, 5), (2, 5), "3 matrices"),
            ((16, 3), (16, 5), (2, 5), "3 matrices"),
            ((8, 3), (8, 5), (2, 5), &no_cell),
            ((12, 3), (12, 4), (2, 5), "Theta_h: found the shape 12x4, expected 5 columns: the bias and the 4 units"),
            ((4, 3), (4, 5), (2, 5), "Theta_h: found the shape 4x5, expected 4 columns: the 4 units"),
            (
                (3, 12),
                (12, 5),
                (2, 5),
                "Theta_x: found the shape 3x12, expected 12 rows, as Theta_h has; it is transposed",
            ),
            ((12, 1), (12, 5), (2, 5), "Theta_x: found the shape 12x1, expected a row for each unit"),
        ] {
            let told = told(&[("Theta_x", x), ("Theta_h", h), ("Theta_o", o)]);
            assert!(told.contains(mention), "{told}");
        }
        let two = told(&[("Theta_x", (4, 3)), ("Theta_o", (2, 5))]);
        assert!(two.contains("Theta_h: found a missing matrix, expected Theta_x, Theta_h and Theta_o"), "{two}");
    }
}
