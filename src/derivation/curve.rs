//! The activation behind a number: which g it is the value or the slope of, at which z, and the tangent there.

use super::Graph;
use super::graph::activation_of;
use super::graph::definition::Definition;
use super::graph::formula::Reference;
use super::graph::node::{Node, QuantityKey, letter};
use super::graph::values::Values;
use crate::nn::Activation;

/// An activation at the z of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivationAt {
    /// g.
    pub g: Activation,
    /// z.
    pub z: f64,
    /// The name of this z, such as z^(2)_4.
    pub name: String,
    /// What z is called in g(z): z, or c where g is of a cell state.
    pub letter: &'static str,
}

/// z on both sides of 0 that a curve shows at least.
const SHOWN: f64 = 6.0;
/// How much further it goes than a z that lies outside.
const BEYOND: f64 = 1.2;

impl ActivationAt {
    /// The activation that a number is g(z) or g'(z) of; `None` where it is neither, and where z is no finite number.
    pub fn of(node: Node, (graph, values): (&Graph, &Values<'_>)) -> Option<Self> {
        let (g, reference) = of_definition(node, graph)?;
        let at = graph.target(node, reference)?;
        let z = graph.value(at, values).filter(|z| z.is_finite())?;
        Some(Self { g, z, name: graph.name(at), letter: graph.get(at.key)?.shown })
    }

    /// g(z) (1.1.3).
    pub fn value(&self) -> f64 {
        self.g.g(self.z)
    }

    /// g'(z) (2.5.6).
    pub fn slope(&self) -> f64 {
        self.g.g_prime(self.z)
    }

    /// The height at another z of the tangent of g at this one.
    pub fn tangent(&self, at: f64) -> f64 {
        self.value() + self.slope() * (at - self.z)
    }

    /// The z that the curve shows: from −6 to 6, or as far on both sides of 0 as this one lies, and a little further.
    pub fn range(&self) -> (f64, f64) {
        let end = if self.z.abs() <= SHOWN { SHOWN } else { (self.z.abs() * BEYOND).min(f64::MAX) };
        (-end, end)
    }
}

/// g, and what it is of.
fn of_definition(node: Node, graph: &Graph) -> Option<(Activation, &Reference)> {
    let is_slope = |definition: &Definition| [letter::SLOPE, letter::A_BY_Z].contains(&definition.key.letter);
    let definition = graph.get(node.key)?;
    if !is_slope(definition) {
        return activation(definition);
    }
    // What a z of another unit does to an activation is not its slope.
    if definition.axes.columns.is_some() && node.i != node.j {
        return None;
    }
    let z = QuantityKey { letter: letter::Z, ..node.key };
    let values = graph.definitions().iter().filter(|definition| !is_slope(definition));
    values.filter_map(activation).find(|(_, of)| of.key == z)
}

/// The activation that one of a quantity's equations is.
fn activation(definition: &Definition) -> Option<(Activation, &Reference)> {
    definition.forms.iter().filter_map(|form| form.right.as_ref()).find_map(activation_of)
}
