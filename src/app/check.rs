//! Checking the gradient: asking for a check, and looking at what it found while the training goes on.

use super::{App, Request};
use crate::keymap::{Action, Direction};
use crate::train::{Checked, Moment, Progress};
use crate::view::Overlay;

impl App {
    /// Shows the check; starts one if there is none.
    pub(super) fn check(&mut self) -> Option<Request> {
        if self.view.snapshot.is_none() {
            self.view.message = Some("the gradient is not computed yet".to_owned());
            return None;
        }
        self.view.overlay = Overlay::Check;
        if self.view.check.is_none() { self.begin_check() } else { None }
    }

    fn begin_check(&mut self) -> Option<Request> {
        let snapshot = self.view.snapshot.as_ref()?;
        let cells = snapshot.model.cells();
        self.view.check = Some(Checked { of: Moment::of(snapshot), progress: Progress::Under { done: 0, cells } });
        Some(Request::Check)
    }

    pub(super) fn in_check(&mut self, action: Action) -> Option<Request> {
        let cursor = &mut self.view.cursor;
        match action {
            // Unlike in a panel, the rows here are the layers.
            Action::Move(Direction::Up) => cursor.l = cursor.l.saturating_sub(1),
            Action::Move(Direction::Down) => cursor.l = cursor.l.saturating_add(1),
            Action::Move(_) => {}
            Action::Check => return self.begin_check_of_another_moment(),
            Action::Back => self.view.overlay = Overlay::None,
            Action::RunPause | Action::Step(_) | Action::Faster | Action::Slower | Action::Free => {
                return self.act(action);
            }
            _ => {}
        }
        self.view.follow();
        None
    }

    /// Begins anew, unless the check that there is, is of the Θ in the picture.
    fn begin_check_of_another_moment(&mut self) -> Option<Request> {
        let now = self.view.snapshot.as_deref().map(Moment::of);
        match &self.view.check {
            Some(check) if Some(check.of) == now && !matches!(check.progress, Progress::Failed(_)) => {
                self.view.message = Some("this is the check of the present Θ".to_owned());
                None
            }
            _ => self.begin_check(),
        }
    }
}
