//! Reading the warnings about data and weights.

use super::{App, Request};
use crate::keymap::Action;
use crate::view::{Overlay, Warnings};

/// The message where there are none.
const NONE: &str = "there are no warnings about the data and the weights";

/// Marks the warnings as read; returns whether there are any to list.
fn open(warnings: &mut Warnings) -> bool {
    warnings.unread = false;
    !warnings.said.is_empty()
}

impl App {
    pub(super) fn open_warnings(&mut self) {
        if open(&mut self.view.warnings) {
            self.view.overlay = Overlay::Warnings(0);
        } else {
            self.view.message = Some(NONE.into());
        }
    }

    pub(super) fn in_warnings(&mut self, action: Action, chosen: usize) -> Option<Request> {
        match action {
            Action::Back | Action::Warnings => self.view.overlay = Overlay::None,
            Action::Move(direction) => {
                self.view.overlay = Overlay::Warnings(self.view.warnings.moved(chosen, direction));
            }
            Action::RunPause | Action::Step(_) => return self.act(action),
            _ => {}
        }
        None
    }
}
