//! The gradient check: every ∂J/∂Θ of a network against the central difference of J, in `f64`.

use std::ops::ControlFlow;

use ndarray::{Array2, ArrayView2};

use super::network::weighted_input;
use super::{Network, Regularisation};

/// The step ε of the differences.
pub const EPSILON: f64 = 1e-6;
/// The relative difference that a correct gradient stays below.
pub const LIMIT: f64 = 1e-7;

/// What a check needs: a network, the samples that J is the mean over, and the penalty.
#[derive(Clone, Copy, Debug)]
pub struct Check<'a> {
    /// The network whose gradient is checked.
    pub network: &'a Network<f64>,
    /// The penalty that J contains.
    pub regularisation: Regularisation,
    /// Inputs, B × S_1.
    pub x: ArrayView2<'a, f64>,
    /// Targets, B × K.
    pub y: ArrayView2<'a, f64>,
}

/// One weight Θ^(l)_{ji} and its two derivatives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Layer l that the weight comes from.
    pub l: usize,
    /// Unit j of layer l+1, counted from 0.
    pub j: usize,
    /// Unit i of layer l; 0 is the bias unit.
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
pub enum Finding {
    /// It was not looked at, because only some cells were.
    Skipped,
    /// It can't be compared.
    Kinked(Kink),
    /// num − an.
    Error(f64),
}

/// The outcome for one Θ^(l).
#[derive(Clone, Debug, PartialEq)]
pub struct LayerReport {
    /// Layer l.
    pub l: usize,
    /// Cells compared.
    pub compared: usize,
    /// ‖num − an‖ over the cells compared.
    pub difference: f64,
    /// ‖num + an‖ over the cells compared.
    pub sum: f64,
    /// The cell with the largest |num − an|, unless every cell straddles a kink.
    pub worst: Option<Cell>,
    /// The norm that the rounding of J alone can give the differences of so many cells.
    pub rounding: f64,
    /// The cells left out of the norms, and why.
    pub kinks: Vec<(Cell, Kink)>,
    /// What was found cell by cell, S_{l+1} × (S_l + 1).
    pub findings: Array2<Finding>,
}

impl LayerReport {
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
}

/// Whether a cell is the one of its block of so many that is checked: each block's at another place, so that the width of a
/// matrix never leaves out whole columns.
fn is_picked(index: usize, every: usize) -> bool {
    let every = every.max(1);
    // Multiplying by the golden ratio's digits spreads neighbouring numbers.
    let spread = ((index / every) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    index % every == spread as usize % every
}

/// The central difference of one cell, and whether a kink lies between its ends.
struct Quotient {
    numeric: f64,
    kink: Option<Kink>,
}

impl Check<'_> {
    /// Checks every cell of every Θ; `progress` hears after each row how many of how many cells are done, and may stop the check.
    pub fn run(&self, progress: impl FnMut(usize, usize) -> ControlFlow<()>) -> Option<Vec<LayerReport>> {
        self.run_every(1, progress)
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.network.theta.iter().map(Array2::len).sum()
    }

    /// The same for one cell of every so many, spread over all rows and columns; always the same ones.
    pub fn run_every(
        &self,
        every: usize,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Option<Vec<LayerReport>> {
        let cells = self.cells();
        let forward = self.network.forward(self.x);
        let backprop = self.network.backward(&forward, self.y);
        // J(Θ ± ε) is rounded to ε_mach of what it is made of, costs and weighted inputs of the order of 1.
        let size = self.network.cost(&forward, self.y).mean().unwrap_or(0.0) + 1.0;
        let of_one_cell = f64::EPSILON * size / EPSILON;
        let mut done = 0;
        let mut reports = Vec::new();
        for l in 1..self.network.depth() {
            let theta = self.network.theta(l);
            let analytic = backprop.d(l) + &self.regularisation.gradient(theta); // 3.1.3
            let mut report = LayerReport {
                l,
                compared: 0,
                difference: 0.0,
                sum: 0.0,
                worst: None,
                rounding: 0.0,
                kinks: Vec::new(),
                findings: Array2::from_elem(theta.raw_dim(), Finding::Skipped),
            };
            for (j, row) in analytic.rows().into_iter().enumerate() {
                for (i, &analytic) in row.iter().enumerate().filter(|&(i, _)| is_picked(done + i, every)) {
                    let quotient = self.quotient(forward.a(l), forward.z(l + 1), [l, j, i]);
                    report.add(Cell { l, j, i, numeric: quotient.numeric, analytic }, quotient.kink);
                }
                done += row.len();
                if progress(done, cells).is_break() {
                    return None;
                }
            }
            report.difference = report.difference.sqrt();
            report.sum = report.sum.sqrt();
            report.rounding = of_one_cell * (report.compared as f64).sqrt();
            reports.push(report);
        }
        Some(reports)
    }

    /// The central difference of J in Θ^(l)_{ji}; a and z are those of the layers that the weight joins.
    ///
    /// The terms of the J^(b) are subtracted one by one, so that those that a weight hardly moves lose nothing in a long sum.
    fn quotient(&self, a: &Array2<f64>, z: &Array2<f64>, [l, j, i]: [usize; 3]) -> Quotient {
        let weight = self.network.theta(l)[[j, i]];
        let (above, below) = (weight + EPSILON, weight - EPSILON);
        let moved = |end: f64| {
            let mut z = z.clone();
            let by = end - weight;
            for (b, mut row) in z.rows_mut().into_iter().enumerate() {
                row[j] += if i == 0 { by } else { by * a[[b, i - 1]] };
            }
            self.finish(l + 1, z)
        };
        let (upper, lower) = (moved(above), moved(below));
        let samples = self.y.nrows() as f64;
        let data = upper.cost.iter().zip(&lower.cost).map(|(up, down)| up - down).sum::<f64>() / samples;
        let penalised = i > 0 && self.regularisation.strength() > 0.0;
        let rule = &self.regularisation;
        let reg = if penalised { rule.strength() * (rule.of_weight(above) - rule.of_weight(below)) } else { 0.0 };
        let kink = if upper.active != lower.active {
            Some(Kink::Unit)
        } else if penalised && rule.penalty == super::Penalty::L1 && weight.abs() <= EPSILON {
            Some(Kink::Weight)
        } else {
            None
        };
        Quotient { numeric: (data + reg) / (above - below), kink }
    }

    /// Runs the network on from a given z^(l) to J^(b), noting on which side of its kink each unit stands.
    fn finish(&self, mut l: usize, mut z: Array2<f64>) -> End {
        let mut active = Vec::new();
        while l < self.network.depth() {
            let kinks = self.network.hidden[l - 2].kinks();
            if !kinks.is_empty() {
                active.extend(z.iter().map(|&z| kinks.iter().filter(|&&kink| z > kink).count()));
            }
            let a = self.network.activate(l, &z);
            z = weighted_input(self.network.theta(l), &a);
            l += 1;
        }
        let output = self.network.output;
        let h = output.activate(&z);
        let terms = |b: usize| output.terms(z.row(b), h.row(b), self.y.row(b)).to_vec();
        End { cost: (0..z.nrows()).flat_map(terms).collect(), active }
    }
}

/// The terms of J^(b) of each sample, one an output unit, and how many of its kinks each unit is above.
struct End {
    cost: Vec<f64>,
    active: Vec<usize>,
}

impl LayerReport {
    /// Counts a cell in; `difference` and `sum` hold squares until the layer is done.
    fn add(&mut self, cell: Cell, kink: Option<Kink>) {
        if let Some(kink) = kink {
            self.kinks.push((cell, kink));
            self.findings[[cell.j, cell.i]] = Finding::Kinked(kink);
            return;
        }
        self.compared += 1;
        let error = cell.numeric - cell.analytic;
        self.findings[[cell.j, cell.i]] = Finding::Error(error);
        self.difference += error * error;
        self.sum += (cell.numeric + cell.analytic).powi(2);
        let worse = |worst: &Cell| error.abs() > (worst.numeric - worst.analytic).abs();
        if self.worst.as_ref().is_none_or(worse) {
            self.worst = Some(cell);
        }
    }
}
