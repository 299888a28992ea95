//! What can be changed while a run goes on, without a reset, and what was changed.

use super::config::{Batch, Config, Precision};
use crate::nn::Named;

/// An option that can be changed between two updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The regularisation strength λ ≥ 0.
    Lambda,
    /// The learning rate α > 0.
    Alpha,
}

/// The values that a key goes through.
const LADDER: [f64; 10] = [0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
/// Beyond this no value makes sense, and the numbers would leave what can be shown.
const MOST: f64 = 1e6;

impl Setting {
    /// All of them, in the order that they are shown in.
    pub const ALL: [Setting; 2] = [Self::Lambda, Self::Alpha];

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Self::Lambda => 'λ',
            Self::Alpha => 'α',
        }
    }

    /// What it is.
    pub fn words(self) -> &'static str {
        match self {
            Self::Lambda => "regularisation strength",
            Self::Alpha => "learning rate",
        }
    }

    /// Its value in these options.
    pub fn of(self, config: &Config) -> f64 {
        match self {
            Self::Lambda => config.lambda,
            Self::Alpha => config.alpha,
        }
    }

    /// The same options with another value.
    pub fn set(self, config: &Config, value: f64) -> Config {
        match self {
            Self::Lambda => Config { lambda: value, ..config.clone() },
            Self::Alpha => Config { alpha: value, ..config.clone() },
        }
    }

    /// Whether it can have a value.
    pub fn allows(self, value: f64) -> bool {
        let least_is_allowed = self == Self::Lambda;
        value.is_finite() && value <= MOST && (value > 0.0 || (least_is_allowed && value == 0.0))
    }

    /// The value on the ladder above or below this one, as far as there is one that is allowed.
    pub fn beside(self, value: f64, up: bool) -> f64 {
        let rung = match up {
            true => LADDER.into_iter().find(|&rung| rung > value),
            false => LADDER.into_iter().rev().find(|&rung| rung < value),
        };
        rung.filter(|&rung| self.allows(rung)).unwrap_or(value)
    }
}

/// A change of a setting during a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Updates made before.
    pub step: u64,
    /// What was changed.
    pub setting: Setting,
    /// Its value before.
    pub from: f64,
    /// Its value since.
    pub to: f64,
}

impl Config {
    /// The command line that starts a run with these options: those that are not the defaults.
    pub fn command_line(&self) -> String {
        let default = Config::default();
        let mut words = vec!["deltascope".to_string()];
        let mut add = |differs: bool, flag: &str, value: String| {
            if differs {
                words.push(format!("--{flag} {value}"));
            }
        };
        add(self.source.name != default.source.name, "data", quoted(&self.source.name.to_string_lossy()));
        if let Some(target) = &self.source.target {
            add(true, "target", quoted(target));
        }
        if let Some(scale) = self.scale {
            add(true, "scale", scale.to_string());
        }
        add(self.test_split != default.test_split, "test-split", self.test_split.to_string());
        let layers = self.layers.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        add(self.layers != default.layers, "layers", if layers.is_empty() { "none".into() } else { layers });
        let activation = self.activation.iter().map(|activation| activation.name()).collect::<Vec<_>>().join(",");
        add(self.activation != default.activation, "activation", activation);
        add(self.output != default.output, "output", self.output.name().into());
        add(self.penalty != default.penalty, "penalty", self.penalty.name().into());
        add(self.lambda != default.lambda, "lambda", self.lambda.to_string());
        add(self.alpha != default.alpha, "alpha", self.alpha.to_string());
        let batch = match self.batch {
            Batch::Full => "full".into(),
            Batch::Size(size) => size.to_string(),
        };
        add(self.batch != default.batch, "batch", batch);
        if let Some(epochs) = self.epochs {
            add(true, "epochs", epochs.to_string());
        }
        add(self.init != default.init, "init", self.init.name().into());
        add(self.seed != default.seed, "seed", self.seed.to_string());
        add(self.precision != Precision::F64, "precision", self.precision.name().into());
        if !self.shuffle {
            words.push("--no-shuffle".into());
        }
        words.join(" ")
    }
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// The command line of a run, with what was changed since as comments.
pub fn told(config: &Config, changes: &[Change]) -> String {
    // The run began with what the first change of each setting found.
    let begun = Setting::ALL.into_iter().fold(config.clone(), |config, setting| {
        let first = changes.iter().find(|change| change.setting == setting);
        first.map_or(config.clone(), |change| setting.set(&config, change.from))
    });
    let mut text = begun.command_line();
    for Change { step, setting, from, to } in changes {
        text.push_str(&format!("\n# {} {from} → {to} at step {step}", setting.letter()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_goes_up_and_down_from_any_value_and_ends() {
        assert_eq!(Setting::Lambda.beside(1.0, true), 3.0);
        assert_eq!(Setting::Lambda.beside(0.5, false), 0.3);
        assert_eq!(Setting::Lambda.beside(0.001, false), 0.0);
        assert_eq!(Setting::Alpha.beside(0.001, false), 0.001, "α is above 0");
        assert_eq!(Setting::Alpha.beside(10.0, true), 10.0);
    }

    #[test]
    fn the_command_line_has_what_is_not_the_default_and_the_changes_as_comments() {
        assert_eq!(Config::default().command_line(), "deltascope");
        let config = Config { lambda: 3.0, layers: vec![], shuffle: false, ..Config::default() };
        let changes = [
            Change { step: 480, setting: Setting::Lambda, from: 0.1, to: 1.0 },
            Change { step: 500, setting: Setting::Lambda, from: 1.0, to: 3.0 },
        ];
        assert_eq!(
            told(&config, &changes),
            "deltascope --layers none --lambda 0.1 --no-shuffle\n# λ 0.1 → 1 at step 480\n# λ 1 → 3 at step 500"
        );
    }

    #[test]
    fn a_name_that_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted("my data's.csv"), "'my data'\\''s.csv'");
        assert_eq!(quoted("dir/file-1.csv"), "dir/file-1.csv");
    }
}
