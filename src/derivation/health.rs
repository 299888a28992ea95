//! What can be wrong with a run: each rule with its check, its threshold, its sentence and its remedy in one place.

use ndarray::Array2;

use super::LayerNorms;
use crate::nn::{Activation, Named};
use crate::number::{exact, percent_to, short};
use crate::train::{EpochHistory, Snapshot, Status};

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The next update.
    pub snapshot: &'a Snapshot,
    /// The layers' norms in it.
    pub norms: &'a [LayerNorms],
    /// The epochs so far.
    pub epochs: &'a EpochHistory,
}

/// A way in which a run can go wrong.
#[derive(Debug)]
pub struct Rule {
    /// What it is called.
    pub name: &'static str,
    /// From where on it is wrong.
    pub threshold: &'static str,
    /// What helps.
    pub remedy: &'static str,
    /// Where it is wrong, and the sentence that says how, with the numbers; `None` while all is well.
    check: fn(&Facts<'_>) -> Option<Finding>,
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
    /// What is wrong, with the numbers.
    pub sentence: String,
}

/// A gradient's norm above which it explodes.
const EXPLODING: f64 = 100.0;
/// The first layer's share of the largest gradient below which it vanishes.
const VANISHING: f64 = 0.01;
/// The share of a layer's units, or of its activations, from which on it is dead or saturated.
const MUCH: f64 = 0.5;
/// A run that has come below this share of its cost at epoch 0 is learning.
const UNLEARNED: f64 = 0.5;
/// Over so many epochs, and so many updates, the data term must fall by this share, or it is a plateau.
const PLATEAU: (u64, u64, f64) = (10, 1_000, 0.01);
/// δ that differ by less than this share are equal.
const EQUAL: f64 = 1e-12;

/// Every rule, the gravest first.
pub const RULES: &[Rule] = &[
    Rule {
        name: "diverged",
        threshold: "the next update is not finite",
        remedy: "a smaller α (o), then reset (r)",
        check: diverged,
    },
    Rule {
        name: "exploding",
        threshold: "a ‖D^(l)‖, bias column included, is over 100",
        remedy: "a smaller α, or smaller weights to start with: --init course",
        check: exploding,
    },
    Rule {
        name: "symmetric",
        threshold: "all units of a hidden δ^(l) of two units or more are equal, for every sample",
        remedy: "weights that differ to start with: --init uniform",
        check: symmetric,
    },
    Rule {
        name: "dead",
        threshold: "half of the ReLU units of an a^(l) or more are 0 for the whole training set",
        remedy: "leaky-relu, a smaller α, or --init he",
        check: dead,
    },
    Rule {
        name: "saturated",
        threshold: "half of a hidden a^(l) or more are within 0.03 of 0 or 1 (tanh: beyond 0.97), and J is above half of epoch 0's",
        remedy: "smaller weights to start with: --init uniform; scaled features: --scale standard",
        check: saturated,
    },
    Rule {
        name: "vanishing",
        threshold: "‖D^(1)‖ is under 1 % of the largest ‖D^(l)‖, bias columns included, and J is above half of epoch 0's",
        remedy: "relu with --init he, or fewer layers; v in panel 2 shows where δ is lost",
        check: vanishing,
    },
    Rule {
        name: "plateau",
        threshold: "the data term fell by less than 1 % in 10 epochs and 1000 updates, and is above half of epoch 0's",
        remedy: "a larger α, a smaller λ (o), or another start (R)",
        check: plateau,
    },
];

/// The rules that are broken, the gravest first.
pub fn alarms(facts: &Facts<'_>) -> Vec<Alarm> {
    let broken = |rule: &'static Rule| (rule.check)(facts).map(|(l, sentence)| Alarm { rule, l, sentence });
    RULES.iter().filter_map(broken).collect()
}

impl Facts<'_> {
    /// Says how far J over the training set has come, if that is not far.
    fn has_not_learned(&self) -> Option<String> {
        let first = self.epochs.all().next().filter(|first| first.epoch == 0)?;
        let share = self.snapshot.latest.total() / first.total();
        (share > UNLEARNED).then(|| format!("J is at {} of epoch 0's", percent_to(share, 0)))
    }
}

fn diverged(facts: &Facts<'_>) -> Option<Finding> {
    let Status::Diverged(what) = &facts.snapshot.status else { return None };
    let update = facts.snapshot.position.step + 1;
    Some((None, format!("update {update} is not applied: {what} is not finite")))
}

fn exploding(facts: &Facts<'_>) -> Option<Finding> {
    let worst = facts.norms.iter().max_by(|one, other| one.d.total_cmp(&other.d))?;
    let sentence =
        || format!("‖D^({})‖ is {}, over {} (bias column included)", worst.l, short(worst.d), exact(EXPLODING));
    (worst.d > EXPLODING).then(|| (Some(worst.l + 1), sentence()))
}

fn symmetric(facts: &Facts<'_>) -> Option<Finding> {
    let snapshot = facts.snapshot;
    let l = (2..snapshot.depth()).find(|&l| {
        let (delta, theta) = (snapshot.backprop.delta(l), snapshot.network.theta(l - 1));
        let nothing = delta.iter().all(|&delta| delta == 0.0);
        // Where no δ is left, the units are the same only if they have the same weights.
        delta.ncols() > 1 && if nothing { columns_agree(&theta.t().to_owned()) } else { columns_agree(delta) }
    })?;
    let delta = snapshot.backprop.delta(l);
    let (units, first) = (delta.ncols(), delta.first()?);
    let sentence = format!(
        "all {units} units of δ^({l}) are equal, {} for the batch's first sample: they stay the same",
        short(*first)
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

fn dead(facts: &Facts<'_>) -> Option<Finding> {
    let share = |norms: &LayerNorms| norms.dead.map_or(0.0, |dead| dead as f64 / norms.units as f64);
    let worst = facts.norms.iter().max_by(|one, other| share(one).total_cmp(&share(other)))?;
    if share(worst) < MUCH {
        return None;
    }
    let (dead, units, l) = (worst.dead?, worst.units, worst.l + 1);
    let (m, epoch) = (facts.snapshot.regularisation.m, facts.snapshot.latest.epoch);
    let sentence =
        format!("{dead} of {units} units of a^({l}) are 0 for all {m} training samples (after epoch {epoch})");
    Some((Some(l), sentence))
}

fn saturated(facts: &Facts<'_>) -> Option<Finding> {
    let share = |norms: &LayerNorms| norms.activations.saturated.unwrap_or(0.0);
    let worst = facts.norms.iter().max_by(|one, other| share(one).total_cmp(&share(other)))?;
    if share(worst) < MUCH {
        return None;
    }
    let l = worst.l + 1;
    let g = *facts.snapshot.network.hidden.get(worst.l - 1)?;
    let ends = if g == Activation::Tanh { "beyond 0.97" } else { "within 0.03 of 0 or 1" };
    let (share, name, far) = (percent_to(share(worst), 0), g.name(), facts.has_not_learned()?);
    Some((Some(l), format!("{share} of a^({l}) ({name}) are {ends}, and {far}")))
}

fn vanishing(facts: &Facts<'_>) -> Option<Finding> {
    let first = facts.norms.first()?;
    let largest = facts.norms.iter().max_by(|one, other| one.d.total_cmp(&other.d))?;
    let share = first.d / largest.d;
    // A gradient of 0 everywhere vanishes nowhere in particular.
    if facts.norms.len() < 2 || share.is_nan() || share >= VANISHING {
        return None;
    }
    let (share, far) = (percent_to(share, 2), facts.has_not_learned()?);
    Some((Some(2), format!("‖D^(1)‖ is {share} of ‖D^({})‖ (bias columns included), and {far}", largest.l)))
}

fn plateau(facts: &Facts<'_>) -> Option<Finding> {
    let (epochs, updates, least) = PLATEAU;
    let now = &facts.snapshot.latest;
    let is_old = |epoch: u64, step: u64| epoch + epochs <= now.epoch && step + updates <= now.step;
    let then = facts.epochs.all().filter(|then| is_old(then.epoch, then.step)).last()?;
    let first = facts.epochs.all().next().filter(|first| first.epoch == 0)?;
    let (fell, left) = (1.0 - now.train.data / then.train.data, now.train.data / first.train.data);
    if fell >= least || fell.is_nan() || left <= UNLEARNED {
        return None;
    }
    let (before, after, left) = (short(then.train.data), short(now.train.data), percent_to(left, 0));
    let sentence = format!(
        "the data term was {before} after epoch {} and is {after} after epoch {}, {left} of epoch 0's",
        then.epoch, now.epoch
    );
    Some((None, sentence))
}
