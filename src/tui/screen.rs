//! The loop: wait, absorb, draw; what it drives and where frames go, it is given.

use std::io;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind, MouseEventKind};
use ratatui::Terminal;
use ratatui::layout::Size;

use super::canvas::{Canvas, FrameWriter};
use super::inbox::{self, LOST, Msg};
use super::pace::FramePace;
use super::{AfterEvent, Scope, ScreenOptions, fault, guard, tty};
use crate::error::{Error, Result};

/// So many messages at most are absorbed before a frame, so that a flood of them can't keep the screen from drawing.
const DRAIN: usize = 4096;

/// How often a screen that has no terminal looks whether it has one again.
const ASLEEP: Duration = Duration::from_millis(200);

/// The loop and what it remembers.
pub(super) struct Screen<S: Scope, O: FrameWriter> {
    pub(super) scope: S,
    inbox: Receiver<Msg<S::Report>>,
    terminal: Terminal<Canvas<O>>,
    options: ScreenOptions,
    pace: FramePace,
    size: Option<Size>,
    /// Whether the picture is out of date.
    stale: bool,
    /// Whether it is not known what the terminal shows.
    lost: bool,
    /// Whether somebody waits for an answer to a key.
    asked: bool,
    /// Whether another job has the terminal.
    asleep: bool,
}

impl<S: Scope, O: FrameWriter> Screen<S, O> {
    /// A screen that nothing is drawn on yet.
    ///
    /// # Errors
    /// If the terminal has no size.
    pub(super) fn new(scope: S, inbox: Receiver<Msg<S::Report>>, out: O, options: ScreenOptions) -> Result<Self> {
        let terminal = Terminal::new(Canvas::new(out)).map_err(|reason| Error::Terminal(reason.to_string()))?;
        Ok(Self {
            scope,
            inbox,
            terminal,
            options,
            pace: FramePace::new(),
            size: None,
            stale: true,
            lost: false,
            asked: false,
            asleep: false,
        })
    }

    /// Waits, absorbs and draws until something ends it; returns the exit status.
    pub(super) fn show(&mut self) -> u8 {
        loop {
            if let ControlFlow::Break(status) = self.turn() {
                return status;
            }
        }
    }

    /// Absorbs what waits, then draws if a frame is due, else waits for a message or until it is.
    fn turn(&mut self) -> ControlFlow<u8> {
        for _ in 0..DRAIN {
            let Ok(msg) = self.inbox.try_recv() else { break };
            self.take(msg)?;
        }
        if self.asleep {
            self.resume();
        }
        let now = Instant::now();
        // A job that runs in the background is not told when it is brought back.
        let ours = self.asleep.then(|| now + ASLEEP);
        let wake = self.scope.tick(now);
        if self.scope.over() {
            return ControlFlow::Break(0);
        }
        self.stale |= self.scope.dirty() || self.terminal.backend().is_behind();
        let due = (self.stale && !self.asleep).then(|| self.pace.due(self.asked).unwrap_or(now));
        if due.is_some_and(|due| due <= now) {
            return self.draw();
        }
        match self.wait([wake, due, ours].into_iter().flatten().min()) {
            Ok(msg) => self.take(msg),
            Err(RecvTimeoutError::Timeout) => ControlFlow::Continue(()),
            Err(RecvTimeoutError::Disconnected) => ControlFlow::Break(LOST),
        }
    }

    fn wait(&self, until: Option<Instant>) -> std::result::Result<Msg<S::Report>, RecvTimeoutError> {
        match until {
            Some(until) => self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())),
            None => self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn take(&mut self, msg: Msg<S::Report>) -> ControlFlow<u8> {
        match msg {
            Msg::Report(report) => self.scope.absorb(report),
            Msg::Input(event) => return self.input(event),
            Msg::Resized => self.repaint(),
            Msg::Quit(signal) => return ControlFlow::Break(u8::try_from(128 + signal).unwrap_or(u8::MAX)),
            Msg::TerminalGone => return ControlFlow::Break(inbox::must_end().unwrap_or(LOST)),
            Msg::Suspend => self.suspend(),
            Msg::Resume => self.resume(),
        }
        ControlFlow::Continue(())
    }

    fn input(&mut self, event: Event) -> ControlFlow<u8> {
        match &event {
            // On Unix this comes with the next key only; the signal says it sooner.
            Event::Resize(..) => {
                self.repaint();
                return ControlFlow::Continue(());
            }
            Event::Key(key) if key.kind == KeyEventKind::Release => return ControlFlow::Continue(()),
            Event::Key(_) => {
                fault::on_key();
                self.asked = true;
            }
            Event::Mouse(mouse) => self.asked |= !matches!(mouse.kind, MouseEventKind::Drag(_) | MouseEventKind::Moved),
            _ => {}
        }
        self.follow(event)
    }

    fn follow(&mut self, event: Event) -> ControlFlow<u8> {
        let flow = self.scope.input(event);
        if let Some(text) = self.scope.copied() {
            self.terminal.backend_mut().copy(&text);
        }
        match flow {
            AfterEvent::Continue => {}
            AfterEvent::Quit => return ControlFlow::Break(0),
            AfterEvent::Suspend => self.suspend(),
        }
        ControlFlow::Continue(())
    }

    fn draw(&mut self) -> ControlFlow<u8> {
        (self.stale, self.asked) = (false, false);
        match self.frame() {
            Ok(flow) => flow,
            Err(_) => ControlFlow::Break(inbox::must_end().unwrap_or(LOST)),
        }
    }

    fn frame(&mut self) -> io::Result<ControlFlow<u8>> {
        let start = Instant::now();
        let size = self.terminal.size()?;
        if self.size.replace(size) != Some(size) {
            let flow = self.follow(Event::Resize(size.width, size.height));
            if flow.is_break() {
                return Ok(flow);
            }
            // What the new size has changed is drawn now.
            self.scope.dirty();
        }
        // Serial lines and some shells report no size at all.
        if size.width > 0 && size.height > 0 {
            if std::mem::take(&mut self.lost) {
                // `Terminal::clear` would ask the terminal where its cursor is, and the thread that reads keys would
                // take the answer. To swap the buffers forgets the last frame too.
                self.terminal.backend_mut().forget();
                self.terminal.swap_buffers();
            }
            let scope = &self.scope;
            let _ = self.terminal.draw(|frame| scope.draw(frame))?;
            let canvas = self.terminal.backend();
            self.pace.drawn(start, canvas.took());
            self.scope.lag(canvas.is_behind());
        } else {
            self.terminal.backend_mut().give_up();
        }
        Ok(ControlFlow::Continue(()))
    }

    fn suspend(&mut self) {
        if tty::can_stop() {
            guard::leave();
            tty::stop();
            self.resume();
        }
    }

    /// After a stop: takes the terminal again, unless another job has it; then the screen sleeps until it is ours.
    fn resume(&mut self) {
        self.asleep = tty::in_background();
        if !self.asleep {
            // A terminal that can't be taken is lost, and its watcher says so.
            let _ = if guard::active() { guard::reassert() } else { guard::enter(self.options.mouse) };
            self.repaint();
        }
    }

    /// Has the next frame drawn whole, at the size that the terminal has then: of a storm of sizes only the last one
    /// matters, and even if that is the one before the storm the terminal may have cut off the picture meanwhile.
    fn repaint(&mut self) {
        self.lost = true;
        self.stale = true;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use ratatui::Frame;

    use super::*;

    /// Shows a number; reports add to it, and the keys are remembered.
    #[derive(Default)]
    struct Sum {
        sum: u32,
        dirty: bool,
        events: Vec<Event>,
        draws: std::cell::Cell<u32>,
    }

    impl Scope for Sum {
        type Report = u32;

        fn absorb(&mut self, report: u32) {
            self.sum += report;
            self.dirty = true;
        }

        fn input(&mut self, event: Event) -> AfterEvent {
            let quit = event == key('q', KeyEventKind::Press);
            self.events.push(event);
            if quit { AfterEvent::Quit } else { AfterEvent::Continue }
        }

        fn tick(&mut self, _now: Instant) -> Option<Instant> {
            None
        }

        fn dirty(&mut self) -> bool {
            std::mem::take(&mut self.dirty)
        }

        fn draw(&self, frame: &mut Frame<'_>) {
            self.draws.set(self.draws.get() + 1);
            frame.render_widget(self.sum.to_string(), frame.area());
        }
    }

    /// A terminal of a size that the test says.
    struct Paper {
        size: Size,
        frames: Vec<String>,
    }

    impl FrameWriter for Paper {
        fn size(&self) -> io::Result<Size> {
            Ok(self.size)
        }

        fn put(&mut self, bytes: &[u8]) -> io::Result<Duration> {
            self.frames.push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(Duration::ZERO)
        }
    }

    fn key(c: char, kind: KeyEventKind) -> Event {
        Event::Key(KeyEvent::new_with_kind(KeyCode::Char(c), KeyModifiers::NONE, kind))
    }

    fn screen(width: u16, height: u16) -> (Screen<Sum, Paper>, Sender<Msg<u32>>) {
        let (sender, inbox) = channel();
        let paper = Paper { size: Size::new(width, height), frames: Vec::new() };
        (Screen::new(Sum::default(), inbox, paper, ScreenOptions { mouse: false }).unwrap(), sender)
    }

    fn frames(screen: &Screen<Sum, Paper>) -> &[String] {
        &screen.terminal.backend().out().frames
    }

    #[test]
    fn what_waits_is_absorbed_before_the_first_frame() {
        let (mut screen, sender) = screen(10, 2);
        for report in 1..=100 {
            sender.send(Msg::Report(report)).unwrap();
        }
        assert!(screen.turn().is_continue());
        assert_eq!(screen.scope.draws.get(), 1);
        assert!(frames(&screen)[0].contains("5050"));
        assert_eq!(screen.scope.events, [Event::Resize(10, 2)], "the size comes before the first frame");
    }

    #[test]
    fn nothing_is_drawn_when_nothing_has_changed() {
        let (mut screen, sender) = screen(10, 2);
        assert!(screen.turn().is_continue());
        for _ in 0..10 {
            sender.send(Msg::Input(key('x', KeyEventKind::Press))).unwrap();
        }
        sender.send(Msg::Quit(15)).unwrap();
        assert_eq!(screen.show(), 143);
        assert_eq!((screen.scope.draws.get(), frames(&screen).len()), (1, 1));
    }

    #[test]
    fn a_change_is_drawn_after_its_time() {
        let (mut screen, sender) = screen(10, 2);
        assert!(screen.turn().is_continue());
        sender.send(Msg::Report(7)).unwrap();
        while screen.scope.draws.get() < 2 {
            assert!(screen.turn().is_continue());
        }
        assert!(frames(&screen)[1].contains('7'));
    }

    #[test]
    fn releases_of_keys_are_not_heard_and_q_is() {
        let (mut screen, sender) = screen(10, 2);
        sender.send(Msg::Input(key('q', KeyEventKind::Release))).unwrap();
        assert!(screen.turn().is_continue());
        sender.send(Msg::Input(key('q', KeyEventKind::Press))).unwrap();
        assert_eq!(screen.show(), 0);
    }

    #[test]
    fn a_terminal_without_a_size_gets_its_frame_once_it_has_one() {
        let (mut screen, sender) = screen(0, 0);
        assert!(screen.turn().is_continue());
        assert_eq!(screen.scope.draws.get(), 0);
        screen.terminal.backend_mut().out_mut().size = Size::new(5, 1);
        for _ in 0..100 {
            sender.send(Msg::Resized).unwrap();
        }
        assert!(screen.turn().is_continue());
        assert_eq!(screen.scope.draws.get(), 1);
        assert_eq!(frames(&screen)[0].matches("\x1b[2J").count(), 1 + 1, "forgotten once, and resized");
        assert_eq!(screen.scope.events, [Event::Resize(0, 0), Event::Resize(5, 1)]);
    }

    #[test]
    fn a_lost_terminal_ends_it() {
        let (mut screen, sender) = screen(10, 2);
        sender.send(Msg::TerminalGone).unwrap();
        assert_eq!(screen.show(), 129);
    }
}
