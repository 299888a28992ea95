//! A recurrent layer with an output layer: the network unrolled in time, and directly below it the way back through time.

mod bptt;
mod cell;
mod spectral_radius;
pub mod tensors;
mod workspace;

use ndarray::{Array1, Array2, ArrayView2, s};

use super::fast::{fit, output, product, spread};
use super::{Named, Output, Real};

pub use bptt::{BpttBackward, BpttForward, RecurrentState};
pub use cell::{Cell, RecurrentLayer};
pub use spectral_radius::spectral_radius;
pub use workspace::{RecurrentWorkspace, Rerun};

/// At which steps there is an output, and with it a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputSteps {
    /// At every step.
    All,
    /// After the last one.
    Last,
}

impl Named for OutputSteps {
    const ALL: &'static [Self] = &[Self::All, Self::Last];

    fn name(self) -> &'static str {
        match self {
            Self::All => "every",
            Self::Last => "last",
        }
    }
}

/// The weights of a recurrent layer of H units and of its output layer of K, the same at every step.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrent<T> {
    /// What the layer computes.
    pub cell: Cell,
    /// Θ^x, G·H × (1 + inputs); Θ^h, G·H × (1 + H), for a plain cell H × H without a bias; Θ^o, K × (1 + H).
    pub theta: [Array2<T>; 3],
    /// Activation and cost of the output layer.
    pub output: Output,
    /// Where it is read.
    pub reads: OutputSteps,
}

impl<T: Real> Recurrent<T> {
    /// Inputs, H and K.
    pub fn sizes(&self) -> (usize, usize, usize) {
        let [x, _, o] = &self.theta;
        (x.ncols() - 1, o.ncols() - 1, o.nrows())
    }

    /// Θ^h without its bias: what joins h_{t−1} to the gates, G·H × H.
    pub fn recurrent_weights(&self) -> ArrayView2<'_, T> {
        let bias = usize::from(self.cell.has_second_bias());
        self.theta[1].slice(s![.., bias..])
    }

    /// The state that is all 0.
    pub fn blank(&self, samples: usize) -> RecurrentState<T> {
        let (_, units, _) = self.sizes();
        let of_c = if self.cell.has_cell_state() { (samples, units) } else { (0, 0) };
        RecurrentState { h: Array2::zeros((samples, units)), c: Array2::zeros(of_c) }
    }

    /// The forward pass: x has the rows of step 1, then of step 2 …; what it computes is put where an older pass was.
    pub fn forward(&self, x: ArrayView2<T>, start: &RecurrentState<T>, to: &mut BpttForward<T>) {
        let (inputs, units, outputs) = self.sizes();
        let samples = start.h.nrows();
        let (rows, steps) = (x.nrows(), x.nrows() / samples.max(1));
        let [of_x, of_h, of_o] = &self.theta;
        let wide = of_x.nrows();
        to.samples = samples;
        fit(&mut to.x, (rows, inputs));
        to.x.assign(&x);
        fit_all_of([(&mut to.z, (rows, wide)), (&mut to.gate, (rows, wide)), (&mut to.h, (rows + samples, units))]);
        let apart = if self.cell.keeps_sums_apart() { (rows, wide) } else { (0, 0) };
        let of_c = |rows: usize| if self.cell.has_cell_state() { (rows, units) } else { (0, 0) };
        fit_all_of([(&mut to.recurrent, apart), (&mut to.c, of_c(rows + samples)), (&mut to.tanh_c, of_c(rows))]);
        to.h.slice_mut(s![..samples, ..]).assign(&start.h);
        if self.cell.has_cell_state() {
            to.c.slice_mut(s![..samples, ..]).assign(&start.c);
        }
        let mut place = Vec::with_capacity(wide);
        spread(of_x.column(0), &mut to.z, &mut place);
        product::add(to.x.view(), of_x.slice(s![.., 1..]).t(), to.z.view_mut());
        let weights = self.recurrent_weights();
        for step in 0..steps {
            let now = step * samples..(step + 1) * samples;
            let from_h = if self.cell.keeps_sums_apart() { &mut to.recurrent } else { &mut to.z };
            let mut from_h = from_h.slice_mut(s![now.clone(), ..]);
            if self.cell.keeps_sums_apart() {
                from_h.assign(&of_h.column(0));
            } else if self.cell.has_second_bias() {
                from_h += &of_h.column(0);
            }
            product::add(to.h.slice(s![now, ..]), weights.t(), from_h);
            self.cell.step(to, step, units);
        }
        let read = self.read(&to.h, samples);
        fit(&mut to.z_o, (read.nrows(), outputs));
        spread(of_o.column(0), &mut to.z_o, &mut place);
        product::add(read, of_o.slice(s![.., 1..]).t(), to.z_o.view_mut());
    }

    /// What is answered after a forward pass, and what it costs: o, J_t^(b) and δ^o.
    pub fn answer(&self, forward: &BpttForward<T>, y: ArrayView2<T>, to: &mut BpttBackward<T>) {
        let shape = forward.z_o.dim();
        fit_all_of([(&mut to.o, shape), (&mut to.delta_o, shape)]);
        if to.cost.len() != shape.0 {
            to.cost = Array1::zeros(shape.0);
        }
        output::make(self.output, (&forward.z_o, y), (&mut to.o, &mut to.delta_o, &mut to.cost));
    }

    /// The backward pass after a forward pass: y has a row for each row of z^o. With `cut` the gradient does not go back over the
    /// end of every `cut` steps, counted from the first.
    pub fn backward(&self, forward: &BpttForward<T>, y: ArrayView2<T>, cut: Option<usize>, to: &mut BpttBackward<T>) {
        let (_, units, _) = self.sizes();
        let (samples, steps, wide) = (forward.samples, forward.steps(), self.theta[0].nrows());
        let (rows, read) = (forward.x.nrows(), forward.z_o.nrows());
        let [of_x, of_h, of_o] = &self.theta;
        self.answer(forward, y, to);
        fit(&mut to.delta, (rows, wide));
        fit_all_of([(&mut to.grad_h, (rows + samples, units)), (&mut to.grad_h_next, (rows + samples, units))]);
        let apart = if self.cell.keeps_sums_apart() { (rows, wide) } else { (0, 0) };
        let of_c = if self.cell.has_cell_state() { (rows + samples, units) } else { (0, 0) };
        fit_all_of([(&mut to.delta_h, apart), (&mut to.grad_c, of_c)]);
        to.grad_h.fill(T::zero());
        to.grad_h_next.fill(T::zero());
        to.grad_c.fill(T::zero());
        let first_read = to.grad_h.nrows() - read;
        let from_output = to.grad_h.slice_mut(s![first_read.., ..]);
        product::set(to.delta_o.view(), of_o.slice(s![.., 1..]), from_output);
        let weights = self.recurrent_weights();
        for step in (0..steps).rev() {
            let now = step * samples..(step + 1) * samples;
            let flows = step == 0 || cut.is_none_or(|cut| step % cut != 0);
            self.cell.step_back(forward, to, (step, units, flows));
            if flows {
                let delta = if self.cell.keeps_sums_apart() { &to.delta_h } else { &to.delta };
                let mut grad_h_next = to.grad_h_next.slice_mut(s![now.clone(), ..]);
                product::add(delta.slice(s![now.clone(), ..]), weights, grad_h_next.view_mut());
                let mut grad_h = to.grad_h.slice_mut(s![now, ..]);
                grad_h += &grad_h_next;
            }
        }
        let bias = usize::from(self.cell.has_second_bias());
        let delta_h = if self.cell.keeps_sums_apart() { &to.delta_h } else { &to.delta };
        let before = forward.h.slice(s![..rows, ..]);
        let sums = [
            (&to.delta, forward.x.view(), 1, of_x.dim()),
            (delta_h, before, bias, of_h.dim()),
            (&to.delta_o, self.read(&forward.h, samples), 1, of_o.dim()),
        ];
        for ((delta, a, bias, shape), sum) in sums.into_iter().zip(&mut to.sum) {
            fit(sum, shape);
            if bias > 0 {
                product::sum_columns(delta, 0, sum.column_mut(0), false);
            }
            product::set(delta.t(), a, sum.slice_mut(s![.., bias..]));
        }
    }

    /// The rows of h that the output layer reads.
    fn read<'a>(&self, h: &'a Array2<T>, samples: usize) -> ArrayView2<'a, T> {
        match self.reads {
            OutputSteps::All => h.slice(s![samples.., ..]),
            OutputSteps::Last => h.slice(s![h.nrows() - samples.., ..]),
        }
    }
}

fn fit_all_of<T: Real, const N: usize>(arrays: [(&mut Array2<T>, (usize, usize)); N]) {
    arrays.into_iter().for_each(|(array, shape)| fit(array, shape));
}
