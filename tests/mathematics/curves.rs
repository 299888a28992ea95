//! The curve behind a number: its point is the number, its tangent has the slope that the passes use, and no other number has one.

use std::sync::Arc;

use deltascope::data::Loaded;
use deltascope::data::Source;
use deltascope::data::sequences::Sequences;
use deltascope::derivation::{ActivationAt, Graph, Mark, Node, QuantityKey, Sample, Trace, Values, letter};
use deltascope::nn::{Activation, Cell, Named, Output};
use deltascope::train::{BatchSize, Config, DenseTrainer, Recurrence, RecurrentTrainer, Snapshot};

use crate::trainer::iris;

/// How far the fast pass may be from the formula, in its last places.
const CLOSE: f64 = 1e-14;

pub(crate) fn dense(config: Config) -> Box<Snapshot> {
    let data = iris(&config);
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
    (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

pub(crate) fn recurrent(cell: Cell) -> Box<Snapshot> {
    let source = Source::sequences("remember", 6, 20);
    let sequences = Sequences::load(&source).expect("it can be made");
    let (output, recurrence) = (Output::Sigmoid, Some(Recurrence { cell, truncate: None }));
    let config = Config { output, recurrence, source, layers: vec![4], batch: BatchSize::Size(4), ..Config::default() };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("it can be split");
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net");
    (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

/// The curves of all numbers of units in one sample.
fn curves(snapshot: &Snapshot, sample: Sample) -> Vec<(Node, f64, ActivationAt)> {
    let graph = Graph::of(snapshot);
    let trace = Trace::of(sample, snapshot);
    let values = Values::of(snapshot, sample, trace.as_ref());
    let mut all = Vec::new();
    for definition in graph.definitions() {
        let (first, last) = definition.axes.steps.unwrap_or((0, 0));
        let (from, to) = definition.axes.columns.unwrap_or((0, 0));
        let rows = definition.axes.rows.min(6);
        for t in first..=last {
            for (j, i) in (0..=rows).flat_map(|j| (from..=to.min(6)).map(move |i| (j, i))) {
                let node = definition.node(Node { key: definition.key, sample, t, j, i });
                let curve = ActivationAt::of(node, (&graph, &values));
                if let (Some(curve), Some(value)) = (curve, graph.value(node, &values)) {
                    all.push((node, value, curve));
                }
            }
        }
    }
    all
}

#[track_caller]
fn assert_holds(node: Node, value: f64, at: &ActivationAt) {
    let is_slope = [letter::SLOPE, letter::A_BY_Z].contains(&node.key.letter);
    let own = if is_slope { at.slope() } else { at.value() };
    assert!((own - value).abs() <= CLOSE * (1.0 + value.abs()), "{node:?}: {own} is not {value}");
    let (from, to) = at.range();
    assert!(from <= -6.0 && to >= 6.0 && (from..=to).contains(&at.z), "{at:?}");
    // The tangent goes through the point, and rises by g'(z) a unit.
    assert_eq!(at.tangent(at.z), at.value());
    assert!((at.tangent(at.z + 1.0) - at.value() - at.slope()).abs() <= CLOSE * (1.0 + at.value().abs()));
    let (near, kink) = (1e-6, at.g.kinks().iter().any(|kink| (kink - at.z).abs() < 1e-5));
    let slope = (at.g.g(at.z + near) - at.g.g(at.z - near)) / (2.0 * near);
    assert!(kink || (slope - at.slope()).abs() < 1e-8, "{node:?}: {slope} is not {}", at.slope());
}

#[test]
fn the_point_is_the_unit_and_the_tangent_its_slope_for_every_activation() {
    for &g in Activation::ALL {
        let net = Config { layers: vec![4, 3], activation: vec![g], output: Output::Sigmoid, ..Config::default() };
        let snapshot = dense(Config { alpha: 0.05, batch: BatchSize::Size(6), ..net });
        for sample in [snapshot.batch[1], snapshot.batch[0]] {
            let all = curves(&snapshot, Sample::of(false, sample));
            all.iter().for_each(|(node, value, at)| assert_holds(*node, *value, at));
            let of = |letter, l| all.iter().filter(move |(node, ..)| node.key == QuantityKey::layer(letter, l));
            for (l, units) in [(2, 4), (3, 3)] {
                assert_eq!([of(letter::A, l).count(), of(letter::SLOPE, l).count()], [units; 2], "{}", g.name());
                assert_eq!(of(letter::A_BY_Z, l).count(), units, "the diagonal alone");
                assert!(of(letter::A, l).all(|(node, _, at)| at.g == g && at.name == format!("z^({l})_{}", node.j)));
            }
            assert!(of(letter::A, 4).all(|(.., at)| at.g == Activation::Sigmoid));
            assert_eq!((of(letter::A, 4).count(), of(letter::A_BY_Z, 4).count()), (3, 3));
            let known = [letter::A, letter::SLOPE, letter::A_BY_Z];
            assert!(all.iter().all(|(node, ..)| known.contains(&node.key.letter)), "no other number has one");
        }
    }
}

#[test]
fn where_units_are_left_out_the_curve_is_that_of_g_without_the_mask() {
    let net = Config { layers: vec![6], dropout: 0.4, batch: BatchSize::Size(6), ..Config::default() };
    let snapshot = dense(net);
    let all = curves(&snapshot, Sample::of(false, snapshot.batch[0]));
    let of_units: Vec<_> = all.iter().filter(|(node, ..)| node.key == QuantityKey::layer(letter::A, 2)).collect();
    assert_eq!(of_units.len(), 6);
    assert!(of_units.iter().all(|(.., at)| at.value() == Activation::Sigmoid.g(at.z)));
}

#[test]
fn softmax_is_no_function_of_one_z() {
    let snapshot = dense(Config { layers: vec![4], output: Output::Softmax, ..Config::default() });
    let all = curves(&snapshot, Sample::of(false, snapshot.batch[0]));
    assert!(all.iter().all(|(node, ..)| node.key.mark == Mark::Layer(2)));
}

#[test]
fn gates_states_and_outputs_of_every_cell_have_theirs_at_every_step() {
    for &cell in Cell::ALL {
        let snapshot = recurrent(cell);
        let all = curves(&snapshot, Sample::of(false, snapshot.batch[1]));
        all.iter().for_each(|(node, value, at)| assert_holds(*node, *value, at));
        let of = |key: QuantityKey| all.iter().filter(move |(node, ..)| node.key == key);
        let gates = cell.gates();
        for (place, gate) in gates.iter().enumerate().filter(|_| cell.has_gates()) {
            let own = gate.strip_prefix("g^").expect("a gate's name");
            let expected = if place + 1 == gates.len() { Activation::Tanh } else { Activation::Sigmoid };
            let found: Vec<_> = of(QuantityKey::of("g", own)).collect();
            assert_eq!(found.len(), 4 * 6, "{} {gate}", cell.name());
            assert!(found.iter().all(|(node, _, at)| {
                at.g == expected && at.letter == "z" && at.name == format!("z({gate})_{},{}", node.t, node.j)
            }));
        }
        if let Cell::Plain(g) = cell {
            assert_eq!(of(QuantityKey::plain("h")).count(), 4 * 6, "not of the state before the first step");
            assert!(of(QuantityKey::plain(letter::SLOPE)).all(|(.., at)| at.g == g));
            assert_eq!(of(QuantityKey::plain(letter::SLOPE)).count(), 4 * 6);
        }
        assert!(
            of(QuantityKey::plain("o")).count() > 0
                && of(QuantityKey::plain("o")).all(|(.., at)| at.name.starts_with("z^o_"))
        );
    }
}
