//! A run on sequences as the one thing that the loop drives.

use std::time::Instant;

use crossterm::event::{Event, MouseButton, MouseEventKind};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::crew::{Crew, POLL};
use super::session::{BETWEEN_LOOKS, FAREWELL, write_down};
use super::{Flow, Publisher, Scope};
use crate::app::{Request, TimeApp};
use crate::error::Result;
use crate::keymap::{self, Action, Direction};
use crate::theme::Theme;
use crate::train::{Report, Speed, Worker};
use crate::ui::svg;
use crate::ui::time::TimeView;

/// A run on the screen.
pub struct TimeSession {
    app: TimeApp,
    worker: Crew,
    /// The size of the frame to come.
    area: Rect,
    looked: Option<Instant>,
}

impl TimeSession {
    /// Has the trainer made, which publishes into the loop's inbox.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(
        make: impl FnOnce(Publisher<Report>) -> Result<Worker> + Send + 'static,
        speed: Speed,
        theme: Theme,
        publisher: Publisher<Report>,
    ) -> Result<Self> {
        let app = TimeApp::new(TimeView::new(theme), speed);
        Ok(Self { app, worker: Crew::awaited(publisher, make)?, area: Rect::ZERO, looked: None })
    }

    fn act(&mut self, action: Action) -> Flow {
        match action {
            Action::Quit => return Flow::Quit,
            Action::Suspend => return Flow::Suspend,
            _ => {}
        }
        if let Some(command) = self.app.update(action) {
            self.worker.send(command);
        }
        if let Some(Request::Print) = self.app.request.take() {
            let view = &self.app.view;
            let mut buf = Buffer::empty(self.area);
            view.render(self.area, &mut buf);
            let said = write_down(&[("svg", &svg::svg(&buf, &view.theme)), ("txt", &svg::text(&buf))], "screen");
            self.app.view.message = Some(said);
        }
        Flow::Continue
    }
}

impl Scope for TimeSession {
    type Report = Report;

    fn absorb(&mut self, report: Report) {
        self.app.absorb(report);
    }

    fn input(&mut self, event: Event) -> Flow {
        match event {
            Event::Key(key) => keymap::action(key).map_or(Flow::Continue, |action| self.act(action)),
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => {
                    let panel = self.app.view.panel_at(self.area, mouse.column, mouse.row);
                    self.app.view.focus = panel.unwrap_or(self.app.view.focus);
                    self.app.dirty = true;
                    Flow::Continue
                }
                MouseEventKind::ScrollUp => self.act(Action::Move(Direction::Up)),
                MouseEventKind::ScrollDown => self.act(Action::Move(Direction::Down)),
                _ => Flow::Continue,
            },
            Event::Resize(width, height) => {
                self.area = Rect::new(0, 0, width, height);
                self.app.dirty = true;
                Flow::Continue
            }
            Event::FocusGained | Event::FocusLost | Event::Paste(_) => Flow::Continue,
        }
    }

    fn tick(&mut self, now: Instant) -> Option<Instant> {
        self.worker.look();
        if self.worker.is_awaited() {
            return Some(now + POLL);
        }
        if self.app.is_held() {
            return None;
        }
        let due = self.looked.map(|looked| looked + BETWEEN_LOOKS).filter(|&due| due > now && !self.app.is_asked());
        if due.is_none()
            && let Some(look) = self.app.look()
        {
            self.looked = Some(now);
            self.worker.send(look);
        }
        due.filter(|_| self.app.wants_look())
    }

    fn dirty(&mut self) -> bool {
        std::mem::take(&mut self.app.dirty)
    }

    fn lag(&mut self, behind: bool) {
        self.app.lag(behind);
    }

    fn over(&self) -> bool {
        self.worker.has_failed()
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        frame.render_widget(&self.app.view, frame.area());
    }

    fn leave(self) -> Result<()> {
        self.worker.leave(FAREWELL)
    }
}
