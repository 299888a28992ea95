//! The glossary behind the keys: turned to with Tab, scrolled line by line, with the symbols and shapes of the network at hand.

use crossterm::event::KeyCode;
use deltascope::app::App;
use deltascope::derivation::glossary::of_network;
use deltascope::nn::{Activation, Cell, Optimizer};
use deltascope::train::{Config, Speed};
use deltascope::ui::glossary::about;
use deltascope::view::Overlay;
use ratatui::layout::Rect;

use KeyCode::{Char, Down, Esc, PageDown, PageUp, Tab, Up};

use crate::{ASCII, RGB, app, drawn, press, text, through_time, trainer};

/// Iris after an update, with the glossary open.
fn iris(size: (u16, u16)) -> App {
    let mut app = app(trainer("iris", Config { layers: vec![5], ..Config::default() }), 1, RGB);
    app.resize(Rect::new(0, 0, size.0, size.1));
    press(&mut app, &[Char('?'), Tab]);
    app
}

fn lstm(size: (u16, u16)) -> App {
    let mut app = through_time::app(through_time::trainer("remember", Cell::Lstm, through_time::quick()), 1, RGB);
    app.resize(Rect::new(0, 0, size.0, size.1));
    press(&mut app, &[Char('?'), Tab]);
    app
}

fn shown(app: &App, size: (u16, u16)) -> String {
    text(&drawn(&app.view, size))
}

/// All of it, page by page.
fn whole(app: &mut App, size: (u16, u16)) -> String {
    let mut all = String::new();
    loop {
        let before = app.view.overlay.clone();
        all.push_str(&shown(app, size));
        press(app, &[PageDown]);
        if app.view.overlay == before {
            return all;
        }
    }
}

#[test]
fn tab_turns_between_keys_and_glossary_and_both_go_back_to_the_panels() {
    let size = (80, 24);
    let mut app = iris(size);
    assert!(shown(&app, size).contains("> glossary") && shown(&app, size).contains("Tab: keys"));
    press(&mut app, &[Tab]);
    assert!(shown(&app, size).contains("> keys") && shown(&app, size).contains("Tab: glossary"));
    press(&mut app, &[KeyCode::BackTab]);
    assert!(matches!(app.view.overlay, Overlay::Glossary(0)));
    for key in [Esc, Char('?')] {
        press(&mut app, &[key]);
        assert_eq!(app.view.overlay, Overlay::None);
        press(&mut app, &[Char('?'), Tab]);
    }
}

#[test]
fn it_scrolls_without_dead_ends() {
    let size = (80, 24);
    let mut app = iris(size);
    let top = shown(&app, size);
    press(&mut app, &[Down, Down, PageDown]);
    assert_ne!(shown(&app, size), top);
    press(&mut app, &[PageUp, Up, Up]);
    assert_eq!(shown(&app, size), top);
    press(&mut app, &[Char('G'), Down, PageDown]);
    let bottom = shown(&app, size);
    assert!(bottom.contains(" above") && !bottom.contains(" below"), "{bottom}");
    press(&mut app, &[Up]);
    assert_ne!(shown(&app, size), bottom, "the first key up moves");
    press(&mut app, &[Char('g')]);
    assert_eq!(shown(&app, size), top);
}

#[test]
fn it_has_the_letters_and_the_shapes_of_the_network_at_hand() {
    let size = (120, 40);
    let all = whole(&mut iris(size), size);
    assert!(all.contains("δ is ∂J^(b)/∂z^(l) of one sample (2.5.1)"), "{all}");
    assert!(all.contains("Θ^(l): S_{l+1} × (S_l + 1); here Θ^(1) 5 × 5, Θ^(2) 3 × 6"), "{all}");
    assert!(all.contains("m = 120") && !all.contains("g^f") && !all.contains("recurrent"), "{all}");
    let all = whole(&mut lstm(size), size);
    assert!(all.contains("g^f is the forget gate") && all.contains("here 6 at each step t = 1 … 12"), "{all}");
    assert!(all.contains("Θ^x: GH × (S_1 + 1); here 24 × 5") && all.contains("G = 4"), "{all}");
    assert!(!all.contains("a^(L)") && !all.contains("g^r") && !all.contains("Θ^(l)"), "{all}");
}

#[test]
fn every_symbol_is_spelt_in_ascii() {
    for mut app in [iris((120, 40)), lstm((120, 40))] {
        app.view.theme = ASCII;
        let all = whole(&mut app, (120, 40));
        let body = all.lines().filter(|line| !line.contains(" ? or Esc back"));
        body.for_each(|line| assert!(line.is_ascii() && !line.contains('?'), "{line}"));
    }
}

#[test]
fn it_is_drawn_as_in_these_pictures() {
    for (name, size) in [("glossary_80x24", (80, 24)), ("glossary_120x40", (120, 40))] {
        let mut app = iris(size);
        press(&mut app, &[PageDown]);
        insta::assert_snapshot!(name, shown(&app, size));
    }
    for (name, size) in [("glossary_lstm_80x24", (80, 24)), ("glossary_lstm_120x40", (120, 40))] {
        let mut app = lstm(size);
        press(&mut app, &[PageDown]);
        insta::assert_snapshot!(name, shown(&app, size));
    }
}

/// The panels and keys that an entry names: `panel 2, delta (2, then v)`.
fn named_places(screen: &str) -> Vec<Vec<KeyCode>> {
    let inside = screen.split("panel ").skip(1).filter_map(|part| part.split('(').nth(1)?.split(')').next());
    let keys = inside.map(|inside| inside.split(", ").filter(|part| !part.starts_with("in a ")));
    let code = |key: &str| match key.trim_start_matches("then ") {
        "Enter" => KeyCode::Enter,
        key => Char(key.chars().next().expect("a key")),
    };
    keys.map(|keys| keys.map(code).collect()).collect()
}

#[test]
fn what_a_panel_is_said_to_show_it_shows() {
    let quick = Config { optimizer: Optimizer::Adam, ..Config::default() };
    let dense = app(trainer("iris", Config { layers: vec![5], ..quick }), 1, RGB);
    let cells = [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm];
    let nets =
        cells.map(|cell| through_time::app(through_time::trainer("remember", cell, through_time::quick()), 1, RGB));
    for net in nets.into_iter().chain([dense]) {
        let (view, size) = (net.view.clone(), (200, 60));
        let snapshot = view.snapshot.as_ref().expect("a snapshot");
        for entry in of_network(snapshot) {
            let [_, _, (_, screen)] = about(&entry, Some(view.recurrent().is_some()));
            let names: Vec<String> = entry.symbols.iter().cloned().chain([entry.name.to_string()]).collect();
            let names: Vec<&str> =
                names.iter().map(|name| name.split("^(l").next().expect("a part").trim_end_matches("_t")).collect();
            for keys in named_places(&screen) {
                let mut app = App::new(view.clone(), Speed::Max);
                app.resize(Rect::new(0, 0, size.0, size.1));
                press(&mut app, &[keys[0], Char('z'), PageDown]);
                let mut seen = Vec::new();
                let is_there = (0..48).any(|at| {
                    // Another layer or Θ after all that a key goes through.
                    let turn: &[KeyCode] = if at % 16 == 15 { &[PageUp] } else { &[] };
                    press(&mut app, turn);
                    press(&mut app, &keys[1..]);
                    let body = shown(&app, size).lines().skip(2).collect::<Vec<_>>().join("\n");
                    let found = names.iter().chain(&entry.shown).chain(entry.aliases).any(|name| body.contains(name));
                    seen.push(body);
                    found
                });
                assert!(is_there, "{} {screen}\n{}", entry.name, seen[0]);
            }
        }
    }
}
