//! A recurrent layer as PyTorch names it, `weight_ih_l0` and so on, with the linear layer that reads it; its gates are put in our order.

use ndarray::{Array2, Axis, concatenate, s};

use crate::data::file::File;
use crate::error::{Error, Place, Result, printable};
use crate::weights::entry::FileEntry;
use crate::weights::found::{FoundMatrices, finite, listed, nothing_beside, numbers, shape};
use crate::weights::kind::{Kind, cells, gates, rows_of_cells};
use crate::weights::linear::{self, beside, column};
use crate::weights::unread;

/// What is read, in words.
const READ: &str =
    "one layer in one direction is read: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 and a linear output layer";

/// One of the arrays of a recurrent layer, by its name.
struct LayerPart<'a> {
    entry: &'a FileEntry,
    /// `weight_ih`, `weight_hh`, `weight_hr`, `bias_ih` or `bias_hh`.
    role: &'static str,
    /// The layer among stacked ones, counted from 0; an `nn.LSTMCell` has no number.
    layer: usize,
    is_reverse: bool,
}

impl<'a> LayerPart<'a> {
    fn of(entry: &'a FileEntry) -> Option<Self> {
        const ROLES: [&str; 5] = ["weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh"];
        let member = entry.member();
        let role = ROLES.into_iter().find(|role| member.starts_with(role))?;
        let rest = &member[role.len()..];
        let (number, is_reverse) = rest.strip_suffix("_reverse").map_or((rest, false), |number| (number, true));
        let layer = match number {
            "" => 0,
            number => number.strip_prefix("_l")?.parse().ok()?,
        };
        Some(Self { entry, role, layer, is_reverse })
    }
}

/// Whether a part of a file is one of a recurrent layer.
pub(in crate::weights) fn is_one(entry: &FileEntry) -> bool {
    LayerPart::of(entry).is_some()
}

/// Θ^x, Θ^h and Θ^o of one recurrent layer and of the linear layer after it, with warnings about biases that are not there.
///
/// # Errors
/// `Error::NotRead` for other kinds of recurrent layers, and what else is in the file; `Error::Data` for arrays that do not fit.
pub(in crate::weights) fn matrices(file: &File, entries: &[FileEntry]) -> Result<FoundMatrices> {
    let (recurrent, others): (Vec<&FileEntry>, Vec<&FileEntry>) = entries.iter().partition(|entry| is_one(entry));
    let parts: Vec<LayerPart> = recurrent.iter().filter_map(|entry| LayerPart::of(entry)).collect();
    if let Some(refusal) = refusal(file, &parts) {
        return Err(refusal);
    }
    if let Some(refusal) = unread::refusal(file, &others) {
        return Err(refusal);
    }
    let mut warnings = Vec::new();
    // The name of an array that is missing, as those that are there are called.
    let name = |role: &str| parts[0].entry.name.replacen(parts[0].role, role, 1);
    let array = |role: &str| parts.iter().find(|part| part.role == role).map(|part| part.entry);
    let weight = |role: &str| {
        let missing =
            || file.error(Place::part(name(role)), "a missing matrix", "weight_ih and weight_hh of one layer");
        let entry = array(role).ok_or_else(missing)?;
        let matrix = numbers(file, entry)?;
        finite(file, (&entry.name, 1), matrix).map(|()| (entry.name.as_str(), matrix))
    };
    let (of_x, of_h) = (weight("weight_ih")?, weight("weight_hh")?);
    let gates = fitting(file, of_x, of_h)?;
    let rows = of_h.1.nrows();
    let bias = |role: &str| array(role).map(|entry| linear::bias_of(file, entry, (of_h.0, of_h.1))).transpose();
    let biases = match (bias("bias_ih")?, bias("bias_hh")?) {
        (Some(x), Some(h)) => [x.clone(), h.clone()].map(|bias| column(&bias)),
        (None, None) => {
            warnings.push(format!("{}: {} has no biases: they begin at 0", file.name, printable(of_h.0)));
            [Array2::zeros((rows, 1)), Array2::zeros((rows, 1))]
        }
        (x, _) => {
            let missing = if x.is_some() { "bias_hh" } else { "bias_ih" };
            return Err(file.error(Place::part(name(missing)), "a missing vector", "both biases, or none"));
        }
    };
    let o = output(file, &others, of_h)?;
    let [x, h] = joined(gates, (of_x.1, of_h.1), biases);
    Ok(FoundMatrices { kind: Kind::Recurrent, theta: vec![x, h, o], warnings })
}

/// The refusal of recurrent layers of other kinds, by name.
fn refusal(file: &File, parts: &[LayerPart]) -> Option<Error> {
    let names =
        |is: fn(&LayerPart) -> bool| listed(parts.iter().filter(|part| is(part)).map(|part| part.entry.name.as_str()));
    let mut modules: Vec<&str> = parts.iter().map(|part| part.entry.module()).collect();
    modules.sort_unstable();
    modules.dedup();
    let mut found = vec![
        (names(|part| part.is_reverse), "a bidirectional recurrent layer".to_string()),
        (names(|part| part.role == "weight_hr"), "a projected recurrent layer (proj_size)".into()),
        (names(|part| part.layer > 0), "a stacked recurrent layer (num_layers above 1)".into()),
    ];
    found.retain(|(names, _)| !names.is_empty());
    if found.is_empty() && modules.len() > 1 {
        found.push((listed(modules.into_iter()), "more than one recurrent layer".into()));
    }
    (!found.is_empty()).then(|| Error::NotRead { source: file.name.clone(), parts: found, remedy: READ.into() })
}

/// How many gates the two weights have, if they fit each other.
fn fitting(file: &File, (name_of_x, x): (&str, &Array2<f64>), (name_of_h, h): (&str, &Array2<f64>)) -> Result<usize> {
    let units = h.ncols();
    let is_empty = |matrix: &Array2<f64>| matrix.is_empty();
    if let Some((name, matrix)) = [(name_of_x, x), (name_of_h, h)].into_iter().find(|(_, matrix)| is_empty(matrix)) {
        let expected = "a row for each unit of each gate, and a column for each input";
        return Err(file.error(Place::part(name), shape(matrix), expected));
    }
    let Some(gates) = gates(h.nrows(), units) else {
        let turned = gates(units, h.nrows()).is_some();
        let hint = if turned { "; it is transposed" } else { "" };
        let expected = format!("{}, and a column for each unit{hint}", rows_of_cells());
        return Err(file.error(Place::part(name_of_h), shape(h), expected));
    };
    if x.nrows() != h.nrows() {
        let hint = if x.ncols() == h.nrows() { "; it is transposed" } else { "" };
        let expected = format!("{} rows, as {name_of_h} has, and a column for each input{hint}", h.nrows());
        return Err(file.error(Place::part(name_of_x), shape(x), expected));
    }
    Ok(gates)
}

/// Θ^o of the one linear layer that reads the units.
fn output(file: &File, entries: &[&FileEntry], (name_of_h, h): (&str, &Array2<f64>)) -> Result<Array2<f64>> {
    let (weights, others): (Vec<&FileEntry>, Vec<&FileEntry>) =
        entries.iter().partition(|entry| entry.member() == "weight");
    let (biases, others): (Vec<&FileEntry>, Vec<&FileEntry>) =
        others.into_iter().partition(|entry| entry.member() == "bias");
    nothing_beside(file, &others, ("a recurrent layer and a linear one", "save the state_dict of the net alone"))?;
    let units = h.ncols();
    let weight = match weights.as_slice() {
        [one] => *one,
        [] => {
            let expected = format!("NAME.weight with a row for each output and {units} columns, and NAME.bias");
            return Err(file.error(Place::default(), "no output layer after the recurrent one", expected));
        }
        several => {
            let names = listed(several.iter().map(|weight| weight.name.as_str()));
            let parts = vec![(names, "more than one linear layer beside a recurrent one".into())];
            return Err(Error::NotRead { source: file.name.clone(), parts, remedy: READ.into() });
        }
    };
    if let Some(alone) = biases.iter().find(|bias| bias.module() != weight.module()) {
        return Err(file.error(Place::part(&alone.name), "a bias without a weight", "NAME.weight for each NAME.bias"));
    }
    let matrix = numbers(file, weight)?;
    if matrix.is_empty() || matrix.ncols() != units {
        let hint = if matrix.nrows() == units { "; it is transposed" } else { "" };
        let expected = format!("a row for each output, and {units} columns, one for each unit of {name_of_h}{hint}");
        return Err(file.error(Place::part(&weight.name), shape(matrix), expected));
    }
    linear::layer(file, weight, biases.first().copied()).map(|layer| layer.theta())
}

/// Θ^x and Θ^h, whose gates are put in our order. The two biases of a cell that has one are added.
fn joined(gates: usize, (x, h): (&Array2<f64>, &Array2<f64>), [of_x, of_h]: [Array2<f64>; 2]) -> [Array2<f64>; 2] {
    let cell = cells(gates).next().expect("a cell has as many gates");
    if !cell.has_second_bias() {
        return [beside(&(of_x + of_h), x), h.clone()];
    }
    let units = h.ncols();
    let in_order = |theta: Array2<f64>| match cell.pytorch().gates {
        Some((_, order)) => {
            let gate = |index: usize| theta.slice(s![index * units..(index + 1) * units, ..]);
            let own = (0..gates).filter_map(|own| order.iter().position(|&place| place == own)).map(gate);
            concatenate(Axis(0), &own.collect::<Vec<_>>()).expect("of one width")
        }
        None => theta,
    };
    [in_order(beside(&of_x, x)), in_order(beside(&of_h, h))]
}

#[cfg(test)]
mod tests {
    use super::super::super::entry::EntryContent;
    use super::*;

    /// What is read of arrays of these shapes, or the error; a shape of one row is a vector.
    fn read(arrays: &[(&str, (usize, usize))]) -> std::result::Result<FoundMatrices, String> {
        let entry = |&(name, shape): &(&str, (usize, usize))| {
            let dimensions = if name.contains("bias") { 1 } else { 2 };
            FileEntry { name: name.into(), dimensions, content: EntryContent::Numbers(Array2::ones(shape)) }
        };
        let entries: Vec<FileEntry> = arrays.iter().map(entry).collect();
        matrices(&File::of("w.npz", "npz", Vec::new()), &entries).map_err(|error| error.to_string())
    }

    /// A layer of 2 inputs and 3 units with so many gates, and a linear layer of 2 outputs.
    fn net(prefix: &str, suffix: &str, gates: usize) -> Vec<(String, (usize, usize))> {
        let arrays = [
            ("weight_ih", (3 * gates, 2)),
            ("weight_hh", (3 * gates, 3)),
            ("bias_ih", (3 * gates, 1)),
            ("bias_hh", (3 * gates, 1)),
        ];
        let of_layer = arrays.map(|(role, shape)| (format!("{prefix}{role}{suffix}"), shape));
        of_layer.into_iter().chain([("fc.weight".into(), (2, 3)), ("fc.bias".into(), (2, 1))]).collect()
    }

    /// The same with some arrays left out, and others in the place of those of their names or beside them.
    fn changed(
        gates: usize,
        without: &[&str],
        with: &[(&str, (usize, usize))],
    ) -> std::result::Result<FoundMatrices, String> {
        let net = net("rnn.", "_l0", gates);
        let mut arrays: Vec<(&str, (usize, usize))> = net.iter().map(|(name, shape)| (name.as_str(), *shape)).collect();
        arrays.retain(|(name, _)| !without.contains(name) && !with.iter().any(|(other, _)| other == name));
        arrays.extend(with);
        read(&arrays)
    }

    #[test]
    fn the_gates_follow_from_the_shapes_under_any_prefix() {
        for (prefix, suffix) in [("rnn.", "_l0"), ("model.lstm.", "_l0"), ("", "_l0"), ("cell.", "")] {
            for gates in [1, 3, 4] {
                let net = net(prefix, suffix, gates);
                let arrays: Vec<(&str, (usize, usize))> =
                    net.iter().map(|(name, shape)| (name.as_str(), *shape)).collect();
                let found = read(&arrays).unwrap_or_else(|error| panic!("{error}"));
                let of_h = if gates == 1 { 3 } else { 4 };
                let shapes: Vec<(usize, usize)> = found.theta.iter().map(Array2::dim).collect();
                assert_eq!(shapes, [(3 * gates, 3), (3 * gates, of_h), (2, 4)]);
                assert_eq!(
                    found.theta[0][[0, 0]],
                    if gates == 1 { 2.0 } else { 1.0 },
                    "a plain cell's biases are added"
                );
            }
        }
    }

    #[test]
    fn a_recurrent_layer_without_biases_has_zeros_which_is_said_and_a_linear_layer_has_one_as_in_every_net() {
        let found = changed(3, &["rnn.bias_ih_l0", "rnn.bias_hh_l0"], &[]).expect("no biases");
        assert!(found.theta[..2].iter().all(|theta| theta.column(0).iter().all(|&bias| bias == 0.0)));
        assert_eq!(found.warnings, ["w.npz: rnn.weight_hh_l0 has no biases: they begin at 0"]);
        let told = changed(3, &["fc.bias"], &[]).expect_err("no bias");
        assert!(
            told.contains("fc.bias: found a missing vector, expected a bias for each weight: save zeros"),
            "{told}"
        );
        let told = changed(3, &["rnn.bias_hh_l0"], &[]).expect_err("one bias of two");
        assert!(told.contains("rnn.bias_hh_l0: found a missing vector, expected both biases, or none"), "{told}");
    }

    #[test]
    fn what_computes_otherwise_or_does_not_fit_is_refused_by_name() {
        let stacked = [("rnn.weight_ih_l1", (9, 3)), ("rnn.weight_hh_l1", (9, 3))];
        let transposed = format!(
            "rnn.weight_hh_l0: found the shape 3x9, expected {}, and a column for each unit; it is transposed",
            rows_of_cells()
        );
        for (without, with, mention) in [
            (
                &[][..],
                &stacked[..],
                "rnn.weight_ih_l1, rnn.weight_hh_l1: a stacked recurrent layer (num_layers above 1) is not read; one layer",
            ),
            (
                &[],
                &[("rnn.weight_ih_l0_reverse", (9, 2))],
                "rnn.weight_ih_l0_reverse: a bidirectional recurrent layer is not read",
            ),
            (
                &[],
                &[("rnn.weight_hr_l0", (2, 3))],
                "rnn.weight_hr_l0: a projected recurrent layer (proj_size) is not read",
            ),
            (&[], &[("gru.weight_ih_l0", (9, 2))], "gru, rnn: more than one recurrent layer is not read"),
            (
                &[],
                &[("fc2.weight", (2, 2))],
                "fc.weight, fc2.weight: more than one linear layer beside a recurrent one",
            ),
            (&[], &[("embed.weight", (7, 2))], "embed: an embedding is not read"),
            (&[], &[("mean", (1, 2))], "mean: content other than a recurrent layer and a linear one is not read"),
            (
                &["fc.weight", "fc.bias"],
                &[],
                "found no output layer after the recurrent one, expected NAME.weight with",
            ),
            (&["fc.bias"], &[("out.bias", (2, 1))], "out.bias: found a bias without a weight"),
            (&["rnn.weight_ih_l0"], &[], "rnn.weight_ih_l0: found a missing matrix"),
            (&[], &[("rnn.weight_hh_l0", (3, 9))], &transposed),
            (
                &[],
                &[("rnn.weight_hh_l0", (6, 3))],
                "rnn.weight_hh_l0: found the shape 6x3, expected 1 row for each unit",
            ),
            (
                &[],
                &[("rnn.weight_ih_l0", (2, 9))],
                "rnn.weight_ih_l0: found the shape 2x9, expected 9 rows, as rnn.weight_hh_l0 has, and a column for each input; it is transposed",
            ),
            (&[], &[("rnn.bias_ih_l0", (3, 1))], "rnn.bias_ih_l0: found 3 entries, expected 9"),
            (
                &[],
                &[("fc.weight", (3, 2))],
                "fc.weight: found the shape 3x2, expected a row for each output, and 3 columns, one for each unit of rnn.weight_hh_l0; it is transposed",
            ),
            (
                &[],
                &[("rnn.weight_ih_l0", (9, 0))],
                "rnn.weight_ih_l0: found the shape 9x0, expected a row for each unit",
            ),
        ] {
            let told = changed(3, without, with).expect_err(mention);
            assert!(told.contains(mention), "{told}");
        }
    }
}
