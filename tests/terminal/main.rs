//! The program in a real terminal: whatever ends it, the terminal is left as it was.
#![cfg(unix)]

mod links;
mod mashed;
mod pty;
mod session;

use rustix::process::Signal;

use self::pty::{Pty, command};

/// The program as it is installed.
const PROGRAM: &str = env!("CARGO_BIN_EXE_deltascope");
/// Arguments of a run that goes on and on, and changes the screen all the while.
const RUN: [&str; 0] = [];
/// On the screen as soon as there is one.
const UP: &str = "epoch";
/// On the screen while the trainer runs.
const RUNNING: &str = "RUN";
/// On the screen while it is paused.
const PAUSED: &str = "PAUSED";
/// Turns one into the other.
const PAUSE: &[u8] = b" ";
/// On the screen after the trainer's thread has panicked.
const STOPPED: &str = "TRAINER STOPPED";
/// A key that does nothing.
const UNBOUND: &[u8] = b"\x1b[34~";
/// What a panic says that was asked for.
const UI_FAULT: &str = "a fault of the screen, asked for";
const TRAINER_FAULT: &str = "a fault of the trainer, asked for";

fn start(env: &[(&str, &str)]) -> Pty {
    let words = [&[PROGRAM], &RUN[..]].concat();
    let pty = Pty::spawn(command(&words, env), 120, 40);
    pty.wait_for_text(UP);
    assert!(pty.alternate() && !pty.modes_restored());
    pty
}

/// The program under a shell, which `script` says what to do with it; `$0` and `$@` are its words.
fn under_sh(script: &str, env: &[(&str, &str)]) -> Pty {
    let words = [&["sh", "-c", script, PROGRAM], &RUN[..]].concat();
    Pty::spawn(command(&words, env), 120, 40)
}

#[track_caller]
fn wait_for_a_change(pty: &Pty) {
    let before = pty.screen();
    pty.wait_for("another screen", |screen| screen != before);
}

#[test]
fn q_and_ctrl_c_quit() {
    for key in [b"q", b"\x03"] {
        let mut pty = start(&[]);
        pty.send(key);
        assert_eq!(pty.wait_exit(), 0);
        pty.assert_restored();
    }
}

#[test]
fn a_signal_ends_it_with_its_status() {
    for (signal, status) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129), (Signal::QUIT, 131)] {
        let mut pty = start(&[]);
        pty.kill(signal);
        assert_eq!(pty.wait_exit(), status);
        pty.assert_restored();
    }
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a release build has no faults to ask for")]
fn a_panic_of_the_screen_can_be_read_on_a_restored_terminal() {
    let mut pty = start(&[("DELTASCOPE_FAULT", "ui")]);
    pty.send(b"x");
    assert_eq!(pty.wait_exit(), 101);
    pty.assert_restored();
    pty.wait_for_text(UI_FAULT);
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a release build has no faults to ask for")]
fn a_signal_ends_a_screen_that_is_stuck() {
    let mut pty = start(&[("DELTASCOPE_FAULT", "stuck")]);
    pty.send(b"x");
    pty.wait_until_still("a stuck screen", Pty::bytes);
    pty.kill(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
    pty.assert_restored();
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a release build has no faults to ask for")]
fn a_panic_of_the_trainer_keeps_the_screen_and_can_be_read_after_it() {
    let mut pty = start(&[("DELTASCOPE_FAULT", "trainer")]);
    pty.wait_for_text(STOPPED);
    assert!(pty.alternate() && !pty.modes_restored());
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 1);
    pty.assert_restored();
    pty.wait_for_text(TRAINER_FAULT);
}

#[test]
fn half_an_escape_sequence_freezes_nothing() {
    let mut pty = start(&[]);
    // The answer to a question that was never put, and the beginning of a key.
    pty.send(b"\x1b[?2026;2$y");
    pty.send(b"\x1b[");
    for _ in 0..3 {
        wait_for_a_change(&pty);
    }
    pty.kill(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
    pty.assert_restored();
}

#[test]
fn a_flood_of_keys_is_read_to_its_end() {
    let mut pty = start(&[]);
    // More than a reader's buffer holds, as one paste, then as keys.
    pty.send(&[b"\x1b[200~", &[b'a'; 3000][..], b"\x1b[201~"].concat());
    wait_for_a_change(&pty);
    pty.send(&UNBOUND.repeat(500));
    wait_for_a_change(&pty);
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_restored();
}

#[test]
fn a_hang_up_ends_it_though_its_signal_is_ignored() {
    let mut pty = under_sh("trap '' HUP; exec \"$0\" \"$@\"", &[]);
    pty.wait_for_text(UP);
    pty.hang_up();
    assert_eq!(pty.wait_exit(), 129);
}

#[test]
fn a_stalled_terminal_is_given_back() {
    let mut pty = start(&[]);
    pty.stall(true);
    // Full frames until not a byte more goes in.
    let columns = std::cell::Cell::new(200);
    pty.wait_until_still("a stalled program", |pty| {
        columns.set(columns.get() ^ 1);
        pty.resize(columns.get(), 60);
        pty.written()
    });
    pty.kill(Signal::TERM);
    assert_eq!(pty.wait_exit(), 143);
    assert!(pty.modes_restored());
    // The bytes that restore the rest are not lost behind the frame that nobody read.
    pty.stall(false);
    pty.assert_restored();
}

fn in_bash() -> Pty {
    let shell = ["bash", "--norc", "--noprofile", "-i"];
    let mut pty = Pty::spawn(command(&shell, &[("PS1", "READY> "), ("HISTFILE", "")]), 120, 50);
    pty.wait_for_text("READY>");
    pty.send(format!("'{PROGRAM}' {}\r", RUN.join(" ")).as_bytes());
    pty.wait_until("the program's screen", |pty| pty.alternate() && pty.screen().contains(UP));
    pty
}

/// Waits for the shell to say that the job has stopped, then wipes that away.
#[track_caller]
fn wait_for_stop(pty: &mut Pty) {
    pty.wait_until("Stopped", |pty| !pty.alternate() && pty.screen().contains("Stopped"));
    pty.send(b"clear\r");
    pty.wait_for("a clean screen", |screen| !screen.contains("Stopped") && screen.contains("READY>"));
}

#[track_caller]
fn bring_back(pty: &mut Pty) {
    pty.send(b"fg\r");
    pty.wait_until("the program's screen", |pty| pty.alternate() && pty.screen().contains(UP));
    // It is alive, and the frame is whole.
    wait_for_a_change(pty);
}

#[track_caller]
fn leave_bash(pty: &mut Pty) {
    // What is typed before the shell has the terminal again is dropped with what the program did not read.
    pty.wait_for("a prompt", |screen| screen.trim_end().ends_with("READY>"));
    pty.send(b"exit\r");
    pty.wait_exit();
    pty.assert_restored();
}

#[test]
fn ctrl_z_stops_it_and_fg_brings_it_back() {
    let mut pty = in_bash();
    for _ in 0..3 {
        pty.send(b"\x1a");
        wait_for_stop(&mut pty);
        bring_back(&mut pty);
    }
    pty.kill(Signal::TSTP);
    wait_for_stop(&mut pty);
    bring_back(&mut pty);
    pty.send(b"q");
    pty.wait_until("the shell's screen", |pty| !pty.alternate());
    leave_bash(&mut pty);
}

#[test]
fn a_stop_from_outside_is_survived_too() {
    let mut pty = in_bash();
    pty.kill(Signal::STOP);
    pty.wait_for_text("Stopped");
    pty.send(b"fg\r");
    pty.wait_for("a whole frame", |screen| screen.contains(UP) && !screen.contains("Stopped"));
    wait_for_a_change(&pty);
    pty.send(b"q");
    pty.wait_until("the shell's screen", |pty| !pty.alternate());
    leave_bash(&mut pty);
}

#[test]
fn a_stopped_job_can_be_killed() {
    let mut pty = in_bash();
    pty.send(b"\x1a");
    wait_for_stop(&mut pty);
    pty.send(b"kill %1; while kill -0 %1 2>/dev/null; do sleep 0.01; done\r");
    pty.wait_for_text("Exit 143");
    assert!(!pty.alternate());
    leave_bash(&mut pty);
}

#[test]
fn a_job_in_the_background_leaves_the_terminal_alone() {
    let mut pty = in_bash();
    pty.send(b"\x1a");
    wait_for_stop(&mut pty);
    pty.send(b"bg\r");
    pty.wait_until_still("a shell left alone", Pty::bytes);
    assert!(!pty.alternate());
    // Nor does it take keys away from the shell; one that tried would be stopped for it.
    pty.send(b"echo it is; jobs -r | wc -l\r");
    pty.wait_for("one running job", |screen| screen.contains("it is\n1"));
    bring_back(&mut pty);
    pty.send(b"q");
    pty.wait_until("the shell's screen", |pty| !pty.alternate());
    leave_bash(&mut pty);
}

#[test]
fn ctrl_z_is_refused_where_nobody_could_bring_it_back() {
    let mut pty = start(&[]);
    pty.send(b"\x1a");
    wait_for_a_change(&pty);
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_restored();
}

#[test]
fn a_storm_of_sizes_is_weathered_and_nothing_is_lost_in_it() {
    let mut pty = start(&[]);
    pty.wait_for_text(RUNNING);
    pty.send(PAUSE);
    pty.wait_for_text(PAUSED);
    pty.wait_until_still("a paused screen", Pty::bytes);
    let before = pty.screen();
    for turn in 0..1000u16 {
        // From 0 × 0 on, every combination of small and large.
        pty.resize((turn * 13) % 220, (turn * 7) % 60);
    }
    for (columns, rows) in [(500, 200), (u16::MAX, 3), (1, 1), (u16::MAX, 40), (3, u16::MAX)] {
        let before = pty.bytes();
        pty.resize(columns, rows);
        pty.wait_until("a frame of this size", |pty| pty.bytes() > before);
    }
    pty.resize(0, 0);
    pty.resize(119, 39);
    pty.forget();
    pty.resize(120, 40);
    pty.wait_for("the same picture", |screen| screen == before);
    pty.send(PAUSE);
    wait_for_a_change(&pty);
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_restored();
}

#[test]
fn no_color_drops_colours_and_keeps_attributes() {
    let mut pty = start(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]);
    let cells = pty.cells();
    assert!(cells.iter().any(|cell| cell.inverse() || cell.bold()));
    let plain = |cell: &vt100::Cell| cell.fgcolor() == vt100::Color::Default && cell.bgcolor() == vt100::Color::Default;
    assert!(cells.iter().all(plain));
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
}

#[test]
fn without_a_terminal_it_names_headless() {
    let no_terminal = ("exec \"$0\" \"$@\" </dev/null", "xterm");
    for (script, term) in [no_terminal, ("exec \"$0\" \"$@\"", "dumb"), ("exec \"$0\" \"$@\"", "")] {
        let mut pty = under_sh(script, &[("TERM", term)]);
        assert_eq!(pty.wait_exit(), 2);
        pty.wait_for_text("--headless");
        assert!(!pty.alternate() && pty.modes_restored());
    }
}

#[test]
fn a_still_screen_sends_no_byte() {
    let mut pty = start(&[]);
    pty.wait_for_text(RUNNING);
    pty.send(PAUSE);
    pty.wait_for_text(PAUSED);
    let bytes = pty.wait_until_still("a paused screen", Pty::bytes);
    pty.send(UNBOUND);
    assert_eq!(pty.wait_until_still("a paused screen", Pty::bytes), bytes);
    pty.send(PAUSE);
    pty.wait_for_text(RUNNING);
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
}
