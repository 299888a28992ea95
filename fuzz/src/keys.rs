//! What is typed on the screen: bytes become keys, a small trainer obeys the application, and the picture is drawn.

mod run;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::theme::{Depth, MathStyle, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

pub use run::keys;

/// The first byte that is a key without a character; from `PICTURES` on it is a picture at some size, from `BLIND` on a key
/// that comes before the picture which its forerunner asked for.
const CODES: u8 = 0x80;
const PICTURES: u8 = 0xc0;
const BLIND: u8 = 0xd0;

const SIZES: [(u16, u16); 8] = [(80, 24), (120, 40), (60, 16), (40, 10), (3, 2), (0, 0), (200, 60), (1, 300)];
const THEMES: [Theme; 3] = [
    Theme { depth: Depth::Rgb, dark: true, ascii: false, math: MathStyle::Typeset },
    Theme { depth: Depth::Mono, dark: true, ascii: false, math: MathStyle::Typeset },
    Theme { depth: Depth::Ansi16, dark: false, ascii: true, math: MathStyle::Plain },
];

/// What a byte is to the screen.
enum Event {
    /// A key, after a new picture or before it.
    Key { key: KeyEvent, blind: bool },
    /// A picture of this size.
    Picture(Rect),
}

/// What a byte is to the screen: a character, a control character as terminals send it, another key, or a picture.
fn event(byte: u8) -> Event {
    const OTHERS: [KeyCode; 16] = [
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::BackTab,
        KeyCode::F(1),
        KeyCode::Delete,
        KeyCode::Insert,
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Char('é'),
        KeyCode::Char('日'),
    ];
    let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
    let key = match byte {
        b'\n' | b'\r' => plain(KeyCode::Enter),
        b'\t' => plain(KeyCode::Tab),
        0x1b => plain(KeyCode::Esc),
        0x7f => plain(KeyCode::Backspace),
        1..=26 => KeyEvent::new(KeyCode::Char(char::from(byte - 1 + b'a')), KeyModifiers::CONTROL),
        ..CODES => plain(KeyCode::Char(char::from(byte))),
        CODES..PICTURES => KeyEvent::new(
            OTHERS[usize::from(byte & 15)],
            [KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::ALT, KeyModifiers::CONTROL]
                [usize::from(byte >> 4 & 3)],
        ),
        PICTURES..BLIND => {
            let (width, height) = SIZES[usize::from(byte & 7)];
            return Event::Picture(Rect::new(0, 0, width, height));
        }
        BLIND.. => {
            let code = [KeyCode::Char(' '), KeyCode::Enter, KeyCode::Esc, KeyCode::Char('b')];
            return Event::Key { key: plain(code[usize::from(byte & 3)]), blind: true };
        }
    };
    Event::Key { key, blind: false }
}

/// Draws a view and asserts that no cell would move the terminal's cursor elsewhere.
fn draw(view: impl Widget, area: Rect) {
    let mut buf = Buffer::empty(area);
    view.render(area, &mut buf);
    assert!(buf.content.iter().all(|cell| !cell.symbol().chars().any(char::is_control)));
}
