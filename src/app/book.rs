//! Reading the book: it opens at the page of the equation at hand, and leaves everything as it was.

use super::{App, Request};
use crate::derivation::book::page_of;
use crate::derivation::{cell_number, explain_by};
use crate::keymap::{Action, Direction};
use crate::ui::screen::overlay_place;
use crate::ui::{book, panels};
use crate::view::{BookPlace, Inquiry, Overlay, View};

impl App {
    /// Opens the book over what is shown.
    pub(super) fn open_book(&mut self) {
        let found = equation_at_hand(&self.view);
        let (page, equation) = found.map_or((0, None), |(page, number)| (page + 1, Some(number)));
        let under = Box::new(std::mem::take(&mut self.view.overlay));
        self.view.overlay = Overlay::Book(BookPlace { page, equation, scrolled: None, under });
    }

    /// What a key does in the book; what runs the training, does.
    pub(super) fn in_book(&mut self, action: Action, place: BookPlace) -> Option<Request> {
        match action {
            Action::Back | Action::Book => self.view.overlay = *place.under,
            Action::Move(Direction::Left) => self.turn_to(place.page.saturating_sub(1), place),
            Action::Move(Direction::Right) => self.turn_to(place.page + 1, place),
            Action::Move(direction) => {
                let area = overlay_place(&self.view, self.area).unwrap_or_default();
                let scrolled = book::scrolled(&self.view, &place, area, direction);
                self.view.overlay = Overlay::Book(BookPlace { scrolled: Some(scrolled), ..place });
            }
            Action::RunPause | Action::Step(_) => return self.act(action),
            _ => {}
        }
        None
    }

    /// Another page, if there is one, from its top.
    fn turn_to(&mut self, page: usize, place: BookPlace) {
        let page = page.min(book::last_page());
        if page != place.page {
            self.view.overlay = Overlay::Book(BookPlace { page, scrolled: Some(0), ..place });
        }
    }
}

/// Place and number of the equation of what is looked at: in an explanation or a walk its own, else that of the number under the
/// cursor, or of the focused panel; of a recurrent net that of its cell.
fn equation_at_hand(view: &View) -> Option<(usize, &'static str)> {
    let explained =
        |inquiry: &Inquiry| Some(explain_by(inquiry.subject, inquiry.by, view.snapshot.as_ref()?)?.equation.number);
    let of_cell = view.recurrent().and_then(cell_number);
    let panel = panels::of(view.focus);
    let number = match view.overlay {
        Overlay::Explain => view.inquiries.last().and_then(explained),
        // These sheets show the equations of the cell.
        Overlay::Sum | Overlay::UnitAtStep => None,
        _ if view.playhead.is_some() => view.walked().as_ref().and_then(explained),
        _ => panel.subject_at.and_then(|at| at(view)).map(Inquiry::of).as_ref().and_then(explained),
    };
    number.or(of_cell).and_then(page_of).or_else(|| numbers(&(panel.title)(view).what).find_map(page_of))
}

/// What stands between parentheses, apart by commas.
fn numbers(title: &str) -> impl Iterator<Item = &str> {
    title.split('(').skip(1).filter_map(|rest| rest.split(')').next()).flat_map(|inner| inner.split(", "))
}
