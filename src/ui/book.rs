//! A page of the book: a section of the derivation, its equations with numbers, or the contents.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::table::TableRows;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, pick};
use crate::derivation::book::{BookLine, LineKind, contents, example, pages};
use crate::keymap::Direction;
use crate::view::{BookPlace, View};

/// The last page.
pub fn last_page() -> usize {
    pages().len()
}

/// The lines of a page at a width.
fn lines(view: &View, page: usize, width: u16) -> Vec<BookLine> {
    let spell = |text: &str| view.theme.spell(text).into_owned();
    match page.checked_sub(1).and_then(|section| pages().get(section)) {
        Some(section) => section.lines(example(), usize::from(width), &spell),
        None => contents(false).iter().map(|line| BookLine { kind: LineKind::Text, text: spell(line) }).collect(),
    }
}

/// The line of the equation that a page was opened for.
fn marked(lines: &[BookLine], place: &BookPlace) -> Option<usize> {
    let begin = format!("({}) ", place.equation?);
    lines.iter().position(|line| line.kind == LineKind::Equation && line.text.trim_start().starts_with(&begin))
}

/// The first line that is shown, of so many rows; the last rows are full ones.
fn first(lines: &[BookLine], place: &BookPlace, rows: u16) -> usize {
    let wanted = place.scrolled.unwrap_or_else(|| marked(lines, place).map_or(0, |at| at.saturating_sub(2)));
    wanted.min(lines.len().saturating_sub(usize::from(rows)))
}

/// The first line that is shown after a key, if the book is drawn there.
pub fn scrolled(view: &View, place: &BookPlace, area: Rect, direction: Direction) -> usize {
    let inner = Frame::inner(area);
    let lines = lines(view, place.page, text_width(inner));
    let rows = rows(inner);
    let (at, last) = (first(&lines, place, rows), lines.len().saturating_sub(usize::from(rows)));
    let page = usize::from(rows).saturating_sub(1).max(1);
    let to = match direction {
        Direction::PageUp => at.saturating_sub(page),
        Direction::PageDown => at + page,
        direction => direction.along(at, last),
    };
    to.min(last)
}

/// Columns of the text: two are for the mark.
fn text_width(inner: Rect) -> u16 {
    inner.width.saturating_sub(2).min(100)
}

/// Rows for the lines of a page: the last one says how many there are beside, and of which net the numbers are.
fn rows(inner: Rect) -> u16 {
    inner.height.saturating_sub(1)
}

/// What the last row says, the longest form first: the numbers are of another net than this run's, and that is said first.
fn said(lines: &[BookLine], (above, below): (usize, usize)) -> Vec<String> {
    let has_numbers = lines.iter().any(|line| line.kind == LineKind::Numbers);
    let page = 1 + pages().iter().position(|section| section.name == "example").unwrap_or(0);
    let more = if above + below > 0 {
        vec![format!("{above} lines above, {below} below"), format!("+{above} +{below}")]
    } else {
        vec![String::new()]
    };
    let (long, short) = (&more[0], &more[more.len() - 1]);
    if !has_numbers {
        return more;
    }
    let end = |text: &str| if text.is_empty() { String::new() } else { format!("; {text}") };
    vec![
        format!("the numbers are of the 3-3-3-3 net on page {page}, not of this run{}", end(long)),
        format!("numbers of the net on page {page}{}", end(long)),
        format!("numbers: net on page {page}{}", end(short)),
    ]
}

/// ```text
/// +- > book: 2.5  delta of the hidden layers ----------- page 8 of 22 -+
/// |   The slope does not depend on d and can stand before the sum:     |
/// | >     (2.5.8) ...                                                  |
/// |           delta^(2)_1 = ... = 0.0089                               |
/// | the numbers are of the 3-3-3-3 net on page 21; 12 lines above, ... |
/// +--------------------------------------------------------------------+
/// ```
pub fn draw(view: &View, place: &BookPlace, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let section = place.page.checked_sub(1).and_then(|section| pages().get(section));
    let title =
        section.map_or("book: contents".into(), |section| format!("book: {} {}", section.number, section.title));
    let right = section.map(|_| format!("page {} of {}", place.page, last_page())).unwrap_or_default();
    let inner = Frame { title: &title, right: &right, focused: true }.render(area, buf, theme);
    let lines = lines(view, place.page, text_width(inner));
    let shown = rows(inner);
    let (from, mark) = (first(&lines, place, shown), marked(&lines, place));
    let mut rows = TableRows::new(inner, buf, theme);
    for (at, line) in lines.iter().enumerate().skip(from).take(usize::from(shown)) {
        let style = match line.kind {
            LineKind::Title => theme.title_focused(),
            LineKind::Text => theme.text(),
            LineKind::Equation => theme.key(),
            LineKind::Numbers => theme.faint(),
        };
        let mark = if mark == Some(at) { "> " } else { "  " };
        rows.line(&format!("{mark}{}", line.text), style);
    }
    let below = lines.len().saturating_sub(from + usize::from(shown));
    let words = said(&lines, (from, below));
    let forms: Vec<&str> = words.iter().map(String::as_str).collect();
    let indent = inner.width.min(2);
    let (x, width) = (inner.x + indent, inner.width - indent);
    let last = Rect { x, width, y: inner.bottom().saturating_sub(1), height: inner.height.min(1) };
    Label::new(pick(&forms, last.width, theme), theme.warn()).render(last, buf, theme);
}
