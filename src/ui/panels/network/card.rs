//! How large the card of a unit is: its number and value, and a bar or a picture of what the unit sees.

/// Columns of a value on its colour.
pub(super) const VALUE: u16 = 6;
/// Columns of a unit's number before it.
pub(super) const NAME: u16 = 4;
/// The longest bar behind it, with the free column before it.
const BAR: u16 = 9;
/// The shortest one.
const SHORTEST: u16 = 4;
/// Rows of the largest map.
const LARGEST: u16 = 16;
/// Rows of the largest map of an input, which is a plain slope.
const OF_INPUTS: u16 = 5;
/// Pictures are of so many units of a layer at least, or of none.
const FEWEST: usize = 3;
/// From so many rows on a picture stands below number and value.
const TALL: u16 = 5;

/// What there is to see of a layer's units beside their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sees {
    /// Nothing but a bar.
    Bar,
    /// Each unit's activation over the plane of the inputs, of layer 1 or another one.
    Map { of_inputs: bool },
    /// The weights into each unit, which are as many as the pixels of a picture of this width and height.
    Weights(u16, u16),
}

impl Sees {
    /// Of a layer that is not shown whole so many units rather than fewer larger ones.
    fn enough(self) -> usize {
        if matches!(self, Self::Weights(..)) { 5 } else { 8 }
    }
}

/// The room of a column, and whether two numbers stand above each other in one cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct ColumnRoom {
    pub(super) width: u16,
    pub(super) rows: u16,
    pub(super) halves: bool,
}

/// How the units of one column are drawn.
///
/// ```text
///   5  +.42 ####       5  ::::::       5  +.42
///                   +.42  ::::::       ::::::::::
///                                      ::::::::::
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Card {
    /// Columns of the unit's number.
    pub(super) name: u16,
    /// Columns of the bar behind the value.
    pub(super) bar: u16,
    /// Columns and rows of the picture.
    pub(super) picture: Option<(u16, u16)>,
}

impl Card {
    /// The card of so many units: pictures as large as all of them have room for, else as many as can be recognised.
    pub(super) fn of(sees: Sees, units: usize, room: ColumnRoom) -> Self {
        let plain = Self::plain(room.width);
        let cards: Vec<Self> = match sees {
            Sees::Bar => Vec::new(),
            Sees::Map { of_inputs } => maps(of_inputs, room.width),
            Sees::Weights(width, height) => pictures((width, height), room.halves),
        };
        let cards = cards.into_iter().filter(|card| card.width() <= room.width && card.height() <= room.rows);
        let fitting = |card: &Self| usize::from((room.rows + card.space()) / (card.height() + card.space()));
        let enough = |least: usize| move |card: &Self| fitting(card) >= least.min(units);
        let cards: Vec<Self> = cards.collect();
        let first = |least| cards.iter().find(|card| enough(least)(card)).copied();
        let all = first(units).filter(|card| card.is_clear());
        // Pixels are enlarged for a whole layer alone.
        let is_enlarged = |card: &Self| matches!(sees, Sees::Weights(width, _) if card.picture.is_some_and(|(columns, _)| columns > width));
        let some = |least: usize| cards.iter().find(|card| !is_enlarged(card) && enough(least)(card)).copied();
        all.or_else(|| some(sees.enough())).or_else(|| some(FEWEST)).unwrap_or(plain)
    }

    /// A card of one row.
    fn plain(width: u16) -> Self {
        let name = if width >= NAME + VALUE { NAME } else { 0 };
        let bar = width.saturating_sub(NAME + VALUE).min(BAR);
        Self { name, bar: if bar < SHORTEST { 0 } else { bar }, picture: None }
    }

    /// Whether the picture stands below number and value, not beside them.
    pub(super) fn is_below(self) -> bool {
        self.picture.is_some_and(|(_, rows)| rows >= TALL)
    }

    /// Whether its picture is large enough to be told from others.
    fn is_clear(self) -> bool {
        self.picture.is_none_or(|(_, rows)| rows > 2)
    }

    pub(super) fn width(self) -> u16 {
        match self.picture {
            Some((columns, _)) if self.is_below() => columns.max(self.name + VALUE),
            Some((columns, _)) => columns + VALUE,
            None => self.name + VALUE + self.bar,
        }
    }

    pub(super) fn height(self) -> u16 {
        self.picture.map_or(1, |(_, rows)| rows + u16::from(self.is_below()))
    }

    /// The row of the value, counted from the card's first.
    pub(super) fn value_row(self) -> u16 {
        u16::from(self.picture.is_some() && !self.is_below())
    }

    /// Rows that stay free below it.
    pub(super) fn space(self) -> u16 {
        u16::from(self.picture.is_some())
    }
}

/// The maps from the largest on, about square.
fn maps(of_inputs: bool, width: u16) -> Vec<Card> {
    let largest = if of_inputs { OF_INPUTS } else { LARGEST };
    let card = |rows: u16| {
        // Flat ones are a little wider than high, where there is room.
        let most = width.saturating_sub(VALUE).max(2 * rows);
        let columns = if rows < TALL { (2 * rows + 2).min(most) } else { 2 * rows };
        Card { name: NAME, bar: 0, picture: Some((columns, rows)) }
    };
    (2..=largest).rev().map(card).collect()
}

/// The pictures of so many pixels from the largest on: a pixel twice as wide as a cell is high, then half a cell, then blocks of pixels.
fn pictures((width, height): (u16, u16), halves: bool) -> Vec<Card> {
    let card = |columns: u16, rows: u16| Card { name: NAME, bar: 0, picture: Some((columns, rows)) };
    let rows = |pixels: u16| if halves { pixels.div_ceil(2) } else { pixels };
    let doubled = card(width.saturating_mul(2), height);
    let blocks = (1..=width.max(height)).map(|block| card(width.div_ceil(block), rows(height.div_ceil(block))));
    [doubled].into_iter().chain(blocks).filter(|card| card.height() >= 2).collect()
}
