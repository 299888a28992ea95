//! The curve of g and g' beside or below the equation of a number, at two sizes, and where there is no room for it.

use crossterm::event::KeyCode::{Char, Enter};
use deltascope::app::App;
use deltascope::derivation::{Detail, Graph, Node, Playhead, Trace, Values, Walk, letter};
use deltascope::derivation::{QuantityKey, Subject};
use deltascope::nn::{Activation, Cell};
use deltascope::number::short;
use deltascope::theme::Theme;
use deltascope::train::{BatchSize, Config};
use deltascope::view::{Inquiry, Overlay};

use crate::pictures::rounded;
use crate::{ASCII, MONO, RGB, app, drawn, press, text, through_time, trainer};

fn digits(activation: Activation, theme: Theme) -> App {
    app(trainer("digits", Config { activation: vec![activation], alpha: 0.1, ..Config::default() }), 5, theme)
}

fn shown(app: &App, size: (u16, u16)) -> String {
    rounded(&text(&drawn(&app.view, size)))
}

/// The application with this unit of a quantity of layer 2 explained.
fn explained(mut app: App, (letter, unit): (&'static str, usize)) -> App {
    let node = Node::unit(QuantityKey::layer(letter, 2), app.view.cursor.sample, unit);
    app.view.inquiries = vec![Inquiry::of(Subject::Node(node))];
    app.view.overlay = Overlay::Explain;
    app
}

/// An LSTM whose walk is at its forget gate at step 3.
fn at_a_gate() -> App {
    let config = Config { batch: BatchSize::Size(4), ..through_time::quick() };
    let mut app = through_time::app(through_time::trainer("remember", Cell::Lstm, config), 5, RGB);
    press(&mut app, &[Char('n')]);
    let walk = Walk::of(app.view.snapshot.as_deref().expect("a snapshot"), Detail::Result);
    let is_it = |place: &usize| {
        walk.block(*place).is_some_and(|(stop, _)| stop.key == QuantityKey::of("g", "f") && stop.t == 3)
    };
    let block = (0..walk.len()).find(is_it).expect("there is one");
    app.view.playhead = Some(Playhead { block, unit: 2, proof: 0 });
    app.view.follow();
    app
}

#[test]
fn the_curve_of_a_sigmoid_of_a_relu_and_of_a_gate_in_pictures() {
    let sigmoid = explained(digits(Activation::Sigmoid, RGB), (letter::A, 4));
    let relu = explained(digits(Activation::Relu, MONO), (letter::SLOPE, 1));
    let gate = at_a_gate();
    for (name, app) in [("sigmoid", &sigmoid), ("relu", &relu), ("gate", &gate)] {
        for size in [(120, 40), (80, 24)] {
            insta::assert_snapshot!(format!("curve_{name}_{}x{}", size.0, size.1), shown(app, size));
        }
    }
    let ascii = explained(digits(Activation::Tanh, ASCII), (letter::A, 4));
    insta::assert_snapshot!("curve_in_ascii", shown(&ascii, (120, 40)));
}

#[test]
fn the_curve_names_the_very_numbers_of_the_unit() {
    for activation in [Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::Softplus] {
        let app = explained(digits(activation, RGB), (letter::SLOPE, 3));
        let snapshot = app.view.dense().expect("a snapshot");
        let sample = app.view.cursor.sample;
        let (graph, trace) = (Graph::of(&snapshot), Trace::of(sample, snapshot.snapshot));
        let values = Values::of(&snapshot, sample, trace.as_ref());
        let value =
            |letter| graph.value(Node::unit(QuantityKey::layer(letter, 2), sample, 3), &values).expect("it is there");
        let [z, a, slope] = [letter::Z, letter::A, letter::SLOPE].map(value).map(short);
        let screen = text(&drawn(&app.view, (120, 40)));
        assert!(screen.contains(&format!("g(z) = {a} at z^(2)_3 = {z}")), "{screen}");
        assert!(screen.contains(&format!("g'(z) = {slope}")), "{screen}");
    }
}

#[test]
fn the_curve_takes_no_row_from_the_equation() {
    let with = explained(digits(Activation::Gelu, RGB), (letter::SLOPE, 1));
    for size in [(40, 10), (60, 16), (80, 24), (120, 40)] {
        let screen = text(&drawn(&with.view, size));
        let said = ["(2.5.6)", "z^(2)_1"].iter().all(|part| screen.contains(part));
        assert!(said, "{screen}");
    }
    let small = text(&drawn(&with.view, (60, 16)));
    assert!(!small.contains("the tangent"), "{small}");
}

#[test]
fn the_walk_shows_the_curve_beside_its_units() {
    let mut app = at_a_gate();
    let screen = text(&drawn(&app.view, (200, 60)));
    assert!(screen.contains("g(z) = ") && screen.contains("not computed yet"), "{screen}");
    press(&mut app, &[Enter]);
    let screen = text(&drawn(&app.view, (120, 40)));
    assert!(screen.contains("at z(g^f)_3,3 = "), "{screen}");
}
