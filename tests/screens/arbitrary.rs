//! Any actions on any snapshot: numbers of every kind, layers of one unit and of thousands, and of none.

use std::sync::LazyLock;

use deltascope::app::App;
use deltascope::keymap::{Action, BINDINGS};
use deltascope::nn::dense::tensors::{A, DELTA, GRAD_A, MEAN_DELTA, Z};
use deltascope::nn::{Activation, Optimizer, Output};
use deltascope::train::{BatchSize, Config, Report, Snapshot, Speed, Status};
use deltascope::view::View;
use ndarray::{Array2, s};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{ASCII, MONO, RGB, drawn, layers, matrices, text, trainer};

/// Snapshots of several nets, as a trainer makes them.
static SNAPSHOTS: LazyLock<Vec<Snapshot>> = LazyLock::new(|| {
    let net = |name, layers: &[usize], other: Config| {
        let mut trainer = trainer(name, Config { layers: layers.to_vec(), batch: BatchSize::Size(3), ..other });
        trainer.step().expect("it does not diverge");
        *trainer.snapshot(None)
    };
    let adam = Config { optimizer: Optimizer::Adam, output: Output::Softmax, ..Config::default() };
    let relu = Config { activation: vec![Activation::Relu], ..Config::default() };
    vec![
        net("xor", &[], Config::default()),
        net("xor", &[1], adam.clone()),
        net("iris", &[3, 1, 2], relu),
        net("xor", &[4096], Config::default()),
        net("digits", &[4], adam),
    ]
});

/// A number of any kind.
fn number() -> impl Strategy<Value = f64> {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324, -0.0, 0.0, 1.0];
    prop_oneof![any::<f64>(), proptest::sample::select(odd.to_vec())]
}

/// Puts other numbers in the place of all that a snapshot has; `empty` takes the units of a hidden layer away, too.
fn spoil(snapshot: &mut Snapshot, numbers: &[f64], empty: bool) {
    let mut next = numbers.iter().copied().cycle();
    let mut next = || next.next().expect("there is always another");
    matrices(snapshot).flatten().for_each(|entry| *entry = next());
    snapshot.cost.reg.iter_mut().for_each(|entry| *entry = next());
    snapshot.cost.data = next();
    (snapshot.latest.train.data, snapshot.latest.reg) = (next(), next());
    (snapshot.cut, snapshot.regularisation.lambda) = (next(), next());
    if empty && snapshot.model.parameters().len() > 1 {
        without_units(snapshot);
    }
}

/// Takes the units of layer 2 away: what is above it has their bias left.
fn without_units(snapshot: &mut Snapshot) {
    let mut layers = layers(&mut snapshot.model, &mut snapshot.parameters);
    for matrix in layers.next().expect("a hidden layer") {
        *matrix = Array2::zeros((0, matrix.ncols()));
    }
    for matrix in layers.next().expect("a layer above it") {
        *matrix = matrix.slice(s![.., ..1]).to_owned();
    }
    for (name, tensor) in snapshot.tensors.iter_mut() {
        if name.layer == 2 && [Z, A, DELTA, GRAD_A, MEAN_DELTA].contains(&name.symbol) {
            tensor.values = Array2::zeros((tensor.values.nrows(), 0));
        }
    }
}

/// An action, or a character that is typed.
fn pressed() -> impl Strategy<Value = Result<Action, char>> {
    let actions: Vec<Action> = BINDINGS.iter().map(|binding| binding.action).collect();
    prop_oneof![
        9 => proptest::sample::select(actions).prop_map(Ok),
        1 => proptest::sample::select("0123456789.,-+e".chars().collect::<Vec<_>>()).prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_actions_on_any_snapshot_keep_the_cursor_in_its_bounds_and_draw_no_number_that_is_none(
        which in 0..5_usize,
        numbers in vec(number(), 1..40),
        other in vec(number(), 1..40),
        (empty, theme) in (proptest::bool::weighted(0.2), 0..3_usize),
        actions in vec(pressed(), 1..60),
        (width, height) in (0..210_u16, 0..64_u16),
    ) {
        let mut first = SNAPSHOTS[which].clone();
        spoil(&mut first, &numbers, empty);
        let mut app = App::new(View::new([RGB, MONO, ASCII][theme]), Speed::Max);
        app.absorb(Report::Snapshot(Box::new(first)));
        for (turn, action) in actions.into_iter().enumerate() {
            match action {
                Ok(action) => _ = app.update(action),
                Err(c) => _ = app.type_in(c),
            }
            if turn % 16 == 8 {
                let mut next = SNAPSHOTS[which].clone();
                spoil(&mut next, &other, empty);
                (next.position.step, next.status) = (turn as u64, Status::Diverged("a\u{1b}number".into()));
                app.absorb(Report::Snapshot(Box::new(next)));
            }
            let cursor = app.view.cursor;
            let theta = app.view.snapshot.as_ref().expect("a snapshot").model.parameters();
            prop_assert!((1..=theta.len()).contains(&cursor.l), "{cursor:?}");
            let (rows, columns) = theta[cursor.l - 1].dim();
            prop_assert!(cursor.j < rows.max(1) && cursor.i < columns, "{cursor:?}");
            if turn % 4 == 0 {
                drawn(&app.view, (width, height));
            }
        }
        let shown = text(&drawn(&app.view, (width, height)));
        prop_assert!(!shown.contains('\u{1b}'), "{shown}");
        drawn(&app.view, (120, 40));
    }
}
