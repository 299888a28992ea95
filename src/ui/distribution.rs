//! How many numbers of a kind lie where, as columns over an axis; for panels that fill the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::widgets::columns::CountColumns;
use super::widgets::label::{Label, pick};
use crate::derivation::histogram::BINS;
use crate::derivation::{Bins, Histogram};
use crate::number::brief;
use crate::theme::Theme;

/// The widest column.
const WIDEST: u16 = 4;

/// The fewest rows of a distribution: what it is of, one row of columns, and the axis.
pub const LEAST: u16 = 3;

/// Where the columns of a distribution stand.
#[derive(Clone, Copy, Debug)]
pub struct ColumnPlaces {
    /// The first of the bins that are shown, and how many.
    pub bins: (usize, usize),
    /// The left edge of its column.
    pub x: u16,
    /// Cells from one column to the next.
    pub width: u16,
}

/// Draws what it is of, from the longest form to the shortest, the columns, and the edges of the outermost bins below; returns where the
/// columns stand, if there was room for them.
///
/// ```text
/// g'(z^(2)) of the batch: 800 numbers
///        ▂▇█▅▂▁
/// 0             0.25
/// ```
pub fn draw(
    histogram: &Histogram,
    (forms, style): (&[&str], Style),
    (area, buf): (Rect, &mut Buffer),
    theme: &Theme,
) -> Option<ColumnPlaces> {
    let area = area.intersection(buf.area);
    // Of bins by magnitude those that something lies in.
    let is_shown = |bin: &usize| histogram.bins != Bins::Magnitude || histogram.counts[*bin] > 0;
    let (first, last) = ((0..BINS).find(is_shown)?, (0..BINS).rfind(is_shown)?);
    let counts = &histogram.counts[first..=last];
    let width = CountColumns::fitting(counts.len(), area.width, WIDEST);
    if area.height < LEAST || width == 0 {
        return None;
    }
    Label::new(pick(forms, area.width, theme), theme.text()).render(area, buf, theme);
    let bars = Rect { y: area.y + 1, height: area.height - 2, ..area };
    CountColumns { counts, width, style }.render(bars, buf, theme);
    let across = width.saturating_mul(u16::try_from(counts.len()).unwrap_or(u16::MAX)).min(area.width);
    let axis = Rect { y: area.bottom() - 1, height: 1, width: across, ..area };
    let [low, high] = [histogram.bins.edge(first), histogram.bins.edge(last + 1)].map(brief);
    let used = Label::new(&low, theme.faint()).render(axis, buf, theme).saturating_add(1);
    let right = Rect { x: axis.x + used.min(axis.width), width: axis.width.saturating_sub(used), ..axis };
    Label::right(&high, theme.faint()).render(right, buf, theme);
    if let Bins::Range { low, high } = histogram.bins
        && low < 0.0
        && high > 0.0
    {
        let x = axis.x + (f64::from(axis.width) * (-low / (high - low))) as u16;
        Label::new("0", theme.faint()).render(Rect { x, width: 1, ..axis }.intersection(axis), buf, theme);
    }
    Some(ColumnPlaces { bins: (first, counts.len()), x: area.x, width })
}
