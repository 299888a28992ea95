//! Which items of a list are drawn where there is no room for all, and the words for those that are not.

use std::collections::BTreeSet;

use crate::number::short;

/// Where a list is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPosition {
    /// Nowhere: the largest items come first, then the first ones.
    Start,
    /// At the item under the cursor, which is always shown.
    Cursor(usize),
    /// From this item on, as a page is read; the last page is a full one.
    From(usize),
}

/// Items below each other, each in its rows: all of them if there is room, else those that matter and a line that counts the others.
///
/// ```text
/// Θ⁽¹⁾  0.0402
/// Θ⁽³⁾  0.0212
/// 3 more, together 0.0123
/// ```
#[derive(Clone, Copy)]
pub struct List<'a> {
    /// How many items there are.
    pub len: usize,
    /// Rows that an item takes.
    pub rows: &'a dyn Fn(usize) -> u16,
    /// Where it is looked at.
    pub at: ListPosition,
    /// What makes an item large: the largest are always shown.
    pub size: Option<&'a dyn Fn(usize) -> f64>,
    /// What an item adds to the sum below the list.
    pub part: Option<&'a dyn Fn(usize) -> f64>,
}

/// What of a list is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLayout {
    /// The items that are drawn, in their order.
    pub shown: Vec<usize>,
    /// The words for the others, the longest form first; empty if there are none.
    pub more: Vec<String>,
    /// Whether these words are in the row of the only item, since there is no other row.
    pub beside: bool,
}

impl List<'_> {
    /// So many items of a row each, all of one size and no parts of a sum.
    pub fn of(len: usize, at: ListPosition) -> Self {
        Self { len, rows: &|_| 1, at, size: None, part: None }
    }

    /// What is drawn in so many rows.
    pub fn plan(&self, room: u16) -> ListLayout {
        let height = |index: usize| usize::from((self.rows)(index).max(1));
        let room = usize::from(room);
        if self.len <= room && (0..self.len).map(height).sum::<usize>() <= room {
            return ListLayout { shown: (0..self.len).collect(), more: Vec::new(), beside: false };
        }
        let beside = room == 1;
        // A row is for the words on those that are left out.
        let mut taken = Taken { rows: room - usize::from(room > 1), shown: BTreeSet::new(), height: &height };
        if room > 0 {
            match self.at {
                ListPosition::From(first) => self.take_page(first.min(self.len - 1), &mut taken),
                ListPosition::Cursor(at) => self.take_around(at.min(self.len - 1), &mut taken),
                ListPosition::Start => {
                    self.take_largest(&mut taken);
                    (0..self.len).any(|index| !taken.add(index));
                    // Where nothing fits, the first item is drawn as far as it goes.
                    if taken.shown.is_empty() {
                        taken.must(0);
                    }
                }
            }
        }
        let more = self.words(&taken.shown);
        ListLayout { shown: taken.shown.into_iter().collect(), more, beside }
    }

    /// A page from an item on; where it would not be full, from an item before.
    fn take_page(&self, first: usize, taken: &mut Taken<'_>) {
        taken.must(first);
        (first..self.len).any(|index| !taken.add(index));
        (0..first).rev().any(|index| !taken.shown.contains(&(self.len - 1)) || !taken.add(index));
    }

    /// The item under the cursor, the largest, then the neighbours of the cursor on both sides.
    fn take_around(&self, at: usize, taken: &mut Taken<'_>) {
        taken.must(at);
        self.take_largest(taken);
        let (mut before, mut after) = (at, at);
        let (mut up, mut down) = (true, true);
        while up || down {
            up = up && before > 0 && taken.add(before - 1);
            before -= usize::from(up);
            down = down && after + 1 < self.len && taken.add(after + 1);
            after += usize::from(down);
        }
    }

    /// The largest items, in half of the rows that are left, at least one.
    fn take_largest(&self, taken: &mut Taken<'_>) {
        let Some(size) = self.size else { return };
        let most = taken.rows.div_ceil(2);
        // What is not finite is what one looks for.
        let key = |index: usize| Some(size(index).abs()).filter(|size| size.is_finite()).unwrap_or(f64::INFINITY);
        let mut largest: Vec<(f64, usize)> = (0..self.len).map(|index| (key(index), index)).collect();
        let by_size = |one: &(f64, usize), other: &(f64, usize)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
        if most < largest.len() {
            largest.select_nth_unstable_by(most, by_size);
            largest.truncate(most);
        }
        largest.sort_by(by_size);
        let enough = taken.rows - most.min(taken.rows);
        largest.into_iter().any(|(_, index)| taken.rows <= enough || !taken.add(index));
    }

    fn words(&self, shown: &BTreeSet<usize>) -> Vec<String> {
        let count = self.len - shown.len();
        if count == 0 {
            return Vec::new();
        }
        let more = format!("{count} more");
        let Some(part) = self.part else { return vec![more, format!("+{count}")] };
        let sum = short((0..self.len).filter(|index| !shown.contains(index)).map(part).sum());
        let full = if count == 1 { format!("{more}: {sum}") } else { format!("{more}, together {sum}") };
        vec![full, format!("{more}: {sum}"), more, format!("+{count}")]
    }
}

/// The items taken so far, and the rows that are left.
struct Taken<'a> {
    rows: usize,
    shown: BTreeSet<usize>,
    height: &'a dyn Fn(usize) -> usize,
}

impl Taken<'_> {
    /// Takes an item whether there is room for all of it or not.
    fn must(&mut self, index: usize) {
        if !self.add(index) {
            self.rows = 0;
            self.shown.insert(index);
        }
    }

    /// Takes an item, if there is room for it; whether it is there now.
    fn add(&mut self, index: usize) -> bool {
        if self.shown.contains(&index) {
            return true;
        }
        let Some(rows) = self.rows.checked_sub((self.height)(index)) else { return false };
        self.rows = rows;
        self.shown.insert(index)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(len: usize, at: ListPosition) -> List<'static> {
        List::of(len, at)
    }

    fn shown(list: &List<'_>, room: u16) -> Vec<usize> {
        list.plan(room).shown
    }

    #[test]
    fn a_list_that_fits_is_whole_and_says_nothing() {
        let plan = list(4, ListPosition::Cursor(2)).plan(4);
        assert_eq!((plan.shown, plan.more), (vec![0, 1, 2, 3], vec![]));
    }

    #[test]
    fn the_cursor_is_always_shown_with_its_neighbours_and_the_others_are_counted() {
        assert_eq!(shown(&list(9, ListPosition::Cursor(0)), 4), [0, 1, 2]);
        assert_eq!(shown(&list(9, ListPosition::Cursor(4)), 4), [3, 4, 5]);
        assert_eq!(shown(&list(9, ListPosition::Cursor(8)), 4), [6, 7, 8]);
        assert_eq!(list(9, ListPosition::Cursor(4)).plan(4).more[0], "6 more");
    }

    #[test]
    fn a_single_row_has_the_cursor_and_the_count_beside_it() {
        let plan = list(3, ListPosition::Cursor(1)).plan(1);
        assert_eq!((plan.shown, plan.beside), (vec![1], true));
        assert_eq!(plan.more, ["2 more", "+2"]);
        assert!(!list(3, ListPosition::Cursor(1)).plan(2).beside);
    }

    #[test]
    fn the_largest_are_always_shown_and_the_rest_is_summed() {
        let sizes = [0.5, 0.25, 8.0, 0.125, 0.0625, f64::NAN];
        let size = |index: usize| sizes[index];
        let part = |index: usize| if index == 5 { 0.0 } else { sizes[index] };
        let list = List { size: Some(&size), part: Some(&part), ..list(6, ListPosition::Cursor(0)) };
        assert_eq!(shown(&list, 3), [0, 5]);
        assert_eq!(shown(&list, 4), [0, 1, 5]);
        assert_eq!(shown(&list, 5), [0, 1, 2, 5]);
        assert_eq!(list.plan(5).more[0], "2 more, together 0.1875");
        assert_eq!(shown(&List { at: ListPosition::Start, ..list }, 4), [0, 2, 5]);
    }

    #[test]
    fn a_page_is_read_from_its_first_item_and_the_last_one_is_full() {
        assert_eq!(shown(&list(9, ListPosition::From(2)), 4), [2, 3, 4]);
        assert_eq!(shown(&list(9, ListPosition::From(8)), 4), [6, 7, 8]);
        let tall = List { rows: &|index| if index == 1 { 3 } else { 1 }, ..list(4, ListPosition::From(0)) };
        assert_eq!(shown(&tall, 4), [0]);
        assert_eq!(shown(&tall, 5), [0, 1]);
        assert_eq!(shown(&List { at: ListPosition::From(1), ..tall }, 3), [1], "as far as it goes");
    }

    proptest! {
        #[test]
        fn every_item_is_shown_or_counted_and_the_room_is_kept(
            heights in proptest::collection::vec(1..4_u16, 0..30),
            at in 0..40_usize,
            (kind, sized) in (0..3_usize, any::<bool>()),
            room in 0..40_u16,
        ) {
            let at = [ListPosition::Start, ListPosition::Cursor(at), ListPosition::From(at)][kind];
            let size = |index: usize| f64::from(heights[index]);
            let size: Option<&dyn Fn(usize) -> f64> = if sized { Some(&size) } else { None };
            let list = List { len: heights.len(), rows: &|index| heights[index], at, size, part: size };
            let plan = list.plan(room);
            let left = heights.len() - plan.shown.len();
            prop_assert_eq!(plan.more.is_empty(), left == 0);
            prop_assert!(plan.more.last().is_none_or(|last| *last == format!("+{}", left)), "{:?}", plan);
            let rows: u16 = plan.shown.iter().map(|&index| heights[index]).sum();
            let words = u16::from(left > 0 && room > 1);
            prop_assert!(rows + words <= room || plan.shown.len() == 1, "{:?}", plan);
            prop_assert!(room == 0 || heights.is_empty() || !plan.shown.is_empty());
            if let (ListPosition::Cursor(at), true) = (at, room > 0 && !heights.is_empty()) {
                prop_assert!(plan.shown.contains(&at.min(heights.len() - 1)));
            }
            prop_assert!(plan.shown.is_sorted());
        }
    }
}
