//! Frames on a link that takes fewer bytes than they have: tests.

use std::io;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::layout::{Rect, Size};
use ratatui::style::Color;

use super::tests::Sent;
use super::{Canvas, FrameWriter, PIECE};

/// A link of so many bytes a second, which knows no clock.
#[derive(Clone)]
struct SlowLink(Sent, usize);

impl FrameWriter for SlowLink {
    fn size(&self) -> io::Result<Size> {
        Ok(Size::new(200, 50))
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<Duration> {
        self.0.put(bytes)?;
        Ok(Duration::from_secs_f64(bytes.len() as f64 / self.1 as f64))
    }
}

/// Draws a picture with a number beside it, in colours that change with every frame.
fn draw_picture(terminal: &mut Terminal<Canvas<SlowLink>>, turn: u8) {
    let draw = |frame: &mut ratatui::Frame<'_>| {
        let area = frame.area();
        for at in area.positions().filter(|at| at.y < 49) {
            let colour = |shift: u16| Color::Rgb(turn, (at.x * shift) as u8, at.y as u8);
            frame.buffer_mut()[at].set_symbol("▀").set_fg(colour(3)).set_bg(colour(5));
        }
        frame.render_widget(format!("number {turn}"), Rect::new(100, 49, 20, 1));
    };
    let _ = terminal.draw(draw).unwrap();
}

#[test]
fn a_slow_link_gets_a_tenth_of_a_second_of_a_frame_and_the_rest_with_the_next_ones() {
    let (sent, rate) = (Sent::default(), 100_000);
    let mut terminal = Terminal::new(Canvas::new(SlowLink(sent.clone(), rate))).unwrap();
    let mut screen = vt100::Parser::new(50.try_into().unwrap(), 200.try_into().unwrap(), 0);
    let mut frame = |turn| {
        draw_picture(&mut terminal, turn);
        let bytes = sent.0.borrow_mut().drain(..).collect::<String>();
        // A piece more at most than what the link takes in that time.
        assert!(bytes.len() < rate / 10 + 2 * PIECE, "{}", bytes.len());
        screen.process(bytes.as_bytes());
        (bytes, screen.screen().contents(), terminal.backend().is_behind())
    };
    assert!(frame(1).2, "more than a frame takes");
    // The numbers come first, in a bracket of their own, however much of the picture is pending.
    let (bytes, contents, _) = frame(2);
    assert!(contents.contains("number 2"));
    assert_eq!(bytes.matches("\x1b[?2026h").count(), 2);
    assert!(bytes.find("number").unwrap() < bytes.find("\x1b[?2026l").unwrap());
    let frames = (0..100).take_while(|_| frame(2).2).count();
    assert!((5..60).contains(&frames), "{frames}");
    // What arrived in pieces is what would have arrived whole.
    let mut whole = Terminal::new(Canvas::new(SlowLink(Sent::default(), usize::MAX))).unwrap();
    draw_picture(&mut whole, 2);
    let mut other = vt100::Parser::new(50.try_into().unwrap(), 200.try_into().unwrap(), 0);
    other.process(whole.backend().out().0.0.borrow().concat().as_bytes());
    let cells = |parser: &vt100::Parser| {
        let at = |row, column| parser.screen().cell(row, column).unwrap().clone();
        (0..50).flat_map(|row| (0..200).map(move |column| (row, column))).map(|(r, c)| at(r, c)).collect::<Vec<_>>()
    };
    assert!(cells(&screen) == cells(&other));
}

#[test]
fn what_is_wiped_is_not_owed() {
    let mut terminal = Terminal::new(Canvas::new(SlowLink(Sent::default(), 1000))).unwrap();
    draw_picture(&mut terminal, 1);
    assert!(terminal.backend().is_behind());
    terminal.backend_mut().forget();
    assert!(!terminal.backend().is_behind());
}
