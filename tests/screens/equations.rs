//! The table of equations in docs/equations.md: for each numbered equation the keys that show it, pressed as at the terminal.

use std::fs;
use std::path::Path;

use deltascope::app::App;
use deltascope::data::Source;
use deltascope::derivation::book::pages;
use deltascope::derivation::equation;
use deltascope::keymap::{action, presses};
use deltascope::train::Config;
use deltascope::view::Overlay;
use ratatui::layout::Rect;

use crate::{RGB, app, drawn, text, trainer};

/// Equations that are sentences: the book's page has the numbers that they order beside them.
const SENTENCES: [&str; 5] = ["1.3.1", "2.2.6", "2.5.1", "3.1.4", "3.1.5"];

/// The net of the table.
const NET: &str = "--data iris --layers 4,3 --epochs 2";

/// That net after two epochs, paused.
fn net() -> App {
    let source = Source::named("iris");
    let mut app = app(trainer("iris", Config { source, layers: vec![4, 3], ..Config::default() }), 8, RGB);
    app.resize(Rect::new(0, 0, 120, 40));
    app
}

/// The screen after keys, and whether it shows the walk.
fn after(keys: &str) -> (String, bool) {
    let mut app = net();
    for press in presses(keys).expect("keys") {
        app.update(action(press.event).expect("the key is bound"));
    }
    let is_walk = app.view.overlay == Overlay::None && app.view.playhead.is_some();
    (text(&drawn(&app.view, (120, 40))), is_walk)
}

/// The keys that lead to an equation: through the book's contents to its page and to its place there, and with Enter into the walk.
fn keys(number: &str) -> String {
    let is_on = |page: &usize| pages()[*page].page_equations().iter().any(|equation| equation.number == number);
    let page = (0..pages().len()).find(is_on).expect("each equation has a page");
    let place = pages()[page].page_equations().iter().position(|equation| equation.number == number).expect("a place");
    let times = |key: &str, count: usize| match count {
        0 => String::new(),
        1 => format!(" {key}"),
        _ => format!(" {key}*{count}"),
    };
    let enter = if SENTENCES.contains(&number) { "" } else { " Enter" };
    format!("E h*30{}{}{enter}", times("l", page + 1), times("Down", place))
}

/// The table as it stands in the file.
fn table() -> String {
    let mut table = String::from("| equation | keys | shown |\n|---|---|---|\n");
    for equation in equation::ALL {
        let number = equation.number;
        let shown = if SENTENCES.contains(&number) { "on its page of the book" } else { "in the walk" };
        table.push_str(&format!("| ({number}) {} | `{}` | {shown} |\n", equation.words, keys(number)));
    }
    table
}

#[test]
fn the_keys_of_the_table_show_each_equation_with_numbers() {
    for equation in equation::ALL {
        let (number, keys) = (equation.number, keys(equation.number));
        let (screen, is_walk) = after(&keys);
        assert_eq!(is_walk, !SENTENCES.contains(&number), "{number}: {keys}\n{screen}");
        assert!(screen.contains(&format!("({number})")), "{number}: {keys}\n{screen}");
        if is_walk {
            let numbers = screen.lines().filter(|line| line.contains("┃= ") || line.contains("┃(")).count();
            assert!(numbers > 0 && screen.contains(" = "), "{number}: {keys}\n{screen}");
        }
    }
}

#[test]
fn the_table_in_the_docs_is_that_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/equations.md");
    let text = fs::read_to_string(path).expect("it is text");
    assert!(text.contains(NET), "{NET}");
    assert!(text.contains(&table()), "docs/equations.md should have this table:\n\n{}", table());
}
