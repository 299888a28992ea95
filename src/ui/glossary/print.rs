//! The glossary as text for a pager, and as Markdown.

use super::{about, lines};
use crate::derivation::GlossaryEntry;
use crate::derivation::book::BookFormat;
use crate::text::columns;

/// Columns of a line of text.
const WIDTH: usize = 80;
const TITLE: &str = "The symbols of deltascope";
/// What the numbers behind "here" are of.
const HERE: &str = "\"here\" is the 3-3-3-3 net of the book.";

/// Entries in a form, with title and headings if they are the whole. They are of all kinds of networks, so a place that only one has says so.
pub fn printed(entries: &[&GlossaryEntry], (format, is_whole): (BookFormat, bool)) -> String {
    match format {
        BookFormat::Text => text(entries, is_whole),
        BookFormat::Markdown => markdown(entries, is_whole),
    }
}

fn says_here(entries: &[&GlossaryEntry]) -> bool {
    entries.iter().any(|entry| !entry.here.is_empty())
}

fn text(entries: &[&GlossaryEntry], is_whole: bool) -> String {
    let mut out = String::new();
    if is_whole {
        out.push_str(&format!("{TITLE}\n{}\n\n", "=".repeat(columns(TITLE))));
    }
    for line in lines(entries, (None, is_whole), (WIDTH, &|text| text.to_string())) {
        out.push_str(line.text.trim_end());
        out.push('\n');
    }
    if says_here(entries) {
        out.push_str(&format!("\n{HERE}\n"));
    }
    out
}

fn markdown(entries: &[&GlossaryEntry], is_whole: bool) -> String {
    let mut out = if is_whole { format!("# {TITLE}\n") } else { String::new() };
    let mut part = None;
    for entry in entries {
        if part != Some(entry.part) && is_whole {
            out.push_str(&format!("\n## {}\n", entry.part.title()));
        }
        part = Some(entry.part);
        out.push_str(&format!("\n**{}** is {}.\n\n", escaped(entry.name), escaped(entry.words)));
        for (word, text) in about(entry, None) {
            out.push_str(&format!("- {word}: {}\n", escaped(&text)));
        }
    }
    if says_here(entries) {
        out.push_str(&format!("\n{HERE}\n"));
    }
    out
}

/// A text whose indices and signs are no Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "_*|[]<>`\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
