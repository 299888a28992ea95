//! What a net of a recurrent network says: the sum over time behind each gradient, and how the gradient changes on its way back.

use std::ops::RangeInclusive;

use ndarray::{Array2, ArrayView1, Axis, s};

use crate::nn::recurrent::{Cell, OutputSteps, Recurrent, spectral_radius};
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

/// A weight of a recurrent network, in one sequence of those that a net carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecurrentWeight {
    /// Which Θ.
    pub of: RecurrentParameter,
    /// Its row, counted from 0.
    pub j: usize,
    /// Its column, counted from 0.
    pub i: usize,
    /// The sequence.
    pub b: usize,
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

/// δ of all rows of a Θ at a step, counted from 1, in one sequence, and the numbers that it is multiplied by after those of the biases,
/// which are 1; `None` where the output is not read.
fn factors(
    net: RecurrentView<'_>,
    (of, b): (RecurrentParameter, usize),
    t: usize,
) -> Option<(ArrayView1<'_, f64>, ArrayView1<'_, f64>)> {
    let row = (t - 1) * net.samples + b;
    let delta = match of {
        RecurrentParameter::X => net.delta().row(row),
        RecurrentParameter::H => net.delta_h().row(row),
        RecurrentParameter::O if net.network.reads == OutputSteps::All => net.delta_o().row(row),
        RecurrentParameter::O if t == net.steps() => net.delta_o().row(b),
        RecurrentParameter::O => return None,
    };
    let a = match of {
        RecurrentParameter::X => net.x().row(row),
        RecurrentParameter::H => net.h().row(row),
        RecurrentParameter::O => net.h().row(row + net.samples),
    };
    Some((delta, a))
}

/// Δ of a weight in one sequence, step by step in the order of the backward pass, the last step first.
pub fn terms(net: RecurrentView<'_>, place: RecurrentWeight) -> Vec<Term> {
    let RecurrentWeight { of, j, i, b } = place;
    let biases = of.biases(net.network.cell);
    let mut sum = 0.0;
    let term = |t: usize| {
        let (delta, a) = factors(net, (of, b), t)?;
        let delta = *delta.get(j)?;
        let a = i.checked_sub(biases).map_or(Some(1.0), |i| a.get(i).copied())?;
        sum += delta * a;
        Some(Term { t, delta, a, product: delta * a, sum })
    };
    (1..=net.steps()).rev().filter_map(term).collect()
}

/// What some steps, counted from 1, together add to Δ of a whole Θ in one sequence.
pub fn contribution(
    net: RecurrentView<'_>,
    (of, b): (RecurrentParameter, usize),
    steps: RangeInclusive<usize>,
) -> Array2<f64> {
    let biases = of.biases(net.network.cell);
    let mut sum = Array2::zeros(net.network.theta[of.index()].dim());
    for (delta, a) in steps.filter_map(|t| factors(net, (of, b), t)) {
        for (mut sum, &delta) in sum.rows_mut().into_iter().zip(delta) {
            let (mut of_biases, mut of_weights) = sum.view_mut().split_at(Axis(0), biases);
            of_biases += delta;
            of_weights.scaled_add(delta, &a);
        }
    }
    sum
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
