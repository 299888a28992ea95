//! How large the gradient and the weights of each Θ^(l) are, how large the update is beside them, and how they got there.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use crate::derivation::{LayerNorms, OfLayer, equation};
use crate::keymap::Panel;
use crate::number::{decimals, fixed};
use crate::ui::panel::{PanelEntry, Title, always, nothing};
use crate::ui::table::{TableColumn, TableRows, head_of};
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::sparkline::{Axis, Sparkline};
use crate::view::Along;
use crate::view::View;

/// Columns of a number.
const NUMBER: u16 = 7;
/// Columns of the widest number with its past below it.
const WIDEST: u16 = 18;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Layers,
    applies: always,
    title,
    draw,
    along: |_| Along::Layers,
    keys: &[],
    subject_at: None,
    click: nothing,
    guest_of: &[],
};

fn title(view: &View) -> Title {
    let (number, d) = (equation::DATA_GRADIENT.number, head_of("‖D^(l)‖", view));
    Title {
        what: format!("layer gradients, norms with bias: {d} ({number})"),
        brief: format!("norms with bias: {d} ({number})"),
        scale: "next batch".into(),
    }
}

/// ```text
/// Θ^(l)    ‖D‖    ‖Θ‖ lg u/Θ past ‖D‖       Θ^(l)       ‖D‖       ‖Θ‖    lg u/Θ
/// Θ^(1) 0.0422  14.20   -3.4 ⣀⣤⣶⣿⣶⣤⣀   or   Θ^(1)    0.0422     14.20      -3.4
/// Θ^(2) 0.1140  18.90   -3.0 ⣀⣤⣶⣿⣶⣤⣀               ⣀⣤⣶⣿⣶⣤⣀  ⣀⣤⣶⣿⣶⣤⣀  ⣀⣤⣶⣿⣶⣤⣀
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let norms = view.layers.present();
    // Where there is room, each number has its own past below it.
    let tall = usize::from(area.height) > 2 * norms.len();
    let name = TableColumn::of_names("Θ", norms.len(), theme).width;
    let number = if tall { (area.width.saturating_sub(name + 4) / 3).clamp(NUMBER, WIDEST) } else { NUMBER };
    let widths = (name, number);
    let mut rows = TableRows::new(area, buf, theme);
    let heads = [["Θ^(l)", "Θ^(l)"], ["‖D‖", "|D|"], ["‖Θ‖", "|Th|"], ["lg u/Θ", "lg u/Th"]];
    let heads = heads.map(|forms| {
        let width = if forms[0].starts_with("Θ^") { name } else { number };
        (head_of(pick(&forms, width, theme), view), theme.faint())
    });
    let rest = cells(&mut rows, widths, &heads);
    if !tall {
        let forms = ["past ‖D‖, steps seen, log", "past ‖D‖, log", "past ‖D‖", "past D", "past", ""];
        let head = pick(&forms, rest.width, theme);
        Label::new(head, theme.faint()).render(rest, rows.buffer(), theme);
    }
    let at = ListPosition::Cursor(view.cursor.l - 1);
    let list =
        List { rows: &|_| if tall { 2 } else { 1 }, size: Some(&|index| norms[index].d), ..List::of(norms.len(), at) };
    rows.list(&list, 0, &mut |index, rows| {
        let norm = &norms[index];
        let rest = cells(rows, widths, &texts(view, norm));
        if tall {
            draw_pasts(view, norm.l, widths, rows);
        } else {
            sparkline(view, (norm.l, |norms| norms.d, Axis::Log), theme.data_term(), (rest, rows.buffer()));
        }
    });
    if tall && rows.left() > 3 {
        rows.take();
        rows.line("below each number: its past, a column a step seen", theme.faint());
        rows.line("lg u/Θ: log10 of update to Θ, std. deviations;", theme.faint());
        rows.line("about -3 is usual; ! marks what an alarm is about", theme.faint());
    }
}

/// The name and the numbers of one Θ^(l).
fn texts(view: &View, norm: &LayerNorms) -> [(String, Style); 4] {
    let theme = &view.theme;
    let number = |value: f64| (fixed(value, usize::from(NUMBER)), theme.text());
    let is_wrong = view.alarms.iter().any(|alarm| alarm.is_of(norm.l, OfLayer::Gradient));
    let d = match is_wrong {
        true => (format!("{} !", fixed(norm.d, usize::from(NUMBER) - 2)), theme.bad()),
        false => number(norm.d),
    };
    let log = norm.log_update.map_or_else(|| "-".into(), |log| decimals(log, 2));
    let name_style = if norm.l == view.cursor.l { theme.selected() } else { theme.text() };
    [(norm.symbol.to_string(), name_style), d, number(norm.theta), (log, theme.text())]
}

/// A row of the table; returns what is left of it at the right.
fn cells(rows: &mut TableRows<'_>, widths: (u16, u16), texts: &[(String, Style); 4]) -> Rect {
    let Some((row, buf, theme)) = rows.take_with_theme() else { return Rect::ZERO };
    let (places, rest) = places(row, widths);
    for (index, (place, (text, style))) in places.into_iter().zip(texts).enumerate() {
        let label = if index == 0 { Label::new(text, *style) } else { Label::right(text, *style) };
        label.render(place, buf, theme);
    }
    rest
}

/// The places of the name of Θ^(l), of its three numbers and of the rest of a row.
fn places(row: Rect, (name, number): (u16, u16)) -> ([Rect; 4], Rect) {
    let number = Constraint::Length(number);
    let widths = [Constraint::Length(name), number, number, number, Constraint::Fill(1)];
    let [name, d, theta, update, rest] = row.layout(&Layout::horizontal(widths).spacing(1));
    ([name, d, theta, update], rest)
}

/// The row below the numbers of a Θ^(l): the past of each.
fn draw_pasts(view: &View, l: usize, widths: (u16, u16), rows: &mut TableRows<'_>) {
    let Some((row, buf)) = rows.take() else { return };
    let theme = &view.theme;
    let ([_, d, theta, update], _) = places(row, widths);
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
