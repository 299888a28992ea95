//! What was seen of each layer, at the steps that were looked at.

use std::collections::VecDeque;

/// How many past pictures are remembered.
const PAST: usize = 256;

/// One thing a layer, at each of the last 256 steps that were seen.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPast<T> {
    seen: VecDeque<(u64, Vec<T>)>,
}

impl<T> Default for LayerPast<T> {
    fn default() -> Self {
        Self { seen: VecDeque::new() }
    }
}

impl<T> LayerPast<T> {
    /// That of the present snapshot, layer by layer.
    pub fn present(&self) -> &[T] {
        self.seen.back().map_or(&[], |(_, layers)| layers)
    }

    /// Something of one layer, counted from 1 in the order they are kept in, with its step, oldest first.
    pub fn steps<N>(&self, index: usize, of: impl Fn(&T) -> N) -> Vec<(u64, N)> {
        let layer = |(step, layers): &(u64, Vec<T>)| Some((*step, of(layers.get(index.checked_sub(1)?)?)));
        self.seen.iter().filter_map(layer).collect()
    }

    /// The same without the steps.
    pub fn of<N>(&self, index: usize, of: impl Fn(&T) -> N) -> Vec<N> {
        self.steps(index, of).into_iter().map(|(_, number)| number).collect()
    }

    /// One layer itself, oldest first.
    pub fn layer(&self, index: usize) -> Vec<&T> {
        self.seen.iter().filter_map(|(_, layers)| layers.get(index.checked_sub(1)?)).collect()
    }

    /// Adds what was seen at a step; seen again it takes the place of what was seen first.
    pub fn push(&mut self, step: u64, layers: Vec<T>) {
        if self.seen.back().is_some_and(|&(last, _)| last == step) {
            self.seen.pop_back();
        }
        if self.seen.len() == PAST {
            self.seen.pop_front();
        }
        self.seen.push_back((step, layers));
    }
}
