//! A chart, and the parts of its area.

use ratatui::layout::Rect;

use super::series::Series;
use crate::ui::widgets::sparkline::Axis;

/// A chart of lines, and below them, on an axis of its own, what would flatten them.
///
/// ```text
/// train after epoch 9               mean of 2
/// 1e1 ┤⡇
/// 1e0 ┤⠱⣀⣀⡀                       test 0.3601
/// 1e-1┤   ⠈⠉⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤J 0.3523
/// 0.05┤       ▁▁▂▂▂▃▃▃▄▄▄▄▅▅▅▅▅▅
///    0┤▄▅▅▆▆▇▇██████████████████ reg 0.0614
///     └┬───────┬───────┬────────
///      0      200     400   step
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Chart<'a> {
    /// The lines, later ones over earlier ones.
    pub series: &'a [Series<'a>],
    /// What has a strip of rows with an axis of its own below the lines, where there is height for it: an area from 0 on.
    pub strip: Option<Series<'a>>,
    /// Linear or log10 in y.
    pub axis: Axis,
    /// First and last x; those of the points if there are none.
    pub x: Option<(f64, f64)>,
    /// What x counts.
    pub x_name: &'a str,
    /// What is said above the lines of those that were measured at another moment, the longest form first.
    pub about: &'a [&'a str],
    /// Places along x with a character each, drawn as faint lines.
    pub marks: &'a [(f64, char)],
}

impl<'a> Chart<'a> {
    /// A chart of these lines alone, over all their x.
    pub fn of(series: &'a [Series<'a>], axis: Axis) -> Self {
        Self { series, strip: None, axis, x: None, x_name: "", about: &[], marks: &[] }
    }
}

/// How much of its area the parts of a chart other than its lines have.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PartSizes {
    /// Columns of the widest label of the y axis.
    pub label: u16,
    /// Columns at the right, of the ends of the lines.
    pub ends: u16,
    /// Rows above the lines.
    pub above: u16,
    /// Rows of the strip.
    pub strip: u16,
}

/// The parts of a chart's area.
pub(super) struct Parts {
    pub(super) above: Rect,
    pub(super) gutter: Rect,
    pub(super) plot: Rect,
    pub(super) ends: Rect,
    /// The strip's gutter, plot and ends.
    pub(super) strip: [Rect; 3],
    pub(super) line: Rect,
    pub(super) labels: Rect,
}

impl Parts {
    pub(super) fn of(area: Rect, sizes: &PartSizes) -> Self {
        let none = Rect { width: 0, height: 0, ..area };
        let above = Rect { height: sizes.above.min(area.height), ..area };
        let below = if area.height >= WITH_X_AXIS { 2 } else { 0 };
        let gutter = gutter(area.width, sizes.label);
        let ends = sizes.ends.min(area.width - gutter);
        let rest = (area.height - above.height).saturating_sub(below);
        let strip = sizes.strip.min(rest);
        let apart = u16::from(strip > 0 && area.height >= WITH_STRIP_APART).min(rest - strip);
        let (width, height) = (area.width - gutter - ends, rest - strip - apart);
        let plot = Rect { x: area.x + gutter, y: above.bottom(), width, height };
        let beside = |plot: Rect| {
            let gutter = Rect { x: area.x, width: gutter, ..plot };
            [gutter, plot, Rect { x: plot.right(), width: ends, ..plot }]
        };
        let strip = beside(Rect { y: plot.bottom() + apart, height: strip, ..plot });
        let under = |row: u16| {
            let x = plot.x.saturating_sub(u16::from(gutter > 0));
            let row = Rect { x, y: strip[1].bottom() + row, width: area.right() - x, height: 1 };
            if below == 0 { none } else { row }
        };
        let [gutter, plot, ends] = beside(plot);
        Self { above, gutter, plot, ends, strip, line: under(0), labels: under(1) }
    }
}

/// Rows from which on a chart has its x axis.
const WITH_X_AXIS: u16 = 6;
/// Rows from which on an empty one parts the strip from the lines.
const WITH_STRIP_APART: u16 = 14;

/// The columns of the y axis with labels of so many, where there is room for it.
pub(super) fn gutter(width: u16, label: u16) -> u16 {
    if width >= label.saturating_add(8) { label + 1 } else { 0 }
}
