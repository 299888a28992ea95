//! The shared weights: Θ^x, Θ^h or Θ^o, their gradient and update, and what one step, or the steps so far, add to Δ.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::sequence::number;
use super::{InWeights, TimeView};
use crate::derivation::{Shared, contribution};
use crate::number::short;
use crate::theme::values::Scale;
use crate::train::RecurrentView;
use crate::ui::widgets::heatmap::{CellSize, Fit, Heatmap};
use crate::ui::widgets::label::Label;
use crate::ui::widgets::legend::Legend;

/// The matrix that is shown.
fn matrix(view: &TimeView, scene: RecurrentView<'_>) -> Array2<f64> {
    let (place, t) = (view.cursor.place, view.cursor.t);
    let index = place.of.index();
    let of_steps = |steps| contribution(scene, (place.of, place.b), steps);
    match view.weights {
        InWeights::Theta => scene.network.theta[index].clone(),
        InWeights::D => scene.parameters[index].d.clone(),
        InWeights::Gradient => scene.parameters[index].gradient.clone(),
        InWeights::Update => scene.parameters[index].update.clone(),
        InWeights::Step => of_steps(t..=t),
        InWeights::Sum => of_steps(t..=scene.steps()),
    }
}

pub(super) fn title(view: &TimeView, scene: RecurrentView<'_>) -> (String, String) {
    let (place, t) = (view.cursor.place, view.cursor.t);
    let (symbol, theta) = (place.of.symbol(), &scene.network.theta[place.of.index()]);
    let letter = &symbol["Θ".len()..];
    let (rows, columns) = theta.dim();
    let what = match view.weights {
        InWeights::Theta => format!("weights {symbol}"),
        InWeights::D => format!("D{letter}, mean over the batch"),
        InWeights::Gradient => format!("gradient ∂J/∂{symbol}"),
        InWeights::Update => format!("update of {symbol}"),
        InWeights::Step => format!("Δ{letter} of step {t}, sequence {}", number(scene, place.b)),
        InWeights::Sum => {
            format!("Δ{letter} of steps {} … {t}, sequence {}", scene.steps(), number(scene, place.b))
        }
    };
    let gates = scene.network.cell.gates();
    let units = rows / gates.len();
    let unit = match (place.of, gates.len()) {
        (Shared::O, _) | (_, 1) => (place.j + 1).to_string(),
        _ => format!("{}{}", gates[(place.j / units).min(gates.len() - 1)], place.j % units + 1),
    };
    let biases = place.of.biases(scene.network.cell);
    let from = if place.i < biases { "bias".into() } else { (place.i + 1 - biases).to_string() };
    (format!("{what} {rows}×{columns}"), format!("[{unit},{from}]"))
}

pub(super) fn draw(view: &TimeView, scene: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let [map, legend] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let matrix = matrix(view, scene);
    let place = view.cursor.place;
    let biases = place.of.biases(scene.network.cell);
    let largest = matrix.iter().fold(0.0_f64, |top, value| if value.is_finite() { top.max(value.abs()) } else { top });
    let scale = Scale::Signed { limit: if largest > 0.0 { largest } else { 1.0 } };
    let whole = matrix.nrows() < usize::from(map.height);
    Heatmap {
        rows: matrix.nrows(),
        columns: matrix.ncols(),
        value: &|j, i| matrix.get([j, i]).copied(),
        scale,
        size: if whole { CellSize::Auto } else { CellSize::Half },
        fit: Fit::Scroll,
        first_apart: biases > 0,
        axes: Some((1, 1 - biases)),
        selected: Some((place.j, place.i)),
        offset: (0, 0),
    }
    .render(map, buf, theme);
    let value = matrix.get([place.j, place.i]).map(|&value| short(value)).unwrap_or_default();
    let [left, right] = legend.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(12)]));
    Legend { scale }.render(left, buf, theme);
    Label::right(&value, theme.text()).render(right, buf, theme);
}
