//! The weight under the cursor: its five numbers, and the Θ that the next update makes of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Title;
use crate::derivation::{Quantity, equation};
use crate::number::exact;
use crate::ui::table::Rows;
use crate::ui::view::View;

/// Columns of nearly every number with all its digits.
const NUMBER: u16 = 23;

pub(super) fn title(view: &View) -> Title {
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
pub(super) fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(snapshot) = &view.snapshot else { return };
    let (theme, cursor) = (&view.theme, view.cursor);
    let at =
        |quantity: Quantity| quantity.matrix(snapshot, cursor.l).and_then(|matrix| matrix.get([cursor.j, cursor.i]));
    let mut rows = Rows::new(area, buf, theme);
    let order = [
        Quantity::Theta,
        Quantity::D,
        Quantity::Penalty,
        Quantity::Gradient,
        Quantity::Velocity,
        Quantity::Squares,
        Quantity::Update,
    ];
    for quantity in order {
        let Some(&value) = at(quantity) else { continue };
        let by_rule = quantity == Quantity::Penalty && cursor.i == 0;
        let note = match quantity {
            Quantity::Theta => String::new(),
            _ if by_rule => "bias, by rule".into(),
            _ => format!("({})", quantity.equation(snapshot).number),
        };
        let style = if quantity == view.quantity { theme.key() } else { theme.text() };
        let names = [&quantity.symbol(cursor.l, snapshot), quantity.letter(snapshot), quantity.words()];
        rows.pair((&names, &note), (&signed(value), NUMBER), style);
    }
    if let (Some(theta), Some(update)) = (at(Quantity::Theta), at(Quantity::Update)) {
        let name = format!("next {}", Quantity::Theta.symbol(cursor.l, snapshot));
        let names = [&name, "next Θ", "next"];
        rows.pair(
            (&names, &note(equation::update(snapshot.config.optimizer))),
            (&signed(theta + update), NUMBER),
            theme.text(),
        );
    }
    draw_sample(view, &mut rows);
}

/// What the sample under the cursor brings to this weight: its two factors and their product.
fn draw_sample(view: &View, rows: &mut Rows<'_>) {
    let (Some(snapshot), Some(trace)) = (&view.snapshot, &view.trace) else { return };
    let (theme, cursor) = (&view.theme, view.cursor);
    let (l, j, i) = (cursor.l, cursor.j, cursor.i);
    let a = if i == 0 { Some(1.0) } else { trace.a(l).and_then(|a| a.get(i - 1)).copied() };
    let delta = trace.delta(l + 1).and_then(|delta| delta.get(j)).copied();
    let (Some(a), Some(delta)) = (a, delta) else { return };
    let part = if cursor.sample.held_out { "held-out sample" } else { "sample" };
    rows.line(&format!("of {part} {}", cursor.sample.row + 1), theme.faint());
    let dropped = !trace.mask.is_empty();
    let source = match (i, l) {
        (0, _) => "bias unit".into(),
        (_, 1) => note(equation::INPUT),
        _ if dropped => note(equation::DROPOUT),
        _ => note(equation::ACTIVATION),
    };
    rows.pair((&[&format!("a^({l})_{i}"), "a"], &source), (&exact(a), NUMBER), theme.text());
    let last = l + 1 == snapshot.depth();
    let made = match last {
        true => equation::output_delta(snapshot.network.output),
        false if dropped => equation::DROPOUT_DELTA,
        false => equation::HIDDEN_DELTA,
    };
    rows.pair((&[&format!("δ^({})_{}", l + 1, j + 1), "δ"], &note(made)), (&signed(delta), NUMBER), theme.text());
    rows.pair(
        (&[&format!("Δ^({l}) = δ a"), "Δ"], &note(equation::SAMPLE_GRADIENT)),
        (&signed(delta * a), NUMBER),
        theme.text(),
    );
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
