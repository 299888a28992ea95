//! The update that a gradient asks for, and what each rule remembers from update to update.

use ndarray::{Array2, Zip};

use super::{Named, Real};

/// The rule that turns ∂J/∂Θ into the update of Θ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimizer {
    /// Θ ← Θ − α ∂J/∂Θ (1.3.2).
    GradientDescent,
    /// Classical momentum: v gathers the gradients.
    Momentum,
    /// Nesterov's momentum: the gradient that v leads to counts once more.
    Nesterov,
    /// Each weight's step is divided by the root of its mean square gradient.
    RmsProp,
    /// Momentum and mean square together, corrected for their start at 0.
    Adam,
    /// Adam on the data's gradient alone; the penalty shrinks the weights beside it.
    AdamW,
}

impl Named for Optimizer {
    const ALL: &'static [Self] =
        &[Self::GradientDescent, Self::Momentum, Self::Nesterov, Self::RmsProp, Self::Adam, Self::AdamW];

    fn name(self) -> &'static str {
        match self {
            Self::GradientDescent => "gd",
            Self::Momentum => "momentum",
            Self::Nesterov => "nesterov",
            Self::RmsProp => "rmsprop",
            Self::Adam => "adam",
            Self::AdamW => "adamw",
        }
    }
}

/// Keeps a step finite where no gradient has been yet: it is added to the root of s.
pub const EPSILON: f64 = 1e-8;

/// The numbers that a rule goes by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Learning rate α > 0.
    pub alpha: f64,
    /// β of v, in [0, 1): how much of it stays.
    pub beta: f64,
    /// β₂ of s, in [0, 1); RMSProp's only one.
    pub beta2: f64,
    /// Which update it is, counted from 1.
    pub k: u64,
}

/// What a rule remembers of one Θ^(l), shaped like it; absent where it remembers nothing of the kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory<T> {
    /// v: the gathered gradients.
    pub v: Option<Array2<T>>,
    /// s: the mean of their squares.
    pub s: Option<Array2<T>>,
}

/// The gradient of one Θ^(l) and the two parts that it is the sum of.
#[derive(Clone, Copy, Debug)]
pub struct Slopes<'a, T> {
    /// D (3.1.2).
    pub d: &'a Array2<T>,
    /// ∂reg/∂Θ (2.6.1).
    pub penalty: &'a Array2<T>,
    /// ∂J/∂Θ (3.1.3).
    pub gradient: &'a Array2<T>,
}

impl Optimizer {
    /// Whether it remembers v, and whether s.
    pub fn remembers(self) -> (bool, bool) {
        match self {
            Self::GradientDescent => (false, false),
            Self::Momentum | Self::Nesterov => (true, false),
            Self::RmsProp => (false, true),
            Self::Adam | Self::AdamW => (true, true),
        }
    }

    /// What it remembers of a Θ^(l) of this shape before the first update: zeros.
    pub fn blank<T: Real>(self, shape: (usize, usize)) -> Memory<T> {
        let (v, s) = self.remembers();
        Memory { v: v.then(|| Array2::zeros(shape)), s: s.then(|| Array2::zeros(shape)) }
    }

    /// What is added to Θ^(l), shaped like it, and what is remembered after.
    pub fn update<T: Real>(self, slopes: Slopes<'_, T>, memory: &Memory<T>, rates: &Rates) -> (Array2<T>, Memory<T>) {
        // The penalty of AdamW acts beside the rule, not through it.
        let g = if self == Self::AdamW { slopes.d } else { slopes.gradient };
        let (alpha, beta) = (T::of(rates.alpha), T::of(rates.beta));
        let v = memory.v.as_ref().map(|v| {
            let new = if matches!(self, Self::Momentum | Self::Nesterov) { T::one() } else { T::one() - beta };
            Zip::from(v).and(g).map_collect(|&v, &g| beta * v + new * g)
        });
        let beta2 = T::of(rates.beta2);
        let s = memory
            .s
            .as_ref()
            .map(|s| Zip::from(s).and(g).map_collect(|&s, &g| beta2 * s + (T::one() - beta2) * (g * g)));
        let epsilon = T::of(EPSILON);
        let update = match (self, &v, &s) {
            (Self::Momentum, Some(v), _) => v.mapv(|v| -alpha * v),
            (Self::Nesterov, Some(v), _) => Zip::from(g).and(v).map_collect(|&g, &v| -alpha * (g + beta * v)),
            (Self::RmsProp, _, Some(s)) => Zip::from(g).and(s).map_collect(|&g, &s| -alpha * g / (s.sqrt() + epsilon)),
            (Self::Adam | Self::AdamW, Some(v), Some(s)) => {
                let (of_v, of_s) = (T::of(rates.correction()), T::of(rates.correction2()));
                let step = |&v: &T, &s: &T| v / of_v / ((s / of_s).sqrt() + epsilon);
                if self == Self::Adam {
                    Zip::from(v).and(s).map_collect(|v, s| -alpha * step(v, s))
                } else {
                    Zip::from(v).and(s).and(slopes.penalty).map_collect(|v, s, &p| -alpha * (step(v, s) + p))
                }
            }
            _ => g.mapv(|slope| -alpha * slope),
        };
        (update, Memory { v, s })
    }
}

impl Rates {
    /// 1 − β^k: what v is divided by, because it started at 0.
    pub fn correction(&self) -> f64 {
        1.0 - power(self.beta, self.k)
    }

    /// 1 − β₂^k: what s is divided by.
    pub fn correction2(&self) -> f64 {
        1.0 - power(self.beta2, self.k)
    }
}

fn power(beta: f64, k: u64) -> f64 {
    // Long before a power has no room in an i32 it is 0.
    beta.powi(i32::try_from(k).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two updates of one weight with these gradients, by hand.
    fn updates(optimizer: Optimizer, slopes: [f64; 2]) -> [f64; 2] {
        let mut memory = optimizer.blank::<f64>((1, 1));
        let zero = Array2::zeros((1, 1));
        let mut k = 0;
        slopes.map(|slope| {
            k += 1;
            let gradient = Array2::from_elem((1, 1), slope);
            let rates = Rates { alpha: 0.1, beta: 0.5, beta2: 0.75, k };
            let (update, after) =
                optimizer.update(Slopes { d: &gradient, penalty: &zero, gradient: &gradient }, &memory, &rates);
            memory = after;
            update[[0, 0]]
        })
    }

    #[test]
    fn the_first_steps_are_those_of_the_closed_forms() {
        let close = |found: [f64; 2], expected: [f64; 2]| {
            let near = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-7 * expected.abs();
            assert!(found.iter().zip(&expected).all(near), "{found:?} or {expected:?}");
        };
        let slopes = [2.0, -4.0];
        close(updates(Optimizer::GradientDescent, slopes), [-0.2, 0.4]);
        close(updates(Optimizer::Momentum, slopes), [-0.2, 0.3]);
        // v is 2, then −3.
        close(updates(Optimizer::Nesterov, slopes), [-0.1 * 3.0, -0.1 * -5.5]);
        // s is 1, then 4.75.
        close(updates(Optimizer::RmsProp, slopes), [-0.2, 0.4 / 4.75_f64.sqrt()]);
        // The first step of Adam is α whatever the gradient; v is 1, then −1.5, and s' 4, then 4.75 / (1 − 0.75²).
        let second = -0.1 * (-1.5 / 0.75) / (4.75_f64 / 0.4375).sqrt();
        close(updates(Optimizer::Adam, slopes), [-0.1, second]);
        close(updates(Optimizer::AdamW, slopes), [-0.1, second]);
    }

    #[test]
    fn the_penalty_of_adamw_shrinks_the_weights_beside_the_rule() {
        let (d, penalty) = (Array2::from_elem((1, 1), 2.0), Array2::from_elem((1, 1), 0.5));
        let gradient = &d + &penalty;
        let rates = Rates { alpha: 0.1, beta: 0.9, beta2: 0.999, k: 1 };
        let blank = Optimizer::AdamW.blank::<f64>((1, 1));
        let (update, after) =
            Optimizer::AdamW.update(Slopes { d: &d, penalty: &penalty, gradient: &gradient }, &blank, &rates);
        assert!((update[[0, 0]] - (-0.1 * (1.0 + 0.5))).abs() < 1e-9);
        assert!((after.v.unwrap()[[0, 0]] - 0.2).abs() < 1e-15, "v is of D alone");
    }
}
