//! Every option of every command, as clap lists them: what becomes of it where it is typed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::CommandFactory;
use deltascope::cli::Cli;

/// The commands, each with options that it is run with in any case.
const COMMANDS: [&str; 18] = [
    "--headless --epochs 2 --data moons",
    "--headless --epochs 2 --data table.csv",
    "--headless --epochs 2 --data parity",
    "--headless --epochs 2 --data text.txt --cell tanh",
    "--headless --epochs 2 --data table.csv --id g --target y --batch 2",
    "check --data table.csv --layers 2",
    "check --data parity --layers 2",
    "predict --weights w.npz --data table.csv",
    "evaluate --weights w.npz --data table.csv",
    "data",
    "data moons",
    "data table.csv",
    "data parity",
    "config --data moons",
    "export history - --epochs 2 --data table.csv",
    "export tensorboard EVENTS --epochs 2 --data table.csv",
    "export screen - --data table.csv",
    "export pytorch - --data table.csv",
];

/// Every option with a value, and what becomes of it in each of the commands:
/// `c` what is written changes; `s` the same is written, since the option says what holds for these data in any case, or writes
/// elsewhere, or is not seen in four digits; `r` it is refused by its name; `e` another sentence refuses it, since it does not fit these data or the other words;
/// `b` the command is run with it in any case; `.` the command has no such option.
#[rustfmt::skip]
const OPTIONS: [(&str, &str, &str); 61] = [
    ("data", "circle", "bbbbb bb bb .... b bbbb"),
    ("task", "binary", "ccrrr cr rr rccr c cccc"),
    ("binary", "", "ccrrr cr ee rccr c cccc"),
    ("target", "t", "rerrb er ee rrer c eeee"),
    ("labels", "y.npy", "rrrrr rr rr rrrr c rrrr"),
    ("samples", "50", "crcrr rc rr rcrc c rrrr"),
    ("noise", "0.2", "crrrr rr rr rcrr c rrrr"),
    ("add", "squares", "ccrrr cr rr rccr c cccc"),
    ("separator", "semicolon", "rerre er ee rrer c eeee"),
    ("header", "", "rsrrs sr ss rrsr c scsc"),
    ("no-header", "", "rerre er ee rrer c eeee"),
    ("missing", "drop", "rsrrr sr ss rrsr c scsc"),
    ("text", "one-hot", "rsrrr sr ss rrsr c scsc"),
    ("test-data", "test.csv", "rcrrr cr .. .... c cccc"),
    ("test-labels", "y.npy --test-data test.csv", "rreee re .. .... c rrrr"),
    ("scale", "4", "ccrrr cr cc .... c cccc"),
    ("target-scale", "max", "rrrrr rr .. .... c rrrr"),
    ("test-split", "0.4", "ccccc cr .. .... c cccc"),
    ("layers", "3", "ccccc bb .. .... c cccc"),
    ("activation", "relu", "ccrrr cr cc .... c cccc"),
    ("output", "softmax", "ccrss cr cc .... c cccc"),
    ("init", "he", "ccccc cc .. .... c cccc"),
    ("weights", "w.npz", "eceee ce bb .... c cccc"),
    ("cell", "gru", "eecbc ec rr .... c eeee"),
    ("length", "5", "rrccr rc rr .... r rrrr"),
    ("truncate", "2", "rrccc rr .. .... r rrrr"),
    ("id", "g --target y", "ecreb cr rr .... c cccc"),
    ("step", "t --id g --target y", "eceeb ce rr .... c cccc"),
    ("prose", "", "rrrse rr rr .... r rrrr"),
    ("alpha", "0.05", "ccccc rr .. .... c cccr"),
    ("optimizer", "momentum", "ccccc rr .. .... c cccr"),
    ("schedule", "step:1:0.5", "ccccc rr .. .... c cccr"),
    ("clip", "0.01", "ccccc rr .. .... c cccr"),
    ("beta", "0.5", "ccccc rr .. .... c cccr"),
    ("beta2", "0.5", "ccccc rr .. .... c cccr"),
    ("dropout", "0.5", "ccrrr rr .. .... c cccr"),
    ("lambda", "3", "ccccc cc .. .... c cccr"),
    ("penalty", "l1 --lambda 1", "ccccc cc .. .... c ccce"),
    ("batch", "7", "ccccb rr .. .... c cccr"),
    ("epochs", "1", "bbbbb rr .. .... c bbcc"),
    ("until", "100", "ccccc rr .. .... c ccrr"),
    ("patience", "1 --alpha 500", "ccccc ee .. .... c ccre"),
    ("seed", "5", "ccccc cc rr .... c cccc"),
    ("shuffle", "", "sssss rr .. .... c scsr"),
    ("no-shuffle", "", "ccccc rr .. .... c cccr"),
    ("config", "o.toml", "ccccc ss .. .... c cccs"),
    ("precision", "f32", "ccccc rr .. .... c ccsc"),
    ("threads", "2", "ssrrr rr .. .... c scsr"),
    ("speed", "3", "rrrrr .. .. .... c ...."),
    ("paused", "", "rrrrr .. .. .... c ...."),
    ("ascii", "", "rrrrr .. .. .... c ..c."),
    ("math", "plain", "rrrrr .. .. .... c ..c."),
    ("color", "never", "rrrrr .. .. .... c ...."),
    ("theme", "light", "rrrrr .. .. .... c ..r."),
    ("no-mouse", "", "rrrrr .. .. .... c ...."),
    ("save", "out.npz", "sssss .. .. .... c ...."),
    ("headless", "", "bbbbb .. .. .... c ...."),
    ("format", "json", "ccccc .. cc .... c ...."),
    ("size", "100x30", "..... .. .. .... . ..c."),
    ("panel", "cost", "..... .. .. .... . ..c."),
    ("keys", "z", "..... .. .. .... . ..c."),
];

/// Commands that no run is behind, with the options of their own that each has.
const BARE: [(&str, &[&str]); 4] =
    [("completions", &[]), ("man", &[]), ("book", &["format"]), ("glossary", &["format"])];

/// The words before the first option: the names of the commands that lead to it, and files.
fn path(line: &str) -> Vec<&str> {
    line.split(' ').take_while(|word| !word.starts_with("--")).collect()
}

/// The names of the options that clap lists for a line, and what the command is called.
fn listed(line: &str) -> (String, BTreeSet<String>) {
    let mut command = Cli::command();
    let mut name = String::new();
    for word in path(line) {
        let Some(inner) = command.find_subcommand(word).cloned() else { break };
        name = format!("{name} {word}").trim().to_string();
        command = inner;
    }
    (name, command.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_string).collect())
}

fn leaves(command: &clap::Command, path: &str, found: &mut BTreeSet<String>) {
    for inner in command.get_subcommands() {
        let path = format!("{path} {}", inner.get_name()).trim().to_string();
        if inner.has_subcommands() {
            leaves(inner, &path, found);
        } else {
            found.insert(path);
        }
    }
}

#[test]
fn every_option_of_every_command_is_classified() {
    let mut commands = BTreeSet::from([String::new()]);
    leaves(&Cli::command(), "", &mut commands);
    for (name, options) in BARE {
        let own: BTreeSet<String> = options.iter().map(|option| (*option).to_string()).collect();
        assert!(
            commands.remove(name) && listed(name).1 == own,
            "{name} has other options: a column for it in COMMANDS"
        );
    }
    let columns: BTreeSet<String> = COMMANDS.iter().map(|line| listed(line).0).collect();
    assert_eq!(columns, commands, "each command has a column");
    for (column, line) in COMMANDS.iter().enumerate() {
        let fates = OPTIONS.iter().map(|&(name, _, fates)| (name, fates.replace(' ', "")));
        let classified: BTreeSet<String> =
            fates.filter(|(_, fates)| fates.as_bytes()[column] != b'.').map(|(name, _)| name.into()).collect();
        assert_eq!(classified, listed(line).1, "{line}: each of its options has a letter, and no other one");
    }
}

/// A number in −1 … 1 that looks like noise.
fn noise(row: u32) -> f64 {
    f64::from(row.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 23) - 1.0
}

/// The files that the lines name.
fn write_files(folder: &Path) {
    let row = |row: u32| {
        let class = if (row * 7 / 3).is_multiple_of(2) { "u" } else { "v" };
        format!("{},{},{:.4},{:.4},{class}\n", 1 + row / 4, 1 + row % 4, noise(row), noise(row + 99))
    };
    let table = |rows: std::ops::Range<u32>| format!("g,t,a,b,y\n{}", rows.map(row).collect::<String>());
    let write = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file can be written");
    write("table.csv", table(0..40));
    write("test.csv", table(500..512));
    write("text.txt", "the quick brown fox jumps over the lazy dog. ".repeat(20));
    write("o.toml", "alpha = 0.3\n".into());
    write("y.npy", String::new());
    let (status, ..) = run(folder, "--headless --epochs 2 --layers 2 --data table.csv --save w.npz");
    assert_eq!(status, Some(0));
}

/// Exit status, what is written to stdout or into the folder of events, and stderr.
fn run(folder: &Path, line: &str) -> (Option<i32>, Vec<u8>, String) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let events = format!("events-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let line = line.replace("EVENTS", &events);
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    command.current_dir(folder).args(line.split_whitespace()).stdin(Stdio::null());
    let output = command.output().expect("the program starts");
    let mut written = output.stdout;
    for file in fs::read_dir(folder.join(events)).into_iter().flatten() {
        written.extend(fs::read(file.expect("an entry").path()).expect("it can be read"));
    }
    (output.status.code(), written, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What becomes of an option.
fn fate(folder: &Path, line: &str, (name, value): (&str, &str), base: &[u8]) -> (char, String) {
    let (status, written, told) = run(folder, &format!("{line} --{name} {value}"));
    let letter = match status {
        Some(0) if written == base => 's',
        Some(0) => 'c',
        Some(2) if told.starts_with(&format!("deltascope: --{name}")) => 'r',
        Some(1 | 2) if told.starts_with("deltascope: ") || told.starts_with("error: ") => 'e',
        _ => '?',
    };
    (letter, told)
}

#[test]
fn every_option_that_is_typed_is_heeded_or_refused() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write_files(folder.path());
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let column = |column: usize| {
        let line = COMMANDS[column];
        let (status, base, told) = run(folder.path(), line);
        assert_eq!(status, Some(0), "{line}: {told}");
        for (name, value, fates) in OPTIONS {
            let expected = fates.replace(' ', "").chars().nth(column).unwrap_or('?');
            if ['.', 'b'].contains(&expected) {
                continue;
            }
            let (found, told) = fate(folder.path(), line, (name, value), &base);
            if found != expected {
                let told = format!("{line} --{name} {value}: {found}, expected {expected}: {told}");
                wrong.lock().expect("no thread has panicked").push(told);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&n| n < COMMANDS.len()) {
                    column(number);
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no thread has panicked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
