//! The axes of a chart: their lines, round numbers along them, and the caller's marks on x.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::curve::{Window, down};
use super::parts::{Chart, Parts};
use crate::number::short;
use crate::theme::Theme;
use crate::ui::widgets::label::{Label, columns};
use crate::ui::widgets::{put, ticks};

impl Chart<'_> {
    pub(super) fn y_axis(
        &self,
        [gutter, plot]: [Rect; 2],
        (window, ticks): (&Window, &[ticks::Tick]),
        (style, buf, theme): (Style, &mut Buffer, &Theme),
    ) {
        let Some(line) = gutter.right().checked_sub(1).filter(|_| !gutter.is_empty()) else { return };
        let (straight, notch) = if theme.ascii { ('|', '+') } else { ('│', '┤') };
        for y in plot.top()..plot.bottom() {
            put(buf, (line, y), straight, theme.border());
        }
        let mut free = plot.bottom();
        for tick in ticks {
            let Some(share) = window.up(tick.value) else { continue };
            let y = plot.y + (down(f64::from(plot.height) * 4.0, share) / 4.0) as u16;
            if y < free {
                let room = Rect { y, height: 1, width: gutter.width - 1, ..gutter };
                Label::right(&tick.text, style).render(room, buf, theme);
                put(buf, (line, y), notch, theme.border());
                free = y;
            }
        }
    }

    pub(super) fn x_axis(&self, parts: &Parts, window: &Window, (buf, theme): (&mut Buffer, &Theme)) {
        let (line, labels) = (parts.line, parts.labels);
        if line.is_empty() {
            return;
        }
        let [corner, across, notch] = if theme.ascii { ['+', '-', '+'] } else { ['└', '─', '┬'] };
        for x in line.left()..line.right() {
            put(buf, (x, line.y), if x == line.x { corner } else { across }, theme.border());
        }
        let name = Label::right(self.x_name, theme.faint()).render(labels, buf, theme);
        let end = labels.right().saturating_sub(if name > 0 { name + 1 } else { 0 });
        let most = usize::from(parts.plot.width / 9).max(3);
        let ticks = match window.x {
            (from, to) if from == to => vec![ticks::Tick { value: from, text: short(from) }],
            (from, to) => enough(most, &|most| ticks::linear(from, to, most)),
        };
        let mut free = labels.x;
        for tick in ticks {
            let x = self.column(parts.plot, window, tick.value);
            let width = columns(&tick.text);
            let start = x.saturating_sub(width / 2).max(labels.x);
            if start >= free && start.saturating_add(width) <= end {
                let room = Rect { x: start, width, ..labels };
                Label::new(&tick.text, theme.faint()).render(room, buf, theme);
                put(buf, (x, line.y), notch, theme.border());
                free = start + width + 1;
            }
        }
        for &(at, mark) in self.marks.iter().filter(|(at, _)| (window.x.0..=window.x.1).contains(at)) {
            let mark = theme.spell(&mark.to_string()).chars().next().unwrap_or('?');
            put(buf, (self.column(parts.plot, window, at), line.y), mark, theme.text());
        }
    }

    fn column(&self, plot: Rect, window: &Window, x: f64) -> u16 {
        let last = f64::from(plot.width) * 2.0 - 1.0;
        plot.x.saturating_add(((window.along(x).clamp(0.0, 1.0) * last.max(0.0)).round() / 2.0) as u16)
    }
}

/// The ticks for at most so many labels, or for a few more where round numbers would leave only two.
pub(super) fn enough(most: usize, ticks: &dyn Fn(usize) -> Vec<ticks::Tick>) -> Vec<ticks::Tick> {
    (most..most + 4).map(ticks).find(|ticks| ticks.len() > 2).unwrap_or_else(|| ticks(most))
}
