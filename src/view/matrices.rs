//! The matrices that the weights panel shows, and the limits of its colours and of the δ bars, which follow them.

use ndarray::Array2;

use super::limit::Limit;
use super::{DeltaView, OverTime, ScaleMode, View};
use crate::derivation::{Graph, Quantity, QuantityKey, Values, letter};
use crate::train::RecurrentView;

impl View {
    /// Adds up what the steps that the weights panel shows add to Δ.
    pub(super) fn follow_steps(&mut self) {
        let (cursor, over) = (self.cursor, self.over_time);
        let sum = |recurrent: RecurrentView<'_>| {
            let (graph, symbol) = (Graph::of(recurrent.snapshot), recurrent.parameters.get(cursor.l - 1)?.symbol);
            let key = QuantityKey::parameter(letter::SAMPLE_GRADIENT, symbol);
            let values = Values::of(recurrent.snapshot, cursor.sample, self.trace.as_ref());
            let last = if over == OverTime::Step { cursor.t } else { recurrent.steps() };
            graph.gradient_rows((key, cursor.sample), &values, (1..=graph.get(key)?.axes.rows, cursor.t..=last))
        };
        self.of_steps = self.recurrent().filter(|_| over != OverTime::Whole).and_then(sum);
    }

    /// Brings the limits of colours and bars after their numbers.
    pub(super) fn follow_limits(&mut self) {
        let Some(snapshot) = &self.snapshot else { return };
        let l = self.cursor.l;
        for (quantity, over) in self.in_weights() {
            let matrix = if over == OverTime::Whole { quantity.matrix(snapshot, l) } else { self.of_steps.as_ref() };
            let limit = self.limits.entry((over.words().unwrap_or(quantity.words()), l)).or_default();
            // A scale that was never set has nothing to be locked to.
            let locked = self.scale == ScaleMode::Locked && *limit != Limit::default();
            if let Some(matrix) = matrix.filter(|_| !locked) {
                limit.follow_99(matrix);
            }
        }
        let (Some(trace), Some(snapshot)) = (&self.trace, snapshot.dense()) else { return };
        self.delta_limits.resize(snapshot.depth() - 1, Limit::default());
        for (l, limit) in (2..).zip(&mut self.delta_limits) {
            let of_layer = match self.delta {
                DeltaView::Mean => Some(snapshot.mean_delta(l)),
                _ => trace.delta(l),
            };
            limit.follow(of_layer.iter().flatten().fold(0.0_f64, |top, entry| top.max(entry.abs())));
        }
    }

    /// What the weights panel shows, and what it shows beside that where there is room for two: of steps of one sequence the mean over the
    /// batch that they are part of.
    pub fn in_weights(&self) -> [(Quantity, OverTime); 2] {
        let beside = if self.over_time == OverTime::Whole { self.quantity.companion() } else { Quantity::D };
        [(self.quantity, self.over_time), (beside, OverTime::Whole)]
    }

    /// The matrix of such a quantity for the Θ under the cursor.
    pub fn weight_matrix(&self, (quantity, over): (Quantity, OverTime)) -> Option<&Array2<f64>> {
        if over != OverTime::Whole {
            return self.of_steps.as_ref();
        }
        quantity.matrix(self.snapshot.as_ref()?, self.cursor.l)
    }

    /// The colour limit of that matrix.
    pub fn weight_limit(&self, (quantity, over): (Quantity, OverTime)) -> f64 {
        let words = over.words().unwrap_or(quantity.words());
        self.limits.get(&(words, self.cursor.l)).copied().unwrap_or_default().value()
    }

    /// The limit of the δ bars of layer l, 2 … L.
    pub fn delta_limit(&self, l: usize) -> f64 {
        if self.shared_scale { self.largest_delta_limit() } else { self.own_delta_limit(l) }
    }

    /// How much larger the largest scale of a layer's δ is than that of layer l.
    pub fn delta_factor(&self, l: usize) -> f64 {
        self.largest_delta_limit() / self.own_delta_limit(l)
    }

    fn own_delta_limit(&self, l: usize) -> f64 {
        l.checked_sub(2).and_then(|index| self.delta_limits.get(index)).copied().unwrap_or_default().value()
    }

    fn largest_delta_limit(&self) -> f64 {
        Limit(self.delta_limits.iter().map(|limit| limit.0).fold(0.0, f64::max)).value()
    }
}
