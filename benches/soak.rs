//! Hours of digits running free with the screen attached: memory must stay where it is after the first minute.
//!
//! `cargo bench --bench soak -- 60` runs for so many minutes, one without a number, and prints a line of JSON each minute and one at
//! the end. It fails if the memory grew by more than 5 MB after the first minute, or if the screen, stopped then, is not at the
//! trainer's step. A run of several minutes is measured from when the histories are full.

#[path = "common/run.rs"]
mod run;

use std::time::{Duration, Instant};

use run::Run;
use serde_json::json;

/// MB that the memory may grow by.
const MOST: f64 = 5.0;

/// Updates after which the histories grow no more: 65,536 epochs of 45 batches, from where on every second epoch is kept.
const FULL: u64 = 45 * 65_536;

fn main() {
    let minutes: usize = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1);
    let mut run = Run::start(&["--speed", "max"], (120, 40));
    run.until("RUN");
    // Of a run of a minute the second half is measured.
    let (pieces, seconds) = if minutes == 1 { (2, 30.0) } else { (minutes, 60.0) };
    while minutes > 1 && step(&run.screen()) < FULL {
        run.wait(1.0);
    }
    let memory: Vec<f64> = (1..=pieces)
        .map(|piece| {
            run.take();
            run.wait(seconds);
            let (bytes, frames) = run.take();
            let memory = run.memory().expect("the system tells of it");
            let line = json!({
                "minutes": piece as f64 * seconds / 60.0,
                "rss_mb": memory,
                "frames_per_second": frames as f64 / seconds,
                "kb_per_frame": bytes as f64 / frames.max(1) as f64 / 1e3,
            });
            println!("{line}");
            memory
        })
        .collect();
    let grown = memory.iter().fold(0.0_f64, |most, &now| most.max(now - memory[0]));
    println!("{}", json!({ "what": "memory after the first minute", "grown_mb": grown }));
    let (at, then) = stopped(&mut run);
    println!(
        "{}",
        json!({ "what": "the step that the screen shows when stopped, and after one more", "steps": [at, then] })
    );
    assert_eq!(then, at + 1, "the screen lags behind the trainer");
    assert!(grown < MOST, "it grew by {grown} MB");
}

/// The step on the screen after a pause, and after one update by hand: a screen that lagged behind would not show the next one.
fn stopped(run: &mut Run) -> (u64, u64) {
    run.type_in(" ");
    run.until("PAUSED");
    let at = step(&run.screen());
    run.type_in("b");
    let asked = Instant::now();
    loop {
        let now = step(&run.screen());
        if now != at || asked.elapsed() > Duration::from_secs(10) {
            return (at, now);
        }
    }
}

/// The step that the header names.
fn step(screen: &str) -> u64 {
    let shown = screen.split("step ").nth(1).and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    shown.unwrap_or_else(|| panic!("no step on the screen:\n{screen}"))
}
