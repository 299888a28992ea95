//! The weights of a recurrent net: their numbers, matrices, scales, changes by hand, and what is copied of them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::Source;
use deltascope::derivation::graph::definition::Definition;
use deltascope::derivation::{Graph, Quantity};
use deltascope::keymap::{Panel, action, character};
use deltascope::nn::{Activation, Cell, Named, Optimizer};
use deltascope::number::{exact, signed_short};
use deltascope::train::{BatchSize, Command, Config, RecurrentTrainer, Report, Snapshot, Speed};
use deltascope::ui::screen::Places;
use deltascope::view::{OverTime, Overlay, ScaleMode, View};
use ratatui::layout::Rect;

use crate::RGB;
use crate::through_time::{app, drawn, of_steps, press, quick, trainer, trainer_on};

/// The symbol of a quantity for the Θ of this number.
fn symbol(quantity: Quantity, l: usize, snapshot: &Snapshot) -> String {
    Graph::of(snapshot).of_parameter(quantity, l).map(Definition::symbol).unwrap_or_default()
}

/// How many digits the numbers of a weight have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Digits {
    Four,
    All,
}

/// Every number of the weight under the cursor as the screen writes it, with its name and its equation.
fn numbers(view: &View, digits: Digits) -> Vec<String> {
    let snapshot = view.snapshot.as_ref().expect("a snapshot");
    let (l, j, i) = (view.cursor.l, view.cursor.j, view.cursor.i);
    let at = |quantity: Quantity| Some(quantity.matrix(snapshot, l)?[[j, i]]);
    let number = |value: f64| match value {
        0.0 => "0".to_string(),
        value if digits == Digits::Four => signed_short(value),
        value if value > 0.0 => format!("+{}", exact(value)),
        value => exact(value),
    };
    let is_bias = i < snapshot.parameters[l - 1].biases;
    let quantities = Quantity::ALL.into_iter().filter_map(|quantity| {
        let equation = match quantity {
            Quantity::Theta => String::new(),
            Quantity::Penalty if is_bias => "bias, by rule".into(),
            Quantity::Gradient if is_bias => "(3.1.3)".into(),
            quantity => format!("({})", quantity.equation(snapshot).number),
        };
        Some(format!("{} {equation} {}", symbol(quantity, l, snapshot), number(at(quantity)?)))
    });
    let next = at(Quantity::Theta).expect("Θ") + at(Quantity::Update).expect("an update");
    let update = Quantity::Update.equation(snapshot).number;
    quantities.chain([format!("next {} ({update}) {}", snapshot.model.symbol(l - 1), number(next))]).collect()
}

/// Whether a line of the screen has these words one after the other, whatever stands between them.
fn has_line(screen: &str, words: &str) -> bool {
    let in_order = |line: &str| {
        let mut rest = line;
        words.split_whitespace().all(|word| match rest.split_once(word) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    };
    screen.lines().any(in_order)
}

#[test]
fn every_number_of_a_weight_stands_beside_its_sum_over_time() {
    for (&cell, &optimizer) in Cell::ALL.iter().zip(Optimizer::ALL.iter().cycle()) {
        let mut app = app(trainer("remember", cell, Config { optimizer, ..quick() }), 5, RGB);
        for (l, i) in [(1, 0), (2, 1), (3, 2)] {
            (app.view.cursor.l, app.view.cursor.i) = (l, i);
            app.view.focus = Panel::Weight;
            app.view.follow();
            let (wanted, short) = (numbers(&app.view, Digits::All), numbers(&app.view, Digits::Four));
            for (zoomed, size) in [(false, (200, 60)), (true, (120, 40)), (true, (80, 24))] {
                app.view.zoomed = zoomed;
                let screen = drawn(&app.view, size);
                assert!(screen.contains("product"), "{screen}");
                for number in if zoomed { &wanted } else { &short } {
                    assert!(has_line(&screen, number), "{} {optimizer:?} {size:?} {number}\n{screen}", cell.name());
                }
            }
            app.view.overlay = Overlay::Sum;
            for size in [(120, 40), (80, 24)] {
                let screen = drawn(&app.view, size);
                wanted.iter().for_each(|number| assert!(has_line(&screen, number), "{number}\n{screen}"));
            }
            app.view.overlay = Overlay::None;
        }
    }
}

#[test]
fn no_number_that_follows_from_the_sum_is_shown_before_the_walk_has_come_to_its_end() {
    let mut app = app(trainer("remember", Cell::Gru, quick()), 5, RGB);
    press(&mut app, "4 z n n");
    let wanted = numbers(&app.view, Digits::All);
    let screen = drawn(&app.view, (120, 40));
    for number in &wanted {
        let is_reached = number.starts_with("Θ^h") || number.starts_with("(λ/m)");
        assert_eq!(has_line(&screen, number), is_reached, "{number}\n{screen}");
    }
    press(&mut app, ")");
    let screen = drawn(&app.view, (120, 40));
    wanted.iter().for_each(|number| assert!(has_line(&screen, number), "{number}\n{screen}"));
}

#[test]
fn the_weights_have_the_quantities_of_dense_nets_and_the_shares_of_the_steps() {
    let mut app = app(trainer("remember", Cell::Lstm, Config { lambda: 0.5, ..quick() }), 5, RGB);
    press(&mut app, "3");
    app.view.cursor.t = 9;
    let mut seen = Vec::new();
    for _ in 0..9 {
        let view = &app.view;
        let [shown, _] = view.in_weights();
        let matrix = view.weight_matrix(shown).expect("a matrix").clone();
        let net = view.recurrent().expect("a recurrent net");
        let of_steps = |steps| of_steps(net.snapshot, (2, view.cursor.sample), steps);
        let (expected, title) = match shown {
            (_, OverTime::Step) => (of_steps(9..=9), "Δ^h of step 9".to_string()),
            (_, OverTime::Sum) => (of_steps(9..=12), "Δ^h of steps 12 … 9".to_string()),
            (quantity, OverTime::Whole) => {
                let symbol = symbol(quantity, 2, net.snapshot);
                (quantity.matrix(net.snapshot, 2).expect("a matrix").clone(), symbol)
            }
        };
        assert_eq!(matrix, expected);
        let screen = drawn(view, (120, 40));
        assert!(has_line(&screen, &format!("3 {title}")), "{title}\n{screen}");
        assert!(screen.contains("gate g^i of unit 1: ") || screen.contains("[1,1] "), "{screen}");
        seen.push(shown);
        press(&mut app, "v");
    }
    assert_eq!(app.view.in_weights()[0], seen[0], "round and round");
    seen.dedup();
    assert_eq!(seen.len(), 9, "seven quantities, a step and the steps so far");
}

#[test]
fn the_colours_of_the_weights_have_the_scales_of_dense_nets() {
    let mut app = app(trainer("remember", Cell::Gru, quick()), 5, RGB);
    press(&mut app, "3 v");
    let limit = |app: &App| app.view.weight_limit(app.view.in_weights()[0]);
    let automatic = limit(&app);
    assert!(drawn(&app.view, (120, 40)).contains("auto ±"));
    press(&mut app, "a");
    assert_eq!(app.view.scale, ScaleMode::Locked);
    let mut larger = app.view.snapshot.clone().expect("a snapshot");
    larger.parameters.iter_mut().for_each(|parameter| parameter.gradient *= 100.0);
    app.absorb(Report::Snapshot(larger.clone()));
    assert_eq!(limit(&app), automatic, "locked");
    assert!(drawn(&app.view, (120, 40)).contains("locked ±"));
    press(&mut app, "a");
    assert!(drawn(&app.view, (120, 40)).contains("log ±"));
    press(&mut app, "a");
    app.absorb(Report::Snapshot(larger));
    assert!(limit(&app) > automatic);
}

#[test]
fn a_click_selects_every_weight_of_a_recurrent_net() {
    let area = Rect { x: 0, y: 0, width: 200, height: 60 };
    for (cell, columns) in [(Cell::Plain(Activation::Tanh), 6), (Cell::Gru, 7)] {
        let start = app(trainer("remember", cell, quick()), 1, RGB);
        let places = Places::of(&start.view, area).expect("it is large enough");
        let (_, place) = places.panels.into_iter().find(|(panel, _)| *panel == Panel::Weights).expect("it is shown");
        let mut weights = Vec::new();
        for at in place.positions() {
            let mut app = App::new(start.view.clone(), Speed::Max);
            app.click((Panel::Weights, place), (at.x, at.y));
            weights.push((app.view.cursor.j, app.view.cursor.i));
        }
        weights.sort_unstable();
        weights.dedup();
        let rows = 6 * cell.gates().len();
        // A matrix that is higher than its place is scrolled.
        assert!(weights.iter().all(|&(j, i)| j < rows && i < columns));
        assert!((0..columns).all(|i| weights.contains(&(0, i))), "{weights:?}");
    }
}

/// A run whose trainer obeys.
struct Run {
    app: App,
    trainer: RecurrentTrainer<f64>,
}

impl Run {
    fn type_in(&mut self, keys: &str) {
        for c in keys.chars() {
            let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
            let key = KeyEvent::new(code, KeyModifiers::NONE);
            if character(key).is_some_and(|c| self.app.type_in(c)) {
                continue;
            }
            match self.app.update(action(key).expect("the key is bound")) {
                Some(Request::Tell(Command::Edit(weight, to))) => self.trainer.edit(weight, to).expect("allowed"),
                Some(Request::Tell(Command::Undo)) => self.trainer.undo().expect("there is something to undo"),
                Some(other) => panic!("{other:?}"),
                None => {}
            }
            self.app.absorb(Report::Snapshot(self.trainer.snapshot(None)));
        }
    }

    fn screen(&self) -> String {
        drawn(&self.app.view, (120, 40))
    }
}

#[test]
fn a_weight_has_one_name_wherever_it_is_set_shown_and_taken_back() {
    for (cell, i, name) in [(Cell::Plain(Activation::Tanh), 0, "Θ^h[1,1]"), (Cell::Gru, 1, "Θ^h[1,1]")] {
        let mut run = Run { app: app(trainer("echo", cell, quick()), 0, RGB), trainer: trainer("echo", cell, quick()) };
        run.type_in("4");
        assert!(run.screen().contains(&format!("4 Δ of {name}")), "{}", run.screen());
        let was = run.trainer.model().theta[1][[0, i]];
        run.type_in("t-1.25");
        assert!(run.screen().contains(&format!("{name} is {}", exact(was))), "{}", run.screen());
        run.type_in("\n");
        assert_eq!(run.trainer.model().theta[1][[0, i]], -1.25);
        assert!(run.screen().contains(&format!("{name} is set by hand; U takes it back")), "{}", run.screen());
        run.type_in("o");
        assert!(run.screen().contains(&format!("# {name} {} → -1.25 at step 0", exact(was))), "{}", run.screen());
        press(&mut run.app, "Esc");
        run.type_in("U");
        assert_eq!(run.trainer.model().theta[1][[0, i]], was);
    }
}

#[test]
fn all_sequences_are_gone_through_round_and_round_by_one_number_each() {
    let mut app = app(trainer("remember", Cell::Gru, quick()), 5, RGB);
    let snapshot = app.view.snapshot.clone().expect("a snapshot");
    let (m, held_out) = (snapshot.data.m(), snapshot.data.held_out());
    assert_eq!((m, held_out, snapshot.batch.len()), (32, 8, 8));
    let first = snapshot.batch[0];
    press(&mut app, "5");
    for step in 0..m + held_out {
        let at = (first + step) % (m + held_out);
        let screen = drawn(&app.view, (200, 60));
        let name = if at < m { format!("sequence {}", at + 1) } else { format!("held-out sequence {}", at - m + 1) };
        let title = match snapshot.carried(at).filter(|_| at < m) {
            None => format!("5 {name}, not in the batch"),
            Some(place) => {
                let ordinal = ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th"][place];
                format!("5 {name} of {m}, {ordinal} of the batch's 8")
            }
        };
        assert!(screen.contains(&title) && screen.contains("J^(b) "), "{title}\n{screen}");
        // Every panel calls it by that number.
        let called = [" ", ","].map(|behind| screen.matches(&format!("{name}{behind}")).count());
        assert_eq!(called[0] + called[1], 4, "{screen}");
        assert_eq!(screen.matches("sequence ").count(), 4, "{screen}");
        press(&mut app, "s");
    }
    assert_eq!(app.view.cursor.sample.row, first);
    press(&mut app, "S");
    assert_eq!(app.view.cursor.sample.row, (first + m + held_out - 1) % (m + held_out));
}

#[test]
fn of_a_large_batch_the_sequences_that_are_shown_are_counted() {
    let config = Config { batch: BatchSize::Full, ..quick() };
    let source = Source::sequences("remember", 12, 100);
    let app = app(trainer_on(source, Cell::Gru, config), 1, RGB);
    let net = app.view.recurrent().expect("a recurrent net");
    assert_eq!((net.snapshot.samples, net.batch.len()), (32, 80), "as many as are carried");
    let title = format!("sequence {} of 80, 1st of the 32 shown", net.batch[0] + 1);
    assert!(drawn(&app.view, (200, 60)).contains(&title));
}

/// What an overlay's key asks for, and the text of it.
fn copied(app: &mut App, key: &str) -> String {
    let code = KeyCode::Char(key.chars().next().expect("a key"));
    match app.update(action(KeyEvent::new(code, KeyModifiers::NONE)).expect("the key is bound")) {
        Some(Request::Copy(text)) if key == "y" => text,
        Some(Request::Write(text)) if key == "w" => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_sum_and_the_unit_are_copied_and_written_as_they_are_explained() {
    for &cell in Cell::ALL {
        let mut app = app(trainer("remember", cell, quick()), 5, RGB);
        for keys in ["4 Enter", "Esc 2 Enter"] {
            press(&mut app, keys);
            let screen = drawn(&app.view, (220, 60));
            let footer = screen.lines().last().expect("a footer").to_string();
            assert!(footer.contains("y copy") && footer.contains("w write"), "{footer}");
            let text = copied(&mut app, "y");
            assert_eq!(copied(&mut app, "w"), text);
            assert!(text.lines().next().expect("a line").ends_with("the Θ of step 5"), "{text}");
            for line in text.lines().skip(1) {
                let words: Vec<&str> = line.split_whitespace().filter(|word| !["=", "·"].contains(word)).collect();
                let shown = |word: &&str| screen.contains(word.trim_start_matches('+'));
                assert!(words.iter().all(shown), "{line}\n{screen}");
            }
        }
        press(&mut app, "Esc");
        assert_eq!(app.view.overlay, Overlay::None);
    }
}
