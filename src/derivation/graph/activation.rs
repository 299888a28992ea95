//! Activations as formulas: g(z), and g'(z) from z and a; and which activation a formula is.

use super::formula::{Formula, Reference, number};
use super::node::letter;
use crate::derivation::equation::{self, Equation};
use crate::derivation::expr::Function;
use crate::nn::{Activation, Named};

/// 1 / (1 + e^−z) (2.1.1).
pub(super) fn sigmoid(z: Formula) -> Formula {
    number(1.0) / (number(1.0) + (-z).call(Function::Exp))
}

/// log(1 + e^x) in the form that stays finite: max(0, x) + log(1 + e^−|x|).
fn softplus(z: Formula) -> Formula {
    z.clone().call(Function::Positive) + log_of_one_more(z)
}

/// log(1 + e^−|z|).
pub(super) fn log_of_one_more(z: Formula) -> Formula {
    (number(1.0) + (-z.call(Function::Abs)).call(Function::Exp)).call(Function::Log)
}

/// g and g' of an activation, by the number of what the derivation says of it.
pub fn activation_equations(rule: Activation) -> [Equation; 2] {
    let number = match rule {
        Activation::Sigmoid => return [equation::SIGMOID, equation::SIGMOID_SLOPE],
        Activation::Tanh => "3.2 tanh",
        Activation::Relu => "3.2 ReLU",
        Activation::LeakyRelu => "3.2 leaky ReLU",
        Activation::Linear => "3.2 linear layer",
        Activation::Softplus => "3.2 softplus",
        Activation::Gelu => "3.2 GELU",
        Activation::Elu => "3.2 ELU",
        Activation::Sine => "3.2 sine",
        Activation::HardSigmoid => "3.2 hard sigmoid",
    };
    let said = |symbols, words| Equation { number, symbols, words };
    [said(rule.formula(), "the activation function"), said(rule.derivative_formula(), "its slope")]
}

/// g(z).
pub(super) fn g(activation: Activation, z: Formula) -> Formula {
    match activation {
        Activation::Sigmoid => sigmoid(z),
        Activation::Tanh => z.call(Function::Tanh),
        Activation::Relu => z.call(Function::Positive),
        Activation::LeakyRelu => z.clone().above(0.0, z.clone(), number(0.01) * z),
        Activation::Linear => z,
        Activation::Softplus => softplus(z),
        Activation::Gelu => z.clone() * z.call(Function::Normal),
        Activation::Elu => z.clone().above(0.0, z.clone(), z.call(Function::Exp) + number(-1.0)),
        Activation::Sine => z.call(Function::Sin),
        Activation::HardSigmoid => {
            let between = z.clone() / number(6.0) + number(0.5);
            z.clone().above(-3.0, z.above(3.0, number(1.0), between), number(0.0))
        }
    }
}

/// The activation g that a right side is, and what it is of.
pub fn activation_of(right: &Formula) -> Option<(Activation, &Reference)> {
    let reference = right.first_reference()?;
    let is_it = |rule: &&Activation| g(**rule, Formula::Of(reference.clone())) == *right;
    let rule = *Activation::ALL.iter().find(is_it)?;
    // Every other reference by itself is not the identity of a z.
    (rule != Activation::Linear || reference.key.letter == letter::Z).then_some((rule, reference))
}

/// g'(z) (2.1.2, 2.5.6), where a = g(z).
pub(super) fn g_prime(activation: Activation, z: Formula, a: Formula) -> Formula {
    let zero_or_one = |z: Formula| z.above(0.0, number(1.0), number(0.0));
    match activation {
        Activation::Sigmoid => a.clone() * a.rest(),
        Activation::Tanh => number(1.0) - a.squared(),
        Activation::Relu => zero_or_one(z),
        Activation::LeakyRelu => z.above(0.0, number(1.0), number(0.01)),
        Activation::Linear => number(1.0),
        Activation::Softplus => sigmoid(z),
        Activation::Gelu => {
            let density = (number(-0.5) * z.clone() * z.clone()).call(Function::Exp);
            z.clone().call(Function::Normal) + z * (density / number(std::f64::consts::TAU.sqrt()))
        }
        Activation::Elu => z.clone().above(0.0, number(1.0), z.call(Function::Exp)),
        Activation::Sine => z.call(Function::Cos),
        Activation::HardSigmoid => {
            let inner = z.clone().above(3.0, number(0.0), number(1.0) / number(6.0));
            z.above(-3.0, inner, number(0.0))
        }
    }
}
