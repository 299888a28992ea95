//! Counts as columns that stand beside each other, such as those of a histogram.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::put;
use crate::theme::Theme;

/// A column a count, from the left to the right; the largest fills the height.
#[derive(Clone, Copy, Debug)]
pub struct CountColumns<'a> {
    /// The counts.
    pub counts: &'a [u32],
    /// Cells of the screen that a column is wide, with the blank between two where it is more than one.
    pub width: u16,
    /// Colour of the columns.
    pub style: Style,
}

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

impl CountColumns<'_> {
    /// How wide a column of so many can be in a room, up to a limit; 0 if they do not fit.
    pub fn fitting(count: usize, room: u16, most: u16) -> u16 {
        let each = usize::from(room) / count.max(1);
        u16::try_from(each).unwrap_or(u16::MAX).min(most)
    }

    /// Draws those that there is room for, on the lowest row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        let largest = self.counts.iter().copied().max().unwrap_or(0);
        if largest == 0 || area.is_empty() || self.width == 0 {
            return;
        }
        let room = u32::from(area.height) * 8;
        for (&count, x) in self.counts.iter().zip((area.left()..area.right()).step_by(usize::from(self.width))) {
            // Whatever is there is seen.
            let eighths = (u64::from(count) * u64::from(room) / u64::from(largest)) as u32;
            let eighths = if count > 0 { eighths.max(1) } else { 0 };
            let drawn = self.width.saturating_sub(u16::from(self.width > 1));
            for row in 0..area.height {
                let fill = eighths.saturating_sub(u32::from(row) * 8).min(8);
                let symbol = match fill {
                    0 => ' ',
                    _ if theme.ascii => {
                        if fill > 4 {
                            '#'
                        } else {
                            '.'
                        }
                    }
                    fill => BLOCKS[fill as usize - 1],
                };
                for column in x..x.saturating_add(drawn).min(area.right()) {
                    put(buf, (column, area.bottom() - 1 - row), symbol, self.style);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, RGB, at_every_size, rows};

    fn drawn(counts: &[u32], width: u16, (across, high): (u16, u16), theme: &Theme) -> Vec<String> {
        let columns = CountColumns { counts, width, style: Style::new() };
        rows(across, high, theme, &|area, buf, theme| columns.render(area, buf, theme))
    }

    #[test]
    fn the_largest_count_fills_the_height_and_whatever_is_there_is_seen() {
        assert_eq!(drawn(&[8, 4, 0, 1], 1, (4, 2), &RGB), ["█   ", "██ ▂"]);
        assert_eq!(drawn(&[1_000, 1], 1, (2, 1), &RGB), ["█▁"]);
        assert_eq!(drawn(&[2, 1], 2, (4, 2), &ASCII), ["#x x", "#x#x"], "a blank stays what it was");
    }

    #[test]
    fn columns_are_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            for counts in [&[][..], &[0, 0], &[1, u32::MAX, 7]] {
                for width in [0, 1, 3] {
                    CountColumns { counts, width, style: theme.text() }.render(area, buf, theme);
                }
            }
        });
    }
}
