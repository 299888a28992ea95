//! One unit of a recurrent layer at one step, equation by equation: forwards to h_t, and back to δ_t; and the equations of its cell.

use super::Graph;
use super::Trace;
use super::explain::of_node;
use super::graph::definition::{Definition, Phase};
use super::graph::node::{Node, letter};
use super::graph::values::Values;
use crate::train::RecurrentView;

/// An equation with its numbers put in.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitLine {
    /// What is computed.
    pub name: String,
    /// The right side in symbols.
    pub symbols: String,
    /// The same with the numbers in it.
    pub numbers: String,
    /// The result.
    pub value: f64,
}

/// A step, counted from 1, and a unit, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitAt {
    /// The step.
    pub t: usize,
    /// The unit.
    pub unit: usize,
}

/// The quantities of the layer's units in a part of the algorithm.
fn of_units(graph: &Graph, phase: Phase, units: usize) -> impl Iterator<Item = &Definition> {
    let is_of_units = move |definition: &&Definition| {
        let axes = definition.axes;
        definition.phase == Some(phase) && axes.steps.is_some() && axes.rows == units && axes.columns.is_none()
    };
    let is_output = |definition: &&Definition| {
        let key = definition.key;
        let of_output = key.mark == super::Mark::Of("o") && (key.letter == letter::Z || key.letter == letter::DELTA);
        of_output || key.letter == "o" || key.letter == letter::X
    };
    graph.definitions().iter().filter(is_of_units).filter(move |definition| !is_output(definition))
}

/// What is behind a unit at a step of a sequence: the way forwards to h_t, then the way back to δ_t.
pub fn unit_lines((net, trace): (RecurrentView<'_>, &Trace), at: UnitAt) -> [Vec<UnitLine>; 2] {
    let (graph, sample) = (Graph::of(net.snapshot), trace.sample);
    let values = Values::of(net.snapshot, sample, Some(trace));
    [Phase::Forward, Phase::Backward].map(|phase| {
        let line = |definition: &Definition| {
            let node = Node::unit(definition.key, sample, at.unit + 1).at(at.t);
            let explanation = of_node(node, None, (&graph, &values))?;
            let expr = explanation.expr?.shortened(4);
            Some(UnitLine {
                name: explanation.name,
                symbols: expr.symbols(),
                numbers: expr.numbers(),
                value: explanation.value,
            })
        };
        of_units(&graph, phase, net.network.sizes().1).filter_map(line).collect()
    })
}

/// The number of a cell's equations.
pub fn cell_number(net: RecurrentView<'_>) -> Option<&'static str> {
    let graph = Graph::of(net.snapshot);
    let state = graph.get(super::QuantityKey::plain("h"))?;
    state.forms.first().map(|form| form.equation.number)
}

/// The equations of a recurrent network's layer in symbols: a step forwards, or how δ comes back.
pub fn cell_equations(net: RecurrentView<'_>, phase: Phase) -> Vec<&'static str> {
    let graph = Graph::of(net.snapshot);
    let mut all: Vec<&'static str> = Vec::new();
    for definition in of_units(&graph, phase, net.network.sizes().1) {
        let general = definition.forms.iter().rfind(|form| form.is_result);
        let symbols = general.map(|form| form.equation.symbols);
        all.extend(symbols.filter(|symbols| !all.contains(symbols)));
    }
    all
}
