//! The footer's keys do what they say: in every state of the screen, each key that it names has the effect that it names.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::Task;
use deltascope::keymap::{Panel, action, character};
use deltascope::train::{Command, Config, Unit};
use deltascope::view::{Overlay, View};

use crate::{RGB, app, drawn, learning, text, trainer};

/// What happened after a key.
struct Effect {
    request: Option<Request>,
    before: App,
    after: App,
}

impl Effect {
    fn of(app: &App, code: KeyCode) -> Self {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        let mut after = copy(app);
        let typed = character(key).is_some_and(|c| after.type_in(c));
        let action = action(key).filter(|_| !typed);
        let request = action.and_then(|action| after.update(action));
        Self { request, before: copy(app), after }
    }

    /// What the trainer was told.
    fn command(&self) -> Option<&Command> {
        match &self.request {
            Some(Request::Tell(command)) => Some(command),
            _ => None,
        }
    }

    /// Whether something of the view is another.
    fn changed<T: PartialEq>(&self, what: impl Fn(&View) -> T) -> bool {
        what(&self.before.view) != what(&self.after.view)
    }

    /// Whether the picture is another.
    fn seen(&self) -> bool {
        text(&drawn(&self.before.view, (200, 60))) != text(&drawn(&self.after.view, (200, 60)))
    }

    fn overlay(&self) -> &Overlay {
        &self.after.view.overlay
    }
}

/// The same view, and nothing on the way to the trainer.
fn copy(app: &App) -> App {
    App::new(app.view.clone(), deltascope::train::Speed::Max)
}

/// The footer of an application, on a screen wide enough for all of it.
fn footer(app: &App) -> String {
    text(&drawn(&app.view, (300, 60))).lines().last().expect("a footer").trim().to_string()
}

/// The keys of a hint.
fn keys(hint: &str) -> Vec<KeyCode> {
    let of = |word: &str| match word {
        "Space" => vec![KeyCode::Char(' ')],
        "Enter" => vec![KeyCode::Enter],
        "Esc" => vec![KeyCode::Esc],
        "Tab" => vec![KeyCode::Tab],
        "Backspace" => vec![KeyCode::Backspace],
        "PgUp" => vec![KeyCode::PageUp],
        "PgDn" => vec![KeyCode::PageDown],
        "PgUp/Dn" => vec![KeyCode::PageUp, KeyCode::PageDown],
        "hjkl" => "hjkl".chars().map(KeyCode::Char).collect(),
        "0-9" => vec![KeyCode::Char('4')],
        word if word.chars().count() == 1 => vec![KeyCode::Char(word.chars().next().expect("one"))],
        _ => Vec::new(),
    };
    // The keys stand before the words; "or" and "type," are between two.
    let words: Vec<&str> = hint.split(' ').filter(|word| !["or", "type,"].contains(word)).collect();
    words[..words.len() - 1].iter().map_while(|word| Some(of(word)).filter(|keys| !keys.is_empty())).flatten().collect()
}

/// Whether a key of this hint did what the hint says; `None` for a hint that this does not know.
fn did(hint: &str, code: KeyCode, effect: &Effect) -> Option<bool> {
    let word = hint.rsplit(' ').next().expect("a word");
    let set_or_typed = |view: &View| (view.typed.clone(), view.overlay.clone());
    Some(match word {
        "run/pause" => matches!(effect.command(), Some(Command::Run | Command::Pause)),
        "batch" => matches!(effect.command(), Some(Command::Step(Unit::Batch))),
        "it" => matches!(effect.command(), Some(Command::Step(Unit::Batch))),
        "epoch" => matches!(effect.command(), Some(Command::Step(Unit::Epoch))),
        "speed" => matches!(effect.command(), Some(Command::Speed(_))),
        "reset" => matches!(effect.overlay(), Overlay::Reset(_)),
        "options" => matches!(effect.overlay(), Overlay::Options(_)),
        "book" => matches!(effect.overlay(), Overlay::Book(_)),
        "warnings" => matches!(effect.overlay(), Overlay::Warnings(_)),
        "help" => matches!(effect.overlay(), Overlay::Help(_)),
        "glossary" => matches!(effect.overlay(), Overlay::Glossary(_)),
        "keys" => matches!(effect.overlay(), Overlay::Help(_)),
        "check" => *effect.overlay() == Overlay::Check,
        "Θ" if hint.starts_with("c ") => effect.after.view.message.is_some() || effect.request.is_some(),
        "Θ" => *effect.overlay() == Overlay::Edit,
        "x" => *effect.overlay() == Overlay::Paint,
        "on/off" | "less/more" => effect.changed(|view| view.edited.clone()),
        // White can't be raised, and a sign goes on a number that is typed.
        "brighter" => {
            effect.changed(|view| (view.edited.clone(), view.typed.clone())) || effect.after.view.message.is_some()
        }
        "undo" => effect.changed(|view| view.edited.clone()) || effect.after.view.message.is_some(),
        "leave" => effect.changed(|view| view.cursor.sample) && *effect.overlay() == Overlay::None,
        "panel" => effect.changed(|view| view.focus),
        "zoom" => effect.changed(|view| view.zoomed),
        // One of two opposite keys can always go; which one depends on where the cursor is.
        "move" | "layer" | "column" | "row" | "ladder" | "operand" | "scroll" | "section" | "equation" | "feature" => {
            return None;
        }
        "sample" => effect.changed(|view| view.cursor.sample),
        "quantity" => {
            let shown = |view: &View| (view.activity, view.delta, view.quantity, view.cost, view.health);
            let counted = |view: &View| (view.confusion.held_out, view.decision.shows, view.descent.open);
            effect.changed(shown) || effect.changed(counted) || effect.after.view.message.is_some()
        }
        "descent" => effect.changed(|view| view.descent.open),
        "axis" => effect.changed(|view| view.log_axis),
        "axes" => effect.seen(),
        "scale" => effect.changed(|view| (view.scale, view.shared_scale)),
        "∂J/∂x" => effect.changed(|view| view.input) && effect.seen(),
        "picture" => effect.changed(|view| view.picture) || effect.after.view.message.is_some(),
        // Or it says why there is nothing to explain.
        "explain" => {
            effect.changed(|view| (view.overlay.clone(), view.confusion.list.is_some()))
                || effect.after.view.message.is_some()
        }
        "inside" | "next" => effect.changed(|view| view.playhead),
        "previous" | "start" | "end" => effect.changed(|view| view.playhead),
        "stride" => effect.changed(|view| view.stride),
        "proof" => effect.changed(|view| view.detail),
        "open" => *effect.overlay() == Overlay::Explain,
        // Or it says why the walk has no place for the equation, or first lets the training stop.
        "walk" => {
            let is_said = effect.after.view.message.is_some() || effect.request.is_some();
            effect.changed(|view| view.playhead) || is_said
        }
        "out" => effect.changed(|view| view.playhead) && effect.after.view.playhead.is_none(),
        // A value that is being typed is left first.
        "back" if !effect.before.view.typed.is_empty() => effect.after.view.typed.is_empty(),
        "back" => *effect.overlay() == Overlay::None,
        "yes" => matches!(effect.command(), Some(Command::Reset(_))),
        "no" => effect.command().is_none() && *effect.overlay() == Overlay::None,
        // There is nothing to set before something is typed.
        "set" if code == KeyCode::Enter && effect.before.view.typed.is_empty() => true,
        "set" => effect.changed(set_or_typed) || effect.command().is_some() || effect.after.view.message.is_some(),
        "copy" => matches!(effect.request, Some(Request::Copy(_))),
        "write" => matches!(effect.request, Some(Request::Write(_))),
        "in" => effect.changed(|view| view.inquiries.len()) || effect.after.view.message.is_some(),
        "up" => effect.changed(|view| view.inquiries.len()),
        "terms" => effect.seen() || effect.changed(|view| view.inquiries.clone()),
        "quit" => matches!(effect.request, Some(Request::Quit)),
        _ => panic!("a hint that the test does not know: {hint:?}"),
    })
}

/// Presses every key that the footer names, each from the same state.
fn assert_footer_is_true(app: &App, state: &str) {
    let footer = footer(app);
    assert!(!footer.is_empty(), "{state}");
    for hint in footer.split("  ").map(str::trim).filter(|hint| !hint.is_empty()) {
        let keys = keys(hint);
        assert!(!keys.is_empty(), "{state}: no key in {hint:?} of {footer:?}");
        let effects: Vec<Effect> = keys.iter().map(|&code| Effect::of(app, code)).collect();
        let known: Vec<bool> =
            keys.iter().zip(&effects).filter_map(|(&code, effect)| did(hint, code, effect)).collect();
        // Of keys that move at least one finds room.
        let moves = || {
            // On a screen as large as this a page of the book may be whole, so its place counts, too.
            let places = |effect: &Effect| effect.changed(|view| (view.cursor, view.overlay.clone()));
            effects.iter().any(|effect| effect.seen() || effect.command().is_some() || places(effect))
        };
        assert!(known.iter().all(|&did| did), "{state}: {hint:?} of {footer:?}");
        assert!(!known.is_empty() || moves(), "{state}: {hint:?} moves nothing");
    }
}

fn press(app: &mut App, keys: &[KeyCode]) {
    for &code in keys {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        if !character(key).is_some_and(|c| app.type_in(c)) {
            action(key).and_then(|action| app.update(action));
        }
    }
}

fn ch(c: char) -> KeyCode {
    KeyCode::Char(c)
}

#[test]
fn every_key_that_the_footer_names_does_what_it_says() {
    let deep = Config { layers: vec![5, 4], ..Config::default() };
    let nets = [
        ("digits", deep.clone()),
        ("xor", learning(Task::Binary)),
        ("tests/screens/odd.csv", deep.clone()),
        ("penguins", deep),
    ];
    for (name, config) in nets {
        let start = || app(trainer(name, config.clone()), 3, RGB);
        for panel in Panel::ALL {
            let mut focused = start();
            focused.view.focus = panel;
            assert_footer_is_true(&focused, &format!("{name}, {panel:?}"));
        }
        let states: [(&str, &[KeyCode]); 16] = [
            ("descent", &[ch('4'), ch('v')]),
            ("warnings", &[ch('!')]),
            ("help", &[ch('?')]),
            ("glossary", &[ch('?'), KeyCode::Tab]),
            ("options", &[ch('o')]),
            ("a value typed", &[ch('o'), ch('2')]),
            ("edit", &[ch('3'), ch('t'), ch('1')]),
            ("paint", &[ch('5'), ch('t')]),
            ("a painted number", &[ch('5'), ch('t'), ch('1')]),
            ("a copy", &[ch('5'), ch('t'), ch('2'), KeyCode::Enter, KeyCode::Esc]),
            ("reset", &[ch('r')]),
            ("check", &[ch('c')]),
            ("explanation", &[ch('4'), KeyCode::Enter]),
            ("book", &[ch('6'), ch('E')]),
            ("walk", &[ch('n'), ch('n'), ch('n')]),
            ("the walk's end", &[ch('n'), ch(')'), ch('p')]),
        ];
        for (state, keys) in states {
            let mut app = start();
            // There is nothing to read where nothing is odd.
            if state == "warnings" && app.view.warnings.said.is_empty() {
                continue;
            }
            press(&mut app, keys);
            assert_footer_is_true(&app, &format!("{name}, {state}"));
        }
    }
}
