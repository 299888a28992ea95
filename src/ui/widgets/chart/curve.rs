//! From many points to few columns: the least, the largest and the mean of what falls into each.

use super::series::{LineStyle, Point, Series};
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::sparkline::Axis;

/// The window that a chart shows: x as it is, y as heights on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// First and last x.
    pub x: (f64, f64),
    /// Lowest and highest height.
    pub y: (f64, f64),
    /// How values become heights.
    pub axis: Axis,
}

/// What falls into one column of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CurveColumn {
    /// Least and largest value.
    ends: Option<(f64, f64)>,
    /// Mean of the values.
    mean: f64,
    /// Mean of where they are along x, from 0 to 1.
    along: f64,
    /// How many values there are.
    pub count: u64,
    /// Whether a value is not finite.
    pub broken: bool,
}

impl CurveColumn {
    fn add(&mut self, point: &Point, along: f64) {
        if !point.is_finite() {
            self.broken = true;
            return;
        }
        let (least, largest) = (point.min.min(point.max), point.max.max(point.min));
        let (low, high) = self.ends.unwrap_or((least, largest));
        self.ends = Some((low.min(least), high.max(largest)));
        self.count += point.count;
        let share = point.count as f64 / self.count as f64;
        self.mean += (point.mean - self.mean) * share;
        self.along += (along - self.along) * share;
    }

    /// The mean of the values, if there are some.
    pub fn mean(&self) -> Option<f64> {
        self.ends.map(|(low, high)| self.mean.clamp(low, high))
    }

    /// The least and the largest value, if there are some.
    pub fn ends(&self) -> Option<(f64, f64)> {
        self.ends
    }
}

impl Window {
    /// The window that holds every point that has a height, or none.
    pub fn around(series: &[Series<'_>], axis: Axis, x: Option<(f64, f64)>) -> Option<Self> {
        let every = || series.iter().flat_map(|series| series.points).filter(|point| point.x.is_finite());
        let x = x.filter(|(from, to)| from.is_finite() && to.is_finite() && from <= to);
        let x = x.or_else(|| span(every().map(|point| point.x)))?;
        let shown = every().filter(|point| (x.0..=x.1).contains(&point.x) && point.is_finite());
        let y = span(shown.flat_map(|point| [point.min, point.max, point.mean]).filter_map(|y| axis.height(y)))?;
        let (low, high) = padded(y);
        // An area begins at 0.
        let filled = axis == Axis::Linear && series.iter().any(|series| series.line == LineStyle::Filled);
        Some(Self { x, y: (if filled { 0.0 } else { low }, high), axis })
    }

    /// The share of the way along x.
    pub fn along(&self, x: f64) -> f64 {
        // Halved first, so that the widest range does not overflow; a single x stands at the left.
        let share = (x / 2.0 - self.x.0 / 2.0) / (self.x.1 / 2.0 - self.x.0 / 2.0);
        if share.is_nan() { 0.0 } else { share }
    }

    /// The share of the way up, for a value that has a height.
    pub fn up(&self, value: f64) -> Option<f64> {
        let height = self.axis.height(value)?;
        Some((height / 2.0 - self.y.0 / 2.0) / (self.y.1 / 2.0 - self.y.0 / 2.0))
    }

    /// The lowest and the highest value.
    pub fn values(&self) -> (f64, f64) {
        match self.axis {
            Axis::Linear => self.y,
            Axis::Log => (10f64.powf(self.y.0), 10f64.powf(self.y.1)),
        }
    }

    /// Sorts points into `count` columns from left to right; what is outside of x is left out. The last point has a column of
    /// its own, so that the line ends at the value that the legend names.
    pub fn columns(&self, points: &[Point], count: usize) -> Vec<CurveColumn> {
        let mut columns = vec![CurveColumn::default(); count];
        let index = |point: &Point| (self.along(point.x) * (count as f64 - 1.0)).round() as usize;
        let mut inside = points.iter().filter(|point| (self.x.0..=self.x.1).contains(&point.x));
        let Some(last) = inside.next_back() else { return columns };
        let newest = index(last);
        for point in inside {
            let index = index(point);
            let index = if index == newest { index.saturating_sub(1) } else { index };
            if let Some(column) = columns.get_mut(index) {
                column.add(point, self.along(point.x));
            }
        }
        if let Some(column) = columns.get_mut(newest) {
            column.add(last, self.along(last.x));
        }
        columns
    }
}

/// The least and the largest of some values.
pub fn span(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, v| Some(span.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v)))))
}

/// A little room above and below; more for a line that does not move.
pub fn padded((low, high): (f64, f64)) -> (f64, f64) {
    let range = high - low;
    let room = match range {
        0.0 if low == 0.0 => 1.0,
        0.0 => low.abs() * 0.1,
        _ => range * 0.04,
    };
    let room = if room.is_finite() { room } else { 0.0 };
    ((low - room).max(f64::MIN), (high + room).min(f64::MAX))
}

/// Draws the line through the columns' means, each where its values are in the mean: over columns without values but not over ones
/// that are broken.
pub fn draw_means(columns: &[CurveColumn], window: &Window, (dots, ink): (&mut Dots, Ink)) {
    let (width, height) = dots.size();
    let mut last: Option<(usize, (f64, f64))> = None;
    for (index, column) in columns.iter().enumerate() {
        if column.broken {
            last = None;
        }
        let Some(share) = column.mean().and_then(|mean| window.up(mean)) else { continue };
        // The dot that holds a point, not the one before it.
        let here = (column.along * (width - 1.0) + 0.5, (1.0 - share) * (height - 1.0) + 0.5);
        let (before, from) = last.unwrap_or((index, here));
        // A long piece has gaps of its own.
        if !(ink.dashed && index - before < GAP && index / GAP % 2 == 1) {
            dots.line(from, here, ink);
        }
        last = Some((index, here));
    }
}

/// Columns in a gap of a dashed line, and between two gaps.
const GAP: usize = 3;

/// The row of dots, from the top, at a share of the way up.
pub fn down(height: f64, share: f64) -> f64 {
    ((1.0 - share) * (height - 1.0)).round()
}
