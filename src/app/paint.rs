//! Setting inputs by hand in a copy of the sample under the cursor: the copy is looked at and never trained on.

use ratatui::layout::Rect;

use super::{App, Request};
use crate::derivation::EditedSample;
use crate::keymap::{Action, Direction, Panel};
use crate::number::exact;
use crate::ui::panels;
use crate::view::{InputView, Overlay};

/// Parts of white that a key raises or lowers a pixel by, and parts of a feature's range.
const SHADES: f64 = 8.0;
const PARTS: f64 = 20.0;

impl App {
    /// Lets inputs be set, where the training stands still.
    pub(super) fn begin_paint(&mut self) {
        if !self.between_updates("an input is set by hand between two updates: pause first") {
            return;
        }
        let view = &mut self.view;
        view.typed.clear();
        (view.overlay, view.input) = (Overlay::Paint, InputView::Values);
        view.go_to_input(view.input_at().map_or(0, |(_, input)| input));
    }

    /// What a key does while inputs can be set.
    pub(super) fn in_paint(&mut self, action: Action) -> Option<Request> {
        match action {
            Action::Climb => _ = self.view.typed.pop(),
            Action::Back if !self.view.typed.is_empty() => self.view.typed.clear(),
            Action::Back => self.leave_paint(),
            Action::Open if !self.view.typed.is_empty() => self.set_typed_input(),
            Action::Open if self.view.has_grid_of_inputs() => self.turn_input(),
            Action::Open => self.view.message = Some("type a number first".into()),
            Action::Faster => self.shift_input(1.0),
            Action::Slower => self.shift_input(-1.0),
            Action::Move(direction) => self.move_input(direction),
            Action::Undo => self.take_back_input(),
            Action::Zoom => self.view.zoomed = !self.view.zoomed,
            Action::Focus(Panel::Sample) => {}
            Action::RunPause | Action::Step(_) if self.view.typed.is_empty() => {
                if action == Action::RunPause {
                    self.leave_paint();
                }
                return self.act(action);
            }
            Action::NextSample | Action::PreviousSample | Action::Focus(_) => {
                self.leave_paint();
                return self.act(action);
            }
            _ => {}
        }
        None
    }

    /// Back to the panels; the copy stays.
    fn leave_paint(&mut self) {
        self.view.typed.clear();
        self.view.overlay = Overlay::None;
    }

    fn set_typed_input(&mut self) {
        match self.view.typed.parse::<f64>() {
            Ok(value) => {
                if self.set_input(value) {
                    self.view.typed.clear();
                }
            }
            Err(_) => self.view.message = Some(format!("{}: an input is a number", self.view.typed)),
        }
    }

    /// Gives the input under the cursor another number; whether it has it.
    fn set_input(&mut self, to: f64) -> bool {
        let view = &mut self.view;
        let (Some(at), Some(snapshot)) = (view.input_at(), &view.snapshot) else { return false };
        let fresh = EditedSample::of(view.cursor.sample, &snapshot.data);
        let Some(mut edited) = view.edited.clone().or(fresh) else { return false };
        if let Err(why) = edited.set(at, to, &snapshot.data) {
            view.message = Some(why);
            return false;
        }
        view.show_edited(Some(edited));
        true
    }

    /// Black becomes white, and everything else black.
    fn turn_input(&mut self) {
        if let Some((now, white)) = self.view.input_now() {
            self.set_input(if now == 0.0 { white } else { 0.0 });
        }
    }

    /// Raises or lowers the input: a pixel between black and white.
    fn shift_input(&mut self, by: f64) {
        let Some((now, white)) = self.view.input_now() else { return };
        if self.view.has_grid_of_inputs() {
            let to = (now + by * white / SHADES).clamp(now.min(0.0), now.max(white));
            self.set_input(to);
        } else if let Some(step) = self.view.range_of_input().map(|range| rounded(range / PARTS)) {
            // On the multiples of a round step, each the nearest number to what is printed.
            let to = ((now / step).round() + by) * step;
            self.set_input(if step < 1.0 { (to * (1.0 / step).round()).round() / (1.0 / step).round() } else { to });
        }
    }

    fn move_input(&mut self, direction: Direction) {
        self.view.typed.clear();
        match direction {
            Direction::Right if !self.view.has_grid_of_inputs() => self.shift_input(1.0),
            Direction::Left if !self.view.has_grid_of_inputs() => self.shift_input(-1.0),
            direction => self.view.go_through_inputs(direction),
        }
    }

    /// Takes the last change of the copy back; with the first one the copy is gone.
    pub(super) fn take_back_input(&mut self) {
        let view = &mut self.view;
        let (Some(mut edited), Some(snapshot)) = (view.edited.clone(), &view.snapshot) else {
            view.message = Some("no input was set by hand".into());
            return;
        };
        let Some(at) = edited.undo(&snapshot.data) else { return };
        let name = snapshot.data.inputs().get(at.1).map_or_else(String::new, |name| crate::error::printable(name));
        view.message = edited.read.get(at).map(|value| format!("{name} is {} again", exact(*value)));
        view.show_edited(Some(edited).filter(|edited| !edited.is_as_read()));
    }

    /// What a click does while inputs can be set: the input under it gets the cursor, and black becomes white or white black.
    pub(super) fn paint_at(&mut self, place: Rect, at: (u16, u16)) {
        if let Some(change) = panels::click(Panel::Sample, &self.view, place, at) {
            self.view.change(change);
            if self.view.has_grid_of_inputs() {
                self.turn_input();
            }
        }
    }

    /// What a drag does while inputs can be set: the input under it gets the number of the one before.
    pub fn drag(&mut self, (panel, place): (Panel, Rect), at: (u16, u16)) {
        let is_open = self.view.overlay == Overlay::Paint && panel == Panel::Sample;
        self.dirty |= is_open;
        let (before, brush) = (self.view.input_at(), self.view.input_now());
        let Some(change) = panels::click(panel, &self.view, place, at).filter(|_| is_open) else { return };
        self.view.change(change);
        let now = self.view.input_now().map(|(now, _)| now);
        if let Some((brush, _)) = brush.filter(|_| self.view.input_at() != before && self.view.has_grid_of_inputs())
            && now != Some(brush)
        {
            self.set_input(brush);
        }
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is no larger.
fn rounded(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let digit = [5.0, 2.0].into_iter().find(|digit| digit * power <= step).unwrap_or(1.0);
    digit * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_round_number() {
        for (range, step) in [(0.3, 0.2), (0.05, 0.05), (7.9, 5.0), (1.0, 1.0), (123.0, 100.0)] {
            assert!((rounded(range) - step).abs() < 1e-12 * step, "{range}");
        }
    }
}
