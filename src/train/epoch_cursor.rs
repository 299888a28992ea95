//! Where a run stands in its epochs: the order of the samples, how many of them are taken, and the batch that comes next.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::config::Config;
use super::moment::Position;

/// The order of the epoch that the next batch belongs to, and how far it has come.
pub(super) struct EpochCursor {
    /// The rows of the training part in that order.
    order: Vec<usize>,
    /// How many of them were in the epoch's batches before the next one.
    taken: usize,
    position: Position,
}

/// A place in a run.
#[derive(Clone, Copy)]
pub(super) struct EpochPlace {
    /// Samples of the epoch under way that updates were made of.
    pub(super) taken: usize,
    pub(super) position: Position,
}

impl EpochCursor {
    /// At a place of a run over m samples; at step 0 its batches are counted.
    pub(super) fn at(config: &Config, m: usize, place: EpochPlace) -> Self {
        let mut cursor = Self { order: vec![0; m], taken: place.taken, position: place.position };
        match place.position.step {
            0 => cursor.begin_epoch(config),
            _ => cursor.put_in_order(config),
        }
        cursor
    }

    /// Where the run stands.
    pub(super) fn place(&self) -> EpochPlace {
        EpochPlace { taken: self.taken, position: self.position }
    }

    /// Samples of the training part.
    pub(super) fn m(&self) -> usize {
        self.order.len()
    }

    /// How far the run has come.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// Puts the rows of the batch that comes next in the place of others.
    pub(super) fn next_batch(&self, config: &Config, rows: &mut Vec<usize>) {
        let end = (self.taken + config.batch.size(self.m())).min(self.m());
        rows.clear();
        rows.extend_from_slice(&self.order[self.taken..end]);
    }

    /// Goes on by an update of so many samples; returns where it stood, so that it can go back.
    pub(super) fn advance(&mut self, config: &Config, samples: usize) -> EpochPlace {
        let stood = self.place();
        self.taken += samples;
        self.position.step += 1;
        self.position.batches_done += 1;
        if self.taken == self.m() {
            self.position.epochs_done += 1;
            self.position.batches_done = 0;
            self.taken = 0;
            self.begin_epoch(config);
        }
        stood
    }

    /// Whether the last update was the last one of an epoch.
    pub(super) fn is_at_an_end(&self) -> bool {
        self.position.batches_done == 0
    }

    /// Goes back to where it stood.
    pub(super) fn go_back(&mut self, config: &Config, to: EpochPlace) {
        let other_epoch = self.position.epochs_done != to.position.epochs_done;
        (self.taken, self.position) = (to.taken, to.position);
        if other_epoch {
            self.put_in_order(config);
        }
    }

    /// Cuts what is left of the epoch into batches of another size.
    pub(super) fn cut_anew(&mut self, config: &Config) {
        let left = self.m() - self.taken;
        self.position.batches = self.position.batches_done + left.div_ceil(config.batch.size(self.m()));
    }

    fn begin_epoch(&mut self, config: &Config) {
        // The last batch may be shorter.
        self.position.batches = self.m().div_ceil(config.batch.size(self.m())).max(1);
        self.put_in_order(config);
    }

    /// Puts the rows in the order of the epoch: a function of the seed and the epoch alone.
    fn put_in_order(&mut self, config: &Config) {
        self.order.iter_mut().enumerate().for_each(|(place, row)| *row = place);
        if config.shuffle {
            let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
            // Stream 0 of the seed draws the weights.
            rng.set_stream(self.position.epochs_done + 1);
            self.order.shuffle(&mut rng);
        }
    }
}
