//! The numbers of one moment that the graph reads: those of a snapshot, and the pass of a sample that its batch does not hold.

use ndarray::Array1;

use crate::derivation::{EditedSample, Quantity, Sample, Trace};
use crate::train::{DenseView, Snapshot};

/// A snapshot, and a sample whose numbers are asked for most.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    /// The snapshot as one of a dense network, if it is one.
    pub dense: Option<DenseView<'a>>,
    /// The way of a sample, which need not be in the batch.
    trace: Option<&'a Trace>,
    /// A sample of the batch with its place among those carried.
    carried: Option<(Sample, usize)>,
}

impl<'a> Values<'a> {
    /// The numbers of a snapshot, and those of a sample that is carried or has a trace.
    pub fn of(snapshot: &'a Snapshot, sample: Sample, trace: Option<&'a Trace>) -> Self {
        let trace = trace.filter(|trace| trace.sample == sample);
        let place = sample.carried(snapshot);
        Self { snapshot, dense: snapshot.dense(), trace, carried: place.map(|b| (sample, b)) }
    }

    /// Whether the next batch holds a sample, and the snapshot its numbers.
    pub fn is_carried(&self, sample: Sample) -> bool {
        self.place(sample).is_some()
    }

    fn place(&self, sample: Sample) -> Option<usize> {
        match self.carried {
            Some((carried, b)) if carried == sample => Some(b),
            _ => sample.carried(self.snapshot),
        }
    }

    /// The copy whose numbers are asked for, if this sample is one.
    pub fn edited(&self, sample: Sample) -> Option<&'a EditedSample> {
        self.trace.filter(|trace| trace.sample == sample)?.edited.as_ref()
    }

    /// A number of a tensor in one sample at one step, in a column counted from 0; step 0 of a dense network.
    pub fn tensor(
        &self,
        (symbol, layer): (&'static str, usize),
        (sample, t): (Sample, usize),
        column: usize,
    ) -> Option<f64> {
        let (tensors, b) = match self.place(sample) {
            Some(b) => (&self.snapshot.tensors, b),
            None => (&self.trace.filter(|trace| trace.sample == sample)?.tensors, 0),
        };
        let tensor = tensors.get(symbol, layer)?;
        let rows = tensor.axes.samples?;
        // A dense network has one step, of which its numbers don't speak.
        let step = if self.dense.is_some() { 0 } else { t.checked_sub(tensor.axes.first_step)? };
        tensor.values.get([step * rows + b, column]).copied()
    }

    /// All numbers of a tensor in one sample at one step.
    pub fn row(&self, tensor: (&'static str, usize), at: (Sample, usize)) -> Option<Array1<f64>> {
        let row: Array1<f64> = (0..).map_while(|column| self.tensor(tensor, at, column)).collect();
        (!row.is_empty()).then_some(row)
    }

    /// A number of a matrix of a Θ, which are counted from 0; row and column as the derivation counts them, which has column 0 for a bias.
    pub fn parameter(&self, index: usize, quantity: Quantity, (j, i): (usize, usize), biases: usize) -> Option<f64> {
        quantity.matrix(self.snapshot, index + 1)?.get([j.checked_sub(1)?, column(i, biases)]).copied()
    }

    /// The same of ΣΔ.
    pub fn sum(&self, index: usize, (j, i): (usize, usize), biases: usize) -> Option<f64> {
        self.snapshot.parameters.get(index)?.sum.get([j.checked_sub(1)?, column(i, biases)]).copied()
    }
}

/// The column of a matrix, counted from 0, of a column as the derivation counts them.
fn column(i: usize, biases: usize) -> usize {
    if i == 0 { 0 } else { i - 1 + biases }
}
