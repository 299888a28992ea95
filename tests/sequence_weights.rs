//! Weights of recurrent nets: runs that go on from them, new sequences that they are used on, and the same net in PyTorch.

mod scratch;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use scratch::Scratch;
use serde_json::Value;

/// The exit status, stdout and stderr of some words in the folder of PyTorch's files.
fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/torch");
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    let output = command.args(words).current_dir(folder).stdin(Stdio::null()).output().expect("the program starts");
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("it is UTF-8"));
    (output.status.code(), stdout, stderr)
}

#[track_caller]
fn printed(words: &[&str]) -> (String, String) {
    let (status, stdout, stderr) = run(words);
    assert_eq!(status, Some(0), "{words:?}: {stderr}");
    (stdout, stderr)
}

#[track_caller]
fn refused(words: &[&str], mention: &str) {
    let (status, _, told) = run(words);
    assert!(status == Some(1) || status == Some(2), "{words:?}: {status:?}");
    assert!(told.contains(mention) && told.lines().count() == 1, "{words:?}: {told}");
}

/// J of each line of a run.
fn costs(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_once(" J ").expect("J").1.to_string()).collect()
}

#[test]
fn runs_that_begin_with_weights_of_pytorch_have_its_costs_update_by_update() {
    for (name, cell) in [("torch_gru_last", "gru"), ("torch_lstm_last", "lstm")] {
        let json = std::fs::read_to_string(format!("tests/oracles/torch/{name}.json")).expect("it is there");
        let oracle: Value = serde_json::from_str(&json).expect("JSON");
        let (data, weights) = (format!("{name}.csv"), format!("{name}.safetensors"));
        let net = ["--data", &data, "--id=sid", "--step=t", "--target=label", "--weights", &weights];
        let updates = ["--optimizer=gd", "--alpha=0.5", "--batch=full", "--test-split=0", "--epochs=20"];
        let (text, said) = printed(&[&["--headless", "--format=json"], &net[..], &updates].concat());
        assert!(said.contains("softmax is assumed where classes are learnt"), "{said}");
        let found = text.lines().map(|line| {
            let line: Value = serde_json::from_str(line).expect("JSON");
            line["cost"]["total"].as_f64().expect("a number")
        });
        let expected: Vec<f64> = serde_json::from_value(oracle["J_by_update"].clone()).expect("numbers");
        assert_eq!(text.lines().count(), expected.len());
        for (found, expected) in found.zip(expected) {
            assert!((found - expected).abs() <= 1e-12 * expected, "{cell}: {found} {expected}");
        }
    }
    let plain = ["--data=torch_tanh_last.csv", "--id=sid", "--target=label", "--weights=torch_tanh_last.npz"];
    refused(
        &[&["--headless", "--epochs=1"], &plain[..]].concat(),
        "does not say what its recurrent layer computes: --cell tanh",
    );
}

#[test]
fn a_run_on_sequences_goes_on_from_the_weights_of_another_one() {
    let scratch = Scratch::new();
    for (name, cell) in [("remember", "gru"), ("parity", "relu"), ("sine", "lstm"), ("jabberwocky", "tanh")] {
        let data = format!("--data={name}");
        let file = scratch.path("net.safetensors");
        let made: &[&str] = if name == "jabberwocky" { &[] } else { &["--samples=30"] };
        let set = [&[data.as_str(), "--length=6", "--optimizer=gd", "--alpha=0.1", "--no-shuffle"], made].concat();
        let run = |more: &[&str]| printed(&[&["--headless"], &set[..], more].concat());
        let cell = format!("--cell={cell}");
        let net = [cell.as_str(), "--layers=5"];
        let (first, _) = run(&[&net[..], &["--epochs=2", "--save", &file]].concat());
        // What the net is made of comes from the file.
        let (second, said) = run(&["--epochs=2", "--weights", &file]);
        let (whole, _) = run(&[&net[..], &["--epochs=4"]].concat());
        assert_eq!(
            (said.as_str(), [costs(&first), costs(&second)[1..].to_vec()].concat()),
            ("", costs(&whole)),
            "{name}"
        );
    }
}

#[test]
fn weights_of_another_net_are_refused_by_the_flag_or_the_matrix_that_differs() {
    let scratch = Scratch::new();
    let [gru, dense] = ["gru.npz", "dense.mat"].map(|name| scratch.path(name));
    printed(&[
        "--headless",
        "--data=remember",
        "--length=5",
        "--samples=20",
        "--layers=4",
        "--epochs=1",
        "--save",
        &gru,
    ]);
    printed(&["--headless", "--data=iris", "--layers=4", "--epochs=1", "--save", &dense]);
    let run = ["--headless", "--epochs=1", "--weights"];
    for (words, mention) in [
        (
            &[gru.as_str(), "--data=remember", "--layers=6"][..],
            "Theta_x: found the shape 12x5, expected 18x5 for a net of gru 4-6-4",
        ),
        (&[&gru, "--data=remember", "--cell=lstm"], "--cell lstm: the matrices of"),
        (&[&gru, "--data=iris"], "--data iris: it is no set of sequences"),
        (&[&gru, "--data=parity"], "parity: found 1 inputs, expected 4, as the net takes them"),
        (&[&gru, "--data=remember", "--activation=relu"], "--activation: not for recurrent nets"),
        (
            &[&dense, "--data=remember"],
            "found the weights of a dense net, expected those of a recurrent net, since remember has sequences",
        ),
        (&[&dense, "--data=remember", "--cell=gru"], "has the weights of a dense net"),
    ] {
        refused(&[&run[..], words].concat(), mention);
    }
    assert!(
        printed(&["check", "--data=remember", "--length=5", "--samples=20", "--weights", &gru]).0.contains("gru 4-4-4")
    );
}
