//! The screen of sequences: pictures at three sizes, its keys, and any size and any key without a panic.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::sequences::Sequences;
use deltascope::data::{Loaded, Source};
use deltascope::derivation::{
    Graph, QuantityKey, RecurrentParameter, Sample, Subject, Term, Trace, UnitAt, Values, Weight, letter, terms,
    unit_lines,
};
use deltascope::keymap::{BINDINGS, Panel, action};
use deltascope::nn::{Activation, AnyModel, Cell, Named, Optimizer};
use deltascope::number::signed_fixed;
use deltascope::theme::Theme;
use deltascope::train::{BatchSize, Command, Config, Recurrence, RecurrentTrainer, Report, Snapshot, Speed, Status};
use deltascope::view::{InGrid, OverTime, Overlay, View};
use ndarray::Array2;
use proptest::prelude::{any, proptest};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::{ASCII, MONO, RGB, text};

pub(crate) fn trainer(name: &str, cell: Cell, config: Config) -> RecurrentTrainer<f64> {
    trainer_on(Source::sequences(name, 12, 40), cell, config)
}

pub(crate) fn trainer_on(source: Source, cell: Cell, config: Config) -> RecurrentTrainer<f64> {
    let sequences = Sequences::load(&source).expect("it can be made");
    let (output, recurrence) = (sequences.usual_output(), Some(Recurrence { cell, truncate: None }));
    let config = Config { output, recurrence, source, layers: vec![6], lambda: 0.0, ..config };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("it can be split");
    RecurrentTrainer::new(Arc::new(config), data).expect("a net")
}

pub(crate) fn quick() -> Config {
    Config { optimizer: Optimizer::Adam, alpha: 0.01, batch: BatchSize::Size(8), ..Config::default() }
}

/// An application that has seen a trainer after so many updates.
pub(crate) fn app(mut trainer: RecurrentTrainer<f64>, steps: u64, theme: Theme) -> App {
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    let mut app = App::new(View::new(theme), Speed::Max);
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    app
}

pub(crate) fn press(app: &mut App, keys: &str) -> Option<Command> {
    let mut last = None;
    for key in keys.split(' ') {
        let code = match key {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "PgDn" => KeyCode::PageDown,
            "Space" => KeyCode::Char(' '),
            key => KeyCode::Char(key.chars().next().expect("a key")),
        };
        last = app.update(action(KeyEvent::new(code, KeyModifiers::NONE)).expect("the key is bound"));
    }
    match last {
        Some(Request::Tell(command)) => Some(command),
        _ => None,
    }
}

pub fn drawn(view: &View, (width, height): (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    view.render(buf.area, &mut buf);
    text(&buf)
}

#[test]
fn it_is_drawn_as_in_these_pictures() {
    let plain = app(trainer("remember", Cell::Plain(Activation::Tanh), quick()), 20, RGB);
    for (name, size) in [("time_80x24", (80, 24)), ("time_120x40", (120, 40)), ("time_200x60", (200, 60))] {
        insta::assert_snapshot!(name, drawn(&plain.view, size));
    }
    let mut walked = app(trainer("remember", Cell::Plain(Activation::Tanh), quick()), 20, RGB);
    press(&mut walked, "4 n n n n");
    insta::assert_snapshot!("time_walked", drawn(&walked.view, (120, 40)));
    press(&mut walked, "3 Enter");
    insta::assert_snapshot!("time_explained", drawn(&walked.view, (120, 40)));
    press(&mut walked, "Esc 2 Enter");
    insta::assert_snapshot!("time_unit", drawn(&walked.view, (120, 40)));
    let mut text = app(trainer("jabberwocky", Cell::Lstm, quick()), 20, ASCII);
    press(&mut text, "5 I 1 i 3 v v v v v v v");
    insta::assert_snapshot!("time_text", drawn(&text.view, (120, 40)));
}

/// The terms of Δ of a weight in one sample.
pub(crate) fn terms_of(snapshot: &Snapshot, weight: Weight, sample: Sample) -> Vec<Term> {
    let node = Subject::node_of(letter::SAMPLE_GRADIENT, weight, snapshot).expect("there is this weight");
    terms(node.in_sample(sample), (&Graph::of(snapshot), &Values::of(snapshot, sample, None)))
}

/// The terms of the weight under the cursor.
pub(crate) fn terms_at(view: &View) -> Vec<Term> {
    terms_of(view.snapshot.as_deref().expect("a snapshot"), view.cursor.weight(), view.cursor.sample)
}

/// What some steps add to Δ of a whole Θ, which are counted from 1.
pub(crate) fn of_steps(snapshot: &Snapshot, (l, sample): (usize, Sample), steps: RangeInclusive<usize>) -> Array2<f64> {
    let graph = Graph::of(snapshot);
    let key = QuantityKey::parameter(letter::SAMPLE_GRADIENT, snapshot.parameters[l - 1].symbol);
    let rows = 1..=graph.get(key).expect("there is Δ").axes.rows;
    graph.gradient_rows((key, sample), &Values::of(snapshot, sample, None), (rows, steps)).expect("it is carried")
}

#[test]
fn the_numbers_of_the_sum_are_those_of_the_gradient() {
    for &cell in Cell::ALL {
        for name in ["remember", "parity"] {
            let snapshot = trainer(name, cell, Config { batch: BatchSize::Size(8), ..quick() }).snapshot(None);
            let net = snapshot.recurrent().expect("a recurrent net");
            for of in RecurrentParameter::ALL {
                let (rows, columns) = net.parameters[of.index()].d.dim();
                for (j, i) in [(0, 0), (rows - 1, columns - 1), (rows / 2, columns / 2)] {
                    let l = of.index() + 1;
                    let samples = net.batch.iter().map(|&row| Sample::of(false, row));
                    let sum_in =
                        |sample| terms_of(net.snapshot, Weight { l, j, i }, sample).last().map(|term| term.sum);
                    let whole: f64 = samples.clone().filter_map(sum_in).sum();
                    let expected = net.parameters[of.index()].sum[[j, i]];
                    assert!((whole - expected).abs() < 1e-12, "{} {} {j} {i}", cell.name(), of.symbol());
                    let of_all: f64 = samples.map(|sample| of_steps(net.snapshot, (l, sample), 1..=12)[[j, i]]).sum();
                    assert!((of_all - expected).abs() < 1e-12);
                }
            }
        }
    }
}

#[test]
fn every_number_of_the_sum_stands_under_its_heading_at_every_width() {
    let mut app = app(trainer("remember", Cell::Gru, quick()), 5, RGB);
    for term in terms_at(&app.view) {
        app.view.cursor.t = term.t;
        let number = |value: f64| format!(" {:>9}", signed_fixed(value, 9));
        for (size, factors) in [((80, 24), false), ((200, 60), true)] {
            let (delta, a) = if factors { (number(term.delta), number(term.a)) } else { Default::default() };
            let row = format!("{:>4}{delta}{a}{}{}", term.t, number(term.product), number(term.sum));
            let head =
                if factors { "   t         δ         ×   product       sum" } else { "   t   product       sum" };
            let screen = drawn(&app.view, size);
            assert!(screen.contains(&row) && screen.contains(head), "{row}\n{screen}");
        }
    }
}

#[test]
fn the_equations_of_a_unit_give_the_numbers_of_the_pass() {
    for &cell in Cell::ALL {
        for name in ["remember", "parity"] {
            let snapshot = trainer(name, cell, quick()).snapshot(None);
            let net = snapshot.recurrent().expect("a recurrent net");
            for (t, unit, b) in [(1, 0, 0), (7, 5, 3), (12, 2, 7)] {
                let sample = Sample::of(false, net.batch[b]);
                let trace = Trace::of(sample, &snapshot).expect("a trace");
                let [forwards, backwards] = unit_lines((net, &trace), UnitAt { t, unit });
                // z and δ of a gate are named by it.
                let of_gate =
                    |letter: &str| if cell.gates().len() > 1 { format!("(g^{letter})") } else { String::new() };
                let near = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
                let h = forwards.last().expect("h").value;
                assert!(near(h, net.h()[[t * 8 + b, unit]]), "{} h", cell.name());
                let back = backwards.iter().find(|line| line.name == format!("∂J/∂h_{t},{}", unit + 1)).expect("it");
                assert!(near(back.value, net.grad_h()[[t * 8 + b, unit]]), "{} ∂J/∂h", cell.name());
                let row = (t - 1) * 8 + b;
                for (gate, letter) in cell.gates().iter().enumerate() {
                    let letter = letter.trim_start_matches("g^");
                    let delta = format!("δ{}_{t},{}", of_gate(letter), unit + 1);
                    let line = backwards.iter().find(|line| line.name == delta).expect("δ of every gate");
                    assert!(near(line.value, net.delta()[[row, gate * 6 + unit]]), "{} {}", cell.name(), line.name);
                    let value = forwards.iter().find(|line| line.name == format!("g^{letter}_{t},{}", unit + 1));
                    assert_eq!(value.is_some(), cell.gates().len() > 1);
                    assert!(value.is_none_or(|line| near(line.value, net.gate()[[row, gate * 6 + unit]])));
                }
            }
        }
    }
}

#[test]
fn a_walk_goes_back_in_time_and_shows_no_number_that_it_has_not_reached() {
    let mut app = app(trainer("remember", Cell::Gru, quick()), 5, RGB);
    press(&mut app, "4 p u");
    assert_eq!((app.view.walked, app.view.over_time), (None, OverTime::Whole), "neither begins a walk");
    assert!(app.view.message.as_ref().is_some_and(|message| message.contains("step by step")));
    press(&mut app, "n n n");
    assert_eq!((app.view.walked, app.view.cursor.t), (Some(10), 10));
    let sum = drawn(&app.view, (120, 40));
    assert!(sum.contains("walked back to t 10"), "{sum}");
    assert!(sum.lines().any(|line| line.contains("   9         ·")), "step 9 is not reached: {sum}");
    press(&mut app, "p");
    assert_eq!(app.view.walked, Some(11));
    press(&mut app, ")");
    assert_eq!(app.view.walked, Some(1));
    press(&mut app, "Esc");
    assert_eq!(app.view.walked, None);
}

#[test]
fn v_changes_what_the_panel_with_the_focus_shows_of_the_units_and_the_panel_says_what() {
    let mut app = app(trainer("parity", Cell::Gru, quick()), 2, RGB);
    app.view.cursor.t = 3;
    let seen = |app: &mut App, panel: &str| {
        press(app, panel);
        app.view.zoomed = true;
        let text = drawn(&app.view, (120, 24));
        app.view.zoomed = false;
        text
    };
    let [network, delta] = ["1", "2"].map(|panel| seen(&mut app, panel));
    assert!(network.contains("unrolled ") && network.contains(" h_3 "), "{network}");
    press(&mut app, "1 v");
    assert_eq!(app.view.unrolled, InGrid::Gate(0));
    let changed = seen(&mut app, "1");
    assert!(changed.contains("unrolled, g^r_t") && changed.contains(" g^r_3"), "{changed}");
    assert_eq!(seen(&mut app, "2"), delta, "it has a choice of its own");
    press(&mut app, "2 v");
    assert_eq!(seen(&mut app, "1"), changed);
    assert_ne!(seen(&mut app, "2"), delta);
}

#[test]
fn keys_tell_the_trainer_what_they_say() {
    let mut app = app(trainer("echo", Cell::Lstm, quick()), 1, RGB);
    assert!(matches!(press(&mut app, "Space"), Some(Command::Run)));
    assert!(matches!(press(&mut app, "Space"), Some(Command::Pause)));
    assert!(matches!(press(&mut app, "b"), Some(Command::Step(_))));
    assert!(press(&mut app, "o").is_none());
    assert!(matches!(press(&mut app, "j l"), Some(Command::Set(..))), "α up");
    press(&mut app, "Esc");
    assert!(press(&mut app, "r").is_none());
    assert!(matches!(press(&mut app, "Enter"), Some(Command::Reset(_))));
    assert_eq!(app.view.overlay, Overlay::None);
    press(&mut app, "2 v");
    assert_eq!(app.view.grid, InGrid::Delta(0));
    press(&mut app, "3 PgDn");
    assert_eq!(app.view.cursor.parameter(), RecurrentParameter::O);
    press(&mut app, "x");
    assert_eq!(app.view.written, None, "x is of the axes of the decision");
}

#[test]
fn a_text_is_written_on_by_every_cell_and_every_grid_that_a_cell_lacks_is_passed_over() {
    for &cell in Cell::ALL {
        let mut app = app(trainer("jabberwocky", cell, quick()), 1, RGB);
        press(&mut app, "5 I");
        assert!(app.view.written.as_ref().is_some_and(|written| !written.text.is_empty()), "{cell:?}");
        press(&mut app, "2");
        for _ in 0..12 {
            press(&mut app, "v");
            assert!(!drawn(&app.view, (120, 40)).is_empty());
        }
    }
}

#[test]
fn a_weight_of_a_recurrent_net_is_set_by_hand() {
    let mut app = app(trainer("echo", Cell::Gru, quick()), 1, RGB);
    press(&mut app, "3 t");
    assert_eq!(app.view.overlay, Overlay::Edit);
    assert!(app.type_in('2') && drawn(&app.view, (80, 24)).contains("Θ^h[1,"), "{}", drawn(&app.view, (80, 24)));
    assert!(matches!(press(&mut app, "Enter"), Some(Command::Edit(weight, 2.0)) if weight == app.view.cursor.weight()));
}

#[test]
fn every_panel_of_a_recurrent_net_shows_its_numbers_or_says_why_not() {
    let mut app = app(trainer("parity", Cell::Lstm, quick()), 3, RGB);
    app.view.zoomed = true;
    for panel in Panel::ALL {
        app.view.focus = panel;
        let text = drawn(&app.view, (100, 30));
        let body: Vec<&str> = text.lines().skip(3).take(26).collect();
        let told = body.iter().filter(|line| line.trim_matches(['┃', ' ']).len() > 20).count();
        assert!(told > 0, "{panel:?}\n{text}");
    }
}

#[test]
fn what_vanishes_through_time_is_said_with_its_remedy() {
    let config = Config { alpha: 0.5, optimizer: Optimizer::Momentum, ..quick() };
    let app = app(trainer("remember", Cell::Plain(Activation::Tanh), config), 300, RGB);
    let alarm = app.view.alarms.first().expect("it vanishes");
    assert_eq!(alarm.rule.name, "vanishing");
    assert!(alarm.sentence.contains("from h_12 back to h_1") && alarm.remedy().contains("gru"), "{alarm:?}");
    assert!(drawn(&app.view, (120, 40)).contains("! vanishing +1 (9)"));
}

#[test]
fn a_run_that_moves_is_not_walked_through() {
    let mut trainer = trainer("sine", Cell::Gru, quick());
    let mut app = App::new(View::new(RGB), Speed::Max);
    let mut snapshot = trainer.snapshot(None);
    snapshot.status = Status::Running;
    app.absorb(Report::Snapshot(snapshot));
    press(&mut app, "n");
    assert_eq!(app.view.walked, None);
    assert!(app.view.message.is_some());
}

/// Every key of this screen, by its action.
fn mash(app: &mut App, picks: &[u8], size: (u16, u16)) {
    for &pick in picks {
        app.update(BINDINGS[usize::from(pick) % BINDINGS.len()].action);
        drawn(&app.view, size);
        if let Some(net) = app.view.recurrent() {
            let cursor = app.view.cursor;
            let theta = &net.network.theta[cursor.parameter().index()];
            assert!((1..=net.steps()).contains(&cursor.t));
            assert!(cursor.j < theta.nrows() && cursor.i < theta.ncols());
            assert_eq!(app.view.trace.as_ref().map(|trace| trace.sample), Some(cursor.sample));
        }
    }
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    #[test]
    fn any_keys_at_any_size_keep_the_cursor_inside(
        picks in proptest::collection::vec(any::<u8>(), 0..60),
        (width, height) in (0_u16..220, 0_u16..70),
        which in 0_usize..5,
    ) {
        let name = ["remember", "adding", "parity", "sine", "jabberwocky"][which];
        let mut app = app(trainer(name, Cell::ALL[which], quick()), 1, if which == 0 { MONO } else { RGB });
        mash(&mut app, &picks, (width, height));
    }
}

#[test]
fn numbers_that_are_none_are_drawn_as_none_and_nothing_panics() {
    let mut trainer = trainer("echo", Cell::Lstm, quick());
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let mut snapshot = trainer.snapshot(None);
        snapshot.tensors.iter_mut().for_each(|(_, tensor)| tensor.values.fill(odd));
        let AnyModel::Recurrent(network) = &mut snapshot.model else { panic!("a recurrent net") };
        network.theta.iter_mut().for_each(|theta| theta.fill(odd));
        let mut app = App::new(View::new(RGB), Speed::Max);
        app.absorb(Report::Snapshot(snapshot));
        mash(&mut app, &(0..=255).collect::<Vec<u8>>(), (120, 40));
    }
}

#[test]
fn each_step_of_what_comes_back_has_a_scale_of_its_own_with_its_factor_or_one_is_shared() {
    let mut app = app(trainer("remember", Cell::Plain(Activation::Tanh), quick()), 20, RGB);
    (app.view.zoomed, app.view.focus, app.view.cursor.t) = (true, Panel::Delta, 1);
    let largest_at = |view: &View, t: usize| {
        let all = view.recurrent().expect("a recurrent net").grad_h().row(t).to_vec();
        all.iter().fold(0.0_f64, |top, value| top.max(value.abs()))
    };
    let steps = app.view.recurrent().expect("a recurrent net").steps();
    let largest = (1..=steps).map(|t| largest_at(&app.view, t)).fold(0.0, f64::max);
    let factor = format!("t 1: ×1/{}", deltascope::number::times(largest / largest_at(&app.view, 1)));
    let own = drawn(&app.view, (120, 40));
    assert!(own.contains(&factor) && own.contains("own scales"), "{factor}\n{own}");
    press(&mut app, "a");
    let shared = drawn(&app.view, (120, 40));
    assert!(!shared.contains("×1/") && shared.contains("one scale, ← back"), "{shared}");
}
