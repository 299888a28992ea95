//! The network unrolled in time, step beside step, or folded into one: x_t, h_t and o_t of the sequence under the cursor.

use ndarray::{Array2, ArrayView1};
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::at_step::{AtStep, KnownUnits};
use crate::derivation::graph::definition::Definition;
use crate::derivation::{Phase, Walk, cell_equations};
use crate::nn::Named;
use crate::nn::recurrent::OutputSteps;
use crate::text;
use crate::theme::values::ColorScale;
use crate::train::RecurrentView;
use crate::ui::panel::Title;
use crate::ui::panels::sample::sequence;
use crate::ui::widgets::bars::Strip;
use crate::ui::widgets::heatmap::visible;
use crate::ui::widgets::label::{Label, pick};
use crate::view::{InGrid, View, ViewChange};

/// Rows of the steps above the units of one, without a c.
const STRIPS: u16 = 9;
/// Rows of the equations below a folded network.
const LINES: u16 = 12;
/// Columns of the equations beside a folded network, and those from which on they are beside it.
const EQUATIONS: u16 = 58;
const WIDE: u16 = 116;
/// Columns that a step has at least.
const NARROWEST: u16 = 12;

/// The next number of its units that the panel shows, of a recurrent network.
pub(super) fn next(view: &View) -> Option<ViewChange> {
    view.recurrent().map(|net| ViewChange::Unrolled(view.unrolled.next(net.network.cell)))
}

/// What is shown of the units: of a cell that does not have it, h.
fn shown_of_units(view: &View, net: RecurrentView<'_>) -> InGrid {
    if InGrid::all(net.network.cell).contains(&view.unrolled) { view.unrolled } else { InGrid::State }
}

pub(super) fn title(view: &View, net: RecurrentView<'_>) -> Title {
    let (inputs, units, outputs) = net.network.sizes();
    let form = if view.folded { "folded" } else { "unrolled" };
    let forms = match shown_of_units(view, net) {
        InGrid::State => [form.to_string(), form.to_string()],
        shown => shown.said(net).map(|said| format!("{form}, {said}")),
    };
    let [form, in_full] = &forms;
    let what = format!("network: {} {inputs}-{units}-{outputs}, {in_full}", net.network.cell.name());
    let scale = sequence::name(view);
    Title { brief: format!("{} {inputs}-{units}-{outputs}, {form}", net.network.cell.name()), what, scale }
}

/// ```text
///   o_3        o_4        o_5      at the steps that are read
///  ▄▄▄▄       ▄▄▄▄       ▄▄▄▄
///   ↑ Θ^o
///   h_3 ─Θ^h→  h_4 ─────→ h_5 ──→
///  ▄▄▄▄▄▄     ▄▄▄▄▄▄     ▄▄▄▄▄▄
///   ↑ Θ^x
///   x_3        x_4        x_5
/// ```
pub(super) fn draw(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let walk = view.snapshot.as_ref().zip(view.playhead).map(|(snapshot, at)| (Walk::of(snapshot, view.detail), at));
    // How many numbers of a symbol are computed at a step, as far as the walk has come.
    let known = |symbol: &str, t: usize| walk.as_ref().map_or(usize::MAX, |(walk, at)| walk.known(*at, symbol, t));
    let Some(graph) = view.graph() else { return };
    let shown = shown_of_units(view, net);
    let symbol = shown.definition(graph, net.network.sizes().1).map(Definition::symbol).unwrap_or_default();
    let t = view.cursor.t;
    let x = net.x().row(t - 1);
    let input = sequence::symbol(&net.sequences.inputs, x).unwrap_or_default();
    let at = AtStep { net, t, read: read_at(net, t), shown, symbol: &symbol, input: &input, known: &known };
    match (view.folded, around(view.folded, net, area)) {
        (false, Some([strips, units])) => {
            draw_steps((view, &known), (net, &symbol), (strips, buf));
            at.draw(view, (units, buf));
        }
        (true, Some([units, rest])) => {
            at.draw(view, (units, buf));
            equations(view, net, rest, buf);
        }
        // The equations need a larger panel.
        (true, None) if AtStep::fits(area) => at.draw(view, (area, buf)),
        (_, None) => draw_steps((view, &known), (net, &symbol), (area, buf)),
    }
}

/// The rows of the steps and the part below them for the units of one; of a folded network the part of the units and the one of its
/// equations, to the right or below. `None` where there is no room for units.
fn around(folded: bool, net: RecurrentView<'_>, area: Rect) -> Option<[Rect; 2]> {
    let strips = STRIPS + u16::from(net.network.cell.has_cell_state());
    let parts: [Rect; 2] = match folded {
        false => area.layout(&Layout::vertical([Constraint::Length(strips), Constraint::Fill(1)])),
        true if area.width >= WIDE => {
            area.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(EQUATIONS)]).spacing(2))
        }
        true => area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(LINES)])),
    };
    let units = parts[usize::from(!folded)];
    AtStep::fits(units).then_some(parts)
}

/// The row of the arrays of outputs that step t has, if it is read.
fn read_at(net: RecurrentView<'_>, t: usize) -> Option<usize> {
    match net.network.reads {
        OutputSteps::All => Some(t - 1),
        OutputSteps::Last => (t == net.steps()).then_some(0),
    }
}

/// The steps beside each other, as many as there is room for, or the one under the cursor.
fn draw_steps(
    (view, known): (&View, KnownUnits<'_>),
    (net, symbol): (RecurrentView<'_>, &str),
    (area, buf): (Rect, &mut Buffer),
) {
    let steps = net.steps();
    if area.height < 3 || area.width < NARROWEST {
        return;
    }
    let most = if view.folded { 1 } else { usize::from(area.width / NARROWEST).max(1) };
    let more = |shown: usize| format!("{} more steps", steps - shown);
    // The steps that there is no room for are counted below those that are shown.
    let (area, note) = if view.folded || most >= steps || area.height < 4 {
        (area, Rect::ZERO)
    } else {
        let [area, note] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
        (area, note)
    };
    let shown = visible(steps, most, Some(view.cursor.t - 1), (view.cursor.t - 1).saturating_sub(most / 2));
    Label::right(&more(shown.len()), view.theme.faint()).render(note, buf, &view.theme);
    let width = if view.folded { (area.width / 2).min(32) } else { area.width / shown.len().max(1) as u16 };
    for (place, at) in shown.clone().enumerate() {
        let column = Rect { x: area.x + place as u16 * width, width, ..area };
        draw_step((view, known), (net, symbol), (at + 1, at == shown.start), (column, buf));
    }
    if view.folded {
        let rest = Rect { x: area.x + width, width: area.width - width, ..area };
        equations(view, net, rest, buf);
    }
}

/// Step t, the first one shown or not, with the symbol of what is shown of its units: its rows from the output down to the input; rows that don't fit are left out, the arrows first.
fn draw_step(
    (view, known): (&View, KnownUnits<'_>),
    (net, symbol): (RecurrentView<'_>, &str),
    (t, first): (usize, bool),
    (area, buf): (Rect, &mut Buffer),
) {
    let theme = &view.theme;
    let reached = |values: &[f64], symbol: &str| values[..known(symbol, t).min(values.len())].to_vec();
    let last = t == net.steps();
    let row = |array: &Array2<f64>, step: usize| array.row(step).to_vec();
    let read = read_at(net, t);
    let shown = shown_of_units(view, net);
    let of_units: Vec<f64> = (0..net.network.sizes().1).filter_map(|unit| shown.value(net, (t, unit))).collect();
    let top = |values: &[f64]| values.iter().fold(0.0_f64, |top, value| top.max(value.abs())).max(1.0);
    let scale = match shown {
        InGrid::State => ColorScale::Signed { limit: top(&of_units) },
        shown => shown.scale(net),
    };
    let heading = if t == view.cursor.t { theme.selected() } else { theme.text() };
    let full = area.height >= 8;
    let mut y = area.y + if area.height > 10 { (area.height - 10) / 2 } else { 0 };
    let mut take = |height: u16| {
        let row = Rect { x: area.x, y, width: area.width.saturating_sub(1), height: 1 }.intersection(area);
        y = y.saturating_add(height);
        row
    };
    match read {
        Some(step) => {
            let o = row(net.o(), step);
            Label::new(&format!(" o_{t}"), heading).render(take(1), buf, theme);
            strip(&reached(&o, "o"), ColorScale::Signed { limit: top(&o) }, take(1), (buf, view));
        }
        None => {
            Label::new(&format!(" o_{t} –"), theme.faint()).render(take(2), buf, theme);
        }
    }
    if full {
        let sign = read.map_or("", |_| if first { " ↑ Θ^o" } else { " ↑" });
        Label::new(sign, theme.faint()).render(take(1), buf, theme);
    }
    // A line to the next step.
    let line = |from: &str| {
        let room =
            usize::from(area.width).saturating_sub(text::columns(&theme.spell(from)) + if theme.ascii { 3 } else { 2 });
        format!("{from}{}→", "─".repeat(room))
    };
    let arrow = match (view.folded, last, first) {
        _ if shown != InGrid::State => format!(" {symbol}_{t}"),
        (true, ..) => format!(" h_{t} ← Θ^h h_{}", t - 1),
        (_, true, _) => format!(" h_{t}"),
        (_, _, true) => line(&format!(" h_{t} Θ^h ")),
        _ => line(&format!(" h_{t} ")),
    };
    Label::new(&arrow, heading).render(take(1), buf, theme);
    let of_units = reached(&of_units, symbol);
    strip(&of_units, scale, take(1), (buf, view));
    if net.network.cell.has_cell_state() && full && shown == InGrid::State {
        let c = row(net.c(), t);
        strip(&reached(&c, "c"), ColorScale::Signed { limit: top(&c) }, take(1), (buf, view));
    }
    if full {
        Label::new(if first { " ↑ Θ^x" } else { " ↑" }, theme.faint()).render(take(1), buf, theme);
    }
    let x = row(net.x(), t - 1);
    let name = sequence::symbol(&net.sequences.inputs, ArrayView1::from(&x)).filter(|_| known("x", t) >= x.len());
    let with_name = name.map_or_else(|| format!(" x_{t}"), |name| format!(" x_{t} {name}"));
    Label::new(&with_name, heading).render(take(1), buf, theme);
    strip(&reached(&x, "x"), ColorScale::Signed { limit: top(&x) }, take(1), (buf, view));
}

/// Numbers as cells of colour, the first ones where they are too many; there are none before they are computed.
fn strip(values: &[f64], scale: ColorScale, area: Rect, (buf, view): (&mut Buffer, &View)) {
    let area = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(1), ..area };
    if values.is_empty() {
        let text = pick(&["not computed yet", "not yet", "-"], area.width, &view.theme);
        Label::new(text, view.theme.faint()).render(area, buf, &view.theme);
        return;
    }
    Strip { values, scale, selected: None, offset: 0 }.render(area, buf, &view.theme);
}

/// What the layer computes, beside the folded network.
fn equations(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let lines = cell_equations(net, Phase::Forward);
    let theme = &view.theme;
    let intro = pick(&["the same Θ at every step (3.2)", "(3.2)"], area.width, theme);
    for (line, text) in [intro].iter().chain(&lines).enumerate() {
        let row = Rect { y: area.y + 1 + line as u16, height: 1, ..area }.intersection(area);
        Label::new(text, if line == 0 { theme.faint() } else { theme.text() }).render(row, buf, theme);
    }
}
