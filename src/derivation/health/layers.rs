//! The rules for the layers of a network: what the next batch, or the last epoch, says of their units and gradients.

use ndarray::{Array2, ArrayView2, s};

use super::facts::HealthFacts;
use super::remedy::Remedy;
use super::rule::{AlarmRule, Finding, Kinds, OfLayer};
use crate::derivation::LayerNorms;
use crate::nn::{Activation, AnyModel, Cell, Named};
use crate::number::{exact, percent, short};

pub(super) const EXPLODING: AlarmRule = AlarmRule {
    name: "exploding",
    kinds: Kinds::Dense,
    number: Some(OfLayer::Gradient),
    threshold: "a ‖D^(l)‖, bias column included, is over 100",
    remedies: &[
        Remedy::SmallerAlpha,
        Remedy::Clip,
        Remedy::SmallerStart,
        Remedy::ScaledFeatures,
        Remedy::ScaledTargets,
    ],
    check: exploding,
};

pub(super) const SYMMETRIC: AlarmRule = AlarmRule {
    name: "symmetric",
    kinds: Kinds::Every,
    number: Some(OfLayer::Delta),
    threshold: "all units of a hidden δ^(l), or of δ of h, of two units or more are equal, for every sample",
    remedies: &[Remedy::UnlikeStart, Remedy::SmallerLambda],
    check: symmetric,
};

pub(super) const DEAD: AlarmRule = AlarmRule {
    name: "dead",
    kinds: Kinds::Every,
    number: Some(OfLayer::Dead),
    threshold: "half of the ReLU units of an a^(l), or of h, or more are 0 for the whole training part",
    remedies: &[Remedy::LeakyRelu, Remedy::SmallerSteps, Remedy::He],
    check: dead,
};

pub(super) const SATURATED: AlarmRule = AlarmRule {
    name: "saturated",
    kinds: Kinds::Every,
    number: Some(OfLayer::Saturated),
    threshold: "half of a hidden a^(l), of h or its gates is within 0.03 of 0 or 1 (tanh: over 0.97), and J is above half of epoch 0's or R² below 0.5",
    remedies: &[Remedy::SmallerSteps, Remedy::ScaledFeatures, Remedy::SmallerStart, Remedy::Relu],
    check: saturated,
};

pub(super) const VANISHING: AlarmRule = AlarmRule {
    name: "vanishing",
    kinds: Kinds::Dense,
    number: Some(OfLayer::Gradient),
    threshold: "‖D^(1)‖ is under 1 % of the largest ‖D^(l)‖, bias columns included, and J is above half of epoch 0's or R² below 0.5",
    remedies: &[Remedy::Relu, Remedy::He, Remedy::FewerLayers, Remedy::WhyPanel],
    check: vanishing,
};

/// A gradient's norm above which it explodes.
const TOO_LONG: f64 = 100.0;
/// The first layer's share of the largest gradient below which it vanishes.
const TOO_SMALL: f64 = 0.01;
/// The share of a layer's units, or of its activations, from which on it is dead or saturated.
const MUCH: f64 = 0.5;
/// δ that differ by less than this share are equal.
const EQUAL: f64 = 1e-12;

fn exploding(facts: &HealthFacts<'_>) -> Option<Finding> {
    too_long(facts, 1)
}

/// The Θ whose gradient is longest, if it is too long for so many steps with an output.
pub(super) fn too_long(facts: &HealthFacts<'_>, steps: usize) -> Option<Finding> {
    let limit = TOO_LONG * steps as f64;
    let worst = facts.norms.iter().max_by(|one, other| one.d.total_cmp(&other.d))?;
    if worst.d <= limit || worst.d.is_nan() {
        return None;
    }
    let biases = if worst.biases > 0 { "bias column included, next batch" } else { "next batch" };
    let each = if steps > 1 { format!(", {} for each of {steps} steps", exact(TOO_LONG)) } else { String::new() };
    let (d, over) = (short(worst.d), exact(limit));
    Some((Some(worst.l), format!("‖{}‖ is {d}, over {over}{each} ({biases})", worst.symbol.of("D"))))
}

fn symmetric(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (l, delta) = match &facts.snapshot.model {
        AnyModel::Dense(_) => symmetric_layer(facts)?,
        AnyModel::Recurrent(_) => (2, symmetric_states(facts)?),
    };
    let norms = facts.norms.get(l - 1)?;
    let (units, first) = (norms.units?.count, short(*delta.first()?));
    let (name, sample) = match &facts.snapshot.model {
        AnyModel::Dense(_) => (norms.symbol.delta(), "sample"),
        AnyModel::Recurrent(_) => ("δ_t".into(), "sequence at t 1"),
    };
    let sentence = format!(
        "all {units} units of {name} are equal, {first} for the next batch's first {sample}: they stay the same"
    );
    Some((Some(l), sentence))
}

/// The first hidden layer of a dense network whose units are the same, by the number of its Θ, and its δ.
fn symmetric_layer<'a>(facts: &HealthFacts<'a>) -> Option<(usize, ArrayView2<'a, f64>)> {
    let snapshot = facts.snapshot.dense()?;
    (2..snapshot.depth()).find_map(|l| {
        let (delta, theta) = (snapshot.delta(l), snapshot.network.theta(l - 1));
        let is_same = delta.ncols() > 1 && units_agree(delta.view(), &[theta.view()], is_zero(delta));
        is_same.then(|| (l - 1, delta.view()))
    })
}

/// δ_t of a recurrent layer whose units are the same, gate by gate.
fn symmetric_states<'a>(facts: &HealthFacts<'a>) -> Option<ArrayView2<'a, f64>> {
    let net = facts.snapshot.recurrent()?;
    let (delta, [of_x, of_h, _]) = (net.delta(), &net.network.theta);
    let units = net.network.sizes().1;
    let nothing = is_zero(delta);
    let is_same = (0..delta.ncols() / units).all(|gate| {
        let rows = gate * units..(gate + 1) * units;
        let thetas = [of_x, of_h].map(|theta| theta.slice(s![rows.clone(), ..]));
        units_agree(delta.slice(s![.., rows.clone()]), &thetas, nothing)
    });
    (units > 1 && is_same).then(|| delta.view())
}

fn is_zero(delta: &Array2<f64>) -> bool {
    delta.iter().all(|&delta| delta == 0.0)
}

/// Whether units are the same by their δ or, where no δ is left, by the weights into them.
fn units_agree(delta: ArrayView2<'_, f64>, thetas: &[ArrayView2<'_, f64>], nothing: bool) -> bool {
    if nothing { thetas.iter().all(|theta| columns_agree(theta.t())) } else { columns_agree(delta) }
}

/// Whether the entries of each row are equal.
fn columns_agree(matrix: ArrayView2<'_, f64>) -> bool {
    matrix.rows().into_iter().all(|row| {
        let largest = row.fold(0.0_f64, |top, entry| top.max(entry.abs()));
        row.iter().all(|entry| (entry - row[0]).abs() <= EQUAL * largest)
    })
}

fn dead(facts: &HealthFacts<'_>) -> Option<Finding> {
    let share =
        |norms: &LayerNorms| norms.of_units(|units| units.dead.map_or(0.0, |dead| dead as f64 / units.count as f64));
    let worst = facts.norms.iter().max_by(|one, other| share(one).total_cmp(&share(other)))?;
    if share(worst) < MUCH {
        return None;
    }
    let (dead, units, name) = (worst.units?.dead?, worst.units?.count, worst.symbol.units());
    let (m, epoch) = (facts.snapshot.regularisation.m, facts.snapshot.latest.epoch);
    let samples = match facts.snapshot.model {
        AnyModel::Dense(_) => "training samples",
        AnyModel::Recurrent(_) => "training sequences, at every step",
    };
    let sentence = format!("{dead} of {units} units of {name} are 0 for all {m} {samples} (after epoch {epoch})");
    Some((Some(worst.l), sentence))
}

fn saturated(facts: &HealthFacts<'_>) -> Option<Finding> {
    let share = |norms: &LayerNorms| norms.of_units(|units| units.activations.saturated.unwrap_or(0.0));
    let worst = facts.norms.iter().max_by(|one, other| share(one).total_cmp(&share(other)))?;
    if share(worst) < MUCH {
        return None;
    }
    let (units, ends) = (worst.symbol.units(), "within 0.03 of 0 or 1");
    let of_units = |g: Activation| {
        let ends = if g == Activation::Tanh { "beyond 0.97" } else { ends };
        (format!("{units} ({})", g.name()), ends.to_string())
    };
    let of_gates = |cell: Cell| (format!("the gates of {units} ({})", cell.name()), format!("{ends}, n beyond 0.97"));
    let (what, ends) = match &facts.snapshot.model {
        AnyModel::Dense(network) => of_units(*network.hidden.get(worst.l - 1)?),
        AnyModel::Recurrent(network) => network.cell.activation().map_or_else(|| of_gates(network.cell), of_units),
    };
    let (share, far) = (percent(share(worst)), facts.has_not_learned()?);
    Some((Some(worst.l), format!("{share} of {what} are {ends} (next batch), and {far}")))
}

fn vanishing(facts: &HealthFacts<'_>) -> Option<Finding> {
    let first = facts.norms.first()?;
    let largest = facts.norms.iter().max_by(|one, other| one.d.total_cmp(&other.d))?;
    let share = first.d / largest.d;
    // A gradient of 0 everywhere vanishes nowhere in particular.
    if facts.norms.len() < 2 || share.is_nan() || share >= TOO_SMALL {
        return None;
    }
    let (share, far) = (percent(share), facts.has_not_learned()?);
    Some((Some(1), format!("‖D^(1)‖ is {share} of ‖D^({})‖ (bias columns included, next batch), and {far}", largest.l)))
}
