//! The rules for the way of a recurrent network's gradient through time, in the next batch.

use super::facts::HealthFacts;
use super::layers::too_long;
use super::remedy::Remedy;
use super::rule::{AlarmRule, Finding, Kinds, OfLayer};
use crate::derivation::whole_gain;
use crate::nn::recurrent::OutputSteps;
use crate::number::{decimals, percent};
use crate::train::RecurrentView;

pub(super) const EXPLODING: AlarmRule = AlarmRule {
    name: "exploding",
    kinds: Kinds::Recurrent,
    number: Some(OfLayer::Gradient),
    threshold: "a ‖D‖ is over 100 for each step with an output, or the gains of all steps back are together over 10^3",
    remedies: &[Remedy::Clip, Remedy::SmallerAlpha, Remedy::SmallerStart, Remedy::Truncate],
    check: exploding,
};

pub(super) const VANISHING: AlarmRule = AlarmRule {
    name: "vanishing",
    kinds: Kinds::Recurrent,
    number: None,
    threshold: "after 10 epochs or 1000 updates J is above half of epoch 0's or R² below 0.5, and all gains make under 10^-3, or 10^-1 a step if each is read",
    remedies: &[Remedy::OtherCell, Remedy::Shorter],
    check: vanishing,
};

/// A factor, as log10, beyond which the gradient vanishes or explodes on its way.
const FAR: f64 = 3.0;
/// A factor of one step, as log10, below which it vanishes although every step adds to it: after three steps as much is lost.
const A_STEP: f64 = -1.0;
/// Epochs, or updates, that gains have to grow in before a gradient that vanishes is an illness.
const GROWN: (u64, u64) = (10, 1_000);

/// The gains of all steps together, as log10, with the sentence about the way.
fn way<'a>(facts: &HealthFacts<'a>) -> Option<(RecurrentView<'a>, f64, String)> {
    let net = facts.snapshot.recurrent()?;
    let (last, gain) = (net.steps(), whole_gain(net)?);
    let steps = last - 1;
    let factor = format!("10^{}, 10^{} a step (next batch)", decimals(gain, 1), decimals(gain / steps as f64, 2));
    let way = match net.network.reads {
        OutputSteps::Last => format!("from h_{last} back to h_1 the gradient is multiplied by {factor}"),
        OutputSteps::All => format!("the gains of the {steps} steps back are together {factor}"),
    };
    Some((net, gain, way))
}

fn exploding(facts: &HealthFacts<'_>) -> Option<Finding> {
    let read = facts.snapshot.recurrent()?.sequences.read_steps().len();
    if let Some(found) = too_long(facts, read) {
        return Some(found);
    }
    let (_, gain, way) = way(facts)?;
    (gain > FAR).then_some((None, way))
}

fn vanishing(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (net, gain, way) = way(facts)?;
    let is_lost = match net.network.reads {
        OutputSteps::Last => gain < -FAR,
        OutputSteps::All => gain < A_STEP * (net.steps() - 1) as f64,
    };
    let latest = net.latest;
    if !is_lost || (latest.epoch < GROWN.0 && latest.step < GROWN.1) {
        return None;
    }
    let far = facts.has_not_learned()?;
    // Units near their ends let nothing back; a gate that is closed may be meant to be.
    let share = net.activations(2).saturated.filter(|_| !net.network.cell.has_gates());
    let saturated = share.map(|share| format!("; {} of h are saturated", percent(share))).unwrap_or_default();
    Some((None, format!("{way}: what the first steps held is hardly learnt from, and {far}{saturated}")))
}
