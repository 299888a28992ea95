//! One line of text, spelt for the terminal and cut with an ellipsis to the columns there are.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text;
use crate::theme::Theme;

/// Where in its area a label stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// A text in one style on the first row of its area.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// What it says.
    pub text: &'a str,
    /// How it looks.
    pub style: Style,
    /// Where it stands.
    pub align: Align,
}

impl<'a> Label<'a> {
    /// A text at the left edge.
    pub fn new(text: &'a str, style: Style) -> Self {
        Self { text, style, align: Align::Left }
    }

    /// The same text at the right edge.
    pub fn right(text: &'a str, style: Style) -> Self {
        Self { text, style, align: Align::Right }
    }

    /// Draws the text, in place of what stood there, and returns the columns that it took.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> u16 {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return 0;
        }
        let text = cut(theme, self.text, area.width);
        let width = columns(&text).min(area.width);
        let free = area.width - width;
        let shift = match self.align {
            Align::Left => 0,
            Align::Center => free / 2,
            Align::Right => free,
        };
        let place = Rect { x: area.x + shift, width, height: 1, ..area };
        for x in place.left()..place.right() {
            buf[(x, area.y)].reset();
        }
        buf.set_stringn(area.x + shift, area.y, &text, usize::from(width), self.style);
        width
    }
}

/// The first of several texts, the longest first, that fits in so many columns; the last if none does.
pub fn pick<'t>(texts: &[&'t str], width: u16, theme: &Theme) -> &'t str {
    let fits = |text: &&&str| columns(&theme.spell(text)) <= width;
    texts.iter().find(fits).or(texts.last()).copied().unwrap_or_default()
}

/// The text in lines of at most this width, as `text::wrapped` breaks it.
pub fn wrapped(text: &str, width: u16) -> Vec<String> {
    text::wrapped(text, usize::from(width))
}

/// The columns that `text` takes on the screen.
pub fn columns(text: &str) -> u16 {
    u16::try_from(text::columns(text)).unwrap_or(u16::MAX)
}

/// `text` as `theme` spells it, cut to `width` columns with an ellipsis (`~` in ASCII) at its end.
pub fn cut<'t>(theme: &Theme, text: &'t str, width: u16) -> Cow<'t, str> {
    let mark = if theme.ascii { '~' } else { '…' };
    match theme.spell(text) {
        Cow::Borrowed(text) => text::cut(text, usize::from(width), mark),
        Cow::Owned(text) => Cow::Owned(text::cut(&text, usize::from(width), mark).into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, RGB, at_every_size, rows};

    fn drawn(text: &str, align: Align, theme: &Theme) -> String {
        let label = Label { text, style: Style::new(), align };
        rows(9, 1, theme, &|area, buf, theme| {
            label.render(area, buf, theme);
        })
        .remove(0)
    }

    #[test]
    fn a_label_stands_where_it_is_told() {
        assert_eq!(drawn("abc", Align::Left, &RGB), "abcxxxxxx");
        assert_eq!(drawn("abc", Align::Center, &RGB), "xxxabcxxx");
        assert_eq!(drawn("abc", Align::Right, &RGB), "xxxxxxabc");
    }

    #[test]
    fn a_label_that_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(drawn("0123456789", Align::Left, &RGB), "01234567…");
        assert_eq!(drawn("δ of Θ^(2)", Align::Left, &ASCII), "delta of~");
        assert_eq!(cut(&RGB, "abc", 0), "");
        assert_eq!(cut(&RGB, "数字数字", 4), "数…");
    }

    #[test]
    fn nothing_is_left_of_the_style_below_a_label() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 2, 1));
        Label::new("ab", RGB.selected()).render(buf.area, &mut buf, &RGB);
        Label::new("ab", RGB.text()).render(buf.area, &mut buf, &RGB);
        assert!(buf[(0, 0)].modifier.is_empty());
    }

    #[test]
    fn a_label_is_drawn_at_any_size() {
        for align in [Align::Left, Align::Center, Align::Right] {
            at_every_size(&|area, buf, theme| {
                for text in [
                    "",
                    "δ of Θ^(2), 数字 e\u{301}\t\u{1b}[31m",
                    "long enough to be cut at nearly every width there is",
                ] {
                    Label { text, style: theme.bad(), align }.render(area, buf, theme);
                }
            });
        }
    }
}
