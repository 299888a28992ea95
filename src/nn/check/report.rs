//! What a gradient check finds: cell by cell, for each Θ, and for all of them.

use ndarray::Array2;

use crate::nn::model::{Symbol, WeightName};

/// The relative difference that a correct gradient stays below.
pub const LIMIT: f64 = 1e-7;

/// One weight Θ_{ji} and its two derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CheckedCell {
    /// Row j, counted from 0.
    pub j: usize,
    /// Column i, biases counted with: of a dense layer 0 is the bias unit.
    pub i: usize,
    /// (J(Θ + ε) − J(Θ − ε)) / 2ε.
    pub numeric: f64,
    /// ∂J/∂Θ as backpropagation gives it (3.1.3).
    pub analytic: f64,
}

/// Why a cell can't be compared: its ±ε straddles a kink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kink {
    /// A z crosses a kink of its activation, as 0 is for a ReLU.
    Unit,
    /// The weight itself crosses 0 under an L1 penalty.
    Weight,
}

/// What the check says of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientFinding {
    /// It was not looked at, because only some cells were.
    Skipped,
    /// It can't be compared.
    Kinked(Kink),
    /// num − an.
    Error(f64),
}

/// What the check says of one Θ, or of all; a later one outweighs those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The relative difference is below the limit.
    Right,
    /// It is not, but the gradient is so small that rounding alone explains that: a difference of J can't tell.
    TooSmallToTell,
    /// Backpropagation and the differences of J do not agree.
    Wrong,
}

/// The outcome for one Θ.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// Which of the model's parameters it is, counted from 0.
    pub index: usize,
    /// Its symbol.
    pub symbol: Symbol,
    /// How many of its leading columns are biases.
    pub biases: usize,
    /// Cells compared.
    pub compared: usize,
    /// ‖num − an‖ over the cells compared.
    pub difference: f64,
    /// ‖num + an‖ over the cells compared.
    pub sum: f64,
    /// The cell with the largest |num − an|, unless every cell straddles a kink.
    pub worst: Option<CheckedCell>,
    /// The norm that the rounding of J alone can give the differences of so many cells.
    pub rounding: f64,
    /// The cells left out of the norms, and why.
    pub kinks: Vec<(CheckedCell, Kink)>,
    /// What was found cell by cell, shaped like Θ.
    pub findings: Array2<GradientFinding>,
}

impl LayerReport {
    /// That of a Θ of which nothing is checked yet.
    pub(super) fn of(index: usize, (symbol, biases): (Symbol, usize), shape: (usize, usize)) -> Self {
        Self {
            index,
            symbol,
            biases,
            compared: 0,
            difference: 0.0,
            sum: 0.0,
            worst: None,
            rounding: 0.0,
            kinks: Vec::new(),
            findings: Array2::from_elem(shape, GradientFinding::Skipped),
        }
    }

    /// Counts a cell in; `difference` and `sum` hold squares until all are in.
    pub(super) fn add(&mut self, cell: CheckedCell, kink: Option<Kink>) {
        if let Some(kink) = kink {
            self.kinks.push((cell, kink));
            self.findings[[cell.j, cell.i]] = GradientFinding::Kinked(kink);
            return;
        }
        self.compared += 1;
        let error = cell.numeric - cell.analytic;
        self.findings[[cell.j, cell.i]] = GradientFinding::Error(error);
        self.difference += error * error;
        self.sum += (cell.numeric + cell.analytic).powi(2);
        let worse = |worst: &CheckedCell| error.abs() > (worst.numeric - worst.analytic).abs();
        if self.worst.as_ref().is_none_or(worse) {
            self.worst = Some(cell);
        }
    }

    /// Turns the sums of squares into norms; the rounding is that of one cell's difference.
    pub(super) fn finish(mut self, rounding_of_one: f64) -> Self {
        self.difference = self.difference.sqrt();
        self.sum = self.sum.sqrt();
        self.rounding = rounding_of_one * (self.compared as f64).sqrt();
        self
    }

    /// How one of its weights is called.
    pub fn name_of(&self, cell: &CheckedCell) -> WeightName {
        self.symbol.weight((cell.j, cell.i), self.biases)
    }

    /// ‖num − an‖ / ‖num + an‖; 0 where both gradients are exactly 0.
    pub fn relative(&self) -> f64 {
        if self.difference == 0.0 { 0.0 } else { self.difference / self.sum }
    }

    /// Whether the relative difference is below the limit.
    pub fn holds(&self) -> bool {
        self.relative() < LIMIT
    }

    /// Whether the gradient is so small that rounding alone explains that the relative difference is not below the limit:
    /// nothing is known to be wrong, but a difference of J can't tell.
    pub fn is_too_small_to_tell(&self) -> bool {
        !self.holds() && self.difference <= self.rounding
    }

    /// What a Θ like this one is called: one of a dense network joins its layers, those of a recurrent one are of the same layer.
    pub fn noun(&self) -> &'static str {
        match self.symbol {
            Symbol::Layer(_) => "layer",
            Symbol::Of(_) => "matrix",
        }
    }

    /// What is said of this Θ.
    pub fn verdict(&self) -> Verdict {
        match () {
            () if self.holds() => Verdict::Right,
            () if self.is_too_small_to_tell() => Verdict::TooSmallToTell,
            () => Verdict::Wrong,
        }
    }
}

impl Verdict {
    /// What is said of all Θ: the worst of what is said of each.
    pub fn of(reports: &[LayerReport]) -> Self {
        reports.iter().map(LayerReport::verdict).max().unwrap_or(Self::Right)
    }
}
