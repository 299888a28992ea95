//! Schedules of α, the gradient that is cut down, and the ends of a run.

use std::sync::Arc;

use deltascope::nn::Optimizer;
use deltascope::train::{BatchSize, Config, DenseTrainer, Done, Schedule};

use crate::each;
use crate::trainer::{config, iris, steps, trainer};

/// Trains until the run is done, for so many epochs at most.
fn end(config: Config, at_most: u64) -> (DenseTrainer<f64>, Option<Done>) {
    let mut trainer = trainer::<f64>(&config);
    while trainer.position().epochs_done < at_most && trainer.done().is_none() {
        trainer.step().expect("it does not diverge");
    }
    let done = trainer.done();
    (trainer, done)
}

#[test]
fn alpha_follows_the_schedule_epoch_by_epoch() {
    let schedule = Schedule::Step { epochs: 2, factor: 0.5 };
    let mut trainer = trainer::<f64>(&Config { schedule, batch: BatchSize::Size(60), ..config() });
    for alpha in [0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125] {
        let snapshot = trainer.snapshot(None);
        for theta in &snapshot.parameters {
            assert_eq!(theta.update, theta.gradient.mapv(|slope| -alpha * slope), "step {}", snapshot.position.step);
        }
        steps(&mut trainer, 1);
    }
}

#[test]
fn a_gradient_that_is_too_long_is_cut_to_the_length_allowed_and_a_shorter_one_is_left() {
    let length = |update: Vec<&ndarray::Array2<f64>>| update.into_iter().flatten().map(|u| u * u).sum::<f64>().sqrt();
    for clip in [0.25, 1e3] {
        let snapshot = trainer::<f64>(&Config { clip: Some(clip), ..config() }).snapshot(None);
        let whole = length(each(&snapshot, |theta| &theta.gradient));
        assert!((snapshot.cut - (clip / whole).min(1.0)).abs() < 1e-15);
        let expected = 0.5 * whole.min(clip);
        assert!((length(each(&snapshot, |theta| &theta.update)) - expected).abs() < 1e-14, "{clip}");
    }
    // The penalty of AdamW is no part of what is cut.
    let adamw = Config { optimizer: Optimizer::AdamW, clip: Some(1e-3), ..config() };
    let snapshot = trainer::<f64>(&adamw).snapshot(None);
    assert!((snapshot.cut - 1e-3 / length(each(&snapshot, |theta| &theta.d))).abs() < 1e-15);
}

#[test]
fn a_run_is_done_after_its_epochs() {
    let (trainer, done) = end(Config { epochs: Some(3), ..config() }, 9);
    assert_eq!((done, trainer.position().epochs_done), (Some(Done::Epochs(3)), 3));
}

#[test]
fn a_run_is_done_once_when_j_has_come_below_what_was_asked_for() {
    let (mut trainer, done) = end(Config { until: Some(1.2), ..config() }, 400);
    assert_eq!(done, Some(Done::Until(1.2)));
    assert!(trainer.latest().total() < 1.2);
    let epoch = trainer.position().epochs_done;
    while trainer.position().epochs_done < epoch + 3 {
        steps(&mut trainer, 1);
        assert_eq!(trainer.done(), None, "it holds once");
    }
}

#[test]
fn a_run_that_begins_below_what_was_asked_for_is_done_after_its_first_epoch() {
    let (trainer, done) = end(Config { until: Some(1e3), ..config() }, 9);
    assert_eq!((done, trainer.position().epochs_done), (Some(Done::Until(1e3)), 1));
}

#[test]
fn a_run_is_done_when_the_held_out_cost_has_not_fallen_for_so_long() {
    // Without a penalty and with large steps the net soon fits the training part too well.
    let config = Config { lambda: 0.0, alpha: 3.0, patience: Some(5), ..config() };
    let mut trainer = trainer::<f64>(&config);
    let mut costs = vec![trainer.latest().test.expect("a part is held out").data];
    while trainer.done().is_none() {
        trainer.step().expect("it does not diverge");
        if trainer.position().batches_done == 0 {
            costs.push(trainer.latest().test.expect("a part is held out").data);
        }
        assert!(costs.len() < 5_000);
    }
    let least = costs.iter().copied().fold(f64::INFINITY, f64::min);
    let best = costs.iter().position(|&cost| cost == least).expect("it is one of them");
    assert_eq!((trainer.done(), costs.len() - 1), (Some(Done::Patience(best as u64)), best + 5));
}

#[test]
fn patience_needs_a_held_out_part() {
    let config = Config { patience: Some(5), test_split: 0.0, ..config() };
    let data = iris(&config);
    let Err(error) = DenseTrainer::<f64>::new(Arc::new(config), data) else { panic!("nothing is held out") };
    assert_eq!(error.to_string(), "--patience 5: nothing is held out, so there is no held-out cost");
}
