//! Elementary functions in a form that vectorises: no branch and no call, a polynomial and selections.

/// A number with what the polynomials need of its format.
pub trait Lane: ndarray::NdFloat {
    /// 1.5 · 2^(digits − 1): adding it rounds to a whole number.
    const ROUNDER: Self;
    /// ln 2 in two parts, the first with so many zeros at its end that whole multiples of it are exact.
    const LN2: [Self; 2];
    /// 1/ln 2.
    const LOG2E: Self;
    /// Below this e^x is no normal number, and taken as 0.
    const LEAST: Self;
    /// From here down e^x − 1 is −1.
    const FLAT: Self;
    /// 1/k! for k = 2, 3, … as many as the precision needs, the last first.
    const FACTORIALS: &'static [Self];
    /// 1/(2k + 1) for k = 1, 2, …, the last first.
    const ODDS: &'static [Self];
    /// 2^n for the whole number n that was rounded by adding `ROUNDER`, from −126 (or −1022) to 0.
    fn power_of_two(rounded: Self) -> Self;
}

impl Lane for f32 {
    const ROUNDER: Self = 12_582_912.0;
    const LN2: [Self; 2] = [0.693_359_4, -2.121_944_4e-4];
    const LOG2E: Self = std::f32::consts::LOG2_E;
    const LEAST: Self = -87.336_54;
    const FLAT: Self = -40.0;
    const FACTORIALS: &'static [Self] = &[1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5];
    const ODDS: &'static [Self] =
        &[1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 1.0 / 5.0, 1.0 / 3.0];

    #[inline(always)]
    fn power_of_two(rounded: Self) -> Self {
        // The lowest bits of the sum are the whole number; the bias of the exponent joins them.
        f32::from_bits(rounded.to_bits().wrapping_add(127) << 23)
    }
}

impl Lane for f64 {
    const ROUNDER: Self = 6_755_399_441_055_744.0;
    const LN2: [Self; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
    const LOG2E: Self = std::f64::consts::LOG2_E;
    const LEAST: Self = -708.39;
    const FLAT: Self = -40.0;
    const FACTORIALS: &'static [Self] = &[
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
    ];
    const ODDS: &'static [Self] = &[
        1.0 / 35.0,
        1.0 / 33.0,
        1.0 / 31.0,
        1.0 / 29.0,
        1.0 / 27.0,
        1.0 / 25.0,
        1.0 / 23.0,
        1.0 / 21.0,
        1.0 / 19.0,
        1.0 / 17.0,
        1.0 / 15.0,
        1.0 / 13.0,
        1.0 / 11.0,
        1.0 / 9.0,
        1.0 / 7.0,
        1.0 / 5.0,
        1.0 / 3.0,
    ];

    #[inline(always)]
    fn power_of_two(rounded: Self) -> Self {
        f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52)
    }
}

/// x = n ln 2 + r with |r| ≤ ½ ln 2, for x from `LEAST` to 0: 2^n, and e^r − 1.
#[inline(always)]
fn reduced<T: Lane>(x: T) -> (T, T) {
    let rounded = x * T::LOG2E + T::ROUNDER;
    let n = rounded - T::ROUNDER;
    let r = (x - n * T::LN2[0]) - n * T::LN2[1];
    let mut p = T::zero();
    for &factor in T::FACTORIALS {
        p = p * r + factor;
    }
    (T::power_of_two(rounded), r + r * r * p)
}

/// e^x for x ≤ 0; 0 where it is no normal number. A NaN stays one.
#[inline(always)]
pub fn exp<T: Lane>(x: T) -> T {
    // What is not taken is worked out all the same; of 0, whose products are not subnormal and so not slow.
    let (power, p) = reduced(if x < T::LEAST { T::zero() } else { x });
    let e = power + power * p;
    // Neither comparison holds for a NaN, which e is then.
    if x < T::LEAST { T::zero() } else { e }
}

/// e^x − 1 for x ≤ 0.
#[inline(always)]
pub fn exp_m1<T: Lane>(x: T) -> T {
    let (power, p) = reduced(if x < T::FLAT { T::FLAT } else { x });
    power * p + (power - T::one())
}

/// log(1 + e) for 0 ≤ e ≤ 1, as 2 artanh(e / (2 + e)).
#[inline(always)]
pub fn ln_1p<T: Lane>(e: T) -> T {
    let s = e / (T::one() + T::one() + e);
    let square = s * s;
    let mut p = T::zero();
    for &factor in T::ODDS {
        p = p * square + factor;
    }
    let double = s + s;
    double + double * square * p
}

/// tanh z.
#[inline(always)]
pub fn tanh<T: Lane>(z: T) -> T {
    let t = -exp_m1(-(z.abs() + z.abs()));
    let size = t / (T::one() + T::one() - t);
    if z < T::zero() { -size } else { size }
}

/// Of the sigmoid g(z) and 1 − g(z), both with all their digits at either end, and e^−|z|.
#[inline(always)]
pub fn logistic<T: Lane>(z: T) -> (T, T, T) {
    let e = exp(-z.abs());
    let near = T::one() / (T::one() + e);
    let far = e * near;
    if z < T::zero() { (far, near, e) } else { (near, far, e) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many representable numbers two are apart.
    fn apart(one: f32, other: f32) -> u32 {
        let order = |value: f32| {
            let bits = value.to_bits() as i32;
            if bits < 0 { i32::MIN.wrapping_sub(bits) } else { bits }
        };
        order(one).abs_diff(order(other))
    }

    /// The most that a function is apart from the same in double precision, over numbers from all of its range.
    fn most(of: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64, range: impl Fn(f32) -> bool) -> u32 {
        let numbers = (0..u32::MAX / 97).map(|index| f32::from_bits(index * 97)).filter(|&x| x.is_finite() && range(x));
        let error = |x: f32| {
            let exact = exact(f64::from(x)) as f32;
            // Below the smallest normal number there are fewer digits.
            if exact.abs() < f32::MIN_POSITIVE && of(x).abs() <= f32::MIN_POSITIVE { 0 } else { apart(of(x), exact) }
        };
        numbers.map(error).max().expect("numbers")
    }

    #[test]
    fn in_single_precision_every_function_is_within_two_units_of_the_last_place_over_its_whole_range() {
        let power = most(exp, f64::exp, |x| x <= 0.0);
        assert!(power <= 2, "exp {power}");
        let tanh_is = most(tanh, f64::tanh, |_| true);
        assert!(tanh_is <= 2, "tanh {tanh_is}");
        let log = most(ln_1p, f64::ln_1p, |x| (0.0..=1.0).contains(&x));
        assert!(log <= 2, "ln_1p {log}");
        let less = most(exp_m1, f64::exp_m1, |x| x <= 0.0);
        assert!(less <= 2, "exp_m1 {less}");
        let exact = |z: f64| if z >= 0.0 { 1.0 / (1.0 + (-z).exp()) } else { z.exp() / (1.0 + z.exp()) };
        let value = most(|z| logistic(z).0, exact, |_| true);
        let rest = most(|z| logistic(z).1, |z| exact(-z), |_| true);
        assert!(value <= 3 && rest <= 3, "sigmoid {value} {rest}");
    }

    #[test]
    fn in_double_precision_they_are_within_rounding_of_the_standard_ones() {
        let near = |found: f64, expected: f64| {
            (found - expected).abs() <= 4.0 * f64::EPSILON * expected.abs() + f64::MIN_POSITIVE
        };
        for step in 0..200_000 {
            let z = (f64::from(step) - 100_000.0) * 0.0075;
            let x = -z.abs();
            assert!(near(exp(x), x.exp()), "exp {x}: {} {}", exp(x), x.exp());
            assert!(near(exp_m1(x), x.exp_m1()), "exp_m1 {x}: {} {}", exp_m1(x), x.exp_m1());
            assert!(near(tanh(z), z.tanh()), "tanh {z}: {} {}", tanh(z), z.tanh());
            let small = 1e-5 * z;
            assert!(near(tanh(small), small.tanh()), "tanh {small}");
            let e = x.exp();
            assert!(near(ln_1p(e), e.ln_1p()), "ln_1p {e}: {} {}", ln_1p(e), e.ln_1p());
        }
        assert!(tanh(f64::NAN).is_nan() && logistic(f64::NAN).0.is_nan() && exp(f64::NAN).is_nan());
        assert_eq!((tanh(f64::INFINITY), tanh(-1e300), logistic(1e300).0, logistic(-1e300).0), (1.0, -1.0, 1.0, 0.0));
    }
}
