//! Malformed, hostile and merely odd files: each gets its answer from the built program, in one line that names the file.

use std::ffi::OsStr;
use std::fs;
use std::ops::Not;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use deltascope::data::{self, Source};
use serde_json::Value;

/// What the program answered.
struct Answer {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Answer {
    fn outcome(&self) -> &'static str {
        match (self.status, self.stderr.contains("warning: ")) {
            (0, false) => "accepted",
            (0, true) => "accepted-with-warning",
            _ => "error",
        }
    }

    /// Asserts what holds for every answer: one line for an error, which names the file, and nothing of its bytes raw.
    #[track_caller]
    fn assert_plain(&self, path: &Path) {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert!(all.chars().all(|c| c == '\n' || !c.is_control()), "{all:?}");
        assert!(!all.contains("panicked"), "{all}");
        if self.outcome() == "error" {
            assert_eq!(self.stderr.lines().count(), 1, "{}", self.stderr);
            assert!(self.stdout.is_empty(), "{}", self.stdout);
            assert!(self.stderr.starts_with("deltascope: "), "{}", self.stderr);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let plain = !name.is_empty() && name.len() < 100 && !name.chars().any(char::is_control);
            assert!(!plain || self.stderr.contains(&*name), "{}", self.stderr);
        }
    }
}

fn ask(words: &[&OsStr]) -> Answer {
    let output = Command::new(env!("CARGO_BIN_EXE_deltascope"))
        .args(words)
        .current_dir(folder())
        .stdin(Stdio::null())
        .output()
        .expect("the program starts");
    Answer {
        status: output.status.code().expect("it was not killed"),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

fn told(path: &Path) -> Answer {
    let answer = ask(&["data".as_ref(), "--".as_ref(), path.as_ref()]);
    answer.assert_plain(path);
    answer
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/badinputs")
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().map(|words| words.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// The cases of some kinds.
fn cases(wanted: impl Fn(&str) -> bool) -> Vec<Value> {
    let manifest = fs::read(folder().join("manifest.json")).expect("the manifest is there");
    let manifest: Value = serde_json::from_slice(&manifest).expect("it is JSON");
    let cases = manifest["cases"].as_array().expect("it has cases");
    cases.iter().filter(|case| wanted(case["kind"].as_str().expect("a kind"))).cloned().collect()
}

#[test]
fn every_file_gets_its_answer() {
    let cases = cases(|kind| !["config", "safetensors"].contains(&kind));
    assert_eq!(cases.len(), 112);
    for case in &cases {
        let path = |key: &str| case[key].as_str().map(|path| folder().join(path));
        check(case, &path("path").expect("a path"), path("labels").as_deref());
        // The same features alone, their labels in a file of their own; what is wrong with labels is not in them.
        if let Some(features) = path("npy") {
            check(case, &features, Some(&folder().join("npy/npy_y.npy")));
        }
    }
}

/// Asserts that a file gets the answer of its case, and that it can be learnt from if it is accepted.
#[track_caller]
fn check(case: &Value, path: &Path, labels: Option<&Path>) {
    let labels: Vec<&OsStr> =
        labels.map(|path| ["--labels".as_ref(), path.as_os_str()]).into_iter().flatten().collect();
    let answer = ask(&[&["data".as_ref(), path.as_os_str()], labels.as_slice()].concat());
    // Either file may be the one that is not as it should be.
    let at_fault = labels.get(1).filter(|file| answer.stderr.contains(&*file.to_string_lossy()));
    answer.assert_plain(at_fault.map_or(path, Path::new));
    judge(case, &answer);
    if answer.status == 0 {
        trains(path, &labels);
    }
}

/// Asserts that an answer is that of its case.
#[track_caller]
fn judge(case: &Value, answer: &Answer) {
    let mut right = words(&case["also_ok"]);
    right.push(case["outcome"].as_str().expect("an outcome"));
    assert!(right.contains(&answer.outcome()), "{case}: {}{}", answer.stdout, answer.stderr);
    let mention = words(&case["mention"]);
    if answer.outcome() != "accepted" && !mention.is_empty() {
        let message = answer.stderr.to_lowercase();
        assert!(mention.iter().any(|word| message.contains(&word.to_lowercase())), "{case}: {message}");
    }
}

#[test]
fn every_file_of_options_gets_its_answer() {
    let cases = cases(|kind| kind == "config");
    assert_eq!(cases.len(), 26);
    for case in &cases {
        let path = case["path"].as_str().expect("a path");
        let answer = ask(&["--headless".as_ref(), "--config".as_ref(), path.as_ref()]);
        // A run that diverges was read as it should be.
        let answer = if answer.status == 3 { Answer { status: 0, ..answer } } else { answer };
        let about_the_data = answer.stderr.contains(path).not().then(|| Path::new(""));
        answer.assert_plain(about_the_data.unwrap_or(Path::new(path)));
        judge(case, &answer);
    }
}

/// What is accepted can be learnt from: no number on the way is anything but finite.
#[track_caller]
fn trains(path: &Path, labels: &[&OsStr]) {
    let run = ["--epochs=1".as_ref(), "--test-split=0".as_ref(), "--data".as_ref(), path.as_os_str()];
    let answer = ask(&[&run, labels].concat());
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(!answer.stdout.contains("NaN") && !answer.stdout.contains("inf"), "{}", answer.stdout);
}

#[test]
fn every_format_gives_the_rows_that_the_csv_file_of_the_same_data_gives() {
    let load = |path: &Path, labels: Option<&Path>| {
        let source = Source { labels: labels.map(Path::to_path_buf), ..Source::named(path) };
        data::load(&source).unwrap_or_else(|error| panic!("{error}"))
    };
    let whole = load(&folder().join("npz/npy_control.npz"), None);
    let rows: Vec<String> = (0..whole.x.nrows())
        .map(|row| {
            format!(
                "{},{},{}\n",
                whole.x[[row, 0]],
                whole.x[[row, 1]],
                whole.targets.classes()[whole.targets.class()[row]]
            )
        })
        .collect();
    let scratch = Scratch::new("formats");
    let csv = load(&scratch.file("same.csv".as_ref(), &format!("x1,x2,y\n{}", rows.concat())), None);
    let y = folder().join("npy/npy_y.npy");
    for (file, labels) in [
        ("npz/npy_control.npz", None),
        ("npz/npy_big_endian.npz", None),
        ("npz/npy_version_3.npz", None),
        ("npy/npy_control.npy", Some(y.as_path())),
        ("mat/mat_control.mat", None),
        ("mat/mat_compressed.mat", None),
    ] {
        let read = load(&folder().join(file), labels);
        let bits = |x: &ndarray::Array2<f64>| x.mapv(f64::to_bits);
        assert_eq!(bits(&read.x), bits(&csv.x), "{file}");
        assert_eq!((read.targets.class(), &read.features), (csv.targets.class(), &csv.features), "{file}");
    }
}

#[test]
fn held_out_samples_may_come_from_a_file_of_their_own() {
    let path = folder().join("csv/csv_control.csv");
    let scratch = Scratch::new("apart");
    let other = scratch.file("other.csv".as_ref(), "x1,x2,label\n1,2,zebra\n");
    let run = |test: &Path| {
        ask(&["--epochs=1".as_ref(), "--data".as_ref(), path.as_ref(), "--test-data".as_ref(), test.as_ref()])
    };
    let answer = run(&path);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    for line in answer.stdout.lines() {
        let after = |words: &str| line.split(words).nth(1).and_then(|rest| rest.split_whitespace().next());
        assert_eq!(after("train accuracy "), after(" accuracy "), "{line}");
        assert!(line.contains("test cost"), "{line}");
    }
    assert_eq!(run(&other).status, 1);
    let both = ask(&["--test-split=0.5".as_ref(), "--test-data".as_ref(), path.as_ref()]);
    assert_eq!(both.status, 2, "{}", both.stderr);
}

#[test]
fn classes_are_named_and_ordered_as_they_should_be() {
    for (file, classes) in [
        ("csv_crlf.csv", ["a", "b", "c"]),
        ("csv_cr_only.csv", ["a", "b", "c"]),
        ("csv_mixed_line_ends.csv", ["a", "b", "c"]),
        ("csv_spaces_around.csv", ["a", "b", "c"]),
        ("csv_label_trailing_space.csv", ["a", "b", "c"]),
        ("csv_labels_0_to_2.csv", ["0", "1", "2"]),
        ("csv_labels_10_first.csv", ["1", "2", "10"]),
    ] {
        let answer = told(&folder().join("csv").join(file));
        let told = answer.stdout.lines().skip_while(|line| !line.starts_with("classes")).skip(1);
        let told: Vec<&str> = told.take(3).filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(told, classes, "{file}");
    }
}

#[test]
fn every_file_of_weights_gets_its_answer() {
    let cases = cases(|kind| kind == "safetensors");
    assert_eq!(cases.len(), 26);
    for case in &cases {
        let path = case["path"].as_str().expect("a path");
        let run = [
            "--headless",
            "--epochs=1",
            "--test-split=0",
            "--data=csv/csv_control.csv",
            "--layers=4",
            // What such a file does not say is said, so that a warning is about the file itself.
            "--activation=sigmoid",
            "--output=sigmoid",
            "--scale=standard",
            "--weights",
            path,
        ];
        let answer = ask(&run.map(OsStr::new));
        answer.assert_plain(Path::new(path));
        judge(case, &answer);
    }
}

/// A folder of its own for a test, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("deltascope-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    fn file(&self, name: &OsStr, content: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a file can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const GOOD: &str = "x1,x2,k\n1,2,a\n3,4,b\n5,7,a\n";

#[track_caller]
fn assert_refused(path: &Path, status: i32, mention: &str) {
    let answer = told(path);
    assert_eq!(answer.status, status, "{}", answer.stderr);
    assert!(answer.stderr.to_lowercase().contains(mention), "{}", answer.stderr);
}

#[test]
fn what_is_no_file_is_refused() {
    let scratch = Scratch::new("nofile");
    let good = scratch.file("good.csv".as_ref(), GOOD);
    assert_refused(&scratch.0.join("not-there.csv"), 1, "no such");
    assert_refused(Path::new("irsi"), 1, "digits, iris, penguins, xor");
    assert_refused(Path::new(""), 2, "empty");
    assert_refused(&scratch.0, 1, "directory");
    assert_refused(&good.join(""), 1, "directory");
    assert_refused(&scratch.0.join("n".repeat(300)), 1, "long");
}

#[cfg(unix)]
#[test]
fn what_could_block_or_never_end_is_not_opened() {
    let scratch = Scratch::new("special");
    let (socket, pipe, link) = (scratch.0.join("socket.csv"), scratch.0.join("pipe.csv"), scratch.0.join("loop.csv"));
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket can be made");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo is there");
    assert!(made.success());
    std::os::unix::fs::symlink(&link, &link).expect("a link can be made");
    for path in [&socket, &pipe, Path::new("/dev/null"), Path::new("/dev/zero")] {
        assert_refused(path, 1, "regular file");
    }
    assert_refused(&link, 1, "symbolic link");
}

#[cfg(unix)]
#[test]
fn odd_names_are_names() {
    use std::os::unix::ffi::OsStrExt;

    let scratch = Scratch::new("names");
    for name in [b"-dash.csv".as_slice(), b"not-utf8-\xff\xfe.csv", "wide 日本.csv".as_bytes()] {
        let path = scratch.file(OsStr::from_bytes(name), GOOD);
        assert_eq!(told(&path).status, 0);
        let name = Path::new(path.file_name().expect("it has a name"));
        let output = Command::new(env!("CARGO_BIN_EXE_deltascope"))
            .current_dir(&scratch.0)
            .args(["data", "--"])
            .arg(name)
            .output()
            .expect("the program starts");
        assert_eq!(output.status.code(), Some(0));
    }
    let path = scratch.file("line\nend\x1b[2J.csv".as_ref(), "x,k\n");
    assert_refused(&path, 1, "no rows");
}

#[test]
fn a_feature_too_large_to_be_scaled_is_named() {
    let scratch = Scratch::new("huge");
    let path = scratch.file("huge.csv".as_ref(), "x1,k\n1e308,a\n-1e308,b\n1e308,a\n");
    let answer = ask(&["--epochs=1".as_ref(), "--scale=1e-5".as_ref(), "--data".as_ref(), path.as_ref()]);
    assert_eq!(answer.status, 1);
    assert!(answer.stderr.contains("column x1") && answer.stderr.contains("--scale"), "{}", answer.stderr);
}

#[test]
fn a_target_that_is_not_there_is_a_wrong_use() {
    let path = folder().join("csv/csv_control.csv");
    let answer = ask(&["data".as_ref(), "--target=nothing".as_ref(), path.as_ref()]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("its columns are"), "{}", answer.stderr);
}

#[test]
fn a_packed_file_is_read_and_one_that_breaks_off_is_refused() {
    let folder = std::env::temp_dir().join(format!("deltascope-packed-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let text = fs::read(self::folder().join("csv/csv_control.csv")).expect("it is there");
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packer, bytes).expect("a vector takes all");
        packer.finish().expect("a vector takes all")
    };
    let whole = pack(&text);
    for (name, bytes, outcome) in [
        ("good.csv.gz", whole.clone(), "accepted"),
        ("two.csv.gz", [pack(&text[..20]), pack(&text[20..])].concat(), "accepted"),
        ("short.csv.gz", whole[..whole.len() - 9].to_vec(), "error"),
        ("plain.csv.gz", text.clone(), "error"),
        ("empty.csv.gz", Vec::new(), "error"),
    ] {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("a file can be written");
        let answer = told(&path);
        assert_eq!(answer.outcome(), outcome, "{name}: {}", answer.stderr);
    }
    fs::remove_dir_all(&folder).expect("the folder is the test's own");
}

#[test]
fn a_file_is_read_as_the_options_say() {
    let folder = std::env::temp_dir().join(format!("deltascope-options-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join("rows.txt");
    fs::write(&path, "a 1 red\nb ? blue\na 3 blue\nb 4 red\n").expect("a file can be written");
    let options =
        ["data", "--separator", " ", "--no-header", "--missing", "drop", "--text", "one-hot", "--target", "1"];
    let mut words: Vec<&OsStr> = options.iter().map(OsStr::new).collect();
    words.push(path.as_os_str());
    let answer = ask(&words);
    assert_eq!(answer.outcome(), "accepted-with-warning", "{}", answer.stderr);
    assert!(answer.stderr.contains("1 row with a missing value is left out"), "{}", answer.stderr);
    assert!(answer.stdout.contains("3=blue") && answer.stdout.contains("3=red"), "{}", answer.stdout);
    let refused = ask(&["data".as_ref(), "iris".as_ref(), "--no-header".as_ref()]);
    assert_eq!((refused.status, refused.stderr.contains("iris is read as it is")), (2, true), "{}", refused.stderr);
    fs::remove_dir_all(&folder).expect("the folder is the test's own");
}
