//! What is learnt: two classes by one unit, numbers, several labels, from files and made sets, by the built program and the library.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use deltascope::data::{self, Source, Targets, Task};
use deltascope::nn::Output as Activation;
use deltascope::train::{Config, DenseTrainer, Fit};
use ndarray::Array2;

fn run(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.args(words).stdin(Stdio::null()).output().expect("the program starts")
}

#[track_caller]
fn printed(words: &[&str]) -> String {
    let output = run(words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

#[track_caller]
fn refused(words: &[&str], mention: &str) {
    let output = run(words);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|status| status == 1 || status == 2), "{words:?}");
    assert!(told.contains(mention) && told.lines().count() == 1, "{words:?}: {told}");
}

/// A file of a test's own, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deltascope-{}-{name}", std::process::id()));
        fs::write(&path, content).expect("a file can be written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("it is UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A trainer after so many epochs.
fn trained(config: Config, epochs: u64) -> DenseTrainer<f64> {
    let dataset = data::load(&config.source).unwrap_or_else(|error| panic!("{error}"));
    let data = data::prepare(Arc::new(dataset), &config.preparation()).expect("it is finite");
    let mut trainer = DenseTrainer::new(Arc::new(config), Arc::new(data)).expect("the options fit the data");
    while trainer.position().epochs_done < epochs {
        trainer.step().expect("it does not diverge");
    }
    trainer
}

const HOUSES: &str =
    "size,rooms,price,rent\n50,2,200.5,7\n80,3,310,9.5\n120,4,480,13\n65,2,250,8\n95,4,390,11\n30,1,120,5\n";

#[test]
fn numbers_are_measured_in_their_own_unit() {
    let houses = Scratch::new("houses.csv", HOUSES);
    let source =
        Source { task: Some(Task::Regression), target: Some("price,rent".into()), ..Source::named(houses.path()) };
    let config = Config {
        source,
        output: Activation::Linear,
        layers: vec![4],
        lambda: 0.0,
        alpha: 0.1,
        test_split: 0.0,
        ..Config::default()
    };
    let mut trainer = trained(config, 300);
    let snapshot = trainer.snapshot(None);
    let dense = snapshot.dense().expect("a dense net");
    let data = dense.data;
    let Targets::Numbers { y, names } = &data.dataset.targets else { panic!("numbers") };
    assert_eq!((names.join(" "), data.dataset.features.join(" ")), ("price rent".into(), "size rooms".into()));
    assert!(data.train.y.columns().into_iter().all(|y| y.sum().abs() < 1e-12), "standardised");
    let h = dense.network.forward(data.train.x.view()).h().clone();
    let h = Array2::from_shape_fn(h.dim(), |(row, k)| {
        h[[row, k]] * data.target_scaling.divisor[k] + data.target_scaling.shift[k]
    });
    let of_output = |k: usize| {
        let (h, y) = (h.column(k), y.column(k));
        let mean = y.sum() / 6.0;
        let off: f64 = h.iter().zip(y).map(|(h, y)| (h - y) * (h - y)).sum();
        let about: f64 = y.iter().map(|y| (y - mean) * (y - mean)).sum();
        (1.0 - off / about, (off / 6.0).sqrt())
    };
    let (price, rent) = (of_output(0), of_output(1));
    let Fit::Numbers { r2: Some(r2), rmse } = snapshot.latest.train.fit else { panic!("{:?}", snapshot.latest) };
    assert!((r2 - (price.0 + rent.0) / 2.0).abs() < 1e-12, "{r2} {price:?} {rent:?}");
    assert!((rmse - (price.1 + rent.1) / 2.0).abs() < 1e-9, "{rmse} {price:?} {rent:?}");
    assert!(r2 > 0.9, "{r2}");
}

#[test]
fn one_unit_tells_two_classes_apart_as_two_do() {
    let source = Source { task: Some(Task::Binary), ..Source::named("circle") };
    let trainer = trained(Config { source, lambda: 0.0, alpha: 2.0, layers: vec![6], ..Config::default() }, 60);
    assert_eq!(trainer.model().sizes(), [2, 6, 1]);
    assert!(trainer.latest().train.fit.accuracy() > Some(0.95), "{:?}", trainer.latest());
}

#[test]
fn several_labels_hold_at_once_and_all_must_be_right() {
    let rows: String = (0..40)
        .map(|i| (i % 8, i / 8))
        .map(|(a, b)| format!("{a},{b},{},{},x\n", u8::from(a > 3), u8::from(b > 2)))
        .collect();
    let file = Scratch::new("labels.csv", &format!("a,b,wide,tall,kind\n{rows}"));
    refused(
        &["data", file.path(), "--task=labels", "--target=wide,tall"],
        "column kind: found \"x\", expected a number",
    );
    let file = Scratch::new("labels2.csv", &format!("a,b,wide,tall\n{}", rows.replace(",x", "")));
    let source = Source { task: Some(Task::Labels), target: Some("wide,tall".into()), ..Source::named(file.path()) };
    let trainer = trained(Config { source, lambda: 0.0, alpha: 1.0, layers: vec![6], ..Config::default() }, 300);
    assert_eq!(trainer.model().sizes(), [2, 6, 2]);
    assert_eq!(trainer.latest().train.fit, Fit::Accuracy(1.0));
    let told = printed(&["data", file.path(), "--task=labels", "--target=wide,tall"]);
    assert!(told.contains("labels    2\n  wide      20   50.0 %\n  tall      16   40.0 %\n"), "{told}");
}

#[test]
fn a_run_tells_r2_and_rmse_where_numbers_are_learnt() {
    let words =
        ["--headless", "--data=reg-plane", "--layers=none", "--lambda=0", "--alpha=0.1", "--epochs=20", "--noise=0"];
    let text = printed(&words);
    assert!(text.lines().all(|line| line.contains(" train R2 ") && line.contains(" RMSE ")), "{text}");
    let json = printed(&[&words[..], &["--format=json"]].concat());
    let last: serde_json::Value = serde_json::from_str(json.lines().last().expect("lines")).expect("JSON");
    for part in ["train", "test"] {
        assert!(last[part]["r2"].as_f64() > Some(0.999), "{last}");
        assert!(last[part]["rmse"].as_f64() < Some(0.02), "{last}");
        assert!(last[part]["accuracy"].is_null(), "{last}");
    }
    assert!(printed(&["data", "reg-gauss"]).contains("learnt    1\n  y  -"));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let houses = Scratch::new("refused.csv", HOUSES);
    let path = houses.path();
    refused(&["data", "iris", "--binary"], "--task binary: iris has 3 classes");
    refused(&["data", "digits", "--task=regression"], "digits has 10 classes");
    refused(&["data", path, "--task=labels"], "line 2, column rent: found \"7\", expected 1 where the label holds");
    refused(&["data", path, "--binary"], "found 6 classes, expected two classes");
    refused(&["data", path, "--task=regression", "--target=price,price"], "column price twice");
    refused(&["data", path, "--task=regression", "--target=price,none"], "no such column");
    refused(
        &["--headless", "--epochs=1", "--data=xor", "--binary", "--output=softmax"],
        "--output softmax with binary",
    );
    refused(&["--headless", "--epochs=1", "--data=reg-plane", "--output=sigmoid"], "--output sigmoid with regression");
    let text = Scratch::new("text.csv", "x,y\n1,2\n2,many\n");
    refused(&["data", text.path(), "--task=regression"], "line 3, column y: found \"many\", expected a finite number");
}
