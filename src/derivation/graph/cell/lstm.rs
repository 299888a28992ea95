//! The long short-term memory: gates i, f and o, the candidate n, the cell state c, and the state h.

use crate::derivation::equation::Equation;
use crate::derivation::expr::Function;
use crate::derivation::graph::activation::sigmoid;
use crate::derivation::graph::definition::{Definition, Phase};
use crate::derivation::graph::formula::{Formula, number, of};
use crate::derivation::graph::node::{Mark, QuantityKey, letter};
use crate::derivation::graph::steps::{CANDIDATE_WORDS, CellEquations, GRAD_H, Gate, H, STATE_WORDS, Unrolled};
use crate::nn::recurrent::tensors as tensor;

const fn said(symbols: &'static str, words: &'static str) -> Equation {
    Equation { number: "3.2 LSTM", symbols, words }
}

/// The cell state, its tanh, and what comes back into it.
const STATE: QuantityKey = QuantityKey::plain("c of the cell");
const SQUASHED: QuantityKey = QuantityKey::plain("(tanh c)");
const GRAD_STATE: QuantityKey = QuantityKey::plain("∂J/∂c");

/// Its equations.
pub(super) fn equations(unrolled: &Unrolled) -> CellEquations {
    let gate = |place: usize, own| Gate { own, inner: Mark::Gate(own), before: place * unrolled.units };
    let gates = [gate(0, "i"), gate(1, "f"), gate(2, "o"), gate(3, "n")];
    let values = || gates.map(|gate| of(gate.value()));
    let deltas = gates.map(|gate| gate.key(letter::DELTA));
    let mut through = gates.iter().zip(deltas).map(|(&gate, delta)| unrolled.back_through(gate, delta));
    let first = through.next().expect("there are four gates");
    CellEquations {
        gates: gates.to_vec(),
        forward: forward(unrolled, gates, values()),
        from_later: through.fold(first, |sum, term| sum + term),
        backward: backward(unrolled, gates, values()),
        later: said("(∂J/∂h from t+1) = Θ^hᵀ δ_{t+1}", "what comes back from the step after"),
        deltas_of_h: deltas.to_vec(),
    }
}

fn forward(unrolled: &Unrolled, gates: [Gate; 4], [i, f, o, n]: [Formula; 4]) -> Vec<Definition> {
    let mut all = Vec::new();
    let z = said("z_t = b^x + Θ^x x_t + b^h + Θ^h h_{t−1}", "the weighted input of a gate");
    for (place, gate) in gates.into_iter().enumerate() {
        all.push(unrolled.z(gate, z));
        let of_z = of(gate.key(letter::Z));
        let (equation, right, words) = match place {
            3 => (said("g^n_t = tanh(z(g^n)_t)", "the candidate"), of_z.call(Function::Tanh), CANDIDATE_WORDS),
            2 => (
                said("g^o_t = σ(z(g^o)_t)", "the output gate"),
                sigmoid(of_z),
                "the output gate: how much of the cell state is seen in the state",
            ),
            1 => (
                said("g^f_t = σ(z(g^f)_t)", "the forget gate"),
                sigmoid(of_z),
                "the forget gate: how much of the cell state before is kept",
            ),
            _ => (
                said("g^i_t = σ(z(g^i)_t)", "the input gate"),
                sigmoid(of_z),
                "the input gate: how much of the candidate is added to the cell state",
            ),
        };
        all.push(unrolled.gate(gate, words).walked(Phase::Forward).is(equation, right));
    }
    let state = Definition::of(
        STATE,
        unrolled.axes_with_start(),
        "the cell state, which the gates keep and add to from step to step",
    )
    .shown("c")
    .tensor(tensor::C, 0, 0);
    let of_state = said("c_t = g^f_t ⊙ c_{t−1} + g^i_t ⊙ g^n_t", "the cell state");
    let state =
        state.walked(Phase::Forward).when(unrolled.after_start(), of_state, f * of(STATE).later(-1) + i * n, "");
    all.push(Definition { otherwise: "the cell state before the first step", ..state });
    let squashed =
        Definition::of(SQUASHED, unrolled.axes(), "the cell state after its tanh").tensor(tensor::TANH_C, 0, 0);
    let of_squashed = said("tanh c_t", "the cell state after its tanh");
    all.push(squashed.walked(Phase::Forward).is(of_squashed, of(STATE).call(Function::Tanh)));
    let h = Definition::of(H, unrolled.axes_with_start(), STATE_WORDS).tensor(tensor::H, 0, 0).walked(Phase::Forward);
    let h = h.when(unrolled.after_start(), said("h_t = g^o_t ⊙ tanh(c_t)", "the state"), o * of(SQUASHED), "");
    all.push(Definition { otherwise: "the state before the first step", ..h });
    all
}

fn backward(unrolled: &Unrolled, gates: [Gate; 4], [i, f, o, n]: [Formula; 4]) -> Vec<Definition> {
    let [of_i, of_f, of_o, of_n] = gates;
    let (back, of_c) = (|| of(GRAD_H), || of(GRAD_STATE));
    let rest_of_square = |value: Formula| number(1.0) - value.squared();
    let grad = Definition::of(
        GRAD_STATE,
        unrolled.axes(),
        "what comes back into the cell state: how much the cost of the sequence grows with c_t",
    );
    let grad = grad.tensor(tensor::GRAD_C, 0, 0).walked(Phase::Backward);
    let equation = said(
        "∂J/∂c_t = ∂J/∂h_t ⊙ g^o_t ⊙ (1 − tanh² c_t) + g^f_{t+1} ⊙ ∂J/∂c_{t+1}",
        "what comes back into the cell state",
    );
    let here = back() * o.clone() * rest_of_square(of(SQUASHED));
    let later = of(gates[1].value()).later(1) * of_c().later(1);
    let nothing =
        "nothing comes back here from the step after: it is the last step, or --truncate cuts the gradient off";
    let grad = grad.when(unrolled.is_cut(), equation, here.clone(), nothing).is(equation, here + later);
    let i_is = said("δ(g^i)_t = ∂J/∂c_t ⊙ g^n_t ⊙ g^i_t (1 − g^i_t)", "δ of the input gate");
    let f_is = said("δ(g^f)_t = ∂J/∂c_t ⊙ c_{t−1} ⊙ g^f_t (1 − g^f_t)", "δ of the forget gate");
    let o_is = said("δ(g^o)_t = ∂J/∂h_t ⊙ tanh(c_t) ⊙ g^o_t (1 − g^o_t)", "δ of the output gate");
    let n_is = said("δ(g^n)_t = ∂J/∂c_t ⊙ g^i_t ⊙ (1 − (g^n_t)²)", "δ of the candidate");
    vec![
        grad,
        unrolled.delta(of_i, i_is, of_c() * n.clone() * i.clone() * i.clone().rest()),
        unrolled.delta(of_f, f_is, of_c() * of(STATE).later(-1) * f.clone() * f.rest()),
        unrolled.delta(of_o, o_is, back() * of(SQUASHED) * o.clone() * o.rest()),
        unrolled.delta(of_n, n_is, of_c() * i * rest_of_square(n)),
    ]
}
