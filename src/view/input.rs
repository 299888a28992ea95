//! ∂J/∂x as the sample panel shows it: what of it has been reached, and the limit of its colours and bars.

use ndarray::{Array1, ArrayView1};

use super::View;
use crate::derivation::{Walk, input};

/// What its limit is kept by.
const LIMIT: (&str, usize) = ("∂J/∂x", 0);

impl View {
    /// ∂J^(b)/∂x of the sample under the cursor, S_1 numbers; `None` for a recurrent network, and inside an update as long as the walk has not
    /// come back to it.
    pub fn grad_x(&self) -> Option<&Array1<f64>> {
        let (trace, dense) = (self.trace.as_ref()?, self.dense()?);
        let reached = self.playhead.is_none_or(|at| {
            let walk = Walk::of(dense);
            // Numbers of another sample would be wrong ones.
            input::is_reached(&walk, at) && walk.sample(at).is_none_or(|sample| sample == trace.sample)
        });
        Some(&trace.grad_x).filter(|_| reached)
    }

    /// ∂J^(b)/∂x_t of the sequence under the cursor at a step, counted from 1; `None` for a dense network, and as long as the walk over the
    /// steps has not come back to it.
    pub fn grad_x_at(&self, t: usize) -> Option<ArrayView1<'_, f64>> {
        let rows = self.grad_x.as_ref().filter(|rows| (1..=rows.nrows()).contains(&t))?;
        self.walked.is_none_or(|walked| t >= walked).then(|| rows.row(t - 1))
    }

    /// The magnitude that its colours and bars end at.
    pub fn grad_x_limit(&self) -> f64 {
        self.limits.get(&LIMIT).copied().unwrap_or_default().value()
    }

    /// Brings ∂J/∂x of a sequence, and the limit, after snapshot and cursor; what is not reached does not count.
    pub(super) fn follow_input(&mut self) {
        self.grad_x = self.recurrent().map(|net| input::gradient_over_time(net, self.cursor.b));
        let largest = |top: f64, value: &f64| if value.is_finite() { top.max(value.abs()) } else { top };
        let of_sample = self.grad_x().map_or(0.0, |values| values.iter().fold(0.0, largest));
        let steps = self.grad_x.as_ref().map_or(0, |rows| rows.nrows());
        let of_steps = (1..=steps).filter_map(|t| self.grad_x_at(t)).flatten().fold(0.0, largest);
        self.limits.entry(LIMIT).or_default().follow(of_sample.max(of_steps));
    }
}
