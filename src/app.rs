//! The application: snapshots and actions change the view, and what is to be done elsewhere leaves it as a request.

use ratatui::layout::Rect;

use crate::keymap::{Action, Direction, Panel};
use crate::train::{Command, DescentOrigin, Report, ResetKind, Setting, Speed, Status};
use crate::ui::explain::{shown_latex, shown_text};
use crate::ui::panels;
use crate::ui::screen::{Places, overlay_place};
use crate::view::{Along, BookPlace, Overlay, View};

mod book;
mod check;
mod inquire;
mod link;
mod options;
mod paint;
mod walk;
mod warnings;
mod write_on;

use link::TrainerLink;

/// What the application asks its surroundings to do: everything that leaves it is one of these.
#[derive(Debug)]
pub enum Request {
    /// Tell the trainer this.
    Tell(Command),
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
    /// End the program.
    Quit,
    /// Hand the terminal back to the shell for a while.
    Suspend,
}

impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self::Tell(command)
    }
}

/// What is said where a weight is set while updates are made.
const WEIGHT: &str = "a weight is set between two updates: pause first";

/// The command that sets a value, or a message where the setting has that value already.
fn set(setting: Setting, (now, to): (f64, f64)) -> Result<Command, String> {
    if now == to { Err(format!("{} is {now} already", setting.letter())) } else { Ok(Command::Set(setting, to)) }
}

/// The view, and what is going on between it and the trainer.
#[derive(Debug)]
pub struct App {
    /// What is drawn.
    pub view: View,
    /// Whether the view has changed since it was last drawn.
    pub dirty: bool,
    link: TrainerLink,
    /// How often the network was let write.
    drawn: u64,
    /// The size of the screen.
    area: Rect,
    /// The place in the book whose equation the walk begins at, once the training has stopped.
    walk_to: Option<BookPlace>,
}

impl App {
    /// An application that has seen nothing yet, running at this speed.
    pub fn new(view: View, speed: Speed) -> Self {
        Self {
            view,
            dirty: true,
            link: TrainerLink::new(speed),
            drawn: 0,
            area: Rect::new(0, 0, 80, 24),
            walk_to: None,
        }
    }

    /// Takes note of the size of the screen.
    pub fn resize(&mut self, area: Rect) {
        self.area = area;
        self.dirty = true;
    }

    /// Takes in what the trainer published.
    pub fn absorb(&mut self, report: Report) {
        self.dirty = true;
        match report {
            Report::Snapshot(snapshot) => {
                self.link.spare = self.view.absorb(snapshot);
                self.link.answered();
                self.go_on_to_walk();
            }
            Report::Refused(why) => self.view.message = Some(why),
            Report::Checked(checked) => self.view.take_check(checked),
            Report::Descended(descended) => self.view.take_descent(descended),
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
    pub fn wants_snapshot(&self) -> bool {
        self.link.wants_snapshot(self.status())
    }

    /// Whether the picture is older than the last command, so that somebody waits for the next one.
    pub fn is_asked(&self) -> bool {
        self.link.is_asked()
    }

    /// The next request for a snapshot, if one is wanted; at most one is unanswered.
    pub fn request_snapshot(&mut self) -> Option<Command> {
        let status = self.view.snapshot.as_ref().map(|snapshot| &snapshot.status);
        self.link.request_snapshot(status)
    }

    /// The picture whose descent is to be computed: the present one, where a panel is on the screen that shows it and has another one.
    pub fn wanted_descent(&self) -> Option<DescentOrigin> {
        let wanted = self.view.wanted_descent()?;
        let places = Places::of(&self.view, self.area)?;
        places.panels.iter().any(|&(panel, _)| panel == Panel::Weight).then_some(wanted)
    }

    /// Whether the picture is of a trainer that makes updates, so that the next one is of another Θ.
    pub fn is_moving(&self) -> bool {
        link::is_moving(self.status())
    }

    fn status(&self) -> Option<&Status> {
        self.view.snapshot.as_ref().map(|snapshot| &snapshot.status)
    }

    /// Handles an action; returns what must be done outside of the application, if something must.
    pub fn update(&mut self, action: Action) -> Option<Request> {
        self.dirty = true;
        self.view.message = None;
        self.walk_to = None;
        let request = match self.view.overlay.clone() {
            _ if action == Action::Quit => Some(Request::Quit),
            _ if action == Action::Suspend => Some(Request::Suspend),
            Overlay::None | Overlay::Explain | Overlay::Sum | Overlay::UnitAtStep if action == Action::Book => {
                self.open_book();
                None
            }
            Overlay::None if self.view.playhead.is_some() => self.in_walk(action),
            Overlay::None => self.act(action),
            Overlay::Explain => self.in_explanation(action),
            Overlay::Check => self.in_check(action),
            Overlay::Warnings(chosen) => self.in_warnings(action, chosen),
            Overlay::Options(chosen) => self.in_options(action, chosen),
            Overlay::Help(scrolled) => self.in_help(action, scrolled),
            Overlay::Glossary(from) => self.in_glossary(action, from),
            Overlay::Edit => self.in_edit(action),
            Overlay::Paint => self.in_paint(action),
            Overlay::Reset(reset) => self.answer(action, reset),
            Overlay::Sum => self.in_steps(action, Along::Terms),
            Overlay::UnitAtStep => self.in_steps(action, Along::Steps),
            Overlay::Book(place) => self.in_book(action, place),
        };
        if let Some(Request::Tell(command)) = &request {
            self.link.note_command(command);
        }
        request
    }

    pub(super) fn act(&mut self, action: Action) -> Option<Request> {
        // Inside an update no panel has the focus.
        if self.view.playhead.is_none()
            && let Some(change) =
                panels::of(self.view.focus).key(&self.view, action).and_then(|key| (key.does)(&self.view))
        {
            self.view.change(change);
            return None;
        }
        let view = &mut self.view;
        match action {
            Action::RunPause => return Some(self.link.run_or_pause(self.status()).into()),
            Action::Step(unit) => return Some(Command::Step(unit).into()),
            Action::Faster => return Some(self.link.quicken(2.0).into()),
            Action::Slower => return Some(self.link.quicken(0.5).into()),
            Action::Free => return Some(self.link.toggle_free().into()),
            Action::NextPanel => view.focus = view.focus.moved(1),
            Action::PreviousPanel => view.focus = view.focus.moved(-1),
            Action::Focus(panel) => view.focus = panel,
            Action::Zoom => view.zoomed = !view.zoomed,
            Action::Move(direction) => view.go((panels::of(view.focus).along)(view), direction),
            Action::NextSample => view.go_to_sample(1),
            Action::PreviousSample => view.go_to_sample(-1),
            Action::Next | Action::Previous | Action::Start | Action::End | Action::Stride | Action::Detail => {
                self.walk(action);
            }
            Action::Open => self.ask(),
            Action::WriteOn if panels::of(view.focus).answers(view, action) => self.write_on(),
            Action::Back if view.playhead.is_some() => view.playhead = None,
            Action::Back if view.walked.is_some() => view.walked = None,
            Action::Back => view.zoomed = false,
            Action::Reset => view.overlay = Overlay::Reset(ResetKind::SameSeed),
            Action::ResetNewSeed => view.overlay = Overlay::Reset(ResetKind::NextSeed),
            Action::Keep => return view.snapshot.is_some().then_some(Request::Keep),
            Action::Print => return Some(Request::Print),
            Action::Check => return self.check(),
            Action::Edit if view.focus == Panel::Sample => self.begin_paint(),
            Action::Edit => self.begin_edit(),
            Action::Undo if view.edited.is_some() => self.take_back_input(),
            Action::Undo => return self.between_updates(WEIGHT).then_some(Command::Undo.into()),
            Action::Options => view.overlay = Overlay::Options(0),
            Action::Book => self.open_book(),
            Action::Warnings => self.open_warnings(),
            Action::Help => view.overlay = Overlay::Help(0),
            // These mean something in some panels alone, or in what stands over them, or are done above.
            Action::Quantity | Action::Scale | Action::Axis | Action::Picture => {}
            Action::Across | Action::Upwards | Action::WriteOn => {}
            Action::Climb | Action::Copy | Action::CopyLatex | Action::Write | Action::Quit | Action::Suspend => {}
        }
        None
    }

    /// What a click on a cell of a panel at this place does: the panel gets the focus, and the cell the cursor.
    pub fn click(&mut self, (panel, place): (Panel, Rect), at: (u16, u16)) {
        self.update(Action::Focus(panel));
        if self.view.overlay == Overlay::Paint {
            return self.paint_at(place, at);
        }
        let is_open = self.view.overlay == Overlay::None && self.view.playhead.is_none();
        if let Some(change) = panels::click(panel, &self.view, place, at).filter(|_| is_open) {
            self.view.change(change);
        }
    }

    /// What a key does while a sum over time or a unit at a step is shown in full.
    fn in_steps(&mut self, action: Action, along: Along) -> Option<Request> {
        let view = &mut self.view;
        match action {
            Action::Open => self.ask_on_the_way(along),
            Action::Back => view.overlay = Overlay::None,
            // There are no more equations of a unit than this.
            Action::Move(Direction::PageDown) if along == Along::Steps => view.line = (view.line + 3).min(30),
            Action::Move(Direction::PageUp) if along == Along::Steps => view.line = view.line.saturating_sub(3),
            Action::Move(direction) => view.go(along, direction),
            Action::NextSample => view.go_to_sample(1),
            Action::PreviousSample => view.go_to_sample(-1),
            Action::Copy => return shown_text(view).map(Request::Copy),
            Action::CopyLatex => return shown_latex(view).map(Request::Copy),
            Action::Write => return shown_text(view).map(Request::Write),
            Action::RunPause | Action::Step(_) => return self.act(action),
            _ => {}
        }
        None
    }

    fn in_help(&mut self, action: Action, scrolled: u16) -> Option<Request> {
        self.view.overlay = match action {
            Action::Help | Action::Back => Overlay::None,
            Action::NextPanel | Action::PreviousPanel => Overlay::Glossary(0),
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

    fn in_glossary(&mut self, action: Action, from: usize) -> Option<Request> {
        let area = overlay_place(&self.view, self.area).unwrap_or_default();
        self.view.overlay = match action {
            Action::Help | Action::Back => Overlay::None,
            Action::NextPanel | Action::PreviousPanel => Overlay::Help(0),
            Action::Move(direction) => {
                Overlay::Glossary(crate::ui::glossary::scrolled(&self.view, from, area, direction))
            }
            _ => return None,
        };
        None
    }

    fn answer(&mut self, action: Action, reset: ResetKind) -> Option<Request> {
        match action {
            Action::Open => {
                self.view.overlay = Overlay::None;
                Some(Command::Reset(reset).into())
            }
            Action::Back => {
                self.view.overlay = Overlay::None;
                None
            }
            _ => None,
        }
    }
}
