//! Why a δ is small: what comes back to a layer, what its units let through, and what is left, one above the other.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::equation::{GRAD_A, HIDDEN_DELTA, SLOPE};
use crate::derivation::{Bins, Gain, Graph, Histogram, QuantityKey, Trace, Values, letter, unit_values};
use crate::number::{added, short, signed_decimals};
use crate::theme::values::ColorScale;
use crate::train::DenseView;
use crate::ui::distribution;
use crate::ui::panel::Title;
use crate::ui::table::{TableRows, named};
use crate::ui::widgets::bars::Strip;
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::View;

/// Columns of a strip's name, and of its norm.
const NAME: u16 = 9;
const NORM: u16 = 10;
/// Rows of a distribution at most.
const TALLEST: u16 = 14;

pub(super) fn title(view: &View) -> Title {
    let equations = format!("({}, {}, {})", GRAD_A.number, SLOPE.number, HIDDEN_DELTA.number);
    let sample = view.cursor.sample.row + 1;
    Title {
        what: format!("why is δ^(l) small? Θᵀδ × g'(z) = δ of sample {sample} {equations}"),
        brief: format!("why δ^(l)? {equations}"),
        scale: String::new(),
    }
}

/// ```text
/// δ^(2): gain -0.78 = weights -0.12 + slopes -0.66 (log10)
/// Θᵀδ      ‖1.103‖ [+][-][+][-][ ][+]
/// g'(z)    ‖0.211‖ [ ][ ][=][ ][ ][ ]
/// δ        ‖0.231‖ [ ][ ][-][ ][ ][ ]
/// lost in the slopes: the units let 21 % through; 4 of 6 have a slope under 0.03
/// ```
pub(super) fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let (Some(snapshot), Some(trace)) = (view.dense(), &view.trace) else { return };
    let theme = &view.theme;
    let mut rows = TableRows::new(area, buf, theme);
    let depth = snapshot.depth();
    if depth < 3 {
        return rows.line("there is no hidden layer: δ of the output is a − y", theme.faint());
    }
    // The layer under the cursor first, then those before it, as δ goes on; then the others.
    let from = (view.cursor.l + 1).min(depth - 1);
    let layers = (2..=from).rev().chain((from + 1..depth).rev());
    let gains: Vec<Gain> = layers.filter_map(|l| Gain::of(l, trace, snapshot)).collect();
    // A heading and three strips, and the sentence.
    let mut heights: Vec<u16> = gains.iter().map(|gain| 4 + rows.lines(&gain.sentence()).len() as u16).collect();
    // What is left over shows how the factors lie over the whole batch.
    let spare = area.height.saturating_sub(heights.iter().sum()) / u16::try_from(heights.len()).unwrap_or(1).max(1);
    if spare > distribution::LEAST {
        heights.iter_mut().for_each(|height| *height += spare);
    }
    let list = List { rows: &|index| heights[index], ..List::of(gains.len(), ListPosition::Cursor(0)) };
    let Some(graph) = view.graph() else { return };
    rows.list(&list, 0, &mut |index, rows| draw_layer(view, (snapshot, trace, graph), &gains[index], rows));
}

fn draw_layer(
    view: &View,
    (snapshot, trace, graph): (DenseView<'_>, &Trace, &Graph),
    gain: &Gain,
    rows: &mut TableRows<'_>,
) {
    let theme = &view.theme;
    let part = |part: Option<f64>| part.map_or_else(|| "none".into(), |part| signed_decimals(part, 2));
    let (total, weights, slopes) = (part(gain.total()), part(gain.weights), part(gain.slopes));
    let delta = named("δ", gain.l);
    let full = format!("{delta}: gain {total} = weights {weights} + slopes {slopes} (log10)");
    let meaning = graph.meaning(QuantityKey::layer(letter::DELTA, gain.l)).unwrap_or_default();
    let defined = full.replacen(&delta, &meaning, 1);
    let brief = format!("{delta}: {total} = {}", added(&[weights, slopes]));
    let style = if gain.l == view.cursor.l + 1 { theme.key() } else { theme.text() };
    rows.line(pick(&[&defined, &full, &brief], rows.width(), theme), style);
    let chosen = (gain.l == view.cursor.l + 1).then_some(view.cursor.j);
    let of = Values::of(&snapshot, trace.sample, Some(trace));
    let values = |letter| unit_values((QuantityKey::layer(letter, gain.l), 0), (graph, &of), trace.sample);
    for (name, letter) in [("Θᵀδ", letter::GRAD_A), ("g'(z)", letter::SLOPE), ("δ", letter::DELTA)] {
        let Some(numbers) = values(letter) else { continue };
        let Some((row, buf, theme)) = rows.take_with_theme() else { return };
        let widths = [Constraint::Length(NAME), Constraint::Length(NORM), Constraint::Fill(1)];
        let [label, norm, strip] = row.layout(&Layout::horizontal(widths).spacing(1));
        Label::new(name, theme.faint()).render(label, buf, theme);
        let length = numbers.iter().map(|value| value * value).sum::<f64>().sqrt();
        Label::right(&short(length), theme.text()).render(norm, buf, theme);
        let largest = numbers.iter().map(|value| value.abs()).filter(|value| value.is_finite()).fold(0.0, f64::max);
        let scale = match letter {
            // One scale for what comes back and what is left, so that a drop is seen.
            letter::DELTA => signed(values(letter::GRAD_A).unwrap_or_default()),
            letter::SLOPE => ColorScale::Sequential { low: 0.0, high: largest.max(0.25) },
            _ => signed(numbers.clone()),
        };
        Strip { values: &numbers, scale, selected: chosen, offset: 0 }.render(strip, buf, theme);
    }
    rows.paragraph(&gain.sentence(), theme.warn());
    draw_factors(view, (snapshot, gain.l), rows);
}

/// How the two factors of δ lie over the units and the samples of the next batch, with a blank row below.
fn draw_factors(view: &View, (snapshot, l): (DenseView<'_>, usize), rows: &mut TableRows<'_>) {
    let rest = rows.rest();
    let area = Rect { height: rest.height.saturating_sub(1).min(TALLEST), ..rest };
    let (z, grad_a) = (snapshot.z(l), snapshot.grad_a(l));
    let Some(&rule) = snapshot.network.hidden.get(l - 2).filter(|_| area.height >= distribution::LEAST) else { return };
    let theme = &view.theme;
    let slopes = z.mapv(|z| rule.g_prime(z));
    let highest = slopes.iter().copied().filter(|slope| slope.is_finite()).fold(0.25, f64::max);
    let lowest = slopes.iter().copied().filter(|slope| slope.is_finite()).fold(0.0, f64::min);
    let of_slopes = Histogram::new(Bins::Range { low: lowest, high: highest }, &slopes);
    let of_returns = Histogram::new(Bins::Magnitude, grad_a);
    let (count, samples) = (slopes.len(), z.nrows());
    let [left, right] = area.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).spacing(2));
    let over = format!("{count} numbers of {samples} samples");
    let slope = named("g'(z", l) + ")";
    let returns = format!("|∂J/∂a^({l})| = |Θᵀδ|");
    let all = [
        (
            left,
            of_returns,
            [format!("{returns}: {over}, powers of 4"), returns.clone(), format!("|Θᵀδ^({})|", l + 1)],
            theme.text(),
        ),
        (right, of_slopes, [format!("{slope}: {over}"), slope.clone(), slope], theme.data_term()),
    ];
    for (place, histogram, forms, style) in all {
        let forms = forms.each_ref().map(String::as_str);
        distribution::draw(&histogram, (&forms, style), (place, rows.buffer()), theme);
    }
}

fn signed(values: Vec<f64>) -> ColorScale {
    let largest = values.into_iter().map(f64::abs).filter(|value| value.is_finite()).fold(0.0, f64::max);
    ColorScale::Signed { limit: if largest > 0.0 { largest } else { 1.0 } }
}
