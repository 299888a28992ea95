//! The registry of panels: for each its title, its drawing and how many rows it wants.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::widgets::frame::Frame;
use super::widgets::label::{Label, columns};
use crate::keymap::Panel;
use crate::view::View;

mod confusion;
mod fit;
pub(super) mod cost;
mod decision;
mod delta;
pub(super) mod health;
mod layers;
mod network;
mod regularisation;
mod said;
mod sample;
mod weight;
mod weights;
mod why;

/// The title of a panel: what it shows in symbol and words with the equation's number, and at the right its scale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// What the panel shows, in full.
    pub what: String,
    /// The same where room is short; never without its symbol.
    pub brief: String,
    /// Its scale, or what its numbers are of.
    pub scale: String,
}

impl Title {
    /// The fullest form of title and scale that fits in a frame of this width; the words give way before the scale, and the equation's
    /// number last.
    fn fitted(self, sign: char, width: u16, (focused, view): (bool, &View)) -> (String, String) {
        let scale = self.scale;
        let forms = [(&self.what, &scale), (&self.brief, &scale), (&self.what, &String::new())];
        // Corners, blanks and a piece of the line between the two; and the mark of the focus.
        let room = width.saturating_sub(if focused { 6 } else { 4 });
        let needed = |text: &str| columns(&view.theme.spell(text));
        let full = forms.into_iter().find_map(|(what, scale)| {
            let title = format!("{sign} {what}");
            let right = if scale.is_empty() { 0 } else { needed(scale) + 3 };
            (needed(&title).saturating_add(right) <= room).then(|| (title, scale.clone()))
        });
        full.unwrap_or_else(|| {
            let brief = format!("{sign} {}", self.brief);
            // The number of the equation goes whole rather than in part.
            let named = brief.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).map(|(name, _)| name);
            let is_cut = needed(&brief) > room;
            (named.filter(|_| is_cut).map_or_else(|| brief.clone(), String::from), String::new())
        })
    }
}

/// How a panel is titled and drawn; both are functions of the view alone.
struct Entry {
    panel: Panel,
    title: fn(&View) -> Title,
    draw: fn(&View, Rect, &mut Buffer),
}

const REGISTRY: [Entry; 11] = [
    Entry { panel: Panel::Network, title: network::title, draw: network::draw },
    Entry { panel: Panel::Delta, title: delta::title, draw: delta::draw },
    Entry { panel: Panel::Weights, title: weights::title, draw: weights::draw },
    Entry { panel: Panel::Weight, title: weight::title, draw: weight::draw },
    Entry { panel: Panel::Sample, title: sample::title, draw: sample::draw },
    Entry { panel: Panel::Cost, title: cost::title, draw: cost::draw },
    Entry { panel: Panel::Regularisation, title: regularisation::title, draw: regularisation::draw },
    Entry { panel: Panel::Layers, title: layers::title, draw: layers::draw },
    Entry { panel: Panel::Health, title: health::title, draw: health::draw },
    Entry { panel: Panel::Confusion, title: confusion::title, draw: confusion::draw },
    Entry { panel: Panel::Decision, title: decision::title, draw: decision::draw },
];

/// Draws a panel with its frame; its content only once there is a snapshot.
pub fn draw(panel: Panel, view: &View, area: Rect, buf: &mut Buffer) {
    let Some(entry) = REGISTRY.iter().find(|entry| entry.panel == panel) else { return };
    let focused = view.focus == panel && view.playhead.is_none();
    let title = (entry.title)(view);
    // A scale is of numbers that there are.
    let scale = if view.snapshot.is_some() { title.scale } else { String::new() };
    let (title, right) = Title { scale, ..title }.fitted(panel.sign(), area.width, (focused, view));
    let frame = Frame { title: &title, right: &right, focused };
    let inner = frame.render(area, buf, &view.theme);
    if inner.is_empty() {
        return;
    }
    if view.snapshot.is_some() {
        (entry.draw)(view, inner, buf);
    } else {
        Label::new("not computed yet", view.theme.faint()).render(inner, buf, &view.theme);
    }
}
