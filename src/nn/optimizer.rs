//! The update that a gradient asks for, and what each rule remembers from update to update.

use ndarray::Array2;

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

    /// Whether it goes by β, and whether by β₂.
    pub fn betas(self) -> (bool, bool) {
        self.remembers()
    }

    /// Whether it goes by D, the gradient of the data alone, with the penalty beside the rule in place of through it.
    #[inline(always)]
    pub fn goes_by_data(self) -> bool {
        self == Self::AdamW
    }

    /// Whether v takes in all of a gradient, in place of 1 − β of it.
    pub fn gathers_whole(self) -> bool {
        matches!(self, Self::Momentum | Self::Nesterov)
    }

    /// What it remembers of a Θ^(l) of this shape before the first update: zeros.
    pub fn blank<T: Real>(self, shape: (usize, usize)) -> Memory<T> {
        let (v, s) = self.remembers();
        Memory { v: v.then(|| Array2::zeros(shape)), s: s.then(|| Array2::zeros(shape)) }
    }

    /// What is added to Θ^(l), shaped like it, and what is remembered after.
    pub fn update<T: Real>(self, slopes: Slopes<'_, T>, memory: &Memory<T>, rates: &Rates) -> (Array2<T>, Memory<T>) {
        let numbers = Numbers::of(self, rates);
        let mut update = Array2::zeros(slopes.d.raw_dim());
        let mut after = memory.clone();
        for (at, update) in update.indexed_iter_mut() {
            let of = |memory: &Option<Array2<T>>| memory.as_ref().map_or(T::zero(), |memory| memory[at]);
            let slopes = (slopes.d[at], slopes.penalty[at], slopes.gradient[at]);
            let (step, v, s) = self.of_one(slopes, (of(&memory.v), of(&memory.s)), &numbers);
            *update = step;
            for (after, value) in [(&mut after.v, v), (&mut after.s, s)] {
                if let Some(after) = after {
                    after[at] = value;
                }
            }
        }
        (update, after)
    }

    /// The same for one weight: its D, its penalty and its gradient; its v and s, which are 0 where the rule has none.
    #[inline(always)]
    pub fn of_one<T: Real>(self, (d, penalty, gradient): (T, T, T), (v, s): (T, T), n: &Numbers<T>) -> (T, T, T) {
        let g = if self.goes_by_data() { d } else { gradient };
        let v = n.beta * v + n.fresh * g;
        let s = n.beta2 * s + (T::one() - n.beta2) * (g * g);
        let step = match self {
            Self::GradientDescent => -n.alpha * g,
            Self::Momentum => -n.alpha * v,
            Self::Nesterov => -n.alpha * (g + n.beta * v),
            Self::RmsProp => -n.alpha * g / (s.sqrt() + n.epsilon),
            Self::Adam => -n.alpha * (v / n.of_v / ((s / n.of_s).sqrt() + n.epsilon)),
            Self::AdamW => -n.alpha * (v / n.of_v / ((s / n.of_s).sqrt() + n.epsilon) + penalty),
        };
        (step, v, s)
    }
}

/// The numbers that a rule goes by, as it uses them.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<T> {
    alpha: T,
    beta: T,
    /// How much of a gradient v takes in.
    fresh: T,
    beta2: T,
    of_v: T,
    of_s: T,
    epsilon: T,
}

impl<T: Real> Numbers<T> {
    /// The numbers of a rule.
    pub fn of(optimizer: Optimizer, rates: &Rates) -> Self {
        let beta = T::of(rates.beta);
        let corrects = matches!(optimizer, Optimizer::Adam | Optimizer::AdamW);
        Self {
            alpha: T::of(rates.alpha),
            beta,
            fresh: if optimizer.gathers_whole() { T::one() } else { T::one() - beta },
            beta2: T::of(rates.beta2),
            of_v: if corrects { T::of(rates.correction()) } else { T::one() },
            of_s: if corrects { T::of(rates.correction2()) } else { T::one() },
            epsilon: T::of(EPSILON),
        }
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

/// β^k.
pub fn power(beta: f64, k: u64) -> f64 {
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
