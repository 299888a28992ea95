//! The walk beside the network: what each column shows meanwhile, which column of a matrix is chosen, and what is not walked.

use crossterm::event::KeyCode::{Char, End};
use deltascope::app::App;
use deltascope::derivation::{Detail, Playhead, QuantityKey, Walk, letter};
use deltascope::keymap::{BINDINGS, Panel};
use deltascope::nn::{Activation, Cell};
use deltascope::number::{LONGEST, exact};
use deltascope::train::{BatchSize, Config, DenseView, Report, Snapshot, Speed, Status};
use deltascope::ui::panels;
use deltascope::view::View;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::{ASCII, RGB, app, drawn, matrices, press, screen, text, through_time, trainer};

fn walk(app: &App) -> (Walk, DenseView<'_>) {
    let snapshot = app.view.dense().expect("a snapshot");
    (Walk::of(&snapshot, Detail::Result), snapshot)
}

/// Brings the walk to the first unit of the first stop at a quantity of layer l.
fn to(app: &mut App, (letter, l): (&str, usize)) {
    let (walk, _) = walk(app);
    let is_there = |place: &usize| walk.block(*place).expect("a stop").0.is(letter, l);
    let block = (0..walk.len()).find(is_there).expect("there is one");
    app.view.playhead = Some(Playhead { block, ..Playhead::default() });
    app.view.follow();
}

/// What layer l shows, and how many of its units.
fn latest(walk: &Walk, at: Playhead, l: usize) -> Option<(QuantityKey, usize)> {
    walk.latest(at, l).map(|(stop, known)| (stop.key, known))
}

fn begun(batch: BatchSize) -> App {
    let mut app = app(trainer("digits", Config { batch, ..Config::default() }), 1, RGB);
    press(&mut app, &[Char('n')]);
    app
}

#[test]
fn while_delta_is_made_its_layer_shows_the_activations_that_it_is_a_product_of() {
    let mut app = begun(BatchSize::Size(32));
    to(&mut app, (letter::SAMPLE_GRADIENT, 2));
    let (walk, snapshot) = walk(&app);
    let at = app.view.playhead.expect("a walk");
    let units = snapshot.network.sizes();
    assert_eq!(latest(&walk, at, 2), Some((QuantityKey::layer(letter::A, 2), units[1])));
    assert_eq!(latest(&walk, at, 3), Some((QuantityKey::layer(letter::DELTA, 3), units[2])));
    assert_eq!(latest(&walk, at, 1), Some((QuantityKey::layer(letter::A, 1), units[0])));
    assert!(screen(&app).contains("a^(2)"), "{}", screen(&app));
    to(&mut app, (letter::SAMPLE_GRADIENT, 1));
    let at = app.view.playhead.expect("a walk");
    let walk = self::walk(&app).0;
    assert_eq!(latest(&walk, at, 2), Some((QuantityKey::layer(letter::DELTA, 2), units_of(&app, 2))));
}

fn units_of(app: &App, l: usize) -> usize {
    walk(app).1.network.sizes()[l - 1]
}

#[test]
fn a_chosen_column_is_kept_while_a_matrix_has_fewer() {
    let mut app = begun(BatchSize::Size(32));
    to(&mut app, (letter::SAMPLE_GRADIENT, 1));
    press(&mut app, &[End]);
    assert_eq!((app.view.cursor.l, app.view.cursor.i), (1, 64));
    for narrower in [(letter::SAMPLE_GRADIENT, 2), (letter::Z, 3), (letter::A, 1), (letter::D, 2)] {
        to(&mut app, narrower);
        to(&mut app, (letter::SAMPLE_GRADIENT, 1));
        assert_eq!((app.view.cursor.l, app.view.cursor.i), (1, 64), "after {narrower:?}");
    }
    to(&mut app, (letter::D, 2));
    assert_eq!((app.view.cursor.l, app.view.cursor.i), (2, 25));
    press(&mut app, &[crossterm::event::KeyCode::Left]);
    assert_eq!(app.view.cursor.i, 24, "from the column that is shown");
    to(&mut app, (letter::D, 1));
    assert_eq!(app.view.cursor.i, 24);
}

#[test]
fn samples_of_a_large_batch_that_are_not_walked_are_told_with_what_they_add() {
    let mut app = begun(BatchSize::Full);
    let wide = |app: &App| text(&drawn(&app.view, (200, 60)));
    let place = "sample 1 of 256 walked in a batch of 1438 (number ";
    assert!(wide(&app).contains(place), "{}", wide(&app));
    let narrow = text(&drawn(&app.view, (80, 24)));
    assert!(narrow.contains("sample 1 of 256 walked (number "), "no part of a batch is called the batch: {narrow}");
    to(&mut app, (letter::SAMPLE_GRADIENT, 2));
    assert!(wide(&app).contains("over 1 of 256 samples walked; 1182 are not"), "{}", wide(&app));
    to(&mut app, (letter::D, 2));
    let shown = wide(&app);
    assert!(shown.contains("all 1438 samples, 256 of them walked"), "{shown}");
    assert!(shown.contains("over the 256 samples walked") && shown.contains("over the 1182 not walked"), "{shown}");
    let (_, snapshot) = walk(&app);
    let i = app.view.cursor.i;
    let a = |b: usize| if i == 0 { 1.0 } else { snapshot.a(2)[[b, i - 1]] };
    let walked: f64 = (0..256).map(|b| snapshot.delta(3)[[b, 0]] * a(b)).sum();
    let rest = snapshot.parameters[1].sum[[0, i]] - walked;
    assert!(shown.contains(&exact(rest)), "{rest}: {shown}");
}

#[test]
fn only_terms_of_one_sum_have_bars_in_an_explanation() {
    let mut app = app(trainer("digits", Config::default()), 3, ASCII);
    press(&mut app, &[Char('1'), crossterm::event::KeyCode::Enter]);
    // The activation is a function of one number: nothing is compared.
    assert!(!screen(&app).contains("bars compare"), "{}", screen(&app));
    press(&mut app, &[crossterm::event::KeyCode::Enter]);
    let shown = screen(&app);
    assert!(shown.contains("bars compare the terms of the sum"), "{shown}");
    let rows = |name: &str| -> Vec<&str> {
        let begins = |line: &&str| line.trim_start_matches(['|', '>', ' ']).starts_with(name);
        shown.lines().filter(begins).filter(|line| !line.contains(" x ")).collect()
    };
    let (theta, a) = (rows("Theta^(1)["), rows("a^(1)_"));
    assert!(theta.len() > 3 && a.len() > 3, "{theta:?} {a:?}");
    assert!(theta.iter().any(|line| line.contains("===")) && !a.iter().any(|line| line.contains("==")), "{shown}");
}

/// Every number of a snapshot is as large as can be, or as small.
fn extreme(snapshot: &mut Snapshot) {
    let odd =
        [f64::MAX, -1.234_567_890_123_456_7e300, f64::MIN_POSITIVE, -5e-324, 1.258e34, -0.0, 1e21, 123_456_789.125];
    let mut next = odd.into_iter().cycle();
    let mut next = || next.next().expect("there is always another");
    matrices(snapshot).flatten().for_each(|entry| *entry = next());
    snapshot.cost.reg.iter_mut().for_each(|entry| *entry = next());
    (snapshot.cost.data, snapshot.latest.train.data, snapshot.latest.reg) = (1e300, 1.258e34, 1e-300);
    snapshot.status = Status::Paused;
}

#[test]
fn no_panel_prints_a_number_longer_than_the_longest_or_a_zero_with_a_sign() {
    for optimizer in [deltascope::nn::Optimizer::GradientDescent, deltascope::nn::Optimizer::Adam] {
        for panel in Panel::ALL {
            let mut snapshot =
                trainer("iris", Config { layers: vec![3, 2], optimizer, ..Config::default() }).snapshot(None);
            extreme(&mut snapshot);
            let mut app = App::new(View::new(RGB), Speed::Max);
            app.absorb(Report::Snapshot(snapshot));
            app.view.focus = panel;
            for action in BINDINGS.iter().map(|binding| binding.action) {
                app.update(action);
                let shown = text(&drawn(&app.view, (200, 60)));
                for number in shown.split(|c: char| !c.is_ascii_digit() && c != '.') {
                    assert!(number.len() <= LONGEST, "{panel:?}, {action:?}: {number}");
                }
                for word in shown.split([' ', '│', '┃']) {
                    let zero = word.strip_prefix('-').is_some_and(|rest| {
                        rest.contains('0') && rest.bytes().all(|digit| matches!(digit, b'0' | b'.'))
                    });
                    assert!(!zero, "{panel:?}, {action:?}: {word} in {shown}");
                }
            }
        }
    }
}

#[test]
fn the_unrolled_network_has_what_the_walk_has_come_to() {
    let mut seen = [0; 2];
    for cell in [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm] {
        let mut app = through_time::app(through_time::trainer("parity", cell, through_time::quick()), 3, RGB);
        let walk = Walk::of(app.view.snapshot.as_ref().expect("a snapshot"), Detail::Result);
        let places = (0..=walk.samples_end()).step_by(5);
        for block in places.chain([walk.end().block]).take(120) {
            let at = Playhead { block, unit: 0, proof: 0 };
            app.view.playhead = Some(at);
            app.view.follow();
            // Wide enough for the step under the cursor alone.
            let (t, mut buf) = (app.view.cursor.t, Buffer::empty(Rect::new(0, 0, 16, 16)));
            panels::draw(Panel::Network, &app.view, buf.area, &mut buf);
            let shown = text(&buf);
            let below = |head: &str| {
                let row = shown.lines().position(|row| row.contains(head));
                row.and_then(|row| shown.lines().nth(row + 1)).unwrap_or_else(|| panic!("{head}\n{shown}"))
            };
            for symbol in ["h", "x"] {
                let (head, known) = (format!(" {symbol}_{t}"), walk.known(at, symbol, t));
                assert_eq!(below(&head).contains("not yet"), known == 0, "{block} {head} {known}\n{shown}");
                seen[usize::from(known > 0)] += 1;
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 10), "{seen:?}");
}
