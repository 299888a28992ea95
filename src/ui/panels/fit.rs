//! What stands in the place of the confusion where there are no classes: numbers against their targets, or label by label.

use ndarray::ArrayView1;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::data::targets::holds;
use crate::data::{Part, Task};
use crate::derivation::worst;
use crate::error::printable;
use crate::number::{fixed, percent, short};
use crate::train::{Answers, DenseView};
use crate::ui::table::{TableColumn, TableRows};
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::View;

/// Columns that the list of the worst samples takes, and what must be left beside it.
const LIST: u16 = 38;
const LEFT: u16 = 40;

/// Draws what was said of a part after the last epoch.
pub(super) fn draw(view: &View, snapshot: DenseView<'_>, area: Rect, buf: &mut Buffer) {
    let data = &snapshot.data;
    let (part, answers, measure) = match (view.is_of_held_out(), &data.test, &snapshot.answers.1, snapshot.latest.test)
    {
        (true, Some(part), Some(answers), Some(measure)) => (part, answers, measure),
        _ => (&data.train, &snapshot.answers.0, snapshot.latest.train),
    };
    // Before the first measure of another run the answers may be those of none.
    if answers.h.nrows() != part.row.len() {
        return;
    }
    let wide = area.width >= LEFT.saturating_add(LIST);
    let [left, _, list] = area.layout(&Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(if wide { 2 } else { 0 }),
        Constraint::Length(if wide { LIST } else { 0 }),
    ]));
    let mut rows = TableRows::new(left, buf, &view.theme);
    let count = part.row.len();
    match data.dataset.targets.task() {
        Task::Regression => {
            let full = format!("{count} samples, {}", measure.fit.brief());
            rows.line(pick(&[&full, &measure.fit.brief()], left.width, &view.theme), view.theme.text());
            scatter(view, snapshot, (part, answers), (rows.rest(), buf));
        }
        Task::Labels | Task::Classes | Task::Binary => {
            rows.line(&format!("all labels right in {} of {count} samples", measure.fit.brief()), view.theme.text());
            labels((view, snapshot), (part, answers), &mut rows);
        }
    }
    if wide {
        draw_worst(view, snapshot, (part, answers), (list, buf));
    }
}

/// Targets of output unit k in their own unit.
fn target(snapshot: DenseView<'_>, part: &Part, (row, k): (usize, usize)) -> f64 {
    snapshot.data.target_scaling.unscaled(part.y[[row, k]], k)
}

/// h of one output over its target, a dot a sample; on the diagonal they are equal.
fn scatter(view: &View, snapshot: DenseView<'_>, (part, answers): (&Part, &Answers), (area, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let k = view.mapped_output();
    let [plot, note] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let points = || (0..part.row.len()).map(|row| (target(snapshot, part, (row, k)), answers.h[[row, k]]));
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
    if here.held_out == view.is_of_held_out() && here.row < part.row.len() {
        let (x, y) = at((target(snapshot, part, (here.row, k)), answers.h[[here.row, k]]));
        let cell = Rect { x: plot.x + x as u16 / 2, y: plot.y + y as u16 / 4, width: 1, height: 1 };
        Label::new(if theme.ascii { "O" } else { "●" }, theme.selected()).render(cell.intersection(plot), buf, theme);
    }
    let name = snapshot.data.dataset.targets.outputs().get(k).map_or_else(String::new, |name| printable(name));
    let ranges = format!("{} … {}", short(low), short(high));
    let full = format!("{name} → and h ↑ {ranges}; on the line h = {name}");
    let brief = format!("{name} {ranges}");
    Label::new(pick(&[&full, &brief], note.width, theme), theme.faint()).render(note, buf, theme);
}

/// For each label how often it holds, is said to hold, and both.
fn labels((view, snapshot): (&View, DenseView<'_>), (part, answers): (&Part, &Answers), rows: &mut TableRows) {
    let names: Vec<String> = snapshot.data.dataset.targets.outputs().iter().map(|name| printable(name)).collect();
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
            let said = |(h, y): (&f64, &f64)| (holds(*h), holds(*y));
            let columns: (ArrayView1<f64>, ArrayView1<f64>) = (answers.h.column(k), part.y.column(k));
            columns.0.iter().zip(columns.1).filter(|&pair| of(said(pair))).count()
        };
        let (held, said, both) = (count(|(_, y)| y), count(|(h, _)| h), count(|(h, y)| h && y));
        let share = |all: usize| if all == 0 { "-".into() } else { percent(both as f64 / all as f64) };
        let texts = [name.clone(), held.to_string(), said.to_string(), both.to_string(), share(said), share(held)];
        rows.cells(&table, &texts.map(|text| (text, theme.text())));
    });
}

/// The worst samples of the part.
fn draw_worst(
    view: &View,
    snapshot: DenseView<'_>,
    (part, answers): (&Part, &Answers),
    (area, buf): (Rect, &mut Buffer),
) {
    let theme = &view.theme;
    let k = view.mapped_output();
    let mut rows = TableRows::new(area, buf, theme);
    rows.line(&format!("the worst samples after epoch {}:", snapshot.latest.epoch), theme.key());
    let columns = [7, 10, 10, 8].map(|width| TableColumn { width, right: true });
    let name = snapshot.data.dataset.targets.outputs().get(k).map_or_else(String::new, |name| printable(name));
    let heads = ["sample".to_string(), name, "h".into(), "J^(b)".into()];
    rows.cells(&columns, &heads.map(|head| (head, theme.faint())));
    let samples = worst(&snapshot, view.is_of_held_out(), None);
    rows.list(&List::of(samples.len(), ListPosition::Start), 0, &mut |index, rows| {
        let said = &samples[index];
        let (y, h) = (target(snapshot, part, (said.row, k)), answers.h[[said.row, k]]);
        let texts = [(said.row + 1).to_string(), fixed(y, 10), fixed(h, 10), fixed(said.cost, 8)];
        rows.cells(&columns, &texts.map(|text| (text, theme.text())));
    });
}
