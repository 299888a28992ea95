//! An update of a recurrent net: 32 units over 50 steps, 32 sequences, as `peers/peer_torch_recurrent.py` makes it.
//!
//! `cargo bench --bench recurrent` prints a line of JSON for each cell, and puts data and first weights where that script finds them.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use deltascope::data::sequences::Sequences;
use deltascope::data::{SequenceParts, Source};
use deltascope::nn::{Activation, Cell, Init, Named};
use deltascope::train::{BatchSize, Config, Precision, Recurrence, RecurrentTrainer};
use ndarray::Array2;

const STEPS: usize = 50;
const COUNT: usize = 320;
/// Updates after which the loss is compared.
const CHECK: usize = 50;

fn main() {
    let source = Source::sequences("remember", STEPS, COUNT);
    let sequences = Arc::new(Sequences::load(&source).expect("they can be made"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/workloads");
    std::fs::create_dir_all(&folder).expect("it can be made");
    let (mut x, mut y) = (Array2::<f32>::zeros((0, 0)), Array2::zeros((0, 0)));
    sequences.fill(&(0..COUNT).collect::<Vec<_>>(), (&mut x, &mut y));
    write(&folder.join("R.bin"), [&x, &y]);
    for cell in [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm] {
        let config = Arc::new(Config {
            source: source.clone(),
            recurrence: Some(Recurrence { cell, truncate: None }),
            layers: vec![32],
            output: sequences.usual_output(),
            lambda: 0.0,
            alpha: 0.1,
            batch: BatchSize::Size(32),
            init: Init::Course,
            shuffle: false,
            test_split: 0.0,
            precision: Precision::F32,
            ..Config::default()
        });
        let begin = || {
            let mut trainer =
                RecurrentTrainer::<f32>::new(Arc::clone(&config), SequenceParts::from(Arc::clone(&sequences)))
                    .expect("a net");
            trainer.measure_epochs(false);
            trainer
        };
        let mut trainer = begin();
        let [of_x, of_h, of_o] = &trainer.model().theta;
        write(&folder.join(format!("R-{}.bin", cell.name())), [of_x, of_h, of_o]);
        (0..CHECK).for_each(|_| trainer.step().expect("it does not diverge"));
        let loss = trainer.cost().data;
        let mut trainer = begin();
        let mut run = || {
            let begun = Instant::now();
            (0..200).for_each(|_| trainer.step().expect("it does not diverge"));
            begun.elapsed().as_secs_f64() / 200.0 * 1e6
        };
        run();
        let mut times: Vec<f64> = (0..9).map(|_| run()).collect();
        times.sort_by(f64::total_cmp);
        let line = serde_json::json!({
            "peer": "deltascope",
            "workload": format!("R-{}", cell.name()),
            "threads": 1,
            "dtype": "f32",
            "us_per_update_min": times[0],
            "us_per_update_median": times[4],
            "check_loss": loss,
        });
        println!("{line}");
    }
}

/// Matrices behind each other, row by row.
fn write<'a>(path: &Path, matrices: impl IntoIterator<Item = &'a Array2<f32>>) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    for number in matrices.into_iter().flatten() {
        file.write_all(&number.to_le_bytes()).expect("it can be written");
    }
}
