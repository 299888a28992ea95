//! No row vanishes on the screen of sequences: steps, outputs, settings and equations are drawn or counted in words.

use deltascope::keymap::Panel;
use deltascope::nn::{Activation, Cell};
use deltascope::number::short;
use deltascope::ui::help::{Told, lines};
use deltascope::view::{Choice, Overlay, View};

use crate::RGB;
use crate::lists::counted;
use crate::through_time::{app, drawn, quick, terms_at, trainer};

fn zoomed(focus: Panel, cell: Cell) -> View {
    let mut view = app(trainer("jabberwocky", cell, quick()), 3, RGB).view;
    (view.focus, view.zoomed) = (focus, true);
    view
}

#[test]
fn every_step_of_the_sum_is_drawn_or_counted_and_all_add_up_to_delta() {
    let mut view = zoomed(Panel::Weight, Cell::Gru);
    let all = terms_at(&view);
    let whole: f64 = all.iter().map(|term| term.product).sum();
    for t in [1, 6, 12] {
        view.cursor.t = t;
        for height in 10..24 {
            let text = drawn(&view, (60, height));
            let rows: Vec<Vec<&str>> = text
                .lines()
                .map(|line| line.trim_start_matches('┃').split_whitespace().collect::<Vec<_>>())
                .filter(|words| words.first().is_some_and(|word| word.parse::<usize>().is_ok()) && words.len() > 4)
                .filter(|words| words.get(1) != Some(&"more,"))
                .collect();
            // Below the sum stand the numbers of the weight, where there is room for some.
            let starts = ["Θ^h", "D^h", "(λ/m)Θ^h", "∂J/∂Θ^h", "v^h", "s^h", "ΔΘ^h", "next Θ^h"];
            let begins = |start: &&str| text.lines().any(|line| line.starts_with(&format!("┃{start} ")));
            let numbers = starts.iter().filter(|start| begins(start)).count();
            let of_all = if numbers > 0 { 12 + starts.len() } else { 12 };
            assert_eq!(rows.len() + numbers + counted(&text), of_all, "60x{height}\n{text}");
            let products: f64 = rows.iter().filter_map(|words| words[3].parse::<f64>().ok()).sum();
            let more =
                text.lines().find_map(|line| line.split("together ").nth(1)?.split(' ').next()?.parse::<f64>().ok());
            let shown = products + more.unwrap_or(0.0);
            assert!(
                counted(&text) == 1 || (shown - whole).abs() <= 2e-3 * whole.abs().max(1e-4),
                "{shown} {whole}\n{text}"
            );
        }
    }
}

#[test]
fn every_key_setting_and_equation_is_drawn_or_counted() {
    let mut view = zoomed(Panel::Delta, Cell::Lstm);
    let letter = |choice: Choice| if let Choice::Setting(setting) = choice { setting.letter() } else { "speed" };
    let choices = Choice::of(&view.snapshot.as_ref().expect("a snapshot").config);
    let letters: Vec<&str> = choices.into_iter().map(letter).collect();
    for size in [(40, 10), (60, 14), (80, 24), (120, 40)] {
        view.overlay = Overlay::Help(0);
        let text = drawn(&view, size);
        let all = lines();
        let shown = all.iter().filter(|Told { keys, .. }| text.contains(&format!("┃{keys:<12} "))).count();
        assert_eq!(shown + counted(&text), all.len(), "{size:?}\n{text}");
        for chosen in 0..letters.len() {
            view.overlay = Overlay::Options(chosen);
            let text = drawn(&view, size);
            // The box stands over the panels.
            let first = |part: &str| part.trim_start_matches(['>', ' ']).split(' ').next().map(String::from);
            let firsts: Vec<String> = text.split(['┃', '│']).filter_map(first).collect();
            let shown = letters.iter().filter(|&&letter| firsts.iter().any(|first| first == letter)).count();
            assert_eq!(shown + counted(&text), letters.len(), "{size:?}\n{text}");
        }
        view.overlay = Overlay::UnitAtStep;
        let mut seen = String::new();
        for line in 0..20 {
            view.line = line;
            seen.push_str(&drawn(&view, size));
        }
        assert!(seen.contains("forwards") && seen.contains("back ("), "{size:?}\n{seen}");
        view.line = 0;
    }
}

#[test]
fn steps_and_outputs_that_there_is_no_room_for_are_counted() {
    for width in [60, 80, 100] {
        let text = drawn(&zoomed(Panel::Network, Cell::Gru), (width, 20));
        let shown = text.matches(" x_").count();
        assert!(text.contains(&format!("{} more steps", 12 - shown)), "{width}\n{text}");
        let text = drawn(&zoomed(Panel::Sample, Cell::Gru), (width, 20));
        assert!(text.contains(" more"), "of some forty characters not all are said\n{text}");
    }
}

#[test]
fn a_step_is_told_in_the_words_of_every_panel_now_and_after_the_epoch() {
    // Beyond the end of an epoch, so that Θ is another one than the one that was measured.
    let mut view = app(trainer("parity", Cell::Plain(Activation::Tanh), quick()), 6, RGB).view;
    (view.focus, view.zoomed) = (Panel::Sample, true);
    for t in 1..=12 {
        view.cursor.t = t;
        let net = view.recurrent().expect("a recurrent net");
        let word = |value: f64| if value >= 0.5 { "odd" } else { "not odd" };
        let [target, answer] = [net.y(), net.o()].map(|array| word(array[[t - 1, 0]]));
        let answers = &net.answers.0;
        let (row, epoch) = (view.cursor.sample.row * 12 + t - 1, net.latest.epoch);
        let (then, cost) = (["not odd", "odd"][answers.answer[row]], short(answers.cost[row]));
        let verdict = if target == answer { "right" } else { "wrong" };
        let text = drawn(&view, (120, 40));
        for told in [
            format!("t {t}: target {target}, now says {answer}: {verdict}"),
            format!("after epoch {epoch}: said {then}, J_t^(b) {cost}"),
        ] {
            assert!(text.contains(&told), "{told}\n{text}");
        }
    }
}
