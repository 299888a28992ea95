//! What single things cost: a step, a look, a frame, a load.
//!
//! `cargo bench --bench moments`, with a word after `--` for those whose names hold it.

mod common;

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use deltascope::data::{Preparation, Prepared, Source, load, prepare};
use deltascope::derivation::{Playhead, QuantityKey, Sample, Stride, Subject, Walk, Weight, explain, letter};
use deltascope::nn::Real;
use deltascope::theme::{Depth, MathStyle, Theme};
use deltascope::train::{Config, DenseTrainer, Precision};
use deltascope::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// The nets: digits as they come, and one of MNIST's size.
fn nets() -> [(&'static str, Arc<Prepared>, Vec<usize>); 2] {
    let digits = prepare(Arc::new(load(&Source::named("digits")).expect("digits")), &Preparation::default());
    let class: Vec<usize> = (0..2_048).map(|row| row % 10).collect();
    let pictures = common::prepared("noise", common::noise(2_048, 784), &class, 10);
    [("64-32-10", Arc::new(digits.expect("numbers")), vec![32]), ("784-128-10", pictures, vec![128])]
}

fn trainer<T: Real>(data: &Arc<Prepared>, layers: &[usize], precision: Precision) -> DenseTrainer<T> {
    let config = Config { layers: layers.to_vec(), precision, ..Config::default() };
    let mut trainer = DenseTrainer::new(Arc::new(config), Arc::clone(data)).expect("a net");
    trainer.measure_epochs(false);
    trainer
}

fn steps(criterion: &mut Criterion) {
    for (net, data, layers) in nets() {
        let mut of_f32 = trainer::<f32>(&data, &layers, Precision::F32);
        criterion.bench_function(&format!("step {net} f32"), |bench| bench.iter(|| of_f32.step().is_ok()));
        let mut of_f64 = trainer::<f64>(&data, &layers, Precision::F64);
        criterion.bench_function(&format!("step {net} f64"), |bench| bench.iter(|| of_f64.step().is_ok()));
    }
}

fn looks_and_frames(criterion: &mut Criterion) {
    // Over the plane of two inputs each unit has its map.
    let spiral = prepare(Arc::new(load(&Source::named("spiral")).expect("spiral")), &Preparation::default());
    let planar = ("2-16-16-2", Arc::new(spiral.expect("numbers")), vec![16, 16]);
    for (net, data, layers) in nets().into_iter().chain([planar]) {
        let mut trainer = trainer::<f64>(&data, &layers, Precision::F64);
        let mut spare = None;
        criterion.bench_function(&format!("look {net}"), |bench| {
            bench.iter(|| spare = Some(trainer.snapshot(spare.take())));
        });
        let mut view = View::new(Theme { depth: Depth::Indexed, dark: true, ascii: false, math: MathStyle::Plain });
        let sizes = [(80, 24), (120, 40), (200, 60)].map(|size| (size, false));
        for ((width, height), zoomed) in sizes.into_iter().chain([((200, 60), true)]) {
            view.zoomed = zoomed;
            let network = if zoomed { " the network alone" } else { "" };
            let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
            criterion.bench_function(&format!("frame {net} {width}x{height}{network}"), |bench| {
                bench.iter(|| {
                    spare = view.absorb(spare.take().unwrap_or_else(|| trainer.snapshot(None)));
                    buf.reset();
                    (&view).render(buf.area, &mut buf);
                });
            });
        }
    }
}

fn loads(criterion: &mut Criterion) {
    criterion.bench_function("load digits", |bench| bench.iter(|| black_box(load(&Source::named("digits")).is_ok())));
    let folder = tempfile::tempdir().expect("a folder");
    let csv = folder.path().join("points.csv");
    let mut text = Vec::new();
    for (row, values) in common::noise(10_000, 20).rows().into_iter().enumerate() {
        values.iter().for_each(|value| write!(text, "{value},").expect("memory"));
        writeln!(text, "{}", row % 3).expect("memory");
    }
    std::fs::write(&csv, text).expect("it can be written");
    let pictures = folder.path().join("train-images-idx3-ubyte");
    let labels = folder.path().join("train-labels-idx1-ubyte");
    let head = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
    let mut bytes = head(&[0x803, 60_000, 28, 28]);
    bytes.extend((0..60_000_usize * 784).map(|at| (at * 31 % 251) as u8));
    std::fs::write(&pictures, bytes).expect("it can be written");
    let mut bytes = head(&[0x801, 60_000]);
    bytes.extend((0..60_000).map(|row| (row % 10) as u8));
    std::fs::write(&labels, bytes).expect("it can be written");
    for (name, path) in [("CSV of 10,000 x 20", &csv), ("IDX of 60,000 pictures", &pictures)] {
        let source = Source::named(path);
        assert!(load(&source).is_ok(), "{name}");
        criterion.bench_function(&format!("load {name}"), |bench| bench.iter(|| black_box(load(&source).is_ok())));
    }
}

/// Explaining numbers, the ones with the most terms among them, and a step of the walk as it is drawn.
fn equations(criterion: &mut Criterion) {
    for (net, data, layers) in nets() {
        let snapshot = trainer::<f64>(&data, &layers, Precision::F64).snapshot(None);
        let sample = Sample::of(false, snapshot.batch[0]);
        let weight = |letter| Subject::weight(letter, Weight { l: 1, j: 0, i: 1 }, &snapshot).expect("it is there");
        let subjects = [
            ("z", Subject::unit(letter::Z, 2, (sample, 0))),
            ("delta", Subject::unit(letter::DELTA, 2, (sample, 0))),
            ("D", weight(letter::D)),
            ("next", weight(letter::NEXT)),
            ("squares", Subject::of(QuantityKey::layer(letter::LAYER_SQUARES, 1))),
            ("J", Subject::of(QuantityKey::plain(letter::COST))),
        ];
        for (name, subject) in subjects {
            criterion.bench_function(&format!("explain {name} {net}"), |bench| {
                bench.iter(|| black_box(explain(subject, &snapshot)));
            });
        }
        let mut view = View::new(Theme { depth: Depth::Indexed, dark: true, ascii: false, math: MathStyle::Plain });
        view.absorb(snapshot);
        let walk = Walk::of(view.snapshot.as_ref().expect("a snapshot"), view.detail);
        criterion.bench_function(&format!("step of the walk {net}"), |bench| {
            let mut at = Playhead::default();
            bench.iter(|| {
                at = walk.forward(at, Stride::Unit);
                black_box(walk.subject(at, 0))
            });
        });
        criterion.bench_function(&format!("walk, followed {net}"), |bench| {
            view.playhead = Some(Playhead { block: 1, ..Playhead::default() });
            bench.iter(|| view.follow());
        });
    }
}

criterion_group! {
    name = moments;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2)).sample_size(20);
    targets = steps, looks_and_frames, equations, loads
}
criterion_main!(moments);
