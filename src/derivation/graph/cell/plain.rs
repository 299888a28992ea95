//! The plain cell: h_t = g(z_t), and δ_t = g'(z_t) ∂J/∂h_t.

use crate::derivation::equation::Equation;
use crate::derivation::graph::activation::{g, g_prime};
use crate::derivation::graph::definition::{Definition, Phase};
use crate::derivation::graph::formula::of;
use crate::derivation::graph::node::{Mark, QuantityKey, letter};
use crate::derivation::graph::steps::{CellEquations, GRAD_H, Gate, H, STATE_WORDS, Unrolled};
use crate::nn::Activation;
use crate::nn::recurrent::tensors as tensor;

const fn said(symbols: &'static str, words: &'static str) -> Equation {
    Equation { number: "3.2 recurrent", symbols, words }
}

/// Its equations.
pub(super) fn equations(rule: Activation, unrolled: &Unrolled) -> CellEquations {
    let gate = Gate { own: "", inner: Mark::None, before: 0 };
    let (z, delta, slope) = (gate.key(letter::Z), gate.key(letter::DELTA), QuantityKey::plain(letter::SLOPE));
    let h = Definition::of(H, unrolled.axes_with_start(), STATE_WORDS).tensor(tensor::H, 0, 0).walked(Phase::Forward);
    let h = h.when(unrolled.after_start(), said("h_t = g(z_t)", "the state"), g(rule, of(z)), rule.formula());
    let h = Definition { otherwise: "the state before the first step", ..h };
    let slope_is = unrolled.stored(
        gate,
        letter::SLOPE,
        tensor::GATE,
        "the slope of the activation: the share of what comes back that the unit lets through",
    );
    let right = g_prime(rule, of(z), of(H));
    let slope_is = slope_is.walked(Phase::Backward);
    let slope_is =
        slope_is.is_noted(said("∂h_t/∂z_t = g'(z_t)", "the slope of the activation"), right, rule.derivative_formula());
    let back = said("δ_t = g'(z_t) ⊙ ∂J/∂h_t", "δ of the step");
    CellEquations {
        gates: vec![gate],
        forward: vec![unrolled.z(gate, said("z_t = Θ^x [1; x_t] + Θ^h h_{t−1}", "the weighted input")), h],
        backward: vec![slope_is, unrolled.delta(gate, back, of(slope) * of(GRAD_H))],
        from_later: unrolled.back_through(gate, delta),
        later: said("(∂J/∂h from t+1) = Θ^hᵀ δ_{t+1}", "what comes back from the step after"),
        deltas_of_h: vec![delta],
    }
}
