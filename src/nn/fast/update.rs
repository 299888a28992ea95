//! The update of Θ in one pass: from ΣΔ, Θ and what the optimiser remembers to the next Θ, checked for non-finite values.

use std::marker::PhantomData;

use ndarray::Array2;
use pulp::Arch;

use super::{flat, flat_mut, pass};
use crate::nn::{Memory, Numbers, Optimizer, Penalty, Rates, Real, Regularisation};

/// What an update goes by.
#[derive(Clone, Copy, Debug)]
pub struct UpdateRule<'a> {
    /// The rule.
    pub optimizer: Optimizer,
    /// Its numbers.
    pub rates: Rates,
    /// The penalty.
    pub regularisation: &'a Regularisation,
    /// What gradients are multiplied by first, where they are too long.
    pub cut: f64,
    /// B.
    pub samples: usize,
}

/// An update of some rows of a Θ^(l): what is read, and where the next numbers are put.
#[derive(Debug)]
pub struct ThetaUpdate<'a, T> {
    columns: usize,
    /// Columns without a penalty.
    biases: usize,
    theta: &'a [T],
    sum: &'a [T],
    next: &'a mut [T],
    memory: Remembered<'a, T>,
    after: RememberedAfter<'a, T>,
}

impl<'a, T: Real> ThetaUpdate<'a, T> {
    /// All of a Θ^(l) with so many leading columns of biases, from ΣΔ^(l) and what the optimiser remembers; the next ones are given
    /// its shape.
    #[inline]
    pub fn of(
        (theta, biases): (&'a Array2<T>, usize),
        (sum, memory): (&'a Array2<T>, &'a Memory<T>),
        (next, after): (&'a mut Array2<T>, &'a mut Memory<T>),
    ) -> Self {
        super::fit(next, theta.dim());
        for (after, before) in [(&mut after.v, &memory.v), (&mut after.s, &memory.s)] {
            match before {
                Some(_) => super::fit(after.get_or_insert_with(|| Array2::zeros((0, 0))), theta.dim()),
                Option::None => *after = Option::None,
            }
        }
        Self {
            columns: theta.ncols(),
            biases,
            theta: flat(theta),
            sum: flat(sum),
            next: flat_mut(next),
            memory: (memory.v.as_ref().map(flat), memory.s.as_ref().map(flat)),
            after: (after.v.as_mut().map(flat_mut), after.s.as_mut().map(flat_mut)),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.theta.len() / self.columns.max(1)
    }

    /// The rows before one, and those from it on; none where there are fewer.
    pub fn split_at(self, row: usize) -> (Self, Self) {
        let at = (row * self.columns).min(self.theta.len());
        let both = |of: Option<&'a [T]>| of.map(|of| of.split_at(at)).unzip();
        let both_mut = |of: Option<&'a mut [T]>| of.map(|of| of.split_at_mut(at)).unzip();
        let (theta, sum, next) = (self.theta.split_at(at), self.sum.split_at(at), self.next.split_at_mut(at));
        let (v, s) = (both(self.memory.0), both(self.memory.1));
        let (v_after, s_after) = (both_mut(self.after.0), both_mut(self.after.1));
        let (columns, biases) = (self.columns, self.biases);
        let (memory, after) = ((v.0, s.0), (v_after.0, s_after.0));
        let before = Self { columns, biases, theta: theta.0, sum: sum.0, next: next.0, memory, after };
        let (memory, after) = ((v.1, s.1), (v_after.1, s_after.1));
        (before, Self { columns, biases, theta: theta.1, sum: sum.1, next: next.1, memory, after })
    }

    /// Makes it; whether all of the next Θ and of s is finite.
    pub fn make(self, rule: UpdateRule<'_>) -> bool {
        update(rule, self)
    }
}

fn update<T: Real>(rule: UpdateRule<'_>, change: ThetaUpdate<'_, T>) -> bool {
    let ThetaUpdate { columns, biases, theta, sum, next, memory: (v, s), after: (v_after, s_after) } = change;
    // A rule and a penalty that are known are compiled into the loop.
    macro_rules! with {
        ($optimizer:ident, $penalty:ident) => {
            Arch::new().dispatch(Sweep {
                kind: PhantomData::<($optimizer, $penalty)>,
                numbers: Numbers::of(Optimizer::$optimizer, &rule.rates),
                rule,
                columns,
                biases,
                theta,
                sum,
                next,
                memory: (v, s),
                after: (v_after, s_after),
            })
        };
        ($optimizer:ident) => {
            match rule.regularisation.penalty {
                _ if rule.regularisation.strength() == 0.0 => with!($optimizer, None),
                Penalty::L2 => with!($optimizer, L2),
                Penalty::L1 => with!($optimizer, L1),
                Penalty::None => with!($optimizer, None),
            }
        };
    }
    match rule.optimizer {
        Optimizer::GradientDescent => with!(GradientDescent),
        Optimizer::Momentum => with!(Momentum),
        Optimizer::Nesterov => with!(Nesterov),
        Optimizer::RmsProp => with!(RmsProp),
        Optimizer::Adam => with!(Adam),
        Optimizer::AdamW => with!(AdamW),
    }
}

/// A rule and a penalty as types.
trait UpdateKind {
    const OPTIMIZER: Optimizer;
    const PENALTY: Penalty;
}

macro_rules! kinds {
    ($($optimizer:ident)*; $penalties:tt) => {
        $(struct $optimizer; kinds!(@ $optimizer $penalties);)*
    };
    (@ $optimizer:ident ($($penalty:ident)*)) => {
        $(impl UpdateKind for ($optimizer, $penalty) {
            const OPTIMIZER: Optimizer = Optimizer::$optimizer;
            const PENALTY: Penalty = Penalty::$penalty;
        })*
    };
}

struct L2;
struct L1;
struct None;
kinds!(GradientDescent Momentum Nesterov RmsProp Adam AdamW; (L2 L1 None));

/// Slices of v and s, where there are any.
type Remembered<'a, T> = (Option<&'a [T]>, Option<&'a [T]>);
type RememberedAfter<'a, T> = (Option<&'a mut [T]>, Option<&'a mut [T]>);

pass! {
    /// One sweep over Θ.
    Sweep<'a, T: Real, K: UpdateKind> {
        kind: PhantomData<K>,
        rule: UpdateRule<'a>,
        numbers: Numbers<T>,
        columns: usize,
        biases: usize,
        theta: &'a [T],
        sum: &'a [T],
        next: &'a mut [T],
        memory: Remembered<'a, T>,
        after: RememberedAfter<'a, T>,
    } -> bool,
    Sweep { kind: _, rule, numbers, columns, biases, theta, sum, next, memory: (v, s), after: (mut v_after, mut s_after) } => {
        let (samples, cut) = (T::of(rule.samples as f64), T::of(rule.cut));
        let strength = T::of(rule.regularisation.strength());
        let zero = T::zero();
        let mut finite = true;
        // The bias column has no penalty; without one all rows are one.
        let wide = if K::PENALTY == Penalty::None { theta.len() } else { columns };
        for row in (0..theta.len()).step_by(wide.max(1)) {
            for (from, to, strength) in [(row, row + biases, zero), (row + biases, row + wide, strength)] {
                let one = |theta: T, sum: T, remembered: (T, T)| {
                    let d = sum / samples; // 3.1.2
                    let penalty = K::PENALTY.slope(strength, theta);
                    let gradient = d + penalty; // 3.1.3
                    // Where nothing is cut, this is a product with 1.
                    let (step, v, s) = K::OPTIMIZER.of_one((d * cut, penalty, gradient * cut), remembered, &numbers);
                    (theta + step, v, s) // 1.3.2
                };
                let (theta, sum, next) = (&theta[from..to], &sum[from..to], &mut next[from..to]);
                if K::OPTIMIZER == Optimizer::GradientDescent {
                    for ((&theta, &sum), next) in theta.iter().zip(sum).zip(next) {
                        (*next, _, _) = one(theta, sum, (zero, zero));
                        finite &= next.is_finite();
                    }
                    continue;
                }
                for index in 0..to - from {
                    let remembered = (v.map_or(zero, |v| v[from + index]), s.map_or(zero, |s| s[from + index]));
                    let (theta, v, s) = one(theta[index], sum[index], remembered);
                    next[index] = theta;
                    // A square that is infinite would keep its weight where it is for ever.
                    finite &= theta.is_finite() & s.is_finite();
                    if let Some(after) = &mut v_after {
                        after[from + index] = v;
                    }
                    if let Some(after) = &mut s_after {
                        after[from + index] = s;
                    }
                }
            }
        }
        finite
    }
}
