//! The curve of g and of g' with the point and the tangent at a number's z, where there is room beside or below its equation.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::widgets::chart::TangentPlot;
use crate::derivation::ActivationAt;
use crate::number::short;
use crate::theme::Theme;

/// Rows and columns that it takes at most.
const MOST: (u16, u16) = (18, 84);
/// Columns that a list of units keeps beside it: with bars, and without.
const WITH_BARS: u16 = 36;
const NUMBERS: u16 = 22;

/// Where a list of so many rows and the curve stand: beside each other where the list keeps its bars, else one below the other, else the
/// curve in the place of the bars; the list alone where there is no room for both.
pub(super) fn places(area: Rect, rows: usize) -> [Rect; 2] {
    let (height, width) = TangentPlot::LEAST;
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(1);
    let is_wide = |list: u16| area.height >= height && area.width >= list + 2 + width;
    let beside = |list: u16| {
        let columns = Constraint::Length((area.width - list - 2).min(MOST.1));
        area.layout(&Layout::horizontal([Constraint::Fill(1), columns]).spacing(2))
    };
    if is_wide(WITH_BARS) {
        beside(WITH_BARS)
    } else if area.width >= width && area.height >= rows.saturating_add(height) {
        area.layout(&Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]))
    } else if is_wide(NUMBERS) {
        beside(NUMBERS)
    } else {
        [area, Rect::ZERO]
    }
}

/// The place of the curve below what stands above an area: a row apart where there is one to spare.
pub(super) fn below(area: Rect) -> Rect {
    let free = u16::from(area.height > TangentPlot::LEAST.0);
    Rect { y: area.y + free, height: (area.height - free).min(MOST.0), ..area }
}

/// Draws it at the top of an area, if that has room for it.
pub(super) fn draw(at: &ActivationAt, area: Rect, buf: &mut Buffer, theme: &Theme) {
    let (height, width) = TangentPlot::LEAST;
    if area.height < height || area.width < width {
        return;
    }
    let area = Rect { height: area.height.min(MOST.0), width: area.width.min(MOST.1), ..area };
    let (letter, z, slope) = (at.letter, short(at.z), short(at.slope()));
    let value = format!("g({letter}) = {}", short(at.value()));
    let whole = format!("{value} at {} = {z}", at.name);
    let slope = format!("g'({letter}) = {slope}");
    let brief = [format!("g = {}", short(at.value())), format!("g' = {}", short(at.slope()))];
    let tangent = format!("the tangent at {letter}, of slope g'({letter})");
    let legend = [
        [whole.as_str(), slope.as_str(), tangent.as_str()],
        [whole.as_str(), slope.as_str(), "the tangent"],
        [value.as_str(), slope.as_str(), "the tangent"],
        [value.as_str(), slope.as_str(), ""],
        [brief[0].as_str(), brief[1].as_str(), ""],
    ];
    let plot = TangentPlot {
        curves: [&|z| at.g.g(z), &|z| at.g.g_prime(z)],
        tangent: &|z| at.tangent(z),
        breaks: at.g.kinks(),
        x: at.range(),
        x_name: letter,
        at: at.z,
        legend: &legend,
    };
    plot.render(area, buf, theme);
}
