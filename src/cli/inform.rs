//! What the commands print that train nothing: of a data set what is in it and how it is learnt, and the book.

use std::ffi::{OsStr, OsString};
use std::fmt::Write;

use super::args::FileArgs;
use super::outcome::warn;
use crate::data::sequences::Sequences;
use crate::data::{self, Loaded, SequenceSteps, Source};
use crate::derivation::{book, glossary};
use crate::error::{Error, Result, printable};
use crate::nn::Named;
use crate::theme::{Depth, MathStyle, Theme};
use crate::train::{Asked, Config, DataFacts, Origin};
use crate::ui::glossary::printed;

/// What is in a set, and with which options it is learnt unless others are given.
///
/// # Errors
/// If there is no such set, or it can't be read.
pub(super) fn description(name: OsString, file: FileArgs) -> Result<String> {
    let Config { seed, test_split, .. } = Config::default();
    let source = match Sequences::is_known(&name) {
        true => Source::sequences(&name, SequenceSteps::default().length, file.samples),
        false => file.of(name, seed),
    };
    let loaded = Loaded::read(&source)?;
    warn(loaded.warnings());
    let facts = DataFacts::of(&source, &loaded, (test_split, seed));
    Ok(data::describe(&loaded) + &options(&source.name, &facts))
}

/// The book, or the part of it that is asked for.
///
/// # Errors
/// `Error::Usage` with the contents if there is no such part.
pub(super) fn book(part: &str, format: book::BookFormat) -> Result<String> {
    let sections = if part.is_empty() { book::pages().iter().collect() } else { book::found(part) };
    if sections.is_empty() {
        let contents = book::contents(true).join("\n  ");
        return Err(Error::Usage(format!(
            "the book has no part {}; it has these sections by number and name, and each by the numbers of its equations:\n  {contents}",
            printable(part)
        )));
    }
    Ok(book::printed(&sections, format))
}

/// The symbols of every kind of network, or those that are asked for.
///
/// # Errors
/// `Error::Usage` with the nearest names if there is no such symbol.
pub(super) fn glossary(symbol: &str, format: book::BookFormat) -> Result<String> {
    let all = glossary::of_all(book::example());
    let spell = |text: &str| {
        Theme { depth: Depth::Mono, dark: true, ascii: true, math: MathStyle::Plain }.spell(text).into_owned()
    };
    let entries = if symbol.is_empty() { all.iter().collect() } else { glossary::found(symbol, &all, &spell) };
    if entries.is_empty() {
        let nearest = glossary::nearest(symbol, &all, (&spell, NEAREST)).join(", ");
        return Err(Error::Usage(format!(
            "the glossary has no symbol {}; the nearest that it has are {nearest}. `deltascope glossary` prints all.",
            printable(symbol)
        )));
    }
    Ok(printed(&entries, (format, symbol.is_empty())))
}

/// How many of the nearest symbols a refusal names, where the glossary does not have the one that was asked for.
const NEAREST: usize = 5;

/// The options that suit data, one a line, with where each comes from.
fn options(name: &OsStr, facts: &DataFacts) -> String {
    let (learning, origins) = Asked::default().filled(facts);
    let words: Vec<_> = Asked::all(&learning).words().into_iter().flatten().collect();
    // A recurrent layer is what --cell says.
    let words = words.into_iter().filter(|(name, _)| !(facts.recurrent && *name == "activation"));
    let cell = facts.recurrent.then(|| ("cell", Sequences::usual_cell(name).name().to_string()));
    let words = cell.into_iter().chain(words);
    let mut text = format!("options   for the {} samples of the training part, unless others are given\n", facts.m);
    for (name, value) in words {
        let _ = writeln!(
            text,
            "  {:<22}  {}",
            format!("--{name} {value}"),
            if name == "cell" { Origin::Data } else { origins.of(name) }
        );
    }
    text
}
