//! With no option but the data every set and every well-scaled table is learnt.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{self, Dataset, Loaded, Source, Targets, Task};
use deltascope::nn::{Activation, Optimizer, Output};
use deltascope::train::{Asked, Config, DataFacts, DenseTrainer, Fit, Recurrence, RecurrentTrainer};
use ndarray::Array2;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// J before the first update and at the end, and the accuracy or R² over the training part.
#[derive(Debug)]
struct Learnt {
    begun: f64,
    ended: f64,
    fit: f64,
}

fn fit(fit: Fit) -> f64 {
    match fit {
        Fit::Accuracy(accuracy) => accuracy,
        Fit::Numbers { r2, .. } => r2.unwrap_or(0.0),
    }
}

/// Trains with what is asked for; else with what suits the data.
#[track_caller]
fn learn((source, dataset): (Source, Dataset), asked: &Asked, epochs: u64) -> Learnt {
    let config = Config { source, ..Config::default() };
    let facts = DataFacts::of_rows(&config.source, &dataset, (config.test_split, config.seed));
    let config = config.suiting(asked, facts);
    let told = config.command_line();
    let prepared = data::prepare(Arc::new(dataset), &config.preparation()).expect("it can be scaled");
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), Arc::new(prepared)).expect("the options fit");
    let begun = trainer.latest().total();
    while trainer.position().epochs_done < epochs {
        trainer.step().unwrap_or_else(|divergence| panic!("{told}: {divergence:?}"));
    }
    let latest = trainer.latest();
    Learnt { begun, ended: latest.total(), fit: fit(latest.train.fit) }
}

fn set(name: &str) -> (Source, Dataset) {
    let source = Source::named(name);
    let dataset = data::load(&source).expect("the set is there");
    (source, dataset)
}

#[test]
fn every_set_learns_with_its_own_options() {
    for (name, epochs, floor) in [
        ("digits", 15, 0.95),
        ("iris", 60, 0.95),
        ("penguins", 60, 0.97),
        ("xor", 100, 1.0),
        ("circle", 60, 0.98),
        ("xor-cloud", 60, 0.98),
        ("gauss", 20, 0.98),
        ("spiral", 100, 0.97),
        ("moons", 60, 0.99),
        ("reg-plane", 40, 0.98),
        ("reg-gauss", 100, 0.75),
    ] {
        let learnt = learn(set(name), &Asked::default(), epochs);
        assert!(learnt.fit >= floor && learnt.ended < 0.5 * learnt.begun, "{name}: {learnt:?}");
    }
}

#[test]
fn what_is_left_open_suits_what_is_asked_for() {
    let asked = |layers: &[usize]| Asked { layers: Some(layers.to_vec()), ..Asked::default() };
    let activation = |activation| Asked { activation: Some(vec![activation]), ..Asked::default() };
    let output = |output| Asked { output: Some(output), ..Asked::default() };
    let rule = |rule| Asked { optimizer: Some(rule), ..Asked::default() };
    for (asked, floor) in [
        (asked(&[16, 16, 16]), 0.93),
        (asked(&[]), 0.93),
        (activation(Activation::Relu), 0.93),
        (activation(Activation::Tanh), 0.93),
        (output(Output::Softmax), 0.93),
        (output(Output::Linear), 0.75),
        (rule(Optimizer::Adam), 0.93),
        (rule(Optimizer::Momentum), 0.93),
        (rule(Optimizer::RmsProp), 0.93),
    ] {
        let learnt = learn(set("digits"), &asked, 12);
        assert!(learnt.fit >= floor, "{asked:?}: {learnt:?}");
    }
    for (name, asked) in [
        ("spiral", activation(Activation::Relu)),
        ("moons", rule(Optimizer::GradientDescent)),
        ("xor-cloud", asked(&[16, 16, 16])),
        ("reg-plane", rule(Optimizer::GradientDescent)),
    ] {
        let learnt = learn(set(name), &asked, 100);
        assert!(learnt.fit >= 0.9, "{name} {asked:?}: {learnt:?}");
    }
}

#[test]
fn tables_of_users_learn_with_no_option_but_the_task() {
    for (name, task, target, floor) in [
        ("continuous_target", Task::Regression, None, 0.9),
        ("two_targets_regression", Task::Regression, Some("y1,y2"), 0.9),
        ("yes_no_target", Task::Classes, None, 0.85),
        ("plus_minus_one_target", Task::Binary, None, 0.85),
        ("data_4_features", Task::Classes, None, 0.85),
    ] {
        let path = format!("tests/learns/{name}.csv");
        let source = Source { task: Some(task), target: target.map(Into::into), ..Source::named(path) };
        let dataset = data::load(&source).expect("it can be read");
        let learnt = learn((source, dataset), &Asked::default(), 60);
        assert!(learnt.fit >= floor && learnt.ended < 0.5 * learnt.begun, "{name}: {learnt:?}");
    }
}

/// A table of normal features of any scale, and of what follows from them with a little noise.
fn table(seed: u64, (m, n): (usize, usize), classes: Option<usize>) -> (Source, Dataset) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut share = || (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    // The sum of twelve is close enough to a normal number.
    let mut normal = || (0..12).map(|_| share()).sum::<f64>() - 6.0;
    let z = Array2::from_shape_simple_fn((m, n), &mut normal);
    let w = Array2::from_shape_simple_fn((n, classes.unwrap_or(2)), || normal() / (n as f64).sqrt());
    let noise = Array2::from_shape_simple_fn((m, classes.unwrap_or(2)), || 0.1 * normal());
    let sums = z.dot(&w) + noise;
    let (scale, shift) = (10_f64.powf(2.0 * normal()), 10_f64.powf(2.0 * normal()));
    let scales: Vec<(f64, f64)> = (0..n).map(|_| (10_f64.powf(normal()), 100.0 * normal())).collect();
    let x = Array2::from_shape_fn((m, n), |(b, i)| scales[i].0 * z[[b, i]] + scales[i].1);
    let targets = match classes {
        Some(count) => {
            let largest = |b: usize| (0..count).max_by(|&p, &q| sums[[b, p]].total_cmp(&sums[[b, q]]));
            let class: Vec<usize> = (0..m).map(|b| largest(b).expect("there is a class")).collect();
            Targets::Classes { class, names: (0..count).map(|k| format!("c{k}")).collect(), single: false }
        }
        None => {
            let number = |b: usize| scale * (sums[[b, 0]] + 0.5 * sums[[b, 1]].tanh()) + shift;
            Targets::Numbers { y: Array2::from_shape_fn((m, 1), |(b, _)| number(b)), names: vec!["y".into()] }
        }
    };
    let (_, iris) = set("iris");
    let task = targets.task();
    let standard = iris.scale;
    let target_scale = if task == Task::Regression { standard } else { iris.target_scale };
    let features = (0..n).map(|i| format!("x{i}")).collect();
    let dataset = Dataset { name: "random".into(), x, targets, features, target_scale, ..iris };
    (Source { task: Some(task), ..Source::named("random.csv") }, dataset)
}

#[test]
fn fifty_random_tables_learn_with_no_option_but_the_task() {
    for seed in 0..50 {
        let mut rng = ChaCha8Rng::seed_from_u64(1_000 + seed);
        let mut upto = |end: u64| (rng.next_u64() % end) as usize;
        // From 20 to 2,000 rows, most of them few.
        let (m, n) = (20 * 10_usize.pow(upto(2) as u32) * (1 + upto(9)), 2 + upto(49));
        let classes = (seed % 2 == 1).then(|| 2 + upto(6));
        let epochs = if m < 300 { 40 } else { 15 };
        let learnt = learn(table(seed, (m, n), classes), &Asked::default(), epochs);
        let floor = if classes.is_some() { 0.8 } else { 0.7 };
        assert!(learnt.fit >= floor && learnt.ended < 0.5 * learnt.begun, "{m}x{n} {classes:?}: {learnt:?}");
    }
}

#[test]
fn the_smallest_tables_and_odd_ones_learn_too() {
    for (m, n, classes) in [(4, 2, None), (6, 3, Some(2)), (5, 1, None), (300, 1, Some(3)), (2_000, 4, Some(40))] {
        let learnt = learn(table(7, (m, n), classes), &Asked::default(), if m < 10 { 150 } else { 30 });
        assert!(learnt.ended < 0.5 * learnt.begun, "{m}x{n} {classes:?}: {learnt:?}");
    }
    for task in [None, Some(3)] {
        let (source, mut dataset) = table(9, (200, 6), task);
        dataset.x.column_mut(2).fill(5.0);
        dataset.x[[17, 3]] = 1e9;
        let learnt = learn((source, dataset), &Asked::default(), 40);
        // What the outlier leaves of its feature is next to nothing.
        assert!(learnt.fit > 0.7 && learnt.ended < 0.6 * learnt.begun, "{task:?}: {learnt:?}");
    }
}

#[test]
#[ignore = "scripts/long runs it"]
fn tables_of_100_000_rows_learn_with_no_option_but_the_task() {
    for classes in [None, Some(5)] {
        let learnt = learn(table(3, (100_000, 20), classes), &Asked::default(), 2);
        assert!(learnt.fit >= 0.85 && learnt.ended < 0.5 * learnt.begun, "{classes:?}: {learnt:?}");
    }
}

#[test]
fn every_set_of_sequences_learns_with_its_own_options() {
    for (name, epochs, below) in [
        ("adding", 8, 0.3),
        ("remember", 10, 0.97),
        ("parity", 12, 0.99),
        ("echo", 4, 0.5),
        ("sine", 4, 0.3),
        ("jabberwocky", 8, 0.75),
    ] {
        let source = Source::sequences(name, 12, 200);
        let loaded = Loaded::read(&source).expect("it can be made");
        let facts = DataFacts::of(&source, &loaded, (0.2, 1));
        let recurrence = Some(Recurrence { cell: Sequences::usual_cell(&source.name), truncate: None });
        let config = Config { source, recurrence, ..Config::default() }.suiting(&Asked::default(), facts);
        let data = loaded.prepare(&config.preparation()).expect("it can be split");
        let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
        let begun = trainer.latest().total();
        while trainer.position().epochs_done < epochs {
            trainer.step().expect("it does not diverge");
        }
        let ended = trainer.latest().total();
        assert!(ended < below * begun, "{name:?}: J {begun} → {ended}");
    }
}
