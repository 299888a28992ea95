//! The input of a sample, and ∂J/∂x beside it or in its place: as pictures, or feature by feature as signed bars.

use ndarray::ArrayView1;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::input::MEANING;
use crate::derivation::{Trace, equation};
use crate::error::printable;
use crate::number::{brief, short, signed_fixed};
use crate::theme::values::ColorScale;
use crate::train::DenseView;
use crate::ui::table::TableRows;
use crate::ui::widgets::bars::SignedBar;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::legend::Legend;
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::picture::Picture;
use crate::view::{Cursor, InputView, Overlay, View, ViewChange};

/// Columns that are kept for the outputs where ∂J/∂x stands beside x, as pictures.
const OUTPUTS: u16 = 20;
/// The same beside features, which have numbers for answers, too.
const ANSWERS: u16 = 22;
/// The fewest columns of a picture beside another one; a narrower one has the place of both.
const PICTURE: u16 = 16;
/// Columns of ∂J/∂x of an input as a number.
pub(super) const NUMBER: u16 = 9;
/// The fewest columns of the bar behind it.
const BAR: u16 = 9;
/// Columns of a value that the net sees, and of the one that was read.
const VALUE: u16 = 9;
const READ: u16 = 10;

/// What is said where a walk has not come back to ∂J/∂x.
const NOT_YET: &str = "not computed yet: the walk has not reached δ^(2)";

/// What of the input there is room for, and the columns that it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InputPlace {
    /// Its columns, with ∂J/∂x.
    pub(super) width: u16,
    values: bool,
    gradient: bool,
}

impl InputPlace {
    /// ∂J/∂x alone, in so many columns.
    pub(super) fn of_gradient(width: u16) -> Self {
        Self { width, values: false, gradient: true }
    }
}

/// Whether the input has all columns below the answer: ∂J/∂x feature by feature.
pub(super) fn is_below(view: &View, snapshot: DenseView<'_>) -> bool {
    snapshot.data.dataset.image.is_none() && view.input == InputView::Gradient
}

/// What of the input is shown beside the outputs.
pub(super) fn beside(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), area: Rect) -> InputPlace {
    let most = area.width.saturating_mul(3) / 5;
    let Some((width, height)) = snapshot.data.dataset.image else {
        let names = names(snapshot);
        let both = names + VALUE + 1 + NUMBER + 1 + BAR;
        let room = area.width.saturating_sub(1 + ANSWERS);
        if both <= room {
            // With what was read rather than with a longer bar.
            let spare = (both + READ + 2 * BAR).min(area.width.saturating_mul(2) / 3);
            let wide = spare.max(both + READ).min(room);
            return InputPlace { width: wide, values: true, gradient: true };
        }
        return InputPlace { width: (names + VALUE + READ).min(most), values: true, gradient: false };
    };
    let value = pixel(snapshot, trace, width);
    let scale = ColorScale::Grey { low: 0.0, high: 1.0 };
    let picture = Picture { rows: height, columns: width, value: &value, scale, selected: None };
    let size = |room: Rect| picture.size(room, &view.theme);
    if view.input == InputView::Gradient {
        let below = Rect { width: most, height: area.height.saturating_sub(1), ..area };
        let name = columns(&view.theme.spell("∂J/∂x ±0.05"));
        return InputPlace { width: size(below).0.max(name).min(most), values: false, gradient: true };
    }
    // Beside each other with a name above and the legend below; none of them cut.
    let half = area.width.saturating_sub(OUTPUTS + 2) / 2;
    let room = Rect { width: half, height: area.height.saturating_sub(2), ..area };
    let (wide, high) = size(room);
    if (PICTURE..=half).contains(&wide) && high <= room.height {
        return InputPlace { width: 2 * wide + 1, values: true, gradient: true };
    }
    InputPlace { width: size(Rect { width: most, ..area }).0.min(most), values: true, gradient: false }
}

/// The columns of the longest name of a feature.
fn names(snapshot: DenseView<'_>) -> u16 {
    snapshot.data.dataset.features.iter().map(|name| columns(&printable(name))).max().unwrap_or(0).min(1000)
}

/// The pixels of the sample as they were read, or set by hand.
fn pixel<'a>(snapshot: DenseView<'a>, trace: &'a Trace, width: usize) -> impl Fn(usize, usize) -> f64 + use<'a> {
    let pixels = trace.features(snapshot.data);
    move |y, x| pixels.and_then(|pixels| pixels.get(y * width + x).copied()).unwrap_or(f64::NAN)
}

/// The pixel of x that was clicked.
pub(super) fn click(view: &View, area: Rect, (x, y): (u16, u16)) -> Option<ViewChange> {
    let (snapshot, trace) = (view.dense()?, view.trace.as_ref()?);
    let (width, _) = snapshot.data.dataset.image?;
    let place = beside(view, (snapshot, trace), area);
    let [input, _, _] = columns_of(place, area);
    let picture = match (place.values, place.gradient) {
        (true, true) => {
            let [values, _, _] = halves(input);
            Rect { y: values.y.saturating_add(1), height: values.height.saturating_sub(1), ..values }
        }
        (true, false) => input,
        (false, _) => return None,
    };
    let pixel = pixel(snapshot, trace, width);
    let (row, column) = picture_of(view, (snapshot, trace), &pixel)?.pixel_at((x, y), picture, &view.theme)?;
    let input = row * width + column;
    Some(ViewChange::Cursor(Cursor { l: 1, i: input + 1, ..view.cursor }))
}

/// The columns of the input, a blank, and those of the outputs.
pub(super) fn columns_of(place: InputPlace, area: Rect) -> [Rect; 3] {
    area.layout(&Layout::horizontal([Constraint::Length(place.width), Constraint::Length(1), Constraint::Fill(1)]))
}

/// The columns of x and of ∂J/∂x beside it, as pictures.
fn halves(area: Rect) -> [Rect; 3] {
    area.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(1), Constraint::Fill(1)]))
}

/// Draws the input in its columns.
pub(super) fn draw(
    view: &View,
    (snapshot, trace): (DenseView<'_>, &Trace),
    place: InputPlace,
    (area, buf): (Rect, &mut Buffer),
) {
    if snapshot.data.dataset.image.is_none() {
        return draw_features(view, (snapshot, trace), place, &mut TableRows::new(area, buf, &view.theme));
    }
    match (place.values, place.gradient) {
        (true, true) => {
            let [values, _, gradient] = halves(area);
            let mut rows = TableRows::new(values, buf, &view.theme);
            rows.line(&format!("x ({})", equation::INPUT.number), view.theme.faint());
            draw_values(view, (snapshot, trace), (rows.rest(), buf));
            let below = draw_gradient(view, snapshot, (gradient, buf));
            // What it means stands below both pictures.
            let below = Rect { x: area.x, width: area.width, ..below };
            tell_meaning(&mut TableRows::new(below, buf, &view.theme), view);
        }
        (false, _) => {
            let below = draw_gradient(view, snapshot, (area, buf));
            tell_meaning(&mut TableRows::new(below, buf, &view.theme), view);
        }
        (true, false) => draw_values(view, (snapshot, trace), (area, buf)),
    }
}

/// What the sign of ∂J/∂x means, where there is room for the whole sentence.
pub(super) fn tell_meaning(rows: &mut TableRows<'_>, view: &View) {
    if rows.lines(MEANING).len() <= usize::from(rows.left()) {
        rows.paragraph(MEANING, view.theme.faint());
    }
}

/// x as a picture.
fn draw_values(view: &View, (snapshot, trace): (DenseView<'_>, &Trace), (area, buf): (Rect, &mut Buffer)) {
    let Some((width, _)) = snapshot.data.dataset.image else { return };
    let value = pixel(snapshot, trace, width);
    if let Some(picture) = picture_of(view, (snapshot, trace), &value) {
        picture.render(area, buf, &view.theme);
    }
}

/// x as a picture; while inputs can be set, with the one under the cursor marked. White stays what it is in the sample as it was read.
fn picture_of<'a>(
    view: &View,
    (snapshot, trace): (DenseView<'_>, &Trace),
    value: &'a dyn Fn(usize, usize) -> f64,
) -> Option<Picture<'a>> {
    let (columns, rows) = snapshot.data.dataset.image?;
    let largest = trace.edited.as_ref().map_or(0.0, |edited| edited.largest);
    let high = trace.features(snapshot.data)?.iter().fold(largest, |top, value| top.max(value.abs()));
    let painted = view.input_at().filter(|_| view.overlay == Overlay::Paint);
    let selected = painted.map(|(_, input)| (input / columns.max(1), input % columns.max(1)));
    Some(Picture { rows, columns, value, scale: ColorScale::Grey { low: 0.0, high }, selected })
}

/// ∂J/∂x as a picture with its name above; its legend below, where there is room, and the pixel under the cursor. Returns what is left.
fn draw_gradient(view: &View, snapshot: DenseView<'_>, (area, buf): (Rect, &mut Buffer)) -> Rect {
    let (theme, limit) = (&view.theme, view.grad_x_limit());
    let (Some((width, height)), number) = (snapshot.data.dataset.image, equation::GRAD_A.number) else { return area };
    let mut rows = TableRows::new(area, buf, theme);
    let Some(gradient) = view.grad_x() else {
        rows.line(&format!("∂J/∂x ({number})"), theme.faint());
        rows.paragraph(NOT_YET, theme.faint());
        return Rect { height: 0, ..area };
    };
    let value = |y: usize, x: usize| gradient.get(y * width + x).copied().unwrap_or(f64::NAN);
    let pixel = view.cursor.i.checked_sub(1).filter(|&pixel| pixel < gradient.len());
    let selected = pixel.map(|pixel| (pixel / width, pixel % width));
    let scale = ColorScale::Signed { limit };
    let picture = Picture { rows: height, columns: width, value: &value, scale, selected };
    let room = Rect { height: rows.left().saturating_sub(1), ..rows.rest() };
    let high = picture.size(room, theme).1;
    let with_legend = high.saturating_add(1) < rows.left();
    let (name, limits) = (format!("∂J/∂x ({number})"), format!("∂J/∂x ±{}", brief(limit)));
    let text = if with_legend { pick(&[&name, "∂J/∂x"], area.width, theme) } else { &limits };
    rows.line(text, theme.key());
    let rest = rows.rest();
    picture.render(Rect { height: if with_legend { high } else { rest.height }, ..rest }, buf, theme);
    if !with_legend {
        return Rect { height: 0, ..rest };
    }
    let mut rows = TableRows::new(Rect { y: rest.y + high, height: rest.height - high, ..rest }, buf, theme);
    if let Some((row, buf)) = rows.take() {
        Legend { scale }.render(row, buf, theme);
    }
    if let Some(pixel) = pixel {
        let name = format!("∂J/∂x_{}", pixel + 1);
        let free = rows.width().saturating_sub(columns(&theme.spell(&name)) + 1).min(NUMBER);
        // A name that is cut would be another one.
        if free >= 5 {
            rows.pair((&[&name], ""), (&signed_fixed(gradient[pixel], usize::from(free)), free), theme.text());
        }
    }
    rows.rest()
}

/// The columns of a list of features.
struct FeatureColumns {
    left: u16,
    value: bool,
}

impl FeatureColumns {
    /// Where the longest name has so many columns: its value goes before the bar does, then the name is cut.
    fn of(names: u16, place: InputPlace, width: u16) -> Self {
        if !place.gradient {
            return Self { left: width, value: true };
        }
        let most = width.saturating_sub(1 + NUMBER + 1 + BAR);
        // What was read stands beside every feature or none.
        let wanted = [names.saturating_add(VALUE + READ), names.saturating_add(VALUE)];
        match wanted.into_iter().find(|&left| left <= most) {
            Some(left) => Self { left, value: true },
            None => Self { left: names.min(most), value: false },
        }
    }

    /// The place of name and value, and that of ∂J/∂x.
    fn split(&self, row: Rect) -> [Rect; 2] {
        row.layout(&Layout::horizontal([Constraint::Length(self.left), Constraint::Fill(1)]).spacing(1))
    }
}

/// ```text
/// x (1.1.1), scaled             ∂J/∂x (2.3.3), bars to ±0.05
/// petal_length was 1.4   -1.347  +0.01234        │███
/// ```
pub(super) fn draw_features(
    view: &View,
    (snapshot, trace): (DenseView<'_>, &Trace),
    place: InputPlace,
    rows: &mut TableRows<'_>,
) {
    let theme = &view.theme;
    let dataset = &snapshot.data.dataset;
    let (read, x) = (trace.features(snapshot.data), trace.a(1));
    let number = |of: Option<ArrayView1<'_, f64>>, i: usize| of.and_then(|of| of.get(i).copied()).unwrap_or(f64::NAN);
    let shown = FeatureColumns::of(names(snapshot), place, rows.width());
    // Where it stands alone, the title names it.
    if place.values || usize::from(rows.left()) > dataset.features.len().min(4) {
        draw_head(view, (&shown, place), rows);
    }
    let gradient = if place.gradient { view.grad_x() } else { None };
    let slope = |i: usize| gradient.and_then(|gradient| gradient.get(i).copied());
    let size = |i: usize| slope(i).unwrap_or(0.0);
    // The feature whose unit is under the cursor is always there, and the largest ∂J/∂x.
    let at = view.cursor.i.checked_sub(1).map_or(ListPosition::Start, ListPosition::Cursor);
    let list = List { size: gradient.is_some().then_some(&size), ..List::of(dataset.features.len(), at) };
    let below = u16::from(place.gradient && rows.left() > 6);
    let painted = view.input_at().filter(|_| view.overlay == Overlay::Paint);
    rows.list(&list, below, &mut |i, rows| {
        let name = printable(&dataset.features[i]);
        let style = if painted == Some((0, i)) { theme.selected() } else { theme.text() };
        let Some((whole, buf)) = rows.take() else { return };
        let [left, right] = shown.split(whole);
        if shown.value {
            let is_set = trace.edited.as_ref().is_some_and(|edited| edited.before((0, i)).is_some());
            let was = format!("{} {}", if is_set { "set" } else { "was" }, short(number(read, i)));
            let value = signed_fixed(number(x, i), 8);
            let left = if place.gradient { left } else { whole };
            TableRows::new(left, buf, theme).pair((&[&name], &was), (&value, 8), style);
        } else {
            Label::new(&name, style).render(left, buf, theme);
        }
        if let Some(value) = slope(i) {
            draw_slope(view, value, (right, buf));
        }
    });
    if gradient.is_some() {
        tell_meaning(rows, view);
    }
}

/// What stands in the columns.
fn draw_head(view: &View, (shown, place): (&FeatureColumns, InputPlace), rows: &mut TableRows<'_>) {
    let Some((row, buf, theme)) = rows.take_with_theme() else { return };
    let [left, right] = if place.gradient { shown.split(row) } else { [row, Rect::ZERO] };
    if shown.value {
        Label::new(&format!("x ({}), scaled", equation::INPUT.number), theme.faint()).render(left, buf, theme);
    }
    if place.gradient {
        let (number, limit) = (equation::GRAD_A.number, brief(view.grad_x_limit()));
        let name = format!("∂J/∂x ({number})");
        let forms = match view.grad_x() {
            Some(_) => [format!("{name}, bars to ±{limit}"), format!("{name} ±{limit}"), format!("∂J/∂x ±{limit}")],
            None => [format!("{name}: not computed yet"), "∂J/∂x: not computed yet".into(), "not computed yet".into()],
        };
        Label::new(pick(&forms.each_ref().map(String::as_str), right.width, theme), theme.key())
            .render(right, buf, theme);
    }
}

/// ∂J/∂x of an input as a number, and, where there is room, as a bar to the side of its sign.
pub(super) fn draw_slope(view: &View, value: f64, (area, buf): (Rect, &mut Buffer)) {
    let theme = &view.theme;
    let [number, bar] = area.layout(&Layout::horizontal([Constraint::Length(NUMBER), Constraint::Fill(1)]).spacing(1));
    Label::right(&signed_fixed(value, usize::from(NUMBER)), theme.text()).render(number, buf, theme);
    if bar.width >= BAR {
        SignedBar { value, limit: view.grad_x_limit() }.render(bar, buf, theme);
    }
}
