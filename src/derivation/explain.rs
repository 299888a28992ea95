//! Where a number comes from: its equation with the numbers of one snapshot put in, each of them open to the same question.

mod batch;
mod flushed;
mod factors;
mod given;
mod optimizer;
mod right;
mod sample;

pub use factors::{Factors, factor_lines, factors};
use right::Right;

use super::expr::Expr;
use super::subject::{OfSample, Subject};
use super::{Equation, Trace};
use crate::train::{DenseView, Precision};

/// A number and the equation that it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What it is.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// The number, as the snapshot has it.
    pub value: f64,
    /// The equation.
    pub equation: Equation,
    /// The equation's right side; absent where the chain ends.
    pub expr: Option<Expr>,
    /// What there is to say beside.
    pub note: String,
    /// Of δ^(L) its factors by the chain rule, as lines of text.
    pub factors: Vec<String>,
}

/// Explains a number of a snapshot; `None` if the snapshot has no such number.
pub fn explain(subject: Subject, snapshot: DenseView<'_>) -> Option<Explanation> {
    let right = match subject {
        Subject::Sample(sample, number) => sample::right(snapshot, &Trace::of(sample, snapshot)?, number)?,
        Subject::Weight(weight, number) => batch::of_weight(snapshot, weight, number)?,
        Subject::Cost(number) => batch::of_cost(snapshot, number)?,
        Subject::Update(number) => given::of_update(snapshot, number)?,
        Subject::Epoch(epoch) => batch::of_epoch(snapshot, &epoch),
    };
    let name = subject.name(snapshot);
    let Right { value, equation, expr, mut note } = right;
    if let Some(said) = expr.as_ref().and_then(|expr| flushed::note(value, expr, snapshot.config.precision)) {
        let between = if note.is_empty() { "" } else { "; " };
        note = format!("{said}{between}{note}");
    }
    if snapshot.config.precision == Precision::F32 {
        let between = if note.is_empty() { "" } else { "; " };
        note.push_str(&format!("{between}the trainer computes in 32 bits, so the numbers agree to about 7 digits"));
    }
    let factors = match subject {
        Subject::Sample(sample, OfSample::Delta(l, unit)) if l == snapshot.depth() => {
            factor_lines(snapshot, &Trace::of(sample, snapshot)?, unit)
        }
        _ => Vec::new(),
    };
    Some(Explanation { subject, name, value, equation, expr, note, factors })
}
