//! The equations of each recurrent cell: one file a cell.

mod gru;
mod lstm;
mod plain;

use super::steps::{CellEquations, Unrolled};
use crate::nn::Cell;

/// The equations of a cell over the steps of its sequences.
pub(super) fn equations(cell: Cell, unrolled: &Unrolled) -> CellEquations {
    match cell {
        Cell::Plain(g) => plain::equations(g, unrolled),
        Cell::Gru => gru::equations(unrolled),
        Cell::Lstm => lstm::equations(unrolled),
    }
}
