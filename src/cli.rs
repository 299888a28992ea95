//! The command line: its options, their defaults and what they allow, turned into the options of a run.

use std::io::{self, Write};

use clap::{CommandFactory, Parser};

use crate::data;
use crate::error::{Error, Exit, Result, printable_lines};
use crate::headless::export::Export;
use crate::headless::{self, apply};

mod args;
mod command;
mod file;
mod given;
mod heed;
mod inform;
mod outcome;
#[cfg(test)]
mod reproduced;
mod sequence;
mod show;
mod show_args;
mod values;
mod wanted;
mod what;

pub use args::{FileArgs, RunArgs, UseArgs};
pub use command::{Cli, Job};
pub use file::arguments;
pub use given::{CommandLine, Given};
use outcome::{print, status, warn};
pub use sequence::SequenceArgs;
pub use show_args::ShowArgs;
pub use wanted::Wanted;
use wanted::prepared;
pub use what::What;

/// Does what a command line asks for and returns the exit status.
///
/// # Errors
/// Whatever keeps it from being done.
pub fn execute(line: CommandLine) -> Result<u8> {
    match Cli::try_parse_from(line.words()) {
        Ok(cli) => heed::heeded(line, cli).and_then(|(line, cli)| perform(cli, &line)),
        Err(told) => tell(&told),
    }
}

/// Prints what clap has to say instead of a task: help and version, or what is wrong with the words.
fn tell(told: &clap::Error) -> Result<u8> {
    // It quotes the words, and those may be names of files.
    let text = printable_lines(&told.render().to_string());
    if !told.use_stderr() {
        return print(&text).map(|()| Exit::Done.status());
    }
    let _ = write!(io::stderr(), "{text}");
    Ok(u8::try_from(told.exit_code()).unwrap_or(Exit::Usage.status()))
}

fn perform(cli: Cli, line: &CommandLine) -> Result<u8> {
    let given = &Given::of(line);
    match cli.command {
        Some(Job::Check { run }) => {
            let (config, data) = prepared(run.wanted(given)?)?;
            Ok(headless::check::run(&config, &data)?.status())
        }
        Some(Job::Data { name: Some(name), file }) => {
            print(&inform::description(name, file)?).map(|()| Exit::Done.status())
        }
        Some(Job::Data { name: None, .. }) => print(&data::list()).map(|()| Exit::Done.status()),
        Some(Job::Predict { with }) => apply::predict(&with.used()?, &with.source(), with.scale, with.format)
            .map(|said| warn(&said))
            .map(|()| Exit::Done.status()),
        Some(Job::Evaluate { with }) => apply::evaluate(&with.used()?, &with.source(), with.scale, with.format)
            .map(|said| warn(&said))
            .map(|()| Exit::Done.status()),
        Some(Job::Export { what }) => {
            let (export, run) = what.parts();
            let wanted = run.wanted(given)?;
            if wanted.epochs().is_none() && matches!(export, Export::History(_) | Export::TensorBoard(_)) {
                return Err(Error::Usage("a history needs an end: give --epochs N".into()));
            }
            let (config, data) = prepared(wanted)?;
            Ok(status(headless::export::run(config, data, &export)?))
        }
        Some(Job::Book { part, format }) => {
            print(&inform::book(&part.join(" "), format)?).map(|()| Exit::Done.status())
        }
        Some(Job::Glossary { symbol, format }) => {
            print(&inform::glossary(&symbol.join(" "), format)?).map(|()| Exit::Done.status())
        }
        Some(Job::Config { run, .. }) => print(&file::file_of_options(*run, line)?).map(|()| Exit::Done.status()),
        Some(Job::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "deltascope", &mut script);
            print(&String::from_utf8_lossy(&script)).map(|()| Exit::Done.status())
        }
        Some(Job::Man) => {
            let mut page = Vec::new();
            // A vector takes all.
            let _ = clap_mangen::Man::new(Cli::command()).render(&mut page);
            print(&String::from_utf8_lossy(&page)).map(|()| Exit::Done.status())
        }
        None => show::train(cli.run.wanted(given)?, &cli.show),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::data::{Extra, Making, Scale, Source};
    use crate::nn::{Activation, Init, Optimizer, Output, Penalty};
    use crate::train::{BatchSize, Config, Precision, Schedule};

    fn parsed(line: &str) -> std::result::Result<Cli, clap::Error> {
        Cli::try_parse_from(["deltascope"].into_iter().chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_options_the_defaults_of_the_library_hold() {
        let config = parsed("").expect("no option is needed").run.config().expect("the defaults are allowed");
        let Config { origins, facts, .. } = config.clone();
        assert_eq!(config, Config { origins, facts, ..Config::default() });
    }

    #[test]
    fn every_option_reaches_the_run() {
        let line = "--data iris --samples 100 --noise 0.2 --add squares,sines --scale 16 --target-scale max --task classes --test-split 0 --layers 16,8 --activation relu,tanh --output softmax --penalty l1 \
                    --optimizer adam --beta 0.8 --beta2 0.99 --dropout 0.25 --schedule step:10:0.5 --clip 5 --until 0.5 --patience 4 --lambda 0.5 --alpha 0.1 --batch full --epochs 3 --init he --seed 7 --no-shuffle --precision f32 --threads 2";
        let words = ["deltascope", "--labels", "some labels"].into_iter().chain(line.split_whitespace());
        let config = Cli::try_parse_from(words).expect("all are options").run.config().expect("all are allowed");
        let expected = Config {
            source: Source {
                task: Some(crate::data::Task::Classes),
                labels: Some("some labels".into()),
                making: Making { samples: 100, noise: 0.2, seed: 7 },
                extras: vec![Extra::Squares, Extra::Sines],
                ..Source::named("iris")
            },
            scale: Some(Scale::By(16.0)),
            target_scale: Some(Scale::Max),
            test_split: 0.0,
            layers: vec![16, 8],
            activation: vec![Activation::Relu, Activation::Tanh],
            recurrence: None,
            output: Output::Softmax,
            penalty: Penalty::L1,
            lambda: 0.5,
            optimizer: Optimizer::Adam,
            alpha: 0.1,
            schedule: Schedule::Step { epochs: 10, factor: 0.5 },
            clip: Some(5.0),
            beta: 0.8,
            beta2: 0.99,
            dropout: 0.25,
            batch: BatchSize::Full,
            epochs: Some(3),
            until: Some(0.5),
            patience: Some(4),
            init: Init::He,
            weights: None,
            seed: 7,
            shuffle: false,
            precision: Precision::F32,
            threads: 2,
            origins: config.origins.clone(),
            facts: config.facts,
        };
        assert_eq!(config, expected);
        let told = config.command_line();
        // A shell would take the quotes off.
        let words = told.replace("'some labels'", "some\u{1}labels");
        let words = words.split_whitespace().map(|word| word.replace('\u{1}', " "));
        let again = Cli::try_parse_from(words).expect("its own line").run.config();
        assert_eq!(again.expect("it is allowed"), expected, "{told}");
    }

    #[test]
    fn a_wrong_value_is_refused_with_what_is_allowed() {
        for (line, allowed) in [
            ("--output tanh", "softmax"),
            ("--activation swish", "leaky-relu"),
            ("--layers 4,x", "none"),
            ("--batch many", "full"),
            ("--speed 0", "max"),
            ("--scale -1", "standard"),
            ("--theme blue", "light"),
            ("--color 8", "256"),
            ("--precision f16", "f32"),
        ] {
            let text = parsed(line).expect_err(line).to_string();
            assert!(text.contains(allowed), "{line}: {text}");
        }
    }
}
