//! Warnings about the data are on the screen until they are read, and can be read again, on either screen.

use std::sync::Arc;

use crossterm::event::KeyCode;
use deltascope::app::App;
use deltascope::data::sequences::Sequences;
use deltascope::data::{Loaded, SequenceSteps, Source};
use deltascope::keymap::Action;
use deltascope::nn::{Activation, Cell};
use deltascope::train::{Config, Recurrence, RecurrentTrainer, Report, Speed};
use deltascope::ui::svg;
use deltascope::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::{RGB, app, drawn, press, text, trainer};

/// A table with a column of one value, two columns of one name and two classes that differ in case.
const ODD: &str = "tests/screens/odd.csv";
const KEY: KeyCode = KeyCode::Char('!');

#[test]
fn warnings_stand_above_the_keys_until_they_are_read_and_can_be_read_again() {
    let mut app = app(trainer(ODD, Config::default()), 1, RGB);
    let sizes = [(40, 10), (60, 16), (80, 24), (120, 40), (200, 60)];
    let screen = |app: &deltascope::app::App, size| text(&drawn(&app.view, size));
    // Whatever else is looked at, and after whatever key.
    for keys in
        [&[][..], &[KeyCode::Tab], &[KeyCode::Char('z')], &[KeyCode::Char('o')], &[KeyCode::Esc, KeyCode::Char('n')]]
    {
        press(&mut app, keys);
        for size in sizes {
            let lines = screen(&app, size);
            let row = lines.lines().nth(usize::from(size.1) - 2).expect("the row above the keys");
            assert!(row.contains("warnings") && row.ends_with("! shows them"), "{keys:?} {size:?}\n{lines}");
        }
    }
    press(&mut app, &[KeyCode::Esc, KeyCode::Char('z'), KEY]);
    for size in sizes {
        let told = screen(&app, size);
        assert!(told.contains("warnings about the data") && !told.contains("shows them"), "{told}");
    }
    let told = screen(&app, (80, 24));
    for warning in &app.view.warnings.said {
        assert!(told.contains(&warning[..warning.len().min(30)]), "{warning}\n{told}");
    }
    press(&mut app, &[KeyCode::Esc]);
    let read = screen(&app, (200, 60));
    assert!(!read.contains("shows them") && read.contains("! warnings"), "the key is in the footer\n{read}");
    press(&mut app, &[KEY]);
    assert!(screen(&app, (80, 24)).contains("warnings about the data"));
    press(&mut app, &[KEY]);
    assert!(!screen(&app, (80, 24)).contains("warnings about the data"));
}

#[test]
fn without_warnings_there_is_no_row_and_the_key_says_so() {
    let mut app = app(trainer("digits", Config::default()), 1, RGB);
    assert!(!text(&drawn(&app.view, (200, 60))).contains("! warnings"));
    press(&mut app, &[KEY]);
    assert!(text(&drawn(&app.view, (120, 40))).contains("there are no warnings"));
}

#[test]
fn warnings_about_a_table_of_sequences_stand_on_their_screen_too() {
    let source = Source {
        steps: Some(SequenceSteps { id: Some("id".into()), ..SequenceSteps::default() }),
        target: Some("kind".into()),
        ..Source::named("tests/screens/odd_sequences.csv")
    };
    let sequences = Sequences::load(&source).expect("a table of sequences");
    assert!(!sequences.warnings.is_empty());
    let recurrence = Some(Recurrence { cell: Cell::Plain(Activation::Tanh), truncate: None });
    let output = sequences.usual_output();
    let config = Config { source, output, recurrence, layers: vec![3], ..Config::default() };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("it can be split");
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net");
    let mut app = App::new(View::new(RGB), Speed::Max);
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    let screen = |app: &App, (width, height)| {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
        app.view.render(buf.area, &mut buf);
        svg::text(&buf)
    };
    for size in [(40, 10), (80, 24), (120, 40)] {
        assert!(screen(&app, size).contains("! warning"), "{}", screen(&app, size));
    }
    assert!(app.update(Action::Warnings).is_none());
    assert!(screen(&app, (80, 24)).contains("> constant features"), "{}", screen(&app, (80, 24)));
    assert!(app.update(Action::Back).is_none());
    assert!(!screen(&app, (80, 24)).contains("shows it") && screen(&app, (200, 60)).contains("! warnings"));
}
