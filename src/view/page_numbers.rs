//! The numbers beside the equations of the book's page that is open.

use crate::derivation::book::EquationNumbers;

/// The numbers of a page.
#[derive(Clone, Debug, Default)]
pub struct PageNumbers {
    /// The page, counted from 1; 0 is the table of contents, or no page.
    pub(super) page: usize,
    /// Those beside each of its equations.
    pub(super) numbers: Vec<EquationNumbers>,
}
