//! Disks that are full, folders that can't be written to and folders that are gone: a sentence, and the training goes on.

use std::fs;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use deltascope::weights::FORMATS;

use crate::pty::{Pty, command};
use crate::{PROGRAM, Scratch, bytes, done, told};

/// A run on the screen whose steps are counted for as long as it goes.
const RUN: [&str; 5] = ["--data=iris", "--layers=60,60", "--no-mouse", "--speed=max", "--color=never"];

/// The step in the header.
fn step(screen: &str) -> Option<u64> {
    let (_, rest) = screen.split_once("step ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[track_caller]
fn wait_for_more_steps(pty: &Pty) {
    let now = step(&pty.screen());
    pty.wait_for("more steps", |screen| step(screen) > now);
}

/// Asks for weights, for the screen and for an equation; each is answered with the sentence, and the training goes on.
#[track_caller]
fn refuses_on_the_screen(pty: &mut Pty, reason: &str) {
    pty.wait_for("the first numbers", |screen| step(screen).is_some());
    for (keys, said) in [("W", "not kept: "), ("P", "not written: "), ("7\rw", "not written: ")] {
        pty.send(keys.as_bytes());
        pty.wait_for_text(&format!("{said}{reason}"));
        wait_for_more_steps(pty);
        pty.send(b"\x1b");
        pty.wait_for("no message", |screen| !screen.contains("not kept") && !screen.contains("not written"));
        wait_for_more_steps(pty);
    }
}

/// The program under a shell with this script, in which `$0` and `$@` are the program and its words.
fn under<'a>(shell: &[&'a str], script: &'a str, words: &[&'a str]) -> Vec<&'a str> {
    [shell, &["sh", "-c", script, PROGRAM], words].concat()
}

/// A shell that is root in a small world of its own, where disks can be made; `None` where the system gives none.
fn root() -> Option<&'static [&'static str]> {
    const ROOT: &[&str] = &["unshare", "--map-root-user", "--mount"];
    let mount = "mount -t tmpfs -o size=64k none \"$0\"";
    let folder = Scratch::new("probe");
    let mut probe = Command::new(ROOT[0]);
    probe.args(&ROOT[1..]).args(["sh", "-c", mount]).arg(&folder.0).stdout(Stdio::null()).stderr(Stdio::null());
    let is_given = probe.status().is_ok_and(|status| status.success());
    if !is_given {
        let _ =
            writeln!(io::stderr(), "skipped: this system makes no disk for a test (unshare --map-root-user --mount)");
    }
    is_given.then_some(ROOT)
}

/// Goes into a disk of 64 kB that holds old weights, does what `{}` stands for, and says behind the program's own status whether
/// they are what they were and how many files there are.
fn on_a_disk(then: &str) -> String {
    let script = r#"old=$1; shift
        mount -t tmpfs -o size=64k none "${old%/*}/disk" && cp "$old" "${old%/*}/disk/net.npz" && cd "${old%/*}/disk" || exit 99
        {}
        "$0" "$@"; status=$?
        cmp "$old" net.npz && echo "the old one, status $status, of $(ls -A | wc -l) files""#;
    script.replace("{}", then)
}

/// A folder with old weights, and one beside them for a disk.
fn with_old_weights(name: &str) -> (Scratch, String) {
    let scratch = Scratch::new(name);
    let old = scratch.path("old.npz");
    done(&["--headless", "--epochs=1", "--data=iris", "--layers=4", "--save", &old]);
    fs::create_dir(scratch.path("disk")).expect("it can be made");
    (scratch, old)
}

#[test]
fn on_a_full_or_a_read_only_disk_the_screen_says_so_and_the_old_weights_stay() {
    let Some(root) = root() else { return };
    let filled = "dd if=/dev/zero of=filling bs=1k 2>/dev/null";
    let read_only = ": >filling; mount -o remount,ro \"$PWD\"";
    for (then, reason) in [(filled, "No space left on device"), (read_only, "Read-only file system")] {
        let (_scratch, old) = with_old_weights("screen");
        let script = on_a_disk(then);
        let words = [&[old.as_str(), "--save=net.npz"], &RUN[..]].concat();
        let mut pty = Pty::spawn(command(&under(root, &script, &words), &[]), 120, 40);
        refuses_on_the_screen(&mut pty, reason);
        pty.send(b"q");
        assert_eq!(pty.wait_exit(), 0);
        pty.assert_restored();
        pty.wait_for_text(&format!("deltascope: net.npz: {reason}"));
        pty.wait_for_text("the old one, status 1, of 2 files");
    }
}

#[test]
fn on_a_full_or_a_read_only_disk_every_export_says_so_and_leaves_nothing() {
    let Some(root) = root() else { return };
    let filled = "dd if=/dev/zero of=filling bs=1k 2>/dev/null";
    let read_only = ": >filling; mount -o remount,ro \"$PWD\"";
    let exports: [&[&str]; 4] = [
        &["export", "history", "history.csv", "--epochs=1"],
        &["export", "pytorch", "net.py"],
        &["export", "screen", "screen.svg"],
        &["--headless", "--epochs=1", "--save=net.npz"],
    ];
    for (then, reason) in [(filled, "No space left on device"), (read_only, "Read-only file system")] {
        let (_scratch, old) = with_old_weights("exports");
        for export in exports {
            let script = on_a_disk(then);
            let words = under(root, &script, &[&[old.as_str()], export].concat()).into_iter().map(String::from);
            let words: Vec<String> = words.chain(["--data=iris".into(), "--layers=60,60".into()]).collect();
            let mut command = Command::new(&words[0]);
            let output = command.args(&words[1..]).stdin(Stdio::null()).output().expect("it starts");
            let (said, after) = (told(&output), String::from_utf8_lossy(&output.stdout));
            assert!(said.contains(reason) && said.lines().count() == 1, "{export:?}: {said}");
            assert!(after.contains("the old one, status 1, of 2 files"), "{export:?}: {after}");
        }
    }
}

#[test]
fn a_limit_of_a_files_size_is_an_error_of_the_write_and_not_the_end() {
    for format in FORMATS {
        let scratch = Scratch::new(&format!("limit-{}", format.ending));
        let path = scratch.path(&format!("net.{}", format.ending));
        done(&["--headless", "--epochs=1", "--data=iris", "--layers=4", "--save", &path]);
        let old = bytes(&path);
        let script = "ulimit -f 16; exec \"$0\" \"$@\"";
        let words = [&["--save", &path], &RUN[..]].concat();
        let mut command = command(&under(&[], script, &words), &[]);
        command.cwd(&scratch.0);
        let mut pty = Pty::spawn(command, 120, 40);
        pty.wait_for("the first numbers", |screen| step(screen).is_some());
        for (key, said) in [(b"W", "not kept: File too large"), (b"P", "not written: File too large")] {
            pty.send(key);
            pty.wait_for_text(said);
            wait_for_more_steps(&pty);
        }
        pty.send(b"q");
        assert_eq!(pty.wait_exit(), 1);
        pty.assert_restored();
        pty.wait_for_text("File too large");
        assert!(bytes(&path) == old && scratch.names().len() == 1, "{:?}", scratch.names());
    }
}

#[test]
fn a_folder_that_vanishes_is_told_of_and_the_training_goes_on() {
    for (save, status) in [(None, 0), (Some("--save=net.npz"), 1)] {
        let scratch = Scratch::new("vanished");
        let mut command = command(&[&[PROGRAM], &RUN[..], save.as_slice()].concat(), &[]);
        command.cwd(&scratch.0);
        let mut pty = Pty::spawn(command, 120, 40);
        pty.wait_for("the first numbers", |screen| step(screen).is_some());
        fs::remove_dir_all(&scratch.0).expect("it is the test's own");
        refuses_on_the_screen(&mut pty, "No such file or directory");
        pty.send(b"q");
        assert_eq!(pty.wait_exit(), status);
        pty.assert_restored();
        if save.is_some() {
            pty.wait_for_text("deltascope: net.npz: No such file or directory");
        }
        assert!(!scratch.0.exists(), "it is not made again");
    }
}

#[test]
fn a_folder_that_vanishes_elsewhere_is_told_of_and_one_that_comes_back_is_used() {
    let scratch = Scratch::new("elsewhere");
    let folder = scratch.path("weights");
    fs::create_dir(&folder).expect("it can be made");
    let path = scratch.path("weights/net.mat");
    let mut pty = Pty::spawn(command(&[&[PROGRAM, "--save", &path], &RUN[..]].concat(), &[]), 120, 40);
    pty.wait_for("the first numbers", |screen| step(screen).is_some());
    fs::remove_dir(&folder).expect("it is empty");
    pty.send(b"W");
    pty.wait_for_text("not kept: No such file or directory");
    wait_for_more_steps(&pty);
    fs::create_dir(&folder).expect("it can be made");
    pty.send(b"W");
    pty.wait_for_text("are kept in");
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
    assert!(deltascope::weights::WeightFile::read(path.as_ref()).is_ok());
}

#[test]
fn two_screens_in_one_folder_write_files_of_their_own() {
    let scratch = Scratch::new("screens");
    let mut screens = [(), ()].map(|()| {
        let mut command = command(&[&[PROGRAM], &RUN[..]].concat(), &[]);
        command.cwd(&scratch.0);
        Pty::spawn(command, 120, 40)
    });
    for pty in &screens {
        pty.wait_for("the first numbers", |screen| step(screen).is_some());
    }
    for round in 1..=4 {
        screens.iter_mut().for_each(|pty| pty.send(b"WP"));
        for pty in &screens {
            pty.wait_for_text("written to deltascope-screen-");
        }
        screens.iter_mut().for_each(|pty| pty.send(b"\x1b"));
        for pty in &screens {
            pty.wait_for("no message", |screen| !screen.contains("written to"));
        }
        let names = scratch.names();
        let count = |start: &str| names.iter().filter(|name| name.starts_with(start)).count();
        assert_eq!((count("deltascope-weights-"), count("deltascope-screen-")), (2 * round, 4 * round), "{names:?}");
        assert_eq!(names.len(), 6 * round, "nothing is left beside them");
    }
    for mut pty in screens {
        pty.send(b"q");
        assert_eq!(pty.wait_exit(), 0);
    }
}
