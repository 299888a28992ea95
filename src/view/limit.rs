//! The limits of colours and bars, which follow their numbers in round steps and not at every flicker.

use ndarray::Array2;

/// A symmetric colour limit that follows its data in 1-2-5 steps and not at every flicker.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limit(pub(super) f64);

impl Limit {
    /// The limit; 1 as long as nothing but zeros was seen.
    pub fn value(self) -> f64 {
        if self.0 > 0.0 { self.0 } else { 1.0 }
    }

    /// Follows a magnitude: up at once, down when it is less than a quarter of the limit.
    pub fn follow(&mut self, magnitude: f64) {
        let outgrown = magnitude > self.0;
        if magnitude.is_finite() && magnitude > 0.0 && (outgrown || magnitude < self.0 / 4.0) {
            self.0 = round_up(magnitude);
        }
    }

    /// Follows the 99th percentile of the magnitudes; what is not finite is left out.
    pub(super) fn follow_99(&mut self, values: &Array2<f64>) {
        // Counting on which side of a limit they lie is far quicker than putting them in order.
        let (mut finite, mut within, mut far_within) = (0, 0, 0);
        values.iter().for_each(|value| {
            let magnitude = value.abs();
            finite += usize::from(magnitude < f64::INFINITY);
            within += usize::from(magnitude <= self.0);
            far_within += usize::from(magnitude < self.0 / 4.0);
        });
        let rank = finite.saturating_sub(1) * 99 / 100;
        if within <= rank || far_within > rank {
            self.follow(magnitude_at(rank, values));
        }
    }
}

/// The next of 1, 1.5, 2, 3, 5, 7 times a power of ten that is not below a positive number.
fn round_up(magnitude: f64) -> f64 {
    let power = magnitude.log10().floor();
    // Read from its digits, a limit is the very number that is printed beside the colours.
    let limits =
        ["1", "1.5", "2", "3", "5", "7", "10"].map(|digits| format!("{digits}e{power}").parse().unwrap_or(magnitude));
    limits.into_iter().find(|&limit: &f64| limit >= magnitude && limit.is_finite()).unwrap_or(magnitude)
}

/// The finite magnitude that stands at this rank from below; 0 if there are not so many.
fn magnitude_at(rank: usize, values: &Array2<f64>) -> f64 {
    let mut magnitudes: Vec<f64> = values.iter().map(|value| value.abs()).filter(|value| value.is_finite()).collect();
    if rank >= magnitudes.len() {
        return 0.0;
    }
    *magnitudes.select_nth_unstable_by(rank, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_limit_follows_up_at_once_and_down_late() {
        let mut limit = Limit::default();
        assert_eq!(limit.value(), 1.0);
        limit.follow(0.42);
        assert_eq!(limit.value(), 0.5);
        limit.follow(0.2);
        assert_eq!(limit.value(), 0.5);
        limit.follow(0.1);
        assert_eq!(limit.value(), 0.1);
        limit.follow(f64::INFINITY);
        limit.follow(f64::NAN);
        limit.follow(f64::MAX);
        assert!(limit.value().is_finite());
    }

    #[test]
    fn the_percentile_leaves_out_what_is_no_number() {
        let limit = |values: &Array2<f64>| {
            let mut limit = Limit::default();
            limit.follow_99(values);
            limit
        };
        assert_eq!(limit(&array![[f64::NAN, f64::INFINITY]]), Limit(0.0));
        assert_eq!(limit(&Array2::zeros((0, 3))), Limit(0.0));
        assert_eq!(limit(&Array2::from_shape_fn((1, 101), |(_, i)| -(i as f64))), Limit(100.0));
        assert_eq!(limit(&array![[0.25, f64::NAN, 0.0, 0.3]]), Limit(0.3));
    }

    #[test]
    fn counting_moves_a_limit_just_when_the_percentile_would() {
        for (low, high) in [(0.1, 1.0), (0.2, 0.9), (0.01, 0.2), (0.0, 0.0), (0.1, 40.0), (1e-9, 1e-8)] {
            let values = Array2::from_shape_fn((13, 17), |(j, i)| low + (high - low) * (17 * j + i) as f64 / 220.0);
            let (mut counted, mut ordered) = (Limit(1.0), Limit(1.0));
            counted.follow_99(&values);
            ordered.follow(magnitude_at(220 * 99 / 100, &values));
            assert_eq!(counted, ordered, "{low} … {high}");
        }
    }
}
