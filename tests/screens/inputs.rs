//! ∂J/∂x in the sample panel: its numbers, its key, what a walk has not reached, and pictures of it at three sizes.

use crossterm::event::KeyCode::Char;
use deltascope::data::Task;
use deltascope::derivation::{Detail, Playhead, Walk, input};
use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Cell, Named};
use deltascope::number::signed_fixed;
use deltascope::train::{Config, Recurrence};
use deltascope::ui::panels;
use deltascope::ui::screen::Places;
use deltascope::view::{InputView, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::through_time::{self, quick};
use crate::{ASCII, LABELS, MONO, RGB, app, digits, drawn, learning, press, text, trainer, view};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The panel as it is drawn in an area of its own.
fn panel(view: &View, (width, height): (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panels::draw(Panel::Sample, view, buf.area, &mut buf);
    text(&buf)
}

/// The panel cut out of the whole screen at three sizes, with x and with ∂J/∂x.
fn pictures(mut view: View) -> String {
    view.focus = Panel::Sample;
    let mut all = String::new();
    for shown in [InputView::Values, InputView::Gradient] {
        view.input = shown;
        for (width, height) in SIZES {
            let screen = drawn(&view, (width, height));
            let places = Places::of(&view, screen.area).expect("room for panels");
            let (_, place) = places.panels.into_iter().find(|(panel, _)| *panel == Panel::Sample).expect("its place");
            let mut part = Buffer::empty(place);
            place.positions().for_each(|at| part[at] = screen[at].clone());
            all.push_str(&format!("{shown:?} {width}x{height}\n{}\n", text(&part)));
        }
    }
    all
}

/// What the panel of a recurrent net shows after a few updates.
fn sequences(name: &str, cell: Cell, config: Config) -> View {
    through_time::app(through_time::trainer(name, cell, config), 5, RGB).view
}

#[test]
fn it_is_drawn_as_in_these_pictures() {
    insta::assert_snapshot!("input_digits", pictures(digits(50, RGB)));
    insta::assert_snapshot!("input_penguins", pictures(view(trainer("penguins", Config::default()), 50, RGB)));
    insta::assert_snapshot!("input_gru", pictures(sequences("remember", Cell::Gru, quick())));
    insta::assert_snapshot!("input_sine", pictures(sequences("sine", Cell::Gru, quick())));
}

#[test]
fn every_number_beside_a_feature_is_its_own() {
    let mut view = view(trainer("penguins", Config::default()), 20, RGB);
    for shown in [InputView::Values, InputView::Gradient] {
        view.input = shown;
        let text = panel(&view, (90, 14));
        let trace = view.trace.as_ref().expect("a trace");
        let names = &view.dense().expect("a dense net").data.dataset.features;
        assert_eq!(trace.grad_x.len(), names.len());
        for (name, &slope) in names.iter().zip(&trace.grad_x) {
            let row = text.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}\n{text}"));
            assert!(row.contains(&signed_fixed(slope, 9)), "{name} {slope}: {row}");
            assert!(slope.abs() < 0.01 || row.contains(['█', '▌', '▋', '▊', '▉', '▍', '▎', '▏']), "{row}");
        }
        assert!(text.contains("∂J/∂x (2.3.3)") && text.contains(input::MEANING), "{text}");
    }
}

#[test]
fn the_sign_of_every_pixel_is_that_of_its_number() {
    let mut view = digits(30, RGB);
    (view.input, view.cursor.i) = (InputView::Gradient, 0);
    let text = panel(&view, (50, 14));
    let trace = view.trace.as_ref().expect("a trace");
    let limit = view.grad_x_limit();
    let rows: Vec<Vec<char>> = text.lines().skip(2).take(8).map(|line| line.chars().skip(1).collect()).collect();
    for (pixel, &slope) in trace.grad_x.iter().enumerate() {
        let sign = rows[pixel / 8][pixel % 8 * 2 + 1];
        // What is next to nothing has no sign.
        let expected = if slope > 0.0 { '+' } else { '-' };
        assert!(sign == expected || (sign == ' ' && slope.abs() < limit / 32.0), "{pixel}: {slope} {sign}\n{text}");
    }
    assert!(text.contains(&format!("±{limit}")), "the scale has its ends\n{text}");
}

#[test]
fn the_pixel_under_the_cursor_has_its_number_and_its_whole_name() {
    let mut view = digits(30, RGB);
    for (pixel, width) in [(4, 50), (36, 50), (63, 60)] {
        view.cursor.i = pixel + 1;
        view.input = InputView::Gradient;
        let slope = view.trace.as_ref().expect("a trace").grad_x[[0, pixel]];
        let text = panel(&view, (width, 14));
        let name = format!("∂J/∂x_{}", pixel + 1);
        let free = 16 - name.chars().count() - 1;
        assert!(text.contains(&name) && text.contains(&signed_fixed(slope, free.min(9))), "{slope}\n{text}");
    }
}

#[test]
fn the_key_puts_it_in_the_place_of_x_and_back() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    press(&mut app, &[Char('5')]);
    let shown = |app: &deltascope::app::App| text(&drawn(&app.view, (80, 24)));
    let before = shown(&app);
    assert!(before.contains("training sample 1: x, h") && !before.contains("∂J/∂x"), "{before}");
    press(&mut app, &[Char('i')]);
    let gradient = shown(&app);
    assert!(gradient.contains("training sample 1: ∂J/∂x (2.3.3)") && gradient.contains("∂J/∂x ±"), "{gradient}");
    press(&mut app, &[Char('i')]);
    assert_eq!(shown(&app), before);
    assert!(text(&drawn(&app.view, (200, 60))).contains("∂J/∂x (2.3.3)"), "there is room for both");
}

#[test]
fn inside_an_update_it_is_shown_once_the_walk_has_made_all_of_delta_2() {
    for (name, number) in [("digits", "raising"), ("penguins", "bars to")] {
        let mut view = view(trainer(name, Config { layers: vec![5, 4], ..Config::default() }), 2, RGB);
        let walk = Walk::of(view.snapshot.as_ref().expect("a snapshot"), Detail::Result);
        let mut seen = [0, 0];
        for block in 0..walk.len().min(60) {
            let last = walk.block(block).expect("a stop").0.units() - 1;
            for unit in [0, last] {
                let at = Playhead { block, unit, proof: 0 };
                view.playhead = Some(at);
                view.follow();
                let reached = input::first_reached(&walk, at) == 0;
                seen[usize::from(reached)] += 1;
                assert_eq!(view.grad_x().is_some(), reached);
                for shown in [InputView::Values, InputView::Gradient] {
                    view.input = shown;
                    let text = panel(&view, (100, 20));
                    assert_eq!(text.contains("not computed yet"), !reached, "{name} {block} {unit}\n{text}");
                    assert!(reached || !text.contains(number), "{text}");
                    let first = signed_fixed(view.trace.as_ref().expect("a trace").grad_x[[0, 0]], 9);
                    assert!(name == "digits" || text.contains(&first) == reached, "{first} {block} {unit}\n{text}");
                }
            }
        }
        assert!(seen[0] > 20 && seen[1] > 10, "{seen:?}");
    }
}

#[test]
fn of_a_sequence_the_step_under_the_cursor_has_its_numbers() {
    for &cell in Cell::ALL {
        let mut view = sequences("remember", cell, quick());
        view.input = InputView::Gradient;
        for t in [12, 7, 1] {
            view.cursor.t = t;
            view.follow();
            let text = panel(&view, (90, 14));
            let slopes = view.grad_x_at(t).expect("a step").to_vec();
            let names = view.recurrent().expect("a recurrent net").sequences.inputs.clone();
            for (name, slope) in names.iter().zip(slopes) {
                let row = text.lines().find(|line| line.starts_with(&format!("│{name} "))).expect("its row");
                assert!(row.contains(&signed_fixed(slope, 9)), "{} {name} t {t}: {slope}\n{text}", cell.name());
            }
            assert!(text.contains(&format!("at t {t}")) && text.contains("∂J/∂x_t (2.3.3, 3.2)"), "{text}");
        }
    }
}

#[test]
fn the_walk_over_the_steps_shows_none_that_it_has_not_come_back_to() {
    for name in ["remember", "sine"] {
        let mut app = through_time::app(through_time::trainer(name, Cell::Gru, quick()), 5, RGB);
        through_time::press(&mut app, "5 i 4 n n n 5");
        assert_eq!((app.view.walked, app.view.cursor.t), (Some(10), 10));
        let found: Vec<usize> = (1..=12).filter(|&t| app.view.grad_x_at(t).is_some()).collect();
        assert_eq!(found, [10, 11, 12]);
        let text = panel(&app.view, (90, 24));
        let input = app.view.recurrent().expect("a recurrent net").sequences.inputs[0].clone();
        let row = text.lines().rfind(|line| line.starts_with(&format!("┃{input} "))).expect("the row of an input");
        let cells: String = row.chars().skip(1 + input.chars().count()).take_while(|&c| c != '[').collect();
        assert!(cells.trim().is_empty(), "nothing before step 10: {row:?}\n{text}");
        through_time::press(&mut app, "Esc");
        assert_eq!((1..=12).filter(|&t| app.view.grad_x_at(t).is_some()).count(), 12);
    }
}

#[test]
fn inside_an_update_of_a_sequence_a_step_that_is_not_reached_has_no_number() {
    let mut view = sequences("parity", Cell::Lstm, quick());
    let walk = Walk::of(view.snapshot.as_ref().expect("a snapshot"), Detail::Result);
    let mut seen = [0, 0];
    for block in (0..walk.len()).step_by(7).take(40) {
        let at = Playhead { block, unit: 0, proof: 0 };
        view.playhead = Some(at);
        for t in [12, 6, 1] {
            view.follow();
            view.cursor.t = t;
            let reached = t >= input::first_reached(&walk, at);
            seen[usize::from(reached)] += 1;
            let slope = view.trace.as_ref().expect("a trace").grad_x[[t - 1, 0]];
            for shown in [InputView::Values, InputView::Gradient] {
                view.input = shown;
                let text = panel(&view, (90, 24));
                assert_eq!(text.contains("not computed yet"), !reached, "{block} t {t}\n{text}");
                assert_eq!(text.contains(&signed_fixed(slope, 9)), reached, "{block} t {t} {slope}\n{text}");
            }
        }
    }
    assert!(seen.iter().all(|&places| places > 10), "{seen:?}");
}

#[test]
fn where_the_gradient_is_cut_it_says_over_which_steps_j_counts() {
    let mut view = sequences("parity", Cell::Gru, quick());
    let snapshot = view.snapshot.as_mut().expect("a snapshot");
    let recurrence = Some(Recurrence { cell: Cell::Gru, truncate: Some(5) });
    snapshot.config = std::sync::Arc::new(Config { recurrence, ..(*snapshot.config).clone() });
    for shown in [InputView::Values, InputView::Gradient] {
        view.input = shown;
        for size in [(40, 7), (38, 11), (90, 24)] {
            let text = panel(&view, size);
            let is_shown = text.contains("∂J/∂x_t");
            assert_eq!(text.contains("∂J/∂x_t, J of blocks of 5"), is_shown, "{text}");
            assert!(is_shown || shown == InputView::Values, "{text}");
        }
    }
}

#[test]
fn it_is_drawn_at_every_size_and_in_ascii_alone() {
    let labels = view(trainer(LABELS, learning(Task::Labels)), 1, MONO);
    let number = view(trainer("reg-plane", learning(Task::Regression)), 1, RGB);
    let of = |name: &str, theme| {
        let mut view = sequences(name, Cell::Plain(Activation::Tanh), quick());
        view.theme = theme;
        view
    };
    let views = [digits(2, RGB), digits(2, ASCII), labels, number, view(trainer("xor", Config::default()), 1, ASCII)];
    let sequences = [("remember", ASCII), ("sine", RGB), ("sine", ASCII), ("adding", MONO), ("jabberwocky", ASCII)];
    for mut view in views.into_iter().chain(sequences.map(|(name, theme)| of(name, theme))) {
        for shown in [InputView::Values, InputView::Gradient] {
            view.input = shown;
            for (width, height) in
                (0..130).step_by(3).flat_map(|width| (0..40).step_by(2).map(move |high| (width, high)))
            {
                let text = panel(&view, (width, height));
                assert!(!view.theme.ascii || text.is_ascii(), "{width}x{height} {text}");
            }
        }
    }
}
