//! A way in which a run can go wrong, for which kinds of networks, and what is found where it does.

use super::facts::HealthFacts;
use super::remedy::Remedy;
use crate::nn::AnyModel;

/// The kinds of networks that a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Every kind.
    Every,
    /// Dense networks.
    Dense,
    /// Recurrent networks.
    Recurrent,
}

impl Kinds {
    pub(super) fn contain(self, model: &AnyModel) -> bool {
        match self {
            Self::Every => true,
            Self::Dense => matches!(model, AnyModel::Dense(_)),
            Self::Recurrent => matches!(model, AnyModel::Recurrent(_)),
        }
    }
}

/// A way in which a run can go wrong.
#[derive(Debug)]
pub struct AlarmRule {
    /// What it is called; rules of one name are for other kinds of networks.
    pub name: &'static str,
    /// The kinds of networks that it is for.
    pub kinds: Kinds,
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
    /// ‖D‖ of a Θ.
    Gradient,
    /// δ of the units that it leads to.
    Delta,
    /// How many of them are dead.
    Dead,
    /// How many of their activations are saturated.
    Saturated,
}

/// What a check finds: the number of a Θ, counted from 1, unless it is the whole run; and the sentence.
pub(super) type Finding = (Option<usize>, String);

/// A rule that is broken.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// The rule.
    pub rule: &'static AlarmRule,
    /// The number of the Θ, counted from 1, that it is broken in, or in the units that it leads to, unless it is the whole run.
    pub l: Option<usize>,
    /// The layer of these units, 2 … L; h of a recurrent network is layer 2, and o layer 3.
    pub layer: Option<usize>,
    /// What is wrong, with the numbers and the moment that they are of.
    pub sentence: String,
    /// What helps; nothing that is in force already.
    pub remedies: Vec<String>,
}

impl Alarm {
    /// Whether it is about this number of the Θ that is counted l, or of the units that it leads to.
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
        let layer = l.and_then(|l| facts.norms.get(l - 1)).map(|norms| norms.symbol.layer());
        Some(Alarm { rule: self, l, layer, sentence, remedies: self.remedies(facts, l) })
    }

    /// What would help in this run if the rule were broken, in a Θ, counted from 1, or as a whole: nothing that is in force already, and
    /// nothing that these options make no use of.
    pub fn remedies(&self, facts: &HealthFacts<'_>, l: Option<usize>) -> Vec<String> {
        let said: Vec<String> = self.remedies.iter().filter_map(|remedy| remedy.said(facts, l)).collect();
        if said.is_empty() { Remedy::OtherStart.said(facts, l).into_iter().collect() } else { said }
    }
}
