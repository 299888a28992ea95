//! Every backward equation of the graph is the derivative of its forward ones, by the chain rule over every path (2.1.7).

use std::collections::HashMap;
use std::sync::Arc;

use deltascope::derivation::equation::HIDDEN_DELTA;
use deltascope::derivation::expr::Function;
use deltascope::derivation::graph::definition::Definition;
use deltascope::derivation::graph::formula::of;
use deltascope::derivation::{Expr, Graph, Mark, Node, QuantityKey, Sample, Subject, Trace, Values, letter, of_node};
use deltascope::nn::activation::density;
use deltascope::nn::{Activation, Cell, Named, Output};
use deltascope::train::{BatchSize, Config, DenseTrainer, Recurrence, Snapshot};

use crate::explained::recurrent;
use crate::trainer::iris;

/// The derivative of a function.
fn slope(function: Function, x: f64) -> f64 {
    match function {
        Function::Exp => x.exp(),
        Function::Log => 1.0 / x,
        Function::Tanh => 1.0 - x.tanh().powi(2),
        Function::Abs => x.signum(),
        Function::Positive if x > 0.0 => 1.0,
        Function::Positive | Function::Sign => 0.0,
        Function::Root => 0.5 / x.sqrt(),
        Function::Sin => x.cos(),
        Function::Cos => -x.sin(),
        Function::Normal => density(x),
        Function::Power(k) => k as f64 * x.powi(k as i32 - 1),
    }
}

/// Adds what a change of each operand does to an expression, times what a change of the expression does.
fn spread(expr: &Expr, by: f64, to: &mut Vec<(Node, f64)>) {
    match expr {
        Expr::Of(operand) => {
            if let Some(Subject::Node(node)) = operand.subject {
                to.push((node, by));
            }
        }
        Expr::Number(_) => {}
        Expr::Sum(terms) => terms.iter().for_each(|term| spread(term, by, to)),
        Expr::Product(factors) => {
            for (at, factor) in factors.iter().enumerate() {
                let others = factors.iter().enumerate().filter(|&(other, _)| other != at);
                spread(factor, by * others.map(|(_, other)| other.value()).product::<f64>(), to);
            }
        }
        Expr::Quotient(dividend, divisor) => {
            let (over, under) = (dividend.value(), divisor.value());
            spread(dividend, by / under, to);
            spread(divisor, -by * over / (under * under), to);
        }
        Expr::Minus(inner) => spread(inner, -by, to),
        Expr::Call(function, inner) => spread(inner, by * slope(*function, inner.value()), to),
    }
}

/// What a change of each number that J^(b) follows from does to it.
fn derivatives(sample: Sample, (graph, values): (&Graph, &Values<'_>)) -> HashMap<Node, f64> {
    let cost = Node::of(QuantityKey::plain(letter::SAMPLE_COST)).in_sample(sample);
    let mut parts: HashMap<Node, Vec<(Node, f64)>> = HashMap::new();
    let mut order = Vec::new();
    let mut open = vec![(cost, false)];
    while let Some((node, is_done)) = open.pop() {
        if is_done {
            order.push(node);
            continue;
        }
        if parts.contains_key(&node) {
            continue;
        }
        let expr = of_node(node, None, (graph, values)).and_then(|explanation| explanation.expr);
        let mut found = Vec::new();
        if let Some(expr) = expr {
            spread(&expr, 1.0, &mut found);
        }
        open.push((node, true));
        open.extend(found.iter().map(|&(node, _)| (node, false)));
        parts.insert(node, found);
    }
    let mut of: HashMap<Node, f64> = HashMap::from([(cost, 1.0)]);
    for node in order.into_iter().rev() {
        let by = of.get(&node).copied().unwrap_or(0.0);
        for &(inner, share) in &parts[&node] {
            *of.entry(inner).or_default() += by * share;
        }
    }
    of
}

/// The quantity that is the derivative by a quantity.
fn derivative(key: QuantityKey) -> Option<QuantityKey> {
    let letter = match key.letter {
        letter::Z => letter::DELTA,
        letter::A | letter::X if key == QuantityKey::layer(letter::A, 1) || key.letter == letter::X => {
            return Some(QuantityKey::plain(letter::GRAD_X));
        }
        letter::A => letter::GRAD_A,
        letter::THETA => letter::SAMPLE_GRADIENT,
        "h" => "∂J/∂h",
        "c of the cell" => "∂J/∂c",
        "(b^h + Θ^h h)" => return Some(QuantityKey { letter: "δ^h", mark: Mark::Gate("n") }),
        _ => return None,
    };
    Some(QuantityKey { letter, ..key })
}

#[track_caller]
fn assert_derived(snapshot: &Snapshot, letters: &[&str]) {
    let sample = Sample::of(false, snapshot.batch[1]);
    let graph = Graph::of(snapshot);
    let trace = Trace::of(sample, snapshot);
    let values = Values::of(snapshot, sample, trace.as_ref());
    let mut seen: Vec<&str> = Vec::new();
    for (node, expected) in derivatives(sample, (&graph, &values)) {
        let Some(key) = derivative(node.key) else { continue };
        let of_it = Node { key, ..node }.in_sample(sample);
        // The output's ∂J/∂a is no number of the pass where softmax has it.
        let Some(found) = graph.get(key).and_then(|_| graph.value(of_it, &values)) else { continue };
        let close = 1e-10 * (1.0 + expected.abs());
        let (name, of) = (graph.name(of_it), graph.name(node));
        assert!((found - expected).abs() < close, "{name} is {found:e}, but J^(b) by {of} is {expected:e}");
        seen.push(key.letter);
    }
    assert!(letters.iter().all(|letter| seen.contains(letter)), "{seen:?}");
}

#[test]
fn each_backward_equation_of_a_dense_net_is_the_derivative_of_the_forward_ones() {
    for &activation in Activation::ALL {
        for &output in Output::ALL {
            let net = Config { layers: vec![4, 3], activation: vec![activation], output, ..Config::default() };
            for dropout in [0.0, 0.4] {
                let config = Config { dropout, alpha: 0.05, batch: BatchSize::Size(6), ..net.clone() };
                let data = iris(&config);
                let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
                (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
                let letters = [letter::DELTA, letter::GRAD_A, letter::SAMPLE_GRADIENT];
                assert_derived(&trainer.snapshot(None), &letters);
            }
        }
    }
}

#[test]
fn each_backward_equation_of_a_cell_is_the_derivative_of_the_forward_ones() {
    for &cell in Cell::ALL {
        for output in [Output::Softmax, Output::Sigmoid] {
            let recurrence = Some(Recurrence { cell, truncate: None });
            let snapshot = recurrent(cell, Config { output, alpha: 0.05, recurrence, ..Config::default() }, 3);
            assert_derived(&snapshot, &[letter::DELTA, letter::SAMPLE_GRADIENT, "∂J/∂h"]);
        }
    }
}

#[test]
fn a_graph_with_one_definition_mistaken_gives_another_number_for_it_alone() {
    let config = Config { layers: vec![4, 3], ..Config::default() };
    let data = iris(&config);
    let snapshot = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit").snapshot(None);
    let sample = Sample::of(false, snapshot.batch[0]);
    let (right, values) = (Graph::of(&snapshot), Values::of(&snapshot, sample, None));
    let key = QuantityKey::layer(letter::DELTA, 2);
    // Somebody forgot g'(z).
    let forgot = of(QuantityKey::layer(letter::GRAD_A, 2));
    let mistaken = Definition::of(key, right.get(key).expect("it is there").axes, "∂J/∂z of the layer");
    let wrong = right.with(mistaken.is(HIDDEN_DELTA, forgot));
    let value = |graph: &Graph, key| graph.value(Node::unit(key, sample, 1), &values).expect("it is there");
    let grad_a = QuantityKey::layer(letter::GRAD_A, 2);
    assert_eq!(value(&wrong, key), value(&right, grad_a));
    assert_ne!(value(&wrong, key), value(&right, key));
    assert_eq!(value(&wrong, grad_a), value(&right, grad_a));
}
