//! Equations that a number follows from as well as from the one that it is computed by: printed beside it, with their numbers.

use crate::derivation::equation;
use crate::derivation::graph::node::{Node, letter};
use crate::derivation::graph::values::Values;
use crate::derivation::graph::{Graph, SOFTMAX_SLOPES};
use crate::number::{exact, short};

/// The lines of one number.
pub(super) fn lines(node: Node, of: (&Graph, &Values<'_>)) -> Vec<String> {
    match node.key.letter {
        letter::COST_TERM => as_printed(node, of).unwrap_or_default(),
        letter::DELTA => factors(node, of).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The cost of an output unit as the derivation prints it, with h in it, where that can be evaluated.
fn as_printed(node: Node, (graph, values): (&Graph, &Values<'_>)) -> Option<Vec<String>> {
    let form = graph.get(node.key)?.forms.iter().find(|form| !form.is_result)?;
    let expr = graph.side(values, node).expr(form.right.as_ref()?)?;
    let number = form.equation.number;
    let printed = expr.value();
    if !printed.is_finite() {
        let why = "h is rounded to 0 or 1, whose logarithm is no number: the form with z in it has none of h";
        return Some(vec![format!("({number}) as printed can't be evaluated: {why}")]);
    }
    let why = "both are the same cost, since log h = −log(1 + e^−z); the form with z stays finite where h is rounded to 0 or 1";
    Some(vec![
        format!("({number}) as printed: {} = {} = {}", expr.symbols(), expr.numbers(), exact(printed)),
        why.into(),
    ])
}

/// δ^(L) as the chain rule has it: ∂J/∂a times ∂a/∂z, before what cancels is left out.
fn factors(node: Node, (graph, values): (&Graph, &Values<'_>)) -> Option<Vec<String>> {
    let definition = graph.get(node.key)?;
    let softmax = SOFTMAX_SLOPES;
    if definition.forms.iter().any(|form| form.equation == softmax) {
        let words = "each output depends on each z";
        return Some(vec![format!("({}) {words}: {}, which is a − y", softmax.number, softmax.symbols)]);
    }
    let chain = definition.forms.iter().find(|form| form.equation == equation::OUTPUT_CHAIN)?;
    let product = graph.side(values, node).expr(chain.right.as_ref()?)?;
    let mut lines = Vec::new();
    for (name, operand) in ["∂J/∂a", "∂a/∂z"].into_iter().zip(product.operands()) {
        let Some(crate::derivation::Subject::Node(factor)) = operand.subject else { continue };
        let form = graph.result(factor, values)?;
        let expr = graph.side(values, factor).expr(form.right.as_ref()?)?;
        lines.push((form.equation.number, name, expr));
    }
    // Only where one is divided by what the other is multiplied by there is something to cancel.
    let divides = definition.forms.iter().any(|form| form.equation == equation::OUTPUT_DELTA);
    if divides && !lines.iter().all(|(_, _, expr)| expr.value().is_finite() && expr.value() != 0.0) {
        let numbers: Vec<&str> = lines.iter().map(|(number, ..)| *number).collect();
        let numbers = numbers.join(", ");
        return Some(vec![format!(
            "a is too near 0 or 1: its factors ({numbers}) are not representable; they cancel, and a − y is left"
        )]);
    }
    let text = |(number, name, expr): &(&str, &str, crate::derivation::Expr)| {
        format!("({number}) {name} = {} = {}", expr.numbers(), short(expr.value()))
    };
    let mut all: Vec<String> = lines.iter().map(text).collect();
    all.push(format!("their product: {}", short(product.value())));
    Some(all)
}
