//! Linear layers as PyTorch names them, `NAME.weight`, out × in, and `NAME.bias`, in the order that the net has them in.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use ndarray::{Array2, Axis, concatenate};

use super::entry::FileEntry;
use super::found::{FoundMatrices, finite, listed, nothing_beside, numbers, shape};
use super::kind::Kind;
use super::order::{LayerLink, Order, agrees, by_name, order};
use super::unread;
use crate::data::file::File;
use crate::error::{Error, Place, Result};

/// The most layers that a net of a file may have.
const MOST: usize = 1_001;

/// A layer of a file.
pub(super) struct Layer<'a> {
    /// The name of its weight.
    pub(super) name: &'a str,
    /// Out × in.
    pub(super) weight: &'a Array2<f64>,
    /// An entry for each row of the weight.
    pub(super) bias: &'a Array2<f64>,
}

impl Layer<'_> {
    fn link(&self) -> LayerLink<'_> {
        LayerLink { name: self.name, inputs: self.weight.ncols(), units: self.weight.nrows() }
    }

    /// Θ, the bias in column 0.
    pub(super) fn theta(&self) -> Array2<f64> {
        beside(self.bias, self.weight)
    }
}

/// A vector as a column.
pub(super) fn column(vector: &Array2<f64>) -> Array2<f64> {
    vector.to_shape((vector.len(), 1)).expect("an entry for each row").into_owned()
}

/// A bias, with an entry for each row of a weight, in a column before it.
pub(super) fn beside(bias: &Array2<f64>, weight: &Array2<f64>) -> Array2<f64> {
    concatenate(Axis(1), &[column(bias).view(), weight.view()]).expect("as many rows in both")
}

/// The layers' matrices with the bias in column 0, and a warning about their order. Only where the file keeps its parts in
/// the order in which they were written can that order decide the order of the layers.
pub(super) fn matrices(file: &File, entries: &[FileEntry], is_ordered: bool) -> Result<FoundMatrices> {
    if let Some(refusal) = unread::refusal(file, &entries.iter().collect::<Vec<_>>()) {
        return Err(refusal);
    }
    let (weights, others): (Vec<&FileEntry>, Vec<&FileEntry>) =
        entries.iter().partition(|entry| entry.member() == "weight");
    if weights.is_empty() {
        return Err(no_layers(file, entries));
    }
    let (biases, others): (Vec<&FileEntry>, Vec<&FileEntry>) =
        others.into_iter().partition(|entry| entry.member() == "bias");
    nothing_beside(file, &others, ("NAME.weight with NAME.bias", "save the state_dict of the net alone"))?;
    let mut of_module: HashMap<&str, &FileEntry> = biases.iter().map(|bias| (bias.module(), *bias)).collect();
    let layers = weights.into_iter().map(|weight| layer(file, weight, of_module.remove(weight.module())));
    let layers = layers.collect::<Result<Vec<Layer>>>()?;
    if let Some(alone) = biases.iter().find(|bias| of_module.contains_key(bias.module())) {
        return Err(file.error(Place::part(&alone.name), "a bias without a weight", "NAME.weight for each NAME.bias"));
    }
    if layers.len() > MOST {
        return Err(file.error(Place::default(), format!("{} layers", layers.len()), format!("at most {MOST}")));
    }
    none_twice(file, &layers)?;
    let (order, warning) = in_order(file, &layers, is_ordered)?;
    let theta = order.into_iter().map(|index| layers[index].theta()).collect();
    Ok(FoundMatrices { kind: Kind::Dense, theta, warnings: warning.into_iter().collect() })
}

/// The error about a file that has no layer.
fn no_layers(file: &File, entries: &[FileEntry]) -> Error {
    let found = match entries {
        [] => "no matrices".into(),
        entries => format!("the names {}", listed(entries.iter().map(|entry| entry.name.as_str()))),
    };
    let is_kernel = entries.iter().any(|entry| entry.member() == "kernel");
    let hint = if is_kernel { "; NAME.weight is the transpose of Keras's kernel" } else { "" };
    let expected = "matrices Theta1, Theta2, … or layers NAME.weight (a row for each unit) and NAME.bias, one of which may be recurrent (weight_ih_l0, …)";
    file.error(Place::default(), found, format!("{expected}{hint}"))
}

/// A weight and its bias, checked; a layer without a bias is refused, since a net of this program trains one.
pub(super) fn layer<'a>(file: &File, weight: &'a FileEntry, bias: Option<&'a FileEntry>) -> Result<Layer<'a>> {
    let Some(bias) = bias else {
        let name = weight.name.strip_suffix("weight").map_or(weight.name.clone(), |module| format!("{module}bias"));
        let expected = "a bias for each weight: save zeros for a layer that has none";
        return Err(file.error(Place::part(name), "a missing vector", expected));
    };
    let matrix = numbers(file, weight)?;
    if matrix.is_empty() {
        let expected = "a row for each unit, and a column for each input";
        return Err(file.error(Place::part(&weight.name), shape(matrix), expected));
    }
    let found = Layer { name: &weight.name, weight: matrix, bias: bias_of(file, bias, (&weight.name, matrix))? };
    finite(file, (&weight.name, 1), matrix).map(|()| found)
}

/// The bias of a weight, an entry for each of its rows, checked.
pub(super) fn bias_of<'a>(
    file: &File,
    bias: &'a FileEntry,
    (name, weight): (&str, &Array2<f64>),
) -> Result<&'a Array2<f64>> {
    let (rows, columns) = weight.dim();
    let found = numbers(file, bias)?;
    if found.len() != rows || !found.shape().contains(&1) {
        let hint = match found.len() == columns {
            true => format!("; {name} is transposed, save its transpose"),
            false => String::new(),
        };
        let expected = format!("{rows}, one for each row of {name}, which has {}{hint}", shape(weight));
        return Err(file.error(Place::part(&bias.name), format!("{} entries", found.len()), expected));
    }
    match found.iter().position(|value| !value.is_finite()) {
        None => Ok(found),
        Some(at) => {
            let place = Place::part(format!("{}[{}]", bias.name, at + 1));
            Err(file.error(place, found.iter().nth(at).map_or(0.0, |&value| value).to_string(), "a finite number"))
        }
    }
}

/// Refuses a layer that is there under two names; layers of one number alone may be alike.
fn none_twice(file: &File, layers: &[Layer]) -> Result<()> {
    let mut seen: HashMap<u64, &Layer> = HashMap::new();
    for layer in layers.iter().filter(|layer| layer.weight.iter().any(|&weight| weight != layer.weight[[0, 0]])) {
        let mut hasher = DefaultHasher::new();
        layer.weight.iter().for_each(|weight| weight.to_bits().hash(&mut hasher));
        if let Some(other) = seen.insert(hasher.finish(), layer).filter(|other| other.theta() == layer.theta()) {
            let found = format!("the numbers of {} once more", other.name);
            return Err(file.error(Place::part(layer.name), found, "each layer once"));
        }
    }
    Ok(())
}

/// The order of the layers as their indices, and a warning about it.
fn in_order(file: &File, layers: &[Layer], is_ordered: bool) -> Result<(Vec<usize>, Option<String>)> {
    let links: Vec<LayerLink> = layers.iter().map(Layer::link).collect();
    let names = |order: &[usize]| listed(order.iter().map(|&index| layers[index].name));
    let as_written: Vec<usize> = (0..layers.len()).collect();
    match order(&links) {
        Order::Sure(order) => Ok((order, None)),
        Order::AgainstNumbers(order) => {
            let why = "the only order in which their shapes fit";
            let warning = format!("{}: the layers are taken as {}: {why}", file.name, names(&order));
            Ok((order, Some(warning)))
        }
        Order::Open(_) if is_ordered && agrees(&links, &as_written) => {
            let why = "the order of the file, since their shapes fit in others, too";
            let warning = format!("{}: the layers are taken as {}: {why}", file.name, names(&as_written));
            Ok((as_written, Some(warning)))
        }
        Order::Open(open) => {
            let why = match is_ordered {
                true => {
                    "their shapes fit in more than one, and the file has another one than the numbers in their names"
                }
                false => "their shapes fit in more than one, and such a file does not keep the one it was written in",
            };
            let expected =
                "numbers in the names, as in 1.weight and 2.weight, or an .npz file written in the order of the layers";
            Err(file.error(Place::part(names(&open)), format!("layers whose order is unclear: {why}"), expected))
        }
        Order::Broken => Err(broken(file, layers, &by_name(&links))),
    }
}

/// The error about layers that are no chain: the first that does not fit the one before it by name.
fn broken(file: &File, layers: &[Layer], order: &[usize]) -> Error {
    let pairs = order.windows(2).map(|pair| (&layers[pair[0]], &layers[pair[1]]));
    let mut unfit = pairs.filter(|(before, layer)| before.weight.nrows() != layer.weight.ncols());
    let (before, layer) = unfit.next().expect("an order without such a pair fits");
    let units = before.weight.nrows();
    let hint = if layer.weight.nrows() == units { "; it may be transposed" } else { "" };
    let expected =
        format!("{units} columns, one for each unit of {}, in a file of the layers of one net{hint}", before.name);
    file.error(Place::part(layer.name), shape(layer.weight), expected)
}

#[cfg(test)]
mod tests {
    use super::super::entry::EntryContent;
    use super::*;

    /// A layer under a name, its numbers other than those of layers with other names.
    fn layer(name: &str, (units, inputs): (usize, usize)) -> [FileEntry; 2] {
        let start = name.bytes().fold(0.0, |sum, byte| 3.0 * sum + f64::from(byte));
        let weight = Array2::from_shape_fn((units, inputs), |(j, i)| start + (j * inputs + i) as f64);
        let entry = |member: &str, dimensions, numbers| {
            let name = if name.is_empty() { member.into() } else { format!("{name}.{member}") };
            FileEntry { name, dimensions, content: EntryContent::Numbers(numbers) }
        };
        [entry("weight", 2, weight), entry("bias", 1, Array2::from_elem((units, 1), start))]
    }

    /// The first numbers of the matrices, which identify the layers, or the error.
    fn read(entries: Vec<FileEntry>, is_ordered: bool) -> std::result::Result<(Vec<f64>, Vec<String>), String> {
        let file = File::of("w", if is_ordered { "npz" } else { "safetensors" }, Vec::new());
        matrices(&file, &entries, is_ordered)
            .map(|found| (found.theta.iter().map(|theta| theta[[0, 0]]).collect(), found.warnings))
            .map_err(|error| error.to_string())
    }

    fn starts(names: &[&str]) -> Vec<f64> {
        let start = |name: &&str| name.bytes().fold(0.0, |sum, byte| 3.0 * sum + f64::from(byte));
        names.iter().map(start).collect()
    }

    #[test]
    fn an_archive_tells_the_order_that_shapes_and_names_leave_open_and_a_sorted_file_does_not() {
        let net = [layer("input_layer", (4, 4)), layer("hidden_layer", (4, 4)), layer("output_layer", (3, 4))].concat();
        let (order, said) = read(net.clone(), true).expect("the file has an order");
        assert_eq!(order, starts(&["input_layer", "hidden_layer", "output_layer"]));
        assert!(said[0].contains("input_layer.weight, hidden_layer.weight, output_layer.weight"), "{said:?}");
        let told = read(net, false).expect_err("sorted by name");
        assert!(
            told.contains("input_layer.weight, hidden_layer.weight: found layers whose order is unclear"),
            "{told}"
        );
        // Numbers win over the file's order, and where only some are numbered the file must agree.
        let (order, said) = read([layer("fc2", (4, 4)), layer("fc1", (4, 4))].concat(), true).expect("numbers");
        assert_eq!((order, said.len()), (starts(&["fc1", "fc2"]), 0));
        let told = read([layer("a2", (4, 4)), layer("a1", (4, 4)), layer("b", (4, 4))].concat(), true);
        assert!(told.expect_err("the file counts down").contains("order is unclear"));
    }

    #[test]
    fn shapes_against_the_numbers_are_the_order_and_that_is_said() {
        let (order, said) = read([layer("fc1", (3, 5)), layer("fc2", (5, 4))].concat(), false).expect("one order");
        assert_eq!(order, starts(&["fc2", "fc1"]));
        assert!(said[0].contains("fc2.weight, fc1.weight") && said[0].contains("shapes"), "{said:?}");
    }

    #[test]
    fn a_layer_without_a_name_of_its_own_is_one() {
        assert_eq!(read(layer("", (3, 4)).to_vec(), false), Ok((vec![0.0], Vec::new())));
    }

    #[test]
    fn what_does_not_belong_together_is_named() {
        let fc = |name: &str| layer(name, (3, 4));
        let only = |name: &str, member: usize| vec![fc(name)[member].clone()];
        let long = |mut pair: [FileEntry; 2]| {
            pair[1].content = EntryContent::Numbers(Array2::ones((4, 1)));
            pair.to_vec()
        };
        let renamed = |name: &str| fc("fc").map(|entry| FileEntry { name: entry.name.replace("fc", name), ..entry });
        for (entries, mention) in [
            (only("fc", 0), "fc.bias: found a missing vector"),
            ([fc("a").to_vec(), only("fc", 1)].concat(), "fc.bias: found a bias without a weight"),
            (long(fc("fc")), "fc.bias: found 4 entries, expected 3"),
            (long(fc("fc")), "fc.weight is transposed"),
            (
                [renamed("fc"), renamed("layers.0")].concat(),
                "layers.0.weight: found the numbers of fc.weight once more",
            ),
            ([fc("fc1"), fc("fc2")].concat(), "fc2.weight: found the shape 3x4, expected 3 columns"),
            (Vec::new(), "found no matrices"),
        ] {
            let told = read(entries, false).expect_err(mention);
            assert!(told.contains(mention), "{told}");
        }
    }
}
