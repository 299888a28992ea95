//! A section as lines of a width, each of its kind: for a pager and for the screen.

use super::numbers::{EquationNumbers, NumberLine};
use super::section::{Passage, Section};
use crate::text::{columns, wrapped};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// The title.
    Title,
    /// A line of a paragraph, or an empty one.
    Text,
    /// An equation in symbols.
    Equation,
    /// Of which net its numbers are.
    Source,
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
    /// The place, among the equations of the section, of the one that it belongs to.
    pub equation: Option<usize>,
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
    /// The equation that the next lines belong to.
    equation: Option<usize>,
    made: Vec<BookLine>,
}

impl BookLines<'_> {
    fn add(&mut self, kind: LineKind, text: &str, indents: (usize, usize)) {
        self.add_in_room(kind, [text, text], indents);
    }

    /// A text in the lines that another one of the same words takes, so that it is broken at the same places whatever its numbers are.
    fn add_in_room(&mut self, kind: LineKind, [text, room]: [&str; 2], (indent, hang): (usize, usize)) {
        let [text, room] = [text, room].map(|text| {
            let held = glued(text, kind == LineKind::Text || kind == LineKind::Source);
            held.split(GLUE).map(self.spell).collect::<Vec<_>>().join(&GLUE.to_string())
        });
        // The lines after the first are indented further.
        let (first, others) = (self.width.saturating_sub(indent), self.width.saturating_sub(indent + hang));
        let width = if columns(&room) <= first { first } else { others }.max(1);
        let lines =
            filled(&text, &wrapped(&room, width)).filter(|lines| lines.iter().all(|line| columns(line) <= width));
        for (index, line) in lines.unwrap_or_else(|| wrapped(&text, width)).into_iter().enumerate() {
            let before = if index == 0 { indent } else { indent + hang };
            let text = format!("{}{}", " ".repeat(before), line.replace(GLUE, " "));
            self.made.push(BookLine { kind, text, equation: self.equation });
        }
    }

    /// An empty line, unless there is one.
    fn part(&mut self) {
        if self.made.last().is_some_and(|line| !line.text.is_empty()) {
            self.made.push(BookLine { kind: LineKind::Text, text: String::new(), equation: None });
        }
    }

    fn indent(&self) -> usize {
        INDENTS[usize::from(self.width < NARROW)]
    }

    /// Numbers on one line where they fit, else each side of the equation on its own.
    fn numbers(&mut self, line: &NumberLine) {
        let indent = 2 * self.indent();
        let [text, room] = line.whole();
        if indent + columns(&(self.spell)(&room)) <= self.width {
            return self.add_in_room(LineKind::Numbers, [&text, &room], (indent, 2));
        }
        for (index, (text, room)) in line.sides.iter().enumerate() {
            let (begin, indent) =
                if index == 0 { (format!("{} = ", line.name), indent) } else { ("= ".to_string(), indent + 2) };
            let [text, room] = [text, room].map(|side| format!("{begin}{side}"));
            self.add_in_room(LineKind::Numbers, [&text, &room], (indent, 2));
        }
    }
}

/// The words of a text, as many of them in each line as another text has there; `None` where that has more or fewer.
fn filled(text: &str, lines: &[String]) -> Option<Vec<String>> {
    let ends = |c: char| c == ' ' || c == GLUE;
    let words = |text: &str| text.split(ends).count();
    if words(text) != lines.iter().map(|line| words(line)).sum::<usize>() {
        return None;
    }
    let mut rest = text.split(ends);
    Some(lines.iter().map(|line| rest.by_ref().take(words(line)).collect::<Vec<_>>().join(" ")).collect())
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
    /// Its lines at a width, with these numbers beside its equations; `spell` spells out the signs that can't be shown.
    pub fn lines(&self, numbers: &[EquationNumbers], width: usize, spell: &dyn Fn(&str) -> String) -> Vec<BookLine> {
        let mut lines = BookLines { width, spell, equation: None, made: Vec::new() };
        lines.add(LineKind::Title, &format!("{}  {}", self.number, self.title), (0, 0));
        let (mut equations, mut was_equation) = (0.., false);
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
                    lines.equation = equations.next();
                    lines.add(LineKind::Equation, &format!("({number}) {symbols}"), (indent, indent));
                    if let Some(EquationNumbers { source, lines: all }) = lines.equation.and_then(|at| numbers.get(at))
                    {
                        if !source.is_empty() {
                            lines.add(LineKind::Source, source, (2 * indent, 2));
                        }
                        all.iter().for_each(|line| lines.numbers(line));
                    }
                    lines.equation = None;
                }
                Passage::Table(rows) => {
                    let indent = " ".repeat(lines.indent());
                    let row = |row: &String| BookLine {
                        kind: LineKind::Numbers,
                        text: if row.is_empty() { String::new() } else { format!("{indent}{}", spell(row)) },
                        equation: None,
                    };
                    lines.made.extend(rows.iter().map(row));
                }
            }
        }
        lines.made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of an equation with a number that changes.
    fn drawn(value: &str, width: usize) -> Vec<String> {
        let sides = vec![
            ("a × b + c × d".into(), "a × b + c × d".into()),
            (format!("{value} × {value} + {value} × 2"), "-0.0012 × (-0.0012) + 0.0012 × 2".into()),
        ];
        let mut lines = BookLines { width, spell: &|text| text.into(), equation: None, made: Vec::new() };
        lines.numbers(&NumberLine { name: "z".into(), sides });
        lines.made.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn numbers_that_change_are_broken_at_the_same_places() {
        for width in 32..80 {
            let [one, other] = ["1", "-0.001"].map(|value| drawn(value, width));
            assert_eq!(one.len(), other.len(), "{width}: {one:?} {other:?}");
            assert!(one.iter().chain(&other).all(|line| columns(line) <= width), "{width}: {one:?} {other:?}");
        }
    }
}
