//! The application and its trainer as one thing that the loop drives: events become actions, requests for snapshots keep the picture fresh.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crossterm::event::{Event, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::starting_worker::{POLL, StartingWorker};
use super::{AfterEvent, Publisher, Scope};
use crate::app::{App, Request};
use crate::error::{Error, Result, printable};
use crate::keymap::{self, Action, Direction};
use crate::theme::Theme;
use crate::train::{Checker, Descended, Descender, Report, Speed, Worker};
use crate::ui::screen::Places;
use crate::ui::{panels, svg};
use crate::view::{Overlay, View};
use crate::weights;

/// Between two requests to a trainer that runs; more pictures than this are not drawn.
pub(super) const BETWEEN_REQUESTS: Duration = Duration::from_nanos(1_000_000_000 / 30);
/// While the training runs a descent begins only after so many times the duration of the last one, so that it costs little; or after a
/// second, if that is sooner.
const DESCENTS: u32 = 33;
/// So long the trainer may take to end after the terminal has been given back.
pub(super) const FAREWELL: Duration = Duration::from_millis(300);

/// A run on the screen.
pub struct Session {
    app: App,
    worker: StartingWorker,
    /// The size of the frame to come.
    area: Rect,
    requested: Option<Instant>,
    copied: Option<String>,
    publisher: Publisher<Report>,
    /// The check under way, or the last one; replaced by the next.
    checker: Option<Checker>,
    /// The descent under way, when it was begun, and when the next one may be while the training runs.
    descender: Option<(Descender, Instant)>,
    next_descent: Option<Instant>,
    /// Where the weights are kept at the end.
    save: Option<PathBuf>,
}

impl Session {
    /// Has the trainer made, which publishes into the loop's inbox; `save` is where the weights are kept at the end. Until it is
    /// there the screen says that `loading` is read.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(
        make: impl FnOnce(Publisher<Report>) -> Result<Worker> + Send + 'static,
        (loading, speed): (String, Speed),
        (theme, save): (Theme, Option<PathBuf>),
        publisher: Publisher<Report>,
    ) -> Result<Self> {
        let mut app = App::new(View::new(theme), speed);
        app.view.loading = Some(loading);
        let worker = StartingWorker::awaited(publisher.clone(), make)?;
        Ok(Self {
            app,
            worker,
            area: Rect::ZERO,
            requested: None,
            copied: None,
            publisher,
            checker: None,
            descender: None,
            next_descent: None,
            save,
        })
    }

    fn act(&mut self, action: Action) -> AfterEvent {
        match self.app.update(action) {
            Some(Request::Tell(command)) => self.worker.send(command),
            Some(Request::Copy(text)) => {
                self.app.view.message =
                    Some(format!("copied: {} characters, through the terminal", text.chars().count()));
                self.copied = Some(text);
            }
            Some(Request::Write(text)) => {
                self.app.view.message = Some(write_down(&[("txt", &text)], "equation"));
            }
            Some(Request::Check) => self.check(),
            Some(Request::Keep) => self.keep(),
            Some(Request::Print) => self.app.view.message = Some(self.print()),
            Some(Request::Quit) => return AfterEvent::Quit,
            Some(Request::Suspend) => return AfterEvent::Suspend,
            None => {}
        }
        AfterEvent::Continue
    }

    /// Checks the gradient of the present picture; a check that is still under way is of another one, and ends.
    fn check(&mut self) {
        self.checker = None;
        let Some(snapshot) = self.app.view.snapshot.as_deref() else { return };
        let publisher = self.publisher.clone();
        match Checker::start(snapshot, move |checked| publisher.publish(Report::Checked(checked))) {
            Ok(checker) => self.checker = Some(checker),
            Err(error) => self.app.view.message = Some(error.to_string()),
        }
    }

    /// Has the descent of the present picture computed where it is wanted. While the training runs the one under way ends first, and the
    /// next one waits; returns until when.
    fn descend(&mut self, now: Instant) -> Option<Instant> {
        let wanted = self.app.wanted_descent()?;
        let is_moving = self.app.is_moving();
        if self.descender.as_ref().is_some_and(|(descender, _)| is_moving || descender.of == wanted) {
            return None;
        }
        if let Some(due) = self.next_descent.filter(|&due| is_moving && due > now) {
            return Some(due);
        }
        let (snapshot, publisher) = (self.app.view.snapshot.as_deref()?, self.publisher.clone());
        match Descender::start(snapshot, move |descended| publisher.publish(Report::Descended(descended))) {
            Ok(descender) => self.descender = Some((descender, now)),
            Err(error) => self.app.absorb(Report::Descended(Descended { of: wanted, outcome: Err(error.to_string()) })),
        }
        None
    }

    /// A descent has ended.
    fn note_descent(&mut self, descended: &Descended) {
        if let Some((_, begun)) = self.descender.take_if(|(descender, _)| descender.of == descended.of) {
            self.next_descent = Some(Instant::now() + (begun.elapsed() * DESCENTS).min(Duration::from_secs(1)));
        }
    }

    /// The next request for a picture, where one is due; returns when it is if not now.
    fn ask(&mut self, now: Instant) -> Option<Instant> {
        let due = self
            .requested
            .map(|requested| requested + BETWEEN_REQUESTS)
            .filter(|&due| due > now && !self.app.is_asked());
        if due.is_none()
            && let Some(request) = self.app.request_snapshot()
        {
            self.requested = Some(now);
            self.worker.send(request);
        }
        due.filter(|_| self.app.wants_snapshot())
    }

    /// Keeps the weights of the present picture, without a file of their own in a new one.
    fn keep(&mut self) {
        let Some(snapshot) = &self.app.view.snapshot else { return };
        let kept = match &self.save {
            Some(path) => snapshot.weight_file(path).write().map(|()| vec![path.clone()]),
            None => {
                let bytes = snapshot.weight_file(Path::new("new.safetensors")).bytes();
                bytes.and_then(|bytes| weights::write_numbered("weights", &[("safetensors", &bytes)]))
            }
        };
        self.app.view.message = Some(match kept {
            Ok(paths) => format!("the weights of step {} are kept in {}", snapshot.position.step, names(&paths)),
            Err(error) => format!("not kept: {}", reason_first(&error)),
        });
    }

    /// Writes the picture on the screen, or the panel that fills it, as SVG and as text.
    fn print(&self) -> String {
        let view = &self.app.view;
        let mut buf = Buffer::empty(self.area);
        let places = Places::of(view, self.area).filter(|_| view.zoomed && matches!(view.overlay, Overlay::None));
        match places.and_then(|places| places.panels.first().copied()) {
            Some((panel, place)) => {
                buf = Buffer::empty(place);
                panels::draw(panel, view, place, &mut buf);
            }
            None => view.render(self.area, &mut buf),
        }
        write_down(&[("svg", &svg::svg(&buf, &view.theme)), ("txt", &svg::text(&buf))], "screen")
    }

    /// A click gives the panel under it the focus, and the number under it the cursor; the wheel moves in it.
    fn point(&mut self, mouse: MouseEvent) -> AfterEvent {
        let at = Places::of(&self.app.view, self.area).and_then(|places| places.panel_at(mouse.column, mouse.row));
        let mut towards = |direction| {
            if let Some((panel, _)) = at {
                self.act(Action::Focus(panel));
            }
            self.act(Action::Move(direction))
        };
        match mouse.kind {
            MouseEventKind::ScrollUp => towards(Direction::Up),
            MouseEventKind::ScrollDown => towards(Direction::Down),
            MouseEventKind::Drag(MouseButton::Left) => {
                if let Some(at) = at {
                    self.app.drag(at, (mouse.column, mouse.row));
                }
                AfterEvent::Continue
            }
            MouseEventKind::Down(MouseButton::Left) => {
                if let Some(at) = at {
                    self.app.click(at, (mouse.column, mouse.row));
                }
                AfterEvent::Continue
            }
            _ => AfterEvent::Continue,
        }
    }
}

/// Writes texts to new files in the current folder, one for each ending, all or none; returns what to tell of it.
pub(super) fn write_down(texts: &[(&str, &str)], what: &str) -> String {
    let contents: Vec<(&str, &[u8])> = texts.iter().map(|(ending, text)| (*ending, text.as_bytes())).collect();
    match weights::write_numbered(what, &contents) {
        Ok(paths) => format!("written to {}", names(&paths)),
        Err(error) => format!("not written: {}", reason_first(&error)),
    }
}

/// What went wrong, for a line that may be too short for the name of the file.
fn reason_first(error: &Error) -> String {
    match error {
        Error::Io { path, reason } => format!("{reason}: {}", printable(&path.display().to_string())),
        error => error.to_string(),
    }
}

fn names(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| printable(&path.display().to_string())).collect::<Vec<_>>().join(" and ")
}

impl Scope for Session {
    type Report = Report;

    fn absorb(&mut self, report: Report) {
        if let Report::Descended(descended) = &report {
            self.note_descent(descended);
        }
        self.app.absorb(report);
    }

    fn input(&mut self, event: Event) -> AfterEvent {
        match event {
            Event::Key(key) if keymap::character(key).is_some_and(|c| self.app.type_in(c)) => AfterEvent::Continue,
            Event::Key(key) => keymap::action(key).map_or(AfterEvent::Continue, |action| self.act(action)),
            Event::Mouse(mouse) => self.point(mouse),
            Event::Resize(width, height) => {
                self.area = Rect::new(0, 0, width, height);
                self.app.resize(self.area);
                AfterEvent::Continue
            }
            Event::FocusGained | Event::FocusLost | Event::Paste(_) => AfterEvent::Continue,
        }
    }

    fn tick(&mut self, now: Instant) -> Option<Instant> {
        self.worker.poll();
        if self.worker.is_awaited() {
            return Some(now + POLL);
        }
        if self.app.is_held() {
            return None;
        }
        let descent = self.descend(now);
        self.ask(now).into_iter().chain(descent).min()
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

    fn copied(&mut self) -> Option<String> {
        self.copied.take()
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        frame.render_widget(&self.app.view, area);
        if let Some(at) = self.app.view.cursor_cell(area) {
            frame.set_cursor_position(at);
        }
    }

    /// Keeps the weights of the last picture, if a file was given for them.
    fn leave(self) -> Result<()> {
        self.worker.leave(FAREWELL)?;
        match (&self.save, &self.app.view.snapshot) {
            (None, _) => Ok(()),
            (Some(path), Some(snapshot)) => snapshot.weight_file(path).write(),
            (Some(path), None) => {
                Err(Error::Failed(format!("{}: nothing was kept, there was no picture yet", path.display())))
            }
        }
    }
}
