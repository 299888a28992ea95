//! What can be changed while a run goes on, without a reset, and what a run that starts again has other than the one before.

use super::batch::BatchSize;
use super::config::Config;
use super::origin::Origin;
use crate::nn::Activation;
use crate::number::exact;

/// An option that can be changed between two updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The regularisation strength λ ≥ 0.
    Lambda,
    /// The learning rate α > 0.
    Alpha,
    /// β of the momentum, in [0, 1).
    Beta,
    /// β₂ of the mean square, in [0, 1).
    Beta2,
    /// The samples of an update, B.
    Batch,
}

/// The values that a key goes through.
const LADDER: [f64; 10] = [0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
/// The same for what stays of v and s.
const SHARES: [f64; 8] = [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];
/// Beyond this no value makes sense, and the numbers would leave what can be shown.
pub const MOST: f64 = 1e6;

impl Setting {
    /// All of them, in the order that they are shown in.
    pub const ALL: [Setting; 5] = [Self::Lambda, Self::Alpha, Self::Beta, Self::Beta2, Self::Batch];

    /// Its letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Lambda => "λ",
            Self::Alpha => "α",
            Self::Beta => "β",
            Self::Beta2 => "β₂",
            Self::Batch => "B",
        }
    }

    /// Its option on the command line.
    pub fn option(self) -> &'static str {
        match self {
            Self::Lambda => "lambda",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Beta2 => "beta2",
            Self::Batch => "batch",
        }
    }

    /// What it is.
    pub fn words(self) -> &'static str {
        match self {
            Self::Lambda => "regularisation strength",
            Self::Alpha => "learning rate",
            Self::Beta => "share of v that stays at an update",
            Self::Beta2 => "share of s that stays at an update",
            Self::Batch => "samples in an update",
        }
    }

    /// What it can be, for a training part of m samples.
    pub fn range(self, m: usize) -> String {
        match self {
            Self::Lambda => format!("a number from 0 up to {}", exact(MOST)),
            Self::Alpha => format!("a number above 0 up to {}", exact(MOST)),
            Self::Beta | Self::Beta2 => "a number from 0 up to, but not including, 1".into(),
            Self::Batch => format!("a whole number from 1 to {m}"),
        }
    }

    /// Whether these options make use of it.
    pub fn is_used(self, config: &Config) -> bool {
        let (v, s) = config.optimizer.remembers();
        match self {
            Self::Beta => v,
            Self::Beta2 => s,
            Self::Lambda | Self::Alpha | Self::Batch => true,
        }
    }

    /// Its value in these options.
    pub fn of(self, config: &Config, m: usize) -> f64 {
        match self {
            Self::Lambda => config.lambda,
            Self::Alpha => config.alpha,
            Self::Beta => config.beta,
            Self::Beta2 => config.beta2,
            Self::Batch => config.batch.size(m) as f64,
        }
    }

    /// The same options with another value, which is set on the screen.
    pub fn set(self, config: &Config, value: f64, m: usize) -> Config {
        let mut config = config.clone();
        config.origins.set(self.option(), Origin::Screen);
        match self {
            Self::Lambda => config.lambda = value,
            Self::Alpha => config.alpha = value,
            Self::Beta => config.beta = value,
            Self::Beta2 => config.beta2 = value,
            Self::Batch if value >= m as f64 => config.batch = BatchSize::Full,
            Self::Batch => config.batch = BatchSize::Size(value as usize),
        }
        config
    }

    /// Whether it can have a value.
    pub fn allows(self, value: f64, m: usize) -> bool {
        match self {
            Self::Lambda => (0.0..=MOST).contains(&value),
            Self::Alpha => value > 0.0 && value <= MOST,
            Self::Beta | Self::Beta2 => (0.0..1.0).contains(&value),
            Self::Batch => value >= 1.0 && value <= m as f64 && value.fract() == 0.0,
        }
    }

    /// The next value up or down a ladder, as far as there is one that is allowed; for B the powers of two, and m.
    pub fn beside(self, value: f64, up: bool, m: usize) -> f64 {
        let powers = (0..usize::BITS - 1).map(|bit| (1_usize << bit) as f64).take_while(|&size| size < m as f64);
        let ladder: Vec<f64> = match self {
            Self::Lambda | Self::Alpha => LADDER.to_vec(),
            Self::Beta | Self::Beta2 => SHARES.to_vec(),
            Self::Batch => powers.chain([m as f64]).collect(),
        };
        let rung = match up {
            true => ladder.into_iter().find(|&rung| rung > value),
            false => ladder.into_iter().rev().find(|&rung| rung < value),
        };
        rung.filter(|&rung| self.allows(rung, m)).unwrap_or(value)
    }
}

/// What a run that starts again has other than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetKind {
    /// Nothing.
    SameSeed,
    /// The next seed: weights drawn from it, its own split and order.
    NextSeed,
    /// The sizes of the hidden layers, with weights drawn from the seed.
    Layers(Vec<usize>),
    /// The activation of all hidden layers.
    Activation(Activation),
}

impl ResetKind {
    /// The options of the new run.
    pub fn of(&self, config: &Config) -> Config {
        let mut config = config.clone();
        match self {
            Self::SameSeed => config,
            Self::NextSeed => Config { seed: config.seed.wrapping_add(1), weights: None, ..config },
            Self::Activation(activation) => {
                config.origins.set("activation", Origin::Screen);
                Config { activation: vec![*activation], ..config }
            }
            Self::Layers(layers) => {
                // Activations one by one are of layers that there are no more.
                let kept = if layers.len() == config.activation.len() { config.activation.len() } else { 1 };
                let activation = config.activation.iter().copied().take(kept).collect();
                config.origins.set("layers", Origin::Screen);
                Config { layers: layers.clone(), activation, weights: None, ..config }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_goes_up_and_down_from_any_value_and_ends() {
        assert_eq!(Setting::Lambda.beside(1.0, true, 9), 3.0);
        assert_eq!(Setting::Lambda.beside(0.5, false, 9), 0.3);
        assert_eq!(Setting::Lambda.beside(0.001, false, 9), 0.0);
        assert_eq!(Setting::Alpha.beside(0.001, false, 9), 0.001, "α is above 0");
        assert_eq!(Setting::Alpha.beside(10.0, true, 9), 10.0);
        assert_eq!([5.0, 8.0, 9.0].map(|size| Setting::Batch.beside(size, true, 9)), [8.0, 9.0, 9.0]);
        assert_eq!([9.0, 5.0, 1.0].map(|size| Setting::Batch.beside(size, false, 9)), [8.0, 4.0, 1.0]);
    }

    #[test]
    fn a_setting_allows_what_its_range_says() {
        for value in [-1.0, 0.5, 0.0, 10.0, f64::NAN, f64::INFINITY] {
            assert!(!Setting::Batch.allows(value, 9), "{value}");
        }
        assert!(Setting::Batch.allows(9.0, 9) && Setting::Lambda.allows(0.0, 9) && !Setting::Alpha.allows(0.0, 9));
        assert!(!Setting::Lambda.allows(f64::NAN, 9) && !Setting::Alpha.allows(f64::INFINITY, 9));
    }

    #[test]
    fn a_run_that_starts_again_has_one_thing_other() {
        let config =
            Config { layers: vec![3, 4], activation: vec![Activation::Tanh, Activation::Relu], ..Config::default() };
        assert_eq!(ResetKind::SameSeed.of(&config), config);
        assert_eq!(ResetKind::NextSeed.of(&config).seed, 2);
        assert_eq!(ResetKind::Layers(vec![9, 8]).of(&config).activation, config.activation);
        let other = ResetKind::Layers(vec![9]).of(&config);
        assert_eq!((other.layers, other.activation), (vec![9], vec![Activation::Tanh]));
        assert_eq!(ResetKind::Activation(Activation::Sigmoid).of(&config).activation, [Activation::Sigmoid]);
    }
}
