//! Where the columns of the network panel and the units in them stand, and which unit a click is on.

use ratatui::layout::Rect;

use super::card::{Card, ColumnRoom, NAME, Sees, VALUE};
use crate::data::targets::holds;
use crate::data::{Dataset, Task};
use crate::text;
use crate::theme::values::ColorScale;
use crate::theme::{Depth, Theme};
use crate::train::DenseView;
use crate::ui::widgets::picture::Picture;
use crate::view::{Cursor, View, ViewChange};

/// Columns at the right for the classes of the output units.
pub(super) const CLASSES: u16 = 12;
/// Columns of the mark of the target behind them.
const OF_TARGET: usize = 5;
/// From so many rows on, a line at the bottom says what is drawn.
const NOTED: u16 = 8;
/// The narrowest gap that lines are drawn in.
pub(super) const GAP: u16 = 5;
/// The narrowest one beside pictures.
const WIDE_GAP: u16 = 8;
/// The same where there would be no pictures otherwise.
const CLOSE_GAP: u16 = 4;
/// Columns of the narrowest card with a picture.
const NARROWEST_PICTURE: u16 = VALUE + 4;
/// Free rows between two units at most.
const SPACE: u16 = 3;
/// Columns that are kept for a bias unit's name beside it.
const BIAS: u16 = VALUE;

/// A unit, counted from 0, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlacedUnit {
    pub(super) unit: usize,
    pub(super) area: Rect,
}

/// The input layer as one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PlacedImage {
    pub(super) area: Rect,
    /// Its pixels from left to right and from top to bottom.
    pub(super) size: (usize, usize),
}

/// A layer's column: where its units stand.
#[derive(Clone, Debug)]
pub(super) struct UnitColumn {
    pub(super) l: usize,
    /// Its columns of the screen, all rows of the panel.
    pub(super) area: Rect,
    pub(super) card: Card,
    /// The bias unit, if the layer has one.
    pub(super) bias: Option<Rect>,
    /// The units shown.
    pub(super) units: Vec<PlacedUnit>,
    /// How many there are.
    pub(super) size: usize,
    /// The picture in place of units.
    pub(super) image: Option<PlacedImage>,
}

/// What stands in a column.
pub(super) struct WantedColumn {
    pub(super) l: usize,
    pub(super) card: Card,
    pub(super) size: usize,
    /// The unit that is always shown.
    pub(super) selected: Option<usize>,
    pub(super) has_bias: bool,
    /// Pixels of the picture that the layer is, and the columns and rows of the screen that it takes.
    pub(super) image: Option<((usize, usize), (u16, u16))>,
}

impl UnitColumn {
    /// Where a unit's edges meet its card, or its row of pixels in the picture, in dots from the top of the panel.
    pub(super) fn height_of(&self, unit: usize, top: u16) -> Option<f64> {
        let middle = |area: Rect| f64::from(area.y.saturating_sub(top)) * 4.0 + f64::from(area.height) * 2.0;
        match self.image {
            Some(PlacedImage { area, size: (width, height) }) => {
                let rows = f64::from(area.height) * 4.0;
                let share = ((unit / width.max(1)) as f64 + 0.5) / height.max(1) as f64;
                (unit < self.size).then(|| f64::from(area.y.saturating_sub(top)) * 4.0 + share * rows)
            }
            None => self.units.iter().find(|placed| placed.unit == unit).map(|placed| middle(placed.area)),
        }
    }

    /// The same of the bias unit.
    pub(super) fn height_of_bias(&self, top: u16) -> Option<f64> {
        self.bias.map(|area| f64::from(area.y.saturating_sub(top)) * 4.0 + 2.0)
    }

    /// How many of its units are shown.
    pub(super) fn shown(&self) -> usize {
        if self.image.is_some() { self.size } else { self.units.len() }
    }

    /// A column of these units in its part of the panel, all in the middle of its rows below the head.
    pub(super) fn place(wanted: &WantedColumn, area: Rect) -> Self {
        let WantedColumn { l, card, size, selected, has_bias, image } = *wanted;
        let (top, bias_rows) = (area.y.saturating_add(1), u16::from(has_bias));
        let rows = area.height.saturating_sub(1);
        let mut column = Self { l, area, card, bias: None, units: Vec::new(), size, image: None };
        let bias = |first: u16, space: u16| {
            let y = first.saturating_sub(1 + space).max(top);
            let width = BIAS.min(area.width);
            (has_bias && rows > 0).then_some(Rect { x: area.right() - width, y, width, height: 1 })
        };
        if let Some((pixels, (width, height))) = image {
            let free = rows.saturating_sub(height + 1 + bias_rows);
            let first = top + bias_rows + free / 2;
            let place = Rect { x: area.right() - width.min(area.width), y: first, width, height };
            column.image = Some(PlacedImage { area: place.intersection(area), size: pixels });
            column.bias = bias(first, u16::from(free > 3));
            return column;
        }
        let rows = rows.saturating_sub(bias_rows);
        let (height, least) = (card.height(), card.space());
        let fitting = rows.saturating_add(least) / (height + least);
        let units = spread(size, usize::from(fitting), selected);
        let count = u16::try_from(units.len()).unwrap_or(u16::MAX);
        let free = rows.saturating_sub(count.saturating_mul(height));
        let space = if count > 1 { (free / (count - 1)).min(SPACE) } else { 0 };
        let rest = free.saturating_sub(space.saturating_mul(count.saturating_sub(1)));
        let first = top + bias_rows + rest / 2;
        let width = card.width().min(area.width);
        let x = area.x + (area.width - width) / 2;
        let at = |row: u16| Rect { x, y: first.saturating_add(row * (height + space)), width, height };
        column.units =
            (0..count).zip(units).map(|(row, unit)| PlacedUnit { unit, area: at(row).intersection(area) }).collect();
        column.bias = bias(first, u16::from(rest / 2 > 1));
        column
    }
}

/// The rows of the panel that units stand in, and the one that says what is drawn.
pub(super) fn parts(area: Rect) -> (Rect, Rect) {
    let note = u16::from(area.height >= NOTED);
    let units = Rect { height: area.height - note, ..area };
    (units, Rect { y: units.bottom(), height: note, ..area })
}

/// Where the columns stand: all layers if they fit, else those around the cursor and the last.
pub(super) fn columns(view: &View, snapshot: DenseView<'_>, (area, cursor): (Rect, Cursor)) -> Vec<UnitColumn> {
    let sizes = snapshot.network.sizes();
    let depth = sizes.len();
    let (whole, area) = (area, parts(area).0);
    let names = snapshot.data.dataset.targets.outputs().iter().map(|name| text::columns(name)).max().unwrap_or(0);
    let classes = u16::try_from(names + OF_TARGET).map_or(CLASSES, |names| names.min(CLASSES));
    let room = area.width - classes.min(area.width / 5);
    let fit = |name: u16| usize::from(room.saturating_add(GAP) / (name + VALUE + GAP)).max(1);
    let layers = layers(fit(0).min(depth), depth, cursor.l);
    let count = layers.len() as u16;
    let name = if fit(NAME) >= layers.len() { NAME } else { 0 };
    let plain = name + VALUE;
    // Of many layers the inputs have no maps, and the lines less room.
    let with_inputs = (room.saturating_sub(WIDE_GAP * (count - 1)) / count.max(1)).max(plain);
    let without = room.saturating_sub(VALUE + CLOSE_GAP * (count - 1)) / (count - 1).max(1);
    let is_close = view.unit_maps().is_some() && with_inputs < NARROWEST_PICTURE && without >= NARROWEST_PICTURE;
    let wanted = layers.into_iter().map(|l| {
        let size = sizes[l - 1];
        let at_cursor = if l == cursor.l { cursor.i.checked_sub(1) } else { (l == cursor.l + 1).then_some(cursor.j) };
        let selected = at_cursor.or_else(|| (l == depth).then(|| target(view, snapshot)).flatten());
        let has_bias = l < depth;
        let rows = area.height.saturating_sub(1 + u16::from(has_bias));
        let halves = view.theme.depth > Depth::Mono && !view.theme.ascii;
        let width = match (is_close, l) {
            (true, 1) => VALUE,
            (true, _) => without,
            (false, _) => with_inputs,
        };
        let column = ColumnRoom { width, rows, halves };
        let card = Card::of(sees(view, snapshot, l), size, column);
        let image = (l == 1).then(|| image(&snapshot.data.dataset, column, &view.theme)).flatten();
        WantedColumn { l, card, size, selected, has_bias, image }
    });
    let wanted: Vec<WantedColumn> = wanted.collect();
    let mut columns = side_by_side(&wanted, Rect { width: room, ..area });
    // The last layer has the row of the caption, too, where it would not be whole without.
    if let (Some(last), Some(wanted)) = (columns.last_mut(), wanted.last())
        && last.shown() < last.size
    {
        *last = UnitColumn::place(wanted, Rect { height: whole.height, ..last.area });
    }
    columns
}

/// Columns beside each other, with the same gap between all of them.
pub(super) fn side_by_side(wanted: &[WantedColumn], area: Rect) -> Vec<UnitColumn> {
    let width =
        |wanted: &WantedColumn| wanted.image.map_or(wanted.card.width(), |(_, (width, _))| width.max(VALUE + NAME));
    let gaps = u16::try_from(wanted.len().saturating_sub(1)).unwrap_or(u16::MAX).max(1);
    let free = area.width.saturating_sub(wanted.iter().map(width).fold(0, u16::saturating_add));
    let mut x = area.x;
    let place = |wanted: &WantedColumn| {
        let column = Rect { x, width: width(wanted), ..area }.intersection(area);
        x = column.right().saturating_add(free / gaps);
        UnitColumn::place(wanted, column)
    };
    wanted.iter().map(place).collect()
}

/// The layers that are shown if there is room for so many: those around the cursor, and always the last.
fn layers(shown: usize, depth: usize, l: usize) -> Vec<usize> {
    let Some(before) = shown.checked_sub(1) else { return Vec::new() };
    // The layer of the unit under the cursor, rather than the one that its weights come from.
    let first = if before == 1 { l + 1 } else { l.saturating_sub(before.saturating_sub(2) / 2) };
    let first = first.clamp(1, depth - before);
    (first..first + before).chain([depth]).collect()
}

/// The output unit of the class that the sample under the cursor is of.
fn target(view: &View, snapshot: DenseView<'_>) -> Option<usize> {
    let trace = view.trace.as_ref().filter(|_| snapshot.data.dataset.targets.task() == Task::Classes)?;
    trace.y().iter().position(|&y| holds(y))
}

/// What there is to see of the units of layer l.
fn sees(view: &View, snapshot: DenseView<'_>, l: usize) -> Sees {
    let cells = |pixels: usize| u16::try_from(pixels).ok();
    match snapshot.data.dataset.image {
        Some((width, height)) if l == 2 => {
            cells(width).zip(cells(height)).map_or(Sees::Bar, |(width, height)| Sees::Weights(width, height))
        }
        None if view.unit_maps().is_some() => Sees::Map { of_inputs: l == 1 },
        _ => Sees::Bar,
    }
}

/// The pixels of the inputs and the columns and rows that their picture takes, if they are one that there is room for.
fn image(dataset: &Dataset, room: ColumnRoom, theme: &Theme) -> Option<((usize, usize), (u16, u16))> {
    let (width, height) = dataset.image?;
    let blank = |_: usize, _: usize| 0.0;
    let scale = ColorScale::Grey { low: 0.0, high: 1.0 };
    let picture = Picture { rows: height, columns: width, value: &blank, scale, selected: None };
    // A row below it has the pixel under the cursor; a larger one would leave the units too little to look at.
    let most = (room.rows / 3).max(8).min(room.rows.saturating_sub(1));
    let space = Rect { x: 0, y: 0, width: room.width, height: most };
    let (columns, rows) = picture.size(space, theme);
    (rows > 2 && columns <= space.width && rows <= space.height).then_some(((width, height), (columns, rows)))
}

/// As many of a layer's units as there is room for, evenly spread, the selected one among them.
pub(super) fn spread(size: usize, room: usize, selected: Option<usize>) -> Vec<usize> {
    if size <= room {
        return (0..size).collect();
    }
    let mut units: Vec<usize> = match room {
        0 => return Vec::new(),
        1 => vec![0],
        _ => (0..room).map(|row| row * (size - 1) / (room - 1)).collect(),
    };
    if let Some(selected) = selected.filter(|selected| !units.contains(selected))
        && let Some(nearest) = units.iter_mut().min_by_key(|unit| unit.abs_diff(selected))
    {
        *nearest = selected;
    }
    units
}

/// The unit that was clicked; in layer 1, which has no equations, as the one that weights come from.
pub(super) fn click(view: &View, area: Rect, at: (u16, u16)) -> Option<ViewChange> {
    let columns = columns(view, view.dense()?, (area, view.cursor));
    let cursor = columns.iter().find_map(|column| {
        let l = column.l;
        if column.bias.is_some_and(|bias| bias.contains(at.into())) {
            return Some(Cursor { l, i: 0, ..view.cursor });
        }
        let unit = match column.image {
            Some(image) => pixel_at(image, at),
            None => column.units.iter().find(|placed| placed.area.contains(at.into())).map(|placed| placed.unit),
        }?;
        Some(if l == 1 {
            Cursor { l, i: unit + 1, ..view.cursor }
        } else {
            Cursor { l: l - 1, j: unit, ..view.cursor }
        })
    })?;
    Some(ViewChange::Cursor(cursor))
}

/// The pixel of a picture at a cell of the screen; of two in one cell the upper one.
fn pixel_at(PlacedImage { area, size: (width, height) }: PlacedImage, at: (u16, u16)) -> Option<usize> {
    let along = |cell: u16, cells: u16, pixels: usize| usize::from(cell) * pixels / usize::from(cells.max(1));
    area.contains(at.into())
        .then(|| along(at.1 - area.y, area.height, height) * width + along(at.0 - area.x, area.width, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_spread_evenly_with_the_first_the_last_and_the_selected() {
        assert_eq!(spread(3, 5, None), [0, 1, 2]);
        assert_eq!(spread(64, 4, None), [0, 21, 42, 63]);
        assert_eq!(spread(64, 4, Some(40)), [0, 21, 40, 63]);
        assert_eq!(spread(64, 1, Some(5)), [5]);
        assert!(spread(64, 0, Some(5)).is_empty());
    }

    #[test]
    fn the_last_layer_is_always_shown_and_the_layers_at_the_cursor_where_two_more_fit() {
        for depth in 2..9 {
            for (shown, l) in (1..=depth).flat_map(|shown| (1..depth).map(move |l| (shown, l))) {
                let layers = layers(shown, depth, l);
                assert_eq!((layers.len(), layers.last()), (shown, Some(&depth)), "{shown} of {depth} at {l}");
                assert!(layers.windows(2).all(|pair| pair[0] < pair[1]), "{layers:?}");
                assert!(shown < 2 || layers.contains(&(l + 1)), "{layers:?} at {l}");
                assert!(shown < 3 || layers.contains(&l), "{layers:?} at {l}");
            }
        }
    }
}
