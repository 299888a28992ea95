//! Weights of recurrent nets: runs that go on from them, new sequences that they are used on, and the same net in PyTorch.

mod scratch;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use deltascope::data::Source;
use deltascope::data::sequences::Sequences;
use ndarray::Array2;
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
        assert!(!said.contains("warning"), "{said}");
        assert_eq!([costs(&first), costs(&second)[1..].to_vec()].concat(), costs(&whole), "{name}");
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

/// The lines of JSON that a command prints.
fn json(words: &[&str]) -> Vec<Value> {
    let (text, _) = printed(&[words, &["--format=json"]].concat());
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn nets_of_pytorch_are_used_on_its_sequences_with_its_outputs_and_costs() {
    for (name, more) in [
        ("torch_gru_last", &[][..]),
        ("torch_lstm_last", &[]),
        ("torch_tanh_every", &["--cell=tanh"]),
        ("torch_tanh_last", &["--cell=tanh"]),
    ] {
        let text = std::fs::read_to_string(format!("tests/oracles/torch/{name}.json")).expect("it is there");
        let oracle: Value = serde_json::from_str(&text).expect("JSON");
        let (data, weights) = (format!("{name}.csv"), format!("{name}.npz"));
        let with = ["--weights", &weights, "--data", &data, "--id=sid", "--step=t", "--target=label"];
        let measured = &json(&[&["evaluate"], &with[..], more].concat())[0];
        let near = |found: &Value, expected: &Value| {
            let [found, expected] = [found, expected].map(|value| value.as_f64().expect("a number"));
            (found - expected).abs() <= 1e-12 * expected.abs().max(1.0)
        };
        assert!(near(&measured["cost"], &oracle["J"]), "{name}: {measured}");
        assert!(near(&measured["accuracy"], &oracle["accuracy"]), "{name}: {measured}");
        let lines = json(&[&["predict"], &with[..], more].concat());
        let first = oracle["h_of_first_sequence"].as_array().expect("rows");
        for (step, (line, expected)) in lines.iter().zip(first).enumerate() {
            assert_eq!(line["sequence"], "s00");
            assert_eq!(line["step"].as_u64(), name.ends_with("every").then_some(step as u64 + 1), "{line}");
            let both = line["h"].as_array().expect("numbers").iter().zip(expected.as_array().expect("numbers"));
            assert!(both.clone().count() == 3 && both.clone().all(|(h, expected)| near(h, expected)), "{name}: {line}");
        }
    }
}

#[test]
fn inputs_and_classes_are_found_by_their_names_in_a_table_with_or_without_the_targets() {
    let scratch = Scratch::new();
    let row =
        |line: usize| format!("p{},{},0.{line},{},{}", line / 3, line % 3, line * 7 % 5, ["up", "down"][line / 3 % 2]);
    let rows: Vec<String> = (0..18).map(row).collect();
    let train = scratch.file("train.csv", &format!("who,t,u,v,y\n{}\n", rows.join("\n")));
    let weights = scratch.path("net.safetensors");
    let table = ["--id=who", "--step=t"];
    let net =
        ["--headless", "--cell=lstm", "--layers=3", "--epochs=4", "--test-split=0", "--target=y", "--data", &train];
    printed(&[&net[..], &table, &["--save", &weights]].concat());
    let predicted = |data: &str, more: &[&str]| {
        printed(&[&["predict", "--weights", &weights, "--data", data], &table[..], more].concat())
    };
    let (whole, said) = predicted(&train, &[]);
    assert!(
        whole.starts_with("sequence,answer,h down,h up\np0,") && whole.lines().count() == 7 && said.is_empty(),
        "{whole}"
    );
    // Other columns in another order, the steps in another order, no targets; then one class alone.
    let swapped: Vec<String> = rows
        .iter()
        .rev()
        .map(|row| {
            let fields: Vec<&str> = row.split(',').collect();
            [fields[3], fields[1], "7", fields[2], fields[0]].join(",")
        })
        .collect();
    let new = scratch.file("new.csv", &format!("v,t,other,u,who\n{}\n", swapped.join("\n")));
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&predicted(&new, &[]).0), sorted(&whole));
    let measure = |data: &str| {
        json(&[&["evaluate", "--weights", &weights, "--data", data, "--target=y"], &table[..]].concat()).remove(0)
    };
    let last = json(&[&net[..], &table].concat()).pop().expect("lines");
    let measured = measure(&train);
    assert_eq!((&measured["cost"], &measured["accuracy"]), (&last["cost"]["data"], &last["train"]["accuracy"]));
    let counts: u64 = measured["confusion"]
        .as_array()
        .expect("rows")
        .iter()
        .flat_map(|row| row.as_array().expect("counts"))
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!((counts, measured["samples"].as_u64()), (6, Some(6)));
    let one = scratch.file("one.csv", &format!("who,t,u,v,y\n{}\n", rows[..3].join("\n")));
    assert_eq!(
        measure(&one)["confusion"][1].as_array().expect("counts").iter().filter_map(Value::as_u64).sum::<u64>(),
        1
    );
    for (name, content, mention) in [
        ("less.csv", "who,t,u,y\np,0,1,up\n", "expected the feature v"),
        (
            "class.csv",
            "who,t,u,v,y\np,0,1,1,sideways\n",
            "found the class sideways, expected one that the net has learnt: down, up",
        ),
        ("changes.csv", "who,t,u,v,y\np,0,1,1,up\np,1,1,1,down\n", "found targets that change within a sequence"),
    ] {
        let path = scratch.file(name, content);
        refused(&[&["evaluate", "--weights", &weights, "--data", &path, "--target=y"], &table[..]].concat(), mention);
    }
}

#[test]
fn a_net_that_answers_at_every_step_says_so_for_numbers_texts_and_sets_that_are_made() {
    let scratch = Scratch::new();
    let weights = scratch.path("net.mat");
    printed(&[
        "--headless",
        "--data=sine",
        "--length=5",
        "--samples=20",
        "--layers=3",
        "--epochs=1",
        "--save",
        &weights,
    ]);
    let with = ["--data=sine", "--length=4", "--samples=3", "--weights", &weights];
    let (told, _) = printed(&[&["predict"], &with[..]].concat());
    assert!(told.starts_with("sequence,step,next\n1,1,") && told.lines().count() == 13, "{told}");
    assert!(printed(&[&["evaluate"], &with[..]].concat()).0.starts_with("samples,cost,r2,rmse\n3,"));
    let poem = scratch.path("poem.npz");
    printed(&["--headless", "--data=jabberwocky", "--layers=4", "--epochs=1", "--save", &poem]);
    let new = scratch.file("new.txt", "the wabe, the wabe");
    let (told, _) = printed(&["predict", "--length=5", "--data", &new, "--weights", &poem]);
    assert!(told.lines().count() == 16 && told.starts_with("sequence,step,answer,h ⏎,h ␣,"), "{told}");
    let other = scratch.file("other.txt", "the #wabe");
    refused(
        &["evaluate", "--length=5", "--data", &other, "--weights", &poem],
        "found the character #, expected one that the net has learnt",
    );
    for (words, mention) in [
        (&["--scale=4", "--data=sine"][..], "--scale: not for recurrent nets"),
        (&["--id=a", "--data=sine"], "--id: it is for files"),
        (&["--data=iris"], "--data iris: it is no set of sequences"),
        (&["--data=remember"], "remember: found 4 inputs, expected 1, as the net takes them"),
    ] {
        refused(&[&["predict", "--weights", &weights], words].concat(), mention);
    }
}

/// Runs a Python that has PyTorch with a program and an input; `None` if there is none.
fn pytorch(program: &str, input: &str) -> Option<String> {
    let mut command = Command::new("python3");
    command.args(["-c", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    if told.contains("ModuleNotFoundError") {
        return None;
    }
    assert!(output.status.success(), "{told}");
    Some(String::from_utf8(output.stdout).expect("it is UTF-8"))
}

#[test]
fn the_script_of_a_recurrent_net_has_its_outputs_in_pytorch() {
    let scratch = Scratch::new();
    for (set, cell, reads) in [
        ("remember", "gru", 1),
        ("sine", "lstm", 4),
        ("parity", "relu", 4),
        ("adding", "tanh", 1),
        ("echo", "sigmoid", 4),
    ] {
        let data = format!("--data={set}");
        let cell = format!("--cell={cell}");
        let net = [data.as_str(), "--length=4", "--samples=12", "--layers=3", cell.as_str(), "--epochs=2"];
        let (script, _) = printed(&[&["export", "pytorch", "-"], &net[..]].concat());
        let weights = scratch.path("net.npz");
        printed(&[&["--headless", "--save", &weights], &net[..]].concat());
        let expected: Vec<Vec<f64>> = json(&["predict", "--weights", &weights, &data, "--length=4", "--samples=12"])
            .into_iter()
            .map(|mut line| serde_json::from_value(line["h"].take()).expect("numbers"))
            .collect();
        assert_eq!(expected.len(), 12 * reads);
        let source = Source::sequences(set, 4, 12);
        let sequences = Sequences::load(&source).expect("it is made");
        let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
        let rows: Vec<String> = (0..12)
            .map(|row| {
                sequences.fill(&[row], (&mut x, &mut y));
                let step =
                    |step: ndarray::ArrayView1<f64>| step.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
                x.rows().into_iter().map(step).collect::<Vec<_>>().join("\n")
            })
            .collect();
        let Some(told) = pytorch(&script, &rows.join("\n\n")) else {
            let _ = writeln!(io::stderr(), "skipped: PyTorch is not installed for python3");
            return;
        };
        let found: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(found.len(), expected.len(), "{set}");
        for (line, expected) in found.iter().zip(expected) {
            let h: Vec<f64> = line.split(',').map(|h| h.parse().expect("a number")).collect();
            let near = |(h, expected): (&f64, &f64)| (h - expected).abs() <= 1e-12 * expected.abs().max(1.0);
            assert!(h.len() == expected.len() && h.iter().zip(&expected).all(near), "{set}: {h:?} {expected:?}");
        }
    }
}
