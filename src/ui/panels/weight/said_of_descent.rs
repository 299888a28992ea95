//! What a descent says of α, in sentences: how J changes at α, and where the lowest point is.

use crate::nn::{Named, Optimizer};
use crate::number::{brief, short};
use crate::train::Descent;

/// A change of J, with its sign.
pub(super) fn difference(by: f64) -> String {
    crate::number::signed_short(by)
}

/// A J in a sentence.
fn told(cost: f64) -> String {
    match cost {
        cost if cost.is_nan() => "no number".into(),
        cost if cost.is_infinite() => "too large for a number".into(),
        cost => short(cost),
    }
}

/// How J changes at α along −∂J/∂Θ: in full, in few words and in fewer.
pub(super) fn of_alpha(descent: &Descent) -> [String; 3] {
    let [half, at, twice] = descent.marked().map(|point| point.cost.total());
    let (now, alpha) = (descent.here().cost.total(), brief(descent.alpha));
    let Some(lowest) = descent.lowest() else { return ["J is no finite number on this line"; 3].map(Into::into) };
    let (low, t) = (lowest.cost.total(), lowest.t);
    if descent.slope == Some(0.0) {
        return ["∂J/∂Θ is 0: there is no way down"; 3].map(Into::into);
    }
    if !at.is_finite() {
        let at = told(at);
        return [
            format!("α = {alpha} is far too large: J is {} now and {at} at α", short(now)),
            format!("J at α {alpha} is {at}"),
            format!("J at α is {at}"),
        ];
    }
    let (from, to, fall) = (short(now), short(at), short((now - at).abs()));
    if at > now {
        let few = format!("too far: J {from} → {to} at α {alpha}");
        let full = match t {
            0.0 => {
                format!("α = {alpha} goes too far: J rises from {from} to {to}, and at α/16 already it does not fall")
            }
            t if t < descent.alpha => format!(
                "α = {alpha} goes past the lowest point, J {} at t = {}: J rises from {from} to {to}",
                short(low),
                brief(t)
            ),
            t => format!(
                "J rises from {from} to {to} at α = {alpha}; beyond it J falls to {} at t = {}",
                short(low),
                brief(t)
            ),
        };
        return [full, few, format!("too far: J {from} → {to}")];
    }
    if at == now {
        let few = format!("J does not change at α {alpha}");
        return [format!("at α = {alpha} J is {from}, as it is now"), few.clone(), few];
    }
    let full = format!("at α = {alpha} J falls by {fall}, from {from} to {to}");
    let (more, few) = match () {
        () if t > descent.alpha && twice < at => {
            (format!("2α would fall further, to {}", told(twice)), "2α falls further")
        }
        () if t > descent.alpha => (format!("the lowest point is beyond α, J {} at t = {}", short(low), brief(t)), ""),
        () if t == descent.alpha => ("no other point is lower".into(), "the lowest"),
        () if half < at => {
            (format!("past the lowest point: α/2 would fall further, to {}", told(half)), "α/2 falls further")
        }
        () => (format!("the lowest point is before it, J {} at t = {}", short(low), brief(t)), ""),
    };
    let few = if few.is_empty() { String::new() } else { format!("; {few}") };
    [format!("{full}; {more}"), format!("J falls by {fall} at α {alpha}{few}"), format!("J falls by {fall}{few}")]
}

/// Where the update of the run does not end at α on this line: J there, in full and in few words.
pub(super) fn of_other_way(descent: &Descent) -> Option<[String; 2]> {
    let (now, after) = (short(descent.here().cost.total()), told(descent.after.total()));
    let rule = descent.optimizer.name();
    match descent.reached() {
        None if descent.optimizer != Optimizer::GradientDescent => Some([
            format!(
                "The line is that of plain gradient descent; {rule} goes another way: its update leads from J {now} to {after}"
            ),
            format!("{rule} goes elsewhere: J {now} → {after}"),
        ]),
        Some(t) if descent.cut < 1.0 => Some([
            format!(
                "∂J/∂Θ is longer than allowed, and cut to {} of its length: the update ends at t = {}, at J {after}",
                short(descent.cut),
                brief(t)
            ),
            format!("clipped: t = {}, J {after}", brief(t)),
        ]),
        _ => None,
    }
}

/// The slope at t = 0, and what it says of α.
pub(super) fn of_slope(descent: &Descent) -> String {
    match descent.slope {
        Some(slope) => format!(
            "The tangent at t = 0 has the slope −‖∂J/∂Θ‖² = {}: by it J would change by {} at α.",
            short(slope),
            difference(slope * descent.alpha),
        ),
        None => "The gradient goes back through some of the steps alone, so −‖∂J/∂Θ‖² is not the slope of J.".into(),
    }
}
