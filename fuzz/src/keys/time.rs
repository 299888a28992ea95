//! Keys to the application of recurrent networks.

use std::sync::{Arc, LazyLock};

use deltascope::app::TimeApp;
use deltascope::data::sequences::Sequences;
use deltascope::data::{SequenceParts, Source};
use deltascope::keymap::action;
use deltascope::nn::{Cell, Named, Optimizer};
use deltascope::train::{Batch, Command, Config, Recurrence, RecurrentTrainer, Report, Speed, Status};
use deltascope::ui::time::TimeView;
use ratatui::layout::Rect;

use super::{Event, THEMES, draw, event};
use crate::check;

/// The sequences that keys are pressed on.
const SETS: [&str; 4] = ["remember", "jabberwocky", "sine", "adding"];

fn source(name: &str) -> Source {
    Source::sequences(name, 5, 12)
}

/// A trainer on some of the sets, with a cell.
fn trainer(set: usize, cell: Cell) -> RecurrentTrainer<f64> {
    static LOADED: LazyLock<[Arc<Sequences>; 4]> =
        LazyLock::new(|| SETS.map(|name| Arc::new(Sequences::load(&source(name)).expect("it can be made"))));
    let sequences = Arc::clone(&LOADED[set]);
    let config = Config {
        source: source(SETS[set]),
        recurrence: Some(Recurrence { cell, truncate: None }),
        output: sequences.usual_output(),
        layers: vec![3],
        lambda: 0.0,
        optimizer: Optimizer::Adam,
        alpha: 0.01,
        batch: Batch::Size(4),
        ..Config::default()
    };
    let m = sequences.learnt_from(config.test_split);
    RecurrentTrainer::new(Arc::new(config), SequenceParts { sequences, m }).expect("a net")
}

/// Keys, pictures and looks in any order; the first byte says which sequences, which cell and which theme.
pub fn time_keys(data: &[u8]) {
    let Some((&first, events)) = data.split_first() else { return };
    let (set, cell) = (usize::from(first & 3), Cell::ALL[usize::from(first >> 2) % Cell::ALL.len()]);
    let mut app = TimeApp::new(TimeView::new(THEMES[usize::from(first >> 5) % THEMES.len()]), Speed::Max);
    let (mut trainer, mut status, mut run) = (self::trainer(set, cell), Status::Paused, 0);
    for &byte in events {
        let (key, blind) = match event(byte) {
            Event::Picture(area) => {
                draw(&app.view, area);
                continue;
            }
            Event::Key { key, blind } => (key, blind),
        };
        if !blind && app.look().is_some() {
            if status == Status::Running && trainer.step().is_err() {
                status = Status::Paused;
            }
            let mut snapshot = trainer.snapshot(None);
            (snapshot.run, snapshot.status) = (run, status.clone());
            app.absorb(Report::Snapshot(snapshot));
        }
        let outcome = match action(key).and_then(|action| app.update(action)) {
            Some(Command::Run) => {
                status = Status::Running;
                Ok(())
            }
            Some(Command::Step(_)) => {
                status = Status::Paused;
                trainer.step().map_err(|divergence| divergence.what)
            }
            Some(Command::Pause) => {
                status = Status::Paused;
                Ok(())
            }
            Some(Command::Set(setting, to)) => trainer.set(setting, to),
            Some(Command::Reset(_)) => {
                (trainer, run) = (self::trainer(set, cell), run + 1);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(why) = outcome {
            app.absorb(Report::Refused(why));
        }
        app.request = None;
        app.view.message.iter().for_each(|message| check::printable(message));
    }
    draw(&app.view, Rect::new(0, 0, 100, 30));
}
