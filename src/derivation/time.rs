//! What a scene of a recurrent network says: the sum over time behind each gradient, and how the gradient changes on its way back.

use std::ops::RangeInclusive;

use ndarray::Array2;

use crate::nn::recurrent::{Cell, Reads};
use crate::train::Scene;

/// Which Θ a weight is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shared {
    /// Θ^x, from the input.
    X,
    /// Θ^h, from the state before.
    #[default]
    H,
    /// Θ^o, to the output.
    O,
}

impl Shared {
    /// All of them, in the order of the scene's arrays.
    pub const ALL: [Self; 3] = [Self::X, Self::H, Self::O];

    /// Its place in the scene's arrays.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its symbol.
    pub fn symbol(self) -> &'static str {
        ["Θ^x", "Θ^h", "Θ^o"][self.index()]
    }

    /// Columns of biases before the weights.
    pub fn biases(self, cell: Cell) -> usize {
        if self == Self::H { usize::from(cell.has_second_bias()) } else { 1 }
    }
}

/// A weight of a recurrent network, in one sequence of those that a scene carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Which Θ.
    pub of: Shared,
    /// Its row, counted from 0.
    pub j: usize,
    /// Its column, counted from 0.
    pub i: usize,
    /// The sequence.
    pub b: usize,
}

/// What one step adds to Δ of a weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// The step, counted from 1.
    pub t: usize,
    /// δ of the weight's row at it.
    pub delta: f64,
    /// What δ is multiplied by: 1 for a bias.
    pub a: f64,
    /// The product.
    pub product: f64,
    /// The sum of the products from the last step back to this one.
    pub sum: f64,
}

/// δ of a weight's row at a step, counted from 1, and what it is multiplied by; `None` where the output is not read.
fn factors(scene: &Scene, Place { of, j, i, b }: Place, t: usize) -> Option<(f64, f64)> {
    let (forward, through) = (&scene.forward, &scene.through);
    let (samples, biases) = (forward.samples, of.biases(scene.network.cell));
    let row = (t - 1) * samples + b;
    let delta = match of {
        Shared::X => through.delta.get([row, j]),
        Shared::H if scene.network.cell == Cell::Gru => through.delta_h.get([row, j]),
        Shared::H => through.delta.get([row, j]),
        Shared::O if scene.network.reads == Reads::Last => through.delta_o.get([b, j]).filter(|_| t == forward.steps()),
        Shared::O => through.delta_o.get([row, j]),
    };
    let a = match (i.checked_sub(biases), of) {
        (None, _) => Some(&1.0),
        (Some(i), Shared::X) => forward.x.get([row, i]),
        (Some(i), Shared::H) => forward.h.get([row, i]),
        (Some(i), Shared::O) => forward.h.get([row + samples, i]),
    };
    Some((*delta?, *a?))
}

/// Δ of a weight in one sequence, step by step in the order of the backward pass, the last step first.
pub fn terms(scene: &Scene, place: Place) -> Vec<Term> {
    let mut sum = 0.0;
    let term = |t: usize| {
        let (delta, a) = factors(scene, place, t)?;
        sum += delta * a;
        Some(Term { t, delta, a, product: delta * a, sum })
    };
    (1..=scene.forward.steps()).rev().filter_map(term).collect()
}

/// What some steps, counted from 1, together add to Δ of a whole Θ in one sequence.
pub fn contribution(scene: &Scene, (of, b): (Shared, usize), steps: RangeInclusive<usize>) -> Array2<f64> {
    let steps = steps.start() - 1..*steps.end();
    let [x, h, o] = scene.network.contribution((&scene.forward, &scene.through), steps, Some(b));
    match of {
        Shared::X => x,
        Shared::H => h,
        Shared::O => o,
    }
}

/// The sum of all steps' gains: where only the last step is read, log10 of the factor that the gradient's length goes through on its way
/// from the last step to the first; where outputs between add to it, of what each step makes of what it gets. Absent where it is cut off.
pub fn whole_gain(scene: &Scene) -> Option<f64> {
    if scene.flow.iter().any(|flow| flow.cut) {
        return None;
    }
    let gains: Option<Vec<f64>> = scene.flow.iter().skip(1).map(|flow| flow.gain).collect();
    gains.filter(|gains| !gains.is_empty()).map(|gains| gains.iter().sum())
}
