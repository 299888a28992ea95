//! The network panel: what its units show of what they see, which layers and lines there are, and what the line below says of them.

use crossterm::event::KeyCode::Char;
use deltascope::app::App;
use deltascope::derivation::{Plane, decision};
use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Cell, Output};
use deltascope::number::tiny;
use deltascope::theme::Theme;
use deltascope::train::Config;
use deltascope::ui::panels;
use deltascope::view::{InputView, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{ASCII, MONO, RGB, app, press, screen, text, through_time, trainer};

fn of(name: &str, layers: &[usize], theme: Theme) -> App {
    let config = Config {
        layers: layers.to_vec(),
        activation: vec![Activation::Tanh],
        output: Output::Softmax,
        ..Config::default()
    };
    app(trainer(name, config), 20, theme)
}

fn panel(view: &View, (width, height): (u16, u16)) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panels::draw(Panel::Network, view, buf.area, &mut buf);
    buf
}

fn halves(buf: &Buffer) -> usize {
    buf.content().iter().filter(|cell| cell.symbol() == "▀").count()
}

#[test]
fn the_output_layer_with_its_classes_is_there_at_every_size_wherever_the_cursor_is() {
    let mut app = of("iris", &[7, 6, 5, 8, 4, 6, 5], RGB);
    let depth = app.view.dense().expect("a dense net").depth();
    for l in 1..depth {
        app.view.cursor.l = l;
        app.view.follow();
        for size in [(30, 9), (38, 8), (40, 12), (60, 14), (80, 24), (120, 40), (200, 60)] {
            let shown = text(&panel(&app.view, size));
            assert!(shown.contains(&format!("a^({depth})")), "{l} {size:?}\n{shown}");
            assert!(size.0 < 38 || shown.contains("set") && shown.contains("virg"), "{l} {size:?}\n{shown}");
        }
    }
}

#[test]
fn ten_classes_are_all_there_from_120_by_40_on() {
    let app = of("digits", &[25], RGB);
    let shown = screen(&app);
    let network: Vec<String> = shown.lines().take(15).map(|line| line.chars().take(64).collect()).collect();
    for class in 0..10 {
        let name = format!(" {} ", class + 1);
        assert!(network.iter().any(|line| line.contains(&name)), "{class}: {}", network.join("\n"));
    }
}

#[test]
fn over_a_plane_each_unit_has_its_map_which_is_what_the_network_says_there() {
    let app = of("spiral", &[6, 5], RGB);
    let snapshot = app.view.dense().expect("a dense net");
    let maps = app.view.unit_maps().expect("two inputs");
    let plane = Plane::of(&snapshot.data.dataset, (0, 1)).expect("a plane");
    let whole = decision::over(snapshot, &plane, snapshot.data.dataset.x.row(0), (24, 24));
    for (l, unit, cell) in [(1, 1, (0, 0)), (2, 3, (4, 7)), (3, 0, (11, 2)), (4, 1, (7, 7))] {
        // The cell in the middle of four.
        let there = whole.a(l)[[(2 * cell.1 + 1) * 24 + 2 * cell.0 + 1, unit]];
        assert_eq!(maps.at((l, unit), cell, (12, 12)), Some(there));
    }
    let shown = panel(&app.view, (118, 37));
    assert!(halves(&shown) > 200 && text(&shown).contains("maps: each unit's a over x1 →, x2 ↑"), "{}", text(&shown));
    let small = panel(&app.view, (64, 13));
    assert!(halves(&small) > 20, "at 120x40, too: {}", text(&small));
    assert!(of("iris", &[6], RGB).view.unit_maps().is_none());
}

#[test]
fn of_pictures_layer_2_shows_the_weights_into_its_units_and_i_the_slope_of_the_input() {
    let mut app = of("digits", &[5], RGB);
    let shown = panel(&app.view, (118, 37));
    assert!(text(&shown).contains("pictures: Θ^(1) into each unit"), "{}", text(&shown));
    press(&mut app, &[Char('1'), Char('i')]);
    assert_eq!(app.view.input, InputView::Gradient);
    assert!(text(&panel(&app.view, (118, 37))).contains("∂J/∂x"));
    // Inside an update neither is known before it is computed.
    press(&mut app, &[Char('n')]);
    assert!(text(&panel(&app.view, (118, 37))).contains("not computed yet"));
}

#[test]
fn the_line_below_says_which_weights_are_lines_and_without_colour_how_their_signs_are_told() {
    let said = |app: &App| text(&panel(&app.view, (118, 37))).lines().rev().nth(1).unwrap_or_default().to_string();
    assert!(said(&of("xor", &[2], RGB)).contains("lines: every Θ; blue Θ > 0, orange Θ < 0; maps"));
    assert!(said(&of("xor", &[2], MONO)).contains("dashed Θ < 0"));
    let many = said(&of("iris", &[9], RGB));
    assert!(many.contains("lines: the strongest") && many.contains("all into a^(2)_1"), "{many}");
    assert!(!said(&of("iris", &[9], ASCII)).contains("lines"));
    let mut walked = of("iris", &[9], RGB);
    press(&mut walked, &[Char('n')]);
    assert!(said(&walked).contains("no Θ takes part in this number"), "x is given");
    press(&mut walked, &[Char('n'); 4]);
    assert!(said(&walked).contains("lines: the Θ that take part now"));
}

#[test]
fn of_a_recurrent_network_the_units_of_the_step_under_the_cursor_have_cards_and_lines() {
    for (cell, gate) in [(Cell::Plain(Activation::Tanh), ""), (Cell::Gru, " of g^n"), (Cell::Lstm, " of g^n")] {
        let mut app = through_time::app(through_time::trainer("parity", cell, through_time::quick()), 3, RGB);
        (app.view.cursor.t, app.view.cursor.unit) = (5, 3);
        for folded in [false, true] {
            app.view.folded = folded;
            app.view.follow();
            let shown = text(&panel(&app.view, (118, 37)));
            let lines =
                if folded { "the strongest".into() } else { format!("the strongest Θ^x, Θ^h{gate} and Θ^o") };
            for part in ["x_5", "h_4", "h_5", "o_5", &lines, "all into h_4"] {
                assert!(shown.contains(part), "{part}\n{shown}");
            }
            for t in [4, 5] {
                let h = tiny(app.view.recurrent().expect("it is recurrent").h()[[t, 3]]);
                assert!(shown.contains(&format!("[{h:>4}]")), "{h} of step {t}\n{shown}");
            }
            assert!(shown.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)), "{shown}");
        }
    }
}
