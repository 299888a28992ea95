//! Why a δ is small: the parts of a gain add up, and a drop is attributed to where it happens.

use std::sync::Arc;

use deltascope::derivation::{Gain, LayerNorms, Sample, Trace};
use deltascope::nn::{Activation, Penalty};
use deltascope::train::{Config, DenseTrainer, Snapshot};

use crate::trainer::iris;
use crate::{dense, network};

fn snapshot(config: Config, steps: usize) -> Box<Snapshot> {
    let data = iris(&config);
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

fn deep(activation: Activation) -> Config {
    Config { layers: vec![6, 5, 4], activation: vec![activation], alpha: 0.05, ..Config::default() }
}

fn trace(snapshot: &Snapshot) -> Trace {
    Trace::of(Sample::of(false, snapshot.batch[0]), snapshot).expect("a trace")
}

#[test]
fn the_parts_of_a_gain_add_up_to_the_drop_of_delta() {
    for activation in [Activation::Sigmoid, Activation::Tanh, Activation::LeakyRelu] {
        let snapshot = snapshot(deep(activation), 5);
        let trace = trace(&snapshot);
        for l in 2..=4 {
            let gain = Gain::of(l, &trace, dense(&snapshot)).expect("a hidden layer");
            let norm = |l: usize| trace.delta(l).expect("δ").iter().map(|delta| delta * delta).sum::<f64>().sqrt();
            let total = gain.total().expect("something is left");
            assert!((total - (norm(l) / norm(l + 1)).log10()).abs() < 1e-12);
        }
        assert!(Gain::of(5, &trace, dense(&snapshot)).is_none(), "the output's δ comes from nowhere");
    }
}

#[test]
fn a_drop_is_attributed_to_weights_or_to_slopes() {
    let mut of_slopes = snapshot(deep(Activation::Sigmoid), 0);
    network(&mut of_slopes).theta[1].column_mut(0).fill(9.0);
    let sample = of_slopes.carried(of_slopes.batch[0]);
    assert_eq!(sample, Some(0));
    // A trace of a sample that is not carried is made from this Θ anew.
    let outside = Trace::of(Sample::of(true, 0), &of_slopes).expect("a trace");
    let gain = Gain::of(3, &outside, dense(&of_slopes)).expect("a hidden layer");
    assert!(
        gain.sentence().starts_with("lost most in the slopes") || gain.sentence().starts_with("lost in the slopes"),
        "{}",
        gain.sentence()
    );
    assert_eq!(gain.closed, 5, "every unit is saturated");

    let mut of_weights = snapshot(deep(Activation::Linear), 0);
    network(&mut of_weights).theta[2].mapv_inplace(|weight| weight * 1e-3);
    let outside = Trace::of(Sample::of(true, 0), &of_weights).expect("a trace");
    let gain = Gain::of(3, &outside, dense(&of_weights)).expect("a hidden layer");
    assert!(gain.sentence().starts_with("lost in the weights"), "{}", gain.sentence());
    assert_eq!(gain.slopes, Some(0.0), "a linear unit lets everything through");
}

#[test]
fn dead_units_let_nothing_pass_and_that_is_said_without_a_number() {
    let mut dead = snapshot(deep(Activation::Relu), 0);
    network(&mut dead).theta[1].fill(-1.0);
    network(&mut dead).theta[2].column_mut(0).fill(1.0);
    let outside = Trace::of(Sample::of(true, 0), &dead).expect("a trace");
    let gain = Gain::of(3, &outside, dense(&dead)).expect("a hidden layer");
    assert_eq!((gain.slopes, gain.total()), (None, None));
    assert!(gain.sentence().starts_with("nothing passes"), "{}", gain.sentence());
}

#[test]
fn the_cosine_tells_whether_data_and_penalty_pull_together() {
    let snapshot = snapshot(deep(Activation::Tanh), 3);
    for (norms, theta) in LayerNorms::of(&snapshot).iter().zip(&snapshot.parameters) {
        let product: f64 = theta.d.iter().zip(&theta.penalty).map(|(d, penalty)| d * penalty).sum();
        let cosine = norms.cosine.expect("both pull");
        assert!((cosine - product / (norms.d * norms.penalty)).abs() < 1e-12 && cosine.abs() <= 1.0);
    }
    let none = self::snapshot(Config { penalty: Penalty::None, ..deep(Activation::Tanh) }, 0);
    assert!(LayerNorms::of(&none).iter().all(|norms| norms.cosine.is_none()));
}
