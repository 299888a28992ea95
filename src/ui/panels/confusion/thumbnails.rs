//! The worst answers to pictures, as small pictures beside the matrix; where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::derivation::{AnsweredSample, Sample, worst};
use crate::number::fixed;
use crate::theme::Depth;
use crate::theme::values::ColorScale;
use crate::train::{DenseView, Snapshot};
use crate::ui::panels::fit::cost_symbol;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::picture::Picture;
use crate::view::View;

/// Columns of the line below a picture: target, answer and cost.
const CAPTION: u16 = 10;
/// Columns and rows that the pictures get at least.
const LEAST: (u16, u16) = (2 * (CAPTION + 1), 12);

/// Draws them at the right of the columns that the matrix takes; returns what is left for the matrix.
///
/// ```text
/// the worst first: target → answer, J^(b)
///  ▄██▄    ▄▀▀▄
///  ▀▄▄█     ▄▄▀
/// 9→4 3.06  7→8 3.05
/// ```
pub(super) fn beside(
    view: &View,
    (snapshot, names, matrix): (&Snapshot, &[String], u16),
    area: Rect,
    buf: &mut Buffer,
) -> Rect {
    let theme = &view.theme;
    let (Some(dense), true) = (snapshot.dense(), theme.depth > Depth::Mono && !theme.ascii) else { return area };
    let Some((width, height)) = dense.data.dataset.image else { return area };
    // The line above the matrix must stay whole.
    let taken = matrix.max(48).saturating_add(2);
    let (across, high) = (area.width.saturating_sub(taken), area.height);
    let [wide, tall] = [width, height.div_ceil(2)].map(|pixels| u16::try_from(pixels).unwrap_or(u16::MAX));
    if across < LEAST.0 || high < LEAST.1 || wide > across || tall.saturating_add(3) > high {
        return area;
    }
    let place = Rect { x: area.x + taken, width: across, ..area };
    let head = format!("wrong answers, the worst first: target → answer, {}", cost_symbol("sample"));
    let forms = [head.as_str(), "wrong answers, the worst first", "the worst first"];
    Label::new(pick(&forms, place.width, theme), theme.key()).render(place, buf, theme);
    let (column, row) = (wide.max(CAPTION).saturating_add(1), tall.saturating_add(2));
    let held_out = view.is_of_held_out();
    let wrong = worst(snapshot, held_out, None);
    let mut wrong = wrong.iter().filter(|said| said.classes.is_some_and(|(target, answer)| target != answer));
    for y in (place.y + 1..=place.bottom().saturating_sub(row - 1)).step_by(usize::from(row)) {
        for x in (place.x..=place.right().saturating_sub(column - 1)).step_by(usize::from(column)) {
            let Some(said) = wrong.next() else { return Rect { width: taken - 2, ..area } };
            let cell = Rect { x, y, width: column - 1, height: row - 1 }.intersection(place);
            draw_one(view, (dense, (width, height)), (said, held_out, names), (cell, buf));
        }
    }
    Rect { width: taken - 2, ..area }
}

/// One picture with what it is and what it was taken for.
fn draw_one(
    view: &View,
    (dense, (width, height)): (DenseView<'_>, (usize, usize)),
    (said, held_out, names): (&AnsweredSample, bool, &[String]),
    (cell, buf): (Rect, &mut Buffer),
) {
    let theme = &view.theme;
    let sample = Sample::of(held_out, said.row);
    let (Some(&row), Some((target, answer))) = (sample.part(dense.data).row.get(said.row), said.classes) else {
        return;
    };
    let x = &dense.data.dataset.x;
    let high = x.row(row).iter().fold(0.0_f64, |top, value| top.max(value.abs()));
    let value = |line: usize, column: usize| x[[row, line * width + column]];
    let scale = ColorScale::Grey { low: 0.0, high };
    let caption = Rect { y: cell.bottom().saturating_sub(1), height: 1, ..cell };
    let image = Rect { height: cell.height.saturating_sub(1), ..cell };
    Picture { rows: height, columns: width, value: &value, scale, selected: None }.render(image, buf, theme);
    let taken_for = format!("{}→{}", names[target], names[answer]);
    let room = usize::from(cell.width.saturating_sub(columns(&taken_for) + 1));
    let with_cost = format!("{taken_for} {}", fixed(said.cost, room.min(5)));
    let forms = [with_cost.as_str(), &taken_for];
    Label::new(pick(if room > 2 { &forms } else { &forms[1..] }, cell.width, theme), theme.text())
        .render(caption, buf, theme);
}
