//! Where the columns of the network panel and the units in them stand, and which unit a click is on.

use ratatui::layout::Rect;

use crate::train::DenseView;
use crate::view::{Cursor, View, ViewChange};

/// Width of a unit's value on its colour.
pub(super) const CHIP: u16 = 6;
/// Width of a unit's number before it.
pub(super) const NAME: u16 = 4;
/// Columns at the right for the classes of the output units.
pub(super) const CLASSES: u16 = 12;
/// From so many rows on, a layer that is not whole has a line below it that says so.
pub(super) const NOTED: u16 = 8;
/// The narrowest gap that lines are drawn in.
pub(super) const GAP: u16 = 5;

/// A layer's column: where its units stand.
pub(super) struct UnitColumn {
    pub(super) l: usize,
    /// Left edge of the column.
    pub(super) x: u16,
    /// Width of the numbers before the chips.
    pub(super) name: u16,
    /// Row of the bias unit, if the layer has one.
    pub(super) bias: Option<u16>,
    /// The units shown, counted from 0, each with its row.
    pub(super) units: Vec<(usize, u16)>,
    pub(super) size: usize,
    /// Row of the note on how many units are shown, if they are not all and there is room for it.
    pub(super) note: Option<u16>,
}

impl UnitColumn {
    pub(super) fn chip(&self) -> u16 {
        self.x.saturating_add(self.name)
    }

    pub(super) fn right(&self) -> u16 {
        self.chip().saturating_add(CHIP)
    }
}

/// Where the columns stand: all layers if they fit, else those around the cursor.
pub(super) fn columns(view: &View, snapshot: DenseView<'_>, area: Rect) -> Vec<UnitColumn> {
    let sizes = snapshot.network.sizes();
    let depth = sizes.len();
    let classes = CLASSES.min(area.width / 5);
    let room = area.width.saturating_sub(classes);
    let fit = |name: u16| usize::from(room.saturating_add(GAP) / (name + CHIP + GAP)).max(1);
    let name = if fit(NAME) >= depth { NAME } else { 0 };
    let shown = fit(name).min(depth);
    let cursor = view.cursor;
    let first = cursor.l.saturating_sub(shown / 2 + 1).min(depth - shown);
    let width = name + CHIP;
    let gaps = u16::try_from(shown.saturating_sub(1)).unwrap_or(u16::MAX).max(1);
    let gap = room.saturating_sub(width.saturating_mul(gaps + 1)) / gaps;
    (0..shown)
        .map(|index| {
            let l = first + index + 1;
            let x = area.x.saturating_add((width + gap).saturating_mul(index as u16));
            let bias = (l < depth).then_some(area.y.saturating_add(1));
            let top = area.y.saturating_add(1 + u16::from(bias.is_some()));
            let rows = area.bottom().saturating_sub(top);
            let note = sizes[l - 1] > usize::from(rows) && area.height >= NOTED;
            let rows = rows - u16::from(note).min(rows);
            let note = note.then(|| area.bottom().saturating_sub(1));
            let selected =
                if l == cursor.l { cursor.i.checked_sub(1) } else { (l == cursor.l + 1).then_some(cursor.j) };
            let units = spread(sizes[l - 1], usize::from(rows), selected);
            let units = units.into_iter().enumerate().map(|(row, unit)| (unit, top + row as u16)).collect();
            UnitColumn { l, x, name, bias, units, size: sizes[l - 1], note }
        })
        .collect()
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
pub(super) fn click(view: &View, area: Rect, (x, y): (u16, u16)) -> Option<ViewChange> {
    let columns = columns(view, view.dense()?, area);
    let column = columns.iter().find(|column| (column.x..column.right()).contains(&x))?;
    let unit = column.units.iter().find(|&&(_, row)| row == y).map(|&(unit, _)| unit);
    let cursor = match (column.l, unit) {
        (1, Some(unit)) => Cursor { l: 1, i: unit + 1, ..view.cursor },
        (l, None) if column.bias == Some(y) => Cursor { l, i: 0, ..view.cursor },
        (l, Some(unit)) => Cursor { l: l - 1, j: unit, ..view.cursor },
        (_, None) => return None,
    };
    Some(ViewChange::Cursor(cursor))
}
