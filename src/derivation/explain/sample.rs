//! The numbers of one sample: forwards from the input to J^(b), and back from δ^(L) to Δ.

use ndarray::Axis;

use super::given;
use super::right::{Right, of_sample, renamed, weight};
use crate::derivation::expr::{Expr, Function};
use crate::derivation::subject::OfSample;
use crate::derivation::{Quantity, Trace, equation};
use crate::nn::{Activation, Output, Weight};
use crate::number::exact;
use crate::train::DenseView;

/// The right side of a sample's number.
pub(super) fn right(snapshot: DenseView<'_>, trace: &Trace, number: OfSample) -> Option<Right> {
    let of = SamplePass { snapshot, trace };
    match number {
        OfSample::Z(l, unit) => of.z(l, unit),
        OfSample::A(1, unit) => of.input(unit),
        OfSample::A(l, unit) => of.activation(l, unit),
        OfSample::CostTerm(unit) => of.cost_term(unit),
        OfSample::Cost => of.cost(),
        OfSample::GradA(l, unit) => of.back(l, unit),
        OfSample::Slope(l, unit) => of.slope(l, unit),
        OfSample::Delta(l, unit) if l == snapshot.depth() => of.output_delta(unit),
        OfSample::Delta(l, unit) => of.hidden_delta(l, unit),
        OfSample::Gradient(weight) => of.gradient(weight),
    }
}

/// One sample's pass at the Θ of a snapshot.
pub(super) struct SamplePass<'a> {
    pub(super) snapshot: DenseView<'a>,
    pub(super) trace: &'a Trace,
}

impl SamplePass<'_> {
    pub(super) fn last(&self) -> usize {
        self.snapshot.depth()
    }

    /// A number that the trace holds, as an operand.
    pub(super) fn known(&self, number: OfSample) -> Option<Expr> {
        let value = match number {
            OfSample::Z(l, unit) => *self.trace.z(l)?.get(unit)?,
            OfSample::A(l, unit) => *self.trace.a(l)?.get(unit)?,
            OfSample::Delta(l, unit) => *self.trace.delta(l)?.get(unit)?,
            OfSample::GradA(l, unit) => *self.trace.grad_a(l)?.get(unit)?,
            OfSample::Cost => self.trace.cost,
            OfSample::CostTerm(_) | OfSample::Slope(..) | OfSample::Gradient(_) => {
                right(self.snapshot, self.trace, number)?.value
            }
        };
        Some(of_sample(self.snapshot, self.trace.sample, number, value))
    }

    pub(super) fn target(&self, unit: usize) -> Option<Expr> {
        Some(given::target(unit, *self.trace.y.get(unit)?, self.snapshot))
    }

    /// x as it was read, scaled (1.1.1).
    fn input(&self, unit: usize) -> Option<Right> {
        let data = &self.snapshot.data;
        let part = self.trace.sample.part(data);
        let raw = *data.dataset.x.get([*part.row.get(self.trace.sample.row)?, unit])?;
        let feature = data.dataset.features.get(unit).map_or("x", String::as_str);
        let (shift, divisor) = (*data.scaling.shift.get(unit)?, *data.scaling.divisor.get(unit)?);
        let mut expr = given::raw(feature, raw, self.trace.sample);
        if shift != 0.0 {
            expr = Expr::Sum(vec![expr, given::scaler("mean", shift, self.snapshot).minus()]);
        }
        if divisor != 1.0 {
            let name = if shift == 0.0 { "divisor" } else { "deviation" };
            expr = expr.over(given::scaler(name, divisor, self.snapshot));
        }
        let value = *self.trace.a(1)?.get(unit)?;
        let from_file = self.snapshot.config.weights.as_ref().is_some_and(|weights| weights.scalings().is_some());
        let note = match from_file {
            true => "scaled as the file of --weights says".to_string(),
            false => format!("scaled by --scale {}", data.scaling.scale),
        };
        Some(Right::new(value, equation::INPUT, expr).noted(note))
    }

    /// z^(l+1) = Θ^(l) [1; a^(l)] (1.1.2).
    fn z(&self, l: usize, unit: usize) -> Option<Right> {
        let from = l.checked_sub(1)?;
        let term = |i: usize| {
            let theta = weight(self.snapshot, Weight { l: from, j: unit, i }, Quantity::Theta)?;
            let a = if i == 0 { Expr::Number(1.0) } else { self.known(OfSample::A(from, i - 1))? };
            Some(Expr::Product(vec![theta, a]))
        };
        let theta = self.snapshot.network.theta.get(from.checked_sub(1)?)?.axis_iter(Axis(0)).nth(unit)?.to_vec();
        let a = self.trace.a(from)?;
        let sizes: Vec<f64> = theta.iter().zip([1.0].iter().chain(a)).map(|(theta, a)| theta * a).collect();
        let sum = Expr::sum_of(&sizes, term)?;
        Some(Right::new(*self.trace.z(l)?.get(unit)?, equation::WEIGHTED_INPUT, sum))
    }

    /// a^(l) = g(z^(l)) (1.1.3, 1.1.7).
    fn activation(&self, l: usize, unit: usize) -> Option<Right> {
        let (value, z) = (*self.trace.a(l)?.get(unit)?, self.known(OfSample::Z(l, unit))?);
        if l < self.last() {
            let g = *self.snapshot.network.hidden.get(l.checked_sub(2)?)?;
            let plain = activated(g, z);
            return Some(match self.kept(l, unit) {
                None => Right::new(value, equation::ACTIVATION, plain).noted(g.formula()),
                Some(r) => {
                    let note = format!("{}; r is 0 for a unit that is left out, else 1/(1 − p)", g.formula());
                    Right::new(value, equation::DROPOUT, Expr::Product(vec![r, plain])).noted(note)
                }
            });
        }
        let expr = match self.snapshot.network.output {
            Output::Sigmoid | Output::SigmoidMse => activated(Activation::Sigmoid, z),
            Output::Linear => z,
            Output::Softmax => {
                let exp = |k: usize| Some(self.shifted(k)?.call(Function::Exp));
                exp(unit)?.over(Expr::Sum((0..self.trace.y.len()).map(exp).collect::<Option<_>>()?))
            }
        };
        Some(
            Right::new(value, equation::output(self.snapshot.network.output), expr)
                .noted(self.snapshot.network.output.words()),
        )
    }

    /// r of a unit of a hidden layer, where there is dropout.
    fn kept(&self, l: usize, unit: usize) -> Option<Expr> {
        Some(given::kept(format!("r^({l})_{}", unit + 1), self.trace.mask(l, unit)?, self.snapshot))
    }

    /// z^(L)_k less the largest of them, which no softmax changes by.
    fn shifted(&self, unit: usize) -> Option<Expr> {
        let z = self.trace.z(self.last())?;
        let top = (0..z.len()).max_by(|&one, &other| z[one].total_cmp(&z[other]))?;
        let number = |unit: usize| self.known(OfSample::Z(self.last(), unit));
        let top = renamed(number(top)?, "max z".into());
        Some(Expr::Sum(vec![number(unit)?, top.minus()]))
    }

    /// An output unit's term of J^(b) (1.2.1), from z where that keeps it finite.
    fn cost_term(&self, unit: usize) -> Option<Right> {
        let (z, y) = (self.known(OfSample::Z(self.last(), unit))?, self.target(unit)?);
        let output = self.snapshot.network.output;
        let expr = match output {
            Output::Sigmoid => Expr::Sum(vec![
                z.clone().call(Function::Positive),
                Expr::Product(vec![z.clone(), y]).minus(),
                Expr::Sum(vec![Expr::Number(1.0), z.call(Function::Abs).minus().call(Function::Exp)])
                    .call(Function::Log),
            ]),
            Output::Softmax => {
                let exp = |k: usize| Some(self.shifted(k)?.call(Function::Exp));
                let all = Expr::Sum((0..self.trace.y.len()).map(exp).collect::<Option<_>>()?);
                Expr::Product(vec![
                    y,
                    Expr::Sum(vec![all.call(Function::Log), Expr::Sum(vec![self.shifted(unit)?]).minus()]),
                ])
            }
            Output::Linear | Output::SigmoidMse => {
                let h = self.known(OfSample::A(self.last(), unit))?;
                let difference = Expr::Sum(vec![h, y.minus()]);
                Expr::Product(vec![Expr::Number(0.5), difference.clone(), difference])
            }
        };
        let last = self.last();
        let terms = output.terms(self.trace.z(last)?.view(), self.trace.a(last)?.view(), self.trace.y.view());
        Some(Right::new(*terms.get(unit)?, equation::sample_cost(output), expr).noted(output.cost_formula()))
    }

    /// J^(b) over the output units (1.2.1).
    fn cost(&self) -> Option<Right> {
        let term = |unit: usize| self.known(OfSample::CostTerm(unit));
        let terms = (0..self.trace.y.len()).map(term).collect::<Option<Vec<_>>>()?;
        let output = self.snapshot.network.output;
        let right = Right::new(self.trace.cost, equation::sample_cost(output), Expr::Sum(terms));
        Some(right.noted(output.cost_formula()))
    }

    /// δ^(L) (2.4.6).
    fn output_delta(&self, unit: usize) -> Option<Right> {
        let last = self.last();
        let (a, y) = (self.known(OfSample::A(last, unit))?, self.target(unit)?);
        let difference = Expr::Sum(vec![a.clone(), y.minus()]);
        let output = self.snapshot.network.output;
        let expr = match output {
            Output::Sigmoid | Output::Softmax | Output::Linear => difference,
            Output::SigmoidMse => {
                Expr::Product(vec![difference, a.clone(), Expr::Sum(vec![Expr::Number(1.0), a.minus()])])
            }
        };
        let right = Right::new(*self.trace.delta(last)?.get(unit)?, equation::output_delta(output), expr);
        Some(right.noted(output.delta_formula()))
    }

    /// ∂J/∂a^(l) = Σ_d δ_d^(l+1) Θ_di (2.3.3).
    fn back(&self, l: usize, unit: usize) -> Option<Right> {
        let term = |d: usize| {
            let theta = weight(self.snapshot, Weight { l, j: d, i: unit + 1 }, Quantity::Theta)?;
            Some(Expr::Product(vec![self.known(OfSample::Delta(l + 1, d))?, theta]))
        };
        let theta = self.snapshot.network.theta.get(l - 1)?.axis_iter(Axis(1)).nth(unit + 1)?.to_vec();
        let sizes: Vec<f64> = self.trace.delta(l + 1)?.iter().zip(&theta).map(|(delta, theta)| delta * theta).collect();
        let expr = Expr::sum_of(&sizes, term)?;
        Some(Right::new(*self.trace.grad_a(l)?.get(unit)?, equation::GRAD_A, expr))
    }

    /// g'(z^(l)) (2.5.6).
    fn slope(&self, l: usize, unit: usize) -> Option<Right> {
        let g = *self.snapshot.network.hidden.get(l.checked_sub(2)?)?;
        let z = *self.trace.z(l)?.get(unit)?;
        let of_z = self.known(OfSample::Z(l, unit))?;
        // With dropout a is not g(z).
        let a = match self.trace.mask(l, unit) {
            Some(_) => activated(g, of_z.clone()),
            None => self.known(OfSample::A(l, unit))?,
        };
        let one = || Expr::Number(1.0);
        let expr = match g {
            Activation::Sigmoid => Expr::Product(vec![a.clone(), Expr::Sum(vec![one(), a.minus()])]),
            Activation::Tanh => Expr::Sum(vec![one(), Expr::Product(vec![a.clone(), a]).minus()]),
            Activation::Relu | Activation::LeakyRelu | Activation::Linear | Activation::HardSigmoid => {
                Expr::Number(g.g_prime(z))
            }
            Activation::Softplus => activated(Activation::Sigmoid, of_z),
            Activation::Gelu => {
                let square = Expr::Product(vec![Expr::Number(-0.5), of_z.clone(), of_z.clone()]);
                let density = square.call(Function::Exp).over(Expr::Number(std::f64::consts::TAU.sqrt()));
                Expr::Sum(vec![of_z.clone().call(Function::Normal), Expr::Product(vec![of_z, density])])
            }
            Activation::Elu if z > 0.0 => one(),
            Activation::Elu => of_z.call(Function::Exp),
            Activation::Sine => of_z.call(Function::Cos),
        };
        let side = if !g.kinks().is_empty() { format!("; z = {}", exact(z)) } else { String::new() };
        Some(Right::new(g.g_prime(z), equation::SLOPE, expr).noted(format!("{}{side}", g.derivative_formula())))
    }

    /// δ^(l) of a hidden layer: what comes back, times what is let through (2.5.8).
    fn hidden_delta(&self, l: usize, unit: usize) -> Option<Right> {
        let mut factors = vec![self.known(OfSample::GradA(l, unit))?, self.known(OfSample::Slope(l, unit))?];
        let kept = self.kept(l, unit);
        let made = if kept.is_some() { equation::DROPOUT_DELTA } else { equation::HIDDEN_DELTA };
        factors.extend(kept);
        Some(Right::new(*self.trace.delta(l)?.get(unit)?, made, Expr::Product(factors)))
    }

    /// Δ^(l) = δ^(l+1) [1; a^(l)]ᵀ (3.1.1).
    fn gradient(&self, weight: Weight) -> Option<Right> {
        let Weight { l, j, i } = weight;
        let delta = self.known(OfSample::Delta(l + 1, j))?;
        let a = if i == 0 { Expr::Number(1.0) } else { self.known(OfSample::A(l, i - 1))? };
        let expr = Expr::Product(vec![delta, a]);
        Some(Right::new(expr.value(), equation::SAMPLE_GRADIENT, expr))
    }
}

/// g(z) of a hidden layer.
fn activated(g: Activation, z: Expr) -> Expr {
    match g {
        Activation::Sigmoid => {
            let exp = z.minus().call(Function::Exp);
            Expr::Number(1.0).over(Expr::Sum(vec![Expr::Number(1.0), exp]))
        }
        Activation::Tanh => z.call(Function::Tanh),
        Activation::Relu => z.call(Function::Positive),
        Activation::LeakyRelu if z.value() > 0.0 => z,
        Activation::LeakyRelu => Expr::Product(vec![Expr::Number(0.01), z]),
        Activation::Linear => z,
        Activation::Softplus => {
            let small = Expr::Sum(vec![Expr::Number(1.0), z.clone().call(Function::Abs).minus().call(Function::Exp)]);
            Expr::Sum(vec![z.call(Function::Positive), small.call(Function::Log)])
        }
        Activation::Gelu => Expr::Product(vec![z.clone(), z.call(Function::Normal)]),
        Activation::Elu if z.value() > 0.0 => z,
        Activation::Elu => Expr::Sum(vec![z.call(Function::Exp), Expr::Number(-1.0)]),
        Activation::Sine => z.call(Function::Sin),
        Activation::HardSigmoid if (0.0..1.0).contains(&g.g(z.value())) && g.g(z.value()) > 0.0 => {
            Expr::Sum(vec![z.over(Expr::Number(6.0)), Expr::Number(0.5)])
        }
        Activation::HardSigmoid => Expr::Number(g.g(z.value())),
    }
}
