//! Changing the run by hand: its options on a ladder or typed, and single weights.

use super::{App, Request};
use crate::keymap::{Action, Direction};
use crate::nn::{Activation, Named, Weight};
use crate::number::exact;
use crate::train::setting::MOST;
use crate::train::{Command, ResetKind, Snapshot};
use crate::view::{Choice, Overlay};

/// Characters that can be typed into a value.
const LONGEST: usize = 24;

impl App {
    /// Takes a character that is part of a value, if one can be typed now; whether it was taken.
    pub fn type_in(&mut self, c: char) -> bool {
        let empty = self.view.typed.is_empty();
        let wanted = match self.view.overlay {
            // A sign or an exponent begins no option's value, and the keys keep their meaning then.
            Overlay::Options(chosen) => match self.choices().get(chosen) {
                Some(Choice::Layers) => c.is_ascii_digit() || (c == ',' && !empty),
                Some(Choice::Activation) | None => false,
                Some(_) => c.is_ascii_digit() || c == '.' || ("e-+".contains(c) && !empty),
            },
            Overlay::Edit => c.is_ascii_digit() || "-+.".contains(c) || (c == 'e' && !empty),
            // A sign raises or lowers a pixel.
            Overlay::Paint => {
                let sign = "-+".contains(c) && (!empty || !self.view.has_grid_of_inputs());
                c.is_ascii_digit() || c == '.' || sign || (c == 'e' && !empty)
            }
            _ => false,
        };
        if wanted && self.view.typed.len() < LONGEST {
            self.view.typed.push(c);
            self.dirty = true;
        }
        wanted
    }

    pub(super) fn in_options(&mut self, action: Action, chosen: usize) -> Option<Request> {
        let choices = self.choices();
        let choice = *choices.get(chosen)?;
        match action {
            Action::Move(Direction::Up) => self.choose_option(chosen.saturating_sub(1)),
            Action::Move(Direction::Down) => self.choose_option((chosen + 1).min(choices.len() - 1)),
            Action::Move(Direction::Left) => return self.turn(choice, false),
            Action::Move(Direction::Right) => return self.turn(choice, true),
            Action::Open if !self.view.typed.is_empty() => return self.set_typed(choice),
            Action::Climb => _ = self.view.typed.pop(),
            Action::Back if !self.view.typed.is_empty() => self.view.typed.clear(),
            Action::Back | Action::Options => self.leave_typed(),
            Action::Copy => return self.command_line().map(Request::Copy),
            Action::Write => return self.command_line().map(Request::Write),
            Action::RunPause | Action::Step(_) => return self.act(action),
            _ => {}
        }
        None
    }

    fn choices(&self) -> Vec<Choice> {
        self.view.snapshot.as_ref().map(|snapshot| Choice::of(&snapshot.config)).unwrap_or_default()
    }

    fn choose_option(&mut self, chosen: usize) {
        self.view.typed.clear();
        self.view.overlay = Overlay::Options(chosen);
    }

    /// The next value of an option, up or down.
    fn turn(&mut self, choice: Choice, up: bool) -> Option<Request> {
        self.view.typed.clear();
        let snapshot = self.view.snapshot.as_ref()?;
        match choice {
            Choice::Setting(setting) => {
                let m = snapshot.regularisation.m;
                let now = setting.of(&snapshot.config, m);
                let command = super::set(setting, (now, setting.beside(now, up, m)));
                return command.map(Request::Tell).map_err(|why| self.view.message = Some(why)).ok();
            }
            Choice::Speed => return Some(self.link.quicken(if up { 2.0 } else { 0.5 }).into()),
            Choice::Activation => {
                let reset = beside(snapshot, up).map(ResetKind::Activation);
                match reset {
                    Some(reset) => self.view.overlay = Overlay::Reset(reset),
                    None => self.view.message = Some("there is no hidden layer".into()),
                }
            }
            Choice::Layers => {
                self.view.message = Some("type the sizes of the hidden layers, as in 25,10; 0 for none".into());
            }
        }
        None
    }

    fn set_typed(&mut self, choice: Choice) -> Option<Request> {
        let snapshot = self.view.snapshot.as_ref()?;
        let number = self.view.typed.parse::<f64>().ok();
        let refusal = match choice {
            Choice::Setting(setting) => {
                let m = snapshot.regularisation.m;
                if let Some(value) = number.filter(|&value| setting.allows(value, m)) {
                    let command = super::set(setting, (setting.of(&snapshot.config, m), value));
                    self.view.typed.clear();
                    return command.map(Request::Tell).map_err(|why| self.view.message = Some(why)).ok();
                }
                format!("{} is {}", setting.letter(), setting.range(m))
            }
            Choice::Speed => {
                if let Some(pace) = number.filter(|&pace| pace.is_finite() && pace > 0.0) {
                    self.view.typed.clear();
                    return Some(self.link.go_at(pace).into());
                }
                "the speed is a number of updates a second above 0".into()
            }
            Choice::Layers => match layers(&self.view.typed, snapshot) {
                Ok(reset) => {
                    self.view.typed.clear();
                    self.view.overlay = Overlay::Reset(reset);
                    return None;
                }
                Err(why) => why,
            },
            Choice::Activation => return None,
        };
        self.view.message = Some(refusal);
        None
    }

    fn command_line(&self) -> Option<String> {
        self.view.snapshot.as_ref().map(|snapshot| snapshot.command_line())
    }

    /// Whether the training stands still; else says that it must.
    pub(super) fn between_updates(&mut self, must: &str) -> bool {
        let still = self.view.snapshot.is_some() && !self.link.will_run(self.status());
        if !still {
            self.view.message = Some(must.into());
        }
        still
    }

    pub(super) fn begin_edit(&mut self) {
        if self.between_updates(super::WEIGHT) {
            self.view.typed.clear();
            self.view.overlay = Overlay::Edit;
        }
    }

    pub(super) fn in_edit(&mut self, action: Action) -> Option<Request> {
        match action {
            Action::Climb => _ = self.view.typed.pop(),
            Action::Back => self.leave_typed(),
            Action::Open => match self.view.typed.parse::<f64>() {
                Ok(value) if value.abs() <= MOST => {
                    self.leave_typed();
                    let weight = self.view.cursor.weight();
                    let model = &self.view.snapshot.as_ref()?.model;
                    let name = model.weight_name(weight);
                    if self.weight(weight) == Some(value) {
                        self.view.message = Some(format!("{name} is {value} already"));
                        return None;
                    }
                    self.view.message = Some(format!("{name} is set by hand; U takes it back"));
                    return Some(Command::Edit(weight, value).into());
                }
                _ => self.view.message = Some(format!("a weight is a number from -{0} to {0}", exact(MOST))),
            },
            _ => {}
        }
        None
    }

    fn weight(&self, Weight { l, j, i }: Weight) -> Option<f64> {
        self.view.snapshot.as_ref()?.model.theta(l)?.get([j, i]).copied()
    }

    /// Back to the panels; what was typed and not set is gone.
    fn leave_typed(&mut self) {
        self.view.typed.clear();
        self.view.overlay = Overlay::None;
    }
}

/// The activation before or after that of the first hidden layer; `None` where there is no hidden layer.
fn beside(snapshot: &Snapshot, up: bool) -> Option<Activation> {
    let all = Activation::ALL;
    let at = all.iter().position(|activation| snapshot.config.activations().first() == Some(activation))?;
    Some(all[(at + if up { 1 } else { all.len() - 1 }) % all.len()])
}

/// The typed sizes of hidden layers, if a net can be made of them; 0 alone is none.
fn layers(typed: &str, snapshot: &Snapshot) -> Result<ResetKind, String> {
    let sizes: Result<Vec<usize>, _> = typed.split(',').map(str::parse).collect();
    let sizes = sizes.map_err(|_| format!("{typed}: sizes of hidden layers are whole numbers, as in 25,10"))?;
    let reset = ResetKind::Layers(if sizes == [0] { Vec::new() } else { sizes });
    let config = reset.of(&snapshot.config);
    let data = &snapshot.data;
    let checked = config.check().and_then(|()| config.sizes(data.inputs().len(), data.outputs().len()));
    checked.map(|_| reset).map_err(|error| error.to_string())
}
