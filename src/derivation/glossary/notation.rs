//! The symbols of the glossary that are no quantities of the graph: sizes, indices, functions and signs.

use super::entry::{EntryEquations, GlossaryEntry, Walked};
use super::rows::GlossaryPart;
use crate::nn::{Optimizer, Output};
use crate::number::exact;
use crate::train::Snapshot;

/// A symbol that is no quantity of the graph.
struct Notation {
    part: GlossaryPart,
    name: &'static str,
    words: &'static str,
    /// Its shape; empty of a single number.
    shape: &'static str,
    /// The numbers of its equations; without any, the reason stands in their place.
    equations: &'static [&'static str],
    reason: &'static str,
    aliases: &'static [&'static str],
    /// Whether a network has it.
    applies: fn(&Snapshot) -> bool,
    /// Its values in a network, for a size.
    here: fn(&Snapshot) -> Vec<String>,
}

fn every(_: &Snapshot) -> bool {
    true
}

fn dense(snapshot: &Snapshot) -> bool {
    snapshot.dense().is_some()
}

fn recurrent(snapshot: &Snapshot) -> bool {
    snapshot.recurrent().is_some()
}

fn gated(snapshot: &Snapshot) -> bool {
    snapshot.recurrent().is_some_and(|recurrent| recurrent.network.cell.has_gates())
}

fn corrected(snapshot: &Snapshot) -> bool {
    matches!(snapshot.config.optimizer, Optimizer::Adam | Optimizer::AdamW)
}

fn nothing(_: &Snapshot) -> Vec<String> {
    Vec::new()
}

fn is(name: &str, value: usize) -> Vec<String> {
    vec![format!("{name} = {value}")]
}

fn size(name: &str, snapshot: &Snapshot, place: usize) -> Vec<String> {
    snapshot.model.sizes().get(place).map_or_else(Vec::new, |&size| is(name, size))
}

fn last(snapshot: &Snapshot) -> usize {
    snapshot.model.sizes().len().saturating_sub(1)
}

fn gates(snapshot: &Snapshot) -> usize {
    let cell = snapshot.recurrent().map(|recurrent| recurrent.network.cell);
    cell.filter(|cell| cell.has_gates()).map_or(1, |cell| cell.gates().len())
}

/// Sizes of layers that are listed.
const LISTED: usize = 6;

fn sizes(snapshot: &Snapshot) -> Vec<String> {
    let sizes = snapshot.model.sizes();
    let text = |(at, size): (usize, &usize)| format!("S_{} = {size}", at + 1);
    if sizes.len() <= LISTED {
        return sizes.iter().enumerate().map(text).collect();
    }
    let last = sizes.iter().enumerate().next_back().map(text);
    sizes.iter().enumerate().take(LISTED - 2).map(text).chain(["…".to_string()]).chain(last).collect()
}

const INDEX: &str = "it is an index";
const SIZE: &str = "it is a size of the network or of the data";
const SIGN: &str = "it is a sign";
const FUNCTION: &str = "a function of a number";

macro_rules! notation {
    ($($part:ident $name:literal, $words:expr, $shape:expr, [$($number:literal),*], $reason:expr, [$($alias:literal),*], $applies:expr, $here:expr;)*) => {
        const NOTATION: &[Notation] = &[$(Notation {
            part: GlossaryPart::$part, name: $name, words: $words, shape: $shape, equations: &[$($number),*], reason: $reason,
            aliases: &[$($alias),*], applies: $applies, here: $here,
        }),*];
    };
}

notation! {
    Sizes "L", "the number of layers, the input layer counted", "", [], SIZE, [], dense, |of| is("L", of.model.sizes().len());
    Sizes "S_l", "the number of units of layer l, its bias unit not counted", "one for each layer", [], SIZE, ["S"], dense, sizes;
    Sizes "S_1", "the number of inputs of a step", "", [], SIZE, ["S"], recurrent, |of| size("S_1", of, 0);
    Sizes "H", "the number of units of the recurrent layer", "", [], SIZE, [], recurrent, |of| size("H", of, 1);
    Sizes "G", "the number of gates of a cell, the candidate counted: 1 for a plain cell, 3 for a GRU, 4 for an LSTM", "", [], SIZE, [],
        recurrent, |of| is("G", gates(of));
    Sizes "K", "the number of outputs", "", [], SIZE, [], every, |of| size("K", of, last(of));
    Sizes "T", "the number of steps of a sequence", "", [], SIZE, [], recurrent,
        |of| of.recurrent().map_or_else(Vec::new, |recurrent| is("T", recurrent.steps()));
    Sizes "l", "the number of a layer, from 1, the input, to L, the output; Θ^(l) leads from layer l to layer l+1", "", [], INDEX, [],
        dense, nothing;
    Sizes "j", "the number of a unit, and the row of a matrix: Θ_ji leads to unit j", "", [], INDEX, [], every, nothing;
    Sizes "i", "the number of a unit, and the column of a matrix: Θ_ji comes from unit i, and i = 0 is the bias unit", "", [], INDEX, [],
        every, nothing;
    Sizes "d", "the number of a unit of the next layer, over which the paths back are added", "", [], INDEX, [], every, nothing;
    Sizes "c", "the number of a unit in a sum inside a sum over d, or over the outputs of a softmax", "", [], INDEX, [], every, nothing;
    Sizes "k", "the number of an output unit; in the equations of Adam it is the number of the update", "", [], INDEX, [], every, nothing;
    Sizes "b", "the number of a sample or a sequence of the batch, as in x^(b) and J^(b)", "", [], INDEX, ["(b)"], every, nothing;
    Sizes "t", "the number of a step of a sequence, from 1 to T; h_0 is the state before the first one", "", [], INDEX, [], recurrent,
        nothing;
    Weights "b^x", "the column of the biases of the cell, column 0 of Θ^x", "GH", [], "it is a column of Θ^x", [], recurrent, nothing;
    Weights "b^h", "the column of the biases of the cell, column 0 of Θ^h", "GH", [], "it is a column of Θ^h", [], gated, nothing;
    Forward "max z", "the largest z of the output units, which is subtracted so that no power of e is too large", "", ["3.2 softmax"], "",
        [], |of| of.model.output() == Output::Softmax, nothing;
    Forward "p", "the chance that dropout leaves a unit out of an update (--dropout)", "", ["3.2 dropout"], "", [],
        |of| of.config.dropout > 0.0, |of| vec![format!("p = {}", exact(of.config.dropout))];
    Update "v'", "v divided by 1 − β^k, which makes up for v = 0 before the first update", "as Θ", ["3.2 Adam"], "", [], corrected,
        nothing;
    Update "s'", "s divided by 1 − β₂^k, which makes up for s = 0 before the first update", "as Θ", ["3.2 Adam"], "", [], corrected,
        nothing;
    Signs "g", "the activation function of a hidden layer (--activation)", FUNCTION, ["1.1.3", "2.1.1", "2.3.2"], "", [], dense, nothing;
    Signs "g", "the activation function of a plain cell (--cell)", FUNCTION, ["3.2 recurrent"], "", [],
        |of| recurrent(of) && !gated(of), nothing;
    Signs "g'", "the slope of the activation function", FUNCTION, ["2.1.2", "2.5.6"], "", [], dense, nothing;
    Signs "g'", "the slope of the activation function", FUNCTION, ["3.2 recurrent"], "", [], |of| recurrent(of) && !gated(of), nothing;
    Signs "σ", "the sigmoid, 1 / (1 + e^−z), which is between 0 and 1", FUNCTION, ["2.1.1"], "", ["sigmoid"], every, nothing;
    Signs "log", "the natural logarithm", FUNCTION, ["1.2.1"], "", ["ln"], every, nothing;
    Signs "∂", "the sign of a derivative: ∂J/∂z says how much J grows with z", "a sign", [], SIGN, [], every, nothing;
    Signs "Σ", "the sum over the index below it", "a sign", [], SIGN, ["∑"], every, nothing;
    Signs "⊙", "the product entry by entry of two columns or matrices of one shape", "a sign", [], SIGN, ["o"], every, nothing;
    Signs "ᵀ", "the transpose: rows become columns; where δ is multiplied by Θᵀ, the columns of biases are left out", "a sign", [], SIGN,
        ["T"], every, nothing;
    Signs "[1; a]", "the column a with the bias unit, which is 1, before it", "one more than a", [], SIGN, ["[1;a]", "[1; x]", "[1; h]"],
        every, nothing;
    Signs "‖ ‖", "the length: the root of the sum of the squares", "a number of a column or a matrix", [], SIGN, ["‖", "||", "‖‖"], every,
        nothing;
    Signs "←", "the sign of an update: what stands at its left gets the value at its right", "a sign", [], SIGN, ["<-"], every, nothing;
}

/// Those that a network has, each with its place in the list.
pub(super) fn of(snapshot: &Snapshot, is_here: bool) -> Vec<(usize, GlossaryEntry)> {
    let its = NOTATION.iter().enumerate().filter(|(_, notation)| (notation.applies)(snapshot));
    let entry = |(place, notation): (usize, &Notation)| {
        let entry = GlossaryEntry {
            part: notation.part,
            letter: notation.name,
            name: notation.name,
            symbols: vec![notation.name.into()],
            shown: Vec::new(),
            aliases: notation.aliases,
            words: notation.words,
            shape: notation.shape.into(),
            here: if is_here { (notation.here)(snapshot) } else { Vec::new() },
            equations: match notation.equations {
                [] => EntryEquations::None(notation.reason),
                numbers => EntryEquations::Its(numbers.to_vec(), Vec::new()),
            },
            walked: Walked::Never,
        };
        (place, entry)
    };
    its.map(entry).collect()
}
