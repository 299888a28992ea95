//! The update and what it remembers, by the optimiser's rule.

use super::given;
use super::right::weight;
use crate::derivation::Quantity;
use crate::derivation::expr::{Expr, Function};
use crate::nn::{Optimizer, Weight};
use crate::train::DenseView;

/// The right side of v, s or the update of a weight.
pub(super) fn right(snapshot: DenseView<'_>, at: Weight, quantity: Quantity) -> Option<Expr> {
    let config = &snapshot.config;
    let of = |quantity: Quantity| weight(snapshot, at, quantity);
    // AdamW goes by the data's gradient alone.
    let g = || {
        Some(cut(snapshot, of(if config.optimizer == Optimizer::AdamW { Quantity::D } else { Quantity::Gradient })?))
    };
    let beta = || given::beta(snapshot);
    let beta2 = || given::beta2(snapshot);
    let memory = &snapshot.parameters.get(at.l.checked_sub(1)?)?.memory;
    let before = |kept: &Option<ndarray::Array2<f64>>| kept.as_ref()?.get([at.j, at.i]).copied();
    match quantity {
        Quantity::Velocity => {
            let kept = Expr::Product(vec![beta(), given::before("v", before(&memory.v)?, snapshot)]);
            let whole = matches!(config.optimizer, Optimizer::Momentum | Optimizer::Nesterov);
            let new = if whole { g()? } else { Expr::Product(vec![rest(beta()), g()?]) };
            Some(Expr::Sum(vec![kept, new]))
        }
        Quantity::Squares => {
            let kept = Expr::Product(vec![beta2(), given::before("s", before(&memory.s)?, snapshot)]);
            Some(Expr::Sum(vec![kept, Expr::Product(vec![rest(beta2()), g()?, g()?])]))
        }
        _ => {
            let alpha = given::alpha(snapshot).minus();
            Some(Expr::Product(vec![alpha, step(snapshot, at)?]))
        }
    }
}

/// What α is a factor of.
fn step(snapshot: DenseView<'_>, at: Weight) -> Option<Expr> {
    let config = &snapshot.config;
    let of = |quantity: Quantity| weight(snapshot, at, quantity);
    let epsilon = given::epsilon;
    let k = config.rates(&snapshot.position).k;
    // v and s start at 0; dividing by 1 − β^k makes up for that.
    let corrected = |quantity: Quantity, beta: Expr| Some(of(quantity)?.over(rest(beta.call(Function::Power(k)))));
    match config.optimizer {
        Optimizer::GradientDescent => Some(cut(snapshot, of(Quantity::Gradient)?)),
        Optimizer::Momentum => of(Quantity::Velocity),
        Optimizer::Nesterov => {
            let ahead = Expr::Product(vec![given::beta(snapshot), of(Quantity::Velocity)?]);
            Some(Expr::Sum(vec![cut(snapshot, of(Quantity::Gradient)?), ahead]))
        }
        Optimizer::RmsProp => {
            let root = of(Quantity::Squares)?.call(Function::Root);
            Some(cut(snapshot, of(Quantity::Gradient)?).over(Expr::Sum(vec![root, epsilon()])))
        }
        Optimizer::Adam | Optimizer::AdamW => {
            let v = corrected(Quantity::Velocity, given::beta(snapshot))?;
            let s = corrected(Quantity::Squares, given::beta2(snapshot))?;
            let adam = v.over(Expr::Sum(vec![s.call(Function::Root), epsilon()]));
            let is_w = config.optimizer == Optimizer::AdamW;
            Some(if is_w { Expr::Sum(vec![adam, of(Quantity::Penalty)?]) } else { adam })
        }
    }
}

/// The gradient as the optimiser sees it: times c where the whole of it is longer than allowed.
fn cut(snapshot: DenseView<'_>, gradient: Expr) -> Expr {
    let whole = snapshot.cut == 1.0;
    if whole { gradient } else { Expr::Product(vec![given::cut(snapshot), gradient]) }
}

/// 1 − β.
fn rest(beta: Expr) -> Expr {
    Expr::Sum(vec![Expr::Number(1.0), beta.minus()])
}
