//! The glossary behind the keys: turned to with Tab, scrolled line by line, with the symbols and shapes of the network at hand.

use crossterm::event::KeyCode;
use deltascope::app::App;
use deltascope::nn::Cell;
use deltascope::train::Config;
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
    assert!(bottom.contains("0 below"), "{bottom}");
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
