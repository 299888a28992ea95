//! The band behind a line of means: from the smallest to the largest value of each column, too faint to hide the line.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::curve::{CurveColumn, Window, down};
use crate::theme::{Depth, Theme};
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::put;

/// Draws it as a background, to half a cell; where there are no such colours as faint dots on the canvas of the lines.
pub(super) fn draw(
    columns: &[CurveColumn],
    (plot, window): (Rect, &Window),
    (style, dots): (Style, &mut Dots),
    (buf, theme): (&mut Buffer, &Theme),
) {
    let height = f64::from(plot.height) * 4.0;
    let depth = |value| window.up(value).map(|share| down(height, share));
    for (index, column) in columns.iter().enumerate() {
        let Some((low, high)) = column.ends().filter(|(low, high)| low < high) else { continue };
        let Some(top) = depth(high) else { continue };
        let bottom = depth(low).unwrap_or(height - 1.0);
        if theme.depth < Depth::Indexed || theme.ascii {
            let ink = Ink { style: theme.dimmed(style), glyph: '.', strength: 0, dashed: false };
            let x = index as f64 * 2.0;
            dots.line((x, top), (x, bottom), ink);
            continue;
        }
        let x = plot.x + index as u16;
        let is_in = |half: u16| f64::from(2 * half) <= bottom && f64::from(2 * half + 1) >= top;
        for (y, row) in (plot.top()..plot.bottom()).zip(0..) {
            let tint = theme.tint(style);
            match [is_in(2 * row), is_in(2 * row + 1)] {
                [true, true] => put(buf, (x, y), ' ', Style::new().bg(tint)),
                [true, false] => put(buf, (x, y), '▀', Style::new().fg(tint)),
                [false, true] => put(buf, (x, y), '▄', Style::new().fg(tint)),
                [false, false] => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chart, series};
    use super::super::{Axis, Point};
    use super::*;
    use crate::ui::widgets::trial::RGB;

    #[test]
    fn the_band_is_a_faint_background_and_the_line_is_over_it() {
        let points: Vec<Point> = (0..400).map(|i| Point::single(f64::from(i), f64::from(i % 7))).collect();
        let lines = [series("J", &points)];
        let mut buf = Buffer::empty(Rect::new(0, 0, 60, 12));
        chart(&lines, Axis::Linear).render(buf.area, &mut buf, &RGB);
        let tint = RGB.tint(Style::new());
        let tinted: Vec<&str> = buf.content().iter().filter(|cell| cell.bg == tint).map(|cell| cell.symbol()).collect();
        assert!(tinted.contains(&" ") && tinted.iter().any(|symbol| *symbol > "\u{2800}"), "{tinted:?}");
    }
}
