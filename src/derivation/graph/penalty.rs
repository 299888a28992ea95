//! The penalties as equations: a row for each, its part of J and its slope as formulas.

use super::formula::{Formula, number};
use crate::derivation::equation::{self, Equation};
use crate::derivation::expr::Function;
use crate::nn::Penalty;

/// The equations of a penalty.
#[derive(Clone, Copy, Debug)]
pub struct PenaltyEquations {
    /// reg.
    pub reg: Equation,
    /// ∂reg/∂Θ.
    pub slope: Equation,
    /// ∂J/∂Θ of a weight that is penalised.
    pub gradient: Equation,
    /// ∂reg/∂Θ in short.
    pub symbol: &'static str,
}

/// The equations of a penalty.
pub fn penalty_equations(penalty: Penalty) -> PenaltyEquations {
    let of = |number, [reg, slope, gradient]: [(&'static str, &'static str); 3], symbol| {
        let of = |(symbols, words)| Equation { number, symbols, words };
        PenaltyEquations { reg: of(reg), slope: of(slope), gradient: of(gradient), symbol }
    };
    match penalty {
        Penalty::L2 => PenaltyEquations {
            reg: equation::REGULARISATION,
            slope: equation::PENALTY_GRADIENT,
            gradient: equation::GRADIENT,
            symbol: "(λ/m)Θ",
        },
        Penalty::L1 => {
            let reg = ("reg = (λ/m) Σ_l Σ|Θ|", "the penalty, the bias column left out");
            let slope = ("∂reg/∂Θ = (λ/m) sign Θ", "the penalty's gradient, 0 in the bias column");
            of("3.2 L1", [reg, slope, ("∂J/∂Θ = D + (λ/m) sign Θ", "the gradient")], "(λ/m) sign Θ")
        }
        Penalty::None => {
            let reg = ("reg = 0", "the penalty, of which there is none");
            let slope = ("∂reg/∂Θ = 0", "the penalty's gradient, where there is no penalty");
            of("3.2 none", [reg, slope, ("∂J/∂Θ = D", "the gradient, where there is no penalty")], "∂reg/∂Θ")
        }
    }
}

/// ∂reg/∂Θ of a weight from it, and from λ and m.
pub(super) fn slope(penalty: Penalty, theta: Formula, [lambda, m]: [Formula; 2]) -> Formula {
    match penalty {
        Penalty::L2 => (lambda / m) * theta,
        Penalty::L1 => (lambda / m) * theta.call(Function::Sign),
        Penalty::None => number(0.0),
    }
}

/// reg of a layer from the sum over its weights, and from λ and m.
pub(super) fn reg(penalty: Penalty, sum: Formula, [lambda, m]: [Formula; 2]) -> Formula {
    match penalty {
        Penalty::L2 => (lambda / (number(2.0) * m)) * sum,
        Penalty::L1 => (lambda / m) * sum,
        Penalty::None => number(0.0),
    }
}

/// What is summed over the weights of a layer.
pub(super) struct Summand {
    /// The sum in symbols, and its equation.
    pub(super) shown: &'static str,
    pub(super) equation: Equation,
    /// A weight's term, and its number.
    pub(super) term: fn(Formula) -> Formula,
    pub(super) value: fn(f64) -> f64,
}

/// What a penalty sums over the weights of a layer, if it sums anything.
pub(super) fn summand(penalty: Penalty) -> Option<Summand> {
    match penalty {
        Penalty::L2 => Some(Summand {
            shown: "ΣΘ²",
            equation: equation::LAYER_SQUARES,
            term: Formula::squared,
            value: |weight| weight * weight,
        }),
        Penalty::L1 => Some(Summand {
            shown: "Σ|Θ|",
            equation: Equation {
                number: "3.2 L1",
                symbols: "Σ_j Σ_{i≥1} |Θ_ji|",
                words: "one layer's magnitudes, the bias column left out",
            },
            term: |theta| theta.call(Function::Abs),
            value: f64::abs,
        }),
        Penalty::None => None,
    }
}
