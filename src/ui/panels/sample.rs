//! The sample under the cursor: what goes in, what should come out, and what does.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use self::inputs::InputPlace;
use super::delta::through::unit_at_step;
use super::said::{AnswerText, held, tell, tell_then};
use crate::data::targets::holds;
use crate::data::{Targets, Task};
use crate::derivation::Subject;
use crate::derivation::graph::output_equations;
use crate::derivation::{Trace, equation};
use crate::error::printable;
use crate::keymap::{Action, Panel};
use crate::number::{fixed, short};
use crate::train::DenseView;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, through_time};
use crate::ui::table::TableRows;
use crate::ui::widgets::bars::Bar;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::{Along, InputView, View, ViewChange};

mod inputs;
pub(in crate::ui) mod sequence;
mod steps;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Sample,
    applies: always,
    title,
    draw,
    along: |view| if view.recurrent().is_some() { Along::Steps } else { Along::Samples },
    keys: &[
        Key {
            action: Action::Edit,
            applies: every,
            footer: Some("t set x"),
            help: "set the inputs by hand, paused, in a copy of the sample that is never trained on; U takes that back, s leaves the copy.",
            does: |_| None,
        },
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: unit_at_step },
        Key { action: Action::WriteOn, applies: sequence::is_text, footer: None, help: "", does: |_| None },
        Key {
            action: Action::Scale,
            applies: sequence::is_text,
            footer: Some("a temperature"),
            help: "the temperature that the network writes a text on at: 0.5, 0.8, 1, 1.2, or 0 for the likeliest.",
            does: sequence::next_temperature,
        },
        Key {
            action: Action::Picture,
            applies: every,
            footer: Some("i ∂J/∂x"),
            help: "∂J/∂x in place of x, or x again; where there is room both are shown.",
            does: other_input,
        },
    ],
    subject_at: Some(|view| Some(Subject::sample_cost(view.cursor.sample))),
    click: inputs::click,
    guest_of: &[Panel::Weight],
};

fn title(view: &View) -> Title {
    if let Some(net) = view.recurrent() {
        return sequence::title(view, net);
    }
    let sample = view.cursor.sample;
    let part = if sample.held_out { "held-out" } else { "training" };
    let count = view.dense().map(|snapshot| sample.part(snapshot.data).row.len());
    let of = count.map(|count| format!(" of {count}")).unwrap_or_default();
    let batch = if view.trace.as_ref().is_some_and(|trace| trace.in_batch) { "in the next batch" } else { "" };
    let (number, h) = (sample.row + 1, equation::OUTPUT.number);
    let (symbol, x) = match view.input {
        InputView::Values => ("x", equation::INPUT.number),
        InputView::Gradient => ("∂J/∂x", equation::GRAD_A.number),
    };
    let below = view.dense().is_some_and(|snapshot| inputs::is_below(view, snapshot));
    let with_h = if below { String::new() } else { format!(", h ({h})") };
    let what = format!("{part} sample {number}{of}: {symbol} ({x}){with_h}");
    let brief = match view.input {
        // Before it stands that it was edited.
        InputView::Values if sample.edited => format!("sample {number}: x, h ({h})"),
        InputView::Values => format!("{part} sample {number}: x, h ({h})"),
        InputView::Gradient => format!("{part} sample {number}: ∂J/∂x ({x})"),
    };
    Title { what, brief, scale: batch.into() }
}

/// ```text
///     .#@@*.       x (1.1.1)   target 1
///     .@* @@       says 1, right   J^(b) 0.0943 (1.2.1)
///      @@@@.       0  0.0213  |
///       .@@        1  0.9102  |##########
///     *@@@.        2  0.0608  |#
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    if let Some(net) = view.recurrent() {
        return sequence::draw(view, net, area, buf);
    }
    let (Some(snapshot), Some(trace)) = (view.dense(), &view.trace) else { return };
    if inputs::is_below(view, snapshot) {
        let mut rows = TableRows::new(area, buf, &view.theme);
        tell_verdict(view, (snapshot, trace), &mut rows);
        if usize::from(rows.left()) > snapshot.data.dataset.features.len().min(8) + 2 {
            tell_cost(view, (snapshot, trace), &mut rows);
        }
        return inputs::draw_features(view, (snapshot, trace), InputPlace::of_gradient(area.width), &mut rows);
    }
    let place = inputs::beside(view, (snapshot, trace), area);
    let [input, _, output] = inputs::columns_of(place, area);
    inputs::draw(view, (snapshot, trace), place, (input, buf));
    draw_output(view, (snapshot, trace), output, buf);
}

/// J^(b).
fn tell_cost(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), rows: &mut TableRows) {
    let made = output_equations(snapshot.network.output).cost;
    rows.pair((&["J^(b)"], &format!("({})", made.number)), (&short(trace.cost), 6), view.theme.text());
}

/// ∂J/∂x in place of x, or x again.
fn other_input(view: &View) -> Option<ViewChange> {
    Some(ViewChange::Input(view.input.next()))
}

fn draw_output(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let outputs = snapshot.data.dataset.targets.outputs();
    let name = |k: usize| outputs.get(k).map_or("?", String::as_str);
    let mut rows = TableRows::new(area, buf, theme);
    tell_verdict(view, (snapshot, trace), &mut rows);
    tell_cost(view, (snapshot, trace), &mut rows);
    tell_then(AnswerText::then_of(snapshot, trace), (snapshot.latest.epoch, "sample"), (&mut rows, theme));
    let Some(h) = trace.h() else { return };
    let wide = outputs.iter().map(|name| columns(name)).max().unwrap_or(1).min(area.width / 3);
    let largest = h.iter().fold(1.0_f64, |top, h| top.max(h.abs()));
    let is_number = snapshot.data.dataset.targets.task() == Task::Regression;
    let target = (0..h.len()).find(|&k| holds(trace.y()[k])).filter(|_| !is_number);
    // The target, then the answer, then the largest are always shown.
    let wanted = [target, trace.answer];
    let size = |k: usize| wanted.iter().position(|&wanted| wanted == Some(k)).map_or(h[k], |_| f64::INFINITY);
    let list =
        List { size: Some(&size), ..List::of(h.len(), target.map_or(ListPosition::Start, ListPosition::Cursor)) };
    rows.list(&list, 0, &mut |k, rows| {
        let Some((row, buf)) = rows.take() else { return };
        let [label, number, bar] = row.layout(
            &Layout::horizontal([Constraint::Length(wide), Constraint::Length(8), Constraint::Fill(1)]).spacing(1),
        );
        let is_target = !is_number && holds(trace.y()[k]);
        let style = if is_target { theme.key() } else { theme.text() };
        Label::new(name(k), style).render(label, buf, theme);
        Label::right(&fixed(h[k], 8), style).render(number, buf, theme);
        let style = if is_target { theme.good() } else { theme.faint() };
        Bar { value: h[k], limit: largest, style }.render(bar, buf, theme);
    });
}

/// What should come out, and what does.
fn tell_verdict(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), rows: &mut TableRows) {
    let targets = &snapshot.data.dataset.targets;
    let class = |class: usize| targets.classes().get(class).map_or_else(String::new, |name| printable(name));
    let (target, said) = match targets {
        Targets::Classes { .. } => {
            let part = trace.sample.part(snapshot.data);
            (class(part.class[trace.sample.row]), trace.answer.map_or_else(String::new, class))
        }
        Targets::Labels { names, .. } => {
            (held(names, &trace.y().to_vec()), held(names, &trace.h().map(|h| h.to_vec()).unwrap_or_default()))
        }
        Targets::Numbers { .. } => return tell_numbers(view, (snapshot, trace), rows),
    };
    let was = AnswerText::then_of(snapshot, trace).is_some();
    tell("", [&target, &said], (trace.right, was), (rows, &view.theme));
}

/// The numbers in their own unit: target, and what is said.
fn tell_numbers(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), rows: &mut TableRows) {
    let theme = &view.theme;
    let Some(h) = trace.h() else { return };
    let scaling = &snapshot.data.target_scaling;
    let now = if AnswerText::then_of(snapshot, trace).is_some() { "now says" } else { "says" };
    let names = snapshot.data.dataset.targets.outputs();
    // Below them are rows for J and the outputs as they are.
    let below = (rows.left() / 2).max(2).min(rows.left().saturating_sub(1));
    // In one line, or in two where one has no room for both numbers.
    let width = rows.width();
    let texts = |k: usize| {
        let (y, said) = (short(scaling.unscaled(trace.y()[k], k)), short(scaling.unscaled(h[k], k)));
        let [target, says] = [format!("target {} {y}", printable(&names[k])), format!("{now} {said}")];
        let one = format!("{target}, {says}");
        if columns(&theme.spell(&one)) <= width {
            return vec![one];
        }
        vec![pick(&[&target, &format!("target {y}")], width, theme).into(), says]
    };
    let height = |k: usize| texts(k).len() as u16;
    rows.list(&List { rows: &height, ..List::of(names.len(), ListPosition::Start) }, below, &mut |k, rows| {
        texts(k).iter().for_each(|text| rows.line(text, theme.key()));
    });
}
