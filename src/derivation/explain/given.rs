//! The numbers at which the chain ends, each with where it comes from; and those that the update of every weight has in common.

use super::right::Right;
use crate::derivation::expr::{Expr, Operand};
use crate::derivation::subject::{OfUpdate, Subject};
use crate::derivation::{Sample, equation};
use crate::nn::optimizer::EPSILON;
use crate::nn::{Named, Optimizer, Weight};
use crate::number::exact;
use crate::train::{Change, Changed, DenseView, Schedule, Setting};

/// λ.
pub(super) fn lambda(snapshot: DenseView<'_>) -> Expr {
    let origin = option("--lambda", changed(snapshot, Setting::Lambda));
    Expr::given("λ", snapshot.regularisation.lambda, origin)
}

/// m.
pub(super) fn m(snapshot: DenseView<'_>) -> Expr {
    Expr::given("m", snapshot.regularisation.m as f64, "the number of samples in the training part")
}

/// B.
pub(super) fn samples(snapshot: DenseView<'_>) -> Expr {
    Expr::given("B", snapshot.batch.len() as f64, "the number of samples in this batch")
}

/// β.
pub(super) fn beta(snapshot: DenseView<'_>) -> Expr {
    Expr::given("β", snapshot.config.beta, option("--beta", changed(snapshot, Setting::Beta)))
}

/// β₂.
pub(super) fn beta2(snapshot: DenseView<'_>) -> Expr {
    Expr::given("β₂", snapshot.config.beta2, option("--beta2", changed(snapshot, Setting::Beta2)))
}

/// ε of the optimisers.
pub(super) fn epsilon() -> Expr {
    Expr::given("ε", EPSILON, "a constant of the optimiser, which keeps it from dividing by 0")
}

/// v or s as the last update left it.
pub(super) fn before(name: &str, value: f64, snapshot: DenseView<'_>) -> Expr {
    let origin = match snapshot.position.step {
        0 => "0, because nothing is remembered before the first update".to_string(),
        step => format!("the value after update {step}; the numbers that it was computed from are no longer kept"),
    };
    Expr::given(format!("{name} before"), value, origin)
}

/// α in this epoch.
pub(super) fn alpha(snapshot: DenseView<'_>) -> Expr {
    let value = snapshot.config.rates(&snapshot.position).alpha;
    if snapshot.config.schedule == Schedule::Constant {
        return first_alpha(snapshot, "α");
    }
    Expr::Of(Operand::of(Subject::Update(OfUpdate::Alpha), "α".into(), value))
}

fn first_alpha(snapshot: DenseView<'_>, name: &str) -> Expr {
    Expr::given(name, snapshot.config.alpha, option("--alpha", changed(snapshot, Setting::Alpha)))
}

/// c, by which a gradient that is too long is cut.
pub(super) fn cut(snapshot: DenseView<'_>) -> Expr {
    Expr::Of(Operand::of(Subject::Update(OfUpdate::Cut), "c".into(), snapshot.cut))
}

/// The right side of a number that the update of every weight has in common.
pub(super) fn of_update(snapshot: DenseView<'_>, number: OfUpdate) -> Option<Right> {
    match number {
        OfUpdate::Alpha => {
            let (schedule, epochs) = (snapshot.config.schedule, snapshot.position.epochs_done);
            let origin = format!("the factor of --schedule {schedule} after {epochs} epochs");
            let factor = Expr::given("s", schedule.factor(epochs), origin);
            let expr = Expr::Product(vec![first_alpha(snapshot, "α₀"), factor]);
            let value = snapshot.config.rates(&snapshot.position).alpha;
            Some(Right::new(value, equation::SCHEDULE, expr).noted(format!("--schedule {schedule}")))
        }
        OfUpdate::Cut => {
            let longest = snapshot.config.clip.filter(|_| snapshot.cut < 1.0)?;
            let what = if snapshot.config.optimizer == Optimizer::AdamW { "D" } else { "∂J/∂Θ" };
            let origin =
                format!("the root of the sum of the squares of {what}, over all layers and the bias columns too");
            let length = Expr::given(format!("‖{what}‖"), longest / snapshot.cut, origin);
            let expr = Expr::given("clip", longest, option("--clip", None)).over(length);
            Some(
                Right::new(snapshot.cut, equation::CLIP, expr)
                    .noted(format!("it is longer than --clip {}", exact(longest))),
            )
        }
    }
}

/// A feature as it was read.
pub(super) fn raw(name: &str, value: f64, sample: Sample) -> Expr {
    let name = crate::error::printable(name);
    let part = if sample.held_out { "held-out sample" } else { "sample" };
    Expr::given(name, value, format!("read from the data: {part} {}", sample.row + 1))
}

/// What is subtracted from a feature, or what it is divided by.
pub(super) fn scaler(name: &str, value: f64, snapshot: DenseView<'_>) -> Expr {
    let from_file = snapshot.config.weights.as_ref().is_some_and(|weights| weights.scalings().is_some());
    let origin = match name {
        _ if from_file => format!("the {name} of this feature, from the file of --weights"),
        "divisor" => format!("what every feature is divided by: --scale {}", snapshot.data.scaling.scale),
        _ => format!("the {name} of this feature over the {} training samples", snapshot.regularisation.m),
    };
    Expr::given(name, value, origin)
}

/// y of an output unit.
pub(super) fn target(unit: usize, value: f64, snapshot: DenseView<'_>) -> Expr {
    let scaled = format!("the target of this sample, scaled by --target-scale {}", snapshot.data.target_scaling.scale);
    let origin = if snapshot.data.dataset.targets.task() == crate::data::Task::Regression {
        scaled
    } else {
        "the target of this sample: 1 for what it is, 0 for what it is not".into()
    };
    Expr::given(format!("y_{}", unit + 1), value, origin)
}

/// r of a unit of a hidden layer.
pub(super) fn kept(name: String, value: f64, snapshot: DenseView<'_>) -> Expr {
    let p = exact(snapshot.config.dropout);
    Expr::given(name, value, format!("drawn for this update: 0 with probability p = {p} (--dropout), else 1/(1 − p)"))
}

/// Where Θ comes from, which no equation of this snapshot says.
pub(super) fn theta(snapshot: DenseView<'_>, at: Weight) -> String {
    let step = snapshot.position.step;
    if let Some(edit) = set_by_hand(snapshot, at) {
        return format!("set by hand at step {step}, where it was {}; U takes it back", exact(edit.from));
    }
    match (step, &snapshot.config.weights) {
        (0, Some(weights)) => {
            format!("read from {} (--weights)", crate::error::printable(&weights.path.to_string_lossy()))
        }
        (0, None) => {
            format!("drawn by --init {} from seed {}", snapshot.config.init.name(), snapshot.config.seed)
        }
        (step, _) => format!("computed by update {step}; the Θ before it is no longer kept"),
    }
}

/// Whether a weight was set by hand since the last update.
pub(super) fn is_set_by_hand(snapshot: DenseView<'_>, at: Weight) -> bool {
    set_by_hand(snapshot, at).is_some()
}

fn set_by_hand<'a>(snapshot: DenseView<'a>, at: Weight) -> Option<&'a Change> {
    let edits = snapshot.snapshot.changes.iter().rev().filter(|change| change.step == snapshot.position.step);
    edits.into_iter().find(|change| matches!(change.what, Changed::Weight(weight, _) if weight == at))
}

/// The step at which a setting was changed last, if it was.
fn changed(snapshot: DenseView<'_>, setting: Setting) -> Option<u64> {
    let change = snapshot.snapshot.changes.iter().rev().find(|change| change.what == Changed::Setting(setting));
    change.map(|change| change.step)
}

/// The origin of an option's value.
fn option(flag: &str, changed: Option<u64>) -> String {
    match changed {
        Some(step) => format!("the option {flag}, changed by hand at step {step}"),
        None => format!("the option {flag}"),
    }
}
