//! The built program in a terminal: how soon its first picture is there, how much it writes, how soon keys answer.
//!
//! `cargo bench --bench terminal` prints a line of JSON for each.

#[path = "common/run.rs"]
mod run;

use std::path::Path;
use std::time::{Duration, Instant};

use run::Run;
use serde_json::{Value, json};

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    for line in [first_picture(), first_of_idx(), frames(), budget(), keys(), slow_link()] {
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

/// What the largest frames cost: every cell drawn anew, in all colours.
fn budget() -> Value {
    let sizes = [(80, 24), (120, 40), (200, 60), (500, 200)];
    let kb = sizes.map(|size| {
        let mut run = Run::on_link(&["--paused"], size, Some(1e9));
        run.until("PAUSED");
        run.wait(0.5);
        run.screen();
        (format!("{}x{}", size.0, size.1), json!(run.take().0 as f64 / 1e3))
    });
    json!({ "what": "a whole frame in all colours, kB", "kb": serde_json::Map::from_iter(kb) })
}

/// How long a key takes to show, while a net of W5's size trains on both processors.
fn keys() -> Value {
    let words = ["--layers", "1024,1024", "--batch", "256", "--precision", "f32", "--threads", "2", "--speed", "max"];
    let mut run = Run::start(&words, (120, 40));
    let (median, worst) = answers(&mut run);
    json!({ "what": "keys while 64-1024-1024-10 trains with 2 threads", "ms_median": median, "ms_worst": worst })
}

/// The same on a link of 100 kB/s, where a picture takes longer than a frame may.
fn slow_link() -> Value {
    let mut run = Run::on_link(&["--speed", "max"], (200, 60), Some(100e3));
    let (median, worst) = answers(&mut run);
    json!({ "what": "keys at 100 kB/s, 200x60, all colours, running free", "ms_median": median, "ms_worst": worst })
}

/// Milliseconds until the frame that answers a key has come: median and worst of 40.
fn answers(run: &mut Run) -> (f64, f64) {
    run.until("RUN");
    run.wait(2.0);
    let mut answers = Vec::new();
    for key in ["?", "\x1b", "?", "\x1b", "?", "\x1b", "?", "\x1b"].into_iter().cycle().take(40) {
        run.take();
        let pressed = Instant::now();
        run.type_in(key);
        // The frame that follows is the answer: help shows no number that changes, nor does leaving it wait for one.
        let text = if key == "?" { "keys" } else { "network" };
        let shown = |seen: &[u8]| {
            let seen = String::from_utf8_lossy(seen);
            seen.find(text).is_some_and(|at| seen[at..].contains("\x1b[?2026l"))
        };
        while !shown(&run.seen.lock().expect("no panic").bytes) {
            assert!(pressed.elapsed() < Duration::from_secs(10), "no answer");
            std::thread::sleep(Duration::from_micros(200));
        }
        answers.push(pressed.elapsed().as_secs_f64() * 1e3);
        run.wait(0.1);
    }
    (median(answers.clone()), answers.into_iter().fold(0.0, f64::max))
}
