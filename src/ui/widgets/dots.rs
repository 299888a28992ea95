//! A canvas of dots, 2 × 4 in each cell: braille, or one character a cell in ASCII; for edges and curves.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::theme::Theme;

/// What a dot or a line is drawn with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Colour and modifiers of the cells that it has.
    pub style: Style,
    /// The character of its cells in ASCII.
    pub glyph: char,
    /// A cell shows the dots of the strongest ink in it alone; equals share it in the colour of the later.
    pub strength: u8,
    /// Whether a line has gaps, to tell it from another kind without colour.
    pub dashed: bool,
}

/// Dots of several inks, addressed in dots from the upper left corner: x from 0 to 2 × width, y from 0 to 4 × height.
#[derive(Clone, Debug)]
pub struct Dots {
    width: u16,
    height: u16,
    cells: Vec<Option<Marked>>,
}

#[derive(Clone, Copy, Debug)]
struct Marked {
    bits: u8,
    ink: Ink,
}

/// Bit of each dot of a braille cell, `BITS[row][column]`.
const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Dots from one dash to the next.
const DASH: u32 = 5;

/// Beyond this a line's slope no longer matters; nearer, no product overflows.
const FAR: f64 = 1e9;

impl Dots {
    /// An empty canvas of `width` × `height` cells.
    pub fn new(width: u16, height: u16) -> Self {
        Self { width, height, cells: vec![None; usize::from(width) * usize::from(height)] }
    }

    /// Width and height in dots.
    pub fn size(&self) -> (f64, f64) {
        (f64::from(self.width) * 2.0, f64::from(self.height) * 4.0)
    }

    /// How many cells have a dot.
    pub fn cells_touched(&self) -> usize {
        self.cells.iter().flatten().count()
    }

    /// Sets the dot at `at`, if it is on the canvas.
    pub fn dot(&mut self, at: (f64, f64), ink: Ink) {
        let (width, height) = self.size();
        // Not a number compares as outside.
        if !(at.0 >= 0.0 && at.0 < width && at.1 >= 0.0 && at.1 < height) {
            return;
        }
        let (x, y) = (at.0 as usize, at.1 as usize);
        let cell = &mut self.cells[y / 4 * usize::from(self.width) + x / 2];
        let bit = BITS[y % 4][x % 2];
        *cell = Some(match *cell {
            Some(old) if old.ink.strength > ink.strength => old,
            Some(old) if old.ink.strength == ink.strength => Marked { bits: old.bits | bit, ink },
            _ => Marked { bits: bit, ink },
        });
    }

    /// Draws a straight line, as far as it is on the canvas; nothing if an end is not a number.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Ink) {
        let Some((from, to)) = self.clipped(from, to) else { return };
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = dx.abs().max(dy.abs()).ceil().max(1.0);
        let drawn = |i: &u32| !ink.dashed || i % DASH < DASH / 2 + 1;
        for i in (0..=steps as u32).filter(drawn) {
            let t = f64::from(i) / steps;
            self.dot((from.0 + dx * t, from.1 + dy * t), ink);
        }
    }

    /// The part of a line that is on the canvas, by the parameter at which it enters and leaves each edge (Liang and Barsky).
    fn clipped(&self, from: (f64, f64), to: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
        if from.0.is_nan() || from.1.is_nan() || to.0.is_nan() || to.1.is_nan() {
            return None;
        }
        let near = |p: (f64, f64)| (p.0.clamp(-FAR, FAR), p.1.clamp(-FAR, FAR));
        let (from, to) = (near(from), near(to));
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (width, height) = self.size();
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [(-dx, from.0), (dx, width - from.0), (-dy, from.1), (dy, height - from.1)] {
            if step == 0.0 && room < 0.0 {
                return None;
            }
            let t = room / step;
            if step < 0.0 {
                enter = enter.max(t);
            } else if step > 0.0 {
                leave = leave.min(t);
            }
        }
        let point = |t: f64| (from.0 + dx * t, from.1 + dy * t);
        (enter <= leave).then(|| (point(enter), point(leave)))
    }

    /// Draws the cells that have a dot, each in its ink, over what stands in `area`; other cells stay as they are.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        for row in 0..self.height.min(area.height) {
            for column in 0..self.width.min(area.width) {
                let Some(marked) = self.cells[usize::from(row) * usize::from(self.width) + usize::from(column)] else {
                    continue;
                };
                let braille = char::from_u32(0x2800 + u32::from(marked.bits)).expect("eight bits name a braille sign");
                let symbol = if theme.ascii { marked.ink.glyph } else { braille };
                if let Some(cell) = buf.cell_mut((area.x.saturating_add(column), area.y.saturating_add(row))) {
                    cell.set_char(symbol).set_style(marked.ink.style);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    const STAR: Ink = Ink { style: Style::new(), glyph: '*', strength: 1, dashed: false };
    const DOT: Ink = Ink { style: Style::new(), glyph: '.', strength: 0, dashed: false };

    #[test]
    fn a_diagonal_goes_from_corner_to_corner() {
        let mut dots = Dots::new(4, 2);
        dots.line((0.0, 0.0), (7.0, 7.0), STAR);
        assert_eq!(rows(4, 2, &RGB, &|area, buf, theme| dots.render(area, buf, theme)), ["⠑⢄xx", "xx⠑⢄"]);
        assert_eq!(rows(4, 2, &ASCII, &|area, buf, theme| dots.render(area, buf, theme)), ["**xx", "xx**"]);
    }

    #[test]
    fn the_stronger_ink_has_the_cell_and_the_later_of_equals() {
        let mut dots = Dots::new(3, 1);
        dots.line((0.0, 0.0), (5.0, 0.0), STAR);
        dots.line((0.0, 3.0), (1.0, 3.0), DOT);
        dots.dot((4.0, 1.0), Ink { glyph: 'o', ..STAR });
        assert_eq!(rows(3, 1, &ASCII, &|area, buf, theme| dots.render(area, buf, theme)), ["**o"]);
        assert_eq!(rows(3, 1, &RGB, &|area, buf, theme| dots.render(area, buf, theme)), ["⠉⠉⠋"]);
        assert_eq!(dots.cells_touched(), 3);
    }

    #[test]
    fn a_dashed_line_has_gaps() {
        let mut dots = Dots::new(5, 1);
        dots.line((0.0, 3.0), (9.0, 3.0), Ink { dashed: true, ..STAR });
        assert_eq!(rows(5, 1, &RGB, &|area, buf, theme| dots.render(area, buf, theme)), ["⣀⡀⢀⣀x"]);
    }

    #[test]
    fn the_background_under_a_dot_stays() {
        let mut dots = Dots::new(1, 1);
        dots.dot((0.0, 0.0), STAR);
        let mut buf = Buffer::empty(Rect::new(0, 0, 1, 1));
        buf.set_style(buf.area, Style::new().bg(Color::Blue));
        dots.render(buf.area, &mut buf, &RGB);
        assert_eq!((buf[(0, 0)].symbol(), buf[(0, 0)].bg), ("⠁", Color::Blue));
    }

    #[test]
    fn only_the_part_on_the_canvas_is_drawn() {
        let mut dots = Dots::new(3, 1);
        dots.line((-1e308, 2.0), (1e308, 2.0), STAR);
        dots.line((f64::NAN, 0.0), (3.0, 0.0), STAR);
        dots.line((0.0, -9.0), (9.0, -9.0), STAR);
        assert_eq!(rows(3, 1, &RGB, &|area, buf, theme| dots.render(area, buf, theme)), ["⠤⠤⠤"]);
    }

    #[test]
    fn any_line_is_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            let mut dots = Dots::new(area.width, area.height);
            for (i, &x) in ODD.iter().enumerate() {
                dots.line((x, ODD[(i + 5) % ODD.len()]), (ODD[(i + 3) % ODD.len()], x * 3.0), STAR);
                dots.dot((x, x), DOT);
            }
            dots.render(area, buf, theme);
        });
    }
}
