//! Where a number comes from: its equation with the numbers of one snapshot put in, each of them open to the same question.

mod beside;
mod flushed;

use super::curve::ActivationAt;
use super::equation;
use super::expr::Expr;
use super::graph::definition::{Definition, EquationForm};
use super::graph::node::{Node, letter};
use super::graph::values::Values;
use super::graph::{Graph, Side, origin_of_theta};
use super::latex::{aligned, latex};
use super::subject::Subject;
use super::{EditedSample, Equation, Trace};
use crate::number::{exact, percent};
use crate::train::{Epoch, Fit, Precision, Snapshot};

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
    /// Other equations that it follows from as well, as lines of text.
    pub beside: Vec<String>,
    /// The activation that it is g(z) or g'(z) of, if it is either.
    pub curve: Option<ActivationAt>,
}

impl Explanation {
    /// Its equation in symbols, in numbers and worked out, as LaTeX: the equation's number in a comment, then an `aligned` environment.
    pub fn latex(&self) -> String {
        let sides = self.expr.as_ref().map_or_else(Vec::new, |expr| expr.latex().into());
        let sides = sides.into_iter().chain([latex(&exact(self.value))]);
        format!(
            "% ({}) {}\n{}",
            self.equation.number,
            latex(self.equation.symbols),
            aligned([(self.name.as_str(), sides)])
        )
    }
}

/// Explains a number of a snapshot; `None` if the snapshot has no such number.
pub fn explain(subject: Subject, snapshot: &Snapshot) -> Option<Explanation> {
    explain_by(subject, None, (snapshot, None))
}

/// The same by the equation of this number in the derivation, where one of its others is not meant; with the copy of a sample that is looked
/// at, if there is one.
pub fn explain_by(
    subject: Subject,
    number: Option<&str>,
    (snapshot, edited): (&Snapshot, Option<&EditedSample>),
) -> Option<Explanation> {
    match subject {
        Subject::Node(node) => {
            let trace = match edited.filter(|edited| edited.sample() == node.sample) {
                Some(edited) => Trace::of_edited(edited, snapshot),
                None => Trace::of(node.sample, snapshot),
            };
            let graph = Graph::of(snapshot);
            of_node(node, number, (&graph, &Values::of(snapshot, node.sample, trace.as_ref())))
        }
        Subject::Epoch(epoch) => Some(of_epoch(snapshot, &epoch)),
    }
}

/// Explains a number by the equation that it is computed by, or by one of its others.
pub fn of_node(node: Node, number: Option<&str>, (graph, values): (&Graph, &Values<'_>)) -> Option<Explanation> {
    let form = match number {
        Some(number) => graph.by_number(node, number, values)?,
        None => graph.result(node, values)?,
    };
    let beside = if number.is_none() { beside::lines(node, (graph, values)) } else { Vec::new() };
    Some(Explanation { beside, ..by_form(node, form, (graph, values))? })
}

/// Explains a number by one of its equations.
pub fn by_form(node: Node, form: &EquationForm, (graph, values): (&Graph, &Values<'_>)) -> Option<Explanation> {
    let (definition, snapshot) = (graph.get(node.key)?, values.snapshot);
    let side = graph.side(values, node);
    let expr = match &form.right {
        Some(right) => Some(side.expr(right)?),
        None => None,
    };
    let value = match node.key.letter {
        // What is flushed in the sum is flushed in the next Θ.
        letter::NEXT => flushed::value(expr.as_ref()?, snapshot.config.precision),
        _ => graph.value(node, values)?,
    };
    let (note, equation) = note((definition, form), (node, value), &side, expr.as_ref());
    let (subject, beside) = (Subject::Node(node), Vec::new());
    let (name, curve) = (definition.name(node), ActivationAt::of(node, (graph, values)));
    Some(Explanation { subject, name, value, equation, expr, note, beside, curve })
}

/// What there is to say of a number beside its equation; of Θ whether an update made it at all.
fn note(
    (definition, form): (&Definition, &EquationForm),
    (node, value): (Node, f64),
    side: &Side<'_>,
    expr: Option<&Expr>,
) -> (String, Equation) {
    let snapshot = side.snapshot();
    let precision = snapshot.config.precision;
    let (mut notes, mut equation) = (Vec::new(), form.equation);
    notes.extend(expr.and_then(|expr| flushed::note(value, expr, precision)));
    if node.key.letter == letter::THETA {
        let (origin, is_made) = origin_of_theta(snapshot, node);
        if !is_made {
            equation = equation::START;
        }
        notes.push(origin);
    }
    let mut own = form.note.clone();
    for decision in form.right.as_ref().map(|right| side.decisions(right)).unwrap_or_default() {
        let between = if own.is_empty() { "" } else { "; " };
        own.push_str(&format!("{between}{decision}"));
    }
    if !own.is_empty() {
        notes.push(own);
    }
    if [letter::DELTA, letter::SAMPLE_GRADIENT, letter::D].contains(&node.key.letter) {
        notes.push(format!("{} is {}", definition.shown, definition.words));
    }
    if precision == Precision::F32 {
        notes.push("the trainer computes in 32 bits, so the numbers agree to about 7 digits".into());
    }
    (notes.join("; "), equation)
}

/// J after an epoch, of which only the two parts are left.
fn of_epoch(snapshot: &Snapshot, epoch: &Epoch) -> Explanation {
    let given = |name: &str, value: f64| {
        Expr::given(name, value, "of an earlier moment: the numbers that it was computed from are no longer kept")
    };
    let expr = Expr::Sum(vec![given("data", epoch.train.data), given("reg", epoch.reg)]);
    let m = snapshot.regularisation.m;
    let moment = if epoch.step == snapshot.position.step {
        format!("at the present Θ, that of step {}", epoch.step)
    } else {
        format!("at the Θ of step {}, which is gone: it can't be followed further", epoch.step)
    };
    let test = epoch.test.map(|test| match test.fit {
        Fit::Accuracy(share) => format!(", {} of those held out", percent(share)),
        Fit::Numbers { rmse, .. } => format!(", {} over those held out", exact(rmse)),
    });
    let test = test.unwrap_or_default();
    let right = match epoch.train.fit {
        Fit::Accuracy(share) => format!("{} were answered rightly{test}", percent(share)),
        Fit::Numbers { rmse, .. } => format!("the root mean square of h − y is {}{test}", exact(rmse)),
    };
    Explanation {
        subject: Subject::Epoch(*epoch),
        name: format!("J after epoch {}", epoch.epoch),
        value: epoch.total(),
        equation: equation::COST,
        expr: Some(expr),
        note: format!("over all {m} training samples, {moment}; {right}"),
        beside: Vec::new(),
        curve: None,
    }
}
