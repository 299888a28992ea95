//! Where the value of an option comes from.

use std::collections::BTreeMap;
use std::fmt;

/// Where the value of an option comes from; each has precedence over those below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It was changed on the screen.
    Screen,
    /// A flag on the command line.
    Flag,
    /// The file of options, `--config`.
    File,
    /// The file of weights, `--weights`.
    Weights,
    /// The data set's own options.
    Data,
    /// The default, which may depend on the data.
    #[default]
    Default,
}

impl Origin {
    /// In words, to be written after a value.
    pub fn words(self) -> &'static str {
        match self {
            Self::Screen => "changed here",
            Self::Flag => "flag",
            Self::File => "--config",
            Self::Weights => "--weights",
            Self::Data => "data set",
            Self::Default => "default",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// The origin of each option by its name on the command line; those that it does not have are defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// Where an option comes from.
    pub fn of(&self, option: &str) -> Origin {
        self.0.get(option).copied().unwrap_or_default()
    }

    /// Notes where an option comes from.
    pub fn set(&mut self, option: &str, origin: Origin) {
        self.0.insert(option.into(), origin);
    }

    /// Adds the origins of other options; they replace those of the same options.
    pub(super) fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }
}
