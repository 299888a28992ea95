//! Keys at random, on several nets and sizes: nothing panics, whatever is pressed when.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::Task;
use deltascope::keymap::{BINDINGS, action, character};
use deltascope::nn::{Activation, Optimizer, Output, Penalty};
use deltascope::train::{Anew, Batch, Command, Config, Report, Speed, Status, Trainer, Unit};
use deltascope::ui::view::{Overlay, View};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::{ASCII, LABELS, MONO, RGB, drawn, learning, trainer};

/// An application and a trainer that obeys it between two keys.
struct Run {
    app: App,
    name: &'static str,
    trainer: Trainer<f64>,
    config: Config,
    run: u64,
    status: Status,
}

impl Run {
    fn look(&mut self) {
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
            Command::Step(unit) => {
                let steps = if unit == Unit::Batch { 1 } else { 3 };
                self.status = Status::Paused;
                (0..steps).try_for_each(|_| self.trainer.step()).map_err(|divergence| divergence.what)
            }
            Command::Set(setting, to) => self.trainer.set(setting, to),
            Command::Edit(weight, to) => self.trainer.edit(weight, to),
            Command::Undo => self.trainer.undo(),
            Command::Reset(anew) => {
                self.reset(&anew);
                Ok(())
            }
            Command::Speed(_) | Command::Look(_) => Ok(()),
        };
        if let Err(why) = outcome {
            self.app.absorb(Report::Refused(why));
        }
    }

    fn reset(&mut self, anew: &Anew) {
        let config = anew.of(self.trainer.config());
        if config.layers.iter().sum::<usize>() > 64 {
            return;
        }
        self.config = config;
        self.trainer = trainer(self.name, self.config.clone());
        self.run += 1;
    }

    fn press(&mut self, key: KeyEvent) {
        if character(key).is_some_and(|c| self.app.type_in(c)) {
            return;
        }
        if let Some(command) = action(key).and_then(|action| self.app.update(action)) {
            self.obey(command);
        }
        if let Some(Request::Check) = self.app.request.take()
            && let Some(snapshot) = &self.app.view.snapshot
        {
            let checked = crate::checked::checked(snapshot);
            self.app.absorb(Report::Checked(checked));
        }
    }
}

fn nets() -> Vec<(&'static str, Config)> {
    let xor = Config { layers: vec![], lambda: 0.0, batch: Batch::Full, ..Config::default() };
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
        let mut run = Run { app, name, trainer, config, run: 0, status: Status::Paused };
        let mut pressed = Vec::new();
        for turn in 0..1_500 {
            // Now and then a key comes before the picture that its forerunner asked for.
            if turn > 3 && rng.random_range(0..4) > 0 {
                run.look();
            }
            let &(code, modifiers) = keys.choose(&mut rng).expect("keys");
            pressed.push(code);
            run.press(KeyEvent::new(code, modifiers));
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
