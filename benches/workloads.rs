//! The trainer on the workloads that the peers in `peers/` run, a line of JSON each in their schema.
//!
//! `cargo bench --bench workloads -- W1 --threads 1 --dtype f32`; the data are exported by `peers/common.py` at first use, which needs
//! a Python with NumPy: `python3`, or the one that the variable `PYTHON` names.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use deltascope::data::{Prepared, Source};
use deltascope::nn::{Activation, Init, Named, Network, Output, Penalty, Real};
use deltascope::train::{BatchSize, Config, DenseTrainer, Precision};
use ndarray::{Array1, Array2, s};

/// A workload, as `peers/common.py` has it.
struct Workload {
    name: &'static str,
    sizes: &'static [usize],
    samples: usize,
    batch: usize,
    hidden: Activation,
    output: Output,
    alpha: f64,
    lambda: f64,
    /// Updates after which the loss is compared; three epochs if none.
    check: Option<usize>,
}

const WORKLOADS: [Workload; 5] = [
    Workload {
        name: "W1",
        sizes: &[2, 8, 8, 3],
        samples: 500,
        batch: 10,
        hidden: Activation::Tanh,
        output: Output::Softmax,
        alpha: 0.03,
        lambda: 0.0,
        check: None,
    },
    Workload {
        name: "W2",
        sizes: &[64, 32, 10],
        samples: 1797,
        batch: 32,
        hidden: Activation::Sigmoid,
        output: Output::Sigmoid,
        alpha: 0.5,
        lambda: 0.56,
        check: None,
    },
    Workload {
        name: "W3",
        sizes: &[400, 25, 10],
        samples: 5000,
        batch: 5000,
        hidden: Activation::Sigmoid,
        output: Output::Sigmoid,
        alpha: 1.0,
        lambda: 1.0,
        check: None,
    },
    Workload {
        name: "W4",
        sizes: &[784, 128, 10],
        samples: 60000,
        batch: 64,
        hidden: Activation::Relu,
        output: Output::Softmax,
        alpha: 0.05,
        lambda: 0.0,
        check: Some(300),
    },
    Workload {
        name: "W5",
        sizes: &[784, 1024, 1024, 10],
        samples: 60000,
        batch: 256,
        hidden: Activation::Relu,
        output: Output::Softmax,
        alpha: 0.05,
        lambda: 0.0,
        check: Some(30),
    },
];

/// What the command line asks for.
struct Asked {
    workload: &'static Workload,
    threads: usize,
    precision: Precision,
    runs: usize,
    min_run: f64,
    max_steps: Option<usize>,
}

fn main() {
    match asked() {
        Some(asked) if asked.precision == Precision::F32 => run::<f32>(&asked),
        Some(asked) => run::<f64>(&asked),
        None => {
            eprintln!(
                "usage: W1|W2|W3|W4|W5 [--threads 1] [--dtype f32|f64] [--runs 7] [--min-run 0.3] [--max-steps N]"
            );
            std::process::exit(2);
        }
    }
}

fn asked() -> Option<Asked> {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let name = words.next()?;
    let workload = WORKLOADS.iter().find(|workload| workload.name == name)?;
    let (threads, precision) = (1, Precision::F32);
    let mut asked = Asked { workload, threads, precision, runs: 7, min_run: 0.3, max_steps: None };
    // A word that is not understood is refused, so that nothing is measured that was not asked for.
    while let Some(flag) = words.next() {
        let value = words.next()?;
        let count = || value.parse().ok().filter(|&count: &usize| count > 0);
        match flag.as_str() {
            "--threads" => asked.threads = count()?,
            "--dtype" => asked.precision = Precision::named(&value)?,
            "--runs" => asked.runs = count()?,
            "--min-run" => asked.min_run = value.parse().ok()?,
            "--max-steps" => asked.max_steps = Some(count()?),
            _ => return None,
        }
    }
    Some(asked)
}

/// The data and the first weights of a workload.
struct Given {
    x: Array2<f64>,
    class: Vec<usize>,
    theta: Vec<Array2<f64>>,
}

fn given(workload: &Workload) -> Given {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path: PathBuf = folder.join("target").join("workloads").join(format!("{}.bin", workload.name));
    if !path.exists() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        let script = folder.join("benches/peers/common.py");
        let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
        // A file that is not whole is not put in its place.
        let part = path.with_extension("part");
        let made = Command::new(&python).arg(script).args(["export", workload.name]).arg(&part).status();
        let is_made = made.is_ok_and(|status| status.success());
        assert!(is_made, "{} could not export the data; it needs NumPy, or PYTHON names another", python.display());
        std::fs::rename(part, &path).expect("it is there");
    }
    let bytes = std::fs::read(&path).expect("the data");
    let words: Vec<[u8; 4]> = bytes.as_chunks::<4>().0.to_vec();
    let mut at = 0;
    let mut take = |count: usize| {
        at += count;
        words[at - count..at].to_vec()
    };
    let whole = |word: &[u8; 4]| u32::from_le_bytes(*word) as usize;
    let float = |word: &[u8; 4]| f64::from(f32::from_le_bytes(*word));
    let layers = whole(&take(1)[0]);
    let sizes: Vec<usize> = take(layers).iter().map(whole).collect();
    assert_eq!(sizes, workload.sizes);
    let samples = whole(&take(1)[0]);
    let x =
        Array2::from_shape_vec((samples, sizes[0]), take(samples * sizes[0]).iter().map(float).collect()).expect("x");
    let class = take(samples).iter().map(whole).collect();
    let theta = sizes.windows(2).map(|pair| {
        let (from, to) = (pair[0], pair[1]);
        let weights = Array2::from_shape_vec((from, to), take(from * to).iter().map(float).collect()).expect("weights");
        let bias = Array1::from_iter(take(to).iter().map(float));
        let mut theta = Array2::zeros((to, from + 1));
        theta.column_mut(0).assign(&bias);
        theta.slice_mut(s![.., 1..]).assign(&weights.t());
        theta
    });
    Given { theta: theta.collect(), x, class }
}

fn prepared(workload: &Workload, given: &Given, samples: usize) -> Arc<Prepared> {
    let x = given.x.slice(s![..samples, ..]).to_owned();
    common::prepared(workload.name, x, &given.class[..samples], workload.sizes[workload.sizes.len() - 1])
}

fn trainer<T: Real>(asked: &Asked, given: &Given, samples: usize) -> DenseTrainer<T> {
    let workload = asked.workload;
    let hidden = &workload.sizes[1..workload.sizes.len() - 1];
    let config = Config {
        source: Source::named(workload.name),
        layers: hidden.to_vec(),
        activation: vec![workload.hidden],
        output: workload.output,
        penalty: Penalty::L2,
        // λ/m counts all samples, also where only some of them are timed.
        lambda: workload.lambda * samples as f64 / workload.samples as f64,
        alpha: workload.alpha,
        batch: BatchSize::Size(workload.batch),
        init: Init::Zeros,
        shuffle: false,
        test_split: 0.0,
        precision: asked.precision,
        threads: asked.threads,
        ..Config::default()
    };
    let network = config.network(given.theta.iter().map(|theta| theta.mapv(T::of)).collect());
    let mut trainer =
        DenseTrainer::with_model(Arc::new(config), prepared(workload, given, samples), network).expect("threads");
    trainer.measure_epochs(false);
    trainer
}

/// The data loss over the first 5,000 samples, in `f64`.
fn loss<T: Real>(trainer: &DenseTrainer<T>, data: &Prepared) -> f64 {
    let network = trainer.model();
    let theta = network.theta.iter().map(|theta| theta.mapv(Real::f64)).collect();
    let network = Network::<f64> { theta, hidden: network.hidden.clone(), output: network.output };
    let most = data.train.x.nrows().min(5000);
    let forward = network.forward(data.train.x.slice(s![..most, ..]));
    network.cost(&forward, data.train.y.slice(s![..most, ..])).mean().expect("samples")
}

fn run<T: Real>(asked: &Asked) {
    let workload = asked.workload;
    let given = given(workload);
    let steps = workload.samples.div_ceil(workload.batch);
    let timed = asked.max_steps.map_or(steps, |most| most.min(steps));
    let check = workload.check.unwrap_or(3 * steps);
    let mut checked = trainer::<T>(asked, &given, workload.samples);
    (0..check).for_each(|_| checked.step().expect("it does not diverge"));
    let loss = loss(&checked, &prepared(workload, &given, workload.samples));
    drop(checked);
    let mut trainer = trainer::<T>(asked, &given, (timed * workload.batch).min(workload.samples));
    let mut epochs = |count: usize| {
        let begun = Instant::now();
        (0..count * timed).for_each(|_| trainer.step().expect("it does not diverge"));
        begun.elapsed().as_secs_f64()
    };
    epochs(1);
    let count = (asked.min_run / epochs(1).max(1e-7)).ceil().max(1.0) as usize;
    let scale = steps as f64 / timed as f64 * 1e3 / count as f64;
    let mut times: Vec<f64> = (0..asked.runs).map(|_| epochs(count) * scale).collect();
    times.sort_by(f64::total_cmp);
    let (least, median) = (times[0], times[times.len() / 2]);
    let pairs = workload.sizes.windows(2).map(|pair| (pair[0] * pair[1]) as f64);
    let products: f64 =
        pairs.clone().map(|pair| 4.0 * pair).sum::<f64>() + pairs.skip(1).map(|pair| 2.0 * pair).sum::<f64>();
    let round = |value: f64, digits: i32| (value * 10f64.powi(digits)).round() / 10f64.powi(digits);
    let line = serde_json::json!({
        "peer": "deltascope",
        "mode": "default",
        "version": env!("CARGO_PKG_VERSION"),
        "workload": workload.name,
        "threads": asked.threads,
        "dtype": if asked.precision == Precision::F32 { "f32" } else { "f64" },
        "ms_per_epoch_min": round(least, 5),
        "ms_per_epoch_median": round(median, 5),
        "us_per_step_min": round(least * 1e3 / steps as f64, 3),
        "us_per_step_median": round(median * 1e3 / steps as f64, 3),
        "gflops_best": round(workload.samples as f64 * products / least / 1e6, 2),
        "runs": asked.runs,
        "epochs_per_run": count,
        "steps_timed": timed,
        "steps_per_epoch": steps,
        "check_loss": round(loss, 6),
    });
    println!("{line}");
}
