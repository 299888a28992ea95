//! The book on the screen: it opens at the equation at hand, is read with keys, and leaves everything as it was.

use crossterm::event::KeyCode;
use deltascope::derivation::book::pages;
use deltascope::nn::{Activation, Cell, Output};
use deltascope::train::Config;
use deltascope::view::{BookPlace, Overlay};
use ratatui::layout::Rect;

use KeyCode::{Char, Down, Enter, Esc, Left, PageDown, Right, Up};

use crate::{ASCII, RGB, app, digits, drawn, press, screen, text, through_time, trainer};

/// The book open at a page.
pub fn open(page: usize, equation: Option<&'static str>, scrolled: Option<usize>) -> Overlay {
    Overlay::Book(BookPlace { page, equation, scrolled, under: Box::default() })
}

/// Iris after an update, paused.
fn iris(config: Config) -> deltascope::app::App {
    let mut app = app(trainer("iris", Config { layers: vec![5], ..config }), 1, RGB);
    app.resize(Rect::new(0, 0, 120, 40));
    app
}

/// Number of the page that is open, and that of the equation it was opened for.
fn place(app: &deltascope::app::App) -> (usize, Option<&'static str>) {
    match &app.view.overlay {
        Overlay::Book(place) => (place.page, place.equation),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_opens_at_the_equation_that_is_explained_and_goes_back_there() {
    let mut app = iris(Config::default());
    press(&mut app, &[Char('2'), Enter]);
    let before = screen(&app);
    press(&mut app, &[Char('E')]);
    let shown = screen(&app);
    assert_eq!(place(&app), (8, Some("2.5.8")));
    assert!(shown.contains("book: 2.5 δ of the hidden layers") && shown.contains("page 8 of 22"), "{shown}");
    assert!(shown.contains(">     (2.5.8) δ^(l)_i ="), "{shown}");
    assert!(shown.contains("the numbers are of the 3-3-3-3 net on page 21, not of this run"), "{shown}");
    press(&mut app, &[Esc]);
    assert_eq!(screen(&app), before);
    press(&mut app, &[Enter, Char('E')]);
    assert_eq!(place(&app), (6, Some("2.3.3")), "the first operand is what comes back");
}

#[test]
fn it_opens_at_the_equation_of_the_walk_and_leaves_the_walk_where_it_was() {
    let mut app = iris(Config::default());
    press(&mut app, &[Char('n'), Char('u'), Char('n'), Char('n'), Char('n')]);
    let (at, before) = (app.view.playhead, screen(&app));
    press(&mut app, &[Char('E')]);
    assert_eq!(place(&app), (1, Some("1.1.3")), "{before}");
    press(&mut app, &[Char('E')]);
    assert_eq!((app.view.playhead, screen(&app)), (at, before));
}

#[test]
fn it_opens_at_the_equation_of_the_number_under_the_cursor_or_of_the_panel() {
    for (key, page, equation) in [
        ('1', 1, Some("1.1.3")),
        ('2', 8, Some("2.5.8")),
        ('4', 3, Some("1.3.2")),
        ('5', 2, Some("1.2.1")),
        ('6', 2, Some("1.2.5")),
        ('8', 10, Some("3.1.2")),
        ('9', 0, None),
    ] {
        let mut app = iris(Config::default());
        press(&mut app, &[Char(key), Char('E')]);
        assert_eq!(place(&app), (page, equation), "{key}");
    }
    let mut app = iris(Config { output: Output::Softmax, ..Config::default() });
    press(&mut app, &[Char('5'), Char('E')]);
    assert_eq!(place(&app), (11, Some("3.2 softmax")));
}

#[test]
fn of_a_recurrent_net_it_opens_at_the_page_of_its_cell() {
    for (cell, page) in [(Cell::Plain(Activation::Tanh), 18), (Cell::Gru, 19), (Cell::Lstm, 20)] {
        let mut app = through_time::app(through_time::trainer("remember", cell, through_time::quick()), 1, RGB);
        for keys in [&[Char('2')][..], &[Char('4'), Enter], &[Esc, Char('2'), Enter]] {
            press(&mut app, keys);
            press(&mut app, &[Char('E')]);
            assert_eq!(place(&app).0, page, "{cell:?} {keys:?}");
            press(&mut app, &[Esc]);
        }
    }
}

#[test]
fn keys_turn_its_pages_and_scroll_without_dead_ends() {
    let mut app = iris(Config::default());
    app.resize(Rect::new(0, 0, 80, 24));
    let shown = |app: &deltascope::app::App| text(&drawn(&app.view, (80, 24)));
    press(&mut app, &[Char('9'), Char('E')]);
    assert!(shown(&app).contains("book: contents") && shown(&app).contains("3.2  Softmax"), "{}", shown(&app));
    press(&mut app, &[Left]);
    assert_eq!(place(&app).0, 0);
    press(&mut app, &[Right, Right]);
    assert!(shown(&app).contains("book: 1.2 The cost"), "{}", shown(&app));
    let top = shown(&app);
    press(&mut app, &[Down, Down]);
    assert_ne!(shown(&app), top);
    press(&mut app, &[Up, Up]);
    assert_eq!(shown(&app), top);
    press(&mut app, &[Char('G'), Char('G'), Down, PageDown]);
    let bottom = shown(&app);
    assert!(bottom.contains(", 0 below") || bottom.contains(" +0"), "{bottom}");
    press(&mut app, &[Up]);
    assert_ne!(shown(&app), bottom, "the first key up moves");
    press(&mut app, &[Char('g')]);
    assert_eq!(shown(&app), top);
    press(&mut app, &[Right; 40]);
    assert_eq!(place(&app).0, pages().len());
}

#[test]
fn every_page_can_be_spelt_in_ascii() {
    let mut view = digits(1, ASCII);
    for page in 0..=pages().len() {
        view.overlay = open(page, None, Some(0));
        let shown = text(&drawn(&view, (120, 200)));
        let body: Vec<&str> = shown.lines().skip(2).collect();
        for line in body {
            assert!(line.is_ascii() && !line.contains('?'), "{line}");
        }
        assert!(shown.contains("+0") || !shown.contains(" lines above"), "all of it is there");
    }
}

#[test]
fn the_numbers_always_say_that_they_are_not_of_this_run() {
    let mut view = digits(1, RGB);
    for (page, section) in (1..).zip(pages()) {
        view.overlay = open(page, None, Some(0));
        for size in [(40, 12), (80, 24), (200, 60)] {
            let shown = text(&drawn(&view, size));
            let has_numbers = section.number.starts_with(['1', '2']) || section.name == "example";
            assert!(!has_numbers || shown.contains("net on page 21"), "{size:?}\n{shown}");
        }
    }
}

#[test]
fn book_80x24() {
    let mut view = digits(1, RGB);
    view.overlay = open(8, Some("2.5.8"), None);
    insta::assert_snapshot!(text(&drawn(&view, (80, 24))));
}

#[test]
fn book_120x40() {
    let mut view = digits(1, RGB);
    view.overlay = open(7, Some("2.4.6"), None);
    insta::assert_snapshot!(text(&drawn(&view, (120, 40))));
}
