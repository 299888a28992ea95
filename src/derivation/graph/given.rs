//! The numbers at which a chain of equations ends, and those that the snapshot holds as they are: each with where it comes from.

use ndarray::{Array2, ArrayView1};

use super::definition::{Definition, GivenNumber, NodeAxes, Phase};
use super::formula::{Formula, of};
use super::node::{Mark, Node, QuantityKey, letter};
use super::penalty::summand;
use super::values::Values;
use crate::data::Task;
use crate::derivation::{Sample, equation};
use crate::nn::Named;
use crate::nn::optimizer::EPSILON;
use crate::nn::recurrent::tensors;
use crate::number::exact;
use crate::train::{Change, Changed, Parameter, Setting, Snapshot};

/// λ.
pub(super) const LAMBDA: QuantityKey = QuantityKey::plain("λ");
/// m.
pub(super) const M: QuantityKey = QuantityKey::plain("m");
/// B.
pub(super) const B: QuantityKey = QuantityKey::plain("B");
/// β.
pub(super) const BETA: QuantityKey = QuantityKey::plain("β");
/// β₂.
pub(super) const BETA2: QuantityKey = QuantityKey::plain("β₂");
/// ε of the optimisers.
pub(super) const EPSILON_OF_OPTIMIZER: QuantityKey = QuantityKey::plain("ε");
/// A feature as it was read, and what it is scaled by.
const RAW: QuantityKey = QuantityKey::plain("feature");
const MEAN: QuantityKey = QuantityKey::plain("mean");
const DIVISOR: QuantityKey = QuantityKey::plain("divisor");

fn given(value: f64, origin: impl Into<String>) -> Option<GivenNumber> {
    Some(GivenNumber { value, origin: origin.into(), name: None })
}

/// The options and counts that equations name.
pub(super) fn constants(to: &mut Vec<Definition>) {
    let scalar = |key: QuantityKey, words| Definition::of(key, NodeAxes::SCALAR, words);
    to.push(scalar(LAMBDA, "the strength of the penalty (--lambda)").given(|values, _| {
        given(values.snapshot.regularisation.lambda, option("--lambda", changed(values.snapshot, Setting::Lambda)))
    }));
    to.push(scalar(M, "the number of samples in the training part, by which λ is divided").given(|values, _| {
        given(values.snapshot.regularisation.m as f64, "the number of samples in the training part")
    }));
    to.push(
        scalar(B, "the number of samples or sequences in the batch of an update")
            .given(|values, _| given(values.snapshot.batch.len() as f64, "the number of samples in this batch")),
    );
    to.push(scalar(BETA, "how much of v stays at each update (--beta)").given(|values, _| {
        given(values.snapshot.config.beta, option("--beta", changed(values.snapshot, Setting::Beta)))
    }));
    to.push(scalar(BETA2, "how much of s stays at each update (--beta2)").given(|values, _| {
        given(values.snapshot.config.beta2, option("--beta2", changed(values.snapshot, Setting::Beta2)))
    }));
    to.push(
        scalar(EPSILON_OF_OPTIMIZER, "what keeps the optimiser from dividing by 0")
            .given(|_, _| given(EPSILON, "a constant of the optimiser, which keeps it from dividing by 0")),
    );
}

/// The squares of one row of a Θ, or its magnitudes; without the bias.
pub(super) fn row_squares(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let (theta, of_row) = (squared(values, node)?, row_sum(values, node)?);
    let row = node.j.checked_sub(1).filter(|&row| row < theta.nrows())?;
    given(of_row(theta.row(row)), "")
}

/// The same of all rows.
pub(super) fn layer_squares(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    given(squared(values, node)?.rows().into_iter().map(row_sum(values, node)?).sum(), "")
}

/// The Θ that squares are of.
fn squared<'a>(values: &Values<'a>, node: Node) -> Option<&'a Array2<f64>> {
    let parameters = &values.snapshot.parameters;
    let index = parameters.iter().position(|parameter| node.key.mark == parameter.symbol.into())?;
    values.snapshot.model.parameters().get(index)
}

/// The sum over one of its rows.
fn row_sum(values: &Values<'_>, node: Node) -> Option<impl Fn(ArrayView1<'_, f64>) -> f64 + use<>> {
    let snapshot = values.snapshot;
    let of_node = |parameter: &&Parameter| node.key.mark == parameter.symbol.into();
    let biases = snapshot.parameters.iter().find(of_node)?.biases;
    let of_one = summand(snapshot.regularisation.penalty)?.value;
    Some(move |row: ArrayView1<'_, f64>| row.iter().skip(biases).map(|&weight| of_one(weight)).sum())
}

/// v as the last update left it.
pub(super) fn velocity_before(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    before(values, node, true)
}

/// s as the last update left it.
pub(super) fn squares_before(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    before(values, node, false)
}

fn before(values: &Values<'_>, node: Node, is_v: bool) -> Option<GivenNumber> {
    let parameter = values.snapshot.parameters.iter().find(|parameter| node.key.mark == parameter.symbol.into())?;
    let memory = if is_v { &parameter.memory.v } else { &parameter.memory.s };
    let column = if node.i == 0 { 0 } else { node.i - 1 + parameter.biases };
    let value = *memory.as_ref()?.get([node.j.checked_sub(1)?, column])?;
    let origin = match values.snapshot.position.step {
        0 => "0, because nothing is remembered before the first update".to_string(),
        step => format!("the value after update {step}; the numbers that it was computed from are no longer kept"),
    };
    let name = if is_v { "v before" } else { "s before" };
    Some(GivenNumber { value, origin, name: Some(name.into()) })
}

/// α in this epoch.
pub(super) fn alpha(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    let snapshot = values.snapshot;
    given(snapshot.config.rates(&snapshot.position).alpha, option("--alpha", changed(snapshot, Setting::Alpha)))
}

/// α before the schedule.
pub(super) fn first_alpha(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    given(values.snapshot.config.alpha, option("--alpha", changed(values.snapshot, Setting::Alpha)))
}

/// What the schedule multiplies it by.
pub(super) fn schedule(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    let (schedule, epochs) = (values.snapshot.config.schedule, values.snapshot.position.epochs_done);
    given(schedule.factor(epochs), format!("the factor of --schedule {schedule} after {epochs} epochs"))
}

/// c.
pub(super) fn cut(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    given(values.snapshot.cut, "")
}

/// The longest gradient allowed.
pub(super) fn clip(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    given(values.snapshot.config.clip?, option("--clip", None))
}

/// The length of the gradient before it is cut.
pub(super) fn length(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    let snapshot = values.snapshot;
    let what = if snapshot.config.optimizer.goes_by_data() { "D" } else { "∂J/∂Θ" };
    let origin = format!("the root of the sum of the squares of {what}, over all layers and the bias columns too");
    given(snapshot.config.clip? / snapshot.cut, origin)
}

/// The data term of J.
pub(super) fn data(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    given(values.snapshot.cost.data, "")
}

/// J.
pub(super) fn total(values: &Values<'_>, _: Node) -> Option<GivenNumber> {
    given(values.snapshot.cost.total(), "")
}

/// A layer's part of the penalty.
pub(super) fn reg(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let index = values.snapshot.parameters.iter().position(|parameter| node.key.mark == parameter.symbol.into())?;
    given(*values.snapshot.cost.reg.get(index)?, "")
}

/// x of a dense network: a feature as it was read, scaled (1.1.1).
pub(super) fn input(axes: NodeAxes, snapshot: &Snapshot) -> Vec<Definition> {
    let a = Definition::of(QuantityKey::layer(letter::A, 1), axes, "the input x: the features of the sample, scaled")
        .tensor(letter::A, 1, 0)
        .walked(Phase::Forward);
    let Some(dense) = snapshot.dense() else { return vec![a] };
    let scaling = &dense.data.scaling;
    let mut right: Formula = of(RAW);
    if scaling.shift.iter().any(|&shift| shift != 0.0) {
        right = right - of(MEAN);
    }
    if scaling.divisor.iter().any(|&divisor| divisor != 1.0) {
        right = right / of(DIVISOR);
    }
    let note = match is_scaled_by_a_file(snapshot) {
        true => "scaled as the file of --weights says".to_string(),
        false => format!("scaled by --scale {}", scaling.scale),
    };
    let each = |key, words| Definition::of(key, axes, words);
    vec![
        each(RAW, "a number of the sample as it was read, before it is scaled").given(raw),
        each(MEAN, "what scaling subtracts from a feature").given(mean),
        each(DIVISOR, "what scaling divides a feature by").given(divisor),
        a.is_noted(equation::INPUT, right, note),
    ]
}

fn is_scaled_by_a_file(snapshot: &Snapshot) -> bool {
    snapshot.config.weights.as_ref().is_some_and(|weights| weights.scalings().is_some())
}

fn raw(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let (data, sample) = (values.dense?.data, node.sample);
    let unit = node.j.checked_sub(1)?;
    let name = crate::error::printable(data.dataset.features.get(unit).map_or("x", String::as_str)).to_string();
    let value = match values.edited(sample) {
        Some(edited) => *edited.read.get([0, unit])?,
        None => *data.dataset.x.get([*sample.part(data).row.get(sample.row)?, unit])?,
    };
    Some(GivenNumber { value, origin: origin(values, (sample, "sample"), (0, unit)), name: Some(name) })
}

/// Where an input comes from: the data, or a copy in which it was set by hand.
fn origin(values: &Values<'_>, (sample, what): (Sample, &str), at: (usize, usize)) -> String {
    let part = if sample.held_out { "held-out " } else { "" };
    let of = format!("{part}{what} {}", sample.row + 1);
    match values.edited(sample).and_then(|edited| edited.before(at)) {
        Some(before) => format!("set by hand in a copy of {of}, where it was {}; U takes it back", exact(before)),
        None => format!("read from the data: {of}"),
    }
}

fn mean(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    scaler(values, "mean", *values.dense?.data.scaling.shift.get(node.j.checked_sub(1)?)?)
}

fn divisor(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let (scaling, unit) = (&values.dense?.data.scaling, node.j.checked_sub(1)?);
    let name = if *scaling.shift.get(unit)? == 0.0 { "divisor" } else { "deviation" };
    scaler(values, name, *scaling.divisor.get(unit)?)
}

/// What is subtracted from a feature, or what it is divided by.
fn scaler(values: &Values<'_>, name: &str, value: f64) -> Option<GivenNumber> {
    let origin = match name {
        _ if is_scaled_by_a_file(values.snapshot) => format!("the {name} of this feature, from the file of --weights"),
        "divisor" => format!("what every feature is divided by: --scale {}", values.dense?.data.scaling.scale),
        _ => format!("the {name} of this feature over the {} training samples", values.snapshot.regularisation.m),
    };
    Some(GivenNumber { value, origin, name: Some(name.into()) })
}

/// y of an output unit.
pub(super) fn target(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let value = values.tensor((letter::Y, 0), (node.sample, node.t), node.j.checked_sub(1)?)?;
    let is_regression = values.snapshot.data.task() == Task::Regression;
    let origin = match (is_regression, values.dense) {
        (true, Some(dense)) => {
            format!("the target of this sample, scaled by --target-scale {}", dense.data.target_scaling.scale)
        }
        (true, None) => "the target of this sequence".into(),
        (false, _) => "the target of this sample: 1 for what it is, 0 for what it is not".into(),
    };
    given(value, origin)
}

/// r of a unit of a hidden layer.
pub(super) fn mask(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let Mark::Layer(l) = node.key.mark else { return None };
    let value = values.tensor((letter::MASK, l), (node.sample, 0), node.j.checked_sub(1)?)?;
    let p = exact(values.snapshot.config.dropout);
    given(value, format!("drawn for this update: 0 with probability p = {p} (--dropout), else 1/(1 − p)"))
}

/// g'(z) of a unit of a hidden layer, from z as the passes have it, which keeps digits that 1 − a loses.
pub(super) fn slope(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let Mark::Layer(l) = node.key.mark else { return None };
    let g = *values.dense?.network.hidden.get(l.checked_sub(2)?)?;
    let z = values.tensor((letter::Z, l), (node.sample, 0), node.j.checked_sub(1)?)?;
    given(g.g_prime(z), "")
}

/// An output unit's term of J^(b), from z as the passes have it.
pub(super) fn cost_term(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let (output, [z, h]) = match (values.dense, values.snapshot.recurrent()) {
        (Some(dense), _) => {
            let last = dense.depth();
            (dense.network.output, [(letter::Z, last), (letter::A, last)])
        }
        (None, Some(recurrent)) => (recurrent.network.output, [(tensors::Z_O, 0), (tensors::O, 0)]),
        (None, None) => return None,
    };
    let row = |tensor| values.row(tensor, (node.sample, node.t));
    let terms = output.terms(row(z)?.view(), row(h)?.view(), row((letter::Y, 0))?.view());
    given(*terms.get(node.j.checked_sub(1)?)?, "")
}

/// x_t of a recurrent network.
pub(super) fn step_input(values: &Values<'_>, node: Node) -> Option<GivenNumber> {
    let value = values.tensor((letter::X, 0), (node.sample, node.t), node.j.checked_sub(1)?)?;
    let at = (node.t.checked_sub(1)?, node.j - 1);
    let origin = origin(values, (node.sample, "sequence"), at);
    given(value, origin.replacen("read from the data: ", &format!("read from the data: step {} of ", node.t), 1))
}

/// Where Θ comes from, which no equation of this snapshot says; and whether an update made it.
pub fn theta(snapshot: &Snapshot, node: Node) -> (String, bool) {
    let step = snapshot.position.step;
    if let Some((edit, from)) = set_by_hand(snapshot, node) {
        let note = format!("set by hand at step {}, where it was {}; U takes it back", edit.step, exact(from));
        return (note, false);
    }
    let note = match (step, &snapshot.config.weights) {
        (0, Some(weights)) => {
            format!("read from {} (--weights)", crate::error::printable(&weights.path.to_string_lossy()))
        }
        (0, None) => {
            format!("drawn by --init {} from seed {}", Named::name(snapshot.config.init), snapshot.config.seed)
        }
        (step, _) => format!("computed by update {step}; the Θ before it is no longer kept"),
    };
    (note, step > 0)
}

fn set_by_hand(snapshot: &Snapshot, node: Node) -> Option<(&Change, f64)> {
    let index = snapshot.parameters.iter().position(|parameter| node.key.mark == parameter.symbol.into())?;
    let column = if node.i == 0 { 0 } else { node.i - 1 + snapshot.parameters[index].biases };
    let edits = snapshot.changes.iter().rev().filter(|change| change.step == snapshot.position.step);
    edits.into_iter().find_map(|change| match change.what {
        Changed::Weight(weight, _) if (weight.l, weight.j + 1, weight.i) == (index + 1, node.j, column) => {
            Some((change, change.from))
        }
        _ => None,
    })
}

/// The step at which a setting was changed last, if it was.
fn changed(snapshot: &Snapshot, setting: Setting) -> Option<u64> {
    let change = snapshot.changes.iter().rev().find(|change| change.what == Changed::Setting(setting));
    change.map(|change| change.step)
}

/// The origin of an option's value.
fn option(flag: &str, changed: Option<u64>) -> String {
    match changed {
        Some(step) => format!("the option {flag}, changed by hand at step {step}"),
        None => format!("the option {flag}"),
    }
}
