//! The last values of a series in one row of blocks, newest at the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{first_row, put};
use crate::theme::Theme;

/// How values become heights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Axis {
    /// By their size.
    #[default]
    Linear,
    /// By their power of ten; what is not positive has none.
    Log,
}

impl Axis {
    /// The height of a value on this axis, if it has one.
    pub fn height(self, value: f64) -> Option<f64> {
        match self {
            Self::Linear => value.is_finite().then_some(value),
            Self::Log => (value.is_finite() && value > 0.0).then(|| value.log10()),
        }
    }
}

/// One value a column; as many of the last as there are columns.
///
/// A value that is not finite is `!`; on a log axis an exact zero is `0` and a negative value `-`.
#[derive(Clone, Copy, Debug)]
pub struct Sparkline<'a> {
    /// The values, oldest first.
    pub values: &'a [f64],
    /// Linear or log10.
    pub axis: Axis,
    /// The values of the lowest and the highest block; those of what is shown if there are none.
    pub range: Option<(f64, f64)>,
    /// Colour of the blocks.
    pub style: Style,
}

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 5] = ['_', '.', ':', '|', '#'];

impl Sparkline<'_> {
    /// Draws the row; nothing at all if there are no values.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = first_row(area.intersection(buf.area));
        let shown = &self.values[self.values.len().saturating_sub(usize::from(area.width))..];
        let (low, high) = self.bounds(shown);
        // Old values leave at the left, so the newest is always at the edge.
        let start = area.right().saturating_sub(u16::try_from(shown.len()).unwrap_or(u16::MAX));
        for (x, &value) in (start..area.right()).zip(shown) {
            let (symbol, style) = match self.axis.height(value) {
                Some(height) => (block(height, (low, high), theme.ascii), self.style),
                None if !value.is_finite() => ('!', theme.not_finite()),
                None if value == 0.0 => ('0', theme.faint()),
                None => ('-', theme.faint()),
            };
            put(buf, (x, area.y), symbol, style);
        }
    }

    fn bounds(&self, shown: &[f64]) -> (f64, f64) {
        if let Some((low, high)) = self.range
            && let (Some(low), Some(high)) = (self.axis.height(low), self.axis.height(high))
        {
            return (low, high);
        }
        let heights = shown.iter().filter_map(|&value| self.axis.height(value));
        heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), h| (low.min(h), high.max(h)))
    }
}

fn block(height: f64, (low, high): (f64, f64), ascii: bool) -> char {
    let ramp: &[char] = if ascii { &ASCII } else { &BLOCKS };
    // Halved first, so that the widest range does not overflow.
    let share = (height / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
    // A series that does not move is in the middle.
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
    ramp[((share * ramp.len() as f64) as usize).min(ramp.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    fn drawn(values: &[f64], axis: Axis, theme: &Theme) -> String {
        let line = Sparkline { values, axis, range: None, style: Style::new() };
        rows(8, 1, theme, &|area, buf, theme| line.render(area, buf, theme)).remove(0)
    }

    #[test]
    fn a_rising_series_climbs() {
        let values: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(drawn(&values, Axis::Linear, &RGB), "▁▂▃▄▅▆▇█");
        assert_eq!(drawn(&values, Axis::Linear, &ASCII), "__.::|##");
    }

    #[test]
    fn only_the_last_values_are_shown_and_the_newest_is_at_the_right() {
        let values: Vec<f64> = (0..80).map(f64::from).collect();
        assert_eq!(drawn(&values, Axis::Linear, &RGB), "▁▂▃▄▅▆▇█");
        assert_eq!(drawn(&[1.0, 2.0], Axis::Linear, &RGB), "xxxxxx▁█");
    }

    #[test]
    fn a_log_axis_shows_powers_and_says_what_has_none() {
        assert_eq!(drawn(&[1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0], Axis::Log, &RGB), "▁▂▃▄▅▆▇█");
        assert_eq!(drawn(&[1.0, 0.0, -3.0, 10.0], Axis::Log, &RGB), "xxxx▁0-█");
    }

    #[test]
    fn a_constant_series_is_in_the_middle_and_an_empty_one_says_nothing() {
        assert_eq!(drawn(&[3.0, 3.0, 3.0], Axis::Linear, &RGB), "xxxxx▅▅▅");
        assert_eq!(drawn(&[], Axis::Linear, &RGB), "xxxxxxxx");
    }

    #[test]
    fn what_is_not_finite_is_a_mark() {
        assert_eq!(drawn(&[1.0, f64::NAN, f64::INFINITY, 2.0], Axis::Linear, &RGB), "xxxx▁!!█");
    }

    #[test]
    fn a_sparkline_is_drawn_at_any_size() {
        for axis in [Axis::Linear, Axis::Log] {
            for range in [None, Some((0.0, f64::NAN)), Some((f64::MIN, f64::MAX)), Some((1.0, 1.0))] {
                at_every_size(&|area, buf, theme| {
                    Sparkline { values: &ODD, axis, range, style: theme.total() }.render(area, buf, theme);
                });
            }
        }
    }
}
