//! The right side of an equation at one number: every reference found, worked out, or written with its operands.

use super::definition::{Definition, EquationForm, GivenNumber, Stored};
use super::formula::{Base, Formula, Index, Over, Reference};
use super::node::Node;
use super::values::Values;
use crate::derivation::Sample;
use crate::derivation::Subject;
use crate::derivation::expr::{Expr, Operand};
use crate::train::Snapshot;

/// A number whose right side is looked at.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub(super) all: &'a [Definition],
    pub(super) values: &'a Values<'a>,
    pub(super) node: Node,
}

/// Where a term of a sum is.
#[derive(Clone, Copy, Default)]
pub(super) struct Bound {
    d: usize,
    c: usize,
    sample: Option<Sample>,
    pub(super) t: Option<usize>,
}

impl<'a> Side<'a> {
    /// The snapshot whose numbers it has.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.values.snapshot
    }

    /// What a right side comes to.
    pub(super) fn value(&self, formula: &Formula) -> Option<f64> {
        self.work_out(formula, Bound::default())
    }

    /// A right side with its operands.
    pub fn expr(&self, formula: &Formula) -> Option<Expr> {
        self.write(formula, Bound::default())
    }

    /// What decided between two right sides, in words; none where nothing did.
    pub fn decisions(&self, formula: &Formula) -> Vec<String> {
        let mut all = Vec::new();
        self.decide(formula, &mut all);
        all
    }

    fn decide(&self, formula: &Formula, to: &mut Vec<String>) {
        match formula {
            Formula::Above { of, bound, sides } => {
                let Some((definition, node, found)) = self.find(of, Bound::default()) else { return };
                let is_above = found > *bound;
                let sign = if is_above { '>' } else { '≤' };
                let number = crate::number::exact(found);
                to.push(format!("{} = {number} {sign} {}", definition.name(node), crate::number::exact(*bound)));
                self.decide(&sides[usize::from(!is_above)], to);
            }
            Formula::Sum(parts) | Formula::Product(parts) => parts.iter().for_each(|part| self.decide(part, to)),
            Formula::Quotient(one, other) => {
                self.decide(one, to);
                self.decide(other, to);
            }
            Formula::Minus(inner) | Formula::Call(_, inner) => self.decide(inner, to),
            Formula::Of(_) | Formula::Largest(_) | Formula::Number(_) | Formula::Sigma { .. } => {}
        }
    }

    /// The number that a reference means.
    pub(super) fn target(&self, reference: &Reference, bound: Bound) -> Option<(&'a Definition, Node)> {
        meant(self.all, self.node, (reference, bound))
    }

    fn find(&self, reference: &Reference, bound: Bound) -> Option<(&'a Definition, Node, f64)> {
        let (definition, node) = self.target(reference, bound)?;
        Some((definition, node, value(self.all, definition, node, self.values)?))
    }

    /// Whether it is the bias unit of a layer, which is 1.
    pub(super) fn is_bias_unit(definition: &Definition, node: Node) -> bool {
        definition.axes.rows > 0 && node.j == 0
    }

    pub(super) fn work_out(&self, formula: &Formula, bound: Bound) -> Option<f64> {
        Some(match formula {
            Formula::Of(reference) => {
                let (definition, node) = self.target(reference, bound)?;
                if Self::is_bias_unit(definition, node) {
                    return Some(1.0);
                }
                value(self.all, definition, node, self.values)?
            }
            Formula::Largest(reference) => self.largest(reference, bound)?.2,
            Formula::Number(value) => *value,
            Formula::Sum(terms) => terms.iter().map(|term| self.work_out(term, bound)).sum::<Option<f64>>()?,
            Formula::Product(factors) => {
                factors.iter().map(|factor| self.work_out(factor, bound)).product::<Option<f64>>()?
            }
            Formula::Quotient(dividend, divisor) => self.work_out(dividend, bound)? / self.work_out(divisor, bound)?,
            Formula::Minus(inner) => -self.work_out(inner, bound)?,
            Formula::Call(function, inner) => function.of(self.work_out(inner, bound)?),
            Formula::Above { of, bound: least, sides } => {
                let is_above = self.find(of, bound)?.2 > *least;
                self.work_out(&sides[usize::from(!is_above)], bound)?
            }
            Formula::Sigma { whole: Some(whole), .. } => self.work_out(whole, bound)?,
            Formula::Sigma { over, range, term, whole: None } => {
                let places = self.places(*over, *range, bound);
                places.into_iter().map(|bound| self.work_out(term, bound)).sum::<Option<f64>>()?
            }
        })
    }

    /// The largest unit of a quantity.
    fn largest(&self, reference: &Reference, bound: Bound) -> Option<(&'a Definition, Node, f64)> {
        let (definition, node) = self.target(reference, bound)?;
        let units = (1..=definition.axes.rows).map(|j| Node { j, ..node });
        let valued = units.filter_map(|node| Some((definition, node, value(self.all, definition, node, self.values)?)));
        valued.max_by(|one, other| one.2.total_cmp(&other.2))
    }

    /// Where the terms of a sum are.
    pub(super) fn places(&self, over: Over, (from, to): (usize, usize), bound: Bound) -> Vec<Bound> {
        match over {
            Over::D => (from..=to).map(|d| Bound { d, ..bound }).collect(),
            Over::C => (from..=to).map(|c| Bound { c, ..bound }).collect(),
            Over::Steps => (from..=to).rev().map(|t| Bound { t: Some(t), ..bound }).collect(),
            Over::Samples => {
                let carried = self.values.snapshot.batch.iter().take(self.values.snapshot.samples);
                carried.map(|&row| Bound { sample: Some(Sample::of(false, row)), ..bound }).collect()
            }
        }
    }

    fn write(&self, formula: &Formula, bound: Bound) -> Option<Expr> {
        let all = |parts: &[Formula]| parts.iter().map(|part| self.write(part, bound)).collect::<Option<Vec<_>>>();
        Some(match formula {
            Formula::Of(reference) => {
                let (definition, node) = self.target(reference, bound)?;
                if Self::is_bias_unit(definition, node) {
                    return Some(Expr::Number(1.0));
                }
                self.operand((definition, node), reference.called, bound)?
            }
            Formula::Largest(reference) => {
                let (definition, node, value) = self.largest(reference, bound)?;
                let name = reference.called.unwrap_or_default().to_string();
                self.leaf((definition, node, value), name)
            }
            Formula::Number(value) => Expr::Number(*value),
            Formula::Sum(terms) => Expr::Sum(all(terms)?),
            Formula::Product(factors) => Expr::Product(all(factors)?),
            Formula::Quotient(dividend, divisor) => self.write(dividend, bound)?.over(self.write(divisor, bound)?),
            Formula::Minus(inner) => self.write(inner, bound)?.minus(),
            Formula::Call(function, inner) => self.write(inner, bound)?.call(*function),
            Formula::Above { of, bound: least, sides } => {
                let is_above = self.find(of, bound)?.2 > *least;
                self.write(&sides[usize::from(!is_above)], bound)?
            }
            Formula::Sigma { over, range, term, whole } => {
                self.write_sum((*over, *range), term, whole.as_deref(), bound)?
            }
        })
    }

    fn write_sum(
        &self,
        (over, range): (Over, (usize, usize)),
        term: &Formula,
        whole: Option<&Formula>,
        bound: Bound,
    ) -> Option<Expr> {
        // A sum of sums is one sum.
        let (mut term, mut places) = (term, self.places(over, range, bound));
        while let Formula::Sigma { over, range, term: inner, whole: None } = term {
            places = places.into_iter().flat_map(|bound| self.places(*over, *range, bound)).collect();
            term = inner;
        }
        let Some(whole) = whole else {
            let sizes = places.iter().map(|&bound| self.work_out(term, bound)).collect::<Option<Vec<_>>>()?;
            return Expr::sum_of(&sizes, |at| self.write(term, places[at]));
        };
        let mut terms = places.iter().map(|&bound| self.write(term, bound)).collect::<Option<Vec<_>>>()?;
        let others = self.values.snapshot.batch.len().saturating_sub(terms.len());
        if others > 0 {
            let rest = self.work_out(whole, bound)? - Expr::Sum(terms.clone()).value();
            terms.push(Expr::not_carried(others, rest));
        }
        Some(Expr::Sum(terms))
    }

    fn operand(
        &self,
        (definition, node): (&Definition, Node),
        called: Option<&'static str>,
        bound: Bound,
    ) -> Option<Expr> {
        let name = match (called, bound.sample) {
            (Some(letter), Some(sample)) => format!("{letter}({})", sample.row + 1),
            (Some(letter), None) if node.i == 0 && definition.axes.columns.is_some() => format!("{letter}_{}", node.j),
            (Some(letter), None) => definition.called(letter, node),
            (None, _) => definition.name(node),
        };
        if let Some(given) = given_number(definition, node, self.values)
            && result(definition, node, self.values).is_none()
        {
            return Some(Expr::given(given.name.unwrap_or(name), given.value, given.origin));
        }
        let value = value(self.all, definition, node, self.values)?;
        Some(self.leaf((definition, node, value), name))
    }

    fn leaf(&self, (definition, node, value): (&Definition, Node, f64), name: String) -> Expr {
        match result(definition, node, self.values) {
            Some(_) => Expr::Of(Operand::of(Subject::Node(node), name, value)),
            None => Expr::given(name, value, definition.otherwise),
        }
    }
}

/// The number that a reference means on the right side of a number, outside of all sums.
pub(super) fn target(all: &[Definition], node: Node, reference: &Reference) -> Option<Node> {
    meant(all, node, (reference, Bound::default())).map(|(_, node)| node)
}

fn meant<'a>(
    all: &'a [Definition],
    left: Node,
    (reference, bound): (&Reference, Bound),
) -> Option<(&'a Definition, Node)> {
    let definition = all.get(reference.definition)?;
    let index = |index: Index| {
        let base = match index.base {
            Base::Row => left.j,
            Base::Column => left.i,
            Base::D => bound.d,
            Base::C => bound.c,
            Base::Fixed => 0,
        };
        base.checked_add_signed(index.plus)
    };
    let node = Node {
        key: definition.key,
        sample: bound.sample.unwrap_or(left.sample),
        t: bound.t.unwrap_or(left.t).checked_add_signed(reference.later)?,
        j: index(reference.row)?,
        i: index(reference.column)?,
    };
    Some((definition, definition.node(node)))
}

/// The equation that a number is computed by, if one holds for it.
pub(super) fn result<'a>(definition: &'a Definition, node: Node, values: &Values<'_>) -> Option<&'a EquationForm> {
    let in_batch = definition.axes.sample && values.is_carried(node.sample);
    definition.forms.iter().find(|form| form.is_result && definition.holds(form, node, in_batch))
}

/// A number that is not worked out, if it is none.
fn given_number(definition: &Definition, node: Node, values: &Values<'_>) -> Option<GivenNumber> {
    let Stored::Given(given) = definition.stored else { return None };
    given(values, node)
}

/// The value of a number: that of the snapshot, or worked out by its equation.
pub(super) fn value(all: &[Definition], definition: &Definition, node: Node, values: &Values<'_>) -> Option<f64> {
    if !definition.has(node) {
        return None;
    }
    match definition.stored {
        Stored::Tensor { symbol, layer, before } => {
            let column = before + node.j.checked_sub(usize::from(definition.axes.rows > 0))?;
            values.tensor((symbol, layer), (node.sample, node.t), column)
        }
        Stored::Parameter { index, quantity, biases } => values.parameter(index, quantity, (node.j, node.i), biases),
        Stored::Sum { index, biases } => values.sum(index, (node.j, node.i), biases),
        Stored::Given(given) => given(values, node).map(|given| given.value),
        Stored::WorkedOut => {
            let right = result(definition, node, values)?.right.as_ref()?;
            Side { all, values, node }.value(right)
        }
    }
}
