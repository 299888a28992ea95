//! The update that a gradient asks for.

use ndarray::Array2;

use super::Real;

/// The rule that turns ∂J/∂Θ into the update of Θ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimizer {
    /// Θ ← Θ − α ∂J/∂Θ (1.3.2).
    GradientDescent,
}

impl Optimizer {
    /// What is added to Θ^(l), shaped like it: −α ∂J/∂Θ^(l) (1.3.2).
    pub fn update<T: Real>(self, gradient: &Array2<T>, alpha: f64) -> Array2<T> {
        let alpha = T::of(alpha);
        match self {
            Self::GradientDescent => gradient.mapv(|slope| -alpha * slope),
        }
    }
}
