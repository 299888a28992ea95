//! The penalty: each layer's part of J, and the pull of the penalty on the weights beside the pull of the data.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::derivation::equation;
use crate::derivation::graph::penalty_equations;
use crate::derivation::{QuantityKey, Subject, letter};
use crate::keymap::Panel;
use crate::number::{brief, fixed, percent, signed_decimals};
use crate::ui::panel::{PanelEntry, Title, always, nothing};
use crate::ui::table::{TableColumn, TableRows, head_of};
use crate::ui::widgets::bars::Bar;
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::Along;
use crate::view::View;

mod pull;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Regularisation,
    applies: always,
    title,
    draw,
    along: |_| Along::Layers,
    keys: &[],
    subject_at: Some(subject),
    click: nothing,
    guest_of: &[Panel::Layers],
};

/// The share of the layer under the cursor.
fn subject(view: &View) -> Option<Subject> {
    let parameter = view.snapshot.as_ref()?.parameters.get(view.cursor.l - 1)?;
    Some(Subject::of(QuantityKey::parameter(letter::SHARE, parameter.symbol)))
}

fn title(view: &View) -> Title {
    let rule = view.snapshot.as_ref().map(|snapshot| snapshot.regularisation);
    let symbol = rule.map_or("reg", |rule| rule.cost_symbol());
    let strength = rule.map(|rule| format!("λ/m {}", brief(rule.strength()))).unwrap_or_default();
    let number = rule.map_or(equation::REGULARISATION, |rule| penalty_equations(rule.penalty).reg).number;
    Title {
        what: format!("regularisation {symbol} ({number})"),
        brief: format!("reg = {symbol} ({number})"),
        scale: strength,
    }
}

/// ```text
/// Θ^(l)  reg   of J    ‖D‖  ‖(λ/m)Θ‖   cos   pull
/// Θ^(1) .0402 11.4 %  .0420   0.00091 -0.12  2.1 %
/// Θ^(2) .0212  6.0 %  .1140   0.00112 +0.03  1.0 %
/// Σ     .0614 17.4 %  bias in ‖D‖ only
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(snapshot) = &view.snapshot else { return };
    let theme = &view.theme;
    let norms = view.layers.present();
    let numbers = [6, 7, 6, 8, 5, 7].map(|width| TableColumn { width, right: true });
    let columns: Vec<TableColumn> =
        [TableColumn::of_names("Θ", norms.len(), theme)].into_iter().chain(numbers).collect();
    let symbol = format!("‖{}‖", snapshot.regularisation.gradient_symbol());
    let heads = [&head_of("Θ^(l)", view), "reg", "of J", "‖D‖", pick(&[&symbol, "‖∂reg‖"], 8, theme), "cos", "pull"];
    let mut rows = TableRows::new(area, buf, theme);
    rows.cells(&columns, &heads.map(|head| (head.to_string(), theme.faint())));
    let total = snapshot.cost.total();
    let part = |index: usize| snapshot.cost.reg.get(index).copied().unwrap_or(0.0);
    let at = ListPosition::Cursor(view.cursor.l - 1);
    let list = List { size: Some(&part), part: Some(&part), ..List::of(norms.len(), at) };
    // Below it is the sum, which what is shown and what is counted add up to.
    rows.list(&list, 1, &mut |index, rows| {
        let (norm, reg) = (&norms[index], part(index));
        let name = if norm.l == view.cursor.l { theme.selected() } else { theme.text() };
        let texts = [
            (norm.symbol.to_string(), name),
            (fixed(reg, 6), theme.reg_term()),
            (share(reg, total), theme.text()),
            (fixed(norm.d, 6), theme.data_term()),
            (fixed(norm.penalty, 8), theme.reg_term()),
            (norm.cosine.map_or_else(|| "-".into(), |cosine| signed_decimals(cosine, 2)), theme.text()),
            (norm.pull().map_or_else(|| "-".into(), percent), theme.text()),
        ];
        if let Some(rest) = rows.cells(&columns, &texts) {
            bar(view, reg / total, (rest, rows.buffer()));
        }
    });
    let reg = snapshot.cost.reg_total();
    let sum = [("Σ".to_string(), theme.faint()), (fixed(reg, 6), theme.reg_term()), (share(reg, total), theme.text())];
    if let Some(rest) = rows.cells(&columns, &sum) {
        let said = ["the bias column is in ‖D‖ only: it is not penalised", "bias in ‖D‖ only", "bias in D only"];
        let text = pick(&said, rest.width, theme);
        Label::new(text, theme.faint()).render(rest, rows.buffer(), theme);
    }
    rows.line("of J: share of the next batch's J", theme.faint());
    rows.line("cos: of D and the penalty; below 0 they oppose", theme.faint());
    rows.line("pull: the penalty's share of the two norms", theme.faint());
    pull::draw(view, rows.rest(), buf);
}

/// The share of J as a bar, where there is room for one.
fn bar(view: &View, share: f64, (area, buf): (Rect, &mut Buffer)) {
    if area.width > 4 && share.is_finite() {
        Bar { value: share, limit: 1.0, style: view.theme.reg_term() }.render(area, buf, &view.theme);
    }
}

/// A part's share of J; there is none of a J of 0.
fn share(part: f64, total: f64) -> String {
    if total == 0.0 { "-".into() } else { percent(part / total) }
}
