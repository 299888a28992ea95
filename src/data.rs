//! Data sets: what a network learns from, how it is split, and how its features are scaled.

mod built_in;
pub mod csv;
mod dataset;
pub mod describe;
pub mod embedded;
pub mod entries;
pub mod extra;
pub mod file;
pub mod format;
pub mod generated;
pub mod idx;
pub mod label_files;
pub mod labels;
pub mod mat;
pub mod npy;
pub mod moments;
mod oddities;
mod parts;
mod prepared;
mod ready;
mod remedy;
pub mod scale;
pub mod sequences;
mod source;
mod steps;
pub mod split;
pub mod suited;
pub mod svmlight;
mod table;
pub mod targets;

use crate::error::{Error, Result, printable};

pub use built_in::suited;
pub use dataset::Dataset;
pub use describe::{describe, list};
pub use embedded::EMBEDDED;
pub use extra::Extra;
pub use format::FORMATS;
pub use generated::{GENERATED, Generator, Making};
pub use labels::Labels;
pub use parts::is_of_data;
pub use prepared::{Part, Preparation, Prepared, prepare};
pub use ready::{Data, Loaded, SequenceParts};
pub use scale::{Scale, Scaling};
pub use source::{Header, Reading, Source};
pub use steps::SequenceSteps;
pub use suited::{RECURRENT, Suited};
pub use table::Table;
pub use targets::{Targets, Task};

/// Reads a data set.
///
/// # Errors
/// `Error::Usage` for a target in an embedded set, or one that a file does not have; `Error::Io` if a file can't be read;
/// `Error::Data` if its content can't be used, with line, column, what was found and what was expected.
pub fn load(source: &Source) -> Result<Dataset> {
    let embedded = EMBEDDED.iter().find(|embedded| source.name == embedded.name);
    let generator = GENERATED.iter().find(|generator| source.name == generator.name);
    let of_a_file = Source { task: None, making: Making::default(), extras: Vec::new(), ..source.clone() };
    if (embedded.is_some() || generator.is_some()) && of_a_file != Source::named(source.name.clone()) {
        let flags =
            "--target, --labels, --test-data, --separator, --header, --no-header, --missing and --text are for files";
        return Err(Error::Usage(format!("{flags}: {} is read as it is", source.name.display())));
    }
    let given = Making { seed: 1, ..source.making };
    if generator.is_none() && given != Making::default() {
        let name = printable(&source.name.to_string_lossy());
        return Err(Error::Usage(format!("--samples and --noise are for sets that are made: {name} is not")));
    }
    if sequences::Sequences::is_known(&source.name) {
        let name = source.name.display();
        return Err(Error::Usage(format!(
            "--data {name}: a set of sequences, for recurrent nets alone; `deltascope --data {name}` learns it"
        )));
    }
    let dataset = match (embedded, generator) {
        (Some(embedded), _) => (embedded.make)(),
        (_, Some(generator)) => generator.make(&source.making),
        (None, None) => {
            let read = format::read(source).and_then(|table| table.dataset(source.task()));
            read.map_err(|error| built_in::hinted(remedy::advised(error, source), &source.name))
        }
    };
    dataset?.learning(source.task())?.with(&source.extras)
}

/// Reads features alone, whatever labels there may be: those that are wanted by name, or all where not all of these are there;
/// and what is odd about them.
///
/// # Errors
/// As `load` has them, but for labels.
pub fn features(source: &Source, wanted: Vec<String>) -> Result<(Table, Vec<String>)> {
    let is_made = |name: &str| source.name == name;
    if EMBEDDED.iter().any(|embedded| is_made(embedded.name))
        || GENERATED.iter().any(|generator| is_made(generator.name))
    {
        let Dataset { name, x, features, image, warnings, .. } = load(source)?;
        let table = Table { image, ..Table::bare(name, x, features) };
        return Ok((table, warnings));
    }
    let source = Source { wanted: Some(wanted), test: None, ..source.clone() };
    let read = format::read(&source).and_then(|table| table.check_features().map(|()| table));
    let mut table = read.map_err(|error| built_in::hinted(remedy::advised(error, &source), &source.name))?;
    let warnings = std::mem::take(&mut table.warnings);
    Ok((table, warnings))
}

/// The names of the columns of a file, if it is a table of separated values with a header.
pub fn columns(source: &Source) -> Option<Vec<String>> {
    csv::names(&file::File::read(source.name.as_ref()).ok()?, source)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn prepared(name: &str, test_split: f64, seed: u64) -> Prepared {
        let dataset = load(&Source::named(name)).expect("an embedded set");
        prepare(Arc::new(dataset), &Preparation { test_split, seed, ..Preparation::default() }).expect("it is finite")
    }

    #[test]
    fn a_fifth_of_the_digits_is_359_and_1438_are_left() {
        let digits = prepared("digits", 0.2, 1);
        let test = digits.test.expect("a held-out part");
        assert_eq!((digits.train.x.dim(), test.x.dim()), ((1438, 64), (359, 64)));
        assert!(digits.train.x.iter().all(|&x| (0.0..=1.0).contains(&x)), "divided by 16");
        assert_eq!(digits.scaling.divisor, [16.0; 64]);
    }

    #[test]
    fn targets_are_one_hot() {
        let iris = prepared("iris", 0.2, 1);
        for (y, &class) in iris.train.y.rows().into_iter().zip(&iris.train.class) {
            assert_eq!(y.sum(), 1.0);
            assert_eq!(y[class], 1.0);
        }
    }

    #[test]
    fn xor_is_whole_and_as_it_is() {
        let xor = prepared("xor", 0.5, 1);
        assert!(xor.test.is_none());
        assert_eq!(xor.train.x, ndarray::array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
        assert_eq!(xor.train.class, [0, 1, 1, 0]);
    }

    #[test]
    fn another_seed_holds_out_other_samples_and_the_same_seed_the_same() {
        let rows = |seed| prepared("iris", 0.2, seed).test.expect("a held-out part").row;
        assert_eq!(rows(1), rows(1));
        assert_ne!(rows(1), rows(2));
    }

    #[test]
    fn a_target_in_an_embedded_set_is_refused() {
        let error = load(&Source { target: Some("species".into()), ..Source::named("iris") }).expect_err("it has one");
        assert_eq!(error.exit_status(), 2);
    }
}
