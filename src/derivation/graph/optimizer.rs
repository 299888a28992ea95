//! The rules of the update as equations: a row for each rule, and what it multiplies α by.

use super::formula::{Formula, of};
use super::node::QuantityKey;
use crate::derivation::equation::{self, Equation};
use crate::derivation::expr::Function;
use crate::nn::Optimizer;

/// The equations of a rule.
#[derive(Clone, Copy, Debug)]
pub struct UpdateEquations {
    /// The update.
    pub update: Equation,
    /// How v gathers gradients, where there is one.
    pub velocity: Option<Equation>,
    /// How s gathers their squares, where there is one.
    pub squares: Option<Equation>,
    /// What it adds to Θ, in short; and where the gradient is cut.
    pub symbols: [&'static str; 2],
}

/// The equations of an optimiser.
pub fn update_equations(optimizer: Optimizer) -> UpdateEquations {
    const GATHERED: &str = "the gathered gradients";
    const SQUARED: &str = "the mean of the squares";
    let (number, update, velocity, squares, symbol) = match optimizer {
        Optimizer::GradientDescent => {
            let symbols = ["−α ∂J/∂Θ", "−α c ∂J/∂Θ"];
            return UpdateEquations { update: equation::UPDATE, velocity: None, squares: None, symbols };
        }
        Optimizer::Momentum => ("3.2 momentum", "Θ ← Θ − α v", Some(("v ← β v + ∂J/∂Θ", GATHERED)), None, "−α v"),
        Optimizer::Nesterov => {
            ("3.2 Nesterov", "Θ ← Θ − α (∂J/∂Θ + β v)", Some(("v ← β v + ∂J/∂Θ", GATHERED)), None, "ΔΘ")
        }
        Optimizer::RmsProp => {
            ("3.2 RMSProp", "Θ ← Θ − α ∂J/∂Θ / (√s + ε)", None, Some(("s ← β₂ s + (1 − β₂) (∂J/∂Θ)²", SQUARED)), "ΔΘ")
        }
        Optimizer::Adam => (
            "3.2 Adam",
            "Θ ← Θ − α v' / (√s' + ε), v' = v / (1 − β^k), s' = s / (1 − β₂^k)",
            Some(("v ← β v + (1 − β) ∂J/∂Θ", "the mean of the gradients")),
            Some(("s ← β₂ s + (1 − β₂) (∂J/∂Θ)²", SQUARED)),
            "ΔΘ",
        ),
        Optimizer::AdamW => (
            "3.2 AdamW",
            "Θ ← Θ − α (v' / (√s' + ε) + ∂reg/∂Θ)",
            Some(("v ← β v + (1 − β) D", "the mean of the data gradients")),
            Some(("s ← β₂ s + (1 − β₂) D²", "the mean of their squares")),
            "ΔΘ",
        ),
    };
    let of = |(symbols, words)| Equation { number, symbols, words };
    UpdateEquations {
        update: of((update, "the update")),
        velocity: velocity.map(of),
        squares: squares.map(of),
        symbols: [symbol, symbol],
    }
}

/// What a rule makes a step of: the gradient as it sees it, v and s, ∂reg/∂Θ, β and β₂, ε, and which update it is.
pub(super) struct StepParts {
    pub(super) seen: Formula,
    pub(super) v: Formula,
    pub(super) s: Formula,
    pub(super) penalty: Formula,
    pub(super) betas: [QuantityKey; 2],
    pub(super) epsilon: QuantityKey,
    pub(super) k: u64,
}

impl StepParts {
    /// What α is a factor of.
    pub(super) fn step(self, optimizer: Optimizer) -> Formula {
        let Self { seen, v, s, penalty, betas: [beta, beta2], epsilon, k } = self;
        let over_root = |it: Formula, s: Formula| it / (s.call(Function::Root) + of(epsilon));
        // v and s start at 0; dividing by 1 − β^k makes up for that.
        let corrected = |it: Formula, beta: QuantityKey| it / of(beta).call(Function::Power(k)).rest();
        let adam = |v, s| over_root(corrected(v, beta), corrected(s, beta2));
        match optimizer {
            Optimizer::GradientDescent => seen,
            Optimizer::Momentum => v,
            Optimizer::Nesterov => seen + of(beta) * v,
            Optimizer::RmsProp => over_root(seen, s),
            Optimizer::Adam => adam(v, s),
            Optimizer::AdamW => adam(v, s) + penalty,
        }
    }
}
