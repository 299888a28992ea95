//! A recurrent network as a model that trains: its passes over a batch, in memory that is reused.

use ndarray::{Array2, ArrayView2};

use super::{BpttBackward, BpttForward, Recurrent, RecurrentState, tensors};
use crate::nn::check::{Differences, Element, Outcome, Probe};
use crate::nn::fast::fit;
use crate::nn::model::{Batch, Conditions, Model, Share, Symbol};
use crate::nn::{Activation, Real, Tensors};

/// Everything that a pass of a recurrent network computes.
#[derive(Clone, Debug)]
pub struct RecurrentWorkspace<T> {
    /// The forward pass.
    pub forward: BpttForward<T>,
    /// The backward pass; o and the cost are there after a forward pass as well.
    pub backward: BpttBackward<T>,
    /// The state before the first step, all 0.
    start: RecurrentState<T>,
    /// Steps that the gradient went back at most.
    truncate: Option<usize>,
}

impl<T: Real> Default for RecurrentWorkspace<T> {
    fn default() -> Self {
        let [h, c] = [(); 2].map(|()| Array2::zeros((0, 0)));
        Self {
            forward: BpttForward::default(),
            backward: BpttBackward::default(),
            start: RecurrentState { h, c },
            truncate: None,
        }
    }
}

impl<T: Real> RecurrentWorkspace<T> {
    fn go_forward(&mut self, network: &Recurrent<T>, x: ArrayView2<T>, samples: usize) {
        let (_, units, _) = network.sizes();
        let of_c = if network.cell.has_cell_state() { (samples, units) } else { (0, 0) };
        // Memory that is reused holds zeros already.
        fit(&mut self.start.h, (samples, units));
        fit(&mut self.start.c, of_c);
        network.forward(x, &self.start, &mut self.forward);
    }
}

impl<T: Real> Model<T> for Recurrent<T> {
    type Workspace = RecurrentWorkspace<T>;

    fn parameters(&self) -> &[Array2<T>] {
        &self.theta
    }

    fn parameters_mut(&mut self) -> &mut [Array2<T>] {
        &mut self.theta
    }

    fn symbol(&self, index: usize) -> Symbol {
        Symbol::Of(["x", "h", "o"][index])
    }

    fn biases(&self, index: usize) -> usize {
        [1, usize::from(self.cell.has_second_bias()), 1][index]
    }

    /// One thread makes it: a step of a recurrent network is too small to be shared.
    fn make(
        &self,
        Batch { x, y, samples }: Batch<'_, T>,
        conditions: &Conditions,
        _share: &mut impl Share,
        workspace: &mut RecurrentWorkspace<T>,
    ) {
        workspace.go_forward(self, x, samples);
        workspace.truncate = conditions.truncate;
        self.backward(&workspace.forward, y, conditions.truncate, &mut workspace.backward);
    }

    fn answer(&self, Batch { x, y, samples }: Batch<'_, T>, workspace: &mut RecurrentWorkspace<T>) {
        workspace.go_forward(self, x, samples);
        Recurrent::answer(self, &workspace.forward, y, &mut workspace.backward);
    }

    fn outputs(workspace: &RecurrentWorkspace<T>) -> ArrayView2<'_, T> {
        workspace.backward.o.view()
    }

    fn costs(workspace: &RecurrentWorkspace<T>) -> impl Iterator<Item = T> {
        workspace.backward.cost.iter().copied()
    }

    fn sums(workspace: &RecurrentWorkspace<T>) -> &[Array2<T>] {
        &workspace.backward.sum
    }

    fn tensors(
        &self,
        (batch, carried): (Batch<'_, T>, usize),
        workspace: &mut RecurrentWorkspace<T>,
        to: &mut Tensors,
    ) {
        let RecurrentWorkspace { forward, backward, truncate, .. } = workspace;
        tensors::write(self, (batch.y, carried), (forward, backward, *truncate), to);
    }

    fn threads(_workspace: &RecurrentWorkspace<T>) -> usize {
        1
    }

    fn units_that_can_die(&self) -> Vec<Option<Vec<bool>>> {
        let (_, units, _) = self.sizes();
        vec![self.cell.activation().is_some_and(Activation::can_die).then(|| vec![false; units])]
    }

    fn mark_alive(&self, workspace: &RecurrentWorkspace<T>, alive: &mut [Option<Vec<bool>>]) {
        let states = workspace.forward.h.rows().into_iter().skip(workspace.forward.samples);
        if let Some(Some(alive)) = alive.first_mut() {
            states.for_each(|h| alive.iter_mut().zip(h).for_each(|(alive, &h)| *alive = *alive || h != T::zero()));
        }
    }
}

/// A recurrent network that is run through all its steps with one weight moved, since a weight acts at every step.
#[derive(Debug)]
pub struct Rerun<'a> {
    batch: Batch<'a, f64>,
    network: Recurrent<f64>,
    workspace: RecurrentWorkspace<f64>,
}

impl Differences for Recurrent<f64> {
    /// Ten times a dense network's. J^(b) goes through T steps, each with its rounding, so the difference of its terms is off by
    /// some √T ε_mach, which the quotient divides by ε; the error of the quotient itself, ε²/6 times the third derivative, is
    /// about as large at this ε.
    const EPSILON: f64 = 1e-5;

    type Probe<'a> = Rerun<'a>;

    fn probe<'a>(&'a self, batch: Batch<'a, f64>) -> Rerun<'a> {
        Rerun { batch, network: self.clone(), workspace: RecurrentWorkspace::default() }
    }
}

impl Probe for Rerun<'_> {
    fn moved(&mut self, Element { index, j, i }: Element, value: f64, end: &mut Outcome) {
        let Self { batch, network, workspace } = self;
        let weight = std::mem::replace(&mut network.theta[index][[j, i]], value);
        workspace.go_forward(network, batch.x, batch.samples);
        network.theta[index][[j, i]] = weight;
        if let Some(g) = network.cell.activation() {
            end.note_sides(g.kinks(), &workspace.forward.z);
        }
        end.note_terms(network.output, &workspace.forward.z_o, batch.y);
    }
}
