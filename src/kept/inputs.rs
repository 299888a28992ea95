//! New data for weights that were kept: their features found by name and scaled as the weights had them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ndarray::Array2;

use super::Kept;
use crate::data::{self, Dataset, Part, Prepared, Scale, Scaling, Source, Targets, extra};
use crate::error::{Error, Place, Result, printable};

/// Rows of features with their names.
struct Features {
    name: String,
    x: Array2<f64>,
    names: Vec<String>,
}

/// The features of data without labels, m × S_1, scaled; and what is odd about them.
///
/// # Errors
/// Whatever keeps the data from being read, or from being what the net takes.
pub fn unlabelled(kept: &Kept, source: &Source, scale: Option<Scale>) -> Result<(Array2<f64>, Vec<String>)> {
    let wanted = kept.about.as_ref().map_or_else(Vec::new, |about| about.features.clone());
    let (features, mut warnings) = data::features(&asking(kept, source), wanted)?;
    let found = Features { name: features.name, x: features.x, names: features.features };
    let (x, _) = ready(kept, found, scale, &mut warnings)?;
    Ok((x, warnings))
}

/// Data with labels as a part to be measured, and what is odd about them.
///
/// # Errors
/// Whatever keeps the data from being read, or from being what the net takes and was taught.
pub fn labelled(kept: &Kept, source: &Source, scale: Option<Scale>) -> Result<(Arc<Prepared>, Vec<String>)> {
    let task = kept.about.as_ref().map(super::About::task);
    let source = Source { task: task.or(source.task), ..asking(kept, source) };
    let dataset = data::load(&source)?;
    let mut warnings = dataset.warnings.clone();
    let found = Features { name: dataset.name.clone(), x: dataset.x.clone(), names: dataset.features.clone() };
    let (x, scaling) = ready(kept, found, scale, &mut warnings)?;
    let targets = targets(kept, &dataset)?;
    let outputs = targets.outputs().len();
    let target_scaling = kept.scalings().map_or_else(|| unscaled(outputs), |(_, targets)| targets);
    let row: Vec<usize> = (0..x.nrows()).collect();
    let y = target_scaling.apply(targets.of(&row), ("the saved scaling", &dataset.name, targets.outputs()))?;
    let class = targets.class().to_vec();
    let dataset = Arc::new(Dataset { targets, ..dataset });
    Ok((
        Arc::new(Prepared { dataset, train: Part { x, y, class, row }, test: None, scaling, target_scaling }),
        warnings,
    ))
}

/// The source as the weights need it read; features are made from the ones that are read afterwards.
fn asking(kept: &Kept, source: &Source) -> Source {
    let mut source = Source { extras: Vec::new(), ..source.clone() };
    // A feature of a value of text has the name of both.
    source.reading.one_hot |=
        kept.about.as_ref().is_some_and(|about| about.features.iter().any(|name| name.contains('=')));
    source
}

/// The features that the net takes, in its order, with those made from them, scaled; and the scaling.
fn ready(
    kept: &Kept,
    found: Features,
    scale: Option<Scale>,
    warnings: &mut Vec<String>,
) -> Result<(Array2<f64>, Scaling)> {
    let inputs = kept.sizes()[0];
    let source = found.name.clone();
    let refuse =
        |place, found: String, expected: String| Err(Error::Data { source: source.clone(), place, found, expected });
    let (x, names) = match &kept.about {
        Some(about) => {
            let x = chosen(&about.features, found, warnings)?;
            (extra::extended(&x, &about.extras()), about.features.clone())
        }
        None => (found.x, found.names),
    };
    if x.ncols() != inputs {
        return refuse(Place::default(), format!("{} features", x.ncols()), format!("{inputs}, as the net takes them"));
    }
    let scaling = match (kept.scalings(), scale) {
        (Some((scaling, _)), None) => scaling,
        (_, Some(Scale::By(divisor))) => Scaling { divisor: vec![divisor; inputs], ..unscaled(inputs) },
        (_, Some(Scale::None)) => unscaled(inputs),
        (_, Some(Scale::Standard | Scale::Max)) => {
            let reason = "new data are scaled by the numbers of the data that the net learnt from: none, or a number to divide by";
            return Err(Error::Usage(format!("--scale: {reason}")));
        }
        (None, None) => {
            warnings.push(format!(
                "{} has no scaler: features are taken as they are",
                printable(&kept.path.display().to_string())
            ));
            unscaled(inputs)
        }
    };
    let x = scaling.apply(x, ("the saved scaling", &source, &names))?;
    Ok((x, scaling))
}

fn unscaled(columns: usize) -> Scaling {
    Scaling { scale: Scale::None, shift: vec![0.0; columns], divisor: vec![1.0; columns] }
}

/// The columns that are wanted: by their names, or by their places where no name is the same.
fn chosen(wanted: &[String], found: Features, warnings: &mut Vec<String>) -> Result<Array2<f64>> {
    // Of two with one name the first is taken.
    let place: HashMap<&str, usize> =
        found.names.iter().enumerate().rev().map(|(index, name)| (name.as_str(), index)).collect();
    let at = |name: &String| place.get(name.as_str()).copied();
    // The column of text that a feature is a value of.
    let text = |name: &String| name.split_once('=').map(|(column, _)| column.to_string());
    let of_text: HashSet<String> = found.names.iter().filter_map(text).collect();
    let error = |found_there: String, expected: String| {
        let place = Place::default();
        Err(Error::Data { source: found.name.clone(), place, found: found_there, expected })
    };
    if wanted.iter().all(|name| at(name).is_none()) {
        if found.x.ncols() != wanted.len() {
            return error(format!("{} features", found.x.ncols()), format!("{}, as the net takes them", wanted.len()));
        }
        if found.names != wanted {
            warnings.push("no feature has a name that the net knows: they are taken in their order".into());
        }
        return Ok(found.x);
    }
    // A value that the net has not seen would be taken for none of those that it has.
    let columns: HashSet<String> = wanted.iter().filter_map(text).collect();
    let known: HashSet<&String> = wanted.iter().collect();
    let is_value = |name: &String| text(name).is_some_and(|column| columns.contains(&column));
    let unknown = found.names.iter().find(|name| is_value(name) && !known.contains(name));
    if let Some(unknown) = unknown {
        return error(format!("the value {}", printable(unknown)), "a value that the net has learnt".into());
    }
    let mut x = Array2::zeros((found.x.nrows(), wanted.len()));
    for (name, mut to) in wanted.iter().zip(x.columns_mut()) {
        match at(name) {
            Some(index) => to.assign(&found.x.column(index)),
            // None of these rows has this value.
            None if text(name).is_some_and(|column| of_text.contains(&column)) => {}
            None => return error("features without it".into(), format!("the feature {}", printable(name))),
        }
    }
    Ok(x)
}

/// The targets with the names and the order that the net was taught.
fn targets(kept: &Kept, dataset: &Dataset) -> Result<Targets> {
    let outputs = *kept.sizes().last().expect("a net has an output layer");
    let names = kept.about.as_ref().map_or_else(|| dataset.targets.outputs().to_vec(), |about| about.names.clone());
    let refuse = |found: String, expected: String| {
        Err(Error::Data { source: dataset.name.clone(), place: Place::default(), found, expected })
    };
    let targets = match &dataset.targets {
        Targets::Classes { class, names: own, single } if kept.about.is_some() => {
            let mut place = Vec::new();
            for name in own {
                match names.iter().position(|other| other == name) {
                    Some(index) => place.push(index),
                    None => {
                        let known = printable(&names.join(", "));
                        return refuse(
                            format!("the class {}", printable(name)),
                            format!("one that the net has learnt: {known}"),
                        );
                    }
                }
            }
            Targets::Classes { class: class.iter().map(|&class| place[class]).collect(), names, single: *single }
        }
        other => other.clone(),
    };
    if targets.outputs().len() != outputs {
        let found = format!("{} targets ({})", targets.outputs().len(), printable(&targets.outputs().join(", ")));
        return refuse(found, format!("{outputs}, as the net has output units"));
    }
    Ok(targets)
}
