//! A history in bounded memory: what it keeps stays evenly spread, so that a line through it is the line through all.

/// Something that comes with a number that grows.
pub trait Numbered {
    /// The number.
    fn number(&self) -> u64;
}

/// At most so many items, and the last one: those whose number is a multiple of the stride, which doubles when there are too many.
#[derive(Clone, Debug)]
pub struct Thinned<T, const MOST: usize> {
    /// Items whose number is a multiple of the stride.
    kept: Vec<T>,
    /// The last item, if it is not among them.
    last: Option<T>,
    stride: u64,
    /// Items that were dropped; the memory serves others.
    spare: Vec<T>,
}

impl<T, const MOST: usize> Default for Thinned<T, MOST> {
    fn default() -> Self {
        Self { kept: Vec::new(), last: None, stride: 1, spare: Vec::new() }
    }
}

impl<T: Numbered + Clone, const MOST: usize> Thinned<T, MOST> {
    /// Adds an item; one with the number of the last one takes its place.
    pub fn push(&mut self, item: &T) {
        let item = match self.spare.pop() {
            Some(mut place) => {
                place.clone_from(item);
                place
            }
            None => item.clone(),
        };
        if self.kept.last().is_some_and(|kept| kept.number() == item.number()) {
            self.spare.extend(self.kept.pop());
        }
        if self.kept.len() == MOST {
            self.stride *= 2;
            let stride = self.stride;
            self.spare.extend(self.kept.extract_if(.., |kept| !kept.number().is_multiple_of(stride)));
        }
        self.spare.extend(self.last.take());
        if item.number().is_multiple_of(self.stride) {
            self.kept.push(item);
        } else {
            self.last = Some(item);
        }
    }

    /// Adds all that another history holds.
    pub fn append(&mut self, later: &Self) {
        later.all().for_each(|item| self.push(item));
    }

    /// Empties the history, keeping its memory.
    pub fn clear(&mut self) {
        self.spare.append(&mut self.kept);
        self.spare.extend(self.last.take());
        self.stride = 1;
    }

    /// One of how many items is kept.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// All items kept, oldest first.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.kept.iter().chain(&self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Item(u64);

    impl Numbered for Item {
        fn number(&self) -> u64 {
            self.0
        }
    }

    const MOST: usize = 1_024;

    fn items(count: u64) -> Thinned<Item, MOST> {
        let mut history = Thinned::default();
        (0..count).for_each(|number| history.push(&Item(number)));
        history
    }

    #[test]
    fn every_item_is_kept_while_there_is_room() {
        assert!(items(MOST as u64).all().map(|item| item.0).eq(0..MOST as u64));
    }

    #[test]
    fn more_items_are_thinned_evenly_and_the_last_is_there() {
        let history = items(100_002);
        let kept: Vec<u64> = history.all().map(|item| item.0).collect();
        assert!(kept.len() <= MOST + 1 && kept.len() > MOST / 2);
        assert_eq!((kept[0], kept[kept.len() - 1]), (0, 100_001));
        assert!(kept[..kept.len() - 1].windows(2).all(|pair| pair[1] - pair[0] == kept[1]));
        let mut parts = items(0);
        parts.append(&history);
        assert_eq!(parts.all().last(), Some(&Item(100_001)));
    }

    #[test]
    fn an_item_that_is_told_again_is_there_once() {
        let mut history = items(4);
        history.push(&Item(3));
        assert_eq!(history.all().count(), 4);
    }
}
