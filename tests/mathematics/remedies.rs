//! No remedy is given that is in force already or changes nothing: every rule against options of every kind, dense and recurrent.

use std::collections::HashSet;

use clap::Parser;
use deltascope::cli::{Cli, CommandLine, Given, RunArgs};
use deltascope::data::Data;
use deltascope::derivation::{HealthFacts, LayerNorms, rules};
use deltascope::nn::Init;
use deltascope::train::{self, AnyTrainer, Config, CostHistory, EpochHistory};

/// The options of a run as its words give them.
fn parsed(words: &[String]) -> Result<(RunArgs, Given), String> {
    let typed = ["deltascope".to_string()].into_iter().chain(words.iter().cloned()).map(Into::into).collect();
    let line = CommandLine { typed, file: Vec::new() };
    let cli = Cli::try_parse_from(line.words()).map_err(|error| error.to_string())?;
    Ok((cli.run, Given::of(&line)))
}

/// All options of a run, checked, and its data.
fn options(words: &[String]) -> Result<(Config, Data), String> {
    let (run, given) = parsed(words)?;
    let of = || {
        let wanted = run.wanted(&given)?;
        let loaded = wanted.load()?;
        let config = wanted.on(&loaded)?;
        let data = loaded.prepare(&config.preparation())?;
        train::check(&config, &data).map(|()| (config, data))
    };
    of().map_err(|error: deltascope::error::Error| error.to_string())
}

/// The same options wherever they come from.
fn bare(config: &Config) -> Config {
    Config { origins: deltascope::train::Origins::default(), facts: None, ..config.clone() }
}

/// The flags with values that a remedy names.
fn named(remedy: &str) -> Vec<[String; 2]> {
    let words: Vec<&str> = remedy.split([' ', ',', ';', '(', ')']).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter(|pair| pair[0].starts_with("--") && !pair[1].starts_with("--"));
    pairs.map(|pair| [pair[0].to_string(), pair[1].to_string()]).collect()
}

/// The words with another value of a flag.
fn with(words: &[String], [flag, value]: &[String; 2]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(at) = words.iter().position(|word| word == flag) {
        words.drain(at..at + 2);
    }
    words.extend([flag.clone(), value.clone()]);
    words
}

fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_string).collect()
}

/// Every remedy of every rule at a moment of a run.
fn remedies(facts: &HealthFacts<'_>) -> Vec<(&'static str, String)> {
    // Of a dense net the first Θ, of a recurrent one each.
    let all = rules(&facts.snapshot.model).flat_map(|rule| {
        let of = |l: usize| {
            let remedies = rule.remedies(facts, Some(l));
            assert!(!remedies.is_empty(), "{}: nothing is said to help", rule.name);
            remedies.into_iter().map(|remedy| (rule.name, remedy))
        };
        (1..=if facts.snapshot.recurrent().is_some() { 3 } else { 1 }).flat_map(of)
    });
    let mut all: Vec<(&str, String)> = all.collect();
    // Rules that have a remedy in common need it tried once.
    let mut seen = HashSet::new();
    all.retain(|(_, remedy)| seen.insert(remedy.clone()));
    all
}

/// Options that can be in force, over a set.
const DENSE: [&str; 49] = [
    "--data iris",
    "--data iris --alpha 100",
    "--data iris --alpha 1000000",
    "--data iris --schedule step:1:0.01",
    "--data iris --schedule cosine:2",
    "--data iris --schedule 1/t:3",
    "--data iris --clip 0.001",
    "--data iris --clip 1",
    "--data iris --clip 50",
    "--data iris --alpha 50 --clip 50 --output linear --activation relu",
    "--data iris --lambda 0",
    "--data iris --lambda 3",
    "--data iris --lambda 900000",
    "--data iris --penalty l1",
    "--data iris --penalty none",
    "--data iris --penalty none --lambda 0",
    "--data iris --dropout 0.3",
    "--data iris --patience 5",
    "--data iris --patience 50",
    "--data iris --test-split 0",
    "--data iris --init he",
    "--data iris --init course",
    "--data iris --init sin",
    "--data iris --init zeros",
    "--data iris --init zeros --lambda 0",
    "--data iris --activation relu",
    "--data iris --activation relu --init he",
    "--data iris --activation leaky-relu",
    "--data iris --activation tanh --layers 5,5",
    "--data iris --activation relu,tanh --layers 5,5",
    "--data iris --activation linear --layers 5,5,5",
    "--data iris --activation hard-sigmoid --init he",
    "--data iris --layers none",
    "--data iris --scale none",
    "--data iris --scale max",
    "--data iris --scale 2",
    "--data iris --optimizer momentum",
    "--data iris --optimizer nesterov",
    "--data iris --optimizer rmsprop --alpha 0.01",
    "--data iris --optimizer adam --alpha 0.01 --clip 5",
    "--data iris --optimizer adamw --alpha 0.01",
    "--data iris --batch full",
    "--data iris --precision f32",
    "--data circle --samples 60",
    "--data xor",
    "--data reg-plane --samples 80",
    "--data tests/alarms/houses.csv --task regression",
    "--data tests/alarms/houses.csv --task regression --alpha 0.1 --scale none --target-scale none",
    "--data reg-plane --samples 80 --target-scale standard",
];

/// The same over sequences.
const RECURRENT: [&str; 19] = [
    "--data remember --samples 40",
    "--data remember --samples 40 --cell gru",
    "--data remember --samples 40 --cell lstm",
    "--data remember --samples 40 --cell relu --init he",
    "--data remember --samples 40 --cell relu --init course",
    "--data remember --samples 40 --cell sigmoid",
    "--data remember --samples 40 --cell gru --init he",
    "--data parity --samples 40 --cell lstm --penalty none",
    "--data remember --samples 40 --length 3",
    "--data remember --samples 40 --truncate 4",
    "--data remember --samples 40 --clip 1 --optimizer gd",
    "--data remember --samples 40 --clip 0.00001",
    "--data remember --samples 40 --optimizer gd --alpha 20",
    "--data remember --samples 40 --lambda 2",
    "--data remember --samples 40 --patience 3",
    "--data remember --samples 40 --test-split 0",
    "--data remember --samples 40 --init zeros",
    "--data jabberwocky --layers 6",
    "--data adding --samples 40 --schedule cosine:1",
];

/// Tries every remedy of every rule on runs of these options: each must differ from what is in force, be possible, and do something.
fn try_all(lines: &[String]) {
    for line in lines {
        let line = words(line);
        let (config, data) = options(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        let theta = |config: &Config, data: &Data| trained(config, data, 8).snapshot(None).model.parameters().to_vec();
        let present = theta(&config, &data);
        for steps in [0, 5] {
            let snapshot = trained(&config, &data, steps).snapshot(None);
            let (mut epochs, mut costs) = (EpochHistory::default(), CostHistory::default());
            epochs.append(&snapshot.epochs);
            costs.append(&snapshot.costs);
            let norms = LayerNorms::of(&snapshot);
            let facts = HealthFacts { snapshot: &snapshot, norms: &norms, epochs: &epochs, costs: &costs };
            for (rule, remedy) in remedies(&facts) {
                let told = format!("{line:?} after {steps} steps, {rule}: {remedy}");
                let flags = named(&remedy);
                // A remedy may name one of two values.
                let other = flags.iter().fold(line.clone(), |line, flag| with(&line, flag));
                let (other, data_of_other) = options(&other).unwrap_or_else(|error| panic!("{told}: {error}"));
                assert!(flags.is_empty() || bare(&other) != bare(&config), "{told}: it is in force");
                if flags.iter().any(|[flag, _]| flag == "--alpha") {
                    assert_eq!(
                        bare(&Config { alpha: config.alpha, ..other.clone() }),
                        bare(&config),
                        "{told}: more than α"
                    );
                }
                // Where h stays 0, only the biases of the output learn, which most flags are not about.
                let is_blank = config.recurrence.is_some() && config.init == Init::Zeros;
                let ends = is_blank || flags.is_empty() || flags.iter().all(|[flag, _]| flag == "--patience");
                assert!(ends || theta(&other, &data_of_other) != present, "{told}: it changes nothing");
            }
        }
    }
}

#[test]
fn no_remedy_of_a_dense_net_is_in_force_already_or_without_effect() {
    try_all(&DENSE.map(str::to_string));
}

#[test]
fn no_remedy_of_a_recurrent_net_is_in_force_already_or_without_effect() {
    // Small layers show what a flag changes as well as wide ones.
    let lines =
        RECURRENT.map(|line| if line.contains("--layers") { line.into() } else { format!("{line} --layers 8") });
    try_all(&lines);
}

fn trained(config: &Config, data: &Data, steps: u64) -> Box<dyn AnyTrainer> {
    let mut trainer = train::begin(config.clone(), data.clone()).expect("the options fit");
    while trainer.position().step < steps && trainer.step().is_ok() {}
    trainer
}
