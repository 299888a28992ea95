//! The numbers beside an equation of the book: what it says of one unit, weight or sample of a net.

use crate::derivation::explain::of_node;
use crate::derivation::expr::{Expr, Operand};
use crate::derivation::{Explanation, Graph, Sample, Trace, Values};
use crate::number::{brief, exact};
use crate::train::Snapshot;

/// Terms of a sum that are shown, those of a Θ^(l) of three units a layer.
const TERMS: usize = 9;

/// What the equation of a number is in the numbers of a snapshot, as lines `name = symbols = numbers = value`, each rounded to four
/// digits: of the first sample of the batch, and of the first unit or weight. Nothing where the net does not use this equation.
pub fn numbers(number: &str, snapshot: &Snapshot) -> Vec<String> {
    let Some(&row) = snapshot.batch.first() else { return Vec::new() };
    let (graph, sample) = (Graph::of(snapshot), Sample { held_out: false, row });
    let trace = Trace::of(sample, snapshot);
    let values = Values::of(snapshot, sample, trace.as_ref());
    let nodes = graph.shown_for(number, (sample, &values));
    nodes.into_iter().filter_map(|node| told(of_node(node, Some(number), (&graph, &values))?)).collect()
}

/// An explanation as a line.
fn told(explanation: Explanation) -> Option<String> {
    Some(line(&explanation.name, &explanation.expr?, explanation.value))
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
        assert!(line("1.2.4").ends_with(" = 0.06"), "{}", line("1.2.4"));
        assert_eq!(line("2.6.1"), "(λ/m)Θ^(1)[1,1] = (λ / m) × Θ^(1)[1,1] = (0.3 / 3) × 0.3 = 0.03");
        assert_eq!(line("2.2.8"), "∂z^(2)_1/∂Θ^(1)[1,1] = a^(1)_1 = 1");
    }

    #[test]
    fn most_equations_of_the_derivation_have_numbers() {
        let all = pages().iter().flat_map(|section| &section.equations).filter(|number| !number.starts_with("3.2"));
        let without: Vec<&&str> = all.filter(|number| numbers(number, example()).is_empty()).collect();
        // These are sentences.
        assert_eq!(without, [&"1.3.1", &"2.2.6", &"2.5.1", &"3.1.4", &"3.1.5"]);
    }
}
