//! The descent: its J are those of the trainer, its slope is that of J, and the training goes on as if nobody looked.

use std::sync::mpsc::channel;
use std::time::Duration;

use deltascope::data::Data;
use deltascope::nn::{Activation, AnyModel, Batch, Cell, Conditions, Named, Optimizer, Output, Penalty};
use deltascope::train::{
    AnyTrainer, BatchSize, Config, Descender, Descent, DescentTask, Precision, Recurrence, Snapshot, begin,
};
use ndarray::{Array2, Axis};

use crate::recurrent;
use crate::trainer::iris;

/// Longer than any descent here takes.
const LONG: Duration = Duration::from_secs(60);

fn plain() -> Config {
    Config { layers: vec![5, 4], activation: vec![Activation::Tanh], lambda: 0.7, alpha: 0.3, ..Config::default() }
}

/// A run on iris after some updates.
fn dense(config: &Config) -> Box<dyn AnyTrainer> {
    after_steps(begin(config.clone(), Data::Rows(iris(config))).expect("the options fit"))
}

/// A run of a recurrent network after some updates.
fn through_time(cell: Cell, change: impl Fn(Config) -> Config) -> Box<dyn AnyTrainer> {
    let (config, data) = recurrent::options("echo", cell, 6);
    let config = Config { optimizer: Optimizer::GradientDescent, lambda: 0.5, layers: vec![4], ..config };
    after_steps(begin(change(config), data).expect("the options fit"))
}

fn after_steps(mut trainer: Box<dyn AnyTrainer>) -> Box<dyn AnyTrainer> {
    (0..5).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer
}

fn descent(snapshot: &Snapshot) -> Descent {
    DescentTask::of(snapshot).run(|| true).expect("nothing stops it")
}

/// J of the batch of a snapshot at some Θ, by the pass in `f64`.
fn cost(snapshot: &Snapshot, theta: &[Array2<f64>]) -> f64 {
    let mut model = snapshot.model.clone();
    match &mut model {
        AnyModel::Dense(network) => network.theta.clone_from_slice(theta),
        AnyModel::Recurrent(network) => network.theta.clone_from_slice(theta),
    }
    let [x, y] = match &snapshot.data {
        Data::Rows(rows) => [&rows.train.x, &rows.train.y].map(|of| of.select(Axis(0), &snapshot.batch)),
        Data::Sequences(parts) => {
            let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
            parts.sequences.fill(&snapshot.batch, (&mut x, &mut y));
            [x, y]
        }
    };
    let config = &snapshot.config;
    let conditions =
        Conditions { dropout: config.dropout, draw: (config.seed, snapshot.position.step), truncate: None };
    let samples = snapshot.batch.len();
    let tensors = model.pass(Batch { x: x.view(), y: y.view(), samples }, &conditions);
    let reg = theta
        .iter()
        .enumerate()
        .map(|(index, theta)| snapshot.regularisation.cost_beyond(snapshot.model.biases(index), theta));
    tensors.values("J", 0).sum() / samples as f64 + reg.sum::<f64>()
}

/// Θ of a snapshot, moved by t against its gradient.
fn moved(snapshot: &Snapshot, t: f64) -> Vec<Array2<f64>> {
    let parameters = snapshot.model.parameters().iter().zip(&snapshot.parameters);
    parameters.map(|(theta, of)| theta - &(t * &of.gradient)).collect()
}

fn assert_near(a: f64, b: f64, relative: f64) {
    assert!((a - b).abs() <= relative * a.abs().max(b.abs()), "{a} {b}");
}

/// Asserts that the descent begins at J of the snapshot, and that α leads to J at the Θ that the trainer goes on with.
fn assert_of_the_run(mut trainer: Box<dyn AnyTrainer>, relative: f64) {
    let before = trainer.snapshot(None);
    let descent = descent(&before);
    assert_eq!(descent.here().cost, before.cost, "every bit");
    assert_eq!(descent.points.len(), 41);
    assert_eq!(descent.points[40].t, 2.5 * descent.alpha);
    let [half, at, twice] = descent.marked();
    assert_eq!([half.t, at.t, twice.t], [descent.alpha / 2.0, descent.alpha, 2.0 * descent.alpha]);
    trainer.step().expect("it does not diverge");
    let theta = trainer.snapshot(None).model.parameters().to_vec();
    let next = cost(&before, &theta);
    assert_near(descent.after.total(), next, relative);
    if descent.reached() == Some(descent.alpha) {
        assert_eq!(at.cost, descent.after);
    }
    for point in [half, at, twice] {
        assert_near(point.cost.total(), cost(&before, &moved(&before, point.t)), relative);
    }
}

#[test]
fn it_begins_at_the_cost_of_the_snapshot_and_alpha_leads_to_that_of_the_next_theta() {
    let mini = Config { batch: BatchSize::Size(7), ..plain() };
    assert_of_the_run(dense(&plain()), 1e-13);
    assert_of_the_run(dense(&Config { dropout: 0.3, penalty: Penalty::L1, ..mini.clone() }), 1e-13);
    assert_of_the_run(dense(&Config { optimizer: Optimizer::Adam, ..mini.clone() }), 1e-13);
    assert_of_the_run(dense(&Config { clip: Some(1e-3), output: Output::Linear, ..mini.clone() }), 1e-13);
    assert_of_the_run(dense(&Config { precision: Precision::F32, ..mini }), 1e-5);
    // Large enough that threads share a step.
    assert_of_the_run(dense(&Config { layers: vec![400, 400], threads: 2, batch: BatchSize::Full, ..plain() }), 1e-12);
    for &cell in Cell::ALL {
        assert_of_the_run(through_time(cell, |config| config), 1e-13);
        assert_of_the_run(through_time(cell, |config| Config { precision: Precision::F32, ..config }), 1e-5);
    }
}

#[test]
fn a_clipped_update_ends_nearer_and_another_optimiser_goes_another_way() {
    let clipped = descent(&dense(&Config { clip: Some(1e-3), ..plain() }).snapshot(None));
    let reached = clipped.reached().expect("it goes along the gradient");
    assert!(clipped.cut < 1.0 && reached < clipped.alpha);
    assert_eq!(reached, clipped.alpha * clipped.cut);
    let momentum = descent(&dense(&Config { optimizer: Optimizer::Momentum, ..plain() }).snapshot(None));
    assert_eq!(momentum.reached(), None);
    assert_ne!(momentum.after, momentum.marked()[1].cost);
}

#[test]
fn its_slope_is_the_difference_quotient_of_the_cost() {
    let of_cells = Cell::ALL.iter().map(|&cell| through_time(cell, |config| config));
    let dropped = dense(&Config { dropout: 0.3, ..plain() });
    for mut trainer in [dense(&plain()), dropped].into_iter().chain(of_cells) {
        let snapshot = trainer.snapshot(None);
        let slope = descent(&snapshot).slope.expect("the whole gradient");
        let h = 1e-6 / slope.abs().sqrt();
        let quotient = (cost(&snapshot, &moved(&snapshot, h)) - cost(&snapshot, &moved(&snapshot, -h))) / (2.0 * h);
        assert_near(slope, quotient, 1e-6);
    }
}

#[test]
fn a_gradient_of_some_steps_alone_has_no_slope_of_j() {
    let truncated = |steps| {
        let recurrence = Some(Recurrence { cell: Cell::Gru, truncate: Some(steps) });
        descent(&through_time(Cell::Gru, |config| Config { recurrence, ..config }).snapshot(None)).slope
    };
    assert_eq!(truncated(2), None);
    assert!(truncated(6).is_some(), "all of them");
}

#[test]
fn far_too_large_an_alpha_has_points_that_are_no_numbers_and_a_lowest_one_all_the_same() {
    let linear = Config { alpha: 1e200, activation: vec![Activation::Linear], output: Output::Linear, ..plain() };
    let snapshot = begin(linear.clone(), Data::Rows(iris(&linear))).expect("the options fit").snapshot(None);
    let descent = descent(&snapshot);
    assert!(!descent.marked()[1].cost.total().is_finite());
    assert_eq!(descent.lowest(), Some(descent.here()));
}

#[test]
fn it_runs_beside_the_training_of_which_no_bit_changes() {
    let config = Config { batch: BatchSize::Size(7), ..plain() };
    let (mut watched, mut alone) = (dense(&config), dense(&config));
    let (sender, inbox) = channel();
    let mut descenders = Vec::new();
    for _ in 0..20 {
        let snapshot = watched.snapshot(None);
        let sender = sender.clone();
        let publish = move |descended| drop(sender.send(descended));
        descenders.push((Descender::start(&snapshot, publish).expect("a thread"), descent(&snapshot)));
        watched.step().expect("it does not diverge");
        alone.step().expect("it does not diverge");
    }
    assert_eq!(watched.snapshot(None).model, alone.snapshot(None).model);
    for _ in &descenders {
        let descended = inbox.recv_timeout(LONG).expect("a descent");
        let (_, expected) = descenders.iter().find(|(it, _)| it.of == descended.of).expect("one of them");
        assert_eq!(descended.outcome.expect("it is computed").as_ref(), expected);
    }
}

#[test]
fn one_that_is_dropped_says_nothing() {
    let mut large = dense(&Config { layers: vec![512, 512], batch: BatchSize::Full, ..plain() });
    let (sender, inbox) = channel();
    let snapshot = large.snapshot(None);
    drop(Descender::start(&snapshot, move |descended| drop(sender.send(descended))).expect("a thread"));
    // The thread drops its end of the channel when it is over.
    assert!(inbox.recv_timeout(LONG).is_err());
}
