//! Every option that is typed is heeded or refused; what only a file of options says is passed over.

use std::fs;
use std::process::{Command, Output, Stdio};

fn run(line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.args(line.split_whitespace()).stdin(Stdio::null()).output().expect("the program starts")
}

#[test]
fn an_option_that_a_command_has_no_use_for_is_refused_by_name() {
    for (line, flag) in [
        ("check --data xor --epochs 3", "--epochs"),
        ("check --data xor --dropout 0.1", "--dropout"),
        ("check --data xor --alpha 0.1", "--alpha"),
        ("check --data xor --optimizer adam", "--optimizer"),
        ("check --data xor --batch 2", "--batch"),
        ("check --data xor --schedule cosine:3", "--schedule"),
        ("check --data xor --clip 1", "--clip"),
        ("check --data xor --no-shuffle", "--no-shuffle"),
        ("check --data xor --until 0.1", "--until"),
        ("check --data xor --precision f32", "--precision"),
        ("check --data xor --threads 2", "--threads"),
        ("check --data parity --truncate 2", "--truncate"),
        ("--data iris check", "--data"),
        ("--headless --epochs 1 --data iris --beta 0.5", "--beta"),
        ("--headless --epochs 1 --data iris --optimizer momentum --beta2 0.5", "--beta2"),
        ("--headless --epochs 1 --data iris --layers none --dropout 0.5", "--dropout"),
        ("--headless --epochs 1 --data iris --layers none --activation tanh", "--activation"),
        ("--headless --epochs 1 --data iris --penalty none --lambda 1", "--lambda"),
        ("--headless --epochs 1 --data iris --target-scale max", "--target-scale"),
        ("--headless --epochs 1 --data iris --samples 500", "--samples"),
        ("--headless --epochs 1 --data iris --missing refuse", "--missing"),
        ("--headless --epochs 1 --data moons --text refuse", "--text"),
        ("--headless --epochs 1 --data xor --test-split 0.2", "--test-split"),
        ("--headless --epochs 1 --paused", "--paused"),
        ("--headless --epochs 1 --theme light", "--theme"),
        ("--headless --epochs 1 --data parity --noise 0.2", "--noise"),
        ("--headless --epochs 1 --data parity --threads 2", "--threads"),
        ("--headless --epochs 1 --data parity --scale max", "--scale"),
        ("--headless --epochs 1 --data iris --length 5", "--length"),
        ("export pytorch - --data iris --alpha 0.1", "--alpha"),
        ("export screen - --data iris --patience 2", "--patience"),
        ("predict --weights w.npz --data iris --add squares", "--add"),
        ("predict --weights w.npz --data iris --seed 2", "--seed"),
        ("evaluate --weights w.npz --data iris --samples 5", "--samples"),
        ("data --task binary", "--task"),
        ("data iris --noise 0.1", "--noise"),
    ] {
        let output = run(line);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{line}: {told}");
        assert!(told.starts_with(&format!("deltascope: {flag}: ")), "{line}: {told}");
    }
}

#[test]
fn what_only_a_file_of_options_says_is_passed_over_where_it_has_no_use() {
    let path = std::env::temp_dir().join(format!("deltascope-{}-heeded.toml", std::process::id()));
    let text = "epochs = 3\ndropout = 0.2\nalpha = 0.1\nsamples = 40\nmissing = \"drop\"\nbeta = 0.8\nshuffle = false\ntheme = \"light\"\n";
    fs::write(&path, text).expect("a file can be written");
    for line in ["check --data xor", "--headless --data iris", "export history - --data iris"] {
        let output = run(&format!("{line} --config {}", path.display()));
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    // What an export has use for is heeded.
    let told = run(&format!("export history - --data iris --config {}", path.display())).stdout;
    assert_eq!(String::from_utf8_lossy(&told).lines().count(), 5, "a header, and epochs 0 to 3");
    let _ = fs::remove_file(&path);
}

#[test]
fn a_saved_file_of_options_takes_nothing_from_another_set() {
    let path = std::env::temp_dir().join(format!("deltascope-{}-saved.toml", std::process::id()));
    fs::write(&path, run("config --data iris").stdout).expect("a file can be written");
    let file = format!("--headless --epochs 2 --data spiral --config {}", path.display());
    assert_eq!(run(&file).stdout, run("--headless --epochs 2 --data spiral").stdout);
    let _ = fs::remove_file(&path);
}

#[test]
fn config_and_data_say_where_an_option_comes_from() {
    let config = String::from_utf8(run("config --data spiral --lambda 0.5").stdout).expect("UTF-8");
    for (origin, line) in [("given", "lambda = 0.5"), ("data set", "# alpha = 0.02"), ("default", "# test-split = 0.2")]
    {
        let block = config.split("\n\n").find(|block| block.ends_with(line)).expect(line);
        assert!(block.starts_with(&format!("# [{origin}]")), "{block}");
    }
    let told = String::from_utf8(run("data spiral").stdout).expect("UTF-8");
    assert!(told.contains("--alpha 0.02            data set"), "{told}");
}
