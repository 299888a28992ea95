//! What is wrong with a run: the one list that header, panels and printed lines show, each rule with its check and its remedies.

use crate::number::short;
use crate::train::{
    Change, Config, CostHistory, DenseView, Epoch, EpochHistory, Position, RecurrentView, Snapshot, Status,
};

use super::LayerNorms;

mod layers;
mod remedy;
mod run;
mod time;

use remedy::Remedy;

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The next update.
    pub net: Net<'a>,
    /// The epochs so far.
    pub epochs: &'a EpochHistory,
    /// The costs of the batches so far.
    pub costs: &'a CostHistory,
}

/// The next update of a network of either kind.
#[derive(Clone, Copy, Debug)]
pub enum Net<'a> {
    /// Of a dense network, with the norms of its layers.
    Dense(DenseView<'a>, &'a [LayerNorms]),
    /// Of a recurrent network.
    Recurrent(RecurrentView<'a>),
}

impl<'a> Net<'a> {
    /// The next update of a snapshot, with the norms of its layers where it is of a dense network.
    pub fn of(snapshot: &'a Snapshot, norms: &'a [LayerNorms]) -> Option<Self> {
        match snapshot.dense() {
            Some(dense) => Some(Self::Dense(dense, norms)),
            None => snapshot.recurrent().map(Self::Recurrent),
        }
    }

    fn snapshot(&self) -> &'a Snapshot {
        match self {
            Self::Dense(snapshot, _) => snapshot.snapshot,
            Self::Recurrent(scene) => scene.snapshot,
        }
    }
}

/// What a run of either kind has.
#[derive(Clone, Copy)]
struct Run<'a> {
    config: &'a Config,
    latest: &'a Epoch,
    position: Position,
    status: &'a Status,
    changes: &'a [Change],
    /// Samples of the training part.
    m: usize,
}

/// A way in which a run can go wrong.
#[derive(Debug)]
pub struct Rule {
    /// What it is called.
    pub name: &'static str,
    /// The number of a layer that is wrong then, if it is one of a table's.
    pub number: Option<OfLayer>,
    /// From where on it is wrong.
    pub threshold: &'static str,
    /// What helps, where it is not in force already.
    remedies: &'static [Remedy],
    /// Where it is wrong, and the sentence that says how, with the numbers and their moment; `None` while all is well.
    check: fn(&Facts<'_>) -> Option<Finding>,
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
type Finding = (Option<usize>, String);

/// A rule that is broken.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// The rule.
    pub rule: &'static Rule,
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

/// A run that has come below this share of its cost at epoch 0 is learning.
const UNLEARNED: f64 = 0.5;

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

impl Rule {
    fn broken(&'static self, facts: &Facts<'_>) -> Option<Alarm> {
        let (l, sentence) = (self.check)(facts)?;
        Some(Alarm { rule: self, l, sentence, remedies: self.remedies(facts, l) })
    }

    /// What would help in this run if the rule were broken, in a layer of units or as a whole: nothing that is in force already, and
    /// nothing that these options make no use of.
    pub fn remedies(&self, facts: &Facts<'_>, l: Option<usize>) -> Vec<String> {
        let said: Vec<String> = self.remedies.iter().filter_map(|remedy| remedy.said(facts, l)).collect();
        if said.is_empty() { Remedy::OtherStart.said(facts, l).into_iter().collect() } else { said }
    }
}

impl<'a> Facts<'a> {
    /// The rules for this kind of network.
    pub fn rules(&self) -> &'static [&'static Rule] {
        match self.net {
            Net::Dense(..) => RULES,
            Net::Recurrent(_) => TIME_RULES,
        }
    }

    fn run(&self) -> Run<'a> {
        let snapshot = self.net.snapshot();
        Run {
            config: &snapshot.config,
            latest: &snapshot.latest,
            position: snapshot.position,
            status: &snapshot.status,
            changes: &snapshot.changes,
            m: snapshot.regularisation.m,
        }
    }

    /// A sentence on J over the training part, if the run has hardly learnt.
    fn has_not_learned(&self) -> Option<String> {
        let first = self.epochs.all().next().filter(|first| first.epoch == 0)?;
        let latest = self.run().latest;
        let share = latest.total() / first.total();
        (share > UNLEARNED).then(|| format!("J after epoch {} is {}", latest.epoch, of_the_first(share)))
    }
}

/// So much of epoch 0's J, as per cent or, where it has risen far, as a factor.
fn of_the_first(share: f64) -> String {
    match share {
        ..2.0 => format!("{} of epoch 0's", crate::number::percent(share)),
        _ => format!("{} times epoch 0's", short(share)),
    }
}
