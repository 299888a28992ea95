//! The numbers of one weight, each with its equation: Θ, what its next update is made of, and the Θ that the update leads to.

use crate::derivation::equation::{self, Equation};
use crate::derivation::graph::definition::Definition;
use crate::derivation::{Quantity, QuantityKey, letter};
use crate::number::{brief, exact, signed_short};
use crate::theme::Theme;
use crate::train::Snapshot;
use crate::ui::table::TableRows;
use crate::ui::widgets::label::{columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::{Overlay, View};

/// What stands in the place of a number that a walk has not come to yet.
const NOT_REACHED: &str = "·";

/// The quantities in their order: each follows from those before it.
const ORDER: [Quantity; 7] = [
    Quantity::Theta,
    Quantity::D,
    Quantity::Penalty,
    Quantity::Gradient,
    Quantity::Velocity,
    Quantity::Squares,
    Quantity::Update,
];

/// A number of the weight: a heading that may be above it, from its longest form to its shortest, its names from the longest to the shortest, its equation, and its value.
pub(super) struct WeightNumber {
    pub(super) caption: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) note: String,
    /// The equation in symbols, where there is room for it beside its number.
    pub(super) symbols: &'static str,
    pub(super) value: String,
}

impl WeightNumber {
    /// A number with the equation that it comes from.
    pub(super) fn of(name: String, letter: &str, (equation, value): (Equation, String)) -> Self {
        let note = format!("({})", equation.number);
        Self { caption: Vec::new(), names: vec![name, letter.into()], note, symbols: equation.symbols, value }
    }

    /// A number with a word in the place of an equation.
    pub(super) fn noted(name: String, letter: &str, (note, value): (&str, String)) -> Self {
        Self { caption: Vec::new(), names: vec![name, letter.into()], note: note.into(), symbols: "", value }
    }

    /// The number's equation, the longest form first.
    fn notes(&self) -> [String; 2] {
        let long = if self.symbols.is_empty() { self.note.clone() } else { format!("{} {}", self.note, self.symbols) };
        [long, self.note.clone()]
    }
}

/// The numbers of the weight under the cursor, and which of them is of the chosen quantity.
pub(super) struct WeightNumbers {
    pub(super) all: Vec<WeightNumber>,
    chosen: usize,
    digits: Digits,
}

/// How many digits the numbers of the panel have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Digits {
    /// Four that count.
    Four,
    /// All, where the panel fills the screen or a number is explained.
    All,
}

impl Digits {
    pub(super) fn of(view: &View) -> Self {
        let explains = matches!(view.overlay, Overlay::Explain | Overlay::Sum | Overlay::UnitAtStep);
        if view.zoomed || explains { Self::All } else { Self::Four }
    }

    /// Columns of nearly every number.
    fn width(self) -> u16 {
        match self {
            Self::Four => 10,
            Self::All => 23,
        }
    }

    /// A number with its sign.
    pub(super) fn signed(self, value: f64) -> String {
        // The square of a gradient may be more than any number; a product with 0 may be −0, which nobody means.
        match self {
            _ if value.is_infinite() => "too large".into(),
            _ if value == 0.0 => "0".into(),
            Self::Four => signed_short(value),
            Self::All if value > 0.0 => format!("+{}", exact(value)),
            Self::All => exact(value),
        }
    }

    /// A number that has no sign unless it is negative.
    pub(super) fn plain(self, value: f64) -> String {
        match self {
            Self::Four => brief(value),
            Self::All => exact(value),
        }
    }
}

impl WeightNumbers {
    /// Those of every net; what follows from a sum over time that a walk has not come to the end of, is not reached yet.
    pub(super) fn of(view: &View, snapshot: &Snapshot) -> Self {
        let (cursor, digits) = (view.cursor, Digits::of(view));
        // What is explained, is explained whole.
        let is_walking = view.overlay == Overlay::None && view.walked.is_some_and(|t| t > 1);
        let at = |quantity: Quantity| quantity.matrix(snapshot, cursor.l)?.get([cursor.j, cursor.i]).copied();
        let told = |quantity: Quantity, value: f64| match quantity {
            Quantity::Theta | Quantity::Penalty => digits.signed(value),
            _ if is_walking => NOT_REACHED.into(),
            _ => digits.signed(value),
        };
        let biases = snapshot.parameters.get(cursor.l - 1).map_or(0, |parameter| parameter.biases);
        let is_bias = cursor.i < biases;
        let there = ORDER.into_iter().filter_map(|quantity| Some((quantity, at(quantity)?)));
        let number = |(quantity, value): (Quantity, f64)| {
            let definition = view.graph().and_then(|graph| graph.of_parameter(quantity, cursor.l));
            let (symbol, letter) =
                definition.map(|definition| (definition.symbol(), definition.shown)).unwrap_or_default();
            // The penalty itself is another number than its gradient.
            let words = if quantity == Quantity::Penalty { quantity.key() } else { quantity.words() };
            let equation = match quantity {
                Quantity::Gradient if is_bias => equation::BIAS_GRADIENT,
                quantity => quantity.equation(snapshot),
            };
            let mut number = WeightNumber::of(symbol, letter, (equation, told(quantity, value)));
            number.names.push(words.into());
            match quantity {
                Quantity::Theta => (number.note, number.symbols) = (String::new(), ""),
                Quantity::Penalty if is_bias => (number.note, number.symbols) = ("bias, by rule".into(), ""),
                _ => {}
            }
            number
        };
        let chosen = there.clone().position(|(quantity, _)| quantity == view.quantity).unwrap_or(0);
        let mut all: Vec<WeightNumber> = there.map(number).collect();
        if let (Some(theta), Some(update)) = (at(Quantity::Theta), at(Quantity::Update)) {
            let key = snapshot.parameters.get(cursor.l - 1).map(|of| QuantityKey::parameter(letter::NEXT, of.symbol));
            let name = key.and_then(|key| view.graph()?.get(key)).map_or_else(String::new, Definition::symbol);
            let value = told(Quantity::Update, theta + update);
            let mut next = WeightNumber::of(name, letter::NEXT, (Quantity::Update.equation(snapshot), value));
            next.names.push("next".into());
            all.push(next);
        }
        Self { all, chosen, digits }
    }

    /// Rows that all of them take.
    pub(super) fn height(&self) -> u16 {
        (0..self.all.len()).map(|index| self.rows(index)).sum()
    }

    fn rows(&self, index: usize) -> u16 {
        1 + u16::from(!self.all[index].caption.is_empty())
    }

    /// Draws those that there is room for, and how many the others are.
    pub(super) fn draw(&self, rows: &mut TableRows<'_>, theme: &Theme) {
        let height = |index: usize| self.rows(index);
        let list = List { rows: &height, ..List::of(self.all.len(), ListPosition::Cursor(self.chosen)) };
        rows.list(&list, 0, &mut |index, rows| {
            let number = &self.all[index];
            if !number.caption.is_empty() {
                let forms: Vec<&str> = number.caption.iter().map(String::as_str).collect();
                rows.line(pick(&forms, rows.width(), theme), theme.faint());
            }
            let names: Vec<&str> = number.names.iter().map(String::as_str).collect();
            let style = if index == self.chosen { theme.key() } else { theme.text() };
            let name = columns(&theme.spell(names[0]));
            let free = rows.width().saturating_sub(self.digits.width() + 2 + name);
            let notes = number.notes();
            let note = pick(&notes.each_ref().map(String::as_str), free, theme).to_string();
            rows.pair((&names, &note), (&number.value, self.digits.width()), style);
        });
    }

    /// Each as a line of text, for the clipboard and for files.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.all.iter().map(|number| {
            let [note, _] = number.notes();
            let note = if note.is_empty() { note } else { format!("   {note}") };
            format!("{} = {}{note}", number.names[0], number.value)
        })
    }
}
