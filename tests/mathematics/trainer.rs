//! The trainer's word: what a snapshot says is what the next step does, watched or not, to the last bit.

use std::collections::BTreeSet;
use std::sync::Arc;

use deltascope::data::{self, Preparation, Prepared, Source};
use deltascope::nn::dense::tensors::{A, DELTA, GRAD_A, MASK, Z};
use deltascope::nn::{Activation, Init, Output, Penalty, Real};
use deltascope::train::{BatchSize, Config, DenseTrainer, Fit, Snapshot};
use ndarray::{Array2, Axis};

use crate::{dense, each, tensors};

pub fn iris(config: &Config) -> Arc<Prepared> {
    let dataset = data::load(&Source::named("iris")).expect("it is built in");
    let options = config.preparation();
    Arc::new(data::prepare(Arc::new(dataset), &options).expect("it is finite"))
}

/// 120 samples in batches of 32, 32, 32 and 24.
pub fn config() -> Config {
    Config { layers: vec![5, 4], activation: vec![Activation::Tanh, Activation::Sigmoid], ..Config::default() }
}

pub fn trainer<T: Real>(config: &Config) -> DenseTrainer<T> {
    DenseTrainer::new(Arc::new(config.clone()), iris(config)).expect("the options fit")
}

pub fn steps<T: Real>(trainer: &mut DenseTrainer<T>, count: usize) {
    (0..count).for_each(|_| trainer.step().expect("it does not diverge"));
}

#[test]
fn the_same_options_give_the_same_bits_and_another_seed_others() {
    let theta = |seed| {
        let mut trainer = trainer::<f64>(&Config { seed, ..config() });
        steps(&mut trainer, 50);
        trainer.model().theta.clone()
    };
    assert_eq!(theta(1), theta(1));
    assert_ne!(theta(1), theta(2));
}

fn watched_and_unwatched<T: Real>() {
    let (mut watched, mut unwatched) = (trainer::<T>(&config()), trainer::<T>(&config()));
    let mut old = None;
    for step in 0..40 {
        // Looked at never, once or twice between two steps, with and without a snapshot to be written into.
        for _ in 0..step % 3 {
            old = Some(watched.snapshot(if step % 2 == 0 { old.take() } else { None }));
        }
        watched.step().expect("it does not diverge");
        unwatched.step().expect("it does not diverge");
        assert_eq!(watched.model(), unwatched.model());
        assert_eq!(watched.latest(), unwatched.latest());
        assert_eq!(watched.cost(), unwatched.cost());
    }
}

#[test]
fn being_watched_changes_no_bit_in_either_precision() {
    watched_and_unwatched::<f64>();
    watched_and_unwatched::<f32>();
}

/// Asserts that two arrays are the same to the rounding of their largest entries.
#[track_caller]
fn assert_near(found: &Array2<f64>, expected: &Array2<f64>) {
    assert_eq!(found.dim(), expected.dim());
    let largest = expected.iter().fold(0.0_f64, |top, value| top.max(value.abs()));
    let apart = found.iter().zip(expected).fold(0.0_f64, |top, (found, expected)| top.max((found - expected).abs()));
    assert!(apart <= 1e-14 * largest * expected.len() as f64, "{apart} of {largest}");
}

/// Everything in a snapshot follows from its Θ and its batch, and makes the Θ of the next one.
pub fn assert_whole(snapshot: &Snapshot, next: &Snapshot) {
    let view = dense(snapshot);
    let (network, rule, train) = (view.network, &snapshot.regularisation, &view.data.train);
    let x = train.x.select(Axis(0), &snapshot.batch);
    let y = train.y.select(Axis(0), &snapshot.batch);
    let forward = network.forward(x.view());
    let backprop = network.backward(&forward, y.view());
    // The reference computes the same to rounding.
    for (found, reference) in [
        (tensors(snapshot, Z), &forward.z),
        (tensors(snapshot, A), &forward.a),
        (tensors(snapshot, DELTA), &backprop.delta),
        (tensors(snapshot, GRAD_A), &backprop.grad_a),
        (each(snapshot, |theta| &theta.sum), &backprop.sum),
        (each(snapshot, |theta| &theta.d), &backprop.d),
    ] {
        assert_eq!(found.len(), reference.len());
        found.iter().zip(reference).for_each(|(found, reference)| assert_near(found, reference));
    }
    let cost = network.cost(&forward, y.view());
    assert!(view.sample_cost().iter().zip(&cost).all(|(found, cost)| (found - cost).abs() <= 1e-13 * cost));
    let data = view.sample_cost().sum() / snapshot.batch.len() as f64;
    assert!((snapshot.cost.data - data).abs() <= 1e-14 * data);
    assert_eq!(rule.m, train.x.nrows(), "m is the whole training part");
    for l in 1..network.depth() {
        let (theta, parameter) = (network.theta(l), &snapshot.parameters[l - 1]);
        let penalty = rule.gradient(theta);
        assert_eq!(snapshot.cost.reg[l - 1], rule.cost(theta));
        assert_eq!(parameter.penalty, penalty);
        assert_eq!(parameter.gradient, &parameter.d + &penalty);
        assert_eq!(parameter.update, parameter.gradient.mapv(|slope| -snapshot.config.alpha * slope));
        assert_eq!(*dense(next).network.theta(l), theta + &parameter.update);
        let delta = view.delta(l + 1);
        let mean = delta.mapv(f64::abs).mean_axis(Axis(0)).expect("samples");
        let close = |one: f64, other: f64| (one - other).abs() <= 1e-14 * other.abs();
        assert!(view.mean_delta(l + 1).iter().zip(&mean).all(|(&one, &other)| close(one, other)));
        let norms = delta.rows().into_iter().map(|row| row.dot(&row).sqrt()).sum::<f64>() / delta.nrows() as f64;
        assert!(close(view.delta_norm(l), norms));
    }
}

#[test]
fn a_snapshot_is_the_next_update_whole_before_it_is_applied() {
    for penalty in [Penalty::L2, Penalty::L1, Penalty::None] {
        let mut trainer = trainer::<f64>(&Config { penalty, output: Output::Softmax, ..config() });
        let mut now = trainer.snapshot(None);
        for step in 1..=9 {
            trainer.step().expect("it does not diverge");
            let next = trainer.snapshot(None);
            assert_eq!(next.position.step, step);
            assert_whole(&now, &next);
            now = next;
        }
    }
}

#[test]
fn every_epoch_takes_each_sample_once_and_the_last_batch_is_shorter() {
    let mut trainer = trainer::<f64>(&config());
    let mut orders = Vec::new();
    for epoch in 0..3 {
        let mut order = Vec::new();
        for batch in 0..4 {
            let snapshot = trainer.snapshot(None);
            let position = snapshot.position;
            assert_eq!((position.epochs_done, position.batches_done, position.batches), (epoch, batch, 4));
            assert_eq!(snapshot.batch.len(), if batch == 3 { 24 } else { 32 });
            order.extend_from_slice(&snapshot.batch);
            trainer.step().expect("it does not diverge");
        }
        assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), (0..120).collect());
        orders.push(order);
    }
    assert_ne!(orders[0], orders[1]);
    assert_ne!(orders[1], orders[2]);
}

#[test]
fn without_shuffling_every_epoch_is_in_the_order_of_the_data() {
    let mut trainer = trainer::<f64>(&Config { shuffle: false, ..config() });
    for _ in 0..2 {
        let mut order = Vec::new();
        for _ in 0..4 {
            order.extend_from_slice(&trainer.snapshot(None).batch);
            trainer.step().expect("it does not diverge");
        }
        assert_eq!(order, (0..120).collect::<Vec<_>>());
    }
}

#[test]
fn position_counts_what_is_done() {
    let mut trainer = trainer::<f64>(&config());
    assert_eq!(trainer.position().epoch_and_batch(), (0, 0));
    steps(&mut trainer, 1);
    assert_eq!(trainer.position().epoch_and_batch(), (1, 1));
    steps(&mut trainer, 3);
    assert_eq!(trainer.position().epoch_and_batch(), (1, 4));
    steps(&mut trainer, 1);
    assert_eq!(trainer.position().epoch_and_batch(), (2, 1));
}

#[test]
fn what_is_measured_after_an_epoch_is_over_the_whole_parts() {
    let mut trainer = trainer::<f64>(&config());
    steps(&mut trainer, 4);
    let (latest, network) = (trainer.latest(), trainer.model());
    let data = iris(&config());
    let test = data.test.as_ref().expect("a held-out part");
    for (part, measure) in [(&data.train, latest.train), (test, latest.test.expect("measured"))] {
        let forward = network.forward(part.x.view());
        let cost = network.cost(&forward, part.y.view()).mean().expect("samples");
        assert!((measure.data - cost).abs() <= 1e-14 * cost);
        let answers = forward.h().rows().into_iter().map(deltascope::nn::network::answer);
        let right = answers.zip(&part.class).filter(|(answer, class)| answer == *class).count();
        assert_eq!(measure.fit, Fit::Accuracy(right as f64 / part.class.len() as f64));
    }
    assert_eq!((latest.epoch, latest.step), (1, 4));
}

#[test]
fn an_update_that_is_not_finite_is_not_applied() {
    let wild = Config { alpha: 1e300, activation: vec![Activation::Linear], output: Output::Linear, ..config() };
    let mut trainer = trainer::<f64>(&wild);
    let divergence = loop {
        let before = trainer.model().clone();
        if let Err(divergence) = trainer.step() {
            assert_eq!(*trainer.model(), before, "Θ is still there");
            break divergence;
        }
    };
    assert!(trainer.model().theta.iter().flatten().all(|weight| weight.is_finite()) && !divergence.what.is_empty());
    assert_eq!(trainer.position().step, divergence.step);
    assert!(trainer.step().is_err(), "and it stays refused");
}

#[test]
fn a_large_batch_is_carried_in_part_and_summed_whole() {
    let mut digits = DenseTrainer::<f64>::new(Arc::new(Config { batch: BatchSize::Full, ..Config::default() }), {
        let dataset = data::load(&Source::named("digits")).expect("it is built in");
        let options = Preparation { test_split: 0.2, seed: 1, ..Preparation::default() };
        Arc::new(data::prepare(Arc::new(dataset), &options).expect("it is finite"))
    })
    .expect("the options fit");
    let snapshot = digits.snapshot(None);
    let view = dense(&snapshot);
    assert_eq!((snapshot.batch.len(), snapshot.samples, view.sample_cost().len()), (1438, 256, 256));
    assert_eq!(view.a(view.depth()).nrows(), 256);
    let x = view.data.train.x.select(Axis(0), &snapshot.batch);
    let y = view.data.train.y.select(Axis(0), &snapshot.batch);
    let whole = view.network.backward(&view.network.forward(x.view()), y.view());
    snapshot.parameters.iter().zip(&whole.d).for_each(|(found, whole)| assert_near(&found.d, whole));
}

#[test]
fn the_five_starts_are_what_the_derivation_says() {
    let sizes = [4, 5, 3];
    let theta = |init: Init| -> Vec<Array2<f64>> { init.theta(&sizes, 1) };
    for (l, start) in theta(Init::Uniform).iter().enumerate() {
        let r = (6.0 / (sizes[l] + sizes[l + 1]) as f64).sqrt();
        assert!(start.iter().all(|weight| weight.abs() < r) && start.iter().any(|weight| weight.abs() > r / 2.0));
    }
    assert!(theta(Init::Course).iter().flatten().all(|weight| weight.abs() < 0.12));
    assert!(theta(Init::Zeros).iter().flatten().all(|&weight| weight == 0.0));
    for start in theta(Init::He) {
        assert!(start.column(0).iter().all(|&bias| bias == 0.0));
    }
    let many: Vec<Array2<f64>> = Init::He.theta(&[100, 200], 1);
    let deviation = many[0].slice(ndarray::s![.., 1..]).std(0.0);
    assert!((deviation - (2.0_f64 / 100.0).sqrt()).abs() < 0.003, "{deviation}");
}

#[test]
fn units_are_left_out_of_updates_alone_and_the_seed_says_which() {
    let config = Config { dropout: 0.5, layers: vec![12], ..Config::default() };
    let run = |steps: usize| {
        let mut trainer = DenseTrainer::<f64>::new(Arc::new(config.clone()), iris(&config)).expect("the options fit");
        (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
        trainer
    };
    let (one, mut other) = (run(9), run(9));
    assert_eq!(one.model().theta, other.model().theta);
    let snapshot = other.snapshot(None);
    let view = dense(&snapshot);
    let mask = view.mask(2).expect("there is dropout");
    assert_eq!(mask.dim(), (snapshot.batch.len(), 12));
    assert!(mask.iter().zip(view.a(2)).all(|(&r, &a)| (r == 0.0) == (a == 0.0)));
    assert!(mask.iter().zip(view.delta(2)).all(|(&r, &delta)| r != 0.0 || delta == 0.0));
    // What is measured is the whole network.
    let mut at_start = run(0);
    let whole =
        DenseTrainer::<f64>::new(Arc::new(Config { dropout: 0.0, ..config.clone() }), iris(&config)).expect("it fits");
    assert_eq!(at_start.latest(), whole.latest());
    assert_ne!(at_start.snapshot(None).cost.data, whole.cost().data);
}

#[test]
fn threads_share_a_large_step_and_differ_by_rounding_alone() {
    let config = Config { batch: BatchSize::Full, layers: vec![300], alpha: 0.1, dropout: 0.2, ..Config::default() };
    let run = |threads: usize| {
        let config = Config { threads, ..config.clone() };
        let dataset = data::load(&Source::named("digits")).expect("it is built in");
        let data = data::prepare(Arc::new(dataset), &config.preparation()).expect("it is finite");
        let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), Arc::new(data)).expect("the options fit");
        (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
        trainer.snapshot(None)
    };
    let (one, two, again) = (run(1), run(2), run(2));
    assert_eq!((&two.model, &two.tensors), (&again.model, &again.tensors));
    for (two, again) in two.parameters.iter().zip(&again.parameters) {
        assert_eq!((&two.sum, &two.d), (&again.sum, &again.d));
    }
    let layers = |of| {
        let theta = dense(of).network.theta.iter();
        theta.chain(tensors(of, A)).chain(each(of, |theta| &theta.sum)).collect::<Vec<_>>()
    };
    layers(&one).into_iter().zip(layers(&two)).for_each(|(one, two)| assert_near(two, one));
    assert!(tensors(&two, MASK) == tensors(&one, MASK) && (one.cost.data - two.cost.data).abs() < 1e-12);
}
