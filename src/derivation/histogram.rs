//! How many numbers of a kind lie where: bins over an activation's range, or by powers of four with the exact zeros apart.

use crate::train::Snapshot;

/// Bins of a histogram.
pub const BINS: usize = 24;
/// The power of four at the lower edge of the lowest bin by magnitude.
const LOWEST: i32 = -16;

/// Which numbers are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// a^(l) of the samples that a snapshot carries.
    A,
    /// δ^(l) of the same.
    Delta,
    /// D^(l−1).
    D,
    /// Θ^(l−1).
    Theta,
}

impl Counted {
    /// All of them.
    pub const ALL: [Counted; 4] = [Self::A, Self::Delta, Self::D, Self::Theta];

    /// Its symbol for layer l, 2 … L.
    pub fn symbol(self, l: usize) -> String {
        match self {
            Self::A => format!("a^({l})"),
            Self::Delta => format!("δ^({l})"),
            Self::D => format!("D^({})", l - 1),
            Self::Theta => format!("Θ^({})", l - 1),
        }
    }
}

/// Where the bins lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bins {
    /// Equal parts of a range.
    Range {
        /// Its lower end.
        low: f64,
        /// Its upper end.
        high: f64,
    },
    /// By magnitude, whatever the sign: each bin is four times as wide as the one below, from 4^−16 to 4^8; what lies beyond
    /// is in the lowest or highest one, and exact zeros are apart.
    Magnitude,
}

impl Bins {
    /// The lower edge of a bin; of the number after the last, the upper end.
    pub fn edge(self, bin: usize) -> f64 {
        match self {
            Self::Range { low, high } => low + (high - low) * bin as f64 / BINS as f64,
            Self::Magnitude => 4f64.powi(LOWEST + bin as i32),
        }
    }

    /// The bin of a finite number that is not an exact zero by magnitude.
    fn of(self, value: f64) -> usize {
        let bin = match self {
            Self::Range { low, high } => {
                ((value - low) / (high - low) * BINS as f64).floor().clamp(-1.0, BINS as f64) as i32
            }
            // The exponent that the number is stored with is log2, rounded down.
            Self::Magnitude => ((value.to_bits() >> 52 & 0x7ff) as i32 - 1_023).div_euclid(2) - LOWEST,
        };
        bin.clamp(0, BINS as i32 - 1) as usize
    }
}

/// How many numbers lie in each bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Where the bins lie.
    pub bins: Bins,
    /// How many lie in each, from the lowest up.
    pub counts: [u32; BINS],
    /// Exact zeros, where they are apart.
    pub zeros: u32,
    /// Numbers that are not finite.
    pub not_finite: u32,
}

impl Histogram {
    /// Counts numbers.
    pub fn new<'a>(bins: Bins, values: impl IntoIterator<Item = &'a f64>) -> Self {
        let mut histogram = Self { bins, counts: [0; BINS], zeros: 0, not_finite: 0 };
        for &value in values {
            let count = match value {
                _ if !value.is_finite() => &mut histogram.not_finite,
                0.0 if bins == Bins::Magnitude => &mut histogram.zeros,
                _ => &mut histogram.counts[bins.of(value)],
            };
            *count = count.saturating_add(1);
        }
        histogram
    }

    /// The histograms of layer l, 2 … L, in the order of [`Counted::ALL`].
    pub fn of_layer(l: usize, snapshot: &Snapshot) -> [Self; 4] {
        let network = &snapshot.network;
        let (low, high) = network.hidden.get(l - 2).map_or_else(|| network.output.range(), |g| g.range());
        let bins = if low.is_finite() && high.is_finite() { Bins::Range { low, high } } else { Bins::Magnitude };
        [
            Self::new(bins, snapshot.forward.a(l)),
            Self::new(Bins::Magnitude, snapshot.backprop.delta(l)),
            Self::new(Bins::Magnitude, snapshot.backprop.d(l - 1)),
            Self::new(Bins::Magnitude, network.theta(l - 1)),
        ]
    }

    /// The largest count of a bin or of the zeros.
    pub fn largest(&self) -> u32 {
        self.counts.iter().copied().fold(self.zeros, u32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_counted_once_in_the_bin_whose_edges_it_lies_between() {
        for bins in [Bins::Magnitude, Bins::Range { low: -1.0, high: 1.0 }] {
            for value in [1e-9, 0.004, 0.25, 0.2499, 1.0, 0.999, 3.9, 4.0, 60_000.0] {
                let bin = bins.of(value);
                let inside = bins.edge(bin) <= value && value < bins.edge(bin + 1);
                assert!(inside || (bin == BINS - 1 && value >= bins.edge(bin)), "{bins:?} {value} {bin}");
            }
        }
        let odd = [0.0, -0.0, f64::NAN, f64::INFINITY, -2.0, f64::MAX, f64::MIN_POSITIVE / 4.0, -1e-300];
        let histogram = Histogram::new(Bins::Magnitude, &odd);
        assert_eq!(
            (histogram.zeros, histogram.not_finite, histogram.counts[0], histogram.counts[BINS - 1]),
            (2, 2, 2, 1)
        );
        assert_eq!(histogram.counts.iter().sum::<u32>(), 4);
        let histogram = Histogram::new(Bins::Range { low: 0.0, high: 1.0 }, &odd);
        assert_eq!((histogram.zeros, histogram.not_finite, histogram.counts.iter().sum::<u32>()), (0, 2, 6));
    }
}
