//! One index for one thing: what is of Θ^(1) is named Θ^(1) in every panel, and a norm says whether the bias column is in it.

use deltascope::data::Task;
use deltascope::derivation::LayerNorms;
use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Cell};
use deltascope::number::fixed;
use deltascope::theme::Theme;
use deltascope::train::Config;
use deltascope::ui::panels;
use deltascope::view::{Activity, DeltaView, HealthView, InGrid, Overlay, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{ASCII, RGB, drawn, text, through_time, trainer, view};

fn panel(panel: Panel, view: &View, (width, height): (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panels::draw(panel, view, buf.area, &mut buf);
    text(&buf)
}

/// A net of three Θ after some updates.
fn three(theme: Theme) -> View {
    let config =
        Config { layers: vec![6, 5], activation: vec![Activation::Relu, Activation::Tanh], ..Config::default() };
    view(trainer("iris", config), 5, theme)
}

/// The row that has this name, from the name on.
fn row<'s>(shown: &'s str, name: &str) -> &'s str {
    let found = shown.lines().skip(2).find_map(|line| line.find(name).map(|at| &line[at..]));
    found.unwrap_or_else(|| panic!("no row {name}:\n{shown}"))
}

#[test]
fn a_norm_stands_behind_the_name_of_its_matrix_in_every_panel() {
    for (theme, symbol) in [(RGB, "Θ"), (ASCII, "Theta")] {
        let view = three(theme);
        let norms = LayerNorms::of(view.snapshot.as_ref().expect("a snapshot"));
        for norm in norms {
            let name = format!("{symbol}^({})", norm.l);
            for (of, size) in [(Panel::Regularisation, (44, 12)), (Panel::Layers, (44, 12)), (Panel::Health, (120, 30))]
            {
                let shown = panel(of, &view, size);
                let told = fixed(norm.d, 6);
                assert!(row(&shown, &name).contains(&told), "{of:?} {name} {told}\n{shown}");
            }
        }
    }
}

#[test]
fn what_is_of_units_is_named_by_a_and_delta() {
    let view = three(RGB);
    for l in [2, 3, 4] {
        let health = panel(Panel::Health, &view, (31, 16));
        let mean =
            LayerNorms::of(view.snapshot.as_ref().expect("a snapshot"))[l - 2].of_units(|units| units.activations.mean);
        let told = fixed(mean.abs(), 4);
        assert!(row(&health, &format!("a^({l})")).contains(&told), "{told}\n{health}");
        let delta = panel(Panel::Delta, &view, (60, 16));
        let trace = view.trace.as_ref().and_then(|trace| trace.delta(l)).expect("δ");
        let told = fixed(trace.dot(&trace).sqrt(), 8);
        assert!(row(&delta, &format!("δ^({l})")).contains(&told), "{told}\n{delta}");
    }
    assert!(panel(Panel::Delta, &view, (60, 16)).contains("δ^(2) = ∂J^(b)/∂z^(2): 6 units"));
}

#[test]
fn norms_say_whether_the_bias_column_is_in_them() {
    for theme in [RGB, ASCII] {
        let view = three(theme);
        for width in [38, 44, 80, 120] {
            let layers = panel(Panel::Layers, &view, (width, 6));
            assert!(layers.contains("norms with bias"), "{width}\n{layers}");
            let penalty = panel(Panel::Regularisation, &view, (width, 7));
            assert!(["bias in ", "bias column is in "].iter().any(|said| penalty.contains(said)), "{width}\n{penalty}");
        }
        assert!(panel(Panel::Health, &view, (120, 30)).contains("with bias"));
    }
}

#[test]
fn dead_units_say_after_which_epoch_they_were_counted() {
    let shown = panel(Panel::Health, &three(RGB), (31, 16));
    assert!(shown.contains("after epoch 1"), "{shown}");
}

#[test]
fn no_row_and_no_heading_is_a_bare_layer() {
    for theme in [RGB, ASCII] {
        let mut view = three(theme);
        view.zoomed = true;
        for focus in Panel::ALL {
            view.focus = focus;
            for health in [HealthView::Layers, HealthView::Updates, HealthView::Rules] {
                view.health = health;
                for size in [(80, 24), (120, 40), (200, 60)] {
                    let shown = text(&drawn(&view, size));
                    let bare = |word: &str| shown.contains(&format!("layer {word}"));
                    assert!(!["1", "2", "3", "4"].into_iter().any(bare), "{focus:?} {size:?}\n{shown}");
                    assert!(!shown.contains(" l "), "{focus:?} {size:?}\n{shown}");
                }
            }
        }
    }
}

#[test]
fn a_heading_has_a_form_for_its_own_column_and_the_gradient_of_the_penalty_is_not_called_the_penalty() {
    let view = three(ASCII);
    for width in [38, 44, 60] {
        let layers = panel(Panel::Layers, &view, (width, 8));
        let head = layers.lines().nth(1).expect("a heading");
        assert!(!head.contains('~'), "{layers}");
        assert!(head.contains("|Th|") || head.contains("||Theta||"), "{layers}");
        let weight = panel(Panel::Weight, &view, (width, 12));
        assert!(!weight.lines().next().is_some_and(|title| title.contains('~')), "{weight}");
        assert!(!weight.lines().any(|line| line.trim_start_matches('|').starts_with("penalty")), "{weight}");
    }
}

#[test]
fn a_mark_beside_an_output_and_a_number_in_its_own_unit_are_never_cut() {
    for theme in [RGB, ASCII] {
        for data in ["iris", "digits", "xor"] {
            let view = view(trainer(data, Config::default()), 0, theme);
            let (trace, shown) = (view.trace.as_ref().expect("a trace"), text(&drawn(&view, (80, 24))));
            let mark = if trace.right == Some(true) { [" ✓", " ok"] } else { [" target", " = y"] };
            assert!(mark.iter().any(|mark| shown.contains(mark)), "{data}: {mark:?}\n{shown}");
            assert!(!shown.contains("targ…") && !shown.contains("targ~"), "{data}\n{shown}");
        }
        let view = view(trainer("reg-plane", crate::learning(Task::Regression)), 3, theme);
        let shown = panel(Panel::Sample, &view, (38, 12));
        let (snapshot, trace) = (view.dense().expect("a snapshot"), view.trace.as_ref().expect("a trace"));
        let scaling = &snapshot.data.target_scaling;
        let h = trace.h().expect("an answer")[0];
        for number in [scaling.unscaled(trace.y()[0], 0), scaling.unscaled(h, 0)] {
            assert!(shown.contains(&deltascope::number::short(number)), "{number}\n{shown}");
        }
    }
}

#[test]
fn the_panels_that_show_delta_say_what_it_is() {
    let mut view = three(RGB);
    assert!(panel(Panel::Delta, &view, (60, 14)).contains("δ^(2) = ∂J^(b)/∂z^(2): 6 units, bars to"));
    assert!(panel(Panel::Delta, &view, (38, 14)).contains("δ^(2): 6 units, bars to"));
    (view.activity, view.delta) = (Activity::Delta, DeltaView::Why);
    assert!(panel(Panel::Network, &view, (60, 14)).contains("network: δ^(l) = ∂J^(b)/∂z^(l) (2.5.8)"));
    assert!(panel(Panel::Delta, &view, (80, 20)).contains("δ^(3) = ∂J^(b)/∂z^(3): gain"));
    let weight = panel(Panel::Weight, &view, (60, 16));
    assert!(weight.contains("of sample 1, Δ^(1) = ∂J^(b)/∂Θ^(1)"), "{weight}");
    for (cell, delta, z) in [
        (Cell::Plain(Activation::Tanh), "δ_t", "z_t"),
        (Cell::Lstm, "δ(g^i)_t", "z(g^i)_t"),
        (Cell::Gru, "δ(g^r)_t", "z(g^r)_t"),
    ] {
        let said = format!("{delta} = ∂J^(b)/∂{z}");
        let mut app = through_time::app(through_time::trainer("remember", cell, through_time::quick()), 5, RGB);
        (app.view.grid, app.view.unrolled) = (InGrid::Delta(0), InGrid::Delta(0));
        let grid = panel(Panel::Delta, &app.view, (60, 14));
        assert!(grid.lines().nth(12).is_some_and(|legend| legend.contains(&said)), "{grid}");
        assert!(panel(Panel::Delta, &app.view, (100, 14)).contains(&format!("2 {said}, at t 12, unit 1: ")));
        assert!(panel(Panel::Network, &app.view, (100, 14)).contains(&format!("unrolled, {said}")));
        app.view.overlay = Overlay::UnitAtStep;
        let sheet = text(&drawn(&app.view, (120, 60)));
        assert!(sheet.contains(&format!("back (2.3.3, 2.5.8, 3.2), where {said}")), "{sheet}");
        app.view.overlay = Overlay::Sum;
        let sum = text(&drawn(&app.view, (120, 40)));
        assert!(sum.contains("Δ^h = ∂J^(b)/∂Θ^h = Σ_t δ"), "{sum}");
    }
}
