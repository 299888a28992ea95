//! The descent: J of the next batch along −∂J/∂Θ, with α, half and twice of it marked, and what that says of this α.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::said_of_descent::{difference, of_alpha, of_other_way, of_slope};
use crate::derivation::equation::UPDATE;
use crate::nn::Named;
use crate::number::{brief, short};
use crate::train::{Cost, Descent, DescentPoint};
use crate::ui::panel::Title;
use crate::ui::table::{TableColumn, TableRows};
use crate::ui::widgets::chart::{LineStyle, MarkedCurve, NamedPlace, Point, Series};
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::sparkline::Axis;
use crate::view::View;

/// Rows from which the panel has room for whole sentences above the curve, and for a legend.
const ROOMY: u16 = 10;
/// Columns from which its data and its penalty part stand beside the curve.
const BESIDE: u16 = 100;
/// J that spans more than this factor is drawn by powers of ten.
const WIDE: f64 = 100.0;
/// What stands in the place of a descent that there is none of.
const NOT_YET: &str = "not computed yet";

/// Of which step it is, always; and which step it is now, where that is another.
pub(super) fn title(view: &View) -> Title {
    let number = UPDATE.number;
    let (Some(snapshot), Some(descent)) = (&view.snapshot, view.descent()) else {
        let what = format!("descent J(Θ − t ∂J/∂Θ), next batch ({number})");
        return Title { what, brief: format!("descent J ({number})"), scale: String::new() };
    };
    let (step, now) = (descent.of.moment.step, snapshot.position.step);
    let is_log = descent.outcome.as_ref().is_ok_and(|descent| axis(descent) == Axis::Log);
    let now = if now == step { String::new() } else { format!("now step {now}") };
    let scale = [now.as_str(), if is_log { "log" } else { "" }];
    Title {
        what: format!("descent J(Θ − t ∂J/∂Θ) of step {step}, next batch ({number})"),
        brief: format!("descent of step {step} ({number})"),
        scale: scale.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
    }
}

/// ```text
/// α = 0.5 goes past the lowest point, at t = 0.2: J rises from 0.7200 to 0.8100
///    2│⡇   :              ⢀⠔
///    1┤ ⠈⠒⠤●⣀⣀⣀⣀⡠⠤⠒:⠉
///     └┬───┬───────┬────────
///      0  α/2      α
/// ```
pub(super) fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    match view.descent().map(|descended| &descended.outcome) {
        None => TableRows::new(area, buf, theme).paragraph(NOT_YET, theme.faint()),
        Some(Err(why)) => {
            let text = format!("the descent failed: {}", why.replace('\n', " "));
            TableRows::new(area, buf, theme).paragraph(&text, theme.bad());
        }
        Some(Ok(descent)) if view.zoomed && area.height >= 2 * ROOMY => draw_whole((view, descent), area, buf),
        Some(Ok(descent)) => draw_small((view, descent), area, buf),
    }
}

/// The curve below what it says, which has few words where there are few rows.
fn draw_small((view, descent): (&View, &Descent), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let mut rows = TableRows::new(area, buf, theme);
    let is_roomy = area.height >= ROOMY;
    let fitted = |forms: &[String]| -> String {
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        if is_roomy { forms[0].into() } else { pick(&forms, area.width, theme).into() }
    };
    if let Some(other) = of_other_way(descent) {
        rows.paragraph(&fitted(&other), theme.text());
    }
    rows.paragraph(&fitted(&of_alpha(descent)), style_of(view, descent));
    draw_curve((view, descent), rows.rest(), buf);
}

/// The curve, what it says in whole sentences, and the numbers of its marks; beside it the data and the penalty part, where both are there
/// and there is room.
fn draw_whole((view, descent): (&View, &Descent), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let marked = marked(descent);
    let below = u16::try_from(marked.len()).unwrap_or(u16::MAX).saturating_add(2);
    let [top, table] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]));
    let mut rows = TableRows::new(top, buf, theme);
    if let Some([other, _]) = of_other_way(descent) {
        rows.paragraph(&other, theme.text());
    }
    rows.paragraph(&of_alpha(descent)[0], style_of(view, descent));
    rows.paragraph(&of_slope(descent), theme.faint());
    let curves = rows.rest();
    let is_penalised = view.snapshot.as_ref().is_some_and(|snapshot| snapshot.regularisation.strength() > 0.0);
    let beside = if is_penalised && area.width >= BESIDE { area.width / 3 } else { 0 };
    let [curve, parts] =
        curves.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(beside)]).spacing(beside.min(2)));
    draw_curve((view, descent), curve, buf);
    let halves: [Rect; 2] = parts.layout(&Layout::vertical([Constraint::Fill(1); 2]));
    draw_part(("data", &|cost| cost.data), (view, descent, theme.data_term()), halves[0], buf);
    draw_part(("reg", &Cost::reg_total), (view, descent, theme.reg_term()), halves[1], buf);
    let mut rows = TableRows::new(table, buf, theme);
    rows.line("", theme.text());
    let name = marked.iter().map(|(name, ..)| columns(&theme.spell(name))).max().unwrap_or(0);
    let name = TableColumn { width: name.max(8), right: false };
    let numbers = [12, 12, 12, 12, 14, 17].map(|width| TableColumn { width, right: true });
    let places: Vec<TableColumn> = [name].into_iter().chain(numbers).collect();
    let heads = ["", "t", "J", "data", "reg", "J − J now", "  by the tangent"];
    rows.cells(&places, &heads.map(|head| (head.to_string(), theme.faint())));
    let now = descent.here().cost.total();
    for (name, t, cost) in marked {
        let tangent = t.zip(descent.slope).map_or_else(String::new, |(t, slope)| difference(slope * t));
        let t = t.map_or_else(String::new, brief);
        let numbers = [t, short(cost.total()), short(cost.data), short(cost.reg_total())];
        let texts = [numbers.to_vec(), vec![difference(cost.total() - now), tangent]].concat();
        let texts: Vec<(String, Style)> = texts.into_iter().map(|text| (text, theme.text())).collect();
        let row: Vec<(String, Style)> = [(name, theme.key())].into_iter().chain(texts).collect();
        rows.cells(&places, &row);
    }
}

/// What went well or badly; the words say it, too.
fn style_of(view: &View, descent: &Descent) -> Style {
    let [_, at, _] = descent.marked();
    if at.cost.total() <= descent.here().cost.total() { view.theme.key() } else { view.theme.warn() }
}

/// The points with a name, from left to right, and the Θ that the update leads to where it is none of them: each with its t on the line.
fn marked(descent: &Descent) -> Vec<(String, Option<f64>, &Cost)> {
    let [half, at, twice] = descent.marked();
    let named = [("0", descent.here()), ("α/2", half), ("α", at), ("2α", twice)];
    let mut marked: Vec<(String, Option<f64>, &Cost)> =
        named.into_iter().map(|(name, point)| (name.to_string(), Some(point.t), &point.cost)).collect();
    if let Some(lowest) = unnamed_lowest(descent) {
        marked.push(("lowest".into(), Some(lowest.t), &lowest.cost));
    }
    if descent.cut < 1.0 && descent.reached().is_some() {
        marked.push(("clipped".into(), descent.reached(), &descent.after));
    }
    marked.sort_by(|a, b| a.1.unwrap_or(f64::NAN).total_cmp(&b.1.unwrap_or(f64::NAN)));
    if descent.reached().is_none() {
        marked.push((format!("Θ after {}", descent.optimizer.name()), None, &descent.after));
    }
    marked
}

/// The lowest point, unless it has another name, or is the last, beyond which J may fall further.
fn unnamed_lowest(descent: &Descent) -> Option<&DescentPoint> {
    let [half, at, twice] = descent.marked();
    let named = [Some(descent.here()), Some(half), Some(at), Some(twice), descent.points.last()];
    descent.lowest().filter(|lowest| named.iter().flatten().all(|point| point.t != lowest.t))
}

/// Linear, or by powers of ten where J spans many of them.
fn axis(descent: &Descent) -> Axis {
    let finite = || descent.points.iter().map(|point| point.cost.total()).filter(|cost| cost.is_finite());
    let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(0.0, f64::max));
    if low > 0.0 && high > WIDE * low { Axis::Log } else { Axis::Linear }
}

/// The tangent at t = 0, down to the lowest of the values drawn.
fn tangent(descent: &Descent, floor: f64) -> Vec<Point> {
    let Some(slope) = descent.slope.filter(|slope| *slope < 0.0 && slope.is_finite()) else { return Vec::new() };
    let now = descent.here().cost.total();
    let last = descent.points.last().map_or(0.0, |point| point.t).min((floor - now) / slope);
    // Many points: on a logarithmic axis it is no straight line.
    (0..=40).map(|part| last * f64::from(part) / 40.0).map(|t| Point::single(t, now + slope * t)).collect()
}

/// A number of the cost at each point.
fn of_points(descent: &Descent, value: &dyn Fn(&Cost) -> f64) -> Vec<Point> {
    descent.points.iter().map(|point| Point::single(point.t, value(&point.cost))).collect()
}

/// One part of J over the same t, on an axis of its own.
fn draw_part(
    (name, value): (&str, &dyn Fn(&Cost) -> f64),
    (view, descent, style): (&View, &Descent, Style),
    area: Rect,
    buf: &mut Buffer,
) {
    let [head, plot] = area.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]));
    Label::new(name, style).render(head, buf, &view.theme);
    let points = of_points(descent, value);
    let series = [Series::line(name, '*', style, &points)];
    let places: Vec<NamedPlace> = places(descent, value);
    MarkedCurve { series: &series, axis: Axis::Linear, places: &places }.render(plot, buf, &view.theme);
}

/// The curve of J with its tangent and its places.
fn draw_curve((view, descent): (&View, &Descent), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let total = of_points(descent, &Cost::total);
    let last = descent.points.last().map_or(0.0, |point| point.t);
    let after = [0.0, last].map(|t| Point::single(t, descent.after.total()));
    let lowest = descent.lowest().map_or(f64::NAN, |point| point.cost.total());
    let line = tangent(descent, lowest);
    let dashed = |series| Series { line: LineStyle::Dashed, ..series };
    let mut series = vec![Series::line("J", '*', theme.total(), &total)];
    if !line.is_empty() {
        series.push(dashed(Series::line("tangent at 0", '-', theme.faint(), &line)));
    }
    let name = format!("J after {}", descent.optimizer.name());
    if descent.reached().is_none() {
        series.push(dashed(Series::line(&name, 'v', theme.test_term(), &after)));
    }
    let with_legend = area.height >= ROOMY;
    let [legend, plot] =
        area.layout(&Layout::vertical([Constraint::Length(u16::from(with_legend)), Constraint::Fill(1)]));
    if with_legend {
        draw_legend(&series, legend, (buf, view));
    }
    let places = places(descent, &Cost::total);
    if total.iter().all(|point| !point.mean.is_finite()) {
        Label::new("no finite value to draw", theme.faint()).render(plot, buf, theme);
    }
    MarkedCurve { series: &series, axis: axis(descent), places: &places }.render(plot, buf, theme);
}

/// The places on the axis with this number of their cost, the most important first.
fn places(descent: &Descent, value: &dyn Fn(&Cost) -> f64) -> Vec<NamedPlace> {
    let [half, at, twice] = descent.marked();
    let named = [("α", at), ("2α", twice), ("α/2", half), ("0", descent.here())];
    let lowest = unnamed_lowest(descent).map(|lowest| ("lowest", lowest));
    let points = named.into_iter().chain(lowest).map(|(name, point)| (name, point.t, &point.cost));
    let clipped = descent.reached().filter(|_| descent.cut < 1.0).map(|t| ("clipped", t, &descent.after));
    let place = |(name, x, cost): (&str, f64, &Cost)| NamedPlace {
        x,
        name: name.into(),
        value: short(value(cost)),
        y: Some(value(cost)),
    };
    points.chain(clipped).map(place).collect()
}

/// The names of the lines, each behind a piece of it.
fn draw_legend(series: &[Series<'_>], area: Rect, (buf, view): (&mut Buffer, &View)) {
    let theme = &view.theme;
    let mut x = area.x;
    for series in series {
        let dashed = series.line == LineStyle::Dashed;
        let piece = match (theme.ascii, dashed) {
            (true, _) => series.mark,
            (false, true) => '┄',
            (false, false) => '─',
        };
        let text = format!("{piece} {}", series.name);
        if columns(&theme.spell(&text)) > area.right().saturating_sub(x) {
            return;
        }
        let rest = Rect { x, width: area.right() - x, ..area };
        x = x.saturating_add(Label::new(&text, series.style).render(rest, buf, theme)).saturating_add(2);
    }
}
