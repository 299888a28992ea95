//! The limits of colours and bars, which follow their numbers in round steps and not at every flicker.

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
}

/// The next of 1, 1.5, 2, 3, 5, 7 times a power of ten that is not below a positive number.
fn round_up(magnitude: f64) -> f64 {
    let power = magnitude.log10().floor();
    // Read from its digits, a limit is the very number that is printed beside the colours.
    let limits =
        ["1", "1.5", "2", "3", "5", "7", "10"].map(|digits| format!("{digits}e{power}").parse().unwrap_or(magnitude));
    limits.into_iter().find(|&limit: &f64| limit >= magnitude && limit.is_finite()).unwrap_or(magnitude)
}

/// The 99th percentile of the magnitudes; what is not finite is left out.
pub(super) fn percentile_99(values: impl Iterator<Item = f64>) -> f64 {
    let mut magnitudes: Vec<f64> = values.map(f64::abs).filter(|value| value.is_finite()).collect();
    if magnitudes.is_empty() {
        return 0.0;
    }
    let index = (magnitudes.len() - 1) * 99 / 100;
    *magnitudes.select_nth_unstable_by(index, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
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
        assert_eq!(percentile_99([f64::NAN, f64::INFINITY].into_iter()), 0.0);
        assert_eq!(percentile_99((0..=100).map(f64::from)), 99.0);
    }
}
