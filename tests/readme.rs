//! The README says what the program does: every key, every option that it shows, a picture that is there.

use std::fs;
use std::path::Path;
use std::process::Command;

use deltascope::data::{Loaded, Source};
use deltascope::error::Exit;
use deltascope::nn::{Cell, Init, Recurrent};
use deltascope::train::{Config, Recurrence, Setting, Trainable};
use deltascope::ui::help::{Told, lines};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README is text")
}

/// The table of keys as it stands in the README.
fn keys() -> String {
    let mut table = String::from("| keys | do |\n|---|---|\n");
    for Told { heading, keys, help } in lines() {
        heading.iter().for_each(|title| table.push_str(&format!("| | **{title}** |\n")));
        table.push_str(&format!("| {keys} | {} |\n", help.replace('|', "\\|")));
    }
    table
}

#[test]
fn the_table_of_keys_is_the_one_of_the_program() {
    assert!(readme().contains(&keys()), "the README should have this table:\n\n{}", keys());
}

#[test]
fn every_exit_status_stands_in_its_table_in_the_help_and_on_the_manual_page() {
    let readme = readme();
    let rows: Vec<u8> = readme
        .lines()
        .skip_while(|line| !line.starts_with("| exit status"))
        .skip(2)
        .map_while(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(rows, Exit::ALL.map(Exit::status), "the README's table of statuses");
    for words in ["--help", "man"] {
        let output = Command::new(env!("CARGO_BIN_EXE_deltascope")).arg(words).output().expect("the program starts");
        let told = String::from_utf8(output.stdout).expect("UTF-8").replace(['\n', '\\'], " ");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ").replace(" cq", "'").replace("(aq", "'");
        for exit in Exit::ALL {
            let begun = exit.meaning().split('\'').next().unwrap_or_default();
            assert!(told.contains(&format!("{} {begun}", exit.status())), "{words}: {exit:?}\n{told}");
        }
    }
}

#[test]
fn a_plain_layer_fails_to_remember_and_gates_do_as_it_says() {
    let readme = readme();
    let lines: Vec<&str> = readme.lines().filter(|line| line.contains("--data remember --cell")).collect();
    assert_eq!(lines.len(), 3, "tanh, gru, lstm");
    for line in lines {
        let words = line.split_whitespace().skip(1).chain(["--headless"]);
        let output = Command::new(env!("CARGO_BIN_EXE_deltascope")).args(words).output().expect("the program starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let last = text.lines().last().and_then(|last| last.split("train accuracy ").nth(1)?.split(' ').next());
        let accuracy: f64 = last.and_then(|word| word.parse().ok()).expect(line);
        assert!(if line.contains("tanh") { accuracy < 0.5 } else { accuracy > 0.99 }, "{line}: {accuracy}");
    }
}

#[test]
fn every_option_that_it_shows_is_one() {
    let told = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_deltascope"));
        let output = program.args(words).output().expect("the program starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let help = [&["--help"][..], &["export", "screen", "--help"]].map(told).concat();
    let readme = readme();
    let shown = readme.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.starts_with("--"));
    // Those of cargo, and a rule of a table.
    let others = ["--release", "--path", "--bench", "--dtype"];
    for option in shown.filter(|option| option.len() > 2 && !option.starts_with("---") && !others.contains(option)) {
        assert!(help.contains(option), "{option}");
    }
}

#[test]
fn its_command_lines_solve_the_sets_that_it_says_they_solve() {
    let readme = readme();
    let lines: Vec<&str> =
        readme.lines().filter(|line| line.contains("--lambda 0 ") && line.contains("--epochs")).collect();
    assert_eq!(lines.len(), 3, "circle, moons, spiral");
    for line in lines {
        let words = line.split_whitespace().skip(1).chain(["--headless"]);
        let output = Command::new(env!("CARGO_BIN_EXE_deltascope")).args(words).output().expect("the program starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let accuracy =
            text.lines().last().and_then(|last| last.split("train accuracy ").nth(1)?.split(' ').next()?.parse().ok());
        assert!(accuracy.is_some_and(|accuracy: f64| accuracy > 0.99), "{line}: {accuracy:?}");
    }
}

#[test]
fn its_pictures_and_pages_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for link in readme().split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(link.starts_with("http") || root.join(link).exists(), "{link}");
    }
}

#[test]
fn every_test_that_is_named_beside_a_promise_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let promises = fs::read_to_string(root.join("SECURITY.md")).expect("the promises are text");
    let mut sources = String::new();
    let mut folders = vec![root.join("src"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            match entry.extension().and_then(|ending| ending.to_str()) {
                _ if entry.is_dir() => folders.push(entry),
                Some("rs") => sources.push_str(&fs::read_to_string(&entry).expect("text")),
                _ => {}
            }
        }
    }
    let named = promises.split('`').skip(1).step_by(2).filter(|name| !name.contains([' ', '/']));
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 15, "{named:?}");
    for name in named {
        assert!(sources.contains(&format!("fn {name}(")), "there is no test {name}");
    }
}

#[test]
fn the_ladders_of_lambda_and_alpha_are_as_it_says() {
    assert!(readme().contains("on a ladder (0.001, 0.003, 0.01 … 10 for λ and α; λ goes down to 0, too)"));
    let lowest = |setting: Setting| (0..20).fold(10.0, |value, _| setting.beside(value, false, 100));
    assert_eq!((lowest(Setting::Lambda), lowest(Setting::Alpha)), (0.0, 0.001));
    for setting in [Setting::Lambda, Setting::Alpha] {
        let up = |value: f64| setting.beside(value, true, 100);
        assert_eq!((up(0.001), up(0.003), up(3.0), up(10.0)), (0.003, 0.01, 10.0, 10.0));
    }
}

#[test]
fn the_biases_of_an_lstm_begin_as_it_says() {
    assert!(readme().contains("of an LSTM's g^f, b^x begins at 1, all other biases as `--init` has it"));
    let source = Source::sequences("remember", 5, 8);
    let loaded = Loaded::read(&source).expect("they can be made");
    let recurrence = Some(Recurrence { cell: Cell::Lstm, truncate: None });
    for (init, most) in [(Init::Course, 0.12), (Init::Zeros, 0.0)] {
        let config = Config { source: source.clone(), recurrence, layers: vec![4], init, ..Config::default() };
        let data = loaded.prepare(&config.preparation()).expect("they can be split");
        let [x, h, _] = <Recurrent<f64> as Trainable<f64>>::begin(&config, &data).theta;
        for row in 0..16 {
            // The gates stand below each other: g^i, g^f, g^o, g^n.
            let is_f = (4..8).contains(&row);
            assert!(if is_f { x[[row, 0]] == 1.0 } else { x[[row, 0]].abs() <= most }, "{row}: {}", x[[row, 0]]);
            assert!(h[[row, 0]].abs() <= most, "{row}: {}", h[[row, 0]]);
        }
    }
}
