//! A recurrent network as equations, unrolled in time: forwards over the steps, the cost, and back over the steps to each Θ's sum.

use super::cell;
use super::definition::{Definition, NodeAxes, Phase, When};
use super::formula::{COLUMN, D, Formula, ROW, number, of, over_steps, sigma};
use super::given;
use super::node::{Mark, QuantityKey, letter};
use super::output::{OutputLayer, slopes};
use super::weights;
use crate::derivation::equation::{self, Equation};
use crate::nn::Output;
use crate::nn::recurrent::OutputSteps;
use crate::nn::recurrent::tensors as tensor;
use crate::train::{RecurrentView, Snapshot};

/// x_t.
pub(super) const X: QuantityKey = QuantityKey::plain(letter::X);
/// h_t.
pub(super) const H: QuantityKey = QuantityKey::plain("h");
/// o_t.
const O: QuantityKey = QuantityKey::plain("o");
/// Θ^x, Θ^h and Θ^o.
pub(super) const THETA: [QuantityKey; 3] =
    [QuantityKey::of(letter::THETA, "x"), QuantityKey::of(letter::THETA, "h"), QuantityKey::of(letter::THETA, "o")];
/// ∂J/∂h_t, and the part of it that comes from the step after.
pub(super) const GRAD_H: QuantityKey = QuantityKey::plain("∂J/∂h");
const FROM_LATER: QuantityKey = QuantityKey::plain("∂J/∂h from t+1");

const fn said(symbols: &'static str, words: &'static str) -> Equation {
    Equation { number: "3.2 recurrent", symbols, words }
}

/// The shape of a network over the steps of its sequences.
pub(super) struct Unrolled {
    /// S, the units of the layer.
    pub(super) units: usize,
    inputs: usize,
    /// T.
    pub(super) steps: usize,
    first_read: usize,
    /// At which steps the gradient does not come from the step after, counted from 1.
    cut: Vec<bool>,
    /// Whether Θ^h has biases.
    second_bias: bool,
}

impl Unrolled {
    fn of(recurrent: RecurrentView<'_>) -> Self {
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
        let x = Definition::of(gate.key(FROM_X), self.axes(), "the part of z that comes from the input");
        let h = Definition::of(gate.key(FROM_H), self.axes(), "the part of z that comes from the state before");
        let x_is = said("(Θ^x x_t)_j = Σ_i Θ^x_ji x_t,i", "what comes from the input");
        let h_is = said("(Θ^h h_{t−1})_j = Σ_i Θ^h_ji h_{t−1,i}", "what comes from the state before");
        [x.is(x_is, from_x), h.is(h_is, from_h)]
    }

    /// b^x + Θ^x x_t of a gate.
    pub(super) fn from_x(&self, gate: Gate) -> Formula {
        bias(0, gate, "b^x") + of(gate.key(FROM_X))
    }

    /// b^h + Θ^h h_{t−1} of a gate; without b^h where there is none.
    pub(super) fn from_h(&self, gate: Gate) -> Formula {
        let from_h = of(gate.key(FROM_H));
        if self.second_bias { bias(1, gate, "b^h") + from_h } else { from_h }
    }

    /// z of a gate whose two parts are added.
    pub(super) fn z(&self, gate: Gate, equation: Equation) -> Definition {
        let sum = match self.from_h(gate) {
            Formula::Sum(terms) => terms.into_iter().fold(self.from_x(gate), |sum, term| sum + term),
            term => self.from_x(gate) + term,
        };
        self.stored(gate, letter::Z, tensor::Z, "the weighted input").walked(Phase::Forward).is(equation, sum)
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
        let delta = self.stored(gate, letter::DELTA, tensor::DELTA, "∂J/∂z at the step");
        delta
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

/// A gate: its name, such as the o of g^o; what its z and its δ have above them, which is go, since z^o and δ^o are the output's; and the
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

/// The equations of one sequence, in the order of the algorithm.
pub(super) fn define(snapshot: &Snapshot, recurrent: RecurrentView<'_>, to: &mut Vec<Definition>) {
    let unrolled = Unrolled::of(recurrent);
    let cell = cell::equations(recurrent.network.cell, &unrolled);
    let x = Definition::of(X, NodeAxes::units(unrolled.inputs).at_steps(1, unrolled.steps), "the input of the step");
    to.push(x.tensor(tensor::X, 0, 0).given(given::step_input).walked(Phase::Forward));
    for &gate in &cell.gates {
        to.extend(unrolled.parts(gate));
    }
    to.extend(cell.forward);
    let output = unrolled.output(recurrent);
    to.push(unrolled.output_input(&output));
    to.push(output.answer());
    to.push(output.target());
    to.extend(output.cost());
    to.push(unrolled.cost());
    to.extend(output.back());
    to.push(unrolled.from_later(cell.from_later, cell.later));
    to.push(unrolled.grad_h(output.axes.rows));
    to.extend(cell.backward);
    to.extend(unrolled.grad_x(&cell.gates));
    let deltas_of_x: Vec<QuantityKey> = cell.gates.iter().map(|gate| gate.key(letter::DELTA)).collect();
    let shared = |index: usize| NodeAxes { sample: true, ..weights::axes(snapshot, index) };
    to.push(unrolled.gradient_of_output(shared(2)));
    to.push(unrolled.gradient(1, shared(1), (&cell.gates, &cell.deltas_of_h)));
    to.push(unrolled.gradient(0, shared(0), (&cell.gates, &deltas_of_x)));
}

impl Unrolled {
    fn output(&self, recurrent: RecurrentView<'_>) -> OutputLayer {
        let network = recurrent.network;
        OutputLayer {
            output: network.output,
            z: QuantityKey::of(letter::Z, "o"),
            h: O,
            y: QuantityKey::plain(letter::Y),
            delta: QuantityKey::of(letter::DELTA, "o"),
            slopes: slopes(network.output == Output::Softmax, QuantityKey::of(letter::A, "o")),
            costs: [QuantityKey::plain(letter::COST_TERM), QuantityKey::plain(letter::STEP_COST)],
            axes: NodeAxes::units(network.sizes().2).at_steps(self.first_read, self.steps),
            tensors: [(tensor::O, 0), (tensor::Y, 0), (tensor::COST, 0), (tensor::DELTA_O, 0)],
        }
    }

    /// z^o_t = Θ^o [1; h_t].
    fn output_input(&self, output: &OutputLayer) -> Definition {
        let sum = sigma((0, self.units), of(THETA[2]).row(ROW).column(D) * of(H).row(D));
        let z = Definition::of(output.z, output.axes, "the weighted input of the output layer");
        z.tensor(tensor::Z_O, 0, 0)
            .walked(Phase::Forward)
            .is(said("z^o_t = Θ^o [1; h_t]", "the weighted input of the output layer"), sum)
    }

    /// J^(b), the sum over the steps that are read.
    fn cost(&self) -> Definition {
        let cost =
            Definition::of(QuantityKey::plain(letter::SAMPLE_COST), NodeAxes::SAMPLE, "the cost of one sequence");
        let sum = over_steps((self.first_read, self.steps), of(QuantityKey::plain(letter::STEP_COST)));
        cost.walked(Phase::SampleCost)
            .is(said("J^(b) = Σ_t J_t^(b)", "the cost of a sequence, over the steps that are read"), sum)
    }

    /// The part of ∂J/∂h_t that comes from the step after.
    fn from_later(&self, right: Formula, equation: Equation) -> Definition {
        let later = Definition::of(FROM_LATER, self.axes(), "what comes back from the step after");
        let nothing =
            "nothing comes back here from the step after: it is the last step, or --truncate cuts the gradient off";
        let later = later.shown("(∂J/∂h from t+1)").tensor(tensor::GRAD_H_NEXT, 0, 0).walked(Phase::Backward);
        later.when(self.is_cut(), equation, number(0.0), nothing).is(equation, right)
    }

    /// ∂J/∂h_t.
    fn grad_h(&self, outputs: usize) -> Definition {
        let equation = said("∂J/∂h_t = Θ^oᵀ δ^o_t + what comes from t+1", "what comes back into a state");
        let from_output =
            sigma((1, outputs), of(THETA[2]).row(D).column(ROW) * of(QuantityKey::of(letter::DELTA, "o")).row(D));
        let read = When::Steps((1..=self.steps).map(|t| t >= self.first_read).collect());
        let grad_h = Definition::of(GRAD_H, self.axes(), "what comes back into the state");
        let grad_h = grad_h.tensor(tensor::GRAD_H, 0, 0).walked(Phase::Backward);
        let only = "no output is read at this step";
        grad_h.when(read, equation, from_output + of(FROM_LATER), "").is_noted(equation, of(FROM_LATER), only)
    }

    /// ∂J/∂x_t, over the rows of all gates.
    fn grad_x(&self, gates: &[Gate]) -> Option<Definition> {
        let of_gate = |gate: &Gate| {
            sigma(
                (1, self.units),
                of(THETA[0]).row(D.plus(gate.before)).column(ROW) * of(gate.key(letter::DELTA)).row(D),
            )
        };
        let sum = gates.iter().map(of_gate).reduce(|sum, term| sum + term)?;
        let axes = NodeAxes::units(self.inputs).at_steps(1, self.steps);
        let grad_x =
            Definition::of(QuantityKey::plain(letter::GRAD_X), axes, "what a change of an input does to the cost");
        Some(grad_x.is(said("∂J/∂x_t = Θ^xᵀ δ_t", "what a change of an input does to the cost"), sum))
    }

    /// Δ of Θ^x or Θ^h: the sum over the steps, gate by gate.
    fn gradient(&self, theta: usize, axes: NodeAxes, (gates, deltas): (&[Gate], &[QuantityKey])) -> Definition {
        let equation = match theta {
            0 => {
                Equation { number: "3.1.1", symbols: "Δ^x = Σ_t δ_t [1; x_t]ᵀ", words: "one sequence's gradient" }
            }
            _ => Equation {
                number: "3.1.1", symbols: "Δ^h = Σ_t δ_t [1; h_{t−1}]ᵀ", words: "one sequence's gradient"
            },
        };
        let factor = if theta == 0 { of(X).row(COLUMN) } else { of(H).row(COLUMN).later(-1) };
        let mark = THETA[theta].mark;
        let gradient =
            Definition::of(QuantityKey { letter: letter::SAMPLE_GRADIENT, mark }, axes, "one sequence's gradient");
        let gradient = gradient.walked(Phase::SampleGradient);
        gates.iter().zip(deltas).fold(gradient, |gradient, (gate, &delta)| {
            let term = of(delta).row(ROW.minus(gate.before)) * factor.clone();
            let rows = When::Rows(gate.before + 1, gate.before + self.units);
            gradient.when(rows, equation, over_steps((1, self.steps), term), "")
        })
    }

    /// Δ of Θ^o.
    fn gradient_of_output(&self, axes: NodeAxes) -> Definition {
        let equation =
            Equation { number: "3.1.1", symbols: "Δ^o = Σ_t δ^o_t [1; h_t]ᵀ", words: "one sequence's gradient" };
        let term = of(QuantityKey::of(letter::DELTA, "o")) * of(H).row(COLUMN);
        let gradient = Definition::of(QuantityKey::of(letter::SAMPLE_GRADIENT, "o"), axes, "one sequence's gradient");
        gradient.walked(Phase::SampleGradient).is(equation, over_steps((self.first_read, self.steps), term))
    }
}
