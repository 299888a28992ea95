//! The canvas that frames are made on: a frame's bytes are collected, and leave in one piece, or not at all if nothing changed.

use std::fmt::Write as _;
use std::io;
use std::time::{Duration, Instant};

use crossterm::clipboard::CopyToClipboard;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// The terminal holds what follows back (synchronised update), so that half a frame is never seen.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// The frame is whole.
const END: &[u8] = b"\x1b[?2026l";
/// Room for a full frame of a large terminal.
const FRAME: usize = 256 * 1024;

/// Where the bytes of a frame go.
pub(super) trait Output {
    /// Columns and rows.
    fn size(&self) -> io::Result<Size>;
    /// Takes all bytes of a frame.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// The screen's side of the hardware cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cursor {
    Hidden,
    At(Position),
}

/// A backend of ratatui that owns its bytes. Should a panic unwind through it, nothing leaves: a buffered writer would
/// flush half a frame onto the shell's screen when dropped.
pub(super) struct Canvas<O> {
    out: O,
    bytes: Vec<u8>,
    cursor: Cursor,
    /// The cursor as the terminal has it, if that is known.
    shown: Option<Cursor>,
    took: Duration,
}

impl<O: Output> Canvas<O> {
    /// An empty canvas.
    pub(super) fn new(out: O) -> Self {
        Self {
            out,
            bytes: Vec::with_capacity(FRAME),
            cursor: Cursor::Hidden,
            shown: Some(Cursor::Hidden),
            took: Duration::ZERO,
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
            if self.shown != Some(Cursor::Hidden) {
                self.bytes.extend_from_slice(b"\x1b[?25l");
                self.shown = Some(Cursor::Hidden);
            }
        }
    }

    fn wipe(&mut self) {
        self.open();
        self.bytes.extend_from_slice(b"\x1b[0m\x1b[2J");
    }

    fn close(&mut self) {
        if let Cursor::At(Position { x, y }) = self.cursor
            && self.shown != Some(self.cursor)
        {
            let mut show = String::new();
            let _ = write!(show, "\x1b[{};{}H\x1b[?25h", u32::from(y) + 1, u32::from(x) + 1);
            self.bytes.extend_from_slice(show.as_bytes());
        }
        self.shown = Some(self.cursor);
        self.bytes.extend_from_slice(END);
    }
}

impl<O: Output> Backend for Canvas<O> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.open();
        CrosstermBackend::new(&mut self.bytes).draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = Cursor::Hidden;
        Ok(())
    }

    // The place comes with `set_cursor_position`; ratatui calls both or neither.
    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    // The terminal is never asked: its answer would be read by the thread that reads keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(match self.cursor {
            Cursor::Hidden => Position::ORIGIN,
            Cursor::At(position) => position,
        })
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = Cursor::At(position.into());
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
        self.took = Duration::ZERO;
        if self.bytes.is_empty() && self.shown == Some(self.cursor) {
            return Ok(());
        }
        self.open();
        self.close();
        let start = Instant::now();
        let outcome = self.out.put(&self.bytes);
        self.took = start.elapsed();
        self.bytes.clear();
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use ratatui::Terminal;

    use super::*;

    #[derive(Clone, Default)]
    struct Sent(Rc<RefCell<Vec<String>>>);

    impl Output for Sent {
        fn size(&self) -> io::Result<Size> {
            Ok(Size::new(10, 3))
        }

        fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.0.borrow_mut().push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(())
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
