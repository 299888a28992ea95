//! A dense network as a model that trains: a batch in one part for each thread, in memory that is reused.

pub mod tensors;

use ndarray::{Array2, ArrayView2, Axis};

use super::check::{Differences, Element, Outcome, Probe};
use super::fast::{self, DensePass};
use super::model::{Batch, Conditions, Model, Share, Symbol};
use super::network::weighted_input;
use super::{Forward, Network, Real, Tensors, dropout};

/// Everything that a pass of a dense network computes.
#[derive(Clone, Debug)]
pub struct DenseWorkspace<T> {
    /// The masks of its dropout; none without.
    mask: Vec<Array2<T>>,
    /// z, a, δ and J^(b) of the batch's parts, a thread each; ΣΔ of all of them is the first one's.
    parts: Vec<DensePass<T>>,
    /// How many parts there are; the memory of more may be there.
    used: usize,
}

impl<T> Default for DenseWorkspace<T> {
    fn default() -> Self {
        Self { mask: Vec::new(), parts: Vec::new(), used: 0 }
    }
}

impl<T: Real> DenseWorkspace<T> {
    /// Makes the numbers of the samples ready to be read.
    fn unpack(&mut self) {
        self.parts[..self.used].iter_mut().for_each(DensePass::unpack);
    }

    /// The parts that the batch was split in, in the order of its samples.
    fn parts(&self) -> &[DensePass<T>] {
        &self.parts[..self.used]
    }

    fn split_in(&mut self, parts: usize) -> &mut [DensePass<T>] {
        self.used = parts;
        if self.parts.len() < parts {
            self.parts.resize_with(parts, DensePass::default);
        }
        &mut self.parts[..parts]
    }
}

impl<T: Real> Model<T> for Network<T> {
    type Workspace = DenseWorkspace<T>;

    fn parameters(&self) -> &[Array2<T>] {
        &self.theta
    }

    fn parameters_mut(&mut self) -> &mut [Array2<T>] {
        &mut self.theta
    }

    fn symbol(&self, index: usize) -> Symbol {
        Symbol::Layer(index + 1)
    }

    fn biases(&self, _index: usize) -> usize {
        1
    }

    fn make(
        &self,
        Batch { x, y, samples }: Batch<'_, T>,
        conditions: &Conditions,
        share: &mut impl Share,
        workspace: &mut DenseWorkspace<T>,
    ) {
        if conditions.dropout > 0.0 {
            let hidden = self.theta[..self.theta.len() - 1].iter().map(Array2::nrows);
            dropout::draw_masks(conditions.dropout, hidden, samples, conditions.draw, &mut workspace.mask);
        } else {
            workspace.mask.clear();
        }
        let multiplications = samples * self.theta.iter().map(|theta| 3 * theta.len()).sum::<usize>();
        let parts = if fast::is_narrow(self) { 1 } else { share.parts(samples, multiplications) };
        workspace.split_in(parts);
        let DenseWorkspace { mask, parts: passes, .. } = workspace;
        match parts {
            1 => passes[0].make(self, (x, y), (mask, 0)),
            _ => make_in_parts(self, (x, y), (mask, share), &mut passes[..parts]),
        }
    }

    fn answer(&self, Batch { x, y, .. }: Batch<'_, T>, workspace: &mut DenseWorkspace<T>) {
        workspace.split_in(1)[0].answer(self, (x, y));
    }

    fn outputs(workspace: &DenseWorkspace<T>) -> ArrayView2<'_, T> {
        workspace.parts[0].numbers().0.h().view()
    }

    fn costs(workspace: &DenseWorkspace<T>) -> impl Iterator<Item = T> {
        workspace.parts().iter().flat_map(|part| part.sample_cost().iter().copied())
    }

    fn sums(workspace: &DenseWorkspace<T>) -> &[Array2<T>] {
        workspace.parts[0].sum()
    }

    fn tensors(&self, of: (Batch<'_, T>, usize), workspace: &mut DenseWorkspace<T>, to: &mut Tensors) {
        workspace.unpack();
        tensors::write(self, of, workspace.parts(), to);
    }

    fn threads(workspace: &DenseWorkspace<T>) -> usize {
        workspace.used
    }

    fn units_that_can_die(&self) -> Vec<Option<Vec<bool>>> {
        let layers = self.hidden.iter().zip(&self.theta);
        layers.map(|(g, theta)| g.can_die().then(|| vec![false; theta.nrows()])).collect()
    }

    fn mark_alive(&self, workspace: &DenseWorkspace<T>, alive: &mut [Option<Vec<bool>>]) {
        for part in workspace.parts() {
            for (alive, a) in alive.iter_mut().zip(part.numbers().0.a.iter().skip(1)) {
                for (alive, unit) in alive.iter_mut().flatten().zip(a.columns()) {
                    *alive = *alive || unit.iter().any(|&a| a != T::zero());
                }
            }
        }
    }
}

/// Makes a batch in parts: a thread has some of its samples, and then some units' rows of every ΣΔ^(l), which are the first part's.
fn make_in_parts<T: Real>(
    network: &Network<T>,
    (x, y): (ArrayView2<T>, ArrayView2<T>),
    (mask, share): (&[Array2<T>], &mut impl Share),
    parts: &mut [DensePass<T>],
) {
    let threads = parts.len();
    let most = x.nrows().div_ceil(threads);
    let pieces = x.axis_chunks_iter(Axis(0), most).zip(y.axis_chunks_iter(Axis(0), most));
    let jobs = parts.iter_mut().zip(pieces).enumerate();
    share.share(jobs.map(|(index, (part, piece))| move || part.part(network, piece, (mask, index * most))));
    let mut sums = std::mem::take(parts[0].sum_mut());
    let mut jobs: Vec<Vec<_>> = (0..threads).map(|_| Vec::with_capacity(sums.len())).collect();
    for (l, sum) in (1..).zip(&mut sums) {
        let most = sum.nrows().div_ceil(threads);
        for (index, rows) in sum.axis_chunks_iter_mut(Axis(0), most).enumerate() {
            jobs[index].push((l, index * most, rows));
        }
    }
    let parts_made = &*parts;
    share.share(jobs.into_iter().map(|rows| {
        move || rows.into_iter().for_each(|(l, first, rows)| fast::sum_rows(parts_made, x, (l, first), rows))
    }));
    *parts[0].sum_mut() = sums;
}

/// A dense network that is run on from the layer of a weight, since all before it stays as it is.
#[derive(Debug)]
pub struct Onward<'a> {
    network: &'a Network<f64>,
    y: ArrayView2<'a, f64>,
    /// The pass at Θ itself.
    forward: Forward<f64>,
}

impl Differences for Network<f64> {
    const EPSILON: f64 = 1e-6;

    type Probe<'a> = Onward<'a>;

    fn probe<'a>(&'a self, Batch { x, y, .. }: Batch<'a, f64>) -> Onward<'a> {
        Onward { network: self, y, forward: self.forward(x) }
    }
}

impl Probe for Onward<'_> {
    fn moved(&mut self, Element { index, j, i }: Element, value: f64, end: &mut Outcome) {
        let Self { network, y, forward } = self;
        let mut l = index + 2;
        let by = value - network.theta[index][[j, i]];
        let (a, mut z) = (forward.a(l - 1), forward.z(l).clone());
        for (b, mut row) in z.rows_mut().into_iter().enumerate() {
            row[j] += if i == 0 { by } else { by * a[[b, i - 1]] };
        }
        while l < network.depth() {
            end.note_sides(network.hidden[l - 2].kinks(), &z);
            z = weighted_input(network.theta(l), &network.activate(l, &z));
            l += 1;
        }
        end.note_terms(network.output, &z, *y);
    }
}
