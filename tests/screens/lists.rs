//! No row vanishes: with many layers, units and outputs, at any size, every row of a list is drawn or counted in words.

use crossterm::event::KeyCode;
use deltascope::derivation::{Subject, letter};
use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Optimizer};
use deltascope::train::Config;
use deltascope::ui::{panels, svg};
use deltascope::view::{Choice, DeltaView, HealthView, Inquiry, Overlay, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::checked::checked;
use crate::{RGB, app, digits, drawn, press, text, trainer, view};

/// Hidden layers of the net.
const HIDDEN: usize = 12;

/// A net of twelve hidden layers.
fn deep() -> View {
    let config = Config {
        layers: vec![5; HIDDEN],
        activation: vec![Activation::Tanh],
        optimizer: Optimizer::Adam,
        lambda: 1.0,
        ..Config::default()
    };
    view(trainer("digits", config), 2, RGB)
}

/// A panel alone, in an area of this size.
fn panel(panel: Panel, view: &View, (width, height): (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panels::draw(panel, view, buf.area, &mut buf);
    svg::text(&buf)
}

/// How many rows the words of a list count: "3 more", or "+3" where there is no row for words.
pub fn counted(text: &str) -> usize {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || "│┃".contains(c)).collect();
    let more = words.windows(2).filter(|pair| pair[1].trim_end_matches([',', ':']) == "more");
    let in_words: usize = more.filter_map(|pair| pair[0].parse::<usize>().ok()).sum();
    let beside = words.iter().filter_map(|word| word.strip_prefix('+')?.parse::<usize>().ok());
    in_words + beside.sum::<usize>()
}

/// The names that begin a row.
fn rows_of(text: &str, name: &str, numbers: impl Iterator<Item = usize>) -> usize {
    let begins = |l: usize| {
        let name = format!("{name}^({l})");
        text.lines().skip(1).any(|line| line.trim_start_matches(['│', '┃', ' ', '>']).starts_with(&name))
    };
    numbers.filter(|&l| begins(l)).count()
}

#[test]
fn every_matrix_is_drawn_or_counted_whatever_the_size_and_the_cursor() {
    let mut view = deep();
    // They are a list of their own below the layers.
    view.alarms.clear();
    for l in [1, 6, HIDDEN + 1] {
        view.cursor.l = l;
        view.follow();
        for (width, height) in (4..40).flat_map(|height| [40, 46, 60, 120].map(|width| (width, height))) {
            for (panel_of, name, first) in
                [(Panel::Regularisation, "Θ", 1), (Panel::Layers, "Θ", 1), (Panel::Health, "a", 2)]
            {
                // A row for the heads, and for the sum: below that there is no row for a list.
                if height < 5 && panel_of != Panel::Layers {
                    continue;
                }
                let text = panel(panel_of, &view, (width, height));
                let shown = rows_of(&text, name, first..first + HIDDEN + 1);
                assert_eq!(shown + counted(&text), HIDDEN + 1, "{panel_of:?} {width}x{height}\n{text}");
                assert!(text.contains(&format!("{name}^({})", l + first - 1)), "the cursor's row\n{text}");
            }
        }
    }
}

#[test]
fn what_is_shown_and_what_is_counted_add_up_to_the_sum_below() {
    let mut view = deep();
    for (l, height) in [(1, 6), (7, 8), (13, 10), (4, 12), (2, 30)] {
        view.cursor.l = l;
        view.follow();
        let text = panel(Panel::Regularisation, &view, (60, height));
        let number = |line: &str, at: usize| line.split_whitespace().nth(at).and_then(|word| word.parse::<f64>().ok());
        let inside: Vec<String> = text.lines().map(|line| line.trim_matches(['│', '┃', ' ']).to_string()).collect();
        let rows: f64 = inside
            .iter()
            .filter(|line| line.starts_with("Θ^(") && !line.starts_with("Θ^(l)") && !line.contains("penalised"))
            .filter_map(|line| number(line, 1))
            .sum();
        let more = inside.iter().find(|line| line.contains(" more"));
        let together = more.and_then(|line| line.split_whitespace().last()?.parse::<f64>().ok()).unwrap_or(0.0);
        let sum = inside.iter().find(|line| line.starts_with('Σ')).and_then(|line| number(line, 1)).expect("a sum");
        assert!((rows + together - sum).abs() <= 2e-3 * sum, "{rows} + {together} = {sum}\n{text}");
    }
}

#[test]
fn the_layers_and_units_of_the_delta_panel_are_drawn_or_counted() {
    let mut view = deep();
    for height in 6..40 {
        for l in [1, 6, HIDDEN + 1] {
            view.cursor.l = l;
            view.follow();
            let text = panel(Panel::Delta, &view, (80, height));
            let layers = rows_of(&text, "δ", 2..HIDDEN + 3);
            assert!(layers > 0 && counted(&text) + layers > HIDDEN, "80x{height}\n{text}");
        }
    }
    view.delta = DeltaView::Why;
    for height in 8..60 {
        let text = panel(Panel::Delta, &view, (100, height));
        let layers = text.matches(": gain ").count();
        assert_eq!(layers + counted(&text), HIDDEN, "100x{height}\n{text}");
    }
}

#[test]
fn every_rule_and_every_number_of_a_weight_is_drawn_or_counted_and_the_rules_scroll() {
    let mut view = deep();
    view.health = HealthView::Rules;
    let rules: Vec<_> = deltascope::derivation::rules(&view.snapshot.as_ref().expect("a snapshot").model).collect();
    let all = rules.len();
    let names = |text: &str| text.matches("ok ").count() + text.matches("! ").count();
    for height in 4..40 {
        for rule in 0..all {
            view.rule = rule;
            let text = panel(Panel::Health, &view, (50, height));
            assert_eq!(names(&text) + counted(&text), all, "50x{height}\n{text}");
        }
    }
    let mut app = app(trainer("digits", Config::default()), 1, RGB);
    press(&mut app, &[KeyCode::Char('9')]);
    app.view.health = HealthView::Rules;
    press(&mut app, &[KeyCode::Char('G')]);
    let last = rules[all - 1].name;
    assert!(text(&drawn(&app.view, (80, 24))).contains(&format!("ok {last}")), "the last rule is scrolled to");
    // Θ, D, penalty, gradient, v, s, update, next; a, δ, Δ.
    for height in 4..20 {
        let text = panel(Panel::Weight, &view, (44, height));
        let shown = text.lines().filter(|line| line.contains('.') || line.ends_with(" 0│")).skip(1).count();
        assert!(counted(&text) == 0 || shown > 0, "{text}");
        assert_eq!(counted(&text) == 0, height >= 14, "44x{height}\n{text}");
    }
}

#[test]
fn every_output_and_feature_of_a_sample_is_drawn_or_counted_with_the_target_and_the_answer() {
    let mut view = digits(1, RGB);
    for height in 7..20 {
        let text = panel(Panel::Sample, &view, (60, height));
        let is_of =
            |line: &str, k: usize| [format!(" {k}   0."), format!(" {k}  0.")].iter().any(|text| line.contains(text));
        let bars = text.lines().filter(|line| (0..10).any(|k| is_of(line, k))).count();
        assert_eq!(bars + counted(&text), 10, "60x{height}\n{text}");
        let trace = view.trace.as_ref().expect("a trace");
        let target = trace.y().iter().position(|&y| y == 1.0).expect("a target");
        assert!(text.lines().any(|line| line.contains(&format!(" {target} "))), "the target\n{text}");
    }
    view.cursor.sample.row = 3;
    view.follow();
    let penguins = crate::view(trainer("penguins", Config::default()), 1, RGB);
    let features = penguins.snapshot.as_ref().expect("a snapshot").data.inputs().len();
    for height in 6..12 {
        let text = panel(Panel::Sample, &penguins, (90, height));
        let shown = text.lines().filter(|line| line.contains("was ")).count();
        assert!(shown >= 1 && (shown == features || counted(&text) > 0), "90x{height}\n{text}");
    }
}

#[test]
fn every_class_of_the_confusion_is_drawn_or_counted() {
    let view = digits(1, RGB);
    for height in 6..16 {
        let text = panel(Panel::Confusion, &view, (48, height));
        // A head, two lines of words, and the borders.
        let shown = usize::from(height) - 5;
        let expected = if shown >= 10 { 0 } else { 10 - (shown - 1).max(1) };
        assert_eq!(counted(&text), expected, "48x{height}\n{text}");
    }
    let text = panel(Panel::Confusion, &view, (24, 12));
    assert!(text.contains("more across"), "{text}");
}

#[test]
fn every_operand_layer_of_the_check_and_option_is_drawn_or_counted() {
    let mut view = deep();
    view.check = view.snapshot.as_deref().map(checked);
    // The header counts them, too.
    view.alarms.clear();
    view.inquiries = vec![Inquiry { all: true, ..Inquiry::of(Subject::unit(letter::Z, 2, (view.cursor.sample, 0))) }];
    let choices = Choice::of(&view.snapshot.as_ref().expect("a snapshot").config).len();
    for size in [(40, 10), (60, 16), (80, 24), (120, 40)] {
        view.overlay = Overlay::Explain;
        let told = text(&drawn(&view, size));
        let shown = told.lines().filter(|line| line.contains("Θ^(1)[1,") && !line.contains(['=', '×', '+'])).count();
        assert!(counted(&told) > 0 || shown >= 65, "{size:?}\n{told}");
        view.overlay = Overlay::Check;
        for l in [1, 7, HIDDEN + 1] {
            view.cursor.l = l;
            view.follow();
            let told = text(&drawn(&view, size));
            assert!(told.contains(&format!("> Θ^({l})")) || told.contains(&format!("> {l}")), "{size:?}\n{told}");
            let shown = told
                .lines()
                .filter(|line| line.contains("agrees") || line.contains("WRONG") || line.contains("too small"))
                .count();
            assert_eq!(shown + counted(&told), HIDDEN + 1, "{size:?}\n{told}");
        }
        for chosen in 0..choices {
            view.overlay = Overlay::Options(chosen);
            let told = text(&drawn(&view, size));
            assert!(told.lines().any(|line| line.contains("┃> ")), "the chosen option at {size:?}\n{told}");
        }
    }
}
