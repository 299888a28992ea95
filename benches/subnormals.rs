//! Updates whose numbers are subnormal beside the same updates with usual numbers, in one run.
//!
//! `cargo bench --bench subnormals`, with words behind `--` for the lines that hold them, prints a line of JSON for each net,
//! precision, rule and place where the small numbers are: both times and their ratio. It fails if a ratio is above 2, or if no line
//! holds the words.

mod common;

use std::sync::Arc;
use std::time::Instant;

use deltascope::data::sequences::Sequences;
use deltascope::data::{Data, SequenceParts, Source};
use deltascope::nn::dense::tensors::{A, DELTA};
use deltascope::nn::recurrent::tensors::{GATE, GRAD_H, H};
use deltascope::nn::{Activation, Cell, Named, Optimizer, Real, Recurrent};
use deltascope::train::{
    BatchSize, Config, DenseTrainer, Precision, Recurrence, RecurrentTrainer, Snapshot, Trainable,
};
use ndarray::Array2;

const SAMPLES: usize = 256;
const BATCH: usize = 64;
const CLASSES: usize = 10;
/// Runs of each of the two, by turns; the quickest counts.
const RUNS: usize = 9;
/// The largest ratio that is no failure.
const MOST: f64 = 2.0;
/// Seconds of a run at least.
const RUN: f64 = 0.02;

/// Where the small numbers are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Small {
    /// In the features, and so in ΣΔ^(1) and in what a rule remembers of it.
    Features,
    /// In what a rule remembers alone: the squares of small gradients.
    Squares,
    /// In the weights of the hidden layers, and so in z and a.
    Weights,
    /// In the weights of the output layer, and so in every δ below and in D.
    Deltas,
    /// In the products of the slopes of far sigmoids, and so in δ and D of the first layer, or of early steps.
    Slopes,
    /// In sigmoids that are further out than any normal number tells.
    Saturated,
}

const PLACES: [Small; 6] =
    [Small::Features, Small::Squares, Small::Weights, Small::Deltas, Small::Slopes, Small::Saturated];

/// Numbers of a precision.
#[derive(Clone, Copy)]
struct Numbers {
    precision: Precision,
    /// In the middle of the subnormal ones.
    tiny: f64,
    /// A thousandth of the square of its tenth is there.
    root: f64,
    /// The sigmoid of it is there, and the square of the sigmoid of its half.
    far: f64,
    /// From here on they are not subnormal.
    least: f64,
}

const SINGLE: Numbers =
    Numbers { precision: Precision::F32, tiny: 1e-41, root: 1e-18, far: -94.0, least: f32::MIN_POSITIVE as f64 };
const DOUBLE: Numbers =
    Numbers { precision: Precision::F64, tiny: 1e-312, root: 1e-154, far: -718.0, least: f64::MIN_POSITIVE };

/// What is measured: the line's name, and the place of the small numbers.
struct Line {
    net: String,
    optimizer: Optimizer,
    numbers: Numbers,
    small: Small,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let mut worst = (0.0, String::new());
    for numbers in [SINGLE, DOUBLE] {
        for (net, layers, inputs) in [("narrow", vec![8, 8], 16), ("wide", vec![256, 256], 128)] {
            for (optimizer, small) in Optimizer::ALL.iter().flat_map(|rule| PLACES.map(|small| (*rule, small))) {
                let line = Line { net: net.into(), optimizer, numbers, small };
                measure(line, &words, &mut worst, &|line, small| match line.numbers.precision {
                    Precision::F32 => dense::<f32>(line, (&layers, inputs), small),
                    Precision::F64 => dense::<f64>(line, (&layers, inputs), small),
                });
            }
        }
        let places = [Small::Weights, Small::Deltas, Small::Slopes, Small::Saturated];
        for (cell, small) in Cell::ALL.iter().flat_map(|cell| places.map(|small| (*cell, small))) {
            for optimizer in [Optimizer::GradientDescent, Optimizer::Adam] {
                let line = Line { net: format!("{}-32x50", cell.name()), optimizer, numbers, small };
                measure(line, &words, &mut worst, &|line, small| match line.numbers.precision {
                    Precision::F32 => recurrent::<f32>(line, cell, small),
                    Precision::F64 => recurrent::<f64>(line, cell, small),
                });
            }
        }
    }
    println!("{}", serde_json::json!({ "worst": worst.0, "of": worst.1 }));
    assert!(worst.0 > 0.0, "no line holds all of the words {words:?}");
    assert!(worst.0 <= MOST, "{} takes {:.2} times as long with subnormal numbers", worst.1, worst.0);
}

/// Something that makes updates, and the share of its numbers that are subnormal.
type Run = (Box<dyn FnMut()>, f64);

/// Measures the net with small numbers and without, by turns, and prints a line.
fn measure(line: Line, words: &[String], worst: &mut (f64, String), make: &dyn Fn(&Line, Option<Small>) -> Run) {
    let Line { net, optimizer, numbers, small } = &line;
    let name = format!("{net} {} {} {small:?}", numbers.precision.name(), optimizer.name());
    if !words.iter().all(|word| name.split(' ').any(|part| part == word)) {
        return;
    }
    let ((mut usual, _), (mut tiny, share)) = (make(&line, None), make(&line, Some(*small)));
    let mut least = [f64::INFINITY; 2];
    for _ in 0..RUNS {
        for (least, step) in least.iter_mut().zip([&mut usual, &mut tiny]) {
            let (begun, mut steps) = (Instant::now(), 0);
            while steps < 3 || begun.elapsed().as_secs_f64() < RUN {
                step();
                steps += 1;
            }
            *least = least.min(begun.elapsed().as_secs_f64() * 1e6 / f64::from(steps));
        }
    }
    let ratio = least[1] / least[0];
    if ratio > worst.0 {
        *worst = (ratio, name);
    }
    let line = serde_json::json!({
        "net": net,
        "dtype": numbers.precision.name(),
        "optimizer": optimizer.name(),
        "small": format!("{small:?}").to_lowercase(),
        "subnormal_share": (share * 1e3).round() / 1e3,
        "us_per_update_usual": (least[0] * 10.0).round() / 10.0,
        "us_per_update_subnormal": (least[1] * 10.0).round() / 10.0,
        "ratio": (ratio * 100.0).round() / 100.0,
    });
    println!("{line}");
}

/// The options of both; a learning rate so small that what is small stays so.
fn config(line: &Line, small: Small, layers: &[usize]) -> Config {
    Config {
        source: Source::named("noise"),
        layers: layers.to_vec(),
        activation: vec![if matches!(small, Small::Slopes | Small::Saturated) {
            Activation::Sigmoid
        } else {
            Activation::Tanh
        }],
        optimizer: line.optimizer,
        lambda: 0.0,
        alpha: line.numbers.tiny / 1e3,
        batch: BatchSize::Size(BATCH),
        shuffle: false,
        precision: line.numbers.precision,
        ..Config::default()
    }
}

fn dense<T: Real>(line: &Line, (layers, inputs): (&[usize], usize), small: Option<Small>) -> Run {
    let numbers = line.numbers;
    let scale = match small {
        Some(Small::Features) => numbers.tiny,
        Some(Small::Squares) => numbers.root,
        _ => 1.0,
    };
    let class: Vec<usize> = (0..SAMPLES).map(|row| row % CLASSES).collect();
    let data = common::prepared("noise", common::noise(SAMPLES, inputs) * scale, &class, CLASSES);
    let config = config(line, line.small, layers);
    let sizes: Vec<usize> = [inputs].iter().chain(layers).chain(&[CLASSES]).copied().collect();
    let mut theta: Vec<Array2<T>> = config.theta(&sizes);
    let last = theta.len() - 1;
    match small {
        Some(Small::Weights) => theta[..last].iter_mut().for_each(|theta| shrink(theta, numbers.tiny)),
        Some(Small::Deltas) => shrink(&mut theta[last], numbers.tiny),
        Some(Small::Slopes) => theta[..last].iter_mut().for_each(|theta| push(theta, numbers.far / 2.0)),
        Some(Small::Saturated) => theta[..last].iter_mut().for_each(|theta| push(theta, numbers.far)),
        _ => {}
    }
    let network = config.network(theta);
    let mut trainer = DenseTrainer::<T>::with_model(Arc::new(config), data, network).expect("a thread");
    trainer.measure_epochs(false);
    (0..8).for_each(|_| trainer.step().expect("it does not diverge"));
    let now = trainer.snapshot(None);
    let share = share(looked_at(&now, &[A, DELTA]), numbers);
    (Box::new(move || trainer.step().expect("it does not diverge")), share)
}

fn recurrent<T: Real>(line: &Line, cell: Cell, small: Option<Small>) -> Run {
    let numbers = line.numbers;
    let source = Source::sequences("remember", 50, SAMPLES);
    let sequences = Arc::new(Sequences::load(&source).expect("they can be made"));
    let config = Config { output: sequences.usual_output(), test_split: 0.0, ..config(line, line.small, &[32]) };
    let config = Config { source, recurrence: Some(Recurrence { cell, truncate: None }), ..config };
    let data = Data::from(SequenceParts::from(sequences));
    let mut network = Recurrent::<T>::begin(&config, &data);
    match small {
        Some(Small::Weights) => network.theta[..2].iter_mut().for_each(|theta| shrink(theta, numbers.tiny)),
        Some(Small::Slopes) => push(&mut network.theta[0], numbers.far / 2.0),
        Some(Small::Saturated) => push(&mut network.theta[0], numbers.far),
        Some(_) => shrink(&mut network.theta[2], numbers.tiny),
        None => {}
    }
    let mut trainer = RecurrentTrainer::with_model(Arc::new(config), data, network).expect("a thread");
    trainer.measure_epochs(false);
    (0..8).for_each(|_| trainer.step().expect("it does not diverge"));
    let now = trainer.snapshot(None);
    let share = share(looked_at(&now, &[GATE, H, DELTA, GRAD_H]), numbers);
    (Box::new(move || trainer.step().expect("it does not diverge")), share)
}

/// The tensors of these symbols, every D, and what the optimiser remembers.
fn looked_at<'a>(now: &'a Snapshot, symbols: &'a [&str]) -> impl Iterator<Item = &'a Array2<f64>> {
    let tensors = now.tensors.iter().filter(|(name, _)| symbols.contains(&name.symbol));
    let remembered = now.parameters.iter().flat_map(|of| of.memory.v.iter().chain(&of.memory.s));
    tensors.map(|(_, tensor)| &tensor.values).chain(now.parameters.iter().map(|of| &of.d)).chain(remembered)
}

fn shrink<T: Real>(theta: &mut Array2<T>, by: f64) {
    theta.mapv_inplace(|weight| T::of(weight.f64() * by));
}

/// Gives every unit this bias.
fn push<T: Real>(theta: &mut Array2<T>, bias: f64) {
    theta.column_mut(0).fill(T::of(bias));
}

/// The share of numbers that are subnormal.
fn share<'a>(arrays: impl Iterator<Item = &'a Array2<f64>>, numbers: Numbers) -> f64 {
    let (mut small, mut all) = (0, 0);
    for number in arrays.flatten() {
        small += u32::from(*number != 0.0 && number.abs() < numbers.least);
        all += 1;
    }
    f64::from(small) / f64::from(all)
}
