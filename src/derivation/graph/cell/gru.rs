//! The gated recurrent unit: gates r and u, the candidate n, and the state between the candidate and the state before.

use crate::derivation::equation::Equation;
use crate::derivation::expr::Function;
use crate::derivation::graph::activation::sigmoid;
use crate::derivation::graph::definition::{Definition, Phase};
use crate::derivation::graph::formula::{Formula, number, of};
use crate::derivation::graph::node::{Mark, QuantityKey, letter};
use crate::derivation::graph::steps::{
    CANDIDATE_WORDS, CellEquations, GRAD_H, Gate, H, STATE_WORDS, Unrolled, WEIGHTED_INPUT,
};
use crate::nn::recurrent::tensors as tensor;

const fn said(symbols: &'static str, words: &'static str) -> Equation {
    Equation { number: "3.2 GRU", symbols, words }
}

/// b^h + Θ^h h_{t−1} of the candidate, which r is multiplied with.
const FROM_STATE: QuantityKey = QuantityKey { letter: "(b^h + Θ^h h)", mark: Mark::Gate("n") };
/// δ of that sum.
const DELTA_H: QuantityKey = QuantityKey { letter: "δ^h", mark: Mark::Gate("n") };

/// Its equations.
pub(super) fn equations(unrolled: &Unrolled) -> CellEquations {
    let gate = |place: usize, own| Gate { own, inner: Mark::Gate(own), before: place * unrolled.units };
    let gates = [gate(0, "r"), gate(1, "u"), gate(2, "n")];
    let [r, u, n] = gates.map(|gate| of(gate.value()));
    let deltas = gates.map(|gate| gate.key(letter::DELTA));
    let later_u = of(gates[1].value()).later(1) * of(GRAD_H).later(1);
    let through = [deltas[0], deltas[1], DELTA_H];
    let from_later =
        gates.iter().zip(through).fold(later_u, |sum, (&gate, delta)| sum + unrolled.back_through(gate, delta));
    CellEquations {
        gates: gates.to_vec(),
        forward: forward(unrolled, gates, [r.clone(), u.clone(), n.clone()]),
        backward: backward(unrolled, gates, [r, u, n]),
        from_later,
        later: said(
            "(∂J/∂h from t+1) = g^u_{t+1} ⊙ ∂J/∂h_{t+1} + Θ^hᵀ δ^h_{t+1}",
            "what comes back from the step after",
        ),
        deltas_of_h: through.to_vec(),
    }
}

fn forward(unrolled: &Unrolled, gates: [Gate; 3], [r, u, n]: [Formula; 3]) -> Vec<Definition> {
    let mut all = Vec::new();
    let names = [
        (
            said("z(g^r)_t = b^x + Θ^x x_t + b^h + Θ^h h_{t−1}", "the weighted input of the reset gate"),
            said("g^r_t = σ(z(g^r)_t)", "the reset gate"),
            "the reset gate: how much of the state before the candidate gets",
        ),
        (
            said("z(g^u)_t = b^x + Θ^x x_t + b^h + Θ^h h_{t−1}", "the weighted input of the update gate"),
            said("g^u_t = σ(z(g^u)_t)", "the update gate"),
            "the update gate: how much of the state before stays in the state",
        ),
    ];
    for (gate, (of_z, of_gate, words)) in gates.into_iter().zip(names) {
        all.push(unrolled.z(gate, of_z));
        let value = unrolled.gate(gate, words).walked(Phase::Forward);
        all.push(value.is(of_gate, sigmoid(of(gate.key(letter::Z)))));
    }
    let candidate = gates[2];
    let from_state = Definition::of(
        FROM_STATE,
        unrolled.axes(),
        "what comes from the state before with its bias, which the reset gate multiplies",
    );
    let from_state = from_state.tensor(tensor::FROM_STATE, 0, candidate.before).walked(Phase::Forward);
    let state = said("b^h + Θ^h h_{t−1}", "what comes from the state before, ahead of the reset gate");
    all.push(from_state.is(state, unrolled.part_of_h(candidate)));
    let z_n = unrolled.stored(candidate, letter::Z, tensor::Z, WEIGHTED_INPUT).walked(Phase::Forward);
    let of_z = said("z(g^n)_t = b^x + Θ^x x_t + g^r_t ⊙ (b^h + Θ^h h_{t−1})", "the weighted input of the candidate");
    all.push(z_n.is(of_z, unrolled.part_of_x(candidate) + r * of(FROM_STATE)));
    let value = unrolled.gate(candidate, CANDIDATE_WORDS).walked(Phase::Forward);
    let tanh = of(candidate.key(letter::Z)).call(Function::Tanh);
    all.push(value.is(said("g^n_t = tanh(z(g^n)_t)", "the candidate"), tanh));
    let h = Definition::of(H, unrolled.axes_with_start(), STATE_WORDS).tensor(tensor::H, 0, 0).walked(Phase::Forward);
    let right = u.clone().rest() * n + u * of(H).later(-1);
    let of_h =
        said("h_t = (1 − g^u_t) ⊙ g^n_t + g^u_t ⊙ h_{t−1}", "the state: between the candidate and the state before");
    let h = h.when(unrolled.after_start(), of_h, right, "");
    all.push(Definition { otherwise: "the state before the first step", ..h });
    all
}

fn backward(unrolled: &Unrolled, gates: [Gate; 3], [r, u, n]: [Formula; 3]) -> Vec<Definition> {
    let [of_r, of_u, of_n] = gates;
    let back = || of(GRAD_H);
    let slope = |gate: &Formula| gate.clone() * gate.clone().rest();
    let n_is = said("δ(g^n)_t = ∂J/∂h_t ⊙ (1 − g^u_t) ⊙ (1 − (g^n_t)²)", "δ of the candidate");
    let u_is = said("δ(g^u)_t = ∂J/∂h_t ⊙ (h_{t−1} − g^n_t) ⊙ g^u_t (1 − g^u_t)", "δ of the update gate");
    let r_is = said("δ(g^r)_t = δ(g^n)_t ⊙ (b^h + Θ^h h_{t−1}) ⊙ g^r_t (1 − g^r_t)", "δ of the reset gate");
    let to_n = back() * u.clone().rest() * (number(1.0) - n.clone().squared());
    let to_u = back() * (of(H).later(-1) - n) * u.clone() * u.rest();
    let delta_n = || of(of_n.key(letter::DELTA));
    let Formula::Product(of_slope) = slope(&r) else { return Vec::new() };
    let to_r = of_slope.into_iter().fold(delta_n() * of(FROM_STATE), |product, factor| product * factor);
    let of_state = Definition::of(
        DELTA_H,
        unrolled.axes(),
        "∂J^(b)/∂(b^h + Θ^h h) of one sequence: δ of the part that the reset gate multiplies",
    );
    let of_state = of_state.tensor(tensor::DELTA_H, 0, of_n.before).walked(Phase::Backward);
    let state_is =
        said("δ^h(g^n)_t = δ(g^n)_t ⊙ g^r_t", "δ of what the reset gate is multiplied with: it goes into Θ^h");
    vec![
        unrolled.delta(of_n, n_is, to_n),
        unrolled.delta(of_u, u_is, to_u),
        unrolled.delta(of_r, r_is, to_r),
        of_state.is(state_is, delta_n() * r),
    ]
}
