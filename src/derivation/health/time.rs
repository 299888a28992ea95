//! The rules for the way of a recurrent network's gradient through time, in the next batch.

use super::facts::{HealthFacts, Net};
use super::remedy::Remedy;
use super::rule::{AlarmRule, Finding};
use crate::derivation::whole_gain;
use crate::nn::recurrent::OutputSteps;
use crate::number::{decimals, percent};
use crate::train::RecurrentView;

pub(super) const EXPLODING: AlarmRule = AlarmRule {
    name: "exploding",
    number: None,
    threshold: "the gains of all steps back are together over 10^3",
    remedies: &[Remedy::Clip, Remedy::SmallerAlpha, Remedy::Truncate],
    check: exploding,
};

pub(super) const VANISHING: AlarmRule = AlarmRule {
    name: "vanishing",
    number: None,
    threshold: "the gains of all steps back are together under 10^-3",
    remedies: &[Remedy::OtherCell, Remedy::Shorter],
    check: vanishing,
};

/// A factor, as log10, beyond which the gradient vanishes or explodes on its way.
const FAR: f64 = 3.0;

/// The gains of all steps together, as log10, with the sentence about the way.
fn way<'a>(facts: &HealthFacts<'a>) -> Option<(RecurrentView<'a>, f64, String)> {
    let Net::Recurrent(scene) = facts.net else { return None };
    let (last, gain) = (scene.steps(), whole_gain(scene)?);
    let steps = last - 1;
    let factor = format!("10^{}, 10^{} a step (next batch)", decimals(gain, 1), decimals(gain / steps as f64, 2));
    let way = match scene.network.reads {
        OutputSteps::Last => format!("from h_{last} back to h_1 the gradient is multiplied by {factor}"),
        OutputSteps::All => format!("the gains of the {steps} steps back are together {factor}"),
    };
    Some((scene, gain, way))
}

/// The share of a plain cell's states that are near the ends of its activation, where it lets nothing back.
fn saturated(scene: RecurrentView<'_>) -> Option<f64> {
    let g = scene.network.cell.activation()?;
    let states = scene.h().iter().skip(scene.samples * scene.network.sizes().1);
    let near: Option<Vec<bool>> = states.map(|&h| g.is_saturated(h)).collect();
    near.map(|near| near.iter().filter(|&&near| near).count() as f64 / near.len() as f64)
}

fn exploding(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (_, gain, way) = way(facts)?;
    (gain > FAR).then_some((None, way))
}

fn vanishing(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (scene, gain, way) = way(facts)?;
    let saturated = saturated(scene).map(|share| format!("; {} of h are saturated", percent(share)));
    let sentence = format!("{way}: what the first steps held is hardly learnt from{}", saturated.unwrap_or_default());
    (gain < -FAR).then_some((None, sentence))
}
