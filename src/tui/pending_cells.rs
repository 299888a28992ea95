//! What frames have changed and the terminal has not got yet: on a slow link numbers leave before pictures.

use ratatui::buffer::Cell;
use ratatui::style::Color;

/// A cell and where it stands: column and row.
pub(super) type Placed = (u16, u16, Cell);

/// The cells that are to be sent, each once.
#[derive(Debug, Default)]
pub(super) struct PendingCells(Vec<Placed>);

impl PendingCells {
    /// What a new frame has changed takes the place of what never left.
    pub(super) fn add<'a>(&mut self, changed: impl Iterator<Item = (u16, u16, &'a Cell)>) {
        let late = !self.0.is_empty();
        self.0.extend(changed.map(|(x, y, cell)| (x, y, cell.clone())));
        if late {
            // The newest of a place comes first, and is the one that is kept.
            self.0.reverse();
            self.0.sort_by_key(|&(x, y, _)| (y, x));
            self.0.dedup_by_key(|&mut (x, y, _)| (y, x));
        }
    }

    /// Puts the numbers before the pictures, and returns how many cells are numbers.
    pub(super) fn numbers_first(&mut self) -> usize {
        self.0.sort_by_key(|(_, _, cell)| is_picture(cell));
        self.0.partition_point(|(_, _, cell)| !is_picture(cell))
    }

    /// All of them, in the order in which they leave.
    pub(super) fn cells(&self) -> &[Placed] {
        &self.0
    }

    /// The first so many have left.
    pub(super) fn sent(&mut self, count: usize) {
        self.0.drain(..count);
    }

    /// The terminal's picture is wiped: what it lacked is of no use any more.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

/// Whether a cell is nothing but colour, as those of heatmaps and other pictures are.
fn is_picture(cell: &Cell) -> bool {
    cell.symbol() == "▀" || cell.symbol() == " " && cell.bg != Color::Reset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(symbol: &str) -> Cell {
        let mut cell = Cell::default();
        cell.set_symbol(symbol);
        cell
    }

    fn picture() -> Cell {
        let mut cell = text("▀");
        cell.set_bg(Color::Red);
        cell
    }

    fn symbols(pending: &PendingCells) -> String {
        pending.cells().iter().map(|(_, _, cell)| cell.symbol()).collect()
    }

    #[test]
    fn the_newest_cell_of_a_place_is_the_one_that_leaves() {
        let mut pending = PendingCells::default();
        pending.add([(3, 0, &text("a")), (0, 1, &text("b"))].into_iter());
        pending.add([(0, 0, &text("c")), (3, 0, &text("d"))].into_iter());
        assert_eq!(symbols(&pending), "cdb");
        pending.sent(2);
        assert_eq!(symbols(&pending), "b");
    }

    #[test]
    fn numbers_leave_before_pictures_and_else_row_by_row() {
        let mut pending = PendingCells::default();
        pending.add([(0, 0, &text("1")), (1, 0, &picture()), (0, 1, &picture()), (1, 1, &text("2"))].into_iter());
        assert_eq!(pending.numbers_first(), 2);
        assert_eq!(symbols(&pending), "12▀▀");
    }
}
