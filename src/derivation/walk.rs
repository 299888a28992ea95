//! The order of backpropagation (3.1.4, 3.1.5): every number of one update, one after the other, and how far a walk has come.

mod stride;

use std::cmp::Ordering;

use super::Sample;
use super::graph::Graph;
use super::graph::definition::{Definition, NodeAxes, Phase};
use super::graph::node::{Mark, Node, QuantityKey, letter};
use super::graph::values::Values;
use super::subject::Subject;
use crate::train::Snapshot;
pub use stride::{Detail, Playhead, Stride};

/// A quantity that a walk stops at: numbers that are computed together, unit by unit or row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The quantity.
    pub key: QuantityKey,
    /// The step of a sequence, counted from 1; 0 where there are none.
    pub t: usize,
    /// The part of the algorithm that it belongs to.
    pub phase: Phase,
    /// Units, or rows of a matrix; 0 where it is one number.
    rows: usize,
    /// The first and the last column of a matrix.
    columns: Option<(usize, usize)>,
    /// Of a matrix the number of the Θ that it is shaped like, counted from 1.
    parameter: Option<usize>,
    /// Steps of the proof of each of its numbers.
    proof: usize,
}

impl Stop {
    /// How many units or rows it is gone through by.
    pub fn units(&self) -> usize {
        self.rows.max(1)
    }

    /// Whether it is this quantity of layer l.
    pub fn is(&self, letter: &str, l: usize) -> bool {
        self.key.letter == letter && self.key.mark == Mark::Layer(l)
    }

    /// The number of the Θ that a matrix is shaped like, counted from 1.
    pub fn matrix_of(&self) -> Option<usize> {
        self.parameter
    }
}

/// The walk over one update of a network.
#[derive(Clone, Debug)]
pub struct Walk {
    graph: Graph,
    detail: Detail,
    /// The samples that are walked through: rows of the training part.
    batch: Vec<usize>,
    /// Samples of the batch that are not walked through, because the snapshot does not carry them.
    not_walked: usize,
    of_sample: Vec<Stop>,
    of_batch: Vec<Stop>,
}

impl Walk {
    /// The walk over a snapshot's update; of a large batch over the samples that it carries.
    pub fn of(snapshot: &Snapshot, detail: Detail) -> Self {
        let graph = Graph::of(snapshot);
        let not_walked = snapshot.batch.len().saturating_sub(snapshot.samples);
        let batch = snapshot.batch.iter().take(snapshot.samples).copied().collect();
        let parameter =
            |key: QuantityKey| snapshot.parameters.iter().position(|parameter| key.mark == parameter.symbol.into());
        let (mut of_sample, mut of_batch) = (Vec::new(), Vec::new());
        let walked: Vec<&Definition> =
            graph.definitions().iter().filter(|definition| definition.phase.is_some()).collect();
        // What belongs to one part of the algorithm and to the same kind of moment is gone through step by step together.
        let runs = walked
            .chunk_by(|one, other| one.phase == other.phase && one.axes.steps.is_some() == other.axes.steps.is_some());
        for run in runs {
            let stop = |definition: &Definition, t: usize| {
                let NodeAxes { rows, columns, .. } = definition.axes;
                let parameter = columns.and_then(|_| parameter(definition.key)).map(|index| index + 1);
                let phase = definition.phase.unwrap_or(Phase::Forward);
                Stop { key: definition.key, t, phase, rows, columns, parameter, proof: definition.proof.len() }
            };
            let to = if run[0].axes.sample { &mut of_sample } else { &mut of_batch };
            let last = run.iter().filter_map(|definition| definition.axes.steps).map(|(_, last)| last).max();
            let Some(last) = last else {
                to.extend(run.iter().map(|definition| stop(definition, 0)));
                continue;
            };
            let is_back = run[0].phase == Some(Phase::Backward);
            for step in 1..=last {
                let t = if is_back { last + 1 - step } else { step };
                let there = run.iter().filter(|definition| {
                    definition.axes.steps.is_some_and(|(first, last)| (first..=last).contains(&t))
                });
                to.extend(there.map(|definition| stop(definition, t)));
            }
        }
        Self { graph, detail, batch, not_walked, of_sample, of_batch }
    }

    /// The equations of the network.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// How many stops there are.
    pub fn len(&self) -> usize {
        self.batch.len() * self.of_sample.len() + self.of_batch.len()
    }

    /// Whether there is nothing to walk through, which no network has.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stop at a place, and the sample's index in the batch if it is of one.
    pub fn block(&self, place: usize) -> Option<(Stop, Option<usize>)> {
        let per_sample = self.of_sample.len();
        if place < self.batch.len() * per_sample {
            return Some((self.of_sample[place % per_sample], Some(place / per_sample)));
        }
        let stop = *self.of_batch.get(place - self.batch.len() * per_sample)?;
        Some((stop, None))
    }

    /// The sample that a walk is at, if it is at one.
    pub fn sample(&self, at: Playhead) -> Option<Sample> {
        let (_, index) = self.block(at.block)?;
        Some(Sample::of(false, *self.batch.get(index?)?))
    }

    /// The number that a walk is at; of a matrix the one in column i of its Θ, counted from 0.
    pub fn node(&self, at: Playhead, i: usize) -> Option<Node> {
        let (stop, _) = self.block(at.block)?;
        let sample = self.sample(at).unwrap_or_default();
        let j = if stop.rows > 0 { at.unit + 1 } else { 0 };
        let column = stop.columns.map_or(0, |(first, last)| (first + i).min(last));
        Some(Node { key: stop.key, sample, t: stop.t, j, i: column })
    }

    /// The number that is looked at, and in a walk by proof the equation of the step: that of another number on the way, where it is.
    pub fn subject(&self, at: Playhead, i: usize) -> Option<(Subject, Option<&'static str>)> {
        let node = self.node(at, i)?;
        let step = self.graph.get(node.key)?.proof.get(at.proof);
        let Some(step) = step.filter(|_| self.detail == Detail::Proof) else {
            return Some((Subject::Node(node), None));
        };
        let of = step.of.as_ref().and_then(|reference| self.graph.target(node, reference));
        Some((Subject::Node(of.unwrap_or(node)), Some(step.number)))
    }

    /// How many steps the number that a walk is at is shown in.
    pub fn proof(&self, at: Playhead) -> usize {
        match (self.detail, self.block(at.block)) {
            (Detail::Proof, Some((stop, _))) => stop.proof.max(1),
            _ => 1,
        }
    }

    /// L, the input layer counted; 0 for a network without numbered layers.
    pub fn depth(&self) -> usize {
        let layer = |stop: &Stop| {
            if let (letter::Z, Mark::Layer(l)) = (stop.key.letter, stop.key.mark) { Some(l) } else { None }
        };
        self.of_sample.iter().filter_map(layer).max().unwrap_or(0)
    }

    /// The symbol of a stop, with its step where it has one.
    pub fn symbol(&self, stop: Stop) -> String {
        let symbol = self.graph.get(stop.key).map_or_else(String::new, Definition::symbol);
        if stop.t > 0 { format!("{symbol}_{}", stop.t) } else { symbol }
    }

    /// The numbers of a stop in the sample that the values are of, one a unit; `None` where it has no units.
    pub fn unit_values(&self, stop: Stop, (values, sample): (&Values<'_>, Sample)) -> Option<Vec<f64>> {
        let has_units = stop.rows > 0 && stop.columns.is_none();
        has_units.then(|| unit_values((stop.key, stop.t), (&self.graph, values), sample))?
    }

    /// Samples that are walked through.
    pub fn samples(&self) -> usize {
        self.batch.len()
    }

    /// Samples of the batch that are not walked through; ΣΔ has them all the same.
    pub fn not_walked(&self) -> usize {
        self.not_walked
    }

    /// Place of the last block of the last sample.
    pub fn samples_end(&self) -> usize {
        (self.batch.len() * self.of_sample.len()).saturating_sub(1)
    }

    /// The last place of the walk.
    pub fn end(&self) -> Playhead {
        let block = self.len().saturating_sub(1);
        self.last_of(block)
    }

    fn last_unit(&self, place: usize) -> usize {
        self.block(place).map_or(0, |(stop, _)| stop.units() - 1)
    }

    /// The last place of a stop.
    fn last_of(&self, block: usize) -> Playhead {
        let at = Playhead { block, unit: self.last_unit(block), proof: 0 };
        Playhead { proof: self.proof(at) - 1, ..at }
    }

    /// The place after a stride: in the next one of its kind, all of it computed where it is more than a unit.
    pub fn forward(&self, at: Playhead, by: Stride) -> Playhead {
        let next = match by {
            Stride::Unit if at.proof + 1 < self.proof(at) => return Playhead { proof: at.proof + 1, ..at },
            Stride::Unit if at.unit < self.last_unit(at.block) => {
                return Playhead { unit: at.unit + 1, proof: 0, ..at };
            }
            Stride::Unit => {
                let next = Playhead { block: at.block + 1, ..Playhead::default() };
                return if next.block < self.len() { next } else { at };
            }
            // What is begun is done first.
            _ if at.unit < self.last_unit(at.block) || at.block < self.end_of(at, by).block => at,
            _ if at.block + 1 == self.len() => return self.last_of(at.block),
            _ => Playhead { block: self.end_of(at, by).block + 1, ..Playhead::default() },
        };
        // A proof that is not gone through step by step is begun.
        Playhead { proof: 0, ..self.end_of(next, by) }
    }

    /// The place before a stride: the end of the one of its kind before this.
    pub fn back(&self, at: Playhead, by: Stride) -> Playhead {
        if by == Stride::Unit && at.proof > 0 {
            return Playhead { proof: at.proof - 1, ..at };
        }
        if by == Stride::Unit && at.unit > 0 {
            let before = Playhead { unit: at.unit - 1, ..at };
            return Playhead { proof: self.proof(before) - 1, ..before };
        }
        let begin = if by == Stride::Unit { at.block } else { self.begin_of(at, by) };
        match begin.checked_sub(1) {
            Some(block) if by == Stride::Unit => self.last_of(block),
            Some(block) => Playhead { proof: 0, ..self.last_of(block) },
            None => Playhead::default(),
        }
    }

    /// Whether two blocks belong to one stride of a kind.
    fn is_one(&self, one: usize, other: usize, by: Stride) -> bool {
        let (Some((block, sample)), Some((next, of))) = (self.block(one), self.block(other)) else { return false };
        match by {
            Stride::Unit | Stride::Layer => one == other,
            Stride::Phase => sample == of && block.phase == next.phase,
            Stride::Sample => sample == of,
            Stride::Batch => true,
        }
    }

    fn end_of(&self, at: Playhead, by: Stride) -> Playhead {
        let mut block = at.block;
        while self.is_one(at.block, block + 1, by) {
            block += 1;
        }
        self.last_of(block)
    }

    fn begin_of(&self, at: Playhead, by: Stride) -> usize {
        let mut block = at.block;
        while block > 0 && self.is_one(at.block, block - 1, by) {
            block -= 1;
        }
        block
    }

    /// How many numbers of a quantity with this symbol are computed at a step of the present sample, one a unit; after the samples those of the
    /// last one stand.
    pub fn known(&self, at: Playhead, symbol: &str, t: usize) -> usize {
        let Some(definition) = self.graph.definitions().iter().find(|definition| definition.symbol() == symbol) else {
            return 0;
        };
        let is_it = |stop: &Stop| stop.key == definition.key && stop.t == t;
        let Some(place) = self.of_sample.iter().position(is_it) else { return 0 };
        let begun = match self.block(at.block) {
            Some((_, Some(_))) => at.block % self.of_sample.len(),
            _ => self.of_sample.len(),
        };
        match place.cmp(&begun) {
            Ordering::Less => self.of_sample[place].units(),
            Ordering::Equal => at.unit + 1,
            Ordering::Greater => 0,
        }
    }

    /// Whether all outputs of the present sample are computed, so that there is an answer.
    pub fn has_answered(&self, at: Playhead) -> bool {
        let last = self.depth();
        self.latest(at, last).is_some_and(|(stop, known)| match stop.key.letter {
            letter::Z => false,
            letter::A => known == stop.units(),
            _ => true,
        })
    }

    /// The column nearest to i in the matrix that a walk is at, counted from 0; i where it is at none.
    pub fn column(&self, at: Playhead, i: usize) -> usize {
        let columns = self.block(at.block).and_then(|(stop, _)| stop.columns);
        columns.map_or(i, |(first, last)| i.min(last - first.min(last)))
    }

    /// What has been computed last in layer l of the present sample, and in how many of its units: `None` before anything. While
    /// Δ^(l) is made, it is a^(l), which that is a product of.
    pub fn latest(&self, at: Playhead, l: usize) -> Option<(Stop, usize)> {
        let begin = self.begin_of(at, Stride::Sample);
        // After the samples the last one's numbers stand.
        let begin = if self.block(at.block)?.1.is_some() { begin } else { begin.checked_sub(self.of_sample.len())? };
        let is_factor = self.block(at.block).is_some_and(|(stop, _)| stop.is(letter::SAMPLE_GRADIENT, l));
        let of_layer = |stop: &Stop| {
            stop.key.mark == Mark::Layer(l) && stop.columns.is_none() && (!is_factor || stop.key.letter == letter::A)
        };
        let place = (begin..=at.block)
            .rev()
            .find(|&place| self.block(place).is_some_and(|(stop, of)| of.is_some() && of_layer(&stop)))?;
        let stop = self.block(place)?.0;
        Some((stop, if place == at.block { at.unit + 1 } else { stop.units() }))
    }
}

/// The numbers of a quantity in one sample at a step, which is 0 where there are none, one a unit; `None` where one has no value.
pub fn unit_values(
    (key, t): (QuantityKey, usize),
    (graph, values): (&Graph, &Values<'_>),
    sample: Sample,
) -> Option<Vec<f64>> {
    let rows = graph.get(key)?.axes.rows;
    (1..=rows).map(|j| graph.value(Node::unit(key, sample, j).at(t), values)).collect()
}
