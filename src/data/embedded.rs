//! The data sets that the program carries with it.

use ndarray::Array2;

use super::file::File;
use super::label_files::labelled;
use super::suited::{PLAIN, PLANE, Suited};
use super::table::Table;
use super::{Dataset, Scale, Source, Targets, Task, csv, idx};
use crate::error::Result;

/// A data set in the binary.
#[derive(Debug)]
pub struct Embedded {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is of.
    pub what: &'static str,
    /// Where it comes from, and its licence.
    pub origin: &'static str,
    /// The options with which it learns and is worth watching.
    pub suited: Suited,
    /// Reads it.
    pub make: fn() -> Result<Dataset>,
}

/// The data sets there are, the default first.
pub const EMBEDDED: [Embedded; 4] = [
    Embedded {
        name: "digits",
        what: "handwritten digits, 8×8 pixels",
        origin: "UCI, Optical Recognition of Handwritten Digits (its test set), Alpaydin and Kaynak 1998, doi 10.24432/C50P49; licence CC BY 4.0",
        suited: PLAIN,
        make: digits,
    },
    Embedded {
        name: "iris",
        what: "three species of iris by their sepals and petals",
        origin: "UCI, Iris, Fisher 1936, doi 10.24432/C56C76; licence CC BY 4.0",
        suited: PLAIN,
        make: iris,
    },
    Embedded {
        name: "penguins",
        what: "three species of penguin by bill, flipper and mass",
        origin: "Gorman, Williams, Fraser 2014, doi 10.1371/journal.pone.0090081; Horst, Hill, Gorman 2020, doi 10.5281/zenodo.3960218; licence CC0 1.0",
        suited: PLAIN,
        make: penguins,
    },
    Embedded {
        name: "xor",
        what: "the exclusive or of two bits, never split",
        origin: "a truth table; no licence needed",
        suited: Suited { layers: &[4], alpha: 0.1, batch: 4, ..PLANE },
        make: xor,
    },
];

fn origin(name: &str) -> String {
    EMBEDDED.iter().find(|embedded| embedded.name == name).map(|embedded| embedded.origin.into()).unwrap_or_default()
}

fn digits() -> Result<Dataset> {
    let file = |bytes: &[u8]| File::of("digits", "idx", bytes);
    let images = file(include_bytes!("../../assets/digits/optdigits-images-idx3-ubyte"));
    let labels = file(include_bytes!("../../assets/digits/optdigits-labels-idx1-ubyte"));
    let rows = idx::features(&images)?;
    let labels = labelled(&labels, (rows.0.nrows(), Task::Classes))?;
    let dataset = Table::of("digits", rows, labels)?.dataset(Task::Classes)?;
    Ok(Dataset { origin: origin("digits"), ..dataset })
}

fn iris() -> Result<Dataset> {
    table("iris", include_bytes!("../../assets/iris/iris.csv"))
}

fn penguins() -> Result<Dataset> {
    table("penguins", include_bytes!("../../assets/penguins/penguins.csv"))
}

fn table(name: &str, bytes: &[u8]) -> Result<Dataset> {
    let dataset = csv::parse(&File::of(name, "csv", bytes), &Source::named(name))?.dataset(Task::Classes)?;
    Ok(Dataset { origin: origin(name), ..dataset })
}

fn xor() -> Result<Dataset> {
    Ok(Dataset {
        name: "xor".into(),
        x: Array2::from_shape_fn((4, 2), |(row, bit)| (row >> (1 - bit) & 1) as f64),
        targets: Targets::Classes { class: vec![0, 1, 1, 0], names: vec!["0".into(), "1".into()], single: false },
        features: vec!["x1".into(), "x2".into()],
        extras: Vec::new(),
        image: None,
        never_split: true,
        held_out: None,
        scale: Scale::None,
        target_scale: Scale::None,
        origin: origin("xor"),
        warnings: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_is_what_it_is_known_to_be() {
        for (name, rows, features, counts) in [
            ("digits", 1797, 64, vec![178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
            ("iris", 150, 4, vec![50, 50, 50]),
            ("penguins", 342, 4, vec![151, 68, 123]),
            ("xor", 4, 2, vec![2, 2]),
        ] {
            let embedded = EMBEDDED.iter().find(|embedded| embedded.name == name).expect("its name");
            let dataset = (embedded.make)().expect("it reads");
            assert_eq!((dataset.x.dim(), dataset.targets.class().len()), ((rows, features), rows), "{name}");
            assert_eq!((dataset.features.len(), dataset.targets.classes().len()), (features, counts.len()));
            let count = |wanted| dataset.targets.class().iter().filter(|&&class| class == wanted).count();
            assert_eq!((0..counts.len()).map(count).collect::<Vec<_>>(), counts, "{name}");
            assert!(dataset.warnings.is_empty() && !dataset.origin.is_empty());
        }
    }
}
