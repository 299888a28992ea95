//! Files of the shapes that users bring: each command on one of them gets the answer that is right, or a refusal that leads on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The words of a command; those in single quotes stay together, and `@` is the folder that the test writes to.
fn words(command: &str, scratch: &Path) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('\'').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(|word| word.replace('@', &scratch.to_string_lossy()))),
            _ => words.push(part.to_string()),
        }
    }
    words
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

fn cases() -> Vec<Value> {
    let entries = folder().read_dir().expect("the folder is there").map(|entry| entry.expect("an entry").path());
    let mut tables: Vec<PathBuf> = entries.filter(|path| is_table(path)).collect();
    tables.sort();
    let texts = tables.iter().map(|path| fs::read_to_string(path).expect("a table is text"));
    let case = |line: &str| serde_json::from_str(line).unwrap_or_else(|reason| panic!("{line}: {reason}"));
    texts.flat_map(|text| text.lines().map(case).collect::<Vec<_>>()).collect()
}

/// Whether a file has cases in it.
fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "jsonl")
}

fn texts<'a>(case: &'a Value, key: &str) -> Vec<&'a str> {
    case[key].as_array().map(|texts| texts.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn run(command: &str, scratch: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deltascope"))
        .args(words(command, scratch))
        .current_dir(folder())
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

/// What is wrong with the answer to a case, if anything is.
fn fault(case: &Value, output: &Output) -> Option<String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("it prints UTF-8");
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    let warnings = stderr.lines().filter(|line| line.starts_with("warning: ")).count() as u64;
    let right = output.status.code().map(i64::from) == case["status"].as_i64()
        && texts(case, "prints").iter().all(|part| stdout.contains(part))
        && texts(case, "says").iter().all(|part| stderr.contains(part))
        && !texts(case, "never").iter().any(|part| stdout.contains(part) || stderr.contains(part))
        && warnings == case["warnings"].as_u64().unwrap_or_default()
        && !stderr.contains("panicked");
    (!right).then(|| format!("{case}\n{}, {warnings} warnings\n{stdout}{stderr}", output.status))
}

#[test]
fn every_command_on_a_file_of_a_user_gets_its_answer() {
    let scratch = std::env::temp_dir().join(format!("deltascope-reports-{}", std::process::id()));
    fs::create_dir_all(&scratch).expect("a folder can be made");
    let answer = |case: &Value| {
        let first = run(case["command"].as_str().expect("a command"), &scratch);
        match case["then"].as_str() {
            Some(_) if !first.status.success() => Some(format!("{case}\n{}", String::from_utf8_lossy(&first.stderr))),
            Some(second) => fault(case, &run(second, &scratch)),
            None => fault(case, &first),
        }
    };
    let wrong: Vec<String> = cases().iter().filter_map(answer).collect();
    fs::remove_dir_all(&scratch).expect("the folder is the test's own");
    assert!(wrong.is_empty(), "{} are wrong:\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_file_of_the_folder_is_named_by_a_case() {
    let cases = cases();
    let commands = || cases.iter().flat_map(|case| [&case["command"], &case["then"]]).filter_map(Value::as_str);
    for entry in folder().read_dir().expect("the folder is there") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        let named = commands().any(|command| command.contains(&name));
        assert!(named || name == "README.md" || is_table(&entry.path()), "{name} is not named by any case");
    }
}
