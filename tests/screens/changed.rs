//! The options of the run, changed by keys: on the ladder, typed, and told as a command line.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::keymap::{action, character};
use deltascope::train::{Command, Config, Report, Setting, Speed, Trainer};
use deltascope::ui::view::{Overlay, View};

use crate::{RGB, drawn, text, trainer};

struct Run {
    app: App,
    trainer: Trainer<f64>,
}

impl Run {
    fn new() -> Self {
        let mut run = Self { app: App::new(View::new(RGB), Speed::Max), trainer: trainer("iris", Config::default()) };
        (0..3).for_each(|_| run.trainer.step().expect("it does not diverge"));
        run.look();
        run
    }

    fn look(&mut self) {
        self.app.absorb(Report::Snapshot(self.trainer.snapshot(None)));
    }

    /// Presses a key as the terminal's side does, and lets the trainer obey.
    fn press(&mut self, code: KeyCode) {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        if character(key).is_some_and(|c| self.app.type_in(c)) {
            return;
        }
        match self.app.update(action(key).expect("the key is bound")) {
            Some(Command::Set(setting, to)) => self.trainer.set(setting, to),
            Some(other) => panic!("{other:?}"),
            None => {}
        }
        self.look();
    }

    fn type_in(&mut self, text: &str) {
        text.chars().for_each(|c| self.press(KeyCode::Char(c)));
    }

    fn screen(&self) -> String {
        text(&drawn(&self.app.view, (120, 40)))
    }
}

#[test]
fn lambda_and_alpha_go_up_and_down_the_ladder_while_the_run_goes_on() {
    let mut run = Run::new();
    run.type_in("olljh");
    assert!(run.screen().contains("λ 10") && run.screen().contains("α 0.3"), "{}", run.screen());
    assert!(run.screen().contains("# λ 1 → 3 at step 3") && run.screen().contains("# α 0.5 → 0.3 at step 3"));
    run.press(KeyCode::Esc);
    assert_eq!(run.app.view.overlay, Overlay::None);
}

#[test]
fn a_value_can_be_typed_and_a_wrong_one_is_refused_with_what_is_allowed() {
    let mut run = Run::new();
    run.type_in("o2.5e-1");
    assert!(run.screen().contains("→ 2.5e-1_"));
    run.press(KeyCode::Enter);
    assert_eq!(run.trainer.config().lambda, 0.25);
    run.type_in("j0");
    run.press(KeyCode::Enter);
    assert!(run.screen().contains("α is a number above 0 up to 1000000"));
    run.press(KeyCode::Backspace);
    run.type_in(".75");
    run.press(KeyCode::Enter);
    assert_eq!(run.trainer.config().alpha, 0.75);
    run.type_in("9");
    run.press(KeyCode::Esc);
    assert!(
        run.app.view.typed.is_empty() && run.app.view.overlay != Overlay::None,
        "Esc takes back what was typed first"
    );
}

#[test]
fn the_command_line_of_the_run_is_copied_with_its_changes() {
    let mut run = Run::new();
    run.type_in("ohy");
    let told = "deltascope --data iris\n# λ 1 → 0.3 at step 3".to_string();
    assert_eq!(run.app.request.take(), Some(Request::Copy(told)));
}

#[test]
fn every_setting_is_shown_with_its_value() {
    let mut run = Run::new();
    run.type_in("o");
    for setting in Setting::ALL {
        assert!(run.screen().contains(setting.words()), "{}", setting.words());
    }
}
