//! The command line that a run shows starts the same run: random options of nets of every kind are read, shown, and read again.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::heed::heeded;
use super::{Cli, CommandLine, Given};
use crate::train::{Config, Origins, begin, check};
use clap::Parser;

/// The options of the run that a command line asks for, without where they come from.
fn read(words: &[String]) -> Result<Config, String> {
    let line = CommandLine { typed: words.iter().map(Into::into).collect(), file: Vec::new() };
    let cli = Cli::try_parse_from(line.words()).map_err(|error| error.to_string())?;
    let text = |error: crate::error::Error| error.to_string();
    let (line, cli) = heeded(line, cli).map_err(text)?;
    let wanted = cli.run.wanted(&Given::of(&line)).map_err(text)?;
    let loaded = wanted.load().map_err(text)?;
    let config = wanted.on(&loaded).map_err(text)?;
    let data = loaded.prepare(&config.preparation()).map_err(text)?;
    check(&config, &data).map_err(text)?;
    Ok(Config { origins: Origins::default(), ..config })
}

/// The words of a line as a shell takes them apart.
fn taken_apart(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted, mut escaped) = (Vec::new(), None::<String>, false, false);
    for c in line.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                word.get_or_insert_default().push(c);
            }
            '\\' if !quoted => escaped = true,
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

const FOR_ALL: [&str; 42] = [
    "--alpha 0.5",
    "--alpha 0.01",
    "--alpha 0.003",
    "--optimizer gd",
    "--optimizer momentum",
    "--optimizer rmsprop",
    "--optimizer adam",
    "--optimizer adamw",
    "--lambda 0",
    "--lambda 1",
    "--lambda 0.1",
    "--penalty l1",
    "--penalty l2",
    "--penalty none",
    "--batch full",
    "--batch 32",
    "--batch 1",
    "--layers 25",
    "--layers 32",
    "--layers 8",
    "--output sigmoid",
    "--output softmax",
    "--output linear",
    "--output sigmoid-mse",
    "--schedule step:3:0.5",
    "--schedule constant",
    "--clip 1e-300",
    "--clip 2.5",
    "--beta 0.8",
    "--beta2 0.9",
    "--epochs 3",
    "--until 1e300",
    "--patience 2",
    "--seed 18446744073709551615",
    "--seed 1",
    "--init he",
    "--init uniform",
    "--precision f32",
    "--threads 2",
    "--no-shuffle",
    "--test-split 0.5",
    "--test-split 0.2",
];

const DENSE: [&str; 16] = [
    "--layers none",
    "--layers 25,10",
    "--activation sigmoid",
    "--activation tanh",
    "--activation relu",
    "--dropout 0.3",
    "--task classes",
    "--binary",
    "--task regression",
    "--scale none",
    "--scale standard",
    "--target-scale standard",
    "--samples 200",
    "--noise 0.3",
    "--add squares,sines",
    "--missing drop",
];

const RECURRENT: [&str; 12] = [
    "--cell tanh",
    "--cell gru",
    "--cell lstm",
    "--cell relu",
    "--length 20",
    "--length 7",
    "--truncate 3",
    "--samples 60",
    "--samples 500",
    "--layers 4",
    "--alpha 0.02",
    "--lambda 2",
];

/// Some of the options over a set; of those that exclude each other the last one.
fn line(sets: &'static [&'static str], own: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let all: Vec<&str> = FOR_ALL.iter().chain(own).copied().collect();
    (select(sets), subsequence(all, 0..12)).prop_map(|(set, options)| {
        let mut kept: Vec<&str> = Vec::new();
        let flag = |option: &str| option.split(' ').next().map(str::to_string);
        for option in options {
            kept.retain(|other| flag(other) != flag(option));
            kept.push(option);
        }
        let words = format!("deltascope {set} {}", kept.join(" "));
        words.split_whitespace().map(str::to_string).collect()
    })
}

fn holds(words: &[String]) -> Result<(), TestCaseError> {
    let Ok(said) = read(words) else { return Ok(()) };
    let line = said.command_line();
    let again =
        read(&taken_apart(&line)).map_err(|error| TestCaseError::fail(format!("{words:?}: {line}: {error}")))?;
    prop_assert_eq!(&again, &said, "{:?}: {}", words, line);
    prop_assert_eq!(again.command_line(), line, "shown again");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_dense_run_is_started_again_by_the_command_line_that_it_shows(
        words in line(
            &["--data iris", "--data xor", "--data circle", "--data reg-plane", "--data tests/alarms/houses.csv",
              "--data tests/alarms/houses.csv --target price --task regression"],
            &DENSE,
        )
    ) {
        holds(&words)?;
    }

    #[test]
    fn a_recurrent_run_is_started_again_by_the_command_line_that_it_shows(
        words in line(
            &["--data remember", "--data echo", "--data adding", "--data parity", "--data sine", "--data jabberwocky",
              "--data src/cli.rs --cell tanh", "--data tests/alarms/steps.csv --id run --step t --target y",
              "--data tests/alarms/steps.csv --id run --target y"],
            &RECURRENT,
        )
    ) {
        holds(&words)?;
    }
}

#[test]
fn a_run_that_begins_with_weights_from_a_file_is_started_again_by_its_command_line() {
    let words = |line: &str| line.split_whitespace().map(str::to_string).collect::<Vec<_>>();
    let path = std::env::temp_dir().join(format!("deltascope-reproduced-{}.npz", std::process::id()));
    let made = read(&words("deltascope --data iris --layers 6,5 --activation tanh,relu --output softmax"));
    let config = made.expect("a net");
    let loaded = config.load().expect("it is built in");
    let data = loaded.prepare(&config.preparation()).expect("it can be split");
    let mut trainer = begin(config, data).expect("a net");
    trainer.snapshot(None).weight_file(&path).write().expect("a file can be written");
    for options in [
        "",
        "--activation tanh,relu",
        "--activation sigmoid",
        "--activation tanh",
        "--output sigmoid",
        "--output softmax --alpha 0.5",
        "--layers 6,5 --alpha 0.03 --optimizer gd",
        "--lambda 0 --batch full",
    ] {
        let line = words(&format!("deltascope --data iris --weights {} {options}", path.display()));
        assert!(read(&line).is_ok(), "{line:?}");
        holds(&line).expect(options);
    }
    std::fs::remove_file(&path).expect("it is there");
}

#[test]
fn a_value_that_begins_like_a_flag_or_that_a_shell_would_take_apart_comes_back() {
    for value in ["-x", "- x y", "it's", "--data", "$HOME `x`", "a\"b", "ü ñ", "*"] {
        let words = ["deltascope".into(), "--data=tests/alarms/houses.csv".into(), format!("--target={value}")];
        let line = CommandLine { typed: words.iter().map(Into::into).collect(), file: Vec::new() };
        let config = |words: &[String]| Cli::try_parse_from(words).map(|cli| cli.run.config().expect(value));
        let shown = config(&words).expect(value).command_line();
        let again = config(&taken_apart(&shown)).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(again.source.target.as_deref(), Some(value), "{shown}");
        assert_eq!(Given::of(&line).origin("target"), Some(crate::train::Origin::Flag));
    }
}
