//! How the numbers of a layer lay at the steps seen: a column a step, a row a bin.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::histogram::BINS;
use crate::derivation::{Bins, Counted, Histogram};
use crate::number::{exact, fixed};
use crate::theme::values::ColorScale;
use crate::ui::widgets::heatmap::{CellSize, Heatmap, LargeMatrix};
use crate::ui::widgets::label::{Label, pick};
use crate::view::View;

/// Columns of a histogram's edges.
const GUTTER: u16 = 7;

/// A column a step, a row a bin; the more numbers lie in it, the brighter.
///
/// ```text
///  65536 |
///        | ▒▒▓▓
/// 2.3e-10|▒▒▓▓▒▒
///      0 |▓
/// ```
pub(super) fn draw(view: &View, counted: Counted, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let l = view.cursor.l + 1;
    let kind = Counted::ALL.iter().position(|&other| other == counted).unwrap_or(0);
    let seen: Vec<&Histogram> = view.histograms.layer(l - 1).into_iter().map(|kinds| &kinds[kind]).collect();
    let Some(now) = seen.last() else { return };
    let [head, body, foot] =
        area.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]));
    let counted = counted_words(now);
    let forms = counted.each_ref().map(String::as_str);
    Label::new(pick(&forms, head.width, theme), theme.faint()).render(head, buf, theme);
    let gutter = GUTTER.min(body.width);
    let [edges, map] = body.layout(&Layout::horizontal([Constraint::Length(gutter), Constraint::Fill(1)]));
    let shown = &seen[seen.len().saturating_sub(usize::from(map.width))..];
    let zeros = usize::from(now.bins == Bins::Magnitude);
    // The bins that something ever lay in, and one beside them.
    let ever = |bin: &usize| now.bins != Bins::Magnitude || seen.iter().any(|histogram| histogram.counts[*bin] > 0);
    let low = (0..BINS).find(ever).unwrap_or(0).saturating_sub(1);
    let top = ((0..BINS).rfind(ever).unwrap_or(BINS - 1) + 2).min(BINS);
    let bins = top - low;
    let rows = bins + zeros;
    let share = |row: usize, column: usize| {
        let histogram = shown[column];
        // From the highest bin down; the zeros below all.
        let count = if row < bins { histogram.counts[top - 1 - row] } else { histogram.zeros };
        (count > 0).then(|| f64::from(count) / f64::from(histogram.largest()))
    };
    // Old steps leave at the left, so the newest is always at the edge.
    let width = u16::try_from(shown.len()).unwrap_or(u16::MAX).min(map.width);
    let scale = ColorScale::Sequential { low: 0.0, high: 1.0 };
    let heatmap = Heatmap {
        rows,
        columns: shown.len(),
        value: &share,
        scale,
        of_column: None,
        size: if usize::from(map.height) >= rows { CellSize::Full(1) } else { CellSize::Half },
        fit: LargeMatrix::Reduce,
        first_apart: false,
        axes: None,
        selected: None,
        offset: (0, 0),
    };
    let drawn = heatmap.render(Rect { x: map.right() - width, width, ..map }, buf, theme);
    // The lower edge of its bin names each second row, and 0 the zeros.
    let of_a_line = drawn.block.0 * if drawn.half { 2 } else { 1 };
    let free = edges.width.saturating_sub(1);
    let mut name = |line: usize, text: &str| {
        let y = edges.y.saturating_add(line as u16);
        let place = Rect { y, height: 1, width: free, ..edges };
        Label::right(text, theme.faint()).render(place.intersection(edges), buf, theme);
    };
    let lowest_line = bins / of_a_line;
    for line in (0..rows.div_ceil(of_a_line)).step_by(2).filter(|&line| zeros == 0 || line < lowest_line) {
        let lowest = (line * of_a_line + of_a_line).min(bins);
        name(line, &fixed(now.bins.edge(top - lowest), usize::from(free)));
    }
    if zeros > 0 {
        name(lowest_line, "0");
    }
    let what = ["bright: the fullest bin of the step; blank: none", "bright: the fullest bin", ""];
    Label::new(pick(&what, foot.width, theme), theme.faint()).render(foot, buf, theme);
}

/// How many numbers a histogram counts, the longer form first.
fn counted_words(histogram: &Histogram) -> [String; 2] {
    let zeros = histogram.zeros;
    let many: u64 = histogram.counts.iter().map(|&count| u64::from(count)).sum::<u64>() + u64::from(zeros);
    [
        format!("{many} numbers: {}; {zeros} exact zeros, newest at the right", lies(histogram)),
        format!("{many} numbers, {zeros} exact zeros"),
    ]
}

/// Where the bins lie, in words.
fn lies(histogram: &Histogram) -> String {
    match histogram.bins {
        Bins::Range { low, high } => format!("{BINS} bins from {} to {}", exact(low), exact(high)),
        Bins::Magnitude => format!("{BINS} bins of |v|, each 4 times the one below"),
    }
}
