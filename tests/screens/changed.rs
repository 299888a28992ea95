//! The options of the run, changed by keys: on the ladder, typed, and told as a command line.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::Source;
use deltascope::keymap::{action, character};
use deltascope::number::exact;
use deltascope::train::{Asked, Command, Config, DataFacts, DenseTrainer, Origin, Origins, Report, Speed, Status};
use deltascope::view::{Overlay, View};

use crate::{RGB, drawn, text, trainer};

struct Run {
    app: App,
    trainer: DenseTrainer<f64>,
    /// What the trainer was told beside.
    told: Vec<Command>,
    copied: Option<String>,
}

impl Run {
    fn new() -> Self {
        let mut run = Self {
            app: App::new(View::new(RGB), Speed::Max),
            trainer: trainer("iris", Config::default()),
            told: Vec::new(),
            copied: None,
        };
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
        let Some(action) = action(key) else { return };
        match self.app.update(action) {
            Some(Request::Tell(command)) => self.obey(command),
            Some(Request::Copy(text)) => self.copied = Some(text),
            Some(other) => panic!("{other:?}"),
            None => {}
        }
        self.look();
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Set(setting, to) => self.trainer.set(setting, to).expect("it is allowed"),
            Command::Edit(weight, to) => self.trainer.edit(weight, to).expect("it is allowed"),
            Command::Undo => self.trainer.undo().expect("there is something to undo"),
            other @ (Command::Reset(_) | Command::Speed(_)) => self.told.push(other),
            other => panic!("{other:?}"),
        }
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
    assert_eq!(run.copied, Some(told));
}

#[test]
fn an_option_says_where_its_value_comes_from() {
    let mut run = Run::new();
    let source = Source::named("spiral");
    let dataset = deltascope::data::load(&source).expect("it is made");
    let facts = DataFacts::of_rows(&source, &dataset, (0.2, 1));
    let mut origins = Origins::default();
    origins.set("lambda", Origin::Flag);
    let config = Config { source, origins, ..Config::default() };
    let config = config.suiting(&Asked { lambda: Some(0.5), ..Asked::default() }, facts);
    run.trainer = trainer("spiral", config);
    run.look();
    run.type_in("o");
    for told in
        ["0.5 (flag)", "0.02 (data set)", "10 (data set)", "0.9 (default)", "tanh (data set)", "16,16 (data set)"]
    {
        assert!(run.screen().contains(told), "{told}\n{}", run.screen());
    }
    run.type_in("l");
    assert!(run.screen().contains("1 (changed here)"), "{}", run.screen());
}

#[test]
fn every_option_is_shown_with_its_value() {
    let mut run = Run::new();
    run.type_in("o");
    let shown = run.screen();
    for words in [
        "regularisation strength",
        "learning rate",
        "samples in an update",
        "updates a second",
        "activation of the hidden layers: resets",
        "sizes of the hidden layers: resets",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
}

#[test]
fn the_batch_and_the_speed_are_changed_without_a_reset() {
    let mut run = Run::new();
    run.type_in("ojjl");
    assert!(run.screen().contains("# B 32 → 64 at step 3") && run.screen().contains("B 64"), "{}", run.screen());
    run.type_in("120");
    run.press(KeyCode::Enter);
    assert!(run.screen().contains("full batch"));
    run.type_in("121");
    run.press(KeyCode::Enter);
    assert!(run.screen().contains("B is a whole number from 1 to 120"));
    run.press(KeyCode::Esc);
    run.type_in("j7");
    run.press(KeyCode::Enter);
    assert_eq!(format!("{:?}", run.told), "[Speed(PerSecond(7.0))]");
}

#[test]
fn activation_and_layers_ask_and_then_reset() {
    let mut run = Run::new();
    run.type_in("ojjjjl");
    assert!(run.screen().contains("Start again with tanh in all hidden layers?"), "{}", run.screen());
    run.press(KeyCode::Esc);
    assert!(run.told.is_empty());
    run.type_in("ojjjjj12,0");
    run.press(KeyCode::Enter);
    assert!(run.screen().contains("each hidden layer has 1 to 65536 units"), "{}", run.screen());
    run.press(KeyCode::Backspace);
    run.type_in("7");
    run.press(KeyCode::Enter);
    assert!(run.screen().contains("Start again with hidden layers of 12,7 units?"), "{}", run.screen());
    run.press(KeyCode::Enter);
    assert_eq!(format!("{:?}", run.told), "[Reset(Layers([12, 7]))]");
}

#[test]
fn a_weight_is_set_by_hand_and_taken_back_while_nothing_moves() {
    let mut run = Run::new();
    let was = run.trainer.model().theta(1)[[0, 1]];
    run.type_in("t-1.25");
    assert!(run.screen().contains(&format!("Θ^(1)[1,1] is {}", exact(was))), "{}", run.screen());
    assert!(run.screen().contains("new value: -1.25_"));
    run.press(KeyCode::Enter);
    assert_eq!(run.trainer.model().theta(1)[[0, 1]], -1.25);
    assert!(run.screen().contains("-1.25") && run.screen().contains("Θ^(1)[1,1] is set by hand; U takes it back"));
    run.type_in("o");
    assert!(run.screen().contains(&format!("# Θ^(1)[1,1] {was} → -1.25 at step 3")), "{}", run.screen());
    run.press(KeyCode::Esc);
    run.type_in("U");
    assert_eq!(run.trainer.model().theta(1)[[0, 1]], was);
    run.type_in("tx");
    run.press(KeyCode::Enter);
    assert!(run.screen().contains("a weight is a number from -1000000 to 1000000"));
    run.press(KeyCode::Esc);
    assert_eq!(run.app.view.overlay, Overlay::None);
}

#[test]
fn a_weight_is_not_set_while_the_training_runs() {
    let mut run = Run::new();
    let mut snapshot = run.trainer.snapshot(None);
    snapshot.status = Status::Running;
    run.app.absorb(Report::Snapshot(snapshot));
    for key in ['t', 'U'] {
        let action = action(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)).expect("the key is bound");
        assert!(run.app.update(action).is_none());
        assert!(run.screen().contains("a weight is set between two updates: pause first"));
        assert_eq!(run.app.view.overlay, Overlay::None);
    }
}
