//! Reading the files of expected numbers.

use std::fs;
use std::path::{Path, PathBuf};

use deltascope::nn::{Activation, Named, Network, Output};
use ndarray::{Array2, Axis};
use serde_json::Value;

/// A file of expected numbers.
pub struct Oracle {
    pub name: String,
    value: Value,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles")
}

/// Every file of a kind; all of the folder's files have one of the kinds that the tests ask for.
pub fn all(kind: &str) -> Vec<Oracle> {
    let entries = fs::read_dir(folder()).expect("the folder is readable").map(|entry| entry.expect("an entry").path());
    let mut oracles: Vec<Oracle> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(Oracle::read)
        .collect();
    oracles.retain(|oracle| oracle.text("kind") == kind);
    oracles.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!oracles.is_empty(), "no oracle of kind {kind}");
    oracles
}

impl Oracle {
    /// One file.
    pub fn read(path: PathBuf) -> Self {
        let text = fs::read(&path).expect("the file is readable");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Self { name, value: serde_json::from_slice(&text).expect("the file is JSON") }
    }

    /// A part of the file, as an oracle of its own.
    pub fn at(&self, pointer: &str) -> Oracle {
        let value = self.value.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", self.name)).clone();
        Oracle { name: format!("{}{pointer}", self.name), value }
    }

    pub fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some_and(|value| !value.is_null())
    }

    pub fn text(&self, key: &str) -> &str {
        self.value[key].as_str().unwrap_or_default()
    }

    pub fn number(&self, key: &str) -> f64 {
        self.value[key].as_f64().unwrap_or_else(|| panic!("{}: {key} is no number", self.name))
    }

    pub fn count(&self, key: &str) -> usize {
        self.value[key].as_u64().unwrap_or_else(|| panic!("{}: {key} is no count", self.name)) as usize
    }

    pub fn numbers(&self, key: &str) -> Vec<f64> {
        numbers(&self.value[key])
    }

    pub fn counts(&self, key: &str) -> Vec<usize> {
        self.numbers(key).into_iter().map(|number| number as usize).collect()
    }

    /// The names in an object.
    pub fn keys(&self, key: &str) -> Vec<String> {
        self.value[key].as_object().expect("an object").keys().cloned().collect()
    }

    /// The items of a list.
    pub fn items(&self, key: &str) -> Vec<Oracle> {
        (0..self.value[key].as_array().expect("a list").len())
            .map(|index| self.at(&format!("/{key}/{index}")))
            .collect()
    }

    pub fn matrix(&self, key: &str) -> Array2<f64> {
        matrix(&self.value[key])
    }

    /// A list of matrices, such as Θ^(1) … Θ^(L−1).
    pub fn matrices(&self, key: &str) -> Vec<Array2<f64>> {
        self.value[key].as_array().expect("a list of matrices").iter().map(matrix).collect()
    }

    /// An entry of an object of matrices with one column a sample, turned to one row a sample.
    pub fn of_layer(&self, key: &str, l: usize) -> Array2<f64> {
        matrix(&self.value[key][l.to_string()]).reversed_axes()
    }

    pub fn sizes(&self) -> Vec<usize> {
        self.counts("layers")
    }

    /// The network that the file describes, with these weights.
    pub fn network(&self, theta: Vec<Array2<f64>>) -> Network<f64> {
        let hidden = Activation::named(&self.text("hidden").replace('_', "-")).expect("an activation");
        let layers = theta.len() - 1;
        Network { theta, hidden: vec![hidden; layers], output: self.output() }
    }

    pub fn output(&self) -> Output {
        match (self.text("output"), self.text("loss")) {
            ("sigmoid", "bce_sum") => Output::Sigmoid,
            ("softmax", "softmax_ce") => Output::Softmax,
            ("linear", "half_squared_error") => Output::Linear,
            ("sigmoid", "half_squared_error") => Output::SigmoidMse,
            other => panic!("{}: {other:?} is no pair of the program's", self.name),
        }
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value.as_array().expect("a matrix").iter().map(numbers).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let mut matrix = Array2::zeros((rows.len(), columns));
    for (row, numbers) in matrix.axis_iter_mut(Axis(0)).zip(&rows) {
        row.into_iter().zip(numbers).for_each(|(entry, &number)| *entry = number);
    }
    matrix
}
