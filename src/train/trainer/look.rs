//! What a look at the trainer sees: the next update, whole, copied into a snapshot.

use std::sync::Arc;

use ndarray::{Array1, Array2};

use super::Trainer;
use super::measure::{activations, mean_magnitudes, mean_norm};
use super::pass::Rule;
use crate::nn::subnormal::flushed;
use crate::nn::{Backprop, Forward, Memory, Network, Real, fast};
use crate::train::history::{CostHistory, EpochHistory, ShareHistory};
use crate::train::snapshot::{CARRIED, Cost, Pace, Snapshot, Status};

impl<T: Real> Trainer<T, Network<T>> {
    /// Writes the present state into a snapshot, `recycled` if one is handed back; costs are told once.
    pub fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        let mut snapshot = recycled.unwrap_or_else(|| Box::new(self.empty_snapshot()));
        self.next.workspace.unpack();
        let pass = &self.next;
        snapshot.config = Arc::clone(&self.options);
        snapshot.data = Arc::clone(&self.data);
        snapshot.position = self.position();
        snapshot.regularisation = self.regularisation;
        snapshot.network.hidden.clone_from(&self.model.hidden);
        snapshot.network.output = self.model.output;
        copy_all(&mut snapshot.network.theta, &self.model.theta);
        snapshot.batch.clone_from(&pass.rows);
        let carried = pass.rows.len().min(CARRIED);
        let samples = pass.workspace.parts();
        let Forward { z, a, mask } = &mut snapshot.forward;
        copy_rows(z, carried, samples, |part| &part.numbers().0.z);
        copy_rows(a, carried, samples, |part| &part.numbers().0.a);
        copy_rows(mask, carried, samples, |part| &part.numbers().0.mask);
        let x = self.examples.training_x();
        fast::fit(&mut a[0], (carried, x.ncols()));
        for (mut to, &row) in a[0].rows_mut().into_iter().zip(&pass.rows) {
            to.zip_mut_with(&x.row(row), |to, &from| *to = from.f64());
        }
        let Backprop { delta, back, sum, d } = &mut snapshot.backprop;
        copy_rows(delta, carried, samples, |part| &part.numbers().1.delta);
        copy_rows(back, carried, samples, |part| &part.numbers().1.back);
        copy_all(sum, samples[0].sum());
        snapshot.sample_cost.clear();
        let costs = samples.iter().flat_map(|part| part.sample_cost());
        snapshot.sample_cost.extend(costs.take(carried).map(|cost| cost.f64()));
        let (config, truncate) = (&*self.options, None);
        let rates = config.rates(&self.position());
        let rule = Rule { regularisation: &self.regularisation, config, truncate, memory: &self.memory, rates };
        let mut parts = [d, &mut snapshot.penalty, &mut snapshot.gradient, &mut snapshot.update];
        for part in &mut parts {
            part.resize_with(self.model.theta.len(), || Array2::zeros((0, 0)));
        }
        flushed(|| {
            for index in 0..self.model.theta.len() {
                pass.write_gradients(&self.model, &rule, index, parts.each_mut().map(|part| &mut part[index]));
            }
        });
        snapshot.cut = pass.cut;
        copy_memories(&mut snapshot.memory, &self.memory);
        copy_memories(&mut snapshot.memory_after, &pass.memory);
        measure_layers(&self.model, samples, &mut snapshot);
        snapshot.cost.clone_from(&pass.cost);
        snapshot.latest = self.latest;
        snapshot.answers = Arc::clone(&self.answers);
        snapshot.dead.clone_from(&self.dead);
        snapshot.changes.clone_from(&self.changes);
        // The emptied histories of the snapshot handed back take the trainer's place, so neither allocates.
        snapshot.costs.clear();
        snapshot.epochs.clear();
        snapshot.shares.clear();
        std::mem::swap(&mut snapshot.costs, &mut self.costs);
        std::mem::swap(&mut snapshot.shares, &mut self.shares);
        std::mem::swap(&mut snapshot.epochs, &mut self.epochs);
        snapshot
    }

    fn empty_snapshot(&self) -> Snapshot {
        Snapshot {
            config: Arc::clone(&self.options),
            data: Arc::clone(&self.data),
            position: self.position(),
            status: Status::Paused,
            pace: Pace::default(),
            network: Network { theta: Vec::new(), hidden: Vec::new(), output: self.model.output },
            regularisation: self.regularisation,
            batch: Vec::new(),
            forward: Forward::default(),
            sample_cost: Vec::new(),
            backprop: Backprop::default(),
            mean_delta: Vec::new(),
            delta_norm: Vec::new(),
            penalty: Vec::new(),
            gradient: Vec::new(),
            update: Vec::new(),
            cut: 1.0,
            memory: Vec::new(),
            memory_after: Vec::new(),
            cost: Cost::default(),
            activations: Vec::new(),
            latest: self.latest,
            answers: Arc::default(),
            dead: Vec::new(),
            costs: CostHistory::default(),
            shares: ShareHistory::default(),
            epochs: EpochHistory::default(),
            changes: Vec::new(),
            run: 0,
        }
    }
}

/// Puts the measures of each layer of units over the next batch in a snapshot.
fn measure_layers<T: Real>(network: &Network<T>, samples: &[fast::Pass<T>], snapshot: &mut Snapshot) {
    snapshot.mean_delta.resize_with(network.theta.len(), || Array1::zeros(0));
    snapshot.delta_norm.clear();
    snapshot.activations.clear();
    for (index, mean_delta) in snapshot.mean_delta.iter_mut().enumerate() {
        let delta = || samples.iter().map(|part| &part.numbers().1.delta[index]);
        mean_magnitudes(delta(), mean_delta);
        snapshot.delta_norm.push(mean_norm(delta()));
        snapshot.activations.push(activations(network.hidden.get(index), samples, index));
    }
}

/// Copies matrices as `f64`, into the memory that is there if the shapes are.
fn copy_all<T: Real>(to: &mut Vec<Array2<f64>>, from: &[Array2<T>]) {
    to.resize_with(from.len(), || Array2::zeros((0, 0)));
    to.iter_mut().zip(from).for_each(|(to, from)| copy(to, from));
}

/// The same for what an optimiser remembers.
fn copy_memories<T: Real>(to: &mut Vec<Memory<f64>>, from: &[Memory<T>]) {
    to.resize_with(from.len(), Memory::default);
    for (to, from) in to.iter_mut().zip(from) {
        for (to, from) in [(&mut to.v, &from.v), (&mut to.s, &from.s)] {
            match from {
                Some(from) => copy(to.get_or_insert_with(|| Array2::zeros((0, 0))), from),
                None => *to = None,
            }
        }
    }
}

/// The first rows of a batch, from the parts that it was split in, one array a layer.
fn copy_rows<T: Real>(
    to: &mut Vec<Array2<f64>>,
    rows: usize,
    parts: &[fast::Pass<T>],
    of: impl Fn(&fast::Pass<T>) -> &[Array2<T>],
) {
    let layers = of(&parts[0]);
    to.resize_with(layers.len(), || Array2::zeros((0, 0)));
    for (index, to) in to.iter_mut().enumerate() {
        fast::fit(to, (rows, layers[index].ncols()));
        let from = parts.iter().flat_map(|part| of(part)[index].rows());
        for (mut to, from) in to.rows_mut().into_iter().zip(from) {
            to.zip_mut_with(&from, |to, &from| *to = from.f64());
        }
    }
}

fn copy<T: Real>(to: &mut Array2<f64>, from: &Array2<T>) {
    fast::fit(to, from.dim());
    to.zip_mut_with(from, |to, &from| *to = from.f64());
}
