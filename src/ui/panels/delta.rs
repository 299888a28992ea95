//! δ of every layer: for the sample under the cursor, or the mean of its magnitude over the batch.

use ndarray::ArrayView1;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::why;
use crate::derivation::equation::{HIDDEN_DELTA, OUTPUT_DELTA};
use crate::derivation::graph::output_equations;
use crate::derivation::{QuantityKey, Subject, letter};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::{brief, fixed, signed_fixed, times};
use crate::theme::values::ColorScale;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, nothing, through_time};
use crate::ui::table::{TableColumn, TableRows, named};
use crate::ui::widgets::bars::{SignedBar, Strip};
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::sparkline::{Axis, Sparkline};
use crate::view::ViewChange;
use crate::view::{DeltaView, View};

pub(in crate::ui) mod through;

/// Columns of a unit's name and number before its bar.
const NAME: u16 = 4;
const NUMBER: u16 = 9;
/// Columns of a layer's scale, and of a row from which on it has its past, too.
const SCALE: u16 = 8;
const WITH_PAST: u16 = 44;
/// From so many rows on, the units have a line of their own above them.
const HEADED: u16 = 5;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Delta,
    applies: always,
    title,
    draw,
    along: through::along_units,
    keys: &[
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: through::unit_at_step },
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "δ of the sample, its mean over the batch, or why it is small; through time ∂J/∂h, δ, h or a gate.",
            does: next_shown,
        },
        Key {
            action: Action::Scale,
            applies: every,
            footer: None,
            help: "a scale of its own for each layer (through time for each step), or one in all.",
            does: other_scale,
        },
    ],
    subject_at: Some(|view| Some(Subject::unit(letter::DELTA, view.cursor.l + 1, (view.cursor.sample, view.cursor.j)))),
    click: nothing,
    guest_of: &[],
};

fn next_shown(view: &View) -> Option<ViewChange> {
    Some(through::next_grid(view).unwrap_or_else(|| ViewChange::Delta(view.delta.next())))
}

fn other_scale(view: &View) -> Option<ViewChange> {
    Some(ViewChange::SharedScale(!view.shared_scale))
}

fn title(view: &View) -> Title {
    if let Some(net) = view.recurrent() {
        return through::title(view, net);
    }
    let output = view.dense().map_or(OUTPUT_DELTA, |snapshot| output_equations(snapshot.network.output).delta);
    let equations = format!("({}, {})", output.number, HIDDEN_DELTA.number);
    let (what, symbol) = match view.delta {
        DeltaView::Mean => (format!("mean |δ^(l)| over the next batch {equations}"), "mean |δ^(l)|"),
        DeltaView::Sample => (format!("δ^(l) of sample {} {equations}", view.cursor.sample.row + 1), "δ^(l)"),
        DeltaView::Why => return why::title(view),
    };
    let scale = match view.shared_scale {
        true => format!("one scale ±{}", brief(view.delta_limit(2))),
        false => "own scales".into(),
    };
    Title { what, brief: format!("{symbol} {equations}"), scale }
}

/// ```text
/// δ^(l)  ‖δ‖     scale  units                       past ‖δ‖
/// δ^(3)  0.1122  ±0.2   [+][-][ ][-][ ][+]          ⣀⣤⣶⣿
/// δ^(2)  0.0512  ×1/4   [-][+][ ][+][-][ ][ ][ ]    ⣀⣤⣶⣿
/// δ^(2): 25 units, bars to ±0.05
///   1 +0.01210           |===
///   2 -0.02680     ======|
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    if let Some(net) = view.recurrent() {
        return through::draw(view, net, area, buf);
    }
    let Some(snapshot) = view.dense() else { return };
    if view.delta == DeltaView::Why {
        return why::draw(view, area, buf);
    }
    let depth = snapshot.depth();
    let layers = u16::try_from(depth - 1).unwrap_or(u16::MAX);
    let above = layers.saturating_add(1).min(area.height / 2).max(1);
    let [overview, units] = area.layout(&Layout::vertical([Constraint::Length(above), Constraint::Fill(1)]));
    draw_overview(view, overview, buf);
    draw_units(view, units, buf);
}

/// δ^(l) as this panel shows it.
fn delta(view: &View, l: usize) -> Option<ArrayView1<'_, f64>> {
    if view.delta == DeltaView::Mean {
        let dense = view.dense()?;
        // A reset may have left fewer layers.
        (2..=dense.depth()).contains(&l).then(|| dense.mean_delta(l))
    } else {
        view.trace.as_ref()?.delta(l)
    }
}

fn draw_overview(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = view.dense() else { return };
    let mut rows = TableRows::new(area, buf, theme);
    let Some((row, buf)) = rows.take() else { return };
    let [layer, norm, scale, units, past] = overview_columns(row, view);
    Label::new("δ^(l)", theme.faint()).render(layer, buf, theme);
    Label::new("scale", theme.faint()).render(scale, buf, theme);
    Label::right(pick(&["‖δ‖", "|delta|"], norm.width, theme), theme.faint()).render(norm, buf, theme);
    let cells = ["unit by unit, sign in the cell", "units, sign in the cell", "units, sign", "units"];
    Label::new(pick(&cells, units.width, theme), theme.faint()).render(units, buf, theme);
    let so_far = [
        "batch mean of ‖δ‖, steps seen, log",
        "batch mean of ‖δ‖, log",
        "batch mean, log",
        "batch mean",
        "past mean",
        "past",
    ];
    Label::new(pick(&so_far, past.width, theme), theme.faint()).render(past, buf, theme);
    let selected = view.cursor.l + 1;
    // From the output back, as δ is made.
    let layers: Vec<usize> = (2..=snapshot.depth()).rev().collect();
    let at = layers.iter().position(|&l| l == selected).unwrap_or(0);
    let size = |index: usize| delta(view, layers[index]).map_or(0.0, |delta| delta.dot(&delta));
    let list = List { size: Some(&size), ..List::of(layers.len(), ListPosition::Cursor(at)) };
    rows.list(&list, 0, &mut |index, rows| {
        if let Some((row, buf)) = rows.take() {
            draw_layer(view, layers[index], (row, buf));
        }
    });
}

fn overview_columns(row: Rect, view: &View) -> [Rect; 5] {
    let depth = view.dense().map_or(2, |snapshot| snapshot.depth());
    let name = TableColumn::of_names("δ", depth, &view.theme).width;
    // One scale of all is in the title; where there is a column of scales, the past needs room for itself.
    let [scale, past] = match view.shared_scale {
        true => [Constraint::Length(0), Constraint::Fill(2)],
        false if row.width < WITH_PAST => [Constraint::Length(SCALE), Constraint::Length(0)],
        false => [Constraint::Length(SCALE), Constraint::Fill(2)],
    };
    let widths = [Constraint::Length(name), Constraint::Length(8), scale, Constraint::Fill(3), past];
    let mut columns = row.layout(&Layout::horizontal(widths).spacing(1));
    if view.shared_scale {
        // No column, and no space after it.
        let units = &mut columns[3];
        (units.x, units.width) = (units.x.saturating_sub(1), units.width + 1);
    }
    columns
}

/// The scale of a layer's colours: the largest of all as it is, another one by how much smaller it is.
fn scale_of(view: &View, l: usize) -> String {
    let factor = view.delta_factor(l);
    if factor > 1.0 { format!("×1/{}", times(factor)) } else { format!("±{}", brief(view.delta_limit(l))) }
}

/// One layer's row: its norm, a cell for each unit, and its past.
fn draw_layer(view: &View, l: usize, (row, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let [layer, norm, scale, units, past] = overview_columns(row, view);
    let selected = l == view.cursor.l + 1;
    let style = if selected { theme.selected() } else { theme.text() };
    Label::new(&named("δ", l), style).render(layer, buf, theme);
    let Some(delta) = delta(view, l) else { return };
    let length = delta.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
    Label::right(&fixed(length, 8), theme.text()).render(norm, buf, theme);
    Label::new(&scale_of(view, l), theme.text()).render(scale, buf, theme);
    let values: Vec<f64> = delta.to_vec();
    let chosen = selected.then_some(view.cursor.j);
    let scale = ColorScale::Signed { limit: view.delta_limit(l) };
    Strip { values: &values, scale, selected: chosen, offset: 0 }.render(units, buf, theme);
    let so_far = view.layers.of(l - 1, |norms| norms.of_units(|units| units.delta));
    Sparkline { values: &so_far, axis: Axis::Log, range: None, style: theme.text() }.render(past, buf, theme);
}

/// The units of the layer under the cursor, one bar a unit.
fn draw_units(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let l = view.cursor.l + 1;
    let Some(delta) = delta(view, l) else { return };
    let limit = view.delta_limit(l);
    let mut rows = TableRows::new(area, buf, theme);
    if area.height >= HEADED {
        let what = format!("{} units, bars to ±{}", delta.len(), brief(limit));
        let meaning = view.graph().and_then(|graph| graph.meaning(QuantityKey::layer(letter::DELTA, l)));
        let forms = [format!("{}: {what}", meaning.unwrap_or_default()), format!("{}: {what}", named("δ", l))];
        rows.line(pick(&forms.each_ref().map(String::as_str), area.width, theme), theme.faint());
    }
    let list = List { size: Some(&|j| delta[j]), ..List::of(delta.len(), ListPosition::Cursor(view.cursor.j)) };
    rows.list(&list, 0, &mut |j, rows| {
        let (Some((row, buf)), value) = (rows.take(), delta[j]) else { return };
        let [name, number, bar] = row.layout(
            &Layout::horizontal([Constraint::Length(NAME), Constraint::Length(NUMBER), Constraint::Fill(1)]).spacing(1),
        );
        let style = if j == view.cursor.j { theme.selected() } else { theme.text() };
        Label::right(&format!("{}", j + 1), style).render(name, buf, theme);
        let text = if view.delta == DeltaView::Mean { fixed } else { signed_fixed };
        Label::right(&text(value, usize::from(NUMBER)), theme.text()).render(number, buf, theme);
        SignedBar { value, limit }.render(bar, buf, theme);
    });
}
