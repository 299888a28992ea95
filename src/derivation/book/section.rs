//! A section of the book, read from its file: a head with its number, name, title and equations, then paragraphs and equations.

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its number, such as 2.5; all extensions are of 3.2, and what stands behind them has a letter.
    pub number: &'static str,
    /// The word that it is found by.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The numbers of the equations that it derives.
    pub equations: Vec<&'static str>,
    /// Its text.
    pub passages: Vec<Passage>,
}

/// A part of a section's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage {
    /// A paragraph, in one line.
    Paragraph(String),
    /// An equation.
    Equation {
        /// Its number.
        number: &'static str,
        /// The equation in symbols.
        symbols: &'static str,
    },
    /// Lines that are printed as they are.
    Table(Vec<String>),
}

/// What a line that is an equation, or part of a table, begins with.
const INDENT: &str = "    ";

impl Section {
    /// Reads a section.
    ///
    /// # Errors
    /// A sentence that names the line, counted from 1, what was found, and what was expected.
    pub fn read(text: &'static str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        match lines.next() {
            Some((_, "---")) => {}
            other => return Err(format!("line 1: found {:?}, expected ---", other.map_or("", |(_, line)| line))),
        }
        let mut section = Self { number: "", name: "", title: "", equations: Vec::new(), passages: Vec::new() };
        for (at, line) in lines.by_ref() {
            if line == "---" {
                break;
            }
            match line.split_once(": ") {
                Some(("section", number)) => section.number = number,
                Some(("name", name)) => section.name = name,
                Some(("title", title)) => section.title = title,
                Some(("equations", numbers)) => section.equations = numbers.split(", ").collect(),
                _ => return Err(format!("line {at}: found {line:?}, expected section, name, title or equations")),
            }
        }
        for (field, value) in [("section", section.number), ("name", section.name), ("title", section.title)] {
            if value.is_empty() {
                return Err(format!("the head: found no {field}, expected one"));
            }
        }
        section.passages = passages(lines)?;
        Ok(section)
    }

    /// The numbers of the equations that its text shows, in their order, one of several equations once.
    pub fn shown(&self) -> Vec<&'static str> {
        let mut numbers = Vec::new();
        for passage in &self.passages {
            if let Passage::Equation { number, .. } = passage
                && !numbers.contains(number)
            {
                numbers.push(*number);
            }
        }
        numbers
    }
}

/// The text below the head: lines without blanks between them are a paragraph, an indented line is an equation.
fn passages(lines: impl Iterator<Item = (usize, &'static str)>) -> Result<Vec<Passage>, String> {
    let (mut passages, mut paragraph) = (Vec::new(), Vec::new());
    let end = |paragraph: &mut Vec<&str>, passages: &mut Vec<Passage>| {
        if !paragraph.is_empty() {
            passages.push(Passage::Paragraph(paragraph.join(" ")));
            paragraph.clear();
        }
    };
    for (at, line) in lines {
        match line.strip_prefix(INDENT) {
            Some(equation) => {
                end(&mut paragraph, &mut passages);
                let parts = equation.strip_prefix('(').and_then(|rest| rest.split_once(") "));
                let (number, symbols) =
                    parts.ok_or_else(|| format!("line {at}: found {equation:?}, expected (NUMBER) EQUATION"))?;
                passages.push(Passage::Equation { number, symbols });
            }
            None if line.is_empty() => end(&mut paragraph, &mut passages),
            None => paragraph.push(line),
        }
    }
    end(&mut paragraph, &mut passages);
    Ok(passages)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\nsection: 9.1\nname: a\ntitle: A\nequations: 9.1.1, 9.1.2\n---\n";

    #[test]
    fn a_section_is_its_head_its_paragraphs_and_its_equations() {
        let text = "---\nsection: 9.1\nname: a\ntitle: A\nequations: 9.1.1, 9.1.2\n---\nOne\ntwo.\n\n    (9.1.1) a = b\n    (9.1.2) c\nThree.\n";
        let section = Section::read(text).expect("it is a section");
        assert_eq!((section.number, section.name, section.title), ("9.1", "a", "A"));
        assert_eq!(section.equations, ["9.1.1", "9.1.2"]);
        assert_eq!(
            section.passages,
            [
                Passage::Paragraph("One two.".into()),
                Passage::Equation { number: "9.1.1", symbols: "a = b" },
                Passage::Equation { number: "9.1.2", symbols: "c" },
                Passage::Paragraph("Three.".into()),
            ]
        );
        assert_eq!(Section::read(HEAD).expect("a head alone").passages, []);
    }

    #[test]
    fn what_is_no_section_is_refused_by_its_line() {
        for (text, said) in [
            ("# A", "line 1: found \"# A\", expected ---"),
            ("---\nsection: 1\nauthor: b\n---", "line 3: found \"author: b\""),
            ("---\nsection: 1\nname: b\n---", "found no title"),
            ("---\nsection: 1\nname: b\ntitle: c\n---\n    a = b", "line 6: found \"a = b\", expected (NUMBER)"),
        ] {
            let error = Section::read(text).expect_err(text);
            assert!(error.contains(said), "{error}");
        }
    }
}
