//! Walking through the next update, number by number; the trainer knows nothing of it.

use super::App;
use crate::derivation::{Playhead, Walk};
use crate::keymap::{Action, Direction};
use crate::train::Command;

impl App {
    /// Moves the playhead; a run has to be paused first, since its numbers would not wait.
    pub(super) fn walk(&mut self, action: Action) {
        if self.link.is_heading(self.status()) {
            self.view.message = Some("pause first (Space): inside an update one walks while nothing moves".into());
            return;
        }
        let view = &mut self.view;
        let Some(snapshot) = &view.snapshot else { return };
        let walk = Walk::of(snapshot);
        view.playhead = match (action, view.playhead) {
            (Action::Stride, at) => {
                view.stride = view.stride.next();
                at
            }
            (Action::Next, Some(at)) => Some(walk.forward(at, view.stride)),
            (Action::Previous, Some(at)) => Some(walk.back(at, view.stride)),
            (Action::Previous, None) => None,
            (Action::End, _) => Some(walk.end()),
            _ => Some(Playhead::default()),
        };
        view.follow();
    }

    /// What a key does inside an update: what would bring the view to another sample or layer, does nothing.
    pub(super) fn in_walk(&mut self, action: Action) -> Option<Command> {
        let cursor = &mut self.view.cursor;
        match action {
            Action::Move(Direction::Left) => cursor.i = cursor.i.saturating_sub(1),
            Action::Move(Direction::Right) => cursor.i = cursor.i.saturating_add(1),
            Action::Move(Direction::Home) => cursor.i = 0,
            Action::Move(Direction::End) => cursor.i = usize::MAX,
            Action::Move(_)
            | Action::NextSample
            | Action::PreviousSample
            | Action::NextPanel
            | Action::PreviousPanel
            | Action::Focus(_)
            | Action::Zoom
            | Action::Quantity
            | Action::Axis
            | Action::Scale
            | Action::Picture => return None,
            _ => return self.act(action),
        }
        self.view.follow();
        None
    }
}
