//! Which options a command line has, and which of them a `--config` file adds.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use super::Cli;
use crate::train::{Origin, Origins};

/// The words of a command line, and those that a file of options adds.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    /// What was typed, the program's name first.
    pub typed: Vec<OsString>,
    /// The options of the file by their names, each as one word.
    pub file: Vec<(String, OsString)>,
}

impl CommandLine {
    /// All words, those of the file last.
    pub fn words(&self) -> Vec<OsString> {
        self.typed.iter().chain(self.file.iter().map(|(_, word)| word)).cloned().collect()
    }
}

/// The options that are given, by their names with underscores, as clap knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given(BTreeMap<String, Origin>);

impl Given {
    /// The options of a line that can be parsed.
    pub fn of(line: &CommandLine) -> Self {
        let named = |words: Vec<OsString>| {
            let matches = Cli::command().ignore_errors(true).try_get_matches_from(words);
            matches.map(|matches| ids(innermost(&matches, Cli::command()).0)).unwrap_or_default()
        };
        let all = named(line.words()).into_iter().map(|id| (id, Origin::File));
        Self(all.chain(named(line.typed.clone()).into_iter().map(|id| (id, Origin::Flag))).collect())
    }

    /// Where an option comes from, if it is given.
    pub fn origin(&self, id: &str) -> Option<Origin> {
        self.0.get(id).copied()
    }

    /// The options that are given.
    pub fn ids(&self) -> impl Iterator<Item = (&str, Origin)> {
        self.0.iter().map(|(id, &origin)| (id.as_str(), origin))
    }

    /// The same by the options' names on the command line.
    pub fn origins(&self) -> Origins {
        let mut origins = Origins::default();
        self.0.iter().for_each(|(id, &origin)| origins.set(&id.replace('_', "-"), origin));
        origins
    }
}

/// The options that the words give.
fn ids(matches: &ArgMatches) -> Vec<String> {
    let is_given = |id: &&clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    matches.ids().filter(is_given).map(ToString::to_string).collect()
}

/// The innermost command that a line names, with the arguments after its name.
pub(super) fn innermost(matches: &ArgMatches, command: Command) -> (&ArgMatches, Command) {
    match matches.subcommand() {
        Some((name, inner)) => {
            let found = command.find_subcommand(name).cloned();
            innermost(inner, found.unwrap_or(command))
        }
        None => (matches, command),
    }
}
