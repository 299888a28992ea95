//! The measures of every epoch, and the epochs at which they were lowest.

use super::{Epoch, Thinned};

/// What was measured after each epoch, exactly; of more than 65,536 epochs every second, fourth, eighth … one, and the last. The
/// epochs with the lowest J and with the lowest held-out cost are always known.
#[derive(Clone, Debug, Default)]
pub struct EpochHistory {
    epochs: Thinned<Epoch, 65_536>,
    lowest: Option<Epoch>,
    lowest_held_out: Option<Epoch>,
}

impl EpochHistory {
    /// Adds an epoch; one with the number of the last one takes its place.
    pub fn push(&mut self, epoch: &Epoch) {
        self.epochs.push(epoch);
        self.lower(Some(epoch), Some(epoch));
    }

    /// Adds all that another history holds.
    pub fn append(&mut self, later: &Self) {
        self.epochs.append(&later.epochs);
        self.lower(later.lowest.as_ref(), later.lowest_held_out.as_ref());
    }

    /// Empties the history, keeping its memory.
    pub fn clear(&mut self) {
        self.epochs.clear();
        (self.lowest, self.lowest_held_out) = (None, None);
    }

    /// All epochs kept, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Epoch> {
        self.epochs.all()
    }

    /// The first epoch with the lowest J over the training part.
    pub fn lowest(&self) -> Option<&Epoch> {
        self.lowest.as_ref()
    }

    /// The first epoch with the lowest held-out cost.
    pub fn lowest_held_out(&self) -> Option<&Epoch> {
        self.lowest_held_out.as_ref()
    }

    fn lower(&mut self, by_j: Option<&Epoch>, by_held_out: Option<&Epoch>) {
        if let Some(epoch) = by_j.filter(|epoch| self.lowest.is_none_or(|lowest| epoch.total() < lowest.total())) {
            self.lowest = Some(*epoch);
        }
        let is_lower = |epoch: &Epoch| self.lowest_held_out.is_none_or(|lowest| epoch.held_out() < lowest.held_out());
        if let Some(epoch) = by_held_out.filter(|epoch| epoch.test.is_some() && is_lower(epoch)) {
            self.lowest_held_out = Some(*epoch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Fit, Measure};

    fn epoch(epoch: u64, data: f64, held_out: f64) -> Epoch {
        let measure = |data| Measure { data, fit: Fit::Accuracy(0.5) };
        Epoch { epoch, step: 4 * epoch, train: measure(data), reg: 1.0, test: Some(measure(held_out)) }
    }

    #[test]
    fn the_lowest_epochs_are_known_though_the_history_is_thinned_and_told_in_parts() {
        let (mut all, mut parts) = (EpochHistory::default(), EpochHistory::default());
        let costs = |n: u64| {
            if n == 777 {
                (0.25, 3.0)
            } else if n == 70_001 {
                (0.5, 0.125)
            } else {
                (1.0, 2.0)
            }
        };
        let epochs: Vec<Epoch> = (0..140_000).map(|n| epoch(n, costs(n).0, costs(n).1)).collect();
        for chunk in epochs.chunks(10_000) {
            let mut part = EpochHistory::default();
            chunk.iter().for_each(|epoch| part.push(epoch));
            chunk.iter().for_each(|epoch| all.push(epoch));
            parts.append(&part);
        }
        for history in [&all, &parts] {
            let lowest = [history.lowest(), history.lowest_held_out()].map(|lowest| lowest.map(|epoch| epoch.epoch));
            assert_eq!(lowest, [Some(777), Some(70_001)]);
            assert!(history.all().all(|epoch| epoch.epoch != 777), "it is not among those that are kept");
        }
        all.clear();
        assert_eq!((all.lowest(), all.lowest_held_out()), (None, None));
    }
}
