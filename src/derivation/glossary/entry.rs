//! What the glossary says of a symbol: what it is, its shape, its equations, and how a walk through an update comes to it.

use super::rows::GlossaryPart;

/// A symbol of the glossary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlossaryEntry {
    /// Where in the glossary it stands.
    pub part: GlossaryPart,
    /// The letter that the graph of equations knows it by; of what the graph does not have, its name.
    pub letter: &'static str,
    /// What its sentence begins with.
    pub name: &'static str,
    /// How it is written, with the marks of layers, gates and steps.
    pub symbols: Vec<String>,
    /// What stands on the screen in its place.
    pub shown: Vec<&'static str>,
    /// Other names that it is found by.
    pub aliases: &'static [&'static str],
    /// What it is: the end of a sentence that begins with its name.
    pub words: &'static str,
    /// Its shape in symbols.
    pub shape: String,
    /// Its shape, or its value, in the network at hand.
    pub here: Vec<String>,
    /// Where it comes from.
    pub equations: EntryEquations,
    /// How a walk through an update comes to it.
    pub walked: Walked,
}

/// The equations of a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryEquations {
    /// Those that it is computed by, and others that hold of it.
    Its(Vec<&'static str>, Vec<&'static str>),
    /// It has none of its own: those in which it stands at the right.
    UsedIn(Vec<&'static str>),
    /// Why it has none.
    None(&'static str),
}

/// How a walk through an update comes to a symbol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Walked {
    /// Not at all.
    #[default]
    Never,
    /// As a step of a proof.
    ByProof,
    /// As a number of its own.
    ByResult,
}

impl GlossaryEntry {
    /// What it is, as a sentence.
    pub fn sentence(&self) -> String {
        format!("{} is {}.", self.name, self.words)
    }

    /// How it is written and its shape; then what that is in the network at hand.
    pub fn shape(&self) -> String {
        let shape = if self.shape.is_empty() { "a number" } else { &self.shape };
        let symbols = self.symbols.join(", ");
        let here = match self.here.as_slice() {
            [] => String::new(),
            here => format!("; here {}", here.join(", ")),
        };
        format!("{symbols}: {shape}{here}")
    }
}

impl EntryEquations {
    /// The numbers that are cited.
    pub fn numbers(&self) -> impl Iterator<Item = &'static str> {
        let (one, other): (&[&str], &[&str]) = match self {
            Self::Its(results, others) => (results, others),
            Self::UsedIn(numbers) => (numbers, &[]),
            Self::None(_) => (&[], &[]),
        };
        one.iter().chain(other).copied().collect::<Vec<_>>().into_iter()
    }

    /// As text.
    pub fn text(&self) -> String {
        let listed = |numbers: &[&str]| numbers.iter().map(|of| format!("({of})")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Its(results, others) if results.is_empty() => listed(others),
            Self::Its(results, others) if others.is_empty() => listed(results),
            Self::Its(results, others) => format!("{}; also {}", listed(results), listed(others)),
            Self::UsedIn(numbers) => format!("none of its own; it stands in {}", listed(numbers)),
            Self::None(reason) => format!("none: {reason}"),
        }
    }

    /// Those of the same symbol in another network as well.
    pub(super) fn join(&mut self, other: Self) {
        let add = |to: &mut Vec<&'static str>, more: Vec<&'static str>| {
            for number in more {
                if !to.contains(&number) {
                    to.push(number);
                }
            }
        };
        match (self, other) {
            (Self::Its(results, others), Self::Its(more, of_others)) => {
                add(results, more);
                add(others, of_others);
                others.retain(|number| !results.contains(number));
            }
            (Self::UsedIn(numbers), Self::UsedIn(more)) => add(numbers, more),
            // What is an option in one network may be computed in another one.
            (own, other @ Self::Its(..)) => *own = other,
            (own @ Self::None(_), other) => *own = other,
            (_, _) => {}
        }
    }
}
