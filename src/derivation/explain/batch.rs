//! The numbers of a weight and of the cost: sums over the batch, the penalty, and the update that they make.

use ndarray::s;

use super::right::{Right, of_cost as cost_operand, of_sample, renamed, weight};
use super::{flushed, given, optimizer};
use crate::derivation::expr::{Expr, Function};
use crate::derivation::subject::{OfCost, OfSample, OfWeight};
use crate::derivation::{Quantity, Sample, equation};
use crate::nn::{Penalty, Weight};
use crate::number::{exact, percent};
use crate::train::{DenseView, Epoch, Fit};

/// The right side of a weight's number.
pub(super) fn of_weight(snapshot: DenseView<'_>, at: Weight, number: OfWeight) -> Option<Right> {
    let of = |quantity: Quantity| weight(snapshot, at, quantity);
    let value = |quantity: Quantity| Some(of(quantity)?.value());
    match number {
        OfWeight::Is(Quantity::Theta) => {
            let note = given::theta(snapshot, at);
            let value = value(Quantity::Theta)?;
            let made = snapshot.position.step > 0 && !given::is_set_by_hand(snapshot, at);
            let equation = if made { equation::update(snapshot.config.optimizer) } else { equation::START };
            Some(Right { value, equation, expr: None, note })
        }
        OfWeight::Is(Quantity::D) => data_gradient(snapshot, at),
        OfWeight::Is(Quantity::Penalty) => penalty(snapshot, at),
        OfWeight::Is(Quantity::Gradient) => {
            let parts = vec![of(Quantity::D)?, of(Quantity::Penalty)?];
            let equation = equation::gradient(snapshot.regularisation.penalty, at.i);
            Some(Right::new(value(Quantity::Gradient)?, equation, Expr::Sum(parts)))
        }
        OfWeight::Is(quantity @ (Quantity::Velocity | Quantity::Squares | Quantity::Update)) => {
            let expr = optimizer::right(snapshot, at, quantity)?;
            Some(Right::new(value(quantity)?, quantity.equation(&snapshot), expr))
        }
        OfWeight::Next => {
            let sum = Expr::Sum(vec![of(Quantity::Theta)?, of(Quantity::Update)?]);
            let value = flushed::value(&sum, snapshot.config.precision);
            Some(Right::new(value, equation::update(snapshot.config.optimizer), sum))
        }
    }
}

/// D = (1/B) Σ_b Δ (3.1.2); the samples of a large batch that a snapshot does not carry are one remainder.
fn data_gradient(snapshot: DenseView<'_>, at: Weight) -> Option<Right> {
    let Weight { l, j, i } = at;
    let value = *snapshot.parameters.get(l.checked_sub(1)?)?.d.get([j, i])?;
    let sum = *snapshot.parameters.get(l - 1)?.sum.get([j, i])?;
    let carried = snapshot.samples;
    let term = |b: usize| {
        let a = if i == 0 { 1.0 } else { *snapshot.a(l).get([b, i - 1])? };
        let value = *snapshot.delta(l + 1).get([b, j])? * a;
        let sample = Sample { held_out: false, row: *snapshot.batch.get(b)? };
        let name = format!("Δ({})", sample.row + 1);
        Some(renamed(of_sample(snapshot, sample, OfSample::Gradient(at), value), name))
    };
    let mut terms = (0..carried).map(term).collect::<Option<Vec<_>>>()?;
    let others = snapshot.batch.len() - carried;
    if others > 0 {
        let rest = sum - Expr::Sum(terms.clone()).value();
        terms.push(Expr::not_carried(others, rest));
    }
    let expr = Expr::Sum(terms).over(given::samples(snapshot));
    Some(Right::new(value, equation::DATA_GRADIENT, expr).noted("Δ(b) is sample b's"))
}

/// ∂reg/∂Θ (2.6.1).
fn penalty(snapshot: DenseView<'_>, at: Weight) -> Option<Right> {
    let rule = &snapshot.regularisation;
    let value = *snapshot.parameters.get(at.l.checked_sub(1)?)?.penalty.get([at.j, at.i])?;
    let equation = equation::penalty_gradient(rule.penalty);
    let theta = weight(snapshot, at, Quantity::Theta)?;
    let strength = given::lambda(snapshot).over(given::m(snapshot));
    let (expr, note) = match rule.penalty {
        _ if at.i == 0 => (Expr::Number(0.0), "0 by rule: the bias column is never penalised"),
        Penalty::L2 => (Expr::Product(vec![strength, theta]), ""),
        Penalty::L1 => (Expr::Product(vec![strength, theta.call(Function::Sign)]), ""),
        Penalty::None => (Expr::Number(0.0), "no penalty was asked for"),
    };
    Some(Right::new(value, equation, expr).noted(note))
}

/// The right side of a number of the batch's cost.
pub(super) fn of_cost(snapshot: DenseView<'_>, number: OfCost) -> Option<Right> {
    let cost = &snapshot.cost;
    let reg = |l: usize| Some(cost_operand(snapshot, OfCost::Reg(l), *cost.reg.get(l.checked_sub(1)?)?));
    match number {
        OfCost::Data => data_term(snapshot),
        OfCost::Reg(l) => regularisation(snapshot, l),
        OfCost::Total => {
            let layers = (1..=cost.reg.len()).map(reg).collect::<Option<Vec<_>>>()?;
            let terms = [cost_operand(snapshot, OfCost::Data, cost.data)].into_iter().chain(layers).collect();
            Some(Right::new(cost.total(), equation::COST, Expr::Sum(terms)))
        }
        OfCost::Share(l) => {
            let expr = reg(l)?.over(cost_operand(snapshot, OfCost::Total, cost.total()));
            Some(Right::new(expr.value(), equation::SHARE, expr))
        }
    }
}

/// J after an epoch, of which only the two parts are left.
pub(super) fn of_epoch(snapshot: DenseView<'_>, epoch: &Epoch) -> Right {
    let given = |name: &str, value: f64| {
        Expr::given(name, value, "of an earlier moment: the numbers that it was computed from are no longer kept")
    };
    let terms = vec![given("data", epoch.train.data), given("reg", epoch.reg)];
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
    let note = format!("over all {m} training samples, {moment}; {right}");
    Right::new(epoch.total(), equation::COST, Expr::Sum(terms)).noted(note)
}

/// data = (1/B) Σ_b J^(b) (1.2.2).
fn data_term(snapshot: DenseView<'_>) -> Option<Right> {
    let term = |(b, &value): (usize, &f64)| {
        let sample = Sample { held_out: false, row: *snapshot.batch.get(b)? };
        let name = format!("J({})", sample.row + 1);
        Some(renamed(of_sample(snapshot, sample, OfSample::Cost, value), name))
    };
    let mut terms = snapshot.sample_cost().iter().enumerate().map(term).collect::<Option<Vec<_>>>()?;
    let samples = snapshot.batch.len();
    let others = samples - terms.len();
    if others > 0 {
        let rest = snapshot.cost.data * samples as f64 - Expr::Sum(terms.clone()).value();
        terms.push(Expr::not_carried(others, rest));
    }
    let expr = Expr::Sum(terms).over(given::samples(snapshot));
    Some(Right::new(snapshot.cost.data, equation::DATA_TERM, expr).noted("J(b) is sample b's"))
}

/// One layer's part of reg (1.2.3, 1.2.4).
fn regularisation(snapshot: DenseView<'_>, l: usize) -> Option<Right> {
    let rule = &snapshot.regularisation;
    let value = *snapshot.cost.reg.get(l.checked_sub(1)?)?;
    let equation = equation::regularisation(rule.penalty);
    let theta = snapshot.network.theta.get(l - 1)?;
    let m = given::m(snapshot);
    let strength = match rule.penalty {
        Penalty::None => return Some(Right::new(value, equation, Expr::Number(0.0)).noted("no penalty was asked for")),
        Penalty::L1 => given::lambda(snapshot).over(m),
        Penalty::L2 => given::lambda(snapshot).over(Expr::Product(vec![Expr::Number(2.0), m])),
    };
    let weights = theta.slice(s![.., 1..]);
    let term = |cell: usize| {
        let at = Weight { l, j: cell / weights.ncols(), i: 1 + cell % weights.ncols() };
        let theta = weight(snapshot, at, Quantity::Theta)?;
        Some(match rule.penalty {
            Penalty::L1 => theta.call(Function::Abs),
            Penalty::L2 | Penalty::None => Expr::Product(vec![theta.clone(), theta]),
        })
    };
    let size = |&weight: &f64| if rule.penalty == Penalty::L1 { weight.abs() } else { weight * weight };
    let sum = Expr::sum_of(&weights.iter().map(size).collect::<Vec<_>>(), term)?;
    Some(Right::new(value, equation, Expr::Product(vec![strength, sum])).noted("the bias column is left out"))
}
