//! What was changed by hand during a run, in bounded memory.

use std::fmt;

use super::setting::Setting;
use crate::nn::{Weight, WeightName};
use crate::number::exact;

/// What can be changed by hand during a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A setting.
    Setting(Setting),
    /// A weight, and how it is called.
    Weight(Weight, WeightName),
}

impl Changed {
    /// The letter that marks it on a time axis.
    pub fn letter(self) -> char {
        match self {
            Self::Setting(setting) => setting.letter().chars().next().unwrap_or('?'),
            Self::Weight(..) => 'Θ',
        }
    }
}

/// A change by hand during a run, or many of the same thing that are kept as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Updates made before it, and before the first of many.
    pub step: u64,
    /// What was changed.
    pub what: Changed,
    /// Its value before.
    pub from: f64,
    /// Its value since.
    pub to: f64,
    /// Updates made before the last of many.
    pub last: u64,
    /// How many changes it is.
    pub times: u64,
}

impl Change {
    /// One change, after so many updates.
    pub fn new(step: u64, what: Changed, from: f64, to: f64) -> Self {
        Self { step, what, from, to, last: step, times: 1 }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, what, last, times, .. } = self;
        let (from, to) = (exact(self.from), exact(self.to));
        match what {
            Changed::Setting(setting) => write!(f, "{} {from} → {to}", setting.letter())?,
            Changed::Weight(_, name) => write!(f, "{name} {from} → {to}")?,
        }
        match times {
            1 => write!(f, " at step {step}"),
            _ => write!(f, " in {times} changes from step {step} to {last}"),
        }
    }
}

/// Changes that are kept one by one.
const MOST: usize = 1_024;

/// Adds a change to those before it; a value that was there before is no change. Of more than 1,024 changes the oldest two of the same
/// thing become one; where each is of a weight of its own, the oldest of a weight is forgotten.
pub(super) fn note(changes: &mut Vec<Change>, change: Change) {
    if change.from == change.to {
        return;
    }
    changes.push(change);
    if changes.len() > MOST {
        shorten(changes);
    }
}

fn shorten(changes: &mut Vec<Change>) {
    let again = |index: usize| (index + 1..changes.len()).find(|&later| changes[later].what == changes[index].what);
    let pair = (0..changes.len()).find_map(|index| again(index).map(|later| (index, later)));
    if let Some((index, later)) = pair {
        let Change { to, last, times, .. } = changes.remove(later);
        let first = &mut changes[index];
        (first.to, first.last, first.times) = (to, last, first.times + times);
    } else if let Some(oldest) = changes.iter().position(|change| matches!(change.what, Changed::Weight(..))) {
        changes.remove(oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Symbol;

    const LAMBDA: Changed = Changed::Setting(Setting::Lambda);

    fn weight(j: usize) -> Changed {
        Changed::Weight(Weight { l: 1, j, i: 0 }, Symbol::Layer(1).weight((j, 0), 1))
    }

    #[test]
    fn a_value_that_was_there_before_is_no_change() {
        let mut changes = Vec::new();
        note(&mut changes, Change::new(5, LAMBDA, 1.0, 1.0));
        note(&mut changes, Change::new(5, LAMBDA, 0.0, -0.0));
        assert_eq!(changes, []);
        note(&mut changes, Change::new(5, LAMBDA, 1.0, 3.0));
        assert_eq!(changes, [Change::new(5, LAMBDA, 1.0, 3.0)]);
    }

    #[test]
    fn many_changes_of_one_thing_are_kept_as_one_that_says_so() {
        let mut changes = Vec::new();
        for step in 0..10_000 {
            let (from, to) = ((step % 2) as f64, ((step + 1) % 2) as f64);
            note(&mut changes, Change::new(step, LAMBDA, from, to));
        }
        assert_eq!(changes.len(), MOST);
        assert_eq!(changes.iter().map(|change| change.times).sum::<u64>(), 10_000);
        assert_eq!((changes[0].step, changes[0].from), (0, 0.0), "the run began with it");
        assert_eq!(changes[0].to, changes[1].from);
        assert_eq!(changes[0].to_string(), "λ 0 → 1 in 8977 changes from step 0 to 8976");
        assert_eq!(changes[1].to_string(), "λ 1 → 0 at step 8977");
    }

    #[test]
    fn changes_of_ever_other_weights_are_bounded_too() {
        let mut changes = vec![Change::new(0, LAMBDA, 1.0, 3.0)];
        (0..1_030).for_each(|j| note(&mut changes, Change::new(9, weight(j), 0.5, 1.0)));
        assert_eq!((changes.len(), changes[0].what, changes[1].what), (MOST, LAMBDA, weight(1_030 - MOST + 1)));
    }
}
