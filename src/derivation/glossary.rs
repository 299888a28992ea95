//! The glossary: every symbol of a network with what it is, its shape and its equations, made from the graph of equations.

mod entry;
mod find;
mod nets;
mod notation;
mod rows;

pub use entry::{EntryEquations, GlossaryEntry, Walked};
pub use find::{found, nearest};
pub use rows::GlossaryPart;

use super::graph::Graph;
use super::graph::definition::{Definition, NodeAxes, Stored};
use super::graph::node::{Mark, Node, QuantityKey, letter};
use super::graph::values::Values;
use crate::number::exact;
use crate::train::Snapshot;
use rows::Row;

/// The symbols of a snapshot's network, with the shapes that they have in it.
pub fn of_network(snapshot: &Snapshot) -> Vec<GlossaryEntry> {
    let mut all = Vec::new();
    add(snapshot, true, &mut all);
    sorted(all)
}

/// The symbols of every kind of network, with the shapes of one of them.
pub fn of_all(example: &Snapshot) -> Vec<GlossaryEntry> {
    let mut all = Vec::new();
    add(example, true, &mut all);
    nets::variants(example).iter().for_each(|snapshot| add(snapshot, false, &mut all));
    sorted(all)
}

fn sorted(mut all: Vec<(usize, GlossaryEntry)>) -> Vec<GlossaryEntry> {
    // Of the sizes those of the network come first, elsewhere the quantities.
    let is_row = |place: usize| place < rows::ROWS.len();
    all.sort_by_key(|(place, entry)| (entry.part, is_row(*place) == (entry.part == GlossaryPart::Sizes), *place));
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// Adds the symbols of a network to those that are there, each with its place.
fn add(snapshot: &Snapshot, is_here: bool, to: &mut Vec<(usize, GlossaryEntry)>) {
    let graph = Graph::of(snapshot);
    let depth = snapshot.dense().map_or(0, |dense| dense.depth());
    for (place, row) in rows::ROWS.iter().enumerate() {
        let of_row = |definition: &&Definition| row.is_of(definition.key, depth);
        let mut definitions: Vec<&Definition> = graph.definitions().iter().filter(of_row).collect();
        // Not in the order of the algorithm, which goes back over the layers.
        definitions.sort_by_key(|definition| layer(definition.key.mark));
        if let Some(entry) = of_graph(row, &definitions, (snapshot, &graph, is_here)) {
            put((place, entry), to);
        }
    }
    for (place, entry) in notation::of(snapshot, is_here) {
        put((rows::ROWS.len() + place, entry), to);
    }
}

/// The layer, or the place of a Θ among those that have names.
fn layer(mark: Mark) -> usize {
    match mark {
        Mark::Layer(l) => l,
        Mark::Of(name) => ["x", "h", "o"].iter().position(|of| *of == name).unwrap_or(0),
        Mark::None | Mark::Gate(_) => 0,
    }
}

/// Adds an entry, or what is new in it to the one that has its place.
fn put((place, entry): (usize, GlossaryEntry), to: &mut Vec<(usize, GlossaryEntry)>) {
    let Some((_, there)) = to.iter_mut().find(|(at, _)| *at == place) else {
        to.push((place, entry));
        return;
    };
    for symbol in entry.symbols {
        if !there.symbols.contains(&symbol) {
            there.symbols.push(symbol);
        }
    }
    for shown in entry.shown {
        if !there.shown.contains(&shown) {
            there.shown.push(shown);
        }
    }
    there.equations.join(entry.equations);
    there.walked = there.walked.max(entry.walked);
}

/// The entry of some quantities of a network; none where it has none, or has no use for them.
fn of_graph(
    row: &'static Row,
    definitions: &[&Definition],
    (snapshot, graph, is_here): (&Snapshot, &Graph, bool),
) -> Option<GlossaryEntry> {
    let first = definitions.first()?;
    let is_dense = snapshot.dense().is_some();
    let symbols = match row.symbol {
        symbol if !symbol.is_empty() && (is_dense || !row.has_marks()) => vec![symbol.to_string()],
        _ => definitions.iter().map(|definition| written(definition)).collect(),
    };
    let mut shown: Vec<&'static str> =
        definitions.iter().filter(|definition| is_of_rule(definition)).map(|definition| definition.shown).collect();
    shown.dedup();
    shown.retain(|&shown| shown != row.letter && !row.symbol.contains(shown));
    let equations = equations(definitions, graph);
    if equations == EntryEquations::None(UNUSED) {
        return None;
    }
    let keys: Vec<QuantityKey> = definitions.iter().map(|definition| definition.key).collect();
    let is_in_proof = |definition: &Definition| {
        definition.proof.iter().any(|step| step.of.as_ref().is_some_and(|of| keys.contains(&of.key)))
    };
    let walked = match () {
        () if definitions.iter().any(|definition| definition.phase.is_some()) => Walked::ByResult,
        () if graph.definitions().iter().any(is_in_proof) => Walked::ByProof,
        () => Walked::Never,
    };
    Some(GlossaryEntry {
        part: row.part,
        letter: row.letter,
        name: row.name,
        symbols,
        shown,
        aliases: row.aliases,
        words: first.words,
        shape: row.shape.into(),
        here: if is_here { here(definitions, snapshot, graph) } else { Vec::new() },
        equations,
        walked,
    })
}

/// Whether what is printed as its letter says by which rule it is computed.
fn is_of_rule(definition: &Definition) -> bool {
    let is_sum = [letter::ROW_SQUARES, letter::LAYER_SQUARES].contains(&definition.key.letter);
    is_sum || matches!(definition.stored, Stored::Parameter { .. })
}

/// How a quantity of a network whose Θ have names is written.
fn written(definition: &Definition) -> String {
    match definition.stored {
        Stored::Parameter { .. } => format!("{}{}", definition.key.letter, definition.key.mark.text()),
        _ => definition.symbol(),
    }
}

/// Why a quantity has no equation that no other one makes use of, so that the network has no use for it.
const UNUSED: &str = "this network does not use it";

/// The equations of some quantities, those of results first; of what has none, those that it stands in.
fn equations(definitions: &[&Definition], graph: &Graph) -> EntryEquations {
    let (mut results, mut others) = (Vec::new(), Vec::new());
    for form in definitions.iter().flat_map(|definition| &definition.forms) {
        let to = if form.is_result { &mut results } else { &mut others };
        if !to.contains(&form.equation.number) {
            to.push(form.equation.number);
        }
    }
    others.retain(|number| !results.contains(number));
    if !results.is_empty() || !others.is_empty() {
        return EntryEquations::Its(results, others);
    }
    let keys: Vec<QuantityKey> = definitions.iter().map(|definition| definition.key).collect();
    let used = graph.stands_in(&keys);
    let is_given = definitions.iter().any(|definition| matches!(definition.stored, Stored::Given(_)));
    match used.is_empty() {
        false => EntryEquations::UsedIn(used),
        true if is_given && definitions.iter().all(|definition| definition.phase.is_none()) => {
            EntryEquations::None(UNUSED)
        }
        true => EntryEquations::None("it is given"),
    }
}

/// Shapes that are listed.
const LISTED: usize = 6;

/// The shapes of quantities in a network, or the value of one that is a constant of it.
fn here(definitions: &[&Definition], snapshot: &Snapshot, graph: &Graph) -> Vec<String> {
    if let [one] = definitions
        && one.axes == NodeAxes::SCALAR
        && one.key.mark == Mark::None
        && one.phase.is_none()
    {
        let values = Values::of(snapshot, Default::default(), None);
        let value = graph.value(Node::of(one.key), &values);
        return value.map(|value| format!("{} = {}", one.shown, exact(value))).into_iter().collect();
    }
    let shapes: Vec<(String, String)> =
        definitions.iter().filter_map(|definition| Some((named(definition), shape(definition.axes)?))).collect();
    let are_many = shapes.len() > LISTED || definitions.iter().any(|definition| definition.axes.steps.is_some());
    if let [(_, first), _, ..] = shapes.as_slice()
        && are_many
        && shapes.iter().all(|(_, shape)| shape == first)
    {
        return vec![format!("each {first}")];
    }
    let is_one = shapes.len() == 1;
    let text = |(symbol, shape): &(String, String)| if is_one { shape.clone() } else { format!("{symbol} {shape}") };
    if shapes.len() <= LISTED {
        return shapes.iter().map(text).collect();
    }
    let (begin, end) = (&shapes[..LISTED - 2], &shapes[shapes.len() - 1..]);
    begin.iter().map(text).chain(["…".into()]).chain(end.iter().map(text)).collect()
}

/// The symbol of a quantity; a derivative of two has that of its layer.
fn named(definition: &Definition) -> String {
    match (definition.ratio, definition.key.mark) {
        (Some(_), Mark::Layer(l)) => format!("l = {l}"),
        _ => definition.symbol(),
    }
}

/// A shape in numbers; none of a single number.
fn shape(NodeAxes { steps, rows, columns, .. }: NodeAxes) -> Option<String> {
    let of_step = match (rows, columns) {
        (0, _) => None,
        (rows, None) => Some(rows.to_string()),
        (rows, Some((first, last))) => Some(format!("{rows} × {}", last + 1 - first.min(last + 1))),
    };
    let steps = steps.map(|(first, last)| match (first, last) {
        (first, last) if first == last => format!("at step {first}"),
        (first, last) => format!("at each step t = {first} … {last}"),
    });
    match (of_step, steps) {
        (Some(one), Some(steps)) => Some(format!("{one} {steps}")),
        (one, steps) => one.or(steps),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derivation::book::{example, page_of};
    use crate::derivation::letter;

    fn plain(text: &str) -> String {
        text.into()
    }

    /// The numbers in brackets that a text cites.
    fn cited(text: &str) -> Vec<&str> {
        let inside = text.split('(').skip(1).filter_map(|part| part.split(')').next());
        inside.filter(|inside| inside.starts_with(['1', '2', '3']) && inside.matches('.').count() == 2).collect()
    }

    #[test]
    fn every_symbol_has_a_meaning_a_shape_and_an_equation_or_a_reason() {
        for entry in of_all(example()) {
            assert!(entry.words.split(' ').count() >= 3, "{}: {}", entry.name, entry.words);
            assert!(entry.sentence().ends_with('.') && !entry.words.ends_with('.'), "{}", entry.sentence());
            assert!(!entry.symbols.is_empty() && entry.symbols.iter().all(|symbol| !symbol.contains("{}")));
            assert!(entry.shape().contains(": "), "{}", entry.shape());
            match &entry.equations {
                EntryEquations::None(reason) => assert!(!reason.is_empty() && *reason != UNUSED, "{}", entry.name),
                equations => assert!(equations.numbers().next().is_some(), "{}", entry.name),
            }
            assert!(!entry.equations.text().is_empty());
        }
    }

    #[test]
    fn every_number_that_is_cited_is_one_of_the_book() {
        for entry in of_all(example()) {
            for number in entry.equations.numbers().chain(cited(entry.words)) {
                assert!(page_of(number).is_some(), "{}: {number}", entry.name);
            }
        }
        assert_eq!(cited("of one (2.5.1): (l) (3)"), ["2.5.1"]);
    }

    #[test]
    fn delta_says_first_what_it_is() {
        let all = of_all(example());
        let delta = found("δ", &all, &plain)[0];
        assert!(delta.sentence().starts_with("δ is ∂J^(b)/∂z^(l) of one sample (2.5.1): "), "{}", delta.sentence());
        assert_eq!(delta.shape(), "δ^(l): S_l; here δ^(2) 3, δ^(3) 3, δ^(4) 3");
        let theta = found("Θ", &all, &plain)[0];
        assert_eq!(theta.shape(), "Θ^(l): S_{l+1} × (S_l + 1); here Θ^(1) 3 × 4, Θ^(2) 3 × 4, Θ^(3) 3 × 4");
        assert_eq!(found("m", &all, &plain)[0].shape(), "m: a number; here m = 3");
    }

    #[test]
    fn a_network_has_its_own_symbols_alone() {
        let of = |snapshot: &Snapshot| of_network(snapshot).iter().map(|entry| entry.name).collect::<Vec<_>>();
        let dense = of(example());
        assert!(dense.contains(&"a^(L)") && dense.contains(&"L"));
        for other in ["g^f", "h_t", "T", "v", "r", "β", "c_t", "max z", "Θ^x", "α₀"] {
            assert!(!dense.contains(&other), "{other}");
        }
        let variants = nets::variants(example());
        let lstm = variants.iter().find(|snapshot| {
            let recurrent = snapshot.recurrent();
            recurrent.is_some_and(|recurrent| recurrent.network.cell.has_cell_state())
        });
        let lstm = of(lstm.expect("there is an LSTM"));
        assert!(["g^f", "c_t", "δ(g)", "b^h", "T"].iter().all(|name| lstm.contains(name)), "{lstm:?}");
        assert!(!["g^r", "a", "L", "g", "Θ"].iter().any(|name| lstm.contains(name)), "{lstm:?}");
    }

    #[test]
    fn what_is_called_by_another_name_in_an_equation_is_found_by_it() {
        let all = of_all(example());
        for name in ["b^x", "b^h", "max z", "Δ", "J", "h", "x", "c", "k", "λ", letter::SUM, "Θ^(2)[1,3]", "g^f_3,1"]
        {
            assert!(!found(name, &all, &plain).is_empty(), "{name}");
        }
        assert_eq!(nearest("thet", &all, (&|text| text.replace('Θ', "Theta"), 1)), ["Θ"]);
    }
}
