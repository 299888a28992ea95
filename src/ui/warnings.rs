//! Warnings about the data and the weights: a line that is shown until they are read, and the list that can be opened again.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::table::Rows;
use super::theme::Theme;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, pick};
use super::widgets::list::{At, List};
use crate::error::printable;
use crate::keymap::Direction;

/// The warnings of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    /// A sentence each, every one once.
    pub said: Vec<String>,
    /// Whether the list has not been opened since they were said.
    pub unread: bool,
}

impl Warnings {
    /// Takes in the warnings of a run; if they are new, they are unread.
    pub fn take(&mut self, said: &[String]) {
        let said = counted(said);
        if said != self.said {
            self.unread = !said.is_empty();
            self.said = said;
        }
    }

    /// The keys that matter while the list is open.
    pub fn keys(&self) -> &'static str {
        if self.said.len() > 1 { "! or Esc back  j k row  Space run/pause" } else { "! or Esc back  Space run/pause" }
    }

    /// The warning under the cursor after a key.
    pub fn moved(&self, from: usize, direction: Direction) -> usize {
        direction.along(from, self.said.len().saturating_sub(1))
    }

    /// The row that unread warnings have above the footer, and what it leaves of the body.
    pub fn place(&self, body: Rect) -> (Rect, Rect) {
        let rows = u16::from(self.unread && body.height > 1);
        let [body, row] = body.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(rows)]));
        (body, row)
    }

    /// ```text
    ///  ! 2 warnings: features that only count the rows: x3                  ! shows them
    /// ```
    pub fn draw_row(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let Some(first) = self.said.first().filter(|_| !area.is_empty()) else { return };
        let line = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), height: 1, ..area };
        let (count, key) = match self.said.len() {
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
    pub fn draw(&self, chosen: usize, (area, buf): (Rect, &mut Buffer), theme: &Theme) {
        let title = "warnings about the data and the weights";
        let inner = Frame { title, right: "Esc back", focused: true }.render(area, buf, theme);
        let mut rows = Rows::new(inner, buf, theme);
        if self.said.is_empty() {
            return rows.line("there are none", theme.faint());
        }
        let mark = |index: usize| if index == chosen { ">" } else { "!" };
        let texts: Vec<String> =
            self.said.iter().enumerate().map(|(index, said)| format!("{} {said}", mark(index))).collect();
        let heights: Vec<u16> =
            texts.iter().map(|text| u16::try_from(rows.lines(text).len()).unwrap_or(u16::MAX)).collect();
        let list =
            List { len: texts.len(), rows: &|index| heights[index], at: At::Cursor(chosen), size: None, part: None };
        rows.list(&list, 0, &mut |index, rows| {
            rows.paragraph(&texts[index], if index == chosen { theme.key() } else { theme.text() });
        });
    }
}

/// Every sentence once, as it may be printed, with how often it was said.
fn counted(said: &[String]) -> Vec<String> {
    let mut counts: Vec<(&String, usize)> = Vec::new();
    for sentence in said {
        match counts.iter_mut().find(|(other, _)| *other == sentence) {
            Some((_, count)) => *count += 1,
            None => counts.push((sentence, 1)),
        }
    }
    let told = |(sentence, count): (&String, usize)| match count {
        1 => printable(sentence),
        count => format!("{} ({count} times)", printable(sentence)),
    };
    counts.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, RGB, at_every_size, rows};

    fn of(said: &[&str]) -> Warnings {
        let mut warnings = Warnings::default();
        warnings.take(&said.iter().map(ToString::to_string).collect::<Vec<_>>());
        warnings
    }

    #[test]
    fn what_is_said_twice_is_one_line_with_a_count_and_only_news_are_unread() {
        let mut warnings = of(&["a", "b", "a"]);
        assert_eq!((warnings.said.join(" "), warnings.unread), ("a (2 times) b".into(), true));
        warnings.unread = false;
        warnings.take(&["a".into(), "b".into(), "a".into()]);
        assert!(!warnings.unread);
        warnings.take(&["c".into()]);
        assert!(warnings.unread);
        assert!(!of(&[]).unread);
    }

    #[test]
    fn the_row_says_how_many_the_first_and_the_key() {
        let row = |said: &[&str], width| {
            rows(width, 1, &RGB, &|area, buf, theme| of(said).draw_row(area, buf, theme)).remove(0)
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
            |chosen| rows(30, 6, &ASCII, &|area, buf, theme| warnings.draw(chosen, (area, buf), theme)).join("\n");
        assert!(drawn(0).contains("! warning number 3") && drawn(0).contains("6 more"), "{}", drawn(0));
        assert!(drawn(8).contains("> warning number 9"), "{}", drawn(8));
        assert_eq!((warnings.moved(8, Direction::Down), warnings.moved(0, Direction::Bottom)), (8, 8));
    }

    #[test]
    fn warnings_are_drawn_at_any_size() {
        at_every_size(&|area, buf, theme| {
            let warnings = of(&["数字\u{1b}[31m and a long sentence that is broken into lines", "b"]);
            warnings.draw(1, (area, buf), theme);
            warnings.draw_row(area, buf, theme);
        });
    }
}
