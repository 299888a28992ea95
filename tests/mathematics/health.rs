//! The alarms: each on a run that is ill in just that way, and none on healthy runs of every embedded set.

use std::sync::Arc;

use deltascope::data::{self, Source};
use deltascope::derivation::{Alarm, AlarmRule, HealthFacts, Kinds, LayerNorms, RULES, alarms};
use deltascope::nn::{Activation, Init, Output, Weight};
use deltascope::number::{percent, short};
use deltascope::train::{BatchSize, Config, CostHistory, DenseTrainer, EpochHistory, Snapshot, Status};

use crate::dense;

pub struct Run {
    pub trainer: DenseTrainer<f64>,
    pub epochs: EpochHistory,
    pub costs: CostHistory,
}

impl Run {
    pub fn new(name: &str, config: Config) -> Self {
        let source = if config.source.name == name { config.source.clone() } else { Source::named(name) };
        let dataset = data::load(&source).expect("it is built in");
        let options = config.preparation();
        let data = Arc::new(data::prepare(Arc::new(dataset), &options).expect("it can be split"));
        let trainer = DenseTrainer::new(Arc::new(config), data).expect("the options fit");
        Self { trainer, epochs: EpochHistory::default(), costs: CostHistory::default() }
    }

    pub fn look(&mut self) -> Box<Snapshot> {
        let snapshot = self.trainer.snapshot(None);
        self.epochs.append(&snapshot.epochs);
        self.costs.append(&snapshot.costs);
        snapshot
    }

    pub fn alarms(&mut self) -> Vec<Alarm> {
        let snapshot = self.look();
        self.of(&snapshot)
    }

    pub fn of(&self, snapshot: &Snapshot) -> Vec<Alarm> {
        let norms = LayerNorms::of(snapshot);
        alarms(&HealthFacts { snapshot, norms: &norms, epochs: &self.epochs, costs: &self.costs })
    }

    pub fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.trainer.step().expect("it does not diverge");
            self.look();
        }
    }

    /// Sets the biases of some units of layer 2.
    fn bias(&mut self, units: std::ops::Range<usize>, to: f64) {
        units.for_each(|j| self.trainer.edit(Weight { l: 1, j, i: 0 }, to).expect("it is finite"));
    }
}

pub fn names(alarms: &[Alarm]) -> Vec<&'static str> {
    alarms.iter().map(|alarm| alarm.rule.name).collect()
}

/// Options with which every embedded set is learned.
fn healthy() -> Vec<(&'static str, Config, u64)> {
    let net = |layers: &[usize], activation, output, alpha| Config {
        layers: layers.to_vec(),
        activation: vec![activation],
        output,
        alpha,
        ..Config::default()
    };
    let xor = Config { lambda: 0.0, batch: BatchSize::Full, ..net(&[4], Activation::Tanh, Output::Sigmoid, 0.5) };
    let mut runs = vec![("xor", xor, 2_000)];
    for name in ["digits", "iris", "penguins"] {
        let epochs = if name == "digits" { 40 } else { 300 };
        runs.push((name, Config::default(), epochs));
        runs.push((name, Config { init: Init::He, ..net(&[20, 15], Activation::Relu, Output::Softmax, 0.1) }, epochs));
        runs.push((name, net(&[20, 15], Activation::Tanh, Output::Softmax, 0.1), epochs));
    }
    runs
}

#[test]
fn healthy_runs_on_every_embedded_set_raise_no_alarm_from_beginning_to_end() {
    for (name, config, epochs) in healthy() {
        let told = format!("{name} {}", config.command_line());
        let mut run = Run::new(name, config);
        while run.trainer.position().epochs_done < epochs {
            let alarms = run.alarms();
            assert!(alarms.is_empty(), "{told}: step {}: {alarms:?}", run.trainer.position().step);
            run.trainer.step().expect("it does not diverge");
        }
        let latest = run.trainer.latest();
        assert!(latest.train.fit.accuracy() > Some(0.9), "{told}: {latest:?}");
    }
}

#[test]
fn a_run_whose_next_update_is_not_finite_has_diverged() {
    let mut run = Run::new("iris", Config::default());
    let mut snapshot = run.look();
    snapshot.status = Status::Diverged("J after it".into());
    let alarms = run.of(&snapshot);
    assert_eq!(names(&alarms), ["diverged"]);
    assert_eq!(alarms[0].sentence, "update 1 is not applied: J after it is not finite");
}

#[test]
fn a_gradient_over_100_explodes() {
    let linear = Config { activation: vec![Activation::Linear], output: Output::Linear, ..Config::default() };
    let mut run = Run::new("iris", linear);
    run.bias(0..1, 900.0);
    let alarms = run.alarms();
    assert_eq!(names(&alarms)[0], "exploding");
    let norms = LayerNorms::of(&run.look());
    assert_eq!((alarms[0].l, alarms[0].layer), (Some(2), Some(3)), "{norms:?}");
    assert!(
        alarms[0]
            .sentence
            .contains(&format!("‖D^(2)‖ is {}, over 100 (bias column included, next batch)", short(norms[1].d))),
        "{alarms:?}"
    );
}

#[test]
fn units_that_start_the_same_stay_the_same() {
    let mut run = Run::new("iris", Config { init: Init::Zeros, ..Config::default() });
    for step in 0..3 {
        let alarms = run.alarms();
        assert_eq!(names(&alarms)[0], "symmetric", "step {step}");
        assert!(alarms[0].sentence.starts_with("all 25 units of δ^(2) are equal"), "{alarms:?}");
        run.steps(1);
    }
}

#[test]
fn half_of_the_relu_units_at_0_for_all_samples_are_dead_and_one_less_is_not() {
    let config = Config { activation: vec![Activation::Relu], layers: vec![10], alpha: 1e-6, ..Config::default() };
    for (units, expected) in [(4, vec![]), (5, vec!["dead"])] {
        let mut run = Run::new("iris", config.clone());
        assert_eq!(run.look().dead, [Some(0)]);
        run.bias(0..units, -1e3);
        // It is measured after an epoch.
        run.steps(4);
        assert_eq!(run.look().dead, [Some(units)]);
        let alarms = run.alarms();
        assert_eq!(names(&alarms), expected);
        if let Some(alarm) = alarms.first() {
            let told = "5 of 10 units of a^(2) are 0 for all 120 training samples (after epoch 1)";
            assert_eq!((alarm.l, alarm.layer, alarm.sentence.as_str()), (Some(1), Some(2), told));
        }
    }
}

#[test]
fn half_of_a_layer_at_the_ends_of_its_activation_is_saturated() {
    for (activation, ends) in [(Activation::Sigmoid, "within 0.03 of 0 or 1"), (Activation::Tanh, "beyond 0.97")] {
        let config = Config { activation: vec![activation], layers: vec![10], alpha: 1e-6, ..Config::default() };
        let mut run = Run::new("iris", config);
        run.bias(0..5, -60.0);
        let snapshot = run.look();
        let view = dense(&snapshot);
        let share = view.activations(2).saturated.expect("it has ends");
        let a = view.a(2);
        let near = |a: f64| if activation == Activation::Tanh { a.abs() > 0.97 } else { !(0.03..=0.97).contains(&a) };
        let counted = a.iter().filter(|&&a| near(a)).count() as f64 / a.len() as f64;
        assert_eq!(share, counted);
        assert_eq!(view.activations(3).saturated, None, "outputs are meant to come near the ends");
        let alarms = run.alarms();
        assert_eq!(names(&alarms), ["saturated"]);
        let sentence = &alarms[0].sentence;
        assert!(sentence.contains(&percent(share)) && sentence.contains(ends), "{sentence}");
        assert!(sentence.ends_with("(next batch), and J after epoch 0 is 100.0 % of epoch 0's"), "{sentence}");
    }
}

#[test]
fn many_layers_of_sigmoids_with_small_weights_let_the_gradient_vanish() {
    let mut run = Run::new("iris", Config { layers: vec![8; 5], init: Init::Course, ..Config::default() });
    let alarms = run.alarms();
    assert_eq!(names(&alarms), ["vanishing"]);
    let norms = LayerNorms::of(&run.look());
    let share = norms[0].d / norms.iter().map(|norms| norms.d).fold(0.0, f64::max);
    assert!(alarms[0].sentence.starts_with(&format!("‖D^(1)‖ is {} of ‖D^(6)‖", percent(share))), "{alarms:?}");
}

#[test]
fn a_cost_that_does_not_fall_for_long_is_a_plateau() {
    // On XOR with so strong a penalty nothing can be learned.
    let mut run = Run::new("xor", Config { lambda: 10.0, batch: BatchSize::Full, ..Config::default() });
    run.steps(999);
    assert!(run.alarms().is_empty());
    run.steps(200);
    let alarms = run.alarms();
    assert_eq!(names(&alarms), ["plateau"]);
    assert!(alarms[0].sentence.contains("after epoch 199") && alarms[0].sentence.contains("after epoch 1199"));
}

#[test]
fn every_rule_has_a_name_and_a_threshold_of_its_own() {
    for (index, rule) in RULES.iter().enumerate() {
        assert!(!rule.name.is_empty() && !rule.threshold.is_empty());
        // Rules for dense nets and rules for recurrent ones may have a name in common, which no net sees twice.
        let is_apart =
            |other: &&AlarmRule| other.kinds != rule.kinds && ![other.kinds, rule.kinds].contains(&Kinds::Every);
        let is_other =
            |other: &&AlarmRule| (other.name != rule.name || is_apart(other)) && other.threshold != rule.threshold;
        assert!(RULES[..index].iter().all(is_other), "{}", rule.name);
    }
}
