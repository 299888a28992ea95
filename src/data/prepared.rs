//! A data set split into training and held-out part, and scaled.

use std::sync::Arc;

use ndarray::{Array2, Axis, s};

use super::dataset::Dataset;
use super::scale::{Scale, Scaling};
use crate::error::Result;

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
    /// The scalings of features and targets that weights were saved with, in the place of the set's own where they fit.
    pub given: Option<(Scaling, Scaling)>,
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
