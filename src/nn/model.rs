//! What trains, whatever kind of network it is: its parameters, and its passes over a batch in memory that is reused.

use std::fmt;

use ndarray::{Array2, ArrayView2};

use super::{Real, Tensors, Weight};

/// A batch of B samples, in the form that a model reads.
///
/// A dense network has one row a sample. A recurrent one has a row for each step and sample, the B rows of a step behind each
/// other: T·B rows of inputs, and a row of targets for each row of outputs.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, T> {
    /// Inputs, stored row by row.
    pub x: ArrayView2<'a, T>,
    /// Targets, stored row by row.
    pub y: ArrayView2<'a, T>,
    /// B.
    pub samples: usize,
}

/// What holds for the pass of an update alone, and not where the whole network is measured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conditions {
    /// The chance that a hidden unit is left out.
    pub dropout: f64,
    /// What the units that are left out are drawn from: the seed, and the updates done.
    pub draw: (u64, u64),
    /// Steps that the gradient goes back through time at most; all if `None`.
    pub truncate: Option<usize>,
}

/// How a Θ is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// Θ^(l) of a dense network, from layer l to layer l+1.
    Layer(usize),
    /// Θ^x, Θ^h or Θ^o of a recurrent one.
    Of(&'static str),
}

/// How one weight is called, everywhere: its Θ, its row counted from 1, and its column, which is 0 for a bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightName {
    symbol: Symbol,
    row: usize,
    column: usize,
}

impl WeightName {
    /// Row and column, as they stand behind the letter of any number of this weight.
    pub fn place(self) -> String {
        format!("[{},{}]", self.row, self.column)
    }
}

impl fmt::Display for WeightName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.symbol, self.place())
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer(l) => write!(f, "Θ^({l})"),
            Self::Of(of) => write!(f, "Θ^{of}"),
        }
    }
}

impl Symbol {
    /// A letter in the place of Θ, such as D^(1).
    pub fn of(self, letter: &str) -> String {
        match self {
            Self::Layer(l) => format!("{letter}^({l})"),
            Self::Of(of) => format!("{letter}^{of}"),
        }
    }

    /// The units that it leads to, such as a^(2) or h.
    pub fn units(self) -> String {
        match self {
            Self::Layer(l) => format!("a^({})", l + 1),
            Self::Of("o") => "o".into(),
            Self::Of(_) => "h".into(),
        }
    }

    /// δ of these units, such as δ^(2); δ^h is what is multiplied by h_{t−1}, which is the δ of Θ^x unless the cell is a GRU.
    pub fn delta(self) -> String {
        match self {
            Self::Layer(l) => format!("δ^({})", l + 1),
            Self::Of("x") => "δ".into(),
            Self::Of(of) => format!("δ^{of}"),
        }
    }

    /// The layer of these units, where the inputs are layer 1.
    pub fn layer(self) -> usize {
        match self {
            Self::Layer(l) => l + 1,
            Self::Of("o") => 3,
            Self::Of(_) => 2,
        }
    }

    /// The name of one of its weights: row j and column i, both counted from 0 with so many columns of biases before the weights.
    pub fn weight(self, (j, i): (usize, usize), biases: usize) -> WeightName {
        WeightName { symbol: self, row: j + 1, column: (i + 1).saturating_sub(biases) }
    }
}

/// Threads that share the work of a pass.
pub trait Share {
    /// How many parts so many samples are split into, for so many multiplications in all; always the same for the same.
    fn parts(&self, samples: usize, multiplications: usize) -> usize;

    /// Does every job, and returns when all are done.
    fn share<J: FnOnce() + Send>(&mut self, jobs: impl IntoIterator<Item = J>);
}

/// One thread alone, which splits nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Share for Alone {
    fn parts(&self, _samples: usize, _multiplications: usize) -> usize {
        1
    }

    fn share<J: FnOnce() + Send>(&mut self, jobs: impl IntoIterator<Item = J>) {
        jobs.into_iter().for_each(|job| job());
    }
}

/// A network whose parameters are matrices Θ that an update changes.
///
/// Everything here is compiled for each model: nothing is looked up inside a step.
pub trait Model<T: Real>: Sync {
    /// The numbers of a pass over a batch; the memory serves every batch that is no larger than the largest so far.
    type Workspace: Default + Send + Sync;

    /// All Θ, in their order.
    fn parameters(&self) -> &[Array2<T>];

    /// The same, to be changed; their shapes stay.
    fn parameters_mut(&mut self) -> &mut [Array2<T>];

    /// The symbol of one Θ.
    fn symbol(&self, index: usize) -> Symbol;

    /// How many leading columns of one Θ are biases, which have no penalty.
    fn biases(&self, index: usize) -> usize;

    /// How many weights all Θ have.
    fn cells(&self) -> usize {
        self.parameters().iter().map(Array2::len).sum()
    }

    /// The name of one weight of a Θ that there is.
    fn weight_name(&self, Weight { l, j, i }: Weight) -> WeightName {
        self.symbol(l - 1).weight((j, i), self.biases(l - 1))
    }

    /// The forward and the backward pass over a batch: every number of the update up to ΣΔ.
    fn make(
        &self,
        batch: Batch<'_, T>,
        conditions: &Conditions,
        share: &mut impl Share,
        workspace: &mut Self::Workspace,
    );

    /// The forward pass and the cost alone, of the whole network.
    fn answer(&self, batch: Batch<'_, T>, workspace: &mut Self::Workspace);

    /// h of the last forward pass: a row for each row of targets; of an update's pass where one thread made it.
    fn outputs(workspace: &Self::Workspace) -> ArrayView2<'_, T>;

    /// The costs of the last forward pass, one for each row of targets; those of a sample add up to its J^(b).
    fn costs(workspace: &Self::Workspace) -> impl Iterator<Item = T>;

    /// ΣΔ of the last backward pass, shaped like Θ.
    fn sums(workspace: &Self::Workspace) -> &[Array2<T>];

    /// Writes the numbers of the last pass as named tensors, of the first `carried` samples of the batch that it was made of.
    fn tensors(&self, of: (Batch<'_, T>, usize), workspace: &mut Self::Workspace, to: &mut Tensors);

    /// How many threads shared the last pass.
    fn threads(workspace: &Self::Workspace) -> usize;

    /// For each hidden layer whose units can die the units, none of them seen alive; `None` for other layers.
    fn units_that_can_die(&self) -> Vec<Option<Vec<bool>>>;

    /// Marks the units that were not 0 for some sample of the last forward pass; NaN is alive.
    fn mark_alive(&self, workspace: &Self::Workspace, alive: &mut [Option<Vec<bool>>]);
}
