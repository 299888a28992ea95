//! Places that are written to, by the built program: killed in the middle, full, read-only, gone, and shared by two.
#![cfg(unix)]

mod full;
mod killed;
#[path = "../terminal/pty.rs"]
#[allow(dead_code, reason = "not every test needs all of it")]
mod pty;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program as it is installed.
const PROGRAM: &str = env!("CARGO_BIN_EXE_deltascope");

/// A folder of a test's own, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deltascope-places-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("it is UTF-8").into()
    }

    /// The names of what is in it.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there").flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn program(words: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// A run that ends well, to its end.
#[track_caller]
fn done(words: &[&str]) {
    let output = program(words).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", told(&output));
}

/// What it says on stderr.
fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(path).expect("the file is there")
}
