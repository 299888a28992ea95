//! The page of all keys, and the question before a reset.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};

use super::table::Rows;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, columns, wrapped};
use super::widgets::list::{At, List};
use crate::keymap::{BINDINGS, Binding, Group};
use crate::nn::Named;
use crate::train::Anew;
use crate::view::{Overlay, View};

/// Width of the column of keys.
const KEYS: u16 = 12;

/// The keys in the order of the page, the first of each group with the heading above it.
fn lines() -> Vec<(Option<&'static str>, &'static Binding)> {
    let of = |group: Group| {
        let bindings = BINDINGS.iter().filter(move |binding| binding.group == group);
        bindings.enumerate().map(move |(index, binding)| ((index == 0).then(|| group.title()), binding))
    };
    Group::ALL.into_iter().flat_map(of).collect()
}

/// The overlay with its scroll position kept on the page.
pub fn clamped(overlay: Overlay) -> Overlay {
    match overlay {
        Overlay::Help(scrolled) => Overlay::Help(scrolled.min(lines().len().saturating_sub(1) as u16)),
        other => other,
    }
}

/// Draws the page of keys, from this one on.
pub fn draw(view: &View, scrolled: u16, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inner = Frame { title: "keys", right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = Rows::new(inner, buf, theme);
    let all = lines();
    let told = |index: usize| wrapped(all[index].1.help, inner.width.saturating_sub(KEYS + 1));
    let height =
        |index: usize| u16::try_from(told(index).len()).unwrap_or(u16::MAX) + u16::from(all[index].0.is_some());
    let list = List { rows: &height, ..List::of(all.len(), At::From(usize::from(scrolled))) };
    rows.list(&list, 0, &mut |at, rows| {
        let (heading, keys) = (all[at].0, all[at].1.shown);
        if let Some(heading) = heading {
            rows.line(heading, theme.title_focused());
        }
        for (index, line) in told(at).into_iter().enumerate() {
            let Some((row, buf)) = rows.take() else { return };
            if index == 0 {
                Label::new(keys, theme.key()).render(Rect { width: KEYS.min(row.width), ..row }, buf, theme);
            }
            let text = Rect { x: row.x.saturating_add(KEYS + 1), width: row.width.saturating_sub(KEYS + 1), ..row };
            Label::new(&line, theme.text()).render(text, buf, theme);
        }
    });
}

/// Sizes of layers as they are typed.
pub fn listed(layers: &[usize]) -> String {
    layers.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
}

/// Asks whether to start again.
pub fn ask(view: &View, anew: &Anew, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = &view.snapshot else { return };
    let seed = snapshot.config.seed;
    let question = match anew {
        Anew::SameSeed => format!("Start again from step 0 with the same seed {seed}?"),
        Anew::NextSeed => format!("Start again with seed {}: other weights, split and order?", seed.wrapping_add(1)),
        Anew::Activation(activation) => format!("Start again with {} in all hidden layers?", activation.name()),
        Anew::Layers(layers) if layers.is_empty() => "Start again without hidden layers?".into(),
        Anew::Layers(layers) => format!("Start again with hidden layers of {} units?", listed(layers)),
    };
    let lost = format!("The {} updates made so far are given up.", snapshot.position.step);
    let width = columns(&question).max(columns(&lost)).saturating_add(4);
    let place = area.centered(Constraint::Length(width), Constraint::Length(5));
    let inner = Frame { title: "reset", right: "", focused: true }.render_over(place, buf, theme);
    let mut rows = Rows::new(inner, buf, theme);
    rows.line(&question, theme.text());
    rows.line(&lost, theme.faint());
    rows.line("Enter yes   Esc no", theme.key());
}
