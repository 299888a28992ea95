//! The layers as columns of units, coloured by activation, and the strongest weights between them as lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::delta::through::{along_units, unit_at_step};
use crate::data::Task;
use crate::data::targets::holds;
use crate::derivation::{Graph, QuantityKey, Trace, Walk, equation};
use crate::derivation::{Subject, letter};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::{fixed, short};
use crate::train::DenseView;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, through_time};
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::label::{Align, Label, columns as width, cut, pick};
use crate::ui::widgets::value_cell::ValueCell;
use crate::view::ViewChange;
use crate::view::{Activity, View};

mod columns;
mod shows;
mod unrolled;

use columns::{CHIP, GAP, NOTED, UnitColumn, click, columns};
use shows::{Shows, Stepped};

/// What stands in the place of the value of a unit that dropout leaves out.
const LEFT_OUT: &str = "×";

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Network,
    applies: always,
    title,
    draw,
    along: along_units,
    keys: &[
        Key {
            action: Action::Picture,
            applies: through_time,
            footer: Some("i fold"),
            help: "the steps of a recurrent network, unrolled or folded into one.",
            does: fold,
        },
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: unit_at_step },
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "a, z or δ of the units; of a recurrent network h, ∂J/∂h, δ or a gate.",
            does: next_activity,
        },
    ],
    subject_at: Some(subject),
    click,
    guest_of: &[],
};

fn next_activity(view: &View) -> Option<ViewChange> {
    Some(unrolled::next(view).unwrap_or_else(|| ViewChange::Activity(view.activity.next())))
}

fn fold(view: &View) -> Option<ViewChange> {
    view.recurrent().map(|_| ViewChange::Folded(!view.folded))
}

/// The number of the unit under the cursor.
fn subject(view: &View) -> Option<Subject> {
    let (l, unit) = (view.cursor.l + 1, view.cursor.j);
    let letter = match view.activity {
        Activity::A => letter::A,
        Activity::Z => letter::Z,
        Activity::Delta => letter::DELTA,
    };
    Some(Subject::unit(letter, l, (view.cursor.sample, unit)))
}

fn title(view: &View) -> Title {
    if let Some(net) = view.recurrent() {
        return unrolled::title(view, net);
    }
    if view.playhead.is_some() {
        let what = "network, as far as it is computed".to_string();
        let scale = format!("sample {}", view.cursor.sample.row + 1);
        return Title { brief: what.clone(), what, scale };
    }
    let left_out = view.trace.as_ref().is_some_and(|trace| trace.has_mask());
    let (what, number) = match view.activity {
        Activity::A if left_out => ("a^(l), × left out".into(), equation::DROPOUT.number),
        Activity::Delta if left_out => (format!("{}, × left out", delta_is(view)), equation::DROPOUT_DELTA.number),
        Activity::A => ("activations a^(l)".into(), equation::ACTIVATION.number),
        Activity::Z => ("weighted inputs z^(l)".into(), equation::WEIGHTED_INPUT.number),
        Activity::Delta => (delta_is(view), equation::HIDDEN_DELTA.number),
    };
    let brief = format!("network {}^(l) ({number}){}", view.activity.letter(), if left_out { " × out" } else { "" });
    // Units are left out of updates alone.
    let drops = view.dense().is_some_and(|snapshot| snapshot.config.dropout > 0.0);
    let whole = if drops && !left_out { ", not in the batch: no dropout" } else { "" };
    let part = if view.cursor.sample.held_out { "held-out sample" } else { "sample" };
    Title {
        what: format!("network: {what} ({number})"),
        brief,
        scale: format!("{part} {}{whole}", view.cursor.sample.row + 1),
    }
}

/// What δ is: δ^(l) = ∂J^(b)/∂z^(l).
fn delta_is(view: &View) -> String {
    let key = |snapshot: DenseView<'_>| QuantityKey::layer(letter::DELTA, snapshot.depth());
    view.dense().and_then(|snapshot| view.graph()?.general_meaning(key(snapshot))).unwrap_or_default()
}

/// ```text
/// a^(1)         a^(2)         a^(3)
///   +1            +1
///   1 +.00 =====  1 +.83 ====   1 +.02 0
///   9 +.31 -----  4 +.12 ----   2 +.91 1 target
///  17 +.94 .....  7 +.57        3 +.06 2
/// 64 units, 3 shown           dashed line: Θ < 0
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    if let Some(net) = view.recurrent() {
        return unrolled::draw(view, net, area, buf);
    }
    let (Some(snapshot), Some(trace)) = (view.dense(), &view.trace) else { return };
    let columns = columns(view, snapshot, area);
    let stepped = stepped(view, snapshot);
    let Some(graph) = view.graph() else { return };
    for pair in columns.windows(2) {
        draw_edges(view, (snapshot, stepped.as_ref()), [&pair[0], &pair[1]], (area, buf));
    }
    // What the lines are, where the last layer leaves the row free.
    if let Some(last) = columns.last().filter(|last| last.note.is_none() && area.height >= NOTED) {
        let room = Rect { x: last.x, y: area.bottom() - 1, width: area.right().saturating_sub(last.x), height: 1 };
        let free = last.units.last().is_none_or(|&(_, row)| row < room.y);
        let flows = ["lines: what flows now, dashed: Θ < 0", "dashed line: Θ < 0", ""];
        let strongest = ["lines: the strongest Θ, dashed < 0", "dashed line: Θ < 0", ""];
        let texts = if stepped.is_some() { flows } else { strongest };
        let text = pick(if free { &texts } else { &[""] }, room.width, &view.theme);
        Label::right(text, view.theme.faint()).render(room, buf, &view.theme);
    }
    // Layers that there is no room for are behind the marks at the sides.
    if let Some(last) = columns.last().filter(|last| last.l < snapshot.depth()) {
        let (x, y) = (last.right(), area.y.saturating_add(1));
        let room = Rect { x, y, width: area.right().saturating_sub(x), height: 1 };
        let more = snapshot.depth() - last.l;
        let (full, brief) = (format!("{more} more to a^({}) →", snapshot.depth()), format!("+{more} →"));
        Label::right(pick(&[&full, &brief], room.width, &view.theme), view.theme.faint()).render(
            room.intersection(area),
            buf,
            &view.theme,
        );
    }
    for column in &columns {
        draw_column(view, (snapshot, trace, graph), (column, stepped.as_ref()), (area, buf));
    }
}

fn stepped(view: &View, snapshot: DenseView<'_>) -> Option<Stepped> {
    view.playhead.map(|at| (Walk::of(&snapshot, view.detail), at))
}

/// Whether the weight Θ^(l)_{ji} takes part in the number that a walk is at.
fn takes_part((walk, at): &Stepped, (l, j, i): (usize, usize, usize)) -> bool {
    match walk.block(at.block) {
        Some((stop, _)) if stop.is(letter::Z, l + 1) => j == at.unit,
        Some((stop, _)) if stop.is(letter::GRAD_A, l) => i == at.unit + 1,
        Some((stop, _)) => stop.matrix_of() == Some(l) && j == at.unit,
        None => false,
    }
}

/// The strongest weights between two neighbouring layers; negative ones are dashed.
fn draw_edges(
    view: &View,
    (snapshot, stepped): (DenseView<'_>, Option<&Stepped>),
    [from, to]: [&UnitColumn; 2],
    (area, buf): (Rect, &mut Buffer),
) {
    let theme = &view.theme;
    let gap = Rect { x: from.right(), width: to.x.saturating_sub(from.right()), ..area }.intersection(area);
    if gap.width < 2 {
        return;
    }
    let theta = snapshot.network.theta(from.l);
    let sources =
        from.bias.map(|row| (0, row)).into_iter().chain(from.units.iter().map(|&(unit, row)| (unit + 1, row)));
    let mut edges: Vec<(f64, u16, u16)> = sources
        .flat_map(|(i, start)| to.units.iter().map(move |&(j, end)| ((j, i), start, end)))
        .filter(|&((j, i), ..)| stepped.is_none_or(|stepped| takes_part(stepped, (from.l, j, i))))
        .map(|(at, start, end)| (theta[[at.0, at.1]], start, end))
        .filter(|(weight, ..)| weight.is_finite() && *weight != 0.0)
        .collect();
    edges.sort_by(|one, other| other.0.abs().total_cmp(&one.0.abs()));
    let strongest = edges.first().map_or(1.0, |edge| edge.0.abs());
    // Lines may touch about a third of the gap's cells, or nothing could be told apart.
    let mut budget = u32::from(gap.width) * u32::from(gap.height) * 2 / 3;
    edges.retain(|&(_, start, end)| {
        let touched = u32::from(gap.width.max(start.abs_diff(end)));
        let affordable = budget >= touched;
        budget = if affordable { budget - touched } else { 0 };
        affordable
    });
    let mut dots = Dots::new(gap.width, gap.height);
    // The strongest is drawn last, over the others.
    for &(weight, start, end) in edges.iter().rev() {
        let style = Style::new().fg(theme.signed(weight, strongest));
        let share = weight.abs() / strongest;
        let glyph = if share > 0.66 {
            '='
        } else if share > 0.33 {
            '-'
        } else {
            '.'
        };
        let ink = Ink { style, glyph, strength: (share * 255.0) as u8, dashed: weight < 0.0 };
        let y = |row: u16| f64::from(row.saturating_sub(gap.y)) * 4.0 + 2.0;
        dots.line((0.0, y(start)), (f64::from(gap.width) * 2.0, y(end)), ink);
    }
    dots.render(gap, buf, theme);
}

fn draw_column(
    view: &View,
    (snapshot, trace, graph): (DenseView<'_>, &Trace, &Graph),
    (column, stepped): (&UnitColumn, Option<&Stepped>),
    (area, buf): (Rect, &mut Buffer),
) {
    let theme = &view.theme;
    let at = |x: u16, y: u16, width: u16| Rect { x, y, width, height: 1 }.intersection(area);
    let shows = Shows::of(view, (snapshot, trace, graph), (column.l, stepped));
    let letter = &shows.symbol;
    let (l, shown, size) = (column.l, column.units.len(), column.size);
    let width = column.name + CHIP + GAP;
    let head = match (shown == size, column.note) {
        (false, None) => format!("{letter} {shown}/{size}"),
        _ => letter.clone(),
    };
    let cut = column.x == area.x && l > 1;
    Label::new(&if cut { format!("← +{} {head}", l - 1) } else { head }, theme.key()).render(
        at(column.x, area.y, width),
        buf,
        theme,
    );
    if let Some(row) = column.note {
        let forms = [format!("{size} units, {shown} shown"), format!("{shown} of {size}")];
        let text = pick(&forms.each_ref().map(String::as_str), width.saturating_add(2), theme);
        Label::new(text, theme.faint()).render(at(column.x, row, width.saturating_add(2)), buf, theme);
    }
    if let Some(row) = column.bias {
        let chosen = view.cursor.l == column.l && view.cursor.i == 0;
        let style = if chosen { theme.selected() } else { theme.text() };
        Label { text: "+1", style, align: Align::Center }.render(at(column.chip(), row, CHIP), buf, theme);
        if column.name > 0 {
            Label::new("bias", theme.faint()).render(at(column.x, row, column.name), buf, theme);
        }
    }
    for &(unit, row) in &column.units {
        let chosen = (view.cursor.l == column.l && view.cursor.i == unit + 1)
            || (view.cursor.l + 1 == column.l && view.cursor.j == unit);
        if column.name > 0 {
            let style = if chosen { theme.selected() } else { theme.faint() };
            let name = format!("{}", unit + 1);
            Label::right(&name, style).render(at(column.x, row, column.name.saturating_sub(1)), buf, theme);
        }
        let chip = at(column.chip(), row, CHIP);
        let out = shows.leaves_out && unit < shows.known && trace.mask(column.l, unit) == Some(0.0);
        let mut label = |text, style| _ = Label { text, style, align: Align::Center }.render(chip, buf, theme);
        match shows.values.get(unit).filter(|_| unit < shows.known) {
            Some(_) if out => label(LEFT_OUT, if chosen { theme.selected() } else { theme.faint() }),
            Some(&value) => ValueCell { value, scale: shows.scale, selected: chosen }.render(chip, buf, theme),
            // Layer 1 has neither z nor δ, and inside an update not everything is computed yet.
            None => label("·", theme.faint()),
        }
        if column.l == snapshot.depth() {
            let answered = stepped.is_none_or(|(walk, at)| walk.has_answered(*at));
            draw_class(view, (snapshot, trace), (unit, answered), (at(column.right() + 1, row, area.width), buf));
        }
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

#[cfg(test)]
mod tests {
    use super::columns::spread;

    #[test]
    fn units_are_spread_evenly_with_the_first_the_last_and_the_selected() {
        assert_eq!(spread(3, 5, None), [0, 1, 2]);
        assert_eq!(spread(64, 4, None), [0, 21, 42, 63]);
        assert_eq!(spread(64, 4, Some(40)), [0, 21, 40, 63]);
        assert_eq!(spread(64, 1, Some(5)), [5]);
        assert!(spread(64, 0, Some(5)).is_empty());
    }
}
