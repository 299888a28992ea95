//! What lies between the program and who looks at it: slow links, other terminals in between, few colours, no UTF-8.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use rustix::process::Signal;

use crate::pty::{Pty, command};
use crate::session::quit;
use crate::{PAUSE, PAUSED, PROGRAM, RUNNING, UP};

#[test]
fn on_a_slow_link_keys_are_answered_and_the_whole_picture_comes_in_the_end() {
    let words = [PROGRAM, "--speed", "max"];
    let mut pty = Pty::spawn(command(&words, &[("COLORTERM", "truecolor")]), 200, 60);
    pty.slow_down(Some(100_000));
    pty.wait_for_text(RUNNING);
    pty.wait_for_text("slow link");
    pty.send(b"?");
    pty.wait_for_text("Run, or pause");
    pty.send(b"\x1b");
    pty.wait_for("the panels", |screen| !screen.contains("Run, or pause"));
    pty.send(PAUSE);
    pty.wait_for_text(PAUSED);
    pty.wait_until_still("a paused screen", Pty::bytes);
    pty.wait_until("all of the picture", |pty| !pty.screen().contains("slow link"));
    pty.wait_until_still("a screen that says so no more", Pty::bytes);
    // A blank that was drawn is like one that never was.
    let seen = |pty: &Pty| -> Vec<_> {
        let what = |cell: &vt100::Cell| {
            (cell.contents().trim().to_string(), cell.fgcolor(), cell.bgcolor(), cell.bold(), cell.inverse())
        };
        pty.cells().iter().map(what).collect()
    };
    let in_pieces = seen(&pty);
    // The same picture, whole.
    pty.slow_down(None);
    pty.forget();
    pty.kill(Signal::WINCH);
    pty.wait_until("the picture that came in pieces", |pty| seen(pty) == in_pieces);
    quit(pty);
}

#[test]
fn in_tmux_it_runs_is_resized_stops_comes_back_and_gives_the_screen_back() {
    if !Command::new("tmux").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        let _ = writeln!(io::stderr(), "skipped: tmux is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("socket");
    let socket = socket.to_str().expect("a path in UTF-8");
    let shell = "exec env PS1='READY> ' HISTFILE= bash --norc --noprofile -i";
    let words = ["tmux", "-u", "-f", "/dev/null", "-S", socket, "new-session", shell];
    let mut pty = Pty::spawn(command(&words, &[("TMUX", "")]), 120, 41);
    pty.wait_for_text("READY>");
    pty.send(format!("'{PROGRAM}'\r").as_bytes());
    pty.wait_for_text(RUNNING);
    for _ in 0..3 {
        pty.send(b"\x1a");
        pty.wait_for("Stopped", |screen| screen.contains("Stopped") && !screen.contains(RUNNING));
        pty.send(b"clear\r");
        pty.wait_for("a clean screen", |screen| !screen.contains("Stopped"));
        pty.send(b"fg\r");
        pty.wait_for_text(RUNNING);
    }
    pty.resize(80, 25);
    pty.wait_for("a smaller screen", |screen| screen.contains(UP) && !screen.contains("9 health"));
    pty.resize(120, 41);
    pty.wait_for_text("9 health");
    pty.send(PAUSE);
    pty.wait_for_text(PAUSED);
    pty.send(b"q");
    pty.wait_for("the shell's screen", |screen| screen.trim_end().contains("READY>") && !screen.contains(PAUSED));
    // What was typed to it and what it asked the terminal for is gone: the shell reads as before.
    pty.send(b"echo $((40 + 2))\r");
    pty.wait_for_text("42");
    // The server is killed under a running program, which ends with it.
    pty.send(format!("'{PROGRAM}' & echo \"id $!.\"; fg\r").as_bytes());
    pty.wait_for_text(RUNNING);
    let ended = Command::new("tmux").args(["-S", socket, "kill-server"]).status();
    assert!(ended.is_ok_and(|status| status.success()));
    pty.wait_exit();
    pty.assert_restored();
}

#[test]
fn each_depth_of_colours_is_what_the_terminal_says_it_has() {
    let depth = |env: &[(&str, &str)]| {
        let mut pty = Pty::spawn(command(&[PROGRAM, "--paused"], env), 120, 40);
        pty.wait_for_text(PAUSED);
        pty.wait_until_still("a paused screen", Pty::bytes);
        let colours: Vec<vt100::Color> = pty.cells().iter().flat_map(|cell| [cell.fgcolor(), cell.bgcolor()]).collect();
        pty.send(b"q");
        assert_eq!(pty.wait_exit(), 0);
        colours
    };
    let indexed = |colours: &[vt100::Color], most: u8| {
        let fits = |colour: &vt100::Color| match colour {
            vt100::Color::Default => true,
            vt100::Color::Idx(index) => *index <= most,
            vt100::Color::Rgb(..) => false,
        };
        colours.iter().all(fits) && colours.iter().any(|colour| *colour != vt100::Color::Default)
    };
    assert!(indexed(&depth(&[("TERM", "xterm")]), 15));
    let few = depth(&[("TERM", "xterm-256color")]);
    assert!(indexed(&few, 255) && !indexed(&few, 15));
    let all = depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]);
    assert!(all.iter().any(|colour| matches!(colour, vt100::Color::Rgb(..))));
    // A multiplexer that does not say so may not pass all colours on.
    let tmux = depth(&[("TERM", "tmux-256color")]);
    assert!(indexed(&tmux, 255));
}

#[test]
fn without_utf_8_nothing_but_ascii_is_drawn() {
    for locale in [[("LANG", "C"), ("LC_ALL", "")], [("LANG", "C.UTF-8"), ("LC_ALL", "POSIX")]] {
        let pty = Pty::spawn(command(&[PROGRAM, "--paused"], &locale), 120, 40);
        pty.wait_for_text(PAUSED);
        pty.wait_until_still("a paused screen", Pty::bytes);
        assert!(pty.screen().is_ascii(), "{}", pty.screen());
        quit(pty);
    }
}
