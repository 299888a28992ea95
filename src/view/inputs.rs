//! The input under the cursor, which can be set by hand in a copy of the sample: where it is, and how the cursor moves to others.

use super::{Inquiry, View};
use crate::derivation::{EditedSample, Explanation, explain_by};
use crate::keymap::Direction;

impl View {
    /// Row and column of the input under the cursor, as `EditedSample` has them: of a sequence the row is a step; `None` before the first
    /// picture.
    pub fn input_at(&self) -> Option<(usize, usize)> {
        let snapshot = self.snapshot.as_ref()?;
        let last = snapshot.data.inputs().len().checked_sub(1)?;
        let input = self.cursor.i.saturating_sub(snapshot.model.biases(0)).min(last);
        let row = if snapshot.dense().is_some() { 0 } else { self.cursor.t.checked_sub(1)? };
        Some((row, input))
    }

    /// The number of the input under the cursor as it was read or set, and that of white.
    pub fn input_now(&self) -> Option<(f64, f64)> {
        let (at, snapshot) = (self.input_at()?, self.snapshot.as_ref()?);
        let read = || EditedSample::of(self.cursor.sample, &snapshot.data);
        let of = |edited: &EditedSample| Some((*edited.read.get(at)?, edited.largest));
        match &self.edited {
            Some(edited) => of(edited),
            None => of(&read()?),
        }
    }

    /// Whether the inputs are a picture, or steps: the cursor goes to all sides, and there is a black and a white.
    pub fn has_grid_of_inputs(&self) -> bool {
        self.snapshot.as_ref().is_some_and(|snapshot| snapshot.dense().is_none() || snapshot.data.image().is_some())
    }

    /// From the least to the largest number of the feature under the cursor among all samples; 1 where they are all equal.
    pub fn range_of_input(&self) -> Option<f64> {
        let (_, input) = self.input_at()?;
        let x = &self.dense()?.data.dataset.x;
        let ends = |(low, high): (f64, f64), &value: &f64| (low.min(value), high.max(value));
        let (low, high) = x.column(input).iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
        let range = high - low;
        Some(if range.is_finite() && range > 0.0 { range } else { 1.0 })
    }

    /// Brings the cursor to an input, counted from 0: to the column of Θ^(1) or Θ^x that it is multiplied by.
    pub fn go_to_input(&mut self, input: usize) {
        let Some(snapshot) = &self.snapshot else { return };
        let last = snapshot.data.inputs().len().saturating_sub(1);
        (self.cursor.l, self.cursor.i) = (1, input.min(last) + snapshot.model.biases(0));
        self.follow();
    }

    /// Moves the cursor from input to input: over a picture, through the steps and the inputs of one, or through the features.
    pub fn go_through_inputs(&mut self, direction: Direction) {
        let (Some((_, at)), Some(snapshot)) = (self.input_at(), &self.snapshot) else { return };
        let last = snapshot.data.inputs().len().saturating_sub(1);
        let Some((width, height)) = snapshot.data.image().filter(|_| snapshot.dense().is_some()) else {
            let sideways = matches!(direction, Direction::Left | Direction::Right | Direction::Home | Direction::End);
            if sideways && snapshot.dense().is_none() {
                return self.go(super::Along::Steps, direction);
            }
            return self.go_to_input(direction.along(at, last));
        };
        let (row, column) = (at / width.max(1), at % width.max(1));
        let (bottom, right) = (height.saturating_sub(1), width.saturating_sub(1));
        let (row, column) = match direction {
            Direction::Up => (row.saturating_sub(1), column),
            Direction::Down => ((row + 1).min(bottom), column),
            Direction::Left => (row, column.saturating_sub(1)),
            Direction::Right => (row, (column + 1).min(right)),
            Direction::Home => (row, 0),
            Direction::End => (row, right),
            Direction::Top | Direction::PageUp => (0, column),
            Direction::Bottom | Direction::PageDown => (bottom, column),
        };
        self.go_to_input(row * width + column);
    }

    /// Where a number that was asked about comes from, in the present snapshot and the copy that is looked at.
    pub fn explained(&self, inquiry: &Inquiry) -> Option<Explanation> {
        explain_by(inquiry.subject, inquiry.by, (self.snapshot.as_ref()?, self.edited.as_ref()))
    }

    /// Looks at a copy of the sample, or at the sample itself again.
    pub fn show_edited(&mut self, edited: Option<EditedSample>) {
        self.cursor.sample.edited = edited.is_some();
        self.edited = edited;
        self.follow();
    }
}
