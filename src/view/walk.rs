//! Where a walk through the update is, and how the cursor follows it.

use super::{Inquiry, View};
use crate::derivation::{Mark, Node, Playhead, Walk, letter};

impl View {
    /// The number that a walk is at, while there is one.
    pub fn walked(&self) -> Option<Inquiry> {
        let walk = Walk::of(self.snapshot.as_ref()?, self.detail);
        let (subject, by) = walk.subject(self.playhead?, self.cursor.i)?;
        Some(Inquiry { by, ..Inquiry::of(subject) })
    }

    /// Whether a walk is at a matrix, which has columns to go along.
    pub fn walks_a_matrix(&self) -> bool {
        let stop = |at: Playhead| Walk::of(self.snapshot.as_ref()?, self.detail).block(at.block);
        self.playhead.and_then(stop).is_some_and(|(stop, _)| stop.matrix_of().is_some())
    }

    /// Brings the cursor to the number that a walk is at.
    pub(super) fn follow_walk(&mut self) {
        let (Some(at), Some(snapshot)) = (self.playhead, &self.snapshot) else { return };
        let walk = Walk::of(snapshot, self.detail);
        // After the samples the last one's numbers stay.
        let last = Playhead { block: walk.samples_end(), ..Playhead::default() };
        if let Some(sample) = walk.sample(at).or_else(|| walk.sample(last)) {
            self.cursor.sample = sample;
        }
        self.cursor.i = self.column;
        let (Some((stop, _)), Some(node)) = (walk.block(at.block), walk.node(at, self.column)) else { return };
        match stop.matrix_of() {
            Some(l) => (self.cursor.l, self.cursor.j, self.cursor.i) = (l, at.unit, walk.column(at, self.column)),
            None => self.go_to_unit(node, walk.depth()),
        }
    }

    /// Brings the cursor to the unit that a number is of, if it is of one.
    fn go_to_unit(&mut self, node: Node, depth: usize) {
        let Some(unit) = node.j.checked_sub(1) else { return };
        let cursor = &mut self.cursor;
        match (node.key.letter, node.key.mark) {
            (letter::A, Mark::Layer(1)) => (cursor.l, cursor.i) = (1, unit + 1),
            (_, Mark::Layer(l)) => (cursor.l, cursor.j) = (l - 1, unit),
            _ if node.t > 0 => (cursor.t, cursor.unit) = (node.t, unit),
            // The terms of J^(b) are the outputs'.
            _ => (cursor.l, cursor.j) = (depth.saturating_sub(1), unit),
        }
    }
}
