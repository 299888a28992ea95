//! The ends of the lines: a name and the last value beside each, none over another, or marks where there is no room for names.

use std::cmp::Reverse;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::Chart;
use super::curve::{Window, down};
use super::series::{LineStyle, Series};
use crate::number::short;
use crate::theme::{Depth, Theme};
use crate::ui::widgets::label::{Label, columns};
use crate::ui::widgets::sparkline::Axis;

/// Columns that a value has at least, so that the lines do not move when it has a digit more.
const VALUE: usize = 6;

/// What stands at the end of a line.
#[derive(Clone, Debug)]
pub(super) struct EndLabel {
    text: String,
    /// Columns that are kept for it.
    pub width: u16,
}

impl EndLabel {
    /// The name and the last value of a line on such an axis; a value of another moment only where it `is_told` which.
    pub fn of(series: &Series<'_>, (axis, is_told): (Axis, bool), theme: &Theme) -> Self {
        let value = match series.points.last().map(|point| point.mean) {
            // An edge is a sum, and its name says of what.
            _ if series.line == LineStyle::Filled => String::new(),
            _ if !is_told && !series.when.is_empty() => String::new(),
            None => "not yet".into(),
            Some(value) if is_off_axis(axis, value) => format!("{} (off axis)", short(value)),
            Some(value) => short(value),
        };
        // Where colours don't tell the lines apart, their marks do.
        let mark = if has_marks(theme) { format!("{} ", series.mark) } else { String::new() };
        let gap = if value.is_empty() { "" } else { " " };
        let text = format!("{mark}{}{gap}{value}", series.name);
        let least = columns(&theme.spell(&text)) as usize + VALUE.saturating_sub(value.len()) * usize::from(gap == " ");
        Self { text, width: u16::try_from(least).unwrap_or(u16::MAX).saturating_add(1) }
    }
}

/// Whether lines are told apart by their marks, for want of colours.
pub(super) fn has_marks(theme: &Theme) -> bool {
    theme.ascii || theme.depth == Depth::Mono
}

/// Whether a number has no place on an axis, though it is one.
pub(super) fn is_off_axis(axis: Axis, value: f64) -> bool {
    value.is_finite() && axis.height(value).is_none()
}

impl Chart<'_> {
    /// Writes the labels at the heights of the lines' last values, moved as little as none hides another.
    pub(super) fn end_labels(
        &self,
        (area, window): (Rect, &Window),
        labels: &[EndLabel],
        (buf, theme): (&mut Buffer, &Theme),
    ) {
        let last = area.height.saturating_sub(1);
        let row = |index: usize| {
            let share = self.end_height(index, window);
            let row = share.map(|share| (down(f64::from(area.height) * 4.0, share.clamp(0.0, 1.0)) / 4.0) as u16);
            row.unwrap_or(last)
        };
        let mut wanted: Vec<(u16, usize)> = (0..self.series.len()).map(|index| (row(index), index)).collect();
        // Labels stand in the order of their values, those of lines that end in one row as well.
        let height = |index: usize| self.end_height(index, window).unwrap_or(f64::NEG_INFINITY);
        let strength = |index: usize| Reverse((self.series[index].strength, index));
        wanted.sort_by(|&(row, one), &(other_row, other)| {
            let by_height = height(other).total_cmp(&height(one));
            row.cmp(&other_row).then(by_height).then(strength(one).cmp(&strength(other)))
        });
        let rows = apart(&wanted.iter().map(|&(row, _)| row).collect::<Vec<_>>(), area.height);
        for (&(_, index), row) in wanted.iter().zip(rows) {
            let room = Rect { x: area.x + 1, y: area.y + row, width: area.width.saturating_sub(1), height: 1 };
            Label::new(&labels[index].text, theme.readable(self.series[index].style)).render(room, buf, theme);
        }
    }

    /// How far up the last value of a line stands; an area's label stands in its middle.
    fn end_height(&self, index: usize, window: &Window) -> Option<f64> {
        let series = &self.series[index];
        let shown = |series: &Series<'_>| {
            let shown = series.points.iter().rev().filter(|point| (window.x.0..=window.x.1).contains(&point.x));
            shown.filter(|point| point.is_finite()).find_map(|point| window.up(point.mean))
        };
        let edge = shown(series)?;
        match (series.line, index.checked_sub(1)) {
            (LineStyle::Filled, Some(below)) => Some((edge + shown(&self.series[below]).unwrap_or(0.0)) / 2.0),
            (LineStyle::Filled, None) => Some(edge / 2.0),
            _ => Some(edge),
        }
    }

    /// Writes the label of the strip in its lowest row.
    pub(super) fn strip_label(&self, area: Rect, label: Option<&EndLabel>, (buf, theme): (&mut Buffer, &Theme)) {
        let row = area.rows().next_back();
        let (Some(series), Some(label), Some(row)) = (&self.strip, label, row) else { return };
        let room = Rect { x: row.x + 1, width: row.width.saturating_sub(1), ..row };
        Label::new(&label.text, theme.readable(series.style)).render(room, buf, theme);
    }

    /// The mark of each line at the height of its last value, where there is no room for names; the strongest first.
    pub(super) fn end_marks(&self, (area, window): (Rect, &Window), (buf, theme): (&mut Buffer, &Theme)) {
        let mut taken = vec![0_u16; usize::from(area.height)];
        let mut strongest: Vec<usize> = (0..self.series.len()).collect();
        strongest.sort_by_key(|&index| Reverse(self.series[index].strength));
        for index in strongest {
            let Some(share) = self.end_height(index, window) else { continue };
            let row = (down(f64::from(area.height) * 4.0, share.clamp(0.0, 1.0)) / 4.0) as usize;
            let Some(taken) = taken.get_mut(row).filter(|taken| **taken < area.width) else { continue };
            let room = Rect { x: area.x + *taken, y: area.y + row as u16, width: 1, height: 1 };
            *taken += 1;
            let series = &self.series[index];
            Label::new(&series.mark.to_string(), series.style.add_modifier(Modifier::BOLD)).render(room, buf, theme);
        }
    }
}

/// Rows for labels that want these, in order and each in a row of its own, as near to them as can be; there are enough rows.
fn apart(wanted: &[u16], rows: u16) -> Vec<u16> {
    // Labels that touch move together, to the mean of what they want.
    let mut blocks: Vec<(usize, f64)> = Vec::new();
    let start = |&(count, sum): &(usize, f64)| {
        let most = f64::from(rows) - count as f64;
        (sum / count as f64).round().min(most).max(0.0)
    };
    for &row in wanted {
        // What the first of the block would have to want for this one.
        let mut block = (1, f64::from(row));
        while let Some(last) = blocks.last().copied() {
            if start(&last) + last.0 as f64 <= start(&block) {
                break;
            }
            blocks.pop();
            block = (last.0 + block.0, last.1 + block.1 - (last.0 * block.0) as f64);
        }
        blocks.push(block);
    }
    blocks.iter().flat_map(|block| (0..block.0).map(|i| start(block) as u16 + i as u16)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{chart, drawn, falling, series};
    use super::super::{Axis, Point};
    use super::*;
    use crate::ui::widgets::trial::{ASCII, MONO, RGB};

    #[test]
    fn labels_stand_where_they_want_or_beside_each_other() {
        assert_eq!(apart(&[0, 3, 7], 8), [0, 3, 7]);
        assert_eq!(apart(&[3, 3, 3], 8), [2, 3, 4]);
        assert_eq!(apart(&[0, 0, 0], 8), [0, 1, 2]);
        assert_eq!(apart(&[7, 7], 8), [6, 7]);
        assert_eq!(apart(&[1, 1, 2, 2, 7], 8), [0, 1, 2, 3, 7]);
        assert_eq!(apart(&[4, 5, 5, 5], 6), [2, 3, 4, 5]);
        assert_eq!(apart(&[], 3), [] as [u16; 0]);
    }

    #[test]
    fn each_line_has_its_name_and_value_in_a_row_of_its_own_and_the_strip_an_axis_of_its_own() {
        let (j, test) = (falling(4.0), falling(3.98));
        let reg: Vec<Point> = falling(0.0).iter().map(|point| Point::single(point.x, -point.mean)).collect();
        let test = Series { when: "after epoch 3", ..series("test", &test) };
        let lines = [test, Series { strength: 1, ..series("J", &j) }];
        let about = ["test: data term after epoch 3", "test after epoch 3"];
        let whole = Chart { strip: Some(series("reg", &reg)), about: &about, ..chart(&lines, Axis::Linear) };
        assert_eq!(drawn(&whole, (48, 12), &ASCII), WITH_STRIP_BELOW);
        let low = drawn(&whole, (48, 7), &ASCII).concat();
        assert!(low.contains("t test   ") && !low.contains("after"), "its moment is not said, so no value: {low}");
        assert!(low.contains("J J 2.050") && low.contains("r reg 1.950") && low.contains("mean of 2"), "{low}");
        let narrow = drawn(&whole, (20, 9), &ASCII);
        assert_eq!(narrow[0], "t test  J J  r reg  ", "the marks and names above");
    }

    const WITH_STRIP_BELOW: [&str; 12] = [
        "test: data term after epoch 3    mean of 2, band",
        "4.0+JJJ                                         ",
        "3.5+   JJJJJ                                    ",
        "   |       tJJJJJ                               ",
        "3.0+            tJJJJJ                          ",
        "   |                 JJJJJJ                     ",
        "2.5+                      JJJJJ    J J 2.050    ",
        "2.0+                           JJJ t test 2.030 ",
        "  2+                        rrrrrr              ",
        "  0+         rrrrrrrrrrrrrrrrrrrrr r reg 1.950  ",
        "   ++------+-------+------+---------------------",
        "    0     10      20     30                 step",
    ];

    #[test]
    fn without_colour_marks_on_the_lines_tell_them_apart() {
        let (high, low) = (falling(9.0), falling(5.0));
        let lines = [series("J", &high), series("t", &low)];
        let plot = |theme| {
            drawn(&chart(&lines, Axis::Linear), (60, 12), theme)
                .iter()
                .map(|row| row.chars().take(40).collect::<String>())
                .collect::<String>()
        };
        assert!(plot(&MONO).matches('J').count() > 1 && plot(&MONO).matches('t').count() > 1);
        assert!(!plot(&RGB).contains('J') && !plot(&RGB).contains('t'));
    }
}
