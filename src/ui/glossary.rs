//! The glossary as lines: on the screen behind the keys, and for a pager.

mod places;
mod print;

pub use print::printed;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::table::TableRows;
use super::widgets::frame::Frame;
use crate::derivation::GlossaryEntry;
use crate::derivation::glossary::{GlossaryPart, of_network};
use crate::keymap::Direction;
use crate::text::{columns, wrapped};
use crate::view::View;

/// What a line of the glossary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlossaryKind {
    /// The heading of a part, or an empty line before it.
    Heading,
    /// What a symbol is.
    Sentence,
    /// Its shape, its equations, or its place on the screen.
    About,
}

/// A line of the glossary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlossaryLine {
    /// What it is.
    pub kind: GlossaryKind,
    /// Its text, at most as wide as was asked for.
    pub text: String,
}

/// How far the lines below a symbol's first one are indented, and the column that begins after their words.
const INDENT: usize = 4;
const WORDS: usize = 10;
/// A blank at which no line is broken; no text of the glossary has one.
const GLUE: char = '\u{e000}';

/// What is said of a symbol: its shape, its equations and where it stands, of a network of one kind or of all.
pub fn about(entry: &GlossaryEntry, is_recurrent: Option<bool>) -> [(&'static str, String); 3] {
    let shape = match entry.shown.as_slice() {
        [] => entry.shape(),
        shown => format!("{}; shown as {}", entry.shape(), shown.join(" or ")),
    };
    [("shape", shape), ("equation", entry.equations.text()), ("screen", places::text(entry, is_recurrent))]
}

/// Entries as lines of a width, with a heading for each part if they are the whole; `spell` spells out the signs that can't be shown.
pub fn lines(
    entries: &[&GlossaryEntry],
    (is_recurrent, is_whole): (Option<bool>, bool),
    (width, spell): (usize, &dyn Fn(&str) -> String),
) -> Vec<GlossaryLine> {
    let mut made = Vec::new();
    let mut part: Option<GlossaryPart> = None;
    for entry in entries {
        if part != Some(entry.part) && is_whole {
            if part.is_some() {
                made.push(GlossaryLine { kind: GlossaryKind::Heading, text: String::new() });
            }
            made.push(GlossaryLine { kind: GlossaryKind::Heading, text: spell(entry.part.title()) });
        }
        part = Some(entry.part);
        add(GlossaryKind::Sentence, ("", &entry.sentence()), (width, spell), &mut made);
        for (word, text) in about(entry, is_recurrent) {
            add(GlossaryKind::About, (word, &text), (width, spell), &mut made);
        }
    }
    made
}

/// A text behind a word, in lines whose later ones are indented as far as its first.
fn add(
    kind: GlossaryKind,
    (word, text): (&str, &str),
    (width, spell): (usize, &dyn Fn(&str) -> String),
    to: &mut Vec<GlossaryLine>,
) {
    let mut held = text.to_string();
    for tight in [" × ", " + ", " = ", "(3.2 "] {
        held = held.replace(tight, &tight.replace(' ', &GLUE.to_string()));
    }
    let text = held.split(GLUE).map(spell).collect::<Vec<_>>().join(&GLUE.to_string());
    let (begin, indent) = match word {
        "" => (String::new(), INDENT),
        word => (format!("{}{word:<WORDS$}", " ".repeat(INDENT)), INDENT + WORDS),
    };
    // The first line begins further to the left than the others: what it has room for more is put before it as one word.
    let room = width.saturating_sub(indent).max(1);
    let first = width.saturating_sub(columns(&begin)).max(1);
    let mut rest: Vec<String> = wrapped(&text, first);
    let head = if rest.is_empty() { String::new() } else { rest.remove(0) };
    let tail = rest.join(" ");
    to.push(GlossaryLine { kind, text: format!("{begin}{}", head.replace(GLUE, " ")) });
    if !tail.is_empty() {
        let indented = |line: String| format!("{}{}", " ".repeat(indent), line.replace(GLUE, " "));
        to.extend(wrapped(&tail, room).into_iter().map(|line| GlossaryLine { kind, text: indented(line) }));
    }
}

/// The widest line on the screen.
const WIDEST: u16 = 100;

/// The glossary of the network on the screen, at a width.
fn of_view(view: &View, width: u16) -> Vec<GlossaryLine> {
    let Some(snapshot) = &view.snapshot else { return Vec::new() };
    let entries = of_network(snapshot);
    let entries: Vec<&GlossaryEntry> = entries.iter().collect();
    let spell = |text: &str| view.theme.spell(text).into_owned();
    lines(&entries, (Some(view.recurrent().is_some()), true), (usize::from(width.min(WIDEST)), &spell))
}

/// Rows for the lines: the last row says how many there are beside.
fn rows(inner: Rect) -> usize {
    usize::from(inner.height.saturating_sub(1))
}

/// The first line that is shown after a key, if the glossary is drawn there.
pub fn scrolled(view: &View, from: usize, area: Rect, direction: Direction) -> usize {
    let inner = Frame::inner(area);
    let last = of_view(view, inner.width).len().saturating_sub(rows(inner));
    let (at, page) = (from.min(last), rows(inner).saturating_sub(1).max(1));
    let to = match direction {
        Direction::PageUp => at.saturating_sub(page),
        Direction::PageDown => at + page,
        direction => direction.along(at, last),
    };
    to.min(last)
}

/// Draws the glossary from a line on.
///
/// ```text
/// +- > glossary of 64-25-10 ------------------------------ Tab: keys  Esc back -+
/// | Backwards                                                                   |
/// | delta is dJ^(b)/dz^(l) of one sample (2.5.1): how much the cost of the      |
/// |     sample grows with z^(l).                                                |
/// |     shape     delta^(l): S_l; here delta^(2) 25, delta^(3) 10               |
/// |     equation  (2.4.6), (2.5.8); also (2.5.1), ...                           |
/// |     screen    panel 2, delta (2); panel 1, network (1, then v)              |
/// | 120 lines above, 80 below                                                   |
/// +-----------------------------------------------------------------------------+
/// ```
pub fn draw(view: &View, from: usize, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inner = Frame { title: "glossary", right: "Tab: keys  Esc back", focused: true }.render(area, buf, theme);
    let lines = of_view(view, inner.width);
    let shown = rows(inner);
    let from = from.min(lines.len().saturating_sub(shown));
    let mut out = TableRows::new(inner, buf, theme);
    if lines.is_empty() {
        out.line("not computed yet", theme.faint());
    }
    for line in lines.iter().skip(from).take(shown) {
        let style = match line.kind {
            GlossaryKind::Heading => theme.title_focused(),
            GlossaryKind::Sentence => theme.key(),
            GlossaryKind::About => theme.text(),
        };
        out.line(&line.text, style);
    }
    let last = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    TableRows::new(last, buf, theme).scrolled((from, lines.len().saturating_sub(from + shown)));
}
