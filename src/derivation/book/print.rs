//! The book as text for a pager, and as Markdown.

use super::lines::LineKind;
use super::numbers::EquationNumbers;
use super::pages::{contents, pages};
use super::section::{Passage, Section};
use crate::nn::Named;
use crate::text::columns;

/// The form in which the book is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookFormat {
    /// Lines of at most 80 columns.
    Text,
    /// Markdown.
    Markdown,
}

impl Named for BookFormat {
    const ALL: &'static [Self] = &[Self::Text, Self::Markdown];

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
        }
    }
}

/// Columns of a line of text.
const WIDTH: usize = 80;

/// The title of the whole book.
const TITLE: &str = "Backpropagation, derived equation by equation";
/// What the numbers beside the equations are.
const ABOUT: &str =
    "Below an equation stand its numbers in the net of section A, or in the one that\na line before them names.";

/// Some sections in a form, with the numbers of the examples; with the contents before them if they are all there are.
pub fn printed(sections: &[&Section], format: BookFormat) -> String {
    let is_whole = sections.len() == pages().len();
    let (begin, section): (String, fn(&Section) -> String) = match format {
        BookFormat::Text => (format!("{}{}\n{ABOUT}\n\n", underlined(TITLE), contents_as_text()), text),
        BookFormat::Markdown => (format!("# {TITLE}\n\n{}\n{ABOUT}\n\n", contents_as_list()), markdown),
    };
    let begin = if is_whole { begin } else { String::new() };
    let parts: Vec<String> = sections.iter().map(|of| section(of)).collect();
    begin + &parts.join("\n")
}

fn underlined(title: &str) -> String {
    format!("{title}\n{}\n\n", "=".repeat(columns(title)))
}

fn contents_as_text() -> String {
    contents(true).iter().map(|line| format!("{line}\n")).collect()
}

fn contents_as_list() -> String {
    pages().iter().map(|section| format!("- {} {}\n", section.number, section.title)).collect()
}

fn text(section: &Section) -> String {
    let mut out = String::new();
    for line in section.lines(&section.numbers(None), WIDTH, &|text| text.to_string()) {
        out.push_str(&line.text);
        out.push('\n');
        if line.kind == LineKind::Title {
            out.push_str(&"-".repeat(columns(&line.text)));
            out.push('\n');
        }
    }
    out
}

/// Paragraphs with their signs as they are, and equations with their numbers as blocks of code.
fn markdown(section: &Section) -> String {
    let mut out = format!("## {} {}\n", section.number, section.title);
    let (mut in_code, mut numbers) = (false, section.numbers(None).into_iter());
    for passage in &section.passages {
        let is_code = !matches!(passage, Passage::Paragraph(_));
        if in_code && !is_code {
            out.push_str("```\n");
        }
        if is_code && !in_code {
            out.push_str("\n```text\n");
        }
        in_code = is_code;
        match passage {
            Passage::Paragraph(text) => out.push_str(&format!("\n{}\n", escaped(text))),
            Passage::Equation { number, symbols } => {
                out.push_str(&format!("({number}) {symbols}\n"));
                let EquationNumbers { source, lines } = numbers.next().unwrap_or_default();
                let source = Some(source).filter(|source| !source.is_empty());
                let lines = source.into_iter().chain(lines.iter().map(|line| line.whole()[0].clone()));
                lines.for_each(|line| out.push_str(&format!("    {line}\n")));
            }
            Passage::Table(rows) => rows.iter().for_each(|row| out.push_str(&format!("{row}\n"))),
        }
    }
    if in_code {
        out.push_str("```\n");
    }
    out
}

/// A paragraph whose indices are no emphasis; what stands between backticks is left as it is.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts
        .map(|(index, part)| if index % 2 == 0 { part.replace('_', "\\_").replace('|', "\\|") } else { part.into() });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<&'static Section> {
        pages().iter().collect()
    }

    #[test]
    fn no_line_of_the_text_is_wider_than_a_terminal() {
        for line in printed(&all(), BookFormat::Text).lines() {
            assert!(columns(line) <= WIDTH, "{line}");
            assert!(!line.ends_with(' '), "{line:?}");
        }
    }

    #[test]
    fn an_equation_is_in_one_line_with_its_number() {
        let text = printed(&all(), BookFormat::Text);
        for section in pages() {
            for passage in &section.passages {
                if let Passage::Equation { number, symbols } = passage {
                    assert!(text.contains(&format!("    ({number}) {symbols}\n")), "({number}) {symbols}");
                }
            }
        }
    }

    #[test]
    fn the_whole_has_its_contents_and_a_part_has_none() {
        for format in BookFormat::ALL {
            let whole = printed(&all(), *format);
            assert!(whole.contains(TITLE) && whole.contains(ABOUT));
            let part = printed(&all()[..1], *format);
            assert!(!part.contains(TITLE) && whole.contains(&part), "{part}");
        }
    }

    #[test]
    fn indices_are_no_emphasis_and_blocks_are_closed() {
        assert_eq!(escaped("a_1 and `b_1` and S_{l+1}"), "a\\_1 and `b_1` and S\\_{l+1}");
        let whole = printed(&all(), BookFormat::Markdown);
        assert_eq!(whole.lines().filter(|line| *line == "```").count(), whole.matches("```text").count());
    }
}
