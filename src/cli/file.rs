//! A file of options in TOML: read for whatever the command line leaves open, and printed with what each one means.

use std::ffi::OsString;
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, Parser};
use toml::de::{DeTable, DeValue};

use super::Cli;
use crate::data::file::File;
use crate::error::{Error, Place, Result, printable};
use crate::text::columns;

/// Options of which the one on the command line takes the other one's place.
const EITHER: [[&str; 2]; 3] = [["shuffle", "no-shuffle"], ["test-split", "test-data"], ["task", "binary"]];
/// Options whose values depend on others: how many activations there are on the layers, what only recurrent nets have on the cell.
const DEPENDENT: [&str; 5] = ["activation", "length", "truncate", "id", "step"];
/// Columns of a line of comment.
const WIDE: usize = 100;

/// The words of a command line with those of its `--config FILE` behind them, where it does not say them itself.
///
/// # Errors
/// If the file can't be read, is no TOML, or has an option that there is not, or a value that it can't have.
pub fn arguments(words: impl IntoIterator<Item = OsString>) -> Result<Vec<OsString>> {
    let mut words: Vec<OsString> = words.into_iter().collect();
    // What is wrong with the words themselves is told when they are parsed for good.
    let Ok(matches) = Cli::command().try_get_matches_from(&words) else { return Ok(words) };
    let (matches, command) = part(&matches);
    let config = matches.try_get_one::<PathBuf>("config").ok().flatten().cloned();
    let Some(path) = config else { return Ok(words) };
    for option in read(&path)? {
        let has = |name: &str| command.get_arguments().any(|arg| arg.get_long() == Some(name));
        let given =
            |name: &str| has(name) && matches.value_source(&name.replace('-', "_")) == Some(ValueSource::CommandLine);
        let other = EITHER.iter().find(|pair| pair.contains(&option.name.as_str()));
        let taken = given(&option.name) || other.is_some_and(|pair| pair.iter().any(|name| given(name)));
        // A command heeds what it has; the others are the screen's, or the run's.
        if has(&option.name) && !taken {
            words.extend(option.word().map(OsString::from));
        }
    }
    Ok(words)
}

/// The subcommand that is asked for, if it has options of a run, or else the program itself.
fn part(matches: &ArgMatches) -> (&ArgMatches, Command) {
    let command = Cli::command();
    match matches.subcommand() {
        Some((name, matches)) => {
            let command = command.find_subcommand(name).cloned().unwrap_or(command);
            (matches, command)
        }
        None => (matches, command),
    }
}

/// An option of a file.
struct Setting {
    /// Its name, as on the command line.
    name: String,
    /// Its value; `None` for a switch that is off, and for a list of nothing.
    value: Option<String>,
    /// Whether it is a switch, which has no value on the command line.
    switch: bool,
}

impl Setting {
    /// The word of the command line that says the same.
    fn word(&self) -> Option<String> {
        match &self.value {
            Some(_) if self.switch => Some(format!("--{}", self.name)),
            Some(value) => Some(format!("--{}={value}", self.name)),
            None if self.name == "shuffle" => Some("--no-shuffle".into()),
            None => None,
        }
    }
}

fn read(path: &Path) -> Result<Vec<Setting>> {
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
        let setting = Setting { name: name.into(), value, switch };
        check(&setting).map_err(|reason| wrong(at, &format!("{name}: {reason}")))?;
        settings.push((at, setting));
    }
    // In the order of the file.
    settings.sort_by_key(|&(line, _)| line);
    Ok(settings.into_iter().map(|(_, setting)| setting).collect())
}

/// Whether a value is one that its option can have, on its own.
fn check(setting: &Setting) -> std::result::Result<(), String> {
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

/// A file that says what a command line says, with the meaning of each option above it; what is open is a comment. Where the defaults are
/// those of another net, all that was not given is open.
pub fn told(matches: &ArgMatches, only_given: bool) -> String {
    let command = Cli::command();
    let mut text =
        String::from("# Options of deltascope: `deltascope --config FILE` reads them, and flags win over them.\n");
    let mut heading = None;
    for arg in options(&command) {
        let (Some(name), id) = (arg.get_long(), arg.get_id().as_str()) else { continue };
        if arg.get_help_heading() != heading {
            heading = arg.get_help_heading();
            let _ = write!(text, "\n# --- {} ---\n", heading.unwrap_or_default());
        }
        text.push('\n');
        for line in textwrapped(&arg.get_help().map(ToString::to_string).unwrap_or_default()) {
            let _ = writeln!(text, "# {line}");
        }
        if !arg.get_action().takes_values() {
            let on = if name == "shuffle" { !matches.get_flag("no_shuffle") } else { matches.get_flag(id) };
            let _ = writeln!(text, "{name} = {on}");
            continue;
        }
        let is_open = only_given && matches.value_source(id) != Some(ValueSource::CommandLine);
        let raw = matches.get_raw(id).filter(|_| !is_open);
        let raw: Vec<String> = raw.into_iter().flatten().map(|raw| raw.to_string_lossy().into_owned()).collect();
        let values: Vec<String> = raw.iter().map(|value| literal(value)).collect();
        let _ = match values.as_slice() {
            [] => writeln!(text, "# {name} ="),
            [value] => writeln!(text, "{name} = {value}"),
            values => writeln!(text, "{name} = [{}]", values.join(", ")),
        };
    }
    text
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
