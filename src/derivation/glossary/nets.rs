//! Networks of every kind, as small as they can be: from their graphs come the letters that not every network has.

use std::sync::Arc;

use crate::data::sequences::Sequences;
use crate::data::{Data, Loaded, Scale, Source, prepare};
use crate::error::Result;
use crate::nn::{Activation, Cell, Named, Optimizer, Output, Penalty};
use crate::train::{Config, DenseTrainer, Recurrence, RecurrentTrainer, Schedule, Snapshot};

/// Networks with the data of another one and other options, and recurrent ones with each kind of cell.
pub(super) fn variants(example: &Snapshot) -> Vec<Snapshot> {
    let dense = dense_options(&example.config).into_iter().map(|config| dense(example, config));
    let plain = Cell::Plain(Activation::Tanh);
    let is_other = |cell: &&Cell| **cell == plain || cell.has_gates();
    let cells = Cell::ALL.iter().filter(is_other).map(|&cell| recurrent(cell, None));
    let outputs = Output::ALL.iter().map(|&output| recurrent(plain, Some(output)));
    dense.chain(cells).chain(outputs).flatten().collect()
}

/// The options that bring letters or equations of their own.
fn dense_options(config: &Config) -> Vec<Config> {
    let with = |change: &dyn Fn(&mut Config)| {
        let mut config = config.clone();
        change(&mut config);
        config
    };
    let optimizers = Optimizer::ALL.iter().map(|&optimizer| with(&|config| config.optimizer = optimizer));
    let outputs = Output::ALL.iter().map(|&output| with(&|config| config.output = output));
    let penalties = Penalty::ALL.iter().map(|&penalty| with(&|config| config.penalty = penalty));
    let others = [
        with(&|config| config.dropout = 0.5),
        with(&|config| config.clip = Some(1e-3)),
        with(&|config| config.schedule = Schedule::Step { epochs: 1, factor: 0.5 }),
        with(&|config| config.scale = Some(Scale::Standard)),
    ];
    optimizers.chain(outputs).chain(penalties).chain(others).collect()
}

/// A dense network after its first update.
fn dense(example: &Snapshot, config: Config) -> Result<Snapshot> {
    let mut data = example.data.clone();
    if let (Data::Rows(rows), true) = (&data, config.scale.is_some()) {
        data = Data::Rows(Arc::new(prepare(rows.dataset.clone(), &config.preparation())?));
    }
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data)?;
    // An update that is refused leaves a network with the same letters.
    let _ = trainer.step();
    Ok(*trainer.snapshot(None))
}

/// A recurrent network on a few sequences of two steps, before its first update; with another output after it.
fn recurrent(cell: Cell, output: Option<Output>) -> Result<Snapshot> {
    let source = Source::sequences("remember", 2, 10);
    let sequences = Sequences::load(&source)?;
    let (usual, recurrence) = (sequences.usual_output(), Some(Recurrence { cell, truncate: None }));
    let config = Config { output: output.unwrap_or(usual), recurrence, source, layers: vec![3], ..Config::default() };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation())?;
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data)?;
    if output.is_some() {
        let _ = trainer.step();
    }
    Ok(*trainer.snapshot(None))
}
