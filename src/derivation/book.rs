//! The derivation as a book: a text for each section, its equations with the numbers of a net beside them, and how it is printed.

mod at;
mod example;
mod examples;
mod in_walk;
mod lacks;
mod lines;
mod numbers;
mod pages;
mod passage;
mod print;
mod section;
mod texts;

pub use at::NumbersAt;
pub use examples::example;
pub use in_walk::{WalkPlace, place_in_walk};
pub use lines::{BookLine, LineKind};
pub use numbers::{EquationNumbers, NumberLine, RunningNet};
pub use pages::{contents, found, page_of, pages};
pub use passage::PageEquation;
pub use print::{BookFormat, printed};
pub use section::{Passage, Section};
