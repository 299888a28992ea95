//! The alarms about costs: J that rises and a held-out cost that rises while J falls, each told apart from noise and from changes by hand.

use deltascope::data::{Making, Source};
use deltascope::derivation::Alarm;
use deltascope::nn::{Activation, Optimizer, Output, Weight};
use deltascope::train::{BatchSize, Config, Schedule, Setting};

use crate::health::{Run, names};

fn of<'a>(alarms: &'a [Alarm], name: &str) -> Option<&'a Alarm> {
    alarms.iter().find(|alarm| alarm.rule.name == name)
}

/// A learning rate at which J rises at once.
fn wild(alpha: f64) -> Config {
    Config { alpha, ..Config::default() }
}

#[test]
fn far_too_large_an_alpha_is_said_to_be_the_cause_before_anything_that_follows_from_it() {
    let mut run = Run::new("digits", wild(100.0));
    run.steps(45);
    let alarms = run.alarms();
    assert_eq!(names(&alarms)[0], "rising", "{alarms:?}");
    assert!(names(&alarms).contains(&"saturated"), "{alarms:?}");
    let latest = run.trainer.latest().total();
    assert!(latest > 50.0);
    let told = format!("J is {} after epoch 1, ", deltascope::number::short(latest));
    assert!(alarms[0].sentence.starts_with(&told) && alarms[0].sentence.ends_with("after epoch 0"), "{alarms:?}");
    assert!(alarms[0].remedies[0].starts_with("a smaller α than 100, such as half: --alpha 50"), "{alarms:?}");
}

#[test]
fn within_a_long_epoch_the_batches_say_that_j_rises() {
    let mut run = Run::new("digits", wild(100.0));
    run.steps(20);
    assert_eq!(run.trainer.position().epochs_done, 0);
    let alarms = run.alarms();
    let rising = of(&alarms, "rising").expect("it rises");
    assert!(rising.sentence.contains("of the 16 batches after steps 5 to 20"), "{rising:?}");
    // In the data's own order, or with units left out, a batch costs something else than the whole part.
    for config in [Config { shuffle: false, ..wild(100.0) }, Config { dropout: 0.1, ..wild(100.0) }] {
        let mut run = Run::new("digits", config);
        run.steps(20);
        assert!(of(&run.alarms(), "rising").is_none());
    }
}

#[test]
fn the_noise_of_single_samples_is_no_rise() {
    for (name, epochs) in [("iris", 60), ("penguins", 20)] {
        let mut run = Run::new(name, Config { batch: BatchSize::Size(1), ..Config::default() });
        while run.trainer.position().epochs_done < epochs {
            let alarms = run.alarms();
            assert!(of(&alarms, "rising").is_none(), "{name}: {alarms:?}");
            run.trainer.step().expect("it does not diverge");
        }
    }
}

#[test]
fn the_remedy_names_the_alpha_that_is_in_force_with_every_optimiser_by_schedule_and_by_hand() {
    for optimizer in [Optimizer::GradientDescent, Optimizer::Momentum, Optimizer::Nesterov] {
        let schedule = Schedule::Step { epochs: 1, factor: 0.5 };
        let mut run = Run::new("digits", Config { optimizer, schedule, ..wild(200.0) });
        run.steps(45);
        let told = "a smaller α than 100 (200 by step:1:0.5), such as half: --alpha 100";
        let alarms = run.alarms();
        let rising = of(&alarms, "rising").expect("it rises");
        assert!(rising.remedies[0].starts_with(told), "{optimizer:?}: {rising:?}");
    }
    for optimizer in [Optimizer::RmsProp, Optimizer::Adam, Optimizer::AdamW] {
        let mut run = Run::new("iris", Config { optimizer, ..Config::default() });
        run.steps(20);
        run.trainer.set(Setting::Alpha, 30.0).expect("it can be set");
        run.steps(20);
        let alarms = run.alarms();
        let rising = of(&alarms, "rising").expect("it rises");
        assert!(rising.remedies[0].starts_with("a smaller α than 30, such as half: --alpha 15"), "{rising:?}");
        assert!(!rising.remedy().contains("--clip"), "its step does not depend on the gradient's length: {rising:?}");
    }
}

#[test]
fn a_j_that_falls_again_after_a_smaller_alpha_was_set_by_hand_is_no_alarm() {
    let linear = Config {
        activation: vec![Activation::Tanh],
        output: Output::Linear,
        batch: BatchSize::Full,
        alpha: 2.5,
        ..Config::default()
    };
    let mut run = Run::new("iris", linear);
    while of(&run.alarms(), "rising").is_none() {
        assert!(run.trainer.position().step < 100, "it rises");
        run.steps(1);
    }
    let high = run.trainer.latest().total();
    run.trainer.set(Setting::Alpha, 0.05).expect("it can be set");
    let alarms = run.alarms();
    let remedy = of(&alarms, "rising").expect("nothing has fallen yet").remedy();
    assert!(remedy.starts_with("a smaller α than 0.05"), "{remedy}");
    while run.trainer.latest().total() >= 0.9 * high {
        assert!(run.trainer.position().step < 1_000, "it falls");
        run.steps(1);
    }
    assert!(of(&run.alarms(), "rising").is_none());
}

#[test]
fn a_j_that_a_change_of_lambda_or_of_a_weight_lifts_is_no_rise() {
    let mut run = Run::new("iris", Config { lambda: 0.0, ..Config::default() });
    run.steps(40);
    run.trainer.set(Setting::Lambda, 100.0).expect("it can be set");
    for _ in 0..8 {
        run.steps(1);
        assert!(of(&run.alarms(), "rising").is_none());
    }
    let mut run = Run::new("iris", Config { alpha: 1e-6, ..Config::default() });
    run.trainer.edit(Weight { l: 2, j: 0, i: 0 }, 500.0).expect("it can be set");
    for _ in 0..40 {
        run.steps(1);
        assert!(of(&run.alarms(), "rising").is_none());
    }
    assert!(run.trainer.latest().total() > 50.0);
}

#[test]
fn a_held_out_cost_that_rises_while_the_data_term_falls_is_overfitting() {
    // Few points that lie between each other, and a wide net without a penalty.
    let making = Making { samples: 60, noise: 0.5, seed: 1 };
    let config = Config {
        source: Source { making, ..Source::named("moons") },
        layers: vec![50],
        activation: vec![Activation::Relu],
        lambda: 0.0,
        alpha: 0.3,
        ..Config::default()
    };
    let mut run = Run::new("moons", config);
    let alarms = loop {
        let alarms = run.alarms();
        if of(&alarms, "overfitting").is_some() {
            break alarms;
        }
        assert!(run.trainer.position().epochs_done < 1_000, "it overfits: {:?}", run.trainer.latest());
        run.trainer.step().expect("it does not diverge");
    };
    let overfitting = of(&alarms, "overfitting").expect("it was found");
    let lowest = run.epochs.all().map(|epoch| epoch.held_out()).fold(f64::INFINITY, f64::min);
    assert!(run.trainer.latest().held_out() >= 1.1 * lowest);
    let told = format!("times its lowest, {} after epoch", deltascope::number::short(lowest));
    assert!(overfitting.sentence.contains(&told), "{overfitting:?}");
    for flag in ["--lambda 0.1 ", "--dropout 0.2", "--patience 5", "--samples 120"] {
        assert!(overfitting.remedy().contains(flag), "{flag}: {overfitting:?}");
    }
}
