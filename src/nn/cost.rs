//! Output layers: the activation of layer L, its cost J^(b) and its δ^(L), which are one thing.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Zip};

use super::activation::sigmoid;
use super::fast::lanes;
use super::{Named, Real};

/// The output activation and the cost that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Sigmoid with summed binary cross-entropy, the derivation's (1.2.1).
    Sigmoid,
    /// Softmax with cross-entropy (3.2 softmax).
    Softmax,
    /// Linear with half squared error (3.2 linear output).
    Linear,
    /// Sigmoid with half squared error (3.2 sigmoid-mse).
    SigmoidMse,
}

impl Named for Output {
    const ALL: &'static [Self] = &[Self::Sigmoid, Self::Softmax, Self::Linear, Self::SigmoidMse];

    fn name(self) -> &'static str {
        match self {
            Self::Sigmoid => "sigmoid",
            Self::Softmax => "softmax",
            Self::Linear => "linear",
            Self::SigmoidMse => "sigmoid-mse",
        }
    }
}

impl Output {
    /// h = a^(L) = g(z^(L)) (1.1.7); z and h are B × K, one row a sample.
    pub fn activate<T: Real>(self, z: &Array2<T>) -> Array2<T> {
        match self {
            Self::Sigmoid | Self::SigmoidMse => z.mapv(sigmoid),
            Self::Linear => z.clone(),
            Self::Softmax => {
                let mut h = z.clone();
                for mut row in h.rows_mut() {
                    let top = largest(row.view());
                    row.mapv_inplace(|z| lanes::exp(z - top));
                    let sum = row.sum();
                    row.mapv_inplace(|e| e / sum);
                }
                h
            }
        }
    }

    /// J^(b) of each sample (1.2.1), from z where that keeps it finite: z, h and y are B × K, J^(b) has B entries.
    pub fn cost<T: Real>(self, z: &Array2<T>, h: &Array2<T>, y: ArrayView2<T>) -> Array1<T> {
        (0..z.nrows()).map(|b| self.terms(z.row(b), h.row(b), y.row(b)).sum()).collect()
    }

    /// The K terms of J^(b), one an output unit, of one sample (1.2.1).
    pub fn terms<T: Real>(self, z: ArrayView1<T>, h: ArrayView1<T>, y: ArrayView1<T>) -> Array1<T> {
        match self {
            Self::Sigmoid => Zip::from(z).and(y).map_collect(|&z, &y| cross_entropy(z, y)),
            Self::Softmax => {
                let top = largest(z);
                let log_sum = z.mapv(|z| lanes::exp(z - top)).sum().ln();
                Zip::from(z)
                    .and(y)
                    .map_collect(|&z, &y| if y == T::zero() { T::zero() } else { -y * (z - top - log_sum) })
            }
            Self::Linear | Self::SigmoidMse => Zip::from(h).and(y).map_collect(|&h, &y| T::of(0.5) * (h - y) * (h - y)),
        }
    }

    /// δ^(L) = ∂J^(b)/∂z^(L) (2.4.6, and 3.2 for the other pairs); z, h, y and δ are B × K.
    pub fn delta<T: Real>(self, z: &Array2<T>, h: &Array2<T>, y: ArrayView2<T>) -> Array2<T> {
        match self {
            Self::Sigmoid => Zip::from(z).and(h).and(y).map_collect(|&z, &h, &y| difference(z, h, y)),
            Self::Softmax | Self::Linear => Zip::from(h).and(y).map_collect(|&h, &y| h - y),
            Self::SigmoidMse => {
                Zip::from(z).and(h).and(y).map_collect(|&z, &h, &y| difference(z, h, y) * sigmoid(z) * sigmoid(-z))
            }
        }
    }

    /// J^(b) as printed beside equation 1.2.1.
    pub fn cost_formula(self) -> &'static str {
        match self {
            Self::Sigmoid => "J^(b) = −Σ_k [y_k log h_k + (1 − y_k) log(1 − h_k)]",
            Self::Softmax => "J^(b) = −Σ_k y_k log h_k",
            Self::Linear | Self::SigmoidMse => "J^(b) = ½ Σ_k (h_k − y_k)²",
        }
    }

    /// δ^(L) as printed beside equation 2.4.6.
    pub fn delta_formula(self) -> &'static str {
        match self {
            Self::Sigmoid | Self::Softmax | Self::Linear => "δ_i = a_i − y_i",
            Self::SigmoidMse => "δ_i = (a_i − y_i) g'(z_i)",
        }
    }

    /// The module of PyTorch that makes h of z, whose units are along this axis.
    pub fn pytorch(self, axis: i8) -> String {
        match self {
            Self::Sigmoid | Self::SigmoidMse => "nn.Sigmoid()".into(),
            Self::Softmax => format!("nn.Softmax({axis})"),
            Self::Linear => "nn.Identity()".into(),
        }
    }

    /// The line of Python that computes the data term of h and y.
    pub fn pytorch_cost(self) -> &'static str {
        match self {
            Self::Sigmoid => "return nn.functional.binary_cross_entropy(h, y, reduction=\"sum\") / len(y)",
            Self::Softmax => "return -(y * torch.log(h)).sum() / len(y)",
            Self::Linear | Self::SigmoidMse => "return ((h - y) ** 2).sum() / 2 / len(y)",
        }
    }

    /// The smallest and the largest value that h can take; infinite where there is no bound.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Sigmoid | Self::Softmax | Self::SigmoidMse => (0.0, 1.0),
            Self::Linear => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// The activation and the cost in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sigmoid => "sigmoid, cross-entropy",
            Self::Softmax => "softmax, cross-entropy",
            Self::Linear => "linear, ½ squared error",
            Self::SigmoidMse => "sigmoid, ½ squared error",
        }
    }
}

/// −y log h − (1 − y) log(1 − h) for h = g(z), from z: finite wherever z is.
fn cross_entropy<T: Real>(z: T, y: T) -> T {
    let zero = T::zero();
    // For y of exactly 0 or 1 the linear part is one term, so that a large z loses nothing to a difference.
    let linear = if y == zero {
        z.max(zero)
    } else if y == T::one() {
        (-z).max(zero)
    } else {
        z.max(zero) - z * y
    };
    linear + lanes::ln_1p(lanes::exp(-z.abs()))
}

/// g(z) − y; for y = 1 as −g(−z), which keeps its digits when g(z) is near 1.
fn difference<T: Real>(z: T, h: T, y: T) -> T {
    if y == T::one() { -sigmoid(-z) } else { h - y }
}

fn largest<T: Real>(row: ArrayView1<T>) -> T {
    row.fold(T::neg_infinity(), |top, &z| top.max(z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn saturated_outputs_cost_a_large_number_never_nan_or_infinity() {
        let (z, y) = (array![[800.0, -800.0]], array![[0.0, 1.0]]);
        for output in [Output::Sigmoid, Output::Softmax] {
            let h = output.activate(&z);
            let cost = output.cost(&z, &h, y.view());
            assert_eq!(cost[0], 1600.0, "{}", output.name());
        }
    }

    #[test]
    fn a_right_and_certain_output_costs_nearly_nothing() {
        let (z, y) = (array![[40.0, -40.0]], array![[1.0, 0.0]]);
        let h = Output::Sigmoid.activate(&z);
        let cost = Output::Sigmoid.cost(&z, &h, y.view())[0];
        assert!(cost > 0.0 && cost < 1e-16);
        assert!(Output::Sigmoid.delta(&z, &h, y.view())[[0, 0]] < 0.0, "δ keeps its sign where a rounds to 1");
    }
}
