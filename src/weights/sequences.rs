//! Sequences for saved weights of recurrent nets: their inputs and classes found by name, in the order that the net has.

use super::kind::Kind;
use super::names::{self, refuse};
use super::weight_file::WeightFile;
use crate::data::sequences::{Sequences, Taught};
use crate::data::{Source, Task};
use crate::error::{Result, printable};
use crate::nn::Named;
use crate::nn::recurrent::OutputSteps;

/// Sequences with the inputs and outputs of the net, and the steps at which it is read; without targets where none are looked for.
/// Their warnings are those of the data and those of the weights.
///
/// # Errors
/// Whatever keeps the sequences from being read, or from being what the net takes and was taught.
pub fn sequences(weights: &WeightFile, source: &Source, labelled: bool) -> Result<Sequences> {
    if weights.kind == Kind::Dense {
        let found = "the weights of a dense net".to_string();
        let expected = format!("those of a recurrent net, since {} has sequences", source.name.display());
        return refuse(&weights.path.display().to_string(), found, expected);
    }
    let sizes = weights.sizes();
    let (inputs, outputs) = (sizes[0], sizes[sizes.len() - 1]);
    let about = weights.about.as_ref();
    let (features, names) = match about {
        Some(about) => (about.features.clone(), about.units()),
        None => (Vec::new(), (1..=outputs).map(|number| number.to_string()).collect()),
    };
    let task = about.map(|about| about.task()).or(source.task);
    let taught = Taught { task, unlabelled: (!labelled).then_some((features, names)) };
    let mut sequences = Sequences::load_for(source, &taught)?;
    let mut warnings = std::mem::take(&mut sequences.warnings);
    if let Some(about) = about {
        sequences = match sequences.is_text() {
            true => spelt(sequences, &about.features)?,
            false => with_inputs(sequences, &about.features, &mut warnings)?,
        };
    }
    let found = sequences.inputs.len();
    if found != inputs {
        return refuse(&sequences.name, format!("{found} inputs"), format!("{inputs}, as the net takes them"));
    }
    if let Some(about) = about {
        if about.task() != sequences.task {
            let found = format!("what is learnt as {}", sequences.task.name());
            return refuse(&sequences.name, found, format!("{}, as the net was taught", about.task().name()));
        }
        sequences = with_outputs(sequences, &about.units())?;
    }
    let answered = sequences.outputs.len();
    if answered != outputs {
        let found = format!("{answered} outputs ({})", printable(&sequences.outputs.join(", ")));
        return refuse(&sequences.name, found, format!("{outputs}, as the net has output units"));
    }
    if let Some(reads) = about.and_then(|about| about.reads()) {
        sequences = read_at(sequences, reads)?;
    }
    warnings.extend(weights.warnings.iter().cloned());
    sequences.warnings = warnings;
    Ok(sequences)
}

/// The inputs by their names; none where no name is the same, so that they are taken by their places.
fn with_inputs(sequences: Sequences, wanted: &[String], warnings: &mut Vec<String>) -> Result<Sequences> {
    let Some(places) = names::features(wanted, &sequences.inputs, warnings) else { return Ok(sequences) };
    if let Some((lacking, _)) = wanted.iter().zip(&places).find(|(_, place)| place.is_none()) {
        return names::lacking(&sequences.name, lacking);
    }
    let order: Vec<usize> = places.into_iter().flatten().collect();
    Ok(sequences.with_inputs(&order, wanted.to_vec()))
}

/// Classes in the order that the net has learnt.
fn with_outputs(sequences: Sequences, taught: &[String]) -> Result<Sequences> {
    if sequences.task != Task::Classes {
        return Ok(sequences);
    }
    let places = names::classes(&sequences.name, &sequences.outputs, taught)?;
    Ok(sequences.with_outputs(&places, taught.to_vec()))
}

/// A text in the symbols that the net has learnt.
fn spelt(sequences: Sequences, taught: &[String]) -> Result<Sequences> {
    let mut places = Vec::new();
    for symbol in &sequences.inputs {
        let Some(place) = taught.iter().position(|other| other == symbol) else {
            let expected = format!("one that the net has learnt: {}", printable(&taught.join("")));
            return refuse(&sequences.name, format!("the character {}", printable(symbol)), expected);
        };
        places.push(place);
    }
    Ok(sequences.with_symbols(&places, taught))
}

/// The targets at the steps at which the net is read.
fn read_at(sequences: Sequences, reads: OutputSteps) -> Result<Sequences> {
    let name = sequences.name.clone();
    let expected = "one for each sequence, since the net is read after the last step";
    let read = sequences.read_at(reads).map(Ok);
    read.unwrap_or_else(|| refuse(&name, "targets that change within a sequence".into(), expected.into()))
}
