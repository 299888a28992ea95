//! The line that says what the colours or characters of a scale stand for: both ends, and the middle.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::label::{Label, columns};
use super::value_cell::ValueCell;
use super::{first_row, put};
use crate::number::{exact, fixed};
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};

/// The legend of one scale, in one row.
///
/// ```text
/// orange -1.8 %%==--,, 0 ::++**## +1.8 blue
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Legend {
    /// The scale.
    pub scale: ColorScale,
}

/// The most columns of a side's ramp; the four characters of a side twice.
const SIDE: u16 = 8;

impl Legend {
    /// Draws the line: words, ramp and numbers, then without words, then without ramp, as the room allows.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = first_row(area.intersection(buf.area));
        let (low, middle, high) = self.numbers();
        let (before, after) = self.words(theme);
        let texts = |words: bool| {
            let (before, after) = if words { (before, after) } else { ("", "") };
            [format!("{before}{low} "), format!(" {middle} "), format!(" {high}{after}")]
        };
        let width = |texts: &[String; 3]| texts.iter().map(|text| columns(text)).sum::<u16>();
        let fits = |words: bool, side: u16| width(&texts(words)).saturating_add(2 * side) <= area.width;
        let (words, side) = match (fits(true, 4), fits(false, 1)) {
            (true, _) => (true, (area.width - width(&texts(true))) / 2),
            (_, true) => (false, (area.width - width(&texts(false))) / 2),
            _ => {
                Label::new(&self.short(area.width), theme.faint()).render(area, buf, theme);
                return;
            }
        };
        let side = side.min(SIDE);
        let mut x = area.x;
        for (i, text) in texts(words).iter().enumerate() {
            let rest = Rect { x, width: area.right().saturating_sub(x), ..area };
            x += Label::new(text, theme.faint()).render(rest, buf, theme);
            if i < 2 {
                self.ramp(Rect { x, width: side, ..area }, i == 1, (buf, theme));
                x += side;
            }
        }
    }

    /// The ends alone, rounded to what fits rather than cut.
    fn short(&self, width: u16) -> String {
        let width = usize::from(width);
        match (self.scale, self.scale.ends()) {
            (ColorScale::Signed { .. }, (_, high)) => format!("±{}", fixed(high, width.saturating_sub(2).min(7))),
            (_, (low, high)) => {
                let each = (width.saturating_sub(4) / 2).min(7);
                format!("{} .. {}", fixed(low, each), fixed(high, each))
            }
        }
    }

    fn ramp(&self, area: Rect, upper: bool, (buf, theme): (&mut Buffer, &Theme)) {
        let (low, high) = self.scale.ends();
        for (i, x) in (area.left()..area.right()).enumerate() {
            let share = (i as f64 + 0.5) / f64::from(area.width) / 2.0 + if upper { 0.5 } else { 0.0 };
            let value = low * (1.0 - share) + high * share;
            if theme.ascii || theme.depth == Depth::Mono {
                let cell = ValueCell { value, scale: self.scale, selected: false };
                cell.render(Rect { x, width: 1, ..area }, buf, theme);
            } else {
                put(buf, (x, area.y), ' ', Style::new().bg(theme.value(&self.scale, value)));
            }
        }
    }

    fn numbers(&self) -> (String, String, String) {
        let (low, high) = self.scale.ends();
        match self.scale {
            // Both ends are one number, so they have the same digits.
            ColorScale::Signed { .. } if high > 0.0 && high.is_finite() => {
                (format!("-{}", end(high)), "0".to_string(), format!("+{}", end(high)))
            }
            ColorScale::Signed { .. } => (end(low), "0".to_string(), end(high)),
            ColorScale::Sequential { .. } | ColorScale::Grey { .. } => {
                (end(low), end(low / 2.0 + high / 2.0), end(high))
            }
        }
    }

    /// The names of the ends' colours, for those who can't tell them apart.
    fn words(&self, theme: &Theme) -> (&'static str, &'static str) {
        match (self.scale, theme.depth) {
            (ColorScale::Signed { .. }, Depth::Indexed | Depth::Rgb) => ("orange ", " blue"),
            (ColorScale::Signed { .. }, Depth::Ansi16) => ("yellow ", " blue"),
            _ => ("", ""),
        }
    }
}

/// An end of a scale, which is often round and then has no digits after its last.
fn end(v: f64) -> String {
    let (rounded, exact) = (fixed(v, 7), exact(v));
    if v.is_finite() && v != 0.0 && exact.len() <= rounded.len() { exact } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    fn drawn(scale: ColorScale, width: u16, theme: &Theme) -> String {
        rows(width, 1, theme, &|area, buf, theme| Legend { scale }.render(area, buf, theme)).remove(0)
    }

    #[test]
    fn a_signed_legend_has_both_ends_and_zero() {
        let scale = ColorScale::Signed { limit: 1.8 };
        assert_eq!(drawn(scale, 30, &ASCII), "-1.8 %%==--,, 0 ::++**## +1.8x");
        assert_eq!(drawn(scale, 21, &ASCII), "-1.8 %=-, 0 :+*# +1.8");
        assert_eq!(drawn(scale, 8, &ASCII), "+-1.800x");
        assert_eq!(drawn(scale, 42, &RGB), "orange -1.8          0          +1.8 bluex");
        assert_eq!(drawn(ColorScale::Signed { limit: 1.0 / 3.0 }, 7, &RGB), "±.3333x");
    }

    #[test]
    fn a_sequential_legend_has_its_middle_too() {
        assert_eq!(drawn(ColorScale::Sequential { low: 0.0, high: 1.0 }, 17, &ASCII), "0  .-= 0.5 +*#@ 1");
    }

    #[test]
    fn a_legend_is_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            for value in ODD {
                Legend { scale: ColorScale::Signed { limit: value } }.render(area, buf, theme);
                Legend { scale: ColorScale::Sequential { low: value, high: 1.0 } }.render(area, buf, theme);
            }
        });
    }
}
