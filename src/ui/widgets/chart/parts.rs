//! A chart, and the parts of its area.

use ratatui::layout::Rect;

use super::series::Series;
use crate::ui::widgets::sparkline::Axis;

/// A chart of lines.
///
/// ```text
/// J J 0.3523  d data 0.2909  r reg 0.0614
/// 1e1 ┤⡇
/// 1e0 ┤⠱⣀⣀⡀
/// 1e-1┤   ⠈⠉⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤J
///     └┬───────┬───────┬───────
///      0      200     400  step
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chart<'a> {
    /// The lines, later ones over earlier ones.
    pub series: &'a [Series<'a>],
    /// Linear or log10 in y.
    pub axis: Axis,
    /// First and last x; those of the points if there are none.
    pub x: Option<(f64, f64)>,
    /// What x counts.
    pub x_name: &'a str,
    /// Places along x with a character each, drawn as faint lines.
    pub marks: &'a [(f64, char)],
}

/// The parts of a chart's area.
pub(super) struct Parts {
    pub(super) legend: Rect,
    pub(super) gutter: Rect,
    pub(super) plot: Rect,
    pub(super) ends: Rect,
    pub(super) line: Rect,
    pub(super) labels: Rect,
}

impl Parts {
    pub(super) fn of(area: Rect, label: u16, lines: usize) -> Self {
        let none = Rect { width: 0, height: 0, ..area };
        let legend = if area.height >= 4 { Rect { height: 1, ..area } } else { none };
        let below = if area.height >= 6 { 2 } else { 0 };
        let gutter = if area.width >= label.saturating_add(8) { label + 1 } else { 0 };
        // Room for the marks of lines that end at one height, beside each other.
        let end = match area.width.saturating_sub(gutter) {
            0..8 => 0,
            8..30 => 1,
            _ => u16::try_from(lines).unwrap_or(u16::MAX).clamp(1, 5),
        };
        let (top, height) = (area.y + legend.height, area.height - legend.height - below);
        let plot = Rect { x: area.x + gutter, y: top, width: area.width - gutter - end, height };
        let under = |row: u16| {
            let x = plot.x.saturating_sub(u16::from(gutter > 0));
            let row = Rect { x, y: plot.bottom() + row, width: area.right() - x, height: 1 };
            if below == 0 { none } else { row }
        };
        Self {
            legend,
            gutter: Rect { x: area.x, width: gutter, ..plot },
            plot,
            ends: Rect { x: plot.right(), width: end, ..plot },
            line: under(0),
            labels: under(1),
        }
    }
}
