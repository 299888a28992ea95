//! What a look at the trainer sees: the next update, whole, copied into a snapshot.

use std::sync::Arc;

use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use super::Trainer;
use super::measure::{activations, mean_magnitudes, mean_norm};
use super::pass::{Rule, Whole};
use crate::nn::{Backprop, Forward, Memory, Network, Real};
use crate::train::history::{CostHistory, EpochHistory, ShareHistory};
use crate::train::snapshot::{CARRIED, Cost, Pace, Snapshot, Status};

impl<T: Real> Trainer<T> {
    /// Writes the present state into a snapshot, `recycled` if one is handed back; costs are told once.
    pub fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        let mut snapshot = recycled.unwrap_or_else(|| Box::new(self.empty_snapshot()));
        self.next.unpack();
        let pass = &self.next;
        snapshot.config = Arc::clone(&self.config);
        snapshot.data = Arc::clone(&self.data);
        snapshot.position = self.position;
        snapshot.regularisation = self.regularisation;
        snapshot.network.hidden.clone_from(&self.network.hidden);
        snapshot.network.output = self.network.output;
        copy_all(&mut snapshot.network.theta, &self.network.theta);
        snapshot.batch.clone_from(&pass.rows);
        let carried = pass.rows.len().min(CARRIED);
        let Whole { forward, backprop, sample_cost } = pass.whole();
        copy_rows(&mut snapshot.forward.z, &forward.z, carried);
        copy_rows(&mut snapshot.forward.a, &forward.a, carried);
        copy(&mut snapshot.forward.a[0], self.train.x.select(Axis(0), &pass.rows[..carried]).view());
        copy_rows(&mut snapshot.forward.mask, &forward.mask, carried);
        copy_rows(&mut snapshot.backprop.delta, &backprop.delta, carried);
        copy_rows(&mut snapshot.backprop.back, &backprop.back, carried);
        snapshot.sample_cost = sample_cost.slice(s![..carried]).mapv(Real::f64);
        copy_all(&mut snapshot.backprop.sum, &backprop.sum);
        let rates = self.config.rates(&self.position);
        let rule = Rule { regularisation: &self.regularisation, config: &self.config, memory: &self.memory, rates };
        let layers = self.network.theta.len();
        let parts = [&mut snapshot.backprop.d, &mut snapshot.penalty, &mut snapshot.gradient, &mut snapshot.update];
        let [d, penalty, gradient, update] = parts.map(|part| {
            part.resize_with(layers, || Array2::zeros((0, 0)));
            part
        });
        for index in 0..layers {
            let parts = pass.parts(&self.network, &rule, index);
            copy(&mut d[index], parts.d.view());
            copy(&mut penalty[index], parts.penalty.view());
            copy(&mut gradient[index], parts.gradient.view());
            copy(&mut update[index], parts.update.view());
        }
        snapshot.cut = pass.cut;
        copy_memories(&mut snapshot.memory, &self.memory);
        copy_memories(&mut snapshot.memory_after, &pass.memory);
        snapshot.mean_delta = backprop.delta.iter().map(mean_magnitudes).collect();
        snapshot.delta_norm = backprop.delta.iter().map(mean_norm).collect();
        snapshot.activations = activations(&self.network, &forward);
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
            config: Arc::clone(&self.config),
            data: Arc::clone(&self.data),
            position: self.position,
            status: Status::Paused,
            pace: Pace::default(),
            network: Network { theta: Vec::new(), hidden: Vec::new(), output: self.network.output },
            regularisation: self.regularisation,
            batch: Vec::new(),
            forward: Forward::default(),
            sample_cost: Array1::default(0),
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

/// Copies matrices as `f64`, into the memory that is there if the shapes are.
fn copy_all<T: Real>(to: &mut Vec<Array2<f64>>, from: &[Array2<T>]) {
    to.resize_with(from.len(), || Array2::zeros((0, 0)));
    to.iter_mut().zip(from).for_each(|(to, from)| copy(to, from.view()));
}

/// The same for what an optimiser remembers.
fn copy_memories<T: Real>(to: &mut Vec<Memory<f64>>, from: &[Memory<T>]) {
    to.resize_with(from.len(), Memory::default);
    for (to, from) in to.iter_mut().zip(from) {
        for (to, from) in [(&mut to.v, &from.v), (&mut to.s, &from.s)] {
            match from {
                Some(from) => copy(to.get_or_insert_with(|| Array2::zeros((0, 0))), from.view()),
                None => *to = None,
            }
        }
    }
}

/// The same for the first rows of each.
fn copy_rows<T: Real>(to: &mut Vec<Array2<f64>>, from: &[Array2<T>], rows: usize) {
    to.resize_with(from.len(), || Array2::zeros((0, 0)));
    to.iter_mut().zip(from).for_each(|(to, from)| copy(to, from.slice(s![..rows.min(from.nrows()), ..])));
}

fn copy<T: Real>(to: &mut Array2<f64>, from: ArrayView2<T>) {
    if to.raw_dim() == from.raw_dim() {
        to.zip_mut_with(&from, |to, &from| *to = from.f64());
    } else {
        *to = from.mapv(Real::f64);
    }
}
