//! Which part of a matrix is on the screen, and where each of its numbers stands.

use std::ops::Range;

use ratatui::layout::Rect;

/// Which part of a matrix is on the screen, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The rows shown.
    pub rows: Range<usize>,
    /// The columns shown, without the one apart.
    pub columns: Range<usize>,
    /// Rows and columns of the matrix in one cell; 1 × 1 unless reduced.
    pub block: (usize, usize),
    /// Columns of the screen that a cell has.
    pub width: u16,
    /// Whether two rows of the matrix share a row of the screen.
    pub half: bool,
    /// Whether column 0 stands apart at the left.
    pub apart: bool,
    /// The area of the cells, without the axes.
    pub grid: Rect,
}

/// The part of `len` items to show in `room` places: from `offset` on, moved so that `selected` is in it and no place is wasted.
pub fn visible(len: usize, room: usize, selected: Option<usize>, offset: usize) -> Range<usize> {
    let room = room.min(len);
    let mut start = offset.min(len - room);
    if let Some(selected) = selected.filter(|&index| index < len && room > 0) {
        start = start.clamp((selected + 1).saturating_sub(room), selected);
    }
    start..start + room
}

impl Shown {
    /// The place on the screen of a number of the matrix, if it is shown.
    pub fn place(&self, row: usize, column: usize) -> Option<Rect> {
        let step = |range: &Range<usize>, index: usize, block: usize| {
            range.contains(&index).then(|| u16::try_from((index - range.start) / block).ok()).flatten()
        };
        let down = step(&self.rows, row, self.block.0)?;
        let y = self.grid.y.saturating_add(if self.half { down / 2 } else { down });
        let x = if self.apart && column == 0 {
            self.grid.x
        } else {
            let across = step(&self.columns, column, self.block.1)?.saturating_mul(self.width);
            self.grid.x.saturating_add(self.lead()).saturating_add(across)
        };
        let place = Rect { x, y, width: self.width, height: 1 };
        (!place.intersection(self.grid).is_empty()).then_some(place)
    }

    /// The number of the matrix that a cell of the screen stands for, if it stands for one: of several the first.
    pub fn number_at(&self, x: u16, y: u16) -> Option<(usize, usize)> {
        let rows = self.rows.clone().step_by(self.block.0);
        let is_at = |row, column| self.place(row, column).is_some_and(|place| place.contains((x, y).into()));
        let mut numbers = rows.flat_map(|row| self.across().map(move |column| (row, column)));
        numbers.find(|&(row, column)| is_at(row, column))
    }

    /// The columns of the screen before the first cell that scrolls.
    fn lead(&self) -> u16 {
        if self.apart { self.width.saturating_add(1) } else { 0 }
    }

    /// First columns of the matrix in each cell across, the one apart first.
    pub(super) fn across(&self) -> impl Iterator<Item = usize> {
        (0..usize::from(self.apart)).chain(self.columns.clone().step_by(self.block.1))
    }
}

/// How many digits a number has.
pub(super) fn digits(number: usize) -> u16 {
    number.checked_ilog10().map_or(1, |power| power as u16 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_shows_the_selected_and_wastes_no_room() {
        assert_eq!(visible(10, 4, None, 0), 0..4);
        assert_eq!(visible(10, 4, None, 9), 6..10);
        assert_eq!(visible(10, 4, Some(5), 0), 2..6);
        assert_eq!(visible(10, 4, Some(1), 5), 1..5);
        assert_eq!(visible(3, 9, Some(2), 7), 0..3);
        assert_eq!(visible(10, 0, Some(5), 3), 3..3);
        assert_eq!(visible(0, 4, Some(0), 1), 0..0);
        assert_eq!(visible(10, 4, Some(99), 2), 2..6);
    }
}
