//! The decision panel: what is mapped is what the network says there, and the samples lie where they belong.

use crossterm::event::KeyCode;
use deltascope::app::App;
use deltascope::derivation::{Plane, decision};
use deltascope::nn::{Activation, Output};
use deltascope::theme::Theme;
use deltascope::train::Config;

use crate::{ASCII, MONO, RGB, app, press, screen, trainer};

use KeyCode::{Char, Down, Enter, Esc};

/// A tanh net after 30 updates.
fn tanh(name: &str, theme: Theme) -> App {
    let tanh =
        Config { activation: vec![Activation::Tanh], output: Output::Softmax, layers: vec![6], ..Config::default() };
    app(trainer(name, tanh), 30, theme)
}

#[test]
fn the_map_is_what_the_network_says_at_the_middle_of_each_cell() {
    let app = tanh("iris", RGB);
    let snapshot = app.view.dense().expect("a snapshot");
    let plane = Plane::of(&snapshot.data.dataset, (2, 0)).expect("four features");
    let size = (9, 4);
    let features = app.view.trace.as_ref().and_then(|trace| trace.features(snapshot.data)).expect("a sample");
    let forward = decision::over(snapshot, &plane, features, size);
    let sample = snapshot.data.dataset.x.row(snapshot.data.train.row[app.view.cursor.sample.row]).to_owned();
    for cell in (0..9).flat_map(|column| (0..4).map(move |row| (column, row))) {
        let mut x = sample.clone();
        (x[2], x[0]) = plane.at(cell, size);
        let scaling = &snapshot.data.scaling;
        let x = ndarray::Array2::from_shape_fn((1, 4), |(_, i)| (x[i] - scaling.shift[i]) / scaling.divisor[i]);
        let alone = snapshot.network.forward(x.view());
        for l in 2..=3 {
            let there = forward.a(l).row(cell.1 * size.0 + cell.0);
            assert!(there.iter().zip(alone.a(l).row(0)).all(|(one, other)| (one - other).abs() < 1e-14));
        }
    }
}

#[test]
fn in_the_plane_the_decision_stands_on_the_screen_and_its_keys_look_elsewhere() {
    let mut app = tanh("circle", RGB);
    assert!(screen(&app).contains("d decision: h_2"), "{}", screen(&app));
    press(&mut app, &[Char('d'), Char('z')]);
    let whole = screen(&app);
    for part in ["h_2 outside (1.1.7) over x1, x2", "● ○ outside (training, held-out)", "x1 →", "0.5"] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
    press(&mut app, &[Char('k')]);
    assert!(screen(&app).contains("h_1 inside"));
    press(&mut app, &[Enter]);
    assert!(screen(&app).contains("a^(3)_1"), "Enter explains the output of the sample: {}", screen(&app));
    press(&mut app, &[Esc, Char('v'), Down]);
    assert!(screen(&app).contains("a^(2)_2 (1.1.3)"), "{}", screen(&app));
    press(&mut app, &[Char('v')]);
    assert!((1..=6).all(|unit| screen(&app).contains(&format!("a_{unit}"))), "{}", screen(&app));
    // Two features have no other plane.
    press(&mut app, &[Char('x'), Char('X')]);
    assert_eq!(app.view.decision.axes, (0, 1));
}

#[test]
fn of_more_features_two_are_chosen() {
    let mut app = tanh("iris", RGB);
    press(&mut app, &[Char('d'), Char('z'), Char('x')]);
    assert!(screen(&app).contains("over petal_length, sepal_width"), "{}", screen(&app));
    press(&mut app, &[Char('X')]);
    assert!(screen(&app).contains("over petal_length, petal_width"), "{}", screen(&app));
    assert!(screen(&app).contains("others as in the sample under the cursor"));
}

#[test]
fn without_colours_the_map_is_made_of_signs() {
    for theme in [MONO, ASCII] {
        let mut app = tanh("circle", theme);
        press(&mut app, &[Char('d'), Char('z')]);
        let screen = screen(&app);
        assert!(screen.contains("decision: h_2 outside"), "{screen}");
        assert!(!theme.ascii || screen.is_ascii(), "{screen}");
    }
}
