//! Round numbers along an axis: steps of 1, 2 and 5, or powers of ten.

use crate::number::{plain, scientific};

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Its value.
    pub value: f64,
    /// How it is written.
    pub text: String,
}

/// Ticks from `low` to `high` in steps of 1, 2 or 5 times a power of ten, as many as `most` allows.
pub fn linear(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let range = high - low;
    if !range.is_finite() || range <= 0.0 || most == 0 {
        return Vec::new();
    }
    let first = (range / most as f64).log10().floor() as i32;
    let steps = (first..first + 3).flat_map(|power| [1, 2, 5].map(|digit| (digit, power)));
    let all = steps.map(|step| multiples(step, (low, high), most));
    all.into_iter().find(|ticks| ticks.as_ref().is_some_and(|ticks| ticks.len() <= most)).flatten().unwrap_or_default()
}

/// Ticks for a log axis from `low` to `high`, both positive: powers of ten; 1, 2 and 5 of each where those are too few; else linear ones.
pub fn log(low: f64, high: f64, most: usize) -> Vec<Tick> {
    if !(low > 0.0 && high > low && high.is_finite()) || most == 0 {
        return Vec::new();
    }
    let (bottom, top) = (low.log10().ceil() as i32, high.log10().floor() as i32);
    let decades = (top - bottom + 1).max(0) as usize;
    let stride = decades.div_ceil(most).max(1) as i32;
    let kept = (bottom..=top).filter(|power| power.rem_euclid(stride) == 0);
    let named = |power: i32| digit_tick(1, power).map(|tick| Tick { text: format!("1e{power}"), ..tick });
    let powers: Vec<Tick> = kept.filter_map(named).collect();
    if powers.len() >= 3 {
        return powers;
    }
    let digits = (bottom - 1..=top).flat_map(|power| [1, 2, 5].map(|digit| digit_tick(digit, power)));
    let digits: Vec<Tick> = digits.flatten().filter(|tick| (low..=high).contains(&tick.value)).collect();
    let finest = if (3..=most).contains(&digits.len()) { digits } else { linear(low, high, most) };
    if finest.len() > powers.len() { finest } else { powers }
}

/// The multiples of `digit` × 10^`power` in the range, if they are not far too many.
fn multiples((digit, power): (i32, i32), (low, high): (f64, f64), most: usize) -> Option<Vec<Tick>> {
    let step = decimal(i64::from(digit), power)?;
    let (from, to) = ((low / step).ceil(), (high / step).floor());
    if step <= 0.0 || from.abs().max(to.abs()) > 1e15 || to - from > most as f64 + 1.0 {
        return None;
    }
    let large = low.abs().max(high.abs()) >= 1e6 || power < -4;
    let tick = |i: i64| {
        let value = decimal(i * i64::from(digit), power)?;
        let text = match (value == 0.0, large) {
            (true, _) => "0".to_string(),
            (false, true) => scientific(value),
            (false, false) => plain(value, usize::try_from(-power).unwrap_or(0)),
        };
        Some(Tick { value, text })
    };
    let ticks: Option<Vec<Tick>> = (from as i64..=to as i64).map(tick).collect();
    // Rounding may have carried the outermost over the edge.
    ticks.map(|ticks| ticks.into_iter().filter(|tick| (low..=high).contains(&tick.value)).collect())
}

/// A digit times a power of ten; `None` beyond the largest number.
fn digit_tick(digit: i32, power: i32) -> Option<Tick> {
    let value = decimal(i64::from(digit), power)?;
    let plain = (-3..=4).contains(&power);
    Some(Tick { value, text: if plain { format!("{value}") } else { format!("{digit}e{power}") } })
}

/// `digits` × 10^`power`, rounded once, as if it had been typed.
fn decimal(digits: i64, power: i32) -> Option<f64> {
    format!("{digits}e{power}").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    fn texts(ticks: Vec<Tick>) -> Vec<String> {
        ticks.into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(texts(linear(0.0, 480.0, 5)), ["0", "100", "200", "300", "400"]);
        assert_eq!(
            texts(linear(-0.013, 0.021, 4)),
            ["-0.01", "0.00", "0.01", "0.02"].map(|t| if t == "0.00" { "0" } else { t })
        );
        assert_eq!(texts(linear(0.35, 0.3523, 4)), ["0.350", "0.351", "0.352"]);
        assert_eq!(texts(linear(0.0, 3e7, 4)), ["0", "1e7", "2e7", "3e7"]);
    }

    #[test]
    fn log_ticks_are_powers_of_ten_where_there_are_enough() {
        assert_eq!(texts(log(0.004, 30.0, 6)), ["1e-2", "1e-1", "1e0", "1e1"]);
        assert_eq!(texts(log(1e-12, 1.0, 5)), ["1e-12", "1e-9", "1e-6", "1e-3", "1e0"]);
        assert_eq!(texts(log(0.25, 2.4, 6)), ["0.5", "1", "2"]);
        assert_eq!(texts(log(0.3521, 0.3534, 4)), ["0.3525", "0.3530"]);
    }

    #[test]
    fn an_axis_without_a_range_has_no_ticks() {
        assert!(linear(1.0, 1.0, 5).is_empty() && linear(f64::NAN, 1.0, 5).is_empty());
        assert!(linear(f64::MIN, f64::MAX, 5).is_empty() && linear(0.0, 1.0, 0).is_empty());
        assert!(log(0.0, 1.0, 5).is_empty() && log(1.0, f64::INFINITY, 5).is_empty());
    }

    #[test]
    fn at_the_end_of_the_numbers_there_are_ticks_and_no_panic() {
        assert!(log(1.9e307, 1.4e308, 1).len() <= 1);
        assert_eq!(texts(log(1e307, f64::MAX, 6)), ["1e307", "2e307", "5e307", "1e308"]);
    }

    proptest! {
        #[test]
        fn ticks_lie_in_the_range_and_are_not_too_many(a in any::<f64>(), b in any::<f64>(), most in 0..12usize) {
            let (low, high) = (a.min(b), a.max(b));
            for ticks in [linear(low, high, most), log(low, high, most), log(low.abs(), low.abs() * 7.0, most)] {
                prop_assert!(ticks.len() <= most);
            }
            prop_assert!(linear(low, high, most).iter().all(|tick| (low..=high).contains(&tick.value)));
        }

        #[test]
        fn common_ranges_have_more_than_two_labels(low in -1e3..1e3f64, range in 1e-3..1e4f64) {
            prop_assert!(linear(low, low + range, 8).len() >= 3);
        }
    }
}
