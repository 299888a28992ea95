//! The derivation as a book: a text for each section, its equations with the numbers of a net beside them, and how it is printed.

mod example;
mod lines;
mod numbers;
mod pages;
mod print;
mod section;
mod texts;

pub use example::example;
pub use lines::{BookLine, LineKind};
pub use numbers::numbers;
pub use pages::{contents, found, page_of, pages};
pub use print::{BookFormat, printed};
pub use section::{Passage, Section};
