//! How the cost of an update grows with width, depth and batch, beside what the processor could do at most.
//!
//! `cargo bench --bench growth` prints a table, and writes it as a picture, `docs/growth.svg`. `--dtype f64` for that precision.

mod common;

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use deltascope::data::Source;
use deltascope::nn::fast::product;
use deltascope::nn::{Activation, Init, Output, Real};
use deltascope::train::{BatchSize, Config, DenseTrainer, Precision};
use ndarray::Array2;

/// A net of `depth` layers, inputs and 10 outputs among them, the others of `width` units.
#[derive(Clone, Copy)]
struct Case {
    width: usize,
    depth: usize,
    batch: usize,
}

/// What was measured of one.
struct Row {
    case: Case,
    ms: f64,
    limit: f64,
    by: &'static str,
}

/// What the processor does at most: multiplications and additions a second, and bytes a second from memory.
struct Peak {
    flops: f64,
    bytes: f64,
}

/// Samples that there are.
const SAMPLES: usize = 2_048;
/// Bytes up to which weights stay in a core's own cache, so that memory doesn't limit them.
const CACHE: usize = 1 << 20;
/// Bytes that a case may take.
const MOST: usize = 1 << 30;

fn main() {
    match std::env::args().any(|word| word == "f64") {
        true => run::<f64>(Precision::F64),
        false => run::<f32>(Precision::F32),
    }
}

fn run<T: Real>(precision: Precision) {
    let peak = peak::<T>();
    println!("{precision:?}: {:.0} Gflop/s in products, {:.1} GB/s from memory\n", peak.flops / 1e9, peak.bytes / 1e9);
    let width = (3..=12).map(|power| Case { width: 1 << power, depth: 3, batch: 64 });
    let depth = (1..=6).map(|power| Case { width: 64, depth: 1 << power, batch: 64 });
    let batch = (0..=11).map(|power| Case { width: 64, depth: 3, batch: 1 << power });
    let sweeps = [("width", width.collect()), ("depth", depth.collect()), ("batch", batch.collect::<Vec<_>>())];
    let mut curves = Vec::new();
    for (name, cases) in sweeps {
        println!(
            "{name:>6} {:>6} {:>6} {:>6} {:>12} {:>12} {:>6}  limited by",
            "width", "depth", "batch", "ms/update", "limit", "ratio"
        );
        let rows: Vec<Row> = cases.into_iter().filter_map(|case| measured::<T>(case, &peak, precision)).collect();
        for Row { case: Case { width, depth, batch }, ms, limit, by } in &rows {
            let ratio = ms / limit;
            println!("{:>6} {width:>6} {depth:>6} {batch:>6} {ms:>12.5} {limit:>12.5} {ratio:>6.2}  {by}", "");
        }
        println!();
        curves.push((name, rows));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/growth.svg");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
    std::fs::write(&path, picture(&curves)).expect("it can be written");
}

/// Θ's shapes, a row and a column for each.
fn shapes(case: Case) -> Vec<(usize, usize)> {
    let mut sizes = vec![case.width; case.depth - 1];
    sizes.push(10);
    sizes.windows(2).map(|pair| (pair[1], pair[0] + 1)).collect()
}

fn measured<T: Real>(case: Case, peak: &Peak, precision: Precision) -> Option<Row> {
    let shapes = shapes(case);
    let weights: usize = shapes.iter().map(|(rows, columns)| rows * columns).sum();
    // Θ, the next two, ΣΔ of two passes; z, a, g', δ and ∂J/∂a of two; the samples, in f64 too.
    let numbers = 5 * weights + 10 * case.batch * case.width * case.depth + SAMPLES * case.width;
    let bytes = numbers * size_of::<T>() + SAMPLES * case.width * 16;
    if bytes > MOST {
        println!("width {}, depth {}, batch {}: left out, {} MB", case.width, case.depth, case.batch, bytes >> 20);
        return None;
    }
    let class: Vec<usize> = (0..SAMPLES).map(|row| row % 10).collect();
    let data = common::prepared("noise", common::noise(SAMPLES, case.width), &class, 10);
    let config = Config {
        source: Source::named("noise"),
        layers: vec![case.width; case.depth - 2],
        activation: vec![Activation::Relu],
        output: Output::Softmax,
        lambda: 0.0,
        alpha: 1e-4,
        batch: BatchSize::Size(case.batch),
        init: Init::He,
        shuffle: false,
        precision,
        ..Config::default()
    };
    let sizes: Vec<usize> = std::iter::once(case.width).chain(shapes.iter().map(|&(rows, _)| rows)).collect();
    let theta = config.theta(&sizes);
    let network = config.network(theta);
    let mut trainer = DenseTrainer::<T>::with_model(Arc::new(config), data, network).expect("a thread");
    trainer.measure_epochs(false);
    let mut ms = || {
        let (begun, mut steps) = (Instant::now(), 0);
        while steps < 3 || begun.elapsed().as_secs_f64() < 0.1 {
            trainer.step().expect("it does not diverge");
            steps += 1;
        }
        begun.elapsed().as_secs_f64() * 1e3 / f64::from(steps)
    };
    let least = (0..5).map(|_| ms()).fold(f64::INFINITY, f64::min);
    // Forward and into ΣΔ for every weight, and back through all but those of the first layer.
    let back: usize = shapes.iter().skip(1).map(|(rows, columns)| rows * columns).sum();
    let flops = 2.0 * case.batch as f64 * (2 * weights + back) as f64;
    // Θ is read forward, back and to be updated; ΣΔ written and read; the next Θ written.
    let moved = if weights * size_of::<T>() * 3 < CACHE { 0 } else { 6 * weights * size_of::<T>() };
    let (by_flops, by_bytes) = (flops / peak.flops * 1e3, moved as f64 / peak.bytes * 1e3);
    let by = if by_flops > by_bytes { "products" } else { "memory" };
    Some(Row { case, ms: least, limit: by_flops.max(by_bytes), by })
}

/// Measures the processor: a product that is large enough, and a sweep over memory that is.
fn peak<T: Real>() -> Peak {
    let best = |work: f64, job: &mut dyn FnMut()| {
        let seconds = (0..8).map(|_| {
            let begun = Instant::now();
            job();
            begun.elapsed().as_secs_f64()
        });
        work / seconds.fold(f64::INFINITY, f64::min)
    };
    let n = 1_024;
    let [a, b, mut c] = [0.5, 0.25, 0.0].map(|value| Array2::from_elem((n, n), T::of(value)));
    let flops = best(2.0 * (n as f64).powi(3), &mut || product::set(a.view(), b.view(), c.view_mut()));
    let from = vec![1_u64; 1 << 25];
    let mut to = vec![0_u64; 1 << 25];
    let bytes = best(2.0 * (from.len() * 8) as f64, &mut || to.copy_from_slice(std::hint::black_box(&from)));
    Peak { flops, bytes }
}

/// The curves as a picture: a panel for each sweep, both axes logarithmic, the limit dashed.
fn picture(curves: &[(&str, Vec<Row>)]) -> String {
    let (width, height, margin) = (320.0, 260.0, 50.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"monospace\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        width * curves.len() as f64,
        height + 20.0
    );
    let all = || curves.iter().flat_map(|(_, rows)| rows).flat_map(|row| [row.ms, row.limit]);
    let low = all().fold(f64::INFINITY, f64::min).log10().floor();
    let high = all().fold(0.0, f64::max).log10().ceil();
    for (panel, (name, rows)) in curves.iter().enumerate() {
        let of = |case: &Case| match *name {
            "width" => case.width,
            "depth" => case.depth,
            _ => case.batch,
        };
        let left = panel as f64 * width + margin;
        let (first, last) = (of(&rows[0].case) as f64, of(&rows[rows.len() - 1].case) as f64);
        let x = |value: usize| left + (value as f64 / first).log2() / (last / first).log2() * (width - margin - 20.0);
        let y = |ms: f64| 20.0 + (high - ms.log10()) / (high - low) * (height - 60.0);
        let line = |of_row: &dyn Fn(&Row) -> f64| {
            let point = |row: &Row| format!("{:.1},{:.1}", x(of(&row.case)), y(of_row(row)));
            rows.iter().map(point).collect::<Vec<_>>().join(" ")
        };
        for power in low as i32..=high as i32 {
            let at = y(10f64.powi(power));
            let (right, label) = (left + width - margin - 20.0, left - 6.0);
            writeln!(svg, "<path d=\"M{left} {at:.1}H{right}\" stroke=\"#ddd\"/>").expect("memory");
            writeln!(svg, "<text x=\"{label}\" y=\"{at:.1}\" text-anchor=\"end\">1e{power}</text>").expect("memory");
        }
        for row in rows {
            let (value, at) = (of(&row.case), x(of(&row.case)));
            let below = height - 24.0;
            writeln!(svg, "<text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\" font-size=\"8\">{value}</text>")
                .expect("memory");
        }
        let (middle, below) = (left + (width - margin - 20.0) / 2.0, height - 6.0);
        writeln!(svg, "<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">{name}: ms per update</text>")
            .expect("memory");
        let (limit, ms) = (line(&|row| row.limit), line(&|row| row.ms));
        writeln!(svg, "<polyline points=\"{limit}\" fill=\"none\" stroke=\"#888\" stroke-dasharray=\"4 3\"/>")
            .expect("memory");
        writeln!(svg, "<polyline points=\"{ms}\" fill=\"none\" stroke=\"#0072b2\" stroke-width=\"2\"/>")
            .expect("memory");
    }
    let (middle, bottom) = (width * curves.len() as f64 / 2.0, height + 12.0);
    writeln!(svg, "<text x=\"{middle}\" y=\"{bottom}\" text-anchor=\"middle\">measured (blue) beside max(products / peak, bytes / bandwidth) (dashed)</text>\n</svg>").expect("memory");
    svg
}
