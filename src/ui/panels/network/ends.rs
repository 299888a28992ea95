//! What the units at both ends stand for: below an input its feature; beside an output its class or target, and whether it is the answer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns::UnitColumn;
use crate::data::Task;
use crate::data::targets::holds;
use crate::derivation::Trace;
use crate::error::printable;
use crate::number::{fixed, short};
use crate::train::DenseView;
use crate::ui::widgets::label::{Label, columns as width, cut, pick};
use crate::view::View;

/// Writes below each unit of the first column which feature it is, where the row is free.
pub(super) fn draw_inputs(view: &View, names: &[String], column: &UnitColumn, buf: &mut Buffer) {
    let placed = &column.units;
    let free = |at: usize| placed.get(at + 1).map_or(column.area.bottom(), |next| next.area.y);
    // All of them or none.
    if (0..placed.len()).any(|at| placed[at].area.bottom() >= free(at)) {
        return;
    }
    for placed in placed {
        let row = Rect { y: placed.area.bottom(), height: 1, ..placed.area };
        let name = names.get(placed.unit).map_or_else(String::new, |name| printable(name));
        Label::new(&name, view.theme.faint()).render(row, buf, &view.theme);
    }
}

/// Writes beside each unit of the last column what it stands for, in what is left of an area.
pub(super) fn draw_outputs(
    view: &View,
    (snapshot, trace): (DenseView<'_>, &Trace),
    (column, answered): (&UnitColumn, bool),
    (area, buf): (Rect, &mut Buffer),
) {
    for placed in &column.units {
        let x = placed.area.right().saturating_add(1);
        let y = placed.area.y.saturating_add(column.card.value_row());
        let row = Rect { x, y, width: area.right().saturating_sub(x), height: 1 }.intersection(area);
        draw_class(view, (snapshot, trace), (placed.unit, answered), (row, buf));
    }
}

/// What an output unit stands for, and whether that is the target or the answer; of a number, the target as the unit has it.
fn draw_class(
    view: &View,
    (snapshot, trace): (DenseView<'_>, &Trace),
    (unit, answered): (usize, bool),
    (area, buf): (Rect, &mut Buffer),
) {
    let theme = &view.theme;
    let targets = &snapshot.data.dataset.targets;
    let name = targets.outputs().get(unit).map_or("", String::as_str);
    let (Some(&y), Some(h)) = (trace.y().get(unit), trace.h().and_then(|h| h.get(unit).copied())) else { return };
    let says = match targets.task() {
        Task::Classes => trace.answer == Some(unit),
        Task::Binary | Task::Labels => holds(h),
        Task::Regression => {
            let least = format!("y {}", fixed(y, usize::from(area.width.saturating_sub(2))));
            let y = short(y);
            let forms = [format!("{name} target {y}"), format!("target {y}"), format!("y {y}"), least];
            let text = pick(&forms.each_ref().map(String::as_str), area.width, theme);
            Label::new(text, theme.faint()).render(area, buf, theme);
            return;
        }
    };
    let (marks, style) = match (holds(y), answered && says) {
        (true, true) => ([" ✓"; 2], theme.good()),
        (true, false) => ([" target", " = y"], theme.warn()),
        (false, true) => ([" ✗"; 2], theme.bad()),
        _ => ([""; 2], theme.text()),
    };
    let [whole, brief] = marks.map(|mark| format!("{name}{mark}"));
    let text = pick(&[&whole, &brief], area.width, theme);
    // Of a name that is too long the mark stays.
    if width(&theme.spell(text)) > area.width {
        let room = area.width.saturating_sub(width(&theme.spell(marks[1])));
        Label::new(&format!("{}{}", cut(theme, name, room), marks[1]), style).render(area, buf, theme);
    } else {
        Label::new(text, style).render(area, buf, theme);
    }
}
