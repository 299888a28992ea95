//! Sequences for a net that was taught before: what is known of it, and inputs and outputs in its order.

use ndarray::{Array3, Axis};

use super::set::{SequenceContent, Sequences};
use crate::data::Task;
use crate::nn::recurrent::OutputSteps;

/// What is known of a net that a table of sequences is read for.
#[derive(Clone, Debug, Default)]
pub struct Taught {
    /// What was learnt; else it is found in the targets.
    pub task: Option<Task>,
    /// The names of the inputs and of the outputs where no targets are looked for.
    pub unlabelled: Option<(Vec<String>, Vec<String>)>,
}

impl Sequences {
    /// The same sequences with these inputs, each the one of this number.
    pub fn with_inputs(mut self, order: &[usize], names: Vec<String>) -> Self {
        if let SequenceContent::Numbers { x, .. } = &mut self.content {
            *x = x.select(Axis(2), order);
            self.inputs = names;
        }
        self
    }

    /// The same sequences with these outputs: that of each number is put in its place.
    pub fn with_outputs(mut self, places: &[usize], names: Vec<String>) -> Self {
        if let SequenceContent::Numbers { y, .. } = &mut self.content {
            let (count, read, _) = y.dim();
            let mut to = Array3::zeros((count, read, names.len()));
            for (from, &place) in y.axis_iter(Axis(2)).zip(places) {
                to.index_axis_mut(Axis(2), place).assign(&from);
            }
            *y = to;
            self.outputs = names;
        }
        self
    }

    /// A text in another alphabet, in which each symbol has this place.
    pub fn with_symbols(mut self, places: &[usize], names: &[String]) -> Self {
        if let SequenceContent::Symbols(symbols) = &mut self.content {
            let place = |symbol: u16| u16::try_from(places[usize::from(symbol)]).unwrap_or(u16::MAX);
            symbols.iter_mut().for_each(|symbol| *symbol = place(*symbol));
            (self.inputs, self.outputs) = (names.to_vec(), names.to_vec());
        }
        self
    }

    /// The same sequences with targets at these steps; `None` if what is learnt at every step is asked for after the last alone.
    pub fn read_at(mut self, reads: OutputSteps) -> Option<Self> {
        match (self.reads, reads, &mut self.content) {
            (OutputSteps::Last, OutputSteps::All, SequenceContent::Numbers { y, .. }) => {
                let (count, _, outputs) = y.dim();
                let every = y.broadcast((count, 1, outputs)).expect("one step of each");
                *y = Array3::from_shape_fn((count, self.steps, outputs), |(b, _, k)| every[[b, 0, k]]);
                self.reads = reads;
                Some(self)
            }
            (own, asked, _) if own == asked || self.steps == 1 => {
                self.reads = asked;
                Some(self)
            }
            _ => None,
        }
    }
}
