//! What the decision panel looks at: the output, and the features along its axes.

use super::App;
use crate::keymap::{Direction, Panel};

impl App {
    /// Through the outputs.
    pub(super) fn move_output(&mut self, direction: Direction) {
        let output = self.view.mapped_output();
        let to = match direction {
            Direction::Up | Direction::Left | Direction::PageUp => output.saturating_sub(1),
            Direction::Down | Direction::Right | Direction::PageDown => output + 1,
            Direction::Home | Direction::Top => 0,
            Direction::End | Direction::Bottom => usize::MAX,
        };
        self.view.decision.output = Some(to);
        self.view.decision.output = Some(self.view.mapped_output());
        let outputs = self.view.snapshot.as_ref().map_or(0, |snapshot| snapshot.data.dataset.targets.outputs().len());
        if outputs == 1 && self.view.focus == Panel::Decision {
            self.view.message = Some("there is one output; v shows the hidden units".to_owned());
        }
    }

    /// Another feature along one of the axes; never the one along the other.
    pub(super) fn turn_plane(&mut self, across: bool) {
        let Some(snapshot) = self.view.snapshot.as_ref().filter(|_| self.view.focus == Panel::Decision) else { return };
        let features = snapshot.data.dataset.plain();
        let axes = &mut self.view.decision.axes;
        let (axis, other) = if across { (&mut axes.0, axes.1) } else { (&mut axes.1, axes.0) };
        if features <= 2 {
            self.view.message = Some("these are all the features there are".to_owned());
            return;
        }
        let next = (1..=features).map(|by| (*axis + by) % features.max(1)).find(|&feature| feature != other);
        *axis = next.unwrap_or(*axis);
    }
}
