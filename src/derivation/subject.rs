//! What can be asked about: a number of the graph, or J after an epoch.

use super::Sample;
use super::graph::node::{Node, QuantityKey, letter};
use crate::nn::Weight;
use crate::train::{Epoch, Snapshot};

/// A number that can be asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A number of one snapshot.
    Node(Node),
    /// J over the training set after an epoch: of another moment, so its chain ends there (1.2.5).
    Epoch(Epoch),
}

impl Subject {
    /// A number of a unit of a layer, counted from 0, in one sample.
    pub fn unit(letter: &'static str, l: usize, (sample, unit): (Sample, usize)) -> Self {
        Self::Node(Node::unit(QuantityKey::layer(letter, l), sample, unit + 1))
    }

    /// A number of one weight of a snapshot; `None` if there is no such weight.
    pub fn weight(letter: &'static str, weight: Weight, snapshot: &Snapshot) -> Option<Self> {
        Self::node_of(letter, weight, snapshot).map(Self::Node)
    }

    /// The same as a number of the graph.
    pub fn node_of(letter: &'static str, weight: Weight, snapshot: &Snapshot) -> Option<Node> {
        let parameter = snapshot.parameters.get(weight.l.checked_sub(1)?)?;
        let column = (weight.i + 1).saturating_sub(parameter.biases);
        Some(Node::cell(QuantityKey::parameter(letter, parameter.symbol), (weight.j + 1, column)))
    }

    /// J^(b) of a sample.
    pub fn sample_cost(sample: Sample) -> Self {
        Self::Node(Node::of(QuantityKey::plain(letter::SAMPLE_COST)).in_sample(sample))
    }

    /// A number that is one for the whole batch.
    pub fn of(key: QuantityKey) -> Self {
        Self::Node(Node::of(key))
    }
}
