//! What a unit sees: its activation over the plane of the inputs, the weights into it as a picture, or the input itself.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::columns::UnitColumn;
use super::edges::largest;
use crate::derivation::UnitMaps;
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};
use crate::train::DenseView;
use crate::ui::panels::decision::layer_scale;
use crate::ui::widgets::heatmap::{CellSize, Heatmap, LargeMatrix};
use crate::ui::widgets::picture::Picture;
use crate::view::View;

/// What stands in the pictures of a layer's units.
pub(super) enum UnitPictures<'a> {
    /// None.
    None,
    /// Their activations over the plane of the inputs, where the sample under the cursor has this place.
    Maps { maps: &'a UnitMaps, l: usize, scale: ColorScale, sample: (f64, f64) },
    /// The weights into them from the pixels of a picture.
    Weights { pixels: WeightPixels<'a>, scale: ColorScale },
}

/// The weights into the units of layer 2 as pictures, reduced to means of blocks of pixels.
pub(super) struct WeightPixels<'a> {
    theta: &'a Array2<f64>,
    /// Width and height in pixels.
    size: (usize, usize),
    /// Pixels along each side of a block.
    block: usize,
}

impl WeightPixels<'_> {
    /// Blocks from left to right and from top to bottom.
    fn blocks(&self) -> (usize, usize) {
        (self.size.0.div_ceil(self.block), self.size.1.div_ceil(self.block))
    }

    /// The mean of the weights into a unit from the pixels of a block.
    fn mean(&self, unit: usize, (row, column): (usize, usize)) -> f64 {
        let (width, height) = self.size;
        let range = |from: usize, end: usize| from * self.block..((from + 1) * self.block).min(end);
        let (rows, columns) = (range(row, height), range(column, width));
        let count = rows.len() * columns.len();
        let pixels = rows.flat_map(|y| columns.clone().map(move |x| y * width + x));
        pixels.filter_map(|pixel| self.theta.get([unit, pixel + 1])).sum::<f64>() / count.max(1) as f64
    }
}

impl<'a> UnitPictures<'a> {
    /// Those of the units of a column.
    pub(super) fn of(view: &'a View, snapshot: DenseView<'a>, column: &UnitColumn) -> Self {
        let Some((columns, _)) = column.card.picture else { return Self::None };
        match (snapshot.data.dataset.image, view.unit_maps()) {
            (Some(size), _) => {
                let pixels = WeightPixels { theta: snapshot.network.theta(1), size, block: block(size.0, columns) };
                let (across, down) = pixels.blocks();
                let all = column.units.iter().flat_map(|placed| {
                    let rows = (0..down).flat_map(|row| (0..across).map(move |column| (row, column)));
                    rows.map(|at| pixels.mean(placed.unit, at)).collect::<Vec<_>>()
                });
                let limit = largest(all.collect::<Vec<_>>().iter());
                Self::Weights { pixels, scale: ColorScale::Signed { limit } }
            }
            (None, Some(maps)) => {
                let scale = layer_scale(snapshot.network, (column.l, 1.0), maps.layer(column.l).iter());
                let features = view.trace.as_ref().and_then(|trace| trace.features(snapshot.data));
                let x = features.unwrap_or_else(|| snapshot.data.dataset.x.row(0));
                Self::Maps { maps, l: column.l, scale, sample: (x[0], x[1]) }
            }
            _ => Self::None,
        }
    }

    /// The picture of a unit.
    pub(super) fn draw(&self, unit: usize, (area, buf): (Rect, &mut Buffer), theme: &Theme) {
        let halves = if theme.depth > Depth::Mono && !theme.ascii { 2 } else { 1 };
        match self {
            Self::None => {}
            Self::Maps { maps, l, scale, sample } => {
                let (columns, rows) = (usize::from(area.width), usize::from(area.height) * halves);
                let value = |row: usize, column: usize| maps.at((*l, unit), (column, row), (columns, rows));
                let heatmap = Heatmap {
                    rows,
                    columns,
                    value: &value,
                    scale: *scale,
                    of_column: None,
                    size: CellSize::Half,
                    fit: LargeMatrix::Scroll,
                    first_apart: false,
                    axes: None,
                    selected: None,
                    offset: (0, 0),
                };
                heatmap.render(area, buf, theme);
                if area.height >= MARKED {
                    mark(maps.place_of(*sample, (columns, usize::from(area.height))), (area, buf), theme);
                }
            }
            Self::Weights { pixels, scale } => {
                let (columns, rows) = pixels.blocks();
                let value = |row: usize, column: usize| pixels.mean(unit, (row, column));
                let width = u16::try_from(columns).unwrap_or(u16::MAX);
                let whole =
                    Rect { x: area.x + area.width.saturating_sub(width) / 2, width: width.min(area.width), ..area };
                let place = if area.width >= width.saturating_mul(2) { area } else { whole };
                Picture { rows, columns, value: &value, scale: *scale, selected: None }.render(place, buf, theme);
            }
        }
    }
}

/// Marks the place of the sample on a map.
fn mark((column, row): (usize, usize), (area, buf): (Rect, &mut Buffer), theme: &Theme) {
    let Some(cell) = buf.cell_mut((area.x + column as u16, area.y + row as u16)) else { return };
    let ground = if cell.symbol() == "▀" { cell.fg } else { cell.bg };
    cell.reset();
    cell.set_char(sample_mark(theme)).set_style(Style::new().fg(theme.ink_on(ground)).bg(ground));
}

/// What marks the place of the sample.
pub(super) fn sample_mark(theme: &Theme) -> char {
    if theme.ascii { 'o' } else { '●' }
}

/// From so many rows on a map has it.
pub(super) const MARKED: u16 = 4;

/// Pixels along each side of the blocks that a picture of this width is reduced by, to fit so many columns.
pub(super) fn block(width: usize, columns: u16) -> usize {
    width.div_ceil(usize::from(columns).max(1)).max(1)
}
