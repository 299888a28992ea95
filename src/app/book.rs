//! Reading the book: it opens at the page of the equation at hand, leaves everything as it was, and leads to its equations in the walk.

use super::{App, Request};
use crate::derivation::book::{Section, page_of, pages, place_in_walk};
use crate::derivation::{Equation, Walk, cell_number};
use crate::keymap::{Action, Direction};
use crate::train::Status;
use crate::ui::screen::overlay_place;
use crate::ui::{book, panels};
use crate::view::{BookPlace, Inquiry, Overlay, View};

impl App {
    /// Opens the book over what is shown.
    pub(super) fn open_book(&mut self) {
        let (page, chosen, from) = match place_at_hand(&self.view) {
            Some((page, chosen)) => (page + 1, chosen, None),
            None => (0, 0, Some(i64::MIN)),
        };
        let under = Box::new(std::mem::take(&mut self.view.overlay));
        self.view.open_book(BookPlace { page, chosen, from, under });
    }

    /// What a key does in the book; what runs the training, does.
    pub(super) fn in_book(&mut self, action: Action, place: BookPlace) -> Option<Request> {
        match action {
            Action::Back | Action::Book => {
                self.view.overlay = *place.under;
                self.view.follow();
            }
            Action::Move(Direction::Left) => self.turn_to(place.page.saturating_sub(1), place),
            Action::Move(Direction::Right) => self.turn_to(place.page + 1, place),
            Action::Move(direction) => {
                let area = overlay_place(&self.view, self.area).unwrap_or_default();
                let place = book::moved(&self.view, place, area, direction);
                self.view.open_book(place);
            }
            Action::Open if self.link.will_run(self.status()) => {
                // The numbers of a run would not wait, so the walk begins at those that it stops with.
                self.walk_to = Some(place);
                return Some(self.link.run_or_pause(self.status()).into());
            }
            Action::Open => self.go_to_walk(&place),
            Action::RunPause | Action::Step(_) => return self.act(action),
            _ => {}
        }
        None
    }

    /// Another page, if there is one, from its top.
    fn turn_to(&mut self, page: usize, place: BookPlace) {
        let page = page.min(book::last_page());
        if page != place.page {
            self.view.open_book(BookPlace { page, chosen: 0, from: Some(i64::MIN), ..place });
        }
    }

    /// Goes on to the walk that was asked for while the training ran, once it has stopped.
    pub(super) fn go_on_to_walk(&mut self) {
        if !matches!(self.status(), None | Some(Status::Running | Status::Stepping))
            && let Some(place) = self.walk_to.take()
        {
            self.go_to_walk(&place);
        }
    }

    /// Goes to the chosen equation in the walk through the update, or says why there is none.
    fn go_to_walk(&mut self, place: &BookPlace) {
        let view = &mut self.view;
        let section = place.page.checked_sub(1).and_then(|section| pages().get(section));
        let equation = section.and_then(|section| {
            let (all, beside) = (section.page_equations(), view.numbers_beside(place.page));
            let number = all.get(place.chosen)?.number;
            // What only names a part of an equation below it is shown there.
            let mut whole = all.into_iter().zip(beside).skip(place.chosen).filter(|(of, _)| of.number == number);
            whole.find(|(_, numbers)| !numbers.lines.is_empty()).map(|(equation, _)| equation)
        });
        let (Some(equation), Some(snapshot)) = (equation, view.snapshot.as_deref()) else { return };
        match place_in_walk(&equation, (snapshot, view.numbers_at()), view.detail) {
            Ok(found) => {
                let looked_at = view.cursor.sample;
                let walked = Walk::of(snapshot, found.detail).sample(found.at).filter(|&sample| sample != looked_at);
                let part = looked_at.adjectives();
                view.message = walked.map(|walked| {
                    let (asked, row) = (looked_at.row + 1, walked.row + 1);
                    format!("{part}sample {asked} is not in the next batch: this is sample {row}, the first of it")
                });
                (view.playhead, view.detail, view.column) = (Some(found.at), found.detail, found.column);
                view.walked = None;
                view.inquiries.clear();
                view.overlay = Overlay::None;
                view.follow();
            }
            Err(why) => view.message = Some(why),
        }
    }
}

/// Page, counted from 0, and equation of what is looked at: in an explanation or a walk its own, else that of the number under the cursor,
/// or of the focused panel; of a recurrent net that of its cell.
fn place_at_hand(view: &View) -> Option<(usize, usize)> {
    let explained = |inquiry: &Inquiry| Some(view.explained(inquiry)?.equation);
    let panel = panels::of(view.focus);
    let equation = match view.overlay {
        Overlay::Explain => view.inquiries.last().and_then(explained),
        // These sheets show the equations of the cell.
        Overlay::Sum | Overlay::UnitAtStep => None,
        _ if view.playhead.is_some() => view.walked().as_ref().and_then(explained),
        _ => panel.subject_at.and_then(|at| at(view)).map(Inquiry::of).as_ref().and_then(explained),
    };
    let of_number =
        |number: &str| page_of(number).and_then(|(_, number)| place_of(&Equation { number, symbols: "", words: "" }));
    let of_cell = || view.recurrent().and_then(cell_number).and_then(of_number);
    equation
        .as_ref()
        .and_then(place_of)
        .or_else(of_cell)
        .or_else(|| numbers(&(panel.title)(view).what).find_map(of_number))
}

/// Page, counted from 0, and place on it of an equation.
fn place_of(equation: &Equation) -> Option<(usize, usize)> {
    let (page, _) = page_of(equation.number)?;
    let place = pages().get(page).and_then(|section: &Section| section.place_of(equation));
    Some((page, place.unwrap_or(0)))
}

/// What stands between parentheses, apart by commas.
fn numbers(title: &str) -> impl Iterator<Item = &str> {
    title.split('(').skip(1).filter_map(|rest| rest.split(')').next()).flat_map(|inner| inner.split(", "))
}
