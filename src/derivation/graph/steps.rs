//! A recurrent network unrolled in time, as the equations of its cells see it: its shape, its gates, and what every gate has.

use super::definition::{Definition, NodeAxes, Phase, When};
use super::formula::{D, Formula, ROW, of, sigma};
use super::node::{Mark, QuantityKey, letter};
use crate::derivation::equation::{self, Equation};
use crate::nn::recurrent::OutputSteps;
use crate::nn::recurrent::tensors as tensor;
use crate::train::RecurrentView;

/// x_t.
pub(super) const X: QuantityKey = QuantityKey::plain(letter::X);
/// h_t.
pub(super) const H: QuantityKey = QuantityKey::plain("h");
/// o_t.
pub(super) const O: QuantityKey = QuantityKey::plain("o");
/// Θ^x, Θ^h and Θ^o.
pub(super) const THETA: [QuantityKey; 3] =
    [QuantityKey::of(letter::THETA, "x"), QuantityKey::of(letter::THETA, "h"), QuantityKey::of(letter::THETA, "o")];
/// ∂J/∂h_t, and the part of it that comes from the step after.
pub(super) const GRAD_H: QuantityKey = QuantityKey::plain("∂J/∂h");
pub(super) const FROM_LATER: QuantityKey = QuantityKey::plain("∂J/∂h from t+1");

const fn said(symbols: &'static str, words: &'static str) -> Equation {
    Equation { number: "3.2 recurrent", symbols, words }
}

/// What h is, and g^n.
pub(super) const STATE_WORDS: &str = "the state of the layer, which the output of the step and the next step get";
pub(super) const CANDIDATE_WORDS: &str = "the candidate: what is new in the state, a tanh of its weighted input";
/// What z of a gate is.
pub(super) const WEIGHTED_INPUT: &str = "the weighted input at a step: what comes from the input and from the state before, each times its weight, with the biases";

/// The shape of a network over the steps of its sequences.
pub(super) struct Unrolled {
    /// S, the units of the layer.
    pub(super) units: usize,
    pub(super) inputs: usize,
    /// T.
    pub(super) steps: usize,
    pub(super) first_read: usize,
    /// At which steps the gradient does not come from the step after, counted from 1.
    cut: Vec<bool>,
    /// Whether Θ^h has biases.
    second_bias: bool,
}

impl Unrolled {
    pub(super) fn of(recurrent: RecurrentView<'_>) -> Self {
        let network = recurrent.network;
        let (inputs, units, _) = network.sizes();
        let steps = recurrent.steps();
        let first_read = if network.reads == OutputSteps::All { 1 } else { steps };
        let truncate = recurrent.config.recurrence.and_then(|recurrence| recurrence.truncate);
        let cut = (1..=steps).map(|t| t == steps || truncate.is_some_and(|length| t % length == 0)).collect();
        Self { units, inputs, steps, first_read, cut, second_bias: network.cell.has_second_bias() }
    }

    /// The axes of its units at each step.
    pub(super) fn axes(&self) -> NodeAxes {
        NodeAxes::units(self.units).at_steps(1, self.steps)
    }

    /// The axes of what begins before the first step.
    pub(super) fn axes_with_start(&self) -> NodeAxes {
        NodeAxes::units(self.units).at_steps(0, self.steps)
    }

    /// The gates of a cell by name, whose rows stand below each other in Θ^x and Θ^h.
    pub(super) fn gates<const N: usize>(&self, names: [&'static str; N]) -> [Gate; N] {
        let mut place = 0;
        names.map(|own| {
            let before = place * self.units;
            place += 1;
            Gate { own, inner: Mark::Gate(own), before }
        })
    }

    /// h_t.
    pub(super) fn state(&self, equation: Equation, right: Formula, note: &str) -> Definition {
        let h = Definition::of(H, self.axes_with_start(), STATE_WORDS).tensor(tensor::H, 0, 0).walked(Phase::Forward);
        let h = h.when(self.after_start(), equation, right, note);
        Definition { otherwise: "the state before the first step", ..h }
    }

    /// All steps but the one before the first.
    pub(super) fn after_start(&self) -> When {
        When::Steps(vec![true; self.steps])
    }

    /// The steps that nothing comes back to from the step after.
    pub(super) fn is_cut(&self) -> When {
        When::Steps(self.cut.clone())
    }

    /// What a gate's z is made of: Σ_i Θ^x x_t, Σ_i Θ^h h_{t−1}.
    pub(super) fn parts(&self, gate: Gate) -> [Definition; 2] {
        let from_x = sigma((1, self.inputs), of(THETA[0]).row(ROW.plus(gate.before)).column(D) * of(X).row(D));
        let from_h = sigma((1, self.units), of(THETA[1]).row(ROW.plus(gate.before)).column(D) * of(H).row(D).later(-1));
        let x = Definition::of(
            gate.key(FROM_X),
            self.axes(),
            "the part of a weighted input that comes from the input of the step, without its bias",
        );
        let h = Definition::of(
            gate.key(FROM_H),
            self.axes(),
            "the part of a weighted input that comes from the state before, without its bias",
        );
        let x_is = said("(Θ^x x_t)_j = Σ_i Θ^x_ji x_t,i", "what comes from the input");
        let h_is = said("(Θ^h h_{t−1})_j = Σ_i Θ^h_ji h_{t−1,i}", "what comes from the state before");
        [x.is(x_is, from_x), h.is(h_is, from_h)]
    }

    /// b^x + Θ^x x_t of a gate.
    pub(super) fn part_of_x(&self, gate: Gate) -> Formula {
        bias(0, gate, "b^x") + of(gate.key(FROM_X))
    }

    /// b^h + Θ^h h_{t−1} of a gate; without b^h where there is none.
    pub(super) fn part_of_h(&self, gate: Gate) -> Formula {
        let from_h = of(gate.key(FROM_H));
        if self.second_bias { bias(1, gate, "b^h") + from_h } else { from_h }
    }

    /// z of a gate whose two parts are added.
    pub(super) fn z(&self, gate: Gate, equation: Equation) -> Definition {
        let sum = match self.part_of_h(gate) {
            Formula::Sum(terms) => terms.into_iter().fold(self.part_of_x(gate), |sum, term| sum + term),
            term => self.part_of_x(gate) + term,
        };
        self.stored(gate, letter::Z, tensor::Z, WEIGHTED_INPUT).walked(Phase::Forward).is(equation, sum)
    }

    /// A quantity of a gate, in its columns of a tensor.
    pub(super) fn stored(
        &self,
        gate: Gate,
        letter: &'static str,
        symbol: &'static str,
        words: &'static str,
    ) -> Definition {
        Definition::of(gate.key(letter), self.axes(), words).tensor(symbol, 0, gate.before)
    }

    /// The activation of a gate.
    pub(super) fn gate(&self, gate: Gate, words: &'static str) -> Definition {
        Definition::of(gate.value(), self.axes(), words).tensor(tensor::GATE, 0, gate.before).walked(Phase::Forward)
    }

    /// δ of a gate.
    pub(super) fn delta(&self, gate: Gate, equation: Equation, right: Formula) -> Definition {
        let delta = self.stored(
            gate,
            letter::DELTA,
            tensor::DELTA,
            "∂J^(b)/∂z_t of one sequence (2.5.1): how much its cost grows with z_t of the cell or of the gate",
        );
        delta
            .derivative_by(gate.key(letter::Z))
            .walked(Phase::Backward)
            .is(equation, right)
            .said(equation::DELTA)
            .proved([(None, equation::DELTA.number), (None, equation.number)])
    }

    /// Σ_d Θ^h_dj δ_{t+1,d} of a gate, whose δ for Θ^h has this key.
    pub(super) fn back_through(&self, gate: Gate, delta: QuantityKey) -> Formula {
        sigma((1, self.units), of(THETA[1]).row(D.plus(gate.before)).column(ROW) * of(delta).row(D).later(1))
    }
}

/// A gate: its name, such as the o of g^o; what its z and its δ are named by, which is (g^o), since z^o and δ^o are the output's; and the
/// rows of Θ^x and Θ^h before its own. The one "gate" of a plain cell has no name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub(super) own: &'static str,
    pub(super) inner: Mark,
    pub(super) before: usize,
}

impl Gate {
    /// A quantity of it, such as its z and its δ.
    pub(super) fn key(self, letter: &'static str) -> QuantityKey {
        QuantityKey { letter, mark: self.inner }
    }

    /// Its activation, such as g^o.
    pub(super) fn value(self) -> QuantityKey {
        QuantityKey::of("g", self.own)
    }
}

/// Σ_i Θ^x x_t and Σ_i Θ^h h_{t−1}.
const FROM_X: &str = "(Θ^x x)";
const FROM_H: &str = "(Θ^h h)";

/// A bias of a gate.
fn bias(theta: usize, gate: Gate, name: &'static str) -> Formula {
    of(THETA[theta]).row(ROW.plus(gate.before)).column(super::formula::BIAS).called(name)
}

/// What a cell brings: its equations forwards and back, the part of ∂J/∂h_t that comes from the step after, and the δ that each gate's
/// rows of Θ^h are multiplied by.
pub(super) struct CellEquations {
    pub(super) gates: Vec<Gate>,
    pub(super) forward: Vec<Definition>,
    pub(super) backward: Vec<Definition>,
    pub(super) from_later: Formula,
    pub(super) later: Equation,
    pub(super) deltas_of_h: Vec<QuantityKey>,
}
