//! Why a net has no number for an equation of the book, in words.

use crate::derivation::Sample;
use crate::derivation::graph::activation_equations;
use crate::nn::{Activation, AnyModel, Cell, Named, Optimizer, Output, Penalty};
use crate::train::{Schedule, Snapshot};

/// What a net lacks that does not have the equation of this number, as the rest of a sentence that begins with "since".
pub(super) fn lacks(number: &str, snapshot: &Snapshot, sample: Sample) -> String {
    let of_extension = number.strip_prefix("3.2 ").and_then(|name| extension(name, snapshot, sample));
    of_extension.or_else(|| derivation(number, snapshot)).unwrap_or_else(|| "this net does not have it".into())
}

fn extension(name: &str, snapshot: &Snapshot, sample: Sample) -> Option<String> {
    let config = &snapshot.config;
    let has_no = |what: &str| Some(format!("this net has no {what}"));
    let learns = || Some(format!("this net is updated by {}", config.optimizer.name()));
    let cell = match &snapshot.model {
        AnyModel::Recurrent(network) => Some(network.cell),
        AnyModel::Dense(_) => None,
    };
    match name {
        "softmax" | "linear" | "sigmoid-mse" => has_no(&format!("{name} output")),
        "momentum" | "Nesterov" | "RMSProp" | "Adam" | "AdamW" => learns(),
        "L1" => has_no("L1 penalty"),
        "none" => Some("this net has a penalty".into()),
        "start" if config.weights.is_some() => Some("the weights of this net were read from a file".into()),
        "start" if snapshot.position.step > 0 => Some("updates have changed the weights of this net".into()),
        "start" => Some(format!("the weights of this net were drawn by --init {}", Named::name(config.init))),
        "schedule" if config.schedule == Schedule::Constant => Some("the learning rate of this run stays".into()),
        "clip" if config.clip.is_none() => Some("the gradients of this run are not clipped".into()),
        "clip" => Some("the gradient of this update is not longer than --clip".into()),
        "dropout" if config.dropout == 0.0 => has_no("dropout"),
        "dropout" if sample.carried(snapshot).is_none() => {
            Some("no unit is left out of a sample that the next batch does not hold".into())
        }
        "recurrent" | "GRU" | "LSTM" if cell.is_none() => Some("this net is not recurrent".into()),
        "recurrent" => Some("its cell computes this otherwise".into()),
        "GRU" if cell != Some(Cell::Gru) => has_no("GRU"),
        "LSTM" if cell != Some(Cell::Lstm) => has_no("LSTM"),
        _ => {
            let mut rules = Activation::ALL.iter();
            let rule = rules.find(|rule| activation_equations(**rule)[0].number == format!("3.2 {name}"))?;
            has_no(&format!("{} layer", rule.name()))
        }
    }
}

fn derivation(number: &str, snapshot: &Snapshot) -> Option<String> {
    let AnyModel::Dense(network) = &snapshot.model else { return Some("this net is recurrent".into()) };
    let (config, sizes) = (&snapshot.config, network.sizes());
    let hidden = sizes.len().saturating_sub(2);
    let is_of_output = number == "1.2.1" || number.starts_with("2.4");
    let is_of_penalty = ["1.2.3", "1.2.4", "2.6.1", "3.1.3"].contains(&number);
    let said = match number {
        "1.3.2" if config.optimizer != Optimizer::GradientDescent => {
            format!("this net is updated by {}", config.optimizer.name())
        }
        "1.1.7" => "this net has no sigmoid output".into(),
        _ if is_of_output && network.output != Output::Sigmoid => {
            "this net has no sigmoid output with a cross-entropy".into()
        }
        _ if is_of_penalty && config.penalty != Penalty::L2 => "this net has no L2 penalty".into(),
        _ if hidden == 0 => "this net has no hidden layer".into(),
        "1.1.4" | "1.1.5" if hidden == 1 => "this net has one hidden layer".into(),
        "2.2.5" | "2.2.6" if sizes[1] == 1 => "layer 2 of this net has one unit".into(),
        _ if config.dropout > 0.0 => "this net has dropout".into(),
        "2.1.1" | "2.1.2" => "no layer of this net is sigmoid".into(),
        _ => return None,
    };
    Some(said)
}
