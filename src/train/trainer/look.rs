//! What is asked for of a trainer's present state: the next update, whole, copied into a snapshot.

use std::sync::Arc;

use ndarray::Array2;

use super::pass::{PassRule, UpdatePass};
use super::{Trainable, Trainer};
use crate::nn::any::copy;
use crate::nn::subnormal::flushed;
use crate::nn::{AnyModel, Memory, Network, Output, Real, Symbol, Tensors};
use crate::train::examples::{Examples, Which};
use crate::train::history::{CostHistory, EpochHistory, ShareHistory};
use crate::train::moment::{Cost, Pace, Status};
use crate::train::snapshot::{Parameter, Snapshot};

impl<T: Real, M: Trainable<T>> Trainer<T, M> {
    /// Writes the present state into a snapshot, `recycled` if one is handed back; costs are told once.
    pub fn snapshot(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        let mut snapshot = recycled.unwrap_or_else(|| Box::new(self.empty_snapshot()));
        snapshot.config = Arc::clone(&self.config);
        snapshot.data = self.data.clone();
        snapshot.position = self.position();
        snapshot.regularisation = self.regularisation;
        self.model.copy_to(&mut snapshot.model);
        let UpdatePass { rows, gathered, workspace, .. } = &mut self.next;
        let carried = rows.len().min(M::carried(&self.config, &self.data));
        let batch = self.examples.batch(Which::Training, rows, gathered);
        snapshot.tensors.write(|tensors| self.model.tensors((batch, carried), workspace, tensors));
        snapshot.samples = carried;
        self.write_parameters(&mut snapshot.parameters);
        let pass = &self.next;
        snapshot.batch.clone_from(&pass.rows);
        snapshot.cut = pass.cut;
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

    fn write_parameters(&self, to: &mut Vec<Parameter>) {
        let pass = &self.next;
        let rates = self.config.rates(&self.position());
        let rule = PassRule { regularisation: &self.regularisation, config: &self.config, memory: &self.memory, rates };
        to.resize_with(self.model.parameters().len(), Parameter::default);
        for (index, to) in to.iter_mut().enumerate() {
            (to.symbol, to.biases) = (self.model.symbol(index), self.model.biases(index));
            copy(&mut to.sum, &M::sums(&pass.workspace)[index]);
            let parts = [&mut to.d, &mut to.penalty, &mut to.gradient, &mut to.update];
            flushed(|| pass.write_gradients(&self.model, &rule, index, parts));
            copy_memory(&mut to.memory, &self.memory[index]);
            copy_memory(&mut to.memory_after, &pass.memory[index]);
        }
    }

    fn empty_snapshot(&self) -> Snapshot {
        let model = AnyModel::Dense(Network { theta: Vec::new(), hidden: Vec::new(), output: Output::Linear });
        Snapshot {
            config: Arc::clone(&self.config),
            data: self.data.clone(),
            position: self.position(),
            status: Status::Paused,
            pace: Pace::default(),
            model,
            regularisation: self.regularisation,
            batch: Vec::new(),
            samples: 0,
            tensors: Tensors::default(),
            parameters: Vec::new(),
            cut: 1.0,
            cost: Cost::default(),
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

impl Default for Parameter {
    fn default() -> Self {
        let [sum, d, penalty, gradient, update] = [(); 5].map(|()| Array2::zeros((0, 0)));
        let (memory, memory_after) = (Memory::default(), Memory::default());
        Self { symbol: Symbol::Layer(0), biases: 0, sum, d, penalty, gradient, update, memory, memory_after }
    }
}

/// Copies what an optimiser remembers of one Θ.
fn copy_memory<T: Real>(to: &mut Memory<f64>, from: &Memory<T>) {
    for (to, from) in [(&mut to.v, &from.v), (&mut to.s, &from.s)] {
        match from {
            Some(from) => copy(to.get_or_insert_with(|| Array2::zeros((0, 0))), from),
            None => *to = None,
        }
    }
}
