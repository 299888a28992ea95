//! Numbers below the smallest normal one count as 0 in every pass, the same ones whoever looks, and explanations say so.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{Loaded, Source};
use deltascope::derivation::{Sample, Subject, Weight, explain, letter};
use deltascope::nn::dense::tensors::{A, DELTA, GRAD_A, Z};
use deltascope::nn::subnormal::{THERE_IS_ONE, flush};
use deltascope::nn::{Activation, Cell, Named, Optimizer, Real, Recurrent};
use deltascope::train::{
    BatchSize, Config, DenseTrainer, Precision, Recurrence, RecurrentTrainer, Snapshot, Trainable,
};
use ndarray::Array2;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::{dense, each, prepared, tensors};

/// Where the small numbers are put, and by what the weights there, or the features, are multiplied.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Small {
    Features,
    Hidden,
    Last,
    /// Units whose slopes are near the smallest normal number's root.
    Slopes,
}

const PLACES: [Small; 4] = [Small::Features, Small::Hidden, Small::Last, Small::Slopes];

/// A number whose products with usual ones are subnormal, and z whose sigmoid's slope is the root of such a number.
fn small(precision: Precision) -> (f64, f64) {
    match precision {
        Precision::F32 => (3e-38, -46.0),
        Precision::F64 => (6e-308, -356.0),
    }
}

fn least(precision: Precision) -> f64 {
    match precision {
        Precision::F32 => f64::from(f32::MIN_POSITIVE),
        Precision::F64 => f64::MIN_POSITIVE,
    }
}

/// A trainer on data like noise, with small numbers at a place.
fn trainer<T: Real>(config: Config, place: Small, (samples, inputs): (usize, usize)) -> DenseTrainer<T> {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let (tiny, far) = small(config.precision);
    let scale = if place == Small::Features { tiny } else { 1.0 };
    let x = Array2::from_shape_simple_fn((samples, inputs), || rng.random_range(-1.0..1.0) * scale);
    let y = Array2::from_shape_fn((samples, 3), |(row, class)| if row % 3 == class { 1.0 } else { 0.0 });
    let g = if place == Small::Slopes { Activation::Sigmoid } else { Activation::Tanh };
    let config = Config { activation: vec![g], shuffle: false, test_split: 0.0, lambda: 0.0, ..config };
    let sizes: Vec<usize> = [inputs].iter().chain(&config.layers).chain(&[3]).copied().collect();
    let mut theta: Vec<Array2<T>> = config.theta(&sizes);
    let last = theta.len() - 1;
    match place {
        Small::Features => {}
        Small::Hidden => theta[..last].iter_mut().for_each(|theta| theta.mapv_inplace(|w| T::of(w.f64() * tiny))),
        Small::Last => theta[last].mapv_inplace(|w| T::of(w.f64() * tiny)),
        Small::Slopes => theta[..last].iter_mut().for_each(|theta| theta.column_mut(0).fill(T::of(far))),
    }
    let network = config.network(theta);
    DenseTrainer::with_model(Arc::new(config), prepared(&x, &y), network).expect("threads")
}

/// A small net of either precision; a wide one is computed in other ways than one of a few units.
fn config(optimizer: Optimizer, precision: Precision, layers: &[usize]) -> Config {
    Config {
        layers: layers.to_vec(),
        alpha: 1e-3,
        batch: BatchSize::Size(16),
        optimizer,
        precision,
        ..Config::default()
    }
}

/// Names of the numbers that a pass made and that are subnormal.
fn subnormal(snapshot: &Snapshot) -> Vec<&'static str> {
    let least = least(snapshot.config.precision);
    let memory = || snapshot.parameters.iter().map(|theta| &theta.memory_after);
    let all = [
        ("z", tensors(snapshot, Z)),
        ("a", tensors(snapshot, A).split_off(1)),
        ("δ", tensors(snapshot, DELTA)),
        ("∂J/∂a", tensors(snapshot, GRAD_A)),
        ("ΣΔ", each(snapshot, |theta| &theta.sum)),
        ("D", each(snapshot, |theta| &theta.d)),
        ("∂J/∂Θ", each(snapshot, |theta| &theta.gradient)),
        ("update", each(snapshot, |theta| &theta.update)),
        ("v", memory().filter_map(|memory| memory.v.as_ref()).collect()),
        ("s", memory().filter_map(|memory| memory.s.as_ref()).collect()),
    ];
    let is_small = |number: &f64| *number != 0.0 && number.abs() < least;
    all.into_iter().filter(|(_, arrays)| arrays.iter().copied().flatten().any(is_small)).map(|(name, _)| name).collect()
}

/// Runs a net watched and unwatched, and looks at every number.
fn follow<T: Real>(config: &Config, place: Small, size: (usize, usize)) {
    let what = format!("{:?} {:?} {place:?} {:?}", config.precision, config.optimizer, config.layers);
    let mut unwatched = trainer::<T>(config.clone(), place, size);
    let mut watched = trainer::<T>(config.clone(), place, size);
    for _ in 0..3 {
        let before = watched.snapshot(None);
        assert_eq!(subnormal(&before), [""; 0], "{what}");
        watched.step().expect("it does not diverge");
        unwatched.step().expect("it does not diverge");
        let after = watched.snapshot(None);
        for (l, parameter) in (1..).zip(&before.parameters) {
            let sum = dense(&before).network.theta(l) + &parameter.update;
            assert_eq!(dense(&after).network.theta(l).mapv(T::of), sum.mapv(|sum| flush(T::of(sum))), "{what}");
            assert_eq!(after.parameters[l - 1].memory, parameter.memory_after);
        }
    }
    assert_eq!(watched.model().theta, unwatched.model().theta, "{what}");
    assert_eq!(watched.cost(), unwatched.cost(), "{what}");
}

#[test]
fn no_number_of_a_pass_is_subnormal_and_who_looks_changes_no_bit() {
    if !THERE_IS_ONE {
        return;
    }
    for layers in [&[4, 3][..], &[20, 18]] {
        for (&optimizer, place) in Optimizer::ALL.iter().flat_map(|rule| PLACES.map(|place| (rule, place))) {
            follow::<f32>(&config(optimizer, Precision::F32, layers), place, (40, 6));
            follow::<f64>(&config(optimizer, Precision::F64, layers), place, (40, 6));
        }
    }
}

#[test]
fn threads_that_share_a_step_count_them_as_0_too() {
    if !THERE_IS_ONE {
        return;
    }
    let shared = Config { threads: 2, batch: BatchSize::Full, ..config(Optimizer::Adam, Precision::F64, &[200]) };
    for place in PLACES {
        follow::<f64>(&shared, place, (400, 60));
    }
}

#[test]
fn no_number_of_a_recurrent_pass_is_subnormal() {
    if !THERE_IS_ONE {
        return;
    }
    let source = Source::sequences("remember", 12, 40);
    let sequences = Arc::new(Sequences::load(&source).expect("they can be made"));
    let (tiny, far) = small(Precision::F64);
    for &cell in Cell::ALL {
        for bias in [None, Some(far)] {
            let output = sequences.usual_output();
            let config = Config { output, test_split: 0.0, ..config(Optimizer::Adam, Precision::F64, &[5]) };
            let recurrence = Some(Recurrence { cell, truncate: None });
            let config = Config { source: source.clone(), recurrence, ..config };
            let data = Loaded::from(Arc::clone(&sequences)).prepare(&config.preparation()).expect("they can be split");
            let mut network = <Recurrent<f64> as Trainable<f64>>::begin(&config, &data);
            match bias {
                Some(bias) => network.theta[0].column_mut(0).fill(bias),
                None => network.theta[2].mapv_inplace(|weight| weight * tiny),
            }
            let mut trainer = RecurrentTrainer::with_model(Arc::new(config), data, network).expect("a thread");
            for _ in 0..3 {
                trainer.step().expect("it does not diverge");
                let snapshot = trainer.snapshot(None);
                let made = snapshot.tensors.iter().map(|(_, tensor)| &tensor.values);
                let of_theta = snapshot.parameters.iter().flat_map(|theta| [&theta.sum, &theta.d, &theta.update]);
                let all = made.chain(of_theta).chain(snapshot.model.parameters());
                let count = all.flatten().filter(|number| number.is_subnormal()).count();
                assert_eq!(count, 0, "{} {bias:?}", cell.name());
            }
        }
    }
}

/// An explanation's value, its right side worked out, and its note.
#[track_caller]
fn explained(subject: Subject, snapshot: &Snapshot) -> (f64, f64, String) {
    let explanation = explain(subject, snapshot).expect("it is there");
    (explanation.value, explanation.expr.expect("it has an equation").value(), explanation.note)
}

#[test]
fn an_explanation_says_that_a_subnormal_number_counts_as_0() {
    if !THERE_IS_ONE {
        return;
    }
    for (precision, smallest) in [(Precision::F64, "2.2e-308"), (Precision::F32, "1.2e-38")] {
        let config = config(Optimizer::GradientDescent, precision, &[4, 3]);
        let snapshot = match precision {
            Precision::F32 => trainer::<f32>(config, Small::Last, (40, 6)).snapshot(None),
            Precision::F64 => trainer::<f64>(config, Small::Last, (40, 6)).snapshot(None),
        };
        let sample = Sample::of(false, snapshot.batch[1]);
        let of_units = (0..3).flat_map(|unit| [letter::GRAD_A, letter::DELTA].map(|letter| (letter, unit)));
        let of_sample = of_units.map(|(letter, unit)| Subject::unit(letter, 3, (sample, unit)));
        let weights = (0..3).flat_map(|j| (0..5).map(move |i| Weight { l: 2, j, i }));
        let kinds = [letter::D, letter::UPDATE, letter::NEXT];
        let of_weight = |weight| kinds.map(|letter| Subject::weight(letter, weight, &snapshot).expect("it is there"));
        let of_weights = weights.flat_map(of_weight);
        let mut said = 0;
        for subject in of_sample.chain(of_weights) {
            let (value, worked_out, note) = explained(subject, &snapshot);
            assert!(value == 0.0 || value.abs() >= least(precision), "{subject:?}: {value:e}");
            if value == 0.0 && worked_out != 0.0 {
                let sentence = format!("numbers smaller in size than {smallest}, the smallest normal one, count as 0");
                assert!(note.contains(&sentence), "{subject:?} is 0 and not {worked_out:e}: {note}");
                said += 1;
            }
        }
        assert!(said > 0, "the net has such numbers");
    }
}

#[test]
fn an_explanation_of_a_usual_number_says_nothing_of_subnormal_ones() {
    let config = Config { layers: vec![4], ..Config::default() };
    let data = crate::trainer::iris(&config);
    let snapshot = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit").snapshot(None);
    let sample = Sample::of(false, snapshot.batch[0]);
    for unit in 0..4 {
        for letter in [letter::Z, letter::A, letter::DELTA] {
            let (_, _, note) = explained(Subject::unit(letter, 2, (sample, unit)), &snapshot);
            assert!(!note.contains("smallest normal"), "{note}");
        }
    }
}
