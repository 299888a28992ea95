//! Keys to the application while it shows a recurrent network.

use std::sync::{Arc, LazyLock};

use deltascope::app::{App, Request};
use deltascope::data::sequences::Sequences;
use deltascope::data::{SequenceParts, Source};
use deltascope::keymap::{action, character};
use deltascope::nn::{Cell, Named, Optimizer};
use deltascope::train::{BatchSize, Command, Config, Recurrence, RecurrentTrainer, Report, Speed, Status};
use deltascope::view::View;
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
        batch: BatchSize::Size(4),
        ..Config::default()
    };
    let m = sequences.learnt_from(config.test_split);
    RecurrentTrainer::new(Arc::new(config), SequenceParts { sequences, m }).expect("a net")
}

/// Keys, pictures and looks in any order; the first byte says which sequences, which cell and which theme.
pub fn time_keys(data: &[u8]) {
    let Some((&first, events)) = data.split_first() else { return };
    let (set, cell) = (usize::from(first & 3), Cell::ALL[usize::from(first >> 2) % Cell::ALL.len()]);
    let mut app = App::new(View::new(THEMES[usize::from(first >> 5) % THEMES.len()]), Speed::Max);
    let (mut trainer, mut status, mut run) = (self::trainer(set, cell), Status::Paused, 0);
    for &byte in events {
        let (key, blind) = match event(byte) {
            Event::Picture(area) => {
                draw(&app.view, area);
                continue;
            }
            Event::Key { key, blind } => (key, blind),
        };
        if !blind && app.request_snapshot().is_some() {
            if status == Status::Running && trainer.step().is_err() {
                status = Status::Paused;
            }
            let mut snapshot = trainer.snapshot(None);
            (snapshot.run, snapshot.status) = (run, status.clone());
            app.absorb(Report::Snapshot(snapshot));
        }
        if character(key).is_some_and(|c| app.type_in(c)) {
            continue;
        }
        let Some(Request::Tell(command)) = action(key).and_then(|action| app.update(action)) else { continue };
        let outcome = match command {
            Command::Run => {
                status = Status::Running;
                Ok(())
            }
            Command::Step(_) => {
                status = Status::Paused;
                trainer.step().map_err(|divergence| divergence.what)
            }
            Command::Pause => {
                status = Status::Paused;
                Ok(())
            }
            Command::Set(setting, to) => trainer.set(setting, to),
            Command::Edit(weight, to) => trainer.edit(weight, to),
            Command::Undo => trainer.undo(),
            Command::Reset(_) => {
                (trainer, run) = (self::trainer(set, cell), run + 1);
                Ok(())
            }
            Command::Speed(_) | Command::RequestSnapshot(_) => Ok(()),
        };
        if let Err(why) = outcome {
            app.absorb(Report::Refused(why));
        }
        app.view.message.iter().for_each(|message| check::printable(message));
    }
    draw(&app.view, Rect::new(0, 0, 100, 30));
}
