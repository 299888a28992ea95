//! What is measured of a recurrent net's Θ, states and answers, against loops by hand over all steps and sequences.

use std::sync::Arc;

use deltascope::data::Data;
use deltascope::derivation::histogram::Histogram;
use deltascope::derivation::{Bins, Confusion, LayerNorms, PartAnswers, worst};
use deltascope::nn::recurrent::{BpttBackward, BpttForward, Cell, OutputSteps};
use deltascope::nn::{Activation, Named};
use deltascope::train::{Config, RecurrentTrainer, RecurrentView, Snapshot};
use ndarray::{Array2, ArrayView2, s};

use crate::recurrent::options;

/// A net after some updates, whose batches of 20 sequences are carried whole.
fn snapshot(name: &str, cell: Cell, (steps, updates): (usize, usize)) -> Box<Snapshot> {
    let (config, data) = options(name, cell, steps);
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(Config { lambda: 0.5, ..config }), data).expect("a net");
    (0..updates).for_each(|_| trainer.step().map(drop).expect("it does not diverge"));
    trainer.snapshot(None)
}

fn each_net(test: impl Fn(&str, Cell, &Snapshot, RecurrentView<'_>)) {
    for &cell in Cell::ALL {
        for name in ["remember", "parity", "adding"] {
            let snapshot = snapshot(name, cell, (7, 5));
            let scene = snapshot.recurrent().expect("a recurrent net");
            assert_eq!(scene.samples, scene.batch.len(), "carried whole");
            test(&format!("{name} {}", cell.name()), cell, &snapshot, scene);
        }
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * one.abs().max(1.0)
}

#[test]
fn the_norms_of_each_theta_are_those_of_loops_over_every_step_and_sequence() {
    each_net(|told, cell, snapshot, scene| {
        let norms = LayerNorms::of(snapshot);
        assert_eq!(norms.iter().map(|norms| norms.symbol.to_string()).collect::<Vec<_>>(), ["Θ^x", "Θ^h", "Θ^o"]);
        let biases = [1, usize::from(cell.has_second_bias()), 1];
        let outputs = scene.network.sizes().2;
        for (index, norms) in norms.iter().enumerate() {
            let told = format!("{told} {}", norms.symbol);
            assert_eq!((norms.l, norms.biases), (index + 1, biases[index]));
            let of_units = norms.units.expect("it leads to units");
            assert_eq!(
                (of_units.count, of_units.dead),
                ([16, 16, outputs][index], if index < 2 { scene.dead[0] } else { None })
            );
            let parameter = &scene.parameters[index];
            let length = |matrix: &Array2<f64>| matrix.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
            assert!(close(norms.d, length(&parameter.d)) && close(norms.penalty, length(&parameter.penalty)), "{told}");
            assert!(close(norms.theta, length(&scene.network.theta[index])), "{told}");
            let product: f64 = parameter.d.iter().zip(&parameter.penalty).map(|(d, penalty)| d * penalty).sum();
            assert!(close(norms.cosine.expect("both pull"), product / norms.d / norms.penalty), "{told}");
            let log = (parameter.update.std(0.0) / scene.network.theta[index].std(0.0)).log10();
            assert!((norms.log_update.expect("it moves") - log).abs() < 1e-9, "{told}");
            let delta = [scene.delta(), scene.delta_h(), scene.delta_o()][index];
            let lengths: Vec<f64> = delta.rows().into_iter().map(|row| row.dot(&row).sqrt()).collect();
            assert_eq!(lengths.len(), if index == 2 { scene.sequences.read_steps().len() * 20 } else { 7 * 20 });
            assert!(close(of_units.delta, lengths.iter().sum::<f64>() / lengths.len() as f64), "{told}");
        }
        let h = scene.h().slice(s![20.., ..]);
        // Θ^x and Θ^h lead to the same units.
        let of = |norms: &LayerNorms| norms.units.expect("it leads to units").activations;
        for (norms, a) in norms.iter().zip([h, h, scene.o().view()]) {
            let activations = of(norms);
            assert!(close(activations.mean, a.mean().expect("numbers")), "{told}");
            assert!(close(activations.deviation, a.std(0.0)), "{told}");
        }
        assert_eq!(of(&norms[0]), of(&norms[1]), "both lead to h");
        assert_eq!(of(&norms[2]).saturated, None, "outputs are meant to come near the ends");
        assert_eq!(of(&norms[1]).saturated, saturated(cell, h, scene.gate()), "{told}");
    });
}

/// The share of h, or of the gates, near their ends.
fn saturated(cell: Cell, h: ArrayView2<f64>, gates: &Array2<f64>) -> Option<f64> {
    let is_near = |tanh: bool, value: f64| if tanh { value.abs() > 0.97 } else { !(0.03..=0.97).contains(&value) };
    let near: Vec<bool> = match cell {
        Cell::Plain(Activation::Relu) => return None,
        Cell::Plain(g) => h.iter().map(|&h| is_near(g == Activation::Tanh, h)).collect(),
        Cell::Gru => gates.indexed_iter().map(|((_, at), &gate)| is_near(at >= 2 * 16, gate)).collect(),
        Cell::Lstm => gates.indexed_iter().map(|((_, at), &gate)| is_near(at >= 3 * 16, gate)).collect(),
    };
    Some(near.iter().filter(|&&near| near).count() as f64 / near.len() as f64)
}

#[test]
fn a_histogram_of_each_theta_counts_every_number_of_its_units_at_every_step_once() {
    each_net(|told, cell, snapshot, scene| {
        let (inputs, units, outputs) = scene.network.sizes();
        let (gates, read) = (cell.gates().len(), scene.sequences.read_steps().len());
        let wide = units * gates;
        let of_h = wide * (units + usize::from(cell.has_second_bias()));
        let counted = [
            [7 * 20 * units, 7 * 20 * wide, wide * (inputs + 1), wide * (inputs + 1)],
            [7 * 20 * units, 7 * 20 * wide, of_h, of_h],
            [read * 20 * outputs, read * 20 * outputs, outputs * (units + 1), outputs * (units + 1)],
        ];
        let histograms = Histogram::of(snapshot);
        let count = |histogram: &Histogram| (histogram.counts.iter().sum::<u32>() + histogram.zeros) as usize;
        assert_eq!(histograms.iter().map(|kinds| kinds.each_ref().map(count)).collect::<Vec<_>>(), counted, "{told}");
        // h of a bounded cell is counted over its range: as many are below 0 as there are.
        if let Bins::Range { low: -1.0, high: 1.0 } = histograms[1][0].bins {
            let below = scene.h().slice(s![20.., ..]).iter().filter(|&&h| h < 0.0).count();
            assert_eq!(histograms[1][0].counts[..12].iter().sum::<u32>() as usize, below, "{told}");
        }
        assert_eq!(histograms[0][0], histograms[1][0], "both lead to h");
    });
}

/// Targets, answers and costs of some sequences, by a forward pass of each on its own: for each step that is read.
fn by_hand(scene: RecurrentView<'_>, rows: std::ops::Range<usize>) -> Vec<(usize, usize, usize, usize, f64)> {
    let sequences = scene.sequences;
    let class = |values: ndarray::ArrayView1<f64>| match values.len() {
        1 => usize::from(values[0] >= 0.5),
        _ => (0..values.len()).rev().max_by(|&one, &other| values[one].total_cmp(&values[other])).expect("outputs"),
    };
    let mut said = Vec::new();
    for (place, row) in rows.enumerate() {
        let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
        sequences.fill(&[row], (&mut x, &mut y));
        let (mut forward, mut through) = (BpttForward::default(), BpttBackward::default());
        scene.network.forward(x.view(), &scene.network.blank(1), &mut forward);
        scene.network.answer(&forward, y.view(), &mut through);
        for read in 0..y.nrows() {
            let t = if scene.network.reads == OutputSteps::All { read + 1 } else { sequences.steps };
            said.push((place, t, class(y.row(read)), class(through.o.row(read)), through.cost[read]));
        }
    }
    said
}

#[test]
fn a_sequence_counts_once_for_each_step_that_is_read_in_the_part_that_it_is_of() {
    for (name, classes) in [("remember", 4), ("parity", 2), ("jabberwocky", 0)] {
        // The last update is that of an epoch, so that the snapshot has the very Θ that was measured.
        let updates = if name == "jabberwocky" { 0 } else { 24 };
        let snapshot = snapshot(name, Cell::Gru, (9, updates));
        assert!(snapshot.latest.step == snapshot.position.step, "{name}: {:?}", snapshot.position);
        let scene = snapshot.recurrent().expect("a recurrent net");
        let Data::Sequences(parts) = &snapshot.data else { panic!("sequences") };
        let classes = if classes == 0 { scene.sequences.outputs.len() } else { classes };
        for (held_out, rows) in [(false, 0..parts.m), (true, parts.m..parts.sequences.count)] {
            let expected = by_hand(scene, rows);
            let mut counts = Array2::<usize>::zeros((classes, classes));
            expected.iter().for_each(|&(_, _, target, answer, _)| counts[[target, answer]] += 1);
            let confusion = Confusion::of(&snapshot, held_out).expect("classes");
            assert_eq!(confusion.counts, counts, "{name}");
            let (right, all) = confusion.right();
            let fit = if held_out { snapshot.latest.test.expect("held out") } else { snapshot.latest.train }.fit;
            assert_eq!((fit.accuracy(), all), (Some(right as f64 / all as f64), expected.len()), "{name}");
            // The list has the same, each with its sequence and its step.
            let listed = worst(&snapshot, held_out, None);
            assert!(listed.windows(2).all(|pair| pair[0].cost >= pair[1].cost));
            let mut found: Vec<_> = listed
                .iter()
                .map(|said| {
                    let (target, answer) = said.classes.expect("classes");
                    (said.row, said.t, target, answer, said.cost)
                })
                .collect();
            found.sort_by_key(|&(row, t, ..)| (row, t));
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!((found.0, found.1, found.2, found.3), (expected.0, expected.1, expected.2, expected.3));
                assert!(close(found.4, expected.4), "{name}: {found:?}, {expected:?}");
            }
            let cell = (expected[0].2, expected[0].3);
            assert_eq!(worst(&snapshot, held_out, Some(cell)).len(), counts[[cell.0, cell.1]]);
        }
        assert!(PartAnswers::of(&snapshot, true).is_some());
    }
}

#[test]
fn numbers_have_no_confusion_but_a_worst_step() {
    let snapshot = snapshot("sine", Cell::Gru, (6, 3));
    assert_eq!(Confusion::of(&snapshot, false), None);
    let listed = worst(&snapshot, true, None);
    assert_eq!(
        listed.len(),
        snapshot.data.held_out() * snapshot.recurrent().expect("one").sequences.read_steps().len()
    );
    assert!(listed.iter().all(|said| said.classes.is_none() && (1..=6).contains(&said.t)));
}
