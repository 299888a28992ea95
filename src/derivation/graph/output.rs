//! The output layer as equations: h from z, the cost of one sample, and δ with the two factors that it is made of.

use super::activation::{log_of_one_more, sigmoid};
use super::definition::{Definition, NodeAxes, Phase, When};
use super::formula::{D, Formula, number, of, sigma};
use super::given;
use super::node::{Mark, QuantityKey, letter};
use crate::derivation::equation::{self, Equation};
use crate::derivation::expr::Function;
use crate::nn::Output;

/// What δ of a layer is.
pub(super) const DELTA_WORDS: &str =
    "∂J^(b)/∂z^(l) of one sample (2.5.1): how much the cost of the sample grows with z^(l)";
/// What ∂J/∂x is.
pub(super) const GRAD_X_WORDS: &str = "what a change of an input does to the cost of the sample or the sequence";
/// What J^(b) is.
pub(super) const SAMPLE_COST_WORDS: &str =
    "the cost of one sample, without the penalty; of a sequence the sum over the steps that are read";
/// What ∂a/∂z of the output layer is.
const OUTPUT_SLOPE: &str = "what a change of z of an output unit does to its output; with softmax to every output";
/// The equations of an output layer.
#[derive(Clone, Copy, Debug)]
pub struct OutputEquations {
    /// h, and the function that it is.
    pub h: [Equation; 2],
    /// J^(b).
    pub cost: Equation,
    /// J^(b) from z, where that keeps it finite.
    pub cost_from_z: Option<Equation>,
    /// δ^(L).
    pub delta: Equation,
    /// ∂J/∂a^(L) and ∂a^(L)/∂z^(L), where outputs don't depend on each other's z.
    pub slopes: Option<[Equation; 2]>,
}

/// δ of an output that depends on every z.
pub const SOFTMAX_SLOPES: Equation =
    said("3.2 softmax", "δ_i^(L) = Σ_k ∂J/∂a_k · a_k ([k = i] − a_i)", "δ of an output as a chain");

const fn said(number: &'static str, symbols: &'static str, words: &'static str) -> Equation {
    Equation { number, symbols, words }
}

/// ½ Σ_k (h_k − y_k)² of an output layer with equations of this number, and its slope.
const fn squared_error(number: &'static str) -> (Equation, Equation) {
    let slope = said(number, "∂J/∂a_i = a_i − y_i", AT_COST);
    (said(number, "J^(b) = ½ Σ_k (h_k − y_k)²", "the cost of one sample"), slope)
}

const AT_COST: &str = "what a change of the output does to the cost";
/// What ∂J/∂a of the output layer is.
const AT_COST_OF_SAMPLE: &str = "what a change of the output does to the cost of the sample";

/// The equations of an output layer.
pub fn output_equations(output: Output) -> OutputEquations {
    const OF_DELTA: &str = "δ of the output layer";
    match output {
        Output::Sigmoid => OutputEquations {
            h: [equation::OUTPUT, equation::SIGMOID],
            cost: equation::SAMPLE_COST,
            cost_from_z: Some(said(
                "1.2.1",
                "J^(b)_k = max(0, z) − z y + log(1 + e^−|z|)",
                "the same cost from z, which stays finite where h is rounded to 0 or 1",
            )),
            delta: equation::OUTPUT_DELTA,
            slopes: Some([equation::COST_SLOPE, equation::OUTPUT_SLOPE]),
        },
        Output::Softmax => {
            let of = |symbols, words| said("3.2 softmax", symbols, words);
            OutputEquations {
                h: [of("h_i = exp(z_i) / Σ_k exp(z_k)", "the output"); 2],
                cost: of("J^(b) = −Σ_k y_k log h_k", "the cost of one sample"),
                cost_from_z: Some(of(
                    "J^(b)_k = y_k (log Σ_c exp(z_c − max z) − (z_k − max z))",
                    "the same cost from z, which stays finite where h is rounded to 0",
                )),
                delta: of("δ^(L) = a^(L) − y", OF_DELTA),
                slopes: None,
            }
        }
        Output::Linear => {
            let of = |symbols, words| said("3.2 linear", symbols, words);
            let (cost, slope) = squared_error("3.2 linear");
            OutputEquations {
                h: [of("h = a^(L) = z^(L)", "the output"); 2],
                cost,
                cost_from_z: None,
                delta: of("δ^(L) = a^(L) − y", OF_DELTA),
                slopes: Some([slope, of("∂a_i/∂z_i = 1", "the slope of the output")]),
            }
        }
        Output::SigmoidMse => {
            let (cost, slope) = squared_error("3.2 sigmoid-mse");
            OutputEquations {
                h: [equation::OUTPUT, equation::SIGMOID],
                cost,
                cost_from_z: None,
                delta: said("3.2 sigmoid-mse", "δ^(L) = (a^(L) − y) ⊙ g'(z^(L))", OF_DELTA),
                slopes: Some([slope, equation::OUTPUT_SLOPE]),
            }
        }
    }
}

/// The quantities of an output layer of K units.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutputLayer {
    pub(super) output: Output,
    pub(super) z: QuantityKey,
    pub(super) h: QuantityKey,
    pub(super) y: QuantityKey,
    pub(super) delta: QuantityKey,
    /// ∂J/∂h and ∂h/∂z.
    pub(super) slopes: [QuantityKey; 2],
    /// An output unit's term of J^(b), and their sum.
    pub(super) costs: [QuantityKey; 2],
    /// The axes of its units.
    pub(super) axes: NodeAxes,
    /// Where the tensors of h, y, the cost and δ are: their symbols and their layer.
    pub(super) tensors: [(&'static str, usize); 4],
}

impl OutputLayer {
    fn all(&self) -> (usize, usize) {
        (1, self.axes.rows)
    }

    /// z_k less the largest of them, which changes no softmax.
    fn shifted(&self, z: Formula) -> Formula {
        z - of(self.z).largest("max z")
    }

    /// Σ_k exp(z_k − max z).
    fn exponentials(&self) -> Formula {
        sigma(self.all(), self.shifted(of(self.z).row(D)).call(Function::Exp))
    }

    /// h = a^(L) = g(z^(L)) (1.1.7).
    pub(super) fn answer(&self) -> Definition {
        let (symbol, layer) = self.tensors[0];
        let z = of(self.z);
        let [equation, chain] = output_equations(self.output).h;
        let right = match self.output {
            Output::Sigmoid | Output::SigmoidMse => sigmoid(z),
            Output::Linear => z,
            Output::Softmax => self.shifted(z).call(Function::Exp) / self.exponentials(),
        };
        let words = match self.h.letter {
            letter::A => "the output of the network, h = a^(L), which the cost compares with the target y",
            _ => "the output of the network at a step that is read, which the cost compares with the target y",
        };
        let answer = Definition::of(self.h, self.axes, words);
        let answer = answer.tensor(symbol, layer, 0).walked(Phase::Forward);
        let answer = answer.is_noted(equation, right.clone(), self.output.words());
        let answer = answer.also(equation::OUTPUT_AGAIN, right.clone());
        let (first, again) = (equation.number, equation::OUTPUT_AGAIN.number);
        let steps = [(None, first), (None, again)];
        if chain.number == first {
            return answer.proved(steps);
        }
        answer.also(chain, right).proved(steps.into_iter().chain([(None, chain.number)]))
    }

    /// y.
    pub(super) fn target(&self) -> Definition {
        Definition::of(
            self.y,
            self.axes,
            "the target: what the output should be; of classes 1 for the class of the sample, else 0",
        )
        .given(given::target)
    }

    /// An output unit's term of J^(b), and J^(b) (1.2.1).
    pub(super) fn cost(&self) -> [Definition; 2] {
        let [term, whole] = self.costs;
        let (z, h, y) = (|| of(self.z), || of(self.h), || of(self.y));
        let printed = match self.output {
            Output::Sigmoid => -(y() * h().call(Function::Log) + y().rest() * h().rest().call(Function::Log)),
            Output::Softmax => -(y() * h().call(Function::Log)),
            Output::Linear | Output::SigmoidMse => number(0.5) * (h() - y()) * (h() - y()),
        };
        let computed = match self.output {
            Output::Sigmoid => z().call(Function::Positive) - z() * y() + log_of_one_more(z()),
            Output::Softmax => {
                let log = self.exponentials().call(Function::Log);
                y() * (log - Formula::Sum(vec![self.shifted(z())]))
            }
            Output::Linear | Output::SigmoidMse => printed.clone(),
        };
        let OutputEquations { cost: equation, cost_from_z, .. } = output_equations(self.output);
        let terms = Definition::of(term, self.axes, "the term that one output unit adds to the cost of one sample");
        let terms = terms.shown("J^(b)").given(given::cost_term).walked(Phase::SampleCost);
        let terms = terms.is_noted(cost_from_z.unwrap_or(equation), computed, self.output.cost_formula());
        let terms = if cost_from_z.is_some() { terms.also(equation, printed) } else { terms };
        let axes = NodeAxes { rows: 0, ..self.axes };
        let (symbol, layer) = self.tensors[2];
        let sum = sigma(self.all(), of(term).row(D));
        let is_of_step = whole.letter == letter::STEP_COST;
        let words = if is_of_step { "the cost of one step of a sequence" } else { SAMPLE_COST_WORDS };
        let cost = Definition::of(whole, axes, words).shown("J^(b)").tensor(symbol, layer, 0);
        let cost = cost.walked(Phase::SampleCost).is_noted(equation, sum.clone(), self.output.cost_formula());
        let again = [equation::SAMPLE_COST_AGAIN, equation::SAMPLE_COST_OF_A];
        let cost = again.into_iter().fold(cost, |cost, equation| cost.also(equation, sum.clone()));
        let proof = [equation, again[0], again[1]].map(|equation| (None, equation.number));
        [terms, cost.proved(proof)]
    }

    /// ∂J/∂h, ∂h/∂z and δ^(L) (2.4.2 to 2.4.6).
    pub(super) fn back(&self) -> Vec<Definition> {
        let [of_cost, of_output] = self.slopes;
        let equations = output_equations(self.output);
        let (a, y) = (|| of(self.h), || of(self.y));
        let difference = || a() - y();
        let sigmoid_slope = || a() * a().rest();
        let (symbol, layer) = self.tensors[3];
        let words = match self.delta.mark {
            Mark::Layer(_) => DELTA_WORDS,
            _ => "∂J^(b)/∂z^o_t of one sequence (2.5.1): how much its cost grows with z^o_t",
        };
        let delta = Definition::of(self.delta, self.axes, words).derivative_by(self.z);
        let delta = delta.tensor(symbol, layer, 0).walked(Phase::Backward);
        let result = match self.output {
            Output::SigmoidMse => difference() * a() * a().rest(),
            Output::Sigmoid | Output::Softmax | Output::Linear => difference(),
        };
        let delta = delta.is_noted(equations.delta, result, self.output.delta_formula());
        let slope = |key: QuantityKey, axes, words| {
            let definition = Definition::of(key, axes, words);
            match key.mark {
                Mark::Layer(l) if key.letter == letter::A_BY_Z => definition.ratio("a", l, "z"),
                _ => definition,
            }
        };
        if self.output == Output::Softmax {
            let square = NodeAxes { columns: Some(self.all()), ..self.axes };
            let through = slope(of_output, square, OUTPUT_SLOPE);
            let chain = |symbols, words| said("3.2 softmax", symbols, words);
            let own = chain("∂a_i/∂z_i = a_i (1 − a_i)", "an output and its own z");
            let other = chain("∂a_k/∂z_i = −a_k a_i for k ≠ i", "an output and the z of another one");
            let a_i = || of(self.h).row(super::formula::COLUMN);
            let through = through.when(When::Diagonal, own, sigmoid_slope(), "").is(other, -(a() * a_i()));
            let cost = slope(of_cost, self.axes, AT_COST_OF_SAMPLE);
            let cost = cost.is(chain("∂J/∂a_k = −y_k / a_k", AT_COST), -(y() / a()));
            let paths = sigma(self.all(), of(of_cost).row(D) * of(of_output).row(D).column(super::formula::ROW));
            let delta = delta.also(SOFTMAX_SLOPES, paths);
            let steps = [(None, "2.5.1"), (None, SOFTMAX_SLOPES.number)];
            return vec![cost, through, delta.said(equation::DELTA).proved(steps)];
        }
        let cost = match self.output {
            Output::Sigmoid => -y() / a() + y().rest() / a().rest(),
            _ => difference(),
        };
        let through = if self.output == Output::Linear { number(1.0) } else { sigmoid_slope() };
        let Some([cost_equation, output_equation]) = equations.slopes else { return vec![delta] };
        let cost = slope(of_cost, self.axes, AT_COST_OF_SAMPLE).is(cost_equation, cost);
        let through = slope(of_output, self.axes, OUTPUT_SLOPE).is(output_equation, through);
        let delta = delta.also(equation::OUTPUT_CHAIN, of(of_cost) * of(of_output)).said(equation::DELTA);
        let steps = [
            (None, "2.5.1"),
            (None, equation::OUTPUT_CHAIN.number),
            (Some(of(of_cost)), cost_equation.number),
            (Some(of(of_output)), output_equation.number),
            (None, equations.delta.number),
        ];
        vec![cost, through, delta.proved(steps)]
    }
}

/// The keys of the slopes of an output layer.
pub(super) fn slopes(h: QuantityKey) -> [QuantityKey; 2] {
    [letter::GRAD_A, letter::A_BY_Z].map(|letter| QuantityKey { letter, ..h })
}
