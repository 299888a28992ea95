//! The sections of the book in their order, and which of them is asked for.

use std::sync::LazyLock;

use super::section::{Passage, Section};
use super::texts::TEXTS;
use super::{example, examples};
use crate::text::columns;

/// All sections, in the order in which they are read.
pub fn pages() -> &'static [Section] {
    static PAGES: LazyLock<Vec<Section>> = LazyLock::new(|| TEXTS.iter().map(|&(_, text)| page(text)).collect());
    &PAGES
}

fn page(text: &'static str) -> Section {
    let mut section = Section::read(text).expect("a test reads every section");
    if section.name == "example" {
        let between = [String::new()];
        let tables = example::table().into_iter().chain(between).chain(examples::table_of_sequences());
        section.passages.push(Passage::Table(tables.collect()));
    }
    section
}

/// The place, in `pages`, of the section that derives the equation of a number, and that number.
pub fn page_of(equation: &str) -> Option<(usize, &'static str)> {
    let of = |section: &Section| section.equations.iter().copied().find(|&number| number == equation);
    pages().iter().enumerate().find_map(|(page, section)| Some((page, of(section)?)))
}

/// The sections that a word asks for: by the number of an equation, the number or the name of a section, the name of an extension
/// (`Adam`), or the number of a chapter. None if there is no such one.
pub fn found(asked: &str) -> Vec<&'static Section> {
    let asked = asked.trim().trim_matches(['(', ')']).to_lowercase();
    let is_asked = |equation: &&str| {
        let equation = equation.to_lowercase();
        equation == asked || equation.strip_prefix("3.2 ").is_some_and(|name| name == asked)
    };
    let select =
        |wanted: &dyn Fn(&Section) -> bool| pages().iter().filter(|section| wanted(section)).collect::<Vec<_>>();
    let by: [&dyn Fn(&Section) -> bool; 4] = [
        &|section| section.name == asked,
        &|section| section.equations.iter().any(&is_asked),
        &|section| section.number.to_lowercase() == asked,
        &|section| section.number.split_once('.').is_some_and(|(chapter, _)| chapter == asked),
    ];
    by.into_iter().map(select).find(|sections| !sections.is_empty()).unwrap_or_default()
}

/// A line for each section: its number, its title, where it is wanted the name that it is found by, and its equations.
pub fn contents(named: bool) -> Vec<String> {
    let widest = |of: fn(&Section) -> &str| pages().iter().map(|section| columns(of(section))).max().unwrap_or(0);
    let (titles, names) = (widest(|section| section.title), widest(|section| section.name));
    let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))));
    let line = |section: &Section| {
        let equations = match section.equations.as_slice() {
            [first, .., last] if !first.starts_with("3.2") => format!("{first} to {last}"),
            [one] if !one.starts_with("3.2") => one.to_string(),
            _ => String::new(),
        };
        let name = if named { format!("{}  ", padded(section.name, names)) } else { String::new() };
        let line = format!("{}  {}  {name}{equations}", padded(section.number, 3), padded(section.title, titles));
        line.trim_end().to_string()
    };
    pages().iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::derivation::equation::{ALL, EXTENSIONS};
    use crate::derivation::graph::{SOFTMAX_SLOPES, output_equations, penalty_equations, update_equations};
    use crate::nn::{Named, Optimizer, Output, Penalty};

    fn names(asked: &str) -> Vec<&'static str> {
        found(asked).into_iter().map(|section| section.name).collect()
    }

    /// Every number of the derivation.
    fn numbers() -> Vec<String> {
        ALL.iter().map(|equation| equation.number.to_string()).collect()
    }

    #[test]
    fn every_number_of_the_derivation_is_in_one_section_and_in_its_order() {
        let all = pages().iter().flat_map(|section| &section.equations).filter(|number| !number.starts_with("3.2"));
        let all: Vec<String> = all.map(ToString::to_string).collect();
        assert_eq!((all.len(), all), (54, numbers()));
        for section in pages().iter().filter(|section| section.number != "3.2") {
            let prefix = format!("{}.", section.number);
            assert!(section.equations.iter().all(|number| number.starts_with(&prefix)), "{}", section.name);
        }
    }

    #[test]
    fn a_section_shows_the_equations_of_its_head_and_no_others() {
        for section in pages() {
            assert_eq!(section.shown(), section.equations, "{}", section.name);
        }
    }

    #[test]
    fn every_equation_that_the_screen_cites_has_its_page() {
        let of_outputs = Output::ALL.iter().map(|&output| output_equations(output)).flat_map(|of| {
            let [h, function] = of.h;
            [h, function, of.cost, of.delta, SOFTMAX_SLOPES]
                .into_iter()
                .chain(of.cost_from_z)
                .chain(of.slopes.into_iter().flatten())
        });
        let of_penalties = Penalty::ALL.iter().map(|&penalty| penalty_equations(penalty));
        let of_rules = Optimizer::ALL.iter().map(|&rule| update_equations(rule));
        let choices = of_outputs
            .chain(of_penalties.flat_map(|of| [of.reg, of.slope, of.gradient]))
            .chain(of_rules.flat_map(|of| [Some(of.update), of.velocity, of.squares].into_iter().flatten()));
        for equation in ALL.iter().chain(EXTENSIONS).copied().chain(choices) {
            assert!(page_of(equation.number).is_some(), "{}", equation.number);
        }
        for number in ["3.2 recurrent", "3.2 GRU", "3.2 LSTM"] {
            assert!(page_of(number).is_some(), "{number}");
        }
        let all: Vec<&str> = pages().iter().flat_map(|section| section.equations.iter().copied()).collect();
        assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len(), "each has one page");
    }

    #[test]
    fn a_section_is_found_by_its_number_its_name_and_its_equations() {
        assert_eq!(names("2.5.8"), ["hidden"]);
        assert_eq!(names("(2.5.8)"), ["hidden"]);
        assert_eq!(names("2.5"), ["hidden"]);
        assert_eq!(names("softmax"), ["softmax"]);
        assert_eq!(names("Adam"), ["optimisers"]);
        assert_eq!(names("3.2 gru"), ["gru"]);
        assert_eq!(names("1"), ["forward", "cost", "update"]);
        assert_eq!((names("3.2").len(), names("b")), (10, vec!["source"]));
        for unknown in ["", "2.5.10", "4", "transformer"] {
            assert!(found(unknown).is_empty(), "{unknown}");
        }
    }

    #[test]
    fn a_section_is_neither_a_note_nor_a_chapter() {
        for section in pages().iter().filter(|section| section.number.contains('.')) {
            let paragraphs = section.passages.iter().map(|passage| match passage {
                Passage::Paragraph(text) => text.split_whitespace().count(),
                Passage::Equation { symbols, .. } => symbols.split_whitespace().count(),
                Passage::Table(_) => 0,
            });
            let words: usize = paragraphs.sum();
            assert!((150..=460).contains(&words), "{}: {words} words", section.name);
        }
    }
}
