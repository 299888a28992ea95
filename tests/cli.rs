//! The program without a terminal: what it prints, its exit statuses, and what it refuses.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn deltascope(line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.args(line.split_whitespace()).stdin(Stdio::null());
    command
}

fn run(line: &str) -> Output {
    deltascope(line).output().expect("the program starts")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("stdout is UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("stderr is UTF-8")
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn the_default_run_reaches_92_percent_on_the_held_out_part_in_30_epochs() {
    let output = run("--headless --epochs 30 --format json");
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let lines: Vec<Value> = stdout(&output).lines().map(json).collect();
    assert_eq!(lines.len(), 31);
    let (first, last) = (&lines[0], &lines[30]);
    assert_eq!((&first["epoch"], &first["step"]), (&0.into(), &0.into()));
    assert_eq!((&last["epoch"], &last["step"]), (&30.into(), &(30 * 45).into()));
    assert!(last["test"]["accuracy"].as_f64().unwrap() >= 0.92, "{last}");
    assert!(last["train"]["accuracy"].as_f64().unwrap() >= 0.95, "{last}");
    assert!(last["cost"]["total"].as_f64() < first["cost"]["total"].as_f64());
}

#[test]
fn a_line_of_json_has_these_fields_and_its_parts_add_up() {
    let output = run("--headless --epochs 1 --format json");
    for line in stdout(&output).lines() {
        let epoch = json(line);
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&epoch), ["cost", "epoch", "step", "test", "train"]);
        assert_eq!(keys(&epoch["cost"]), ["data", "reg", "total"]);
        assert_eq!(keys(&epoch["train"]), ["accuracy"]);
        assert_eq!(keys(&epoch["test"]), ["accuracy", "cost"]);
        let cost = |name: &str| epoch["cost"][name].as_f64().unwrap();
        assert_eq!(cost("total"), cost("data") + cost("reg"));
    }
}

#[test]
fn without_a_held_out_part_there_is_no_test() {
    for line in ["--headless --epochs 1 --format json --test-split 0", "--headless --epochs 1 --format json --data xor"]
    {
        let output = run(line);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        assert!(stdout(&output).lines().all(|line| json(line).get("test").is_none()));
    }
}

#[test]
fn the_text_tells_the_same_numbers_as_the_json() {
    let (text, json_lines) = (run("--epochs 2"), run("--epochs 2 --format json"));
    assert_eq!(stdout(&text).lines().count(), 3);
    for (text, epoch) in stdout(&text).lines().zip(stdout(&json_lines).lines().map(json)) {
        for number in [&epoch["cost"]["total"], &epoch["cost"]["data"], &epoch["test"]["cost"]] {
            let exact = number.as_f64().unwrap().to_string();
            assert!(text.contains(&exact), "{exact} is not in {text}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let line = "--headless --epochs 2 --format json";
    let first = run(line).stdout;
    assert_eq!(first, run(line).stdout);
    assert_ne!(first, run(&format!("{line} --seed 2")).stdout);
}

#[test]
fn every_option_of_the_mathematics_trains() {
    for options in [
        "--layers none --batch full --no-shuffle --precision f32",
        "--layers 8,6 --activation tanh,relu --output softmax --init he --alpha 0.1",
        "--activation leaky-relu --output linear --penalty l1 --alpha 0.01 --init course",
        "--output sigmoid-mse --penalty none --lambda 0 --init sin --scale standard",
    ] {
        let output = run(&format!("--headless --epochs 1 {options}"));
        assert_eq!(status(&output), 0, "{options}: {}", stderr(&output));
        assert_eq!(stdout(&output).lines().count(), 2, "{options}");
    }
}

#[test]
fn without_epochs_it_refuses_at_once() {
    for line in ["--headless", "--format json", "--headless --data no-such-file.csv"] {
        let output = run(line);
        assert_eq!(status(&output), 2);
        assert!(stderr(&output).contains("--epochs"), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_run_that_diverges_says_so_and_ends_with_status_3() {
    let output = run("--headless --epochs 5 --format json --activation linear --output linear --alpha 1e300");
    assert_eq!(status(&output), 3);
    let last = json(stdout(&output).lines().last().unwrap());
    assert_eq!(last["diverged"], Value::Bool(true));
    assert!(last["epoch"].is_u64() && last["step"].is_u64());
    assert_eq!(last.as_object().unwrap().len(), 3);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = deltascope("--headless --epochs 100000 --format json --data xor")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(json(&line).is_object());
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn the_book_is_printed_whole_or_in_part() {
    let whole = run("book");
    assert_eq!(status(&whole), 0, "{}", stderr(&whole));
    let sections = |output: &Output| stdout(output).lines().filter(|line| line.starts_with("---")).count();
    assert_eq!(sections(&whole), 22);
    for (part, count, said) in [
        ("2.5.8", 1, "    (2.5.8) δ^(l)_i = a^(l)_i (1 − a^(l)_i) Σ_d δ^(l+1)_d Θ^(l)_{di}"),
        ("2.5", 1, "2.5  δ of the hidden layers"),
        ("softmax", 1, "3.2  Softmax"),
        ("3.2 Adam", 1, "3.2  Optimisers"),
        ("1", 3, "1.3  The update"),
    ] {
        let output = run(&format!("book {part}"));
        assert_eq!((status(&output), sections(&output)), (0, count), "{part}: {}", stderr(&output));
        assert!(stdout(&output).lines().any(|line| line == said), "{part}: {}", stdout(&output));
        assert!(stdout(&whole).contains(stdout(&output).trim_end()), "{part}");
    }
    let markdown = run("book 1.1 --format markdown");
    assert!(stdout(&markdown).starts_with("## 1.1 From the input to the answer\n"), "{}", stdout(&markdown));
}

#[test]
fn a_part_that_the_book_does_not_have_is_refused_with_those_that_it_has() {
    for part in ["2.5.10", "4", "transformer", "2.5 2.6"] {
        let output = run(&format!("book {part}"));
        assert_eq!(status(&output), 2, "{part}");
        assert!(output.stdout.is_empty());
        let said = stderr(&output);
        assert!(said.contains(&format!("the book has no part {part};")), "{said}");
        assert!(said.contains("3.2  Softmax") && said.contains("2.5.1 to 2.5.9"), "{said}");
    }
}

#[test]
fn the_glossary_is_printed_whole_or_a_symbol_of_it() {
    let whole = run("glossary");
    assert_eq!(status(&whole), 0, "{}", stderr(&whole));
    assert!(stdout(&whole).lines().all(|line| line.chars().count() <= 80 && !line.ends_with(' ')));
    for (symbol, said) in [
        ("δ", "δ is ∂J^(b)/∂z^(l) of one sample (2.5.1): how much the cost of the sample grows"),
        ("delta", "δ is ∂J^(b)/∂z^(l) of one sample (2.5.1): how much the cost of the sample grows"),
        ("Theta", "Θ is the matrix of the weights from layer l to layer l+1: Θ_ji joins unit i of"),
        ("Theta^(2)[1,3]", "Θ is the matrix of the weights from layer l to layer l+1: Θ_ji joins unit i of"),
        ("g^f", "g^f is the forget gate: how much of the cell state before is kept."),
        ("dJ/dTheta", "∂J/∂Θ is the gradient of the cost: D with the gradient of the penalty added."),
        ("LAMBDA", "λ is the strength of the penalty (--lambda)."),
    ] {
        let output = run(&format!("glossary {symbol}"));
        assert_eq!(status(&output), 0, "{symbol}: {}", stderr(&output));
        assert_eq!(stdout(&output).lines().next(), Some(said), "{symbol}");
        assert!(stdout(&whole).contains(said), "{symbol}");
    }
    let markdown = run("glossary D --format markdown");
    assert!(stdout(&markdown).starts_with("\n**D** is the gradient of the data term"), "{}", stdout(&markdown));
}

#[test]
fn a_symbol_that_the_glossary_does_not_have_is_refused_with_the_nearest() {
    for (symbol, nearest) in [("thta", "Θ"), ("lamda", "λ"), ("g^z", "g^f"), ("\u{1b}[31m", "")] {
        let output = run(&format!("glossary {symbol}"));
        assert_eq!(status(&output), 2, "{symbol}");
        assert!(output.stdout.is_empty());
        let said = stderr(&output);
        assert!(said.contains("the glossary has no symbol") && said.contains(nearest), "{said}");
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
    }
}

#[test]
fn the_book_ends_quietly_in_a_pipe_that_is_closed() {
    let mut child =
        deltascope("book").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn what_is_wrong_with_a_word_is_told_without_its_control_characters() {
    for words in [["--output", "\u{1b}[2Jx"], ["data", "--\u{1b}]0;title\u{7}"], ["\u{9b}31mx", "\u{1b}[31m.csv"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_deltascope")).args(words).output().expect("the program starts");
        assert_eq!(status(&output), 2);
        let text = stderr(&output);
        assert!(!text.is_empty() && text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    }
}

#[test]
fn help_that_can_not_be_written_is_an_error() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        let _ = writeln!(io::stderr(), "skipped: there is no /dev/full");
        return;
    };
    let status = deltascope("--help").stdout(full).stderr(Stdio::null()).status().expect("the program starts");
    assert_eq!(status.code(), Some(1));
}

#[test]
fn no_escape_code_ever_reaches_a_pipe() {
    for line in [
        "--epochs 1",
        "check --data iris",
        "data",
        "data digits",
        "book 2.5",
        "--help",
        "--output wrong",
        "--data none.csv --epochs 1",
    ] {
        let mut command = deltascope(line);
        command.env("CLICOLOR_FORCE", "1").env("COLORTERM", "truecolor");
        let output = command.output().expect("the program starts");
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{line}");
    }
}

#[test]
fn a_wrong_value_is_refused_with_what_is_allowed_and_status_2() {
    for (line, allowed) in [
        ("--output tanh", "sigmoid-mse"),
        ("--activation swish", "leaky-relu"),
        ("--layers 4,0", "1"),
        ("--layers 3,3 --activation tanh,tanh,tanh", "one for all"),
        ("--lambda -1", "0"),
        ("--alpha 0", "above 0"),
        ("--alpha nan", "above 0"),
        ("--batch 0", "full"),
        ("--test-split 1", "not including, 1"),
        ("--scale 0", "standard"),
        ("--speed 0", "max"),
        ("--data iris --target x", "--target"),
        ("--no-such-option", "--help"),
    ] {
        let output = run(&format!("{line} --epochs 1"));
        assert_eq!(status(&output), 2, "{line}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains(allowed), "{line}: {}", stderr(&output));
    }
}

#[test]
fn the_check_holds_for_every_layer_of_the_default_net_on_iris() {
    let output = run("check --data iris");
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    for name in ["Theta1", "Theta2", "relative difference", "worst", "every layer is below 1e-7"] {
        assert!(stdout(&output).contains(name), "{name}: {}", stdout(&output));
    }
}

#[test]
fn the_help_groups_the_options_and_gives_three_examples() {
    let output = run("--help");
    assert_eq!(status(&output), 0);
    for text in ["Data:", "Network:", "Training:", "Screen:", "Without a terminal:", "Examples:", "Exit status:"] {
        assert!(stdout(&output).contains(text), "{text}");
    }
    assert_eq!(stdout(&output).lines().filter(|line| line.starts_with("  deltascope")).count(), 3);
    let version = run("--version");
    assert_eq!(stdout(&version).trim(), format!("deltascope {}", env!("CARGO_PKG_VERSION")));
}
