//! The options of the run: what can be changed while it goes on, and the command line that gives it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Clear, Widget};

use super::table::Rows;
use super::view::View;
use super::widgets::frame::Frame;
use super::widgets::label::wrapped;
use super::widgets::number::exact;
use crate::train::{Setting, setting};

/// Columns of the box at most.
const WIDEST: u16 = 72;

/// ```text
/// +- > options of the run ---------------------------------+
/// | > λ  regularisation strength                         1 |
/// |   α  learning rate                                 0.5 |
/// |                                                        |
/// | this run: deltascope --lambda 0.1                      |
/// | # λ 0.1 → 1 at step 480                                |
/// +--------------------------------------------------------+
/// ```
pub fn draw(view: &View, chosen: usize, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = &view.snapshot else { return };
    let told = theme.spell(&setting::told(&snapshot.config, &snapshot.changes)).into_owned();
    let width = WIDEST.min(area.width);
    let told: Vec<String> = told.lines().flat_map(|line| wrapped(line, width.saturating_sub(2))).collect();
    let height = u16::try_from(Setting::ALL.len() + told.len() + 4).unwrap_or(u16::MAX);
    let place = area.centered(Constraint::Length(width), Constraint::Length(height));
    Clear.render(place.intersection(buf.area), buf);
    let inner = Frame { title: "options of the run", right: "", focused: true }.render(place, buf, theme);
    let mut rows = Rows::new(inner, buf, theme);
    for (index, setting) in Setting::ALL.into_iter().enumerate() {
        let here = index == chosen;
        let mark = if here { "> " } else { "  " };
        let value = exact(setting.of(&snapshot.config));
        let value = if here && !view.typed.is_empty() { format!("{value} → {}_", view.typed) } else { value };
        let style = if here { theme.key() } else { theme.text() };
        let name = format!("{mark}{}", setting.letter());
        rows.pair((&[&name], setting.words()), (&value, 8), style);
    }
    rows.line("", theme.text());
    rows.line("this run, with what was changed since:", theme.faint());
    told.iter().for_each(|line| rows.line(line, theme.text()));
}
