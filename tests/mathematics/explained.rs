//! Every number explained: the printed equation, worked out again from its text, is the number within its rounding.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{self, Loaded, Preparation, Prepared, Source};
use deltascope::derivation::{
    EditedSample, Graph, Node, Quantity, QuantityKey, Sample, Subject, Trace, Values, Weight, explain, letter, of_node,
};
use deltascope::nn::{Activation, Cell, Named, Optimizer, Output, Penalty};
use deltascope::train::{BatchSize, Config, DenseTrainer, Recurrence, RecurrentTrainer, Schedule, Snapshot};

use crate::dense;
use crate::latex::assert_is_latex;
use crate::printed::Reader;
use crate::trainer::iris;

/// So many numbers of a quantity are looked at, at most.
const MOST: usize = 16;

/// The numbers of the graph, those of samples in one sample.
fn nodes(graph: &Graph, sample: Sample) -> Vec<Node> {
    let mut all = Vec::new();
    for definition in graph.definitions() {
        let axes = definition.axes;
        let (first_step, last_step) = axes.steps.unwrap_or((0, 0));
        let (first, last) = axes.columns.unwrap_or((0, 0));
        let rows = if axes.rows == 0 { 0..=0 } else { 1..=axes.rows };
        let sample = if axes.sample { sample } else { Sample::default() };
        let of_it = (first_step..=last_step).flat_map(|t| {
            let row = move |j| (first..=last).map(move |i| Node { key: definition.key, sample, t, j, i });
            rows.clone().flat_map(row)
        });
        let of_it: Vec<Node> = of_it.collect();
        // Of large ones some, spread over all of it.
        all.extend(of_it.iter().step_by(of_it.len().div_ceil(MOST)));
    }
    all
}

/// The value of a number by one of its equations, worked out again from the text of its numbers, is the snapshot's within rounding.
#[track_caller]
fn assert_follows(node: Node, number: Option<&str>, (graph, values): (&Graph, &Values<'_>)) -> bool {
    // The factors of an output's δ have 1 − a in them, which loses the digits that a was rounded by.
    let a = Node { key: QuantityKey { letter: letter::A, ..node.key }, ..node };
    let lost = match graph.value(a, values).filter(|a| number.is_some() && (0.0..1.0).contains(a)) {
        Some(a) if node.key.letter == letter::DELTA => 4.0 * f64::EPSILON / (a * (1.0 - a)),
        _ => 0.0,
    };
    let Some(explanation) = of_node(node, number, (graph, values)) else { return false };
    assert_is_latex(&explanation.latex());
    let Some(expr) = explanation.expr else {
        assert!(number.is_some() || !explanation.note.is_empty(), "{node:?}");
        return true;
    };
    for line in &explanation.beside {
        assert_line_holds(line);
    }
    let full = Reader::worked_out(&expr.numbers());
    // The number was rounded on its own way to the screen, by as much again.
    let close = 2.0 * full.error + f64::MIN_POSITIVE + lost * full.value.abs();
    let off = (full.value - explanation.value).abs();
    let (name, value) = (&explanation.name, explanation.value);
    assert!(off <= close, "{name}: {} is {:e}, not {value:e}", expr.numbers(), full.value);
    let short = Reader::worked_out(&expr.shortened(3).numbers());
    assert!((short.value - value).abs() <= 2.0 * close, "{name} in short");
    assert!(close <= 1e-10 * (1.0 + value.abs()), "{name}: the bound says nothing: {close:e}");
    for operand in expr.operands() {
        if let Some(Subject::Node(inner)) = operand.subject {
            let inner = of_node(inner, None, (graph, values)).unwrap_or_else(|| panic!("{inner:?} is there"));
            assert!(inner.value == operand.value, "{}: {:e} or {:e}", operand.name, inner.value, operand.value);
        }
    }
    true
}

/// A line that ends with "… = numbers = value" holds as it stands.
#[track_caller]
fn assert_line_holds(line: &str) {
    let mut parts = line.rsplit(" = ");
    let (Some(value), Some(numbers), Some(_)) = (parts.next(), parts.next(), parts.next()) else { return };
    let Ok(value) = value.parse::<f64>() else { return };
    let full = Reader::worked_out(numbers);
    // Some of these are printed with four digits.
    let printed = 5e-4 * value.abs();
    assert!((full.value - value).abs() <= 2.0 * full.error + printed, "{line}: {:e}", full.value);
}

/// Letters of numbers that are as printed only where no digits are lost in a difference: of these the equation that computes them is held.
const LOSES_DIGITS: [&str; 1] = [letter::COST_TERM];

#[track_caller]
fn assert_explained(snapshot: &Snapshot, sample: Sample) {
    assert_trace_explained(snapshot, sample, Trace::of(sample, snapshot).as_ref());
}

/// The same of a sample whose way this is.
#[track_caller]
fn assert_trace_explained(snapshot: &Snapshot, sample: Sample, trace: Option<&Trace>) {
    let graph = Graph::of(snapshot);
    let values = Values::of(snapshot, sample, trace);
    let mut held = 0;
    for node in nodes(&graph, sample) {
        let Some(definition) = graph.get(node.key) else { continue };
        if graph.value(node, &values).is_none() {
            // Θ before the first one, masks of samples that the batch does not hold.
            assert!(graph.result(node, &values).is_none(), "{} has no value", definition.name(node));
            continue;
        }
        if graph.result(node, &values).is_some() {
            assert!(assert_follows(node, None, (&graph, &values)), "{} is there", definition.name(node));
            held += 1;
        }
        for form in definition.forms.iter().filter(|form| !form.is_result) {
            if !LOSES_DIGITS.contains(&node.key.letter) && is_representable(&graph, node, &values) {
                assert_follows(node, Some(form.equation.number), (&graph, &values));
            }
            assert_printed_as_it_is(node, form.equation.number, (&graph, &values));
        }
    }
    assert!(held > 20, "{held}");
}

/// What is printed of an equation, worked out again from its text, is its own value, even where that has lost digits of the snapshot's.
#[track_caller]
fn assert_printed_as_it_is(node: Node, number: &str, of: (&Graph, &Values<'_>)) {
    let Some(expr) = of_node(node, Some(number), of).and_then(|explanation| explanation.expr) else { return };
    if expr.value().is_finite() {
        let full = Reader::worked_out(&expr.numbers());
        let close = 2.0 * full.error + f64::MIN_POSITIVE;
        assert!(
            (full.value - expr.value()).abs() <= close,
            "{} is {:e}, not {:e}",
            expr.numbers(),
            full.value,
            expr.value()
        );
    }
}

/// Whether the factors of an output's δ are numbers: where a is rounded to 0 or 1 they are not, though δ is.
fn is_representable(graph: &Graph, node: Node, values: &Values<'_>) -> bool {
    let a = Node { key: QuantityKey { letter: letter::A, ..node.key }, ..node };
    node.key.letter != letter::DELTA
        || graph.value(a, values).is_none_or(|a| !(0.0..=1.0).contains(&a) || (a > 1e-3 && a < 1.0 - 1e-3))
}

fn snapshot(config: Config, steps: usize) -> Box<Snapshot> {
    let data = iris(&config);
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

fn digits() -> Arc<Prepared> {
    let dataset = data::load(&Source::named("digits")).expect("it is built in");
    let options = Preparation { test_split: 0.2, seed: 1, ..Preparation::default() };
    Arc::new(data::prepare(Arc::new(dataset), &options).expect("it is finite"))
}

#[test]
fn every_number_recomputes_for_every_activation_output_and_penalty() {
    for &activation in Activation::ALL {
        for &output in Output::ALL {
            for &penalty in Penalty::ALL {
                let config = Config {
                    layers: vec![4, 3],
                    activation: vec![activation],
                    alpha: 0.05,
                    batch: BatchSize::Size(6),
                    output,
                    penalty,
                    ..Config::default()
                };
                let snapshot = snapshot(config, 3);
                assert_explained(&snapshot, Sample::of(false, snapshot.batch[1]));
                assert_explained(&snapshot, Sample::of(true, 2));
            }
        }
    }
}

#[test]
fn every_number_recomputes_where_units_are_left_out() {
    for &activation in Activation::ALL {
        let net = Config { layers: vec![6, 5], activation: vec![activation], dropout: 0.4, ..Config::default() };
        let snapshot = snapshot(Config { batch: BatchSize::Size(6), alpha: 0.05, ..net }, 3);
        let masks = [2, 3].map(|l| dense(&snapshot).mask(l).expect("there is dropout"));
        assert!(masks.iter().all(|mask| mask.iter().any(|&r| r == 0.0) && mask.iter().any(|&r| r > 1.0)));
        assert_explained(&snapshot, Sample::of(false, snapshot.batch[1]));
        assert_explained(&snapshot, Sample::of(true, 2));
    }
}

#[test]
fn every_number_recomputes_for_every_optimizer() {
    for &optimizer in Optimizer::ALL {
        for (steps, clip) in [(0, None), (5, None), (5, Some(0.1))] {
            let schedule = Schedule::Inverse { epochs: 3 };
            let config =
                Config { layers: vec![3], batch: BatchSize::Size(60), optimizer, alpha: 0.05, ..Config::default() };
            let config = Config { schedule, clip, ..config };
            let snapshot = snapshot(config, steps);
            assert_explained(&snapshot, Sample::of(false, snapshot.batch[1]));
            let (v, s) = optimizer.remembers();
            let there_is = |quantity: Quantity| quantity.matrix(&snapshot, 1).is_some();
            assert_eq!((there_is(Quantity::Velocity), there_is(Quantity::Squares)), (v, s));
        }
    }
}

#[test]
fn saturated_and_untouched_nets_recompute_too() {
    for (alpha, steps) in [(30.0, 40), (0.1, 0)] {
        let config = Config { layers: vec![4], alpha, lambda: 0.0, batch: BatchSize::Size(8), ..Config::default() };
        let snapshot = snapshot(config, steps);
        assert_explained(&snapshot, Sample::of(false, snapshot.batch[0]));
    }
}

#[test]
fn every_number_of_a_digits_net_recomputes() {
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(Config::default()), digits()).expect("the options fit");
    (0..45).for_each(|_| trainer.step().expect("it does not diverge"));
    let snapshot = trainer.snapshot(None);
    assert_explained(&snapshot, Sample::of(false, snapshot.batch[7]));
}

#[test]
fn a_number_of_another_moment_says_of_which_and_that_its_theta_is_gone() {
    let snapshot = snapshot(Config::default(), 9);
    let past = snapshot.latest;
    assert_eq!((past.epoch, past.step), (2, 8));
    let explanation = explain(Subject::Epoch(past), &snapshot).expect("it is there");
    assert_eq!((explanation.name.as_str(), explanation.value), ("J after epoch 2", past.total()));
    assert!(explanation.note.contains("at the Θ of step 8, which is gone"), "{}", explanation.note);
    let expr = explanation.expr.expect("its two parts");
    assert_eq!((expr.symbols().as_str(), expr.value()), ("data + reg", past.total()));
    assert!(expr.operands().iter().all(|operand| operand.subject.is_none()), "the chain ends here");
}

#[test]
fn a_large_batch_has_its_uncarried_samples_in_one_remainder() {
    let config = Config { batch: BatchSize::Full, ..Config::default() };
    let snapshot = DenseTrainer::<f64>::new(Arc::new(config), digits()).expect("the options fit").snapshot(None);
    let weight = Weight { l: 2, j: 3, i: 5 };
    let d = Subject::weight(letter::D, weight, &snapshot).expect("there is such a weight");
    for subject in [d, Subject::of(QuantityKey::plain(letter::DATA))] {
        let explanation = explain(subject, &snapshot).expect("it is there");
        let expr = explanation.expr.expect("it has an equation");
        assert!(expr.symbols().contains("[1182 samples not carried]"), "{}", expr.symbols());
        let value = Reader::worked_out(&expr.numbers()).value;
        assert!((value - explanation.value).abs() <= 1e-13 * explanation.value.abs().max(1e-3));
    }
}

#[test]
fn the_names_are_the_derivations() {
    let snapshot = snapshot(Config { layers: vec![4, 3], ..Config::default() }, 0);
    let sample = Sample::of(false, snapshot.batch[0]);
    let symbols = |subject: Subject| {
        let explanation = explain(subject, &snapshot).expect("it is there");
        (explanation.name, explanation.equation.number, explanation.expr.map(|expr| expr.symbols()).unwrap_or_default())
    };
    let of = |letter, l, unit| symbols(Subject::unit(letter, l, (sample, unit)));
    let (name, number, text) = of(letter::Z, 2, 0);
    assert_eq!((name.as_str(), number), ("z^(2)_1", "1.1.2"));
    assert!(text.starts_with("Θ^(1)[1,0] × 1 + Θ^(1)[1,1] × a^(1)_1 + Θ^(1)[1,2] × a^(1)_2"), "{text}");
    assert_eq!(of(letter::A, 2, 0).2, "1 / (1 + exp(-z^(2)_1))");
    assert_eq!(of(letter::DELTA, 4, 1).2, "a^(4)_2 − y_2");
    assert_eq!(of(letter::DELTA, 2, 3).2, "∂J/∂a^(2)_4 × g'(z^(2)_4)");
    assert_eq!(of(letter::GRAD_A, 3, 0).2, "δ^(4)_1 × Θ^(3)[1,1] + δ^(4)_2 × Θ^(3)[2,1] + δ^(4)_3 × Θ^(3)[3,1]");
    let weight = Weight { l: 1, j: 0, i: 2 };
    let of = |letter| symbols(Subject::weight(letter, weight, &snapshot).expect("there is such a weight"));
    assert_eq!(of(letter::PENALTY).2, "(λ / m) × Θ^(1)[1,2]");
    assert_eq!(of(letter::UPDATE).2, "-α × ∂J/∂Θ^(1)[1,2]");
}

/// A recurrent net in training.
pub fn recurrent(cell: Cell, config: Config, steps: usize) -> Box<Snapshot> {
    let source = Source::sequences(if config.output == Output::Linear { "sine" } else { "remember" }, 5, 24);
    let sequences = Arc::new(Sequences::load(&source).expect("they can be made"));
    let truncate = config.recurrence.and_then(|recurrence| recurrence.truncate);
    let recurrence = Some(Recurrence { cell, truncate });
    let config = Config { source, recurrence, layers: vec![3], batch: BatchSize::Size(6), test_split: 0.25, ..config };
    let data = Loaded::from(sequences).prepare(&config.preparation()).expect("they can be split");
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net");
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

#[test]
fn every_number_of_a_recurrent_net_recomputes_back_to_the_inputs_and_the_first_state() {
    for cell in [Cell::Plain(Activation::Tanh), Cell::Plain(Activation::Relu), Cell::Gru, Cell::Lstm] {
        for truncate in [None, Some(2)] {
            for &optimizer in Optimizer::ALL {
                let recurrence = Some(Recurrence { cell, truncate });
                let config = Config { optimizer, alpha: 0.05, lambda: 1.0, recurrence, ..Config::default() };
                let snapshot = recurrent(cell, Config { output: Output::Softmax, ..config }, 3);
                let other = (0..).find(|row| snapshot.carried(*row).is_none()).expect("a batch is a part");
                for (held_out, row) in [(false, snapshot.batch[1]), (false, other), (true, 4)] {
                    assert_explained(&snapshot, Sample::of(held_out, row));
                }
            }
        }
    }
}

/// Asserts that every number of a copy of a sample of the batch follows, and that all numbers of the batch are as if there was no copy.
#[track_caller]
fn assert_copy_explained(snapshot: &Snapshot, at: [(usize, usize); 2]) {
    let read = Sample::of(false, snapshot.batch[0]);
    let mut edited = EditedSample::of(read, &snapshot.data).expect("a sample");
    at.into_iter().for_each(|at| edited.set(at, 0.8125, &snapshot.data).expect("it can be set"));
    let trace = Trace::of_edited(&edited, snapshot).expect("a way");
    let copy = edited.sample();
    assert!(copy.edited && trace.sample == copy && !trace.in_batch);
    assert_trace_explained(snapshot, copy, Some(&trace));
    let graph = Graph::of(snapshot);
    let (with, without) = (Values::of(snapshot, copy, Some(&trace)), Values::of(snapshot, read, None));
    let bits = |node: Node, values: &Values<'_>| graph.value(node, values).map(f64::to_bits);
    let mut other = 0;
    for node in nodes(&graph, read) {
        assert_eq!(bits(node, &with), bits(node, &without), "{node:?}");
        let numbers = |values| of_node(node, None, (&graph, values)).and_then(|of| Some(of.expr?.numbers()));
        assert_eq!(numbers(&with), numbers(&without), "{node:?}");
        other += usize::from(node.sample == read && bits(Node { sample: copy, ..node }, &with) != bits(node, &with));
    }
    assert!(other > 5, "the copy has numbers of its own: {other}");
    let raw = |unit: usize| Node::unit(QuantityKey::plain("feature"), copy, unit);
    if snapshot.dense().is_some() {
        let of_set = of_node(Node::unit(QuantityKey::layer(letter::A, 1), copy, at[0].1 + 1), None, (&graph, &with));
        let operands = of_set.and_then(|of| of.expr).expect("it is scaled");
        let origins: Vec<String> = operands.operands().into_iter().map(|operand| operand.origin.clone()).collect();
        assert!(origins.iter().any(|origin| origin.contains("set by hand in a copy of sample")), "{origins:?}");
        assert_eq!(graph.value(raw(at[0].1 + 1), &with), Some(0.8125));
    }
}

#[test]
fn every_number_of_a_copy_with_other_inputs_recomputes_and_the_batch_keeps_its_own() {
    let config = Config { layers: vec![4, 3], batch: BatchSize::Size(6), dropout: 0.2, ..Config::default() };
    assert_copy_explained(&snapshot(config, 3), [(0, 2), (0, 0)]);
    let (config, data) = crate::recurrent::options("echo", Cell::Gru, 4);
    let config = Config { layers: vec![3], ..config };
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net");
    (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
    assert_copy_explained(&trainer.snapshot(None), [(2, 0), (0, 0)]);
}
