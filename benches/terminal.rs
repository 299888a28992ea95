//! The built program in a terminal: how soon its first picture is there, how much it writes, how soon keys answer.
//!
//! `cargo bench --bench terminal` prints a line of JSON for each.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use serde_json::{Value, json};

/// The program in a terminal that reads as fast as it can.
struct Run {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    begun: Instant,
    seen: Arc<Mutex<Seen>>,
    _master: Box<dyn MasterPty + Send>,
}

#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    frames: usize,
}

/// What ends a frame.
const END: &[u8] = b"\x1b[?2026l";

impl Run {
    fn start(words: &[&str], (columns, rows): (u16, u16)) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_deltascope"));
        command.args(words);
        ["NO_COLOR", "COLORTERM"].iter().for_each(|name| command.env_remove(name));
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (mut source, its_own) = (pair.master.try_clone_reader().expect("a reader"), Arc::clone(&seen));
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = source.read(&mut buffer) {
                let mut seen = its_own.lock().expect("no panic");
                seen.bytes.extend_from_slice(&buffer[..count]);
                seen.frames = seen.bytes.windows(END.len()).filter(|bytes| *bytes == END).count();
            }
        });
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program");
        let writer = pair.master.take_writer().expect("a writer");
        Self { child, writer, begun, seen, _master: pair.master }
    }

    /// Milliseconds since the start until what was written holds a text.
    fn until(&self, text: &str) -> f64 {
        while !String::from_utf8_lossy(&self.seen.lock().expect("no panic").bytes).contains(text) {
            assert!(self.begun.elapsed() < Duration::from_secs(60), "{text} never came");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.begun.elapsed().as_secs_f64() * 1e3
    }

    fn wait(&self, seconds: f64) {
        std::thread::sleep(Duration::from_secs_f64(seconds));
    }

    fn type_in(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).expect("a terminal");
    }

    /// Bytes and frames since the last call.
    fn take(&self) -> (usize, usize) {
        let mut seen = self.seen.lock().expect("no panic");
        let taken = (seen.bytes.len(), seen.frames);
        *seen = Seen::default();
        taken
    }

    /// Resident memory in MB, where the system tells.
    fn memory(&self) -> Option<f64> {
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

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    for line in [first_picture(), first_of_idx(), frames(), keys()] {
        println!("{line}");
    }
}

fn first_picture() -> Value {
    let first = || {
        let run = Run::start(&[], (120, 40));
        let ms = run.until("RUN");
        run.wait(1.0);
        (ms, run.memory())
    };
    let (ms, memory): (Vec<f64>, Vec<Option<f64>>) = (0..7).map(|_| first()).unzip();
    json!({ "what": "first picture of digits, 120x40", "ms_median": median(ms), "rss_mb": memory[0] })
}

/// As many pictures as MNIST has, from IDX files.
fn first_of_idx() -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let head = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
    let mut pictures = head(&[0x803, 60_000, 28, 28]);
    pictures.extend((0..60_000_usize * 784).map(|at| (at.wrapping_mul(2_654_435_761) >> 13 & 0xff) as u8));
    let mut labels = head(&[0x801, 60_000]);
    labels.extend((0..60_000).map(|row| (row % 10) as u8));
    let path = folder.path().join("train-images-idx3-ubyte");
    write(&path, &pictures);
    write(&folder.path().join("train-labels-idx1-ubyte"), &labels);
    let words = ["--data", path.to_str().expect("a path"), "--layers", "128", "--precision", "f32"];
    let times = || {
        let run = Run::start(&words, (120, 40));
        (run.until("reading"), run.until("RUN"))
    };
    let (says, shows): (Vec<f64>, Vec<f64>) = (0..5).map(|_| times()).unzip();
    json!({ "what": "60,000 pictures from IDX files, 120x40", "ms_until_it_says_so": median(says), "ms_until_numbers": median(shows) })
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file");
}

fn frames() -> Value {
    let mut run = Run::start(&["--speed", "max"], (200, 60));
    run.until("RUN");
    run.wait(1.0);
    run.take();
    run.wait(4.0);
    let (bytes, frames) = run.take();
    run.type_in(" ");
    run.wait(1.0);
    run.take();
    run.wait(2.0);
    let (still, _) = run.take();
    json!({
        "what": "digits running free, 200x60, 256 colours",
        "kb_per_frame": bytes as f64 / frames.max(1) as f64 / 1e3,
        "frames_per_second": frames as f64 / 4.0,
        "bytes_in_2_s_paused": still,
    })
}

/// How long a key takes to show, while a net of W5's size trains on both processors.
fn keys() -> Value {
    let words = ["--layers", "1024,1024", "--batch", "256", "--precision", "f32", "--threads", "2", "--speed", "max"];
    let mut run = Run::start(&words, (120, 40));
    run.until("RUN");
    run.wait(2.0);
    let mut answers = Vec::new();
    for key in ["?", "\x1b", "?", "\x1b", "?", "\x1b", "?", "\x1b"].into_iter().cycle().take(40) {
        run.take();
        let pressed = Instant::now();
        run.type_in(key);
        // The frame that follows is the answer: help shows no number that changes, nor does leaving it wait for one.
        let text = if key == "?" { "keys" } else { "network" };
        while !String::from_utf8_lossy(&run.seen.lock().expect("no panic").bytes).contains(text) {
            assert!(pressed.elapsed() < Duration::from_secs(10), "no answer");
            std::thread::sleep(Duration::from_micros(200));
        }
        answers.push(pressed.elapsed().as_secs_f64() * 1e3);
        run.wait(0.1);
    }
    let worst = answers.iter().copied().fold(0.0, f64::max);
    json!({ "what": "keys while 64-1024-1024-10 trains with 2 threads", "ms_median": median(answers), "ms_worst": worst })
}
