//! The gradient check: every ∂J/∂Θ of a model against the central difference of J, in `f64`.

mod report;

use std::ops::ControlFlow;

use ndarray::{Array2, ArrayView2};

use super::model::{Alone, Batch, Conditions, Model};
use super::{Output, Regularisation};

pub use report::{CheckedCell, GradientFinding, Kink, LIMIT, LayerReport, Verdict};

/// Between two words on how far a check is, so many cells are checked at most.
const BETWEEN: usize = 64;

/// What a model tells beside its passes, so that its gradient can be compared with differences of J.
pub trait Differences: Model<f64> {
    /// The step ε of the differences.
    const EPSILON: f64;

    /// The network at Θ itself, and the memory in which it is run with one weight moved.
    type Probe<'a>: Probe
    where
        Self: 'a;

    /// Begins at this Θ, with the samples that J is the mean over.
    fn probe<'a>(&'a self, batch: Batch<'a, f64>) -> Self::Probe<'a>;
}

/// A network that can be run with one weight moved.
pub trait Probe {
    /// Where J and the units come out with one weight of another value and all others as they are.
    fn moved(&mut self, element: Element, value: f64, end: &mut Outcome);
}

/// Which weight of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// Which of the model's parameters, counted from 0.
    pub index: usize,
    /// Its row, counted from 0.
    pub j: usize,
    /// Its column, counted from 0, biases counted with.
    pub i: usize,
}

/// Where a network comes out: what its J is the sum of, and on which side of its kinks each unit stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The terms of the J^(b), one for each output unit of each row of targets, always in the same order.
    terms: Vec<f64>,
    /// How many kinks of its activation each z is above, always in the same order.
    above: Vec<usize>,
}

impl Outcome {
    /// Forgets the last one.
    pub fn clear(&mut self) {
        self.terms.clear();
        self.above.clear();
    }

    /// Notes on which side of an activation's kinks these z stand.
    pub fn note_sides(&mut self, kinks: &[f64], z: &Array2<f64>) {
        if !kinks.is_empty() {
            self.above.extend(z.iter().map(|&z| kinks.iter().filter(|&&kink| z > kink).count()));
        }
    }

    /// Notes what the output layer's z costs.
    pub fn note_terms(&mut self, output: Output, z: &Array2<f64>, y: ArrayView2<f64>) {
        let h = output.activate(z);
        for b in 0..z.nrows() {
            self.terms.extend(output.terms(z.row(b), h.row(b), y.row(b)));
        }
    }
}

/// What a check needs: a model, the samples that J is the mean over, and the penalty.
#[derive(Debug)]
pub struct Check<'a, M> {
    /// The model whose gradient is checked, that through all steps of its sequences.
    pub model: &'a M,
    /// The penalty that J contains.
    pub regularisation: Regularisation,
    /// The samples.
    pub batch: Batch<'a, f64>,
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

impl<M: Differences> Check<'_, M> {
    /// Checks every cell of every Θ; `progress` hears after each row, and in a long one after some cells, how many of how many
    /// cells are done, and may stop the check.
    pub fn run(&self, progress: impl FnMut(usize, usize) -> ControlFlow<()>) -> Option<Vec<LayerReport>> {
        self.run_every(1, progress)
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.model.cells()
    }

    /// The same for one cell of every so many, spread over all rows and columns; always the same ones.
    pub fn run_every(
        &self,
        every: usize,
        progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Option<Vec<LayerReport>> {
        self.compare(&self.gradient(), every, progress)
    }

    /// ∂J/∂Θ as backpropagation gives it (3.1.3), by the passes that train the model.
    pub fn gradient(&self) -> Vec<Array2<f64>> {
        let mut workspace = M::Workspace::default();
        self.model.make(self.batch, &Conditions::default(), &mut Alone, &mut workspace);
        let parameters = self.model.parameters().iter().zip(M::sums(&workspace)).enumerate();
        parameters
            .map(|(index, (theta, sum))| {
                let d = sum.mapv(|sum| sum / self.batch.samples as f64); // 3.1.2
                d + self.regularisation.gradient_beyond(self.model.biases(index), theta) // 3.1.3
            })
            .collect()
    }

    /// Compares a gradient, wherever it comes from, with the central differences, one cell of every so many.
    pub fn compare(
        &self,
        gradient: &[Array2<f64>],
        every: usize,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Option<Vec<LayerReport>> {
        let (cells, rounding) = (self.cells(), self.rounding());
        let mut probe = self.model.probe(self.batch);
        let mut ends = [Outcome::default(), Outcome::default()];
        let mut before = 0;
        let mut reports = Vec::new();
        for (index, analytic) in gradient.iter().enumerate() {
            let mut report =
                LayerReport::of(index, (self.model.symbol(index), self.model.biases(index)), analytic.dim());
            for (j, row) in analytic.rows().into_iter().enumerate() {
                let picked = row.iter().enumerate().filter(|&(i, _)| is_picked(before + i, every));
                for (checked, (i, &analytic)) in picked.enumerate() {
                    if checked > 0 && checked % BETWEEN == 0 && progress(before + i, cells).is_break() {
                        return None;
                    }
                    let Quotient { numeric, kink } = self.quotient(Element { index, j, i }, &mut probe, &mut ends);
                    report.add(CheckedCell { j, i, numeric, analytic }, kink);
                }
                before += row.len();
                if progress(before, cells).is_break() {
                    return None;
                }
            }
            reports.push(report.finish(rounding));
        }
        Some(reports)
    }

    /// The rounding that J alone can give one cell's difference.
    ///
    /// J(Θ ± ε) is rounded to ε_mach of what it is made of: costs and weighted inputs of the order of 1, at every step.
    fn rounding(&self) -> f64 {
        let mut workspace = M::Workspace::default();
        self.model.answer(self.batch, &mut workspace);
        let Batch { x, samples, .. } = self.batch;
        let samples = samples.max(1) as f64;
        let (cost, steps) = (M::costs(&workspace).sum::<f64>() / samples, x.nrows() as f64 / samples);
        f64::EPSILON * (cost + 1.0) * steps.sqrt() / M::EPSILON
    }

    /// The central difference of J in one weight.
    ///
    /// The terms of the J^(b) are subtracted one by one, so that those that a weight hardly moves lose nothing in a long sum.
    fn quotient(&self, element: Element, probe: &mut M::Probe<'_>, [upper, lower]: &mut [Outcome; 2]) -> Quotient {
        let Element { index, j, i } = element;
        let weight = self.model.parameters()[index][[j, i]];
        let (above, below) = (weight + M::EPSILON, weight - M::EPSILON);
        for (value, end) in [(above, &mut *upper), (below, &mut *lower)] {
            end.clear();
            probe.moved(element, value, end);
        }
        let data = upper.terms.iter().zip(&lower.terms).map(|(up, down)| up - down).sum::<f64>();
        let rule = &self.regularisation;
        let penalised = i >= self.model.biases(index) && rule.strength() > 0.0;
        let reg = if penalised { rule.strength() * (rule.of_weight(above) - rule.of_weight(below)) } else { 0.0 };
        let kink = if upper.above != lower.above {
            Some(Kink::Unit)
        } else if penalised && rule.penalty.has_kink() && weight.abs() <= M::EPSILON {
            Some(Kink::Weight)
        } else {
            None
        };
        Quotient { numeric: (data / self.batch.samples as f64 + reg) / (above - below), kink }
    }
}
