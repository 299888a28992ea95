//! How the cursor moves: what the arrows go through, in whatever panel has the focus.

use super::View;
use crate::derivation::Sample;
use crate::derivation::health::rules;
use crate::keymap::{Direction, Panel};

/// What the arrows go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// The units of layer l+1 up and down, the layers sideways.
    Units,
    /// The rows j and columns i of Θ^(l); a page is a layer.
    Weights,
    /// The layers.
    Layers,
    /// The rules of the alarms.
    Rules,
    /// The epochs; after the last one comes the present.
    Epochs,
    /// The samples.
    Samples,
    /// The cells of the confusion, or the samples of one; where there are no classes, the outputs.
    Confusion,
    /// The outputs.
    Outputs,
    /// The steps of a sequence sideways, the units of the recurrent layer up and down; a page is another Θ.
    Steps,
    /// The terms of a sum over time, the last step first; a page is another Θ.
    Terms,
}

impl Along {
    /// Whether a page is a layer.
    pub fn has_layers(self) -> bool {
        matches!(self, Self::Units | Self::Weights | Self::Steps | Self::Terms)
    }
}

impl View {
    /// Moves the cursor; before the first picture nobody knows how far there is to go.
    pub fn go(&mut self, along: Along, direction: Direction) {
        if self.snapshot.is_none() {
            return;
        }
        match along {
            Along::Units => self.go_through_units(direction),
            Along::Weights => self.go_through_weights(direction),
            Along::Layers => self.go_through_layers(direction),
            Along::Rules => self.go_through_rules(direction),
            Along::Epochs => self.go_through_epochs(direction),
            Along::Samples => self.go_through_samples(direction),
            Along::Confusion => self.go_through_confusion(direction),
            Along::Outputs => self.go_through_outputs(direction),
            Along::Steps => self.go_through_steps(direction),
            Along::Terms => self.go_through_terms(direction),
        }
        self.follow();
    }

    /// The sample so many further on, round and round.
    pub fn go_to_sample(&mut self, by: i64) {
        if let Some(snapshot) = &self.snapshot {
            self.cursor.sample = self.cursor.sample.moved(by, &snapshot.data);
            self.follow();
        }
    }

    fn go_through_units(&mut self, direction: Direction) {
        let cursor = &mut self.cursor;
        match direction {
            Direction::Up => cursor.j = cursor.j.saturating_sub(1),
            Direction::Down => cursor.j = cursor.j.saturating_add(1),
            Direction::Left | Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::Right | Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
            Direction::Home | Direction::Top => cursor.j = 0,
            Direction::End | Direction::Bottom => cursor.j = usize::MAX,
        }
    }

    fn go_through_weights(&mut self, direction: Direction) {
        let cursor = &mut self.cursor;
        match direction {
            Direction::Up => cursor.j = cursor.j.saturating_sub(1),
            Direction::Down => cursor.j = cursor.j.saturating_add(1),
            Direction::Left => cursor.i = cursor.i.saturating_sub(1),
            Direction::Right => cursor.i = cursor.i.saturating_add(1),
            Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
            Direction::Home => cursor.i = 0,
            Direction::End => cursor.i = usize::MAX,
            Direction::Top => cursor.j = 0,
            Direction::Bottom => cursor.j = usize::MAX,
        }
    }

    fn go_through_layers(&mut self, direction: Direction) {
        let cursor = &mut self.cursor;
        match direction {
            Direction::Up | Direction::Left | Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::Down | Direction::Right | Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
            Direction::Home | Direction::Top => cursor.l = 1,
            Direction::End | Direction::Bottom => cursor.l = usize::MAX,
        }
    }

    fn go_through_rules(&mut self, direction: Direction) {
        let to = match direction {
            Direction::Up | Direction::Left => self.rule.saturating_sub(1),
            Direction::Down | Direction::Right => self.rule.saturating_add(1),
            Direction::PageUp | Direction::Home | Direction::Top => 0,
            Direction::PageDown | Direction::End | Direction::Bottom => usize::MAX,
        };
        let count = self.snapshot.as_ref().map_or(0, |snapshot| rules(&snapshot.model).count());
        self.rule = to.min(count.saturating_sub(1));
    }

    fn go_through_epochs(&mut self, direction: Direction) {
        let epochs: Vec<u64> = self.epochs.all().map(|epoch| epoch.epoch).collect();
        let at = epochs.iter().position(|&epoch| Some(epoch) == self.epoch).unwrap_or(epochs.len());
        let to = match direction {
            Direction::Up | Direction::Down => at,
            _ => direction.along(at, epochs.len()),
        };
        self.epoch = epochs.get(to).copied();
    }

    fn go_through_samples(&mut self, direction: Direction) {
        match direction {
            Direction::Up | Direction::Left => self.go_to_sample(-1),
            Direction::Down | Direction::Right => self.go_to_sample(1),
            Direction::PageUp => self.go_to_sample(-10),
            Direction::PageDown => self.go_to_sample(10),
            Direction::Home | Direction::Top => self.cursor.sample = Sample::default(),
            Direction::End | Direction::Bottom => {
                self.cursor.sample = Sample::default();
                self.go_to_sample(-1);
            }
        }
    }

    fn go_through_confusion(&mut self, direction: Direction) {
        let Some(snapshot) = &self.snapshot else { return };
        let last = snapshot.data.classes().len().saturating_sub(1);
        if self.confusion.list.is_none() && !snapshot.data.task().has_classes() {
            return self.go_through_outputs(direction);
        }
        if self.confusion.list.is_some() {
            let at = self.marked(&self.listed());
            return self.go_to_worst(direction.along(at, usize::MAX));
        }
        let (target, answer) = self.confusion.cell;
        self.confusion.cell = match direction {
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

    fn go_through_steps(&mut self, direction: Direction) {
        let cursor = &mut self.cursor;
        match direction {
            Direction::Left => cursor.t = cursor.t.saturating_sub(1),
            Direction::Right => cursor.t = cursor.t.saturating_add(1),
            Direction::Home => cursor.t = 1,
            Direction::End => cursor.t = usize::MAX,
            Direction::Up => cursor.unit = cursor.unit.saturating_sub(1),
            Direction::Down => cursor.unit = cursor.unit.saturating_add(1),
            Direction::Top => cursor.unit = 0,
            Direction::Bottom => cursor.unit = usize::MAX,
            Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
        }
    }

    fn go_through_terms(&mut self, direction: Direction) {
        let cursor = &mut self.cursor;
        match direction {
            // The steps stand below each other, the last one first.
            Direction::Up | Direction::Right => cursor.t = cursor.t.saturating_add(1),
            Direction::Down | Direction::Left => cursor.t = cursor.t.saturating_sub(1),
            Direction::Home | Direction::Bottom => cursor.t = 1,
            Direction::End | Direction::Top => cursor.t = usize::MAX,
            Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
        }
    }

    fn go_through_outputs(&mut self, direction: Direction) {
        let output = self.mapped_output();
        let to = match direction {
            Direction::Up | Direction::Left | Direction::PageUp => output.saturating_sub(1),
            Direction::Down | Direction::Right | Direction::PageDown => output + 1,
            Direction::Home | Direction::Top => 0,
            Direction::End | Direction::Bottom => usize::MAX,
        };
        self.decision.output = Some(to);
        self.decision.output = Some(self.mapped_output());
        let outputs = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.data.outputs().len());
        if outputs == 1 && self.focus == Panel::Decision {
            self.message = Some("there is one output; v shows the hidden units".to_owned());
        }
    }
}
