//! What a run leaves for other programs, by the built program: read back, worked out again, and drawn.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use deltascope::data::{self, Source};
use deltascope::keymap::Panel;
use deltascope::nn::Named;
use deltascope::weights::WeightFile;
use serde_json::Value;

/// A folder of a test's own, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deltascope-exports-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("it is UTF-8").into()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

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

#[test]
fn the_history_has_the_numbers_that_the_run_prints() {
    let sets: [&[&str]; 4] = [
        &["iris"],
        &["reg-plane"],
        &["echo", "--cell=gru", "--length=5", "--samples=60", "--lambda=1"],
        &["sine", "--cell=lstm", "--length=5", "--samples=60", "--lambda=1"],
    ];
    for data in sets {
        let net = [&["--layers=4", "--epochs=5", "--data"], data].concat();
        let lines = printed(&[&["--headless", "--format=json"], &net[..]].concat());
        let csv = printed(&[&["export", "history", "-"], &net[..]].concat());
        let mut rows = csv.lines().map(|row| row.split(',').collect::<Vec<_>>());
        let head = rows.next().expect("a header");
        let of = |row: &[&str], name: &str| -> Value {
            let at = head.iter().position(|column| *column == name).expect("a column");
            serde_json::from_str(row[at]).expect("a number")
        };
        assert_eq!(csv.lines().count(), 1 + lines.lines().count());
        for (row, line) in rows.zip(lines.lines()) {
            let line: Value = serde_json::from_str(line).expect("it is JSON");
            assert_eq!(of(&row, "step"), line["step"]);
            for part in ["data", "reg", "total"] {
                assert_eq!(of(&row, part), line["cost"][part], "{part}");
            }
            for (part, measure) in [("train", "accuracy"), ("train", "rmse"), ("test", "cost"), ("test", "r2")] {
                if !line[part][measure].is_null() {
                    assert_eq!(of(&row, &format!("{part}_{measure}")), line[part][measure], "{part} {measure}");
                }
            }
        }
    }
}

/// The fields of a message of protocol buffers: number, and a number or bytes.
fn fields(mut message: &[u8]) -> Vec<(u64, Field)> {
    fn varint(message: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let (byte, rest) = message.split_first().expect("a whole number");
            *message = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    }
    let mut found = Vec::new();
    while !message.is_empty() {
        let tag = varint(&mut message);
        let mut take = |length: usize| {
            let (taken, rest) = message.split_at(length);
            message = rest;
            taken.to_vec()
        };
        let field = match tag & 7 {
            1 => Field::Double(f64::from_le_bytes(take(8).try_into().expect("eight bytes"))),
            5 => Field::Float(f32::from_le_bytes(take(4).try_into().expect("four bytes"))),
            0 => Field::Whole(varint(&mut message)),
            2 => {
                let length = varint(&mut message) as usize;
                let (taken, rest) = message.split_at(length);
                message = rest;
                Field::Bytes(taken.to_vec())
            }
            other => panic!("wire type {other}"),
        };
        found.push((tag >> 3, field));
    }
    found
}

#[derive(Clone, Debug, PartialEq)]
enum Field {
    Whole(u64),
    Double(f64),
    Float(f32),
    Bytes(Vec<u8>),
}

#[test]
fn the_events_hold_every_epoch_in_records_that_are_whole() {
    the_events_are_those_of("dense", &["--data=iris", "--layers=4", "--epochs=3"]);
    the_events_are_those_of("gru", &["--data=echo", "--cell=gru", "--samples=60", "--layers=4", "--epochs=3"]);
}

fn the_events_are_those_of(name: &str, net: &[&str]) {
    let scratch = Scratch::new(&format!("events-{name}"));
    let folder = scratch.path("runs/one");
    printed(&[&["export", "tensorboard", &folder], net].concat());
    let files: Vec<_> = fs::read_dir(&folder).expect("the folder").flatten().collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].file_name().to_string_lossy().starts_with("events.out.tfevents."));
    let bytes = fs::read(files[0].path()).expect("the file");
    let mut rest = bytes.as_slice();
    let mut events = Vec::new();
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().expect("eight bytes")) as usize;
        events.push(fields(&rest[12..12 + length]));
        rest = &rest[12 + length + 4..];
    }
    assert!(events[0].contains(&(3, Field::Bytes(b"brain.Event:2".to_vec()))));
    let lines = printed(&[&["--headless", "--format=json"], net].concat());
    assert_eq!(events.len(), 1 + lines.lines().count());
    for (event, line) in events[1..].iter().zip(lines.lines()) {
        let line: Value = serde_json::from_str(line).expect("it is JSON");
        let epoch = line["epoch"].as_u64().expect("a number");
        assert!(event.contains(&(2, Field::Whole(epoch))) && matches!(event[0], (1, Field::Double(at)) if at > 1e9));
        let Some((5, Field::Bytes(summary))) = event.last() else { panic!("{event:?}") };
        let scalar = |tag: &str| {
            fields(summary).into_iter().find_map(|(_, value)| {
                let Field::Bytes(value) = value else { return None };
                let parts = fields(&value);
                parts.contains(&(1, Field::Bytes(tag.into()))).then(|| parts[1].1.clone())
            })
        };
        for (tag, value) in [
            ("cost/J", &line["cost"]["total"]),
            ("cost/test", &line["test"]["cost"]),
            ("accuracy/train", &line["train"]["accuracy"]),
        ] {
            assert_eq!(scalar(tag), Some(Field::Float(value.as_f64().expect("a number") as f32)), "{tag}");
        }
    }
}

#[test]
fn the_screen_and_a_panel_are_drawn_as_svg_and_as_text() {
    let scratch = Scratch::new("screen");
    let text = printed(&["export", "screen", "-", "--epochs=2", "--data=iris", "--size=80x24"]);
    assert_eq!(text.lines().count(), 24);
    assert!(text.contains("epoch 2") && text.contains("1 network"), "{text}");
    let panel =
        printed(&["export", "screen", "-", "--epochs=2", "--data=iris", "--panel=cost", "--size=60x20", "--ascii"]);
    assert!(
        panel.starts_with("+") && panel.contains("6 J ") && !panel.contains("network") && panel.is_ascii(),
        "{panel}"
    );
    let file = scratch.path("screen.svg");
    printed(&["export", "screen", &file, "--epochs=2", "--data=iris", "--size=80x24", "--theme=light"]);
    let svg = fs::read_to_string(&file).expect("the file");
    assert!(svg.contains("viewBox=\"0 0 800 480\"") && svg.contains("fill=\"#ffffff\"") && svg.ends_with("</svg>\n"));
    let output = run(&["export", "screen", "-", "--data=iris", "--epochs=9", "--alpha=1e300", "--size=120x24"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() == Some(3) && shown.contains("DIVERGED"), "{shown}");
    for (words, mention) in [
        (["export", "screen", "picture.png", "--size=80x24"], ".svg or .txt"),
        (["export", "screen", "-", "--size=0x24"], "1x1 to 1000x1000"),
        (["export", "history", "-", "--data=iris"], "--epochs"),
    ] {
        let output = run(&words);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(mention), "{told}");
    }
}

#[test]
fn keys_are_pressed_before_a_picture_as_at_the_terminal() {
    let shown =
        |keys: &str| printed(&["export", "screen", "-", "--epochs=2", "--data=iris", "--size=120x40", "--keys", keys]);
    let explained = shown("2 Enter");
    assert!(explained.contains("δ⁽²⁾₁ = 0.0567"), "{explained}");
    let walked = shown("n*3");
    assert!(walked.contains("a⁽¹⁾, unit 3 of 4"), "{walked}");
    let stepped = shown("b e");
    assert!(stepped.contains("epoch 3"), "{stepped}");
    // What is typed into an option is no key of a panel.
    let changed = shown("o Down 0 . 2 5 Enter Esc");
    assert!(changed.contains("0.25"), "{changed}");
    let checked = shown("c");
    assert!(checked.contains("relative"), "{checked}");
    for (keys, mention) in [
        ("q", "leaves the screen"),
        ("Space", "b is a batch"),
        ("r Enter", "give its options"),
        ("ente", "is no key"),
        ("Ω", "without a meaning"),
        ("W", "beside the picture"),
    ] {
        let output = run(&["export", "screen", "-", "--data=xor", "--keys", keys]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(mention), "{keys}: {told}");
    }
}

#[test]
fn the_screen_of_a_recurrent_net_and_each_of_its_panels_are_drawn() {
    let net = ["--data=echo", "--cell=gru", "--samples=60", "--layers=4"];
    let text = printed(&[&["export", "screen", "-", "--epochs=2", "--size=120x40"], &net[..]].concat());
    assert_eq!(text.lines().count(), 40);
    for shown in ["gru 1-4-1", "epoch 2", "1 network", "Θˣ"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for panel in Panel::ALL {
        let words = ["export", "screen", "-", "--size=80x24", "--panel", panel.name()];
        let text = printed(&[&words, &net[..]].concat());
        let sign = panel.sign();
        assert!(text.lines().count() == 24 && text.contains(&format!(" {sign} ")), "{}: {text}", panel.name());
    }
}

/// The list of Python behind a name in a script.
fn list(script: &str, name: &str) -> Value {
    let (_, rest) = script.split_once(&format!("\n{name} = ")).unwrap_or_else(|| panic!("{name}"));
    let end = if rest.starts_with("[\n") { rest.find("\n]\n").map(|at| at + 2) } else { rest.find('\n') };
    let text = rest[..end.expect("its end")].replace(['\n', ' '], "").replace(",]", "]");
    serde_json::from_str(&text).unwrap_or_else(|reason| panic!("{reason}: {text}"))
}

#[test]
fn the_script_has_the_weights_and_the_scaler_to_the_bit() {
    let scratch = Scratch::new("script");
    let net = ["--data=iris", "--layers=5", "--activation=tanh", "--epochs=4"];
    let script = printed(&[&["export", "pytorch", "-"], &net[..]].concat());
    let weights = scratch.path("net.npz");
    printed(&[&["--headless", "--save", &weights], &net[..]].concat());
    let file = WeightFile::read(weights.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let theta: Vec<Vec<Vec<f64>>> = serde_json::from_value(list(&script, "THETA")).expect("matrices");
    let rows = |theta: &ndarray::Array2<f64>| theta.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    assert_eq!(theta, file.theta.iter().map(rows).collect::<Vec<_>>());
    let scaling = file.scalings().expect("its own").0;
    assert_eq!(list(&script, "SHIFT"), serde_json::json!(scaling.shift));
    assert_eq!(list(&script, "DIVISOR"), serde_json::json!(scaling.divisor));
    for line in ["nn.Linear(4, 5),", "nn.Tanh(),", "nn.Linear(5, 3),", "nn.Sigmoid(),"] {
        assert!(script.contains(line), "{line}: {script}");
    }
    // The script made from the weights that were kept is the same net.
    let again = printed(&["export", "pytorch", "-", "--data=iris", "--weights", &weights]);
    assert_eq!(list(&again, "THETA"), list(&script, "THETA"));
}

/// Runs Python with a program and an input; `None` if there is none, or a module of it is not there.
fn python(program: &str, input: &str) -> Option<String> {
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

/// What a script's text says, worked out with NumPy: the layers that it lists, in their order.
const NUMPY: &str = r#"
import re, sys
import numpy as np
from math import erf
text, rows = sys.stdin.read().split("\n--rows--\n")
names = {}
for name in ("SHIFT", "DIVISOR", "TARGET_SHIFT", "TARGET_DIVISOR", "THETA"):
    found = re.search(r"^%s = (\[.*?\]$|\[\n.*?\n\]$)" % name, text, re.M | re.S)
    if found:
        names[name] = eval(found.group(1))
sigmoid = lambda z: 1 / (1 + np.exp(-z))
g = {
    "Sigmoid()": sigmoid, "Tanh()": np.tanh, "ReLU()": lambda z: np.maximum(z, 0), "LeakyReLU(0.01)": lambda z: np.where(z > 0, z, 0.01 * z),
    "Identity()": lambda z: z, "Softplus(threshold=40)": lambda z: np.logaddexp(0, z), "GELU()": lambda z: z * (1 + np.vectorize(erf)(z / 2 ** 0.5)) / 2,
    "ELU()": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))), "Hardsigmoid()": lambda z: np.clip(z / 6 + 0.5, 0, 1),
    "Softmax(1)": lambda z: np.exp(z - z.max(1, keepdims=True)) / np.exp(z - z.max(1, keepdims=True)).sum(1, keepdims=True), "Sine()": np.sin,
}
x = np.array([[float(v) for v in row.split(",")] for row in rows.split()])
made = re.search(r"torch.cat\(\[x, (.*)\], 1\)$", text, re.M)
if made:
    n = x.shape[1]
    pairs = [x[:, i] * x[:, j] for i in range(n) for j in range(i + 1, n)]
    parts = {"x * x": x * x, "torch.sin(x)": np.sin(x)}
    order = re.findall(r"x \* x(?=,|$)|torch\.sin\(x\)|torch\.stack.*?, 1\)", made.group(1))
    x = np.concatenate([x] + [parts[part] if part in parts else np.stack(pairs, 1) for part in order], 1)
a = (x - names["SHIFT"]) / names["DIVISOR"]
thetas = iter(names["THETA"])
for layer in re.findall(r"^        (?:nn\.)?((?:Linear|Sine|[A-Z]\w*)\(.*?\)),$", text.split("nn.Sequential(")[1].split("    )\n")[0], re.M):
    if layer.startswith("Linear"):
        theta = np.array(next(thetas))
        a = theta[:, 0] + a @ theta[:, 1:].T
    elif not layer.startswith("Dropout"):
        a = g[layer](a)
if "TARGET_SHIFT" in names:
    a = a * names["TARGET_DIVISOR"] + names["TARGET_SHIFT"]
for row in a:
    print(",".join(map(repr, map(float, row))))
"#;

#[test]
fn the_script_computes_what_the_program_predicts() {
    let scratch = Scratch::new("computes");
    let nets: [&[&str]; 6] = [
        &["--data=iris", "--layers=5,4", "--activation=tanh,gelu", "--output=softmax", "--dropout=0.2"],
        &["--data=iris", "--layers=5,4,3", "--activation=softplus,elu,sine"],
        &["--data=iris", "--layers=5,4,3", "--activation=leaky-relu,hard-sigmoid,linear", "--output=sigmoid-mse"],
        &["--data=moons", "--binary", "--layers=6", "--activation=relu", "--add=squares,products,sines"],
        &["--data=reg-gauss", "--layers=6", "--activation=tanh", "--target-scale=standard"],
        &["--data=iris", "--layers=none", "--scale=none"],
    ];
    for (number, net) in nets.iter().enumerate() {
        let script = printed(&[&["export", "pytorch", "-", "--epochs=3"], *net].concat());
        let weights = scratch.path(&format!("{number}.safetensors"));
        printed(&[&["--headless", "--epochs=3", "--save", &weights], *net].concat());
        let (data, predicted) =
            (net[0].trim_start_matches("--data="), ["predict", "--format=json", "--weights", &weights, net[0]]);
        let expected: Vec<Vec<f64>> = printed(&predicted)
            .lines()
            .map(|line| {
                serde_json::from_value(serde_json::from_str::<Value>(line).expect("JSON")["h"].take()).expect("h")
            })
            .collect();
        let set = data::load(&Source::named(data)).expect("it is built in");
        let rows: Vec<String> =
            set.x.rows().into_iter().map(|row| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",")).collect();
        let rows = rows.join("\n");
        // PyTorch itself where it is there; else NumPy, by what the script's text says.
        let told = python(&script, &rows).or_else(|| python(NUMPY, &format!("{script}\n--rows--\n{rows}")));
        let Some(told) = told else {
            let _ = writeln!(io::stderr(), "skipped: neither PyTorch nor NumPy is installed for python3");
            return;
        };
        assert_eq!(told.lines().count(), expected.len(), "{net:?}");
        for (line, expected) in told.lines().zip(expected) {
            let found: Vec<f64> = line.split(',').map(|h| h.parse().expect("a number")).collect();
            assert_eq!(found.len(), expected.len());
            let near = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-12 * expected.abs().max(1.0);
            assert!(found.iter().zip(&expected).all(near), "{net:?}: {found:?} {expected:?}");
        }
    }
}
