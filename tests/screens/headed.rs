//! J in the header: at every width from 80 columns on, in every state of a run; whatever else stood there gives way first.

use deltascope::data::Task;
use deltascope::derivation::{OfCost, Playhead, Subject};
use deltascope::nn::{Activation, Cell};
use deltascope::number::short;
use deltascope::train::{Anew, Config, Cost, Done, Pace, Schedule, Status};
use deltascope::ui::time::{TimeOverlay, TimeView};
use deltascope::ui::view::{Inquiry, Overlay, View};
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
    let whole =
        |line: &str| line.split("  ").any(|piece| piece.trim() == told || piece.contains(&format!("{told} = ")));
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
    view.inquiries = vec![Inquiry::of(Subject::Cost(OfCost::Total))];
    let overlays = [
        Overlay::Help(0),
        Overlay::Reset(Anew::SameSeed),
        Overlay::Explain,
        Overlay::Check,
        Overlay::Options(0),
        Overlay::Edit,
    ];
    for overlay in overlays {
        view.overlay = overlay;
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
    let mut view: TimeView = app.view;
    let cost = view.scene.as_ref().expect("a scene").cost.clone();
    for status in statuses() {
        view.scene.as_mut().expect("a scene").status = status.clone();
        for (behind, died) in [(false, None), (true, Some("index out of bounds: ".repeat(9)))] {
            (view.behind, view.died) = (behind, died);
            for overlay in [TimeOverlay::None, TimeOverlay::Help(0), TimeOverlay::Options(0), TimeOverlay::Explain] {
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
