//! What the terminal's side drives, and how: the interface between it and the application.

use std::time::Instant;

use crossterm::event::Event;
use ratatui::Frame;

use crate::error::Result;

/// What is driven: absorbs messages, says when it wants to be called, and draws itself.
pub trait Scope {
    /// What the trainer's thread publishes.
    type Report: Send + 'static;

    /// Takes in a report.
    fn absorb(&mut self, report: Self::Report);

    /// Takes in a key, a click, a paste, or the size that the next frame will have (as a resize; the first comes before
    /// the first frame). Releases of keys do not come here.
    fn input(&mut self, event: Event) -> AfterEvent;

    /// Called before each wait: the time to ask for a snapshot, if one is due. Says when it wants to be called again at the
    /// latest; `None`: not before the next message.
    fn tick(&mut self, now: Instant) -> Option<Instant>;

    /// Whether something that is seen has changed since this was last called.
    fn dirty(&mut self) -> bool;

    /// Whether it ends by itself: `leave` says why.
    fn over(&self) -> bool {
        false
    }

    /// Whether the terminal has yet to get some of the last picture, since the link is slow; numbers come before colours.
    fn lag(&mut self, _behind: bool) {}

    /// A text for the clipboard, if the last input asked for one.
    fn copied(&mut self) -> Option<String> {
        None
    }

    /// Draws the whole screen; may place the hardware cursor.
    fn draw(&self, frame: &mut Frame<'_>);

    /// The terminal has been given back: the place to wait for the trainer, for a moment.
    ///
    /// # Errors
    /// If something that was to be done at the end could not be.
    fn leave(self) -> Result<()>
    where
        Self: Sized,
    {
        Ok(())
    }
}

/// How it goes on after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterEvent {
    /// As before.
    Continue,
    /// The program ends.
    Quit,
    /// The program stops and gives the terminal to the shell; ignored where no shell could wake it.
    Suspend,
}

/// How the terminal is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenOptions {
    /// Whether the terminal is asked for clicks, drags and the wheel.
    pub mouse: bool,
}
