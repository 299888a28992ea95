//! The panels: the one table that the screen, the keys, the help page and clicks read.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panel::{PanelEntry, Title};
use super::table::TableRows;
use super::widgets::frame::Frame;
use crate::keymap::Panel;
use crate::view::{DeltaView, OverTime, View, ViewChange};

mod confusion;
mod fit;
pub(super) mod cost;
mod decision;
pub(super) mod delta;
pub(super) mod health;
mod layers;
pub(in crate::ui) mod network;
mod regularisation;
mod said;
pub(super) mod sample;
pub(super) mod weight;
mod weights;
mod why;

/// Every panel, in the order of `Panel::ALL`.
pub const PANELS: [PanelEntry; Panel::ALL.len()] = [
    network::PANEL,
    delta::PANEL,
    weights::PANEL,
    weight::PANEL,
    sample::PANEL,
    cost::PANEL,
    regularisation::PANEL,
    layers::PANEL,
    health::PANEL,
    confusion::PANEL,
    decision::PANEL,
];

/// What a panel is.
pub fn of(panel: Panel) -> &'static PanelEntry {
    const TABLE: &[PanelEntry] = &PANELS;
    &TABLE[panel.number() - 1]
}

/// Draws a panel with its frame; its content only once there is a snapshot that it has something to show of.
pub fn draw(panel: Panel, view: &View, area: Rect, buf: &mut Buffer) {
    let entry = of(panel);
    let focused = view.focus == panel && view.playhead.is_none();
    let title = (entry.title)(view);
    // A scale is of numbers that there are.
    let said = match &view.snapshot {
        None => Err("not computed yet".into()),
        Some(_) => (entry.applies)(view),
    };
    let title = if said.is_ok() { title } else { Title { scale: String::new(), ..title } };
    let title = if shows_copy(panel, view) { title.of_copy() } else { title };
    let (title, right) = title.fitted(panel.sign(), area.width, (focused, view));
    let frame = Frame { title: &title, right: &right, focused };
    let inner = frame.render(area, buf, &view.theme);
    if inner.is_empty() {
        return;
    }
    match said {
        Ok(()) => (entry.draw)(view, inner, buf),
        Err(why) => TableRows::new(inner, buf, &view.theme).paragraph(&why, view.theme.faint()),
    }
}

/// Whether a panel shows numbers of a copy of the sample under the cursor, in which inputs were set by hand.
fn shows_copy(panel: Panel, view: &View) -> bool {
    let of_sample = match panel {
        Panel::Network | Panel::Sample => true,
        Panel::Decision => view.dense().is_some(),
        Panel::Delta => view.delta != DeltaView::Mean || view.dense().is_none(),
        Panel::Weight => !view.descent.open,
        Panel::Weights => view.over_time != OverTime::Whole,
        Panel::Cost | Panel::Regularisation | Panel::Layers | Panel::Health | Panel::Confusion => false,
    };
    of_sample && view.edited.is_some()
}

/// What a click on a cell of the screen changes in the panel that has this place.
pub fn click(panel: Panel, view: &View, place: Rect, at: (u16, u16)) -> Option<ViewChange> {
    let (entry, inner) = (of(panel), Frame::inner(place));
    let shows = view.snapshot.is_some() && (entry.applies)(view).is_ok();
    if shows && inner.contains(at.into()) { (entry.click)(view, inner, at) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_keys() {
        assert_eq!(PANELS.each_ref().map(|entry| entry.id), Panel::ALL);
    }
}
