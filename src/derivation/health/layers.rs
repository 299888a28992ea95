//! The rules for the layers of a dense network: what the next batch, or the last epoch, says of their units and gradients.

use ndarray::Array2;

use super::facts::{HealthFacts, Net};
use super::remedy::Remedy;
use super::rule::{AlarmRule, Finding, OfLayer};
use crate::derivation::LayerNorms;
use crate::nn::{Activation, Named};
use crate::number::{exact, percent, short};
use crate::train::DenseView;

pub(super) const EXPLODING: AlarmRule = AlarmRule {
    name: "exploding",
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
    number: Some(OfLayer::Delta),
    threshold: "all units of a hidden δ^(l) of two units or more are equal, for every sample",
    remedies: &[Remedy::UnlikeStart, Remedy::SmallerLambda],
    check: symmetric,
};

pub(super) const DEAD: AlarmRule = AlarmRule {
    name: "dead",
    number: Some(OfLayer::Dead),
    threshold: "half of the ReLU units of an a^(l) or more are 0 for the whole training part",
    remedies: &[Remedy::LeakyRelu, Remedy::SmallerSteps, Remedy::He],
    check: dead,
};

pub(super) const SATURATED: AlarmRule = AlarmRule {
    name: "saturated",
    number: Some(OfLayer::Saturated),
    threshold: "half of a hidden a^(l) or more are within 0.03 of 0 or 1 (tanh: beyond 0.97), and J is above half of epoch 0's",
    remedies: &[Remedy::SmallerSteps, Remedy::ScaledFeatures, Remedy::SmallerStart, Remedy::Relu],
    check: saturated,
};

pub(super) const VANISHING: AlarmRule = AlarmRule {
    name: "vanishing",
    number: Some(OfLayer::Gradient),
    threshold: "‖D^(1)‖ is under 1 % of the largest ‖D^(l)‖, bias columns included, and J is above half of epoch 0's",
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

fn parts<'a>(facts: &HealthFacts<'a>) -> Option<(DenseView<'a>, &'a [LayerNorms])> {
    match facts.net {
        Net::Dense(snapshot, norms) => Some((snapshot, norms)),
        Net::Recurrent(_) => None,
    }
}

fn exploding(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (_, norms) = parts(facts)?;
    let worst = norms.iter().max_by(|one, other| one.d.total_cmp(&other.d))?;
    let sentence = || {
        format!("‖D^({})‖ is {}, over {} (bias column included, next batch)", worst.l, short(worst.d), exact(TOO_LONG))
    };
    (worst.d > TOO_LONG).then(|| (Some(worst.l + 1), sentence()))
}

fn symmetric(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (snapshot, _) = parts(facts)?;
    let l = (2..snapshot.depth()).find(|&l| {
        let (delta, theta) = (snapshot.delta(l), snapshot.network.theta(l - 1));
        let nothing = delta.iter().all(|&delta| delta == 0.0);
        // Where no δ is left, the units are the same only if they have the same weights.
        delta.ncols() > 1 && if nothing { columns_agree(&theta.t().to_owned()) } else { columns_agree(delta) }
    })?;
    let delta = snapshot.delta(l);
    let (units, first) = (delta.ncols(), short(*delta.first()?));
    let sentence = format!(
        "all {units} units of δ^({l}) are equal, {first} for the next batch's first sample: they stay the same"
    );
    Some((Some(l), sentence))
}

/// Whether the entries of each row are equal.
fn columns_agree(matrix: &Array2<f64>) -> bool {
    matrix.rows().into_iter().all(|row| {
        let largest = row.fold(0.0_f64, |top, entry| top.max(entry.abs()));
        row.iter().all(|entry| (entry - row[0]).abs() <= EQUAL * largest)
    })
}

fn dead(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (snapshot, norms) = parts(facts)?;
    let share =
        |norms: &LayerNorms| norms.of_units(|units| units.dead.map_or(0.0, |dead| dead as f64 / units.count as f64));
    let worst = norms.iter().max_by(|one, other| share(one).total_cmp(&share(other)))?;
    if share(worst) < MUCH {
        return None;
    }
    let (dead, units, l) = (worst.units?.dead?, worst.units?.count, worst.l + 1);
    let (m, epoch) = (snapshot.regularisation.m, snapshot.latest.epoch);
    let sentence =
        format!("{dead} of {units} units of a^({l}) are 0 for all {m} training samples (after epoch {epoch})");
    Some((Some(l), sentence))
}

fn saturated(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (snapshot, norms) = parts(facts)?;
    let share = |norms: &LayerNorms| norms.of_units(|units| units.activations.saturated.unwrap_or(0.0));
    let worst = norms.iter().max_by(|one, other| share(one).total_cmp(&share(other)))?;
    if share(worst) < MUCH {
        return None;
    }
    let l = worst.l + 1;
    let g = *snapshot.network.hidden.get(worst.l - 1)?;
    let ends = if g == Activation::Tanh { "beyond 0.97" } else { "within 0.03 of 0 or 1" };
    let (share, name, far) = (percent(share(worst)), g.name(), facts.has_not_learned()?);
    Some((Some(l), format!("{share} of a^({l}) ({name}) are {ends} (next batch), and {far}")))
}

fn vanishing(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (_, norms) = parts(facts)?;
    let first = norms.first()?;
    let largest = norms.iter().max_by(|one, other| one.d.total_cmp(&other.d))?;
    let share = first.d / largest.d;
    // A gradient of 0 everywhere vanishes nowhere in particular.
    if norms.len() < 2 || share.is_nan() || share >= TOO_SMALL {
        return None;
    }
    let (share, far) = (percent(share), facts.has_not_learned()?);
    Some((Some(2), format!("‖D^(1)‖ is {share} of ‖D^({})‖ (bias columns included, next batch), and {far}", largest.l)))
}
