//! Whatever the numbers do, by the built program: trained, refused with a sentence, or stopped at the last good state.
#![cfg(unix)]

#[path = "terminal/pty.rs"]
#[allow(dead_code, reason = "not every test needs all of it")]
mod pty;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use deltascope::data::{self, Preparation, Scale, Source};
use serde_json::Value;

use pty::{Pty, command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_deltascope");

/// A folder with data that nobody should have, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deltascope-extremes-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        for (name, of_row) in SETS {
            let rows: String = (0..40).map(|row| of_row(row) + "\n").collect();
            let rows = if name.starts_with("one-") { rows.lines().next().unwrap_or_default() } else { &rows };
            fs::write(path.join(format!("{name}.csv")), format!("a,b,y\n{rows}\n")).expect("it can be written");
        }
        Self(path)
    }

    /// The words of a line; a set of these data is put for its name.
    fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| match word.strip_prefix("--data=").filter(|name| SETS.iter().any(|set| set.0 == *name))
        {
            Some(name) => format!("--data={}", self.0.join(format!("{name}.csv")).display()),
            None => word.replace("ONES", &["1"; 1000].join(",")),
        };
        line.split_whitespace().map(word).collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A number in −1 … 1 that looks like noise.
fn noise(row: u32) -> f64 {
    f64::from(row.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 23) - 1.0
}

fn class(row: u32) -> &'static str {
    if row.is_multiple_of(2) { "u" } else { "v" }
}

/// What stands in a row with this number.
type OfRow = fn(u32) -> String;

/// Data by their names.
const SETS: [(&str, OfRow); 14] = [
    ("huge", |row| format!("{:e},{},{}", noise(row) * 1e300, noise(row + 99), class(row))),
    ("ends", |row| format!("{}1.7e308,{},{}", if row % 3 == 0 { "-" } else { "" }, noise(row), class(row))),
    ("subnormal", |row| format!("{:e},{:e},{}", noise(row) * 1e-310, noise(row + 99) * 1e-310, class(row))),
    ("constant", |row| format!("5,{},{}", noise(row), class(row))),
    ("constants", |row| format!("5,0.1,{}", class(row))),
    ("jitter", |row| {
        format!("{},{},{}", if row % 2 == 0 { "1e300" } else { "1.0000000000000002e300" }, noise(row), class(row))
    }),
    ("class", |row| format!("{},{},u", noise(row), noise(row + 99))),
    ("one-class", |_| "1.5,2.5,u".into()),
    ("numbers-huge", |row| format!("{},{},{:e}", noise(row), noise(row + 99), noise(row + 7) * 1e300)),
    ("numbers-ends", |row| {
        format!("{},{},{}1.7e308", noise(row), noise(row + 99), if row % 3 == 0 { "-" } else { "" })
    }),
    ("numbers-subnormal", |row| format!("{},{},{:e}", noise(row), noise(row + 99), noise(row + 7) * 1e-310)),
    ("numbers-constant", |row| format!("{},{},7", noise(row), noise(row + 99))),
    ("one-number", |_| "1.5,2.5,3.5".into()),
    ("two", |row| format!("{},{},{}", noise(row), noise(row + 99), row % 2)),
];

/// What is put to each run, alone and together.
const SETTINGS: [&str; 4] = ["", "--alpha=1e6", "--lambda=1e6", "--alpha=1e6 --lambda=1e6"];

/// How a run may end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Trained,
    Refused,
    Diverged,
}

/// Runs a line without a screen, in one of both forms, and looks at all that it prints.
#[track_caller]
fn ends(scratch: &Scratch, line: &str, form: &str) -> End {
    let mut command = Command::new(PROGRAM);
    command.args(["--headless", "--format", form]).args(scratch.words(line)).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("it is UTF-8"));
    assert!(!stderr.contains("panicked"), "{line}: {stderr}");
    assert!(numberless(&stdout).is_none(), "{line}: {stdout}");
    if form == "json" {
        for line in stdout.lines() {
            let mut told: Value = serde_json::from_str(line).expect("it is JSON");
            for part in ["train", "test"] {
                // R² alone may be absent.
                told.get_mut(part).and_then(Value::as_object_mut).map(|part| part.remove("r2"));
            }
            assert!(!told.to_string().contains("null"), "{line}");
        }
    }
    let last = stdout.lines().last().unwrap_or_default();
    match output.status.code() {
        Some(0) => {
            assert!(last.contains("epoch") && stderr.lines().all(is_told), "{line}: {stderr}");
            End::Trained
        }
        Some(3) => {
            assert!(last.contains("diverged") && stderr.lines().all(is_told), "{line}: {stderr}");
            End::Diverged
        }
        Some(1 | 2) => {
            assert!(
                stderr.starts_with("deltascope: ") && stderr.lines().count() == 1 && stdout.is_empty(),
                "{line}: {stderr}"
            );
            End::Refused
        }
        status => panic!("{line}: {status:?}: {stderr}"),
    }
}

/// Whether a line of stderr is one that a run may have: a warning, an alarm that begins or ends, or how far above its start it ends.
fn is_told(line: &str) -> bool {
    ["warning: ", "alarm: ", "the run ends far above where it began: "].iter().any(|start| line.starts_with(start))
}

/// A word that stands where a number would, and is none.
fn numberless(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| ["NaN", "nan", "inf", "infinity"].contains(word))
}

/// Runs every line in one form after the other; how many ended in each way.
#[track_caller]
fn all_end(scratch: &Scratch, lines: impl IntoIterator<Item = String>) -> Vec<(String, End)> {
    let forms = ["json", "text"].into_iter().cycle();
    lines
        .into_iter()
        .zip(forms)
        .map(|(line, form)| (ends(scratch, &line, form), line))
        .map(|(end, line)| (line, end))
        .collect()
}

#[track_caller]
fn assert_all(ends: &[(String, End)], allowed: &[End]) {
    assert!(!ends.is_empty());
    ends.iter().for_each(|(line, end)| assert!(allowed.contains(end), "{line}: {end:?}"));
}

const SOMEHOW: [End; 2] = [End::Trained, End::Diverged];

#[test]
fn data_that_nobody_should_have_are_trained_on_stopped_or_refused() {
    let scratch = Scratch::new("data");
    let sets = |names: &'static [&'static str], more: &'static [&'static str]| {
        let scales = ["none", "standard", "max"].into_iter().zip(["f32", "f64", "f64"].into_iter().cycle());
        let of_name = move |name: &'static str| {
            scales.clone().flat_map(move |(scale, precision)| {
                SETTINGS.iter().flat_map(move |setting| {
                    more.iter().map(move |more| {
                        format!("--data={name} --scale={scale} --precision={precision} --epochs=3 {setting} {more}")
                    })
                })
            })
        };
        names.iter().copied().flat_map(of_name)
    };
    let nets = &["--layers=4", "--layers=none", "--layers=40 --output=softmax --activation=relu"];
    let classes = sets(&["subnormal", "constant", "constants"], nets);
    assert_all(&all_end(&scratch, classes), &SOMEHOW);
    // What f32 has no number for is refused.
    assert_all(
        &all_end(&scratch, sets(&["huge", "ends", "jitter"], nets)),
        &[End::Trained, End::Diverged, End::Refused],
    );
    let one = sets(&["class", "one-class"], &["--layers=4", "--binary"]);
    assert_all(&all_end(&scratch, one), &[End::Refused]);
    for (line, mention) in [
        ("--data=huge --scale=none --precision=f32 --epochs=1", "column a: found values too large for --precision f32"),
        (
            "--data=numbers-huge --task=regression --target-scale=none --precision=f32 --epochs=1",
            "column y: found values",
        ),
    ] {
        let mut command = Command::new(PROGRAM);
        let output = command.arg("--headless").args(scratch.words(line)).output().expect("the program starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && told.contains(mention), "{line}: {told}");
    }
    let targets = &[
        "--task=regression --target-scale=none",
        "--task=regression --target-scale=standard",
        "--task=regression --target-scale=max --layers=none",
    ];
    let numbers = sets(&["numbers-subnormal", "numbers-constant", "one-number"], targets);
    assert_all(&all_end(&scratch, numbers), &SOMEHOW);
    let wild = sets(&["numbers-huge", "numbers-ends"], targets);
    assert_all(&all_end(&scratch, wild), &[End::Trained, End::Diverged, End::Refused]);
    // K = 1.
    assert_all(&all_end(&scratch, sets(&["two"], &["--binary --layers=none", "--binary --layers=1"])), &SOMEHOW);
}

#[test]
fn numbers_from_end_to_end_of_all_numbers_have_a_mean_and_a_deviation() {
    let scratch = Scratch::new("ends");
    for precision in ["f64", "f32"] {
        let line = format!("--data=ends --scale=standard --precision={precision} --epochs=1");
        assert_eq!(ends(&scratch, &line, "json"), End::Trained, "{line}");
    }
    let data = data::load(&Source::named(scratch.0.join("ends.csv"))).expect("all numbers are finite");
    let all = Preparation { scale: Some(Scale::Standard), ..Preparation::default() };
    let scaled = data::prepare(Arc::new(data), &all).expect("all scaled numbers are finite").train;
    // 14 of the 40 are −1.7e308 and 26 are +1.7e308: the mean is 0.3 · 1.7e308, the deviation √(1 − 0.3²) · 1.7e308.
    for (x, &row) in scaled.x.column(0).iter().zip(&scaled.row) {
        let sign = if row % 3 == 0 { -1.0 } else { 1.0 };
        let right = (sign - 0.3) / (1.0_f64 - 0.09).sqrt();
        assert!((x - right).abs() < 1e-14, "row {row}: {x}, expected {right}");
    }
}

#[test]
fn a_learning_rate_and_a_strength_of_a_million_are_survived_by_every_rule() {
    let scratch = Scratch::new("rules");
    let rules = ["gd", "momentum", "nesterov", "rmsprop", "adam", "adamw"];
    let nets = ["sigmoid", "tanh", "relu", "softplus", "gelu", "elu", "sine", "linear"];
    let outputs = ["sigmoid", "softmax", "linear", "sigmoid-mse"].into_iter().cycle();
    let penalties = ["l2", "l1", "l2"].into_iter().cycle();
    let lines = rules.iter().flat_map(|rule| SETTINGS[1..].iter().map(move |setting| (rule, setting)));
    let lines = lines.flat_map(|of| nets.iter().map(move |net| (of, net))).zip(outputs.zip(penalties));
    let lines = lines.map(|(((rule, setting), net), (output, penalty))| {
        format!("--data=iris --epochs=5 --layers=5 --optimizer={rule} {setting} --activation={net} --output={output} --penalty={penalty}")
    });
    let lines = lines.flat_map(|line| ["f32", "f64"].map(|precision| format!("{line} --precision={precision}")));
    assert_all(&all_end(&scratch, lines), &SOMEHOW);
}

#[test]
fn a_thousand_layers_and_a_layer_of_ten_thousand_units_are_trained() {
    let scratch = Scratch::new("sizes");
    let deep = ["sigmoid", "tanh", "relu", "linear"].into_iter().flat_map(|net| {
        ["uniform", "he", "zeros"]
            .map(|init| format!("--data=xor --layers=ONES --epochs=1 --activation={net} --init={init}"))
    });
    let wide = ["f32", "f64"].map(|precision| format!("--data=xor --layers=10000 --epochs=1 --precision={precision}"));
    assert_all(&all_end(&scratch, deep.chain(wide)), &[End::Trained]);
    let wild = SETTINGS[1..].iter().flat_map(|setting| {
        ["--layers=ONES --activation=relu --init=he", "--layers=10000 --optimizer=adam"]
            .map(|net| format!("--data=xor --epochs=2 {net} {setting}"))
    });
    assert_all(&all_end(&scratch, wild), &SOMEHOW);
}

#[test]
fn recurrent_nets_of_one_unit_and_sequences_of_one_step_are_survived() {
    let scratch = Scratch::new("recurrent");
    let cells = ["tanh", "sigmoid", "relu", "gru", "lstm"];
    let lines = cells.iter().flat_map(|cell| SETTINGS.iter().map(move |setting| (cell, setting)));
    let lines = lines.flat_map(|of| ["echo", "parity", "sine", "adding"].map(|data| (of, data)));
    let (rules, precisions) = (["gd", "adam", "rmsprop"].into_iter().cycle(), ["f64", "f32"].into_iter().cycle());
    let lines = lines.zip(rules.zip(precisions)).map(|(((cell, setting), data), (rule, precision))| {
        let length = if ["echo", "parity"].contains(&data) { 1 } else { 40 };
        format!("--data={data} --cell={cell} --length={length} --layers=1 --epochs=3 --samples=40 --optimizer={rule} --precision={precision} {setting}")
    });
    assert_all(&all_end(&scratch, lines), &SOMEHOW);
    assert_all(&all_end(&scratch, ["--data=adding --cell=gru --length=1 --epochs=1".into()]), &[End::Refused]);
}

#[test]
fn the_other_commands_refuse_what_leads_to_no_number() {
    let scratch = Scratch::new("commands");
    let weights = scratch.0.join("net.npz").display().to_string();
    let net = "--data=two --task=regression --layers=none --scale=none --target-scale=none --lambda=0 --test-split=0";
    assert_eq!(ends(&scratch, &format!("{net} --epochs=9 --save={weights}"), "text"), End::Trained);
    let far = scratch.0.join("far.csv");
    fs::write(&far, "a,b,y\n0.5,0.5,1\n-1.7e308,1.7e308,2\n1.7e308,1.7e308,2\n").expect("it can be written");
    let of_far = format!("--weights={weights} --data={}", far.display());
    for (line, mention) in [
        (format!("evaluate {of_far}"), "found what leads to no finite number"),
        (format!("check {}", net.replace("=two", "=numbers-huge")), "nothing to check"),
        (
            "export history - --data=huge --scale=none --precision=f32 --epochs=1".into(),
            "too large for --precision f32",
        ),
    ] {
        let output = Command::new(PROGRAM).args(scratch.words(&line)).output().expect("the program starts");
        let [told, said] = [output.stderr, output.stdout].map(|text| String::from_utf8_lossy(&text).into_owned());
        assert!(output.status.code() == Some(1) && told.contains(mention), "{line}: {told}");
        assert!(numberless(&said).is_none() && !said.contains("WRONG"), "{line}: {said}");
    }
    let told = Command::new(PROGRAM).args(scratch.words("data")).arg(scratch.0.join("huge.csv")).output();
    let told = String::from_utf8_lossy(&told.expect("the program starts").stdout).into_owned();
    assert!(told.lines().all(|line| line.len() < 120), "{told}");
}

/// What is watched on the screen.
const WATCHED: [&str; 17] = [
    "--data=iris --alpha=1e6 --activation=relu --output=linear",
    "--data=iris --alpha=1e6 --optimizer=adam --precision=f32",
    "--data=iris --alpha=1e6 --activation=relu --output=sigmoid-mse --precision=f32",
    "--data=iris --lambda=1e6",
    "--data=huge --scale=none",
    "--data=numbers-ends --task=regression --target-scale=max",
    "--data=huge --scale=none --layers=none",
    "--data=ends --scale=max",
    "--data=constants",
    "--data=subnormal --scale=none",
    "--data=numbers-huge --task=regression",
    "--data=two --binary --layers=none",
    "--data=xor --layers=ONES",
    "--data=xor --layers=10000",
    "--data=adding --cell=gru --alpha=1e6 --samples=40",
    "--data=echo --cell=relu --alpha=1e6 --optimizer=gd --samples=40 --length=9",
    "--data=echo --cell=lstm --length=1 --layers=1 --samples=40",
];

/// Every panel, alone on the screen.
const PANELS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

#[track_caller]
fn tour(scratch: &Scratch, line: &str, (columns, rows): (u16, u16)) {
    let words = scratch.words(&format!("{line} --epochs=3 --speed=max --no-mouse"));
    let words: Vec<&str> = [PROGRAM].into_iter().chain(words.iter().map(String::as_str)).collect();
    let mut pty = Pty::spawn(command(&words, &[]), columns, rows);
    pty.wait_for_text("epoch");
    pty.wait_for("its end", |screen| screen.contains("DONE") || screen.contains("DIVERGED"));
    let look = |pty: &Pty| {
        let screen = pty.screen();
        assert!(numberless(&screen).is_none(), "{line}:\n{screen}");
    };
    look(&pty);
    // The screen of sequences has other panels.
    let panels = if line.contains("--cell") { &PANELS[..0] } else { &PANELS };
    if !panels.is_empty() {
        pty.send(b"z");
    }
    for panel in panels {
        pty.send(panel.as_bytes());
        pty.wait_for_text(&format!("> {panel} "));
        look(&pty);
    }
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0, "{line}");
    pty.assert_restored();
}

#[test]
fn the_screen_shows_where_it_stopped_and_no_number_that_is_none() {
    let scratch = Scratch::new("screen");
    for watched in WATCHED {
        for size in [(80, 24), (120, 40)] {
            tour(&scratch, watched, size);
        }
    }
}
