//! Trajectories: many updates by the trainer itself, each checked to the digit.

use std::sync::Arc;

use deltascope::data::{self, Dataset, Preparation, Prepared, Scale, Source};
use deltascope::nn::optimizer::EPSILON;
use deltascope::nn::{Init, Optimizer};
use deltascope::train::{BatchSize, Config, DenseTrainer};

use crate::oracle::{self, Oracle};
use crate::{dense, error, full_batch, prepared, rows};

const CLOSE: f64 = 1e-10;

#[track_caller]
fn assert_close(what: &str, found: f64, expected: f64) {
    assert!((found - expected).abs() <= CLOSE * expected.abs(), "{what}: {found:e}, expected {expected:e}");
}

fn hidden(oracle: &Oracle) -> Vec<usize> {
    let sizes = oracle.sizes();
    sizes[1..sizes.len() - 1].to_vec()
}

#[test]
fn every_update_of_the_traces_holds() {
    for oracle in oracle::all("mlp_trace") {
        let (x, y) = (oracle.matrix("X"), oracle.matrix("Y").reversed_axes());
        let steps = oracle.items("steps");
        let first = steps[0].counts("batch").len();
        let hyper = oracle.at("/hyper");
        let number = |name: &str, default: f64| if hyper.has(name) { hyper.number(name) } else { default };
        let (optimizer, beta, beta2) = match oracle.text("algorithm") {
            "gd" => (Optimizer::GradientDescent, 0.9, 0.999),
            "momentum_classical" => (Optimizer::Momentum, number("beta", f64::NAN), 0.999),
            "rmsprop" => (Optimizer::RmsProp, 0.9, number("beta", f64::NAN)),
            "adam" => (Optimizer::Adam, number("beta1", f64::NAN), number("beta2", f64::NAN)),
            other => panic!("{other} is no rule of the trainer"),
        };
        assert_eq!(number("eps", EPSILON), EPSILON);
        let config = Config {
            lambda: oracle.number("lambda"),
            optimizer,
            alpha: hyper.number("alpha"),
            beta,
            beta2,
            batch: if first == x.nrows() { BatchSize::Full } else { BatchSize::Size(first) },
            ..full_batch(&hidden(&oracle))
        };
        let network = config.network(oracle.matrices("Theta0"));
        let mut trainer =
            DenseTrainer::<f64>::with_model(Arc::new(config), prepared(&x, &y), network).expect("threads");
        for step in &steps {
            let name = &step.name;
            let snapshot = trainer.snapshot(None);
            assert_eq!(snapshot.batch, step.counts("batch"), "{name}");
            assert_eq!(*dense(&snapshot).a(1), rows(x.view(), &snapshot.batch), "{name}");
            assert_close(&format!("{name} data"), snapshot.cost.data, step.number("J_data_batch"));
            assert_close(&format!("{name} reg"), snapshot.cost.reg_total(), step.number("J_reg_batch"));
            assert_close(&format!("{name} J"), snapshot.cost.total(), step.number("J_batch"));
            for (theta, expected) in snapshot.parameters.iter().zip(&step.matrices("D")) {
                assert!(error(theta.gradient.view(), expected.view()) <= CLOSE, "{name} ∂J/∂Θ");
            }
            trainer.step().expect("it does not diverge");
            for (found, expected) in trainer.model().theta.iter().zip(&step.matrices("Theta_after")) {
                assert!(error(found.view(), expected.view()) <= CLOSE, "{name} Θ");
            }
            // The trainer measures over all data after an epoch only.
            if trainer.position().batches_done == 0 {
                assert_close(&format!("{name} J of all"), trainer.latest().total(), step.number("J_full_after"));
            }
        }
    }
}

/// The same set, written as separated values and read from that file.
fn by_csv(set: &Dataset) -> Dataset {
    let path = std::env::temp_dir().join(format!("deltascope-{}-{}.csv", set.name, std::process::id()));
    let mut text = format!("{},class\n", set.features.join(","));
    for (row, &class) in set.x.rows().into_iter().zip(set.targets.class()) {
        row.iter().for_each(|x| text.push_str(&format!("{x},")));
        text.push_str(&format!("{}\n", set.targets.classes()[class]));
    }
    std::fs::write(&path, text).expect("a file can be written");
    let read = data::load(&Source::named(&path)).unwrap_or_else(|error| panic!("{error}"));
    std::fs::remove_file(&path).expect("the file is the test's own");
    assert_eq!((&read.x, &read.targets), (&set.x, &set.targets), "to the bit");
    read
}

fn real(oracle: &Oracle) -> Arc<Prepared> {
    let (name, scale) = match oracle.text("csv") {
        "iris.csv" => ("iris", Scale::Standard),
        "penguins.csv" => ("penguins", Scale::Standard),
        "optdigits_8x8.csv" => ("digits", Scale::By(16.0)),
        other => panic!("{other} is not built in"),
    };
    let dataset = by_csv(&data::load(&Source::named(name)).expect("it is built in"));
    let options = Preparation { scale: Some(scale), seed: 1, ..Preparation::default() };
    let prepared = data::prepare(Arc::new(dataset), &options).expect("it is finite");
    if oracle.has("feature_mean") {
        for (key, found) in
            [("feature_mean", &prepared.scaling.shift), ("feature_std_population", &prepared.scaling.divisor)]
        {
            oracle.numbers(key).iter().zip(found).for_each(|(&expected, &found)| assert_close(key, found, expected));
        }
    }
    Arc::new(prepared)
}

#[test]
fn descent_on_real_data_holds_for_hundreds_of_updates() {
    for oracle in oracle::all("real_trace") {
        let name = &oracle.name;
        let config = Config {
            lambda: oracle.number("lambda"),
            alpha: oracle.number("alpha"),
            init: Init::Sin,
            ..full_batch(&hidden(&oracle))
        };
        let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), real(&oracle)).expect("the options fit");
        let costs = oracle.numbers("J");
        for (step, &expected) in costs.iter().enumerate() {
            assert_close(&format!("{name} J before update {step}"), trainer.cost().total(), expected);
            if step + 1 < costs.len() {
                trainer.step().expect("it does not diverge");
            }
            let latest = trainer.latest();
            assert_close(&format!("{name} J after {step}"), latest.total(), costs[(step + 1).min(costs.len() - 1)]);
        }
        details(&oracle, &mut trainer);
    }
}

/// What the file tells of the end of the run, and of moments on the way.
fn details(oracle: &Oracle, trainer: &mut DenseTrainer<f64>) {
    let name = &oracle.name;
    let theta = &trainer.model().theta;
    if oracle.has("Theta_final") {
        for (found, expected) in theta.iter().zip(&oracle.matrices("Theta_final")) {
            assert!(error(found.view(), expected.view()) <= CLOSE, "{name} Θ at the end");
        }
    }
    for (found, expected) in theta.iter().zip(oracle.numbers("Theta_final_sumsq")) {
        assert_close(&format!("{name} ‖Θ‖²"), found.iter().map(|weight| weight * weight).sum(), expected);
    }
    let config = Config {
        lambda: oracle.number("lambda"),
        alpha: oracle.number("alpha"),
        init: Init::Sin,
        ..full_batch(&hidden(oracle))
    };
    let mut again = DenseTrainer::<f64>::new(Arc::new(config), real(oracle)).expect("the options fit");
    let mut moments: Vec<u64> = oracle.keys("at").iter().map(|step| step.parse().expect("a step")).collect();
    moments.sort_unstable();
    for step in moments {
        while again.position().step < step {
            again.step().expect("it does not diverge");
        }
        let at = oracle.at(&format!("/at/{step}"));
        let snapshot = again.snapshot(None);
        assert_close(&format!("{} data", at.name), snapshot.cost.data, at.number("J_data"));
        let reg = snapshot.cost.reg_total();
        assert!((reg - at.number("J_reg")).abs() <= CLOSE * at.number("J_reg").abs(), "{} reg", at.name);
        let right = (again.latest().train.fit.accuracy().expect("classes") * oracle.number("m")).round();
        assert_eq!(right, at.number("correct"), "{}", at.name);
        for (theta, expected) in snapshot.parameters.iter().zip(at.numbers("grad_norm_per_layer")) {
            let norm = theta.gradient.iter().map(|slope| slope * slope).sum::<f64>().sqrt();
            assert_close(&format!("{} ‖∂J/∂Θ‖", at.name), norm, expected);
        }
    }
}
