//! The border of a panel, with a title at its left and a remark (scale, quantity) at its right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

use super::label::{Label, columns};
use super::put;
use crate::theme::Theme;

/// Border, title and remark of one panel.
///
/// ```text
/// ╭ 1 network ───────────────────── a ╮   ┏ > 3 weights Θ^(1) 25×65 ━━━━ auto ±1.8 ┓
/// │                                   │   ┃                                       ┃
/// ╰───────────────────────────────────╯   ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// What the panel shows; cut last.
    pub title: &'a str,
    /// Its scale or quantity; left out where the title needs the room.
    pub right: &'a str,
    /// Whether keys go to this panel: a heavy bold border and `>` before the title.
    pub focused: bool,
}

/// Sides, upper corners and lower corners.
struct Lines {
    across: char,
    down: char,
    corners: [char; 4],
}

const LIGHT: Lines = Lines { across: '─', down: '│', corners: ['╭', '╮', '╰', '╯'] };
const HEAVY: Lines = Lines { across: '━', down: '┃', corners: ['┏', '┓', '┗', '┛'] };
const PLAIN: Lines = Lines { across: '-', down: '|', corners: ['+', '+', '+', '+'] };

impl Frame<'_> {
    /// Draws the border and returns the area inside it, which may be empty.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Rect {
        let area = area.intersection(buf.area);
        if area.width < 2 || area.height < 2 {
            self.title(area, buf, theme);
            return Rect { height: 0, ..area };
        }
        self.border(area, buf, theme);
        let top = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
        let taken = self.title(top, buf, theme);
        self.remark(top, taken, (buf, theme));
        Self::inner(area)
    }

    /// The area inside the border of a frame.
    pub fn inner(area: Rect) -> Rect {
        let (width, height) = (area.width.saturating_sub(2), area.height.saturating_sub(2));
        Rect { x: area.x.saturating_add(1), y: area.y.saturating_add(1), width, height }
    }

    /// The same over what was drawn before, of which nothing is left in the area. A wide character that it cuts in two at the left
    /// edge goes, too: half of one would push the border out of its line.
    pub fn render_over(&self, area: Rect, buf: &mut Buffer, theme: &Theme) -> Rect {
        let area = area.intersection(buf.area);
        for row in area.rows() {
            let before = area.x.checked_sub(1).and_then(|x| buf.cell_mut((x, row.y)));
            if let Some(cell) = before.filter(|cell| columns(cell.symbol()) > 1) {
                cell.reset();
            }
        }
        Clear.render(area, buf);
        self.render(area, buf, theme)
    }

    fn border(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let lines = match (theme.ascii, self.focused) {
            (true, _) => PLAIN,
            (false, true) => HEAVY,
            (false, false) => LIGHT,
        };
        let style = if self.focused { theme.border_focused() } else { theme.border() };
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        for x in area.x..=right {
            put(buf, (x, area.y), lines.across, style);
            put(buf, (x, bottom), lines.across, style);
        }
        for y in area.y..=bottom {
            put(buf, (area.x, y), lines.down, style);
            put(buf, (right, y), lines.down, style);
        }
        let [upper_left, upper_right, lower_left, lower_right] = lines.corners;
        put(buf, (area.x, area.y), upper_left, style);
        put(buf, (right, area.y), upper_right, style);
        put(buf, (area.x, bottom), lower_left, style);
        put(buf, (right, bottom), lower_right, style);
    }

    fn title(&self, row: Rect, buf: &mut Buffer, theme: &Theme) -> u16 {
        if self.title.is_empty() && !self.focused {
            return 0;
        }
        let text = format!(" {}{} ", if self.focused { "> " } else { "" }, self.title);
        let style = if self.focused { theme.title_focused() } else { theme.title() };
        // A blank that does not fit is no reason for an ellipsis.
        let text = if columns(&theme.spell(&text)) > row.width { text.trim_end() } else { &text };
        Label::new(text, style).render(row, buf, theme)
    }

    fn remark(&self, row: Rect, taken: u16, (buf, theme): (&mut Buffer, &Theme)) {
        let text = format!(" {} ", self.right);
        let width = columns(&theme.spell(&text));
        // One column of the line is left between them.
        if !self.right.is_empty() && taken.saturating_add(width) < row.width {
            Label::right(&text, theme.faint()).render(row, buf, theme);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, RGB, at_every_size, rows};

    fn drawn(frame: Frame<'_>, width: u16, theme: &Theme) -> Vec<String> {
        rows(width, 3, theme, &|area, buf, theme| {
            frame.render(area, buf, theme);
        })
    }

    #[test]
    fn a_title_stands_left_and_the_scale_right() {
        let frame = Frame { title: "2 δ", right: "±.04", focused: false };
        assert_eq!(drawn(frame, 16, &RGB), ["╭ 2 δ ─── ±.04 ╮", "│xxxxxxxxxxxxxx│", "╰──────────────╯"]);
        assert_eq!(drawn(frame, 20, &ASCII), ["+ 2 delta -- +-.04 +", "|xxxxxxxxxxxxxxxxxx|", "+------------------+"]);
    }

    #[test]
    fn focus_is_a_heavy_border_and_a_mark() {
        let frame = Frame { title: "3 weights", right: "", focused: true };
        assert_eq!(drawn(frame, 18, &RGB), ["┏ > 3 weights ━━━┓", "┃xxxxxxxxxxxxxxxx┃", "┗━━━━━━━━━━━━━━━━┛"]);
        assert_eq!(drawn(frame, 18, &ASCII)[0], "+ > 3 weights ---+");
    }

    #[test]
    fn a_long_title_is_cut_and_the_scale_gives_way() {
        let frame = Frame { title: "1 network  a^(l) of sample 117", right: "a", focused: false };
        assert_eq!(drawn(frame, 16, &RGB)[0], "╭ 1 network  a…╮");
        assert_eq!(drawn(frame, 16, &ASCII)[0], "+ 1 network  a~+");
        assert_eq!(drawn(frame, 33, &RGB)[0], "╭ 1 network  a^(l) of sample 117╮");
    }

    #[test]
    fn the_area_inside_is_what_the_border_leaves() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 10, 5));
        let frame = Frame { title: "t", right: "", focused: false };
        assert_eq!(frame.render(buf.area, &mut buf, &RGB), Rect::new(1, 1, 8, 3));
        assert!(frame.render(Rect::new(0, 0, 10, 1), &mut buf, &RGB).is_empty());
    }

    #[test]
    fn a_frame_over_wide_characters_stays_in_its_line() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 9, 3));
        (0..3).for_each(|y| _ = Label::new("a数字数字", RGB.text()).render(Rect { y, ..buf.area }, &mut buf, &RGB));
        let frame = Frame { title: "", right: "", focused: false };
        frame.render_over(Rect::new(2, 0, 4, 3), &mut buf, &RGB);
        assert_eq!(crate::ui::svg::text(&buf), "a ╭──╮ 字\na │  │ 字\na ╰──╯ 字\n");
    }

    #[test]
    fn a_frame_is_drawn_at_any_size() {
        for focused in [true, false] {
            at_every_size(&|area, buf, theme| {
                let inner = Frame { title: "ΘΘ weights 数字", right: "λ/m ±1.8", focused }.render(area, buf, theme);
                assert_eq!(inner.intersection(area), inner.intersection(buf.area));
            });
        }
    }
}
