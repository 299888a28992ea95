//! What is wrong with a run: the one list that header, panels and printed lines show, each rule with its check and its remedies.

mod facts;
mod layers;
mod remedy;
mod rule;
mod run;
mod time;

pub use facts::{HealthFacts, Net};
pub use rule::{Alarm, AlarmRule, OfLayer};

/// Every rule for dense networks, the gravest first.
pub const RULES: &[&AlarmRule] = &[
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
pub const TIME_RULES: &[&AlarmRule] =
    &[&run::DIVERGED, &run::RISING, &time::EXPLODING, &time::VANISHING, &run::OVERFITTING, &run::PLATEAU];

/// The rules that are broken, the gravest first.
pub fn alarms(facts: &HealthFacts<'_>) -> Vec<Alarm> {
    facts.rules().iter().filter_map(|rule| rule.broken(facts)).collect()
}

impl<'a> HealthFacts<'a> {
    /// The rules for this kind of network.
    pub fn rules(&self) -> &'static [&'static AlarmRule] {
        match self.net {
            Net::Dense(..) => RULES,
            Net::Recurrent(_) => TIME_RULES,
        }
    }
}
