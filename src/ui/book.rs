//! A page of the book: a section of the derivation, its equations with numbers, of which one is chosen; or the contents.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::table::TableRows;
use super::widgets::frame::Frame;
use super::widgets::label::Label;
use crate::derivation::book::{BookLine, LineKind, contents, pages};
use crate::keymap::Direction;
use crate::view::{BookPlace, View};

/// The last page.
pub fn last_page() -> usize {
    pages().len()
}

/// A page as it is drawn.
struct PageLines {
    lines: Vec<BookLine>,
    /// Rows for them.
    rows: usize,
}

impl PageLines {
    fn of(view: &View, page: usize, inner: Rect) -> Self {
        // Two columns are for the mark.
        let width = usize::from(inner.width.saturating_sub(2).min(100));
        let spell = |text: &str| view.theme.spell(text).into_owned();
        let line = |text: &String| BookLine { kind: LineKind::Text, text: spell(text), equation: None };
        let lines = match page.checked_sub(1).and_then(|section| pages().get(section)) {
            Some(section) => section.lines(view.numbers_beside(page), width, &spell),
            None => contents(false).iter().map(line).collect(),
        };
        // The last row says how many lines there are beside.
        Self { lines, rows: usize::from(inner.height.saturating_sub(1)) }
    }

    /// The first line that can be the first one shown: the last rows are full ones.
    fn last(&self) -> usize {
        self.lines.len().saturating_sub(self.rows)
    }

    /// The first and the last line of an equation with its numbers.
    fn block(&self, equation: usize) -> Option<(usize, usize)> {
        let is_of = |line: &BookLine| line.equation == Some(equation);
        Some((self.lines.iter().position(is_of)?, self.lines.iter().rposition(is_of)?))
    }

    /// The line that the place of a page is counted from: that of the chosen equation.
    fn anchor(&self, chosen: usize) -> usize {
        self.block(chosen).map_or(0, |(first, _)| first)
    }

    /// The first line that is shown.
    fn first(&self, place: &BookPlace) -> usize {
        let anchor = self.anchor(place.chosen) as i64;
        let wanted = place.from.map_or(anchor - 2, |from| anchor.saturating_add(from));
        usize::try_from(wanted).unwrap_or(0).min(self.last())
    }

    /// Whether the first line of an equation is shown from a line on.
    fn is_shown(&self, equation: usize, from: usize) -> bool {
        self.block(equation).is_some_and(|(first, _)| (from..from + self.rows).contains(&first))
    }

    /// The equations of which the first line is shown.
    fn shown(&self, from: usize) -> impl DoubleEndedIterator<Item = usize> {
        let to = (from + self.rows).min(self.lines.len());
        let mut shown: Vec<usize> = self.lines[from..to].iter().filter_map(|line| line.equation).collect();
        shown.dedup();
        shown.into_iter().filter(move |&equation| self.is_shown(equation, from))
    }

    /// The next equation down or up with the first line to show it with, if that is no further than half a page; else half a page.
    fn next(&self, (chosen, at): (usize, usize), is_down: bool) -> (usize, usize) {
        let first = |equation: usize| self.block(equation).map(|(first, _)| first);
        let all = || self.lines.iter().filter_map(|line| line.equation);
        let next = match (self.is_shown(chosen, at), is_down) {
            (true, true) => Some(chosen + 1),
            (true, false) => chosen.checked_sub(1),
            (false, true) => all().find(|&equation| first(equation) >= Some(at)),
            (false, false) => all().rev().find(|&equation| first(equation) < Some(at + self.rows)),
        };
        let half = if all().next().is_some() { (self.rows / 2).max(1) } else { 1 };
        let far = if is_down { (at + half).min(self.last()) } else { at.saturating_sub(half) };
        let Some((equation, (first, last))) = next.and_then(|next| Some((next, self.block(next)?))) else {
            return (chosen, far);
        };
        // All of it, with what introduces it where that is above the screen.
        let below = (last + 1).saturating_sub(self.rows).min(first);
        let to = if first < at { first.saturating_sub(2) } else { at.max(below) }.min(self.last());
        match () {
            () if to.abs_diff(at) <= half => (equation, to),
            () if self.is_shown(equation, far) => (equation, far),
            () => (chosen, far),
        }
    }
}

/// The place after a key, if the book is drawn there.
pub fn moved(view: &View, place: BookPlace, area: Rect, direction: Direction) -> BookPlace {
    let page = PageLines::of(view, place.page, Frame::inner(area));
    let at = page.first(&place);
    let leap = page.rows.saturating_sub(1).max(1);
    let (chosen, to) = match direction {
        Direction::Down => page.next((place.chosen, at), true),
        Direction::Up => page.next((place.chosen, at), false),
        direction => {
            let to = match direction {
                Direction::PageUp => at.saturating_sub(leap),
                Direction::PageDown => (at + leap).min(page.last()),
                direction => direction.along(at, page.last()),
            };
            let is_end = to == page.last() && direction != Direction::PageUp || to == 0;
            let nearest = if to > at || is_end && to > 0 { page.shown(to).next_back() } else { page.shown(to).next() };
            let keeps = page.is_shown(place.chosen, to) && !is_end;
            (if keeps { place.chosen } else { nearest.unwrap_or(place.chosen) }, to)
        }
    };
    BookPlace { chosen, from: Some(to as i64 - page.anchor(chosen) as i64), ..place }
}

/// ```text
/// +- > book: 2.5  delta of the hidden layers ----------- page 8 of 22 -+
/// |   The slope does not depend on d and can stand before the sum:     |
/// | >     (2.5.8) ...                                                  |
/// |           of this net, sample 17, layer 2, unit 3:                 |
/// |           delta^(2)_3 = ... = 0.0089                               |
/// |   12 lines above, 9 below                                          |
/// +--------------------------------------------------------------------+
/// ```
pub fn draw(view: &View, place: &BookPlace, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let section = place.page.checked_sub(1).and_then(|section| pages().get(section));
    let title =
        section.map_or("book: contents".into(), |section| format!("book: {} {}", section.number, section.title));
    let right = section.map(|_| format!("page {} of {}", place.page, last_page())).unwrap_or_default();
    let inner = Frame { title: &title, right: &right, focused: true }.render(area, buf, theme);
    let page = PageLines::of(view, place.page, inner);
    let from = page.first(place);
    let mut rows = TableRows::new(inner, buf, theme);
    for line in page.lines.iter().skip(from).take(page.rows) {
        let Some((row, buf)) = rows.take() else { return };
        let is_chosen = line.kind == LineKind::Equation && line.equation == Some(place.chosen);
        let style = match line.kind {
            _ if is_chosen => theme.selected(),
            LineKind::Title => theme.title_focused(),
            LineKind::Text | LineKind::Numbers => theme.text(),
            LineKind::Equation => theme.key(),
            LineKind::Source => theme.faint(),
        };
        let is_first =
            is_chosen && page.block(place.chosen).is_some_and(|(first, _)| std::ptr::eq(line, &page.lines[first]));
        Label::new(if is_first { ">" } else { "" }, theme.key()).render(row, buf, theme);
        let text = line.text.trim_start();
        let indent = u16::try_from(2 + line.text.len() - text.len()).unwrap_or(u16::MAX).min(row.width);
        Label::new(text, style).render(Rect { x: row.x + indent, width: row.width - indent, ..row }, buf, theme);
    }
    let below = page.lines.len().saturating_sub(from + page.rows);
    let indent = inner.width.min(2);
    let (x, width) = (inner.x + indent, inner.width - indent);
    let last = Rect { x, width, y: inner.bottom().saturating_sub(1), height: inner.height.min(1) };
    TableRows::new(last, buf, theme).scrolled((from, below));
}
