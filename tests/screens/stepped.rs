//! Inside an update, with keys alone: every number of a published pass is on the screen when its turn has come.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::App;
use deltascope::data::{Dataset, Part, Prepared, Scale, Scaling, Targets};
use deltascope::derivation::{Detail, Playhead, Walk, letter};
use deltascope::keymap::action;
use deltascope::nn::dense::tensors::A;
use deltascope::train::{BatchSize, Config, DenseTrainer, Report, Speed};
use deltascope::view::{Overlay, View};
use ndarray::Array2;
use serde_json::Value;

use crate::{RGB, drawn, press, text, trainer};

use KeyCode::Char;

fn screen(app: &App) -> String {
    text(&drawn(&app.view, (200, 60)))
}

/// The number that the walk is at: the title of its equation, in the inspector's form.
fn title(screen: &str) -> (String, f64) {
    let line = screen.lines().find(|line| line.contains("┏ > ")).expect("an equation");
    let title = line.split("┏ > ").last().expect("a title");
    let (name, rest) = title.split_once(" = ").unwrap_or_else(|| panic!("no number in {title}"));
    let number = rest.split(' ').next().expect("a number");
    (name.to_string(), number.parse().unwrap_or_else(|_| panic!("{number:?} in {title}")))
}

fn matrix(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = serde_json::from_value(value.clone()).expect("a matrix");
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(row, column)| rows[row][column])
}

fn oracle() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/sigmoid_3-4-3-3_m5_lambda1p7.json");
    serde_json::from_slice(&std::fs::read(path).expect("the file is there")).expect("it is JSON")
}

fn of(oracle: &Value) -> App {
    let (x, y) = (matrix(&oracle["X"]), matrix(&oracle["Y"]).reversed_axes());
    let class: Vec<usize> = y.rows().into_iter().map(|y| y.iter().position(|&y| y == 1.0).expect("a class")).collect();
    let dataset = Dataset {
        name: "by hand".into(),
        x: x.clone(),
        targets: Targets::Classes {
            class: class.clone(),
            names: vec!["a".into(), "b".into(), "c".into()],
            single: false,
        },
        features: vec!["x1".into(), "x2".into(), "x3".into()],
        image: None,
        never_split: true,
        extras: Vec::new(),
        held_out: None,
        scale: Scale::None,
        target_scale: Scale::None,
        origin: String::new(),
        warnings: Vec::new(),
    };
    let train = Part { x: x.clone(), y, class, row: (0..5).collect() };
    let [scaling, target_scaling] = [&x, &train.y].map(|values| Scaling::of(Scale::None, values.view()));
    let data = Prepared { dataset: Arc::new(dataset), train, test: None, scaling, target_scaling };
    let config = Config {
        layers: vec![4, 3],
        lambda: oracle["lambda"].as_f64().expect("a number"),
        alpha: oracle["one_step"]["alpha"].as_f64().expect("a number"),
        batch: BatchSize::Full,
        shuffle: false,
        ..Config::default()
    };
    let theta = oracle["Theta"].as_array().expect("matrices").iter().map(matrix).collect();
    let network = config.network(theta);
    let mut trainer = DenseTrainer::<f64>::with_model(Arc::new(config), Arc::new(data), network).expect("threads");
    let mut app = App::new(View::new(RGB), Speed::Max);
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    app
}

/// Walks to the end by units and collects every number that is named on the way, sample by sample; all columns of matrices.
fn walked(app: &mut App) -> BTreeMap<(Option<usize>, String), f64> {
    let mut seen = BTreeMap::new();
    press(app, &[Char('(')]);
    let walk = Walk::of(app.view.snapshot.as_ref().expect("a snapshot"), Detail::Result);
    loop {
        let at = app.view.playhead.expect("inside an update");
        let (block, sample) = walk.block(at.block).expect("a block");
        let columns = block
            .matrix_of()
            .map_or(1, |l| app.view.snapshot.as_ref().expect("a snapshot").model.parameters()[l - 1].ncols());
        (0..columns).for_each(|_| drop(press(app, &[Char('h')])));
        for column in 0..columns {
            let screen = screen(app);
            let (name, value) = title(&screen);
            seen.insert((sample, name.clone()), value);
            if let Some(sum) = screen.lines().find_map(|line| line.split(&format!("Σ{name} ")).nth(1)) {
                let number = sum.trim_end_matches(['┃', ' ']).rsplit(' ').next().expect("a sum");
                seen.insert((sample, format!("Σ{name}")), number.parse().expect("a number"));
            }
            if column + 1 < columns {
                press(app, &[Char('l')]);
            }
        }
        if at == walk.end() {
            return seen;
        }
        press(app, &[Char('n')]);
        assert!(app.view.playhead > Some(at));
    }
}

#[test]
fn one_whole_update_shows_every_number_of_a_published_pass() {
    let oracle = oracle();
    let mut app = of(&oracle);
    let seen = walked(&mut app);
    let check = |sample: Option<usize>, name: String, expected: f64| {
        let found = seen.get(&(sample, name.clone())).unwrap_or_else(|| panic!("{name} of {sample:?} was never shown"));
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-3), "{name}: {found}, not {expected}");
    };
    for (key, letter, layers) in
        [("a", "a^", 1..=4), ("z", "z^", 2..=4), ("delta", "δ^", 2..=4), ("back", "∂J/∂a^", 2..=3)]
    {
        for l in layers {
            for ((unit, sample), &expected) in matrix(&oracle[key][l.to_string()]).indexed_iter() {
                check(Some(sample), format!("{letter}({l})_{}", unit + 1), expected);
            }
        }
    }
    for l in 2..=3 {
        for ((unit, sample), &expected) in matrix(&oracle["g_prime"][l.to_string()]).indexed_iter() {
            check(Some(sample), format!("g'(z^({l})_{})", unit + 1), expected);
        }
    }
    for (key, sample, name) in [("Delta", Some(4), "ΣΔ^"), ("D_data", None, "D^"), ("D", None, "∂J/∂Θ^")] {
        for (index, expected) in oracle[key].as_array().expect("matrices").iter().enumerate() {
            for ((j, i), &expected) in matrix(expected).indexed_iter() {
                check(sample, format!("{name}({})[{},{i}]", index + 1, j + 1), expected);
            }
        }
    }
    for (index, expected) in oracle["one_step"]["Theta"].as_array().expect("matrices").iter().enumerate() {
        for ((j, i), &expected) in matrix(expected).indexed_iter() {
            check(None, format!("next Θ^({})[{},{i}]", index + 1, j + 1), expected);
        }
    }
    for (sample, expected) in oracle["loss_per_sample"].as_array().expect("costs").iter().enumerate() {
        let terms = (1..=3).map(|unit| seen[&(Some(sample), format!("J^(b)_{unit}"))]);
        assert!((terms.sum::<f64>() - expected.as_f64().expect("a number")).abs() < 1e-12);
    }
}

#[test]
fn what_is_not_computed_yet_is_not_shown() {
    let mut app = of(&oracle());
    press(&mut app, &[Char('n')]);
    let first = screen(&app);
    assert!(first.contains("inside update 1: sample 1 of 5 (number 1), forwards: a^(1), unit 1 of 3"), "{first}");
    assert_eq!(first.matches("not computed yet").count(), 2);
    assert!(first.contains("layer 4") && !first.contains('✗') && !first.contains('✓'), "there is no answer yet");
    press(&mut app, &[Char('p')]);
    assert_eq!(app.view.playhead, Some(Playhead::default()), "before the first there is nothing");
}

#[test]
fn strides_go_on_and_back_over_units_layers_phases_samples_and_the_batch() {
    let mut app = of(&oracle());
    press(&mut app, &[Char('n')]);
    let place = |app: &App| {
        let screen = screen(app);
        let line = screen.lines().find(|line| line.contains("inside update")).expect("a place");
        let line = line.trim().split("  ").next().expect("text").to_string();
        line.split_once(": ").expect("a place").1.to_string()
    };
    for (stride, forward, back) in [
        ("layer", "sample 1 of 5 (number 1), forwards: a^(1), unit 3 of 3", "forwards: a^(1), unit 1 of 3"),
        ("phase", "sample 1 of 5 (number 1), forwards: a^(4), unit 3 of 3", "forwards: a^(1), unit 1 of 3"),
        ("sample", "gradient, added to ΣΔ: Δ^(1), row 4 of 4", "forwards: a^(1), unit 1 of 3"),
        ("batch", "all 5 samples, update: next Θ^(1), row 4 of 4", "forwards: a^(1), unit 1 of 3"),
    ] {
        press(&mut app, &[Char('u')]);
        assert!(screen(&app).contains(&format!("n p by {stride}")));
        press(&mut app, &[Char('n')]);
        assert!(place(&app).ends_with(forward) || place(&app).contains(forward), "{stride}: {}", place(&app));
        press(&mut app, &[Char('p')]);
        assert!(place(&app).ends_with(back), "{stride}: {}", place(&app));
    }
}

#[test]
fn the_two_factors_of_an_output_delta_stand_beside_it_and_saturation_is_said() {
    let mut app = of(&oracle());
    let walk = Walk::of(app.view.snapshot.as_ref().expect("a snapshot"), Detail::Result);
    let block = (0..walk.len()).find(|&place| walk.block(place).expect("a stop").0.is(letter::DELTA, walk.depth()));
    app.view.playhead = Some(Playhead { block: block.expect("an output"), ..Playhead::default() });
    app.view.follow();
    let text = screen(&app);
    assert!(
        text.contains("(2.4.3) ∂J/∂a = ") && text.contains("(2.4.5) ∂a/∂z = ") && text.contains("their product: "),
        "{text}"
    );
    let snapshot = app.view.snapshot.as_mut().expect("a snapshot");
    let outputs = snapshot.tensors.iter_mut().filter(|(name, _)| name.symbol == A).last();
    outputs.expect("outputs").1.values[[0, 0]] = 1.0;
    app.view.follow();
    assert!(screen(&app).contains("not representable"));
}

#[test]
fn a_run_is_not_walked_through_and_an_update_starts_the_walk_again() {
    let mut app = App::new(View::new(RGB), Speed::Max);
    let mut trainer = trainer("iris", Config::default());
    let mut snapshot = trainer.snapshot(None);
    snapshot.status = deltascope::train::Status::Running;
    app.absorb(Report::Snapshot(snapshot));
    press(&mut app, &[Char('n')]);
    assert!(screen(&app).contains("pause first (Space)") && app.view.playhead.is_none());
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    (0..9).for_each(|_| drop(press(&mut app, &[Char('n')])));
    // Keys that would lead to another sample do nothing meanwhile.
    let before = screen(&app);
    ['s', 'j', 'z', 'v', '3'].into_iter().for_each(|key| drop(press(&mut app, &[Char(key)])));
    assert_eq!(screen(&app), before);
    trainer.step().expect("it does not diverge");
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    assert_eq!(app.view.playhead, Some(Playhead::default()));
    assert!(screen(&app).contains("inside update 2: sample 1 of 32"));
    let leave = action(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)).expect("it is bound");
    app.update(leave);
    assert_eq!((app.view.playhead, app.view.overlay), (None, Overlay::None));
}
