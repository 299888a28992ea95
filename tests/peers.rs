//! The comparison with the peers says which of its runs failed, and does not end as if all were well.
#![cfg(unix)]

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// What a peer prints.
const LINE: &str = r#"{"workload": "W1", "threads": 1, "ms_per_epoch_min": 2.0, "check_loss": 0.5}"#;

/// A Python program that prints a text.
fn prints(text: &str) -> String {
    format!("print('''{text}''')\n")
}

/// Runs the comparison in a folder of its own, with a `cargo` that runs a script in place of the benchmark, and with these peers;
/// `None` where there is no Python.
fn compare(cargo: &str, peers: &[(&str, &str)]) -> Option<Output> {
    if Command::new("python3").arg("--version").output().is_err() {
        let _ = writeln!(io::stderr(), "skipped: there is no python3");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (here, bin) = (folder.path().join("benches/peers"), folder.path().join("bin"));
    [&here, &bin].iter().for_each(|folder| fs::create_dir_all(folder).expect("a folder"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/compare.py");
    fs::copy(script, here.join("compare.py")).expect("a copy");
    // Packages of these names are there, whatever is installed; what is imported is beside the script.
    for name in ["numpy", "torch", "jax", "sklearn"] {
        fs::write(here.join(format!("{name}.py")), "").expect("a file");
        let program =
            peers.iter().find(|(peer, _)| *peer == name).map_or(prints(LINE), |(_, program)| program.to_string());
        fs::write(here.join(format!("peer_{name}.py")), program).expect("a file");
    }
    let path = bin.join("cargo");
    fs::write(&path, format!("#!/bin/sh\n[ \"$1\" = build ] && exit 0\n{cargo}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let search = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let words = ["--rounds", "1", "--threads", "1", "--only", "W1"];
    let mut command = Command::new("python3");
    command.arg(here.join("compare.py")).args(words).env("PATH", search);
    Some(command.output().expect("Python starts"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn peers_that_all_run_make_a_table_and_the_status_0() {
    let Some(output) = compare(&format!("echo '{LINE}'"), &[]) else { return };
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    assert!(
        told.contains("| W1 | 1 | 2 | 0.500000 | 2 (1.00x) | 2 (1.00x) | 2 (1.00x) | 2 (1.00x) | 2 (1.00x) |"),
        "{told}"
    );
    assert!(!told.contains("failed") && !told.contains("INCOMPLETE"), "{told}");
}

#[test]
fn a_peer_that_fails_is_named_with_its_reason_and_the_status_is_not_0() {
    let broken = [
        ("raise ValueError('no such device')", "exit status 1: ValueError: no such device"),
        ("import nothing_of_the_kind", "exit status 1: ModuleNotFoundError: No module named 'nothing_of_the_kind'"),
        ("pass", "it printed no line of JSON"),
        ("print('{\"workload\": \"W1\"}')", "its line of JSON lacks threads, ms_per_epoch_min, check_loss"),
        ("print('{nothing')", "its line of JSON can't be read"),
    ];
    for (program, reason) in broken {
        let Some(output) = compare(&format!("echo '{LINE}'"), &[("jax", program)]) else { return };
        let told = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("INCOMPLETE: 1 of the figures"), "{told}");
        assert!(told.contains(&format!("failed: jax scan W1, 1 threads: {reason}")), "{told}");
        assert!(told.contains("| W1 | 1 | 2 | 0.500000 | 2 (1.00x) | 2 (1.00x) | failed |"), "{told}");
    }
}

#[test]
fn a_benchmark_of_the_program_itself_that_fails_is_told_too() {
    let Some(output) = compare("echo 'it broke' >&2; exit 3", &[]) else { return };
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("failed: deltascope W1, 1 threads: exit status 3: it broke"), "{told}");
    assert!(told.contains("| W1 | 1 | failed | - | 2 | 2 | 2 | 2 | 2 |"), "{told}");
}

#[test]
fn the_benchmark_makes_its_data_with_the_interpreter_that_runs_the_peers() {
    let Some(output) = compare(&format!("test -x \"$PYTHON\" && echo '{LINE}'"), &[]) else { return };
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}
