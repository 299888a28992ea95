//! The canvas that frames are made on: what has changed leaves in one bracket, as much of it as the link takes within a moment.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::pending_cells::PendingCells;

/// The terminal holds what follows back (synchronised update), so that half a frame is never seen.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// The frame is whole.
const END: &[u8] = b"\x1b[?2026l";
/// The bytes that are handed over at once.
const PIECE: usize = 4 * 1024;
/// The cells whose bytes are made at once.
const GROUP: usize = 128;
/// So few cells fit in any link's frame, and leave in their order.
const FEW: usize = 4 * GROUP;
/// A frame that takes longer to leave says that the link is slow.
const SLOW: Duration = Duration::from_millis(50);
/// What has not left by then is pending, and leaves with the next frames.
const FILL: Duration = Duration::from_millis(100);
/// More bytes than these that leave in no time say that the link has recovered; fewer may only wait in the system's buffers.
const EVIDENCE: usize = 32 * 1024;

/// Where the bytes of a frame go.
pub(super) trait FrameWriter {
    /// Columns and rows.
    fn size(&self) -> io::Result<Size>;
    /// Takes all these bytes; says how long that took.
    fn put(&mut self, bytes: &[u8]) -> io::Result<Duration>;
}

/// The screen's side of the hardware cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ShownCursor {
    Hidden,
    At(Position),
}

/// A backend of ratatui that owns its bytes. Should a panic unwind through it, nothing leaves: a buffered writer would
/// flush half a frame onto the shell's screen when dropped.
pub(super) struct Canvas<O> {
    out: O,
    bytes: Vec<u8>,
    pending: PendingCells,
    cursor: ShownCursor,
    /// The cursor as the terminal has it, if that is known.
    shown: Option<ShownCursor>,
    /// How long the last frame's bytes took to leave, and how many they were.
    took: Duration,
    sent: usize,
    /// Whether the link is slow.
    slow: bool,
}

impl<O: FrameWriter> Canvas<O> {
    /// An empty canvas.
    pub(super) fn new(out: O) -> Self {
        Self {
            out,
            bytes: Vec::with_capacity(2 * PIECE),
            pending: PendingCells::default(),
            cursor: ShownCursor::Hidden,
            shown: Some(ShownCursor::Hidden),
            took: Duration::ZERO,
            sent: 0,
            slow: false,
        }
    }

    /// Where frames go.
    #[cfg(test)]
    pub(super) fn out(&self) -> &O {
        &self.out
    }

    /// Where frames go, to be changed.
    #[cfg(test)]
    pub(super) fn out_mut(&mut self) -> &mut O {
        &mut self.out
    }

    /// How long the last frame's bytes took to leave.
    pub(super) fn took(&self) -> Duration {
        self.took
    }

    /// Whether the terminal has yet to get some of the last frame.
    pub(super) fn is_behind(&self) -> bool {
        !self.pending.cells().is_empty()
    }

    /// There is no terminal that anything could be pending for.
    pub(super) fn give_up(&mut self) {
        self.pending.forget();
    }

    /// Nothing is known of the terminal's picture; the next frame wipes it first.
    pub(super) fn forget(&mut self) {
        self.shown = None;
        self.wipe();
    }

    /// Hands a text to the terminal's clipboard, with the next frame.
    pub(super) fn copy(&mut self, text: &str) {
        self.open();
        // Bytes in memory are always written.
        let _ = crossterm::queue!(self.bytes, CopyToClipboard::to_clipboard_from(text));
    }

    /// Bytes follow: opens the frame's bracket, and hides a cursor that would be seen running about.
    fn open(&mut self) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(BEGIN);
            if self.shown != Some(ShownCursor::Hidden) {
                self.bytes.extend_from_slice(b"\x1b[?25l");
                self.shown = Some(ShownCursor::Hidden);
            }
        }
    }

    fn wipe(&mut self) {
        self.pending.forget();
        self.open();
        self.bytes.extend_from_slice(b"\x1b[0m\x1b[2J");
    }

    fn close(&mut self) {
        if let ShownCursor::At(Position { x, y }) = self.cursor
            && self.shown != Some(self.cursor)
        {
            let mut show = String::new();
            let _ = write!(show, "\x1b[{};{}H\x1b[?25h", u32::from(y) + 1, u32::from(x) + 1);
            self.bytes.extend_from_slice(show.as_bytes());
        }
        self.shown = Some(self.cursor);
        self.bytes.extend_from_slice(END);
    }

    /// Sends what is pending for as long as a frame may take. On a slow link the numbers have a bracket of their own, so that they are
    /// seen before the pictures have come.
    fn send(&mut self) -> io::Result<()> {
        let all = self.pending.cells().len();
        let numbers = if self.slow && all > FEW { self.pending.numbers_first() } else { all };
        let mut at = 0;
        self.open();
        while at < all && self.took <= FILL {
            if at == numbers && at > 0 {
                self.close();
                self.put()?;
                self.open();
            }
            let end = all.min(at + GROUP).min(if at < numbers { numbers } else { all });
            let group = self.pending.cells()[at..end].iter().map(|(x, y, cell)| (*x, *y, cell));
            CrosstermBackend::new(&mut self.bytes).draw(group)?;
            at = end;
            if self.bytes.len() >= PIECE {
                self.put()?;
            }
        }
        self.pending.sent(at);
        self.close();
        self.put()
    }

    fn put(&mut self) -> io::Result<()> {
        self.took += self.out.put(&self.bytes)?;
        self.sent += self.bytes.len();
        self.bytes.clear();
        Ok(())
    }
}

impl<O: FrameWriter> Backend for Canvas<O> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.pending.add(content);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = ShownCursor::Hidden;
        Ok(())
    }

    // The place comes with `set_cursor_position`; ratatui calls both or neither.
    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    // The terminal is never asked: its answer would be read by the thread that reads keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(match self.cursor {
            ShownCursor::Hidden => Position::ORIGIN,
            ShownCursor::At(position) => position,
        })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = ShownCursor::At(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.wipe();
        Ok(())
    }

    // Only asked for when the size changes; then all of it is drawn anew.
    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        self.wipe();
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        self.out.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.out.size()?, pixels: Size::ZERO })
    }

    // The end of a frame.
    fn flush(&mut self) -> io::Result<()> {
        (self.took, self.sent) = (Duration::ZERO, 0);
        if self.bytes.is_empty() && !self.is_behind() && self.shown == Some(self.cursor) {
            return Ok(());
        }
        let outcome = self.send();
        self.slow = self.took > SLOW || self.slow && self.sent < EVIDENCE;
        outcome
    }
}

#[cfg(test)]
mod slow_link;

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use ratatui::Terminal;

    use super::*;

    #[derive(Clone, Default)]
    pub(super) struct Sent(pub(super) Rc<RefCell<Vec<String>>>);

    impl FrameWriter for Sent {
        fn size(&self) -> io::Result<Size> {
            Ok(Size::new(10, 3))
        }

        fn put(&mut self, bytes: &[u8]) -> io::Result<Duration> {
            self.0.borrow_mut().push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(Duration::ZERO)
        }
    }

    fn draw(terminal: &mut Terminal<Canvas<Sent>>, text: &str, cursor: Option<(u16, u16)>) {
        let _ = terminal
            .draw(|frame| {
                frame.render_widget(text, frame.area());
                if let Some(place) = cursor {
                    frame.set_cursor_position(place);
                }
            })
            .unwrap();
    }

    #[test]
    fn a_text_for_the_clipboard_leaves_with_the_next_frame() {
        let sent = Sent::default();
        let mut terminal = Terminal::new(Canvas::new(sent.clone())).unwrap();
        terminal.backend_mut().copy("δ");
        draw(&mut terminal, "abc", None);
        assert!(sent.0.borrow()[0].contains("\x1b]52;c;zrQ="), "{:?}", sent.0.borrow());
    }

    #[test]
    fn a_frame_leaves_in_one_piece_between_its_brackets() {
        let sent = Sent::default();
        draw(&mut Terminal::new(Canvas::new(sent.clone())).unwrap(), "abc", None);
        let frames = sent.0.borrow();
        assert_eq!(frames.len(), 1);
        assert!(
            frames[0].starts_with("\x1b[?2026h") && frames[0].ends_with("\x1b[?2026l") && frames[0].contains("abc")
        );
    }

    #[test]
    fn an_unchanged_frame_sends_nothing_at_all() {
        let sent = Sent::default();
        let mut terminal = Terminal::new(Canvas::new(sent.clone())).unwrap();
        for cursor in [None, None, Some((1, 2)), Some((1, 2)), Some((0, 0)), None, None] {
            draw(&mut terminal, "abc", cursor);
        }
        let frames = sent.0.borrow();
        assert_eq!(frames.len(), 4, "{frames:?}");
        assert!(frames[1].contains("\x1b[3;2H\x1b[?25h"));
        assert!(frames[3].contains("\x1b[?25l"));
    }

    #[test]
    fn a_forgotten_picture_is_wiped_and_drawn_whole() {
        let sent = Sent::default();
        let mut terminal = Terminal::new(Canvas::new(sent.clone())).unwrap();
        draw(&mut terminal, "abc", Some((1, 1)));
        terminal.backend_mut().forget();
        terminal.swap_buffers();
        draw(&mut terminal, "abc", Some((1, 1)));
        let frames = sent.0.borrow();
        assert_eq!(frames.len(), 2);
        assert!(frames[1].contains("\x1b[2J") && frames[1].contains("abc") && frames[1].contains("\x1b[2;2H"));
    }

    #[test]
    fn a_dropped_canvas_sends_nothing() {
        let sent = Sent::default();
        let mut canvas = Canvas::new(sent.clone());
        canvas.forget();
        drop(canvas);
        assert!(sent.0.borrow().is_empty());
    }
}
