//! The equations of a network as data: every quantity with its definition, and from it the value and the equation of any number.

mod activation;
mod cell;
pub mod definition;
mod dense;
pub mod formula;
mod gradient;
mod given;
pub mod node;
mod optimizer;
mod output;
mod penalty;
mod recurrent;
mod right;
mod steps;
pub mod values;
mod weights;

use std::ops::RangeInclusive;

use ndarray::Array2;

use crate::derivation::Equation;
use crate::derivation::{Quantity, Sample, Subject};
use crate::train::Snapshot;
use definition::{Definition, EquationForm, Stored};
use node::{Node, QuantityKey};
use values::Values;

pub use activation::{activation_equations, activation_of};
pub use given::theta as origin_of_theta;
pub use gradient::StepProduct;
pub use optimizer::{UpdateEquations, update_equations};
pub use output::{OutputEquations, SOFTMAX_SLOPES, output_equations};
pub use penalty::{PenaltyEquations, penalty_equations};
pub use right::Side;

/// The equations of a network: its quantities in the order of the algorithm.
#[derive(Clone, Debug)]
pub struct Graph {
    all: Vec<Definition>,
    /// Places of the quantities, in the order of their names.
    by_key: Vec<(QuantityKey, usize)>,
}

impl Graph {
    /// The equations of a snapshot's network, with the options in force.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut all = Vec::new();
        weights::thetas(snapshot, &mut all);
        given::constants(&mut all);
        if let Some(dense) = snapshot.dense() {
            dense::define(snapshot, dense, &mut all);
        }
        if let Some(recurrent) = snapshot.recurrent() {
            recurrent::define(snapshot, recurrent, &mut all);
        }
        weights::cost(snapshot, &mut all);
        weights::common(snapshot, &mut all);
        weights::updates(snapshot, &mut all);
        Self::linked(all)
    }

    /// Puts quantities together, so that each reference knows its place.
    fn linked(mut all: Vec<Definition>) -> Self {
        let mut by_key: Vec<(QuantityKey, usize)> =
            all.iter().enumerate().map(|(at, definition)| (definition.key, at)).collect();
        by_key.sort_unstable();
        let place =
            |key: QuantityKey| by_key.binary_search_by_key(&key, |&(key, _)| key).map_or(usize::MAX, |at| by_key[at].1);
        for definition in &mut all {
            for form in &mut definition.forms {
                if let Some(right) = &mut form.right {
                    right.each_reference(&mut |reference| reference.definition = place(reference.key));
                }
            }
            for step in &mut definition.proof {
                if let Some(reference) = &mut step.of {
                    reference.definition = place(reference.key);
                }
            }
        }
        Self { all, by_key }
    }

    /// The same equations with one definition changed, such as one that somebody has mistaken.
    #[must_use]
    pub fn with(&self, changed: Definition) -> Self {
        let all = self.all.iter().map(
            |definition| {
                if definition.key == changed.key { changed.clone() } else { definition.clone() }
            },
        );
        Self::linked(all.collect())
    }

    /// All quantities, in the order of the algorithm.
    pub fn definitions(&self) -> &[Definition] {
        &self.all
    }

    /// A quantity, if the network has it.
    pub fn get(&self, key: QuantityKey) -> Option<&Definition> {
        let at = self.by_key.binary_search_by_key(&key, |&(key, _)| key).ok()?;
        Some(&self.all[self.by_key[at].1])
    }

    /// The name of a number.
    pub fn name(&self, node: Node) -> String {
        self.get(node.key).map_or_else(String::new, |definition| definition.name(node))
    }

    /// The name of what is asked about.
    pub fn name_of(&self, subject: Subject) -> String {
        match subject {
            Subject::Node(node) => self.name(node),
            Subject::Epoch(epoch) => format!("J after epoch {}", epoch.epoch),
        }
    }

    /// What a derivative of J^(b) is: δ^(2) = ∂J^(b)/∂z^(2), at any step δ(g^f)_t = ∂J^(b)/∂z(g^f)_t.
    pub fn meaning(&self, key: QuantityKey) -> Option<String> {
        self.derivative(key, Definition::symbol_at_steps)
    }

    /// The same of any layer: δ^(l) = ∂J^(b)/∂z^(l).
    pub fn general_meaning(&self, key: QuantityKey) -> Option<String> {
        self.derivative(key, Definition::general_symbol)
    }

    fn derivative(&self, key: QuantityKey, symbol: fn(&Definition) -> String) -> Option<String> {
        let definition = self.get(key)?;
        let by = self.get(definition.by?)?;
        Some(format!("{} = ∂J^(b)/∂{}", symbol(definition), symbol(by)))
    }

    /// The quantity whose numbers are these columns of a tensor.
    pub fn of_tensor(&self, of: &str, columns_before: usize) -> Option<&Definition> {
        let is_it = |stored: Stored| matches!(stored, Stored::Tensor { symbol, before, .. } if symbol == of && before == columns_before);
        self.all.iter().find(|definition| is_it(definition.stored))
    }

    /// The quantity whose numbers are a matrix shaped like a Θ, which are counted from 1.
    pub fn of_parameter(&self, of: Quantity, l: usize) -> Option<&Definition> {
        let is_it = |stored: Stored| matches!(stored, Stored::Parameter { index, quantity, .. } if index + 1 == l && quantity == of);
        self.all.iter().find(|definition| is_it(definition.stored))
    }

    /// The number that a reference in a proof means, for a number of a quantity.
    pub fn target(&self, node: Node, reference: &formula::Reference) -> Option<Node> {
        right::target(&self.all, node, reference)
    }

    /// The equation that a number is computed by, if one holds for it.
    pub fn result(&self, node: Node, values: &Values<'_>) -> Option<&EquationForm> {
        right::result(self.get(node.key)?, node, values)
    }

    /// A number for each quantity that an equation of the derivation is shown for, the first of its units or weights in one sample: where
    /// a proof has a step of this number, what that is of; of several layers the first.
    pub fn shown_for(&self, number: &str, (sample, values): (Sample, &Values<'_>)) -> Vec<Node> {
        let first = |definition: &Definition| {
            let (t, i) = (definition.axes.steps.map_or(0, |(_, last)| last), definition.axes.columns.map_or(0, |_| 1));
            definition.node(Node { key: definition.key, sample, t, j: 1, i })
        };
        let of_proofs = self.all.iter().flat_map(|definition| {
            let steps = definition.proof.iter().filter(|step| step.number == number);
            let target = move |step: &definition::ProofStep| match &step.of {
                Some(reference) => self.target(first(definition), reference),
                None => Some(first(definition)),
            };
            steps.filter_map(target)
        });
        let of_forms =
            self.all.iter().filter(|definition| definition.forms.iter().any(|form| form.equation.number == number));
        let mut found: Vec<Node> = of_proofs.chain(of_forms.map(first)).collect();
        found.retain(|&node| self.by_number(node, number, values).is_some());
        found.sort_by_key(|node| node.key);
        found.dedup_by_key(|node| node.key.letter);
        found
    }

    /// The quantities that are computed from one, in the order of the algorithm, each by its symbol and its equation.
    pub fn users(&self, key: QuantityKey) -> Vec<(String, Equation)> {
        let uses = |form: &&EquationForm| {
            let mut is_in = false;
            if let Some(mut right) = form.right.clone().filter(|_| form.is_result) {
                right.each_reference(&mut |reference| is_in |= reference.key == key);
            }
            is_in
        };
        let user = |definition: &Definition| {
            definition.forms.iter().find(uses).map(|form| (definition.symbol_at_steps(), form.equation))
        };
        self.all.iter().filter(|definition| definition.phase.is_some()).filter_map(user).collect()
    }

    /// The numbers of the equations at whose right side one of some quantities stands.
    pub fn stands_in(&self, keys: &[QuantityKey]) -> Vec<&'static str> {
        let mut numbers = Vec::new();
        for form in self.all.iter().flat_map(|definition| &definition.forms) {
            let mut is_in = false;
            if let Some(mut right) = form.right.clone() {
                right.each_reference(&mut |reference| is_in |= keys.contains(&reference.key));
            }
            if is_in && !numbers.contains(&form.equation.number) {
                numbers.push(form.equation.number);
            }
        }
        numbers
    }

    /// The equation of this number of the derivation that holds for a number of the network.
    pub fn by_number(&self, node: Node, number: &str, values: &Values<'_>) -> Option<&EquationForm> {
        let definition = self.get(node.key)?;
        let in_batch = values.is_carried(node.sample);
        let is_meant = |form: &&EquationForm| form.equation.number == number;
        let mut also = definition.forms.iter().filter(|form| !form.is_result && definition.holds(form, node, in_batch));
        also.find(is_meant).or_else(|| self.result(node, values).filter(is_meant))
    }

    /// The right side of a number's equations.
    pub fn side<'a>(&'a self, values: &'a Values<'a>, node: Node) -> Side<'a> {
        Side { all: &self.all, values, node }
    }

    /// The products that Δ of a weight is the sum of, the last step first: one in a dense network, of a recurrent one each step's.
    pub fn products(&self, node: Node, values: &Values<'_>) -> Option<Vec<StepProduct>> {
        gradient::products(&self.side(values, node), self.result(node, values)?)
    }

    /// The names of the factors of these products, at a step t.
    pub fn factor_names(&self, node: Node, values: &Values<'_>) -> Option<Vec<String>> {
        gradient::factor_names(&self.side(values, node), self.result(node, values)?)
    }

    /// Some rows of Δ of a Θ in one sample, counted from 1: what these steps together add to it; all of it where there are none.
    pub fn gradient_rows(
        &self,
        (key, sample): (QuantityKey, Sample),
        values: &Values<'_>,
        of: (RangeInclusive<usize>, RangeInclusive<usize>),
    ) -> Option<Array2<f64>> {
        let node = Node::of(key).in_sample(sample);
        gradient::rows((&self.all, self.get(key)?), (node, values), of)
    }

    /// The value of a number: that of the snapshot, or worked out by its equation.
    pub fn value(&self, node: Node, values: &Values<'_>) -> Option<f64> {
        right::value(&self.all, self.get(node.key)?, node, values)
    }
}
