//! A dense network as equations: forwards from x to J^(b), and back from δ^(L) to each Δ.

use super::activation::{activation_equations, g, g_prime, sigmoid};
use super::definition::{Definition, NodeAxes, Phase, When};
use super::formula::{C, COLUMN, D, Formula, Index, ROW, number, of, sigma, sigma_c};
use super::given;
use super::node::{QuantityKey, letter};
use super::output::{DELTA_WORDS, GRAD_X_WORDS, OutputLayer, slopes};
use crate::derivation::equation;
use crate::nn::dense::tensors as tensor;
use crate::nn::{Activation, Network};
use crate::train::{DenseView, Snapshot};

/// The layers of a network, as the graph counts them.
struct Layers<'a> {
    network: &'a Network<f64>,
    sizes: Vec<usize>,
    drops: bool,
}

fn a(l: usize) -> Formula {
    of(QuantityKey::layer(letter::A, l))
}

fn z(l: usize) -> Formula {
    of(QuantityKey::layer(letter::Z, l))
}

fn delta(l: usize) -> Formula {
    of(QuantityKey::layer(letter::DELTA, l))
}

fn theta(l: usize) -> Formula {
    of(QuantityKey::layer(letter::THETA, l))
}

/// The equations of one sample, in the order of the algorithm.
pub(super) fn define(snapshot: &Snapshot, dense: DenseView<'_>, to: &mut Vec<Definition>) {
    let network = dense.network;
    let layers = Layers { network, sizes: network.sizes(), drops: snapshot.config.dropout > 0.0 };
    let last = layers.sizes.len();
    let output = layers.output();
    to.extend(given::input(NodeAxes::units(layers.sizes[0]), snapshot));
    for l in 2..=last {
        to.push(layers.weighted_input(l));
        if l < last {
            to.extend(layers.activation(l));
        }
    }
    to.push(output.answer());
    to.push(output.target());
    to.extend(output.cost());
    to.extend(output.back());
    for l in (2..last).rev() {
        to.extend(layers.back(l));
    }
    to.push(layers.grad_x());
    to.extend((1..last).rev().flat_map(|l| layers.gradient(l)));
}

impl Layers<'_> {
    fn last(&self) -> usize {
        self.sizes.len()
    }

    fn units(&self, l: usize) -> NodeAxes {
        NodeAxes::units(self.sizes[l - 1])
    }

    /// Units of layer l, from the first to the last.
    fn all(&self, l: usize) -> (usize, usize) {
        (1, self.sizes[l - 1])
    }

    fn hidden(&self, l: usize) -> Activation {
        self.network.hidden[l - 2]
    }

    fn output(&self) -> OutputLayer {
        let last = self.last();
        let h = QuantityKey::layer(letter::A, last);
        OutputLayer {
            output: self.network.output,
            z: QuantityKey::layer(letter::Z, last),
            h,
            y: QuantityKey::plain(letter::Y),
            delta: QuantityKey::layer(letter::DELTA, last),
            slopes: slopes(h),
            costs: [QuantityKey::plain(letter::COST_TERM), QuantityKey::plain(letter::SAMPLE_COST)],
            axes: self.units(last),
            tensors: [(tensor::A, last), (tensor::Y, 0), (tensor::COST, 0), (tensor::DELTA, last)],
        }
    }

    /// z^(l) = Θ^(l−1) [1; a^(l−1)].
    fn weighted_input(&self, l: usize) -> Definition {
        let equation = match l {
            _ if l == self.last() => equation::WEIGHTED_INPUT_LAST,
            2 => equation::WEIGHTED_INPUT,
            _ => equation::WEIGHTED_INPUT_ON,
        };
        let from = l - 1;
        let sum = sigma((0, self.sizes[from - 1]), theta(from).row(ROW).column(D) * a(from).row(D));
        let z = Definition::of(
            QuantityKey::layer(letter::Z, l),
            self.units(l),
            "the weighted input of a unit: its bias and the activations of the layer before, each times its weight",
        );
        let z = z.tensor(tensor::Z, l, 0).walked(Phase::Forward).is(equation, sum.clone());
        let mut z = z.also(equation::ONE_UNIT_Z, sum.clone());
        // The proof of a hidden δ begins with the units of the layer after it.
        if l > 2 {
            z = z.also(equation::FUNCTIONS, sum);
        }
        z.proved([(None, equation.number), (None, equation::ONE_UNIT_Z.number)])
    }

    /// a^(l) = g(z^(l)) of a hidden layer, and the mask of units that are left out.
    fn activation(&self, l: usize) -> Vec<Definition> {
        let rule = self.hidden(l);
        let equation = if l == 2 { equation::ACTIVATION } else { equation::ACTIVATION_ON };
        let plain = g(rule, z(l));
        let axes = self.units(l);
        let activation = Definition::of(
            QuantityKey::layer(letter::A, l),
            axes,
            "the activation of a unit of a hidden layer: g of its weighted input",
        );
        let mut activation = activation.tensor(tensor::A, l, 0).walked(Phase::Forward);
        let mask = QuantityKey::layer(letter::MASK, l);
        if self.drops {
            let note = format!("{}; r is 0 for a unit that is left out, else 1/(1 − p)", rule.formula());
            activation = activation.when(When::InBatch, equation::DROPOUT, of(mask) * plain.clone(), note);
        }
        activation = activation.is_noted(equation, plain.clone(), rule.formula());
        let [of_g, _] = activation_equations(rule);
        let again = [equation::ONE_UNIT_A, equation::UNIT_A, of_g];
        for equation in again {
            if self.drops {
                activation = activation.also_when(When::InBatch, equation, of(mask) * plain.clone());
            }
            activation = activation.also(equation, plain.clone());
        }
        let first = if self.drops { equation::DROPOUT } else { equation };
        let steps = [first].into_iter().chain(again).map(|equation| (None, equation.number));
        let of_mask = Definition::of(
            mask,
            axes,
            "what dropout multiplies g(z) of a unit by: 0 where the unit is left out, else 1/(1 − p)",
        );
        let of_mask = self.drops.then(|| of_mask.tensor(tensor::MASK, l, 0).given(given::mask));
        of_mask.into_iter().chain([activation.proved(steps)]).collect()
    }

    /// ∂J/∂a^(l), g'(z^(l)) and δ^(l) of a hidden layer, with the steps that lead there (2.5.1 to 2.5.9).
    fn back(&self, l: usize) -> Vec<Definition> {
        let next = self.all(l + 1);
        let (grad_a, slope) = (QuantityKey::layer(letter::GRAD_A, l), QuantityKey::layer(letter::SLOPE, l));
        let [z_by_z, z_by_a, a_by_z] =
            [letter::Z_BY_Z, letter::Z_BY_A, letter::A_BY_Z].map(|of| QuantityKey::layer(of, l));
        let path = QuantityKey::layer(letter::PATH, l);
        let sum = sigma(next, delta(l + 1).row(D) * theta(l).row(D).column(ROW));
        let comes_back = Definition::of(
            grad_a,
            self.units(l),
            "what comes back into a unit, Θᵀδ of the next layer: how much the cost of the sample grows with its activation",
        );
        let comes_back =
            comes_back.tensor(tensor::GRAD_A, l, 0).walked(Phase::Backward).is(equation::GRAD_A, sum.clone());
        let of_pairs = NodeAxes { columns: Some(self.all(l)), ..self.units(l + 1) };
        let square = NodeAxes { columns: Some(self.all(l)), ..self.units(l) };
        let one_path = of(z_by_a) * of(a_by_z).row(COLUMN).column(COLUMN);
        let over_units = sigma_c(self.all(l), of(z_by_a).row(ROW).column(C) * of(a_by_z).row(C).column(COLUMN));
        let z_by_z_is = Definition::of(z_by_z, of_pairs, "what a change of z_i does to z_d of the next layer").ratio(
            "z",
            l + 1,
            "z",
        );
        let z_by_z_is = z_by_z_is.is(equation::ONE_PATH, one_path).also(equation::PATHS_OVER_UNITS, over_units);
        let z_by_a_is = Definition::of(z_by_a, of_pairs, "what a change of a_i does to z_d of the next layer").ratio(
            "z",
            l + 1,
            "a",
        );
        let z_by_a_is = z_by_a_is.is(equation::Z_BY_A, theta(l));
        let a_by_z_is = Definition::of(
            a_by_z,
            square,
            "what a change of z_i does to a_c of the same layer: g'(z_i) for the unit's own, else 0",
        )
        .ratio("a", l, "z");
        let a_by_z_is = if self.drops {
            let masked = of(QuantityKey::layer(letter::MASK, l)) * of(slope);
            a_by_z_is.when(When::DiagonalInBatch, equation::SLOPE, masked, "a = r g(z) with the r of dropout")
        } else {
            a_by_z_is
        };
        let a_by_z_is =
            a_by_z_is.when(When::Diagonal, equation::SLOPE, of(slope), "").is(equation::OWN_SLOPE, number(0.0));
        let path_is =
            Definition::of(path, of_pairs, "what the path through z_d of the next layer adds to δ_i").shown("path{}");
        let chain = delta(l + 1) * of(z_by_z);
        let path_is = path_is.is(equation::CHAIN, chain.clone()).also(equation::CHAIN_OF_TWO, chain);
        let (slope, delta) = (self.slope(l), self.hidden_delta(l, sum));
        vec![comes_back, slope, a_by_z_is, z_by_a_is, z_by_z_is, path_is, delta]
    }

    /// g'(z^(l)) (2.5.6).
    fn slope(&self, l: usize) -> Definition {
        let rule = self.hidden(l);
        // With dropout a is not g(z).
        let value = if self.drops { g(rule, z(l)) } else { a(l) };
        let right = g_prime(rule, z(l), value);
        let slope = Definition::of(
            QuantityKey::layer(letter::SLOPE, l),
            self.units(l),
            "the slope of the activation: the share of what comes back that the unit lets through",
        );
        let slope = slope.given(given::slope).walked(Phase::Backward).is_noted(
            equation::SLOPE,
            right.clone(),
            rule.derivative_formula(),
        );
        let [_, of_g] = activation_equations(rule);
        // The derivation finds the slope of the sigmoid as a function of z.
        let of_z = if rule == Activation::Sigmoid { sigmoid(z(l)) * sigmoid(z(l)).rest() } else { right };
        slope.also(of_g, of_z).proved([(None, of_g.number), (None, equation::SLOPE.number)])
    }

    /// δ^(l) of a hidden layer (2.5.8), and its proof.
    fn hidden_delta(&self, l: usize, sum: Formula) -> Definition {
        let (grad_a, slope) = (of(QuantityKey::layer(letter::GRAD_A, l)), of(QuantityKey::layer(letter::SLOPE, l)));
        let [z_by_z, z_by_a, a_by_z] =
            [letter::Z_BY_Z, letter::Z_BY_A, letter::A_BY_Z].map(|of| QuantityKey::layer(of, l));
        let path = of(QuantityKey::layer(letter::PATH, l)).row(D).column(ROW);
        let next = self.all(l + 1);
        // What the unit lets through: with dropout g'(z) times r.
        let through = if self.drops { of(a_by_z).row(ROW).column(ROW) } else { slope.clone() };
        let written_out = sigma(next, delta(l + 1).row(D) * theta(l).row(D).column(ROW) * through.clone());
        let over_paths = sigma(next, delta(l + 1).row(D) * of(z_by_z).row(D).column(ROW));
        let row_times_column = sigma(next, theta(l).row(D).column(ROW) * delta(l + 1).row(D));
        let definition = Definition::of(QuantityKey::layer(letter::DELTA, l), self.units(l), DELTA_WORDS);
        let definition = definition.derivative_by(QuantityKey::layer(letter::Z, l));
        let mut definition = definition.tensor(tensor::DELTA, l, 0).walked(Phase::Backward);
        if self.drops {
            let masked = grad_a.clone() * slope.clone() * of(QuantityKey::layer(letter::MASK, l));
            definition = definition.when(When::InBatch, equation::DROPOUT_DELTA, masked, "");
            definition = definition.also_when(When::InBatch, equation::HIDDEN_DELTA, grad_a.clone() * through.clone());
        }
        let definition = definition.is(equation::HIDDEN_DELTA, grad_a.clone() * slope);
        let definition =
            definition.also(equation::DELTA_OVER_PATHS, over_paths).also(equation::CHAIN_OVER_PATHS, sigma(next, path));
        let definition = definition.also(equation::FUNCTION_OF_FUNCTIONS, sum * through.clone());
        let definition = definition.also(equation::DELTA_WRITTEN_OUT, written_out);
        let definition = definition.also(equation::UNIT_CHAIN, grad_a * through.clone());
        let definition = definition.also(equation::DELTA_AS_PRODUCT, through * row_times_column);
        let first = |key: QuantityKey| Some(of(key).row(Index::at(1)).column(ROW));
        let own = |key: QuantityKey| Some(of(key).row(ROW).column(ROW));
        let with_mask = self.drops.then_some((None, equation::DROPOUT_DELTA.number));
        let steps = [
            (None, "2.5.1"),
            (Some(z(l + 1).row(Index::at(1))), "2.1.5"),
            (None, "2.1.6"),
            (None, "2.5.2"),
            (first(z_by_z), "2.5.3"),
            (first(z_by_z), "2.5.4"),
            (first(z_by_a), "2.5.5"),
            (own(a_by_z), "2.5.6"),
            (first(QuantityKey::layer(letter::PATH, l)), "2.1.3"),
            (first(QuantityKey::layer(letter::PATH, l)), "2.1.4"),
            (None, "2.1.7"),
            (None, "2.5.7"),
            (None, "2.3.1"),
            (None, "2.5.8"),
            (None, "2.5.9"),
            (None, "3.1.4"),
        ];
        definition.said(equation::DELTA).said(equation::ORDER).proved(steps.into_iter().chain(with_mask))
    }

    /// ∂J/∂x (2.3.3 for layer 1).
    fn grad_x(&self) -> Definition {
        let sum = sigma(self.all(2), delta(2).row(D) * theta(1).row(D).column(ROW));
        let grad_x = Definition::of(QuantityKey::plain(letter::GRAD_X), self.units(1), GRAD_X_WORDS);
        grad_x.is(equation::GRAD_A, sum)
    }

    /// Δ^(l) = δ^(l+1) [1; a^(l)]ᵀ (3.1.1), and its proof.
    fn gradient(&self, l: usize) -> Vec<Definition> {
        let columns = (0, self.sizes[l - 1]);
        let axes = NodeAxes { columns: Some(columns), ..self.units(l + 1) };
        let by_theta = QuantityKey::layer(letter::Z_BY_THETA, l);
        let by_theta_is = Definition::of(by_theta, axes, "what a change of a weight does to z_j that it leads to")
            .ratio("z", l + 1, "Θ");
        let by_theta_is = by_theta_is
            .when(When::Bias, equation::Z_BY_THETA, number(1.0), "")
            .is(equation::Z_BY_THETA, a(l).row(COLUMN));
        let result = delta(l + 1) * a(l).row(COLUMN);
        let chain = delta(l + 1) * of(by_theta);
        let gradient = Definition::of(
            QuantityKey::layer(letter::SAMPLE_GRADIENT, l),
            axes,
            "the gradient of one sample or sequence, ∂J^(b)/∂Θ",
        );
        let gradient = gradient.derivative_by(QuantityKey::layer(letter::THETA, l));
        let gradient = gradient.walked(Phase::SampleGradient).is(equation::SAMPLE_GRADIENT, result);
        let gradient = gradient.also(equation::WEIGHT_CHAIN, chain.clone()).also(equation::ONE_WEIGHT, chain);
        let gradient = gradient.said(equation::THAT_IS).said(equation::THEN_GRADIENTS);
        // The derivation begins with one weight, from which it goes on to all.
        let instance = Some(of(gradient.key).row(Index::at(2)).column(Index::at(1)));
        let begin = (l == 1 && self.sizes[1] > 1).then_some([(instance, "2.2.5"), (None, "2.2.6")]);
        let rest = [(None, "2.2.7"), (Some(of(by_theta)), "2.2.8"), (None, "3.1.1"), (None, "3.1.5")];
        let gradient = gradient.proved(begin.into_iter().flatten().chain(rest));
        vec![by_theta_is, gradient]
    }
}
