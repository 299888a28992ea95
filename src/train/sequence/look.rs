//! What a look at the trainer sees, copied into a scene.

use std::sync::Arc;

use ndarray::{Array1, Array2, s};

use super::scene::{CARRIED, Flow, Scene};
use crate::nn::Real;
use crate::nn::recurrent::{Recurrent, Through, Unrolled, spectral_radius};
use crate::nn::subnormal::flushed;
use crate::train::examples::{Examples, Which};
use crate::train::snapshot::{Pace, Status};
use crate::train::trainer::{Rule, Trainer};

/// The widest layer whose eigenvalues are looked at, within a few milliseconds.
const WIDEST: usize = 128;

impl<T: Real> Trainer<T, Recurrent<T>> {
    /// The present state as a scene; costs are told once.
    pub fn scene(&mut self) -> Scene {
        let (update, plan) = (&self.next, &*self.options);
        let carried = update.rows.len().min(plan.together(&self.data, CARRIED));
        let rates = plan.config.rates(&self.position());
        let (config, truncate) = (&plan.config, plan.truncate);
        let rule = Rule { regularisation: &self.regularisation, config, truncate, memory: &self.memory, rates };
        let blank = || [(); 3].map(|()| Array2::zeros((0, 0)));
        let [mut d, mut penalty, mut gradient, mut next] = [blank(), blank(), blank(), blank()];
        flushed(|| {
            for index in 0..3 {
                let to = [&mut d[index], &mut penalty[index], &mut gradient[index], &mut next[index]];
                update.write_gradients(&self.model, &rule, index, to);
            }
        });
        let network = Recurrent {
            cell: self.model.cell,
            theta: self.model.theta.each_ref().map(wide),
            output: self.model.output,
            reads: self.model.reads,
        };
        let rows = update.rows.len();
        let of = |array: &Array2<T>| first(array, rows, carried);
        Scene {
            plan: Arc::clone(&self.options),
            sequences: Arc::clone(&self.data),
            learnt_from: Examples::<T>::count(&self.examples, Which::Training),
            position: self.position(),
            status: Status::Paused,
            pace: Pace::default(),
            regularisation: self.regularisation,
            batch: update.rows.clone(),
            y: of(&update.gathered.1),
            flow: flow(&update.workspace.through, rows, plan.truncate),
            radius: radius(&network),
            network,
            forward: first_of_forward(&update.workspace.forward, carried, of),
            through: first_of_back(&update.workspace.through, of),
            d,
            penalty,
            gradient,
            update: next,
            cut: update.cut,
            cost: update.cost.clone(),
            latest: self.latest(),
            costs: std::mem::take(&mut self.costs),
            epochs: std::mem::take(&mut self.epochs),
            changes: self.changes.clone(),
            run: 0,
        }
    }
}

/// The first samples of a forward pass.
fn first_of_forward<T: Real>(
    forward: &Unrolled<T>,
    carried: usize,
    of: impl Fn(&Array2<T>) -> Array2<f64>,
) -> Unrolled<f64> {
    let Unrolled { x, z, recurrent, gate, h, s, squashed, z_o, .. } = forward;
    Unrolled {
        samples: carried,
        x: of(x),
        z: of(z),
        recurrent: of(recurrent),
        gate: of(gate),
        h: of(h),
        s: of(s),
        squashed: of(squashed),
        z_o: of(z_o),
    }
}

/// The first samples of a backward pass, and the sums over all.
fn first_of_back<T: Real>(through: &Through<T>, of: impl Fn(&Array2<T>) -> Array2<f64>) -> Through<f64> {
    let Through { o, cost, delta_o, back, later, back_s, delta, delta_h, sum } = through;
    let cost = cost.to_shape((cost.len(), 1)).expect("a column").into_owned();
    Through {
        o: of(o),
        cost: Array1::from_iter(of(&cost)),
        delta_o: of(delta_o),
        back: of(back),
        later: of(later),
        back_s: of(back_s),
        delta: of(delta),
        delta_h: of(delta_h),
        sum: sum.each_ref().map(wide),
    }
}

fn wide<T: Real>(array: &Array2<T>) -> Array2<f64> {
    array.mapv(|entry| entry.f64())
}

/// Of an array with so many rows a step, the first of each step.
fn first<T: Real>(array: &Array2<T>, rows: usize, carried: usize) -> Array2<f64> {
    let steps = array.nrows() / rows.max(1);
    Array2::from_shape_fn((steps * carried, array.ncols()), |(at, unit)| {
        array[[at / carried * rows + at % carried, unit]].f64()
    })
}

/// The largest |eigenvalue| of what joins a state to the next one's candidate: the rows of n, or all of a plain cell.
fn radius(network: &Recurrent<f64>) -> Option<f64> {
    let weights = network.recurrent_weights();
    let units = weights.ncols();
    let last = weights.nrows() - units;
    (units <= WIDEST).then(|| spectral_radius(weights.slice(s![last.., ..])))
}

/// How the gradient fares from step to step; `back` and `later` have so many rows for each of h_0 … h_T.
fn flow<T: Real>(through: &Through<T>, rows: usize, truncate: Option<usize>) -> Vec<Flow> {
    let steps = through.back.nrows() / rows - 1;
    let at = |array: &Array2<T>, t: usize| -> (f64, f64) {
        let squares = array.slice(s![t * rows..(t + 1) * rows, ..]);
        let of_rows = squares.rows().into_iter().map(|row| row.iter().map(|entry| entry.f64().powi(2)).sum::<f64>());
        of_rows.fold((0.0, 0.0), |(norms, all), square| (norms + square.sqrt(), all + square))
    };
    (1..=steps)
        .map(|t| {
            let (norms, here) = at(&through.back, t);
            let cut = t > 1 && truncate.is_some_and(|length| (t - 1) % length == 0);
            let (_, arrived) = at(&through.later, t - 1);
            let gain = 0.5 * (arrived / here).log10();
            Flow { norm: norms / rows as f64, gain: (!cut && t > 1 && gain.is_finite()).then_some(gain), cut }
        })
        .collect()
}
