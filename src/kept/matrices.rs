//! Which of the matrices of a file are the weights of one net, and whether they fit each other.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis, concatenate};

use crate::data::file::File;
use crate::error::{Place, Result, printable};

/// The matrices of one net: Theta1, Theta2, …, or the weights and biases of linear layers as PyTorch names them.
pub(super) fn theta(file: &File, matrices: Vec<(String, Array2<f64>)>) -> Result<Vec<Array2<f64>>> {
    // They are counted from 1.
    let number = |name: &str| name.strip_prefix("Theta")?.parse::<usize>().ok().filter(|&l| l > 0);
    let mut numbered = BTreeMap::new();
    for (name, matrix) in &matrices {
        number(name).into_iter().for_each(|number| _ = numbered.entry(number).or_insert(matrix));
    }
    let found = match numbered.last_key_value() {
        Some((&most, _)) => {
            let mut found = Vec::new();
            for l in 1..=most {
                let Some(&matrix) = numbered.get(&l) else {
                    let place = Place::part(format!("Theta{l}"));
                    return Err(file.error(place, "a missing matrix", format!("Theta1 to Theta{most}")));
                };
                found.push((format!("Theta{l}"), matrix.clone()));
            }
            found
        }
        None => linear(file, &matrices)?,
    };
    for ((name, matrix), before) in found.iter().zip(std::iter::once(None).chain(found.iter().map(Some))) {
        let (rows, columns) = matrix.dim();
        let shape = format!("the shape {rows}x{columns}");
        if rows == 0 || columns < 2 {
            return Err(file.error(
                Place::part(name),
                shape,
                "a row for each unit, and a column for the bias and each input",
            ));
        }
        if let Some((other, before)) = before.filter(|(_, before)| before.nrows() + 1 != columns) {
            let expected =
                format!("{} columns: the bias and the {} units of {other}", before.nrows() + 1, before.nrows());
            return Err(file.error(Place::part(name), shape, expected));
        }
        if let Some(((row, column), value)) = matrix.indexed_iter().find(|(_, value)| !value.is_finite()) {
            let place = Place::part(format!("{name}[{},{column}]", row + 1));
            return Err(file.error(place, value.to_string(), "a finite number"));
        }
    }
    Ok(found.into_iter().map(|(_, matrix)| matrix).collect())
}

/// The linear layers `NAME.weight`, out × in, and `NAME.bias`, in the order of their names.
fn linear(file: &File, matrices: &[(String, Array2<f64>)]) -> Result<Vec<(String, Array2<f64>)>> {
    let mut layers: Vec<(&str, &Array2<f64>)> =
        matrices.iter().filter_map(|(name, matrix)| Some((name.strip_suffix(".weight")?, matrix))).collect();
    layers.sort_by_cached_key(|(name, _)| in_order(name));
    let biases: BTreeMap<&str, &Array2<f64>> =
        matrices.iter().filter_map(|(name, matrix)| Some((name.strip_suffix(".bias")?, matrix))).collect();
    let mut found = Vec::new();
    for (name, weight) in layers {
        let Some(bias) = biases.get(name) else {
            return Err(file.error(Place::part(format!("{name}.bias")), "a missing vector", "a bias for each weight"));
        };
        if bias.dim() != (weight.nrows(), 1) {
            let found = format!("{} entries", bias.len());
            return Err(file.error(Place::part(format!("{name}.bias")), found, format!("{}", weight.nrows())));
        }
        let joined = concatenate(Axis(1), &[bias.view(), weight.view()]).expect("as many rows in both");
        found.push((format!("{name}.weight"), joined));
    }
    if found.is_empty() {
        let names = matrices.iter().map(|(name, _)| printable(name)).collect::<Vec<_>>().join(", ");
        let expected = "matrices Theta1, Theta2, … or layers NAME.weight and NAME.bias";
        return Err(file.error(Place::default(), format!("the names {}", printable(&names)), expected));
    }
    Ok(found)
}

/// A name as texts and numbers in turn, so that layer 10 comes after layer 2.
fn in_order(name: &str) -> Vec<(u64, String)> {
    let mut parts = vec![(0_u64, String::new())];
    for c in name.chars() {
        let last = parts.last_mut().expect("there is one");
        match c.to_digit(10) {
            Some(digit) if last.1.is_empty() => last.0 = last.0.saturating_mul(10).saturating_add(u64::from(digit)),
            Some(digit) => parts.push((u64::from(digit), String::new())),
            None => last.1.push(c),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_in_the_order_of_the_numbers_in_their_names() {
        let mut names = ["fc10", "fc2", "fc1", "out", "10", "2", "block.1.fc", "block.0.fc"];
        names.sort_by_key(|name| in_order(name));
        assert_eq!(names, ["block.0.fc", "block.1.fc", "fc1", "fc2", "fc10", "out", "2", "10"]);
    }

    #[test]
    fn a_matrix_that_is_counted_from_0_is_not_taken_for_a_net_without_layers() {
        let file = File::of("w.npz", "npz", Vec::new());
        let told = theta(&file, vec![("Theta0".into(), Array2::zeros((1, 2)))]).expect_err("there is no Theta1");
        assert!(told.to_string().contains("Theta0") && told.to_string().contains("Theta1"), "{told}");
    }
}
