//! The weight under the cursor: its five numbers, and the Θ that the next update makes of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::weights;
use crate::derivation::{OfWeight, Subject};
use crate::derivation::{Quantity, equation};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::number::exact;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, nothing, through_time};
use crate::ui::table::TableRows;
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::Along;
use crate::view::View;

pub(in crate::ui) mod sum;

/// Columns of nearly every number with all its digits.
const NUMBER: u16 = 23;

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Weight,
    applies: always,
    title,
    draw,
    along: |view| if view.recurrent().is_some() { Along::Terms } else { Along::Weights },
    keys: &[
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: sum::over_time },
        Key { action: Action::Quantity, applies: every, footer: None, help: "", does: weights::next_quantity },
        Key { action: Action::Edit, applies: every, footer: None, help: "", does: |_| None },
    ],
    subject_at: Some(subject),
    click: nothing,
    guest_of: &[],
};

/// The quantity that is chosen; Θ as it is has no equation left, the one after it has them all.
fn subject(view: &View) -> Option<Subject> {
    let number = match view.quantity {
        Quantity::Theta => OfWeight::Next,
        quantity => OfWeight::Is(quantity),
    };
    Some(Subject::Weight(view.cursor.weight(), number))
}

fn title(view: &View) -> Title {
    if let Some(net) = view.recurrent() {
        return sum::title(view, net);
    }
    let cursor = view.cursor;
    let name = format!("Θ^({})[{},{}]", cursor.l, cursor.j + 1, cursor.i);
    let optimizer = view.snapshot.as_ref().map(|snapshot| snapshot.config.optimizer);
    let number = optimizer.map_or(equation::UPDATE, equation::update).number;
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
    if let Some(net) = view.recurrent() {
        return sum::draw(view, net, area, buf);
    }
    let Some(snapshot) = &view.snapshot else { return };
    let (theme, cursor) = (&view.theme, view.cursor);
    let at =
        |quantity: Quantity| quantity.matrix(snapshot, cursor.l).and_then(|matrix| matrix.get([cursor.j, cursor.i]));
    let order = [
        Quantity::Theta,
        Quantity::D,
        Quantity::Penalty,
        Quantity::Gradient,
        Quantity::Velocity,
        Quantity::Squares,
        Quantity::Update,
    ];
    let mut entries = Vec::new();
    let mut chosen = 0;
    for quantity in order {
        let Some(&value) = at(quantity) else { continue };
        let by_rule = quantity == Quantity::Penalty && cursor.i == 0;
        let note = match quantity {
            Quantity::Theta => String::new(),
            _ if by_rule => "bias, by rule".into(),
            _ => format!("({})", quantity.equation(snapshot).number),
        };
        if quantity == view.quantity {
            chosen = entries.len();
        }
        // The penalty itself is another number than its gradient.
        let words = if quantity == Quantity::Penalty { "∂reg/∂Θ" } else { quantity.words() };
        let names = [&quantity.symbol(cursor.l, snapshot), quantity.letter(snapshot), words];
        entries.push(WeightNumber {
            caption: None,
            names: names.map(String::from).to_vec(),
            note,
            value: signed(value),
        });
    }
    if let (Some(theta), Some(update)) = (at(Quantity::Theta), at(Quantity::Update)) {
        let name = format!("next {}", Quantity::Theta.symbol(cursor.l, snapshot));
        let names = vec![name, "next Θ".into(), "next".into()];
        let note = note(equation::update(snapshot.config.optimizer));
        entries.push(WeightNumber { caption: None, names, note, value: signed(theta + update) });
    }
    entries.extend(of_sample(view));
    let rows_of = |index: usize| 1 + u16::from(entries[index].caption.is_some());
    let list = List { rows: &rows_of, ..List::of(entries.len(), ListPosition::Cursor(chosen)) };
    TableRows::new(area, buf, theme).list(&list, 0, &mut |index, rows| {
        let WeightNumber { caption, names, note, value } = &entries[index];
        if let Some(caption) = caption {
            rows.line(caption, theme.faint());
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let style = if index == chosen { theme.key() } else { theme.text() };
        rows.pair((&names, note), (value, NUMBER), style);
    });
}

/// A number of the weight: a heading that may be above it, its names from the longest to the shortest, its equation, and its value.
struct WeightNumber {
    caption: Option<String>,
    names: Vec<String>,
    note: String,
    value: String,
}

/// What the sample under the cursor brings to this weight: its two factors and their product.
fn of_sample(view: &View) -> Vec<WeightNumber> {
    let (Some(snapshot), Some(trace)) = (view.dense(), &view.trace) else { return Vec::new() };
    let cursor = view.cursor;
    let (l, j, i) = (cursor.l, cursor.j, cursor.i);
    let a = if i == 0 { Some(1.0) } else { trace.a(l).and_then(|a| a.get(i - 1)).copied() };
    let delta = trace.delta(l + 1).and_then(|delta| delta.get(j)).copied();
    let (Some(a), Some(delta)) = (a, delta) else { return Vec::new() };
    let part = if cursor.sample.held_out { "held-out sample" } else { "sample" };
    let dropped = !trace.mask.is_empty();
    let source = match (i, l) {
        (0, _) => "bias unit".into(),
        (_, 1) => note(equation::INPUT),
        _ if dropped => note(equation::DROPOUT),
        _ => note(equation::ACTIVATION),
    };
    let last = l + 1 == snapshot.depth();
    let made = match last {
        true => equation::output_delta(snapshot.network.output),
        false if dropped => equation::DROPOUT_DELTA,
        false => equation::HIDDEN_DELTA,
    };
    let entry = |name: String, letter: &str, (note, value): (String, String)| WeightNumber {
        caption: None,
        names: vec![name, letter.into()],
        note,
        value,
    };
    let caption = Some(format!("of {part} {}", cursor.sample.row + 1));
    vec![
        WeightNumber { caption, ..entry(format!("a^({l})_{i}"), "a", (source, exact(a))) },
        entry(format!("δ^({})_{}", l + 1, j + 1), "δ", (note(made), signed(delta))),
        entry(format!("Δ^({l}) = δ a"), "Δ", (note(equation::SAMPLE_GRADIENT), signed(delta * a))),
    ]
}

fn note(equation: equation::Equation) -> String {
    format!("({})", equation.number)
}

/// The shortest form that reads back exactly, with its sign.
fn signed(value: f64) -> String {
    // The square of a gradient may be more than any number; a product with 0 may be −0, which nobody means.
    if value.is_infinite() {
        "too large".into()
    } else if value == 0.0 {
        "0".into()
    } else if value > 0.0 {
        format!("+{}", exact(value))
    } else {
        exact(value)
    }
}
