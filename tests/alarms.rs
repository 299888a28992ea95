//! The alarms by the built program without a screen: what begins and ends on stderr, the field of JSON, and no false alarm.

use std::process::{Command, Output, Stdio};

fn run(line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.args(line.split_whitespace()).stdin(Stdio::null()).output().expect("the program starts")
}

#[track_caller]
fn told(line: &str) -> (String, String) {
    let output = run(line);
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("it is UTF-8"));
    assert_eq!(output.status.code(), Some(0), "{line}: {err}");
    (out, err)
}

/// The lines of JSON of a run.
#[track_caller]
fn lines(line: &str) -> Vec<serde_json::Value> {
    let (out, err) = told(&format!("{line} --headless --format json"));
    assert!(!err.contains("alarm"), "in JSON they are a field: {err}");
    out.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

/// The rules that are broken after an epoch.
fn rules(line: &serde_json::Value) -> Vec<&str> {
    line["alarms"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|alarm| alarm["rule"].as_str().expect("it has a name"))
        .collect()
}

/// House prices, learnt with options at which J rises at first.
const HOUSES: &str = "--data tests/alarms/houses.csv --task regression --layers 25 --activation sigmoid --optimizer gd --alpha 0.5 --lambda 1 --batch 32";

#[test]
fn the_defaults_of_every_set_rise_and_overfit_nowhere_in_60_epochs() {
    let rows = ["digits", "iris", "penguins", "xor", "circle", "xor-cloud", "gauss", "spiral", "moons"];
    let numbers = ["reg-plane", "reg-gauss"];
    let sequences = ["remember", "adding", "parity", "echo", "sine", "jabberwocky"];
    for name in rows.into_iter().chain(numbers).chain(sequences) {
        for line in lines(&format!("--data {name} --epochs 60")) {
            let broken = rules(&line);
            assert!(!broken.contains(&"rising") && !broken.contains(&"overfitting"), "{name}: {line}");
            assert_eq!(line.get("above_start"), None, "{name}: {line}");
        }
    }
}

#[test]
fn an_alarm_is_told_when_it_begins_and_when_it_ends() {
    let (out, err) = told(&format!("{HOUSES} --epochs 8 --headless"));
    assert_eq!(out.lines().count(), 9, "stdout has the epochs alone: {out}");
    let begins = err.lines().find(|line| line.starts_with("alarm: rising begins after epoch 1: J is "));
    let begins = begins.unwrap_or_else(|| panic!("{err}"));
    assert!(begins.contains("; try: a smaller α than 0.5, such as half: --alpha 0.25"), "{begins}");
    assert!(err.lines().any(|line| line.starts_with("alarm: rising ends after epoch ")), "{err}");
    assert!(!err.contains("the run ends far above"), "it has come down: {err}");
}

#[test]
fn a_run_that_ends_far_above_where_it_began_says_so() {
    let (_, err) = told("--alpha 100 --optimizer gd --epochs 3 --headless");
    let last = err.lines().last().expect("something is said");
    assert!(
        last.starts_with("the run ends far above where it began: J is ") && last.ends_with("times epoch 0's 7.876")
    );
    let lines = lines("--alpha 100 --optimizer gd --epochs 3");
    let (last, before) = lines.split_last().expect("four lines");
    let times = last["cost"]["total"].as_f64().expect("a number") / lines[0]["cost"]["total"].as_f64().expect("one");
    assert_eq!(last["above_start"].as_f64(), Some(times));
    assert!(before.iter().all(|line| line.get("above_start").is_none()), "only the last line: {before:?}");
    assert_eq!(rules(last)[0], "rising");
    assert!(rules(&lines[0]).is_empty());
}

#[test]
fn a_run_that_diverges_has_the_alarm_with_its_remedy() {
    let line = "--data iris --optimizer gd --alpha 1e6 --output linear --activation linear --epochs 50 --headless";
    let output = run(line);
    let err = String::from_utf8(output.stderr).expect("it is UTF-8");
    assert_eq!(output.status.code(), Some(3), "{err}");
    assert!(err.contains("alarm: diverged begins after epoch ") && err.contains("--alpha 500000"), "{err}");
}

#[test]
fn a_poem_learnt_by_heart_is_overfitting_and_no_remedy_is_one_that_recurrent_nets_do_not_have() {
    let lines = lines("--data jabberwocky --layers 64 --epochs 70");
    let last = lines.last().expect("a line");
    assert!(last["train"]["accuracy"].as_f64() > Some(0.9) && last["test"]["accuracy"].as_f64() < Some(0.5), "{last}");
    let alarms = last["alarms"].as_array().expect("a field");
    let alarm = alarms.iter().find(|alarm| alarm["rule"] == "overfitting").unwrap_or_else(|| panic!("{last}"));
    let remedies = alarm["remedies"].to_string();
    for flag in ["--lambda", "--patience 5", "more data"] {
        assert!(remedies.contains(flag), "{flag}: {remedies}");
    }
    assert!(!remedies.contains("--dropout"), "{remedies}");
    assert!(!rules(&lines[5]).contains(&"overfitting"));
}

#[test]
fn the_health_panel_names_alpha_where_j_rises_and_nothing_that_is_in_force() {
    for epochs in 1..=3 {
        let (out, _) = told(&format!("export screen - {HOUSES} --epochs {epochs} --panel health --size 120x20"));
        let first = out.lines().find(|line| line.contains("! ")).unwrap_or_else(|| panic!("{out}"));
        assert!(first.contains("! rising: J is "), "after epoch {epochs}: {out}");
        assert!(out.contains("a smaller α than 0.5, such as half: --alpha 0.25"), "after epoch {epochs}: {out}");
        assert!(
            !out.contains("--init uniform") && !out.contains("--scale standard") && !out.contains("no alarm"),
            "{out}"
        );
    }
}
