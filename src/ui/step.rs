//! Inside an update: where in the algorithm the walk is, the equation of the number it is at, and what is computed so far.

use ndarray::Array1;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::curve;
use super::explain::draw_sides;
use super::table::{TableRows, named};
use super::widgets::bars::{SignedBar, Strip};
use super::widgets::frame::Frame;
use super::widgets::label::{Label, pick};
use super::widgets::list::{List, ListPosition};
use crate::derivation::graph::definition::Definition;
use crate::derivation::{
    Detail, Explanation, Playhead, Quantity, QuantityKey, Sample, Stop, Subject, Trace, Values, Walk, letter, of_node,
};
use crate::number::{exact, signed_fixed};
use crate::theme::values::ColorScale;
use crate::train::Snapshot;
use crate::view::View;

/// Terms of a sum that are shown.
const TERMS: usize = 6;
/// Columns of a number with all its digits.
const NUMBER: u16 = 23;

/// Rows of the strips that stand below the equation of a matrix: at most three, each with its name.
const STRIPS: usize = 6;

/// A walk at a place, with everything that is drawn of it.
struct StepScene<'a> {
    view: &'a View,
    snapshot: &'a Snapshot,
    /// The sample's way, in a dense network.
    trace: Option<&'a Trace>,
    walk: Walk,
    at: Playhead,
    stop: Stop,
    /// The sample's index in the batch, while the walk is at a sample.
    sample: Option<usize>,
}

impl<'a> StepScene<'a> {
    fn of(view: &'a View) -> Option<Self> {
        let (snapshot, trace, at) = (view.snapshot.as_deref()?, view.trace.as_ref(), view.playhead?);
        let walk = Walk::of(snapshot, view.detail);
        let (stop, sample) = walk.block(at.block)?;
        // Numbers of another sample would be wrong ones.
        if walk.sample(at).is_some_and(|sample| trace.is_some_and(|trace| sample != trace.sample)) {
            return None;
        }
        Some(Self { view, snapshot, trace, walk, at, stop, sample })
    }

    /// The numbers of the sample that the walk is at, or was at last.
    fn values(&self) -> Values<'a> {
        let sample = self.walk.sample(self.at).unwrap_or(self.view.cursor.sample);
        Values::of(self.snapshot, sample, self.trace)
    }

    /// The number that the walk is at, by the equation of the step.
    fn explanation(&self) -> Option<Explanation> {
        let (subject, by) = self.walk.subject(self.at, self.view.cursor.i)?;
        let Subject::Node(node) = subject else { return None };
        of_node(node, by, (self.walk.graph(), &self.values()))
    }
}

/// Draws the line that says where in the algorithm the walk is.
///
/// ```text
/// inside update 481:  sample 3 of 32 (117)   backwards   δ^(2)   unit 4 of 25      n p by unit
/// ```
pub fn draw_place(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(scene) = StepScene::of(view) else { return };
    let theme = &view.theme;
    let update = scene.snapshot.position.step + 1;
    let (walked, batch) = (scene.walk.samples(), scene.snapshot.batch.len());
    let [whole, sample] = match (scene.sample, scene.walk.sample(scene.at)) {
        (Some(index), Some(Sample { row, .. })) if walked < batch => [
            format!("sample {} of {walked} walked in a batch of {batch} (number {})", index + 1, row + 1),
            format!("sample {} of {walked} walked (number {})", index + 1, row + 1),
        ],
        (Some(index), Some(Sample { row, .. })) => {
            let told = format!("sample {} of {walked} (number {})", index + 1, row + 1);
            [told.clone(), told]
        }
        _ if walked < batch => {
            [format!("all {batch} samples, {walked} of them walked"), format!("all {batch} samples")]
        }
        _ => [format!("all {batch} samples"), format!("all {batch} samples")],
    };
    let symbol = scene.walk.symbol(scene.stop);
    let what = if scene.stop.matrix_of().is_some() { "row" } else { "unit" };
    // One number has no unit to tell.
    let of_units = scene.stop.units() > 1;
    let unit =
        if of_units { format!(", {what} {} of {}", scene.at.unit + 1, scene.stop.units()) } else { String::new() };
    let words = scene.stop.phase.words();
    let full = format!("inside update {update}: {whole}, {words}: {symbol}{unit}");
    let place = format!("inside update {update}: {sample}, {words}: {symbol}{unit}");
    let brief = format!("{sample}: {symbol}{unit}");
    let by = match view.detail {
        Detail::Result => format!("n p by {}", view.stride.name()),
        Detail::Proof => {
            format!("n p by {}, by proof {}/{}", view.stride.name(), scene.at.proof + 1, scene.walk.proof(scene.at))
        }
    };
    let inner =
        Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), height: area.height.min(1), ..area };
    let used = Label::right(&by, theme.key()).render(inner, buf, theme).saturating_add(2);
    let left = Rect { width: inner.width.saturating_sub(used), ..inner };
    let short =
        scene.sample.map(|index| format!("sample {}/{}: ", index + 1, scene.walk.samples())).unwrap_or_default();
    let short =
        if of_units { format!("{short}{symbol}, {what} {}", scene.at.unit + 1) } else { format!("{short}{symbol}") };
    Label::new(pick(&[&full, &place, &brief, &short, &symbol], left.width, theme), theme.warn())
        .render(left, buf, theme);
}

/// ```text
/// +- > z^(2)_4 = 0.8312 ----------------------------+
/// | (1.1.2) z^(l+1) = Θ^(l) [1; a^(l)]              |
/// | = Θ^(1)[4,0] × 1 + Θ^(1)[4,1] × a^(1)_1 + …     |
/// | = 0.12 × 1 + (-0.4) × 0.5 + …                   |
/// | = 0.8312                                        |
/// |  1  +0.1200     |==                             |
/// |  5  not computed yet                            |
/// +-------------------------------------------------+
/// ```
pub fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(scene) = StepScene::of(view) else { return };
    let Some(explanation) = scene.explanation() else { return };
    let expr = explanation.expr.map(|expr| expr.shortened(TERMS));
    let explanation = Explanation { expr, ..explanation };
    let title = format!("{} = {}", explanation.name, exact(explanation.value));
    let inner = Frame { title: &title, right: "Enter explain", focused: true }.render(area, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    let equation = explanation.equation;
    rows.paragraph(&format!("({}) {}: {}", equation.number, equation.symbols, equation.words), theme.key());
    if !explanation.note.is_empty() {
        rows.paragraph(&explanation.note, theme.faint());
    }
    let beside: usize = explanation.beside.iter().map(|line| rows.lines(line).len()).sum();
    let below = if scene.stop.matrix_of().is_some() { STRIPS } else { scene.stop.units() };
    draw_sides(&explanation, &mut rows, (view, below + beside));
    explanation.beside.iter().for_each(|line| rows.paragraph(line, theme.text()));
    let rest = rows.rest();
    let [list, of_curve] = explanation.curve.as_ref().map_or([rest, Rect::ZERO], |_| curve::places(rest, below));
    let mut rows = TableRows::new(list, buf, theme);
    if scene.stop.matrix_of().is_some() {
        draw_row(&scene, &mut rows);
    } else {
        draw_units(&scene, &mut rows);
    }
    if let Some(at) = &explanation.curve {
        curve::draw(at, of_curve, buf, theme);
    }
}

/// The units of the block: those computed so far with their numbers, the others not computed yet.
fn draw_units(scene: &StepScene<'_>, rows: &mut TableRows<'_>) {
    let values = scene.walk.unit_values(scene.stop, (&scene.values(), scene.walk.sample(scene.at).unwrap_or_default()));
    let Some(values) = values else { return };
    let done = scene.at.unit + 1;
    let limit = values.iter().take(done).map(|value| value.abs()).filter(|value| value.is_finite()).fold(0.0, f64::max);
    rows.list(&List::of(values.len(), ListPosition::Cursor(scene.at.unit)), 0, &mut |unit, rows| {
        let (Some((row, buf, theme)), value) = (rows.take_with_theme(), values[unit]) else { return };
        let widths = [Constraint::Length(5), Constraint::Length(9), Constraint::Fill(1)];
        let [name, number, bar] = row.layout(&Layout::horizontal(widths).spacing(1));
        let style = if unit == scene.at.unit { theme.selected() } else { theme.text() };
        Label::right(&(unit + 1).to_string(), style).render(name, buf, theme);
        if unit >= done {
            let rest = Rect { width: row.right().saturating_sub(number.x), ..number };
            Label::new("not computed yet", theme.faint()).render(rest, buf, theme);
            return;
        }
        Label::right(&signed_fixed(value, 9), theme.text()).render(number, buf, theme);
        if limit > 0.0 {
            SignedBar { value, limit }.render(bar, buf, theme);
        }
    });
}

/// One row of a matrix: the sample's Δ and the sum over the samples so far, or D, the gradient, the new Θ.
fn draw_row(scene: &StepScene<'_>, rows: &mut TableRows<'_>) {
    let (theme, j) = (&scene.view.theme, scene.at.unit);
    let Some(l) = scene.stop.matrix_of() else { return };
    let i = scene.view.cursor.i;
    let snapshot = scene.snapshot;
    let of = |quantity: Quantity| {
        let values = quantity.matrix(snapshot, l).map_or_else(|| Array1::zeros(0), |matrix| matrix.row(j).to_owned());
        let symbol = scene.walk.graph().of_parameter(quantity, l).map_or_else(String::new, Definition::symbol);
        (symbol, String::new(), values)
    };
    let strips: Vec<(String, String, Array1<f64>)> = match (scene.stop.key.letter, scene.sample) {
        (_, Some(index)) => {
            let (own, all) = (sum_of_samples(scene, l, index..index + 1), sum_of_samples(scene, l, 0..index + 1));
            let so_far = match scene.walk.not_walked() {
                0 => format!("over {} of {} samples", index + 1, snapshot.batch.len()),
                others => {
                    format!("over {} of {} samples walked; {others} are not", index + 1, scene.walk.samples())
                }
            };
            vec![(named("Δ", l), "of this sample".into(), own), (named("ΣΔ", l), so_far, all)]
        }
        (letter::D, None) => sums(scene, l).into_iter().chain([of(Quantity::D)]).collect(),
        (letter::GRADIENT | letter::PENALTY, None) => {
            vec![of(Quantity::D), of(Quantity::Penalty), of(Quantity::Gradient)]
        }
        (letter::VELOCITY, None) => vec![of(Quantity::Gradient), of(Quantity::Velocity)],
        (letter::SQUARES, None) => vec![of(Quantity::Gradient), of(Quantity::Squares)],
        _ => vec![of(Quantity::Theta), of(Quantity::Update)],
    };
    for (symbol, note, values) in strips {
        let limit = values.iter().map(|value| value.abs()).filter(|value| value.is_finite()).fold(0.0, f64::max);
        if let Some(&at) = values.get(i) {
            let name = format!("{symbol}[{},{i}]", j + 1);
            rows.pair((&[&name, &symbol], &note), (&exact(at), NUMBER), theme.text());
        }
        let Some((row, buf, theme)) = rows.take_with_theme() else { return };
        let scale = ColorScale::Signed { limit: if limit > 0.0 { limit } else { 1.0 } };
        Strip { values: &values.to_vec(), scale, selected: Some(i), offset: 0 }.render(row, buf, theme);
    }
}

/// Row j of ΣΔ over the samples that are walked, and over the others of a batch that is too large to walk; nothing where all are walked.
fn sums(scene: &StepScene<'_>, l: usize) -> Vec<(String, String, Array1<f64>)> {
    let (snapshot, j, walked) = (scene.snapshot, scene.at.unit, scene.walk.samples());
    let others = scene.walk.not_walked();
    let Some(whole) = snapshot.parameters.get(l - 1).map(|parameter| &parameter.sum).filter(|_| others > 0) else {
        return Vec::new();
    };
    let of_walked = sum_of_samples(scene, l, 0..walked);
    let rest = &whole.row(j) - &of_walked;
    let symbol = || named("ΣΔ", l);
    vec![
        (symbol(), format!("over the {walked} samples walked"), of_walked),
        (symbol(), format!("over the {others} not walked"), rest),
    ]
}

/// Row j of ΣΔ over some samples of the batch, one after the other (3.1.1).
fn sum_of_samples(scene: &StepScene<'_>, l: usize, samples: std::ops::Range<usize>) -> Array1<f64> {
    let (snapshot, j) = (scene.snapshot, scene.at.unit + 1);
    let Some(parameter) = snapshot.parameters.get(l - 1) else { return Array1::zeros(0) };
    let key = QuantityKey::parameter(letter::SAMPLE_GRADIENT, parameter.symbol);
    let mut sum = Array1::zeros(parameter.d.ncols());
    for &row in snapshot.batch.get(samples).into_iter().flatten() {
        let sample = Sample::of(false, row);
        let values = Values::of(snapshot, sample, scene.trace);
        let of_it = scene.walk.graph().gradient_rows((key, sample), &values, (j..=j, 1..=usize::MAX));
        of_it.iter().for_each(|rows| sum += &rows.row(0));
    }
    sum
}
