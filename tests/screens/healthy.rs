//! The health panel: each layer's numbers, histograms that add up, and alarms with their remedies, in the header too.

use deltascope::derivation::{Counted, rules};
use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Cell, Init, Output, Weight};
use deltascope::number::fixed;
use deltascope::train::Config;
use deltascope::ui::panels;
use deltascope::view::{HealthView, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::through_time::{self, quick};
use crate::{RGB, digits, drawn, text, trainer, view};

fn panel(view: &View, (width, height): (u16, u16)) -> String {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    panels::draw(Panel::Health, view, buf.area, &mut buf);
    text(&buf)
}

#[test]
fn each_layer_has_the_mean_and_deviation_of_its_activations_and_what_is_at_their_ends() {
    let view = digits(5, RGB);
    let shown = panel(&view, (80, 20));
    let snapshot = view.dense().unwrap();
    for l in 2..=snapshot.depth() {
        // The batch is carried whole, so that it can be counted by hand.
        let (activations, a) = (snapshot.activations(l), snapshot.a(l));
        assert_eq!(a.nrows(), snapshot.batch.len());
        let mean = a.mean().unwrap();
        assert!((activations.mean - mean).abs() < 1e-12 && (activations.deviation - a.std(0.0)).abs() < 1e-12);
        let line = shown.lines().find(|line| line.trim_start_matches(['│', ' ']).starts_with(&format!("a^({l}) ")));
        let told = format!("{mean:+.4}").replacen("0.", ".", 1);
        assert!(line.is_some_and(|line| line.contains(&told[..5])), "{told}\n{shown}");
    }
    assert_eq!(snapshot.activations(3).saturated, None);
    assert!(shown.contains("no alarm"), "{shown}");
}

#[test]
fn a_histogram_counts_every_number_once() {
    let mut view = digits(3, RGB);
    let snapshot = view.snapshot.as_ref().unwrap().clone();
    for (kind, numbers) in Counted::ALL.into_iter().zip([32 * 25, 32 * 25, 25 * 65, 25 * 65]) {
        view.health = HealthView::Histogram(kind);
        let histogram = &view.histograms.present()[0][kind as usize];
        let counted = histogram.counts.iter().sum::<u32>() + histogram.zeros;
        assert_eq!(counted, numbers, "{kind:?}");
        assert!(panel(&view, (80, 20)).contains(&format!("{numbers} numbers")));
    }
    let zeros = snapshot.parameters[0].d.iter().filter(|&&d| d == 0.0).count() as u32;
    assert!(zeros > 0, "pixels that are always white");
    assert_eq!(view.histograms.present()[0][2].zeros, zeros);
    assert_eq!(view.histograms.layer(1).len(), 4, "one a step");
}

#[test]
fn an_alarm_stands_in_header_and_panel_with_its_numbers_and_remedy() {
    let ill = view(trainer("iris", Config { init: Init::Zeros, ..Config::default() }), 2, RGB);
    for size in [(80, 24), (120, 40), (200, 60)] {
        assert!(text(&drawn(&ill, size)).lines().next().unwrap().contains("! symmetric (9)"), "{size:?}");
    }
    let shown = panel(&ill, (100, 20));
    assert!(shown.contains("! symmetric: all 25 units of δ^(2) are equal"), "{shown}");
    assert!(shown.contains("try: first weights that differ from unit to unit: --init uniform"), "{shown}");
}

#[test]
fn what_one_panel_marks_as_wrong_is_an_alarm_in_the_other_and_in_the_header() {
    let drawn_as = |view: &View, shown: Panel| {
        let mut buf = Buffer::empty(Rect::new(0, 0, 100, 20));
        panels::draw(shown, view, buf.area, &mut buf);
        text(&buf)
    };
    let header = |view: &View| text(&drawn(view, (120, 40))).lines().next().unwrap().to_string();
    // An update of a hundredth of Θ and more is usual in a run that learns.
    let well = digits(2, RGB);
    assert!(well.layers.present().iter().any(|norms| norms.log_update.is_some_and(|log| log > -2.0)));
    assert!(well.alarms.is_empty());
    let layers = drawn_as(&well, Panel::Layers);
    assert!(!layers.replace("! marks what", "").contains('!') && !header(&well).contains('!'), "{layers}");
    let linear = Config { activation: vec![Activation::Linear], output: Output::Linear, ..Config::default() };
    let mut ill = trainer("iris", linear);
    ill.edit(Weight { l: 1, j: 0, i: 0 }, 900.0).expect("it is finite");
    let ill = view(ill, 0, RGB);
    let d = ill.layers.present()[1].d;
    let layers = drawn_as(&ill, Panel::Layers);
    let row = layers.lines().find(|line| line.contains("Θ^(2)")).unwrap();
    assert!(row.contains(&format!("{} !", fixed(d, 5))), "{layers}");
    assert!(drawn_as(&ill, Panel::Health).contains("! exploding: ‖D^(2)‖ is "));
    assert!(header(&ill).contains("! exploding"), "{}", header(&ill));
}

#[test]
fn the_rules_are_listed_with_their_thresholds() {
    let mut view = digits(1, RGB);
    view.health = HealthView::Rules;
    let shown = panel(&view, (160, 20));
    for rule in rules(&view.snapshot.as_ref().unwrap().model) {
        assert!(shown.contains(&format!("ok {}: when {}", rule.name, rule.threshold)), "{}\n{shown}", rule.name);
    }
}

#[test]
fn dead_units_are_counted_for_relu_alone() {
    let relu = view(trainer("iris", Config { activation: vec![Activation::Relu], ..Config::default() }), 4, RGB);
    let dead = relu.snapshot.as_ref().unwrap().dead[0].expect("they can die");
    assert!(panel(&relu, (80, 20)).contains(&format!("{dead}/25")));
    assert_eq!(digits(1, RGB).snapshot.unwrap().dead, [None]);
}

#[test]
fn recurrent_nets_have_what_dense_ones_have_and_their_gains() {
    let mut trainer = through_time::trainer("remember", Cell::Gru, quick());
    let mut view = View::new(RGB);
    for _ in 0..3 {
        view.absorb(trainer.snapshot(None));
        trainer.step().expect("it does not diverge");
    }
    let snapshot = view.snapshot.clone().unwrap();
    let net = snapshot.recurrent().unwrap();
    let shown = panel(&view, (120, 30));
    let row = |name: &str| shown.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}\n{shown}"));
    for (l, name) in [(1, "x→h"), (2, "h→h"), (3, "h→o")] {
        let (norms, row) = (view.layers.present()[l - 1], row(name));
        assert!(row.contains(&format!("{}  {}", norms.symbol, fixed(norms.d, 7))), "{row}");
        assert!(row.contains(&fixed(net.delta_norm(l), 7)), "{row}");
        let deviation = fixed(net.activations(l.max(2)).deviation, 6);
        assert!(row.contains(&deviation), "{deviation} {row}");
    }
    assert!(row("‖δ‖").contains("Θ ‖D‖ with bias"), "{shown}");
    assert!(
        row("gains of the 11 steps back, together: 10^").contains('-')
            && shown.contains("spectral radius ρ(Θ^h of g^n): ")
    );
    assert!(!shown.contains("(l)"), "{shown}");
    view.cursor.l = 2;
    let numbers = [8 * 12 * 6, 8 * 12 * 18, 18 * 7, 18 * 7];
    for ((kind, symbol), count) in Counted::ALL.into_iter().zip(["h", "δ^h", "D^h", "Θ^h"]).zip(numbers) {
        view.health = HealthView::Histogram(kind);
        let shown = panel(&view, (80, 20));
        assert!(shown.contains(&format!("how {symbol} lay so far")), "{shown}");
        assert!(shown.contains(&format!("{count} numbers")), "{symbol} {count}\n{shown}");
        assert_eq!(view.histograms.layer(2).len(), 3, "one a step");
    }
    view.health = HealthView::Rules;
    let shown = panel(&view, (240, 30));
    for rule in rules(&snapshot.model) {
        assert!(shown.contains(&format!("ok {}: when ", rule.name)), "{}\n{shown}", rule.name);
    }
}
