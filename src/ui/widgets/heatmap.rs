//! A matrix as a field of coloured cells that scrolls, or is reduced to its largest magnitudes, where it does not fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::put;
use super::value_cell::ValueCell;
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};

mod axes;
mod shown;

use shown::digits;
pub use shown::{Shown, visible};

/// How large one number of the matrix is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellSize {
    /// The widest at which all columns fit, with the number inside from 5 columns on.
    #[default]
    Auto,
    /// So many columns of one row.
    Full(u16),
    /// Half a row of one column: two numbers above each other. One column of one row without colour.
    Half,
}

/// What happens to a matrix that is larger than its area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LargeMatrix {
    /// A part is shown, with the selected number in it.
    #[default]
    Scroll,
    /// A block of numbers shares a cell, which shows the one with the largest magnitude.
    Reduce,
}

/// A matrix, read number by number.
#[derive(Clone, Copy)]
pub struct Heatmap<'a> {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// The number in a row and a column, both counted from 0; a place without one is left blank.
    pub value: &'a dyn Fn(usize, usize) -> Option<f64>,
    /// What the colours stand for.
    pub scale: ColorScale,
    /// What they stand for in each column, where not all have the one scale.
    pub of_column: Option<&'a dyn Fn(usize) -> ColorScale>,
    /// How large a cell is.
    pub size: CellSize,
    /// What happens if not all cells fit.
    pub fit: LargeMatrix,
    /// Whether column 0 stands apart: always shown, with a blank column after it.
    pub first_apart: bool,
    /// Numbers of the first row and column along the edges, where the selected ones are marked; no edges if `None`.
    pub axes: Option<(usize, usize)>,
    /// Row and column of the cursor.
    pub selected: Option<(usize, usize)>,
    /// Row and column of the first cell when scrolled, as far as the selection allows.
    pub offset: (usize, usize),
}

impl Heatmap<'_> {
    /// What `render` will show in this area.
    pub fn layout(&self, area: Rect, theme: &Theme) -> Shown {
        let grid = self.grid(area);
        let colour = theme.depth > Depth::Mono && !theme.ascii;
        let (width, half) = self.cell(grid, colour);
        let lead = if self.first_apart { width.saturating_add(1) } else { 0 };
        let apart = self.first_apart && self.columns > 1 && grid.width >= lead.saturating_add(width);
        let lead = if apart { lead } else { 0 };
        let across = usize::from((grid.width - lead.min(grid.width)) / width);
        let down = usize::from(grid.height) * if half { 2 } else { 1 };
        let first = usize::from(apart);
        let selected = |index: usize| (index >= first).then(|| index - first);
        let (rows, columns, block) = match self.fit {
            LargeMatrix::Scroll => (
                visible(self.rows, down, self.selected.map(|(row, _)| row), self.offset.0),
                visible(
                    self.columns - first,
                    across,
                    self.selected.and_then(|(_, column)| selected(column)),
                    self.offset.1.saturating_sub(first),
                ),
                (1, 1),
            ),
            LargeMatrix::Reduce => {
                let (rows, columns) = (self.rows, self.columns - first);
                (0..rows, 0..columns, (rows.div_ceil(down.max(1)).max(1), columns.div_ceil(across.max(1)).max(1)))
            }
        };
        Shown { rows, columns: columns.start + first..columns.end + first, block, width, half, apart, grid }
    }

    /// Draws the matrix and returns what of it is shown.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Shown {
        let area = area.intersection(buf.area);
        let shown = self.layout(area, theme);
        if shown.grid.is_empty() {
            return shown;
        }
        let rows: Vec<usize> = shown.rows.clone().step_by(shown.block.0).collect();
        for column in shown.across() {
            for pair in rows.chunks(if shown.half { 2 } else { 1 }) {
                let Some(place) = shown.place(pair[0], column) else { continue };
                let place = place.intersection(area);
                match (shown.half, pair.get(1)) {
                    (true, lower) => self.halves((pair[0], lower.copied(), column), (&shown, place), (buf, theme)),
                    (false, _) => self.whole((pair[0], column), (&shown, place), (buf, theme)),
                }
            }
        }
        if shown.grid != area {
            self.row_axis(area, &shown, (buf, theme));
            self.column_axis(area, &shown, (buf, theme));
        }
        shown
    }

    fn whole(
        &self,
        (row, column): (usize, usize),
        (shown, place): (&Shown, Rect),
        (buf, theme): (&mut Buffer, &Theme),
    ) {
        let selected = self.is_selected(row, column, shown);
        match self.largest(row, column, shown) {
            Some(value) => ValueCell { value, scale: self.scale_at(column), selected }.render(place, buf, theme),
            None if selected => put(buf, (place.x, place.y), '_', theme.selected()),
            None => place.positions().for_each(|at| put(buf, (at.x, at.y), ' ', Style::new())),
        }
    }

    fn halves(
        &self,
        (upper, lower, column): (usize, Option<usize>, usize),
        (shown, place): (&Shown, Rect),
        (buf, theme): (&mut Buffer, &Theme),
    ) {
        let values = [Some(upper), lower].map(|row| row.and_then(|row| Some((row, self.largest(row, column, shown)?))));
        if values.iter().flatten().any(|(_, value)| !value.is_finite()) {
            return put(buf, (place.x, place.y), '!', theme.not_finite());
        }
        let [above, below] = values.map(|half| {
            let (row, value) = half?;
            let back = theme.value(&self.scale_at(column), value);
            // The colour of the text is on no scale, so it can't be taken for a number.
            Some(if self.is_selected(row, column, shown) { theme.ink_on(back) } else { back })
        });
        let (glyph, style) = match (above, below) {
            (Some(above), below) => ('▀', Style::new().fg(above).bg(below.unwrap_or_default())),
            (None, Some(below)) => ('▄', Style::new().fg(below)),
            (None, None) => (' ', Style::new()),
        };
        put(buf, (place.x, place.y), glyph, style);
    }

    fn scale_at(&self, column: usize) -> ColorScale {
        self.of_column.map_or(self.scale, |of| of(column))
    }

    /// The number with the largest magnitude in the block of a cell, if there is one; what is not finite before all others.
    fn largest(&self, row: usize, column: usize, shown: &Shown) -> Option<f64> {
        let mut largest: Option<f64> = None;
        for r in row..(row + shown.block.0).min(self.rows) {
            for c in column..self.block_end(column, shown) {
                let Some(value) = (self.value)(r, c) else { continue };
                if !value.is_finite() {
                    return Some(value);
                }
                if largest.is_none_or(|largest| value.abs() > largest.abs()) {
                    largest = Some(value);
                }
            }
        }
        largest
    }

    fn is_selected(&self, row: usize, column: usize, shown: &Shown) -> bool {
        self.selected.is_some_and(|(r, c)| {
            (row..row + shown.block.0).contains(&r) && (column..self.block_end(column, shown)).contains(&c)
        })
    }

    fn block_end(&self, column: usize, shown: &Shown) -> usize {
        let block = if shown.apart && column == 0 { 1 } else { shown.block.1 };
        (column + block).min(self.columns)
    }

    /// The area left to the cells by the axes, which give way where there is hardly room.
    fn grid(&self, area: Rect) -> Rect {
        let Some((first_row, _)) = self.axes else { return area };
        let gutter = digits(first_row + self.rows.saturating_sub(1)) + 2;
        if area.height < 3 || area.width < gutter.saturating_add(6) {
            return area;
        }
        Rect { x: area.x + gutter, y: area.y + 1, width: area.width - gutter, height: area.height - 1 }
    }

    fn cell(&self, grid: Rect, colour: bool) -> (u16, bool) {
        let fits = |width: u16| {
            let gap = usize::from(self.first_apart);
            self.columns.saturating_mul(usize::from(width)).saturating_add(gap) <= usize::from(grid.width)
        };
        match self.size {
            CellSize::Full(width) => (width.max(1), false),
            CellSize::Half => (1, colour),
            CellSize::Auto => match [6, 5, 3, 2, 1].into_iter().find(|&width| fits(width)) {
                Some(1) | None if self.fit == LargeMatrix::Reduce => {
                    (1, colour && self.rows > usize::from(grid.height))
                }
                Some(width) => (width, false),
                // A part of the matrix may as well be a readable part.
                None => (2.min(grid.width.max(1)), false),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, MONO, ODD, RGB, at_every_size, rows};

    fn ramp(row: usize, column: usize) -> Option<f64> {
        Some((column as f64 - 4.0) / 4.0 * if row.is_multiple_of(2) { 1.0 } else { -1.0 })
    }

    const PLAIN: Heatmap<'_> = Heatmap {
        rows: 3,
        columns: 9,
        value: &ramp,
        scale: ColorScale::Signed { limit: 1.0 },
        of_column: None,
        size: CellSize::Full(1),
        fit: LargeMatrix::Scroll,
        first_apart: false,
        axes: None,
        selected: None,
        offset: (0, 0),
    };

    fn drawn(heatmap: &Heatmap<'_>, (width, height): (u16, u16), theme: &Theme) -> Vec<String> {
        rows(width, height, theme, &|area, buf, theme| {
            heatmap.render(area, buf, theme);
        })
    }

    #[test]
    fn sign_and_size_can_be_read_without_colour() {
        assert_eq!(drawn(&PLAIN, (10, 4), &MONO), ["%=-,.:+*#x", "#*+:.,-=%x", "%=-,.:+*#x", "xxxxxxxxxx"]);
    }

    #[test]
    fn numbers_stand_in_the_cells_where_there_is_room() {
        let wide = Heatmap { size: CellSize::Auto, columns: 3, rows: 1, ..PLAIN };
        assert_eq!(drawn(&wide, (18, 1), &RGB), [" -1.0  -.75  -.50 "]);
        assert_eq!(drawn(&Heatmap { selected: Some((0, 1)), ..wide }, (18, 1), &RGB), [" -1.0 [-.75] -.50 "]);
        assert_eq!(drawn(&wide, (9, 1), &RGB), [" -  -  - "]);
        assert_eq!(drawn(&wide, (3, 1), &RGB), ["---"]);
    }

    #[test]
    fn the_first_column_stands_apart_and_stays_when_the_others_scroll() {
        let apart = Heatmap { first_apart: true, rows: 1, ..PLAIN };
        assert_eq!(drawn(&apart, (10, 1), &MONO), ["%x=-,.:+*#"]);
        assert_eq!(drawn(&Heatmap { selected: Some((0, 8)), ..apart }, (5, 1), &MONO), ["%x+*#"]);
        assert_eq!(drawn(&Heatmap { offset: (0, 4), ..apart }, (5, 1), &MONO), ["%x.:+"]);
    }

    #[test]
    fn the_axes_mark_the_selected_row_and_column() {
        let map = Heatmap { axes: Some((1, 0)), size: CellSize::Full(2), selected: Some((1, 4)), ..PLAIN };
        assert_eq!(
            drawn(&map, (21, 4), &ASCII),
            ["   0 1 2 3 v4  6 7 8 ", " 1 %%==--,,..::++**##", ">2 ##**++::..,,--==%%", " 3 %%==--,,..::++**##"]
        );
    }

    #[test]
    fn a_reduced_matrix_shows_the_largest_magnitude_of_each_block() {
        let spike = |row: usize, column: usize| Some(if (row, column) == (5, 7) { -1.0 } else { 0.1 });
        let map = Heatmap { rows: 8, columns: 12, value: &spike, fit: LargeMatrix::Reduce, ..PLAIN };
        assert_eq!(drawn(&map, (4, 4), &MONO), ["::::", "::::", "::%:", "::::"]);
        assert_eq!(map.layout(Rect::new(0, 0, 4, 4), &MONO).block, (2, 3));
    }

    #[test]
    fn half_blocks_hold_two_rows() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 9, 2));
        let shown = Heatmap { size: CellSize::Half, ..PLAIN }.render(buf.area, &mut buf, &RGB);
        assert_eq!(shown.rows, 0..3);
        assert_eq!(buf[(0, 0)].fg, RGB.signed(-1.0, 1.0));
        assert_eq!(buf[(0, 0)].bg, RGB.signed(1.0, 1.0));
        assert_eq!(buf[(0, 1)].bg, ratatui::style::Color::Reset);
    }

    #[test]
    fn a_place_without_a_number_is_blank_and_hides_none_beside_it() {
        let some = |row: usize, column: usize| ((row + column).is_multiple_of(2)).then_some(0.0);
        let map = Heatmap { value: &some, columns: 4, ..PLAIN };
        assert_eq!(drawn(&map, (4, 3), &MONO), [". . ", " . .", ". . "]);
        let map = Heatmap { fit: LargeMatrix::Reduce, ..map };
        assert_eq!(drawn(&map, (2, 3), &MONO), ["..", "..", ".."]);
        let half = Heatmap { size: CellSize::Half, ..map };
        let mut buf = Buffer::empty(Rect::new(0, 0, 4, 2));
        half.render(buf.area, &mut buf, &RGB);
        assert_eq!((buf[(0, 0)].symbol(), buf[(1, 0)].symbol()), ("▀", "▄"));
    }

    #[test]
    fn the_place_of_a_number_is_known() {
        let map = Heatmap { axes: Some((1, 0)), size: CellSize::Full(2), first_apart: true, ..PLAIN };
        let shown = map.layout(Rect::new(10, 10, 22, 4), &RGB);
        assert_eq!(shown.place(0, 0), Some(Rect::new(13, 11, 2, 1)));
        assert_eq!(shown.place(2, 1), Some(Rect::new(16, 13, 2, 1)));
        assert_eq!(shown.place(3, 1), None);
    }

    #[test]
    fn a_heatmap_is_drawn_at_any_size() {
        let value =
            |row: usize, column: usize| (!column.is_multiple_of(5)).then(|| ODD[(row * 7 + column) % ODD.len()]);
        let sizes = [CellSize::Auto, CellSize::Half, CellSize::Full(0), CellSize::Full(6), CellSize::Full(u16::MAX)];
        for (i, size) in sizes.into_iter().enumerate() {
            for (rows, columns) in [(0, 0), (1, 0), (0, 3), (1, 1), (5, 9), (30, 70)] {
                let fit = [LargeMatrix::Scroll, LargeMatrix::Reduce][i % 2];
                let map = Heatmap { rows, columns, value: &value, size, fit, ..PLAIN };
                let map = Heatmap { first_apart: rows % 2 == 1, axes: Some((1, 0)), selected: Some((4, 60)), ..map };
                at_every_size(&|area, buf, theme| {
                    map.render(area, buf, theme);
                });
            }
        }
    }
}
