//! The cost over the steps, its data and its regularisation part apart, and the held-out part's cost after each epoch.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::derivation::equation;
use crate::derivation::{QuantityKey, Subject, letter};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::{fixed, percent, short};
use crate::train::history::{Bucket, CostHistory, CostPoint, Spread};
use crate::train::{Cost, Epoch};
use crate::ui::panel::{Key, PanelEntry, Title, always, every, nothing};
use crate::ui::widgets::chart::{Chart, LineStyle, Point, Series};
use crate::ui::widgets::sparkline::Axis;
use crate::view::{Along, ViewChange};
use crate::view::{CostView, View};

/// So many steps the axis spans at least.
const SHORTEST: u64 = 10;
/// How many steps the recent ones are.
const RECENT: u64 = 512;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Cost,
    applies: always,
    title,
    draw,
    along: |_| Along::Epochs,
    keys: &[
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "the whole run, the recent steps, J stacked, shares of J.",
            does: |view| Some(ViewChange::Cost(view.cost.next())),
        },
        Key {
            action: Action::Axis,
            applies: every,
            footer: None,
            help: "",
            does: |view| Some(ViewChange::LogAxis(!view.log_axis)),
        },
    ],
    subject_at: Some(subject),
    click: nothing,
    guest_of: &[],
};

/// J of the next batch, or what was measured after the epoch that is looked at.
fn subject(view: &View) -> Option<Subject> {
    Some(view.looked_at().map_or(Subject::of(QuantityKey::plain(letter::COST)), |&epoch| Subject::Epoch(epoch)))
}

fn title(view: &View) -> Title {
    let axis = if view.log_axis { "log" } else { "linear" };
    let span = match view.cost {
        CostView::Recent => format!("last {RECENT} steps"),
        CostView::Whole | CostView::Stack | CostView::Shares => "whole run".into(),
    };
    let every = match view.shares.stride() {
        1 => String::new(),
        stride => format!(", one of {stride} steps"),
    };
    let axis = match view.cost {
        CostView::Stack => format!("stacked{every}"),
        CostView::Shares => format!("shares of J, %{every}"),
        CostView::Whole | CostView::Recent => axis.into(),
    };
    let Some(snapshot) = &view.snapshot else {
        let what = format!("cost J ({})", equation::COST.number);
        return Title { brief: what.clone(), what, scale: axis };
    };
    if let Some(epoch) = view.looked_at() {
        return title_of_epoch(epoch);
    }
    let cost = &snapshot.cost;
    let (total, data, reg) = (short(cost.total()), short(cost.data), short(cost.reg_total()));
    let what = format!("cost J {total} = data {data} + reg {reg} ({})", equation::COST.number);
    let [total, data, reg] = [cost.total(), cost.data, cost.reg_total()].map(|term| fixed(term, 6));
    let brief = format!("J {total} = {data} + {reg} ({})", equation::COST.number);
    Title { what, brief, scale: format!("{span}, {axis}") }
}

/// What was measured after the epoch that is looked at.
fn title_of_epoch(epoch: &Epoch) -> Title {
    let (number, equation) = (epoch.epoch, equation::COST.number);
    let (total, data, reg) = (short(epoch.total()), short(epoch.train.data), short(epoch.reg));
    let test = epoch.test.map(|test| format!(" test {}", test.fit.brief())).unwrap_or_default();
    Title {
        what: format!("J after epoch {number} {total} = data {data} + reg {reg} ({equation})"),
        brief: format!("J after epoch {number} {total}"),
        scale: format!("train {}{test}", epoch.train.fit.brief()),
    }
}

/// ```text
/// train, test: data term after epoch 5      mean of 2
/// 1e1 |*.                                test 0.3611
///     |  **..                            J 0.3523
/// 1e0 |     *****..**********************train 0.2952
/// 0.05|          rrrrrrrrrrrrrrrrrrrrrrrr
/// 0   |rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr reg 0.0614
///     +----------------- step
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(last) = view.costs.last() else { return };
    if matches!(view.cost, CostView::Stack | CostView::Shares) {
        return draw_stack(view, area, buf);
    }
    let from = if view.cost == CostView::Recent { last.step.saturating_sub(RECENT) } else { 0 };
    let to = last.step.max(from + SHORTEST);
    let points = |of_point: fn(&CostPoint) -> f64, of_bucket: fn(&Bucket) -> Spread| {
        costs(&view.costs, from, of_point, of_bucket)
    };
    let total = points(CostPoint::total, |bucket| bucket.total);
    let reg = points(|point| point.reg, |bucket| bucket.reg);
    let epochs = || view.epochs.all().filter(|epoch| epoch.step >= from);
    let count = epochs().count();
    let of_test = |epoch: &Epoch| epoch.test.map(|test| Point::single(epoch.step as f64, test.data));
    let test = merged(epochs().filter_map(of_test), count);
    let whole = merged(epochs().map(|epoch| Point::single(epoch.step as f64, epoch.train.data)), count);
    let when = measured(view.epochs.all().last());
    // Where lines coincide, the most important is seen: J, then what is held out.
    let of_epochs = |name, mark, style, points| Series { when: &when, ..Series::line(name, mark, style, points) };
    let mut series = vec![Series { strength: 1, ..of_epochs("train", 'd', theme.data_term(), &whole) }];
    if !test.is_empty() {
        series.push(Series { strength: 2, ..of_epochs("test", 'v', theme.test_term(), &test) });
    }
    series.push(Series { strength: 3, ..Series::line("J", '*', theme.total(), &total) });
    let penalised = view.snapshot.as_ref().is_some_and(|snapshot| snapshot.regularisation.strength() > 0.0);
    let strip = penalised.then(|| Series::line("reg", 'r', theme.reg_term(), &reg));
    let axis = if view.log_axis { Axis::Log } else { Axis::Linear };
    let x = Some((from as f64, to as f64));
    let parts = if test.is_empty() { "train" } else { "train, test" };
    let about = [
        format!("J of each batch; {parts}: data term of the whole part {when}"),
        format!("{parts}: data term {when}"),
        format!("{parts} {when}"),
    ];
    let about = about.each_ref().map(String::as_str);
    Chart { series: &series, strip, axis, x, x_name: "step", about: &about, marks: &marks(view) }
        .render(area, buf, theme);
}

/// When the last values of the lines with one point per epoch were measured.
pub(in crate::ui) fn measured(latest: Option<&Epoch>) -> String {
    latest.map(|epoch| format!("after epoch {}", epoch.epoch)).unwrap_or_default()
}

/// Where something was changed by hand, and the epoch that is looked at.
fn marks(view: &View) -> Vec<(f64, char)> {
    let changes = view.snapshot.iter().flat_map(|snapshot| &snapshot.changes);
    let looked_at = view.looked_at().map(|epoch| (epoch.step as f64, '▾'));
    changes.map(|change| (change.step as f64, change.what.letter())).chain(looked_at).collect()
}

/// ```text
/// 8 |dddd         1 reg^(1)  2 reg^(2)  d data
///   |ddddddd
/// 4 |22dddddddd
///   |1222222dddddddd
/// 0 |11111111222222
///   +-------------- step
/// ```
fn draw_stack(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = &view.snapshot else { return };
    let layers = snapshot.cost.reg.len();
    // Where nothing is penalised there is nothing to stack.
    let penalised = if snapshot.regularisation.strength() > 0.0 { layers } else { 0 };
    let edge = |parts: usize, data: bool| -> Vec<Point> {
        let height = |cost: &Cost| cost.reg.iter().take(parts).sum::<f64>() + if data { cost.data } else { 0.0 };
        let scaled = |cost: &Cost| match view.cost {
            CostView::Shares => 100.0 * height(cost) / cost.total(),
            _ => height(cost),
        };
        view.shares.all().map(|shares| Point::single(shares.step as f64, scaled(&shares.cost))).collect()
    };
    let edges: Vec<Vec<Point>> = (1..=penalised).map(|l| edge(l, false)).chain([edge(layers, true)]).collect();
    let total = snapshot.cost.total();
    let percent_of = |part: f64| if total > 0.0 { format!(" {}", percent(part / total)) } else { String::new() };
    let names: Vec<String> = (1..=penalised)
        .map(|l| format!("reg^({l}){}", percent_of(snapshot.cost.reg[l - 1])))
        .chain([format!("data{}", percent_of(snapshot.cost.data))])
        .collect();
    let marks_of = (1..=penalised).map(|l| char::from_digit((l % 10) as u32, 10).unwrap_or('r')).chain(['d']);
    let series: Vec<Series<'_>> = names
        .iter()
        .zip(&edges)
        .zip(marks_of)
        .enumerate()
        .map(|(index, ((name, points), mark))| {
            let share = 1.0 - 0.6 * (index as f64 / penalised.max(1) as f64);
            let penalty = theme.shaded(theme.reg_term(), share);
            let style = if index == penalised { theme.data_term() } else { penalty };
            Series { name, when: "", mark, style, points, line: LineStyle::Filled, strength: 0 }
        })
        .collect();
    let to = view.costs.last().map_or(0, |last| last.step).max(SHORTEST) as f64;
    let (x, marks) = (Some((0.0, to)), marks(view));
    let chart = Chart { x, x_name: "step", marks: &marks, ..Chart::of(&series, Axis::Linear) };
    chart.render(area, buf, theme);
}

/// One number of the cost history from a step on: the older steps by their spread, the recent ones exactly.
pub(in crate::ui) fn costs(
    history: &CostHistory,
    from: u64,
    of_point: fn(&CostPoint) -> f64,
    of_bucket: fn(&Bucket) -> Spread,
) -> Vec<Point> {
    let older = history.older().iter().filter(|bucket| bucket.last >= from).map(|bucket| {
        let spread = of_bucket(bucket);
        Point { x: bucket.last as f64, min: spread.min, max: spread.max, mean: spread.mean, count: bucket.count }
    });
    let recent = || history.recent().filter(|point| point.step >= from);
    let count = history.older().len() + recent().count();
    let recent = recent();
    merged(older.chain(recent.map(|point| Point::single(point.step as f64, of_point(point)))), count)
}

/// Points that a line is drawn from at most, several to a column of the widest screen.
const DRAWN: usize = 4_096;

/// The points of a line, of which there are about `count`, with neighbours merged so that there are no more than can be seen; the last
/// one stays as it is.
pub(in crate::ui) fn merged(points: impl Iterator<Item = Point>, count: usize) -> Vec<Point> {
    let together = count.div_ceil(DRAWN).max(1);
    let mut merged: Vec<Point> = Vec::with_capacity(count.min(DRAWN) + 2);
    let mut points = points.enumerate().peekable();
    while let Some((index, point)) = points.next() {
        let alone = index % together == 0 || points.peek().is_none();
        match merged.last_mut().filter(|_| !alone) {
            Some(last) => {
                last.x = point.x;
                (last.min, last.max) = (last.min.min(point.min), last.max.max(point.max));
                last.count += point.count;
                last.mean += (point.mean - last.mean) * (point.count as f64 / last.count as f64);
            }
            None => merged.push(point),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_points_keep_the_ends_and_the_mean() {
        let points = (0..10_000).map(|x| Point::single(f64::from(x), f64::from(x % 7)));
        let merged = merged(points, 10_000);
        assert!(merged.len() <= DRAWN + 1 && merged.last().is_some_and(|last| last.x == 9_999.0));
        assert_eq!(merged[0], Point { x: 2.0, min: 0.0, max: 2.0, mean: 1.0, count: 3 });
        assert_eq!(merged.last(), Some(&Point::single(9_999.0, f64::from(9_999 % 7))), "the last one is itself");
        let few = super::merged((0..5).map(|x| Point::single(f64::from(x), 1.0)), 5);
        assert_eq!(few.len(), 5);
    }
}
