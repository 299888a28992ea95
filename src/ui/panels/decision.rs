//! What the network computes over a plane of its inputs: an output with the samples on it, a unit, or all units of a layer.

use ndarray::ArrayView1;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use crate::data::Task;
use crate::derivation::{Plane, decision, equation};
use crate::derivation::{Subject, letter};
use crate::error::printable;
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::nn::{Forward, Network};
use crate::number::short;
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};
use crate::train::{DenseView, Status};
use crate::ui::panel::{Key, PanelEntry, Title, every, nothing};
use crate::ui::widgets::heatmap::{CellSize, Heatmap, LargeMatrix, Shown};
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::legend::Legend;
use crate::view::{Along, DecisionView, ViewChange};
use crate::view::{Mapped, View};

/// Multiplications that a picture may cost: a few milliseconds.
const CHEAP: usize = 4_000_000;
/// Multiplications that a picture may cost while the run goes on; more wait for a pause.
const DEAR: usize = 30_000_000;
/// Cells that a picture has at least, where there is room for them.
const COARSEST: (usize, usize) = (12, 6);

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Decision,
    applies: rows_only,
    title,
    draw,
    along: |view| if view.decision.shows == Mapped::Output { Along::Outputs } else { Along::Units },
    keys: &[
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "an output, a unit, or all units of a layer.",
            does: next_mapped,
        },
        Key { action: Action::Across, applies: every, footer: None, help: "", does: |view| turned(view, true) },
        Key { action: Action::Upwards, applies: every, footer: None, help: "", does: |view| turned(view, false) },
    ],
    subject_at: Some(subject),
    click: nothing,
    guest_of: &[Panel::Confusion, Panel::Sample, Panel::Weight],
};

fn next_mapped(view: &View) -> Option<ViewChange> {
    let shows = match view.decision.shows {
        Mapped::Output => Mapped::Unit,
        Mapped::Unit => Mapped::Sheet,
        Mapped::Sheet => Mapped::Output,
    };
    Some(ViewChange::Decision(DecisionView { shows, ..view.decision }))
}

/// Another feature along one of the axes; never the one along the other.
fn turned(view: &View, across: bool) -> Option<ViewChange> {
    let features = view.dense()?.data.dataset.plain();
    let mut axes = view.decision.axes;
    let (axis, other) = if across { (&mut axes.0, axes.1) } else { (&mut axes.1, axes.0) };
    if features <= 2 {
        return Some(ViewChange::Say("these are all the features there are".into()));
    }
    let next = (1..=features).map(|by| (*axis + by) % features).find(|&feature| feature != other);
    *axis = next.unwrap_or(*axis);
    Some(ViewChange::Decision(DecisionView { axes, ..view.decision }))
}

/// The output, or the unit under the cursor.
fn subject(view: &View) -> Option<Subject> {
    let (l, unit) = match view.decision.shows {
        Mapped::Output => (view.dense()?.network.depth(), view.mapped_output()),
        Mapped::Unit | Mapped::Sheet => (view.cursor.l + 1, view.cursor.j),
    };
    Some(Subject::unit(letter::A, l, (view.cursor.sample, unit)))
}

fn rows_only(view: &View) -> Result<(), String> {
    if view.recurrent().is_some() {
        Err("a sequence is no point of a plane: what is computed of it is in panels 1 and 2, step by step".into())
    } else {
        Ok(())
    }
}

fn title(view: &View) -> Title {
    let Some(snapshot) = view.dense() else {
        return Title { what: "decision".into(), brief: "decision".into(), scale: String::new() };
    };
    let features = &snapshot.data.dataset.features;
    let name = |feature: usize| features.get(feature).map_or_else(|| "?".into(), |name| printable(name));
    let (across, up) = view.decision.axes;
    let over = format!("over {}, {}", name(across), name(up));
    let (of, number) = match view.decision.shows {
        Mapped::Output => {
            let k = view.mapped_output();
            let outputs = snapshot.data.dataset.targets.outputs();
            let name = outputs.get(k).map_or_else(String::new, |name| format!(" {}", printable(name)));
            (format!("h_{}{name}", k + 1), equation::OUTPUT.number)
        }
        Mapped::Unit => (format!("a^({})_{}", view.cursor.l + 1, view.cursor.j + 1), equation::ACTIVATION.number),
        Mapped::Sheet => (format!("a^({})", view.cursor.l + 1), equation::ACTIVATION.number),
    };
    Title { what: format!("decision: {of} ({number}) {over}"), brief: format!("decision: {of}"), scale: String::new() }
}

/// ```text
/// ::::----==++**##         ● ○ outside (training, held-out)
/// ::×:--●-=●++*●##         × + other classes
/// ::::----=+++**##
/// x1 → -5.4 … 5.3   x2 ↑ -5.2 … 5.4
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let (Some(snapshot), theme) = (view.dense(), &view.theme) else { return };
    let Some(plane) = Plane::of(&snapshot.data.dataset, view.decision.axes) else {
        let text = "one feature makes no plane";
        Label::new(text, theme.faint()).render(area, buf, theme);
        return;
    };
    let weights = snapshot.model.cells();
    let moving = matches!(snapshot.status, Status::Running | Status::Stepping);
    if moving && weights.saturating_mul(COARSEST.0 * COARSEST.1) > DEAR {
        let text = format!("{weights} weights are too many for a picture while the run goes on: pause to see it");
        Label::new(&text, theme.faint()).render(area, buf, theme);
        return;
    }
    let rows = if area.height >= 9 { 3 } else { u16::from(area.height >= 4) };
    let [map, notes] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]));
    let field = Field { view, snapshot, plane, weights };
    let scale = match view.decision.shows {
        Mapped::Sheet => field.sheet(map, buf),
        Mapped::Output | Mapped::Unit => field.one(map, buf),
    };
    let mut lines = notes.rows();
    let mut next = || lines.next().unwrap_or_default();
    field.tell_axes(next(), buf);
    if rows == 3 {
        field.tell_points(field.every(map), next(), buf);
        Legend { scale }.render(next(), buf, theme);
    }
}

/// What maps are drawn of.
struct Field<'a> {
    view: &'a View,
    snapshot: DenseView<'a>,
    plane: Plane,
    weights: usize,
}

impl Field<'_> {
    /// The network over the plane in so many columns and rows, or in fewer where it is dear; and the cells that share one.
    fn over(&self, (columns, rows): (usize, usize)) -> (Forward<f64>, (usize, usize), usize) {
        let cost = |block: usize| self.weights.saturating_mul(columns.div_ceil(block) * rows.div_ceil(block));
        let coarse = (columns / COARSEST.0).max(rows / COARSEST.1).max(1);
        let block = (1..=coarse).find(|&block| cost(block) <= CHEAP).unwrap_or(coarse);
        let size = (columns.div_ceil(block), rows.div_ceil(block));
        let data = self.snapshot.data;
        let features = self.view.trace.as_ref().and_then(|trace| trace.features(data));
        let features = features.unwrap_or_else(|| data.dataset.x.row(0));
        (decision::over(self.snapshot, &self.plane, features, size), size, block)
    }

    /// The map of one unit in all of an area, with the samples on it.
    fn one(&self, area: Rect, buf: &mut Buffer) -> ColorScale {
        let (l, unit) = match self.view.decision.shows {
            Mapped::Output => (self.snapshot.network.depth(), self.view.mapped_output()),
            Mapped::Unit | Mapped::Sheet => (self.view.cursor.l + 1, self.view.cursor.j),
        };
        let size = cells(area, &self.view.theme);
        if size.0 == 0 || size.1 == 0 {
            return ColorScale::Signed { limit: 1.0 };
        }
        let (forward, over, block) = self.over(size);
        let Some(last) = forward.a(l).ncols().checked_sub(1) else { return ColorScale::Signed { limit: 1.0 } };
        let unit = unit.min(last);
        let values = forward.a(l).column(unit);
        let scale = layer_scale(self.snapshot.network, (l, 1.0), values.iter());
        map(values, (size, over, block), scale, (area, buf, &self.view.theme));
        self.points(area, buf);
        scale
    }

    /// Every unit's map of the layer under the cursor, as many as there is room for.
    fn sheet(&self, area: Rect, buf: &mut Buffer) -> ColorScale {
        let (theme, l) = (&self.view.theme, self.view.cursor.l + 1);
        let units = self.snapshot.network.theta(l - 1).nrows();
        let across = (1..=units).find(|&across| {
            let width = usize::from(area.width) / across;
            units.div_ceil(across) * (width / 2).max(3) <= usize::from(area.height) || width < 2 * SMALLEST
        });
        let across = across.unwrap_or(1).max(1);
        let width = (area.width / across as u16).max(1);
        let height = (width / 2).max(3).min(area.height.max(1));
        let tile = Rect { width: width.saturating_sub(1), height: height.saturating_sub(1), ..area };
        let size = cells(tile, theme);
        if size.0 == 0 || size.1 == 0 {
            return ColorScale::Signed { limit: 1.0 };
        }
        let (forward, over, block) = self.over(size);
        let all = forward.a(l);
        let scale = layer_scale(self.snapshot.network, (l, 1.0), all.iter());
        let down = usize::from(area.height / height).max(1);
        let first = self.view.cursor.j / across;
        // The row of tiles with the unit under the cursor is always there.
        let top = first.saturating_sub(down - 1);
        for unit in (top * across..units).take(across * down) {
            let (column, row) = (unit % across, unit / across - top);
            let place = Rect { x: area.x + column as u16 * width, y: area.y + row as u16 * height, width, height }
                .intersection(area);
            let [name, picture] = place.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]));
            let style = if unit == self.view.cursor.j { theme.key() } else { theme.faint() };
            Label::new(&format!("a_{}", unit + 1), style).render(name, buf, theme);
            let picture = Rect { width: tile.width, height: tile.height, ..picture }.intersection(area);
            map(all.column(unit), (size, over, block), scale, (picture, buf, theme));
        }
        scale
    }

    /// How many samples share a mark on the map, so that it is still seen below them.
    fn every(&self, area: Rect) -> usize {
        let data = &self.snapshot.data;
        let samples = data.train.row.len() + data.test.as_ref().map_or(0, |test| test.row.len());
        samples.div_ceil((usize::from(area.width) * usize::from(area.height) / 6).max(1)).max(1)
    }

    /// The target from which on a sample has the first mark: ½ of what holds or doesn't, the middle of the training part's
    /// range of numbers, scaled.
    fn middle(&self) -> f64 {
        let data = &self.snapshot.data;
        if data.dataset.targets.task() != Task::Regression {
            return 0.5;
        }
        let y = data.train.y.column(self.view.mapped_output());
        let ends = |(low, high): (f64, f64), &y: &f64| (low.min(y), high.max(y));
        let (low, high) = y.iter().fold((f64::INFINITY, f64::NEG_INFINITY), ends);
        f64::midpoint(low, high)
    }

    /// The samples of both parts, those of the output that is looked at by a mark of their own; the one under the cursor stands out.
    fn points(&self, area: Rect, buf: &mut Buffer) {
        let (view, data) = (self.view, &self.snapshot.data);
        let every = self.every(area);
        let (k, middle) = (view.mapped_output(), self.middle());
        let parts = [(false, Some(&data.train)), (true, data.test.as_ref())];
        let size = (usize::from(area.width), usize::from(area.height));
        for (held_out, part) in parts.into_iter().filter_map(|(held_out, part)| Some((held_out, part?))) {
            for (row, &of) in part.row.iter().enumerate() {
                let selected = view.cursor.sample.held_out == held_out && view.cursor.sample.row == row;
                if row % every != 0 && !selected {
                    continue;
                }
                let set = view.trace.as_ref().filter(|_| selected).and_then(|trace| trace.features(data));
                let x = set.unwrap_or_else(|| data.dataset.x.row(of));
                let (column, line) = self.plane.cell_of((x[self.plane.axes.0], x[self.plane.axes.1]), size);
                let mark = marks(&view.theme)[usize::from(part.y[[row, k]] < middle)][usize::from(held_out)];
                let Some(cell) = buf.cell_mut((area.x + column as u16, area.y + line as u16)) else { continue };
                // The upper half of a cell is its ink, the lower one its ground: the mark stands on the upper one.
                let ground = if cell.symbol() == "▀" { cell.fg } else { cell.bg };
                let style = if selected {
                    view.theme.selected()
                } else {
                    Style::new().fg(view.theme.ink_on(ground)).bg(ground)
                };
                cell.reset();
                cell.set_char(mark).set_style(style);
            }
        }
    }

    fn tell_axes(&self, area: Rect, buf: &mut Buffer) {
        let (theme, plane) = (&self.view.theme, &self.plane);
        let name = |feature: usize| printable(&self.snapshot.data.dataset.features[feature]);
        let (across, up) = (name(plane.axes.0), name(plane.axes.1));
        let ranges = format!(
            "{across} → {} … {}   {up} ↑ {} … {}",
            short(plane.low.0),
            short(plane.high.0),
            short(plane.low.1),
            short(plane.high.1)
        );
        let others = self.snapshot.data.dataset.plain() > 2;
        let full = if others { format!("{ranges}   others as in the sample under the cursor") } else { ranges.clone() };
        let brief = format!("{across} →   {up} ↑");
        Label::new(pick(&[&full, &ranges, &brief], area.width, theme), theme.faint()).render(area, buf, theme);
    }

    fn tell_points(&self, every: usize, area: Rect, buf: &mut Buffer) {
        let theme = &self.view.theme;
        if self.view.decision.shows == Mapped::Sheet {
            Label::new("each unit of the layer over the plane", theme.faint()).render(area, buf, theme);
            return;
        }
        let [[train, test], [other, other_test]] = marks(theme);
        let k = self.view.mapped_output();
        let data = &self.snapshot.data;
        let targets = &data.dataset.targets;
        let name = targets.outputs().get(k).map_or_else(String::new, |name| printable(name));
        let (these, others) = match targets.task() {
            Task::Classes => (name, "other classes".into()),
            Task::Binary => (name, printable(&targets.classes()[0])),
            Task::Labels => (format!("{name} holds"), "it doesn't".into()),
            Task::Regression => {
                let middle = short(data.target_scaling.unscaled(self.middle(), k));
                (format!("{name} from {middle} up"), "below".into())
            }
        };
        let some = if every > 1 { format!(", one of {every} shown") } else { String::new() };
        let parts = if self.snapshot.data.test.is_some() { " (training, held-out)" } else { "" };
        let full = format!("{train} {test} {these}{parts}   {other} {other_test} {others}{some}");
        let brief = format!("{train} {test} {these}   {other} {other_test} {others}");
        Label::new(pick(&[&full, &brief], area.width, theme), theme.faint()).render(area, buf, theme);
    }
}

/// What the colours of a^(l) stand for, of which these are the values, each multiplied by what dropout makes up with; the inputs
/// have no range but theirs.
pub(super) fn layer_scale<'v>(
    network: &Network<f64>,
    (l, times): (usize, f64),
    values: impl Iterator<Item = &'v f64> + Clone,
) -> ColorScale {
    let finite = values.copied().filter(|value| value.is_finite());
    let (low, high) = match (l, network.hidden.get(l.wrapping_sub(2))) {
        // An input has the same colours in every sample, whatever the signs of that sample's are.
        (1, _) => (f64::NEG_INFINITY, f64::INFINITY),
        (_, Some(g)) => g.range(),
        (_, None) => network.output.range(),
    };
    let largest = || finite.fold(f64::MIN_POSITIVE, |top, value| top.max(value.abs()));
    let high = if high.is_finite() { high * times } else { largest() };
    if low < 0.0 { ColorScale::Signed { limit: high } } else { ColorScale::Sequential { low: 0.0, high } }
}

/// Half of the columns that a tile of the sheet has at least.
const SMALLEST: usize = 5;

/// Marks of the samples of the class that is looked at, training and held out, and of all others.
fn marks(theme: &Theme) -> [[char; 2]; 2] {
    if theme.ascii { [['O', 'o'], ['x', '+']] } else { [['●', '○'], ['×', '+']] }
}

/// Columns and rows of numbers that an area shows: two above each other where there are colours.
fn cells(area: Rect, theme: &Theme) -> (usize, usize) {
    let halves = if theme.depth > Depth::Mono && !theme.ascii { 2 } else { 1 };
    (usize::from(area.width), usize::from(area.height) * halves)
}

/// One unit's values over the plane, `block` cells wide and high each.
fn map(
    values: ArrayView1<f64>,
    ((columns, rows), (over, _), block): ((usize, usize), (usize, usize), usize),
    scale: ColorScale,
    (area, buf, theme): (Rect, &mut Buffer, &Theme),
) -> Shown {
    let value = |row: usize, column: usize| values.get(row / block * over + column / block).copied();
    let heatmap = Heatmap {
        rows,
        columns,
        value: &value,
        scale,
        of_column: None,
        size: CellSize::Half,
        fit: LargeMatrix::Scroll,
        first_apart: false,
        axes: None,
        selected: None,
        offset: (0, 0),
    };
    heatmap.render(area, buf, theme)
}
