//! Named tensors: the numbers of a pass that somebody may look at, in memory that is reused.

use ndarray::{Array2, ArrayView2, s};

use super::fast::fit;

/// The mean of ‖δ‖ of what a Θ, counted from 1, leads to, over the whole batch, and in sequences over all steps, 1 × 1.
pub const DELTA_NORM: &str = "mean ‖δ‖";
/// The mean of the activations over the same and their deviation, 1 × 2; of a recurrent network h is 2 and o is 3.
pub const SPREAD: &str = "mean, deviation of a";
/// The share of a hidden layer's activations that is saturated over the same, 1 × 1, where there are ends to be near to.
pub const SATURATED: &str = "saturated";

/// How a tensor is called: its letter in the derivation, and the layer that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TensorName {
    /// Its letter, such as z, a or δ.
    pub symbol: &'static str,
    /// The layer l, where the network has numbered ones; else 0.
    pub layer: usize,
}

/// What the rows and the columns of a tensor are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Axes {
    /// The first step that it has rows for: 0 where it begins with the state before the first step, else 1.
    pub first_step: usize,
    /// How many steps it has rows for; 1 in a dense network.
    pub steps: usize,
    /// The samples that each step has a row for; absent where a row is of the whole batch.
    pub samples: Option<usize>,
    /// The gates whose units stand behind each other in the columns; none where the columns are the units of a layer.
    pub gates: &'static [&'static str],
}

/// A tensor: a row for each step and sample, the rows of a step behind each other, and a column for each unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensor {
    /// What its rows and columns are of.
    pub axes: Axes,
    /// Its numbers.
    pub values: Array2<f64>,
}

impl Tensor {
    /// The rows of one step, which is counted as the axes say.
    pub fn at(&self, step: usize) -> ArrayView2<'_, f64> {
        let rows = self.axes.samples.unwrap_or(1);
        let first = (step - self.axes.first_step) * rows;
        self.values.slice(s![first..first + rows, ..])
    }
}

/// All tensors of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensors {
    /// In the order of their names.
    all: Vec<(TensorName, bool, Tensor)>,
}

impl Tensors {
    /// Writes tensors in the place of those that are there, whose memory serves those of the same name; others are gone afterwards.
    pub fn write(&mut self, write: impl FnOnce(&mut Self)) {
        self.all.iter_mut().for_each(|(_, written, _)| *written = false);
        write(self);
        self.all.retain(|&(_, written, _)| written);
    }

    /// The place of a tensor with so many columns, to be filled; what is in it is of an older moment.
    pub fn put(&mut self, symbol: &'static str, layer: usize, axes: Axes, columns: usize) -> &mut Array2<f64> {
        let name = TensorName { symbol, layer };
        let index = self.all.binary_search_by_key(&name, |&(name, ..)| name).unwrap_or_else(|index| {
            self.all.insert(index, (name, true, Tensor::default()));
            index
        });
        let (_, written, tensor) = &mut self.all[index];
        (*written, tensor.axes) = (true, axes);
        fit(&mut tensor.values, (axes.steps * axes.samples.unwrap_or(1), columns));
        &mut tensor.values
    }

    /// Those of one sample, counted from 0: of each tensor that has rows for samples its own rows.
    pub fn of_sample(&self, b: usize) -> Self {
        let own = self.all.iter().filter_map(|(name, written, tensor)| {
            let samples = tensor.axes.samples.filter(|&samples| b < samples)?;
            let values = tensor.values.slice(s![b..; samples, ..]).to_owned();
            Some((*name, *written, Tensor { axes: Axes { samples: Some(1), ..tensor.axes }, values }))
        });
        Self { all: own.collect() }
    }

    /// The tensor of this name, if the network has it.
    pub fn get(&self, symbol: &'static str, layer: usize) -> Option<&Tensor> {
        let index = self.all.binary_search_by_key(&TensorName { symbol, layer }, |&(name, ..)| name).ok()?;
        Some(&self.all[index].2)
    }

    /// The numbers of a tensor that every network of its kind has.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn values(&self, symbol: &'static str, layer: usize) -> &Array2<f64> {
        &self.get(symbol, layer).expect("networks of this kind have it").values
    }

    /// All of them with their names.
    pub fn iter(&self) -> impl Iterator<Item = (TensorName, &Tensor)> {
        self.all.iter().map(|(name, _, tensor)| (*name, tensor))
    }

    /// All of them with their names, to write other numbers into them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (TensorName, &mut Tensor)> {
        self.all.iter_mut().map(|(name, _, tensor)| (*name, tensor))
    }
}
