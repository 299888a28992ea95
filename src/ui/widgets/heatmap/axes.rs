//! The numbers of rows and columns along the edges of a matrix, and the marks at the selected ones.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::Heatmap;
use super::shown::{Shown, digits};
use crate::theme::Theme;
use crate::ui::widgets::label::Label;

impl Heatmap<'_> {
    pub(super) fn row_axis(&self, area: Rect, shown: &Shown, (buf, theme): (&mut Buffer, &Theme)) {
        let (first, _) = self.axes.expect("a grid smaller than its area has axes");
        let gutter = shown.grid.x - area.x;
        let rows: Vec<usize> = shown.rows.clone().step_by(shown.block.0).collect();
        for (pair, y) in rows.chunks(if shown.half { 2 } else { 1 }).zip(shown.grid.top()..shown.grid.bottom()) {
            let through = pair[pair.len() - 1] + shown.block.0;
            let selected = self.selected.map(|(row, _)| row).filter(|row| (pair[0]..through).contains(row));
            let number = (first + selected.unwrap_or(pair[0])).to_string();
            let (mark, style) = match selected {
                Some(_) => (">", theme.text().add_modifier(Modifier::BOLD)),
                None => (" ", theme.faint()),
            };
            let text = format!("{mark}{number:>width$} ", width = usize::from(gutter - 2));
            Label::new(&text, style).render(Rect { x: area.x, y, width: gutter, height: 1 }, buf, theme);
        }
    }

    pub(super) fn column_axis(&self, area: Rect, shown: &Shown, (buf, theme): (&mut Buffer, &Theme)) {
        let (_, first) = self.axes.expect("a grid smaller than its area has axes");
        let row = Rect { height: 1, ..area };
        Label::new(&" ".repeat(usize::from(area.width)), theme.text()).render(row, buf, theme);
        let (mark, text) = self.column_mark(row, shown, theme).unwrap_or_default();
        let mut free = shown.grid.x;
        for column in shown.across() {
            let Some(place) = shown.place(shown.rows.start, column) else { continue };
            let room = Rect { x: place.x, width: digits(first + column), ..row };
            // A blank on either side, so that no number reads as part of another.
            let beside = Rect { x: room.x.saturating_sub(1), width: room.width.saturating_add(2), ..row };
            if room.x >= free && room.right() <= area.right() && !beside.intersects(mark) {
                Label::new(&(first + column).to_string(), theme.faint()).render(room, buf, theme);
                free = room.right().saturating_add(1);
            }
        }
        Label::new(&text, theme.text().add_modifier(Modifier::BOLD)).render(mark, buf, theme);
    }

    /// Place and text of the mark above the selected column, with its number beside it.
    fn column_mark(&self, row: Rect, shown: &Shown, theme: &Theme) -> Option<(Rect, String)> {
        let ((_, column), (_, first)) = (self.selected?, self.axes?);
        let place = shown.place(shown.rows.start, column)?;
        let (number, mark) = (first + column, if theme.ascii { 'v' } else { '▾' });
        let width = digits(number).saturating_add(1);
        let x = place.x.saturating_add(place.width / 3);
        if x.saturating_add(width) <= row.right() {
            Some((Rect { x, width, ..row }, format!("{mark}{number}")))
        } else {
            let x = (x + 1).checked_sub(width).filter(|&x| x >= row.x)?;
            Some((Rect { x, width, ..row }, format!("{number}{mark}")))
        }
    }
}
