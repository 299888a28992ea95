//! What is wrong with a run: the one list that header, panels and printed lines show, each rule with its check and its remedies.

mod facts;
mod layers;
mod remedy;
mod rule;
mod run;
mod time;

pub use facts::{Facts, Net};
pub use rule::{Alarm, OfLayer, Rule};

/// Every rule for dense networks, the gravest first.
pub const RULES: &[&Rule] = &[
    &run::DIVERGED,
    &run::RISING,
    &layers::EXPLODING,
    &layers::SYMMETRIC,
    &layers::DEAD,
    &layers::SATURATED,
    &layers::VANISHING,
    &run::OVERFITTING,
    &run::PLATEAU,
];

/// Every rule for recurrent networks, the gravest first.
pub const TIME_RULES: &[&Rule] =
    &[&run::DIVERGED, &run::RISING, &time::EXPLODING, &time::VANISHING, &run::OVERFITTING, &run::PLATEAU];

/// The rules that are broken, the gravest first.
pub fn alarms(facts: &Facts<'_>) -> Vec<Alarm> {
    facts.rules().iter().filter_map(|rule| rule.broken(facts)).collect()
}

impl<'a> Facts<'a> {
    /// The rules for this kind of network.
    pub fn rules(&self) -> &'static [&'static Rule] {
        match self.net {
            Net::Dense(..) => RULES,
            Net::Recurrent(_) => TIME_RULES,
        }
    }
}
