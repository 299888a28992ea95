//! The descent by its key: J along the gradient with α marked, of which step it is, and what it says of α.

use crossterm::event::KeyCode;
use deltascope::app::App;
use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Optimizer, Output};
use deltascope::number::short;
use deltascope::train::{BatchSize, Config, Descended, Report, Speed};
use deltascope::ui::panels;
use deltascope::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::pictures::rounded;
use crate::{ASCII, RGB, drawn, press, screen, text, trainer, view};

use KeyCode::Char;

/// An application that shows the descent of a run after some updates.
fn descending(name: &str, config: Config) -> App {
    let mut app = App::new(view(trainer(name, config), 10, RGB), Speed::Max);
    app.resize(Rect::new(0, 0, 120, 40));
    press(&mut app, &[Char('4'), Char('v')]);
    app
}

/// The same, computed.
fn descended(name: &str, config: Config) -> App {
    let mut app = descending(name, config);
    compute(&mut app);
    app
}

fn compute(app: &mut App) {
    let descended = Descended::of(app.view.snapshot.as_ref().expect("a snapshot"));
    app.absorb(Report::Descended(descended));
}

/// The panel with its frame.
fn panel(view: &View, (width, height): (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panels::draw(Panel::Weight, view, buf.area, &mut buf);
    text(&buf)
}

#[test]
fn it_is_asked_for_where_it_is_shown_and_is_of_the_present_picture() {
    let mut app = descending("iris", Config::default());
    assert!(app.wanted_descent().is_some());
    assert!(panel(&app.view, (60, 12)).contains("not computed yet"), "{}", panel(&app.view, (60, 12)));
    compute(&mut app);
    assert!(app.wanted_descent().is_none());
    assert!(panel(&app.view, (60, 12)).contains("of step 10"));
    // Another panel fills the screen.
    let mut hidden = descending("iris", Config::default());
    press(&mut hidden, &[Char('6'), Char('z')]);
    assert!(hidden.wanted_descent().is_none());
}

#[test]
fn of_an_older_step_it_says_so_and_after_a_change_by_hand_it_is_not_computed_yet() {
    let mut trainer = trainer("iris", Config::default());
    let mut app = App::new(View::new(RGB), Speed::Max);
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    press(&mut app, &[Char('4'), Char('v')]);
    compute(&mut app);
    trainer.step().expect("it does not diverge");
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    // On a narrow one, too.
    for width in [38, 120] {
        let shown = panel(&app.view, (width, 12));
        assert!(shown.contains("of step 0") && (width < 100 || shown.contains("now step 1")), "{shown}");
    }
    assert!(app.wanted_descent().is_some());
    let weight = app.view.cursor.weight();
    trainer.edit(weight, 3.0).expect("a weight");
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    assert!(panel(&app.view, (80, 12)).contains("not computed yet"));
    compute(&mut app);
    assert!(panel(&app.view, (80, 12)).contains("of step 1"));
    // What was computed of the other Θ of the same step is not shown for this one.
    trainer.undo().expect("it was set by hand");
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    assert!(app.wanted_descent().is_some() && panel(&app.view, (80, 12)).contains("not computed yet"));
}

#[test]
fn a_key_goes_from_theta_to_it_and_on_to_the_other_quantities() {
    let mut app = descended("iris", Config::default());
    assert!(screen(&app).contains("4 descent "));
    press(&mut app, &[Char('v')]);
    assert!(!screen(&app).contains("4 descent ") && !app.view.descent.open);
    let mut presses = 1;
    while !app.view.descent.open {
        press(&mut app, &[Char('v')]);
        presses += 1;
    }
    assert_eq!(presses, 6, "the gradient, its two parts, the update, Θ");
    press(&mut app, &[KeyCode::Enter]);
    assert!(screen(&app).contains("(1.3.2)"), "Enter explains the update: {}", screen(&app));
}

/// A run whose α is far beyond the lowest point.
fn too_far() -> Config {
    let activation = vec![Activation::Tanh];
    Config { alpha: 6.0, activation, output: Output::Softmax, batch: BatchSize::Full, ..Config::default() }
}

#[test]
fn it_says_where_the_lowest_point_is_with_the_numbers_of_the_curve() {
    let app = descended("iris", too_far());
    let descent = app.view.descent().expect("it is computed").outcome.clone().expect("a descent");
    let (lowest, [_, at, _]) = (descent.lowest().expect("a lowest point"), descent.marked());
    assert!(lowest.t > 0.0 && lowest.t < descent.alpha && at.cost.total() > descent.here().cost.total());
    let said = format!("α = 6 goes past the lowest point, J {} at t = {}", short(lowest.cost.total()), lowest.t);
    let wide = panel(&app.view, (150, 30));
    assert!(wide.contains(&said), "{said}: {wide}");
    let rises = format!("J rises from {} to {}", short(descent.here().cost.total()), short(at.cost.total()));
    assert!(wide.contains(&rises), "{rises}: {wide}");
    let narrow = panel(&app.view, (39, 7));
    assert!(narrow.contains("too far: J "), "{narrow}");
}

#[test]
fn a_small_alpha_is_told_what_twice_of_it_would_do() {
    let app = descended("iris", Config { alpha: 0.01, ..Config::default() });
    let descent = app.view.descent().expect("it is computed").outcome.clone().expect("a descent");
    let [_, at, twice] = descent.marked();
    let fall = short(descent.here().cost.total() - at.cost.total());
    let said = format!("J falls by {fall}");
    let further = format!("2α would fall further, to {}", short(twice.cost.total()));
    let wide = panel(&app.view, (150, 30));
    assert!(wide.contains(&said) && wide.contains(&further), "{said}, {further}: {wide}");
}

#[test]
fn another_optimiser_is_said_to_go_another_way() {
    let app = descended("iris", Config { optimizer: Optimizer::Adam, alpha: 0.1, ..Config::default() });
    let descent = app.view.descent().expect("it is computed").outcome.clone().expect("a descent");
    let after = short(descent.after.total());
    let wide = panel(&app.view, (150, 30));
    let said =
        format!("adam goes another way: its update leads from J {} to {after}", short(descent.here().cost.total()));
    assert!(wide.contains(&said), "{said}: {wide}");
    let clipped = descended("iris", Config { clip: Some(1e-3), ..Config::default() });
    assert!(panel(&clipped.view, (150, 30)).contains("cut to "), "{}", panel(&clipped.view, (150, 30)));
}

#[test]
fn a_point_that_is_no_number_is_named_and_not_drawn() {
    let linear = Config { activation: vec![Activation::Linear], output: Output::Linear, ..Config::default() };
    let mut app = App::new(view(trainer("iris", Config { alpha: 1e200, ..linear }), 0, RGB), Speed::Max);
    press(&mut app, &[Char('4'), Char('v')]);
    compute(&mut app);
    let shown = panel(&app.view, (100, 20));
    assert!(shown.contains("α = 1e200 is far too large") || shown.contains("is far too large: J is"), "{shown}");
    assert!(shown.contains('!'), "{shown}");
}

#[test]
fn its_pictures_at_three_sizes_and_alone() {
    let mut app = descended("iris", too_far());
    for size in [(80, 24), (120, 40), (200, 60)] {
        insta::assert_snapshot!(format!("descent_{}x{}", size.0, size.1), rounded(&text(&drawn(&app.view, size))));
    }
    press(&mut app, &[Char('z')]);
    insta::assert_snapshot!("descent_alone", rounded(&text(&drawn(&app.view, (120, 40)))));
    app.view.theme = ASCII;
    let ascii = text(&drawn(&app.view, (120, 40)));
    assert!(ascii.is_ascii(), "{ascii}");
}
