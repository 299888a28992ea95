//! Which options a command has a use for: what is typed is heeded or refused, and what only a file says is passed over.

use std::ffi::OsStr;
use std::io::{self, IsTerminal};

use super::given::{Given, Line};
use super::{Cli, Job, RunArgs, UseArgs, What};
use crate::data::sequences::Sequences;
use crate::data::{EMBEDDED, GENERATED, Source, Task};
use crate::error::{Error, Result};
use crate::nn::{Named, Optimizer, Penalty};
use crate::train::{Asked, Facts, Origin};

/// An option without a use, by its name with underscores, and why it has none.
type Useless = (&'static str, String);

/// Takes the options that have no use out of a line, where only the file says them.
///
/// # Errors
/// `Error::Usage` with the reason for one that was typed.
pub(super) fn heeded(mut line: Line, mut cli: Cli) -> Result<(Line, Cli)> {
    loop {
        let given = Given::of(&line);
        if let Some(word) = before_the_command(&line).filter(|_| cli.command.is_some()) {
            return Err(Error::Usage(format!("{word}: the options of a command stand behind its name")));
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

/// The first option that stands before the name of a command, where nobody looks at it.
fn before_the_command(line: &Line) -> Option<String> {
    let first = line.typed.get(1)?.to_string_lossy().into_owned();
    first.starts_with("--").then(|| first.split('=').next().unwrap_or_default().to_string())
}

/// The options of a command line that change nothing of what it does.
fn useless(cli: &Cli) -> Vec<Useless> {
    let mut found = Vec::new();
    match &cli.command {
        None => {
            of_run(&cli.run, &mut found);
            of_show(cli, &mut found);
        }
        Some(Job::Check { run }) => {
            of_check(run, &mut found);
            of_run(run, &mut found);
        }
        Some(Job::Export { what }) => {
            of_export(what, &mut found);
            of_run(what.run(), &mut found);
        }
        Some(Job::Predict { with }) => {
            add(&mut found, &["labels"], "predict looks at no labels");
            of_use(with, &mut found);
        }
        Some(Job::Evaluate { with }) => of_use(with, &mut found),
        Some(Job::Data { name: Some(name), .. }) => of_file(name, &mut found),
        Some(Job::Data { name: None, .. }) => {
            let all: Vec<&'static str> =
                OF_FILES.iter().chain(&["task", "binary", "add", "samples", "noise"]).copied().collect();
            add(&mut found, &all, "`data` without a NAME lists the sets");
        }
        // They do nothing with an option but print it.
        Some(Job::Config { .. } | Job::Completions { .. } | Job::Man) => {}
    }
    found
}

fn add(found: &mut Vec<Useless>, ids: &[&'static str], reason: &str) {
    found.extend(ids.iter().map(|&id| (id, reason.to_string())));
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
/// Options about a file that is read.
const OF_FILES: [&str; 9] =
    ["target", "labels", "test_data", "test_labels", "separator", "header", "no_header", "missing", "text"];

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
    if what.run().epochs.is_some() {
        return;
    }
    match what {
        What::Screen { .. } => add(found, &["until", "patience"], "nothing is trained without --epochs N"),
        What::Pytorch { .. } => {
            add(found, &OF_UPDATES, "nothing is trained without --epochs N");
            add(found, &["lambda", "penalty", "threads"], "nothing is trained without --epochs N");
        }
        What::History { .. } | What::Tensorboard { .. } => {}
    }
}

/// What only the screen has a use for, or only its absence.
fn of_show(cli: &Cli, found: &mut Vec<Useless>) {
    if cli.show.headless || !io::stdout().is_terminal() {
        let reason = "it is for the screen, and this run has none";
        add(found, &["speed", "paused", "ascii", "color", "theme", "no_mouse"], reason);
    } else {
        add(found, &["format"], "it is for --headless");
    }
}

/// What the use of kept weights has no use for.
fn of_use(with: &UseArgs, found: &mut Vec<Useless>) {
    if !GENERATED.iter().any(|set| with.data == set.name) {
        add(found, &["seed"], "only a set that is made has one");
    }
    of_file(&with.data, found);
}

/// What the training of a network has no use for.
fn of_run(run: &RunArgs, found: &mut Vec<Useless>) {
    let recurrent = run.is_on_sequences();
    match recurrent {
        true => of_sequences(run, found),
        false => of_file(&run.data, found),
    }
    let task = Source { task: run.file.task, ..Source::named(run.data.clone()) }.task();
    if task != Task::Regression || recurrent {
        add(found, &["target_scale"], "only numbers that are learnt are scaled; --task regression");
    }
    if run.data == "xor" && run.test_split > 0.0 {
        add(found, &["test_split"], "xor is never split");
    }
    let optimizer = optimizer(run);
    let (v, s) = optimizer.remembers();
    let others = |of: fn(Optimizer) -> bool| {
        let names: Vec<_> = Optimizer::ALL.iter().filter(|&&rule| of(rule)).map(|rule| rule.name()).collect();
        format!("--optimizer {} has none; {} have", optimizer.name(), names.join(", "))
    };
    if !v {
        add(found, &["beta"], &others(|rule| rule.remembers().0));
    }
    if !s {
        add(found, &["beta2"], &others(|rule| rule.remembers().1));
    }
    if run.layers.as_ref().is_some_and(|layers| layers.0.is_empty()) && !recurrent {
        add(found, &["activation", "dropout"], "there is no hidden layer");
    }
    if run.penalty == Penalty::None && run.lambda.is_some_and(|lambda| lambda > 0.0) {
        add(found, &["lambda"], "--penalty none has no strength");
    }
    if run.weights.is_some() {
        add(found, &["init"], "Θ starts as --weights has it");
    }
}

/// The rule of the updates, as far as it is known before the data are.
fn optimizer(run: &RunArgs) -> Optimizer {
    let source = Source { task: run.file.task, ..Source::named(run.data.clone()) };
    let mut facts = Facts::of_source(&source);
    if run.is_on_sequences() {
        facts.suited.get_or_insert(crate::data::RECURRENT);
    }
    Asked { optimizer: run.optimizer, alpha: run.alpha, ..Asked::default() }.filled(&facts).0.optimizer
}

/// What sequences have no use for.
fn of_sequences(run: &RunArgs, found: &mut Vec<Useless>) {
    let reason = "not for recurrent nets";
    add(found, &super::sequence::NOT_FOR_THEM, reason);
    add(found, &["noise", "test_labels", "threads"], reason);
    if Sequences::is_known(&run.data) {
        add(found, &["prose"], "it is for files");
    }
    if run.sequence.id.is_some() {
        add(found, &["length"], "sequences of a table are as long as they are");
    } else {
        add(found, &["target", "separator", "header", "no_header"], "it is for a table of sequences; give --id, too");
    }
}

/// What a data set has no use for.
fn of_file(name: &OsStr, found: &mut Vec<Useless>) {
    let embedded = EMBEDDED.iter().any(|set| name == set.name) || Sequences::is_known(name);
    let generated = GENERATED.iter().any(|set| name == set.name);
    if embedded || generated {
        let reason = format!("it is for files, and {} is read as it is", name.display());
        add(found, &OF_FILES, &reason);
    }
    if !generated && !Sequences::is_known(name) {
        add(found, &["samples", "noise"], "--samples and --noise are for sets that are made");
    }
}
