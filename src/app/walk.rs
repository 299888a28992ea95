//! Walking through the next update, number by number; the trainer knows nothing of it.

use super::{App, Request};
use crate::derivation::{Playhead, Walk};
use crate::keymap::{Action, Direction, Panel};
use crate::view::OverTime;

impl App {
    /// Moves the playhead; a run has to be paused first, since its numbers would not wait.
    pub(super) fn walk(&mut self, action: Action) {
        if self.link.will_run(self.status()) {
            self.view.message = Some("pause first (Space): inside an update one walks while nothing moves".into());
            return;
        }
        let view = &mut self.view;
        // In its panel the sum of one weight over time has a walk of its own.
        let of_a_sum = view.focus == Panel::Weight && view.playhead.is_none();
        if let Some(steps) = view.recurrent().filter(|_| of_a_sum).map(|recurrent| recurrent.steps()) {
            return self.walk_over_time(action, steps);
        }
        let Some(snapshot) = &view.snapshot else { return };
        let walk = Walk::of(snapshot, view.detail);
        if view.playhead.is_none() {
            view.column = view.cursor.i;
        }
        view.playhead = match (action, view.playhead) {
            (Action::Stride, at) => {
                view.stride = view.stride.next();
                at
            }
            (Action::Detail, at) => {
                view.detail = view.detail.next();
                // The walk stays at its number, at the first of the steps that the other detail has.
                at.map(|at| Playhead { proof: 0, ..at })
            }
            (Action::Next, Some(at)) => Some(walk.forward(at, view.stride)),
            (Action::Previous, Some(at)) => Some(walk.back(at, view.stride)),
            (Action::Previous, None) => None,
            (Action::End, _) => Some(walk.end()),
            _ => Some(Playhead::default()),
        };
        view.follow();
    }

    /// Moves through the sum over time, from the last step back to the first.
    fn walk_over_time(&mut self, action: Action, steps: usize) {
        let view = &mut self.view;
        let walked = match (action, view.walked) {
            (Action::Stride | Action::Detail, _) => {
                view.message = Some("through the sum over time one goes step by step".into());
                return;
            }
            (Action::Previous, None) => return,
            (Action::End, _) => 1,
            (Action::Start, _) | (_, None) => steps,
            (Action::Previous, Some(walked)) => (walked + 1).min(steps),
            (_, Some(walked)) => walked.saturating_sub(1).max(1),
        };
        if view.walked.is_none() {
            // The weights show the sum as it grows.
            view.over_time = OverTime::Sum;
            view.descent.open = false;
        }
        view.walked = Some(walked);
        view.follow();
    }

    /// What a key does inside an update: what would bring the view to another sample or layer, does nothing.
    pub(super) fn in_walk(&mut self, action: Action) -> Option<Request> {
        let (Some(at), Some(snapshot)) = (self.view.playhead, &self.view.snapshot) else { return None };
        let walk = Walk::of(snapshot, self.view.detail);
        // A column that the matrix at hand does not have is kept for those that have it, until another one is chosen.
        let column = walk.column(at, self.view.column);
        match action {
            Action::Move(Direction::Left) => self.view.column = column.saturating_sub(1),
            Action::Move(Direction::Right) => self.view.column = walk.column(at, column.saturating_add(1)),
            Action::Move(Direction::Home) => self.view.column = 0,
            Action::Move(Direction::End) => self.view.column = walk.column(at, usize::MAX),
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
            | Action::Picture
            | Action::WriteOn => return None,
            _ => return self.act(action),
        }
        self.view.follow();
        None
    }
}
