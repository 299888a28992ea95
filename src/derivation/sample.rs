//! Which sample: of the training or of the held-out part, as it was read or a copy with other inputs.

use crate::data::{Data, Part, Prepared};
use crate::train::Snapshot;

/// A sample of the training or of the held-out part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sample {
    /// Whether it is of the held-out part.
    pub held_out: bool,
    /// Its row in that part, counted from 0.
    pub row: usize,
    /// Whether it is a copy with other inputs, for viewing alone.
    pub edited: bool,
}

impl Sample {
    /// A sample of a part as it was read, its row counted from 0.
    pub fn of(held_out: bool, row: usize) -> Self {
        Self { held_out, row, edited: false }
    }

    /// Its place among the samples of the next batch that a snapshot carries; none of a copy, which is never trained on.
    pub fn carried(self, snapshot: &Snapshot) -> Option<usize> {
        if self.held_out || self.edited { None } else { snapshot.carried(self.row) }
    }

    /// What stands before the word sample or sequence: nothing for one of the training part as it was read.
    pub fn adjectives(self) -> &'static str {
        match (self.edited, self.held_out) {
            (true, true) => "edited held-out ",
            (true, false) => "edited ",
            (false, true) => "held-out ",
            (false, false) => "",
        }
    }

    /// The part that it is in; the training part where nothing is held out.
    pub fn part(self, data: &Prepared) -> &Part {
        data.test.as_ref().filter(|_| self.held_out).unwrap_or(&data.train)
    }

    /// The sample so many further on (or back), through the training part and then the held-out part, and round again; never a copy.
    pub fn moved(self, by: i64, data: &Data) -> Self {
        let (train, all) = (data.m(), data.m() + data.held_out());
        if all == 0 {
            return self;
        }
        let at = if self.held_out { train + self.row } else { self.row };
        let at = (at as i64 + by).rem_euclid(all as i64) as usize;
        if at < train { Self::of(false, at) } else { Self::of(true, at - train) }
    }
}
