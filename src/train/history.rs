//! What the costs were: every step's in bounded memory, and every epoch's.

use std::collections::VecDeque;

use super::moment::Cost;
use crate::number::{fixed, percent};

mod epochs;
mod thinned;

pub use epochs::EpochHistory;
pub use thinned::{Numbered, Thinned};

/// The batch's cost at the Θ that so many updates have made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CostPoint {
    /// Updates made before.
    pub step: u64,
    /// Data term over the batch that comes next (1.2.2).
    pub data: f64,
    /// Regularisation term (1.2.4).
    pub reg: f64,
}

impl CostPoint {
    /// J = data + reg (1.2.5).
    pub fn total(&self) -> f64 {
        self.data + self.reg
    }
}

/// Smallest, largest and mean of a number over several steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Smallest.
    pub min: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
}

impl Spread {
    fn of(value: f64) -> Self {
        Self { min: value, max: value, mean: value }
    }

    fn join(self, other: Self, [own, others]: [f64; 2]) -> Self {
        let mean = self.mean + (other.mean - self.mean) * (others / (own + others));
        Self { min: self.min.min(other.min), max: self.max.max(other.max), mean }
    }
}

/// The costs of several neighbouring steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// First step.
    pub first: u64,
    /// Last step.
    pub last: u64,
    /// How many steps.
    pub count: u64,
    /// Data terms.
    pub data: Spread,
    /// Regularisation terms.
    pub reg: Spread,
    /// Sums of both.
    pub total: Spread,
}

impl Bucket {
    fn of(point: &CostPoint) -> Self {
        let (data, reg, total) = (Spread::of(point.data), Spread::of(point.reg), Spread::of(point.total()));
        Self { first: point.step, last: point.step, count: 1, data, reg, total }
    }

    fn join(self, later: Self) -> Self {
        let weights = [self.count as f64, later.count as f64];
        Self {
            first: self.first,
            last: later.last,
            count: self.count + later.count,
            data: self.data.join(later.data, weights),
            reg: self.reg.join(later.reg, weights),
            total: self.total.join(later.total, weights),
        }
    }
}

/// Steps that are kept exactly.
const RECENT: usize = 65_536;
/// Buckets that older steps are kept in.
const OLDER: usize = 4_096;

/// The costs of all steps: the last 65,536 exactly, older ones as buckets of a power-of-two size that grows.
#[derive(Clone, Debug, PartialEq)]
pub struct CostHistory {
    recent: VecDeque<CostPoint>,
    older: Vec<Bucket>,
    /// Steps that a bucket is filled up to.
    span: u64,
}

impl Default for CostHistory {
    fn default() -> Self {
        Self { recent: VecDeque::with_capacity(RECENT), older: Vec::new(), span: 1 }
    }
}

impl CostHistory {
    /// Adds the cost of a step that is later than all before.
    pub fn push(&mut self, point: CostPoint) {
        if self.recent.len() == RECENT
            && let Some(oldest) = self.recent.pop_front()
        {
            self.retire(Bucket::of(&oldest));
        }
        self.recent.push_back(point);
    }

    /// Adds all that another history holds, which is later than all before.
    pub fn append(&mut self, later: &CostHistory) {
        if !later.older.is_empty() {
            while let Some(point) = self.recent.pop_front() {
                self.retire(Bucket::of(&point));
            }
            later.older.iter().for_each(|&bucket| self.retire(bucket));
        }
        later.recent.iter().for_each(|&point| self.push(point));
    }

    /// Empties the history, keeping its memory.
    pub fn clear(&mut self) {
        self.recent.clear();
        self.older.clear();
        self.span = 1;
    }

    /// The steps that are kept exactly, oldest first.
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &CostPoint> + ExactSizeIterator {
        self.recent.iter()
    }

    /// The steps before them, oldest first.
    pub fn older(&self) -> &[Bucket] {
        &self.older
    }

    /// The last step's cost.
    pub fn last(&self) -> Option<&CostPoint> {
        self.recent.back()
    }

    fn retire(&mut self, bucket: Bucket) {
        match self.older.last_mut() {
            Some(open) if open.count + bucket.count <= self.span => *open = open.join(bucket),
            _ => self.older.push(bucket),
        }
        if self.older.len() > OLDER {
            self.span *= 2;
            let pairs = self.older.len().div_ceil(2);
            for index in 0..pairs {
                let (one, other) = (self.older[2 * index], self.older.get(2 * index + 1));
                self.older[index] = other.map_or(one, |&other| one.join(other));
            }
            self.older.truncate(pairs);
        }
    }
}

/// How well the net does on one part of the data after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Data term over the whole part (1.2.2).
    pub data: f64,
    /// How near the answers are to the targets.
    pub fit: Fit,
}

impl Measure {
    /// Whether its numbers are some.
    pub fn is_finite(&self) -> bool {
        self.data.is_finite() && !matches!(self.fit, Fit::Numbers { rmse, .. } if !rmse.is_finite())
    }
}

/// How near the answers of a part are to its targets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fit {
    /// Share of samples that are answered rightly, 0 … 1; of several labels all must be right.
    Accuracy(f64),
    /// For numbers, in the targets' own unit; of several outputs the mean.
    Numbers {
        /// R² = 1 − Σ(h − y)² / Σ(y − mean y)²; absent where all targets are equal, or h so far off that it
        /// is no finite number.
        r2: Option<f64>,
        /// √(Σ(h − y)²/m).
        rmse: f64,
    },
}

impl Fit {
    /// The share of samples that are answered rightly, where that can be said.
    pub fn accuracy(self) -> Option<f64> {
        match self {
            Self::Accuracy(share) => Some(share),
            Self::Numbers { .. } => None,
        }
    }

    /// In a few words: a share as per cent, or R² and RMSE; R² is `-` where there is none.
    pub fn brief(self) -> String {
        match self {
            Self::Accuracy(share) => percent(share),
            Self::Numbers { r2, rmse } => {
                format!("R² {} RMSE {}", r2.map_or_else(|| "-".into(), |r2| fixed(r2, 6)), fixed(rmse, 6))
            }
        }
    }
}

/// What was measured after an epoch; epoch 0 is before any update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Epochs done.
    pub epoch: u64,
    /// Updates done.
    pub step: u64,
    /// Over the whole training part.
    pub train: Measure,
    /// Regularisation term (1.2.4).
    pub reg: f64,
    /// Over the held-out part, if there is one.
    pub test: Option<Measure>,
}

impl Epoch {
    /// What of it is not finite.
    pub fn not_finite(&self) -> Option<&'static str> {
        match self.test {
            _ if !self.total().is_finite() => Some("J of the training part"),
            _ if !self.train.is_finite() => Some("the RMSE of the training part"),
            Some(test) if !test.data.is_finite() => Some("the cost of the held-out part"),
            Some(test) if !test.is_finite() => Some("the RMSE of the held-out part"),
            _ => None,
        }
    }

    /// J over the training part (1.2.5).
    pub fn total(&self) -> f64 {
        self.train.data + self.reg
    }

    /// The held-out cost; not a number where nothing is held out.
    pub fn held_out(&self) -> f64 {
        self.test.map_or(f64::NAN, |test| test.data)
    }
}

impl Numbered for Epoch {
    fn number(&self) -> u64 {
        self.epoch
    }
}

/// The parts of the batch's cost at one step.
#[derive(Debug, PartialEq)]
pub struct Shares {
    /// Updates made before.
    pub step: u64,
    /// The parts.
    pub cost: Cost,
}

impl Clone for Shares {
    fn clone(&self) -> Self {
        Self { step: self.step, cost: self.cost.clone() }
    }

    /// In the memory that is there.
    fn clone_from(&mut self, other: &Self) {
        self.step = other.step;
        self.cost.clone_from(&other.cost);
    }
}

/// The parts of the cost at each step; of more than 4,096 steps at every second, fourth, eighth … one, and the last.
pub type ShareHistory = Thinned<Shares, 4_096>;

impl Numbered for Shares {
    fn number(&self) -> u64 {
        self.step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(step: u64) -> CostPoint {
        CostPoint { step, data: step as f64, reg: 1.0 }
    }

    fn filled(steps: std::ops::Range<u64>) -> CostHistory {
        let mut history = CostHistory::default();
        steps.for_each(|step| history.push(point(step)));
        history
    }

    #[test]
    fn the_last_65536_steps_are_kept_exactly() {
        let history = filled(0..70_000);
        assert_eq!(history.recent().len(), RECENT);
        assert_eq!(history.recent().next(), Some(&point(70_000 - RECENT as u64)));
        assert_eq!(history.last(), Some(&point(69_999)));
    }

    #[test]
    fn memory_is_bounded_and_no_step_is_lost() {
        let history = filled(0..2_000_000);
        assert!(history.older.len() <= OLDER);
        let counted: u64 = history.older.iter().map(|bucket| bucket.count).sum();
        assert_eq!(counted + RECENT as u64, 2_000_000);
        for pair in history.older.windows(2) {
            assert_eq!(pair[0].last + 1, pair[1].first);
        }
        for bucket in &history.older {
            let middle = (bucket.first + bucket.last) as f64 / 2.0;
            assert!((bucket.data.mean - middle).abs() < 1e-6 * middle.max(1.0));
            assert_eq!((bucket.data.min, bucket.data.max), (bucket.first as f64, bucket.last as f64));
        }
    }

    #[test]
    fn a_spike_survives_in_the_largest_of_its_bucket() {
        let mut history = CostHistory::default();
        for step in 0..1_000_000 {
            history.push(CostPoint { step, data: if step == 777 { 1e3 } else { 1.0 }, reg: 0.0 });
        }
        assert_eq!(history.older.iter().map(|bucket| bucket.total.max).fold(0.0, f64::max), 1e3);
    }

    #[test]
    fn histories_told_in_parts_are_the_history_told_at_once() {
        let mut parts = filled(0..100);
        parts.append(&filled(100..300));
        assert_eq!(parts, filled(0..300));
        parts.append(&filled(300..200_000));
        assert_eq!(parts.last(), Some(&point(199_999)));
        let counted: u64 = parts.older.iter().map(|bucket| bucket.count).sum();
        assert_eq!(counted + parts.recent.len() as u64, 200_000);
    }
}
