//! How the widgets are tested: on a buffer of `x`, at every size, in every theme.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use crate::theme::{Depth, MathStyle, Theme};

/// Dark, in 24 bits and with every character.
pub const RGB: Theme = Theme { depth: Depth::Rgb, dark: true, ascii: false, math: MathStyle::Plain };

/// Without colour, with every character.
pub const MONO: Theme = Theme { depth: Depth::Mono, dark: true, ascii: false, math: MathStyle::Plain };

/// Without colour and in ASCII: what is on the screen is all in its text.
pub const ASCII: Theme = Theme { depth: Depth::Mono, dark: true, ascii: true, math: MathStyle::Plain };

/// A widget's drawing.
pub type DrawWidget<'a> = &'a dyn Fn(Rect, &mut Buffer, &Theme);

/// Numbers that have broken widgets before.
pub const ODD: [f64; 12] =
    [0.0, -0.0, 1.0, -0.4, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1e308, 5e-324, 0.03, 12345.0];

/// What a drawing leaves on a buffer of `x`, row by row.
pub fn rows(width: u16, height: u16, theme: &Theme, draw: DrawWidget<'_>) -> Vec<String> {
    let mut buf = Buffer::filled(Rect::new(0, 0, width, height), Cell::new("x"));
    draw(buf.area, &mut buf, theme);
    text(&buf)
}

/// The characters of a buffer, row by row.
pub fn text(buf: &Buffer) -> Vec<String> {
    let row = |y| (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
    (0..buf.area.height).map(row).collect()
}

/// Draws at sizes 0 × 0 to 60 × 20 and at large ones, and fails where the drawing leaves its area, its alphabet or its colours.
pub fn at_every_size(draw: DrawWidget<'_>) {
    let small = (0..=60).flat_map(|width| (0..=20).map(move |height| (width, height)));
    let themes = [RGB, ASCII, Theme { depth: Depth::Ansi16, dark: false, ascii: false, math: MathStyle::Plain }];
    for (i, (width, height)) in small.chain([(300, 100), (300, 1), (1, 100)]).enumerate() {
        stays_inside(width, height, &themes[i % 3], draw);
        if (width * height).is_multiple_of(7) {
            stays_inside(width, height, &MONO, draw);
            stays_inside(width, height, &ASCII, draw);
        }
    }
    // An area that the buffer does not have: what is there is drawn, the rest is cut.
    let mut buf = Buffer::empty(Rect::new(3, 3, 10, 4));
    for area in
        [Rect::new(0, 0, 40, 20), Rect::new(8, 5, 40, 20), Rect::new(60, 60, 9, 9), Rect::new(65530, 65530, 9, 9)]
    {
        draw(area, &mut buf, &RGB);
        draw(area, &mut buf, &ASCII);
    }
}

fn stays_inside(width: u16, height: u16, theme: &Theme, draw: DrawWidget<'_>) {
    let untouched = Cell::new("x");
    let area = Rect::new(2, 1, width, height);
    let mut buf = Buffer::filled(Rect::new(0, 0, width + 4, height + 2), untouched.clone());
    draw(area, &mut buf, theme);
    for y in 0..buf.area.height {
        for x in 0..buf.area.width {
            let cell = &buf[(x, y)];
            if !area.contains(Position::new(x, y)) {
                assert_eq!(*cell, untouched, "{width}x{height} {theme:?}: cell {x},{y} is outside");
            }
            assert!(!theme.ascii || cell.symbol().is_ascii(), "{width}x{height}: {:?} in ASCII", cell.symbol());
            let plain = cell.fg == Color::Reset && cell.bg == Color::Reset;
            assert!(theme.depth > Depth::Mono || plain, "{width}x{height}: colour without colour at {x},{y}");
        }
    }
}
