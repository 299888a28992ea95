//! The equations of each recurrent cell: its gates, its state, and δ of each gate from what comes back into the state.

use super::activation::{g, g_prime, sigmoid};
use super::definition::{Definition, Phase};
use super::formula::{Formula, number, of};
use super::node::{Mark, QuantityKey, letter};
use super::steps::{CANDIDATE_WORDS, CellEquations, GRAD_H, Gate, H, Unrolled, WEIGHTED_INPUT};
use crate::derivation::equation::Equation;
use crate::derivation::expr::Function;
use crate::nn::recurrent::tensors as tensor;
use crate::nn::{Activation, Cell};

/// The equations of a cell over the steps of its sequences.
pub(super) fn equations(cell: Cell, unrolled: &Unrolled) -> CellEquations {
    match cell {
        Cell::Plain(g) => plain(g, unrolled),
        Cell::Gru => gru(unrolled),
        Cell::Lstm => lstm(unrolled),
    }
}

/// 1 − a², the slope of a tanh from its value.
fn tanh_slope(a: Formula) -> Formula {
    number(1.0) - a.squared()
}

/// The plain cell: h_t = g(z_t), and δ_t = g'(z_t) ∂J/∂h_t.
fn plain(rule: Activation, unrolled: &Unrolled) -> CellEquations {
    let said = |symbols, words| Equation { number: "3.2 recurrent", symbols, words };
    let gate = Gate { own: "", inner: Mark::None, before: 0 };
    let (z, delta, slope) = (gate.key(letter::Z), gate.key(letter::DELTA), QuantityKey::plain(letter::SLOPE));
    let slope_is = unrolled.stored(
        gate,
        letter::SLOPE,
        tensor::GATE,
        "the slope of the activation: the share of what comes back that the unit lets through",
    );
    let slope_is = slope_is.walked(Phase::Backward).is_noted(
        said("∂h_t/∂z_t = g'(z_t)", "the slope of the activation"),
        g_prime(rule, of(z), of(H)),
        rule.derivative_formula(),
    );
    let delta_is = said("δ_t = g'(z_t) ⊙ ∂J/∂h_t", "δ of the step");
    CellEquations {
        gates: vec![gate],
        forward: vec![
            unrolled.z(gate, said("z_t = Θ^x [1; x_t] + Θ^h h_{t−1}", "the weighted input")),
            unrolled.state(said("h_t = g(z_t)", "the state"), g(rule, of(z)), rule.formula()),
        ],
        backward: vec![slope_is, unrolled.delta(gate, delta_is, of(slope) * of(GRAD_H))],
        from_later: unrolled.back_through(gate, delta),
        later: said("(∂J/∂h from t+1) = Θ^hᵀ δ_{t+1}", "what comes back from the step after"),
        deltas_of_h: vec![delta],
    }
}

/// The gated recurrent unit: gates r and u, the candidate n, and the state between the candidate and the state before.
fn gru(unrolled: &Unrolled) -> CellEquations {
    /// b^h + Θ^h h_{t−1} of the candidate, which r is multiplied with, and its δ.
    const FROM_STATE: QuantityKey = QuantityKey { letter: "(b^h + Θ^h h)", mark: Mark::Gate("n") };
    const DELTA_H: QuantityKey = QuantityKey { letter: "δ^h", mark: Mark::Gate("n") };
    let said = |symbols, words| Equation { number: "3.2 GRU", symbols, words };
    let gates = unrolled.gates(["r", "u", "n"]);
    let [of_r, of_u, of_n] = gates;
    let [r, u, n] = gates.map(|gate| move || of(gate.value()));
    let (z_n, delta_n, back) = (of(of_n.key(letter::Z)), || of(of_n.key(letter::DELTA)), || of(GRAD_H));
    let from_state = Definition::of(
        FROM_STATE,
        unrolled.axes(),
        "what comes from the state before with its bias, which the reset gate multiplies",
    );
    let of_from_state = said("b^h + Θ^h h_{t−1}", "what comes from the state before, ahead of the reset gate");
    let z_n_is = said("z(g^n)_t = b^x + Θ^x x_t + g^r_t ⊙ (b^h + Θ^h h_{t−1})", "the weighted input of the candidate");
    let h_is =
        said("h_t = (1 − g^u_t) ⊙ g^n_t + g^u_t ⊙ h_{t−1}", "the state: between the candidate and the state before");
    let forward = vec![
        unrolled.z(of_r, said("z(g^r)_t = b^x + Θ^x x_t + b^h + Θ^h h_{t−1}", "the weighted input of the reset gate")),
        unrolled
            .gate(of_r, "the reset gate: how much of the state before the candidate gets")
            .is(said("g^r_t = σ(z(g^r)_t)", "the reset gate"), sigmoid(of(of_r.key(letter::Z)))),
        unrolled.z(of_u, said("z(g^u)_t = b^x + Θ^x x_t + b^h + Θ^h h_{t−1}", "the weighted input of the update gate")),
        unrolled
            .gate(of_u, "the update gate: how much of the state before stays in the state")
            .is(said("g^u_t = σ(z(g^u)_t)", "the update gate"), sigmoid(of(of_u.key(letter::Z)))),
        from_state
            .tensor(tensor::FROM_STATE, 0, of_n.before)
            .walked(Phase::Forward)
            .is(of_from_state, unrolled.part_of_h(of_n)),
        unrolled
            .stored(of_n, letter::Z, tensor::Z, WEIGHTED_INPUT)
            .walked(Phase::Forward)
            .is(z_n_is, unrolled.part_of_x(of_n) + r() * of(FROM_STATE)),
        unrolled
            .gate(of_n, CANDIDATE_WORDS)
            .is(said("g^n_t = tanh(z(g^n)_t)", "the candidate"), z_n.call(Function::Tanh)),
        unrolled.state(h_is, u().rest() * n() + u() * of(H).later(-1), ""),
    ];
    let n_is = said("δ(g^n)_t = ∂J/∂h_t ⊙ (1 − g^u_t) ⊙ (1 − (g^n_t)²)", "δ of the candidate");
    let u_is = said("δ(g^u)_t = ∂J/∂h_t ⊙ (h_{t−1} − g^n_t) ⊙ g^u_t (1 − g^u_t)", "δ of the update gate");
    let r_is = said("δ(g^r)_t = δ(g^n)_t ⊙ (b^h + Θ^h h_{t−1}) ⊙ g^r_t (1 − g^r_t)", "δ of the reset gate");
    let delta_h = Definition::of(
        DELTA_H,
        unrolled.axes(),
        "∂J^(b)/∂(b^h + Θ^h h) of one sequence: δ of the part that the reset gate multiplies",
    );
    let delta_h_is =
        said("δ^h(g^n)_t = δ(g^n)_t ⊙ g^r_t", "δ of what the reset gate is multiplied with: it goes into Θ^h");
    let backward = vec![
        unrolled.delta(of_n, n_is, back() * u().rest() * tanh_slope(n())),
        unrolled.delta(of_u, u_is, back() * (of(H).later(-1) - n()) * u() * u().rest()),
        unrolled.delta(of_r, r_is, delta_n() * of(FROM_STATE) * r() * r().rest()),
        delta_h
            .derivative_by(FROM_STATE)
            .tensor(tensor::DELTA_H, 0, of_n.before)
            .walked(Phase::Backward)
            .is(delta_h_is, delta_n() * r()),
    ];
    let deltas_of_h = vec![of_r.key(letter::DELTA), of_u.key(letter::DELTA), DELTA_H];
    let past_the_gates = u().later(1) * of(GRAD_H).later(1);
    let through = gates.into_iter().zip(&deltas_of_h);
    CellEquations {
        gates: gates.to_vec(),
        forward,
        backward,
        from_later: through.fold(past_the_gates, |sum, (gate, &delta)| sum + unrolled.back_through(gate, delta)),
        later: said(
            "(∂J/∂h from t+1) = g^u_{t+1} ⊙ ∂J/∂h_{t+1} + Θ^hᵀ δ^h_{t+1}",
            "what comes back from the step after",
        ),
        deltas_of_h,
    }
}

/// The long short-term memory: gates i, f and o, the candidate n, the cell state c, and the state h.
fn lstm(unrolled: &Unrolled) -> CellEquations {
    /// The cell state, its tanh, and what comes back into it.
    const STATE: QuantityKey = QuantityKey::plain("c of the cell");
    const SQUASHED: QuantityKey = QuantityKey::plain("(tanh c)");
    const GRAD_STATE: QuantityKey = QuantityKey::plain("∂J/∂c");
    let said = |symbols, words| Equation { number: "3.2 LSTM", symbols, words };
    let gates = unrolled.gates(["i", "f", "o", "n"]);
    let [of_i, of_f, of_o, of_n] = gates;
    let [i, f, o, n] = gates.map(|gate| move || of(gate.value()));
    let mut forward = Vec::new();
    for (gate, (of_gate, words)) in gates.into_iter().zip([
        (
            said("g^i_t = σ(z(g^i)_t)", "the input gate"),
            "the input gate: how much of the candidate is added to the cell state",
        ),
        (said("g^f_t = σ(z(g^f)_t)", "the forget gate"), "the forget gate: how much of the cell state before is kept"),
        (
            said("g^o_t = σ(z(g^o)_t)", "the output gate"),
            "the output gate: how much of the cell state is seen in the state",
        ),
        (said("g^n_t = tanh(z(g^n)_t)", "the candidate"), CANDIDATE_WORDS),
    ]) {
        let z = of(gate.key(letter::Z));
        forward.push(unrolled.z(gate, said("z_t = b^x + Θ^x x_t + b^h + Θ^h h_{t−1}", "the weighted input of a gate")));
        let right = if gate.own == "n" { z.call(Function::Tanh) } else { sigmoid(z) };
        forward.push(unrolled.gate(gate, words).is(of_gate, right));
    }
    let state = Definition::of(
        STATE,
        unrolled.axes_with_start(),
        "the cell state, which the gates keep and add to from step to step",
    )
    .shown("c")
    .tensor(tensor::C, 0, 0);
    let state_is = said("c_t = g^f_t ⊙ c_{t−1} + g^i_t ⊙ g^n_t", "the cell state");
    let right = f() * of(STATE).later(-1) + i() * n();
    let state = state.walked(Phase::Forward).when(unrolled.after_start(), state_is, right, "");
    let squashed =
        Definition::of(SQUASHED, unrolled.axes(), "the cell state after its tanh").tensor(tensor::TANH_C, 0, 0);
    let squashed_is = said("tanh c_t", "the cell state after its tanh");
    forward.extend([
        Definition { otherwise: "the cell state before the first step", ..state },
        squashed.walked(Phase::Forward).is(squashed_is, of(STATE).call(Function::Tanh)),
        unrolled.state(said("h_t = g^o_t ⊙ tanh(c_t)", "the state"), o() * of(SQUASHED), ""),
    ]);
    let grad = Definition::of(
        GRAD_STATE,
        unrolled.axes(),
        "what comes back into the cell state: how much the cost of the sequence grows with c_t",
    );
    let grad_is = said(
        "∂J/∂c_t = ∂J/∂h_t ⊙ g^o_t ⊙ (1 − tanh² c_t) + g^f_{t+1} ⊙ ∂J/∂c_{t+1}",
        "what comes back into the cell state",
    );
    let (back, of_c) = (|| of(GRAD_H), || of(GRAD_STATE));
    let here = back() * o() * tanh_slope(of(SQUASHED));
    let later = f().later(1) * of_c().later(1);
    let nothing =
        "nothing comes back here from the step after: it is the last step, or --truncate cuts the gradient off";
    let i_is = said("δ(g^i)_t = ∂J/∂c_t ⊙ g^n_t ⊙ g^i_t (1 − g^i_t)", "δ of the input gate");
    let f_is = said("δ(g^f)_t = ∂J/∂c_t ⊙ c_{t−1} ⊙ g^f_t (1 − g^f_t)", "δ of the forget gate");
    let o_is = said("δ(g^o)_t = ∂J/∂h_t ⊙ tanh(c_t) ⊙ g^o_t (1 − g^o_t)", "δ of the output gate");
    let n_is = said("δ(g^n)_t = ∂J/∂c_t ⊙ g^i_t ⊙ (1 − (g^n_t)²)", "δ of the candidate");
    let backward = vec![
        grad.tensor(tensor::GRAD_C, 0, 0)
            .walked(Phase::Backward)
            .when(unrolled.is_cut(), grad_is, here.clone(), nothing)
            .is(grad_is, here + later),
        unrolled.delta(of_i, i_is, of_c() * n() * i() * i().rest()),
        unrolled.delta(of_f, f_is, of_c() * of(STATE).later(-1) * f() * f().rest()),
        unrolled.delta(of_o, o_is, back() * of(SQUASHED) * o() * o().rest()),
        unrolled.delta(of_n, n_is, of_c() * i() * tanh_slope(n())),
    ];
    let deltas = gates.map(|gate| gate.key(letter::DELTA));
    let rest = unrolled.back_through(of_i, deltas[0]);
    let through = gates.into_iter().zip(deltas).skip(1);
    CellEquations {
        gates: gates.to_vec(),
        forward,
        backward,
        from_later: through.fold(rest, |sum, (gate, delta)| sum + unrolled.back_through(gate, delta)),
        later: said("(∂J/∂h from t+1) = Θ^hᵀ δ_{t+1}", "what comes back from the step after"),
        deltas_of_h: deltas.to_vec(),
    }
}
