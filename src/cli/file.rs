//! A file of options in TOML: read for whatever the command line leaves open, and printed with what each one means.

use crate::data::Loaded;
use std::ffi::OsString;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, Parser};
use toml::de::{DeTable, DeValue};

use super::given::{CommandLine, Given, innermost};
use super::outcome::warn;
use super::{Cli, RunArgs};
use crate::data::file::File;
use crate::error::{Error, Place, Result, printable};
use crate::text::columns;
use crate::train::{Asked, Config, Origin, Origins};

/// Options of which the one on the command line takes the other one's place.
const EITHER: [[&str; 2]; 4] =
    [["shuffle", "no-shuffle"], ["header", "no-header"], ["test-split", "test-data"], ["task", "binary"]];
/// Options whose values depend on others: how many activations there are on the layers, what only recurrent nets have on the cell.
const DEPENDENT: [&str; 5] = ["activation", "length", "truncate", "id", "step"];
/// Columns of a line of comment.
const WIDE: usize = 100;

/// A command line with the options of its `--config FILE` that it does not have itself.
///
/// # Errors
/// If the file can't be read, is no TOML, or has an option that there is not, or a value that it can't have.
pub fn arguments(words: impl IntoIterator<Item = OsString>) -> Result<CommandLine> {
    let mut line = CommandLine { typed: words.into_iter().collect(), file: Vec::new() };
    // What is wrong with the words themselves is told when they are parsed for good.
    let Ok(matches) = Cli::command().try_get_matches_from(&line.typed) else { return Ok(line) };
    let (matches, command) = innermost(&matches, Cli::command());
    let config = matches.try_get_one::<PathBuf>("config").ok().flatten().cloned();
    let Some(path) = config else { return Ok(line) };
    for option in read(&path)? {
        let has = |name: &str| command.get_arguments().any(|arg| arg.get_long() == Some(name));
        let given =
            |name: &str| has(name) && matches.value_source(&name.replace('-', "_")) == Some(ValueSource::CommandLine);
        let other = EITHER.iter().find(|pair| pair.contains(&option.name.as_str()));
        let taken = given(&option.name) || other.is_some_and(|pair| pair.iter().any(|name| given(name)));
        // A command heeds what it has; the others are the screen's, or the run's.
        if let Some(word) = option.word().filter(|_| has(&option.name) && !taken) {
            line.file.push((option.name.clone(), word.into()));
        }
    }
    Ok(line)
}

/// An option of a file.
struct FileOption {
    /// Its name, as on the command line.
    name: String,
    /// Its value; `None` for a switch that is off, and for a list of nothing.
    value: Option<String>,
    /// Whether it is a switch, which has no value on the command line.
    switch: bool,
}

impl FileOption {
    /// The word of the command line that says the same.
    fn word(&self) -> Option<String> {
        match &self.value {
            Some(_) if self.switch => Some(format!("--{}", self.name)),
            Some(value) => Some(format!("--{}={value}", self.name)),
            None if ["shuffle", "header"].contains(&self.name.as_str()) => Some(format!("--no-{}", self.name)),
            None => None,
        }
    }
}

fn read(path: &Path) -> Result<Vec<FileOption>> {
    let file = File::read(path)?;
    let text = std::str::from_utf8(file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes))
        .map_err(|_| file.error(Place::default(), "bytes that are not UTF-8", "a TOML file, text in UTF-8"))?;
    let line =
        |span: &Range<usize>| 1 + text.as_bytes()[..span.start.min(text.len())].iter().filter(|&&b| b == b'\n').count();
    let wrong = |line: usize, reason: &str| Error::Usage(format!("{}: line {line}: {}", file.name, printable(reason)));
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line(&span));
        wrong(line, &format!("no TOML: {}", error.message().replace('\n', ", ")))
    })?;
    let command = Cli::command();
    let mut settings = Vec::new();
    for (key, value) in table.get_ref() {
        let at = line(&key.span());
        let name = key.get_ref().as_ref();
        let arg = options(&command).find(|arg| arg.get_long() == Some(name));
        let Some(arg) = arg else {
            let names = options(&command).filter_map(Arg::get_long).collect::<Vec<_>>().join(", ");
            return Err(Error::Usage(format!(
                "{}: line {at}: {} is no option; there are {names}",
                file.name,
                printable(name)
            )));
        };
        let switch = !arg.get_action().takes_values();
        let empty = value.get_ref().as_array().is_some_and(|values| values.is_empty());
        let value = match (written(value.get_ref(), text, &value.span()), value.get_ref().as_bool()) {
            (_, Some(on)) if switch => on.then(String::new),
            (_, None) if empty => (name == "layers").then(|| "none".into()),
            (Some(value), _) if !switch => Some(value),
            _ => {
                let expected = if switch { "true or false" } else { "a number, a text, or a list of them" };
                return Err(wrong(at, &format!("{name} is {}, expected {expected}", value.get_ref().type_str())));
            }
        };
        let setting = FileOption { name: name.into(), value, switch };
        check(&setting).map_err(|reason| wrong(at, &format!("{name}: {reason}")))?;
        settings.push((at, setting));
    }
    // In the order of the file.
    settings.sort_by_key(|&(line, _)| line);
    Ok(settings.into_iter().map(|(_, setting)| setting).collect())
}

/// Whether a value is one that its option can have, on its own.
fn check(setting: &FileOption) -> std::result::Result<(), String> {
    let words = ["deltascope".to_string()].into_iter().chain(setting.word());
    match Cli::try_parse_from(words) {
        Err(error) if error.kind() == ErrorKind::MissingRequiredArgument => Ok(()),
        Err(error) => {
            let text = error.to_string();
            let lines = text.lines().take_while(|line| !line.starts_with("Usage") && !line.starts_with("For more"));
            Err(lines
                .map(|line| line.trim().trim_start_matches("error: "))
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" "))
        }
        // Another line may say what these depend on.
        Ok(cli) => match cli.run.config() {
            Err(Error::Usage(reason))
                if !DEPENDENT.contains(&setting.name.as_str())
                    && reason.starts_with(&format!("--{}", setting.name)) =>
            {
                Err(reason)
            }
            _ => Ok(()),
        },
    }
}

/// A value as it is written on the command line; `None` for one that can't be.
fn written(value: &DeValue, text: &str, span: &Range<usize>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) => Some(text.get(span.clone())?.replace('_', "")),
        DeValue::Array(values) => {
            let single = |value: &DeValue| !value.is_array();
            let values = values.iter().map(|value| Some(value).filter(|value| single(value.get_ref())));
            let values = values.map(|value| value.and_then(|value| written(value.get_ref(), text, &value.span())));
            values.collect::<Option<Vec<_>>>().map(|values| values.join(","))
        }
        _ => None,
    }
}

/// The options that a file can have: all but those about the program and the file itself; `shuffle` alone says both.
fn options(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| arg.get_long().is_some_and(|name| !["help", "version", "config", "no-shuffle"].contains(&name)))
}

/// A file with the options of a command line, with the meaning of each and the origin of its value above it. What was not given is a
/// comment, so that the file overrides neither the options of weights and data sets nor the defaults.
///
/// # Errors
/// If a value is not allowed, or the words are no command line.
pub fn file_of_options(run: RunArgs, line: &CommandLine) -> Result<String> {
    let given = Given::of(line);
    let parsed = Cli::command().try_get_matches_from(line.words());
    let parsed = parsed.map_err(|wrong| Error::Usage(printable(&wrong.to_string())))?;
    let (matches, command) = innermost(&parsed, Cli::command());
    let (known, origins) = known(run, &given)?;
    let mut text = String::from(HEAD);
    let mut heading = None;
    // `header` says what `no-header` would say.
    for arg in options(&command).filter(|arg| arg.get_long() != Some("no-header")) {
        let (Some(name), id) = (arg.get_long(), arg.get_id().as_str()) else { continue };
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            let _ = write!(text, "\n# --- {} ---\n", heading.unwrap_or_default());
        }
        // Two switches of which either says the opposite of the other one.
        let opposite = match name {
            "shuffle" => Some("no_shuffle"),
            "header" => Some("no_header"),
            _ => None,
        };
        let is_given = [Some(id), opposite].into_iter().flatten().any(|id| given.origin(id).is_some());
        let value = known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let value = match value {
            Some(value) if !is_given => Some(literal(&value)),
            // It is found out.
            _ if name == "header" && !is_given => None,
            _ if let Some(opposite) = opposite => Some((!matches.get_flag(opposite)).to_string()),
            _ if !arg.get_action().takes_values() => Some(matches.get_flag(id).to_string()),
            _ => listed(matches, id),
        };
        let origin = if is_given { "given" } else { origins.of(name).words() };
        let _ = writeln!(text, "\n# [{origin}]");
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        // The value itself is below.
        let help = if value.is_some() { help.split(" [default").next().unwrap_or_default() } else { &help };
        textwrapped(help).iter().for_each(|line| _ = writeln!(text, "# {line}"));
        let open = if is_given { "" } else { "# " };
        let line = format!("{open}{name} = {}", value.unwrap_or_default());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    Ok(text)
}

/// The comment above the options.
const HEAD: &str = "\
# Options of deltascope: `deltascope --config FILE` reads them, and flags win over them.
# Brackets say where a value comes from: it was given by a flag or by a file of options, or it is from
# the weights or the data set, or it is a default, which may depend on the data. What was not given
# is a comment, so that this file takes nothing from other weights or another data set.
";

/// The values of options that were not given and do not have a constant default, and the origins of all options.
fn known(run: RunArgs, given: &Given) -> Result<(Vec<(&'static str, String)>, Origins)> {
    let of = |config: &Config| {
        (Asked::all(&config.learning()).words().into_iter().flatten().collect(), config.origins.clone())
    };
    let wanted = run.wanted(given)?;
    match wanted.load() {
        Ok(loaded) => {
            let config = wanted.on(&loaded)?;
            let (mut known, mut origins): (Vec<_>, Origins) = of(&config);
            let Loaded::Rows(dataset) = loaded else { return Ok((known, origins)) };
            for (name, scale, of_set) in
                [("scale", config.scale, dataset.scale), ("target-scale", config.target_scale, dataset.target_scale)]
            {
                match scale {
                    Some(_) => {}
                    None if config.weights.is_some() => origins.set(name, Origin::Weights),
                    None => {
                        known.push((name, of_set.to_string()));
                        origins.set(name, Origin::Data);
                    }
                }
            }
            Ok((known, origins))
        }
        Err(reason) => {
            warn(&[format!("{reason}; the options that depend on the data are left open")]);
            Ok((Vec::new(), given.origins()))
        }
    }
}

/// The values of an option that has some, its default values included.
fn listed(matches: &ArgMatches, id: &str) -> Option<String> {
    let values: Vec<String> =
        matches.get_raw(id).into_iter().flatten().map(|raw| literal(&raw.to_string_lossy())).collect();
    match values.as_slice() {
        [] => None,
        [value] => Some(value.clone()),
        values => Some(format!("[{}]", values.join(", "))),
    }
}

/// A value in TOML: a number where it is written as TOML writes numbers, else a text.
fn literal(value: &str) -> String {
    let number =
        toml::de::DeValue::parse(value).is_ok_and(|value| value.get_ref().is_integer() || value.get_ref().is_float());
    let plain = value.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    if number && plain { value.into() } else { quoted(value) }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}

fn textwrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is one");
        if !last.is_empty() && columns(last) + columns(word) >= WIDE {
            lines.push(word.into());
        } else {
            let between = if last.is_empty() { "" } else { " " };
            last.push_str(between);
            last.push_str(word);
        }
    }
    lines
}
