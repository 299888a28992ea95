//! Setting inputs by hand: the keys, and the box in which a number is typed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::table::TableRows;
use super::widgets::frame::Frame;
use crate::error::printable;
use crate::number::exact;
use crate::view::View;

/// The keys that do something then, the longest form first.
pub fn keys(view: &View) -> [&'static str; 2] {
    if view.has_grid_of_inputs() {
        [
            "hjkl move  Enter on/off  + - brighter  0-9 type, Enter set  U undo  s leave  Esc back",
            "hjkl move  Enter on/off  + - brighter  U undo  s leave  Esc back",
        ]
    } else {
        ["j k feature  h l less/more  0-9 type, Enter set  U undo  s leave  Esc back"; 2]
    }
}

/// The box in which the input under the cursor is given another number, while one is typed.
///
/// ```text
/// +- > set an input of a copy -----------------+
/// | petal_length is 1.4                        |
/// | new value: 2.5_                            |
/// +--------------------------------------------+
/// ```
pub fn draw_typed(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let (Some(snapshot), Some((row, input)), Some((now, _))) = (&view.snapshot, view.input_at(), view.input_now())
    else {
        return;
    };
    if view.typed.is_empty() {
        return;
    }
    // At the lower edge, where it does not hide the panel.
    let [_, place] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(4)]));
    let place = Rect { width: place.width.min(48), ..place };
    let inner = Frame { title: "set an input of a copy", right: "", focused: true }.render_over(place, buf, theme);
    let name = snapshot.data.inputs().get(input).map_or_else(String::new, |name| printable(name));
    let step = if snapshot.dense().is_some() { String::new() } else { format!(" at t {}", row + 1) };
    let mut rows = TableRows::new(inner, buf, theme);
    rows.line(&format!("{name}{step} is {}", exact(now)), theme.text());
    rows.line(&format!("new value: {}_", view.typed), theme.key());
}
