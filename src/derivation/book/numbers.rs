//! The numbers beside an equation of the book: what it says of one unit, weight or sample of a net.

use crate::derivation::explain::{explain, factors};
use crate::derivation::expr::{Expr, Operand};
use crate::derivation::subject::{OfCost, OfSample, OfWeight, Subject};
use crate::derivation::{Explanation, Quantity, Sample, Trace};
use crate::nn::{Activation, Weight};
use crate::number::{brief, exact};
use crate::train::{DenseView, Snapshot};

/// Terms of a sum that are shown, those of a Θ^(l) of three units a layer.
const TERMS: usize = 9;

/// What the equation of a number is in the numbers of a snapshot, as lines `name = symbols = numbers = value`, each rounded to four
/// digits: of the first sample of the batch, and of the first unit or weight. Nothing where the net does not use this equation.
pub fn numbers(number: &str, snapshot: &Snapshot) -> Vec<String> {
    let Some(net) = snapshot.dense() else { return Vec::new() };
    let lines = by_hand(number, net).or_else(|| explained(number, net));
    lines.unwrap_or_default()
}

/// Those that an explanation has.
fn explained(number: &str, net: DenseView<'_>) -> Option<Vec<String>> {
    let (cited, subjects) = subjects(number, net)?;
    let explained = subjects.into_iter().filter_map(|subject| explain(subject, net));
    // A net with other functions, or with dropout, uses another equation for the same number.
    let of_this = explained.filter(|explanation| explanation.equation.number == cited);
    Some(of_this.filter_map(told).collect())
}

/// The equation that explanations cite for a number of the book, and what it is shown for.
fn subjects(number: &str, net: DenseView<'_>) -> Option<(&'static str, Vec<Subject>)> {
    let (last, sample) = (net.depth(), first_sample(net)?);
    let of = |cited, numbers: &[OfSample]| {
        Some((cited, numbers.iter().map(|&number| Subject::Sample(sample, number)).collect()))
    };
    let weight = |cited, number| Some((cited, vec![Subject::Weight(FIRST, number)]));
    let cost = |cited, number| Some((cited, vec![Subject::Cost(number)]));
    let is_sigmoid = net.network.hidden.first() == Some(&Activation::Sigmoid);
    match number {
        "1.1.1" => of("1.1.1", &[OfSample::A(1, 0)]),
        "1.1.2" | "2.2.3" => of("1.1.2", &[OfSample::Z(2, 0)]),
        "1.1.3" | "2.2.4" | "2.3.2" => of("1.1.3", &[OfSample::A(2, 0)]),
        "2.1.1" if is_sigmoid => of("1.1.3", &[OfSample::A(2, 0)]),
        "1.1.4" => of("1.1.2", &[OfSample::Z(3, 0)]),
        "1.1.5" => of("1.1.3", &[OfSample::A(3, 0)]),
        "1.1.6" => of("1.1.2", &[OfSample::Z(last, 0)]),
        "1.1.7" | "2.4.4" => of("1.1.7", &[OfSample::A(last, 0)]),
        "1.2.1" | "2.2.2" => of("1.2.1", &[OfSample::Cost, OfSample::CostTerm(0)]),
        "2.4.1" => of("1.2.1", &[OfSample::Cost]),
        "1.2.2" | "2.2.1" => cost("1.2.2", OfCost::Data),
        "1.2.4" => cost("1.2.4", OfCost::Reg(1)),
        "1.2.6" => cost("1.2.5", OfCost::Total),
        "1.3.1" | "3.1.3" => weight("3.1.3", OfWeight::Is(Quantity::Gradient)),
        "1.3.2" => weight("1.3.2", OfWeight::Next),
        "2.1.2" if is_sigmoid => of("2.5.6", &[OfSample::Slope(2, 0)]),
        "2.5.6" => of("2.5.6", &[OfSample::Slope(2, 0)]),
        "2.2.5" => of("3.1.1", &[OfSample::Gradient(Weight { l: 1, j: 1, i: 1 })]),
        "2.2.6" | "2.2.7" | "3.1.1" => of("3.1.1", &[OfSample::Gradient(FIRST)]),
        "2.3.1" | "2.5.8" => of("2.5.8", &[OfSample::Delta(2, 0)]),
        "2.3.3" => of("2.3.3", &[OfSample::GradA(2, 0)]),
        "2.4.6" => of("2.4.6", &[OfSample::Delta(last, 0)]),
        "2.6.1" => weight("2.6.1", OfWeight::Is(Quantity::Penalty)),
        "3.1.2" => weight("3.1.2", OfWeight::Is(Quantity::D)),
        _ => None,
    }
}

/// Θ^(1)[1,1].
const FIRST: Weight = Weight { l: 1, j: 0, i: 1 };

fn first_sample(net: DenseView<'_>) -> Option<Sample> {
    Some(Sample { held_out: false, row: *net.batch.first()? })
}

/// Those that no explanation has by itself.
fn by_hand(number: &str, net: DenseView<'_>) -> Option<Vec<String>> {
    let trace = Trace::of(first_sample(net)?, net)?;
    let last = net.depth();
    match number {
        "1.2.3" => {
            let reg = explain(Subject::Cost(OfCost::Reg(1)), net).filter(|reg| reg.equation.number == "1.2.4")?;
            let Some(Expr::Product(mut factors)) = reg.expr else { return None };
            let sum = factors.pop()?;
            let value = sum.value();
            Some(vec![line("Σ_j Σ_i (Θ^(1)_{ji})²", &sum, value)])
        }
        "1.2.4" => {
            let first = explained(number, net)?;
            let (names, values) = layers(net);
            let reg = digits(net.cost.reg.iter().sum());
            Some(first.into_iter().chain([format!("reg = {names} = {values} = {reg}")]).collect())
        }
        "1.2.5" => {
            let [data, reg, total] = [net.cost.data, net.cost.reg.iter().sum(), net.cost.total()].map(digits);
            Some(vec![format!("J = data + reg = {data} + {reg} = {total}")])
        }
        "2.2.8" => {
            let a = digits(*trace.a(1)?.first()?);
            Some(vec![format!("∂z^(2)_1/∂Θ^(1)[1,1] = a^(1)_1 = {a}")])
        }
        "2.4.2" | "2.4.3" | "2.4.5" => {
            let factors = factors(net, &trace, 0).filter(|factors| factors.representable)?;
            let ((of_cost, cost), (of_output, output)) = (&factors.cost_slope, &factors.output_slope);
            match number {
                "2.4.3" if of_cost.number == number => Some(vec![of_expr(&format!("∂J/∂a^({last})_1"), cost)]),
                "2.4.5" if of_output.number == number => {
                    Some(vec![of_expr(&format!("∂a^({last})_1/∂z^({last})_1"), output)])
                }
                "2.4.2" => {
                    let (cost, output) = (cost.value(), output.value());
                    let [first, second, product] = [cost, output, cost * output].map(digits);
                    let symbols = format!("∂J/∂a^({last})_1 × ∂a^({last})_1/∂z^({last})_1");
                    Some(vec![format!("δ^({last})_1 = {symbols} = {first} × {second} = {product}")])
                }
                _ => None,
            }
        }
        "2.5.5" => {
            // Without a hidden layer there is no second Θ.
            let theta = digits(*net.network.theta.get(1)?.get([0, 1])?);
            Some(vec![format!("∂z^(3)_1/∂a^(2)_1 = Θ^(2)[1,1] = {theta}")])
        }
        _ => None,
    }
}

/// The parts of reg of the layers, in symbols and in numbers.
fn layers(net: DenseView<'_>) -> (String, String) {
    let names: Vec<String> = (1..=net.cost.reg.len()).map(|l| format!("reg^({l})")).collect();
    let values: Vec<String> = net.cost.reg.iter().map(|&value| digits(value)).collect();
    (names.join(" + "), values.join(" + "))
}

/// An explanation as a line.
fn told(explanation: Explanation) -> Option<String> {
    Some(line(&explanation.name, &explanation.expr?, explanation.value))
}

fn of_expr(name: &str, expr: &Expr) -> String {
    line(name, expr, expr.value())
}

/// `name = symbols = numbers = value`; what would be said twice is said once.
fn line(name: &str, expr: &Expr, value: f64) -> String {
    let expr = expr.shortened(TERMS);
    let (symbols, numbers, value) = (expr.symbols(), rounded(&expr).numbers(), digits(value));
    let mut sides = vec![name.to_string(), symbols];
    sides.extend([numbers, value]);
    sides.dedup();
    sides.join(" = ")
}

/// A number with four digits, as all numbers here are printed.
fn digits(value: f64) -> String {
    exact(shown(value))
}

/// What a number with so many digits is.
fn shown(value: f64) -> f64 {
    brief(value).parse().unwrap_or(value)
}

/// The same with every number as it is shown, so that it is printed with so many digits.
fn rounded(expr: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(rounded).collect();
    match expr {
        Expr::Of(operand) => {
            let mut operand: Operand = operand.clone();
            operand.value = shown(operand.value);
            Expr::Of(operand)
        }
        Expr::Number(value) => Expr::Number(shown(*value)),
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => Expr::Product(all(factors)),
        Expr::Quotient(dividend, divisor) => rounded(dividend).over(rounded(divisor)),
        Expr::Minus(inner) => rounded(inner).minus(),
        Expr::Call(function, inner) => rounded(inner).call(*function),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derivation::book::example::example;
    use crate::derivation::book::pages::pages;

    #[test]
    fn the_numbers_of_the_example_are_those_that_a_hand_finds() {
        let line = |number: &str| numbers(number, example()).join("\n");
        assert_eq!(
            line("1.1.2"),
            "z^(2)_1 = Θ^(1)[1,0] × 1 + Θ^(1)[1,1] × a^(1)_1 + Θ^(1)[1,2] × a^(1)_2 + Θ^(1)[1,3] × a^(1)_3 \
             = 0.1 × 1 + 0.3 × 1 − 0.2 × 0.5 + 0.4 × 0.2 = 0.38"
        );
        assert_eq!(line("2.1.1"), "a^(2)_1 = 1 / (1 + exp(-z^(2)_1)) = 1 / (1 + exp(-0.38)) = 0.5939");
        assert!(line("1.2.4").contains(" = 0.06\n"), "{}", line("1.2.4"));
        assert_eq!(line("2.6.1"), "(λ/m)Θ^(1)[1,1] = (λ / m) × Θ^(1)[1,1] = (0.3 / 3) × 0.3 = 0.03");
        assert_eq!(line("2.2.8"), "∂z^(2)_1/∂Θ^(1)[1,1] = a^(1)_1 = 1");
    }

    #[test]
    fn most_equations_of_the_derivation_have_numbers() {
        let all = pages().iter().flat_map(|section| &section.equations).filter(|number| !number.starts_with("3.2"));
        let without: Vec<&&str> = all.filter(|number| numbers(number, example()).is_empty()).collect();
        let general = ["2.1.3", "2.1.4", "2.1.5", "2.1.6", "2.1.7"];
        let of_layers = ["2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.7", "2.5.9", "3.1.4", "3.1.5"];
        assert_eq!(without, general.iter().chain(&of_layers).collect::<Vec<_>>());
    }
}
