//! The page of all keys, and the question before a reset.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};

use super::panels::PANELS;
use super::table::TableRows;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, columns, wrapped};
use super::widgets::list::{List, ListPosition};
use crate::keymap::{BINDINGS, Binding, Group};
use crate::nn::Named;
use crate::train::ResetKind;
use crate::view::{Overlay, View};

/// Width of the column of keys.
const KEYS: u16 = 12;

/// A line of the page: the heading above it, if it is the first of its group; keys, and what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The heading of the group.
    pub heading: Option<&'static str>,
    /// The keys in print; for what they do in a panel alone, the panel's key.
    pub keys: String,
    /// What they do.
    pub help: String,
}

/// The keys in the order of the page; below each what it does in single panels.
pub fn lines() -> Vec<Told> {
    let of = |group: Group| {
        let bindings = BINDINGS.iter().filter(move |binding| binding.group == group);
        bindings.enumerate().flat_map(move |(index, binding)| {
            let heading = (index == 0).then(|| group.title());
            let told = Told { heading, keys: binding.shown.into(), help: binding.help.into() };
            [told].into_iter().chain(in_panels(binding))
        })
    };
    Group::ALL.into_iter().flat_map(of).collect()
}

/// What a key does in single panels.
fn in_panels(binding: &Binding) -> impl Iterator<Item = Told> + use<> {
    let Binding { action, shown, .. } = *binding;
    let keys = PANELS.iter().filter_map(move |panel| {
        panel.keys.iter().find(|key| key.action == action && !key.help.is_empty()).map(|key| (panel.id, key))
    });
    keys.map(move |(panel, key)| Told {
        heading: None,
        keys: format!("{shown} in {}", panel.sign()),
        help: format!("{}: {}", panel.name(), key.help),
    })
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
    let inner = Frame { title: "keys", right: "Tab: glossary  Esc back", focused: true }.render(area, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    let all = lines();
    let told = |index: usize| wrapped(&all[index].help, inner.width.saturating_sub(KEYS + 1));
    let height =
        |index: usize| u16::try_from(told(index).len()).unwrap_or(u16::MAX) + u16::from(all[index].heading.is_some());
    let list = List { rows: &height, ..List::of(all.len(), ListPosition::From(usize::from(scrolled))) };
    rows.list(&list, 0, &mut |at, rows| {
        let Told { heading, keys, .. } = &all[at];
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
pub fn ask(view: &View, reset: &ResetKind, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = &view.snapshot else { return };
    let seed = snapshot.config.seed;
    let question = match reset {
        ResetKind::SameSeed => format!("Start again from step 0 with the same seed {seed}?"),
        ResetKind::NextSeed => {
            format!("Start again with seed {}: other weights, split and order?", seed.wrapping_add(1))
        }
        ResetKind::Activation(activation) => format!("Start again with {} in all hidden layers?", activation.name()),
        ResetKind::Layers(layers) if layers.is_empty() => "Start again without hidden layers?".into(),
        ResetKind::Layers(layers) => format!("Start again with hidden layers of {} units?", listed(layers)),
    };
    let lost = format!("The {} updates made so far are given up.", snapshot.position.step);
    let width = columns(&question).max(columns(&lost)).saturating_add(4);
    let place = area.centered(Constraint::Length(width), Constraint::Length(5));
    let inner = Frame { title: "reset", right: "", focused: true }.render_over(place, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    rows.line(&question, theme.text());
    rows.line(&lost, theme.faint());
    rows.line("Enter yes   Esc no", theme.key());
}
