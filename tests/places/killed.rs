//! Programs that are killed while they write, that find what was left, and that write to one place at the same time.

use std::fs::{self, File};
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant, SystemTime};

use deltascope::weights::WeightFile;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::{Scratch, bytes, done, program};

/// What is written, and the words that write it with either of two seeds.
struct Writing {
    file: &'static str,
    words: &'static [&'static str],
    kills: usize,
}

/// Of the 100 kills each format of weights has its part, and each export that replaces a file.
const WRITINGS: [Writing; 6] = [
    Writing { file: "net.safetensors", words: &["--headless", "--epochs=1", "--layers=400,400", "--save"], kills: 20 },
    Writing { file: "net.npz", words: &["--headless", "--epochs=1", "--layers=400,400", "--save"], kills: 20 },
    Writing { file: "net.mat", words: &["--headless", "--epochs=1", "--layers=400,400", "--save"], kills: 20 },
    Writing { file: "history.csv", words: &["export", "history", "--epochs=500", "--layers=2"], kills: 14 },
    Writing { file: "net.py", words: &["export", "pytorch", "--layers=150,150"], kills: 13 },
    Writing { file: "screen.svg", words: &["export", "screen", "--size=300x300", "--layers=9"], kills: 13 },
];

impl Writing {
    fn words<'a>(&'a self, path: &'a str, seed: &'a str) -> Vec<&'a str> {
        [self.words, &[path, "--data=xor", seed]].concat()
    }
}

/// Whether a file that is not whole yet is in the folder.
fn is_being_written(scratch: &Scratch) -> bool {
    scratch.names().iter().any(|name| name.starts_with(".deltascope-"))
}

/// Waits until the program writes, or has ended; whether it writes.
fn wait_for_the_writing(scratch: &Scratch, child: &mut Child) -> bool {
    while !is_being_written(scratch) {
        if child.try_wait().expect("it is a child").is_some() {
            return false;
        }
    }
    true
}

/// How long the program writes when it is left alone.
fn measured(scratch: &Scratch, writing: &Writing, path: &str) -> Duration {
    let mut child = program(&writing.words(path, "--seed=2")).spawn().expect("the program starts");
    let is_seen = wait_for_the_writing(scratch, &mut child);
    let begun = Instant::now();
    while is_seen && is_being_written(scratch) {}
    let took = begun.elapsed();
    assert!(child.wait().expect("it ends").success());
    took
}

fn is_weights(path: &str) -> bool {
    path.contains("net.") && !path.ends_with(".py")
}

/// Kills the program at random moments of its writing; how often a file was left that was not whole yet.
fn killed(scratch: &Scratch, writing: &Writing, random: &mut ChaCha8Rng) -> usize {
    let path = scratch.path(writing.file);
    done(&writing.words(&path, "--seed=2"));
    let new = bytes(&path);
    done(&writing.words(&path, "--seed=1"));
    let old = bytes(&path);
    assert_ne!(old, new);
    let mut times: Vec<Duration> = (0..5).map(|_| measured(scratch, writing, &path)).collect();
    times.sort();
    let mut inside = 0;
    for _ in 0..writing.kills {
        fs::write(&path, &old).expect("it can be written");
        let mut child = program(&writing.words(&path, "--seed=2")).spawn().expect("the program starts");
        wait_for_the_writing(scratch, &mut child);
        // The moment is what is random here.
        let end = Instant::now() + times[2].mul_f64(random.random());
        while Instant::now() < end {}
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let found = bytes(&path);
        assert!(found == old || found == new, "{}: {} bytes, neither old nor new", writing.file, found.len());
        if is_weights(&path) {
            WeightFile::read(Path::new(&path)).unwrap_or_else(|error| panic!("{error}"));
        }
        for name in scratch.names().iter().filter(|name| *name != writing.file) {
            inside += 1;
            fs::remove_file(scratch.path(name)).expect("it is the only other one");
        }
    }
    done(&writing.words(&path, "--seed=2"));
    assert_eq!((bytes(&path), scratch.names()), (new, vec![writing.file.to_string()]));
    inside
}

#[test]
fn a_file_is_whole_whenever_the_program_is_killed() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    assert_eq!(WRITINGS.iter().map(|writing| writing.kills).sum::<usize>(), 100);
    let inside = WRITINGS.map(|writing| {
        let scratch = Scratch::new(writing.file);
        killed(&scratch, &writing, &mut random)
    });
    eprintln!("of 100 kills {} were inside the writing: {inside:?}", inside.iter().sum::<usize>());
    assert!(inside.iter().sum::<usize>() >= 10, "the moments were those of the writing");
}

#[test]
fn what_a_killed_program_left_is_taken_away_when_it_is_old_and_nothing_else_is() {
    let scratch = Scratch::new("left");
    let old = SystemTime::now() - Duration::from_secs(2 * 3600);
    for (name, modified) in [
        (".deltascope-aB3dE6", old),
        (".deltascope-fresh1", SystemTime::now()),
        (".deltascope-notes.txt", old),
        (".deltascope-long12345", old),
        ("deltascope-aB3dE6", old),
    ] {
        let file = File::create(scratch.path(name)).expect("it can be made");
        file.set_modified(modified).expect("it has a time");
    }
    fs::create_dir(scratch.path(".deltascope-folder")).expect("it can be made");
    done(&["--headless", "--epochs=1", "--data=xor", "--save", &scratch.path("net.npz")]);
    let stay = [
        ".deltascope-folder",
        ".deltascope-fresh1",
        ".deltascope-long12345",
        ".deltascope-notes.txt",
        "deltascope-aB3dE6",
        "net.npz",
    ];
    assert_eq!(scratch.names(), stay);
}

#[test]
fn two_programs_that_write_one_file_leave_one_of_the_two_whole() {
    let scratch = Scratch::new("two");
    for writing in WRITINGS.iter().take(3) {
        let path = scratch.path(writing.file);
        let both = ["--seed=1", "--seed=2"].map(|seed| {
            done(&writing.words(&path, seed));
            bytes(&path)
        });
        for _ in 0..8 {
            let seeds = ["--seed=1", "--seed=2", "--seed=1", "--seed=2"];
            let children = seeds.map(|seed| program(&writing.words(&path, seed)).spawn().expect("the program starts"));
            for mut child in children {
                // What is seen meanwhile is whole, too.
                while child.try_wait().expect("it is a child").is_none() {
                    assert!(both.contains(&bytes(&path)));
                }
                assert!(child.wait().expect("it ends").success());
            }
            assert!(both.contains(&bytes(&path)));
        }
        fs::remove_file(&path).expect("it is there");
        assert_eq!(scratch.names(), [""; 0], "nothing else is left");
    }
}

#[test]
fn the_rights_of_a_file_stay_when_it_is_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("rights");
    let path = scratch.path("net.npz");
    let save = ["--headless", "--epochs=1", "--data=xor", "--save", &path];
    for mode in [0o600, 0o666, 0o640] {
        done(&save);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("it is the test's own");
        done(&save);
        assert_eq!(fs::metadata(&path).expect("it is there").permissions().mode() & 0o777, mode);
    }
}
