//! One number as one coloured cell of a matrix or a strip, with its sign or the number itself where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::put;
use crate::number::tiny;
use crate::theme::values::{ColorScale, sequential_glyph, signed_glyph};
use crate::theme::{Depth, Theme};

/// The columns from which a cell shows its number.
pub const NUMBER_WIDTH: u16 = 5;

/// A number on a scale, in an area of one row and any width.
///
/// It is coloured, and without colour a character of the scale's ramp. `!` is what is not finite, `^` above the
/// scale, `v` below it.
#[derive(Clone, Copy, Debug)]
pub struct ValueCell {
    /// The number.
    pub value: f64,
    /// What its colour stands for.
    pub scale: ColorScale,
    /// Whether the cursor is on it: brackets, or reversed where they don't fit.
    pub selected: bool,
}

impl ValueCell {
    /// Draws the cell over the first row of `area`.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let style = self.style(area.width, theme);
        let mut text = self.text(area.width, theme);
        if self.selected {
            self.mark(&mut text, theme);
        }
        for (x, c) in (area.x..area.right()).zip(text) {
            put(buf, (x, area.y), c, style);
        }
    }

    fn style(&self, width: u16, theme: &Theme) -> Style {
        if !self.value.is_finite() {
            return theme.not_finite();
        }
        let back = theme.value(&self.scale, self.value);
        let quiet = width < NUMBER_WIDTH && !self.selected && !by_ramp(theme) && !self.scale.clips(self.value);
        let ink = if quiet { theme.quiet_ink_on(back) } else { theme.ink_on(back) };
        let style = Style::new().fg(ink).bg(back);
        match self.selected {
            true if width == 1 || (width == 2 && by_ramp(theme)) => {
                style.add_modifier(Modifier::BOLD | Modifier::REVERSED)
            }
            true => style.add_modifier(Modifier::BOLD),
            false => style,
        }
    }

    /// One character for each column.
    fn text(&self, width: u16, theme: &Theme) -> Vec<char> {
        let width = usize::from(width);
        if width >= usize::from(NUMBER_WIDTH) {
            let number = format!("{:>5}", tiny(self.value));
            let mut text: Vec<char> = number.chars().collect();
            text.resize(width, ' ');
            return text;
        }
        let glyph = self.glyph(theme);
        if by_ramp(theme) && glyph != '!' {
            return vec![glyph; width];
        }
        let mut text = vec![' '; width];
        text[width / 2] = glyph;
        text
    }

    fn glyph(&self, theme: &Theme) -> char {
        let Some(step) = self.scale.step(self.value) else { return '!' };
        if self.scale.clips(self.value) {
            return if self.value > self.scale.ends().1 { '^' } else { 'v' };
        }
        match self.scale {
            ColorScale::Signed { .. } if by_ramp(theme) => signed_glyph(step),
            ColorScale::Signed { .. } if step == 0 => ' ',
            ColorScale::Signed { .. } => ['-', '+'][usize::from(step > 0)],
            ColorScale::Sequential { .. } | ColorScale::Grey { .. } if by_ramp(theme) => sequential_glyph(step),
            ColorScale::Sequential { .. } | ColorScale::Grey { .. } => ' ',
        }
    }

    fn mark(&self, text: &mut [char], theme: &Theme) {
        let last = text.len() - 1;
        let (open, close) = match text.len() {
            1 => return,
            2 if by_ramp(theme) || !self.value.is_finite() => return,
            5 => ('>', text[last]),
            _ => ('[', ']'),
        };
        text[0] = open;
        text[last] = close;
    }
}

/// Whether size has to be told by characters.
fn by_ramp(theme: &Theme) -> bool {
    theme.ascii || theme.depth == Depth::Mono
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;
    use crate::ui::widgets::trial::{MONO, ODD, RGB, at_every_size, rows};

    fn drawn(value: f64, width: u16, selected: bool, theme: &Theme) -> String {
        let cell = ValueCell { value, scale: ColorScale::Signed { limit: 1.0 }, selected };
        rows(width, 1, theme, &|area, buf, theme| cell.render(area, buf, theme)).remove(0)
    }

    #[test]
    fn a_wide_cell_has_its_number_and_a_narrow_one_its_sign() {
        assert_eq!(drawn(-0.42, 6, false, &RGB), " -.42 ");
        assert_eq!(drawn(-0.42, 5, false, &RGB), " -.42");
        assert_eq!(drawn(-0.42, 3, false, &RGB), " - ");
        assert_eq!(drawn(0.42, 2, false, &RGB), " +");
        assert_eq!(drawn(0.0, 1, false, &RGB), " ");
    }

    #[test]
    fn without_colour_sign_and_size_are_characters() {
        let ramp = |sign: f64| (0..=4).map(|i| drawn(sign * f64::from(i) / 4.0, 1, false, &MONO)).collect::<String>();
        assert_eq!(ramp(1.0), ".:+*#");
        assert_eq!(ramp(-1.0), ".,-=%");
        assert_eq!(drawn(-0.6, 2, false, &MONO), "==");
    }

    #[test]
    fn what_the_scale_cannot_show_has_a_mark() {
        assert_eq!(drawn(1.2, 1, false, &MONO), "^");
        assert_eq!(drawn(-1.2, 1, false, &RGB), "v");
        assert_eq!(drawn(f64::NAN, 3, false, &RGB), " ! ");
        assert_eq!(drawn(f64::INFINITY, 6, false, &RGB), " +inf ");
    }

    #[test]
    fn the_selected_cell_is_in_brackets_or_reversed() {
        assert_eq!(drawn(-0.42, 6, true, &RGB), "[-.42]");
        assert_eq!(drawn(-0.42, 5, true, &RGB), ">-.42");
        assert_eq!(drawn(-0.42, 3, true, &RGB), "[-]");
        assert_eq!(drawn(-0.42, 2, true, &RGB), "[]");
        let mut buf = Buffer::empty(Rect::new(0, 0, 2, 1));
        ValueCell { value: -0.42, scale: ColorScale::Signed { limit: 1.0 }, selected: true }
            .render(buf.area, &mut buf, &MONO);
        assert_eq!(buf[(1, 0)].symbol(), "-");
        assert!(buf[(1, 0)].modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn what_is_not_finite_never_has_the_colour_of_a_number() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 2, 1));
        ValueCell { value: f64::NAN, scale: ColorScale::Signed { limit: 1.0 }, selected: false }
            .render(buf.area, &mut buf, &RGB);
        assert_eq!((buf[(0, 0)].bg, buf[(0, 0)].modifier.contains(Modifier::REVERSED)), (Color::Reset, true));
    }

    #[test]
    fn any_number_is_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            for value in ODD {
                for scale in [ColorScale::Signed { limit: 1.0 }, ColorScale::Sequential { low: 0.0, high: f64::NAN }] {
                    ValueCell { value, scale, selected: value > 0.0 }.render(area, buf, theme);
                }
            }
        });
    }
}
