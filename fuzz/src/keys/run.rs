//! Keys to the application, on networks of every kind.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{LazyLock, Mutex};

use crossterm::event::KeyEvent;
use deltascope::app::{App, Request};
use deltascope::data::{Loaded, Source, Task};
use deltascope::keymap::{action, character};
use deltascope::nn::{Activation, Cell, Named, Optimizer, Output, Penalty};
use deltascope::train::{
    AnyTrainer, BatchSize, Checked, Command, Config, Descended, GradientCheck, Moment, Progress, Recurrence, Report,
    Snapshot, Speed, Status, begin,
};
use deltascope::view::{Overlay, View};
use ratatui::layout::Rect;

use super::{Event, THEMES, draw, event};
use crate::check;

/// Units of all hidden layers at most; keys may ask for more.
const MOST: usize = 64;

/// The nets that keys are pressed on.
fn nets() -> [Config; 4] {
    let on = |name: &str, task| Source { task, ..Source::named(name) };
    let plain = Config {
        source: on("xor", None),
        layers: Vec::new(),
        lambda: 0.0,
        batch: BatchSize::Full,
        ..Config::default()
    };
    let deep = Config {
        source: on("iris", None),
        layers: vec![5, 1, 3],
        activation: vec![Activation::Relu, Activation::Gelu, Activation::HardSigmoid],
        output: Output::Softmax,
        penalty: Penalty::L1,
        optimizer: Optimizer::Adam,
        ..Config::default()
    };
    let single = Config { source: on("xor", Some(Task::Binary)), layers: vec![3], ..Config::default() };
    let numbers = Config {
        source: on("reg-gauss", Some(Task::Regression)),
        layers: vec![4],
        output: Output::Linear,
        optimizer: Optimizer::Nesterov,
        ..Config::default()
    };
    [plain, deep, single, numbers]
}

/// The sets of sequences that keys are pressed on.
const SETS: [&str; 4] = ["remember", "jabberwocky", "sine", "adding"];

/// A recurrent net on one of the sets.
fn recurrent(set: usize, cell: Cell) -> Config {
    let source = Source::sequences(SETS[set], 5, 12);
    let output = [Output::Softmax, Output::Softmax, Output::Linear, Output::Linear][set];
    let recurrence = Some(Recurrence { cell, truncate: None });
    let (layers, optimizer, batch) = (vec![3], Optimizer::Adam, BatchSize::Size(4));
    Config { source, recurrence, output, layers, lambda: 0.0, optimizer, alpha: 0.01, batch, ..Config::default() }
}

/// The data of a run, read once.
fn loaded(config: &Config) -> Loaded {
    static READ: LazyLock<Mutex<BTreeMap<String, Loaded>>> = LazyLock::new(Mutex::default);
    let mut read = READ.lock().expect("nothing panics while it is held");
    let key = format!("{:?}", config.source);
    read.entry(key).or_insert_with(|| Loaded::read(&config.source).expect("a set of the program's own")).clone()
}

/// An application and a trainer that obeys it between two keys.
struct Run {
    app: App,
    trainer: Box<dyn AnyTrainer>,
    run: u64,
    status: Status,
}

impl Run {
    /// Brings a new picture, if the application wants one; of a run that goes on, after another update.
    fn look(&mut self) {
        if self.app.request_snapshot().is_none() {
            return;
        }
        if self.status == Status::Running && self.trainer.step().is_err() {
            self.status = Status::Paused;
        }
        let mut snapshot = self.trainer.snapshot(None);
        (snapshot.run, snapshot.status) = (self.run, self.status.clone());
        self.app.absorb(Report::Snapshot(snapshot));
    }

    fn obey(&mut self, command: Command) {
        let outcome = match command {
            Command::Run | Command::Pause => {
                self.status = if matches!(command, Command::Run) { Status::Running } else { Status::Paused };
                Ok(())
            }
            Command::Step(_) => {
                self.status = Status::Paused;
                self.trainer.step().map_err(|divergence| divergence.what)
            }
            Command::Set(setting, to) => self.trainer.set(setting, to),
            Command::Edit(weight, to) => self.trainer.edit(weight, to),
            Command::Undo => self.trainer.undo(),
            Command::Reset(reset) => {
                let config = reset.of(self.trainer.config());
                if config.layers.iter().sum::<usize>() <= MOST {
                    self.trainer = trainer(config);
                    self.run += 1;
                }
                Ok(())
            }
            Command::Speed(_) | Command::RequestSnapshot(_) => Ok(()),
        };
        if let Err(why) = outcome {
            check::printable(&why);
            self.app.absorb(Report::Refused(why));
        }
    }

    fn press(&mut self, key: KeyEvent) {
        if character(key).is_some_and(|c| self.app.type_in(c)) {
            return;
        }
        match action(key).and_then(|action| self.app.update(action)) {
            Some(Request::Tell(command)) => self.obey(command),
            Some(Request::Copy(text) | Request::Write(text)) => check::printable(&text),
            Some(Request::Check) => {
                let checked = self.app.view.snapshot.as_ref().map(|snapshot| checked(snapshot));
                checked.into_iter().for_each(|checked| self.app.absorb(Report::Checked(checked)));
            }
            Some(Request::Keep | Request::Print | Request::Quit | Request::Suspend) | None => {}
        }
        if let Some(snapshot) = self.app.view.snapshot.as_deref().filter(|_| self.app.wanted_descent().is_some()) {
            self.app.absorb(Report::Descended(Descended::of(snapshot)));
        }
        self.app.view.message.iter().for_each(|message| check::printable(message));
        assert!(self.app.view.typed.len() <= 24 && self.app.view.typed.is_ascii());
    }
}

fn trainer(config: Config) -> Box<dyn AnyTrainer> {
    let data = loaded(&config).prepare(&config.preparation()).expect("it is finite");
    begin(config, data).expect("the options fit the data")
}

/// A check of some cells on the spot.
fn checked(snapshot: &Snapshot) -> Checked {
    let layers = GradientCheck::of(snapshot).run_every(97, |_, _| ControlFlow::Continue(()));
    let layers = layers.expect("nothing stops it").into();
    Checked { of: Moment::of(snapshot), progress: Progress::Done { layers, every: 97 } }
}

/// Keys, pictures and looks in any order; the first byte says which net and which theme.
pub fn keys(data: &[u8]) {
    let Some((&first, events)) = data.split_first() else { return };
    let (kind, rest) = (usize::from(first & 3), usize::from(first >> 3));
    let config = match first & 4 {
        0 => nets()[kind].clone(),
        _ => recurrent(kind, Cell::ALL[rest % Cell::ALL.len()]),
    };
    let app = App::new(View::new(THEMES[rest % THEMES.len()]), Speed::Max);
    let mut run = Run { app, trainer: trainer(config), run: 0, status: Status::Paused };
    for &byte in events {
        match event(byte) {
            Event::Key { key, blind } => {
                if !blind {
                    run.look();
                }
                run.press(key);
            }
            Event::Picture(area) => draw(&run.app.view, area),
        }
        // Where the terminal's cursor stands is inside of the screen.
        let area = Rect::new(0, 0, 80, 24);
        let typing = matches!(run.app.view.overlay, Overlay::Edit | Overlay::Options(_));
        if typing && let Some(at) = run.app.view.cursor_cell(area) {
            assert!(area.contains(at));
        }
    }
    draw(&run.app.view, Rect::new(0, 0, 100, 30));
}
