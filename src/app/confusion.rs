//! The cursor in the confusion matrix, and in the list of the samples of a cell.

use super::App;
use crate::derivation::{Sample, worst};
use crate::keymap::Direction;

impl App {
    pub(super) fn move_confusion(&mut self, direction: Direction) {
        let Some(snapshot) = &self.view.snapshot else { return };
        let targets = &snapshot.data.dataset.targets;
        let last = targets.classes().len().saturating_sub(1);
        if self.view.confusion.list.is_none() && !targets.task().has_classes() {
            return self.move_output(direction);
        }
        let confusion = &mut self.view.confusion;
        if let Some(at) = confusion.list {
            return self.go_to_sample(direction.along(at, usize::MAX));
        }
        let (target, answer) = confusion.cell;
        confusion.cell = match direction {
            Direction::Up => (target.saturating_sub(1), answer),
            Direction::Down => ((target + 1).min(last), answer),
            Direction::Left => (target, answer.saturating_sub(1)),
            Direction::Right => (target, (answer + 1).min(last)),
            Direction::Home => (target, 0),
            Direction::End => (target, last),
            Direction::Top | Direction::PageUp => (0, answer),
            Direction::Bottom | Direction::PageDown => (last, answer),
        };
    }

    /// From a cell to its samples; in the list there is no further to go.
    pub(super) fn open_confusion(&mut self) {
        if self.view.confusion.list.is_none() {
            self.go_to_sample(0);
        }
    }

    /// Brings the cursor to one of the cell's samples, the worst being the first.
    fn go_to_sample(&mut self, to: usize) {
        let held_out = self.view.is_of_held_out();
        let Some(snapshot) = &self.view.snapshot else { return };
        let cell = self.view.confused();
        let samples = worst(snapshot, held_out, cell);
        let classes = snapshot.data.dataset.targets.classes();
        let Some(last) = samples.len().checked_sub(1) else {
            let name = |class: usize| classes.get(class).map_or("", String::as_str);
            self.view.message =
                cell.map(|(target, answer)| format!("no {} is taken for {}", name(target), name(answer)));
            return;
        };
        let at = to.min(last);
        self.view.confusion.list = Some(at);
        self.view.cursor.sample = Sample { held_out, row: samples[at].row };
        self.view.follow();
    }
}
