//! What a number of a snapshot is: the quantity by its letter, and the sample, step, unit and column that it is of.

use crate::derivation::Sample;
use crate::nn::Symbol;

/// What stands above a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Nothing.
    None,
    /// The number of a layer.
    Layer(usize),
    /// A name, such as that of a gate, or x, h and o of a recurrent network.
    Of(&'static str),
    /// The gate whose z or δ it is: z(g^o) is another number than z^o, which is the output's.
    Gate(&'static str),
}

impl From<Symbol> for Mark {
    fn from(symbol: Symbol) -> Self {
        match symbol {
            Symbol::Layer(l) => Self::Layer(l),
            Symbol::Of(of) => Self::Of(of),
        }
    }
}

impl Mark {
    /// As it is printed behind the letter.
    pub fn text(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Layer(l) => format!("^({l})"),
            Self::Of(of) => format!("^{of}"),
            Self::Gate(gate) => format!("(g^{gate})"),
        }
    }
}

/// The name of a quantity: its letter, and the layer, gate or Θ that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuantityKey {
    /// One of the letters in `letter`, or one of a kind of network alone.
    pub letter: &'static str,
    /// What stands above it.
    pub mark: Mark,
}

impl QuantityKey {
    /// A quantity with nothing above its letter.
    pub const fn plain(letter: &'static str) -> Self {
        Self { letter, mark: Mark::None }
    }

    /// A quantity of a layer l.
    pub const fn layer(letter: &'static str, l: usize) -> Self {
        Self { letter, mark: Mark::Layer(l) }
    }

    /// A quantity with a name above its letter.
    pub const fn of(letter: &'static str, mark: &'static str) -> Self {
        Self { letter, mark: Mark::Of(mark) }
    }

    /// A quantity of a Θ.
    pub fn parameter(letter: &'static str, symbol: Symbol) -> Self {
        Self { letter, mark: symbol.into() }
    }
}

/// One number: an element of a quantity. Axes that the quantity does not have are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// The quantity.
    pub key: QuantityKey,
    /// The sample or sequence.
    pub sample: Sample,
    /// The step t of a sequence, counted from 1; 0 is the state before the first step.
    pub t: usize,
    /// The unit, or the row of a matrix, counted from 1; 0 is the bias unit.
    pub j: usize,
    /// The column of a matrix, counted from 1; 0 is the bias.
    pub i: usize,
}

impl Node {
    /// A number that is one for the whole batch.
    pub fn of(key: QuantityKey) -> Self {
        Self { key, sample: Sample::default(), t: 0, j: 0, i: 0 }
    }

    /// A number of a unit, counted from 1, in one sample.
    pub fn unit(key: QuantityKey, sample: Sample, j: usize) -> Self {
        Self { sample, j, ..Self::of(key) }
    }

    /// A number of a matrix: row and column as the derivation counts them.
    pub fn cell(key: QuantityKey, (j, i): (usize, usize)) -> Self {
        Self { j, i, ..Self::of(key) }
    }

    /// The same of one sample.
    pub fn in_sample(self, sample: Sample) -> Self {
        Self { sample, ..self }
    }

    /// The same at a step.
    pub fn at(self, t: usize) -> Self {
        Self { t, ..self }
    }
}

/// The letters that networks of every kind have, and those of the dense ones.
pub mod letter {
    /// x, of a recurrent network at each step.
    pub const X: &str = "x";
    /// The weighted input.
    pub const Z: &str = "z";
    /// The activation.
    pub const A: &str = "a";
    /// The target.
    pub const Y: &str = "y";
    /// What g(z) is multiplied by where units are left out.
    pub const MASK: &str = "r";
    /// An output unit's term of J^(b).
    pub const COST_TERM: &str = "J^(b) of a unit";
    /// J^(b) of one sample.
    pub const SAMPLE_COST: &str = "J^(b)";
    /// The part of J^(b) of one step.
    pub const STEP_COST: &str = "J^(b) of a step";
    /// ∂J^(b)/∂x.
    pub const GRAD_X: &str = "∂J/∂x";
    /// ∂J^(b)/∂a.
    pub const GRAD_A: &str = "∂J/∂a";
    /// g'(z).
    pub const SLOPE: &str = "g'(z{})";
    /// δ = ∂J^(b)/∂z.
    pub const DELTA: &str = "δ";
    /// ∂z^(l+1)/∂z^(l), named by l.
    pub const Z_BY_Z: &str = "∂z/∂z{}";
    /// ∂z^(l+1)/∂a^(l), named by l.
    pub const Z_BY_A: &str = "∂z/∂a{}";
    /// ∂a^(l)/∂z^(l) as a matrix, whose numbers off the diagonal are 0 but for softmax.
    pub const A_BY_Z: &str = "∂a/∂z{}";
    /// What one path from z_i^(l) over z_d^(l+1) adds to δ_i.
    pub const PATH: &str = "path{}";
    /// ∂z^(l+1)/∂Θ^(l), named by l.
    pub const Z_BY_THETA: &str = "∂z/∂Θ{}";
    /// Θ.
    pub const THETA: &str = "Θ";
    /// Δ = ∂J^(b)/∂Θ.
    pub const SAMPLE_GRADIENT: &str = "Δ";
    /// ΣΔ over the batch.
    pub const SUM: &str = "ΣΔ";
    /// D.
    pub const D: &str = "D";
    /// ∂reg/∂Θ.
    pub const PENALTY: &str = "∂reg/∂Θ";
    /// ∂J/∂Θ.
    pub const GRADIENT: &str = "∂J/∂Θ";
    /// What the optimiser gathers.
    pub const VELOCITY: &str = "v";
    /// The mean squares that the optimiser remembers.
    pub const SQUARES: &str = "s";
    /// What the next update adds to Θ.
    pub const UPDATE: &str = "ΔΘ";
    /// Θ after it.
    pub const NEXT: &str = "next Θ";
    /// The data term of J.
    pub const DATA: &str = "data";
    /// A layer's sum of squares or magnitudes.
    pub const LAYER_SQUARES: &str = "squares";
    /// The same of one row of its Θ.
    pub const ROW_SQUARES: &str = "squares of a row";
    /// A layer's part of reg, and the whole of it.
    pub const REG: &str = "reg";
    /// J.
    pub const COST: &str = "J";
    /// A layer's share of J.
    pub const SHARE: &str = "reg{} of J";
    /// α in this epoch.
    pub const ALPHA: &str = "α";
    /// The factor of the schedule in this epoch.
    pub const SCHEDULE: &str = "γ";
    /// What a gradient that is too long is multiplied by.
    pub const CUT: &str = "c";
}
