//! How each Θ fares, whatever the kind of net: the norms of its numbers, its update beside it, and how the units behind it lie.

use ndarray::Array2;

use crate::nn::{Symbol, fast};
use crate::train::{Activations, Parameter, Snapshot};

/// The norms of one Θ and of what belongs to it, and how the units fare that it leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNorms {
    /// Its number, counted from 1: of a dense network layer l, 1 … L−1; Θ^x, Θ^h and Θ^o of a recurrent one.
    pub l: usize,
    /// How Θ is called.
    pub symbol: Symbol,
    /// How many of its leading columns are biases.
    pub biases: usize,
    /// The units that it leads to: layer l+1 of a dense network, h for Θ^x as well as for Θ^h, and o for Θ^o.
    pub units: Option<UnitNorms>,
    /// ‖D^(l)‖.
    pub d: f64,
    /// ‖∂reg/∂Θ^(l)‖.
    pub penalty: f64,
    /// Cosine between D^(l) and ∂reg/∂Θ^(l): +1 they pull together, −1 against each other; absent where either is 0.
    pub cosine: Option<f64>,
    /// ‖Θ^(l)‖, bias column too.
    pub theta: f64,
    /// log10 of the update's standard deviation over that of Θ^(l); absent where either is 0.
    pub log_update: Option<f64>,
}

/// How the units that a Θ leads to fare, in sequences over all steps: of h at every step, of o where it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitNorms {
    /// How many there are; the gates of a recurrent layer are no units of their own.
    pub count: usize,
    /// Mean over the batch, and over the steps, of ‖δ‖: of δ^(l+1), or of what is multiplied by [1; a_t] in the sum over time, all
    /// gates together.
    pub delta: f64,
    /// How their activations lie over the next batch.
    pub activations: Activations,
    /// Units that were 0 for the whole training part, at every step, after the last epoch, where units can die.
    pub dead: Option<usize>,
}

impl UnitNorms {
    /// Those that the Θ of this number, counted from 1, leads to.
    fn of(snapshot: &Snapshot, l: usize) -> Option<Self> {
        // The layers of units, where the inputs are layer 1.
        let layer = snapshot.model.symbol(l - 1).layer();
        let count = *snapshot.model.sizes().get(layer - 1)?;
        let dead = snapshot.dead.get(layer - 2).copied().flatten();
        Some(Self { count, delta: snapshot.delta_norm(l), activations: snapshot.activations(layer), dead })
    }
}

impl LayerNorms {
    /// The norms of each Θ of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Vec<Self> {
        let parameters = snapshot.model.parameters().iter().zip(&snapshot.parameters).enumerate();
        parameters
            .map(|(index, (theta, parameter))| {
                let Parameter { d, penalty, update, .. } = parameter;
                let ratio = deviation(update) / deviation(theta);
                let (d_norm, penalty_norm) = (norm(d), norm(penalty));
                Self {
                    l: index + 1,
                    symbol: parameter.symbol,
                    biases: parameter.biases,
                    units: UnitNorms::of(snapshot, index + 1),
                    d: d_norm,
                    penalty: penalty_norm,
                    cosine: cosine((d, d_norm), (penalty, penalty_norm)),
                    theta: norm(theta),
                    log_update: (ratio.is_finite() && ratio > 0.0).then(|| ratio.log10()),
                }
            })
            .collect()
    }
}

impl LayerNorms {
    /// A number of the layer of units that Θ leads to; NaN where there is none.
    pub fn of_units(&self, number: impl Fn(&UnitNorms) -> f64) -> f64 {
        self.units.as_ref().map_or(f64::NAN, number)
    }

    /// The penalty's share of the gradient's two parts, ‖∂reg/∂Θ‖ / (‖D‖ + ‖∂reg/∂Θ‖); absent where both are 0.
    pub fn pull(&self) -> Option<f64> {
        let sum = self.d + self.penalty;
        (sum > 0.0).then(|| self.penalty / sum)
    }
}

/// ‖·‖: the root of the sum of squares; where that overflows or vanishes, of the entries scaled.
fn norm(matrix: &Array2<f64>) -> f64 {
    let squares = fast::dot(matrix, matrix);
    if squares.is_normal() {
        return squares.sqrt();
    }
    if matrix.iter().all(|&entry| entry == 0.0) {
        return 0.0;
    }
    let largest = matrix.fold(0.0_f64, |top, entry| top.max(entry.abs()));
    if !largest.is_finite() {
        return largest;
    }
    matrix.iter().map(|entry| (entry / largest).powi(2)).sum::<f64>().sqrt() * largest
}

/// The cosine between two matrices, each with its norm, as vectors.
fn cosine((one, one_norm): (&Array2<f64>, f64), (other, other_norm): (&Array2<f64>, f64)) -> Option<f64> {
    if one_norm == 0.0 || other_norm == 0.0 {
        return None;
    }
    let product = fast::dot(one, other);
    // Where the products vanish the factors are scaled first.
    let cosine = match product.is_normal() {
        true => product / one_norm / other_norm,
        false => one.iter().zip(other).map(|(one, other)| (one / one_norm) * (other / other_norm)).sum(),
    };
    cosine.is_finite().then_some(cosine)
}

/// The standard deviation of the entries.
fn deviation(matrix: &Array2<f64>) -> f64 {
    let count = matrix.len() as f64;
    let mean = matrix.sum() / count;
    (fast::squares_about(matrix, mean) / count).sqrt()
}
