//! δ^(L) as the chain rule has it: ∂J/∂a times ∂a/∂z, before what cancels is left out.

use super::sample::SamplePass;
use crate::derivation::expr::Expr;
use crate::derivation::subject::OfSample;
use crate::derivation::{Equation, Trace, equation};
use crate::nn::Output;
use crate::number::short;
use crate::train::DenseView;

/// The factors of an output unit's δ.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    /// ∂J/∂a (2.4.3), or its like for another output, and its equation.
    pub cost_slope: (Equation, Expr),
    /// ∂a/∂z (2.4.5), or its like, and its equation.
    pub output_slope: (Equation, Expr),
    /// Whether both are numbers whose product is δ; where not, they cancel all the same.
    pub representable: bool,
}

/// The factors of δ^(L) of an output unit; `None` for softmax, where each output depends on each z.
pub fn factors(snapshot: DenseView<'_>, trace: &Trace, unit: usize) -> Option<Factors> {
    let of = SamplePass { snapshot, trace };
    let output = snapshot.network.output;
    let (a, y) = (of.known(OfSample::A(of.last(), unit))?, of.target(unit)?);
    let one = || Expr::Number(1.0);
    let but_one = |expr: &Expr| Expr::Sum(vec![one(), expr.clone().minus()]);
    let sigmoid = Expr::Product(vec![a.clone(), but_one(&a)]);
    let difference = Expr::Sum(vec![a.clone(), y.clone().minus()]);
    let (cost_slope, output_slope) = match output {
        Output::Softmax => return None,
        Output::Sigmoid => (Expr::Sum(vec![y.clone().minus().over(a.clone()), but_one(&y).over(but_one(&a))]), sigmoid),
        Output::Linear => (difference, one()),
        Output::SigmoidMse => (difference, sigmoid),
    };
    // Only where one is divided by what the other is multiplied by there is something to cancel.
    let representable = output != Output::Sigmoid || cost_slope.value().is_finite() && output_slope.value() > 0.0;
    let (of_cost, of_output) = (equation::cost_slope(output)?, equation::output_slope(output)?);
    Some(Factors { cost_slope: (of_cost, cost_slope), output_slope: (of_output, output_slope), representable })
}

/// The factors of δ^(L) of an output unit as lines of text.
pub fn factor_lines(snapshot: DenseView<'_>, trace: &Trace, unit: usize) -> Vec<String> {
    let Some(factors) = factors(snapshot, trace, unit) else {
        let chain = equation::SOFTMAX_SLOPES;
        return vec![format!("({}) each output depends on each z: {}, which is a − y", chain.number, chain.symbols)];
    };
    let (cost, output) = (&factors.cost_slope, &factors.output_slope);
    if !factors.representable {
        let numbers = [cost.0.number, output.0.number].join(", ");
        return vec![format!(
            "a is too near 0 or 1: its factors ({numbers}) are not representable; they cancel, and a − y is left"
        )];
    }
    let line = |name: &str, (equation, expr): &(Equation, Expr)| {
        format!("({}) {name} = {} = {}", equation.number, expr.numbers(), short(expr.value()))
    };
    let product = cost.1.value() * output.1.value();
    vec![line("∂J/∂a", cost), line("∂a/∂z", output), format!("their product: {}", short(product))]
}
