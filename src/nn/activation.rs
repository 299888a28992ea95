//! Activation functions g and their derivatives, each with its equation in print.

use super::{Named, Real};

/// An activation function g of a hidden layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The derivation's own (2.1.1).
    Sigmoid,
    /// Hyperbolic tangent (3.2 tanh).
    Tanh,
    /// Rectifier (3.2 ReLU).
    Relu,
    /// Rectifier with a slope of 0.01 below zero (3.2 leaky ReLU).
    LeakyRelu,
    /// The identity (3.2 linear).
    Linear,
}

/// Slope of the leaky ReLU for z ≤ 0.
const LEAK: f64 = 0.01;

/// How near an end of its range an activation is saturated.
const NEAR_AN_END: f64 = 0.03;

impl Named for Activation {
    const ALL: &'static [Self] = &[Self::Sigmoid, Self::Tanh, Self::Relu, Self::LeakyRelu, Self::Linear];

    fn name(self) -> &'static str {
        match self {
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky-relu",
            Self::Linear => "linear",
        }
    }
}

impl Activation {
    /// a = g(z) (1.1.3).
    pub fn g<T: Real>(self, z: T) -> T {
        match self {
            Self::Sigmoid => sigmoid(z),
            Self::Tanh => z.tanh(),
            Self::Relu => {
                if z > T::zero() {
                    z
                } else {
                    T::zero()
                }
            }
            Self::LeakyRelu => {
                if z > T::zero() {
                    z
                } else {
                    T::of(LEAK) * z
                }
            }
            Self::Linear => z,
        }
    }

    /// ∂a/∂z = g'(z) (2.5.6); at the kink of a ReLU the slope of the left side.
    pub fn g_prime<T: Real>(self, z: T) -> T {
        match self {
            Self::Sigmoid => sigmoid(z) * sigmoid(-z),
            Self::Tanh => (T::one() - z.tanh()) * (T::one() + z.tanh()),
            Self::Relu => {
                if z > T::zero() {
                    T::one()
                } else {
                    T::zero()
                }
            }
            Self::LeakyRelu => {
                if z > T::zero() {
                    T::one()
                } else {
                    T::of(LEAK)
                }
            }
            Self::Linear => T::one(),
        }
    }

    /// g(z) as printed beside equation 1.1.3.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Sigmoid => "g(z) = 1 / (1 + e^−z)",
            Self::Tanh => "g(z) = tanh z",
            Self::Relu => "g(z) = max(0, z)",
            Self::LeakyRelu => "g(z) = z for z > 0, else 0.01 z",
            Self::Linear => "g(z) = z",
        }
    }

    /// g'(z) as printed beside equation 2.5.6.
    pub fn derivative_formula(self) -> &'static str {
        match self {
            Self::Sigmoid => "g'(z) = a (1 − a)",
            Self::Tanh => "g'(z) = 1 − a²",
            Self::Relu => "g'(z) = 1 for z > 0, else 0",
            Self::LeakyRelu => "g'(z) = 1 for z > 0, else 0.01",
            Self::Linear => "g'(z) = 1",
        }
    }

    /// Whether a lies so near an end of g's range that hardly any slope is left: sigmoid within 0.03 of 0 or 1, tanh beyond
    /// 0.97; absent for an activation without ends.
    pub fn is_saturated<T: Real>(self, a: T) -> Option<bool> {
        match self {
            Self::Sigmoid => Some(a < T::of(NEAR_AN_END) || a > T::of(1.0 - NEAR_AN_END)),
            Self::Tanh => Some(a.abs() > T::of(1.0 - NEAR_AN_END)),
            Self::Relu | Self::LeakyRelu | Self::Linear => None,
        }
    }

    /// Whether a unit that is at 0 for every sample has no slope left to learn by.
    pub fn can_die(self) -> bool {
        self == Self::Relu
    }

    /// Whether g has a kink at z = 0, where no difference quotient can be compared with g'.
    pub fn has_kink(self) -> bool {
        matches!(self, Self::Relu | Self::LeakyRelu)
    }

    /// The smallest and the largest value that a can take; infinite where there is no bound.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Sigmoid => (0.0, 1.0),
            Self::Tanh => (-1.0, 1.0),
            Self::Relu => (0.0, f64::INFINITY),
            Self::LeakyRelu | Self::Linear => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// 1 / (1 + e^−z) (2.1.1), on the branch where the exponential can't overflow.
pub fn sigmoid<T: Real>(z: T) -> T {
    if z >= T::zero() {
        T::one() / (T::one() + (-z).exp())
    } else {
        let e = z.exp();
        e / (T::one() + e)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_finds_its_activation() {
        for &activation in Activation::ALL {
            assert_eq!(Activation::named(activation.name()), Some(activation));
        }
        assert_eq!(Activation::named("softplus"), None);
    }

    #[test]
    fn every_derivative_is_the_slope_of_its_function() {
        for &activation in Activation::ALL {
            for z in [-3.0_f64, -0.7, -0.01, 0.02, 0.5, 4.0] {
                let slope = (activation.g(z + 1e-6) - activation.g(z - 1e-6)) / 2e-6;
                assert!((slope - activation.g_prime(z)).abs() < 1e-9, "{} at {z}", activation.name());
            }
        }
    }

    #[test]
    fn at_its_kink_a_relu_has_the_slope_of_the_left_side() {
        assert_eq!(Activation::Relu.g_prime(0.0), 0.0);
        assert_eq!(Activation::LeakyRelu.g_prime(0.0), LEAK);
    }

    #[test]
    fn no_activation_makes_nan_of_a_finite_z() {
        for &activation in Activation::ALL {
            for z in [-f64::MAX, -1e3, -0.0, 0.0, 1e3, f64::MAX] {
                assert!(
                    activation.g(z).is_finite() && activation.g_prime(z).is_finite(),
                    "{} at {z}",
                    activation.name()
                );
            }
        }
    }
}
