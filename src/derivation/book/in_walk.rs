//! Where the walk through an update has an equation of the book.

use super::at::NumbersAt;
use super::lacks::lacks;
use super::numbers::NumberedNet;
use super::passage::PageEquation;
use crate::derivation::{Detail, Graph, Node, Playhead, Sample, Subject, Values, Walk};
use crate::train::Snapshot;

/// A place in a walk, and how much the walk shows there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkPlace {
    /// The number.
    pub at: Playhead,
    /// By its result, or by proof.
    pub detail: Detail,
    /// The column of a matrix, counted from its first one.
    pub column: usize,
}

/// The place in the walk that shows an equation, at what is looked at if that is walked through, else at the first that has it; by this
/// detail if the equation is shown so.
///
/// # Errors
/// A sentence that says why the walk has no such place.
pub fn place_in_walk(
    equation: &PageEquation,
    (snapshot, at): (&Snapshot, NumbersAt),
    detail: Detail,
) -> Result<WalkPlace, String> {
    let carried = at.sample.carried(snapshot);
    let first = snapshot.batch.first().copied().unwrap_or(0);
    let sample = if carried.is_some() { at.sample } else { Sample::of(false, first) };
    let (graph, at) = (Graph::of(snapshot), NumbersAt { sample, ..at });
    let net = NumberedNet { graph: &graph, values: Values::of(snapshot, sample, None), at };
    let meant: Vec<Node> = net.found(equation).into_iter().map(|found| found.node).collect();
    let search = |detail: Detail| {
        let walk = Walk::of(snapshot, detail);
        places(&walk, (carried.unwrap_or(0), &net))
            .into_iter()
            .filter_map(|(playhead, column, is_looked_at)| {
                let node = shown(&walk, (playhead, column), (equation, &net))?;
                Some((!is_looked_at, !meant.contains(&node), WalkPlace { at: playhead, detail, column }))
            })
            .min_by_key(|&(away, other, _)| (away, other))
            .map(|(.., place)| place)
    };
    let number = equation.number;
    search(detail).or_else(|| search(detail.next())).ok_or_else(|| match meant.is_empty() {
        true => format!("({number}) is not in this walk, since {}", lacks(number, snapshot, sample)),
        false => format!("({number}) is no step of an update, so the walk has no place for it"),
    })
}

/// One place in each quantity of a sample's walk and of the batch's, and the steps of its proof: at the unit and the column that are looked
/// at or the first, with the column of the biases. Whether they are looked at.
fn places(walk: &Walk, (b, net): (usize, &NumberedNet<'_>)) -> Vec<(Playhead, usize, bool)> {
    let all = walk.samples_end() + 1;
    let each = all / walk.samples().max(1);
    let mut places = Vec::new();
    for block in (b * each..(b + 1) * each).chain(all..walk.len()) {
        let Some((stop, _)) = walk.block(block) else { continue };
        let Some(definition) = walk.graph().get(stop.key) else { continue };
        let (node, is_looked_at) = net.at.node(definition, net.values.snapshot);
        let is_looked_at = is_looked_at && (stop.t == 0 || stop.t == net.at.t);
        let begin = definition.axes.columns.map_or(0, |(first, _)| first);
        let at = Playhead { block, unit: node.j.saturating_sub(1), proof: 0 };
        for column in [node.i.saturating_sub(begin), 0] {
            let steps = (0..walk.proof(at)).map(|proof| (Playhead { proof, ..at }, column, is_looked_at));
            places.extend(steps);
        }
    }
    places
}

/// The number that a walk shows at a place by an equation, if it shows one by this.
fn shown(
    walk: &Walk,
    (at, column): (Playhead, usize),
    (equation, net): (&PageEquation, &NumberedNet<'_>),
) -> Option<Node> {
    let (Subject::Node(node), by) = walk.subject(at, column)? else { return None };
    let form = match by {
        Some(number) => net.graph.by_number(node, number, &net.values),
        None => net.graph.result(node, &net.values),
    };
    form.filter(|form| equation.is(&form.equation)).map(|_| node)
}
