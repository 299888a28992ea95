//! How the weights start.

use ndarray::Array2;
use rand::SeedableRng;
use rand::distr::{Distribution, Uniform};
use rand::rngs::ChaCha8Rng;
use rand_distr::StandardNormal;

use super::{Named, Real};

/// The rule that Θ^(l) is drawn by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Init {
    /// U(−r, r) with r = √(6/(S_l + S_{l+1})), bias column too.
    Uniform,
    /// U(−0.12, 0.12), bias column too.
    Course,
    /// r sin(k), k = 1, 2, 3, … row by row with the bias column, from 1 again for each Θ.
    Sin,
    /// N(0, 2/S_l), bias column 0.
    He,
    /// 0 everywhere: every δ in a hidden layer is equal, for ever.
    Zeros,
}

impl Named for Init {
    const ALL: &'static [Self] = &[Self::Uniform, Self::Course, Self::Sin, Self::He, Self::Zeros];

    fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Course => "course",
            Self::Sin => "sin",
            Self::He => "he",
            Self::Zeros => "zeros",
        }
    }
}

impl Init {
    /// Θ^(1) … Θ^(L−1) for layers of these sizes S_1 … S_L, from the seed; drawn in `f64` whatever they are kept in.
    pub fn theta<T: Real>(self, sizes: &[usize], seed: u64) -> Vec<Array2<T>> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        sizes.windows(2).map(|pair| self.layer(pair[0], pair[1], &mut rng).mapv(T::of)).collect()
    }

    /// One Θ^(l), S_{l+1} × (S_l + 1), filled row by row.
    pub fn layer(self, from: usize, to: usize, rng: &mut ChaCha8Rng) -> Array2<f64> {
        let shape = (to, from + 1);
        let r = largest(from, to);
        match self {
            Self::Uniform => uniform(shape, r, rng),
            Self::Course => uniform(shape, OF_COURSE, rng),
            Self::Sin => {
                let mut k = 0.0_f64;
                Array2::from_shape_simple_fn(shape, || {
                    k += 1.0;
                    r * k.sin()
                })
            }
            Self::He => {
                let deviation = self.deviation(from, to);
                let draw = |(_, i)| if i == 0 { 0.0 } else { deviation * normal(rng) };
                Array2::from_shape_fn(shape, draw)
            }
            Self::Zeros => Array2::zeros(shape),
        }
    }

    /// The standard deviation of a weight between layers of these sizes, which is no bias.
    pub fn deviation(self, from: usize, to: usize) -> f64 {
        match self {
            Self::Uniform => largest(from, to) / 3.0_f64.sqrt(),
            Self::Course => OF_COURSE / 3.0_f64.sqrt(),
            Self::Sin => largest(from, to) / 2.0_f64.sqrt(),
            Self::He => (2.0 / from as f64).sqrt(),
            Self::Zeros => 0.0,
        }
    }
}

/// r of the uniform rule.
fn largest(from: usize, to: usize) -> f64 {
    (6.0 / (from + to) as f64).sqrt()
}

/// r of the course's rule.
const OF_COURSE: f64 = 0.12;

fn uniform(shape: (usize, usize), r: f64, rng: &mut ChaCha8Rng) -> Array2<f64> {
    let range = Uniform::new(-r, r).expect("r is positive and finite");
    Array2::from_shape_simple_fn(shape, || range.sample(rng))
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sin_counts_through_the_bias_column_and_starts_again_in_each_layer() {
        let theta = Init::Sin.theta::<f64>(&[2, 3, 1], 7);
        let r = (6.0_f64 / 5.0).sqrt();
        assert_eq!(theta[0][[0, 0]], r * 1.0_f64.sin());
        assert_eq!(theta[0][[1, 0]], r * 4.0_f64.sin());
        assert_eq!(theta[1][[0, 0]], (6.0_f64 / 4.0).sqrt() * 1.0_f64.sin());
    }

    #[test]
    fn draws_stay_in_their_range_and_follow_the_seed() {
        for init in [Init::Uniform, Init::Course] {
            let drawn = |seed| init.theta::<f64>(&[9, 8], seed);
            let (one, same, other) = (drawn(1), drawn(1), drawn(2));
            assert_eq!(one, same);
            assert_ne!(one, other);
            let r = if init == Init::Course { 0.12 } else { (6.0_f64 / 17.0).sqrt() };
            assert!(one[0].iter().all(|weight| weight.abs() <= r));
            assert!(one[0].column(0).iter().any(|&weight| weight != 0.0), "the bias column is drawn too");
        }
    }

    #[test]
    fn he_has_its_deviation_and_no_bias() {
        let theta = &Init::He.theta::<f64>(&[200, 300], 3)[0];
        assert!(theta.column(0).iter().all(|&bias| bias == 0.0));
        let mean_square = theta.iter().map(|weight| weight * weight).sum::<f64>() / (200.0 * 300.0);
        assert!((mean_square - 0.01).abs() < 0.0005, "{mean_square}");
    }

    #[test]
    fn single_precision_starts_at_the_same_numbers_rounded() {
        let (wide, narrow) = (Init::Uniform.theta::<f64>(&[3, 2], 5), Init::Uniform.theta::<f32>(&[3, 2], 5));
        assert_eq!(wide[0].mapv(|weight| weight as f32), narrow[0]);
    }
}
