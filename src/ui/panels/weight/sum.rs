//! The sum over time behind the gradient of a shared weight, step by step from the last one back.

use crate::train::Parameter;
use crate::ui::panel::Title;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::{RecurrentParameter, Term, cell, terms};
use crate::number::{added, exact, short, signed_fixed};
use crate::train::RecurrentView;
use crate::ui::panels::sample::sequence::number;
use crate::ui::table::TableRows;
use crate::ui::widgets::bars::SignedBar;
use crate::ui::widgets::frame::Frame;
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::{Overlay, View, ViewChange};

/// The weight's name.
fn name(view: &View, net: RecurrentView<'_>) -> String {
    let place = view.cursor.place();
    let biases = place.of.biases(net.network.cell);
    let i = if biases == 0 { place.i + 1 } else { place.i };
    format!("{}[{},{i}]", place.of.symbol(), place.j + 1)
}

/// What δ is multiplied by, in symbols.
fn factor(view: &View, net: RecurrentView<'_>) -> String {
    let place = view.cursor.place();
    let biases = place.of.biases(net.network.cell);
    match (place.i.checked_sub(biases), place.of) {
        (None, _) => "1".into(),
        (Some(i), RecurrentParameter::X) => format!("x_t,{}", i + 1),
        (Some(i), RecurrentParameter::H) => format!("h_t−1,{}", i + 1),
        (Some(i), RecurrentParameter::O) => format!("h_t,{}", i + 1),
    }
}

/// δ in symbols.
fn delta(view: &View, net: RecurrentView<'_>) -> String {
    let place = view.cursor.place();
    let row = place.j + 1;
    match (place.of, net.network.cell) {
        (RecurrentParameter::O, _) => format!("δ^o_t,{row}"),
        (RecurrentParameter::H, cell) if cell.keeps_sums_apart() => format!("δ^h_t,{row}"),
        _ => format!("δ_t,{row}"),
    }
}

/// The sum over time of the weight under the cursor, of a recurrent network.
pub(in crate::ui) fn over_time(view: &View) -> Option<ViewChange> {
    view.recurrent().map(|_| ViewChange::Over(Overlay::Sum))
}

pub(super) fn title(view: &View, net: RecurrentView<'_>) -> Title {
    let (delta, factor) = (delta(view, net), factor(view, net));
    let what = format!("Δ of {} = Σ_t {delta} {factor}", name(view, net));
    let scale = format!("sequence {}", number(net, view.cursor.b));
    Title { what, brief: format!("Δ of {}", name(view, net)), scale }
}

/// ```text
///   t        δ          a         product          sum
///  20   -0.1234    0.5000   -0.0617  ####|      -0.0617
///  19 …
/// ```
pub(super) fn draw(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let all = terms(net, view.cursor.place());
    let limit = all.iter().fold(0.0_f64, |top, term| top.max(term.product.abs()));
    let [head, body, foot] =
        area.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]));
    // The factors are what a narrow panel can do without: the product says it.
    let with_factors = area.width >= 44;
    let bar = area.width.saturating_sub(if with_factors { 45 } else { 25 }).min(21);
    let heading =
        if with_factors { "   t         δ         ×   product       sum" } else { "   t   product       sum" };
    Label::new(heading, theme.faint()).render(head, buf, theme);
    let selected = all.iter().position(|term| term.t == view.cursor.t);
    // What the walk has not come to yet is part of no sum.
    let part = |index: usize| all[index].product;
    let part: Option<&dyn Fn(usize) -> f64> = if view.walked.is_none() { Some(&part) } else { None };
    let list =
        List { size: part, part, ..List::of(all.len(), selected.map_or(ListPosition::Start, ListPosition::Cursor)) };
    TableRows::new(body, buf, theme).list(&list, 0, &mut |index, rows| {
        let (Some((row, buf)), term) = (rows.take(), &all[index]) else { return };
        let reached = view.walked.is_none_or(|walked| term.t >= walked);
        let style = match reached {
            _ if term.t == view.cursor.t => theme.selected(),
            true => theme.text(),
            false => theme.faint(),
        };
        // What the walk has not come to yet is no number yet.
        let number = |value: f64| if reached { signed_fixed(value, 9) } else { "·".into() };
        let Term { t, delta, a, product, sum } = *term;
        let factors = if with_factors { format!(" {:>9} {:>9}", number(delta), number(a)) } else { String::new() };
        let text = format!("{t:>4}{factors} {:>9} {:>9}", number(product), number(sum));
        let used = Label::new(&text, style).render(row, buf, theme);
        if bar >= 5 && reached {
            let place = Rect { x: row.x + used + 1, width: bar.min(row.width.saturating_sub(used + 1)), ..row };
            SignedBar { value: product, limit: if limit > 0.0 { limit } else { 1.0 } }.render(place, buf, theme);
        }
    });
    let whole = all.last().map_or(0.0, |term| term.sum);
    let place = view.cursor.place();
    let mean = net.parameters[place.of.index()].d.get([place.j, place.i]).copied().unwrap_or(f64::NAN);
    let (whole, mean) = (short(whole), short(mean));
    let forms = match view.walked {
        Some(walked) if walked > 1 => {
            [format!("walked back to t {walked}; n goes on, Esc ends"), format!("walked back to t {walked}")]
        }
        _ => [
            format!("Δ {whole}; D, the mean over {} sequences, {mean}", net.batch.len()),
            format!("Δ {whole}; D {mean}, mean of {}", net.batch.len()),
        ],
    };
    Label::new(pick(&[&forms[0], &forms[1]], foot.width, theme), theme.key()).render(foot, buf, theme);
}

/// The same on the whole screen, with all digits, and what follows from it.
pub(in crate::ui) fn explain(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(net) = view.recurrent() else { return };
    let theme = &view.theme;
    let name = name(view, net);
    let title = format!("{name}: one weight, used at every step");
    let inner = Frame { title: &title, right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    let place = view.cursor.place();
    let at = [place.j, place.i];
    let of = |array: &ndarray::Array2<f64>| array.get(at).copied().unwrap_or(f64::NAN);
    let Parameter { d, penalty, gradient, update, .. } = &net.parameters[place.of.index()];
    let (d, penalty, gradient, update) = (of(d), of(penalty), of(gradient), of(update));
    let (delta, factor) = (delta(view, net), factor(view, net));
    let all = terms(net, place);
    let whole = all.last().map_or(0.0, |term| term.sum);
    rows.line(&format!("{name} = {}", exact(of(&net.network.theta[place.of.index()]))), theme.title());
    rows.paragraph(cell::recursion(net.network.cell), theme.faint());
    rows.line(&format!("Δ = Σ_t {delta} {factor}   (3.1.1, summed over t = {} … 1)", net.steps()), theme.key());
    let at = all.iter().position(|term| term.t == view.cursor.t).map_or(ListPosition::Start, ListPosition::Cursor);
    let part = |index: usize| all[index].product;
    let list = List { size: Some(&part), part: Some(&part), ..List::of(all.len(), at) };
    // Below it is what follows from the sum.
    rows.list(&list, 4.min(rows.left().saturating_sub(2)), &mut |index, rows| {
        let Term { t, delta, a, product, sum } = all[index];
        let text = format!("t {t:>3}  {} × {} = {}   so far {}", exact(delta), exact(a), exact(product), exact(sum));
        rows.line(&text, if t == view.cursor.t { theme.selected() } else { theme.text() });
    });
    rows.line(&format!("Δ = {} in sequence {}", exact(whole), number(net, place.b)), theme.text());
    rows.line(&format!("D = ΣΔ/B = {} over B = {} sequences (3.1.2)", exact(d), net.batch.len()), theme.text());
    rows.line(
        &format!("∂J/∂Θ = D + ∂reg/∂Θ = {} = {} (3.1.3)", added(&[exact(d), exact(penalty)]), exact(gradient)),
        theme.text(),
    );
    rows.line(&format!("the next update adds {} (1.3.2)", exact(update)), theme.text());
}
