//! The right side of an equation, and the numbers in it that can be asked about in turn.

use crate::derivation::expr::{Expr, Operand};
use crate::derivation::subject::{OfCost, OfSample, OfWeight, Subject};
use crate::derivation::{Equation, Quantity, Sample};
use crate::nn::Weight;
use crate::train::DenseView;

/// The right side of an equation, before it is known what its left side is.
pub(super) struct Right {
    pub(super) value: f64,
    pub(super) equation: Equation,
    pub(super) expr: Option<Expr>,
    pub(super) note: String,
}

impl Right {
    pub(super) fn new(value: f64, equation: Equation, expr: Expr) -> Self {
        Self { value, equation, expr: Some(expr), note: String::new() }
    }

    pub(super) fn noted(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// A number of a weight as an operand.
pub(super) fn weight(snapshot: DenseView<'_>, weight: Weight, quantity: Quantity) -> Option<Expr> {
    let value = *quantity.matrix(&snapshot, weight.l)?.get([weight.j, weight.i])?;
    let subject = Subject::Weight(weight, OfWeight::Is(quantity));
    Some(Expr::Of(Operand::of(subject, subject.name(snapshot), value)))
}

/// A number of a sample as an operand.
pub(super) fn of_sample(snapshot: DenseView<'_>, sample: Sample, number: OfSample, value: f64) -> Expr {
    let subject = Subject::Sample(sample, number);
    Expr::Of(Operand::of(subject, subject.name(snapshot), value))
}

/// A number of the cost as an operand.
pub(super) fn of_cost(snapshot: DenseView<'_>, number: OfCost, value: f64) -> Expr {
    let subject = Subject::Cost(number);
    Expr::Of(Operand::of(subject, subject.name(snapshot), value))
}

/// An operand under another name.
pub(super) fn renamed(expr: Expr, name: String) -> Expr {
    match expr {
        Expr::Of(operand) => Expr::Of(operand.renamed(name)),
        other => other,
    }
}
