//! Where in a net the numbers beside an equation are taken from: what somebody looks at, where the equation has such indices.

use crate::derivation::Sample;
use crate::derivation::graph::definition::Definition;
use crate::derivation::graph::node::{Mark, Node, letter};
use crate::train::Snapshot;

/// The sample, the weight, the unit and the step that somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumbersAt {
    /// The sample, or the sequence.
    pub sample: Sample,
    /// The number of the Θ, counted from 1; of a dense net the layer l that it leads from.
    pub l: usize,
    /// A row of it, counted from 0; of a dense net a unit of layer l+1.
    pub j: usize,
    /// A column of it, counted from 0, the biases counted with.
    pub i: usize,
    /// A step of a sequence, counted from 1.
    pub t: usize,
    /// A unit of a recurrent layer, counted from 0.
    pub unit: usize,
}

impl NumbersAt {
    /// The first sample of the batch, the first weight and unit, and the last step.
    pub fn first(snapshot: &Snapshot) -> Self {
        let sample = Sample::of(false, snapshot.batch.first().copied().unwrap_or(0));
        let i = snapshot.parameters.first().map_or(0, |parameter| parameter.biases);
        Self { sample, l: 1, j: 0, i, t: usize::MAX, unit: 0 }
    }

    /// The number of a quantity that is looked at, or the first one; and whether it is looked at.
    pub(super) fn node(&self, definition: &Definition, snapshot: &Snapshot) -> (Node, bool) {
        let axes = definition.axes;
        let ((j, i), (t, is_there)) = match axes.steps {
            Some((first, last)) => {
                let unit = if self.unit < axes.rows { self.unit + 1 } else { 1 };
                ((unit, unit), (self.t.clamp(first, last), (first..=last).contains(&self.t)))
            }
            None if axes.columns.is_some() || !axes.sample => {
                let place = self.in_matrix(definition, snapshot);
                (place.unwrap_or((1, 1)), (0, place.is_some()))
            }
            None => {
                let unit = self.unit_of(definition, snapshot).filter(|unit| (1..=axes.rows).contains(unit));
                ((unit.unwrap_or(1), 1), (0, unit.is_some()))
            }
        };
        let i = axes.columns.map_or(i, |(first, last)| i.clamp(first, last.max(first)));
        (definition.node(Node { key: definition.key, sample: self.sample, t, j: j.min(axes.rows.max(1)), i }), is_there)
    }

    /// The row and the column of the weight under the cursor in a matrix, counted as the derivation counts; `None` if the weight is of another matrix.
    fn in_matrix(&self, definition: &Definition, snapshot: &Snapshot) -> Option<(usize, usize)> {
        // The slopes of a layer's units are a matrix of this layer.
        if definition.key.letter == letter::A_BY_Z {
            let unit = self.j + 1;
            return (definition.key.mark == Mark::Layer(self.l + 1)).then_some((unit, unit));
        }
        let parameter = snapshot.parameters.get(self.l.checked_sub(1)?)?;
        let column = (self.i + 1).saturating_sub(parameter.biases);
        (definition.key.mark == parameter.symbol.into()).then_some((self.j + 1, column))
    }

    /// The unit of a layer, counted from 1, if the one that is looked at is of it.
    fn unit_of(&self, definition: &Definition, snapshot: &Snapshot) -> Option<usize> {
        let last = snapshot.parameters.len() + 1;
        let layer = match (definition.key.mark, definition.key.letter) {
            (Mark::Layer(l), _) => l,
            (_, letter::Y | letter::COST_TERM) => last,
            _ => 1,
        };
        match layer {
            1 => (self.l == 1).then_some(self.i),
            layer => (layer == self.l + 1).then_some(self.j + 1),
        }
    }
}
