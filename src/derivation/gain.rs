//! Why a δ is small: what the weights make of it on its way back, and what the slopes of the units let through.

use ndarray::ArrayView1;

use super::Trace;
use crate::number::{exact, percent, short};
use crate::train::DenseView;

/// What becomes of δ from layer l+1 to layer l, of one sample, in log10; absent where nothing comes or nothing is left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Layer l, 2 … L−1.
    pub l: usize,
    /// log10 of ‖∂J/∂a^(l)‖ / ‖δ^(l+1)‖: the weights' part (2.3.3).
    pub weights: Option<f64>,
    /// log10 of ‖δ^(l)‖ / ‖∂J/∂a^(l)‖: the slopes' part (2.5.6, 2.5.8).
    pub slopes: Option<f64>,
    /// The share of what comes back that the units let through, ‖δ^(l)‖ / ‖∂J/∂a^(l)‖.
    pub let_through: f64,
    /// Units whose slope is under 0.03.
    pub closed: usize,
    /// Units of the layer.
    pub units: usize,
}

/// A slope under which a unit lets hardly anything through.
const CLOSED: f64 = 0.03;
/// A part of a gain, in log10, that is a loss worth a word: a half.
const LOSS: f64 = -0.3;

impl Gain {
    /// The gain of a hidden layer; `None` for the output layer, whose δ comes from nowhere.
    pub fn of(l: usize, trace: &Trace, snapshot: DenseView<'_>) -> Option<Self> {
        let (next, back, delta) = (trace.delta(l + 1)?, trace.grad_a(l)?, trace.delta(l)?);
        let g = *snapshot.network.hidden.get(l.checked_sub(2)?)?;
        let slopes = trace.z(l)?.mapv(|z| g.g_prime(z));
        let (from, through, to) = (norm(next), norm(back), norm(delta));
        let log = |ratio: f64| (ratio.is_finite() && ratio > 0.0).then(|| ratio.log10());
        Some(Self {
            l,
            weights: log(through / from),
            slopes: log(to / through),
            let_through: to / through,
            closed: slopes.iter().filter(|slope| slope.abs() < CLOSED).count(),
            units: slopes.len(),
        })
    }

    /// log10 of ‖δ^(l)‖ / ‖δ^(l+1)‖.
    pub fn total(&self) -> Option<f64> {
        Some(self.weights? + self.slopes?)
    }

    /// Where a drop comes from, in a sentence.
    pub fn sentence(&self) -> String {
        let (Some(weights), Some(slopes)) = (self.weights, self.slopes) else {
            return match self.weights {
                None => "nothing comes back: δ of the next layer, or the weights to it, are 0".into(),
                Some(_) => {
                    format!("nothing passes: g'(z) is 0 in all {} units that something comes back to", self.units)
                }
            };
        };
        let slopes_say = || {
            format!(
                "the units let {} through; {} of {} have a slope under {}",
                percent(self.let_through),
                self.closed,
                self.units,
                exact(CLOSED)
            )
        };
        let weights_say = || format!("Θᵀδ is {} times what it was in the next layer", short(10f64.powf(weights)));
        match (weights < LOSS, slopes < LOSS) {
            (true, true) if weights < slopes => {
                format!("lost most in the weights: {}; and {}", weights_say(), slopes_say())
            }
            (true, true) => format!("lost most in the slopes: {}; and {}", slopes_say(), weights_say()),
            (true, false) => format!("lost in the weights: {}", weights_say()),
            (false, true) => format!("lost in the slopes: {}", slopes_say()),
            (false, false) => "little is lost here".into(),
        }
    }
}

fn norm(vector: ArrayView1<f64>) -> f64 {
    vector.dot(&vector).sqrt()
}
