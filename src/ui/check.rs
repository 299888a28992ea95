//! The check of the gradient: how far it is, what it found layer by layer, and the error of every cell.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::table::{TableColumn, TableRows, head_of};
use super::widgets::bars::Bar;
use super::widgets::frame::Frame;
use super::widgets::heatmap::{CellSize, Heatmap, LargeMatrix};
use super::widgets::label::{Label, columns, pick};
use super::widgets::legend::Legend;
use super::widgets::list::{List, ListPosition};
use crate::derivation::equation::GRADIENT;
use crate::nn::check::{GradientFinding, Kink, LIMIT, LayerReport, Verdict};
use crate::number::{brief, exact, short};
use crate::theme::values::ColorScale;
use crate::train::{CheckScope, Checked, Progress};
use crate::view::View;

/// Kinks that are named.
const NAMED: usize = 4;

/// ```text
/// +- > check of the gradient ------------------------------- of the Θ of step 480 -+
/// | ∂J/∂Θ (3.1.3) against (J(Θ+ε) - J(Θ-ε)) / 2ε, ε 1e-6, f64, all 1438 samples      |
/// | 1885 of 1885 cells  every layer is below 1e-7                                  |
/// |                                                                                |
/// |   Θ^(l)  relative             ‖num−an‖  ‖num+an‖  compared  kinks                |
/// | > Θ^(1)  4.049e-11    agrees  …                        1625      0             |
/// |   Θ^(2)  5.819e-12    agrees  …                         260      0             |
/// |                                                                                |
/// | Θ^(1): largest error -1.2e-11 in [3,12]: difference 0.0123, derivative 0.0123  |
/// |      0   1 2 3 4 5 6                                                           |
/// |  1   #   . . = = . .                                                           |
/// +--------------------------------------------------------------------------------+
/// ```
pub fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let (Some(snapshot), Some(check)) = (&view.snapshot, &view.check) else {
        let inner = Frame { title: "check of the gradient", right: "", focused: true }.render(area, buf, theme);
        Label::new("this run is not checked yet: c begins", theme.faint()).render(inner, buf, theme);
        return;
    };
    let step = check.of.step;
    let now = snapshot.position.step;
    let right = if now == step { format!("of step {step}") } else { format!("of step {step}; now step {now}") };
    let inner = Frame { title: "check of the gradient", right: &right, focused: true }.render(area, buf, theme);
    // The table has rows in any case: its heads, a layer, and how many the others are.
    let is_done = matches!(check.progress, Progress::Done { .. });
    let kept = if is_done { 3.min(inner.height) } else { 0 };
    let mut rows = TableRows::new(Rect { height: inner.height - kept, ..inner }, buf, theme);
    let scope = CheckScope::of(&snapshot.model, &snapshot.data, &snapshot.config);
    let full = format!(
        "({}) ∂J/∂Θ by backpropagation against (J(Θ+ε) − J(Θ−ε)) / 2ε, ε = {}, in f64, {scope}; norms with the bias column",
        GRADIENT.number,
        exact(scope.epsilon)
    );
    rows.paragraph(&full, theme.key());
    match &check.progress {
        Progress::Under { done, cells } => under_way((*done, *cells), &mut rows, view),
        Progress::Failed(text) => rows.line(&format!("the check failed: {}", text.replace('\n', " ")), theme.bad()),
        Progress::Done { layers, every } => {
            summary(check, (layers, *every), &mut rows, view);
            let rest = rows.rest();
            let mut rows = TableRows::new(Rect { height: rest.height + kept, ..rest }, buf, theme);
            table(layers, &mut rows, view);
            if let Some(report) = layers.get(view.cursor.l - 1) {
                worst(report, &mut rows, view);
                map(report, rows.rest(), (buf, view));
            }
        }
    }
}

/// The bar of a check that goes on.
fn under_way((done, cells): (usize, usize), rows: &mut TableRows<'_>, view: &View) {
    rows.line(&format!("{done} of {cells} cells, in a thread of its own"), view.theme.text());
    if let Some((row, buf, theme)) = rows.take_with_theme() {
        Bar { value: done as f64, limit: cells as f64, style: theme.good() }.render(row, buf, theme);
    }
}

fn summary(check: &Checked, (layers, every): (&[LayerReport], usize), rows: &mut TableRows<'_>, view: &View) {
    let theme = &view.theme;
    let looked: usize = layers.iter().map(|report| report.compared + report.kinks.len()).sum();
    let cells: usize = layers.iter().map(|report| report.findings.len()).sum();
    let how_many = if every == 1 {
        format!("all {cells} cells")
    } else {
        format!("{looked} of {cells} cells, one of every {every}: all would take more than a minute")
    };
    rows.line(&how_many, theme.text());
    let step = check.of.step;
    let one = layers.first().map_or("layer", LayerReport::noun);
    let (verdict, style) = match Verdict::of(layers) {
        Verdict::Right => {
            let here = if every == 1 { "" } else { " in the cells compared" };
            (format!("the gradient of step {step} is right{here}: every {one} is below {}", exact(LIMIT)), theme.good())
        }
        Verdict::TooSmallToTell => (
            format!("nothing is known to be wrong: where it is not below {}, J's rounding hides it", exact(LIMIT)),
            theme.warn(),
        ),
        Verdict::Wrong => (format!("WRONG: not every {one} is below {}", exact(LIMIT)), theme.bad()),
    };
    rows.line(&verdict, style);
    rows.line("", theme.text());
}

fn table(layers: &[LayerReport], rows: &mut TableRows<'_>, view: &View) {
    let theme = &view.theme;
    let names = layers.iter().map(|report| columns(&theme.spell(&format!("> {}", report.symbol))));
    let name = TableColumn { width: names.max().unwrap_or(0), right: false };
    let numbers = [10, 10, 10, 10, 8, 6].map(|width| TableColumn { width, right: true });
    let places: Vec<TableColumn> = [name].into_iter().chain(numbers).collect();
    let name_head = format!("  {}", head_of("Θ^(l)", view));
    let heads = [name_head.as_str(), "relative", "", "‖num−an‖", "‖num+an‖", "compared", "kinks"];
    rows.cells(&places, &heads.map(|head| (head.to_string(), theme.faint())));
    // The largest error is what one looks for.
    let size = |index: usize| layers[index].relative();
    let list = List { size: Some(&size), ..List::of(layers.len(), ListPosition::Cursor(view.cursor.l - 1)) };
    // Below it are the worst cell and the map of the errors.
    let below = (rows.left() / 2).min(8);
    rows.list(&list, below, &mut |index, rows| {
        let report = &layers[index];
        let here = index == view.cursor.l - 1;
        let (verdict, style) = match report.verdict() {
            Verdict::Right => ("agrees", theme.good()),
            Verdict::TooSmallToTell => ("too small", theme.warn()),
            Verdict::Wrong => ("WRONG", theme.bad()),
        };
        let mark = format!("{}{}", if here { "> " } else { "  " }, report.symbol);
        let name = if here { theme.key() } else { theme.text() };
        let number = |value: f64| (short(value), theme.text());
        let texts = [
            (mark, name),
            number(report.relative()),
            (verdict.to_string(), style),
            number(report.difference),
            number(report.sum),
            (report.compared.to_string(), theme.text()),
            (report.kinks.len().to_string(), theme.text()),
        ];
        rows.cells(&places, &texts);
    });
    rows.line("", theme.text());
}

/// The worst cell of a layer, and the cells that were left out.
fn worst(report: &LayerReport, rows: &mut TableRows<'_>, view: &View) {
    let theme = &view.theme;
    let symbol = &report.symbol;
    match &report.worst {
        Some(cell) => {
            let (numeric, analytic) = (cell.numeric, cell.analytic);
            let full = format!(
                "worst cell {}: difference quotient {}, backpropagation {}",
                report.name_of(cell),
                exact(numeric),
                exact(analytic)
            );
            rows.paragraph(&full, theme.text());
        }
        None => rows.line(&format!("no cell of {symbol} can be compared"), theme.warn()),
    }
    if report.kinks.is_empty() {
        return;
    }
    let named: Vec<String> = report
        .kinks
        .iter()
        .take(NAMED)
        .map(|(cell, kink)| format!("{} ({})", report.name_of(cell).place(), reason(*kink)))
        .collect();
    let more = report.kinks.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let text = format!("left out, marked !: {}{rest}", named.join(", "));
    rows.paragraph(&text, theme.warn());
}

/// Why a cell can't be compared.
fn reason(kink: Kink) -> &'static str {
    match kink {
        Kink::Unit => "a z crosses a kink between its ±ε",
        Kink::Weight => "the weight crosses 0 between its ±ε",
    }
}

/// num − an, cell by cell.
fn map(report: &LayerReport, area: Rect, (buf, view): (&mut Buffer, &View)) {
    let theme = &view.theme;
    let [head, map, bottom] =
        area.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]));
    if map.height < 2 {
        return;
    }
    let error = |j: usize, i: usize| match report.findings[[j, i]] {
        GradientFinding::Skipped => None,
        GradientFinding::Kinked(_) => Some(f64::NAN),
        GradientFinding::Error(error) => Some(error),
    };
    let largest = report.worst.map_or(0.0, |cell| (cell.numeric - cell.analytic).abs());
    let scale = ColorScale::Signed { limit: if largest > 0.0 { largest } else { LIMIT } };
    let (rows, columns) = report.findings.dim();
    let heatmap = Heatmap {
        rows,
        columns,
        value: &error,
        scale,
        of_column: None,
        size: CellSize::Auto,
        fit: LargeMatrix::Reduce,
        first_apart: report.biases > 0,
        axes: Some((1, 1 - report.biases.min(1))),
        selected: report.worst.map(|cell| (cell.j, cell.i)),
        offset: (0, 0),
    };
    let shown = heatmap.render(map, buf, theme);
    let (down, across) = shown.block;
    let block = if (down, across) == (1, 1) {
        String::new()
    } else {
        format!("; 1 cell = {down}×{across}, the largest of them")
    };
    let full = format!("error num − an of {}, ±{}, the worst cell marked{block}", report.symbol, brief(largest));
    let short = format!("num − an, ±{}{block}", brief(largest));
    Label::new(pick(&[&full, &short], head.width, theme), theme.faint()).render(head, buf, theme);
    Legend { scale }.render(bottom, buf, theme);
}
