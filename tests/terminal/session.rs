//! The program as a user drives it: watch, pause, step, look around, resize, reset, quit.

use crate::PROGRAM;
use crate::pty::{Pty, command};

/// Batches of an epoch of the digits with the default options.
const BATCHES: u64 = 45;

fn open(options: &[&str], (columns, rows): (u16, u16)) -> Pty {
    let words = [&[PROGRAM], options].concat();
    opened(Pty::spawn(command(&words, &[]), columns, rows))
}

/// Waits for the first numbers: the header names their step.
#[track_caller]
fn opened(pty: Pty) -> Pty {
    pty.wait_for("the first numbers", |screen| number(screen, "step").is_some());
    pty
}

/// The number behind a word of the header.
fn number(screen: &str, word: &str) -> Option<u64> {
    let (_, rest) = screen.split_once(&format!("{word} "))?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Waits until the program pauses and has drawn what there was to draw; returns the step.
#[track_caller]
fn pause(pty: &mut Pty) -> u64 {
    pty.send(b" ");
    pty.wait_for_text("PAUSED");
    pty.wait_until_still("a paused screen", Pty::bytes);
    number(&pty.screen(), "step").expect("the header names the step")
}

#[track_caller]
fn wait_for_step(pty: &Pty, step: u64) {
    let at = |screen: &str| number(screen, "step") == Some(step) && screen.contains("PAUSED");
    pty.wait_for(&format!("PAUSED at step {step}"), at);
}

/// Quits, and asserts that the terminal is as it was.
#[track_caller]
pub fn quit(mut pty: Pty) {
    pty.send(b"q");
    assert_eq!(pty.wait_exit(), 0);
    pty.assert_restored();
}

#[test]
fn it_learns_pauses_and_steps_a_batch_and_an_epoch() {
    let mut pty = open(&[], (120, 40));
    pty.send(b"*");
    pty.wait_for("an accuracy above 90 %", |screen| number(screen, "train").is_some_and(|percent| percent >= 90));
    let step = pause(&mut pty);
    pty.send(b"b");
    wait_for_step(&pty, step + 1);
    pty.send(b"bb");
    wait_for_step(&pty, step + 3);
    pty.send(b"e");
    wait_for_step(&pty, step + 3 + BATCHES);
    pty.wait_until_still("a paused screen", Pty::bytes);
    assert_eq!(number(&pty.screen(), "step"), Some(step + 3 + BATCHES), "a pause stands still");
    pty.send(b" ");
    pty.wait_for("more steps", |screen| number(screen, "step").is_some_and(|now| now > step + 3 + BATCHES));
    quit(pty);
}

#[test]
fn the_cursor_moves_and_panels_change() {
    let mut pty = open(&["--paused"], (120, 40));
    pty.wait_for_text("> 1 network");
    pty.wait_for_text("Θ⁽¹⁾[1,37]");
    pty.send(b"j");
    pty.wait_for_text("Θ⁽¹⁾[2,37]");
    pty.send(b"\t");
    pty.wait_for_text("> 2 δ⁽ˡ⁾");
    pty.send(b"3\x1b[C");
    pty.wait_for_text("> 3 ");
    pty.wait_for_text("Θ⁽¹⁾[2,38]");
    pty.send(b"v");
    pty.wait_for_text("∂J/∂Θ⁽¹⁾ 25×65 (3.1.3)");
    pty.send(b"\x1b[6~");
    pty.wait_for_text("Θ⁽²⁾[2,25]");
    pty.send(b"5s");
    pty.wait_for_text("training sample 2");
    pty.send(b"z");
    pty.wait_for("one panel", |screen| !screen.contains("1 network"));
    pty.send(b"\x1b");
    pty.wait_for_text("1 network");
    // A click on the δ panel, then the wheel over it.
    pty.send(b"\x1b[<0;90;6M\x1b[<0;90;6m");
    pty.wait_for_text("> 2 δ⁽ˡ⁾");
    pty.send(b"\x1b[<65;90;6M");
    pty.wait_for_text("Θ⁽²⁾[3,25]");
    quit(pty);
}

#[test]
fn it_is_drawn_at_every_size_while_the_paused_step_stands() {
    let mut pty = open(&["--speed", "max"], (120, 40));
    let step = pause(&mut pty);
    for (columns, rows) in [(80, 24), (60, 16), (40, 10), (200, 60)] {
        pty.resize(columns, rows);
        wait_for_step(&pty, step);
    }
    pty.resize(20, 5);
    pty.wait_for_text("deltascope 20x5: ne");
    pty.resize(1, 1);
    pty.resize(120, 40);
    wait_for_step(&pty, step);
    quit(pty);
}

#[test]
fn the_first_screen_at_80_by_24_names_epoch_cost_delta_theta_and_lambda() {
    let pty = open(&["--paused"], (80, 24));
    for name in ["epoch 0", "step 0", "J ", "δ⁽ˡ⁾", "Θ⁽¹⁾", "λ 1", "α 0.5", "PAUSED"] {
        pty.wait_for_text(name);
    }
    quit(pty);
}

#[test]
fn it_starts_again_when_asked_and_sure() {
    let mut pty = open(&["--paused"], (120, 40));
    pty.wait_until_still("a paused screen", Pty::bytes);
    let first = pty.screen();
    pty.send(b"e");
    wait_for_step(&pty, BATCHES);
    pty.send(b"r");
    pty.wait_for_text("Start again from step 0");
    pty.send(b"\x1b");
    pty.wait_for("no question", |screen| !screen.contains("Start again"));
    assert_eq!(number(&pty.screen(), "step"), Some(BATCHES));
    pty.send(b"r\r");
    wait_for_step(&pty, 0);
    pty.wait_until_still("a paused screen", Pty::bytes);
    assert_eq!(pty.screen(), first, "the same seed makes the same screen");
    pty.send(b"R\r");
    pty.wait_for_text("seed 2");
    wait_for_step(&pty, 0);
    quit(pty);
}

#[test]
fn a_run_of_so_many_epochs_pauses_after_them_and_can_go_on() {
    let mut pty = open(&["--epochs", "2", "--speed", "max"], (120, 40));
    pty.wait_for("DONE after 2 epochs", |screen| {
        screen.contains("DONE") && number(screen, "step") == Some(2 * BATCHES)
    });
    pty.send(b"b");
    wait_for_step(&pty, 2 * BATCHES + 1);
    quit(pty);
}

#[test]
fn a_run_that_diverges_keeps_its_last_good_numbers() {
    let options = ["--alpha", "1e300", "--output", "linear", "--activation", "linear", "--speed", "max"];
    let mut pty = open(&options, (120, 40));
    pty.wait_for_text("DIVERGED");
    pty.wait_for_text("is not applied");
    pty.wait_until_still("a still screen", Pty::bytes);
    let screen = pty.screen();
    assert!(!screen.contains("NaN") && !screen.contains("inf"), "{screen}");
    pty.send(b"?");
    pty.wait_for_text("Run, or pause");
    quit(pty);
}

#[test]
fn an_equation_is_written_to_a_new_file_each_time() {
    let folder = std::env::temp_dir().join(format!("deltascope-session-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut command = command(&[PROGRAM, "--paused"], &[]);
    command.cwd(&folder);
    let mut pty = opened(Pty::spawn(command, 120, 40));
    pty.send(b"7\r");
    pty.wait_for_text("> reg⁽¹⁾ of J = ");
    pty.send(b"w");
    pty.wait_for_text("written to deltascope-equation-1.txt");
    pty.send(b"w");
    pty.wait_for_text("written to deltascope-equation-2.txt");
    pty.send(b"y");
    pty.wait_for_text("copied: ");
    quit(pty);
    let text = std::fs::read_to_string(folder.join("deltascope-equation-2.txt")).expect("the file is there");
    assert!(text.starts_with("reg^(1) of J of the next batch, at the Θ of step 0"), "{text}");
    std::fs::remove_dir_all(&folder).expect("the folder is the test's own");
}

#[test]
fn the_gradient_is_checked_while_the_training_goes_on() {
    let mut pty = open(&["--data", "iris", "--speed", "max"], (120, 40));
    pty.send(b"c");
    pty.wait_for_text("every layer is below 1e-7");
    let now = |screen: &str| number(screen, "now step");
    let seen = pty.screen();
    pty.wait_for("more steps beside the check", |screen| now(screen) > now(&seen));
    quit(pty);
}

#[test]
fn weights_are_kept_when_asked_for_and_at_the_end() {
    let folder = std::env::temp_dir().join(format!("deltascope-kept-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut command = command(&[PROGRAM, "--paused", "--data", "iris", "--save", "end.npz"], &[]);
    command.cwd(&folder);
    let mut pty = opened(Pty::spawn(command, 120, 40));
    pty.send(b"b");
    wait_for_step(&pty, 1);
    pty.send(b"W");
    pty.wait_for_text("the weights of step 1 are kept in end.npz");
    pty.send(b"b");
    wait_for_step(&pty, 2);
    quit(pty);
    let kept = deltascope::weights::WeightFile::read(&folder.join("end.npz")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((kept.sizes(), kept.about.map(|about| about.step)), (vec![4, 25, 3], Some(2)));
    std::fs::remove_dir_all(&folder).expect("the folder is the test's own");
}

#[test]
fn the_picture_on_the_screen_is_written_as_svg_and_as_text() {
    let folder = std::env::temp_dir().join(format!("deltascope-printed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut command = command(&[PROGRAM, "--paused"], &[]);
    command.cwd(&folder);
    let mut pty = opened(Pty::spawn(command, 120, 40));
    pty.send(b"P");
    pty.wait_for_text("written to deltascope-screen-1.svg and deltascope-screen-1.txt");
    pty.send(b"6z");
    pty.wait_for("the cost alone", |screen| screen.contains("> 6 cost") && !screen.contains("1 network"));
    pty.send(b"P");
    pty.wait_for_text("written to deltascope-screen-2.svg and deltascope-screen-2.txt");
    quit(pty);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the file is there");
    let (screen, panel) = (read("deltascope-screen-1.txt"), read("deltascope-screen-2.txt"));
    assert!(screen.contains("1 network") && screen.contains("PAUSED") && screen.lines().count() == 40, "{screen}");
    assert!(panel.contains("6 cost") && !panel.contains("PAUSED"), "{panel}");
    assert!(read("deltascope-screen-2.svg").ends_with("</svg>\n"));
    std::fs::remove_dir_all(&folder).expect("the folder is the test's own");
}

#[test]
fn a_recurrent_net_runs_goes_back_in_time_and_is_drawn_at_every_size() {
    let mut pty = open(&["--data", "echo", "--cell", "gru", "--length", "8"], (120, 40));
    let step = pause(&mut pty);
    pty.send(b"4nnn");
    pty.wait_for_text("walked back to t 6");
    pty.send(b"b");
    wait_for_step(&pty, step + 1);
    for (columns, rows) in [(80, 24), (40, 10), (20, 5), (1, 1), (200, 60), (120, 40)] {
        pty.resize(columns, rows);
        pty.wait_until_still("a new size", Pty::bytes);
    }
    wait_for_step(&pty, step + 1);
    quit(pty);
}

/// A table of so many rows with a feature that is the same in all of them.
fn odd_table(rows: usize) -> String {
    let mut table = String::from("x,same,kind\n");
    (0..rows).for_each(|row| table.push_str(&format!("0.{row},7,{}\n", ["a", "b"][row % 2])));
    table
}

#[test]
fn warnings_stand_on_the_screen_until_they_are_read_however_long_the_data_take() {
    let folder = std::env::temp_dir().join(format!("deltascope-warned-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    // Few rows are read before the screen is opened, and many behind its first picture.
    for rows in [8, 100_000] {
        let path = folder.join(format!("{rows}.csv"));
        std::fs::write(&path, odd_table(rows)).expect("a file can be written");
        let mut pty = open(&["--data", &path.display().to_string(), "--layers", "2"], (80, 24));
        pty.wait_for_text("! warning: constant features");
        pause(&mut pty);
        pty.send(b"j\tz");
        pty.wait_until_still("a zoomed panel", Pty::bytes);
        pty.wait_for_text("! shows it");
        pty.send(b"!");
        pty.wait_for_text("warnings about the data and the weights");
        pty.send(b"\x1b");
        pty.wait_for("no row of warnings", |screen| !screen.contains("shows it") && screen.contains("! warnings"));
        quit(pty);
    }
    std::fs::remove_dir_all(&folder).expect("the folder is the test's own");
}
