//! ∂J/∂x as the sample panel shows it: what of it has been reached, and the limit of its colours and bars.

use ndarray::ArrayView1;

use super::View;
use crate::derivation::{Walk, input};

/// What its limit is kept by.
const LIMIT: (&str, usize) = ("∂J/∂x", 0);

impl View {
    /// ∂J^(b)/∂x of the sample under the cursor, S_1 numbers; `None` for a recurrent network, and inside an update as long as the walk has not
    /// come back to it.
    pub fn grad_x(&self) -> Option<ArrayView1<'_, f64>> {
        let trace = self.trace.as_ref().filter(|_| self.dense().is_some())?;
        self.has_reached(0).then(|| trace.grad_x.row(0))
    }

    /// ∂J^(b)/∂x_t of the sequence under the cursor at a step, counted from 1; `None` for a dense network, and as long as a walk has not come
    /// back to it.
    pub fn grad_x_at(&self, t: usize) -> Option<ArrayView1<'_, f64>> {
        let rows = &self.trace.as_ref().filter(|_| self.dense().is_none())?.grad_x;
        let t = (1..=rows.nrows()).contains(&t).then_some(t)?;
        let in_sum = self.walked.is_none_or(|walked| t >= walked);
        (in_sum && self.has_reached(t)).then(|| rows.row(t - 1))
    }

    /// Whether the walk inside an update, if there is one, has come back to a step; 0 for a network that has none.
    fn has_reached(&self, t: usize) -> bool {
        self.playhead.is_none() || self.grad_x_from.is_some_and(|from| t >= from)
    }

    /// The magnitude that its colours and bars end at.
    pub fn grad_x_limit(&self) -> f64 {
        self.limits.get(&LIMIT).copied().unwrap_or_default().value()
    }

    /// Brings how far a walk has come back to ∂J/∂x, and its limit, after snapshot and cursor.
    pub(super) fn follow_input(&mut self) {
        let walk = self.snapshot.as_ref().zip(self.playhead);
        self.grad_x_from = walk.map(|(snapshot, at)| input::first_reached(&Walk::of(snapshot, self.detail), at));
        let largest = |top: f64, value: &f64| if value.is_finite() { top.max(value.abs()) } else { top };
        let of_sample = self.trace.iter().flat_map(|trace| &trace.grad_x).fold(0.0, largest);
        self.limits.entry(LIMIT).or_default().follow(of_sample);
    }
}
