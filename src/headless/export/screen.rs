//! A picture of the screen after some epochs, and after keys that are pressed then as at the terminal.

use std::sync::mpsc::channel;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::app::{App, Request};
use crate::error::{Error, Result};
use crate::keymap::{self, Panel, Press};
use crate::theme::Theme;
use crate::train::{AnyTrainer, Checker, Command, Descended, Progress, Report, Snapshot, Speed, Status, Unit};
use crate::ui::panels;
use crate::view::View;

/// How the screen is drawn.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Columns and rows.
    pub size: (u16, u16),
    /// One panel alone.
    pub panel: Option<Panel>,
    /// Colours and characters.
    pub theme: Theme,
    /// The keys that are pressed before.
    pub keys: Vec<Press>,
}

impl Shot {
    fn area(&self) -> Rect {
        Rect::new(0, 0, self.size.0, self.size.1)
    }

    /// The picture of a view.
    fn of(&self, view: &View) -> Buffer {
        let mut buf = Buffer::empty(self.area());
        match self.panel {
            Some(panel) => panels::draw(panel, view, buf.area, &mut buf),
            None => view.render(buf.area, &mut buf),
        }
        buf
    }
}

/// The screen of a run that is looked at.
pub(super) struct Watched<'a> {
    app: App,
    shot: &'a Shot,
}

impl<'a> Watched<'a> {
    /// A screen that has seen nothing yet.
    pub(super) fn new(shot: &'a Shot) -> Self {
        let mut app = App::new(View::new(shot.theme), Speed::Max);
        app.resize(shot.area());
        Self { app, shot }
    }

    /// Takes in the next picture of the run.
    pub(super) fn absorb(&mut self, snapshot: Box<Snapshot>) {
        self.app.absorb(Report::Snapshot(snapshot));
    }

    /// The picture, after the keys.
    ///
    /// # Errors
    /// If a key is not bound, or asks for something that a picture has no use for.
    pub(super) fn picture(mut self, trainer: &mut dyn AnyTrainer) -> Result<Buffer> {
        for press in &self.shot.keys {
            self.press(press, trainer)?;
        }
        if let Some(snapshot) = self.app.view.snapshot.as_deref().filter(|_| self.app.wanted_descent().is_some()) {
            self.app.absorb(Report::Descended(Descended::of(snapshot)));
        }
        // They are said on stderr.
        self.app.view.warnings.unread = false;
        Ok(self.shot.of(&self.app.view))
    }

    fn press(&mut self, press: &Press, trainer: &mut dyn AnyTrainer) -> Result<()> {
        if keymap::character(press.event).is_some_and(|c| self.app.type_in(c)) {
            return Ok(());
        }
        let refused = |what: &str| Error::Usage(format!("--keys: {} {what}", press.name));
        let action =
            keymap::action(press.event).ok_or_else(|| refused("is a key without a meaning (? lists the keys)"))?;
        match self.app.update(action) {
            Some(Request::Tell(command)) => self.tell(command, trainer, refused),
            Some(Request::Check) => self.check(),
            Some(Request::Copy(_) | Request::Write(_) | Request::Keep | Request::Print) => {
                Err(refused("writes something beside the picture"))
            }
            Some(Request::Quit | Request::Suspend) => Err(refused("leaves the screen")),
            None => Ok(()),
        }
    }

    /// Does what the trainer's thread would, between two updates.
    fn tell(&mut self, command: Command, trainer: &mut dyn AnyTrainer, refused: impl Fn(&str) -> Error) -> Result<()> {
        let mut status = Status::Paused;
        let outcome = match command {
            Command::Step(unit) => {
                let updates = if unit == Unit::Epoch { trainer.position().batches } else { 1 };
                if let Err(divergence) = (0..updates).try_for_each(|_| trainer.step()) {
                    status = Status::Diverged(divergence.what);
                }
                Ok(())
            }
            Command::Set(setting, to) => trainer.set(setting, to),
            Command::Edit(weight, to) => trainer.edit(weight, to),
            Command::Undo => trainer.undo(),
            Command::Run => {
                return Err(refused("lets the run go on, and a picture is of a paused one: b is a batch, e an epoch"));
            }
            Command::Reset(_) => return Err(refused("starts again, and a picture is of one run: give its options")),
            Command::Pause | Command::Speed(_) | Command::RequestSnapshot(_) => Ok(()),
        };
        let mut snapshot = trainer.snapshot(None);
        snapshot.status = status;
        self.absorb(snapshot);
        if let Err(why) = outcome {
            self.app.absorb(Report::Refused(why));
        }
        Ok(())
    }

    /// Checks the gradient and waits for the end of it.
    fn check(&mut self) -> Result<()> {
        let Some(snapshot) = self.app.view.snapshot.as_deref() else { return Ok(()) };
        let (sender, reports) = channel();
        let _checker = Checker::start(snapshot, move |checked| _ = sender.send(checked))?;
        for checked in reports {
            let is_over = !matches!(checked.progress, Progress::Under { .. });
            self.app.absorb(Report::Checked(checked));
            if is_over {
                break;
            }
        }
        Ok(())
    }
}
