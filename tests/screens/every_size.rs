//! Nothing panics and nothing leaves its area, whatever the size and however odd the numbers.

use deltascope::data::Task;
use deltascope::derivation::{Counted, Detail, Playhead, QuantityKey, Stride, Subject, Walk, Weight, letter};
use deltascope::keymap::Panel;
use deltascope::train::{Config, Descended, ResetKind};
use deltascope::ui::help::{Told, lines};
use deltascope::ui::panels;
use deltascope::view::{
    Activity, CostView, DeltaView, HealthView, InputView, Inquiry, Overlay, Pictures, ScaleMode, View,
};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use crate::checked::checked;
use crate::{ASCII, LABELS, MONO, RGB, digits, drawn, learning, matrices, text, trainer, view};

const WIDTHS: [u16; 17] = [0, 1, 2, 3, 5, 8, 13, 20, 38, 40, 57, 76, 80, 110, 142, 200, 300];
const HEIGHTS: [u16; 12] = [0, 1, 2, 3, 4, 6, 9, 14, 24, 34, 60, 100];

const ODD: [f64; 9] =
    [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, f64::MIN_POSITIVE, -0.0, 1e-300, 0.5];

/// A view whose every number is odd.
fn odd(mut view: View) -> View {
    let mut next = ODD.iter().copied().cycle();
    let mut spoil = |number: &mut f64| *number = next.next().expect("there is always another");
    let snapshot = view.snapshot.as_mut().expect("a snapshot");
    matrices(snapshot).flatten().for_each(&mut spoil);
    snapshot.cost.reg.iter_mut().for_each(&mut spoil);
    view.follow();
    let trace = view.trace.as_mut().expect("a trace");
    trace.tensors.iter_mut().flat_map(|(_, tensor)| &mut tensor.values).for_each(&mut spoil);
    view
}

/// The same with the descent in the weight panel, of the numbers that it has.
fn descending(mut view: View) -> View {
    let descended = view.snapshot.as_deref().map(Descended::of);
    descended.into_iter().for_each(|descended| view.take_descent(descended));
    (view.descent.open, view.focus) = (true, Panel::Weight);
    view
}

/// Views of several nets, with what can be shown shown in several ways.
fn views() -> Vec<View> {
    let xor = Config { layers: vec![], lambda: 0.0, ..Config::default() };
    let deep = Config { layers: vec![7, 1, 12, 3, 5, 4, 2], ..Config::default() };
    let mut views = vec![
        View::new(MONO),
        digits(2, RGB),
        odd(digits(1, RGB)),
        odd(view(trainer("xor", xor), 1, ASCII)),
        view(trainer("penguins", deep), 1, MONO),
        view(trainer("xor", learning(Task::Binary)), 1, RGB),
        view(trainer("reg-plane", learning(Task::Regression)), 1, ASCII),
        view(trainer(LABELS, learning(Task::Labels)), 1, RGB),
    ];
    let mut other = odd(digits(1, ASCII));
    (other.picture, other.delta, other.shared_scale) = (Pictures::One, DeltaView::Mean, false);
    (other.log_axis, other.cost, other.activity) = (false, CostView::Recent, Activity::Delta);
    other.scale = ScaleMode::SymmetricLog;
    other.input = InputView::Gradient;
    other.health = HealthView::Updates;
    let mut why = other.clone();
    why.picture = Pictures::Sheet;
    (why.delta, why.cost, why.health) = (DeltaView::Why, CostView::Stack, HealthView::Rules);
    views.extend([other, why]);
    let odd_ones = [2, 3, 8].map(|index| views[index].clone());
    views.extend(odd_ones.into_iter().chain([digits(2, ASCII)]).map(descending));
    // In turn each histogram, on views with numbers of every kind.
    let kinds = [Counted::A, Counted::Delta, Counted::D, Counted::Theta];
    views[1..5].iter_mut().zip(kinds).for_each(|(view, kind)| view.health = HealthView::Histogram(kind));
    views
}

#[test]
fn every_panel_is_drawn_at_every_size_and_stays_in_its_area() {
    for view in views() {
        for (width, height) in WIDTHS.into_iter().flat_map(|width| HEIGHTS.map(|height| (width, height))) {
            let whole = Rect::new(0, 0, width.saturating_add(2), height.saturating_add(2));
            let area = Rect::new(1, 1, width, height);
            for panel in Panel::ALL {
                let mut buf = Buffer::filled(whole, Cell::new("x"));
                panels::draw(panel, &view, area, &mut buf);
                let outside = whole.positions().filter(|&at| !area.contains(at));
                assert!(outside.into_iter().all(|at| buf[at].symbol() == "x"), "{panel:?} {width}x{height}");
            }
        }
    }
}

#[test]
fn no_panel_with_room_for_a_line_is_blank() {
    let seen = views().into_iter().filter(|view| view.snapshot.is_some());
    for view in seen {
        for (width, height) in WIDTHS.into_iter().flat_map(|width| HEIGHTS.map(|height| (width, height))) {
            for panel in Panel::ALL.into_iter().filter(|_| width >= 13 && height >= 4) {
                let area = Rect::new(0, 0, width, height);
                let mut buf = Buffer::empty(area);
                panels::draw(panel, &view, area, &mut buf);
                let inside = Rect::new(1, 1, width - 2, height - 2);
                let is_drawn = |cell: &Cell| cell.symbol() != " " || cell.bg != ratatui::style::Color::Reset;
                assert!(inside.positions().any(|at| is_drawn(&buf[at])), "{panel:?} {width}x{height}\n{}", text(&buf));
            }
        }
    }
}

#[test]
fn the_largest_terminals_are_drawn_too() {
    for (width, height) in [(500, 200), (u16::MAX, 1), (u16::MAX, 3), (u16::MAX, 36), (1, u16::MAX), (40, u16::MAX)] {
        for view in [digits(1, RGB), odd(digits(1, ASCII))] {
            drawn(&view, (width, height));
        }
    }
}

#[test]
fn the_whole_screen_is_drawn_at_every_size_with_every_overlay() {
    for mut view in views() {
        let weight = Weight { l: 1, j: 0, i: 1 };
        let explained = view.snapshot.as_ref().and_then(|snapshot| Subject::weight(letter::D, weight, snapshot));
        let inner = explained.map(|explained| Inquiry { all: true, ..Inquiry::of(explained) });
        let cost = Inquiry::of(Subject::of(QuantityKey::plain(letter::COST)));
        view.inquiries = [cost].into_iter().chain(inner).collect();
        view.check = view.snapshot.as_deref().map(checked);
        for overlay in [
            Overlay::None,
            Overlay::Help(u16::MAX),
            Overlay::Glossary(0),
            Overlay::Glossary(usize::MAX),
            Overlay::Explain,
            Overlay::Check,
            Overlay::Options(1),
            Overlay::Edit,
            Overlay::Paint,
            Overlay::Reset(ResetKind::NextSeed),
            crate::book::open(8, 7, None),
            crate::book::open(0, 0, Some(i64::MAX)),
            Overlay::Reset(ResetKind::Layers(vec![12; 40])),
        ] {
            view.overlay = overlay.clone();
            view.follow();
            for (width, height) in WIDTHS.into_iter().flat_map(|width| HEIGHTS.map(|height| (width, height))) {
                drawn(&view, (width, height));
            }
        }
        view.overlay = Overlay::None;
        view.died = Some("a\nfault\u{1b}[2J".into());
        assert!(!text(&drawn(&view, (120, 40))).contains('\u{1b}'));
    }
}

#[test]
fn every_place_inside_an_update_is_drawn_at_every_size() {
    for mut view in views().into_iter().filter(|view| view.snapshot.is_some()) {
        let walk = Walk::of(view.snapshot.as_ref().expect("a snapshot"), Detail::Result);
        let (one, sample) = (walk.forward(Playhead::default(), Stride::Sample).block + 1, walk.samples_end());
        for block in (0..one).chain(sample..walk.len()) {
            view.playhead = Some(Playhead { block, ..Playhead::default() });
            view.follow();
            for size in [(0, 0), (3, 3), (40, 10), (60, 16), (80, 24), (120, 40), (200, 60)] {
                drawn(&view, size);
            }
        }
    }
}

#[test]
fn ascii_is_nothing_but_ascii() {
    for zoomed in [false, true] {
        let mut view = descending(digits(3, ASCII));
        view.zoomed = zoomed;
        assert!(text(&drawn(&view, (120, 40))).is_ascii());
    }
    let mut view = odd(digits(3, ASCII));
    for focus in Panel::ALL {
        for (activity, quantity) in [(Activity::A, false), (Activity::Z, true), (Activity::Delta, true)] {
            (view.focus, view.activity) = (focus, activity);
            if quantity {
                view.quantity = view.quantity.next(view.snapshot.as_ref().expect("a snapshot"));
            }
            for (size, zoomed) in [((80, 24), false), ((120, 40), false), ((200, 60), false), ((120, 40), true)] {
                view.zoomed = zoomed;
                let text = text(&drawn(&view, size));
                assert!(text.is_ascii(), "{}", text.chars().filter(|c| !c.is_ascii()).collect::<String>());
            }
        }
    }
    view.check = view.snapshot.as_deref().map(checked);
    for overlay in [Overlay::Help(0), Overlay::Check] {
        view.overlay = overlay;
        assert!(text(&drawn(&view, (120, 60))).is_ascii());
    }
    view.overlay = Overlay::None;
    let kinds = [Counted::A, Counted::Delta, Counted::D, Counted::Theta].map(HealthView::Histogram);
    for health in [HealthView::Updates, HealthView::Rules].into_iter().chain(kinds) {
        (view.focus, view.health) = (Panel::Health, health);
        assert!(text(&drawn(&view, (120, 40))).is_ascii(), "{health:?}");
    }
    for block in 0..20 {
        view.playhead = Some(Playhead { block, ..Playhead::default() });
        view.follow();
        assert!(text(&drawn(&view, (120, 40))).is_ascii(), "inside an update");
    }
}

#[test]
fn the_help_page_has_every_key() {
    let mut view = digits(0, RGB);
    let mut seen = String::new();
    for scrolled in 0..lines().len() {
        view.overlay = Overlay::Help(scrolled as u16);
        seen.push_str(&text(&drawn(&view, (80, 24))));
    }
    for Told { keys, help, .. } in lines() {
        assert!(seen.contains(&keys), "{keys}");
        let first = help.split(' ').take(4).collect::<Vec<_>>().join(" ");
        assert!(seen.contains(&first), "{first}");
    }
}

#[test]
fn before_the_first_look_nothing_is_shown_as_a_number() {
    let text = text(&drawn(&View::new(RGB), (120, 40)));
    assert_eq!(text.matches("not computed yet").count(), Panel::ALL.len() - 1, "three share a place; and the header");
    assert!(!text.contains("0.0") && !text.contains('±'), "{text}");
}
