//! Rows of text in a panel, written from the top down and cut at its edges.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::widgets::label::{Label, columns, pick, wrapped};
use super::widgets::list::List;
use crate::theme::Theme;
use crate::view::View;

/// A column of a table: its width, and whether its text stands at its right edge.
#[derive(Clone, Copy, Debug)]
pub struct TableColumn {
    /// Width in cells.
    pub width: u16,
    /// Whether numbers stand in it, which are aligned at their right.
    pub right: bool,
}

impl TableColumn {
    /// A column of names such as Θ^(1), wide enough for the one of the largest index.
    pub fn of_names(symbol: &str, largest: usize, theme: &Theme) -> Self {
        Self { width: columns(&theme.spell(&named(symbol, largest))), right: false }
    }
}

/// What a row is of: Θ^(1), a^(2), δ^(2). Every panel names the same thing in this one way.
pub fn named(symbol: &str, l: usize) -> String {
    format!("{symbol}^({l})")
}

/// A head such as Θ^(l) or ‖D^(l)‖ as it is where layers are numbered; where each Θ has a name of its own, the letter alone.
pub fn head_of(text: &str, view: &View) -> String {
    if view.recurrent().is_some() { text.replace("^(l)", "") } else { text.into() }
}

/// The rows that are left of an area.
pub struct TableRows<'a> {
    rest: Rect,
    buf: &'a mut Buffer,
    theme: &'a Theme,
}

impl<'a> TableRows<'a> {
    /// All rows of an area.
    pub fn new(area: Rect, buf: &'a mut Buffer, theme: &'a Theme) -> Self {
        Self { rest: area.intersection(buf.area), buf, theme }
    }

    /// How many rows are left.
    pub fn left(&self) -> u16 {
        self.rest.height
    }

    /// How wide they are.
    pub fn width(&self) -> u16 {
        self.rest.width
    }

    /// All rows that are left, for something else than text.
    pub fn rest(&self) -> Rect {
        self.rest
    }

    /// Takes the next row, if there is one.
    pub fn take(&mut self) -> Option<(Rect, &mut Buffer)> {
        if self.rest.is_empty() {
            return None;
        }
        let row = Rect { height: 1, ..self.rest };
        self.skip(1);
        Some((row, self.buf))
    }

    /// The next row, with the theme to draw it in.
    pub fn take_with_theme(&mut self) -> Option<(Rect, &mut Buffer, &'a Theme)> {
        let theme = self.theme;
        self.take().map(|(row, buf)| (row, buf, theme))
    }

    /// What the rows are drawn on, for a place in a row that was taken before.
    pub fn buffer(&mut self) -> &mut Buffer {
        self.buf
    }

    /// One text.
    pub fn line(&mut self, text: &str, style: Style) {
        let theme = self.theme;
        if let Some((row, buf)) = self.take() {
            Label::new(text, style).render(row, buf, theme);
        }
    }

    /// One text in as many rows as it needs; where there are not so many left, the last one says that it goes on.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        let lines = self.lines(text);
        let room = usize::from(self.left());
        for (index, line) in lines.iter().take(room).enumerate() {
            let goes_on = if index + 1 == room && lines.len() > room { " …" } else { "" };
            self.line(&format!("{line}{goes_on}"), style);
        }
    }

    /// The lines that a paragraph takes here.
    pub fn lines(&self, text: &str) -> Vec<String> {
        wrapped(&self.theme.spell(text), self.width())
    }

    /// A list, with so many rows kept free for what is below it: those of its items that there is room for, each drawn in rows of
    /// its own, and how many the others are.
    pub fn list(&mut self, list: &List<'_>, below: u16, draw: &mut dyn FnMut(usize, &mut TableRows<'_>)) {
        let plan = list.plan(self.left().saturating_sub(below));
        let theme = self.theme;
        let forms: Vec<&str> = plan.more.iter().map(String::as_str).collect();
        let words = if plan.beside { forms.last().copied() } else { None };
        let beside = words.map_or(0, |words| columns(words).saturating_add(1)).min(self.rest.width);
        // An item that is taller than its room leaves the row of the words all the same.
        let kept = below.saturating_add(u16::from(words.is_none() && !forms.is_empty()));
        for index in plan.shown {
            let height = (list.rows)(index).max(1).min(self.rest.height.saturating_sub(kept));
            let area = Rect { width: self.rest.width - beside, height, ..self.rest };
            draw(index, &mut TableRows::new(area, self.buf, theme));
            if let Some(words) = words {
                let right = Rect { height: 1, ..self.rest };
                Label::right(words, theme.faint()).render(right, self.buf, theme);
            }
            self.skip(height);
        }
        if words.is_none() && !forms.is_empty() {
            let text = pick(&forms, self.width(), theme).to_string();
            self.line(&text, theme.faint());
        }
    }

    /// How many lines of a text that scrolls are above the screen and below it; nothing where all of it is shown.
    pub fn scrolled(&mut self, (above, below): (usize, usize)) {
        let lines = |count: usize| format!("{count} line{}", if count == 1 { "" } else { "s" });
        let forms = match (above, below) {
            (0, 0) => return,
            (0, _) => [format!("{} below", lines(below)), format!("+{below}")],
            (_, 0) => [format!("{} above", lines(above)), format!("+{above}")],
            _ => [format!("{} above, {below} below", lines(above)), format!("+{above} +{below}")],
        };
        let text = pick(&[&forms[0], &forms[1]], self.width(), self.theme).to_string();
        self.line(&text, self.theme.faint());
    }

    /// Leaves out rows.
    fn skip(&mut self, rows: u16) {
        let rows = rows.min(self.rest.height);
        self.rest.y = self.rest.y.saturating_add(rows);
        self.rest.height -= rows;
    }

    /// A name with a faint note at the left, a number at the right. Where room is short the note goes first, then a shorter
    /// name is taken, if there is one; never the number. What is shown depends on the columns kept free for the number, not
    /// on the number, so that nothing flickers while it changes.
    pub fn pair(&mut self, (names, note): (&[&str], &str), (number, free): (&str, u16), style: Style) {
        let theme = self.theme;
        let Some((row, buf)) = self.take() else { return };
        let taken = Label::right(number, style).render(row, buf, theme);
        let left = Rect { width: row.width.saturating_sub(taken.max(free).saturating_add(1)), ..row };
        let used = Label::new(pick(names, left.width, theme), style).render(left, buf, theme).saturating_add(1);
        if used.saturating_add(columns(&theme.spell(note))) <= left.width {
            let rest = Rect { x: left.x + used, width: left.width - used, ..left };
            Label::new(note, theme.faint()).render(rest, buf, theme);
        }
    }

    /// Texts in columns, a blank between them; a column that does not fit whole is left out with those behind it.
    pub fn cells(&mut self, columns: &[TableColumn], texts: &[(String, Style)]) -> Option<Rect> {
        let theme = self.theme;
        let (mut row, buf) = self.take()?;
        for (column, (text, style)) in columns.iter().zip(texts) {
            if column.width > row.width {
                return None;
            }
            let cell = Rect { width: column.width, ..row };
            let label = if column.right { Label::right(text, *style) } else { Label::new(text, *style) };
            label.render(cell, buf, theme);
            let used = (column.width + 1).min(row.width);
            row = Rect { x: row.x + used, width: row.width - used, ..row };
        }
        Some(row)
    }
}
