//! Files of options, completions and the manual page, by the built program.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn run(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.args(words).stdin(Stdio::null()).output().expect("the program starts")
}

/// What a run that ends well prints.
#[track_caller]
fn printed(words: &[&str]) -> String {
    let output = run(words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is UTF-8")
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

const RUN: [&str; 26] = [
    "--data",
    "iris",
    "--layers",
    "5,4",
    "--activation",
    "tanh,relu",
    "--output",
    "softmax",
    "--optimizer",
    "adam",
    "--alpha",
    "0.01",
    "--lambda",
    "0.1",
    "--schedule",
    "step:10:0.5",
    "--scale",
    "2.5",
    "--add",
    "squares,sines",
    "--batch",
    "full",
    "--no-shuffle",
    "--epochs",
    "3",
    "--precision=f32",
];

#[test]
fn the_file_that_config_prints_makes_the_same_run() {
    let told = printed(&[&["config"], &RUN[..]].concat());
    let file = Scratch::new("same.toml", &told);
    let by_flags = printed(&[&["--headless"], &RUN[..]].concat());
    assert_eq!(printed(&["--headless", "--config", file.path()]), by_flags);
    assert_eq!(printed(&["config", "--config", file.path()]), told, "it prints what it reads");
    assert!(told.contains("\n# Learning rate α, above 0\nalpha = 0.01\n"), "{told}");
}

#[test]
fn without_options_it_prints_the_defaults() {
    let file = Scratch::new("defaults.toml", &printed(&["config"]));
    let run = ["--headless", "--epochs=2"];
    assert_eq!(printed(&[&run[..], &["--config", file.path()]].concat()), printed(&run));
}

#[test]
fn a_flag_wins_over_the_file() {
    let file =
        Scratch::new("wins.toml", "data = \"iris\"\nlayers = [3]\nshuffle = false\ntest-split = 0\nepochs = 2\n");
    let path = ["--config", file.path()];
    for (flags, same) in [
        (
            vec!["--layers=6", "--epochs=1"],
            vec!["--data=iris", "--layers=6", "--no-shuffle", "--test-split=0", "--epochs=1"],
        ),
        (vec!["--shuffle"], vec!["--data=iris", "--layers=3", "--test-split=0", "--epochs=2"]),
        (vec!["--data=xor"], vec!["--data=xor", "--layers=3", "--no-shuffle", "--test-split=0", "--epochs=2"]),
    ] {
        assert_eq!(
            printed(&[&["--headless"], &path[..], &flags].concat()),
            printed(&[&["--headless"], &same[..]].concat())
        );
    }
}

#[test]
fn check_heeds_the_file_and_leaves_what_it_has_no_use_for() {
    let file = Scratch::new("check.toml", "data = \"xor\"\nlayers = 2\nspeed = \"max\"\ntheme = \"light\"\n");
    assert!(printed(&["check", "--config", file.path()]).contains("net 2-2-2"));
}

#[test]
fn what_is_no_option_is_refused_with_the_names_there_are() {
    let file = Scratch::new("unknown.toml", "alpha = 0.1\nhidden = [3]\n");
    let output = run(&["--config", file.path()]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.contains("line 2: hidden is no option") && told.contains("layers"), "{told}");
}

#[test]
fn every_shell_and_the_manual_page_know_every_option() {
    let help = printed(&["--help"]);
    let options: Vec<&str> = help
        .split_whitespace()
        .filter(|word| word.starts_with("--") && word.len() > 3)
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit()))
        .collect();
    assert!(options.len() > 30, "{options:?}");
    let page = printed(&["man"]).replace("\\-", "-");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for option in &options {
            assert!(script.contains(option), "{shell}: {option}");
            assert!(page.contains(option), "manual: {option}");
        }
    }
    assert!(page.contains("deltascope") && page.contains("Learning rate"));
}

#[test]
fn the_options_of_a_recurrent_net_are_read_as_they_are_printed() {
    let net = ["--cell", "gru", "--data", "remember", "--length", "10", "--truncate", "4", "--samples", "40"];
    let file = Scratch::new("recurrent.toml", &printed(&[&["config"], &net[..]].concat()));
    let run = ["--headless", "--epochs", "1", "--format", "json"];
    assert_eq!(printed(&[&run[..], &["--config", file.path()]].concat()), printed(&[&run[..], &net].concat()));
}
