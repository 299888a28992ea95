//! Data sets: what a network learns from, how it is split, and how its features are scaled.

pub mod csv;
pub mod describe;
pub mod embedded;
pub mod extra;
pub mod file;
pub mod format;
pub mod generated;
pub mod idx;
pub mod labels;
pub mod mat;
pub mod npy;
pub mod moments;
mod oddities;
mod parts;
mod remedy;
pub mod scale;
pub mod sequences;
pub mod split;
pub mod suited;
pub mod svmlight;
mod table;
pub mod targets;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use ndarray::{Array2, Axis, s};

use crate::error::{Error, Result, printable};
use crate::nn::Named;

pub use describe::{describe, list};
pub use embedded::EMBEDDED;
pub use extra::Extra;
pub use format::FORMATS;
pub use generated::{GENERATED, Generator, Making};
pub use labels::Labels;
pub use parts::is_of_data;
pub use scale::{Scale, Scaling};
pub use suited::{RECURRENT, Suited, suited};
pub use table::Table;
pub use targets::{Targets, Task};

/// A data set as it was read: features unscaled, one row a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Name of the set, or the path of its file, as it may be printed.
    pub name: String,
    /// Features, m × S_1, unscaled.
    pub x: Array2<f64>,
    /// What is to be learnt of each of the m samples.
    pub targets: Targets,
    /// Names of the S_1 features.
    pub features: Vec<String>,
    /// What the last of them were made by, from the ones before.
    pub extras: Vec<Extra>,
    /// Width and height of the picture that a row is, for image data; row-major, so S_1 = width × height.
    pub image: Option<(usize, usize)>,
    /// Whether the set is whole as it is and is never split (`xor`).
    pub never_split: bool,
    /// The first of the rows that are held out, where the files say which these are.
    pub held_out: Option<usize>,
    /// The scaling of the features unless another one is asked for.
    pub scale: Scale,
    /// The scaling of the numbers that are learnt unless another one is asked for.
    pub target_scale: Scale,
    /// One line on where the set comes from and under which licence; empty for a file of the user's.
    pub origin: String,
    /// What is odd about the file, one sentence each, for stderr lines `warning: …`.
    pub warnings: Vec<String>,
}

/// The samples of a training or held-out part, scaled.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Features, m × S_1, scaled.
    pub x: Array2<f64>,
    /// Targets, m × K, as the output units should have them: one-hot classes, scaled numbers, 0 and 1 for labels.
    pub y: Array2<f64>,
    /// Class of each sample; empty where there are no classes.
    pub class: Vec<usize>,
    /// Row of each sample in the data set, counted from 0.
    pub row: Vec<usize>,
}

/// A data set split into training and held-out part, scaled by the training part's numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The set that both parts are made from.
    pub dataset: Arc<Dataset>,
    /// What the network learns from: the m of λ/m counts these samples.
    pub train: Part,
    /// What is held out, if anything is.
    pub test: Option<Part>,
    /// The scaling of both parts' features.
    pub scaling: Scaling,
    /// The scaling of both parts' targets, which only numbers have.
    pub target_scaling: Scaling,
}

/// Where a data set comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Name of an embedded or a generated set, or else the path of a file in one of the `FORMATS`; `./digits` is a file of that name.
    pub name: OsString,
    /// What is learnt; as the set has it if `None`.
    pub task: Option<Task>,
    /// The column of a file that is learnt, by its name or else its number from 1; the last one if `None`. Several stand behind
    /// each other with commas.
    pub target: Option<String>,
    /// The features that are wanted by name where labels are not looked for; all where the file does not have all of these.
    pub wanted: Option<Vec<String>>,
    /// How a file of separated values is read.
    pub reading: Reading,
    /// The file of the labels, where they are not in the file of the features or beside it.
    pub labels: Option<PathBuf>,
    /// The file of the samples that are held out.
    pub test: Option<PathBuf>,
    /// The file of their labels.
    pub test_labels: Option<PathBuf>,
    /// Whether this is the file of the samples that are held out.
    pub is_test: bool,
    /// What a generated set is made by.
    pub making: Making,
    /// Features that are made from the ones that are read.
    pub extras: Vec<Extra>,
}

/// What the first line of a file of separated values is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// The program decides.
    #[default]
    Found,
    /// It is found out, in a file that continues one without names: a line of numbers is a row in any case.
    RowsBefore,
    /// It holds the names of the columns.
    Present,
    /// It is a row already; columns are called by their numbers.
    Absent,
}

/// How a file of separated values is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What separates the fields; found in the first line if `None`.
    pub separator: Option<char>,
    /// What the first line is.
    pub header: Header,
    /// Whether rows with a missing value are left out, which else are refused.
    pub drop_missing: bool,
    /// Whether a column of text becomes one feature for each of its values, which else is refused.
    pub one_hot: bool,
}

impl Source {
    /// An embedded set, or a file read as it is found.
    pub fn named(name: impl Into<OsString>) -> Self {
        Self {
            name: name.into(),
            task: None,
            target: None,
            wanted: None,
            reading: Reading::default(),
            labels: None,
            test: None,
            test_labels: None,
            is_test: false,
            making: Making::default(),
            extras: Vec::new(),
        }
    }

    /// What is learnt.
    pub fn task(&self) -> Task {
        let of_generated = || GENERATED.iter().find(|generator| self.name == generator.name).map(Generator::task);
        self.task.or_else(of_generated).unwrap_or(Task::Classes)
    }
}

/// How a data set is made ready for training.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preparation {
    /// The scaling of the features, if not the data set's own.
    pub scale: Option<Scale>,
    /// The scaling of the numbers that are learnt, if not the data set's own.
    pub target_scale: Option<Scale>,
    /// Share of the samples that is held out, from 0 up to, but not including, 1.
    pub test_split: f64,
    /// Seed that chooses the samples held out.
    pub seed: u64,
    /// The scalings of features and targets that weights were kept with, in the place of the set's own where they fit.
    pub given: Option<(Scaling, Scaling)>,
}

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
            read.map_err(|error| remedy::advised(error, source))
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
    let mut table = read.map_err(|error| remedy::advised(error, &source))?;
    let warnings = std::mem::take(&mut table.warnings);
    Ok((table, warnings))
}

/// The names of the columns of a file, if it is a table of separated values with a header.
pub fn columns(source: &Source) -> Option<Vec<String>> {
    csv::names(&file::File::read(source.name.as_ref()).ok()?, source)
}

impl Dataset {
    /// The rows of the training part and those held out: a share chosen by the seed, unless the set itself says which these are.
    pub fn parts(&self, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
        let share = if self.never_split { 0.0 } else { share };
        match (self.held_out, &self.targets) {
            (Some(first), _) => ((0..first).collect(), (first..self.x.nrows()).collect()),
            (None, Targets::Classes { class, names, .. }) => split::stratified(class, names.len(), share, seed),
            (None, _) => split::stratified(&vec![0; self.x.nrows()], 1, share, seed),
        }
    }

    /// The set with another task, where its targets serve that as well.
    fn learning(mut self, task: Task) -> Result<Self> {
        let name = printable(&self.name);
        match (&mut self.targets, task) {
            (targets, task) if targets.task() == task => {}
            (Targets::Classes { names, single, .. }, Task::Binary) if names.len() == 2 => *single = true,
            (targets, task) => {
                let has = match targets {
                    Targets::Classes { names, .. } => format!("{} classes", names.len()),
                    Targets::Numbers { .. } => "numbers".into(),
                    Targets::Labels { .. } => "labels".into(),
                };
                return Err(Error::Usage(format!("--task {}: {name} has {has} to be learnt", task.name())));
            }
        }
        Ok(self)
    }
}

/// Splits a data set and scales both parts by the training part's numbers.
///
/// # Errors
/// `Error::Data` if a feature's or a target's scaled values are not finite.
pub fn prepare(dataset: Arc<Dataset>, options: &Preparation) -> Result<Prepared> {
    let (train, test) = dataset.parts(options.test_split, options.seed);
    let scale = options.scale.unwrap_or(dataset.scale);
    let target_scale = options.target_scale.unwrap_or(dataset.target_scale);
    let features = rows(&dataset, &train);
    let y = dataset.targets.of(&train);
    let fits = |given: &Scaling, columns: usize| given.divisor.len() == columns;
    let given = options.given.as_ref();
    let scaling = match given.filter(|(given, _)| options.scale.is_none() && fits(given, features.ncols())) {
        Some((given, _)) => given.clone(),
        None => Scaling::of(scale, features.view()),
    };
    let target_scaling = match given.filter(|(_, given)| options.target_scale.is_none() && fits(given, y.ncols())) {
        Some((_, given)) => given.clone(),
        None => Scaling::of(target_scale, y.view()),
    };
    let both = (&scaling, &target_scaling);
    let train = part(&dataset, train, features, both)?;
    let features = rows(&dataset, &test);
    let test = if test.is_empty() { None } else { Some(part(&dataset, test, features, both)?) };
    Ok(Prepared { dataset, train, test, scaling, target_scaling })
}

/// Some rows of the features; those that follow each other need no search.
fn rows(dataset: &Dataset, row: &[usize]) -> Array2<f64> {
    match row {
        [first, .., last] if last - first + 1 == row.len() => dataset.x.slice(s![*first..=*last, ..]).to_owned(),
        row => dataset.x.select(Axis(0), row),
    }
}

fn part(
    dataset: &Dataset,
    row: Vec<usize>,
    features: Array2<f64>,
    (scaling, target_scaling): (&Scaling, &Scaling),
) -> Result<Part> {
    let targets = &dataset.targets;
    let x = scaling.apply(features, ("--scale", &dataset.name, &dataset.features))?;
    let y = target_scaling.apply(targets.of(&row), ("--target-scale", &dataset.name, targets.outputs()))?;
    let class =
        if targets.class().is_empty() { Vec::new() } else { row.iter().map(|&row| targets.class()[row]).collect() };
    Ok(Part { x, y, class, row })
}

#[cfg(test)]
mod tests {
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
