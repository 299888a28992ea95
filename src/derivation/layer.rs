//! How a layer fares: the norms of its numbers, its update beside its weights, and how its activations lie.

use ndarray::Array2;

use crate::nn::fast;
use crate::train::{Activations, DenseView, Parameter};

/// The norms of one Θ^(l) and of what belongs to it, and the activations of layer l+1 that it leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerNorms {
    /// Layer l, 1 … L−1.
    pub l: usize,
    /// Mean over the batch of ‖δ^(l+1)‖.
    pub delta: f64,
    /// ‖D^(l)‖.
    pub d: f64,
    /// ‖∂reg/∂Θ^(l)‖.
    pub penalty: f64,
    /// Cosine between D^(l) and ∂reg/∂Θ^(l): +1 they pull together, −1 against each other; absent where either is 0.
    pub cosine: Option<f64>,
    /// ‖Θ^(l)‖, bias column too.
    pub theta: f64,
    /// How a^(l+1) lies over the next batch.
    pub activations: Activations,
    /// Units of layer l+1 that were 0 for the whole training part after the last epoch, where units can die.
    pub dead: Option<usize>,
    /// Units of layer l+1.
    pub units: usize,
    /// log10 of the update's standard deviation over that of Θ^(l); absent where either is 0.
    pub log_update: Option<f64>,
}

impl LayerNorms {
    /// The norms of each Θ^(l) of a snapshot, l = 1 … L−1.
    pub fn of(snapshot: DenseView<'_>) -> Vec<Self> {
        (0..snapshot.network.theta.len())
            .map(|index| {
                let (theta, parameter) = (&snapshot.network.theta[index], &snapshot.parameters[index]);
                let Parameter { d, penalty, update, .. } = parameter;
                let ratio = deviation(update) / deviation(theta);
                let (d_norm, penalty_norm) = (norm(d), norm(penalty));
                Self {
                    l: index + 1,
                    delta: snapshot.delta_norm(index + 2),
                    d: d_norm,
                    penalty: penalty_norm,
                    cosine: cosine((d, d_norm), (penalty, penalty_norm)),
                    theta: norm(theta),
                    activations: snapshot.activations(index + 2),
                    dead: snapshot.dead.get(index).copied().flatten(),
                    units: theta.nrows(),
                    log_update: (ratio.is_finite() && ratio > 0.0).then(|| ratio.log10()),
                }
            })
            .collect()
    }
}

impl LayerNorms {
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
