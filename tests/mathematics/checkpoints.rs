//! A run that goes on from a checkpoint: the same bits and the same end as one that was never left.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{Loaded, Making, Source};
use deltascope::nn::{Activation, Cell, Named, Network, Optimizer, Output, Penalty, Real, Recurrent};
use deltascope::train::{
    BatchSize, Checkpoint, Config, DenseTrainer, Precision, Recurrence, Schedule, Setting, Trainable, Trainer,
};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::test_runner::Config as Cases;

/// Options of a small run, with an end that it may come to.
fn options() -> impl Strategy<Value = Config> {
    let penalty = (select(Penalty::ALL), prop_oneof![Just(0.0), 0.0..3.0_f64]);
    let descent = (select(Optimizer::ALL), 0.001..0.1_f64, prop_oneof![Just(None), (0.01..1.0_f64).prop_map(Some)]);
    let schedule = prop_oneof![
        Just(Schedule::Constant),
        Just(Schedule::Step { epochs: 2, factor: 0.5 }),
        Just(Schedule::Cosine { epochs: 6 }),
    ];
    let batch = (prop_oneof![(1..60_usize).prop_map(BatchSize::Size), Just(BatchSize::Full)], any::<bool>());
    let end = (prop_oneof![Just(None), (0.1..3.0_f64).prop_map(Some)], prop_oneof![Just(None), Just(Some(2))]);
    let rest = (select(Precision::ALL), 1..9_u64);
    (penalty, descent, schedule, batch, end, rest).prop_map(
        |(
            (penalty, lambda),
            (optimizer, alpha, clip),
            schedule,
            (batch, shuffle),
            (until, patience),
            (precision, seed),
        )| {
            Config {
                penalty,
                lambda,
                optimizer,
                alpha,
                clip,
                schedule,
                batch,
                shuffle,
                until,
                patience,
                precision,
                seed,
                ..Config::default()
            }
        },
    )
}

fn dense() -> impl Strategy<Value = Config> {
    let layers = prop_oneof![Just(vec![]), Just(vec![4]), Just(vec![20, 3])];
    let units = (select(Activation::ALL), select(Output::ALL), prop_oneof![Just(0.0), 0.1..0.7_f64]);
    (options(), layers, units).prop_map(|(config, layers, (activation, output, dropout))| Config {
        source: Source::named("iris"),
        layers,
        activation: vec![activation],
        output,
        dropout,
        ..config
    })
}

fn recurrent() -> impl Strategy<Value = Config> {
    let sets = select(vec!["remember", "adding", "parity", "echo", "sine"]);
    (options(), select(Cell::ALL), sets, prop_oneof![Just(None), (1..5_usize).prop_map(Some)]).prop_map(
        |(config, cell, set, truncate)| {
            let source = Source::sequences(set, 6, 60);
            let source = Source { making: Making { seed: config.seed, ..source.making }, ..source };
            Config { source, layers: vec![5], recurrence: Some(Recurrence { cell, truncate }), ..config }
        },
    )
}

/// Steps until the run is done, has diverged, or has made so many updates; a setting is changed on the way.
fn advance<T: Real, M: Trainable<T>>(trainer: &mut Trainer<T, M>, updates: u64, (change_at, to): (u64, f64)) {
    while trainer.position().step < updates && trainer.done().is_none() {
        if trainer.position().step == change_at {
            let _ = trainer.set(Setting::Lambda, to);
            let _ = trainer.set(Setting::Batch, (to * 10.0).ceil());
        }
        if trainer.step().is_err() {
            return;
        }
    }
}

/// What must be equal at the end.
fn bits<T: Real>(checkpoint: &Checkpoint<T>) -> String {
    let numbers = |values: &mut dyn Iterator<Item = T>| values.map(|value| value.f64().to_bits()).collect::<Vec<_>>();
    let theta = numbers(&mut checkpoint.parameters.iter().flatten().copied());
    let memory = checkpoint.memory.iter().flat_map(|memory| memory.v.iter().chain(&memory.s)).flatten();
    let memory = numbers(&mut memory.copied());
    let Checkpoint { position, taken, latest, best, done, changes, answers, dead, .. } = checkpoint;
    format!("{theta:?} {memory:?} {position:?} {taken} {latest:?} {best:?} {done:?} {changes:?} {answers:?} {dead:?}")
}

fn goes_on<T: Real, M: Trainable<T>>(config: Config, source: &Loaded, (n, k): (u64, u64), change: (u64, f64)) {
    let data = source.prepare(&config.preparation()).expect("they are finite");
    let config = Arc::new(config);
    // Options that make no net of these data, or start beyond the finite numbers, are of no interest here.
    let Ok(mut whole) = Trainer::<T, M>::new(Arc::clone(&config), data.clone()) else { return };
    let mut first = Trainer::<T, M>::new(config, data.clone()).expect("it was made once");
    advance(&mut whole, n + k, change);
    advance(&mut first, n, change);
    let left = first.checkpoint();
    drop(first);
    let mut second = Trainer::<T, M>::resume(&left, data).expect("its options fit");
    assert_eq!(bits(&second.checkpoint()), bits(&left), "a checkpoint of a run that goes on is the one it came from");
    advance(&mut second, n + k, change);
    assert_eq!(bits(&second.checkpoint()), bits(&whole.checkpoint()));
}

proptest! {
    #![proptest_config(Cases { cases: 48, ..Cases::default() })]

    #[test]
    fn a_dense_run_goes_on_bit_for_bit(config in dense(), n in 0..40_u64, k in 1..40_u64, at in 0..60_u64, to in 0.1..3.0_f64) {
        let loaded = Loaded::read(&config.source).expect("it is built in");
        match config.precision {
            Precision::F64 => goes_on::<f64, Network<f64>>(config, &loaded, (n, k), (at, to)),
            Precision::F32 => goes_on::<f32, Network<f32>>(config, &loaded, (n, k), (at, to)),
        }
    }

    #[test]
    fn a_recurrent_run_goes_on_bit_for_bit(config in recurrent(), n in 0..30_u64, k in 1..30_u64, at in 0..40_u64, to in 0.1..3.0_f64) {
        let sequences = Sequences::load(&config.source).expect("they can be made");
        let config = Config { output: sequences.usual_output(), ..config };
        let loaded = Arc::new(sequences).into();
        match config.precision {
            Precision::F64 => goes_on::<f64, Recurrent<f64>>(config, &loaded, (n, k), (at, to)),
            Precision::F32 => goes_on::<f32, Recurrent<f32>>(config, &loaded, (n, k), (at, to)),
        }
    }
}

#[test]
fn a_run_that_was_left_ends_where_it_would_have_ended() {
    let config =
        Config { source: Source::named("iris"), alpha: 0.5, lambda: 0.0, until: Some(0.5), ..Config::default() };
    let loaded = Loaded::read(&config.source).expect("it is built in");
    let data = loaded.prepare(&config.preparation()).expect("they are finite");
    let begin = || DenseTrainer::<f64>::new(Arc::new(config.clone()), data.clone()).expect("a net");
    let (mut whole, mut first) = (begin(), begin());
    advance(&mut whole, 10_000, (u64::MAX, 0.0));
    advance(&mut first, whole.position().step - 1, (u64::MAX, 0.0));
    assert!(whole.done().is_some() && first.done().is_none());
    let mut second = DenseTrainer::resume(&first.checkpoint(), data).expect("its options fit");
    advance(&mut second, 10_000, (u64::MAX, 0.0));
    assert_eq!((second.position(), second.done()), (whole.position(), whole.done()));
    assert_eq!(second.model().theta, whole.model().theta);
}
