//! The cost over the steps, its data and its regularisation part apart, and the held-out part's cost after each epoch.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Title;
use crate::derivation::equation;
use crate::train::history::{Bucket, CostHistory, CostPoint, Spread};
use crate::ui::view::View;
use crate::ui::widgets::chart::{Chart, Line, Point, Series};
use crate::ui::widgets::number::{fixed, short};
use crate::ui::widgets::sparkline::Axis;

/// So many steps the axis spans at least.
const SHORTEST: u64 = 10;
/// How many steps the recent ones are.
const RECENT: u64 = 512;

pub(super) fn title(view: &View) -> Title {
    let axis = if view.log_axis { "log" } else { "linear" };
    let span = if view.recent { format!("last {RECENT} steps") } else { "whole run".into() };
    let Some(snapshot) = &view.snapshot else {
        let what = format!("cost J ({})", equation::COST.number);
        return Title { brief: what.clone(), what, scale: axis.into() };
    };
    let cost = &snapshot.cost;
    let (total, data, reg) = (short(cost.total()), short(cost.data), short(cost.reg_total()));
    let what = format!("cost J {total} = data {data} + reg {reg} ({})", equation::COST.number);
    let [total, data, reg] = [cost.total(), cost.data, cost.reg_total()].map(|term| fixed(term, 6));
    let brief = format!("J {total} = {data} + {reg} ({})", equation::COST.number);
    Title { what, brief, scale: format!("{span}, {axis}") }
}

/// ```text
/// 1e1 |*.         * J  o data  r reg  v test
///     |  **..
/// 1e0 |     o***..vv..v
///     |rrrrrrrrrrrrrrrrr
///     +----------------- step
/// ```
pub(super) fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(last) = view.costs.last() else { return };
    let from = if view.recent { last.step.saturating_sub(RECENT) } else { 0 };
    let to = last.step.max(from + SHORTEST);
    let points = |of_point: fn(&CostPoint) -> f64, of_bucket: fn(&Bucket) -> Spread| {
        costs(&view.costs, from, of_point, of_bucket)
    };
    let total = points(CostPoint::total, |bucket| bucket.total);
    let data = points(|point| point.data, |bucket| bucket.data);
    let reg = points(|point| point.reg, |bucket| bucket.reg);
    let epochs = view.epochs.all().filter(|epoch| epoch.step >= from);
    let test: Vec<Point> =
        epochs.filter_map(|epoch| epoch.test.map(|test| Point::single(epoch.step as f64, test.data))).collect();
    let whole: Vec<Point> = view
        .epochs
        .all()
        .filter(|epoch| epoch.step >= from)
        .map(|epoch| Point::single(epoch.step as f64, epoch.train.data))
        .collect();
    let line = |name, mark, style, points| Series { name, mark, style, points, line: Line::Plain, strength: 1 };
    let mut series = vec![
        Series { line: Line::Smooth, strength: 2, ..line("J of batch", '*', theme.total(), &total) },
        line("data", 'o', theme.data_term(), &data),
        Series { line: Line::Dashed, strength: 3, ..line("train set", 'd', theme.data_term(), &whole) },
    ];
    if view.snapshot.as_ref().is_some_and(|snapshot| snapshot.regularisation.strength() > 0.0) {
        series.insert(2, Series { strength: 3, ..line("reg", 'r', theme.reg_term(), &reg) });
    }
    if !test.is_empty() {
        series.push(Series { line: Line::Dashed, strength: 3, ..line("test set", 'v', theme.test_term(), &test) });
    }
    let axis = if view.log_axis { Axis::Log } else { Axis::Linear };
    let x = Some((from as f64, to as f64));
    let changes = view.snapshot.iter().flat_map(|snapshot| &snapshot.changes);
    let marks: Vec<(f64, char)> = changes.map(|change| (change.step as f64, change.setting.letter())).collect();
    Chart { series: &series, axis, x, x_name: "step", marks: &marks }.render(area, buf, theme);
}

/// One number of the cost history from a step on: the older steps by their spread, the recent ones exactly.
fn costs(
    history: &CostHistory,
    from: u64,
    of_point: fn(&CostPoint) -> f64,
    of_bucket: fn(&Bucket) -> Spread,
) -> Vec<Point> {
    let older = history.older().iter().filter(|bucket| bucket.last >= from).map(|bucket| {
        let spread = of_bucket(bucket);
        Point { x: bucket.last as f64, min: spread.min, max: spread.max, mean: spread.mean }
    });
    let recent = history.recent().filter(|point| point.step >= from);
    older.chain(recent.map(|point| Point::single(point.step as f64, of_point(point)))).collect()
}
