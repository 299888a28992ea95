//! The update of Θ in one pass: from ΣΔ, Θ and what the optimiser remembers to the next Θ, looked over for numbers that are not finite.

use ndarray::Array2;
use pulp::Arch;

use super::{flat, flat_mut};
use crate::nn::{Memory, Numbers, Optimizer, Penalty, Rates, Real, Regularisation};

/// What an update goes by.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
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

/// The next Θ^(l) and memory; whether all of the next Θ is finite.
pub fn update<T: Real>(
    rule: Rule<'_>,
    (theta, sum, memory): (&Array2<T>, &Array2<T>, &Memory<T>),
    (next, after): (&mut Array2<T>, &mut Memory<T>),
) -> bool {
    super::fit(next, theta.dim());
    for (after, before) in [(&mut after.v, &memory.v), (&mut after.s, &memory.s)] {
        match before {
            Some(_) => super::fit(after.get_or_insert_with(|| Array2::zeros((0, 0))), theta.dim()),
            None => *after = None,
        }
    }
    let all = (theta, sum, memory, next, after);
    // A rule and a penalty that are known are compiled into the loop.
    macro_rules! with {
        ($optimizer:ident) => {
            match rule.regularisation.penalty {
                _ if rule.regularisation.strength() == 0.0 => sweep(rule, Optimizer::$optimizer, |_, _| T::zero(), all),
                Penalty::L2 => {
                    sweep(rule, Optimizer::$optimizer, |strength, theta| Penalty::L2.slope(strength, theta), all)
                }
                Penalty::L1 => {
                    sweep(rule, Optimizer::$optimizer, |strength, theta| Penalty::L1.slope(strength, theta), all)
                }
                Penalty::None => sweep(rule, Optimizer::$optimizer, |_, _| T::zero(), all),
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

/// Θ, ΣΔ and the memory before; Θ and the memory after.
type All<'a, T> = (&'a Array2<T>, &'a Array2<T>, &'a Memory<T>, &'a mut Array2<T>, &'a mut Memory<T>);

#[inline(always)]
fn sweep<T: Real>(rule: Rule<'_>, optimizer: Optimizer, penalty: impl Fn(T, T) -> T, all: All<T>) -> bool {
    let (theta, sum, memory, next, after) = all;
    let columns = theta.ncols();
    let numbers = Numbers::of(optimizer, &rule.rates);
    let (samples, cut) = (T::of(rule.samples as f64), T::of(rule.cut));
    let strength = T::of(rule.regularisation.strength());
    let one = |theta: T, sum: T, penalty: T, remembered: (T, T)| {
        let d = sum / samples; // 3.1.2
        let gradient = d + penalty; // 3.1.3
        let (d, gradient) = if rule.cut == 1.0 { (d, gradient) } else { (d * cut, gradient * cut) };
        let (step, v, s) = optimizer.of_one((d, penalty, gradient), remembered, &numbers);
        (theta + step, v, s) // 1.3.2
    };
    let (theta, sum, next) = (flat(theta), flat(sum), flat_mut(next));
    let (v, s) = (memory.v.as_ref().map(flat), memory.s.as_ref().map(flat));
    let (mut v_after, mut s_after) = (after.v.as_mut().map(flat_mut), after.s.as_mut().map(flat_mut));
    let zero = T::zero();
    Arch::new().dispatch(|| {
        let mut finite = true;
        for row in (0..theta.len()).step_by(columns.max(1)) {
            // The bias column has no penalty.
            let edge = [(row, row + 1, true), (row + 1, row + columns, false)];
            for (from, to, bias) in edge {
                let (theta, sum, next) = (&theta[from..to], &sum[from..to], &mut next[from..to]);
                if optimizer == Optimizer::GradientDescent {
                    for ((&theta, &sum), next) in theta.iter().zip(sum).zip(next) {
                        let penalty = if bias { zero } else { penalty(strength, theta) };
                        (*next, _, _) = one(theta, sum, penalty, (zero, zero));
                        finite &= next.is_finite();
                    }
                    continue;
                }
                for index in 0..to - from {
                    let penalty = if bias { zero } else { penalty(strength, theta[index]) };
                    let remembered = (v.map_or(zero, |v| v[from + index]), s.map_or(zero, |s| s[from + index]));
                    let (theta, v, s) = one(theta[index], sum[index], penalty, remembered);
                    next[index] = theta;
                    finite &= theta.is_finite();
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
    })
}
