//! Which options a command has a use for: a typed option without a use is refused, and one that only a file gives is passed over.

mod of_data;
mod settled;
mod useless;

use std::io::{self, IsTerminal};

use self::of_data::{OF_FILES, is_generated, of_listed, of_sequences, of_set, of_source, of_used_sequences};
use self::useless::{Useless, add};
use super::given::{CommandLine, Given};
use super::{Cli, Job, RunArgs, UseArgs, What};
use crate::error::{Error, Result};
use crate::nn::Penalty;
use crate::train::Origin;

pub(super) use self::settled::{Known, settled};

/// Removes the options without a use from a line, where only the file gives them.
///
/// # Errors
/// `Error::Usage` with the reason for one that was typed.
pub(super) fn heeded(mut line: CommandLine, mut cli: Cli) -> Result<(CommandLine, Cli)> {
    loop {
        let given = Given::of(&line);
        if let Some(word) = before_the_command(&line).filter(|_| cli.command.is_some()) {
            return Err(Error::Usage(format!("{word}: the options of a command come after its name")));
        }
        let useless = useless(&cli);
        let of = |origin| useless.iter().find(|(id, _)| given.origin(id) == Some(origin));
        if let Some((id, reason)) = of(Origin::Flag) {
            return Err(Error::Usage(format!("--{}: {reason}", id.replace('_', "-"))));
        }
        let Some((id, _)) = of(Origin::File) else { return Ok((line, cli)) };
        let name = if *id == "no_shuffle" { "shuffle".into() } else { id.replace('_', "-") };
        let before = line.file.len();
        line.file.retain(|(option, _)| *option != name);
        let again = <Cli as clap::Parser>::try_parse_from(line.words());
        match again {
            Ok(again) if line.file.len() < before => cli = again,
            _ => return Ok((line, cli)),
        }
    }
}

/// The first option before the name of a command, where it has no effect.
fn before_the_command(line: &CommandLine) -> Option<String> {
    let first = line.typed.get(1)?.to_string_lossy().into_owned();
    first.starts_with("--").then(|| first.split('=').next().unwrap_or_default().to_string())
}

/// The options of a command line that have no effect on what it does.
fn useless(cli: &Cli) -> Vec<Useless> {
    let mut found = Vec::new();
    match &cli.command {
        None => {
            of_run(&cli.run, true, &mut found);
            of_show(cli, &mut found);
        }
        Some(Job::Check { run }) => {
            of_check(run, &mut found);
            of_run(run, false, &mut found);
        }
        Some(Job::Export { what }) => {
            of_export(what, &mut found);
            of_run(what.run(), what.run().epochs.is_some(), &mut found);
        }
        Some(Job::Predict { with }) => {
            add(&mut found, &["labels"], "predict uses no labels");
            of_use(with, &mut found);
        }
        Some(Job::Evaluate { with }) => of_use(with, &mut found),
        Some(Job::Data { name: Some(name), file }) => of_listed(name, file, &mut found),
        Some(Job::Data { name: None, .. }) => {
            let reason = "`data` without a NAME lists the sets";
            add(&mut found, &OF_FILES, reason);
            add(&mut found, &["task", "binary", "add", "samples", "noise"], reason);
        }
        // They do nothing with an option but print it.
        Some(Job::Book { .. } | Job::Glossary { .. } | Job::Config { .. } | Job::Completions { .. } | Job::Man) => {}
    }
    found
}

/// Options about the way from one update to the next.
const OF_UPDATES: [&str; 13] = [
    "alpha",
    "optimizer",
    "schedule",
    "clip",
    "beta",
    "beta2",
    "dropout",
    "batch",
    "epochs",
    "until",
    "patience",
    "shuffle",
    "no_shuffle",
];
/// What the gradient check has no use for.
fn of_check(run: &RunArgs, found: &mut Vec<Useless>) {
    let reason = "check looks at the gradient before the first update, over the whole training part";
    add(found, &OF_UPDATES, reason);
    add(found, &["precision", "threads"], "check computes in f64, on one thread");
    if run.is_on_sequences() {
        add(found, &["truncate"], "check looks at the gradient through all steps");
        add(found, &["test_split"], "check looks at the first sequences");
    }
}

/// What an export has no use for.
fn of_export(what: &What, found: &mut Vec<Useless>) {
    if let What::Screen { to, .. } = what
        && to.extension().is_none_or(|ending| ending != "svg")
    {
        add(found, &["theme"], "a text has no colours; a picture (.svg) has");
    }
    if what.run().epochs.is_some() {
        return;
    }
    let reason = "nothing is trained without --epochs N";
    match what {
        What::Screen { .. } => add(found, &["until", "patience"], reason),
        What::Pytorch { .. } => {
            add(found, &OF_UPDATES, reason);
            add(found, &["lambda", "penalty", "threads"], reason);
        }
        What::History { .. } | What::Tensorboard { .. } => {}
    }
}

/// The options that only a run with a screen has a use for, or only one without.
fn of_show(cli: &Cli, found: &mut Vec<Useless>) {
    if cli.show.headless || !io::stdout().is_terminal() {
        let reason = "it is for the screen, and this run has none";
        add(found, &["speed", "paused", "ascii", "math", "color", "theme", "no_mouse"], reason);
    } else {
        add(found, &["format"], "it is for --headless");
    }
}

/// What the use of saved weights has no use for.
fn of_use(with: &UseArgs, found: &mut Vec<Useless>) {
    if with.is_on_sequences() {
        return of_used_sequences(with, found);
    }
    add(
        found,
        &["length", "step", "id", "prose"],
        "only recurrent nets have steps, and these weights are of a dense net",
    );
    if !is_generated(&with.data) {
        add(found, &["seed"], "only generated sets have a seed");
    }
    of_source(&with.data, (&with.file, None), found);
}

/// What a run that trains its network, or does not, has no use for, as far as it is known before the data are.
fn of_run(run: &RunArgs, trains: bool, found: &mut Vec<Useless>) {
    match run.is_on_sequences() {
        true => of_sequences(run, found),
        false => of_set(run, found),
    }
    if run.penalty == Penalty::None && run.lambda.is_some_and(|lambda| lambda > 0.0) {
        add(found, &["lambda"], "--penalty none has no strength");
    }
    if run.weights.is_some() {
        add(found, &["init"], "the first Θ is read from --weights");
        if !draws(run, trains) {
            add(found, &["seed"], "neither Θ nor a split, nor the order of the samples is drawn");
        }
    }
}

/// Whether anything but Θ is drawn from the seed: the data, those held out, or the order of the samples and what is dropped.
fn draws(run: &RunArgs, trains: bool) -> bool {
    let splits = run.test_split > 0.0 && run.test_data.is_none() && run.data != "xor";
    is_generated(&run.data) || splits || trains && (!run.no_shuffle || run.dropout > 0.0)
}
