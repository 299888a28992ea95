//! How the penalised weights of each Θ lie, and how strongly the penalty pulls on them; where the panel has room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::graph::penalty_equations;
use crate::derivation::histogram::BINS;
use crate::derivation::{Bins, Histogram};
use crate::nn::Penalty;
use crate::number::brief;
use crate::train::Snapshot;
use crate::ui::distribution::{self, ColumnPlaces};
use crate::ui::widgets::label::{Label, pick};
use crate::view::View;

/// The fewest rows that it is drawn in: a blank one, the distribution, the arrows, and what they are.
const LEAST: u16 = 3 + distribution::LEAST;

/// Those of the Θ under the cursor, and of as many others as there is room for, in their order.
///
/// ```text
/// Θ^(1): 1600 penalised weights, those above 0 at the right
///            ▂▅█▇▃▁
/// -1.8               1.8
/// → → → → →  →  ← ← ← ←
/// -∂reg/∂Θ (2.6.1) pulls each weight towards 0, at most by 0.0013
/// ```
pub(super) fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(snapshot) = &view.snapshot else { return };
    if area.height < LEAST {
        return;
    }
    let all = snapshot.parameters.len();
    let room = usize::from(area.height / LEAST).min(all);
    let chosen = view.cursor.l.saturating_sub(1).min(all.saturating_sub(1));
    let first = chosen.saturating_sub(room / 2).min(all - room);
    let places = area.layout_vec(&Layout::vertical(vec![Constraint::Fill(1); room]));
    // One axis for all, so that they can be compared.
    let limit = (first..first + room).filter_map(|index| largest(snapshot, index)).fold(0.0, f64::max);
    let limit = if limit > 0.0 { limit } else { 1.0 };
    for (place, index) in places.into_iter().zip(first..) {
        draw_one(view, (snapshot, index, limit), (place, buf));
    }
}

/// The largest magnitude of the penalised weights of a Θ.
fn largest(snapshot: &Snapshot, index: usize) -> Option<f64> {
    penalised(snapshot, index)?.map(|weight| weight.abs()).filter(|size| size.is_finite()).reduce(f64::max)
}

/// The penalised weights of a Θ: all but its columns of biases.
fn penalised(snapshot: &Snapshot, index: usize) -> Option<impl Iterator<Item = &f64>> {
    let (theta, parameter) = (snapshot.model.parameters().get(index)?, snapshot.parameters.get(index)?);
    Some(theta.rows().into_iter().flat_map(|row| row.into_iter().skip(parameter.biases)))
}

fn draw_one(view: &View, (snapshot, index, limit): (&Snapshot, usize, f64), (area, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let Some(parameter) = snapshot.parameters.get(index) else { return };
    let Some(weights) = penalised(snapshot, index) else { return };
    let histogram = Histogram::new(Bins::Range { low: -limit, high: limit }, weights);
    let [_, columns, arrows, said] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let count: u32 = histogram.counts.iter().sum::<u32>() + histogram.not_finite;
    let symbol = parameter.symbol;
    let full = format!("{symbol}: {count} penalised weights, those above 0 at the right");
    let forms = [full.as_str(), &format!("{symbol}: {count} penalised weights"), &symbol.to_string()];
    let style = if index + 1 == view.cursor.l { theme.key() } else { theme.text() };
    let Some(places) = distribution::draw(&histogram, (&forms, theme.reg_term()), (columns, buf), theme) else {
        return;
    };
    Label::new(pick(&forms, columns.width, theme), style).render(Rect { height: 1, ..columns }, buf, theme);
    let rule = snapshot.regularisation;
    let pull = |weight: f64| -rule.penalty.slope(rule.strength(), weight);
    let most = pull(largest(snapshot, index).unwrap_or(0.0)).abs();
    if most > 0.0 {
        let number = penalty_equations(rule.penalty).slope.number;
        let how = if rule.penalty == Penalty::L1 { "by" } else { "at most by" };
        let told = brief(most);
        let full = format!("-∂reg/∂Θ ({number}) pulls each weight towards 0, {how} {told}");
        let forms = [full.as_str(), &format!("-∂reg/∂Θ ({number}), {how} {told}"), &format!("pull {told}")];
        draw_arrows((&histogram, &places), &pull, (arrows, buf), view);
        Label::new(pick(&forms, said.width, theme), theme.faint()).render(said, buf, theme);
    } else {
        let forms = ["λ is 0: nothing pulls on the weights", "λ is 0: no pull", ""];
        Label::new(pick(&forms, said.width, theme), theme.faint()).render(said, buf, theme);
    }
}

/// Below each column the direction of the pull on its weights, the brighter the stronger.
fn draw_arrows(
    (histogram, places): (&Histogram, &ColumnPlaces),
    pull: &dyn Fn(f64) -> f64,
    (area, buf): (Rect, &mut Buffer),
    view: &View,
) {
    let theme = &view.theme;
    let middle = |bin: usize| (histogram.bins.edge(bin) + histogram.bins.edge(bin + 1)) / 2.0;
    let limit = (0..BINS).map(|bin| pull(middle(bin)).abs()).fold(0.0, f64::max);
    for bin in 0..places.bins.1 {
        let value = pull(middle(places.bins.0 + bin));
        let x = places.x.saturating_add(places.width.saturating_mul(bin as u16));
        let place = Rect { x: x + places.width.saturating_sub(1) / 2, width: 1, ..area }.intersection(area);
        let arrow = if value > 0.0 { "→" } else { "←" };
        let style = theme.shaded(theme.reg_term(), 0.35 + 0.65 * (value.abs() / limit));
        Label::new(arrow, style).render(place, buf, theme);
    }
}
