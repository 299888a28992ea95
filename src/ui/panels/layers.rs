//! How large each layer's δ, gradient and weights are, how large the update is beside them, and how they got there.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::Title;
use crate::derivation::{LayerNorms, equation};
use crate::ui::table::Rows;
use crate::ui::view::View;
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::number::fixed;
use crate::ui::widgets::sparkline::{Axis, Sparkline};

/// log10 of update to weight that people aim at, and the range outside of which it is worth a look.
const HEALTHY: std::ops::RangeInclusive<f64> = -4.0..=-2.0;
/// Columns of a number.
const NUMBER: u16 = 7;
/// Columns of the widest number with its past below it.
const WIDEST: u16 = 18;

pub(super) fn title(_: &View) -> Title {
    let number = equation::DATA_GRADIENT.number;
    Title {
        what: format!("layer gradients: ‖δ^(l+1)‖, ‖D^(l)‖ ({number})"),
        brief: format!("layer gradients ‖D^(l)‖ ({number})"),
        scale: "next batch".into(),
    }
}

/// ```text
/// l    ‖δ‖    ‖D‖    ‖Θ‖ lg u/Θ past ‖D‖       l       ‖δ‖       ‖D‖       ‖Θ‖    lg u/Θ
/// 1 0.0512 0.0422  14.20   -3.4 ⣀⣤⣶⣿⣶⣤⣀   or   1    0.0512    0.0422     14.20      -3.4
/// 2 0.1120 0.1140  18.90   -3.0 ⣀⣤⣶⣿⣶⣤⣀          ⣀⣤⣶⣿⣶⣤⣀   ⣀⣤⣶⣿⣶⣤⣀   ⣀⣤⣶⣿⣶⣤⣀   ⣀⣤⣶⣿⣶⣤⣀
/// ```
pub(super) fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let norms = view.layers.present();
    // Where there is room, each number has its own past below it.
    let tall = usize::from(area.height) > 2 * norms.len();
    let width = if tall { (area.width.saturating_sub(6) / 4).clamp(NUMBER, WIDEST) } else { NUMBER };
    let mut rows = Rows::new(area, buf, theme);
    let heads = [["l", "l"], ["‖δ‖", "|d|"], ["‖D‖", "|D|"], ["‖Θ‖", "|Th|"], ["lg u/Θ", "lg u/Th"]];
    let heads = heads.map(|forms| (pick(&forms, NUMBER, theme).to_string(), theme.faint()));
    let rest = cells(&mut rows, width, &heads);
    if !tall {
        let head = pick(&["past ‖D‖, log", "past ‖D‖", "past D", "past"], rest.width, theme);
        Label::new(head, theme.faint()).render(rest, rows.buffer(), theme);
    }
    let shown = rows.left() / if tall { 2 } else { 1 };
    let first = first_shown(norms.len(), shown, view.cursor.l);
    for norm in norms.iter().skip(first).take(usize::from(shown)) {
        let rest = cells(&mut rows, width, &texts(view, norm));
        if tall {
            draw_pasts(view, norm.l, width, &mut rows);
        } else {
            sparkline(view, (norm.l, |norms| norms.d, Axis::Log), theme.data_term(), (rest, rows.buffer()));
        }
    }
    if tall && rows.left() > 3 {
        rows.take();
        rows.line("δ: mean over the next batch, of layer l+1", theme.faint());
        rows.line("lg u/Θ: log10 of update to Θ, std. deviations;", theme.faint());
        rows.line("near -3 is healthy, outside -4 … -2 is marked !", theme.faint());
    }
}

/// The numbers of one layer.
fn texts(view: &View, norm: &LayerNorms) -> [(String, Style); 5] {
    let theme = &view.theme;
    let number = |value: f64| (fixed(value, usize::from(NUMBER)), theme.text());
    let healthy = norm.log_update.is_none_or(|log| HEALTHY.contains(&log));
    let mark = if healthy { "  " } else { " !" };
    let log = norm.log_update.map_or_else(|| "-  ".into(), |log| format!("{log:.2}{mark}"));
    let log_style = if healthy { theme.text() } else { theme.warn() };
    let name_style = if norm.l == view.cursor.l { theme.selected() } else { theme.text() };
    [(norm.l.to_string(), name_style), number(norm.delta), number(norm.d), number(norm.theta), (log, log_style)]
}

/// A row of the table; returns what is left of it at the right.
fn cells(rows: &mut Rows<'_>, width: u16, texts: &[(String, Style); 5]) -> Rect {
    let Some((row, buf, theme)) = rows.take_with_theme() else { return Rect::ZERO };
    let (places, rest) = places(row, width);
    for (place, (text, style)) in places.into_iter().zip(texts) {
        Label::right(text, *style).render(place, buf, theme);
    }
    rest
}

/// Where the layer, its four numbers and the rest of a row stand.
fn places(row: Rect, width: u16) -> ([Rect; 5], Rect) {
    let number = Constraint::Length(width);
    let widths = [Constraint::Length(2), number, number, number, number, Constraint::Fill(1)];
    let [layer, delta, d, theta, update, rest] = row.layout(&Layout::horizontal(widths).spacing(1));
    ([layer, delta, d, theta, update], rest)
}

/// The row below a layer's numbers: the past of each.
fn draw_pasts(view: &View, l: usize, width: u16, rows: &mut Rows<'_>) {
    let Some((row, buf)) = rows.take() else { return };
    let theme = &view.theme;
    let ([_, delta, d, theta, update], _) = places(row, width);
    sparkline(view, (l, |norms| norms.delta, Axis::Log), theme.text(), (delta, buf));
    sparkline(view, (l, |norms| norms.d, Axis::Log), theme.data_term(), (d, buf));
    sparkline(view, (l, |norms| norms.theta, Axis::Linear), theme.faint(), (theta, buf));
    sparkline(view, (l, |norms| norms.log_update.unwrap_or(f64::NAN), Axis::Linear), theme.faint(), (update, buf));
}

fn sparkline(
    view: &View,
    (l, number, axis): (usize, fn(&LayerNorms) -> f64, Axis),
    style: Style,
    (area, buf): (Rect, &mut Buffer),
) {
    // An update beside weights of 0 has no ratio.
    let values: Vec<f64> = view.layers.of(l, number).into_iter().filter(|value| !value.is_nan()).collect();
    Sparkline { values: &values, axis, range: None, style }.render(area, buf, &view.theme);
}

/// The first of so many layers that is shown, so that the one under the cursor is.
pub(super) fn first_shown(layers: usize, room: u16, l: usize) -> usize {
    let room = usize::from(room).max(1);
    l.saturating_sub(room).min(layers.saturating_sub(room))
}
