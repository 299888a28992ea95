//! Every option that is typed is heeded or refused; what only a file of options says is passed over.

#[path = "heeded/matrix.rs"]
mod matrix;

use std::fs;
use std::path::Path;
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
        ("predict --weights w.npz --data iris --seed 2", "--seed"),
        ("evaluate --weights w.npz --data iris --samples 5", "--samples"),
        ("data --task binary", "--task"),
        ("data iris --noise 0.1", "--noise"),
        ("data parity --task binary", "--task"),
        ("--headless --epochs 1 --data parity --id g --target y", "--id"),
        ("--headless --epochs 1 --data jabberwocky --samples 9", "--samples"),
        ("--headless --epochs 1 --data xor --penalty l1", "--penalty"),
        ("export screen - --data iris --theme light", "--theme"),
    ] {
        let output = run(line);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{line}: {told}");
        assert!(told.starts_with(&format!("deltascope: {flag}: ")), "{line}: {told}");
    }
}

/// Runs a line in a folder, and tells its exit status and what it says.
fn run_in(folder: &Path, line: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.current_dir(folder).args(line.split_whitespace()).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A folder with the same points in several formats.
fn points() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let row = |row: u32| (f64::from(row % 7) / 7.0, f64::from(row % 5) / 5.0, row % 2);
    let rows = |begin: &str, end: fn((f64, f64, u32)) -> String| -> String {
        begin.to_string() + &(0..40).map(|at| end(row(at))).collect::<String>()
    };
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("it can be written");
    write("p.svm", rows("", |(a, b, y)| format!("{y} 1:{a} 2:{b}\n")).as_bytes());
    write("p.csv", rows("a,b,y\n", |(a, b, y)| format!("{a},{b},{y}\n")).as_bytes());
    write("bare.csv", rows("", |(a, b, y)| format!("{a};{b};{y}\n")).as_bytes());
    write("test.csv", rows("a,b,y\n", |(a, b, y)| format!("{b},{a},{y}\n")).as_bytes());
    write("text.txt", "the quick brown fox jumps over the lazy dog. ".repeat(20).as_bytes());
    write("split.toml", b"test-split = 0.4\nseparator = \"semicolon\"\nbeta = 0.5\nlayers = []\ndropout = 0.2\n");
    let idx = |sizes: &[u8], bytes: Vec<u8>| {
        let all = sizes.iter().flat_map(|&size| [0, 0, 0, size]);
        [0, 0, 8, sizes.len() as u8].into_iter().chain(all).chain(bytes).collect::<Vec<u8>>()
    };
    write("p.idx", &idx(&[40, 2], (0..40).flat_map(|at| [at % 7, at % 5]).collect()));
    write("y.idx", &idx(&[40], (0..40).map(|at| at % 2).collect()));
    let array = |descr: &str, shape: &str, bytes: Vec<u8>| {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
        [b"\x93NUMPY\x01\x00".as_slice(), &(header.len() as u16).to_le_bytes(), header.as_bytes(), &bytes].concat()
    };
    write("p.npy", &array("|u1", "(40, 2)", (0..40).flat_map(|at| [at % 7, at % 5]).collect()));
    write("y.npy", &array("|u1", "(40,)", (0..40).map(|at| at % 2).collect()));
    folder
}

#[test]
fn an_option_about_a_file_is_for_the_formats_that_it_says_something_of() {
    let folder = points();
    let refused = |line: &str, flag: &str| {
        let (status, told) = run_in(folder.path(), line);
        assert_eq!(status, Some(2), "{line}: {told}");
        // A warning about the data may stand before it.
        assert!(told.contains(&format!("deltascope: {flag}: ")), "{line}: {told}");
    };
    let kept = "--headless --epochs 1 --layers 2";
    for data in ["p.svm", "p.idx --labels y.idx", "p.npy --labels y.npy"] {
        let (status, told) = run_in(folder.path(), &format!("{kept} --data {data} --missing drop --save w.npz"));
        assert_eq!(status, Some(0), "{data}: {told}");
        for flag in ["--separator tab", "--header", "--no-header", "--text one-hot", "--target 1"] {
            for command in [kept, "check --layers 2", "evaluate --weights w.npz", "predict --weights w.npz"] {
                let data = if command.starts_with('p') { data.split(' ').next().unwrap_or_default() } else { data };
                refused(&format!("{command} --data {data} {flag}"), flag.split(' ').next().unwrap_or_default());
            }
        }
    }
    for data in ["p.svm", "p.csv"] {
        refused(&format!("{kept} --data {data} --labels y.idx"), "--labels");
        refused(&format!("data {data} --labels y.idx"), "--labels");
    }
    refused(&format!("{kept} --data p.csv --test-data test.csv --test-labels y.idx"), "--test-labels");
    refused(&format!("{kept} --data text.txt --cell tanh --samples 4"), "--samples");
    let weights = format!("{kept} --data p.csv --weights w.npz --test-split 0 --no-shuffle");
    refused(&format!("{weights} --seed 2"), "--seed");
    refused(&format!("{weights} --init he"), "--init");
    let parts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports/npz_course_parts.npz");
    fs::copy(parts, folder.path().join("parts.npz")).expect("a file can be copied");
    for command in [kept, "check --layers 2", "export history - --epochs 1", "export pytorch -"] {
        refused(&format!("{command} --data parts.npz --test-split 0.4"), "--test-split");
    }
    for line in [
        "--data p.csv --test-data bare.csv --separator comma --header",
        "--data bare.csv --separator semicolon --no-header",
        "--data p.csv --task regression --target-scale max",
        "--data p.csv --target y --header",
        "--data bare.csv --target 3 --text one-hot --config split.toml",
        "--data parts.npz --config split.toml",
    ] {
        let (status, told) = run_in(folder.path(), &format!("--headless --epochs 1 {line}"));
        assert!(status == Some(0) || line.contains("--test-data"), "{line}: {told}");
        assert!(!told.contains("deltascope: --"), "{line}: {told}");
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
fn what_is_passed_over_changes_nothing_of_what_suits_the_data() {
    let folder = points();
    fs::write(folder.path().join("o.toml"), "activation = \"relu\"\ndropout = 0.5\ntarget-scale = \"max\"\n")
        .expect("a file can be written");
    let told = |line: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
        command.current_dir(folder.path()).args(line.split_whitespace()).stdin(Stdio::null());
        let output = command.output().expect("the program starts");
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    // The script names the command line, too.
    let line = "export pytorch - --epochs 2 --data iris --layers none";
    assert_eq!(told(&format!("{line} --config o.toml")), told(line));
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
