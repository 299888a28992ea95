//! Mean and deviation of numbers, right for all that are finite: no sum overflows, and none loses what cancels.

/// Bits of a limb.
const LIMB: usize = 32;
/// Limbs that hold every finite number's bits, from 2^-1074 up, and the carries of 2^31 of them.
const LIMBS: usize = 67;

/// The exact sum of finite numbers, in fixed point.
struct CompensatedSum {
    limbs: [i64; LIMBS],
    count: usize,
}

impl CompensatedSum {
    fn of<'a>(values: impl Iterator<Item = &'a f64>) -> Self {
        let mut sum = Self { limbs: [0; LIMBS], count: 0 };
        values.for_each(|&value| sum.add(value));
        sum
    }

    fn add(&mut self, value: f64) {
        let bits = value.to_bits();
        let (exponent, fraction) = ((bits >> 52 & 0x7ff) as usize, bits & ((1 << 52) - 1));
        // The smallest numbers lack the leading bit that all others have.
        let (place, digits) = if exponent == 0 { (0, fraction) } else { (exponent - 1, fraction | 1 << 52) };
        let mut digits = u128::from(digits) << (place % LIMB);
        for limb in &mut self.limbs[place / LIMB..][..3] {
            let part = (digits & u128::from(u32::MAX)) as i64;
            *limb += if value.is_sign_negative() { -part } else { part };
            digits >>= LIMB;
        }
        self.count += 1;
    }

    /// The sum divided by how many there are, 0 of none.
    fn mean(mut self) -> f64 {
        let carried = |limbs: &mut [i64; LIMBS]| {
            for at in 1..LIMBS {
                limbs[at] += limbs[at - 1] >> LIMB;
                limbs[at - 1] &= i64::from(u32::MAX);
            }
            limbs[LIMBS - 1] < 0
        };
        let negative = carried(&mut self.limbs);
        if negative {
            self.limbs = self.limbs.map(|limb| -limb);
            carried(&mut self.limbs);
        }
        let Some(top) = self.limbs.iter().rposition(|&limb| limb != 0) else { return 0.0 };
        let lowest = top.saturating_sub(2);
        let digits = self.limbs[lowest..=top].iter().rev().fold(0_u128, |digits, &limb| digits << LIMB | limb as u128);
        // Divided with all the bits there are room for, and one more that says that there is a rest: so it is rounded once.
        let room = digits.leading_zeros();
        let (digits, count) = (digits << room, self.count as u128);
        let quotient = (digits / count) | u128::from(digits % count != 0);
        let mean = scaled(quotient as f64, (LIMB * lowest) as i32 - 1074 - room as i32);
        if negative { -mean } else { mean }
    }
}

/// value × 2^power, in steps that neither overflow nor vanish on the way.
fn scaled(value: f64, power: i32) -> f64 {
    let step = power.clamp(-512, 512);
    let value = value * 2_f64.powi(step);
    if step == power { value } else { scaled(value, power - step) }
}

/// The mean of finite numbers, the exact one rounded; 0 of none.
pub fn mean<'a>(values: impl Iterator<Item = &'a f64>) -> f64 {
    CompensatedSum::of(values).mean()
}

/// Mean and population deviation of finite numbers; (0, 0) of none.
pub fn mean_and_deviation<'a>(values: impl Iterator<Item = &'a f64> + Clone) -> (f64, f64) {
    let Some(&first) = values.clone().next() else { return (0.0, 0.0) };
    // The mean of equal numbers may differ from them by rounding, and the deviation would be that.
    if values.clone().all(|&x| x == first) {
        return (first, 0.0);
    }
    let mean = mean(values.clone());
    // Halves of what is so large that a difference would overflow.
    let part = if values.clone().any(|x| x.abs() > f64::MAX / 4.0) { 0.5 } else { 1.0 };
    let off = |&x: &f64| x * part - mean * part;
    // Scaled, so that no square overflows or vanishes.
    let widest = values.clone().map(|x| off(x).abs()).fold(0.0, f64::max);
    let squares: Vec<f64> = values.map(|x| (off(x) / widest).powi(2)).collect();
    (mean, widest * CompensatedSum::of(squares.iter()).mean().sqrt() / part)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    #[test]
    fn a_mean_is_right_where_a_sum_would_overflow_or_cancel() {
        let of = |values: &[f64]| mean(values.iter());
        assert_eq!(of(&[1.7e308, -1.7e308, 1.7e308, -1.7e308]), 0.0);
        assert_eq!(of(&[1.7e308, 1.7e308, 1.7e308]), 1.7e308);
        assert_eq!(of(&[f64::MAX, f64::MAX, -f64::MAX, -f64::MAX, 5.0]), 1.0);
        assert_eq!(of(&[1e16, 1.0, -1e16, 1.0]), 0.5);
        assert_eq!(of(&[-3.0, -4.0]), -3.5);
        assert_eq!(of(&[5e-324, 5e-324]), 5e-324);
        assert_eq!(of(&[1e300, 4e-320, -1e300, 4e-320]), 2e-320);
        assert_eq!(of(&[]), 0.0);
        assert_eq!(of(&[-0.0, 0.0]).to_bits(), 0);
    }

    #[test]
    fn a_deviation_is_right_for_the_largest_and_the_smallest_numbers() {
        assert_eq!(mean_and_deviation([1.7e308, -1.7e308].iter()), (0.0, 1.7e308));
        assert_eq!(mean_and_deviation([4e-310, -4e-310].iter()), (0.0, 4e-310));
        assert_eq!(mean_and_deviation([0.1; 7].iter()), (0.1, 0.0));
        let (mean, deviation) = mean_and_deviation([1.0, 3.0, 5.0].iter());
        assert_eq!(mean, 3.0);
        assert!((deviation - (8.0_f64 / 3.0).sqrt()).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn a_mean_lies_between_the_ends_and_knows_no_order(mut x in proptest::collection::vec(any::<f64>(), 1..40)) {
            x.iter_mut().filter(|x| !x.is_finite()).for_each(|x| *x = 1.0);
            let (low, high) = x.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
            let (mean, deviation) = mean_and_deviation(x.iter());
            let near = 4.0 * f64::EPSILON * mean.abs();
            prop_assert!(low - near <= mean && mean <= high + near, "{low:e} {mean:e} {high:e}");
            prop_assert!(deviation.is_finite() && deviation >= 0.0);
            x.reverse();
            prop_assert!(super::mean(x.iter()).to_bits() == mean.to_bits() || deviation == 0.0);
        }

        #[test]
        fn a_mean_is_that_of_whole_numbers(x in proptest::collection::vec(-1_000_000_i64..1_000_000, 1..40)) {
            let exact = x.iter().sum::<i64>() as f64 / x.len() as f64;
            let x: Vec<f64> = x.into_iter().map(|x| x as f64).collect();
            prop_assert!((mean(x.iter()) - exact).abs() <= 4.0 * f64::EPSILON * exact.abs());
        }
    }
}
