//! The built program in a pseudo-terminal, for benchmarks of what a user sees.

#![allow(dead_code, reason = "not every benchmark needs all of it")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// The program in a terminal that reads as fast as it can.
pub struct Run {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    begun: Instant,
    pub seen: Arc<Mutex<Seen>>,
    master: Box<dyn MasterPty + Send>,
    size: PtySize,
}

/// What was written since it was last taken.
#[derive(Default)]
pub struct Seen {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The frames that ended in them.
    pub frames: usize,
}

/// What begins a frame that is drawn whole.
const WIPE: &[u8] = b"\x1b[2J";
/// What ends a frame.
const END: &[u8] = b"\x1b[?2026l";

impl Run {
    /// Starts it with these words.
    pub fn start(words: &[&str], size: (u16, u16)) -> Self {
        Self::on_link(words, size, None)
    }

    /// The same in a terminal of all colours that takes so many bytes a second.
    pub fn on_link(words: &[&str], (columns, rows): (u16, u16), rate: Option<f64>) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_deltascope"));
        command.args(words);
        ["NO_COLOR", "COLORTERM"].iter().for_each(|name| command.env_remove(name));
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        if rate.is_some() {
            command.env("COLORTERM", "truecolor");
        }
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (mut source, its_own) = (pair.master.try_clone_reader().expect("a reader"), Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut buffer = vec![0; if rate.is_some() { 1 << 10 } else { 1 << 16 }];
            while let Ok(count @ 1..) = source.read(&mut buffer) {
                if let Some(rate) = rate {
                    std::thread::sleep(Duration::from_secs_f64(count as f64 / rate));
                }
                let mut seen = its_own.lock().expect("no panic");
                // An end of a frame may have begun in what came before.
                let from = (seen.bytes.len() + 1).saturating_sub(END.len());
                seen.bytes.extend_from_slice(&buffer[..count]);
                seen.frames += seen.bytes[from..].windows(END.len()).filter(|bytes| *bytes == END).count();
            }
        });
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program");
        let writer = pair.master.take_writer().expect("a writer");
        Self { child, writer, begun, seen, master: pair.master, size }
    }

    /// Milliseconds since the start until what was written holds a text.
    pub fn until(&self, text: &str) -> f64 {
        let asked = Instant::now();
        while !String::from_utf8_lossy(&self.seen.lock().expect("no panic").bytes).contains(text) {
            assert!(asked.elapsed() < Duration::from_secs(60), "{text} never came");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.begun.elapsed().as_secs_f64() * 1e3
    }

    /// Waits.
    pub fn wait(&self, seconds: f64) {
        std::thread::sleep(Duration::from_secs_f64(seconds));
    }

    /// What stands on the screen: the program is made to draw all of it, by another size.
    pub fn screen(&mut self) -> String {
        self.take();
        self.size.cols ^= 1;
        self.master.resize(self.size).expect("a terminal");
        let is_whole = |bytes: &[u8]| {
            let ends = |what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
            ends(WIPE).is_some_and(|from| bytes[from..].windows(END.len()).any(|window| window == END))
        };
        while !is_whole(&self.seen.lock().expect("no panic").bytes) {
            self.wait(0.02);
        }
        let size = [self.size.rows, self.size.cols].map(|cells| NonZeroU16::new(cells).expect("cells"));
        let mut emulator = vt100::Parser::new(size[0], size[1], 0);
        emulator.process(&self.seen.lock().expect("no panic").bytes);
        emulator.screen().contents()
    }

    /// Types.
    pub fn type_in(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("a terminal");
    }

    /// Bytes and frames since the last call.
    pub fn take(&self) -> (usize, usize) {
        let mut seen = self.seen.lock().expect("no panic");
        let taken = (seen.bytes.len(), seen.frames);
        *seen = Seen::default();
        taken
    }

    /// Resident memory in MB, where the system tells.
    pub fn memory(&self) -> Option<f64> {
        let id = self.child.process_id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
