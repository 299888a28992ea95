//! Units by steps: what comes back through time, right to left, or the states and gates on their way; below it the gain of each step.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use crate::derivation::graph::definition::Definition;
use crate::derivation::latex::{aligned, latex as written};
use crate::derivation::{Graph, UnitAt, UnitLine, unit_lines, whole_gain};
use crate::nn::recurrent::tensors;
use crate::number::{brief, decimals, exact, short, signed_decimals, times};
use crate::theme::Theme;
use crate::theme::values::ColorScale;
use crate::train::RecurrentView;
use crate::ui::panel::Title;
use crate::ui::panels::sample::sequence;
use crate::ui::table::TableRows;
use crate::ui::widgets::frame::Frame;
use crate::ui::widgets::heatmap::{CellSize, Heatmap, LargeMatrix, Shown};
use crate::ui::widgets::label::{Label, columns, pick, wrapped};
use crate::ui::widgets::legend::Legend;
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::put;
use crate::view::{Along, InGrid, Overlay, View, ViewChange};

impl InGrid {
    /// Its quantity, in a layer of so many units.
    pub(in crate::ui) fn definition(self, graph: &Graph, units: usize) -> Option<&Definition> {
        let (tensor, gate) = match self {
            Self::Back => (tensors::GRAD_H, 0),
            Self::BackOfC => (tensors::GRAD_C, 0),
            Self::Delta(gate) => (tensors::DELTA, gate),
            Self::State => (tensors::H, 0),
            Self::StateC => (tensors::C, 0),
            Self::Gate(gate) => (tensors::GATE, gate),
        };
        graph.of_tensor(tensor, gate * units)
    }

    /// Its symbol, and of a δ what it is.
    pub(in crate::ui) fn said(self, net: RecurrentView<'_>) -> [String; 2] {
        let graph = Graph::of(net.snapshot);
        let Some(definition) = self.definition(&graph, net.network.sizes().1) else { return Default::default() };
        let symbol = definition.symbol_at_steps();
        let meaning = graph.meaning(definition.key).unwrap_or_else(|| symbol.clone());
        [symbol, meaning]
    }

    /// Whether it comes back from the cost.
    fn comes_back(self) -> bool {
        matches!(self, Self::Back | Self::BackOfC | Self::Delta(_))
    }

    /// Its number of a unit at a step, counted from 1, of a sequence.
    pub fn value(self, net: RecurrentView<'_>, (t, unit): (usize, usize)) -> Option<f64> {
        let units = net.network.sizes().1;
        let state = |array: &Array2<f64>| array.get([t, unit]).copied();
        let step = |array: &Array2<f64>, gate: usize| array.get([t - 1, gate * units + unit]).copied();
        match self {
            Self::Back => state(net.grad_h()),
            Self::BackOfC => state(net.grad_c()),
            Self::State => state(net.h()),
            Self::StateC => state(net.c()),
            Self::Delta(gate) => step(net.delta(), gate),
            Self::Gate(gate) => step(net.gate(), gate),
        }
    }

    /// What its colours stand for.
    pub(in crate::ui) fn scale(self, net: RecurrentView<'_>) -> ColorScale {
        let steps = net.steps();
        let (cell, unit) = (net.network.cell, (0.0, 1.0));
        let is_share = match self {
            Self::State => cell.range() == unit,
            Self::Gate(gate) => gate + 1 < cell.gates().len(),
            _ => false,
        };
        if is_share {
            return ColorScale::Sequential { low: unit.0, high: unit.1 };
        }
        let bounded = match self {
            Self::State => cell.range().1.is_finite(),
            Self::Gate(_) => true,
            Self::StateC | Self::Back | Self::BackOfC | Self::Delta(_) => false,
        };
        let largest = (1..=steps).map(|t| self.largest_at(net, t)).fold(0.0, f64::max);
        ColorScale::Signed { limit: if bounded || largest == 0.0 { 1.0 } else { largest } }
    }

    /// What its colours stand for at so many steps, from an index on, where these have a scale of their own.
    fn scale_at(self, (first, steps): (usize, usize), net: RecurrentView<'_>) -> ColorScale {
        let last = (first + steps).min(net.steps());
        match (first + 1..=last).map(|t| self.largest_at(net, t)).fold(0.0, f64::max) {
            0.0 => self.scale(net),
            limit => ColorScale::Signed { limit },
        }
    }

    /// The largest magnitude of its units at a step.
    fn largest_at(self, net: RecurrentView<'_>, t: usize) -> f64 {
        let all = (0..net.network.sizes().1).filter_map(|unit| self.value(net, (t, unit)));
        all.filter(|value| value.is_finite()).fold(0.0, |top, value| top.max(value.abs()))
    }
}

/// The fewest columns of a legend.
const LEGEND: u16 = 12;

/// The next that there is of each unit at each step, of a recurrent network.
pub(in crate::ui) fn next_grid(view: &View) -> Option<ViewChange> {
    let all = InGrid::all(view.recurrent()?.network.cell);
    let at = all.iter().position(|&shown| shown == view.grid).unwrap_or(0);
    Some(ViewChange::Grid(all[(at + 1) % all.len()]))
}

/// The equations of the unit under the cursor at its step, of a recurrent network.
pub(in crate::ui) fn unit_at_step(view: &View) -> Option<ViewChange> {
    view.recurrent().map(|_| ViewChange::Over(Overlay::UnitAtStep))
}

/// What the arrows go through in panels of units: of a recurrent network the steps, too.
pub(in crate::ui) fn along_units(view: &View) -> Along {
    if view.recurrent().is_some() { Along::Steps } else { Along::Units }
}

pub(super) fn title(view: &View, net: RecurrentView<'_>) -> Title {
    let ([symbol, meaning], t, unit) = (view.grid.said(net), view.cursor.t, view.cursor.unit + 1);
    let value = view.grid.value(net, (t, unit - 1));
    let value = value.map(|value| format!(" t {t}, unit {unit}: {}", short(value))).unwrap_or_default();
    let way = match (view.grid.comes_back(), view.shared_scale) {
        (true, false) => "own scales, ← back",
        (true, true) => "one scale, ← back",
        (false, _) => "through time",
    };
    let (brief, scale) = (format!("{symbol}{value}"), sequence::name(view));
    // Before what it is comes a comma, so that no number is read as its step.
    let value = if meaning == symbol { value } else { format!(", at{value}") };
    Title { what: format!("{meaning}{value}  {way}"), brief, scale }
}

/// ```text
///       t 1   2   3   4      one row a unit, one column a step
///  1      .   .   -   #
///  gain  .   -0.4-0.3-0.5    log10 of what each step back multiplies the length by
///  together 10^-6.2; mean ‖∂J/∂h‖ …
/// ```
pub(super) fn draw(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let below = if area.height >= 7 && view.grid.comes_back() { 3 } else { 1 };
    let [map, notes] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]));
    let (steps, units) = (net.steps(), net.network.sizes().1);
    let scale = view.grid.scale(net);
    // The sum is walked through from the last step back: what is not reached yet is not shown.
    let from = view.walked.filter(|_| view.grid.comes_back()).unwrap_or(1);
    let value = |unit: usize, at: usize| (at + 1 >= from).then(|| view.grid.value(net, (at + 1, unit))).flatten();
    // The numbers of the units down the edge take three columns.
    let wide = (map.width.saturating_sub(3) / steps.max(1) as u16).clamp(1, 6);
    let heatmap = Heatmap {
        rows: units,
        columns: steps,
        value: &value,
        scale,
        of_column: None,
        size: CellSize::Full(wide),
        fit: LargeMatrix::Reduce,
        first_apart: false,
        axes: Some((1, 1)),
        selected: Some((view.cursor.unit, view.cursor.t - 1)),
        offset: (0, 0),
    };
    // What comes back can be seen at each step, however small it has become; steps that share a cell share a scale.
    let together = heatmap.layout(map, theme).block.1;
    let of_column = |at: usize| view.grid.scale_at((at / together * together, together), net);
    let is_own = !view.shared_scale && view.grid.comes_back();
    let heatmap = Heatmap { of_column: if is_own { Some(&of_column) } else { None }, ..heatmap };
    let shown = heatmap.render(map, buf, theme);
    let here = if is_own && view.cursor.t >= from { of_column(view.cursor.t - 1) } else { scale };
    let factor = scale.ends().1 / here.ends().1;
    let factor = if factor > 1.0 { format!("t {}: ×1/{}", view.cursor.t, times(factor)) } else { String::new() };
    let [gains, words, legend]: [Rect; 3] = match below {
        3 => notes.layout(&Layout::vertical([Constraint::Length(1); 3])),
        _ => [Rect::ZERO, Rect::ZERO, notes],
    };
    if below == 3 {
        draw_gains(net, (&shown, gains), (buf, theme));
        let forms = in_words(net).map(|form| joined([&factor, &form]));
        Label::new(pick(&forms.each_ref().map(String::as_str), words.width, theme), theme.text())
            .render(words, buf, theme);
    }
    // A cell that stands for several numbers says so.
    let block = match shown.block {
        (1, 1) => what_it_is(view, net, legend.width),
        (units, 1) => format!("a cell: the largest of {units} units"),
        (1, steps) => format!("a cell: the largest of {steps} steps"),
        (units, steps) => format!("a cell: the largest of {units}×{steps}"),
    };
    // The legend is that of one step.
    let own = if is_own { format!("scale of t {} alone, each step has its own", view.cursor.t) } else { String::new() };
    let brief_own = if is_own { format!("scale of t {}", view.cursor.t) } else { String::new() };
    let block = if below == 3 { block } else { joined([&factor, &block]) };
    let forms = [joined([&own, &block]), joined([&brief_own, &block]), if is_own { brief_own } else { block }];
    let room = legend.width.saturating_sub(LEGEND);
    let note = pick(&forms.each_ref().map(String::as_str), room, theme).to_string();
    let [legend, place] =
        legend.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(columns(&note))]).spacing(1));
    Legend { scale: here }.render(legend, buf, theme);
    Label::right(&note, theme.faint()).render(place, buf, theme);
}

/// The parts that say something, as one line.
fn joined(parts: [&str; 2]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// What the δ that is shown is, where there is as much room left for the legend.
fn what_it_is(view: &View, net: RecurrentView<'_>, width: u16) -> String {
    let [symbol, meaning] = view.grid.said(net);
    let is_defined = meaning != symbol && 2 * columns(&view.theme.spell(&meaning)) <= width;
    if is_defined { meaning } else { String::new() }
}

/// The gain of each step under its column: as a number where there is room, else as a sign; where the gradient is cut, a bar.
fn draw_gains(net: RecurrentView<'_>, (shown, row): (&Shown, Rect), (buf, theme): (&mut Buffer, &Theme)) {
    let edge = Rect { width: shown.grid.x.saturating_sub(row.x), ..row };
    Label::new(pick(&["gain", "g"], edge.width, theme), theme.faint()).render(edge, buf, theme);
    for at in shown.columns.clone() {
        let Some(place) = shown.place(shown.rows.start, at) else { continue };
        let place = Rect { y: row.y, ..place };
        let flow = net.flow(at + 1);
        if flow.cut {
            put(buf, (place.x, place.y), if theme.ascii { '|' } else { '┃' }, theme.warn());
            continue;
        }
        let Some(gain) = flow.gain else { continue };
        let style = if gain.abs() < 0.15 { theme.text() } else { theme.bad() };
        if place.width >= 5 {
            Label::right(&signed_decimals(gain, 1), style).render(place, buf, theme);
        } else if place.width >= 3 && gain.abs() >= 0.95 && gain.abs() < 99.5 {
            Label::right(&signed_decimals(gain, 0), style).render(place, buf, theme);
        } else {
            let sign = match gain {
                gain if gain <= -0.15 => '-',
                gain if gain >= 0.15 => '+',
                _ => '=',
            };
            put(buf, (place.x + place.width / 2, place.y), sign, style);
        }
    }
}

/// How the gradient's length changes on the whole way, the longest form first.
fn in_words(net: RecurrentView<'_>) -> [String; 3] {
    let (first, last) = (net.flow(1), net.flow(net.steps()));
    let (at_end, at_1) = (brief(last.norm), brief(first.norm));
    let norms = format!("mean ‖∂J/∂h‖ {at_end} at t {}, {at_1} at t 1", net.steps());
    let short = format!("mean ‖∂J/∂h‖ {at_1} … {at_end}");
    let whole = match (whole_gain(net), net.config.recurrence.and_then(|recurrence| recurrence.truncate)) {
        (Some(gain), _) => format!("together 10^{}", decimals(gain, 1)),
        (None, Some(steps)) => format!("cut after every {steps} steps"),
        (None, None) => return [norms, short.clone(), short],
    };
    [format!("{whole}; {norms}"), format!("{whole}; {short}"), whole]
}

/// The name of the unit under the cursor at its step, and its equations forwards and back, each block with a heading.
fn blocks(view: &View, net: RecurrentView<'_>) -> (String, [(String, Vec<UnitLine>); 2]) {
    let at = UnitAt { t: view.cursor.t, unit: view.cursor.unit };
    let name = format!("unit {} at t {} in {}", at.unit + 1, at.t, sequence::name(view));
    let lines = view.trace.as_ref().map(|trace| unit_lines((net, trace), at));
    let [forwards, backwards] = lines.unwrap_or_default();
    let each = if net.network.cell.has_gates() { ", and so for each gate" } else { "" };
    let [_, meaning] = InGrid::Delta(0).said(net);
    let back = format!("back (2.3.3, 2.5.8, 3.2), where {meaning}{each}");
    (name, [("forwards (1.1.2, 1.1.3, 3.2)".into(), forwards), (back, backwards)])
}

/// The same as plain text, for the clipboard and for files.
pub(in crate::ui) fn text(view: &View) -> Option<String> {
    let net = view.recurrent()?;
    let (name, blocks) = blocks(view, net);
    let mut text = format!("{name}, at the Θ of step {}\n", net.position.step);
    for (heading, lines) in blocks {
        text.push_str(&format!("{heading}\n"));
        for UnitLine { name, symbols, numbers, value } in lines {
            text.push_str(&format!("{name} = {symbols}\n    = {numbers} = {}\n", exact(value)));
        }
    }
    Some(text)
}

/// The same as LaTeX.
pub(in crate::ui) fn latex(view: &View) -> Option<String> {
    let (_, blocks) = blocks(view, view.recurrent()?);
    let lines = blocks.iter().flat_map(|(_, lines)| lines);
    let line = |line: &'_ UnitLine| [written(&line.symbols), written(&line.numbers), written(&exact(line.value))];
    Some(aligned(lines.map(|of| (of.name.as_str(), line(of)))))
}

/// The unit under the cursor at its step, equation by equation with all digits.
pub(in crate::ui) fn explain(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(net) = view.recurrent() else { return };
    let theme = &view.theme;
    let (title, blocks) = blocks(view, net);
    let inner = Frame { title: &title, right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    // Where room is short the symbols stand for themselves.
    let equations: usize = blocks.iter().map(|(_, lines)| lines.len()).sum();
    let whole = sheet(&blocks, &rows, (view, true));
    let room = usize::from(rows.left());
    let fits = whole.iter().map(Vec::len).sum::<usize>() <= room || room >= 2 * equations + 2;
    let items = if fits { whole } else { sheet(&blocks, &rows, (view, false)) };
    let height = |index: usize| u16::try_from(items[index].len()).unwrap_or(u16::MAX);
    let list = List { rows: &height, ..List::of(items.len(), ListPosition::From(view.line)) };
    rows.list(&list, 0, &mut |index, rows| items[index].iter().for_each(|(text, style)| rows.line(text, *style)));
}

/// Each equation as the rows that it takes, with the heading above the first one of a block; with its numbers or without.
fn sheet(
    blocks: &[(String, Vec<UnitLine>); 2],
    rows: &TableRows<'_>,
    (view, numbers_too): (&View, bool),
) -> Vec<Vec<(String, Style)>> {
    let theme = &view.theme;
    let item = |(heading, UnitLine { name, symbols, numbers, value }): (Option<&str>, &UnitLine)| {
        let (equation, width) = (format!("{name} = {symbols}"), rows.width());
        let mut lines: Vec<(String, Style)> = Vec::new();
        let mut put = |text: Vec<String>, style: Style| lines.extend(text.into_iter().map(|line| (line, style)));
        if let Some(heading) = heading {
            put(hanging(["", "  "], [heading, ""], (width, theme)), theme.key());
        }
        if numbers_too {
            put(hanging(["", "  "], [&equation, ""], (width, theme)), theme.faint());
            let value = exact(*value);
            // A right side that is a number is its own value.
            let end = if *numbers == value { String::new() } else { format!("= {value}") };
            put(hanging(["    = ", "      "], [numbers, &end], (width, theme)), theme.text());
        } else {
            let value = short(*value);
            let end = if *symbols == value { String::new() } else { format!("= {value}") };
            put(hanging(["", "  "], [&equation, &end], (width, theme)), theme.text());
        }
        lines
    };
    let of_block = |(heading, lines): &(String, Vec<UnitLine>)| {
        let headed = lines.iter().enumerate().map(|(index, line)| ((index == 0).then_some(heading.as_str()), line));
        headed.map(item).collect::<Vec<_>>()
    };
    blocks.iter().flat_map(of_block).collect()
}

/// A text with one mark before its first row and another one before the others; its end stays in one piece.
fn hanging(marks: [&str; 2], [text, end]: [&str; 2], (width, theme): (u16, &Theme)) -> Vec<String> {
    let mut lines: Vec<String> = wrapped(&theme.spell(text), width.saturating_sub(columns(marks[1])));
    match lines.last_mut() {
        _ if end.is_empty() => {}
        Some(last) if columns(marks[1]) + columns(last) + 1 + columns(&theme.spell(end)) <= width => {
            last.push_str(&format!(" {end}"));
        }
        _ => lines.push(end.into()),
    }
    let marked = lines.iter().enumerate().map(|(index, line)| format!("{}{line}", marks[usize::from(index > 0)]));
    marked.collect()
}
