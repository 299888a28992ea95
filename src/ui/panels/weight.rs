//! The weight under the cursor: its numbers, and the Θ that the next update makes of it; of a recurrent net the sum over time, too; or the descent.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::derivation::graph::update_equations;
use crate::derivation::{Node, Quantity, QuantityKey, Subject, Values, equation, letter};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, nothing, through_time};
use crate::ui::table::TableRows;
use crate::view::{Along, View, ViewChange};
use numbers::{Digits, WeightNumber, WeightNumbers};

mod descent;
mod numbers;
mod said_of_descent;
pub(in crate::ui) mod sum;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Weight,
    applies: always,
    title,
    draw,
    along: |view| if view.recurrent().is_some() { Along::Terms } else { Along::Weights },
    keys: &[
        Key {
            action: Action::Open,
            applies: |view| through_time(view) && !view.descent.open,
            footer: None,
            help: "",
            does: sum::over_time,
        },
        Key {
            action: Action::Quantity,
            applies: |view| view.quantity == Quantity::Theta && !view.descent.open,
            footer: Some("v descent"),
            help: "",
            does: next_quantity,
        },
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "after Θ the descent, J along −∂J/∂Θ with α marked; then the other quantities.",
            does: next_quantity,
        },
        Key { action: Action::Edit, applies: every, footer: None, help: "", does: |_| None },
    ],
    subject_at: Some(subject),
    click: nothing,
    guest_of: &[],
};

/// The next quantity that there is, of the whole batch; the descent is what follows Θ.
fn next_quantity(view: &View) -> Option<ViewChange> {
    let snapshot = view.snapshot.as_ref()?;
    Some(match view.quantity {
        quantity @ Quantity::Theta if !view.descent.open => ViewChange::Weight { quantity, descent: true },
        quantity => ViewChange::Weight { quantity: quantity.next(snapshot), descent: false },
    })
}

/// The quantity that is chosen; Θ as it is has no equation left, the one after it has them all.
fn subject(view: &View) -> Option<Subject> {
    let letter = if view.quantity == Quantity::Theta || view.descent.open { letter::NEXT } else { view.quantity.key() };
    Subject::weight(letter, view.cursor.weight(), view.snapshot.as_ref()?)
}

fn title(view: &View) -> Title {
    if view.descent.open {
        return descent::title(view);
    }
    if let Some(net) = view.recurrent() {
        return sum::title(view, net);
    }
    let Some(snapshot) = &view.snapshot else { return Title::of("the weight under the cursor".into(), String::new()) };
    let (cursor, name) = (view.cursor, snapshot.model.weight_name(view.cursor.weight()));
    let number = update_equations(snapshot.config.optimizer).update.number;
    let (what, brief) = match cursor.i {
        0 => (format!("weight {name}, bias of unit {} ({number})", cursor.j + 1), format!("{name} bias ({number})")),
        i => {
            let ends = format!("unit {i} → unit {}", cursor.j + 1);
            (format!("weight {name}, {ends} ({number})"), format!("{name}, {i} → {} ({number})", cursor.j + 1))
        }
    };
    Title { what, brief, scale: String::new() }
}

/// ```text
/// Θ^(1)               -0.41720
/// D^(1)       (3.1.2) +0.01862
/// (λ/m)Θ^(1)  (2.6.1) -0.00029
/// ∂J/∂Θ^(1)   (3.1.3) +0.01833
/// −α ∂J/∂Θ^(1) (1.3.2) -0.00550
/// next Θ^(1)  (1.3.2) -0.42270
/// of sample 117
/// a^(1)_12    (1.1.1) 0.5
/// δ^(2)_4     (2.5.8) -0.0162
/// Δ^(1)       (3.1.1) -0.0081
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(snapshot) = &view.snapshot else { return };
    if view.descent.open {
        return descent::draw(view, area, buf);
    }
    let mut numbers = WeightNumbers::of(view, snapshot);
    if let Some(net) = view.recurrent() {
        return sum::draw_with(&numbers, (view, net), area, buf);
    }
    numbers.all.extend(of_sample(view));
    numbers.draw(&mut TableRows::new(area, buf, &view.theme), &view.theme);
}

/// What the sample under the cursor brings to this weight: its two factors and their product.
fn of_sample(view: &View) -> Vec<WeightNumber> {
    let (Some(snapshot), Some(trace)) = (view.dense(), &view.trace) else { return Vec::new() };
    let (cursor, digits) = (view.cursor, Digits::of(view));
    let (l, j, i) = (cursor.l, cursor.j, cursor.i);
    let a = if i == 0 { Some(1.0) } else { trace.a(l).and_then(|a| a.get(i - 1).copied()) };
    let delta = trace.delta(l + 1).and_then(|delta| delta.get(j).copied());
    let (Some(a), Some(delta)) = (a, delta) else { return Vec::new() };
    let Some(graph) = view.graph() else { return Vec::new() };
    let values = Values::of(snapshot.snapshot, cursor.sample, Some(trace));
    let [of_a, of_delta] = [(letter::A, l, i), (letter::DELTA, l + 1, j + 1)]
        .map(|(of, l, unit)| Node::unit(QuantityKey::layer(of, l), cursor.sample, unit));
    let equation = |node: Node| graph.result(node, &values).map_or(equation::INPUT, |form| form.equation);
    let name = graph.name(of_a);
    let source = match i {
        0 => WeightNumber::noted(name, "a", ("bias unit", digits.plain(a))),
        _ => WeightNumber::of(name, "a", (equation(of_a), digits.plain(a))),
    };
    let of = format!("of {}sample {}", cursor.sample.adjectives(), cursor.sample.row + 1);
    let meaning = view.graph().and_then(|graph| graph.meaning(QuantityKey::layer(letter::SAMPLE_GRADIENT, l)));
    let caption = vec![format!("{of}, {}", meaning.unwrap_or_default()), of];
    vec![
        WeightNumber { caption, ..source },
        WeightNumber::of(graph.name(of_delta), "δ", (equation(of_delta), digits.signed(delta))),
        WeightNumber::of(format!("Δ^({l}) = δ a"), "Δ", (equation::SAMPLE_GRADIENT, digits.signed(delta * a))),
    ]
}
