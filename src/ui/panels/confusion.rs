//! What is taken for what: targets against answers after the last epoch, and the samples of a cell, the worst first.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};

use super::fit::{self, cost_symbol, place_columns, place_texts, right};
use super::said::AnswerText;
use crate::data::Task;
use crate::derivation::{AnsweredSample, Confusion, PartAnswers, Sample, Trace, worst};
use crate::error::printable;
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::{fixed, percent, short};
use crate::theme::Depth;
use crate::theme::values::ColorScale;
use crate::train::Snapshot;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, nothing};
use crate::ui::table::{TableColumn, TableRows};
use crate::ui::widgets::heatmap::visible;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::View;
use crate::view::{Along, ConfusionView, ViewChange};

mod thumbnails;

/// Columns that the matrix gets at least beside the list of the worst samples.
const MATRIX: u16 = 50;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Confusion,
    applies: always,
    title,
    draw,
    along: |_| Along::Confusion,
    keys: &[
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "the held-out part, or the training part.",
            does: other_part,
        },
        Key {
            action: Action::Open,
            applies: every,
            footer: None,
            help: "the samples of a cell, the worst first.",
            does: open,
        },
        Key { action: Action::Back, applies: every, footer: None, help: "", does: leave_list },
    ],
    subject_at: None,
    click: nothing,
    guest_of: &[Panel::Sample, Panel::Weight],
};

fn other_part(view: &View) -> Option<ViewChange> {
    if view.snapshot.as_ref().is_some_and(|snapshot| snapshot.data.held_out() == 0) {
        return Some(ViewChange::Say("nothing is held out: these are all samples there are".into()));
    }
    Some(ViewChange::Confusion(ConfusionView { held_out: !view.is_of_held_out(), list: None, ..view.confusion }))
}

/// From a cell to its samples; in the list there is no further to go.
fn open(view: &View) -> Option<ViewChange> {
    Some(if view.confusion.list.is_none() { ViewChange::Worst(0) } else { ViewChange::Confusion(view.confusion) })
}

fn leave_list(view: &View) -> Option<ViewChange> {
    view.confusion.list.map(|_| ViewChange::Confusion(ConfusionView { list: None, ..view.confusion }))
}

fn title(view: &View) -> Title {
    let (part, brief) = if view.is_of_held_out() { ("held-out", "test") } else { ("training", "train") };
    let epoch = view.snapshot.as_ref().map_or(0, |snapshot| snapshot.latest.epoch);
    let task = view.snapshot.as_ref().map_or(Task::Classes, |snapshot| snapshot.data.task());
    let (name, what) = match task {
        Task::Classes | Task::Binary => ("confusion", "target \u{2193}, answer \u{2192}"),
        Task::Regression => ("fit", "target \u{2192}, h \u{2191}"),
        Task::Labels => ("labels", "how often they hold, and are said to"),
    };
    // The moment is in both forms: at no width is a count shown without it.
    Title {
        what: format!("{name} of the {part} part after epoch {epoch}: {what}"),
        brief: format!("{name} after epoch {epoch}, {brief}"),
        scale: String::new(),
    }
}

/// ```text
///            0   1   2   3
///        0  35       1        held-out part: 351 of 359 right, 97.8 %
///       >1      36            1 taken for 3: 2 of 37, 5.4 %
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(snapshot) = &view.snapshot else { return };
    let Some(part) = PartAnswers::of(snapshot, view.is_of_held_out()) else { return };
    match (view.confusion.list, Confusion::of_part(&part)) {
        (Some(_), _) => draw_list(view, (snapshot, &part), (area, buf)),
        (None, Some(confusion)) => draw_matrix(view, (snapshot, &part, &confusion), area, buf),
        (None, None) => fit::draw(view, snapshot, area, buf),
    }
}

fn draw_matrix(
    view: &View,
    (snapshot, part, confusion): (&Snapshot, &PartAnswers<'_>, &Confusion),
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &view.theme;
    let Some((target, answer)) = view.confused() else { return };
    let names: Vec<String> = snapshot.data.classes().iter().map(|name| printable(name)).collect();
    let area = beside_worst(view, (snapshot, part, &names), area, buf);
    let (gutter, width) = matrix_columns(&names, confusion, area.width);
    let matrix = gutter.saturating_add(width.saturating_mul(u16::try_from(names.len()).unwrap_or(u16::MAX)));
    let area = thumbnails::beside(view, (snapshot, &names, matrix), area, buf);
    let mut rows = TableRows::new(area, buf, theme);
    let (right, all) = confusion.right();
    let each = part.each();
    let counted = if each == "sample" { String::new() } else { format!(" {each}s") };
    rows.line(&format!("{right} of {all}{counted} right, {}", share(right, all)), theme.text());
    let said = confusion.share(target, answer).map_or_else(|| "none".into(), percent);
    let count = confusion.counts[[target, answer]];
    let what = if target == answer { "answered rightly" } else { "taken for it" };
    let full = format!("{} → {}: {count} {what}, {said} of its {each}s", names[target], names[answer]);
    let brief = format!("{} → {}: {count} {what}, {said}", names[target], names[answer]);
    rows.line(pick(&[&full, &brief], area.width, theme), theme.key());
    // The columns are as wide as the largest count, the names of the rows get up to a third.
    let (gutter, width) = matrix_columns(&names, confusion, area.width);
    let across = usize::from(area.width.saturating_sub(gutter) / width);
    let shown = visible(names.len(), across, Some(answer), answer.saturating_sub(across / 2));
    if let Some((row, buf)) = rows.take() {
        for (index, column) in shown.clone().enumerate() {
            let style = if column == answer { theme.key() } else { theme.faint() };
            let x = row.x.saturating_add(gutter).saturating_add(index as u16 * width);
            Label::right(&names[column], style).render(Rect { x, width: width.saturating_sub(1), ..row }, buf, theme);
        }
    }
    let hidden = names.len() - shown.len();
    rows.list(&List::of(names.len(), ListPosition::Cursor(target)), u16::from(hidden > 0), &mut |line, rows| {
        let Some((row, buf)) = rows.take() else { return };
        let mark = if line == target { ">" } else { " " };
        let style = if line == target { theme.key() } else { theme.faint() };
        let place = Rect { width: gutter.saturating_sub(1), ..row };
        Label::right(&format!("{mark}{}", names[line]), style).render(place, buf, theme);
        for (index, column) in shown.clone().enumerate() {
            let x = row.x.saturating_add(gutter).saturating_add(index as u16 * width);
            let place = Rect { x, width, ..row }.intersection(row);
            draw_count(view, confusion, (line, column), (place, buf));
        }
    });
    if hidden > 0 {
        let text = format!("{hidden} more across");
        rows.line(&text, theme.faint());
    }
}

/// Columns of the names beside the matrix, and of each of its counts.
fn matrix_columns(names: &[String], confusion: &Confusion, room: u16) -> (u16, u16) {
    let largest = confusion.counts.iter().copied().max().unwrap_or(0).to_string().len() as u16;
    let gutter = names.iter().map(|name| columns(name)).max().unwrap_or(0).min(room / 3).saturating_add(2);
    // With brackets for the one under the cursor, and with whole names, where there is room.
    let (least, bracketed) = (largest.max(2).saturating_add(1), largest.max(2).saturating_add(2));
    let named = names.iter().map(|name| columns(name).saturating_add(2)).max().unwrap_or(0).max(bracketed);
    let fits = |width: &u16| usize::from(*width) * names.len() <= usize::from(room.saturating_sub(gutter));
    (gutter, [named, bracketed].into_iter().find(fits).unwrap_or(least))
}

/// Where there is room, the worst samples of the whole part stand at the right; returns what is left for the matrix.
fn beside_worst(
    view: &View,
    (snapshot, part, names): (&Snapshot, &PartAnswers<'_>, &[String]),
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let widest = names.iter().map(|name| columns(name)).max().unwrap_or(0).clamp(6, 16);
    let each = part.each();
    let places = place_columns(each);
    let wanted = 2 * widest + 12 + places.iter().map(|(_, width)| width + 1).sum::<u16>();
    if area.width < MATRIX.saturating_add(wanted) {
        return area;
    }
    let [left, _, list] =
        area.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(2), Constraint::Length(wanted)]));
    let theme = &view.theme;
    let mut rows = TableRows::new(list, buf, theme);
    let epoch = snapshot.latest.epoch;
    let forms = [format!("the worst {each}s after epoch {epoch}"), format!("the worst after epoch {epoch}")];
    rows.line(pick(&forms.each_ref().map(String::as_str), list.width, theme), theme.key());
    let name = TableColumn { width: widest, right: false };
    // A target that is a number is kept apart from that of the sample.
    let target_column = TableColumn { width: widest + 1, right: false };
    let columns: Vec<TableColumn> =
        places.iter().map(|&(_, width)| right(width)).chain([target_column, name, right(8)]).collect();
    let heads = places.iter().map(|&(head, _)| head).chain([" target", "says", cost_symbol(each)]);
    rows.cells(&columns, &heads.map(|head| (head.to_string(), theme.faint())).collect::<Vec<_>>());
    let samples = worst(snapshot, view.is_of_held_out(), None);
    rows.list(&List::of(samples.len(), ListPosition::Start), 0, &mut |index, rows| {
        let said = &samples[index];
        let Some((target, answer)) = said.classes else { return };
        let says = if target == answer { theme.text() } else { theme.bad() };
        let numbers = place_texts(each, said).into_iter().map(|text| (text, theme.text()));
        let answers = [(format!(" {}", names[target]), theme.text()), (names[answer].clone(), says)];
        let texts: Vec<_> = numbers.chain(answers).chain([(fixed(said.cost, 8), theme.text())]).collect();
        rows.cells(&columns, &texts);
    });
    left
}

/// One count on the colour of its share of the row; a zero is left blank, so that the others stand out.
fn draw_count(view: &View, confusion: &Confusion, at: (usize, usize), (place, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let count = confusion.counts[[at.0, at.1]];
    let selected = view.confusion.cell == at;
    let style = match confusion.share(at.0, at.1).filter(|_| count > 0) {
        Some(share) if theme.depth > Depth::Mono => {
            let back = theme.value(&ColorScale::Sequential { low: 0.0, high: 1.0 }, share);
            Style::new().fg(theme.ink_on(back)).bg(back)
        }
        _ => theme.text(),
    };
    let text = if count > 0 || selected { count.to_string() } else { String::new() };
    let width = usize::from(place.width);
    // The cell under the cursor keeps its colour where there is room for brackets.
    let has_brackets = width > text.len() + 1 && width > 3;
    let (text, style) = match (selected, has_brackets) {
        (true, true) => (format!("[{text}]"), style.add_modifier(Modifier::BOLD)),
        (true, false) => (text, style.add_modifier(Modifier::BOLD | Modifier::REVERSED)),
        (false, true) => (format!("{text} "), style),
        (false, false) => (text, style),
    };
    Label::new(&format!("{text:>width$}"), style).render(place, buf, theme);
}

/// The samples of the cell under the cursor, the worst after the epoch first; the answer of now for the chosen one is beside it.
fn draw_list(view: &View, (snapshot, part): (&Snapshot, &PartAnswers<'_>), (area, buf): (Rect, &mut Buffer)) {
    let (theme, each, samples) = (&view.theme, part.each(), view.listed());
    let name = |class: usize| snapshot.data.classes().get(class).map_or_else(String::new, |name| printable(name));
    let mut rows = TableRows::new(area, buf, theme);
    let plural = if samples.len() == 1 { "" } else { "s" };
    let of = view.confused().map(|(target, answer)| format!("{} → {}: ", name(target), name(answer)));
    let brief = format!("{}{} {each}{plural}, the worst first", of.unwrap_or_default(), samples.len());
    rows.line(pick(&[&format!("{brief}; Esc back"), &brief], area.width, theme), theme.key());
    let places = place_columns(each);
    let columns: Vec<TableColumn> = places.iter().map(|&(_, width)| width.max(5)).chain([9]).map(right).collect();
    let heads = places.iter().map(|&(head, _)| head).chain([cost_symbol(each)]);
    rows.cells(&columns, &heads.map(|head| (head.to_string(), theme.faint())).collect::<Vec<_>>());
    let at = view.marked(&samples);
    rows.list(&List::of(samples.len(), ListPosition::Cursor(at)), 0, &mut |index, rows| {
        let said = &samples[index];
        let style = if index == at { theme.selected() } else { theme.text() };
        let numbers = place_texts(each, said).into_iter().map(|text| (text, style));
        let rest = rows.cells(&columns, &numbers.chain([(short(said.cost), theme.text())]).collect::<Vec<_>>());
        if let (Some(rest), true) = (rest, index == at) {
            let forms = now(view, (snapshot, part), said);
            let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
            Label::new(pick(&forms, rest.width, theme), theme.key()).render(rest, rows.buffer(), theme);
        }
    });
}

/// What is said now where the mark is, from the longest form to the shortest.
fn now(view: &View, (snapshot, part): (&Snapshot, &PartAnswers<'_>), said: &AnsweredSample) -> Vec<String> {
    let held_out = view.is_of_held_out();
    let is_traced = |trace: &&Trace| trace.sample == Sample::of(held_out, said.row);
    let found = view.trace.as_ref().filter(is_traced).and_then(|trace| match (snapshot.dense(), view.recurrent()) {
        (Some(dense), _) => Some(AnswerText::now(dense, trace)),
        (None, Some(net)) => AnswerText::of_step(net, said.t),
        (None, None) => None,
    });
    match found {
        Some(AnswerText { answer, cost }) => {
            let cost = short(cost);
            let long = format!("now says {answer}, {} {cost}", cost_symbol(part.each()));
            vec![long, format!("now {answer}, J {cost}"), format!("J {cost}, {answer}")]
        }
        None => Vec::new(),
    }
}

fn share(part: usize, all: usize) -> String {
    if all == 0 { "-".into() } else { percent(part as f64 / all as f64) }
}
