//! What a net of a recurrent network says: the sum over time behind each gradient, and how the gradient changes on its way back.

use ndarray::s;

use super::graph::node::Node;
use super::graph::values::Values;
use super::graph::{Graph, StepProduct};
use crate::nn::recurrent::{Cell, Recurrent, spectral_radius};
use crate::train::RecurrentView;

/// Which Θ a weight is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecurrentParameter {
    /// Θ^x, from the input.
    X,
    /// Θ^h, from the state before.
    #[default]
    H,
    /// Θ^o, to the output.
    O,
}

impl RecurrentParameter {
    /// All of them, in the order of the net's arrays.
    pub const ALL: [Self; 3] = [Self::X, Self::H, Self::O];

    /// Its place in the net's arrays.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its symbol.
    pub fn symbol(self) -> &'static str {
        ["Θ^x", "Θ^h", "Θ^o"][self.index()]
    }

    /// Columns of biases before the weights.
    pub fn biases(self, cell: Cell) -> usize {
        if self == Self::H { usize::from(cell.has_second_bias()) } else { 1 }
    }
}

/// What one step adds to Δ of a weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// The step, counted from 1.
    pub t: usize,
    /// δ of the weight's row at it.
    pub delta: f64,
    /// What δ is multiplied by: 1 for a bias.
    pub a: f64,
    /// The product.
    pub product: f64,
    /// The sum of the products from the last step back to this one.
    pub sum: f64,
}

/// Δ of a weight in one sequence by its equation, step by step in the order of the backward pass, the last step first.
pub fn terms(node: Node, (graph, values): (&Graph, &Values<'_>)) -> Vec<Term> {
    let mut sum = 0.0;
    let term = |(t, factors): StepProduct| {
        let &[delta, a] = factors.as_slice() else { return None };
        sum += delta * a;
        Some(Term { t, delta, a, product: delta * a, sum })
    };
    graph.products(node, values).into_iter().flatten().filter_map(term).collect()
}

/// The sum of all steps' gains: where only the last step is read, log10 of the factor that the gradient's length goes through on its way
/// from the last step to the first; where outputs between add to it, of what each step makes of what it gets. Absent where it is cut off.
pub fn whole_gain(net: RecurrentView<'_>) -> Option<f64> {
    if (1..=net.steps()).any(|t| net.flow(t).cut) {
        return None;
    }
    let gains: Option<Vec<f64>> = (2..=net.steps()).map(|t| net.flow(t).gain).collect();
    gains.filter(|gains| !gains.is_empty()).map(|gains| gains.iter().sum())
}

/// The widest layer whose eigenvalues are computed, within a few milliseconds.
const WIDEST: usize = 128;

/// The largest |eigenvalue| of what joins a state to the next one's candidate: of Θ^h without its bias, or of the rows of its gate g^n;
/// absent in wide layers.
pub fn radius(network: &Recurrent<f64>) -> Option<f64> {
    let weights = network.recurrent_weights();
    let units = weights.ncols();
    let last = weights.nrows() - units;
    (units <= WIDEST).then(|| spectral_radius(weights.slice(s![last.., ..])))
}
