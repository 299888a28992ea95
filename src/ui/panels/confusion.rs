//! What is taken for what: targets against answers after the last epoch, and the samples of a cell, the worst first.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};

use super::fit;
use super::said::AnswerText;
use crate::data::Task;
use crate::derivation::{Confusion, worst};
use crate::error::printable;
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::{fixed, percent, short};
use crate::theme::Depth;
use crate::theme::values::ColorScale;
use crate::train::DenseView;
use crate::ui::panel::{Key, PanelEntry, Title, every, nothing};
use crate::ui::table::{TableColumn, TableRows};
use crate::ui::widgets::heatmap::visible;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::View;
use crate::view::{Along, ConfusionView, ViewChange};

/// Columns that the matrix gets at least beside the list of the worst samples.
const MATRIX: u16 = 50;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Confusion,
    applies: rows_only,
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
    if view.dense().is_some_and(|snapshot| snapshot.data.test.is_none()) {
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

fn rows_only(view: &View) -> Result<(), String> {
    if view.recurrent().is_some() {
        Err("the answers for sequences are many to a sample: they are in panel 5, step by step".into())
    } else {
        Ok(())
    }
}

fn title(view: &View) -> Title {
    let (part, brief) = if view.is_of_held_out() { ("held-out", "test") } else { ("training", "train") };
    let epoch = view.dense().map_or(0, |snapshot| snapshot.latest.epoch);
    let task = view.dense().map_or(Task::Classes, |snapshot| snapshot.data.dataset.targets.task());
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
    let Some(snapshot) = view.dense() else { return };
    match (view.confusion.list, Confusion::of(&snapshot, view.is_of_held_out())) {
        (Some(at), _) => draw_list(view, snapshot, at, (area, buf)),
        (None, Some(confusion)) => draw_matrix(view, (snapshot, &confusion), area, buf),
        (None, None) => fit::draw(view, snapshot, area, buf),
    }
}

fn draw_matrix(view: &View, (snapshot, confusion): (DenseView<'_>, &Confusion), area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some((target, answer)) = view.confused() else { return };
    let names: Vec<String> = snapshot.data.dataset.targets.classes().iter().map(|name| printable(name)).collect();
    let area = beside_worst(view, (snapshot, &names), area, buf);
    let mut rows = TableRows::new(area, buf, theme);
    let (right, all) = confusion.right();
    rows.line(&format!("{right} of {all} right, {}", share(right, all)), theme.text());
    let said = confusion.share(target, answer).map_or_else(|| "none".into(), percent);
    let count = confusion.counts[[target, answer]];
    let what = if target == answer { "answered rightly" } else { "taken for it" };
    let full = format!("{} → {}: {count} {what}, {said} of its samples", names[target], names[answer]);
    let brief = format!("{} → {}: {count} {what}, {said}", names[target], names[answer]);
    rows.line(pick(&[&full, &brief], area.width, theme), theme.key());
    // The columns are as wide as the largest count, the names of the rows get up to a third.
    let largest = confusion.counts.iter().copied().max().unwrap_or(0).to_string().len() as u16;
    let gutter = names.iter().map(|name| columns(name)).max().unwrap_or(0).min(area.width / 3).saturating_add(2);
    let width = largest.max(2).saturating_add(1);
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

/// Where there is room, the worst samples of the whole part stand at the right; returns what is left for the matrix.
fn beside_worst(view: &View, (snapshot, names): (DenseView<'_>, &[String]), area: Rect, buf: &mut Buffer) -> Rect {
    let widest = names.iter().map(|name| columns(name)).max().unwrap_or(0).clamp(6, 16);
    let wanted = 2 * widest + 22;
    if area.width < MATRIX.saturating_add(wanted) {
        return area;
    }
    let [left, _, list] =
        area.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(2), Constraint::Length(wanted)]));
    let theme = &view.theme;
    let mut rows = TableRows::new(list, buf, theme);
    rows.line(&format!("the worst samples after epoch {}:", snapshot.latest.epoch), theme.key());
    let columns = [(7, true), (widest, false), (widest, false), (8, true)];
    let columns = columns.map(|(width, right)| TableColumn { width, right });
    rows.cells(&columns, &["sample", "target", "says", "J^(b)"].map(|head| (head.to_string(), theme.faint())));
    let samples = worst(&snapshot, view.is_of_held_out(), None);
    rows.list(&List::of(samples.len(), ListPosition::Start), 0, &mut |index, rows| {
        let said = &samples[index];
        let Some((target, answer)) = said.classes else { return };
        let says = if target == answer { theme.text() } else { theme.bad() };
        let texts = [
            ((said.row + 1).to_string(), theme.text()),
            (names[target].clone(), theme.text()),
            (names[answer].clone(), says),
            (fixed(said.cost, 8), theme.text()),
        ];
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
    let style = if selected { style.add_modifier(Modifier::BOLD | Modifier::REVERSED) } else { style };
    let text = if count > 0 || selected { count.to_string() } else { String::new() };
    let width = usize::from(place.width);
    Label::new(&format!("{text:>width$}"), style).render(place, buf, theme);
}

/// The samples of the cell under the cursor, the worst after the epoch first; the answer of now for the chosen one is beside it.
fn draw_list(view: &View, snapshot: DenseView<'_>, at: usize, (area, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let samples = worst(&snapshot, view.is_of_held_out(), view.confused());
    let name = |class: usize| {
        snapshot.data.dataset.targets.classes().get(class).map_or_else(String::new, |name| printable(name))
    };
    let mut rows = TableRows::new(area, buf, theme);
    let plural = if samples.len() == 1 { "" } else { "s" };
    let of = view.confused().map(|(target, answer)| format!("{} → {}: ", name(target), name(answer)));
    let brief = format!("{}{} sample{plural}, the worst first", of.unwrap_or_default(), samples.len());
    rows.line(pick(&[&format!("{brief}; Esc back"), &brief], area.width, theme), theme.key());
    let columns = [9, 9].map(|width| TableColumn { width, right: true });
    rows.cells(&columns, &["sample", "J^(b)"].map(|head| (head.to_string(), theme.faint())));
    // After another epoch the order is another one; the mark stays with its sample.
    let here = view.cursor.sample;
    let same = samples.iter().position(|said| said.row == here.row && here.held_out == view.is_of_held_out());
    let at = same.unwrap_or(at.min(samples.len().saturating_sub(1)));
    rows.list(&List::of(samples.len(), ListPosition::Cursor(at)), 0, &mut |index, rows| {
        let said = &samples[index];
        let style = if index == at { theme.selected() } else { theme.text() };
        let rest = rows.cells(&columns, &[((said.row + 1).to_string(), style), (short(said.cost), theme.text())]);
        if let (Some(rest), Some(trace), true) = (rest, &view.trace, index == at) {
            let AnswerText { answer, cost } = AnswerText::now(snapshot, trace);
            let cost = short(cost);
            let forms = [
                format!("now says {answer}, J^(b) {cost}"),
                format!("now {answer}, J {cost}"),
                format!("J {cost}, {answer}"),
            ];
            let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
            Label::new(pick(&forms, rest.width, theme), theme.key()).render(rest, rows.buffer(), theme);
        }
    });
}

fn share(part: usize, all: usize) -> String {
    if all == 0 { "-".into() } else { percent(part as f64 / all as f64) }
}
