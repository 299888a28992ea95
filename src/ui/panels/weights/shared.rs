//! The shared weights: Θ^x, Θ^h or Θ^o, their gradient and update, and what one step, or the steps so far, add to Δ.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::Quantity;
use crate::derivation::{RecurrentParameter, contribution};
use crate::number::short;
use crate::theme::values::ColorScale;
use crate::train::RecurrentView;
use crate::ui::panel::Title;
use crate::ui::panels::sample::sequence::number;
use crate::ui::widgets::heatmap::{CellSize, Heatmap, LargeMatrix};
use crate::ui::widgets::label::Label;
use crate::ui::widgets::legend::Legend;
use crate::view::{Cursor, OverTime, View, ViewChange};

/// The matrix that is shown.
fn matrix(view: &View, net: RecurrentView<'_>) -> Array2<f64> {
    let (place, t) = (view.cursor.place(), view.cursor.t);
    let of_steps = |steps| contribution(net, (place.of, place.b), steps);
    match view.over_time {
        OverTime::Whole => view.quantity.matrix(net.snapshot, view.cursor.l).cloned().unwrap_or_default(),
        OverTime::Step => of_steps(t..=t),
        OverTime::Sum => of_steps(t..=net.steps()),
    }
}

pub(super) fn title(view: &View, net: RecurrentView<'_>) -> Title {
    let (place, t) = (view.cursor.place(), view.cursor.t);
    let (symbol, theta) = (place.of.symbol(), &net.network.theta[place.of.index()]);
    let letter = &symbol["Θ".len()..];
    let (rows, columns) = theta.dim();
    let what = match view.over_time {
        OverTime::Whole => {
            let symbol = view.quantity.symbol(view.cursor.l, net.snapshot);
            format!("{} {symbol} ({})", view.quantity.words(), view.quantity.equation(net.snapshot).number)
        }
        OverTime::Step => format!("Δ{letter} of step {t}, sequence {}", number(net, place.b)),
        OverTime::Sum => format!("Δ{letter} of steps {} … {t}, sequence {}", net.steps(), number(net, place.b)),
    };
    let gates = net.network.cell.gates();
    let units = rows / gates.len();
    let unit = match (place.of, gates.len()) {
        (RecurrentParameter::O, _) | (_, 1) => (place.j + 1).to_string(),
        _ => format!("{}{}", gates[(place.j / units).min(gates.len() - 1)], place.j % units + 1),
    };
    let biases = place.of.biases(net.network.cell);
    let from = if place.i < biases { "bias".into() } else { (place.i + 1 - biases).to_string() };
    Title::of(format!("{what} {rows}×{columns}"), format!("[{unit},{from}]"))
}

/// The next quantity, after the last one what a step, and what the steps so far have added to Δ.
pub(super) fn next_shown(view: &View) -> Option<ViewChange> {
    let snapshot = view.snapshot.as_ref()?;
    let next = view.quantity.next(snapshot);
    Some(match view.over_time {
        OverTime::Whole if next == Quantity::default() => ViewChange::OverTime(next, OverTime::Step),
        OverTime::Whole => ViewChange::OverTime(next, OverTime::Whole),
        OverTime::Step => ViewChange::OverTime(view.quantity, OverTime::Sum),
        OverTime::Sum => ViewChange::OverTime(Quantity::default(), OverTime::Whole),
    })
}

/// The cell that was clicked.
pub(super) fn click(view: &View, net: RecurrentView<'_>, area: Rect, (x, y): (u16, u16)) -> Option<ViewChange> {
    let [map, _] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let dim = net.network.theta[view.cursor.place().of.index()].dim();
    let value = |_: usize, _: usize| None;
    let heatmap = heatmap((view, net), dim, (&value, ColorScale::Signed { limit: 1.0 }), map);
    let (j, i) = heatmap.layout(map, &view.theme).number_at(x, y)?;
    Some(ViewChange::Cursor(Cursor { j, i, ..view.cursor }))
}

/// A matrix of so many rows and columns as a heatmap.
fn heatmap<'a>(
    (view, net): (&View, RecurrentView<'_>),
    (rows, columns): (usize, usize),
    (value, scale): (&'a dyn Fn(usize, usize) -> Option<f64>, ColorScale),
    map: Rect,
) -> Heatmap<'a> {
    let (size, fit) =
        (if rows < usize::from(map.height) { CellSize::Auto } else { CellSize::Half }, LargeMatrix::Scroll);
    let biases = view.cursor.place().of.biases(net.network.cell);
    let (first_apart, axes) = (biases > 0, Some((1, 1 - biases)));
    let selected = Some((view.cursor.j, view.cursor.i));
    Heatmap { rows, columns, value, scale, size, fit, first_apart, axes, selected, offset: (0, 0) }
}

pub(super) fn draw(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let [map, legend] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let matrix = matrix(view, net);
    let place = view.cursor.place();
    let largest = matrix.iter().fold(0.0_f64, |top, value| if value.is_finite() { top.max(value.abs()) } else { top });
    let scale = ColorScale::Signed { limit: if largest > 0.0 { largest } else { 1.0 } };
    let value = |j: usize, i: usize| matrix.get([j, i]).copied();
    heatmap((view, net), matrix.dim(), (&value, scale), map).render(map, buf, theme);
    let value = matrix.get([place.j, place.i]).map(|&value| short(value)).unwrap_or_default();
    let [left, right] = legend.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(12)]));
    Legend { scale }.render(left, buf, theme);
    Label::right(&value, theme.text()).render(right, buf, theme);
}
