//! A way in which a run can go wrong, and what is found where it does.

use super::facts::HealthFacts;
use super::remedy::Remedy;

/// A way in which a run can go wrong.
#[derive(Debug)]
pub struct AlarmRule {
    /// What it is called.
    pub name: &'static str,
    /// The number of a layer that is wrong then, if it is one of a table's.
    pub number: Option<OfLayer>,
    /// From where on it is wrong.
    pub threshold: &'static str,
    /// What helps, where it is not in force already.
    pub(super) remedies: &'static [Remedy],
    /// Where it is wrong, and the sentence that says how, with the numbers and their moment; `None` while all is well.
    pub(super) check: fn(&HealthFacts<'_>) -> Option<Finding>,
}

/// A number of a layer that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfLayer {
    /// ‖D^(l)‖ of the Θ^(l) that leads to the layer of units.
    Gradient,
    /// δ of its units.
    Delta,
    /// How many of them are dead.
    Dead,
    /// How many of their activations are saturated.
    Saturated,
}

/// What a check finds: a layer of units, 2 … L, unless it is the whole run; and the sentence.
pub(super) type Finding = (Option<usize>, String);

/// A rule that is broken.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// The rule.
    pub rule: &'static AlarmRule,
    /// The layer of units, 2 … L, that it is broken in, unless it is the whole run.
    pub l: Option<usize>,
    /// What is wrong, with the numbers and the moment that they are of.
    pub sentence: String,
    /// What helps; nothing that is in force already.
    pub remedies: Vec<String>,
}

impl Alarm {
    /// Whether it is about this number of the layer of units l.
    pub fn is_of(&self, l: usize, number: OfLayer) -> bool {
        self.l == Some(l) && self.rule.number == Some(number)
    }

    /// What helps, as one text.
    pub fn remedy(&self) -> String {
        self.remedies.join("; or ")
    }
}

impl AlarmRule {
    pub(super) fn broken(&'static self, facts: &HealthFacts<'_>) -> Option<Alarm> {
        let (l, sentence) = (self.check)(facts)?;
        Some(Alarm { rule: self, l, sentence, remedies: self.remedies(facts, l) })
    }

    /// What would help in this run if the rule were broken, in a layer of units or as a whole: nothing that is in force already, and
    /// nothing that these options make no use of.
    pub fn remedies(&self, facts: &HealthFacts<'_>, l: Option<usize>) -> Vec<String> {
        let said: Vec<String> = self.remedies.iter().filter_map(|remedy| remedy.said(facts, l)).collect();
        if said.is_empty() { Remedy::OtherStart.said(facts, l).into_iter().collect() } else { said }
    }
}
