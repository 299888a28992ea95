//! The command line that starts a run with the options of a `Config`, and the changes since as comments.

use super::batch::BatchSize;
use super::changes::{Change, Changed};
use super::config::Config;
use super::defaults::{Asked, DataFacts, Learning};
use super::precision::Precision;
use super::setting::Setting;
use crate::data::Header;
use crate::nn::Named;
use crate::number::exact;

impl Config {
    /// The command line that starts a run with these options; it leaves out those that the run would have without it.
    pub fn command_line(&self) -> String {
        let learning: Vec<_> = self.differing().words().into_iter().flatten().collect();
        let of = |names: &[&str]| learning.iter().filter(|(name, _)| names.contains(name)).cloned().collect::<Vec<_>>();
        let options = [
            self.words_of_data(),
            of(&["layers", "activation", "output"]),
            self.words_of_penalty(),
            of(&["lambda", "optimizer", "alpha"]),
            self.words_of_rates(),
            of(&["batch"]),
            self.words_of_run(),
            self.words_of_sequences(),
        ];
        let words = options.into_iter().flatten().map(|(flag, value)| written(flag, &value));
        let header = self.source.reading.header;
        let switches = [
            ("header", header == Header::Present),
            ("no-header", header == Header::Absent),
            ("no-shuffle", !self.shuffle),
            ("prose", self.source.steps.as_ref().is_some_and(|steps| steps.prose)),
        ];
        let switches = switches.into_iter().filter(|(_, on)| *on).map(|(flag, _)| format!(" --{flag}"));
        ["deltascope".to_string()].into_iter().chain(words).chain(switches).collect()
    }

    /// The options that are chosen to suit the data, as they are.
    pub fn learning(&self) -> Learning {
        Learning {
            layers: self.layers.clone(),
            activation: self.activation.clone(),
            output: self.output,
            optimizer: self.optimizer,
            alpha: self.alpha,
            lambda: self.lambda,
            batch: self.batch,
        }
    }

    /// The options that must be given so that all have the values that they have.
    fn differing(&self) -> Asked {
        let facts = self.facts.unwrap_or_else(|| DataFacts::of_source(&self.source));
        let is = self.learning();
        if self.facts.is_none() && facts.suited.is_none() {
            return Asked::all(&is);
        }
        let mut asked = self.of_weights();
        let given = asked.clone();
        // What is asked for may change what the others would be; each round adds one at least, or is the last.
        loop {
            let before = asked.clone();
            asked.add_differing(&is, &before.filled(&facts).0);
            if asked == before {
                return asked.without(&given);
            }
        }
    }

    fn words_of_data(&self) -> Vec<(&'static str, String)> {
        let (source, default) = (&self.source, Self::default());
        let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| quoted(&path.to_string_lossy()));
        let extras = source.extras.iter().map(|extra| extra.name()).collect::<Vec<_>>().join(",");
        let (making, usual) = (&source.making, &default.source.making);
        let words = [
            ("data", (source.name != default.source.name).then(|| quoted(&source.name.to_string_lossy()))),
            ("task", source.task.map(|task| task.name().into())),
            ("target", source.target.as_deref().map(quoted)),
            ("labels", path(&source.labels)),
            ("test-data", path(&source.test)),
            ("test-labels", path(&source.test_labels)),
            ("samples", (making.samples != usual.samples).then(|| making.samples.to_string())),
            ("noise", (making.noise != usual.noise).then(|| exact(making.noise))),
            ("add", (!extras.is_empty()).then_some(extras)),
            ("separator", source.reading.separator.map(|separator| quoted(&separator.to_string()))),
            ("missing", source.reading.drop_missing.then(|| "drop".into())),
            ("text", source.reading.one_hot.then(|| "one-hot".into())),
            ("scale", self.scale.map(|scale| scale.to_string())),
            ("target-scale", self.target_scale.map(|scale| scale.to_string())),
            ("test-split", (self.test_split != default.test_split).then(|| exact(self.test_split))),
        ];
        given(words)
    }

    fn words_of_sequences(&self) -> Vec<(&'static str, String)> {
        let (Some(recurrence), Some(steps)) = (self.recurrence, &self.source.steps) else { return Vec::new() };
        given([
            ("cell", Some(recurrence.cell.name().into())),
            // Sequences of a table are as long as they are.
            ("length", steps.id.is_none().then(|| steps.length.to_string())),
            ("truncate", recurrence.truncate.map(|steps| steps.to_string())),
            ("id", steps.id.as_deref().map(quoted)),
            ("step", steps.step.as_deref().map(quoted)),
        ])
    }

    fn words_of_penalty(&self) -> Vec<(&'static str, String)> {
        given([("penalty", (self.penalty != Self::default().penalty).then(|| self.penalty.name().into()))])
    }

    fn words_of_rates(&self) -> Vec<(&'static str, String)> {
        let default = Self::default();
        given([
            ("schedule", (self.schedule != default.schedule).then(|| self.schedule.to_string())),
            ("clip", self.clip.map(exact)),
            ("beta", (self.beta != default.beta).then(|| exact(self.beta))),
            ("beta2", (self.beta2 != default.beta2).then(|| exact(self.beta2))),
            ("dropout", (self.dropout != default.dropout).then(|| exact(self.dropout))),
        ])
    }

    fn words_of_run(&self) -> Vec<(&'static str, String)> {
        let default = Self::default();
        let weights = self.weights.as_ref().map(|weights| quoted(&weights.path.to_string_lossy()));
        given([
            ("epochs", self.epochs.map(|epochs| epochs.to_string())),
            ("until", self.until.map(exact)),
            ("patience", self.patience.map(|patience| patience.to_string())),
            ("init", (self.init != default.init).then(|| self.init.name().into())),
            ("weights", weights),
            ("seed", (self.seed != default.seed).then(|| self.seed.to_string())),
            ("threads", (self.threads != default.threads).then(|| self.threads.to_string())),
            ("precision", (self.precision != Precision::F64).then(|| self.precision.name().into())),
        ])
    }
}

/// The options that a run over m training samples began with: what the first change of each setting found.
fn begun(config: &Config, changes: &[Change], m: usize) -> Config {
    Setting::ALL.into_iter().fold(config.clone(), |config, setting| {
        let first = changes.iter().find(|change| change.what == Changed::Setting(setting));
        first.map_or(config.clone(), |change| setting.set(&config, change.from, m))
    })
}

/// The command line of a run over m training samples, with what was changed since as comments.
pub fn command_line(config: &Config, changes: &[Change], m: usize) -> String {
    let mut line = begun(config, changes, m).command_line();
    changes.iter().for_each(|change| line.push_str(&format!("\n# {change}")));
    line
}

/// The options that have a value.
fn given<const N: usize>(words: [(&'static str, Option<String>); N]) -> Vec<(&'static str, String)> {
    words.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

impl Asked {
    /// All of them.
    pub fn all(learning: &Learning) -> Self {
        let mut asked = Self::default();
        let Learning { layers, activation, output, optimizer, alpha, lambda, batch } = learning.clone();
        (asked.layers, asked.activation, asked.output) = (Some(layers), Some(activation), Some(output));
        (asked.optimizer, asked.alpha, asked.lambda, asked.batch) =
            (Some(optimizer), Some(alpha), Some(lambda), Some(batch));
        asked
    }

    /// Adds those whose values differ from the ones that are filled in.
    fn add_differing(&mut self, is: &Learning, filled: &Learning) {
        fn add<T: Clone + PartialEq>(asked: &mut Option<T>, is: &T, filled: &T) {
            if is != filled {
                *asked = Some(is.clone());
            }
        }
        add(&mut self.layers, &is.layers, &filled.layers);
        add(&mut self.activation, &is.activation, &filled.activation);
        add(&mut self.output, &is.output, &filled.output);
        add(&mut self.optimizer, &is.optimizer, &filled.optimizer);
        add(&mut self.alpha, &is.alpha, &filled.alpha);
        add(&mut self.lambda, &is.lambda, &filled.lambda);
        add(&mut self.batch, &is.batch, &filled.batch);
    }

    /// Those that others do not ask for with the same value.
    fn without(self, others: &Self) -> Self {
        fn other<T: PartialEq>(asked: Option<T>, others: &Option<T>) -> Option<T> {
            asked.filter(|value| others.as_ref() != Some(value))
        }
        Self {
            layers: other(self.layers, &others.layers),
            activation: other(self.activation, &others.activation),
            output: other(self.output, &others.output),
            optimizer: other(self.optimizer, &others.optimizer),
            alpha: other(self.alpha, &others.alpha),
            lambda: other(self.lambda, &others.lambda),
            batch: other(self.batch, &others.batch),
        }
    }

    /// Name and value of each that is asked for, as the command line has them.
    pub fn words(&self) -> [Option<(&'static str, String)>; 7] {
        let list = |words: Vec<String>| if words.is_empty() { "none".into() } else { words.join(",") };
        let layers = self.layers.as_ref().map(|layers| list(layers.iter().map(usize::to_string).collect()));
        let names =
            |activation: &Vec<_>| list(activation.iter().map(|&a: &crate::nn::Activation| a.name().into()).collect());
        let batch = self.batch.map(|batch| match batch {
            BatchSize::Full => "full".into(),
            BatchSize::Size(size) => size.to_string(),
        });
        [
            ("layers", layers),
            ("activation", self.activation.as_ref().map(names)),
            ("output", self.output.map(|output| output.name().into())),
            ("optimizer", self.optimizer.map(|optimizer| optimizer.name().into())),
            ("alpha", self.alpha.map(exact)),
            ("lambda", self.lambda.map(exact)),
            ("batch", batch),
        ]
        .map(|(name, value)| Some((name, value?)))
    }
}

/// A blank, a flag and its value; a value that begins like a flag is joined to it by `=`.
fn written(flag: &str, value: &str) -> String {
    let joint = if value.trim_start_matches('\'').starts_with('-') { '=' } else { ' ' };
    format!(" --{flag}{joint}{value}")
}

/// A word that a shell takes as it is.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.into() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::nn::{Activation, Optimizer, Output, Symbol, Weight};

    #[test]
    fn the_command_line_has_what_is_not_the_default_and_the_changes_as_comments() {
        assert_eq!(Config::default().command_line(), "deltascope");
        let config = Config { lambda: 3.0, layers: vec![], shuffle: false, ..Config::default() };
        let lambda = Changed::Setting(Setting::Lambda);
        let weight = Changed::Weight(Weight { l: 1, j: 2, i: 0 }, Symbol::Layer(1).weight((2, 0), 1));
        let changes = [
            Change::new(480, lambda, 0.1, 1.0),
            Change::new(490, weight, 0.25, -1.0),
            Change::new(500, lambda, 1.0, 3.0),
        ];
        assert_eq!(
            command_line(&config, &changes, 100),
            "deltascope --layers none --lambda 0.1 --no-shuffle\n# λ 0.1 → 1 at step 480\n\
             # Θ^(1)[3,0] 0.25 → -1 at step 490\n# λ 1 → 3 at step 500"
        );
    }

    #[test]
    fn the_options_of_a_command_line_give_the_same_learning_again() {
        for name in ["digits", "spiral", "moons", "reg-gauss", "my.csv"] {
            let source = Source::named(name);
            let facts = DataFacts { m: 150, features: 9, ..DataFacts::of_source(&source) };
            for (layers, optimizer, alpha) in [
                (None, None, Some(0.5)),
                (Some(vec![16, 16, 16]), None, None),
                (Some(vec![]), Some(Optimizer::Momentum), None),
                (Some(vec![300]), None, Some(0.01)),
                (None, Some(Optimizer::GradientDescent), None),
            ] {
                for activation in [None, Some(vec![Activation::Relu])] {
                    let output = facts.suited.is_none().then_some(Output::Softmax);
                    let layers = layers.clone();
                    let asked = Asked { layers, optimizer, alpha, activation, output, ..Asked::default() };
                    let config = Config { source: source.clone(), ..Config::default() }.suiting(&asked, facts);
                    let again = config.differing().filled(&facts).0;
                    assert_eq!(again, config.learning(), "{}", config.command_line());
                }
            }
        }
    }

    #[test]
    fn a_name_that_a_shell_would_take_apart_is_quoted() {
        assert_eq!(quoted("my data's.csv"), "'my data'\\''s.csv'");
        assert_eq!(quoted("dir/file-1.csv"), "dir/file-1.csv");
    }
}
