//! Options of a run that turn out to be without a use once the data and all other options are known.

use crate::data::Task;
use crate::error::{Error, Result};
use crate::nn::{Named, Optimizer, Penalty};
use crate::train::{Config, Origin};

/// What is known of a run beside its options.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Known {
    /// Whether the data hold out a part of their own.
    pub held_out: bool,
    /// Whether the run is on the screen, where λ can be changed.
    pub on_screen: bool,
}

/// An option that may have no use.
struct Settled {
    /// Its name.
    name: &'static str,
    /// Why it has none, if it has none.
    useless: fn(&Config, Known) -> Option<String>,
    /// Takes it out of the options.
    pass_over: fn(&mut Config),
}

/// The options that may have no use.
const SETTLED: [Settled; 7] = [
    Settled {
        name: "beta",
        useless: |config, _| remembers(config, |rule| rule.betas().0),
        pass_over: |config| config.beta = Config::default().beta,
    },
    Settled {
        name: "beta2",
        useless: |config, _| remembers(config, |rule| rule.betas().1),
        pass_over: |config| config.beta2 = Config::default().beta2,
    },
    Settled { name: "dropout", useless: |config, _| no_hidden_layer(config), pass_over: |config| config.dropout = 0.0 },
    Settled { name: "activation", useless: |config, _| no_hidden_layer(config), pass_over: |_| () },
    Settled {
        name: "target-scale",
        useless: |config, _| {
            let numbers = config.source.task() == Task::Regression;
            (!numbers).then(|| "only the targets of --task regression are scaled".into())
        },
        pass_over: |config| config.target_scale = None,
    },
    Settled {
        name: "test-split",
        useless: |_, known| known.held_out.then(|| "the data say themselves which samples are held out".into()),
        pass_over: |config| config.test_split = Config::default().test_split,
    },
    Settled {
        name: "penalty",
        useless: |config, known| {
            let none = config.penalty != Penalty::None && config.lambda == 0.0 && !known.on_screen;
            none.then(|| "λ is 0, so that there is no penalty; give --lambda".into())
        },
        pass_over: |config| config.penalty = Config::default().penalty,
    },
];

/// The options of a run without those that have no use, where only a file of options says them.
///
/// # Errors
/// `Error::Usage` with the reason for one that was typed.
pub(in crate::cli) fn settled(mut config: Config, known: Known) -> Result<Config> {
    for Settled { name, useless, pass_over } in SETTLED {
        let Some(reason) = useless(&config, known) else { continue };
        match config.origins.of(name) {
            Origin::Flag => return Err(Error::Usage(format!("--{name}: {reason}"))),
            Origin::File => {
                pass_over(&mut config);
                config.origins.set(name, Origin::Default);
            }
            _ => {}
        }
    }
    Ok(config)
}

/// Why the optimiser has no use for what others remember.
fn remembers(config: &Config, of: fn(Optimizer) -> bool) -> Option<String> {
    let names: Vec<_> = Optimizer::ALL.iter().filter(|&&rule| of(rule)).map(|rule| rule.name()).collect();
    let reason = || format!("--optimizer {} has none; {} have", config.optimizer.name(), names.join(", "));
    (!of(config.optimizer)).then(reason)
}

fn no_hidden_layer(config: &Config) -> Option<String> {
    config.layers.is_empty().then(|| "there is no hidden layer".into())
}
