//! The units of a column as cards: number, value on its colour, and a bar or a picture; the bias unit above them, the name at the top.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::card::{NAME, VALUE};
use super::columns::{GAP, PlacedUnit, UnitColumn};
use super::shows::Shows;
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme, color};
use crate::ui::widgets::bars::Bar;
use crate::ui::widgets::label::{Align, Label, pick};
use crate::ui::widgets::value_cell::ValueCell;

/// What stands in the place of the value of a unit that dropout leaves out.
const LEFT_OUT: &str = "×";

/// The contrast to the background from which on a card is seen as one.
const SEEN: f64 = 1.1;

/// The cards of one column.
pub(super) struct Cards<'a> {
    pub(super) column: &'a UnitColumn,
    pub(super) shows: &'a Shows,
    /// The unit under the cursor, and whether the bias unit is.
    pub(super) chosen: (Option<usize>, bool),
    /// Draws the picture of a unit.
    pub(super) picture: &'a dyn Fn(usize, (Rect, &mut Buffer)),
}

impl Cards<'_> {
    /// Draws the name of the column, which may reach into the gap on its right but not out of the panel, and all its cards.
    pub(super) fn draw(&self, (panel, buf): (Rect, &mut Buffer), theme: &Theme) {
        let column = self.column;
        let head = Rect { width: column.area.width.saturating_add(GAP), ..column.area }.intersection(panel);
        self.draw_head((head, buf), theme);
        if let Some(area) = column.bias {
            let style = if self.chosen.1 { theme.selected() } else { theme.card() };
            buf.set_style(area.intersection(buf.area), theme.card());
            Label { text: "+1", style, align: Align::Center }.render(area, buf, theme);
        }
        for &placed in &column.units {
            self.draw_card(placed, buf, theme);
        }
    }

    fn draw_head(&self, (area, buf): (Rect, &mut Buffer), theme: &Theme) {
        let (letter, size) = (&self.shows.symbol, self.column.size);
        let [shown, units] = [self.column.units.len(), size];
        let forms = if self.column.image.is_none() && shown < size {
            [format!("{letter} {shown} of {units}"), format!("{letter} {shown}/{units}"), format!("{shown}/{units}")]
        } else {
            [letter.clone(), letter.clone(), letter.clone()]
        };
        let row = Rect { height: area.height.min(1), ..area };
        Label::new(pick(&forms.each_ref().map(String::as_str), row.width, theme), theme.key()).render(row, buf, theme);
    }

    fn draw_card(&self, PlacedUnit { unit, area }: PlacedUnit, buf: &mut Buffer, theme: &Theme) {
        let (card, is_chosen) = (self.column.card, self.chosen.0 == Some(unit));
        let part = |x: u16, y: u16, width: u16, height: u16| {
            Rect { x: area.x.saturating_add(x), y: area.y.saturating_add(y), width, height }.intersection(area)
        };
        // The number stands before the value, or above it on the same colour.
        let is_beside = card.picture.is_some() && !card.is_below();
        let (name, value) = if is_beside {
            (part(0, 0, VALUE, 1), part(0, card.value_row(), VALUE, 1))
        } else {
            (part(0, 0, card.name, 1), part(card.name, 0, VALUE, 1))
        };
        let ground = if card.picture.is_some() { self.ground(unit, theme) } else { theme.card() };
        buf.set_style(area.intersection(buf.area), ground);
        if card.name > 0 {
            let style = if is_chosen { theme.selected() } else { ground };
            let inner = Rect { width: name.width.saturating_sub(1), ..name };
            Label::right(&(unit + 1).to_string(), style).render(inner, buf, theme);
        }
        self.draw_value((unit, is_chosen), (value, buf), theme);
        if card.bar > 0 {
            // A free column before it, as both may have the same colour.
            self.draw_bar(unit, (part(card.name + VALUE + 1, 0, card.bar - 1, 1), buf), theme);
        }
        if let Some((columns, rows)) = card.picture {
            let [x, y] = if card.is_below() { [0, 1] } else { [VALUE, 0] };
            (self.picture)(unit, (part(x, y, columns, rows), buf));
        }
    }

    fn draw_value(&self, (unit, selected): (usize, bool), (area, buf): (Rect, &mut Buffer), theme: &Theme) {
        let style = if selected { theme.selected() } else { theme.card() };
        let mut label = |text, style| _ = Label { text, style, align: Align::Center }.render(area, buf, theme);
        match self.known(unit) {
            Some(_) if self.shows.is_left_out(unit) => label(LEFT_OUT, style),
            Some(value) => ValueCell { value, scale: self.shows.scale, selected }.render(area, buf, theme),
            // Layer 1 has neither z nor δ, and inside an update not everything is computed yet.
            None => label("·", theme.card()),
        }
    }

    /// The colour of a unit's value, with an ink that can be read on it; grey where it would be lost on the background.
    fn ground(&self, unit: usize, theme: &Theme) -> Style {
        match self.known(unit).filter(|value| value.is_finite() && !self.shows.is_left_out(unit)) {
            Some(value) if theme.depth > Depth::Mono && !theme.ascii => {
                let back = theme.value(&self.shows.scale, value);
                let stands_out = color::rgb_of(back).is_some_and(|rgb| color::contrast(rgb, theme.background()) > SEEN);
                if !stands_out {
                    return theme.card();
                }
                Style::new().fg(theme.ink_on(back)).bg(back)
            }
            _ => theme.card(),
        }
    }

    /// The magnitude as a bar; its sign is in the value and in the colour.
    fn draw_bar(&self, unit: usize, (area, buf): (Rect, &mut Buffer), theme: &Theme) {
        let Some(value) = self.known(unit).filter(|_| !self.shows.is_left_out(unit)) else { return };
        let (low, high) = self.shows.scale.ends();
        let style = match self.shows.scale {
            ColorScale::Signed { .. } => theme.text().fg(theme.signed(value.signum(), 1.0)),
            ColorScale::Sequential { .. } | ColorScale::Grey { .. } => theme.faint(),
        };
        Bar { value: value.abs(), limit: high.max(-low), style }.render(area, buf, theme);
        if let Some(ground) = theme.card().bg {
            buf.set_style(area.intersection(buf.area), theme.text().bg(ground).fg(style.fg.unwrap_or_default()));
        }
    }

    /// The value of a unit, if it is computed.
    fn known(&self, unit: usize) -> Option<f64> {
        self.shows.values.get(unit).copied().filter(|_| unit < self.shows.known)
    }

    /// The unit under the cursor of a column that is one picture: its number and value below it.
    pub(super) fn draw_below(&self, (area, buf): (Rect, &mut Buffer), theme: &Theme) {
        let Some(unit) = self.chosen.0 else { return };
        let name = Rect { width: NAME.min(area.width), ..area };
        let value = Rect { x: name.right(), width: VALUE, ..area }.intersection(area);
        buf.set_style(name.union(value).intersection(buf.area), theme.card());
        let inner = Rect { width: name.width.saturating_sub(1), ..name };
        Label::right(&(unit + 1).to_string(), theme.selected()).render(inner, buf, theme);
        self.draw_value((unit, true), (value, buf), theme);
    }
}
