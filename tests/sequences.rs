//! Sequences by the built program: headless, the gradient check, a table and a text from files, and what is refused.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

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
    assert!(output.status.code().is_some_and(|status| status == 1 || status == 2), "{words:?}: {told}");
    assert!(told.contains(mention) && told.lines().count() == 1, "{words:?}: {told}");
}

/// A file of a test's own, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, content: &[u8]) -> Self {
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

#[test]
fn every_set_trains_without_a_screen_and_the_same_again() {
    for name in ["remember", "adding", "parity", "echo", "sine", "jabberwocky"] {
        let words = ["--data", name, "--layers", "6", "--length", "8", "--headless", "--epochs", "2"];
        // A text has as many sequences as there are in it.
        let made = ["--samples", "40"].into_iter().filter(|_| name != "jabberwocky");
        let words: Vec<&str> = words.into_iter().chain(made).collect();
        let text = printed(&words);
        assert_eq!(text.lines().count(), 3, "{name}: {text}");
        assert_eq!(printed(&words), text, "{name}");
        let measured = if ["adding", "sine"].contains(&name) { "RMSE" } else { "accuracy" };
        assert!(text.lines().all(|line| line.contains(measured)), "{name}: {text}");
    }
    let json = printed(&["--data", "echo", "--cell", "gru", "--headless", "--epochs", "1", "--format", "json"]);
    assert!(json.lines().all(|line| line.contains("\"accuracy\"")), "{json}");
}

#[test]
fn the_check_of_the_gradient_holds_for_every_cell() {
    for cell in ["tanh", "sigmoid", "relu", "gru", "lstm"] {
        let net = ["--data", "parity", "--cell", cell, "--layers", "3", "--length", "6", "--lambda", "1"];
        let text = printed(&[&["check", "--samples", "40"], &net[..]].concat());
        assert!(text.contains(", all 32 training sequences of 6 steps, the gradient through all steps\n"), "{text}");
        assert!(text.contains("Theta^h") && text.contains("every matrix is below 1e-7"), "{text}");
        let of_each =
            text.lines().filter(|line| line.contains("  ok  worst Theta^") && line.contains("backpropagation"));
        assert_eq!(of_each.count(), 3, "{text}");
    }
}

#[test]
fn a_table_and_a_text_of_ones_own_are_learnt() {
    let mut table = String::from("game,move,a,b,won\n");
    for game in 0..20 {
        for step in 0..4 {
            table.push_str(&format!(
                "g{game},{},{},{step},{}\n",
                step + 1,
                game % 3,
                if game % 2 == 0 { "yes" } else { "no" }
            ));
        }
    }
    let file = Scratch::new("games.csv", table.as_bytes());
    let words = ["--data", file.path(), "--id", "game", "--step", "move", "--target", "won", "--cell", "gru"];
    let text = printed(&[&words[..], &["--headless", "--epochs", "2"]].concat());
    assert_eq!(text.lines().count(), 3, "{text}");
    let short = Scratch::new("short.csv", table.trim_end().rsplit_once('\n').expect("lines").0.as_bytes());
    refused(
        &["--data", short.path(), "--id", "game", "--target", "won", "--headless", "--epochs", "1"],
        "expected sequences of one length",
    );
    let verse = Scratch::new("verse.txt", "so much depends upon a red wheel barrow ".repeat(5).as_bytes());
    let text = printed(&["--data", verse.path(), "--cell", "tanh", "--length", "10", "--headless", "--epochs", "1"]);
    assert_eq!(text.lines().count(), 2, "{text}");
    let bytes = Scratch::new("bytes.txt", b"abc\ndef\xff\xfe");
    refused(&["--data", bytes.path(), "--cell", "gru", "--headless", "--epochs", "1"], "line 2");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let headless = ["--headless", "--epochs", "1"];
    for (words, mention) in [
        (&["--data", "remember", "--dropout", "0.5"][..], "--dropout: not for recurrent nets"),
        (&["--data", "remember", "--layers", "3,4"], "one hidden layer"),
        (&["--data", "remember", "--truncate", "0"], "--truncate 0"),
        (&["--data", "remember", "--length", "1"], "at least 2 steps"),
        (&["--data", "remember", "--length", "10001"], "--length 10001"),
        (&["--data", "remember", "--samples", "0"], "--samples 0"),
        (
            &["--data", "sine", "--output", "softmax"],
            "--output softmax with regression: numbers are learnt by linear outputs",
        ),
        (
            &["--data", "parity", "--output", "softmax"],
            "--output softmax with binary: the softmax of one unit is always 1",
        ),
        (&["--data", "remember", "--cell", "lstm", "--layers", "4096"], "weights: at most 50000000 are accepted"),
        (&["--data", "sine", "--length", "5000", "--layers", "1024", "--cell", "lstm"], "fewer with --batch"),
        (&["--truncate", "3"], "only recurrent nets have steps"),
        (&["--data", "jabberwocky", "--length", "5000"], "needs at least 5001"),
    ] {
        refused(&[words, &headless].concat(), mention);
    }
    refused(&["export", "history", "-", "--data", "remember"], "--epochs");
}

#[test]
fn numbers_that_the_precision_has_none_for_are_refused_with_their_column() {
    let row = |row: u32| format!("{},{}e300,{}\n", ["u", "v"][row as usize % 2], row + 1, row);
    let rows: String = (0..40).map(row).collect();
    let table = Scratch::new("huge.csv", format!("who,wide,near\n{rows}").as_bytes());
    let words = ["--data", table.path(), "--id", "who", "--target", "near", "--headless"];
    let output = run(&[&words[..], &["--precision", "f32", "--epochs", "1"]].concat());
    let told = String::from_utf8_lossy(&output.stderr);
    let mention =
        "column wide: found values too large for --precision f32, expected values up to 3.403e38, or --precision f64";
    assert!(output.status.code() == Some(1) && told.contains(mention), "{told}");
}

#[test]
fn a_gradient_within_the_rounding_of_j_is_too_small_to_tell_and_not_wrong() {
    let words = ["check", "--data", "parity", "--cell", "sigmoid", "--init", "course", "--layers", "1"];
    let output = run(&[&words[..], &["--samples", "25", "--length", "30"]].concat());
    let told = String::from_utf8(output.stdout).expect("it is UTF-8");
    let of_h = told.lines().find(|line| line.starts_with("Theta^h")).expect("it is checked");
    assert!(of_h.contains("  too small to tell: within the rounding of J  worst Theta^h[1,1]: numeric "), "{told}");
    assert!(told.lines().filter(|line| line.starts_with("Theta")).filter(|line| line.contains("  ok  ")).count() == 2);
    assert!(told.ends_with("a gradient is within the rounding of J\n") && !told.contains("WRONG"), "{told}");
    assert_eq!(output.status.code(), Some(5), "it has come to no verdict");
}
