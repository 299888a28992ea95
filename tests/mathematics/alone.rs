//! A sample that is followed alone: its numbers are those that it has in a batch.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{self, Data, Loaded, Source};
use deltascope::derivation::{EditedSample, Sample, Trace};
use deltascope::nn::{Activation, Cell, Named};
use deltascope::train::{BatchSize, Config, Recurrence, Snapshot, begin};

/// The snapshot of a run whose next batch holds the whole training part, or a few of it.
fn snapshot(data: &Data, config: &Config, batch: BatchSize) -> Box<Snapshot> {
    let config = Config { batch, shuffle: false, ..config.clone() };
    // No update is made, so that Θ is the same whatever the batch.
    begin(config, data.clone()).expect("a net").snapshot(None)
}

/// Compares every number of the samples of a batch with those that each has when it is followed alone; how many numbers were compared.
fn compare(what: &str, data: &Data, config: &Config) -> usize {
    let (whole, few) = (snapshot(data, config, BatchSize::Full), snapshot(data, config, BatchSize::Size(2)));
    assert_eq!(whole.model, few.model);
    let (mut compared, mut followed) = (0, 0);
    for row in 0..whole.samples.min(9) {
        let sample = Sample::of(false, row);
        let [carried, alone] = [&whole, &few].map(|snapshot| Trace::of(sample, snapshot).expect("a sample"));
        assert!(carried.in_batch, "{what} {row}");
        followed += usize::from(!alone.in_batch);
        assert_eq!(carried.tensors.iter().count(), alone.tensors.iter().count(), "{what} {row}");
        for ((name, carried), (other, alone)) in carried.tensors.iter().zip(alone.tensors.iter()) {
            assert_eq!((name, carried.axes, carried.values.dim()), (other, alone.axes, alone.values.dim()), "{what}");
            for (carried, alone) in carried.values.iter().zip(&alone.values) {
                // Products of other shapes are summed in another order.
                let close = 1e-14 * (1.0 + carried.abs());
                assert!((carried - alone).abs() <= close, "{what} {row} {}: {carried:e} {alone:e}", name.symbol);
                compared += 1;
            }
        }
        assert!((carried.cost - alone.cost).abs() <= 1e-13 * (1.0 + carried.cost), "{what} {row}");
        assert_eq!((carried.answer, carried.right), (alone.answer, alone.right), "{what} {row}");
    }
    assert_eq!(followed, 7, "{what}");
    compared
}

#[test]
fn a_sample_of_a_dense_net_has_the_numbers_that_it_has_in_a_batch() {
    let data = Loaded::from(Arc::new(data::load(&Source::named("iris")).expect("it is built in")));
    for &activation in Activation::ALL {
        let config = Config { activation: vec![activation], layers: vec![7, 5], ..Config::default() };
        let data = data.prepare(&config.preparation()).expect("it can be split");
        assert!(compare(activation.name(), &data, &config) > 500);
    }
}

#[test]
fn a_sequence_has_the_numbers_that_it_has_in_a_batch() {
    for &cell in Cell::ALL {
        for (name, truncate) in [("remember", None), ("parity", None), ("parity", Some(3)), ("sine", None)] {
            let source = Source::sequences(name, 7, 40);
            let sequences = Sequences::load(&source).expect("they can be made");
            let output = sequences.usual_output();
            let recurrence = Some(Recurrence { cell, truncate });
            let config = Config { source, recurrence, output, layers: vec![5], ..Config::default() };
            let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("they can be split");
            assert!(compare(&format!("{} {name} {truncate:?}", cell.name()), &data, &config) > 500);
        }
    }
}

#[test]
fn there_is_no_trace_beyond_the_last_sample_of_a_part() {
    let source = Source::sequences("parity", 7, 40);
    let sequences = Sequences::load(&source).expect("they can be made");
    let recurrence = Some(Recurrence { cell: Cell::Gru, truncate: None });
    let config = Config { source, recurrence, layers: vec![5], test_split: 0.25, ..Config::default() };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("they can be split");
    let snapshot = snapshot(&data, &config, BatchSize::Size(2));
    let is_there = |held_out: bool, row: usize| Trace::of(Sample::of(held_out, row), &snapshot).is_some();
    assert!(is_there(false, 29) && !is_there(false, 30) && is_there(true, 9) && !is_there(true, 10));
    let last = Sample::of(true, 9);
    assert_eq!(last.moved(1, &data), Sample::default());
    assert_eq!(Sample::of(false, 29).moved(1, &data), Sample::of(true, 0));
}

#[test]
fn a_copy_with_the_features_of_another_sample_has_its_numbers_to_the_bit() {
    let source = Source { extras: deltascope::data::Extra::ALL.to_vec(), ..Source::named("moons") };
    let data = Loaded::from(Arc::new(data::load(&source).expect("it is made")));
    let config = Config { source, layers: vec![7, 5], ..Config::default() };
    let data = data.prepare(&config.preparation()).expect("it can be split");
    let snapshot = snapshot(&data, &config, BatchSize::Size(2));
    let (one, other) = (Sample::of(false, 0), Sample::of(true, 4));
    let expected = Trace::of(other, &snapshot).expect("a sample");
    let Data::Rows(rows) = &data else { panic!("rows") };
    let mut copy = EditedSample::of(one, &data).expect("a sample");
    for i in 0..2 {
        let value = expected.features(rows).expect("features")[i];
        copy.set((0, i), value, &data).expect("it can be set");
    }
    let trace = Trace::of_edited(&copy, &snapshot).expect("a way");
    for l in 1..=4 {
        assert_eq!(trace.a(l), expected.a(l), "{l}");
    }
    assert_eq!(trace.y(), Trace::of(one, &snapshot).expect("a sample").y(), "its target stays");
    // What follows from others, what is no number and what is too large is refused.
    let before = copy.clone();
    for (at, to) in [((0, 2), 1.0), ((0, 0), f64::NAN), ((0, 0), 1e300), ((0, 99), 1.0), ((1, 0), 1.0)] {
        assert!(copy.set(at, to, &data).is_err(), "{at:?} {to}");
    }
    assert_eq!(copy, before);
    assert_eq!([copy.undo(&data), copy.undo(&data), copy.undo(&data)], [Some((0, 1)), Some((0, 0)), None]);
    assert_eq!(
        Trace::of_edited(&copy, &snapshot).expect("a way").a(4),
        Trace::of(one, &snapshot).and_then(|trace| trace.a(4).map(|a| a.to_owned())).as_ref().map(|a| a.view()),
        "as it was read"
    );
}
