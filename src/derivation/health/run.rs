//! The rules for a whole run, whatever the kind of net: what its costs say.

use super::facts::{HealthFacts, UNLEARNED};
use super::remedy::Remedy;
use super::rule::{AlarmRule, Finding, Kinds};
use crate::number::{percent, short};
use crate::train::{Changed, Epoch, EpochHistory, Setting, Status};

pub(super) const DIVERGED: AlarmRule = AlarmRule {
    name: "diverged",
    kinds: Kinds::Every,
    number: None,
    threshold: "the next update is not finite",
    remedies: &[Remedy::SmallerAlpha, Remedy::Clip, Remedy::ScaledFeatures, Remedy::ScaledTargets],
    check: diverged,
};

pub(super) const RISING: AlarmRule = AlarmRule {
    name: "rising",
    kinds: Kinds::Every,
    number: None,
    threshold: "J is twice epoch 0's for 2 updates or in 12 of 16 batches, or for 3 epochs twice its lowest and 30 % of epoch 0's above that",
    remedies: &[Remedy::SmallerAlpha, Remedy::Clip, Remedy::ScaledFeatures, Remedy::ScaledTargets],
    check: rising,
};

pub(super) const OVERFITTING: AlarmRule = AlarmRule {
    name: "overfitting",
    kinds: Kinds::Every,
    number: None,
    threshold: "the held-out cost is at least 10 % above its lowest for 5 epochs, and the training part's data term has fallen by 20 % since",
    remedies: &[Remedy::LargerLambda, Remedy::Dropout, Remedy::Patience, Remedy::MoreData],
    check: overfitting,
};

pub(super) const PLATEAU: AlarmRule = AlarmRule {
    name: "plateau",
    kinds: Kinds::Every,
    number: None,
    threshold: "the data term fell by less than 1 % in 10 epochs and 1000 updates, and is above half of epoch 0's",
    remedies: &[Remedy::SmallerLambda, Remedy::LargerAlpha, Remedy::SteadyAlpha, Remedy::OtherStart],
    check: plateau,
};

/// J that is so many times another one is well above it.
const WELL_ABOVE: f64 = 2.0;
/// Updates that J stays well above epoch 0's for.
const UPDATES: u64 = 2;
/// Epochs, and updates, that it stays well above its lowest for; and by how much of epoch 0's.
const STAYS: (usize, u64, f64) = (3, 10, 0.3);
/// So many of the last so many batches are above twice what J was.
const BATCHES: (usize, usize) = (12, 16);
/// J that is lower by this share since a change is falling.
const FALLS: f64 = 0.1;
/// The least J that others are compared with, so that a run that begins with perfect weights may move.
const NOTHING: f64 = 1e-9;
/// Epochs that the held-out cost is above its lowest for; by which share of it, and by which share of epoch 0's at least.
const HELD_OUT: (usize, f64, f64) = (5, 0.1, 0.01);
/// The share by which the training part's data term has fallen meanwhile.
const MEANWHILE: f64 = 0.2;
/// Over so many epochs, and so many updates, the data term must fall by this share, or it is a plateau.
const STILL: (u64, u64, f64) = (10, 1_000, 0.01);

fn diverged(facts: &HealthFacts<'_>) -> Option<Finding> {
    let Status::Diverged(what) = &facts.snapshot.status else { return None };
    let update = facts.snapshot.position.step + 1;
    Some((None, format!("update {update} is not applied: {what} is not finite")))
}

/// A cost that is measured after each epoch.
#[derive(Clone, Copy)]
enum MeasuredCost {
    /// J over the training part.
    J,
    HeldOut,
}

impl MeasuredCost {
    fn of(self, epoch: &Epoch) -> f64 {
        match self {
            Self::J => epoch.total(),
            Self::HeldOut => epoch.held_out(),
        }
    }

    /// The epoch at which it was lowest.
    fn lowest(self, epochs: &EpochHistory) -> Option<&Epoch> {
        match self {
            Self::J => epochs.lowest(),
            Self::HeldOut => epochs.lowest_held_out(),
        }
    }
}

/// How a cost went over the epochs that can be compared: those after the last change by hand that moves it without any update.
struct CostCourse<'a> {
    epochs: &'a EpochHistory,
    cost: MeasuredCost,
    /// The step of that change.
    since: Option<u64>,
    first: Epoch,
    now: Epoch,
    lowest: Epoch,
}

impl<'a> CostCourse<'a> {
    fn of(facts: &HealthFacts<'a>, cost: MeasuredCost, moves: fn(Changed) -> bool) -> Option<Self> {
        let epochs = facts.epochs;
        let since = facts.snapshot.changes.iter().rfind(|change| moves(change.what)).map(|change| change.last);
        let comparable = || epochs.all().filter(|epoch| since.is_none_or(|since| epoch.step > since));
        let lowest = || comparable().min_by(|one, other| cost.of(one).total_cmp(&cost.of(other)));
        let (first, now) = (*comparable().next()?, *comparable().next_back()?);
        let lowest = match since {
            None => cost.lowest(epochs),
            Some(_) => lowest(),
        };
        Some(Self { epochs, cost, since, first, now, lowest: *lowest? })
    }

    /// Whether the cost has been above a limit, which its lowest is below, for so many epochs and so many updates.
    fn stays_above(&self, limit: f64, (epochs, updates): (usize, u64)) -> bool {
        for (above, epoch) in self.epochs.all().rev().enumerate() {
            let is_below = self.since.is_some_and(|since| epoch.step <= since) || self.cost.of(epoch) < limit;
            let is_long = above >= epochs && self.now.step - epoch.step >= updates;
            if is_below || is_long {
                return is_long;
            }
        }
        false
    }
}

fn rising(facts: &HealthFacts<'_>) -> Option<Finding> {
    // Another λ is another J, and so is another weight.
    let moves = |what| matches!(what, Changed::Weight(..) | Changed::Setting(Setting::Lambda));
    let course = CostCourse::of(facts, MeasuredCost::J, moves)?;
    let CostCourse { first, now, lowest, .. } = &course;
    let begun = first.total().max(NOTHING);
    if falls_since_a_change(facts, &course) {
        return None;
    }
    let (epochs, updates, share) = STAYS;
    let limit = (WELL_ABOVE * lowest.total()).max(lowest.total() + share * begun);
    let is_high = course.stays_above(WELL_ABOVE * begun, (1, UPDATES)) || course.stays_above(limit, (epochs, updates));
    if !is_high {
        return rising_within_an_epoch(facts, &course);
    }
    let was = short(lowest.total());
    let far = match now.total() / lowest.total() {
        times if times.is_finite() => format!("{} times its lowest, {was}", short(times)),
        _ => format!("its lowest was {was}"),
    };
    Some((None, format!("J is {} after epoch {}, {far} after epoch {}", short(now.total()), now.epoch, lowest.epoch)))
}

/// Whether J has fallen since α, B or β was changed by hand: then the change does what it should.
fn falls_since_a_change(facts: &HealthFacts<'_>, course: &CostCourse<'_>) -> bool {
    let Some(change) = facts.snapshot.changes.last() else { return false };
    let then = course.epochs.all().rfind(|epoch| epoch.step <= change.last);
    then.is_some_and(|then| course.now.total() < (1.0 - FALLS) * then.total())
}

/// The same from the batches of the present epoch, compared with J after the first epoch and after the last. Where batches are in the
/// data's own order, or units are left out, a batch's cost can't be compared with that of the whole part.
fn rising_within_an_epoch(facts: &HealthFacts<'_>, course: &CostCourse<'_>) -> Option<Finding> {
    let config = &facts.snapshot.config;
    if !config.shuffle || config.dropout > 0.0 {
        return None;
    }
    let was = if course.now.total() > course.first.total() { &course.now } else { &course.first };
    let limit = WELL_ABOVE * was.total().max(NOTHING);
    let since = course.since.unwrap_or(0);
    let (many, of) = BATCHES;
    // A step has two costs where something was changed before its update; the last one counts.
    let mut last: Vec<(u64, f64)> = Vec::with_capacity(of);
    for point in facts.costs.recent().rev().take_while(|point| point.step >= since) {
        if last.last().is_none_or(|(step, _)| *step != point.step) {
            last.push((point.step, point.total()));
        }
        if last.len() == of {
            break;
        }
    }
    let high = last.iter().filter(|(_, cost)| *cost >= limit).count();
    if last.len() < of || high < many {
        return None;
    }
    let (from, to) = (last[of - 1].0, last[0].0);
    let (j, epoch) = (short(was.total()), was.epoch);
    let sentence = format!(
        "J of {high} of the {of} batches after steps {from} to {to} is at least twice the {j} after epoch {epoch}"
    );
    Some((None, sentence))
}

fn overfitting(facts: &HealthFacts<'_>) -> Option<Finding> {
    let course = CostCourse::of(facts, MeasuredCost::HeldOut, |what| matches!(what, Changed::Weight(..)))?;
    let CostCourse { first, now, lowest, .. } = &course;
    let (epochs, share, least) = HELD_OUT;
    let limit = ((1.0 + share) * lowest.held_out()).max(lowest.held_out() + least * first.held_out());
    let has_learned = now.train.data <= (1.0 - MEANWHILE) * lowest.train.data;
    if !has_learned || !course.stays_above(limit, (epochs, 1)) {
        return None;
    }
    let (times, was) = (short(now.held_out() / lowest.held_out()), short(lowest.held_out()));
    let (from, to) = (short(lowest.train.data), short(now.train.data));
    let (is, after, then) = (short(now.held_out()), now.epoch, lowest.epoch);
    let sentence = format!(
        "the held-out cost is {is} after epoch {after}, {times} times its lowest, {was} after epoch {then}, while the data term of the training part fell from {from} to {to}"
    );
    Some((None, sentence))
}

fn plateau(facts: &HealthFacts<'_>) -> Option<Finding> {
    let (epochs, updates, least) = STILL;
    let now = &facts.snapshot.latest;
    let is_old = |epoch: u64, step: u64| epoch + epochs <= now.epoch && step + updates <= now.step;
    let first = facts.epochs.all().next().filter(|first| first.epoch == 0)?;
    if now.train.data <= UNLEARNED * first.train.data {
        return None;
    }
    let then = facts.epochs.all().rfind(|then| is_old(then.epoch, then.step))?;
    let (fell, left) = (1.0 - now.train.data / then.train.data, now.train.data / first.train.data);
    // What rises asks for the contrary of what helps on a plateau.
    if fell >= least || fell.is_nan() || left <= UNLEARNED || rising(facts).is_some() {
        return None;
    }
    let (before, after, left) = (short(then.train.data), short(now.train.data), percent(left));
    let sentence = format!(
        "the data term was {before} after epoch {} and is {after} after epoch {}, {left} of epoch 0's",
        then.epoch, now.epoch
    );
    Some((None, sentence))
}
