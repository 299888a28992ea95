//! Numbers as bars: to both sides of a centre line, from the left, and as a strip of cells.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::heatmap::visible;
use super::label::{Label, columns};
use super::value_cell::ValueCell;
use super::{first_row, put};
use crate::theme::Theme;
use crate::theme::values::ColorScale;

/// A bar to the left of a centre line for a negative value, to the right for a positive one.
///
/// A value too small for an eighth of a cell has no bar; beyond the limit the bar ends in `<` or `>`.
#[derive(Clone, Copy, Debug)]
pub struct SignedBar {
    /// The value.
    pub value: f64,
    /// The magnitude that fills its half.
    pub limit: f64,
}

/// A bar from the left for a value from 0 to its limit.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// The value; less than nothing is drawn as nothing.
    pub value: f64,
    /// The value that fills the row.
    pub limit: f64,
    /// Colour of the bar.
    pub style: Style,
}

/// One cell for each of many values, 3 columns wide if all fit so, else 2, else 1; what does not fit is scrolled.
#[derive(Clone, Copy, Debug)]
pub struct Strip<'a> {
    /// The values.
    pub values: &'a [f64],
    /// What their colours stand for.
    pub scale: ColorScale,
    /// The one under the cursor, which is always visible.
    pub selected: Option<usize>,
    /// The first one to show, if the selection allows it.
    pub offset: usize,
}

/// From so many columns on a strip says how many values it leaves out.
const SAID: usize = 12;

/// One to seven eighths of a cell from its left, then the whole.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

impl SignedBar {
    /// Draws the bar on the first row of `area`.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = first_row(area.intersection(buf.area));
        if area.is_empty() {
            return;
        }
        let half = (area.width - 1) / 2;
        let centre = area.x + half;
        for x in area.left()..area.right() {
            put(buf, (x, area.y), ' ', theme.text());
        }
        put(buf, (centre, area.y), if theme.ascii { '|' } else { '│' }, theme.border());
        if !self.value.is_finite() {
            put(buf, (centre, area.y), '!', theme.not_finite());
            return;
        }
        let negative = self.value < 0.0;
        let style = Style::new().fg(theme.signed(self.value.signum(), 1.0));
        let cells = cells(self.value.abs(), self.limit.abs(), half, theme.ascii);
        for (i, cell) in (1..).zip(cells) {
            let x = if negative { centre - i } else { centre + i };
            let (symbol, style) = if negative { leftward(cell, style) } else { (cell, style) };
            put(buf, (x, area.y), symbol, style);
        }
        if half > 0 && self.value.abs() > self.limit.abs() * (1.0 + 1e-9) {
            let (x, mark) = if negative { (centre - half, '<') } else { (centre + half, '>') };
            put(buf, (x, area.y), mark, style.add_modifier(Modifier::BOLD | Modifier::REVERSED));
        }
    }
}

impl Bar {
    /// Draws the bar on the first row of `area`.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = first_row(area.intersection(buf.area));
        for x in area.left()..area.right() {
            put(buf, (x, area.y), ' ', theme.text());
        }
        if !self.value.is_finite() && !area.is_empty() {
            put(buf, (area.x, area.y), '!', theme.not_finite());
            return;
        }
        let cells = cells(self.value, self.limit, area.width, theme.ascii);
        for (x, cell) in (area.left()..area.right()).zip(cells) {
            put(buf, (x, area.y), cell, self.style);
        }
        if self.value > self.limit * (1.0 + 1e-9) && !area.is_empty() {
            put(buf, (area.right() - 1, area.y), '>', self.style.add_modifier(Modifier::BOLD | Modifier::REVERSED));
        }
    }
}

/// The characters of a bar that grows to the right, at most `width` of them.
fn cells(size: f64, limit: f64, width: u16, ascii: bool) -> Vec<char> {
    let share = size / limit;
    let share = if share.is_nan() || size <= 0.0 { 0.0 } else { share.clamp(0.0, 1.0) };
    let eighths = (share * f64::from(width) * 8.0).round() as usize;
    if ascii {
        let whole = (eighths + 4) / 8;
        return if whole == 0 && eighths > 0 { vec!['-'] } else { vec!['='; whole] };
    }
    let mut cells = vec![EIGHTHS[7]; eighths / 8];
    if !eighths.is_multiple_of(8) {
        cells.push(EIGHTHS[eighths % 8 - 1]);
    }
    cells
}

/// The same part of a cell measured from its right: there are no such blocks, so the rest is drawn with swapped colours.
fn leftward(cell: char, style: Style) -> (char, Style) {
    match EIGHTHS.iter().position(|&eighth| eighth == cell) {
        Some(index) if index < 7 => (EIGHTHS[6 - index], style.add_modifier(Modifier::REVERSED)),
        _ => (cell, style),
    }
}

impl Strip<'_> {
    /// Draws the strip on the first row of `area` and returns which values are shown.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Range<usize> {
        let area = first_row(area.intersection(buf.area));
        let len = self.values.len();
        let room = usize::from(area.width);
        let width = [3, 2].into_iter().find(|&width| len * width <= room).unwrap_or(1);
        // What is left out is counted, unless there is hardly room for the cells themselves.
        let more = |shown: usize| format!(" +{}", len - shown);
        let kept = if width * len > room && room >= SAID { columns(&more(0)) } else { 0 };
        let area = Rect { width: area.width - kept, ..area };
        let shown = visible(len, usize::from(area.width) / width, self.selected, self.offset);
        if kept > 0 {
            let place = Rect { x: area.right(), width: kept, ..area };
            Label::right(&more(shown.len()), theme.faint()).render(place, buf, theme);
        }
        for (index, x) in shown.clone().zip((area.left()..area.right()).step_by(width)) {
            let cell =
                ValueCell { value: self.values[index], scale: self.scale, selected: self.selected == Some(index) };
            cell.render(Rect { x, width: width as u16, ..area }, buf, theme);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, MONO, ODD, RGB, at_every_size, rows};

    fn signed(value: f64, theme: &Theme) -> String {
        let bar = SignedBar { value, limit: 1.0 };
        rows(9, 1, theme, &|area, buf, theme| bar.render(area, buf, theme)).remove(0)
    }

    #[test]
    fn a_signed_bar_goes_left_for_negative_and_right_for_positive() {
        assert_eq!(signed(1.0, &ASCII), "    |====");
        assert_eq!(signed(-0.5, &ASCII), "  ==|    ");
        assert_eq!(signed(0.5, &RGB), "    │██  ");
        assert_eq!(signed(0.3, &RGB), "    │█▎  ");
        // Reversed, so that a quarter of the cell at its right is coloured.
        assert_eq!(signed(-0.3, &RGB), "  ▊█│    ");
    }

    #[test]
    fn what_is_too_small_for_a_bar_has_none() {
        assert_eq!(signed(1e-9, &RGB), "    │    ");
        assert_eq!(signed(1e-9, &ASCII), "    |    ");
        assert_eq!(signed(0.03, &RGB), "    │▏   ");
        assert_eq!(signed(0.03, &ASCII), "    |-   ");
        assert_eq!(signed(0.0, &RGB), "    │    ");
    }

    #[test]
    fn a_bar_beyond_its_limit_says_so_and_what_is_not_finite_too() {
        assert_eq!(signed(3.0, &ASCII), "    |===>");
        assert_eq!(signed(-3.0, &ASCII), "<===|    ");
        assert_eq!(signed(f64::NAN, &ASCII), "    !    ");
    }

    #[test]
    fn a_bar_from_the_left_fills_its_share() {
        let drawn = |value, theme: &Theme| {
            let bar = Bar { value, limit: 2.0, style: Style::new() };
            rows(4, 1, theme, &|area, buf, theme| bar.render(area, buf, theme)).remove(0)
        };
        assert_eq!(drawn(1.25, &RGB), "██▌ ");
        assert_eq!(drawn(1.25, &ASCII), "=== ");
        assert_eq!(drawn(-1.0, &ASCII), "    ");
        assert_eq!(drawn(9.0, &ASCII), "===>");
        assert_eq!(drawn(f64::INFINITY, &ASCII), "!   ");
    }

    #[test]
    fn a_strip_has_a_cell_for_each_value_and_keeps_the_selected_in_view() {
        let strip = |selected| Strip {
            values: &[1.0, 0.6, -0.6, 0.0, -1.0],
            scale: ColorScale::Signed { limit: 1.0 },
            selected,
            offset: 0,
        };
        let drawn = |width, selected| {
            rows(width, 1, &MONO, &|area, buf, theme| {
                strip(selected).render(area, buf, theme);
            })
            .remove(0)
        };
        assert_eq!(drawn(15, Some(2)), "###***[=]...%%%");
        assert_eq!(drawn(11, None), "##**==..%%x");
        assert_eq!(drawn(5, None), "#*=.%");
        assert_eq!(drawn(3, Some(4)), "=.%");
    }

    #[test]
    fn a_strip_counts_the_values_that_it_leaves_out() {
        let values = [0.0; 300];
        let strip = Strip { values: &values, scale: ColorScale::Signed { limit: 1.0 }, selected: Some(299), offset: 0 };
        let mut buf = Buffer::empty(Rect::new(0, 0, 20, 1));
        let shown = strip.render(buf.area, &mut buf, &MONO);
        assert_eq!((shown.len(), shown.end), (15, 300));
        let drawn = rows(20, 1, &MONO, &|area, buf, theme| _ = strip.render(area, buf, theme)).remove(0);
        assert!(drawn.ends_with(" +285"), "{drawn}");
    }

    #[test]
    fn bars_and_strips_are_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            for value in ODD {
                SignedBar { value, limit: 1.0 }.render(area, buf, theme);
                SignedBar { value: 1.0, limit: value }.render(area, buf, theme);
                Bar { value, limit: 1.0, style: theme.good() }.render(area, buf, theme);
                Bar { value: 1.0, limit: value, style: theme.good() }.render(area, buf, theme);
            }
            let scale = ColorScale::Signed { limit: 1.0 };
            Strip { values: &ODD, scale, selected: Some(40), offset: 99 }.render(area, buf, theme);
            Strip { values: &[], scale, selected: None, offset: 0 }.render(area, buf, theme);
        });
    }
}
