//! Keys at random, on several nets and sizes: nothing panics, whatever is pressed when.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::Task;
use deltascope::derivation::{Trace, Walk};
use deltascope::keymap::{Action, BINDINGS, Panel, action, character};
use deltascope::nn::{Activation, Optimizer, Output, Penalty};
use deltascope::train::{BatchSize, Command, Config, DenseTrainer, Descended, Report, ResetKind, Speed, Status, Unit};
use deltascope::view::{Overlay, View};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::{ASCII, LABELS, MONO, RGB, drawn, learning, trainer};

/// What a user who counts along expects, from the keys and the trainer's answers alone.
#[derive(Default)]
struct Shadow {
    /// Updates that were asked for and not refused, since the last reset.
    steps: u64,
    /// Whether the run goes on; a step that was asked for may be under way until the next picture.
    runs: Option<bool>,
    /// The panel with the focus.
    focus: Panel,
}

impl Shadow {
    /// What a key on the panels themselves does.
    fn press(&mut self, action: Action) {
        match action {
            Action::Focus(panel) => self.focus = panel,
            Action::NextPanel => self.focus = self.focus.moved(1),
            Action::PreviousPanel => self.focus = self.focus.moved(-1),
            _ => {}
        }
    }
}

/// An application and a trainer that obeys it between two keys.
struct Run {
    app: App,
    name: &'static str,
    trainer: DenseTrainer<f64>,
    config: Config,
    run: u64,
    status: Status,
    shadow: Shadow,
}

impl Run {
    fn look(&mut self) {
        if self.app.request_snapshot().is_none() {
            return;
        }
        let mut snapshot = self.trainer.snapshot(None);
        (snapshot.run, snapshot.status) = (self.run, self.status.clone());
        self.app.absorb(Report::Snapshot(snapshot));
        self.shadow.runs = Some(self.status == Status::Running);
        let step = self.app.view.snapshot.as_ref().map(|snapshot| snapshot.position.step);
        assert_eq!(step, Some(self.shadow.steps), "the step on the screen is the steps that were asked for");
    }

    /// Asserts what holds whatever was pressed.
    #[track_caller]
    fn assert_sound(&self) {
        let view = &self.app.view;
        assert_eq!(view.focus, self.shadow.focus);
        let shown = if let Overlay::Book(place) = &view.overlay { &place.under } else { &view.overlay };
        assert_eq!(matches!(shown, Overlay::Explain), !view.inquiries.is_empty());
        assert!(view.typed.is_empty() || matches!(view.overlay, Overlay::Options(_) | Overlay::Edit | Overlay::Paint));
        let Some(snapshot) = view.dense() else { return };
        let (cursor, theta) = (view.cursor, &snapshot.network.theta);
        assert!((1..=theta.len()).contains(&cursor.l), "{cursor:?}");
        let (rows, columns) = theta[cursor.l - 1].dim();
        assert!(cursor.j < rows && cursor.i < columns, "{cursor:?}");
        assert!(cursor.sample.row < cursor.sample.part(snapshot.data).x.nrows(), "{cursor:?}");
        assert!(
            view.playhead.is_none_or(|at| at.block < Walk::of(&snapshot, view.detail).len()),
            "{:?}",
            view.playhead
        );
        // What follows from the snapshot follows from this one.
        let trace = view.trace.as_ref().expect("a trace of the sample");
        let expected = match &view.edited {
            Some(edited) => Trace::of_edited(edited, snapshot.snapshot),
            None => Trace::of(cursor.sample, snapshot.snapshot),
        };
        assert_eq!(Some(trace), expected.as_ref());
        assert_eq!(cursor.sample.edited, view.edited.is_some());
        assert!(view.edited.as_ref().is_none_or(|edited| edited.sample() == cursor.sample && !edited.is_as_read()));
    }

    /// Computes the descent where it is shown and not yet of this picture.
    fn descend(&mut self) {
        if let Some(snapshot) = self.app.view.snapshot.as_deref().filter(|_| self.app.wanted_descent().is_some()) {
            self.app.absorb(Report::Descended(Descended::of(snapshot)));
            assert_eq!(self.app.wanted_descent(), None);
        }
    }

    fn obey(&mut self, command: Command) {
        let outcome = match command {
            Command::Run | Command::Pause => {
                let run = matches!(command, Command::Run);
                assert_ne!(self.shadow.runs, Some(run), "one key turns one into the other");
                self.shadow.runs = Some(run);
                self.status = if matches!(command, Command::Run) { Status::Running } else { Status::Paused };
                Ok(())
            }
            Command::Step(unit) => {
                let steps = if unit == Unit::Batch { 1 } else { 3 };
                (self.status, self.shadow.runs) = (Status::Paused, None);
                (0..steps)
                    .try_for_each(|_| self.trainer.step().map(|()| self.shadow.steps += 1))
                    .map_err(|divergence| divergence.what)
            }
            Command::Set(setting, to) => self.trainer.set(setting, to),
            Command::Edit(weight, to) => self.trainer.edit(weight, to),
            Command::Undo => self.trainer.undo(),
            Command::Reset(reset) => {
                self.reset(&reset);
                Ok(())
            }
            Command::Speed(_) | Command::RequestSnapshot(_) => Ok(()),
        };
        if let Err(why) = outcome {
            self.app.absorb(Report::Refused(why));
        }
    }

    fn reset(&mut self, reset: &ResetKind) {
        let config = reset.of(self.trainer.config());
        if config.layers.iter().sum::<usize>() > 64 {
            return;
        }
        self.config = config;
        self.trainer = trainer(self.name, self.config.clone());
        self.run += 1;
        self.shadow.steps = 0;
    }

    fn press(&mut self, key: KeyEvent) {
        if character(key).is_some_and(|c| self.app.type_in(c)) {
            return;
        }
        if let Some(action) = action(key) {
            let paints = self.app.view.overlay == Overlay::Paint && matches!(action, Action::Focus(_));
            if (self.app.view.overlay == Overlay::None && self.app.view.playhead.is_none()) || paints {
                self.shadow.press(action);
            }
            match self.app.update(action) {
                Some(Request::Tell(command)) => self.obey(command),
                Some(Request::Check) => {
                    let snapshot = self.app.view.snapshot.as_ref().expect("what is checked");
                    let checked = crate::checked::checked(snapshot);
                    self.app.absorb(Report::Checked(checked));
                }
                _ => {}
            }
        }
    }
}

fn nets() -> Vec<(&'static str, Config)> {
    let xor = Config { layers: vec![], lambda: 0.0, batch: BatchSize::Full, ..Config::default() };
    let deep = Config {
        layers: vec![5, 1, 3],
        activation: vec![Activation::Relu, Activation::Gelu, Activation::HardSigmoid],
        output: Output::Softmax,
        penalty: Penalty::L1,
        optimizer: Optimizer::Adam,
        ..Config::default()
    };
    let linear = Config { output: Output::Linear, optimizer: Optimizer::Nesterov, alpha: 0.9, ..Config::default() };
    vec![
        ("xor", xor),
        ("iris", deep),
        ("penguins", linear),
        ("digits", Config { layers: vec![6], ..Config::default() }),
        ("xor", learning(Task::Binary)),
        ("reg-gauss", learning(Task::Regression)),
        (LABELS, learning(Task::Labels)),
    ]
}

#[test]
fn any_keys_in_any_order_at_any_size_do_no_harm() {
    let keys: Vec<(KeyCode, KeyModifiers)> = BINDINGS.iter().flat_map(|binding| binding.keys).copied().collect();
    let digits = "0123456789.,-+e".chars().map(|c| (KeyCode::Char(c), KeyModifiers::NONE));
    let keys: Vec<_> = keys.into_iter().chain(digits).collect();
    for (seed, (name, config)) in nets().into_iter().enumerate() {
        let mut rng = ChaCha8Rng::seed_from_u64(seed as u64);
        let theme = [RGB, MONO, ASCII][seed % 3];
        let app = App::new(View::new(theme), Speed::Max);
        let trainer = trainer(name, config.clone());
        let mut run = Run { app, name, trainer, config, run: 0, status: Status::Paused, shadow: Shadow::default() };
        let mut pressed = Vec::new();
        for turn in 0..1_500 {
            // Now and then a key comes before the picture that its forerunner asked for.
            if turn > 3 && rng.random_range(0..4) > 0 {
                run.look();
                run.descend();
            }
            let &(code, modifiers) = keys.choose(&mut rng).expect("keys");
            pressed.push(code);
            run.press(KeyEvent::new(code, modifiers));
            run.assert_sound();
            // A question is mostly answered with no, or all would be resets.
            if matches!(run.app.view.overlay, Overlay::Reset(_)) && rng.random_range(0..8) > 0 {
                run.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
            }
            let sizes = [(80, 24), (120, 40), (60, 16), (40, 10), (3, 2), (0, 0), (200, 60)];
            let &size = sizes.choose(&mut rng).expect("sizes");
            drawn(&run.app.view, size);
        }
        assert!(run.trainer.position().step > 0, "{pressed:?}");
    }
}
