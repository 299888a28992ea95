//! How many numbers of a kind lie where: bins over an activation's range, or by powers of four with the exact zeros apart.

use ndarray::{Array2, s};

use crate::nn::{AnyModel, Symbol};
use crate::train::{Parameter, Snapshot};

/// Bins of a histogram.
pub const BINS: usize = 24;
/// The power of four at the lower edge of the lowest bin by magnitude.
const LOWEST: i32 = -16;

/// Which numbers are counted, of one Θ and the units that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The activations of the samples that a snapshot carries, in sequences at all steps: a^(l+1), or h or o.
    A,
    /// δ of the same, in sequences at all steps.
    Delta,
    /// D.
    D,
    /// Θ.
    Theta,
}

impl Counted {
    /// All of them.
    pub const ALL: [Counted; 4] = [Self::A, Self::Delta, Self::D, Self::Theta];

    /// Its symbol, by that of the Θ.
    pub fn symbol(self, theta: Symbol) -> String {
        match self {
            Self::A => theta.units(),
            Self::Delta => theta.delta(),
            Self::D => theta.of("D"),
            Self::Theta => theta.to_string(),
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
        match self {
            Self::Range { low, high } => {
                ((value - low) / (high - low) * BINS as f64).floor().clamp(0.0, BINS as f64 - 1.0) as usize
            }
            Self::Magnitude => Self::of_exponent(Exponents::stored(value)),
        }
    }

    /// The bin by magnitude of numbers stored with this exponent, which is log2, rounded down.
    fn of_exponent(stored: usize) -> usize {
        ((stored as i32 - 1_023).div_euclid(2) - LOWEST).clamp(0, BINS as i32 - 1) as usize
    }
}

/// How many numbers are stored with each exponent: what a pass over all of them can count quickly.
struct Exponents {
    /// Of every stored exponent; numbers that are not finite have the last one.
    counts: [u32; 2_048],
    /// Exact zeros, which have the first one.
    zeros: u32,
}

impl Exponents {
    /// Counts numbers.
    fn of<'a>(values: impl IntoIterator<Item = &'a f64>) -> Self {
        let mut exponents = Self { counts: [0; 2_048], zeros: 0 };
        values.into_iter().for_each(|&value| {
            exponents.counts[Self::stored(value)] += 1;
            exponents.zeros += u32::from(value == 0.0);
        });
        exponents
    }

    /// The exponent that a number is stored with, 0 … 2,047; a larger magnitude has no smaller one.
    fn stored(value: f64) -> usize {
        (value.to_bits() >> 52 & 0x7ff) as usize
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
        match bins {
            Bins::Range { .. } => Self::over_range(bins, values),
            Bins::Magnitude => Self::by_magnitude(&Exponents::of(values)),
        }
    }

    fn over_range<'a>(bins: Bins, values: impl IntoIterator<Item = &'a f64>) -> Self {
        let mut histogram = Self { bins, counts: [0; BINS], zeros: 0, not_finite: 0 };
        values.into_iter().for_each(|&value| match value.is_finite() {
            true => histogram.counts[bins.of(value)] += 1,
            false => histogram.not_finite += 1,
        });
        histogram
    }

    fn by_magnitude(exponents: &Exponents) -> Self {
        let [below @ .., not_finite] = &exponents.counts;
        let mut counts = [0; BINS];
        // Zeros are stored with the lowest exponent.
        counts[0] -= i64::from(exponents.zeros);
        for (stored, &count) in below.iter().enumerate() {
            counts[Bins::of_exponent(stored)] += i64::from(count);
        }
        let counts = counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        Self { bins: Bins::Magnitude, counts, zeros: exponents.zeros, not_finite: *not_finite }
    }

    /// The histograms of each Θ of a snapshot, in the order of [`Counted::ALL`].
    pub fn of(snapshot: &Snapshot) -> Vec<[Self; 4]> {
        let thetas = snapshot.model.parameters().iter().zip(&snapshot.parameters);
        let of_one = |((theta, parameter), (a, delta)): ((_, &Parameter), (Self, _))| {
            let [delta, d, theta] = [delta, &parameter.d, theta].map(|values| Self::new(Bins::Magnitude, values));
            [a, delta, d, theta]
        };
        thetas.zip(of_units(snapshot)).map(of_one).collect()
    }

    /// Counts activations, over their range where that is finite.
    fn of_activations<'a>((low, high): (f64, f64), values: impl IntoIterator<Item = &'a f64>) -> Self {
        let is_finite = low.is_finite() && high.is_finite();
        Self::new(if is_finite { Bins::Range { low, high } } else { Bins::Magnitude }, values)
    }

    /// The largest count of a bin or of the zeros.
    pub fn largest(&self) -> u32 {
        self.counts.iter().copied().fold(self.zeros, u32::max)
    }
}

/// The activations of the units that each Θ leads to, counted, and their δ.
fn of_units(snapshot: &Snapshot) -> Vec<(Histogram, &Array2<f64>)> {
    match &snapshot.model {
        AnyModel::Dense(network) => {
            let Some(dense) = snapshot.dense() else { return Vec::new() };
            let range = |l: usize| network.hidden.get(l - 2).map_or_else(|| network.output.range(), |g| g.range());
            let of_layer = |l: usize| (Histogram::of_activations(range(l), dense.a(l)), dense.delta(l));
            (2..=network.depth()).map(of_layer).collect()
        }
        AnyModel::Recurrent(network) => {
            let Some(net) = snapshot.recurrent() else { return Vec::new() };
            // The state before the first step is none that the weights lead to.
            let states = net.h().slice(s![net.samples.., ..]);
            let h = Histogram::of_activations(network.cell.range(), states);
            let o = Histogram::of_activations(network.output.range(), net.o());
            vec![(h.clone(), net.delta()), (h, net.delta_h()), (o, net.delta_o())]
        }
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
