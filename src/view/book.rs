//! The book as it is open: its place, and the numbers beside the equations of the page, which follow the snapshots.

use super::page_numbers::PageNumbers;
use super::{BookPlace, Overlay, View};
use crate::derivation::book::{EquationNumbers, NumbersAt, RunningNet, pages};

impl View {
    /// Opens the book, or another place in it.
    pub fn open_book(&mut self, place: BookPlace) {
        self.overlay = Overlay::Book(place);
        self.follow_book();
    }

    /// The numbers beside the equations of a page, if it is the one that is open.
    pub fn numbers_beside(&self, page: usize) -> &[EquationNumbers] {
        if self.beside.page == page { &self.beside.numbers } else { &[] }
    }

    /// What is looked at, as the equations of the book have it.
    pub fn numbers_at(&self) -> NumbersAt {
        let cursor = self.cursor;
        NumbersAt { sample: cursor.sample, l: cursor.l, j: cursor.j, i: cursor.i, t: cursor.t, unit: cursor.unit }
    }

    /// Brings the numbers of the page that is open up to date with the snapshot and the cursor.
    pub(super) fn follow_book(&mut self) {
        let page = if let Overlay::Book(place) = &self.overlay { place.page } else { 0 };
        let Some(section) = page.checked_sub(1).and_then(|section| pages().get(section)) else {
            self.beside = PageNumbers::default();
            return;
        };
        let (trace, at) = (self.trace.as_ref(), self.numbers_at());
        let running = self.snapshot.as_deref().map(|snapshot| RunningNet { snapshot, trace, at });
        let numbers = section.numbers(running);
        self.beside = PageNumbers { page, numbers };
    }
}
