//! The units of a recurrent network at the step under the cursor: x_t and h_{t−1} lead to h_t, and h_t to o_t where that is read.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::card::{Card, ColumnRoom, NAME, Sees, VALUE};
use super::cards::Cards;
use super::columns::{CLASSES, GAP, UnitColumn, WantedColumn, parts, side_by_side};
use super::edges::{self, At, Edges, LineRoom, largest, signs};
use super::ends::draw_inputs;
use super::shows::Shows;
use crate::data::Task;
use crate::data::targets::holds;
use crate::derivation::RecurrentParameter;
use crate::theme::values::ColorScale;
use crate::train::RecurrentView;
use crate::ui::widgets::label::{Label, pick};
use crate::view::{InGrid, View};

/// How many numbers of a symbol, one a unit, are computed at a step.
pub(super) type KnownUnits<'a> = &'a dyn Fn(&str, usize) -> usize;

/// The step under the cursor.
#[derive(Clone, Copy)]
pub(super) struct AtStep<'a> {
    pub(super) net: RecurrentView<'a>,
    pub(super) t: usize,
    /// The row of the arrays of outputs, if they are read at it.
    pub(super) read: Option<usize>,
    /// What is shown of the units of the layer, and its symbol.
    pub(super) shown: InGrid,
    pub(super) symbol: &'a str,
    /// What is written behind x_t.
    pub(super) input: &'a str,
    pub(super) known: KnownUnits<'a>,
}

/// The columns of a step: x_t above h_{t−1}, then h_t, then o_t.
struct StepLayout {
    x: UnitColumn,
    before: UnitColumn,
    units: UnitColumn,
    outputs: UnitColumn,
}

impl AtStep<'_> {
    /// Whether there is room for it.
    pub(super) fn fits(area: Rect) -> bool {
        area.width >= 2 * (NAME + VALUE + GAP) + NAME + VALUE && area.height >= 9
    }

    pub(super) fn draw(&self, view: &View, (area, buf): (Rect, &mut Buffer)) {
        let (net, theme) = (self.net, &view.theme);
        let (units, note) = parts(area);
        let columns = self.columns(view, units);
        let StepLayout { x, before, units, outputs } = &columns;
        let (gate, size) = (self.gate(), net.network.sizes().1);
        let [of_x, of_h, of_o] = &net.network.theta;
        let biases = RecurrentParameter::H.biases(net.network.cell);
        // Two matrices lead to h_t.
        let (each, few) = (LineRoom::of(x, units, 2), LineRoom::of(units, outputs, 1));
        let edges = |from, to, weight, largest, chosen, room| Edges {
            from,
            to,
            weight,
            largest,
            chosen,
            takes_part: None,
            room,
        };
        let chosen = Some(view.cursor.unit);
        let from_x = |(j, i): At| of_x[[gate * size + j, i]];
        let from_h = |(j, i): At| of_h[[gate * size + j, i + biases - 1]];
        let from_units = |(k, i): At| of_o[[k, i]];
        let into = [
            edges(x, units, &from_x as &dyn Fn(At) -> f64, largest(of_x.iter()), chosen, each),
            edges(before, units, &from_h, largest(of_h.iter()), chosen, each),
        ];
        edges::draw(&into, buf, theme);
        if self.read.is_some() {
            edges::draw(&[edges(units, outputs, &from_units, largest(of_o.iter()), None, few)], buf, theme);
        }
        for (column, shows) in [x, before, units, outputs].into_iter().zip(self.shows()) {
            let is_layer = [2, 3].contains(&column.l);
            let chosen = (chosen.filter(|_| is_layer), false);
            Cards { column, shows: &shows, chosen, picture: &|_, _| {} }.draw((area, buf), theme);
        }
        draw_inputs(view, &net.sequences.inputs, x, buf);
        if let Some(step) = self.read {
            self.draw_targets(view, (outputs, step), (area, buf));
        }
        self.draw_caption(view, (&columns, each.each.max(few.each)), (note, buf));
    }

    /// The gate whose weights are lines: the one that is shown, or the candidate, the last.
    fn gate(&self) -> usize {
        match self.shown {
            InGrid::Gate(gate) | InGrid::Delta(gate) => gate,
            _ => self.net.network.cell.gates().len() - 1,
        }
    }

    fn columns(&self, view: &View, area: Rect) -> StepLayout {
        let (inputs, units, outputs) = self.net.network.sizes();
        let room = Rect { width: area.width - CLASSES.min(area.width / 5), ..area };
        let each = (room.width / 3).saturating_sub(GAP).max(NAME + VALUE);
        let card = Card::of(Sees::Bar, 0, ColumnRoom { width: each, rows: area.height, halves: false });
        let has_bias = RecurrentParameter::H.biases(self.net.network.cell) > 0;
        let selected = Some(view.cursor.unit);
        let wanted = |l, size, selected, has_bias| WantedColumn { l, card, size, selected, has_bias, image: None };
        let x = wanted(1, inputs, None, true);
        let before = wanted(2, units, selected, has_bias);
        let of_units = [wanted(3, units, selected, self.read.is_some()), wanted(4, outputs, None, false)];
        let [of_h, of_o] = of_units;
        let three = side_by_side(&[wanted(1, inputs, None, true), of_h, of_o], room);
        let mut three = three.into_iter();
        let mut column = || three.next().unwrap_or_else(|| UnitColumn::place(&x, room));
        let (left, units, outputs) = (column(), column(), column());
        // Each of the two has its rows, or a half where both have too few.
        let rows = |wanted: &WantedColumn| 1 + usize::from(wanted.has_bias) + wanted.size;
        let (above, below) = (rows(&x), rows(&before));
        let total = usize::from(area.height);
        let above = if above + below <= total {
            above + (total - above - below) / 2
        } else {
            above.min((total / 2).max(total.saturating_sub(below)))
        };
        let height = u16::try_from(above).unwrap_or(area.height).min(area.height);
        let upper = Rect { height, ..left.area };
        let lower = Rect { y: upper.bottom(), height: area.height - height, ..left.area };
        StepLayout { x: UnitColumn::place(&x, upper), before: UnitColumn::place(&before, lower), units, outputs }
    }

    /// What stands in the four columns.
    fn shows(&self) -> [Shows; 4] {
        let (net, t) = (self.net, self.t);
        let row = |array: &Array2<f64>, step: usize| array.row(step).to_vec();
        let top = |values: &[f64]| ColorScale::Signed { limit: largest(values.iter()).max(1.0) };
        let of = |symbol: String, values: Vec<f64>, (scale, known): (ColorScale, usize)| Shows {
            symbol,
            known,
            scale,
            masks: Vec::new(),
            values,
        };
        let x = row(net.x(), t - 1);
        let known = (self.known)("x", t);
        let name = if known < x.len() || self.input.is_empty() { String::new() } else { format!(" {}", self.input) };
        let scale = top(&x);
        let x = of(format!("x_{t}{name}"), x, (scale, known));
        let before = row(net.h(), t - 1);
        // h_0 is there from the beginning.
        let known = if t == 1 { usize::MAX } else { (self.known)("h", t - 1) };
        let scale = top(&before);
        let before = of(format!("h_{}", t - 1), before, (scale, known));
        let values: Vec<f64> = (0..net.network.sizes().1).filter_map(|unit| self.shown.value(net, (t, unit))).collect();
        let scale = if self.shown == InGrid::State { top(&values) } else { self.shown.scale(net) };
        let units = of(format!("{}_{t}", self.symbol), values, (scale, (self.known)(self.symbol, t)));
        let o = self.read.map(|step| row(net.o(), step)).unwrap_or_default();
        let (scale, not_read) = (top(&o), if self.read.is_none() { " not read" } else { "" });
        let outputs = of(format!("o_{t}{not_read}"), o, (scale, (self.known)("o", t)));
        [x, before, units, outputs]
    }

    /// What each output stands for, and which of them the target is.
    fn draw_targets(&self, view: &View, (column, step): (&UnitColumn, usize), (area, buf): (Rect, &mut Buffer)) {
        let (sequences, theme) = (self.net.sequences, &view.theme);
        for placed in &column.units {
            let x = placed.area.right().saturating_add(1);
            let row = Rect { x, width: area.right().saturating_sub(x), ..placed.area }.intersection(area);
            let name = sequences.outputs.get(placed.unit).map_or("", String::as_str);
            let y = self.net.y().get([step, placed.unit]).copied().unwrap_or_default();
            let is_target = sequences.task != Task::Regression && holds(y);
            let whole = if is_target { format!("{name} target") } else { name.to_string() };
            let brief = if is_target { format!("{name} = y") } else { name.to_string() };
            let style = if is_target { theme.warn() } else { theme.text() };
            Label::new(pick(&[&whole, &brief], row.width, theme), style).render(row, buf, theme);
        }
    }

    fn draw_caption(&self, view: &View, (columns, most): (&StepLayout, usize), (area, buf): (Rect, &mut Buffer)) {
        let theme = &view.theme;
        if theme.ascii || edges::gap(&columns.x, &columns.units).is_none() {
            return;
        }
        let cell = self.net.network.cell;
        let gate = if cell.has_gates() { format!(" of {}", cell.gates()[self.gate()]) } else { String::new() };
        let symbols =
            if self.read.is_some() { format!("Θ^x, Θ^h{gate} and Θ^o") } else { format!("Θ^x and Θ^h{gate}") };
        let chosen = format!("all into h_{}", view.cursor.unit + 1);
        let StepLayout { x, before, units, outputs } = columns;
        let all = [x, before, units, outputs].into_iter().all(|column| column.shown() == column.size);
        let [between, of_these] = if all { ["", ""] } else { [" between the units shown", " shown"] };
        let whole = format!("lines: the strongest {symbols}{between}, at most {most} of each into a unit, {chosen}");
        let forms = [
            format!("{whole}; {}", signs(theme)),
            whole,
            format!("the strongest{of_these} {symbols}, at most {most} a unit, {chosen}"),
            format!("the strongest{of_these} Θ{gate}, {chosen}"),
        ];
        Label::new(pick(&forms.each_ref().map(String::as_str), area.width, theme), theme.faint())
            .render(area, buf, theme);
    }
}
