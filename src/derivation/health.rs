//! What is wrong with a run: the one list that header, panels and printed lines show, each rule with its check and its remedies.

mod facts;
mod layers;
mod remedy;
mod rule;
mod run;
mod time;

use crate::nn::AnyModel;

pub use facts::HealthFacts;
pub use rule::{Alarm, AlarmRule, Kinds, OfLayer};

/// Every rule, the gravest first.
pub const RULES: &[&AlarmRule] = &[
    &run::DIVERGED,
    &run::RISING,
    &layers::EXPLODING,
    &time::EXPLODING,
    &layers::SYMMETRIC,
    &layers::DEAD,
    &time::VANISHING,
    &layers::SATURATED,
    &layers::VANISHING,
    &run::OVERFITTING,
    &run::PLATEAU,
];

/// The rules for a network of this kind, the gravest first; no two of them have one name.
pub fn rules(model: &AnyModel) -> impl Iterator<Item = &'static AlarmRule> {
    RULES.iter().copied().filter(|rule| rule.kinds.contain(model))
}

/// The rules that are broken, the gravest first.
pub fn alarms(facts: &HealthFacts<'_>) -> Vec<Alarm> {
    rules(&facts.snapshot.model).filter_map(|rule| rule.broken(facts)).collect()
}
