//! New data for saved weights: their features found by name and scaled as the weights had them.

use std::collections::HashSet;
use std::sync::Arc;

use ndarray::{Array2, Axis};

use super::kind::Kind;
use super::names::{self, refuse};
use super::{About, WeightFile};
use crate::data::labels::is_same;
use crate::data::{self, Dataset, Extra, Part, Prepared, Scale, Scaling, Source, Targets, Task, extra};
use crate::error::{Error, Result, printable};
use crate::nn::Named;

/// Rows of features with their names.
struct Features<'a> {
    name: &'a str,
    x: &'a Array2<f64>,
    names: &'a [String],
}

/// Features, m × S_1, scaled; the number in the file of each row, counted from 0; and what is odd about them.
pub type Unlabelled = (Array2<f64>, Vec<usize>, Vec<String>);

/// The features of data without labels.
///
/// # Errors
/// Whatever keeps the data from being read, or from being what the net takes.
pub fn unlabelled(weights: &WeightFile, source: &Source, scale: Option<Scale>) -> Result<Unlabelled> {
    let source = asked(weights, source)?;
    let scaling = scaling(weights, scale)?;
    let wanted = weights.about.as_ref().map_or_else(Vec::new, |about| about.features.clone());
    let (read, mut warnings) = data::features(&Source { extras: Vec::new(), ..source.clone() }, wanted)?;
    let rows = read.numbers();
    let found = Features { name: &read.name, x: &read.x, names: &read.features };
    let chosen = weights.about.as_ref().map(|about| chosen(&about.features, &found, &mut warnings)).transpose()?;
    let x = chosen.flatten().unwrap_or(read.x);
    takes(weights, &read.name, Extra::columns(&source.extras, x.ncols()))?;
    warnings.extend(said(weights, source.task(), (scale, None)));
    let x = extra::extended(&x, &source.extras);
    Ok((scaling.apply(x, ("the saved scaling", &read.name, &read.features))?, rows, warnings))
}

/// Data with labels as a part to be measured, and what is odd about them.
///
/// # Errors
/// Whatever keeps the data from being read, or from being what the net takes and was taught.
pub fn labelled(weights: &WeightFile, source: &Source, scale: Option<Scale>) -> Result<(Arc<Prepared>, Vec<String>)> {
    let scaling = scaling(weights, scale)?;
    let mut dataset = fitted(weights, source, (scale, None))?;
    let mut warnings = std::mem::take(&mut dataset.warnings);
    if let Some(first) = dataset.held_out {
        let (rows, held_out) = (dataset.x.nrows(), dataset.x.nrows() - first);
        warnings.push(format!("all {rows} rows are measured, the {held_out} that are held out among them"));
    }
    takes(weights, &dataset.name, dataset.x.ncols())?;
    let targets = &dataset.targets;
    let outputs = *weights.sizes().last().expect("a net has an output layer");
    if targets.outputs().len() != outputs {
        let count = targets.outputs().len();
        let names = printable(&targets.outputs().join(", "));
        let found = format!("{count} target{} ({names})", if count == 1 { "" } else { "s" });
        let several = outputs > 1 && !source.task().has_classes() && source.target.is_none();
        let hint = if several { " (--target A,B names several columns)" } else { "" };
        return refuse(&dataset.name, found, format!("{outputs}, as the net has output units{hint}"));
    }
    let target_scaling = weights.scalings().map_or_else(|| Scaling::none(outputs), |(_, targets)| targets);
    let row: Vec<usize> = (0..dataset.x.nrows()).collect();
    let y = target_scaling.apply(targets.of(&row), ("the saved scaling", &dataset.name, targets.outputs()))?;
    let x = scaling.apply(dataset.x.clone(), ("the saved scaling", &dataset.name, &dataset.features))?;
    let train = Part { x, y, class: targets.class().to_vec(), row };
    Ok((Arc::new(Prepared { dataset: Arc::new(dataset), train, test: None, scaling, target_scaling }), warnings))
}

/// Data with labels in the order and under the names that the net was trained with, unscaled. Their warnings are those of the data and
/// those of the weights, also of features and targets that are taken as they are since no scaling is asked for.
///
/// # Errors
/// Whatever keeps the data from being read, or from having what the net was trained with; whether there are as many features and targets
/// as it has units is left open.
pub fn fitted(weights: &WeightFile, source: &Source, scales: (Option<Scale>, Option<Scale>)) -> Result<Dataset> {
    let mut source = asked(weights, source)?;
    source.target = source.target.take().or_else(|| target(weights, &source));
    let mut dataset = data::load(&Source { extras: Vec::new(), ..source.clone() })?;
    let mut warnings = std::mem::take(&mut dataset.warnings);
    if let Some(about) = &weights.about {
        let found = Features { name: &dataset.name, x: &dataset.x, names: &dataset.features };
        if let Some(x) = chosen(&about.features, &found, &mut warnings)? {
            // In another order they are no pictures.
            dataset.image = dataset.image.filter(|_| dataset.features == about.features);
            (dataset.x, dataset.features) = (x, about.features.clone());
        }
        // Other features than the net takes are of other data; they are refused by their number.
        if takes(weights, &dataset.name, Extra::columns(&source.extras, dataset.x.ncols())).is_ok() {
            dataset.targets = targets(about, &dataset, &mut warnings)?;
        }
    }
    warnings.extend(said(weights, source.task(), scales));
    dataset.warnings = warnings;
    dataset.with(&source.extras)
}

/// The source as the weights need it read: with their task, their added features, their values of text.
///
/// # Errors
/// `Error::Usage` for flags that contradict the file.
pub fn asked(weights: &WeightFile, source: &Source) -> Result<Source> {
    let mut source = source.clone();
    // What is learnt of sequences is not said by flags.
    let Some(about) = weights.about.as_ref().filter(|_| weights.kind == Kind::Dense) else { return Ok(source) };
    let names = |extras: &[Extra]| match extras {
        [] => "none".into(),
        extras => extras.iter().map(|extra| extra.name()).collect::<Vec<_>>().join(","),
    };
    let refuse = |flag: &str, given: &str, taught: &str| {
        Err(Error::Usage(format!("--{flag} {given}: the net of {} was trained with --{flag} {taught}", weights.name())))
    };
    let (task, extras) = (about.task(), about.extras());
    if let Some(given) = source.task.filter(|&given| given != task) {
        return refuse("task", given.name(), task.name());
    }
    if !source.extras.is_empty() && source.extras != extras {
        return refuse("add", &names(&source.extras), &names(&extras));
    }
    if source.task() != task {
        source.task = Some(task);
    }
    source.extras = extras;
    // A feature of a value of text has the name of both.
    source.reading.one_hot |= about.features.iter().any(|name| name.contains('='));
    Ok(source)
}

/// The target that has the net's own names of numbers or labels; `None` unless the table has a column of each name.
fn target(weights: &WeightFile, source: &Source) -> Option<String> {
    let about = weights.about.as_ref().filter(|about| !about.task().has_classes())?;
    let columns = data::columns(source)?;
    let is_there = |name: &String| columns.contains(name) && (about.names.len() == 1 || !name.contains(','));
    about.names.iter().all(is_there).then(|| about.names.join(","))
}

/// The warnings about the weights, and about what is taken as it is.
fn said(weights: &WeightFile, task: Task, (scale, target_scale): (Option<Scale>, Option<Scale>)) -> Vec<String> {
    let numbers = task == Task::Regression && target_scale.is_none();
    let what = match (scale, numbers) {
        _ if weights.about.is_some() => None,
        (None, true) => Some("features and targets are taken as they are (--scale scales the features)"),
        (None, false) => Some("features are taken as they are (--scale scales them)"),
        (Some(_), true) => Some("targets are taken as they are"),
        (Some(_), false) => None,
    };
    let unscaled = what.map(|what| format!("{} has no scaler: {what}", weights.name()));
    weights.warnings.iter().cloned().chain(unscaled).collect()
}

/// The scaling of new data: that of the weights, or the one that is asked for.
fn scaling(weights: &WeightFile, scale: Option<Scale>) -> Result<Scaling> {
    let inputs = weights.sizes()[0];
    match scale {
        None => Ok(weights.scalings().map_or_else(|| Scaling::none(inputs), |(scaling, _)| scaling)),
        Some(Scale::None) => Ok(Scaling::none(inputs)),
        Some(Scale::By(divisor)) => Ok(Scaling { divisor: vec![divisor; inputs], ..Scaling::none(inputs) }),
        Some(Scale::Standard | Scale::Max) => {
            let reason = "new data are scaled by the numbers of the data that the net learnt from: none, or a number to divide by";
            Err(Error::Usage(format!("--scale: {reason}")))
        }
    }
}

/// Refuses another number of features than the net has inputs.
fn takes(weights: &WeightFile, name: &str, features: usize) -> Result<()> {
    let inputs = weights.sizes()[0];
    match features == inputs {
        true => Ok(()),
        false => refuse(name, format!("{features} features"), format!("{inputs}, as the net takes them")),
    }
}

/// The columns that are wanted by their names; none where no name is the same, so that they are taken by their places.
fn chosen(wanted: &[String], found: &Features, warnings: &mut Vec<String>) -> Result<Option<Array2<f64>>> {
    let Some(places) = names::features(wanted, found.names, warnings) else { return Ok(None) };
    // The column of text that a feature is a value of.
    let text = |name: &String| name.split_once('=').map(|(column, _)| column.to_string());
    let of_text: HashSet<String> = found.names.iter().filter_map(text).collect();
    // A value that the net has not seen would be taken for none of those that it has.
    let columns: HashSet<String> = wanted.iter().filter_map(text).collect();
    let known: HashSet<&String> = wanted.iter().collect();
    let is_value = |name: &String| text(name).is_some_and(|column| columns.contains(&column));
    if let Some(unknown) = found.names.iter().find(|name| is_value(name) && !known.contains(name)) {
        let value = format!("the value {}", printable(unknown));
        return refuse(found.name, value, "a value that the net has learnt".into());
    }
    let mut x = Array2::zeros((found.x.nrows(), wanted.len()));
    for ((name, place), mut to) in wanted.iter().zip(places).zip(x.columns_mut()) {
        match place {
            Some(index) => to.assign(&found.x.column(index)),
            // None of these rows has this value.
            None if text(name).is_some_and(|column| of_text.contains(&column)) => {}
            None => return names::lacking(found.name, name),
        }
    }
    Ok(Some(x))
}

/// The targets with the names and the order that the net was taught.
fn targets(about: &About, dataset: &Dataset, warnings: &mut Vec<String>) -> Result<Targets> {
    let taught = &about.names;
    let in_order = |y: &Array2<f64>, own: &[String], warnings: &mut Vec<String>| {
        // The column of each name that the net was taught.
        let columns: Vec<usize> =
            taught.iter().filter_map(|name| own.iter().position(|own| is_same(own, name))).collect();
        if columns.len() == taught.len() && own.len() == taught.len() {
            return (y.select(Axis(1), &columns), taught.clone());
        }
        if own.len() == taught.len() {
            let [own, taught] = [own, taught].map(|names| printable(&names.join(", ")));
            warnings.push(format!("the targets {own} are taken in their order as the {taught} of the net"));
        }
        (y.clone(), own.to_vec())
    };
    Ok(match &dataset.targets {
        Targets::Classes { class, names: own, single } => {
            let places = names::classes(&dataset.name, own, taught)?;
            let class = class.iter().map(|&class| places[class]).collect();
            Targets::Classes { class, names: taught.clone(), single: *single }
        }
        Targets::Numbers { y, names: own } => {
            let (y, names) = in_order(y, own, warnings);
            Targets::Numbers { y, names }
        }
        Targets::Labels { y, names: own } => {
            let (y, names) = in_order(y, own, warnings);
            Targets::Labels { y, names }
        }
    })
}
