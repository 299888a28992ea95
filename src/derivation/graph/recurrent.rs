//! A recurrent network as equations, unrolled in time: forwards over the steps, the cost, and back over the steps to each Θ's sum.

use super::cell;
use super::definition::{Definition, NodeAxes, Phase, When};
use super::formula::{COLUMN, D, Formula, ROW, number, of, over_steps, sigma};
use super::given;
use super::node::{QuantityKey, letter};
use super::output::{GRAD_X_WORDS, OutputLayer, SAMPLE_COST_WORDS, slopes};
use super::steps::{FROM_LATER, GRAD_H, Gate, H, O, THETA, Unrolled, X};
use super::weights;
use crate::derivation::equation::Equation;
use crate::nn::recurrent::tensors as tensor;
use crate::train::{RecurrentView, Snapshot};

const fn said(symbols: &'static str, words: &'static str) -> Equation {
    Equation { number: "3.2 recurrent", symbols, words }
}

/// What Δ is.
const GRADIENT_WORDS: &str = "the gradient of one sample or sequence, ∂J^(b)/∂Θ";

/// The equations of one sequence, in the order of the algorithm.
pub(super) fn define(snapshot: &Snapshot, recurrent: RecurrentView<'_>, to: &mut Vec<Definition>) {
    let unrolled = Unrolled::of(recurrent);
    let cell = cell::equations(recurrent.network.cell, &unrolled);
    let x = Definition::of(X, NodeAxes::units(unrolled.inputs).at_steps(1, unrolled.steps), "the input of a step");
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
    to.push(unrolled.comes_later(cell.from_later, cell.later));
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
            slopes: slopes(QuantityKey::of(letter::A, "o")),
            costs: [QuantityKey::plain(letter::COST_TERM), QuantityKey::plain(letter::STEP_COST)],
            axes: NodeAxes::units(network.sizes().2).at_steps(self.first_read, self.steps),
            tensors: [(tensor::O, 0), (tensor::Y, 0), (tensor::COST, 0), (tensor::DELTA_O, 0)],
        }
    }

    /// z^o_t = Θ^o [1; h_t].
    fn output_input(&self, output: &OutputLayer) -> Definition {
        let sum = sigma((0, self.units), of(THETA[2]).row(ROW).column(D) * of(H).row(D));
        let z = Definition::of(output.z, output.axes, "the weighted input of the output layer at a step that is read");
        z.tensor(tensor::Z_O, 0, 0)
            .walked(Phase::Forward)
            .is(said("z^o_t = Θ^o [1; h_t]", "the weighted input of the output layer"), sum)
    }

    /// J^(b), the sum over the steps that are read.
    fn cost(&self) -> Definition {
        let cost = Definition::of(QuantityKey::plain(letter::SAMPLE_COST), NodeAxes::SAMPLE, SAMPLE_COST_WORDS);
        let sum = over_steps((self.first_read, self.steps), of(QuantityKey::plain(letter::STEP_COST)));
        cost.walked(Phase::SampleCost)
            .is(said("J^(b) = Σ_t J_t^(b)", "the cost of a sequence, over the steps that are read"), sum)
    }

    /// The part of ∂J/∂h_t that comes from the step after.
    fn comes_later(&self, right: Formula, equation: Equation) -> Definition {
        let later = Definition::of(FROM_LATER, self.axes(), "the part of ∂J/∂h_t that comes back from the step after");
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
        let grad_h = Definition::of(
            GRAD_H,
            self.axes(),
            "what comes back into the state: how much the cost of the sequence grows with h_t",
        );
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
        let grad_x = Definition::of(QuantityKey::plain(letter::GRAD_X), axes, GRAD_X_WORDS);
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
        let gradient = Definition::of(QuantityKey { letter: letter::SAMPLE_GRADIENT, mark }, axes, GRADIENT_WORDS);
        let gradient = gradient.derivative_by(THETA[theta]).walked(Phase::SampleGradient);
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
        let gradient = Definition::of(QuantityKey::of(letter::SAMPLE_GRADIENT, "o"), axes, GRADIENT_WORDS);
        let gradient = gradient.derivative_by(THETA[2]).walked(Phase::SampleGradient);
        gradient.is(equation, over_steps((self.first_read, self.steps), term))
    }
}
