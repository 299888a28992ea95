//! The numbers of thirty short runs as bits, to be compared with those of another version of the program.
//!
//! `scripts/same-numbers` runs it in two versions. Each line has the name of a run, a hash of the bits of Θ after 50 updates, the bits of
//! the data term of the batch that comes next, and those of J over the training part after the last whole epoch.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{Loaded, Source};
use deltascope::nn::{Activation, Cell, Init, Network, Optimizer, Output, Penalty, Real, Recurrent};
use deltascope::train::{BatchSize, Config, Precision, Recurrence, Schedule, Trainable, Trainer};
use ndarray::Array2;

/// Updates of each run.
const UPDATES: usize = 50;

fn main() {
    for (name, config) in dense().into_iter().chain(recurrent()) {
        match (config.recurrence, config.precision) {
            (None, Precision::F64) => run::<f64, Network<f64>>(name, config),
            (None, Precision::F32) => run::<f32, Network<f32>>(name, config),
            (Some(_), Precision::F64) => run::<f64, Recurrent<f64>>(name, config),
            (Some(_), Precision::F32) => run::<f32, Recurrent<f32>>(name, config),
        }
    }
}

fn run<T: Real, M: Trainable<T>>(name: &str, config: Config) {
    let data = Loaded::read(&config.source).and_then(|loaded| loaded.prepare(&config.preparation()));
    let mut trainer = Trainer::<T, M>::new(Arc::new(config), data.expect("it is built in")).expect("a net");
    (0..UPDATES).for_each(|_| trainer.step().expect("it does not diverge"));
    print(name, trainer.model().parameters(), [trainer.cost().data, trainer.latest().total()]);
}

fn print<T: Real>(name: &str, theta: &[Array2<T>], [data, measured]: [f64; 2]) {
    // FNV-1a over the bits of every weight, row by row.
    let hash = theta.iter().flatten().fold(0xcbf2_9ce4_8422_2325_u64, |hash, weight| {
        let bytes = weight.f64().to_bits().to_le_bytes();
        bytes.iter().fold(hash, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    });
    println!("{name}: theta {hash:016x} data {:016x} J {:016x}", data.to_bits(), measured.to_bits());
}

/// Options that say all that the numbers depend on, so that other defaults change nothing.
fn base(set: &str) -> Config {
    Config {
        source: Source::named(set),
        scale: None,
        target_scale: None,
        test_split: 0.2,
        layers: vec![12, 7],
        activation: vec![Activation::Sigmoid],
        output: Output::Sigmoid,
        penalty: Penalty::L2,
        lambda: 1.0,
        optimizer: Optimizer::GradientDescent,
        alpha: 0.1,
        schedule: Schedule::Constant,
        clip: None,
        beta: 0.9,
        beta2: 0.999,
        dropout: 0.0,
        batch: BatchSize::Size(32),
        epochs: None,
        until: None,
        patience: None,
        init: Init::Uniform,
        weights: None,
        seed: 1,
        shuffle: true,
        precision: Precision::F64,
        threads: 1,
        ..Config::default()
    }
}

fn dense() -> Vec<(&'static str, Config)> {
    let digits = || base("digits");
    let wide = || Config { layers: vec![400, 300], batch: BatchSize::Size(128), alpha: 0.01, ..digits() };
    let adam = |optimizer| Config { optimizer, alpha: 0.01, ..digits() };
    let numbers = |optimizer| Config {
        output: Output::Linear,
        activation: vec![Activation::Tanh],
        optimizer,
        alpha: 0.01,
        ..base("reg-gauss")
    };
    vec![
        ("narrow, sigmoid", Config { layers: vec![5, 4], ..base("iris") }),
        (
            "narrow, tanh, softmax",
            Config { layers: vec![8, 8], activation: vec![Activation::Tanh], output: Output::Softmax, ..base("iris") },
        ),
        ("no hidden layer", Config { layers: vec![], ..digits() }),
        ("usual", Config { layers: vec![25], alpha: 0.5, ..digits() }),
        ("ReLU, softmax", Config { activation: vec![Activation::Relu], output: Output::Softmax, ..digits() }),
        ("leaky ReLU and GELU", Config { activation: vec![Activation::LeakyRelu, Activation::Gelu], ..digits() }),
        ("squared error", Config { output: Output::SigmoidMse, ..digits() }),
        ("numbers, linear", numbers(Optimizer::GradientDescent)),
        ("numbers, Nesterov", numbers(Optimizer::Nesterov)),
        ("L1", Config { penalty: Penalty::L1, lambda: 0.3, ..digits() }),
        ("no penalty", Config { penalty: Penalty::None, ..digits() }),
        ("momentum", adam(Optimizer::Momentum)),
        ("RMSProp", adam(Optimizer::RmsProp)),
        ("Adam", adam(Optimizer::Adam)),
        ("AdamW, clipped", Config { clip: Some(0.1), ..adam(Optimizer::AdamW) }),
        (
            "clipped, schedule",
            Config { clip: Some(0.05), schedule: Schedule::Step { epochs: 1, factor: 0.5 }, ..digits() },
        ),
        ("dropout", Config { dropout: 0.4, ..digits() }),
        ("f32", Config { precision: Precision::F32, ..digits() }),
        ("f32, Adam, softmax", Config { precision: Precision::F32, output: Output::Softmax, ..adam(Optimizer::Adam) }),
        ("whole set, one thread", Config { batch: BatchSize::Full, ..wide() }),
        ("two threads", Config { threads: 2, ..wide() }),
        (
            "two threads, f32, dropout, Adam",
            Config { threads: 2, dropout: 0.2, precision: Precision::F32, optimizer: Optimizer::Adam, ..wide() },
        ),
    ]
}

fn recurrent() -> Vec<(&'static str, Config)> {
    let net = |set: &str, cell, truncate, optimizer| {
        let (source, recurrence) = (Source::sequences(set, 12, 200), Some(Recurrence { cell, truncate }));
        let output = Sequences::load(&source).expect("they can be made").usual_output();
        Config { source, recurrence, output, layers: vec![10], lambda: 0.1, alpha: 0.01, optimizer, ..base(set) }
    };
    let tanh = Cell::Plain(Activation::Tanh);
    let in_f32 = |config: Config| Config { precision: Precision::F32, ..config };
    vec![
        ("tanh, last step", net("remember", tanh, None, Optimizer::GradientDescent)),
        ("tanh, truncated, every step", net("echo", tanh, Some(4), Optimizer::Adam)),
        ("ReLU cell, numbers", net("adding", Cell::Plain(Activation::Relu), None, Optimizer::Momentum)),
        ("GRU", net("parity", Cell::Gru, None, Optimizer::Adam)),
        ("GRU, f32", in_f32(net("remember", Cell::Gru, None, Optimizer::RmsProp))),
        ("LSTM", net("sine", Cell::Lstm, None, Optimizer::Adam)),
        ("LSTM, truncated, f32", in_f32(net("remember", Cell::Lstm, Some(5), Optimizer::AdamW))),
        ("LSTM, text", net("jabberwocky", Cell::Lstm, None, Optimizer::Adam)),
    ]
}
