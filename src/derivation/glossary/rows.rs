//! The rows of the glossary that are of quantities of the graph: how each is written, and its shape in symbols.

use std::sync::LazyLock;

use crate::derivation::graph::node::{Mark, QuantityKey, letter};
use crate::nn::{Cell, Named};

/// The parts of the glossary, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GlossaryPart {
    /// Weights, and what is given.
    Weights,
    /// From the input to the output.
    Forward,
    /// The cost and the penalty.
    Cost,
    /// δ, and what it is made of.
    Backward,
    /// The gradient and the update.
    Update,
    /// Sizes, counts and indices.
    Sizes,
    /// Functions and signs.
    Signs,
}

impl GlossaryPart {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Weights, Self::Forward, Self::Cost, Self::Backward, Self::Update, Self::Sizes, Self::Signs];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sizes => "Sizes and indices",
            Self::Weights => "Weights",
            Self::Forward => "Forwards",
            Self::Cost => "The cost",
            Self::Backward => "Backwards",
            Self::Update => "Gradient and update",
            Self::Signs => "Functions and signs",
        }
    }
}

/// Which quantities of a letter a row is of, by what stands above the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marks {
    /// All of them.
    Any,
    /// Nothing stands there.
    Plain,
    /// A layer.
    Layer,
    /// The first layer.
    First,
    /// A layer between the first and the last.
    Hidden,
    /// The last layer.
    Last,
    /// A name.
    Of(&'static str),
    /// The gate whose z or δ it is.
    Gate,
    /// The name of a gate, of which each has a row of its own.
    EachGate,
}

/// Quantities that are one symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) part: GlossaryPart,
    pub(super) letter: &'static str,
    pub(super) marks: Marks,
    /// What its sentence begins with.
    pub(super) name: &'static str,
    /// How it is written of any layer; empty where each of its quantities is written by itself.
    pub(super) symbol: &'static str,
    /// Its shape; empty of a single number.
    pub(super) shape: &'static str,
    pub(super) aliases: &'static [&'static str],
}

impl Row {
    /// Whether a quantity of a network of this depth is one of them.
    pub(super) fn is_of(&self, key: QuantityKey, depth: usize) -> bool {
        let is_marked = match (self.marks, key.mark) {
            (Marks::Any, _) | (Marks::Plain, Mark::None) | (Marks::Layer, Mark::Layer(_)) => true,
            (Marks::First, Mark::Layer(l)) => l == 1,
            (Marks::Last, Mark::Layer(l)) => l == depth,
            (Marks::Hidden, Mark::Layer(l)) => l > 1 && l < depth,
            (Marks::Of(name), Mark::Of(of)) => name == of,
            (Marks::Gate, Mark::Gate(_)) => true,
            _ => false,
        };
        is_marked && key.letter == self.letter
    }

    /// Whether what stands above its letter differs between its quantities.
    pub(super) fn has_marks(&self) -> bool {
        matches!(self.marks, Marks::Any | Marks::Gate)
    }
}

const LIKE_THETA: &str = "as Θ";

macro_rules! rows {
    ($(=> $part:ident: $($letter:expr, $marks:expr, $name:literal, $symbol:literal, $shape:expr, [$($alias:literal),*];)*)*) => {
        const WRITTEN: &[Row] = &[$($(Row {
            part: GlossaryPart::$part, letter: $letter, marks: $marks, name: $name, symbol: $symbol, shape: $shape, aliases: &[$($alias),*],
        }),*),*];
    };
}

use Marks::{Any, EachGate, First, Gate, Hidden, Last, Layer, Of, Plain};

/// All rows, in the order of the glossary within each part.
pub(super) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let each = |row: &Row| match row.marks {
        EachGate => gates().into_iter().map(|(name, own)| Row { name, marks: Of(own), ..*row }).collect(),
        _ => vec![*row],
    };
    WRITTEN.iter().flat_map(each).collect()
});

/// The gates of all recurrent cells, such as g^r, and their names without g, the candidates last.
fn gates() -> Vec<(&'static str, &'static str)> {
    let cells = || Cell::ALL.iter().filter(|cell| cell.has_gates()).filter_map(|cell| cell.gates().split_last());
    let all = cells().flat_map(|(_, gates)| gates).chain(cells().map(|(candidate, _)| candidate));
    let mut found: Vec<(&str, &str)> = Vec::new();
    for gate in all.filter_map(|gate| Some((*gate, gate.strip_prefix("g^")?))) {
        if !found.contains(&gate) {
            found.push(gate);
        }
    }
    found
}

rows! {
    => Sizes:
        "m", Plain, "m", "m", "", [];
        "B", Plain, "B", "B", "", [];
    => Weights:
        letter::THETA, Layer, "Θ", "Θ^(l)", "S_{l+1} × (S_l + 1)", ["W", "weights"];
        letter::THETA, Of("x"), "Θ^x", "Θ^x", "GH × (S_1 + 1)", [];
        letter::THETA, Of("h"), "Θ^h", "Θ^h", "GH × (H + 1); H × H in a plain cell", [];
        letter::THETA, Of("o"), "Θ^o", "Θ^o", "K × (H + 1)", [];
    => Forward:
        "feature", Plain, "feature", "feature", "S_1", [];
        "mean", Plain, "mean", "mean", "S_1", [];
        "divisor", Plain, "divisor", "divisor", "S_1", ["deviation"];
        letter::A, First, "a^(1)", "a^(1)", "S_1", ["a", "x"];
        letter::X, Plain, "x_t", "x_t", "S_1", ["x"];
        letter::Z, Layer, "z", "z^(l)", "S_l", [];
        letter::A, Hidden, "a", "a^(l)", "S_l", [];
        letter::MASK, Layer, "r", "r^(l)", "S_l", [];
        letter::A, Last, "a^(L)", "a^(L)", "K", ["a", "h"];
        letter::Y, Plain, "y", "y", "K", [];
        "(Θ^x x)", Any, "Θ^x x", "", "H", [];
        "(Θ^h h)", Any, "Θ^h h", "", "H", [];
        letter::Z, Plain, "z_t", "z_t", "H", ["z"];
        letter::Z, Gate, "z(g)", "", "H", ["z"];
        "(b^h + Θ^h h)", Gate, "b^h + Θ^h h", "", "H", ["q"];
        "g", EachGate, "", "", "H", [];
        "c of the cell", Plain, "c_t", "c_t", "H", ["c"];
        "(tanh c)", Plain, "tanh c_t", "tanh c_t", "H", ["tanh c"];
        "h", Plain, "h_t", "h_t", "H", ["h"];
        letter::Z, Of("o"), "z^o", "z^o_t", "K", ["z"];
        "o", Plain, "o_t", "o_t", "K", ["o"];
    => Cost:
        "λ", Plain, "λ", "λ", "", [];
        letter::COST_TERM, Plain, "J^(b)_k", "J^(b)_k", "K", [];
        letter::STEP_COST, Plain, "J_t^(b)", "J_t^(b)", "", ["J^(b)_t"];
        letter::SAMPLE_COST, Plain, "J^(b)", "J^(b)", "", [];
        letter::DATA, Plain, "data", "data", "", [];
        letter::ROW_SQUARES, Any, "ΣΘ² of a row", "ΣΘ² of a row", "one for each row of Θ", [];
        letter::LAYER_SQUARES, Any, "ΣΘ²", "ΣΘ²", "one for each Θ", [];
        letter::REG, Any, "reg", "reg^(l)", "one for each Θ", [];
        letter::COST, Plain, "J", "J", "", [];
        letter::SHARE, Any, "reg of J", "reg^(l) of J", "one for each Θ", ["of J"];
    => Backward:
        letter::DELTA, Layer, "δ", "δ^(l)", "S_l", [];
        letter::GRAD_A, Last, "∂J/∂a^(L)", "∂J/∂a^(L)", "K", ["∂J/∂a"];
        letter::A_BY_Z, Last, "∂a^(L)/∂z^(L)", "∂a^(L)/∂z^(L)", "K; K × K with softmax", ["∂a/∂z"];
        letter::GRAD_A, Hidden, "∂J/∂a", "∂J/∂a^(l)", "S_l", ["Θᵀδ"];
        letter::SLOPE, Layer, "g'(z)", "g'(z^(l))", "S_l", [];
        letter::A_BY_Z, Hidden, "∂a/∂z", "∂a_c^(l)/∂z_i^(l)", "S_l × S_l", [];
        letter::Z_BY_A, Layer, "∂z/∂a", "∂z_d^(l+1)/∂a_i^(l)", "S_{l+1} × S_l", [];
        letter::Z_BY_Z, Layer, "∂z/∂z", "∂z_d^(l+1)/∂z_i^(l)", "S_{l+1} × S_l", [];
        letter::PATH, Layer, "path", "path^(l)", "S_{l+1} × S_l", [];
        letter::DELTA, Plain, "δ_t", "δ_t", "H", ["δ"];
        letter::DELTA, Gate, "δ(g)", "", "H", ["δ"];
        "δ^h", Gate, "δ^h", "", "H", ["δ"];
        letter::DELTA, Of("o"), "δ^o", "δ^o_t", "K", ["δ"];
        letter::GRAD_A, Of("o"), "∂J/∂a^o", "∂J/∂a^o_t", "K", ["∂J/∂a"];
        letter::A_BY_Z, Of("o"), "∂a^o/∂z^o", "∂a^o_t/∂z^o_t", "K; K × K with softmax", ["∂a/∂z"];
        "∂J/∂h", Plain, "∂J/∂h", "∂J/∂h_t", "H", [];
        "∂J/∂h from t+1", Plain, "∂J/∂h from t+1", "(∂J/∂h from t+1)", "H", [];
        "∂J/∂c", Plain, "∂J/∂c", "∂J/∂c_t", "H", [];
        letter::SLOPE, Plain, "g'(z_t)", "g'(z_t)", "H", ["g'(z)"];
        letter::GRAD_X, Plain, "∂J/∂x", "∂J/∂x", "S_1", [];
    => Update:
        letter::Z_BY_THETA, Layer, "∂z/∂Θ", "∂z_j^(l+1)/∂Θ_ji^(l)", "S_{l+1} × (S_l + 1)", [];
        letter::SAMPLE_GRADIENT, Any, "Δ", "Δ^(l)", LIKE_THETA, [];
        letter::SUM, Any, "ΣΔ", "ΣΔ^(l)", LIKE_THETA, [];
        letter::D, Any, "D", "D^(l)", LIKE_THETA, [];
        letter::PENALTY, Any, "∂reg/∂Θ", "∂reg/∂Θ^(l)", LIKE_THETA, [];
        letter::GRADIENT, Any, "∂J/∂Θ", "∂J/∂Θ^(l)", LIKE_THETA, ["gradient"];
        letter::ALPHA, Plain, "α", "α", "", [];
        "α₀", Plain, "α₀", "α₀", "", ["α0"];
        letter::SCHEDULE, Plain, "γ", "γ", "", ["gamma"];
        letter::CUT, Plain, "c", "c", "", [];
        "clip", Plain, "clip", "clip", "", [];
        "length", Plain, "‖∂J/∂Θ‖", "‖∂J/∂Θ‖", "", ["length"];
        "β", Plain, "β", "β", "", [];
        "β₂", Plain, "β₂", "β₂", "", ["β2"];
        "ε", Plain, "ε", "ε", "", ["epsilon"];
        "v before", Any, "v before", "v before", LIKE_THETA, [];
        letter::VELOCITY, Any, "v", "v^(l)", LIKE_THETA, [];
        "s before", Any, "s before", "s before", LIKE_THETA, [];
        letter::SQUARES, Any, "s", "s^(l)", LIKE_THETA, [];
        letter::UPDATE, Any, "ΔΘ", "ΔΘ^(l)", LIKE_THETA, [];
        letter::NEXT, Any, "next Θ", "next Θ^(l)", LIKE_THETA, [];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::nets::variants;
    use super::*;
    use crate::derivation::Graph;
    use crate::derivation::book::example;
    use crate::derivation::graph::definition::{Definition, NodeAxes};
    use crate::train::Snapshot;

    fn with_each(see: &mut dyn FnMut(&Snapshot, &Definition, &[&Row])) {
        for snapshot in [example()].into_iter().chain(&variants(example())) {
            let depth = snapshot.dense().map_or(0, |dense| dense.depth());
            for definition in Graph::of(snapshot).definitions() {
                let rows: Vec<&Row> = ROWS.iter().filter(|row| row.is_of(definition.key, depth)).collect();
                see(snapshot, definition, &rows);
            }
        }
    }

    #[test]
    fn every_quantity_of_every_network_is_in_one_row_and_no_row_is_without() {
        let mut seen = vec![false; ROWS.len()];
        with_each(&mut |_, definition, rows| {
            assert_eq!(rows.len(), 1, "{:?}", definition.key);
            let at = ROWS.iter().position(|row| std::ptr::eq(row, rows[0])).expect("it is one of them");
            seen[at] = true;
        });
        for (row, seen) in ROWS.iter().zip(seen) {
            assert!(seen, "{} {:?}", row.name, row.marks);
        }
    }

    #[test]
    fn the_quantities_of_a_row_are_the_same_in_words() {
        let mut words: BTreeMap<String, &str> = BTreeMap::new();
        with_each(&mut |_, definition, rows| {
            let of = format!("{} {:?}", rows[0].letter, rows[0].marks);
            assert_eq!(*words.entry(of.clone()).or_insert(definition.words), definition.words, "{of}");
        });
    }

    /// The value of a size such as S_{l+1}, or of a sum or a product of those.
    fn size(text: &str, snapshot: &Snapshot, mark: Mark) -> usize {
        let sizes = snapshot.model.sizes();
        let l = if let Mark::Layer(l) = mark { l } else { 1 };
        let gates = snapshot.recurrent().map_or(1, |recurrent| match recurrent.network.cell {
            crate::nn::Cell::Plain(_) => 1,
            cell => cell.gates().len(),
        });
        match text {
            "S_1" => sizes[0],
            "S_l" => sizes[l - 1],
            "S_{l+1}" => sizes[l],
            "K" => sizes[sizes.len() - 1],
            "H" => sizes[1],
            "GH" => gates * sizes[1],
            other => panic!("{other} is no size"),
        }
    }

    #[test]
    fn the_shapes_in_symbols_are_those_of_the_graph() {
        with_each(&mut |snapshot, definition, rows| {
            let NodeAxes { rows: count, columns, .. } = definition.axes;
            let found = (count, columns.map(|(first, last)| last + 1 - first));
            let text = rows[0].shape;
            if text == LIKE_THETA {
                let theta = QuantityKey { letter: letter::THETA, ..definition.key };
                let theta = Graph::of(snapshot).get(theta).expect("each Θ is there").axes;
                assert_eq!((count, columns), (theta.rows, theta.columns), "{:?}", definition.key);
                return;
            }
            if text.is_empty() || text.starts_with("one for each") {
                assert_eq!(columns, None, "{:?}", definition.key);
                assert!(count == 0 || text.ends_with("row of Θ"), "{:?}", definition.key);
                return;
            }
            let value = |text: &str| {
                let text = text.trim_matches(['(', ')']);
                let (of, more) = text.split_once(" + ").map_or((text, 0), |(of, _)| (of, 1));
                size(of, snapshot, definition.key.mark) + more
            };
            let forms =
                text.split("; ").map(|form| form.split([' ']).take_while(|word| !["in", "with"].contains(word)));
            let forms = forms.map(|words| words.collect::<Vec<_>>().join(" "));
            let mut forms = forms.map(|form| match form.split_once(" × ") {
                Some((rows, columns)) => (value(rows), Some(value(columns))),
                None => (value(&form), None),
            });
            assert!(forms.any(|form| form == found), "{:?}: {found:?} is not {text}", definition.key);
        });
    }
}
