//! J in the header: at every width from 80 columns on, in every state of a run; whatever else stood there gives way first.

use std::sync::Arc;

use deltascope::data::{Data, Task};
use deltascope::derivation::{Playhead, QuantityKey, Subject, letter};
use deltascope::nn::{Activation, Cell, Init, Optimizer};
use deltascope::number::short;
use deltascope::train::{Config, Cost, Done, Pace, ResetKind, Schedule, Status};
use deltascope::view::{Inquiry, Overlay, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::through_time;
use crate::{ASCII, RGB, digits, learning, text, trainer, view};

/// Every width with one and with two lines of header, and some on taller screens.
fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let low = (80..=300).flat_map(|width| [(width, 10), (width, 14)]);
    low.chain((80..=300).step_by(44).flat_map(|width| [(width, 24), (width, 40)]))
}

fn holds_j(widget: &impl Fn(&mut Buffer), (width, height): (u16, u16), cost: &Cost, what: &str) {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    widget(&mut buf);
    let shown = text(&buf);
    let lines = if height >= 14 { 2 } else { 1 };
    let told = format!("J {}", short(cost.total()));
    let forms = [format!("{told} = "), format!("{told} (next batch)")];
    let is_it = |piece: &str| piece.trim() == told || forms.iter().any(|form| piece.contains(form));
    let whole = |line: &str| line.split("  ").any(is_it);
    assert!(shown.lines().take(lines).any(whole), "{what} {width}x{height}: {told}\n{shown}");
}

fn statuses() -> [Status; 5] {
    [
        Status::Running,
        Status::Paused,
        Status::Stepping,
        Status::Finished(Done::Epochs(1_000_000)),
        Status::Diverged("D^(1) of the batch that comes next, in one of its many columns,".into()),
    ]
}

fn dense() -> Vec<View> {
    let full = Config {
        schedule: Schedule::Step { epochs: 10, factor: 0.999 },
        clip: Some(0.125),
        dropout: 0.25,
        layers: vec![25, 20, 15, 10, 5],
        ..Config::default()
    };
    let numbers = view(trainer("reg-plane", learning(Task::Regression)), 7, ASCII);
    let mut large = digits(3, RGB);
    let snapshot = large.snapshot.as_mut().expect("a snapshot");
    (snapshot.cost.data, snapshot.position.step) = (-1.234_567e-300, 12_345_678_901);
    snapshot.pace = Pace { limit: Some(16.5), rate: Some(123_456.7) };
    vec![digits(3, RGB), view(trainer("iris", full), 3, RGB), numbers, large]
}

#[test]
fn j_stands_in_the_header_at_every_width_in_every_state() {
    for mut view in dense() {
        let cost = view.snapshot.as_ref().expect("a snapshot").cost.clone();
        for status in statuses() {
            view.snapshot.as_mut().expect("a snapshot").status = status.clone();
            for (behind, died) in [(false, None), (true, Some("index out of bounds: ".repeat(9)))] {
                (view.behind, view.died) = (behind, died);
                let draw = |buf: &mut Buffer| view.render(buf.area, buf);
                sizes().for_each(|size| holds_j(&draw, size, &cost, &format!("{status:?}")));
            }
        }
    }
}

#[test]
fn j_stands_above_every_overlay_and_in_the_walk() {
    let mut view = digits(3, RGB);
    let cost = view.snapshot.as_ref().expect("a snapshot").cost.clone();
    view.inquiries = vec![Inquiry::of(Subject::of(QuantityKey::plain(letter::COST)))];
    let overlays = [
        Overlay::Help(0),
        Overlay::Glossary(0),
        Overlay::Reset(ResetKind::SameSeed),
        Overlay::Explain,
        Overlay::Check,
        Overlay::Options(0),
        Overlay::Edit,
        crate::book::open(2, 1, None),
    ];
    for overlay in overlays {
        view.overlay = overlay;
        view.follow();
        sizes().for_each(|size| holds_j(&|buf| view.render(buf.area, buf), size, &cost, "overlay"));
    }
    view.overlay = Overlay::None;
    view.playhead = Some(Playhead::default());
    view.follow();
    sizes().for_each(|size| holds_j(&|buf| view.render(buf.area, buf), size, &cost, "walk"));
}

#[test]
fn j_stands_in_the_header_of_a_recurrent_net_too() {
    let app = through_time::app(
        through_time::trainer("remember", Cell::Plain(Activation::Tanh), through_time::quick()),
        9,
        RGB,
    );
    let mut view = app.view;
    let cost = view.snapshot.as_ref().expect("a snapshot").cost.clone();
    for status in statuses() {
        view.snapshot.as_mut().expect("a snapshot").status = status.clone();
        for (behind, died) in [(false, None), (true, Some("index out of bounds: ".repeat(9)))] {
            (view.behind, view.died) = (behind, died);
            for overlay in [Overlay::None, Overlay::Help(0), Overlay::Options(0), Overlay::Sum, Overlay::UnitAtStep] {
                view.overlay = overlay;
                let draw = |buf: &mut Buffer| view.render(buf.area, buf);
                sizes().step_by(3).for_each(|size| holds_j(&draw, size, &cost, &format!("{status:?}")));
            }
        }
    }
}

#[test]
fn how_near_the_answers_are_is_never_without_its_epoch() {
    for view in dense() {
        for width in 40..=300 {
            let mut buf = Buffer::empty(Rect::new(0, 0, width, 14));
            view.render(buf.area, &mut buf);
            let shown = text(&buf);
            let line = shown.lines().nth(1).expect("a second line");
            assert!(width < 80 || !line.contains("train ") || line.contains("(after epoch "), "{width}\n{shown}");
        }
    }
}

fn first_line(view: &View, size: (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    view.render(buf.area, &mut buf);
    text(&buf).lines().next().unwrap_or_default().to_string()
}

#[test]
fn an_alarm_and_the_layers_stand_beside_a_name_that_is_too_long_for_the_line() {
    let mut ill = view(trainer("iris", Config { init: Init::Zeros, ..Config::default() }), 2, RGB);
    let snapshot = ill.snapshot.as_mut().expect("a snapshot");
    let Data::Rows(data) = &mut snapshot.data else { panic!("rows") };
    Arc::make_mut(&mut Arc::make_mut(data).dataset).name =
        "a table of flowers that someone measured in 1936.csv".into();
    let line = first_line(&ill, (80, 24));
    assert!(line.contains("! symmetric (9)") && line.contains(" 4-25-3 ") && line.contains("α 0.5"), "{line}");
}

#[test]
fn what_there_is_room_for_does_not_leave_the_line_with_what_there_is_none_for() {
    let config = Config {
        optimizer: Optimizer::Adam,
        alpha: 0.01,
        clip: Some(0.125),
        schedule: Schedule::Step { epochs: 10, factor: 0.5 },
        ..Config::default()
    };
    let view = view(trainer("digits", config), 2, RGB);
    let line = first_line(&view, (120, 40));
    for word in ["adam", "α 0.01 ", "of 0.01, step:10:0.5", "clip 0.125", "λ 1", "m 1438"] {
        assert!(line.contains(word), "{word}: {line}");
    }
}

#[test]
fn a_sequence_has_one_number_in_all_panels_and_a_round_alpha_no_zeros_behind_it() {
    let app = through_time::app(through_time::trainer("remember", Cell::Gru, through_time::quick()), 9, RGB);
    let shown = through_time::drawn(&app.view, (200, 60));
    assert!(shown.contains("α 0.01 ") && !shown.contains("0.01000"), "{shown}");
    let told =
        shown.split("sequence ").skip(1).filter_map(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    let told: Vec<usize> = told.collect();
    assert!(told.len() >= 3 && told.iter().all(|&number| number == told[0]), "{told:?}\n{shown}");
}
