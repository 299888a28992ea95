//! The regularisation: its part of the cost and of the gradient; the bias column is never penalised.

use ndarray::{Array2, ArrayView1, s};
use pulp::Arch;

use super::fast::pass;
use super::{Named, Real};

/// What is added to the cost to keep the weights small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Penalty {
    /// (λ/2m) ΣΘ², the derivation's (1.2.4).
    L2,
    /// (λ/m) Σ|Θ| (3.2 L1).
    L1,
    /// Nothing.
    None,
}

impl Named for Penalty {
    const ALL: &'static [Self] = &[Self::L2, Self::L1, Self::None];

    fn name(self) -> &'static str {
        match self {
            Self::L2 => "l2",
            Self::L1 => "l1",
            Self::None => "none",
        }
    }
}

impl Penalty {
    /// The slope of a weight's part of reg, of this strength λ/m.
    #[inline(always)]
    pub fn slope<T: Real>(self, strength: T, weight: T) -> T {
        match self {
            Self::L2 => strength * weight,
            Self::L1 if weight == T::zero() => T::zero(),
            Self::L1 => strength * weight.signum(),
            Self::None => T::zero(),
        }
    }

    /// Whether it has a kink at 0, where no difference quotient can be compared with its slope.
    pub fn has_kink(self) -> bool {
        self == Self::L1
    }
}

/// A penalty with its strength: λ, and the m that λ is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regularisation {
    /// Which rule.
    pub penalty: Penalty,
    /// Strength λ ≥ 0.
    pub lambda: f64,
    /// Samples in the whole training set, whatever the batch.
    pub m: usize,
}

impl Regularisation {
    /// λ/m; 0 where there is no penalty.
    pub fn strength(&self) -> f64 {
        match self.penalty {
            Penalty::None => 0.0,
            Penalty::L2 | Penalty::L1 => self.lambda / self.m as f64,
        }
    }

    /// One layer's part of reg (1.2.3, 1.2.4); Θ is S_{l+1} × (S_l + 1).
    pub fn cost<T: Real>(&self, theta: &Array2<T>) -> f64 {
        self.cost_beyond(1, theta)
    }

    /// The same of weights with so many columns of biases before them: 1, or 0.
    pub fn cost_beyond<T: Real>(&self, biases: usize, theta: &Array2<T>) -> f64 {
        if self.strength() == 0.0 {
            return 0.0;
        }
        let of_row = |row: ArrayView1<T>| match row.to_slice() {
            Some(row) => sum(self, &row[biases..]),
            None => row.iter().skip(biases).map(|&weight| self.of_weight(weight.f64())).sum(),
        };
        self.strength() * theta.rows().into_iter().map(of_row).sum::<f64>()
    }

    /// What one weight puts into the sum that λ/m multiplies.
    #[inline(always)]
    pub fn of_weight(&self, weight: f64) -> f64 {
        match self.penalty {
            Penalty::L2 => 0.5 * weight * weight,
            Penalty::L1 => weight.abs(),
            Penalty::None => 0.0,
        }
    }

    /// ∂reg/∂Θ^(l) (2.6.1), shaped like Θ: (λ/m) Θ for L2, (λ/m) sign Θ for L1, and 0 in the bias column.
    pub fn gradient<T: Real>(&self, theta: &Array2<T>) -> Array2<T> {
        self.gradient_beyond(1, theta)
    }

    /// The same of weights with so many columns of biases before them: 1, or 0.
    pub fn gradient_beyond<T: Real>(&self, biases: usize, theta: &Array2<T>) -> Array2<T> {
        let strength = T::of(self.strength());
        let mut gradient = theta.mapv(|weight| self.penalty.slope(strength, weight));
        gradient.slice_mut(s![.., ..biases]).fill(T::zero());
        gradient
    }

    /// ∂reg/∂Θ as printed beside equation 2.6.1.
    pub fn gradient_symbol(&self) -> &'static str {
        match self.penalty {
            Penalty::L2 => "(λ/m)Θ",
            Penalty::L1 => "(λ/m) sign Θ",
            Penalty::None => "no penalty",
        }
    }

    /// reg as printed beside equation 1.2.4.
    pub fn cost_symbol(&self) -> &'static str {
        match self.penalty {
            Penalty::L2 => "(λ/2m) Σ Θ²",
            Penalty::L1 => "(λ/m) Σ |Θ|",
            Penalty::None => "no penalty",
        }
    }
}

pass! {
    /// The sum over weights of what a penalty makes of each, in eight sums side by side.
    Sum<'a, T: Real> { rule: &'a Regularisation, weights: &'a [T], } -> f64,
    Sum { rule, weights } => {
        let (eights, rest) = weights.as_chunks::<8>();
        let mut sums = [0.0; 8];
        for eight in eights {
            sums.iter_mut().zip(eight).for_each(|(sum, &weight)| *sum += rule.of_weight(weight.f64()));
        }
        sums.iter().sum::<f64>() + rest.iter().map(|&weight| rule.of_weight(weight.f64())).sum::<f64>()
    }
}

/// What the weights of a row put into the sum that λ/m multiplies.
fn sum<T: Real>(rule: &Regularisation, weights: &[T]) -> f64 {
    Arch::new().dispatch(Sum { rule, weights })
}
