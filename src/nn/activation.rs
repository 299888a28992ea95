//! Activation functions g and their derivatives, each with its equation in print and its module in PyTorch.

use super::fast::lanes;
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
    /// The rectifier's smooth kin, log(1 + e^z); its slope is the sigmoid.
    Softplus,
    /// Gaussian error linear unit, z Φ(z) with the normal distribution Φ.
    Gelu,
    /// Exponential linear unit: e^z − 1 below 0.
    Elu,
    /// The sine.
    Sine,
    /// A straight line from 0 at z = −3 to 1 at z = 3.
    HardSigmoid,
}

/// Slope of the leaky ReLU for z ≤ 0.
const LEAK: f64 = 0.01;

/// Where the hard sigmoid bends, on both sides of 0.
const BEND: f64 = 3.0;
/// How near an end of its range an activation is saturated.
const NEAR_AN_END: f64 = 0.03;

impl Named for Activation {
    const ALL: &'static [Self] = &[
        Self::Sigmoid,
        Self::Tanh,
        Self::Relu,
        Self::LeakyRelu,
        Self::Linear,
        Self::Softplus,
        Self::Gelu,
        Self::Elu,
        Self::Sine,
        Self::HardSigmoid,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky-relu",
            Self::Linear => "linear",
            Self::Softplus => "softplus",
            Self::Gelu => "gelu",
            Self::Elu => "elu",
            Self::Sine => "sine",
            Self::HardSigmoid => "hard-sigmoid",
        }
    }
}

impl Activation {
    /// a = g(z) (1.1.3).
    pub fn g<T: Real>(self, z: T) -> T {
        match self {
            Self::Sigmoid => sigmoid(z),
            Self::Tanh => lanes::tanh(z),
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
            Self::Softplus => z.max(T::zero()) + (-z.abs()).exp().ln_1p(),
            Self::Gelu => z * T::of(normal(z.f64())),
            Self::Elu => {
                if z > T::zero() {
                    z
                } else {
                    z.exp_m1()
                }
            }
            Self::Sine => z.sin(),
            Self::HardSigmoid => (z / T::of(2.0 * BEND) + T::of(0.5)).max(T::zero()).min(T::one()),
        }
    }

    /// ∂a/∂z = g'(z) (2.5.6); at a kink the slope of the left side.
    pub fn g_prime<T: Real>(self, z: T) -> T {
        match self {
            Self::Sigmoid => {
                let (a, rest, _) = lanes::logistic(z);
                a * rest
            }
            Self::Tanh => {
                let a = lanes::tanh(z);
                (T::one() - a) * (T::one() + a)
            }
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
            Self::Softplus => sigmoid(z),
            Self::Gelu => {
                let z = z.f64();
                T::of(normal(z) + z * density(z))
            }
            Self::Elu => {
                if z > T::zero() {
                    T::one()
                } else {
                    z.exp()
                }
            }
            Self::Sine => z.cos(),
            Self::HardSigmoid => {
                if z > T::of(-BEND) && z <= T::of(BEND) {
                    T::of(0.5 / BEND)
                } else {
                    T::zero()
                }
            }
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
            Self::Softplus => "g(z) = log(1 + e^z)",
            Self::Gelu => "g(z) = z Φ(z), Φ the normal distribution",
            Self::Elu => "g(z) = z for z > 0, else e^z − 1",
            Self::Sine => "g(z) = sin z",
            Self::HardSigmoid => "g(z) = z/6 + 1/2, between 0 and 1",
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
            Self::Softplus => "g'(z) = 1 / (1 + e^−z)",
            Self::Gelu => "g'(z) = Φ(z) + z φ(z), φ the normal density",
            Self::Elu => "g'(z) = 1 for z > 0, else e^z",
            Self::Sine => "g'(z) = cos z",
            Self::HardSigmoid => "g'(z) = 1/6 for −3 < z ≤ 3, else 0",
        }
    }

    /// The module of PyTorch that computes it.
    pub fn pytorch(self) -> &'static str {
        match self {
            Self::Sigmoid => "nn.Sigmoid()",
            Self::Tanh => "nn.Tanh()",
            Self::Relu => "nn.ReLU()",
            Self::LeakyRelu => "nn.LeakyReLU(0.01)",
            Self::Linear => "nn.Identity()",
            // Beyond the threshold it is taken as z; from 40 on that is exact.
            Self::Softplus => "nn.Softplus(threshold=40)",
            Self::Gelu => "nn.GELU()",
            Self::Elu => "nn.ELU()",
            Self::Sine => "Sine()",
            Self::HardSigmoid => "nn.Hardsigmoid()",
        }
    }

    /// The class of that module, where PyTorch has none.
    pub fn pytorch_class(self) -> Option<&'static str> {
        (self == Self::Sine)
            .then_some("class Sine(nn.Module):\n    def forward(self, z):\n        return torch.sin(z)\n\n\n")
    }

    /// Whether a lies so near an end of g's range that hardly any slope is left: sigmoid within 0.03 of 0 or 1, tanh beyond
    /// 0.97; absent for an activation without ends.
    pub fn is_saturated<T: Real>(self, a: T) -> Option<bool> {
        match self {
            Self::Sigmoid | Self::HardSigmoid => Some(a < T::of(NEAR_AN_END) || a > T::of(1.0 - NEAR_AN_END)),
            Self::Tanh => Some(a.abs() > T::of(1.0 - NEAR_AN_END)),
            Self::Relu | Self::LeakyRelu | Self::Linear | Self::Softplus | Self::Gelu | Self::Elu | Self::Sine => None,
        }
    }

    /// Whether a unit that is at 0 for every sample has no slope left to learn by.
    pub fn can_die(self) -> bool {
        self == Self::Relu
    }

    /// Where g has kinks, at which no difference quotient can be compared with g'.
    pub fn kinks(self) -> &'static [f64] {
        match self {
            Self::Relu | Self::LeakyRelu => &[0.0],
            Self::HardSigmoid => &[-BEND, BEND],
            Self::Sigmoid | Self::Tanh | Self::Linear | Self::Softplus | Self::Gelu | Self::Elu | Self::Sine => &[],
        }
    }

    /// The smallest and the largest value that a can take; infinite where there is no bound.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Sigmoid | Self::HardSigmoid => (0.0, 1.0),
            Self::Tanh | Self::Sine => (-1.0, 1.0),
            Self::Relu | Self::Softplus => (0.0, f64::INFINITY),
            Self::LeakyRelu | Self::Linear | Self::Gelu | Self::Elu => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }
}

/// 1 / (1 + e^−z) (2.1.1), from e^−|z|, which can't overflow.
pub fn sigmoid<T: Real>(z: T) -> T {
    lanes::logistic(z).0
}

/// Φ(z), the share of a normal distribution below z.
pub fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// φ(z), the density of a normal distribution: the slope of Φ.
pub fn density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phi_has_the_values_of_the_tables() {
        // To the digits that tables of the normal distribution give.
        for (z, share) in
            [(0.0, 0.5), (1.0, 0.8413447460685429), (-1.0, 0.15865525393145707), (1.96, 0.9750021048517795)]
        {
            assert!((normal(z) - share).abs() < 1e-15, "{z}: {}", normal(z));
        }
        assert!((density(0.0) - 0.3989422804014327).abs() < 1e-16);
        assert!((Activation::Gelu.g(1.0_f64) - 0.8413447460685429).abs() < 1e-15);
        assert!((Activation::Softplus.g(0.0_f64) - std::f64::consts::LN_2).abs() < 1e-16);
    }

    #[test]
    fn every_name_finds_its_activation() {
        for &activation in Activation::ALL {
            assert_eq!(Activation::named(activation.name()), Some(activation));
        }
        assert_eq!(Activation::named("swish"), None);
    }

    #[test]
    fn every_derivative_is_the_slope_of_its_function() {
        for &activation in Activation::ALL {
            for z in [-2.9_f64, -0.7, -0.01, 0.02, 0.5, 4.0] {
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
