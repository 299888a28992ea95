//! ∂J/∂x_t of a sequence: inputs by steps as signed cells below the steps, and those of the step under the cursor as numbers and bars.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::inputs::{NUMBER, draw_slope, tell_meaning};
use crate::derivation::equation;
use crate::number::brief;
use crate::theme::values::ColorScale;
use crate::train::RecurrentView;
use crate::ui::table::TableRows;
use crate::ui::widgets::heatmap::visible;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::legend::Legend;
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::value_cell::ValueCell;
use crate::view::{InputView, View};

/// The most inputs that the rows for them are counted by; of more those that matter are shown.
const INPUTS: usize = 6;

/// Where the steps of a sequence stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepColumns {
    /// Columns before the first step.
    pub(super) head: u16,
    /// Columns of a step.
    pub(super) width: u16,
    /// The steps that are shown, counted from 0.
    pub(super) shown: Range<usize>,
    /// How many are not.
    pub(super) more: usize,
}

impl StepColumns {
    /// As many steps of a width as fit in so many columns, the one under the cursor among them; with ∂J/∂x_t its numbers stand behind them.
    pub(super) fn of(view: &View, net: RecurrentView<'_>, (all, width): (u16, u16), with_slopes: bool) -> Self {
        let (steps, width) = (net.sequences.steps, width.max(1));
        let names = net.sequences.inputs.iter().map(|name| columns(name)).max().unwrap_or(1).min(10) + 1;
        let head = if with_slopes { names.max(3) } else { 3 };
        let behind = if with_slopes { NUMBER + 1 } else { 0 };
        let room = |kept: u16| usize::from(all.saturating_sub(head.saturating_add(kept)) / width);
        let counted = columns(&Self::words(steps)).min(all).max(behind);
        let kept = if room(behind) >= steps { behind } else { counted };
        let shown = visible(steps, room(kept), Some(view.cursor.t - 1), 0);
        Self { head, width, more: steps - shown.len(), shown }
    }

    /// What is said of the steps that are not shown.
    pub(super) fn words(more: usize) -> String {
        format!(" +{more}")
    }

    /// The place of a step in a row, the first that is shown being 0.
    pub(super) fn place(&self, row: Rect, place: usize) -> Rect {
        let x = u16::try_from(place).unwrap_or(u16::MAX).saturating_mul(self.width).saturating_add(self.head);
        Rect { x: row.x.saturating_add(x), width: self.width, ..row }.intersection(row)
    }
}

/// After how many steps the gradient is cut, if it is.
pub(super) fn cut(net: RecurrentView<'_>) -> Option<usize> {
    net.config.recurrence.and_then(|recurrence| recurrence.truncate).filter(|&length| length < net.steps())
}

/// What it is called; where the gradient is cut, over which steps J counts.
pub(super) fn symbol(net: RecurrentView<'_>) -> String {
    cut(net).map_or_else(|| "∂J/∂x_t".into(), |length| format!("∂J/∂x_t, J of blocks of {length}"))
}

/// Its equations.
pub(super) fn equations() -> String {
    format!("({}, 3.2)", equation::GRAD_A.number)
}

/// The rows that it takes with its head, its legend and what it means.
pub(super) fn rows_wanted(net: RecurrentView<'_>) -> u16 {
    net.sequences.inputs.len().min(INPUTS) as u16 + 3
}

/// ```text
///     ∂J/∂x_t (2.3.3, 3.2)              at t 5
/// A   - - . + +                        -0.0123    ███│
/// B   . + . - -                        +0.0045       │█
///  orange -0.05 ###===--- 0 ---===### +0.05 blue
/// ```
pub(super) fn draw(view: &View, net: RecurrentView<'_>, steps: &StepColumns, rows: &mut TableRows<'_>) {
    let theme = &view.theme;
    let (inputs, t) = (&net.sequences.inputs, view.cursor.t);
    let few = inputs.len().min(3) as u16;
    let alone = view.input == InputView::Gradient;
    // Where it stands alone in few rows, the title names it and has the scale.
    let is_reached = view.grad_x_at(t).is_some();
    if !alone || !is_reached || rows.left() > few + 1 {
        draw_head(view, net, steps, rows);
    }
    let over = usize::from(rows.left()).saturating_sub(inputs.len());
    let below = if alone && over == 0 && rows.left() <= few + 1 { 0 } else { over.clamp(1, 2) as u16 };
    let slope = |t: usize, i: usize| view.grad_x_at(t).and_then(|slopes| slopes.get(i).copied());
    let scale = ColorScale::Signed { limit: view.grad_x_limit() };
    let (order, there_is) = in_order(view, net, usize::from(rows.left().saturating_sub(below)));
    rows.list(&List::of(inputs.len(), ListPosition::Start), below, &mut |index, rows| {
        let Some((row, buf)) = rows.take() else { return };
        let i = order[index];
        let style = if there_is == Some(i) { theme.key() } else { theme.text() };
        let name = Rect { width: steps.head.saturating_sub(1).min(row.width), ..row };
        Label::new(&inputs[i], style).render(name, buf, theme);
        for (place, step) in steps.shown.clone().enumerate() {
            // What the walk has not come back to is left blank.
            let Some(value) = slope(step + 1, i) else { continue };
            ValueCell { value, scale, selected: step + 1 == t }.render(steps.place(row, place), buf, theme);
        }
        if let Some(value) = slope(t, i) {
            draw_slope(view, value, (behind(steps, row), buf));
        }
    });
    if let Some((row, buf)) = rows.take() {
        Legend { scale }.render(row, buf, theme);
    }
    if is_reached {
        tell_meaning(rows, view);
    }
}

/// The inputs as they stand below each other, and the one that is 1 at the step under the cursor where all others are 0. Where there is no room
/// for all, that one comes first, then those with the largest ∂J/∂x_t.
fn in_order(view: &View, net: RecurrentView<'_>, room: usize) -> (Vec<usize>, Option<usize>) {
    let x = net.x().row(view.cursor.t - 1);
    let others = x.iter().filter(|&&x| x != 0.0).count();
    let there_is = x.iter().position(|&x| x == 1.0).filter(|_| x.len() > 1 && others == 1);
    let mut order: Vec<usize> = (0..x.len()).collect();
    if let Some(slopes) = view.grad_x_at(view.cursor.t).filter(|_| x.len() > room) {
        order.sort_by(|&one, &other| slopes[other].abs().total_cmp(&slopes[one].abs()));
        order.sort_by_key(|&i| there_is != Some(i));
    }
    (order, there_is)
}

/// What is behind the steps in a row, of which a bar need not fill all.
fn behind(steps: &StepColumns, row: Rect) -> Rect {
    let end = steps.place(row, steps.shown.len()).x.max(row.x);
    let used = end.saturating_sub(row.x).saturating_add(1).min(row.width);
    Rect { x: row.x + used, width: (row.width - used).min(60), ..row }
}

/// What it is, above the inputs' names and steps, and the step of the numbers, above these.
fn draw_head(view: &View, net: RecurrentView<'_>, steps: &StepColumns, rows: &mut TableRows<'_>) {
    let Some((row, buf, theme)) = rows.take_with_theme() else { return };
    let right = behind(steps, row);
    let [step, _] = right.layout(&Layout::horizontal([Constraint::Length(NUMBER), Constraint::Fill(1)]));
    let at = format!("at t {}", view.cursor.t);
    Label::right(&at, theme.faint()).render(step, buf, theme);
    let (symbol, limit) = (symbol(net), brief(view.grad_x_limit()));
    let (from, to) = (steps.shown.start + 1, steps.shown.end);
    let part = if steps.more > 0 { format!(", t {from} … {to} of {}", net.steps()) } else { String::new() };
    let forms = match view.grad_x_at(view.cursor.t) {
        Some(_) => [
            format!("{symbol} {} of each input{part}, to ±{limit}", equations()),
            format!("{symbol} {}{part}", equations()),
            format!("{symbol} {}", equations()),
            symbol,
        ],
        None => [
            format!("{symbol} {} is not computed yet at this step", equations()),
            format!("{symbol} {}: not computed yet", equations()),
            format!("{symbol}: not computed yet"),
            "not computed yet".into(),
        ],
    };
    let left = Rect { width: right.x.saturating_sub(row.x + 1), ..row };
    Label::new(pick(&forms.each_ref().map(String::as_str), left.width, theme), theme.key()).render(left, buf, theme);
}

/// The same where no words stand above the steps: each as wide as they all fit, up to 3 columns.
pub(super) fn draw_alone(view: &View, net: RecurrentView<'_>, (area, buf): (Rect, &mut Buffer)) {
    let of = |width: u16| StepColumns::of(view, net, (area.width, width), true);
    let columns = [3, 2].map(of).into_iter().find(|columns| columns.more == 0).unwrap_or_else(|| of(1));
    draw(view, net, &columns, &mut TableRows::new(area, buf, &view.theme));
}
