//! What stands in the place of the confusion where there are no classes: numbers against their targets, or label by label.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::data::Task;
use crate::data::targets::holds;
use crate::derivation::{AnsweredSample, PartAnswers, worst};
use crate::error::printable;
use crate::number::{fixed, percent, short};
use crate::train::Snapshot;
use crate::ui::table::{TableColumn, TableRows};
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::View;

/// Columns of the numbers in the list of the worst samples, and what must be left beside the list.
const NUMBERS: u16 = 30;
const LEFT: u16 = 40;

/// Draws what was said of a part after the last epoch.
pub(super) fn draw(view: &View, snapshot: &Snapshot, area: Rect, buf: &mut Buffer) {
    let held_out = view.is_of_held_out();
    let Some(part) = PartAnswers::of(snapshot, held_out) else { return };
    let measure = snapshot.latest.test.filter(|_| held_out).unwrap_or(snapshot.latest.train);
    // Before the first measure of another run the answers may be those of none.
    if part.answers.h.nrows() != part.count() {
        return;
    }
    let list = NUMBERS + place_columns(part.each()).iter().map(|(_, width)| width + 1).sum::<u16>();
    let wide = area.width >= LEFT.saturating_add(list);
    let [left, _, list] = area.layout(&Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(if wide { 2 } else { 0 }),
        Constraint::Length(if wide { list } else { 0 }),
    ]));
    let mut rows = TableRows::new(left, buf, &view.theme);
    let (count, each) = (part.count(), part.each());
    match snapshot.data.task() {
        Task::Regression => {
            let full = format!("{count} {each}s, {}", measure.fit.brief());
            rows.line(pick(&[&full, &measure.fit.brief()], left.width, &view.theme), view.theme.text());
            scatter(view, snapshot, &part, (rows.rest(), buf));
        }
        Task::Labels | Task::Classes | Task::Binary => {
            rows.line(&format!("all labels right in {} of {count} {each}s", measure.fit.brief()), view.theme.text());
            labels((view, snapshot), &part, &mut rows);
        }
    }
    if wide {
        draw_worst(view, snapshot, &part, (list, buf));
    }
}

/// h of one output over its target, a dot a sample; on the diagonal they are equal.
fn scatter(view: &View, snapshot: &Snapshot, part: &PartAnswers<'_>, (area, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let k = view.mapped_output();
    let [plot, note] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let point = |at: usize| (part.target(at, k), part.answers.h[[at, k]]);
    let points = || (0..part.count()).map(point);
    let ends = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
    let all = points().flat_map(|(y, h)| [y, h]).filter(|value| value.is_finite());
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), ends);
    if low >= high || plot.is_empty() {
        return;
    }
    let mut dots = Dots::new(plot.width, plot.height);
    let (width, height) = dots.size();
    let at = |(y, h): (f64, f64)| {
        let along = |value: f64| (value - low) / (high - low);
        (along(y) * (width - 1.0), (1.0 - along(h)) * (height - 1.0))
    };
    let line = Ink { style: theme.faint(), glyph: '.', strength: 0, dashed: true };
    let sample = Ink { style: theme.key(), glyph: '*', strength: 1, dashed: false };
    dots.line(at((low, low)), at((high, high)), line);
    points().for_each(|point| dots.dot(at(point), sample));
    dots.render(plot, buf, theme);
    let here = view.cursor.sample;
    let t = if snapshot.recurrent().is_some() { view.cursor.t } else { 1 };
    let is_here = |&row: &usize| here.held_out == view.is_of_held_out() && part.place(row) == (here.row, t);
    if let Some(row) = (0..part.count()).find(is_here) {
        let (x, y) = at(point(row));
        let cell = Rect { x: plot.x + x as u16 / 2, y: plot.y + y as u16 / 4, width: 1, height: 1 };
        Label::new(if theme.ascii { "O" } else { "●" }, theme.selected()).render(cell.intersection(plot), buf, theme);
    }
    let name = snapshot.data.outputs().get(k).map_or_else(String::new, |name| printable(name));
    let ranges = format!("{} … {}", short(low), short(high));
    let full = format!("{name} → and h ↑ {ranges}; on the line h = {name}");
    let brief = format!("{name} {ranges}");
    Label::new(pick(&[&full, &brief], note.width, theme), theme.faint()).render(note, buf, theme);
}

/// For each label how often it holds, is said to hold, and both.
fn labels((view, snapshot): (&View, &Snapshot), part: &PartAnswers<'_>, rows: &mut TableRows) {
    let names: Vec<String> = snapshot.data.outputs().iter().map(|name| printable(name)).collect();
    let widest = names.iter().map(|name| columns(name)).max().unwrap_or(0).clamp(5, 20);
    let table = [(widest, false), (6, true), (6, true), (6, true), (8, true), (8, true)];
    let table = table.map(|(width, right)| TableColumn { width, right });
    let Some((row, buf, theme)) = rows.take_with_theme() else { return };
    let heads = ["label", "holds", "said", "both", "of said", "of held"];
    let faint = heads.map(|head| (head.to_string(), theme.faint()));
    TableRows::new(row, buf, theme).cells(&table, &faint);
    let theme = &view.theme;
    let at = view.decision.output.map_or(ListPosition::Start, ListPosition::Cursor);
    rows.list(&List::of(names.len(), at), 0, &mut |k, rows| {
        let name = &names[k];
        let count = |of: fn((bool, bool)) -> bool| {
            let said = |&at: &usize| of((holds(part.answers.h[[at, k]]), holds(part.target(at, k))));
            (0..part.count()).filter(said).count()
        };
        let (held, said, both) = (count(|(_, y)| y), count(|(h, _)| h), count(|(h, y)| h && y));
        let share = |all: usize| if all == 0 { "-".into() } else { percent(both as f64 / all as f64) };
        let texts = [name.clone(), held.to_string(), said.to_string(), both.to_string(), share(said), share(held)];
        rows.cells(&table, &texts.map(|text| (text, theme.text())));
    });
}

/// The worst samples of the part.
fn draw_worst(view: &View, snapshot: &Snapshot, part: &PartAnswers<'_>, (area, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let k = view.mapped_output();
    let mut rows = TableRows::new(area, buf, theme);
    let (each, epoch) = (part.each(), snapshot.latest.epoch);
    rows.line(&format!("the worst {each}s after epoch {epoch}:"), theme.key());
    let places = place_columns(each);
    let columns: Vec<TableColumn> = places.iter().map(|&(_, width)| width).chain([10, 10, 8]).map(right).collect();
    let name = snapshot.data.outputs().get(k).map_or_else(String::new, |name| printable(name));
    let heads = places.iter().map(|(head, _)| head.to_string()).chain([name, "h".into(), cost_symbol(each).into()]);
    rows.cells(&columns, &heads.map(|head| (head, theme.faint())).collect::<Vec<_>>());
    let samples = worst(snapshot, view.is_of_held_out(), None);
    rows.list(&List::of(samples.len(), ListPosition::Start), 0, &mut |index, rows| {
        let said = &samples[index];
        let (y, h) = (part.target(said.at, k), part.answers.h[[said.at, k]]);
        let texts = place_texts(each, said).into_iter().chain([fixed(y, 10), fixed(h, 10), fixed(said.cost, 8)]);
        rows.cells(&columns, &texts.map(|text| (text, theme.text())).collect::<Vec<_>>());
    });
}

/// A column of numbers.
pub(super) fn right(width: u16) -> TableColumn {
    TableColumn { width, right: true }
}

/// Heads and widths of the columns that say where an answer is of: a sample, a sequence, or a step of one.
pub(super) fn place_columns(each: &str) -> &'static [(&'static str, u16)] {
    match each {
        "step" => &[("sequence", 8), ("t", 4)],
        "sequence" => &[("sequence", 8)],
        _ => &[("sample", 7)],
    }
}

/// The texts in these columns.
pub(super) fn place_texts(each: &str, said: &AnsweredSample) -> Vec<String> {
    [said.row + 1, said.t].iter().take(place_columns(each).len()).map(usize::to_string).collect()
}

/// How the cost of one answer is called.
pub(super) fn cost_symbol(each: &str) -> &'static str {
    if each == "step" { "J_t^(b)" } else { "J^(b)" }
}
