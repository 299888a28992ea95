//! The weights between two columns as solid lines from card to card: the strongest into each unit, and all into the one under the cursor.

use std::cmp::Ordering;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::columns::UnitColumn;
use crate::theme::{Depth, Theme};
use crate::ui::widgets::dots::{Dots, Ink};

/// Lines for each row of a gap that can still be told apart.
const A_ROW: f64 = 0.75;
/// Columns from which a gap has room for so many.
const ROOMY: u16 = 12;
/// The narrowest gap that has lines.
const NARROWEST: u16 = 2;
/// The share of the largest magnitude from which on a line is two dots thick, where there are few.
const THICK: f64 = 0.6;
/// Lines for each row of a gap up to which they are few.
const FEW: f64 = 0.66;
/// The strongest lines into each unit at most.
const MOST: usize = 3;
/// The share of its colour that the weakest line has.
const FAINTEST: f64 = 0.25;
/// The same into the unit under the cursor.
const LIT: f64 = 0.45;

/// A weight between two columns: from a unit of the first or its bias (0; unit i is i + 1) to a unit of the second.
pub(super) type At = (usize, usize);

/// The weights from one column to another one.
pub(super) struct Edges<'a> {
    pub(super) from: &'a UnitColumn,
    pub(super) to: &'a UnitColumn,
    /// Θ_ji.
    pub(super) weight: &'a dyn Fn(At) -> f64,
    /// The magnitude of the brightest.
    pub(super) largest: f64,
    /// The unit into which all are drawn.
    pub(super) chosen: Option<usize>,
    /// In a walk: whether a weight takes part in the number that it is at; no other is drawn.
    pub(super) takes_part: Option<&'a dyn Fn(At) -> bool>,
    /// How many are drawn.
    pub(super) room: LineRoom,
}

/// A line from a height to another, in dots; with the weight as a share of the largest magnitude.
struct Line {
    share: f64,
    lit: bool,
    heights: (f64, f64),
}

/// The gap between two columns; `None` where it has no room for lines.
pub(super) fn gap(from: &UnitColumn, to: &UnitColumn) -> Option<Rect> {
    let (left, right) = (from.area.right(), to.area.x);
    let width = right.saturating_sub(left);
    (width >= NARROWEST).then_some(Rect { x: left, width, ..to.area })
}

/// How many lines a gap has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineRoom {
    /// Into each unit that has some.
    pub(super) each: usize,
    /// Units that have some; those with the strongest where there is no room for all.
    pub(super) units: usize,
}

impl LineRoom {
    /// The room between two columns, shared by so many matrices.
    pub(super) fn of(from: &UnitColumn, to: &UnitColumn, matrices: usize) -> Self {
        let Some(gap) = gap(from, to) else { return Self { each: 0, units: 0 } };
        let room = f64::from(gap.height) * A_ROW * f64::from(gap.width.min(ROOMY)) / f64::from(ROOMY);
        let (room, units) = ((room as usize / matrices.max(1)).max(1), to.units.len());
        Self { each: (room / units.max(1)).clamp(1, MOST), units: room.min(units) }
    }
}

/// How many weights lead into each unit of a column from what is shown of the one before.
pub(super) fn sources(from: &UnitColumn) -> usize {
    from.shown() + usize::from(from.bias.is_some())
}

/// Draws the lines that lead to one column, the strongest last, over the others; no lines where there is nothing but ASCII.
pub(super) fn draw(all: &[Edges<'_>], buf: &mut Buffer, theme: &Theme) {
    let gap = all.first().and_then(|edges| gap(edges.from, edges.to));
    let Some(gap) = gap.filter(|_| !theme.ascii) else { return };
    let mut lines: Vec<Line> = all.iter().flat_map(|edges| edges.lines(gap.y)).collect();
    lines.sort_by(|one, other| one.lit.cmp(&other.lit).then(strongest_first(other, one)));
    let mut dots = Dots::new(gap.width, gap.height);
    let right = f64::from(gap.width) * 2.0 - 1.0;
    let mono = theme.depth == Depth::Mono;
    let are_few = gap.width > ROOMY && lines.len() as f64 <= f64::from(gap.height) * FEW;
    for line in lines {
        let (least, size) = (if line.lit { LIT } else { FAINTEST }, line.share.abs().min(1.0));
        let share = least + (1.0 - least) * size;
        let style = Style::new().fg(theme.signed(share.copysign(line.share), 1.0));
        // Where lines cross, all have their dots, in the colour of the strongest.
        let ink = Ink { style, glyph: ' ', strength: 0, dashed: mono && line.share < 0.0 };
        let (start, end) = line.heights;
        dots.line((0.0, start), (right, end), ink);
        if size >= THICK && are_few {
            dots.line((0.0, start - 1.0), (right, end - 1.0), ink);
        }
    }
    dots.render(gap, buf, theme);
}

impl Edges<'_> {
    /// The lines that are drawn; of several between the same places, such as the pixels of one row, the strongest.
    fn lines(&self, top: u16) -> Vec<Line> {
        let bias = self.from.height_of_bias(top).map(|height| (0, height));
        let units: Vec<usize> = match self.from.image {
            Some(_) => (0..self.from.size).collect(),
            None => self.from.units.iter().map(|placed| placed.unit).collect(),
        };
        let of_units = units.into_iter().filter_map(|unit| Some((unit + 1, self.from.height_of(unit, top)?)));
        let sources: Vec<(usize, f64)> = bias.into_iter().chain(of_units).collect();
        let (mut all, mut some) = (Vec::new(), Vec::new());
        for to in &self.to.units {
            let (j, Some(end)) = (to.unit, self.to.height_of(to.unit, top)) else { continue };
            let lit = self.takes_part.is_some() || self.chosen == Some(j);
            let of_unit = sources.iter().filter(|&&(i, _)| self.takes_part.is_none_or(|takes_part| takes_part((j, i))));
            let mut into: Vec<Line> = of_unit
                .map(|&(i, start)| Line { share: (self.weight)((j, i)) / self.largest, lit, heights: (start, end) })
                .filter(|line| line.share.is_finite() && line.share != 0.0)
                .collect();
            if !lit && into.len() > self.room.each {
                into.select_nth_unstable_by(self.room.each, strongest_first);
                into.truncate(self.room.each);
            }
            into.sort_by(strongest_first);
            // Of the pixels of one row the strongest is on top of the others, which need not be drawn.
            let mut starts: Vec<f64> = Vec::new();
            into.retain(|line| {
                let is_new = !starts.contains(&line.heights.0);
                if is_new {
                    starts.push(line.heights.0);
                }
                is_new
            });
            if lit { all.extend(into) } else { some.push(into) }
        }
        some.retain(|into| !into.is_empty());
        some.sort_by(|one, other| strongest_first(&one[0], &other[0]));
        some.truncate(self.room.units);
        some.into_iter().flatten().chain(all).collect()
    }
}

/// The order of lines from the strongest on.
fn strongest_first(one: &Line, other: &Line) -> Ordering {
    other.share.abs().total_cmp(&one.share.abs())
}

/// The largest magnitude of a matrix's finite numbers; the smallest positive number where all are 0.
pub(super) fn largest<'v>(values: impl Iterator<Item = &'v f64>) -> f64 {
    let magnitudes = values.map(|value| value.abs()).filter(|value| *value < f64::INFINITY);
    magnitudes.fold(f64::MIN_POSITIVE, f64::max)
}

/// How the signs of lines are told.
pub(super) fn signs(theme: &Theme) -> &'static str {
    if theme.depth == Depth::Mono { "dashed Θ < 0" } else { "blue Θ > 0, orange Θ < 0" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::panels::network::card::Card;
    use crate::ui::panels::network::columns::{WantedColumn, side_by_side};
    use crate::ui::widgets::trial::{ASCII, MONO, RGB};

    const ROOM: LineRoom = LineRoom { each: 1, units: 9 };

    /// Two columns of units beside each other.
    fn columns(sizes: [usize; 2], area: Rect) -> Vec<UnitColumn> {
        let card = Card { name: 4, bar: 0, picture: None };
        let wanted = |(l, size)| WantedColumn { l, card, size, selected: None, has_bias: l == 1, image: None };
        side_by_side(&[(1, sizes[0]), (2, sizes[1])].map(wanted), area)
    }

    fn drawn(columns: &[UnitColumn], weight: &dyn Fn(At) -> f64, (room, chosen): (LineRoom, Option<usize>)) -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, 60, 20));
        let [from, to] = [&columns[0], &columns[1]];
        let edges = Edges { from, to, weight, largest: 1.0, chosen, takes_part: None, room };
        draw(&[edges], &mut buf, &RGB);
        buf
    }

    fn is_braille(buf: &Buffer, at: (u16, u16)) -> bool {
        buf[at].symbol().starts_with(|c: char| ('\u{2801}'..='\u{28ff}').contains(&c))
    }

    #[test]
    fn a_line_touches_the_cards_of_both_units_and_has_no_gap() {
        for sizes in [[1, 1], [2, 3], [5, 1]] {
            let columns = columns(sizes, Rect::new(0, 0, 60, 20));
            for (i, j) in (0..sizes[0]).flat_map(|i| (0..sizes[1]).map(move |j| (i, j))) {
                let only = |at: At| if at == (j, i + 1) { -0.7 } else { 0.0 };
                let buf = drawn(&columns, &only, (ROOM, None));
                let (from, to) = (columns[0].units[i].area, columns[1].units[j].area);
                assert!(is_braille(&buf, (from.right(), from.y)), "{sizes:?} {i} {j}\n{buf:?}");
                assert!(is_braille(&buf, (to.x - 1, to.y)), "{sizes:?} {i} {j}\n{buf:?}");
                let is_drawn = |x: u16| (0..20).any(|y| is_braille(&buf, (x, y)));
                assert!((from.right()..to.x).all(is_drawn), "{sizes:?} {i} {j}\n{buf:?}");
            }
        }
    }

    #[test]
    fn into_each_unit_the_strongest_are_drawn_and_all_into_the_chosen_one() {
        let columns = columns([4, 2], Rect::new(0, 0, 60, 20));
        let weight = |(_, i): At| i as f64 / 5.0;
        let starts = |room, chosen| {
            let buf = drawn(&columns, &weight, (room, chosen));
            columns[0].units.iter().filter(|placed| is_braille(&buf, (placed.area.right(), placed.area.y))).count()
        };
        assert_eq!(starts(ROOM, None), 1);
        assert_eq!(starts(LineRoom { each: 3, ..ROOM }, None), 3);
        assert_eq!(starts(ROOM, Some(1)), 4);
        assert_eq!(starts(LineRoom { units: 0, ..ROOM }, None), 0);
    }

    #[test]
    fn the_strongest_line_is_the_brightest_and_the_sign_is_its_colour() {
        let columns = columns([1, 1], Rect::new(0, 0, 60, 20));
        let end = columns[1].units[0].area;
        let color = |weight: f64| {
            drawn(&columns, &|(_, i)| if i == 1 { weight } else { 0.0 }, (ROOM, None))[(end.x - 1, end.y)].fg
        };
        assert_eq!((color(1.0), color(-1.0)), (RGB.signed(1.0, 1.0), RGB.signed(-1.0, 1.0)));
        let weak = FAINTEST + (1.0 - FAINTEST) * 0.1;
        assert_eq!(color(0.1), RGB.signed(weak, 1.0));
    }

    #[test]
    fn without_colour_a_negative_weight_is_dashed_and_ascii_has_no_lines() {
        let columns = columns([1, 1], Rect::new(0, 0, 60, 20));
        let dots = |weight: f64, theme| {
            let mut buf = Buffer::empty(Rect::new(0, 0, 60, 20));
            let weight = |(_, i): At| if i == 1 { weight } else { 0.0 };
            let [from, to] = [&columns[0], &columns[1]];
            draw(
                &[Edges { from, to, weight: &weight, largest: 1.0, chosen: None, takes_part: None, room: ROOM }],
                &mut buf,
                theme,
            );
            let bits = |cell: &ratatui::buffer::Cell| {
                cell.symbol().chars().next().map_or(0, |c| (u32::from(c).max(0x2800) - 0x2800).count_ones())
            };
            buf.content().iter().map(bits).sum::<u32>()
        };
        assert!(dots(-1.0, &MONO) < dots(1.0, &MONO));
        assert_eq!(dots(-1.0, &RGB), dots(1.0, &RGB));
        assert_eq!(dots(1.0, &ASCII), 0);
    }
}
