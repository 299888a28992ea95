//! The book on the screen: it opens at the equation at hand, is read with keys, and leaves everything as it was.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::Task;
use deltascope::derivation::book::{PageEquation, Section, pages};
use deltascope::derivation::{Sample, Subject, explain, explain_by, letter};
use deltascope::keymap::action;
use deltascope::nn::{Activation, Cell, Optimizer, Output, Penalty};
use deltascope::number::brief;
use deltascope::train::{Command, Config, Report, Schedule, Snapshot, Speed, Status};
use deltascope::view::{BookPlace, Overlay, View};
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use KeyCode::{Char, Down, Enter, Esc, Left, PageDown, Right, Up};

use crate::{ASCII, RGB, app, digits, drawn, learning, press, screen, text, through_time, trainer};

/// The book open at an equation of a page, or so many lines below it.
pub fn open(page: usize, chosen: usize, from: Option<i64>) -> Overlay {
    Overlay::Book(BookPlace { page, chosen, from, under: Box::default() })
}

/// Iris after an update, paused.
fn iris(config: Config) -> App {
    let mut app = app(trainer("iris", Config { layers: vec![5], ..config }), 1, RGB);
    app.resize(Rect::new(0, 0, 120, 40));
    app
}

/// Number of the page that is open, and that of the equation that is chosen there.
fn place(app: &App) -> (usize, Option<&'static str>) {
    match &app.view.overlay {
        Overlay::Book(place) => {
            let section = place.page.checked_sub(1).map(|page| pages()[page].page_equations());
            (place.page, section.and_then(|all| Some(all.get(place.chosen)?.number)))
        }
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
    assert!(shown.contains("of this net, sample 1, layer 2, unit 1:"), "{shown}");
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
    let shown = |app: &App| text(&drawn(&app.view, (80, 24)));
    press(&mut app, &[Char('9'), Char('E')]);
    assert!(shown(&app).contains("book: contents") && shown(&app).contains("3.2  Softmax"), "{}", shown(&app));
    press(&mut app, &[Left]);
    assert_eq!(place(&app).0, 0);
    press(&mut app, &[Right, Right]);
    assert!(shown(&app).contains("book: 1.2 The cost"), "{}", shown(&app));
    let top = shown(&app);
    press(&mut app, &[Down, Down]);
    assert_ne!(shown(&app), top);
    press(&mut app, &[Up; 9]);
    assert_eq!(shown(&app), top);
    press(&mut app, &[Char('G'), Char('G'), Down, PageDown]);
    let bottom = shown(&app);
    assert!(bottom.contains(" above") && !bottom.contains(" below"), "{bottom}");
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
        view.overlay = open(page, 0, Some(i64::MIN));
        view.follow();
        let shown = text(&drawn(&view, (120, 260)));
        let body: Vec<&str> = shown.lines().skip(2).collect();
        for line in body {
            assert!(line.is_ascii() && !line.contains('?'), "{line}");
        }
        assert!(shown.contains("+0") || !shown.contains(" lines above"), "all of it is there");
    }
}

/// An application of each kind that has other equations than the others.
fn apps() -> Vec<(&'static str, App)> {
    let iris = |config: Config| app(trainer("iris", Config { layers: vec![5, 4], ..config }), 2, RGB);
    let softmax = Config {
        output: Output::Softmax,
        activation: vec![Activation::Tanh],
        optimizer: Optimizer::Adam,
        schedule: Schedule::Inverse { epochs: 2 },
        clip: Some(0.01),
        ..Config::default()
    };
    let other = Config {
        output: Output::SigmoidMse,
        activation: vec![Activation::Relu, Activation::Gelu],
        optimizer: Optimizer::AdamW,
        penalty: Penalty::L1,
        dropout: 0.3,
        ..Config::default()
    };
    let flat = Config { layers: vec![], penalty: Penalty::None, optimizer: Optimizer::Nesterov, ..Config::default() };
    let mut all = vec![
        ("sigmoid", iris(Config::default())),
        ("softmax", iris(softmax)),
        ("other", iris(other)),
        ("flat", app(trainer("iris", flat), 0, RGB)),
        ("numbers", app(trainer("tests/learns/two_targets_regression.csv", learning(Task::Regression)), 1, RGB)),
    ];
    for (name, cell) in [("plain", Cell::Plain(Activation::Tanh)), ("gru", Cell::Gru), ("lstm", Cell::Lstm)] {
        all.push((name, through_time::app(through_time::trainer("parity", cell, through_time::quick()), 2, RGB)));
    }
    all
}

/// Every equation of every page, with the number of the page and its place there.
fn equations() -> impl Iterator<Item = (usize, usize, PageEquation)> {
    let of = |(page, section): (usize, &'static Section)| {
        section.page_equations().into_iter().enumerate().map(move |(chosen, equation)| (page, chosen, equation))
    };
    (1..).zip(pages()).flat_map(of)
}

/// Equations that a net has, or all have, and that no step of an update is: of Θ before the first update, of δ with dropout, which is not
/// proved step by step, and of ∂J/∂x.
const NO_STEPS: [(&str, &str); 2] = [("", "3.2 start"), ("flat", "2.3.3")];

#[test]
fn enter_goes_to_each_equation_that_the_net_has_in_the_walk_and_says_why_it_lacks_the_others() {
    for (name, start) in apps() {
        let mut had = 0;
        for (page, chosen, equation) in equations() {
            let mut app = App::new(start.view.clone(), Speed::Max);
            app.view.overlay = open(page, chosen, None);
            // Dropout leaves units out of the samples of the batch alone.
            app.view.cursor.sample.row = app.view.snapshot.as_ref().expect("a snapshot").batch[0];
            app.view.follow();
            let beside = app.view.numbers_beside(page)[chosen].clone();
            if beside.lines.is_empty() {
                continue;
            }
            let told = format!("{name}: ({}) {} {beside:?}", equation.number, equation.symbols());
            assert!(!beside.source.contains("does not have it"), "{told}");
            let has = beside.source.starts_with("of this net");
            press(&mut app, &[Enter]);
            if !has || NO_STEPS.iter().any(|&(of, number)| number == equation.number && [name, ""].contains(&of)) {
                let message = app.view.message.clone().expect(&told);
                assert!(
                    message.contains(equation.number) && !message.contains("does not have it"),
                    "{told}: {message}"
                );
                assert_eq!(place(&app), (page, Some(equation.number)), "{told}");
                continue;
            }
            had += 1;
            assert_eq!(app.view.overlay, Overlay::None, "{told}: {:?}", app.view.message);
            let walked = app.view.walked().expect(&told);
            let snapshot = app.view.snapshot.as_deref().expect("a snapshot");
            let explanation = explain_by(walked.subject, walked.by, (snapshot, None)).expect(&told);
            assert!(equation.is(&explanation.equation), "{told}: {explanation:?}");
            let shown = screen(&app);
            assert!(shown.contains(&format!("({})", explanation.equation.number)), "{told}\n{shown}");
            press(&mut app, &[Char('E')]);
            assert_eq!(place(&app).1, Some(explanation.equation.number), "{told}: back where it was");
        }
        assert!(had > 20, "{name} {had}");
    }
}

#[test]
fn the_numbers_are_of_what_is_looked_at_and_the_walk_goes_there() {
    let mut app = iris(Config { layers: vec![5], ..Config::default() });
    press(&mut app, &[Char('2'), Char('s'), Char('s'), Down, Down, Enter, Char('E')]);
    let sample = app.view.cursor.sample.row + 1;
    let shown = screen(&app);
    assert!(shown.contains(&format!("of this net, sample {sample}, layer 2, unit 3:")), "{shown}");
    let explained = explain(
        Subject::unit(letter::DELTA, 2, (app.view.cursor.sample, 2)),
        app.view.snapshot.as_deref().expect("a snapshot"),
    );
    let value = brief(explained.expect("it is there").value);
    assert!(shown.contains(&format!("= {value} ")), "{value}\n{shown}");
    let mut away = App::new(app.view.clone(), Speed::Max);
    press(&mut away, &[Enter]);
    let first = away.view.snapshot.as_ref().expect("a snapshot").batch[0] + 1;
    let told = format!("sample {sample} is not in the next batch: this is sample {first}, the first of it");
    assert!(screen(&away).contains(&told), "{}", screen(&away));
    // Its batch holds another sample, which the walk goes through.
    let row = app.view.snapshot.as_ref().expect("a snapshot").batch[3];
    app.view.cursor.sample = Sample::of(false, row);
    app.view.follow();
    press(&mut app, &[Enter]);
    assert_eq!((app.view.cursor.sample.row, app.view.cursor.j), (row, 2));
    assert!(screen(&app).contains("δ^(2)_3 = "), "{}", screen(&app));
}

#[test]
fn the_numbers_follow_the_run_and_the_walk_waits_until_it_has_stopped() {
    let mut trainer = trainer("iris", Config::default());
    let mut app = app_of(&mut trainer);
    press(&mut app, &[Char('2'), Enter, Char('E')]);
    let mut seen = vec![screen(&app)];
    for _ in 0..3 {
        trainer.step().expect("it does not diverge");
        app.absorb(Report::Snapshot(running(&mut trainer, Status::Running)));
        seen.push(screen(&app));
        let net = app.view.snapshot.as_deref().expect("a snapshot");
        let value = brief(explain(Subject::unit(letter::DELTA, 2, (app.view.cursor.sample, 0)), net).expect("δ").value);
        assert!(seen.last().is_some_and(|shown| shown.contains(&format!("= {value} "))), "{value}");
    }
    let line = |shown: &String| shown.lines().position(|line| line.contains("(2.5.8)"));
    assert!(seen.iter().all(|shown| line(shown) == line(&seen[0])), "its line stays where it is");
    let key = KeyEvent::new(Enter, KeyModifiers::NONE);
    let request = app.update(action(key).expect("it is bound"));
    assert!(matches!(request, Some(Request::Tell(Command::Pause))), "{request:?}");
    app.absorb(Report::Snapshot(running(&mut trainer, Status::Running)));
    assert!(matches!(app.view.overlay, Overlay::Book(_)), "it has not stopped yet");
    trainer.step().expect("it does not diverge");
    app.absorb(Report::Snapshot(running(&mut trainer, Status::Paused)));
    let shown = screen(&app);
    assert!(app.view.playhead.is_some() && shown.contains("δ^(2)_1 = ") && shown.contains("(2.5.8)"), "{shown}");
}

/// The application with a trainer's present picture.
fn app_of(trainer: &mut deltascope::train::DenseTrainer<f64>) -> App {
    let mut app = App::new(View::new(RGB), Speed::Max);
    app.resize(Rect::new(0, 0, 120, 40));
    app.absorb(Report::Snapshot(running(trainer, Status::Running)));
    app
}

/// A trainer's present picture, in a state.
fn running(trainer: &mut deltascope::train::DenseTrainer<f64>, status: Status) -> Box<Snapshot> {
    Box::new(Snapshot { status, ..*trainer.snapshot(None) })
}

#[test]
fn the_chosen_equation_stands_out_and_only_where_there_is_one() {
    let mut view = digits(1, RGB);
    for (page, is_there) in [(0, false), (8, true), (21, false), (22, false)] {
        view.overlay = open(page, 0, Some(i64::MIN));
        view.follow();
        let buf = drawn(&view, (100, 60));
        let reversed = buf.content.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED));
        assert_eq!(reversed, is_there, "page {page}\n{}", text(&buf));
        let yellow = view.theme.warn().fg;
        let body = &buf.content[200..buf.content.len() - 100];
        assert!(body.iter().all(|cell| Some(cell.fg) != yellow), "nothing in the book is a warning");
    }
}

#[test]
fn book_80x24() {
    let mut view = digits(1, RGB);
    view.overlay = open(8, 7, None);
    view.follow();
    insta::assert_snapshot!(text(&drawn(&view, (80, 24))));
}

#[test]
fn book_120x40() {
    let mut view = digits(1, RGB);
    view.overlay = open(7, 5, None);
    view.follow();
    insta::assert_snapshot!(text(&drawn(&view, (120, 40))));
}

#[test]
fn book_lstm_120x40() {
    let mut app = through_time::app(through_time::trainer("remember", Cell::Lstm, through_time::quick()), 20, RGB);
    app.view.overlay = open(20, 4, None);
    app.view.follow();
    insta::assert_snapshot!(text(&drawn(&app.view, (120, 40))));
}

#[test]
fn book_of_another_net_120x40() {
    let mut view = digits(1, RGB);
    view.overlay = open(16, 3, None);
    view.follow();
    insta::assert_snapshot!(text(&drawn(&view, (120, 40))));
}
