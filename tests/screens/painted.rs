//! Inputs set by hand in a copy of the sample: by keys and by the mouse, marked in every title, taken back, left, and never trained on.

use crossterm::event::KeyCode;
use deltascope::app::App;
use deltascope::derivation::{EditedSample, Subject, Trace, letter};
use deltascope::keymap::Panel;
use deltascope::nn::Cell;
use deltascope::train::{Config, Report, Speed, Status};
use deltascope::ui::panels;
use deltascope::ui::screen::Places;
use deltascope::view::{Inquiry, Overlay, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::pictures::rounded;
use crate::through_time::{self, quick};
use crate::{ASCII, RGB, app, drawn, press, screen, text, trainer};

use KeyCode::{Backspace, Char, Enter, Esc};

const AREA: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };

/// Presses keys as at the terminal, where a digit is typed if it can be; none of them tells the trainer anything.
fn keys(app: &mut App, keys: &str) {
    for c in keys.chars() {
        let code = match c {
            '⏎' => Enter,
            '⎋' => Esc,
            '⌫' => Backspace,
            c if app.type_in(c) => continue,
            c => Char(c),
        };
        press(app, &[code]);
    }
}

fn copy(view: &View) -> &EditedSample {
    view.edited.as_ref().expect("a copy")
}

#[test]
fn a_typed_number_is_set_in_a_copy_and_everything_of_the_sample_follows() {
    let mut app = app(trainer("iris", Config { layers: vec![5], ..Config::default() }), 3, RGB);
    let before = app.view.trace.clone().expect("a trace");
    keys(&mut app, "5tjj2.5");
    assert!(
        screen(&app).contains("new value: 2.5_") && screen(&app).contains("petal_length is 1.4"),
        "{}",
        screen(&app)
    );
    keys(&mut app, "⏎");
    assert_eq!(copy(&app.view).read[[0, 2]], 2.5);
    let trace = app.view.trace.clone().expect("a trace");
    assert_eq!(
        Some(&trace),
        Trace::of_edited(copy(&app.view), app.view.snapshot.as_ref().expect("a snapshot")).as_ref()
    );
    assert!(trace.a(1) != before.a(1) && trace.h() != before.h() && trace.delta(2) != before.delta(2));
    assert_eq!(trace.y(), before.y());
    keys(&mut app, "⎋");
    assert!(app.view.overlay == Overlay::None && app.view.edited.is_some(), "the copy stays");
    let shown = screen(&app);
    for title in ["1 edited: ", "2 edited: ", "4 edited: ", "5 edited: "] {
        assert!(shown.contains(title), "{title}: {shown}");
    }
    for title in ["3 edited", "6 edited", "7 edited", "8 edited", "9 edited"] {
        assert!(!shown.contains(title), "{title}: {shown}");
    }
    // What the net says of it stands alone: what was measured is of the sample as it was read.
    assert!(!shown.contains("now says"), "{shown}");
}

#[test]
fn an_explanation_says_that_the_number_was_set_by_hand() {
    let mut app = app(trainer("iris", Config { layers: vec![5], ..Config::default() }), 3, RGB);
    keys(&mut app, "5tjj2.5⏎⎋1");
    press(&mut app, &[Enter]);
    assert!(screen(&app).contains("of edited sample 1, at the Θ of step 3"), "{}", screen(&app));
    // Down to the input, the numbers are those of the copy.
    let a = |l: usize, unit: usize| Subject::unit(letter::A, l, (app.view.cursor.sample, unit));
    for (l, unit) in [(3, 0), (2, 4), (1, 2)] {
        let explained = app.view.explained(&Inquiry::of(a(l, unit))).expect("a number");
        assert_eq!(
            Some(&explained.value),
            app.view.trace.as_ref().and_then(|trace| trace.a(l)).and_then(|a| a.get(unit).copied()).as_ref()
        );
        let origins: Vec<String> =
            explained.expr.iter().flat_map(|expr| expr.operands()).map(|operand| operand.origin.clone()).collect();
        let said = "set by hand in a copy of sample 1, where it was 1.4; U takes it back";
        assert_eq!(origins.iter().any(|origin| origin == said), l == 1, "{origins:?}");
    }
}

#[test]
fn taking_back_goes_change_by_change_and_the_next_sample_leaves_the_copy() {
    let mut app = app(trainer("iris", Config { layers: vec![5], ..Config::default() }), 3, RGB);
    let before = app.view.trace.clone();
    keys(&mut app, "5tj1⏎2⏎U");
    assert_eq!(copy(&app.view).read[[0, 1]], 1.0);
    keys(&mut app, "⎋U");
    assert!(app.view.edited.is_none() && app.view.trace == before);
    assert!(!screen(&app).contains("edited"), "{}", screen(&app));
    keys(&mut app, "t3⏎s");
    assert!(app.view.edited.is_none() && app.view.overlay == Overlay::None);
    assert_eq!((app.view.cursor.sample.row, app.view.cursor.sample.edited), (1, false));
    keys(&mut app, "S");
    assert_eq!(app.view.trace, before, "the sample is as it was");
    keys(&mut app, "t3⏎⎋n");
    assert!(app.view.playhead.is_some() && app.view.edited.is_none(), "a walk is of the batch");
}

#[test]
fn the_keys_of_a_slider_move_a_feature_by_round_steps() {
    let mut app = app(trainer("iris", Config::default()), 1, RGB);
    keys(&mut app, "5tjj");
    let (now, _) = app.view.input_now().expect("a feature");
    keys(&mut app, "l");
    let (more, _) = app.view.input_now().expect("a feature");
    assert!(more > now && more - now <= 0.4, "{now} {more}");
    keys(&mut app, "lh");
    assert_eq!(app.view.input_now().expect("a feature").0, more);
    assert!(more.to_string().len() <= 4, "{more}");
}

#[test]
fn what_is_no_number_or_too_large_is_refused_in_words() {
    let mut app = app(trainer("iris", Config::default()), 1, RGB);
    for (typed, said) in
        [("5t1e", "1e: an input is a number"), ("⌫⌫9e9", "an input is a number from"), ("⌫⌫⌫5.1", "is 5.1 already")]
    {
        keys(&mut app, &format!("{typed}⏎"));
        assert!(app.view.edited.is_none() && screen(&app).contains(said), "{said}: {}", screen(&app));
    }
}

#[test]
fn it_waits_for_a_pause_and_ends_with_the_run() {
    let mut trainer = trainer("iris", Config::default());
    let mut app = App::new(View::new(RGB), Speed::Max);
    let mut look = |app: &mut App, status: Status, run: u64| {
        let mut snapshot = trainer.snapshot(None);
        (snapshot.status, snapshot.run) = (status, run);
        app.absorb(Report::Snapshot(snapshot));
    };
    look(&mut app, Status::Running, 0);
    keys(&mut app, "5t");
    assert!(app.view.overlay == Overlay::None && screen(&app).contains("pause first"));
    look(&mut app, Status::Paused, 0);
    keys(&mut app, "t3⏎⎋");
    look(&mut app, Status::Running, 0);
    assert!(app.view.edited.is_some(), "a copy is looked at while the training goes on");
    look(&mut app, Status::Paused, 1);
    assert!(app.view.edited.is_none() && !app.view.cursor.sample.edited, "another run may have another split");
}

#[test]
fn the_training_goes_on_as_if_there_was_no_copy() {
    let config = Config { layers: vec![6], ..Config::default() };
    let (mut watched, mut alone) = (trainer("digits", config.clone()), trainer("digits", config));
    let mut app = App::new(View::new(RGB), Speed::Max);
    for round in 0..5 {
        app.absorb(Report::Snapshot(watched.snapshot(None)));
        // None of these keys tells the trainer anything.
        keys(&mut app, if round == 0 { "5t⏎l+l-j7⏎" } else { "⏎l" });
        watched.step().expect("it does not diverge");
        alone.step().expect("it does not diverge");
    }
    assert!(app.view.edited.is_some());
    assert_eq!(watched.model(), alone.model());
}

fn place(app: &App) -> Rect {
    let places = Places::of(&app.view, AREA).expect("it is large enough");
    places.panels.into_iter().find(|(panel, _)| *panel == Panel::Sample).expect("it is shown").1
}

#[test]
fn keys_and_the_mouse_paint_pixels() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    keys(&mut app, "5t");
    let (_, white) = app.view.input_now().expect("a pixel");
    let (now, _) = app.view.input_now().expect("a pixel");
    keys(&mut app, "⏎");
    assert_eq!(app.view.input_now(), Some((if now == 0.0 { white } else { 0.0 }, white)));
    keys(&mut app, "U");
    assert!(app.view.edited.is_none());
    // A click on each cell of the panel reaches every pixel, and turns it.
    let place = place(&app);
    let mut seen = std::collections::BTreeSet::new();
    for at in place.positions().map(|at| (at.x, at.y)) {
        let mut clicked = App::new(app.view.clone(), Speed::Max);
        clicked.click((Panel::Sample, place), at);
        if let Some(edited) = &clicked.view.edited {
            let pixel = clicked.view.input_at().expect("a pixel").1;
            assert_ne!(
                edited.read[[0, pixel]],
                EditedSample::of(app.view.cursor.sample, &app.view.snapshot.as_ref().expect("a snapshot").data)
                    .expect("a sample")
                    .read[[0, pixel]]
            );
            seen.insert(pixel);
        }
    }
    assert_eq!(seen.len(), 64, "8 by 8");
    // A drag goes on with the number of the pixel that it began at.
    let is_pixel = |at: &(u16, u16)| {
        let mut clicked = App::new(app.view.clone(), Speed::Max);
        clicked.click((Panel::Sample, place), *at);
        clicked.view.edited.is_some()
    };
    let cells: Vec<(u16, u16)> = place.positions().map(|at| (at.x, at.y)).filter(is_pixel).collect();
    let start = cells[0];
    app.click((Panel::Sample, place), start);
    let (brush, _) = app.view.input_now().expect("a pixel");
    for &at in &cells[1..13] {
        app.drag((Panel::Sample, place), at);
        assert_eq!(app.view.input_now().expect("a pixel").0, brush);
    }
    assert!(copy(&app.view).read.iter().take(7).all(|&value| value == brush), "{:?}", copy(&app.view).read);
}

#[test]
fn a_click_on_a_pixel_without_painting_moves_the_cursor_alone() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    keys(&mut app, "5");
    let place = place(&app);
    app.click((Panel::Sample, place), (place.x + 1, place.y + 1));
    assert!(app.view.edited.is_none());
    assert_eq!((app.view.cursor.l, app.view.cursor.i), (1, 1));
}

#[test]
fn the_steps_of_a_sequence_are_set_in_a_copy_too() {
    let mut app = through_time::app(through_time::trainer("sine", Cell::Gru, quick()), 3, RGB);
    let before = app.view.trace.clone().expect("a trace");
    keys(&mut app, "5thh0.5⏎⎋");
    let t = app.view.cursor.t;
    assert_eq!(copy(&app.view).read[[t - 1, 0]], 0.5);
    assert_ne!(app.view.trace.as_ref().expect("a trace").tensors, before.tensors);
    assert!(screen(&app).contains("5 edited: "), "{}", screen(&app));
    keys(&mut app, "U");
    assert_eq!(app.view.trace, Some(before));
}

#[test]
fn its_pictures_at_three_sizes() {
    let mut app = app(trainer("digits", Config::default()), 50, RGB);
    keys(&mut app, "5t⏎l⏎l⏎j+");
    for size in [(80, 24), (120, 40), (200, 60)] {
        insta::assert_snapshot!(format!("painted_{}x{}", size.0, size.1), rounded(&text(&drawn(&app.view, size))));
    }
    app.view.theme = ASCII;
    assert!(text(&drawn(&app.view, (120, 40))).is_ascii());
    let mut buf = Buffer::empty(Rect::new(0, 0, 40, 12));
    panels::draw(Panel::Sample, &app.view, buf.area, &mut buf);
    assert!(text(&buf).contains("5 edited: "), "{}", text(&buf));
}
