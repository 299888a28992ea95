//! A small image of numbers, such as a digit of 8 × 8 or 28 × 28, as large and as square as its area allows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::heatmap::{CellSize, Heatmap, LargeMatrix, Shown};
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};

/// An image, read pixel by pixel.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// Pixels from top to bottom.
    pub rows: usize,
    /// Pixels from left to right.
    pub columns: usize,
    /// The pixel in a row and a column, both counted from 0.
    pub value: &'a dyn Fn(usize, usize) -> f64,
    /// Grey for an image, signed for weights that look like one.
    pub scale: ColorScale,
    /// Row and column of the cursor.
    pub selected: Option<(usize, usize)>,
}

impl Picture<'_> {
    /// Columns and rows of the screen that the image takes in a room: two columns a pixel or a multiple of that, or half a row.
    pub fn size(&self, room: Rect, theme: &Theme) -> (u16, u16) {
        let cells = |pixels: usize| u16::try_from(pixels).unwrap_or(u16::MAX);
        let (columns, rows) = (cells(self.columns), cells(self.rows));
        match self.cell(room, theme) {
            CellSize::Half => (columns, rows.div_ceil(2)),
            CellSize::Full(width) => {
                let times = self.times(room);
                (columns.saturating_mul(width).saturating_mul(times), rows.saturating_mul(times))
            }
            CellSize::Auto => (room.width, room.height),
        }
    }

    /// The pixel that a cell of the screen stands for where the image is drawn in this area, if it stands for one: of several the first.
    pub fn pixel_at(&self, (x, y): (u16, u16), area: Rect, theme: &Theme) -> Option<(usize, usize)> {
        let times = usize::from(self.times(area));
        let (row, column) = self.heatmap(&|_, _| None, area, theme).layout(area, theme).number_at(x, y)?;
        Some((row / times, column / times))
    }

    /// Draws the image in the upper left corner of `area`; one that is too large is reduced to its largest magnitudes.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Shown {
        let area = area.intersection(buf.area);
        let times = usize::from(self.times(area));
        let value = |row: usize, column: usize| Some((self.value)(row / times, column / times));
        self.heatmap(&value, area, theme).render(area, buf, theme)
    }

    /// The image enlarged as often as it stays whole.
    fn heatmap<'b>(&self, value: &'b dyn Fn(usize, usize) -> Option<f64>, area: Rect, theme: &Theme) -> Heatmap<'b> {
        let times = usize::from(self.times(area));
        Heatmap {
            rows: self.rows.saturating_mul(times),
            columns: self.columns.saturating_mul(times),
            value,
            scale: self.scale,
            of_column: None,
            size: self.cell(area, theme),
            fit: LargeMatrix::Reduce,
            first_apart: false,
            axes: None,
            // The middle of an enlarged pixel, so that its own colour is seen around the mark.
            selected: self.selected.map(|(row, column)| (row * times + times / 2, column * times + times / 2)),
            offset: (0, 0),
        }
    }

    /// How many times it can be enlarged and still be whole.
    fn times(&self, area: Rect) -> u16 {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let times = (width / self.columns.saturating_mul(2).max(1)).min(height / self.rows.max(1));
        u16::try_from(times.max(1)).unwrap_or(1)
    }

    fn cell(&self, area: Rect, theme: &Theme) -> CellSize {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let fits = self.columns.saturating_mul(2) <= width && self.rows <= height;
        if fits {
            CellSize::Full(2)
        } else if theme.depth > Depth::Mono && !theme.ascii {
            CellSize::Half
        } else {
            CellSize::Full(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    fn corner(row: usize, column: usize) -> f64 {
        if row == column { 1.0 } else { 0.0 }
    }

    fn drawn(width: u16, height: u16, theme: &Theme) -> Vec<String> {
        let scale = ColorScale::Grey { low: 0.0, high: 1.0 };
        let picture = Picture { rows: 4, columns: 4, value: &corner, scale, selected: None };
        rows(width, height, theme, &|area, buf, theme| {
            picture.render(area, buf, theme);
        })
    }

    #[test]
    fn a_pixel_is_two_columns_where_there_is_room() {
        assert_eq!(drawn(9, 4, &ASCII), ["@@      x", "  @@    x", "    @@  x", "      @@x"]);
    }

    #[test]
    fn a_picture_is_enlarged_as_often_as_it_stays_whole() {
        assert_eq!(drawn(16, 8, &ASCII)[..2], ["@@@@            ", "@@@@            "]);
        assert_eq!(drawn(16, 7, &ASCII)[0], "@@      xxxxxxxx");
    }

    #[test]
    fn a_pixel_is_half_a_row_where_there_is_not() {
        assert_eq!(drawn(5, 3, &RGB), ["▀▀▀▀x", "▀▀▀▀x", "xxxxx"]);
    }

    #[test]
    fn without_colour_the_brightest_of_two_pixels_is_shown() {
        assert_eq!(drawn(5, 2, &ASCII), ["@@  x", "  @@x"]);
    }

    #[test]
    fn a_picture_is_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            for (size, limit) in [(0, 1.0), (8, 0.5), (28, f64::NAN)] {
                let value = |row: usize, column: usize| ODD[(row * 5 + column) % ODD.len()];
                let scale = ColorScale::Signed { limit };
                Picture { rows: size, columns: size, value: &value, scale, selected: Some((3, 3)) }
                    .render(area, buf, theme);
            }
        });
    }
}
