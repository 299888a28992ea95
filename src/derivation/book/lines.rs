//! A section as lines of a width, each of its kind: for a pager and for the screen.

use super::numbers::numbers;
use super::section::{Passage, Section};
use crate::text::{columns, wrapped};
use crate::train::Snapshot;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// The title.
    Title,
    /// A line of a paragraph, or an empty one.
    Text,
    /// An equation in symbols.
    Equation,
    /// The same in numbers.
    Numbers,
}

/// A line of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookLine {
    /// What it is.
    pub kind: LineKind,
    /// Its text, at most as wide as was asked for.
    pub text: String,
}

/// How far equations are indented where there is room, and where there is not.
const INDENTS: [usize; 2] = [4, 1];
/// The width below which there is none.
const NARROW: usize = 60;

/// The lines that are made so far.
struct BookLines<'a> {
    width: usize,
    /// How signs are spelt where not all of them can be shown.
    spell: &'a dyn Fn(&str) -> String,
    made: Vec<BookLine>,
}

impl BookLines<'_> {
    fn add(&mut self, kind: LineKind, text: &str, (indent, hang): (usize, usize)) {
        let held = glued(text, kind == LineKind::Text);
        let text = held.split(GLUE).map(self.spell).collect::<Vec<_>>().join(&GLUE.to_string());
        // The lines after the first are indented further.
        let (first, others) = (self.width.saturating_sub(indent), self.width.saturating_sub(indent + hang));
        let width = if columns(&text) <= first { first } else { others }.max(1);
        for (index, line) in wrapped(&text, width).into_iter().enumerate() {
            let before = if index == 0 { indent } else { indent + hang };
            self.made.push(BookLine { kind, text: format!("{}{}", " ".repeat(before), line.replace(GLUE, " ")) });
        }
    }

    /// An empty line, unless there is one.
    fn part(&mut self) {
        if self.made.last().is_some_and(|line| !line.text.is_empty()) {
            self.made.push(BookLine { kind: LineKind::Text, text: String::new() });
        }
    }

    fn indent(&self) -> usize {
        INDENTS[usize::from(self.width < NARROW)]
    }

    /// Numbers on one line where they fit, else each side of the equation on its own.
    fn numbers(&mut self, text: &str) {
        let indent = 2 * self.indent();
        if indent + columns(&(self.spell)(text)) <= self.width {
            return self.add(LineKind::Numbers, text, (indent, 2));
        }
        let (name, sides) = text.split_once(" = ").unwrap_or((text, ""));
        for (index, side) in sides.split(" = ").enumerate() {
            let (begin, indent) = if index == 0 { (name, indent) } else { ("", indent + 2) };
            self.add(LineKind::Numbers, format!("{begin} = {side}").trim_start(), (indent, 2));
        }
    }
}

/// A blank at which no line is broken; it has a place of its own, and no text of the book has one.
const GLUE: char = '\u{e000}';
/// Signs that hold together what stands on both sides of them.
const TIGHT: [&str; 4] = ["×", "·", "⊙", "/"];
/// Signs before which a long formula is broken.
const LOOSE: [&str; 8] = ["=", "+", "−", "≠", "<", ">", "←", "|"];
/// The widest text that is held together.
const WIDEST: usize = 24;

/// A text in which a term, and in a paragraph a small formula, is broken at no blank.
fn glued(text: &str, is_paragraph: bool) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut holds = false;
    for word in text.split(' ') {
        let (is_tight, is_loose) = (TIGHT.contains(&word), LOOSE.contains(&word));
        let is_held = holds || is_tight || is_loose && is_paragraph;
        match out.last_mut().filter(|last| is_held && columns(last) + columns(word) < WIDEST) {
            Some(last) => *last = format!("{last}{GLUE}{word}"),
            None => out.push(word.into()),
        }
        holds = is_tight || is_loose;
    }
    out.join(" ")
}

impl Section {
    /// Its lines at a width, with the numbers of a net beside its equations; `spell` spells out the signs that can't be shown.
    pub fn lines(&self, snapshot: &Snapshot, width: usize, spell: &dyn Fn(&str) -> String) -> Vec<BookLine> {
        let mut lines = BookLines { width, spell, made: Vec::new() };
        lines.add(LineKind::Title, &format!("{}  {}", self.number, self.title), (0, 0));
        let mut seen = Vec::new();
        let mut was_equation = false;
        for passage in &self.passages {
            let is_equation = matches!(passage, Passage::Equation { .. });
            if !(is_equation && was_equation) {
                lines.part();
            }
            was_equation = is_equation;
            match passage {
                Passage::Paragraph(text) => lines.add(LineKind::Text, &text.replace('*', ""), (0, 0)),
                Passage::Equation { number, symbols } => {
                    let indent = lines.indent();
                    lines.add(LineKind::Equation, &format!("({number}) {symbols}"), (indent, indent));
                    // Of several equations of one number the first has them.
                    if !seen.contains(number) {
                        seen.push(*number);
                        numbers(number, snapshot).iter().for_each(|line| lines.numbers(line));
                    }
                }
                Passage::Table(rows) => {
                    let indent = lines.indent();
                    let row = |row: &String| BookLine {
                        kind: LineKind::Numbers,
                        text: if row.is_empty() {
                            String::new()
                        } else {
                            format!("{}{}", " ".repeat(indent), spell(row))
                        },
                    };
                    lines.made.extend(rows.iter().map(row));
                }
            }
        }
        lines.made
    }
}
