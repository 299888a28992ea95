//! The application: snapshots and actions change the view, and actions become commands to the trainer.

use crate::derivation::Sample;
use crate::derivation::health::RULES;
use crate::keymap::{Action, Direction, Panel};
use crate::train::{Anew, Command, Report, Setting, Snapshot, Speed, Status};
use crate::view::{HealthView, Mapped, Overlay, Pictures, View};

mod check;
mod confusion;
mod decision;
mod inquire;
mod link;
mod options;
mod time;
mod walk;
mod warnings;

use link::Link;

pub use time::TimeApp;

/// Something that the application asks its surroundings to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Put this text into the clipboard.
    Copy(String),
    /// Write this text to a file.
    Write(String),
    /// Keep the weights of the present snapshot in a file.
    Keep,
    /// Write the picture on the screen to files.
    Print,
    /// Check the gradient of the present snapshot, and no other one any more.
    Check,
}

/// The command that sets a value, or a message where the setting has that value already.
fn set<S>(setting: Setting, (now, to): (f64, f64)) -> Result<Command<S>, String> {
    if now == to { Err(format!("{} is {now} already", setting.letter())) } else { Ok(Command::Set(setting, to)) }
}

/// The view, and what is going on between it and the trainer.
#[derive(Debug)]
pub struct App {
    /// What is drawn.
    pub view: View,
    /// Whether the view has changed since it was last drawn.
    pub dirty: bool,
    /// What is to be done outside of the screen; whoever drives the application takes it.
    pub request: Option<Request>,
    link: Link<Snapshot>,
}

impl App {
    /// An application that has seen nothing yet, running at this speed.
    pub fn new(view: View, speed: Speed) -> Self {
        Self { view, dirty: true, request: None, link: Link::new(speed) }
    }

    /// Takes in what the trainer published.
    pub fn absorb(&mut self, report: Report) {
        self.dirty = true;
        match report {
            Report::Snapshot(snapshot) => {
                self.link.spare = self.view.absorb(snapshot);
                self.link.answered();
            }
            Report::Refused(why) => self.view.message = Some(why),
            Report::Checked(checked) => self.view.take_check(checked),
            Report::Died(text) => {
                self.link.lost();
                self.view.died = Some(text);
            }
        }
    }

    /// Takes note of whether the terminal has yet to get some of the picture.
    pub fn lag(&mut self, behind: bool) {
        self.dirty |= self.view.behind != behind;
        self.view.behind = behind;
    }

    /// Whether what is on its way to the terminal is to arrive whole before the next picture is asked for.
    pub fn is_held(&self) -> bool {
        self.view.behind && !self.is_asked()
    }

    /// Whether the picture should be renewed: it is of a running trainer, or older than the last command.
    pub fn wants_look(&self) -> bool {
        self.link.wants_look(self.status())
    }

    /// Whether the picture is older than the last command, so that somebody waits for the next one.
    pub fn is_asked(&self) -> bool {
        self.link.is_asked()
    }

    /// The next look, if one is wanted; at most one is on its way.
    pub fn look(&mut self) -> Option<Command> {
        let status = self.view.snapshot.as_ref().map(|snapshot| &snapshot.status);
        self.link.look(status)
    }

    fn status(&self) -> Option<&Status> {
        self.view.snapshot.as_ref().map(|snapshot| &snapshot.status)
    }

    /// Does what a user asks for; a command is for the trainer.
    pub fn update(&mut self, action: Action) -> Option<Command> {
        self.dirty = true;
        self.view.message = None;
        let command = match self.view.overlay.clone() {
            Overlay::None if self.view.playhead.is_some() => self.in_walk(action),
            Overlay::None => self.act(action),
            Overlay::Explain => self.in_explanation(action),
            Overlay::Check => self.in_check(action),
            Overlay::Warnings(chosen) => self.in_warnings(action, chosen),
            Overlay::Options(chosen) => self.in_options(action, chosen),
            Overlay::Help(scrolled) => self.in_help(action, scrolled),
            Overlay::Edit => self.in_edit(action),
            Overlay::Reset(anew) => self.answer(action, anew),
        };
        command.iter().for_each(|command| self.link.told(command));
        command
    }

    pub(super) fn act(&mut self, action: Action) -> Option<Command> {
        let view = &mut self.view;
        match action {
            Action::RunPause => return Some(self.link.run_or_pause(self.status())),
            Action::Step(unit) => return Some(Command::Step(unit)),
            Action::Faster => return Some(self.link.quicken(2.0)),
            Action::Slower => return Some(self.link.quicken(0.5)),
            Action::Free => return Some(self.link.toggle_free()),
            Action::NextPanel => view.focus = view.focus.moved(1),
            Action::PreviousPanel => view.focus = view.focus.moved(-1),
            Action::Focus(panel) => view.focus = panel,
            Action::Zoom => view.zoomed = !view.zoomed,
            Action::Move(direction) => self.move_cursor(direction),
            Action::NextSample => self.move_sample(1),
            Action::PreviousSample => self.move_sample(-1),
            Action::Next | Action::Previous | Action::Start | Action::End | Action::Stride => self.walk(action),
            Action::Quantity => self.next_quantity(),
            Action::Axis if view.focus == Panel::Cost => view.log_axis = !view.log_axis,
            Action::Scale => self.next_scale(),
            Action::Open if view.focus == Panel::Confusion => self.open_confusion(),
            Action::Back if view.focus == Panel::Confusion && view.confusion.list.is_some() => {
                view.confusion.list = None;
            }
            Action::Open => self.ask(),
            Action::Picture => self.toggle_picture(),
            Action::Across | Action::Upwards => self.turn_plane(action == Action::Across),
            Action::Back if view.picture != Pictures::None && view.focus == Panel::Weights => {
                view.picture = Pictures::None;
            }
            Action::Back if view.playhead.is_some() => view.playhead = None,
            Action::Back => view.zoomed = false,
            Action::Reset => view.overlay = Overlay::Reset(Anew::SameSeed),
            Action::ResetNewSeed => view.overlay = Overlay::Reset(Anew::NextSeed),
            Action::Keep => self.request = self.view.snapshot.is_some().then_some(Request::Keep),
            Action::Print => self.request = Some(Request::Print),
            Action::Check => self.check(),
            Action::Edit => self.begin_edit(),
            Action::Undo => return self.between_updates().then_some(Command::Undo),
            Action::Options => view.overlay = Overlay::Options(0),
            Action::Warnings => self.open_warnings(),
            Action::Help => view.overlay = Overlay::Help(0),
            Action::Axis | Action::Climb | Action::Copy | Action::Write | Action::Quit | Action::Suspend => {}
        }
        None
    }

    fn in_help(&mut self, action: Action, scrolled: u16) -> Option<Command> {
        self.view.overlay = match action {
            Action::Help | Action::Back => Overlay::None,
            Action::Move(Direction::Down) => Overlay::Help(scrolled.saturating_add(1)),
            Action::Move(Direction::Up) => Overlay::Help(scrolled.saturating_sub(1)),
            Action::Move(Direction::PageDown) => Overlay::Help(scrolled.saturating_add(10)),
            Action::Move(Direction::PageUp) => Overlay::Help(scrolled.saturating_sub(10)),
            Action::Move(Direction::Home | Direction::Top) => Overlay::Help(0),
            Action::Move(Direction::End | Direction::Bottom) => Overlay::Help(u16::MAX),
            _ => return None,
        };
        self.view.overlay = crate::ui::help::clamped(std::mem::take(&mut self.view.overlay));
        None
    }

    fn answer(&mut self, action: Action, anew: Anew) -> Option<Command> {
        match action {
            Action::Open => {
                self.view.overlay = Overlay::None;
                Some(Command::Reset(anew))
            }
            Action::Back => {
                self.view.overlay = Overlay::None;
                None
            }
            _ => None,
        }
    }

    fn next_quantity(&mut self) {
        let view = &mut self.view;
        match view.focus {
            Panel::Network => view.activity = view.activity.next(),
            Panel::Delta => {
                view.delta = view.delta.next();
                view.rescale_delta();
            }
            Panel::Weights | Panel::Weight => {
                if let Some(snapshot) = &view.snapshot {
                    view.quantity = view.quantity.next(snapshot);
                }
                view.follow();
            }
            Panel::Cost => view.cost = view.cost.next(),
            Panel::Health => view.health = view.health.next(),
            Panel::Confusion if view.snapshot.as_ref().is_some_and(|snapshot| snapshot.data.test.is_none()) => {
                view.message = Some("nothing is held out: these are all samples there are".to_owned());
            }
            Panel::Confusion => {
                (view.confusion.held_out, view.confusion.list) = (!view.is_of_held_out(), None);
            }
            Panel::Decision => {
                view.decision.shows = match view.decision.shows {
                    Mapped::Output => Mapped::Unit,
                    Mapped::Unit => Mapped::Sheet,
                    Mapped::Sheet => Mapped::Output,
                }
            }
            Panel::Sample | Panel::Regularisation | Panel::Layers => {}
        }
    }

    fn next_scale(&mut self) {
        let view = &mut self.view;
        match view.focus {
            Panel::Delta => view.shared_scale = !view.shared_scale,
            Panel::Weights => {
                view.scale = view.scale.next();
                view.follow();
            }
            _ => {}
        }
    }

    /// A unit's incoming weights as the picture that they look for, then those of all units, then the heatmap again.
    fn toggle_picture(&mut self) {
        let view = &mut self.view;
        let of_pixels =
            view.cursor.l == 1 && view.snapshot.as_ref().is_some_and(|snapshot| snapshot.data.dataset.image.is_some());
        match view.focus {
            Panel::Weights if of_pixels => view.picture = view.picture.next(),
            Panel::Weights => {
                view.message = Some("a picture is of weights that look at one: Θ^(1) of image data".into())
            }
            _ => {}
        }
    }

    fn move_sample(&mut self, by: i64) {
        if let Some(snapshot) = &self.view.snapshot {
            self.view.cursor.sample = self.view.cursor.sample.moved(by, &snapshot.data);
            self.view.follow();
        }
    }

    fn move_cursor(&mut self, direction: Direction) {
        // Before the first picture nobody knows how far there is to go.
        if self.view.snapshot.is_none() {
            return;
        }
        match self.view.focus {
            Panel::Network | Panel::Delta => self.move_unit(direction),
            Panel::Weights | Panel::Weight => self.move_weight(direction),
            Panel::Health if self.view.health == HealthView::Rules => self.move_rule(direction),
            Panel::Regularisation | Panel::Layers | Panel::Health => self.move_layer(direction),
            Panel::Sample => self.scan_samples(direction),
            Panel::Cost => self.move_epoch(direction),
            Panel::Confusion => self.move_confusion(direction),
            Panel::Decision if self.view.decision.shows == Mapped::Output => self.move_output(direction),
            Panel::Decision => self.move_unit(direction),
        }
        self.view.follow();
    }

    /// Up and down through the units of layer l+1, sideways through the layers.
    fn move_unit(&mut self, direction: Direction) {
        let cursor = &mut self.view.cursor;
        match direction {
            Direction::Up => cursor.j = cursor.j.saturating_sub(1),
            Direction::Down => cursor.j = cursor.j.saturating_add(1),
            Direction::Left | Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::Right | Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
            Direction::Home | Direction::Top => cursor.j = 0,
            Direction::End | Direction::Bottom => cursor.j = usize::MAX,
        }
    }

    /// Through the rows j and columns i of Θ^(l); a page is a layer.
    fn move_weight(&mut self, direction: Direction) {
        let cursor = &mut self.view.cursor;
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

    fn move_layer(&mut self, direction: Direction) {
        let cursor = &mut self.view.cursor;
        match direction {
            Direction::Up | Direction::Left | Direction::PageUp => cursor.l = cursor.l.saturating_sub(1),
            Direction::Down | Direction::Right | Direction::PageDown => cursor.l = cursor.l.saturating_add(1),
            Direction::Home | Direction::Top => cursor.l = 1,
            Direction::End | Direction::Bottom => cursor.l = usize::MAX,
        }
    }

    /// Moves through the rules of the alarms.
    fn move_rule(&mut self, direction: Direction) {
        let rule = &mut self.view.rule;
        let to = match direction {
            Direction::Up | Direction::Left => rule.saturating_sub(1),
            Direction::Down | Direction::Right => rule.saturating_add(1),
            Direction::PageUp | Direction::Home | Direction::Top => 0,
            Direction::PageDown | Direction::End | Direction::Bottom => usize::MAX,
        };
        *rule = to.min(RULES.len() - 1);
    }

    /// Back and on through the epochs; after the last one comes the present.
    fn move_epoch(&mut self, direction: Direction) {
        let view = &mut self.view;
        let epochs: Vec<u64> = view.epochs.all().map(|epoch| epoch.epoch).collect();
        let at = epochs.iter().position(|&epoch| Some(epoch) == view.epoch).unwrap_or(epochs.len());
        let to = match direction {
            Direction::Up | Direction::Down => at,
            _ => direction.along(at, epochs.len()),
        };
        view.epoch = epochs.get(to).copied();
    }

    fn scan_samples(&mut self, direction: Direction) {
        match direction {
            Direction::Up | Direction::Left => self.move_sample(-1),
            Direction::Down | Direction::Right => self.move_sample(1),
            Direction::PageUp => self.move_sample(-10),
            Direction::PageDown => self.move_sample(10),
            Direction::Home | Direction::Top => self.view.cursor.sample = Sample::default(),
            Direction::End | Direction::Bottom => {
                self.view.cursor.sample = Sample::default();
                self.move_sample(-1);
            }
        }
    }
}
