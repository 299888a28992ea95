//! What stands on the screen is what the snapshot holds.

use deltascope::keymap::Panel;
use deltascope::train::Config;
use deltascope::ui::panels;
use deltascope::view::{CostView, Pictures, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{RGB, app, digits, drawn, matrices, screen, text, trainer};

fn panel(panel: Panel, view: &View) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, 120, 30));
    panels::draw(panel, view, buf.area, &mut buf);
    text(&buf)
}

/// The last number on the line that begins so.
fn number(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.trim_start_matches(['│', '┃', ' ']).starts_with(name));
    let line = line.unwrap_or_else(|| panic!("{name} is not in\n{text}")).trim_end_matches(['│', '┃', ' ']);
    line.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("a number")
}

#[test]
fn the_weight_panel_shows_the_snapshots_numbers_to_the_last_bit_and_they_follow_from_each_other() {
    let mut view = digits(7, RGB);
    view.zoomed = true;
    for (l, j, i) in [(1, 0, 37), (1, 24, 0), (1, 11, 64), (2, 9, 25), (2, 0, 0)] {
        (view.cursor.l, view.cursor.j, view.cursor.i) = (l, j, i);
        view.follow();
        let text = panel(Panel::Weight, &view);
        let snapshot = view.snapshot.as_ref().unwrap();
        let theta = snapshot.model.theta(l).unwrap()[[j, i]];
        let d = snapshot.parameters[l - 1].d[[j, i]];
        assert_eq!(number(&text, &format!("Θ^({l})")), theta);
        assert_eq!(number(&text, &format!("D^({l})")), d);
        let penalty = if i == 0 { 0.0 } else { 1.0 / snapshot.regularisation.m as f64 * theta };
        assert_eq!(number(&text, &format!("(λ/m)Θ^({l})")), penalty);
        let gradient = number(&text, &format!("∂J/∂Θ^({l})"));
        assert_eq!(gradient, d + penalty);
        let update = number(&text, &format!("−α ∂J/∂Θ^({l})"));
        assert_eq!(update, -0.5 * gradient);
        assert_eq!(number(&text, &format!("next Θ^({l})")), theta + update);
    }
}

#[test]
fn the_next_theta_on_the_screen_is_the_theta_after_the_next_step() {
    let zoomed = |steps: u64| {
        let mut view = digits(steps, RGB);
        view.zoomed = true;
        view
    };
    let (before, after) = (zoomed(4), zoomed(5));
    let next = number(&panel(Panel::Weight, &before), "next Θ^(1)");
    assert_eq!(number(&panel(Panel::Weight, &after), "Θ^(1)"), next);
}

#[test]
fn the_cost_in_header_title_and_regularisation_is_one_and_includes_the_penalty() {
    let view = digits(3, RGB);
    let cost = &view.snapshot.as_ref().unwrap().cost;
    assert!(cost.reg_total() > 0.0 && cost.total() > cost.data);
    let sum = format!("J {:.3} = data {:.3} + reg {:.5}", cost.total(), cost.data, cost.reg_total());
    let screen = text(&drawn(&view, (300, 60)));
    assert_eq!(screen.matches(&sum).count(), 2, "{sum}\n{screen}");
    assert!(screen.contains("λ/m 0.0006954"), "{screen}");
}

#[test]
fn a_value_that_is_not_finite_has_a_look_of_its_own() {
    let mut view = digits(0, RGB);
    let snapshot = view.snapshot.as_mut().unwrap();
    matrices(snapshot).next().unwrap()[[0, 0]] = f64::NAN;
    view.zoomed = true;
    view.focus = Panel::Weights;
    assert!(text(&drawn(&view, (120, 40))).contains('!'));
    view.cursor.i = 0;
    assert!(panel(Panel::Weight, &view).contains("NaN"));
}

#[test]
fn the_stack_of_the_cost_names_each_parts_share_of_the_next_batchs() {
    let mut view = digits(3, RGB);
    let cost = view.snapshot.as_ref().unwrap().cost.clone();
    for shown in [CostView::Stack, CostView::Shares] {
        view.cost = shown;
        let text = panel(Panel::Cost, &view);
        let share = |part: f64| format!("{:.1} %", 100.0 * part / cost.total());
        for name in [
            format!("reg^(1) {}", share(cost.reg[0])),
            format!("reg^(2) {}", share(cost.reg[1])),
            format!("data {}", share(cost.data)),
        ] {
            assert!(text.contains(&name), "{name}\n{text}");
        }
    }
    assert_eq!(view.shares.all().map(|shares| shares.step).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(view.shares.all().last().map(|shares| shares.cost.clone()), Some(cost));
}

#[test]
fn the_sheet_of_pictures_has_a_picture_for_each_unit_and_keeps_the_one_under_the_cursor() {
    let mut view = digits(2, RGB);
    view.picture = Pictures::Sheet;
    let text = panel(Panel::Weights, &view);
    assert!(text.contains("into each of 25 units, as pictures"), "{text}");
    assert!(text.lines().any(|line| line.contains(" 2 ") && line.contains(" 13 ")), "{text}");
    view.cursor.j = 24;
    let mut small = Buffer::empty(Rect::new(0, 0, 60, 9));
    panels::draw(Panel::Weights, &view, small.area, &mut small);
    assert!(self::text(&small).contains("units 25-25 of 25"), "{}", self::text(&small));
}

#[test]
fn a_unit_that_is_left_out_is_marked_in_the_network() {
    let config = Config { layers: vec![4], dropout: 0.5, ..Config::default() };
    let mut trainer = trainer("iris", config);
    let snapshot = trainer.snapshot(None);
    let row = snapshot.batch[0];
    let out = snapshot.dense().unwrap().mask(2).unwrap().row(0).iter().filter(|&&r| r == 0.0).count();
    let mut app = app(trainer, 0, RGB);
    app.view.cursor.sample.row = row;
    app.view.follow();
    let network: String =
        screen(&app).lines().take(14).map(|line| line.chars().take(60).collect::<String>() + "\n").collect();
    assert!(network.contains("a^(l), × left out (3.2 dropout)"), "{network}");
    assert_eq!(network.matches("×").count(), out + 1, "{network}");
    assert!(screen(&app).contains("dropout 0.5"));
    // A sample of another batch goes through the whole network.
    app.view.cursor.sample.held_out = true;
    app.view.follow();
    assert!(!screen(&app).contains("left out"));
}

#[test]
fn each_layer_of_delta_has_a_scale_of_its_own_with_its_factor_or_one_is_shared() {
    let mut view = digits(3, RGB);
    let [largest, own] = [3, 2].map(|l| view.delta_limit(l));
    assert!(own < largest, "{own} {largest}");
    assert_eq!(view.delta_factor(2), largest / own);
    let text = panel(Panel::Delta, &view);
    let factor = format!("×1/{}", deltascope::number::times(largest / own));
    assert!(text.contains(&factor) && text.contains(&format!("±{largest}")), "{factor}\n{text}");
    assert!(text.contains("own scales") && text.contains(&format!("bars to ±{own}")), "{text}");
    view.shared_scale = true;
    let text = panel(Panel::Delta, &view);
    assert!(text.contains(&format!("one scale ±{largest}")) && !text.contains("×1/"), "{text}");
    assert_eq!([2, 3].map(|l| view.delta_limit(l)), [largest; 2]);
}
