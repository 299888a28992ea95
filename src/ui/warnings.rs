//! The warnings about the data and the weights: a line that is shown until they are read, and the list that can be opened again.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::table::TableRows;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, pick};
use super::widgets::list::{List, ListPosition};
use crate::theme::Theme;
use crate::view::Warnings;

/// The keys that matter while the list is open.
pub fn keys(warnings: &Warnings) -> &'static str {
    if warnings.said.len() > 1 { "! or Esc back  j k row  Space run/pause" } else { "! or Esc back  Space run/pause" }
}

/// The row that unread warnings have above the footer, and what it leaves of the body.
pub fn place(warnings: &Warnings, body: Rect) -> (Rect, Rect) {
    let rows = u16::from(warnings.unread && body.height > 1);
    let [body, row] = body.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]));
    (body, row)
}

/// ```text
///  ! 2 warnings: features that only count the rows: x3                  ! shows them
/// ```
pub fn draw_row(warnings: &Warnings, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let Some(first) = warnings.said.first().filter(|_| !area.is_empty()) else { return };
    let line = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), height: 1, ..area };
    let (count, key) = match warnings.said.len() {
        1 => ("warning".to_string(), "! shows it"),
        count => (format!("{count} warnings"), "! shows them"),
    };
    let used = Label::right(key, theme.key()).render(line, buf, theme).saturating_add(2);
    let left = Rect { width: line.width.saturating_sub(used), ..line };
    let (full, brief) = (format!("! {count}: {first}"), format!("! {count}"));
    // As much of the first one as there is room for, unless that is next to nothing.
    let text = if left.width < 24 { pick(&[&full, &brief], left.width, theme) } else { &full };
    Label::new(text, theme.warn()).render(left, buf, theme);
}

/// ```text
/// +- > warnings about the data and the weights ----------- Esc back -+
/// | > features that only count the rows: x3                           |
/// | ! 4 rows with a missing value are left out                       |
/// +------------------------------------------------------------------+
/// ```
pub fn draw((warnings, chosen): (&Warnings, usize), (area, buf): (Rect, &mut Buffer), theme: &Theme) {
    let title = "warnings about the data and the weights";
    let inner = Frame { title, right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    if warnings.said.is_empty() {
        return rows.line("there are none", theme.faint());
    }
    let mark = |index: usize| if index == chosen { ">" } else { "!" };
    let texts: Vec<String> =
        warnings.said.iter().enumerate().map(|(index, said)| format!("{} {said}", mark(index))).collect();
    let heights: Vec<u16> =
        texts.iter().map(|text| u16::try_from(rows.lines(text).len()).unwrap_or(u16::MAX)).collect();
    let list = List {
        len: texts.len(),
        rows: &|index| heights[index],
        at: ListPosition::Cursor(chosen),
        size: None,
        part: None,
    };
    rows.list(&list, 0, &mut |index, rows| {
        rows.paragraph(&texts[index], if index == chosen { theme.key() } else { theme.text() });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::Direction;
    use crate::ui::widgets::trial::{ASCII, RGB, at_every_size, rows};

    #[test]
    fn the_row_says_how_many_the_first_and_the_key() {
        let row = |said: &[&str], width| {
            rows(width, 1, &RGB, &|area, buf, theme| draw_row(&Warnings::of(said), area, buf, theme)).remove(0)
        };
        assert_eq!(row(&["x1 is constant"], 40), "x! warning: x1 is constantxx! shows itx".replace("xx", "xxx"));
        assert!(row(&["x1 is constant, and so is x2", "b"], 44).contains("! 2 warnings: x1 is"));
        assert!(row(&["a", "b"], 30).starts_with("x! 2 warnings"));
    }

    #[test]
    fn a_list_that_is_too_long_scrolls_to_its_last_warning() {
        let said: Vec<String> = (1..=9).map(|number| format!("warning number {number}")).collect();
        let mut warnings = Warnings::default();
        warnings.take(&said);
        let drawn =
            |chosen| rows(30, 6, &ASCII, &|area, buf, theme| draw((&warnings, chosen), (area, buf), theme)).join("\n");
        assert!(drawn(0).contains("! warning number 3") && drawn(0).contains("6 more"), "{}", drawn(0));
        assert!(drawn(8).contains("> warning number 9"), "{}", drawn(8));
        assert_eq!((warnings.moved(8, Direction::Down), warnings.moved(0, Direction::Bottom)), (8, 8));
    }

    #[test]
    fn warnings_are_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            let warnings = Warnings::of(&["数字\u{1b}[31m and a long sentence that is broken into lines", "b"]);
            draw((&warnings, 1), (area, buf), theme);
            draw_row(&warnings, area, buf, theme);
        });
    }
}
