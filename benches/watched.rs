//! What it costs a trainer to be watched: W4 in pairs, unwatched and with 30 looks a second, each drawn at 200x60.
//!
//! `cargo bench --bench watched` prints a line of JSON: the share of updates lost, and the time of a look and of a frame.

mod common;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use deltascope::data::{Dataset, Source};
use deltascope::nn::{Activation, Output};
use deltascope::theme::{Depth, MathStyle, Theme};
use deltascope::train::worker::Start;
use deltascope::train::{BatchSize, Command, Config, Precision, Report, Speed, Worker};
use deltascope::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Seconds of each half of a pair, and how many pairs there are.
const SECONDS: f64 = 3.0;
const PAIRS: usize = 5;

fn main() {
    let samples = 60_000;
    // Pictures of noise, as many as MNIST has.
    let class: Vec<usize> = (0..samples).map(|row| row % 10).collect();
    let dataset = Arc::new(common::dataset("noise", common::noise(samples, 784), &class, 10));
    let mut lost = Vec::new();
    let (mut looks, mut frames) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let unwatched = updates(&dataset, None);
        let watched = updates(&dataset, Some((&mut looks, &mut frames)));
        lost.push(1.0 - watched / unwatched);
    }
    lost.sort_by(f64::total_cmp);
    let line = serde_json::json!({
        "net": "784-128-10, batch 64, f32",
        "share_lost_median": lost[PAIRS / 2],
        "share_lost": lost,
        "look_ms_median": median(&mut looks),
        "frame_ms_median": median(&mut frames),
    });
    println!("{line}");
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Updates a second of a run; with looks at it, and the milliseconds that looks and frames take.
fn updates(dataset: &Arc<Dataset>, mut watch: Option<(&mut Vec<f64>, &mut Vec<f64>)>) -> f64 {
    let config = Config {
        source: Source::named("noise"),
        layers: vec![128],
        activation: vec![Activation::Relu],
        output: Output::Softmax,
        lambda: 0.0,
        alpha: 0.01,
        batch: BatchSize::Size(64),
        shuffle: false,
        precision: Precision::F32,
        ..Config::default()
    };
    let (sender, reports) = channel();
    let start = Start { config, source: Arc::clone(dataset).into(), speed: Speed::Max, paused: true };
    let worker = Worker::start(start, move |report| drop(sender.send(report))).expect("a thread");
    let look = |recycled| {
        worker.send(Command::RequestSnapshot(recycled));
        match reports.recv().expect("an answer") {
            Report::Snapshot(snapshot) => snapshot,
            other => panic!("{other:?}"),
        }
    };
    let mut view = View::new(Theme { depth: Depth::Indexed, dark: true, ascii: false, math: MathStyle::Plain });
    let first = look(None);
    let from = first.position.step;
    let mut spare = view.absorb(first);
    worker.send(Command::Run);
    let begun = Instant::now();
    let mut buf = Buffer::empty(Rect::new(0, 0, 200, 60));
    while begun.elapsed().as_secs_f64() < SECONDS {
        let Some((looks, frames)) = &mut watch else {
            std::thread::sleep(Duration::from_secs_f64(SECONDS));
            break;
        };
        let asked = Instant::now();
        let snapshot = look(spare.take());
        let answered = Instant::now();
        spare = view.absorb(snapshot);
        buf.reset();
        (&view).render(buf.area, &mut buf);
        looks.push((answered - asked).as_secs_f64() * 1e3);
        frames.push(answered.elapsed().as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_secs_f64(1.0 / 30.0).saturating_sub(asked.elapsed()));
    }
    let last = look(None);
    let seconds = begun.elapsed().as_secs_f64();
    worker.leave(Duration::from_secs(5));
    (last.position.step - from) as f64 / seconds
}
