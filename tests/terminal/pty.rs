//! A program in a pseudo-terminal of its own, with an emulator that reads what it draws.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Between two looks at a condition.
const POLL: Duration = Duration::from_millis(10);
/// A condition that does not hold by now never will; far more than a loaded machine needs.
const LIMIT: Duration = Duration::from_secs(20);
/// So many looks without a byte are silence: more than ten frames' time.
const SILENCE: u32 = 40;

/// What is done with what the program writes.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    On,
    /// The terminal is stalled: nothing is read.
    Paused,
    /// The link takes so many bytes a second.
    Slow(usize),
    /// The reader lets go of the terminal.
    Over,
}

/// What the reader shares with the test.
struct Shared {
    reading: Mutex<Reading>,
    changed: Condvar,
    seen: Mutex<Seen>,
}

/// What was written so far.
struct Seen {
    emulator: vt100::Parser,
    bytes: usize,
}

/// The terminal, the program in it, and the emulator.
pub struct Pty {
    // The order matters: the writer says goodbye to a master that is still there.
    writer: Option<Box<dyn Write + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
    /// Kept, so that nothing that was written is lost when the program ends.
    slave: Option<Box<dyn SlavePty + Send>>,
    child: Box<dyn Child + Send + Sync>,
    reader: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// The line's modes before the program was started.
    modes: String,
}

/// A command with these words and a known environment, changed by `env`; an empty value takes a variable away.
pub fn command(words: &[&str], env: &[(&str, &str)]) -> CommandBuilder {
    let mut command = CommandBuilder::new(words[0]);
    command.args(&words[1..]);
    for name in ["NO_COLOR", "COLORTERM", "DELTASCOPE_FAULT", "LC_ALL", "LC_CTYPE", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    for (name, value) in env {
        if value.is_empty() {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
    command
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn at_least_one(cells: u16) -> NonZeroU16 {
    NonZeroU16::new(cells.max(1)).unwrap()
}

impl Pty {
    /// Starts the command in a terminal of this size.
    pub fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let modes = modes(pair.master.as_ref());
        let emulator = vt100::Parser::new(at_least_one(rows), at_least_one(columns), 0);
        let shared = Arc::new(Shared {
            reading: Mutex::new(Reading::On),
            changed: Condvar::new(),
            seen: Mutex::new(Seen { emulator, bytes: 0 }),
        });
        let (source, its_shared) = (pair.master.try_clone_reader().unwrap(), Arc::clone(&shared));
        let reader = std::thread::spawn(move || read(source, &its_shared));
        Self {
            writer: Some(pair.master.take_writer().unwrap()),
            child: pair.slave.spawn_command(command).unwrap(),
            master: Some(pair.master),
            slave: Some(pair.slave),
            reader: Some(reader),
            shared,
            modes,
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.seen.lock().unwrap()
    }

    fn master(&self) -> &dyn MasterPty {
        self.master.as_deref().expect("only a hang-up takes it away")
    }

    /// The text on the screen.
    pub fn screen(&self) -> String {
        self.seen().emulator.screen().contents()
    }

    /// Every cell of the screen.
    pub fn cells(&self) -> Vec<vt100::Cell> {
        let seen = self.seen();
        let screen = seen.emulator.screen();
        let (rows, columns) = screen.size();
        let places = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        places.filter_map(|(row, column)| screen.cell(row, column).cloned()).collect()
    }

    /// Whether the program's screen is shown, and not the shell's.
    pub fn alternate(&self) -> bool {
        self.seen().emulator.screen().alternate_screen()
    }

    /// Whether the line's modes are as they were before the program was started.
    pub fn modes_restored(&self) -> bool {
        modes(self.master()) == self.modes
    }

    /// How many bytes the program has written.
    pub fn bytes(&self) -> usize {
        self.seen().bytes
    }

    /// Forgets the picture: what is seen from now on has been drawn since.
    pub fn forget(&self) {
        self.seen().emulator.process(b"\x1b[2J");
    }

    /// Waits until the text on the screen is so.
    #[track_caller]
    pub fn wait_for(&self, what: &str, holds: impl Fn(&str) -> bool) {
        self.wait_until(what, |pty| holds(&pty.screen()));
    }

    /// Waits until the text is on the screen.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) {
        self.wait_for(text, |screen| screen.contains(text));
    }

    /// Waits until it is so.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + LIMIT;
        while !holds(self) {
            assert!(Instant::now() < end, "never seen: {what}\n{}", self.screen());
            sleep(POLL);
        }
    }

    /// Waits until a number that changes while something goes on stands still.
    #[track_caller]
    pub fn wait_until_still(&self, what: &str, number: impl Fn(&Self) -> usize) -> usize {
        let end = Instant::now() + LIMIT;
        let (mut last, mut still) = (number(self), 0);
        while still < SILENCE {
            assert!(Instant::now() < end, "never still: {what}\n{}", self.screen());
            sleep(POLL);
            let now = number(self);
            still = if now == last { still + 1 } else { 0 };
            last = now;
        }
        last
    }

    /// Types.
    pub fn send(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("only a hang-up takes it away");
        writer.write_all(bytes).unwrap();
        writer.flush().unwrap();
    }

    /// Gives the terminal another size; the system knows of it first, then the emulator.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.master().resize(size(columns, rows)).unwrap();
        self.seen().emulator.screen_mut().set_size(at_least_one(rows), at_least_one(columns));
    }

    /// The process that was started.
    pub fn pid(&self) -> i32 {
        self.child.process_id().unwrap().try_into().unwrap()
    }

    /// Sends a signal to the job that has the terminal.
    pub fn kill(&self, signal: Signal) {
        let job = self.master().process_group_leader().expect("somebody has the terminal");
        kill_process(Pid::from_raw(job).unwrap(), signal).unwrap();
    }

    /// Stops reading, or goes on: what a stalled link does.
    pub fn stall(&self, stalled: bool) {
        self.set_reading(if stalled { Reading::Paused } else { Reading::On });
    }

    /// Makes the link one of so many bytes a second, or as fast as can be.
    pub fn slow_down(&self, rate: Option<usize>) {
        self.set_reading(rate.map_or(Reading::On, Reading::Slow));
    }

    fn set_reading(&self, reading: Reading) {
        *self.shared.reading.lock().unwrap() = reading;
        self.shared.changed.notify_all();
    }

    /// Closes the terminal's other side, as a lost connection does.
    pub fn hang_up(&mut self) {
        self.set_reading(Reading::Over);
        let reader = self.reader.take().expect("one hang-up");
        let mut columns = 80;
        while !reader.is_finished() {
            // The reader lets go at the next byte: another size has the screen drawn anew.
            columns ^= 1;
            self.resize(columns, 24);
            sleep(POLL);
        }
        reader.join().unwrap();
        self.writer = None;
        self.master = None;
    }

    /// Whether the process has ended.
    pub fn is_gone(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end of the process; its exit status.
    #[track_caller]
    pub fn wait_exit(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert_eq!(status.signal(), None, "it ended by itself");
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end\n{}", self.screen());
            sleep(POLL);
        }
    }

    /// Asserts that the terminal is as it was: modes, screen, cursor, mouse, pastes.
    #[track_caller]
    pub fn assert_restored(&self) {
        self.wait_until("the line's modes as they were", Self::modes_restored);
        self.wait_until("the shell's screen", |pty| !pty.alternate());
        self.wait_until("a cursor", |pty| !pty.seen().emulator.screen().hide_cursor());
        self.wait_until("no mouse reports", |pty| {
            pty.seen().emulator.screen().mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        self.wait_until("pastes without brackets", |pty| !pty.seen().emulator.screen().bracketed_paste());
    }

    /// How many bytes the process has written, read or not; 0 where the system does not tell.
    pub fn written(&self) -> usize {
        let path = format!("/proc/{}/io", self.pid());
        let text = std::fs::read_to_string(Path::new(&path)).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("wchar: "));
        line.and_then(|count| count.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind; one that did not has nothing left to kill.
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        self.set_reading(Reading::On);
        self.slave = None;
    }
}

/// The line's modes in words, which can be compared.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has modes"))
}

/// Reads until the terminal ends or the test says so.
fn read(mut source: Box<dyn Read + Send>, shared: &Shared) {
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = source.read(&mut buffer) {
        let mut seen = shared.seen.lock().unwrap();
        seen.bytes += read;
        seen.emulator.process(&buffer[..read]);
        drop(seen);
        let reading = shared.reading.lock().unwrap();
        let reading = shared.changed.wait_while(reading, |reading| *reading == Reading::Paused).unwrap();
        match *reading {
            Reading::Over => return,
            Reading::Slow(rate) => {
                drop(reading);
                sleep(Duration::from_secs_f64(read as f64 / rate as f64));
            }
            Reading::On | Reading::Paused => {}
        }
    }
}
