//! A click gives the panel under it the focus, and the number under it the cursor.

use deltascope::app::App;
use deltascope::keymap::Panel;
use deltascope::train::Config;
use deltascope::ui::screen::Places;
use ratatui::layout::Rect;

use crate::{RGB, app, drawn, trainer};

const AREA: Rect = Rect { x: 0, y: 0, width: 120, height: 40 };

/// The place of a panel on the screen.
fn place(app: &App, panel: Panel) -> Rect {
    let places = Places::of(&app.view, AREA).expect("it is large enough");
    places.panels.into_iter().find(|(other, _)| *other == panel).expect("it is shown").1
}

/// Clicks every cell of a panel, each on a screen of its own; returns the screens.
fn clicked(start: &App, panel: Panel) -> impl Iterator<Item = App> {
    let place = place(start, panel);
    let cells = place.positions().map(move |at| (at.x, at.y));
    cells.map(move |at| {
        let mut app = App::new(start.view.clone(), deltascope::train::Speed::Max);
        app.click((panel, place), at);
        assert_eq!(app.view.focus, panel);
        drawn(&app.view, (40, 12));
        app
    })
}

#[test]
fn a_click_on_a_weight_selects_it_and_on_a_unit_its_weights() {
    let start = app(trainer("iris", Config { layers: vec![5], ..Config::default() }), 3, RGB);
    let mut weights: Vec<(usize, usize)> =
        clicked(&start, Panel::Weights).map(|app| (app.view.cursor.j, app.view.cursor.i)).collect();
    weights.sort_unstable();
    weights.dedup();
    assert_eq!(
        weights,
        (0..5).flat_map(|j| (0..5).map(move |i| (j, i))).collect::<Vec<_>>(),
        "5 units, 4 features and a bias"
    );
    let mut units: Vec<(usize, usize)> =
        clicked(&start, Panel::Network).map(|app| (app.view.cursor.l, app.view.cursor.j)).collect();
    units.sort_unstable();
    units.dedup();
    let all = (0..5).map(|j| (1, j)).chain((0..3).map(|j| (2, j)));
    assert_eq!(units, all.collect::<Vec<_>>(), "the units of layers 2 and 3");
}

#[test]
fn a_click_selects_nothing_below_an_overlay() {
    let start = app(trainer("iris", Config::default()), 3, RGB);
    let mut helped = App::new(start.view.clone(), deltascope::train::Speed::Max);
    helped.view.overlay = deltascope::view::Overlay::Help(0);
    let place = place(&start, Panel::Weights);
    for at in place.positions() {
        helped.click((Panel::Weights, place), (at.x, at.y));
    }
    assert_eq!((helped.view.cursor, helped.view.focus), (start.view.cursor, start.view.focus));
}
