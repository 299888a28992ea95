//! Changing the options of a run while it goes on: on the ladder, or typed.

use super::{App, Request};
use crate::keymap::{Action, Direction};
use crate::train::{Command, Setting, setting};
use crate::ui::view::Overlay;

impl App {
    /// Takes a character that is part of a number, if one can be typed now; whether it was taken.
    pub fn type_in(&mut self, c: char) -> bool {
        let wanted = matches!(self.view.overlay, Overlay::Options(_)) && (c.is_ascii_digit() || ".e-+".contains(c));
        // A sign or an exponent begins no number, and the keys keep their meaning then.
        let wanted = wanted && (c.is_ascii_digit() || c == '.' || !self.view.typed.is_empty());
        if wanted && self.view.typed.len() < 24 {
            self.view.typed.push(c);
            self.dirty = true;
        }
        wanted
    }

    pub(super) fn in_options(&mut self, action: Action, chosen: usize) -> Option<Command> {
        let setting = *Setting::ALL.get(chosen)?;
        let now = setting.of(&self.view.snapshot.as_ref()?.config);
        match action {
            Action::Move(Direction::Up) => self.choose_option(chosen.saturating_sub(1)),
            Action::Move(Direction::Down) => self.choose_option((chosen + 1).min(Setting::ALL.len() - 1)),
            Action::Move(Direction::Left) => return self.set(setting, setting.beside(now, false)),
            Action::Move(Direction::Right) => return self.set(setting, setting.beside(now, true)),
            Action::Open if !self.view.typed.is_empty() => return self.set_typed(setting),
            Action::Climb => _ = self.view.typed.pop(),
            Action::Back if !self.view.typed.is_empty() => self.view.typed.clear(),
            Action::Back | Action::Options => self.view.overlay = Overlay::None,
            Action::Copy => self.request = self.command_line().map(Request::Copy),
            Action::Write => self.request = self.command_line().map(Request::Write),
            Action::RunPause | Action::Step(_) => return self.act(action),
            _ => {}
        }
        None
    }

    fn choose_option(&mut self, chosen: usize) {
        self.view.typed.clear();
        self.view.overlay = Overlay::Options(chosen);
    }

    fn set(&mut self, setting: Setting, to: f64) -> Option<Command> {
        self.view.typed.clear();
        Some(Command::Set(setting, to))
    }

    fn set_typed(&mut self, setting: Setting) -> Option<Command> {
        match self.view.typed.parse() {
            Ok(value) if setting.allows(value) => return self.set(setting, value),
            _ => {
                let least = if setting == Setting::Lambda { "from 0" } else { "above 0" };
                self.view.message = Some(format!("{} is a number {least} up to 1000000", setting.letter()));
            }
        }
        None
    }

    fn command_line(&self) -> Option<String> {
        let snapshot = self.view.snapshot.as_ref()?;
        Some(setting::told(&snapshot.config, &snapshot.changes))
    }
}
