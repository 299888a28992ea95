//! The sample under the cursor: what goes in, what should come out, and what does.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::delta::through::unit_at_step;
use super::said::{AnswerText, held, tell, tell_then};
use crate::data::targets::holds;
use crate::data::{Targets, Task};
use crate::derivation::Subject;
use crate::derivation::{Trace, equation};
use crate::error::printable;
use crate::keymap::{Action, Panel};
use crate::number::{fixed, short, signed_fixed};
use crate::theme::values::ColorScale;
use crate::train::DenseView;
use crate::ui::panel::{Key, PanelEntry, Title, always, nothing, through_time};
use crate::ui::table::TableRows;
use crate::ui::widgets::bars::Bar;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::picture::Picture;
use crate::view::Along;
use crate::view::View;

pub(in crate::ui) mod sequence;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Sample,
    applies: always,
    title,
    draw,
    along: |view| if view.recurrent().is_some() { Along::Steps } else { Along::Samples },
    keys: &[
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: unit_at_step },
        Key { action: Action::WriteOn, applies: sequence::is_text, footer: None, help: "", does: |_| None },
        Key {
            action: Action::Scale,
            applies: sequence::is_text,
            footer: Some("a temperature"),
            help: "the temperature that the network writes a text on at: 0.5, 0.8, 1, 1.2, or 0 for the likeliest.",
            does: sequence::next_temperature,
        },
    ],
    subject_at: Some(|view| Some(Subject::sample_cost(view.cursor.sample))),
    click: nothing,
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
    let (number, x, h) = (sample.row + 1, equation::INPUT.number, equation::OUTPUT.number);
    let what = format!("{part} sample {number}{of}: x ({x}), h ({h})");
    Title { what, brief: format!("{part} sample {number}: x, h ({h})"), scale: batch.into() }
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
    let size = input_width(view, (snapshot, trace), area);
    let [input, _, output] =
        area.layout(&Layout::horizontal([Constraint::Length(size), Constraint::Length(1), Constraint::Fill(1)]));
    draw_input(view, (snapshot, trace), input, buf);
    draw_output(view, (snapshot, trace), output, buf);
}

/// The columns that the input gets: a picture as many as it fills of three fifths, a list of features up to half.
fn input_width(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), area: Rect) -> u16 {
    let Some((height, width)) = snapshot.data.dataset.image.map(|(width, height)| (height, width)) else {
        let names = snapshot.data.dataset.features.iter().map(|name| columns(name)).max().unwrap_or(0);
        return names.saturating_add(19).min(area.width.saturating_mul(3) / 5);
    };
    let room = Rect { width: area.width.saturating_mul(3) / 5, ..area };
    let value = pixel(snapshot, trace, width);
    let scale = ColorScale::Grey { low: 0.0, high: 1.0 };
    let picture = Picture { rows: height, columns: width, value: &value, scale, selected: None };
    picture.size(room, &view.theme).0.min(room.width)
}

/// The pixels of the sample, unscaled.
fn pixel(snapshot: DenseView<'_>, trace: &Trace, width: usize) -> impl Fn(usize, usize) -> f64 {
    let row = trace.sample.part(snapshot.data).row[trace.sample.row];
    move |y, x| snapshot.data.dataset.x[[row, y * width + x]]
}

fn draw_input(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let part = trace.sample.part(snapshot.data);
    let dataset = &snapshot.data.dataset;
    let row = part.row[trace.sample.row];
    if let Some((width, height)) = dataset.image {
        let high = dataset.x.row(row).iter().fold(0.0_f64, |top, value| top.max(value.abs()));
        let value = pixel(snapshot, trace, width);
        let scale = ColorScale::Grey { low: 0.0, high };
        Picture { rows: height, columns: width, value: &value, scale, selected: None }.render(area, buf, theme);
        return;
    }
    let mut rows = TableRows::new(area, buf, theme);
    rows.line(&format!("x ({}), scaled", equation::INPUT.number), theme.faint());
    // The feature whose unit is under the cursor is always there.
    let at = view.cursor.i.checked_sub(1).map_or(ListPosition::Start, ListPosition::Cursor);
    rows.list(&List::of(dataset.features.len(), at), 0, &mut |i, rows| {
        let name = &dataset.features[i];
        let raw = format!("was {}", short(dataset.x[[row, i]]));
        rows.pair((&[&printable(name)], &raw), (&signed_fixed(part.x[[trace.sample.row, i]], 8), 8), theme.text());
    });
}

fn draw_output(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let outputs = snapshot.data.dataset.targets.outputs();
    let name = |k: usize| outputs.get(k).map_or("?", String::as_str);
    let mut rows = TableRows::new(area, buf, theme);
    tell_verdict(view, (snapshot, trace), &mut rows);
    let made = equation::sample_cost(snapshot.network.output);
    rows.pair((&["J^(b)"], &format!("({})", made.number)), (&short(trace.cost), 6), theme.text());
    tell_then(AnswerText::then_of(snapshot, trace), (snapshot.latest.epoch, "sample"), (&mut rows, theme));
    let Some(h) = trace.h() else { return };
    let wide = outputs.iter().map(|name| columns(name)).max().unwrap_or(1).min(area.width / 3);
    let largest = h.iter().fold(1.0_f64, |top, h| top.max(h.abs()));
    let is_number = snapshot.data.dataset.targets.task() == Task::Regression;
    let target = (0..h.len()).find(|&k| holds(trace.y[k])).filter(|_| !is_number);
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
        let is_target = !is_number && holds(trace.y[k]);
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
            (held(names, &trace.y.to_vec()), held(names, &trace.h().map(|h| h.to_vec()).unwrap_or_default()))
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
        let (y, said) = (short(scaling.unscaled(trace.y[k], k)), short(scaling.unscaled(h[k], k)));
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
