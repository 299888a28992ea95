//! The heatmap of a Θ, of its gradient, of the gradient's parts or of the update; or one unit's incoming weights as a picture.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::weight::sum;
use crate::derivation::graph::definition::Definition;
use crate::derivation::{Quantity, RecurrentParameter, Subject};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::{brief as brief_number, short};
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};
use crate::train::Snapshot;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, through_time};
use crate::ui::panels::sample::sequence;
use crate::ui::widgets::heatmap::{CellSize, Heatmap, LargeMatrix, Shown, visible};
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::legend::Legend;
use crate::ui::widgets::picture::Picture;
use crate::view::{Along, Cursor, OverTime, Pictures, ScaleMode, View, ViewChange};

/// Decades that the symmetric logarithm spreads over the colours.
const DECADES: f64 = 6.0;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Weights,
    applies: always,
    title,
    draw,
    along: |_| Along::Weights,
    keys: &[
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: sum::over_time },
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "Θ, the gradient, D, the gradient of the penalty, what the optimiser remembers, the update; through time the share of a step in Δ, or the sum so far.",
            does: next_quantity,
        },
        Key {
            action: Action::Scale,
            applies: every,
            footer: None,
            help: "automatic, locked, or a symmetric logarithm.",
            does: |view| Some(ViewChange::Scale(view.scale.next())),
        },
        Key {
            action: Action::Picture,
            applies: every,
            footer: None,
            help: "the weights into a unit as a picture, then those of all units, for image data.",
            does: next_picture,
        },
        Key { action: Action::Edit, applies: every, footer: None, help: "", does: |_| None },
        Key { action: Action::Back, applies: every, footer: None, help: "", does: leave_picture },
    ],
    subject_at: Some(|view| Subject::weight(view.quantity.key(), view.cursor.weight(), view.snapshot.as_ref()?)),
    click,
    guest_of: &[],
};

/// The next quantity that there is; of a recurrent network after the last one what a step, and what the steps so far have added to Δ.
fn next_quantity(view: &View) -> Option<ViewChange> {
    let next = view.quantity.next(view.snapshot.as_ref()?);
    let over = match view.over_time {
        OverTime::Whole if next == Quantity::default() && view.recurrent().is_some() => OverTime::Step,
        OverTime::Whole | OverTime::Sum => OverTime::Whole,
        OverTime::Step => OverTime::Sum,
    };
    // Θ stays the quantity while the steps are looked at.
    let quantity = if view.over_time == OverTime::Whole { next } else { Quantity::default() };
    Some(ViewChange::Quantity(quantity, over))
}

/// The weights into a unit as the picture that they look for, then those into all units, then the heatmap again.
fn next_picture(view: &View) -> Option<ViewChange> {
    let of_pixels =
        view.cursor.l == 1 && view.snapshot.as_ref().is_some_and(|snapshot| snapshot.data.image().is_some());
    Some(if of_pixels {
        ViewChange::Pictures(view.picture.next())
    } else {
        ViewChange::Say("a picture is of weights that look at one: Θ^(1) of image data".into())
    })
}

fn leave_picture(view: &View) -> Option<ViewChange> {
    (view.picture != Pictures::None).then_some(ViewChange::Pictures(Pictures::None))
}

/// The cell that was clicked.
fn click(view: &View, area: Rect, (x, y): (u16, u16)) -> Option<ViewChange> {
    let (shown, area) = maps(view, area).into_iter().find(|(_, area)| area.contains((x, y).into()))?;
    let matrix = view.weight_matrix(shown).filter(|_| !is_picture(view))?;
    let [map, _] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let value = |_: usize, _: usize| None;
    let heatmap = heatmap(view, matrix.dim(), (&value, ColorScale::Signed { limit: 1.0 }), map);
    let shown = centred(&heatmap, (view.cursor.j, view.cursor.i), (map, &view.theme)).layout(map, &view.theme);
    let (j, i) = shown.number_at(x, y)?;
    Some(ViewChange::Cursor(Cursor { j, i, ..view.cursor }))
}

fn title(view: &View) -> Title {
    let cursor = view.cursor;
    let Some(snapshot) = &view.snapshot else {
        return Title { what: "weights Θ".into(), brief: "weights Θ".into(), scale: String::new() };
    };
    let shown @ (quantity, over) = (view.quantity, view.over_time);
    let symbol = symbol(quantity, (cursor.l, view));
    let theta = &snapshot.model.parameters()[cursor.l - 1];
    let (rows, columns, number) = (theta.nrows(), theta.ncols(), quantity.equation(snapshot).number);
    let (what, brief) = if over != OverTime::Whole {
        let (name, of) = of_steps(view, snapshot);
        (format!("{name} {rows}×{columns}, {of}"), format!("{name}, {of}"))
    } else if is_picture(view) && view.picture == Pictures::Sheet {
        (format!("{symbol} into each of {rows} units, as pictures ({number})"), format!("{symbol} as pictures"))
    } else if is_picture(view) {
        let unit = cursor.j + 1;
        (
            format!("{symbol} into unit {unit}, as the picture it looks for ({number})"),
            format!("{symbol} into unit {unit}"),
        )
    } else {
        let words = quantity.words();
        (format!("{words} {symbol} {rows}×{columns} ({number})"), format!("{symbol} {rows}×{columns} ({number})"))
    };
    let mode = match view.scale {
        ScaleMode::Auto => "auto",
        ScaleMode::Locked => "locked",
        ScaleMode::SymmetricLog => "log",
    };
    Title { what, brief, scale: format!("{mode} ±{}", brief_number(view.weight_limit(shown))) }
}

/// The symbol of a matrix that is shaped like a Θ, which are counted from 1.
fn symbol(quantity: Quantity, (l, view): (usize, &View)) -> String {
    view.graph().and_then(|graph| graph.of_parameter(quantity, l)).map_or_else(String::new, Definition::symbol)
}

/// What the matrix of some steps is called, and of which sequence it is.
fn of_steps(view: &View, snapshot: &Snapshot) -> (String, String) {
    let (t, symbol) = (view.cursor.t, snapshot.model.symbol(view.cursor.l - 1).of("Δ"));
    let steps = match view.over_time {
        OverTime::Sum => {
            format!("{symbol} of steps {} … {t}", view.recurrent().map_or(t, |recurrent| recurrent.steps()))
        }
        OverTime::Step | OverTime::Whole => format!("{symbol} of step {t}"),
    };
    (steps, sequence::name(view))
}

/// ```text
///      0   1 2 3 4 5 6     one row a unit of layer l+1, one column a unit of layer l; the bias apart
///  1   #   . . = = . .
/// >2   =   . .[=]# # .     where there is room for two matrices, the other one stands beside it
///  orange -1.8 ###===--- 0 ---===### +1.8 blue
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(snapshot) = &view.snapshot else { return };
    for (shown @ (quantity, over), map) in maps(view, area) {
        if map != area {
            let head = Rect { y: area.y, height: area.height.min(1), ..map };
            let symbol = symbol(quantity, (view.cursor.l, view));
            let number = quantity.equation(snapshot).number;
            let text = match over {
                OverTime::Whole => format!("{symbol} {} ({number})", quantity.words()),
                OverTime::Step | OverTime::Sum => format!("{} (3.1.1)", of_steps(view, snapshot).0),
            };
            Label::new(&text, view.theme.key()).render(head, buf, &view.theme);
        }
        draw_one(view, shown, map, buf);
    }
}

/// The matrices that there is room for, each with its place; of two each has a line above it for its name.
fn maps(view: &View, area: Rect) -> Vec<((Quantity, OverTime), Rect)> {
    let Some(snapshot) = &view.snapshot else { return Vec::new() };
    let [shown, beside] = view.in_weights();
    let wanted = snapshot.model.parameters()[view.cursor.l - 1].ncols().saturating_add(8).max(40);
    if is_picture(view) || usize::from(area.width) < wanted.saturating_mul(2) {
        return vec![(shown, area)];
    }
    let halves: [Rect; 2] = area.layout(&Layout::horizontal([Constraint::Fill(1); 2]).spacing(2));
    let below = |half: Rect| Rect { y: half.y.saturating_add(1), height: half.height.saturating_sub(1), ..half };
    [shown, beside].into_iter().zip(halves.map(below)).collect()
}

/// A matrix of so many rows and columns as a heatmap.
fn heatmap<'a>(
    view: &View,
    (rows, columns): (usize, usize),
    (value, scale): (&'a dyn Fn(usize, usize) -> Option<f64>, ColorScale),
    map: Rect,
) -> Heatmap<'a> {
    let whole = rows < usize::from(map.height);
    let size = if whole { CellSize::Auto } else { CellSize::Half };
    let selected = Some((view.cursor.j, view.cursor.i));
    let biases = view.snapshot.as_ref().map_or(0, |snapshot| snapshot.model.biases(view.cursor.l - 1));
    let (fit, axes, first_apart) = (LargeMatrix::Scroll, Some((1, 1 - biases.min(1))), biases > 0);
    Heatmap { rows, columns, value, scale, of_column: None, size, fit, first_apart, axes, selected, offset: (0, 0) }
}

/// Whether the weights into one unit are shown as a picture of the input, for which there must be a unit.
fn is_picture(view: &View) -> bool {
    let is_image = view.snapshot.as_ref().is_some_and(|snapshot| {
        let has_units = snapshot.model.theta(1).is_some_and(|theta| theta.nrows() > 0);
        snapshot.data.image().is_some() && has_units
    });
    is_image && view.picture != Pictures::None && view.cursor.l == 1
}

/// One matrix, its legend below.
fn draw_one(view: &View, shown: (Quantity, OverTime), area: Rect, buf: &mut Buffer) {
    let (Some(snapshot), Some(matrix)) = (&view.snapshot, view.weight_matrix(shown)) else { return };
    let (theme, cursor) = (&view.theme, view.cursor);
    let [map, bottom] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]));
    let limit = view.weight_limit(shown);
    let scale = ColorScale::Signed { limit };
    let scaled = |value: f64| match view.scale {
        ScaleMode::SymmetricLog => symmetric_log(value, limit),
        ScaleMode::Auto | ScaleMode::Locked => value,
    };
    let notes = match snapshot.data.image() {
        Some(size) if is_picture(view) && view.picture == Pictures::Sheet => {
            let value = |j: usize, pixel: usize| scaled(matrix[[j, 1 + pixel]]);
            sheet(view, (size, matrix.nrows()), (&value, scale), (map, buf))
        }
        Some((width, height)) if is_picture(view) => {
            let value = |y: usize, x: usize| scaled(matrix[[cursor.j, 1 + y * width + x]]);
            let selected = cursor.i.checked_sub(1).map(|pixel| (pixel / width, pixel % width));
            Picture { rows: height, columns: width, value: &value, scale, selected }.render(map, buf, theme);
            vec!["the bias is not in it".to_string(), String::new()]
        }
        _ => {
            let value = |j: usize, i: usize| Some(scaled(matrix[[j, i]]));
            let heatmap = heatmap(view, matrix.dim(), (&value, scale), map);
            let shown = centred(&heatmap, (cursor.j, cursor.i), (map, theme)).render(map, buf, theme);
            with_weight(view, matrix, part_shown(&shown, matrix.dim()))
        }
    };
    let [legend, place] = bottom.layout(&Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)]).spacing(1));
    Legend { scale }.render(legend, buf, theme);
    let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
    Label::right(pick(&notes, place.width, theme), theme.faint()).render(place, buf, theme);
}

/// The weights into as many units as there is room for, each as a picture with its number above; the one under the cursor is
/// among them. Returns what to say of those that are not.
fn sheet(
    view: &View,
    ((width, height), units): ((usize, usize), usize),
    (value, scale): (&dyn Fn(usize, usize) -> f64, ColorScale),
    (area, buf): (Rect, &mut Buffer),
) -> Vec<String> {
    let theme = &view.theme;
    let halves = theme.depth > Depth::Mono && !theme.ascii;
    let rows = if halves { height.div_ceil(2) } else { height };
    let (wide, high) = (cells(width), cells(rows).saturating_add(1));
    let across = usize::from((area.width.saturating_add(1) / wide.saturating_add(1)).max(1));
    let down = usize::from((area.height / high).max(1));
    let shown = visible(units.div_ceil(across), down, Some(view.cursor.j / across), view.cursor.j / across);
    let (first, end) = (shown.start * across, (shown.end * across).min(units));
    for j in first..end {
        let (line, column) = ((j - first) / across, (j - first) % across);
        let x = area.x.saturating_add(cells(column).saturating_mul(wide.saturating_add(1)));
        let y = area.y.saturating_add(cells(line).saturating_mul(high));
        let place = Rect { x, y, width: wide, height: high }.intersection(area);
        let [name, picture] = place.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]));
        let style = if j == view.cursor.j { theme.selected() } else { theme.faint() };
        Label::new(&(j + 1).to_string(), style).render(name, buf, theme);
        let value = |y: usize, x: usize| value(j, y * width + x);
        Picture { rows: height, columns: width, value: &value, scale, selected: None }.render(picture, buf, theme);
    }
    let part = if end - first < units { format!("units {}-{end} of {units}", first + 1) } else { String::new() };
    vec![part, String::new()]
}

fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// The heatmap scrolled so that the selected cell is in the middle, as far as the matrix reaches.
fn centred<'a>(heatmap: &Heatmap<'a>, (j, i): (usize, usize), (area, theme): (Rect, &Theme)) -> Heatmap<'a> {
    let shown = heatmap.layout(area, theme);
    Heatmap { offset: (j.saturating_sub(shown.rows.len() / 2), i.saturating_sub(shown.columns.len() / 2)), ..*heatmap }
}

/// Says which part of the matrix is shown, if not all of it, the fullest form first.
fn part_shown(shown: &Shown, (rows, columns): (usize, usize)) -> Vec<String> {
    let (r, c) = (&shown.rows, &shown.columns);
    if r.len() == rows && c.end == columns && c.start <= 1 {
        return Vec::new();
    }
    let (row, column) = (r.start + 1, c.end.saturating_sub(1));
    vec![
        format!("rows {row}-{} of {rows}, columns {}-{column}", r.end, c.start),
        format!("{row}-{} of {rows}, {}-{column}", r.end, c.start),
        format!("{row}-{} of {rows}", r.end),
    ]
}

/// Of a recurrent network, where the panel of the weight shows the sum: the number under the cursor, its gate and its unit, beside the part
/// that is shown.
fn with_weight(view: &View, matrix: &Array2<f64>, part: Vec<String>) -> Vec<String> {
    let (Some(recurrent), Some(&value)) = (view.recurrent(), matrix.get([view.cursor.j, view.cursor.i])) else {
        return part;
    };
    let (j, value, gates) = (view.cursor.j, short(value), recurrent.network.cell.gates());
    let units = recurrent.network.sizes().1.max(1);
    let unit = match gates.get(j / units) {
        Some(gate) if gates.len() > 1 && view.cursor.parameter() != RecurrentParameter::O => {
            format!("gate {gate} of unit {}", j % units + 1)
        }
        _ => format!("unit {}", j + 1),
    };
    let name = recurrent.model.weight_name(view.cursor.weight()).place();
    let mut forms = vec![format!("{unit}: {value}"), format!("{name} {value}"), value];
    if let Some(part) = part.into_iter().next() {
        forms.insert(0, format!("{part}; {}", forms[0]));
    }
    forms
}

/// A value moved to where its logarithm stands between 0 and the limit, its sign kept; 0 stays 0.
fn symmetric_log(value: f64, limit: f64) -> f64 {
    let decades = (value.abs() / limit).log10() + DECADES;
    if value == 0.0 || !value.is_finite() { value } else { value.signum() * limit * (decades / DECADES).max(0.0) }
}

#[cfg(test)]
mod tests {
    use super::symmetric_log;

    #[test]
    fn the_symmetric_log_keeps_sign_zero_and_limit() {
        assert_eq!(symmetric_log(0.0, 2.0), 0.0);
        assert_eq!(symmetric_log(2.0, 2.0), 2.0);
        assert_eq!(symmetric_log(-2.0, 2.0), -2.0);
        assert!((symmetric_log(2e-3, 2.0) - 1.0).abs() < 1e-12);
        assert_eq!(symmetric_log(1e-12, 2.0), 0.0);
    }
}
