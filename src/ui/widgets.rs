//! Drawing of numbers, labels and pictures of numbers; none of it knows a neural network.
//!
//! Every widget is a struct of what to show, built with a literal, and draws itself with
//! `render(&self, area, buf, theme)`; it never writes outside `area`, whatever its size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub mod bars;
pub mod chart;
pub mod columns;
pub mod dots;
pub mod frame;
pub mod heatmap;
pub mod label;
pub mod legend;
pub mod list;
pub mod picture;
pub mod sparkline;
pub mod ticks;
pub mod value_cell;

#[cfg(test)]
pub(crate) mod trial;

/// Writes one character at a place of the buffer, if it has that place; what stood there is gone.
pub(super) fn put(buf: &mut Buffer, (x, y): (u16, u16), symbol: char, style: Style) {
    if let Some(cell) = buf.cell_mut((x, y)) {
        cell.reset();
        cell.set_char(symbol).set_style(style);
    }
}

/// The first row of `area`; without columns if it has no rows.
fn first_row(area: Rect) -> Rect {
    if area.height == 0 { Rect { width: 0, ..area } } else { Rect { height: 1, ..area } }
}
