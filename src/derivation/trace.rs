//! One sample's way through the network and back, at the Θ of one snapshot.

use ndarray::{Array2, ArrayView1, s};

use super::edited::EditedSample;
use super::sample::Sample;
use crate::data::Prepared;
use crate::nn::dense::tensors::{A, COST, DELTA, GRAD_A, MASK, Y, Z};
use crate::nn::{Batch, Conditions, Tensors};
use crate::train::{RecurrentView, Snapshot};

/// Everything that one sample makes at one Θ, in a network of any kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The sample.
    pub sample: Sample,
    /// Whether the next batch holds it, so that these are the trainer's own numbers; else they are computed for it alone, without dropout.
    pub in_batch: bool,
    /// The numbers of its pass, under the names that they have in a snapshot.
    pub tensors: Tensors,
    /// ∂J^(b)/∂x (2.3.3 for layer 1), 1 × S_1; of a sequence ∂J^(b)/∂x_t, T × inputs.
    ///
    /// Where the gradient is cut after so many steps, J^(b) counts as far as the last step of the block that t is in.
    pub grad_x: Array2<f64>,
    /// J^(b) (1.2.1).
    pub cost: f64,
    /// The class that is answered, where there are classes; absent of a sequence, which is answered at its steps.
    pub answer: Option<usize>,
    /// Whether the answer is the target's, where that can be said.
    pub right: Option<bool>,
    /// The copy that it is of, where its inputs were set by hand.
    pub edited: Option<EditedSample>,
}

impl Trace {
    /// Follows a sample through a snapshot's network; `None` if there is no such sample, or a layer without units, or of a copy, which is not in
    /// the data.
    pub fn of(sample: Sample, snapshot: &Snapshot) -> Option<Self> {
        if sample.edited {
            return None;
        }
        let carried = sample.carried(snapshot);
        let tensors = match carried {
            Some(b) => snapshot.tensors.of_sample(b),
            None => alone(&snapshot.data.one(sample.held_out, sample.row)?, snapshot)?,
        };
        Self::made(sample, tensors, snapshot).map(|trace| Self { in_batch: carried.is_some(), ..trace })
    }

    /// Follows a copy of a sample through a snapshot's network; `None` if it does not fit the network.
    pub fn of_edited(edited: &EditedSample, snapshot: &Snapshot) -> Option<Self> {
        let tensors = alone(&[edited.x.clone(), edited.y.clone()], snapshot)?;
        Self::made(edited.sample(), tensors, snapshot).map(|trace| Self { edited: Some(edited.clone()), ..trace })
    }

    fn made(sample: Sample, tensors: Tensors, snapshot: &Snapshot) -> Option<Self> {
        if snapshot.model.sizes().contains(&0) {
            return None;
        }
        // What Θ^(1) or Θ^x is multiplied by in ΣΔ.
        let first = if snapshot.dense().is_some() { 2 } else { 0 };
        let grad_x = tensors.values(DELTA, first).dot(&snapshot.model.theta(1)?.slice(s![.., 1..]));
        let cost = tensors.values(COST, 0).sum();
        let (in_batch, answer, right, edited) = (false, None, None, None);
        let trace = Self { sample, in_batch, tensors, grad_x, cost, answer, right, edited };
        let task = snapshot.data.task();
        let told = snapshot.dense().and_then(|dense| Some((trace.a(dense.depth())?, trace.y())));
        let (answer, right) = told.map_or((None, None), |(h, y)| (task.answer(h), task.is_right(h, y)));
        Some(Self { answer, right, ..trace })
    }

    /// The features of a dense network's sample as they were read, or set by hand.
    pub fn features<'a>(&'a self, data: &'a Prepared) -> Option<ArrayView1<'a, f64>> {
        match &self.edited {
            Some(edited) => Some(edited.read.row(0)),
            None => Some(data.dataset.x.row(*self.sample.part(data).row.get(self.sample.row)?)),
        }
    }

    /// The row of a tensor of a dense network.
    fn row(&self, symbol: &'static str, layer: usize) -> Option<ArrayView1<'_, f64>> {
        self.tensors.get(symbol, layer).map(|tensor| tensor.values.row(0))
    }

    /// z^(l), l = 2 … L.
    pub fn z(&self, l: usize) -> Option<ArrayView1<'_, f64>> {
        self.row(Z, l)
    }

    /// a^(l), l = 1 … L.
    pub fn a(&self, l: usize) -> Option<ArrayView1<'_, f64>> {
        self.row(A, l)
    }

    /// Whether units of hidden layers are left out.
    pub fn has_mask(&self) -> bool {
        self.tensors.get(MASK, 2).is_some()
    }

    /// r of a unit of layer l, where there is dropout: what g(z) is multiplied by.
    pub fn mask(&self, l: usize, unit: usize) -> Option<f64> {
        self.row(MASK, l)?.get(unit).copied()
    }

    /// δ^(l), l = 2 … L (2.4.6, 2.5.8).
    pub fn delta(&self, l: usize) -> Option<ArrayView1<'_, f64>> {
        self.row(DELTA, l)
    }

    /// ∂J^(b)/∂a^(l), l = 2 … L−1 (2.3.3).
    pub fn grad_a(&self, l: usize) -> Option<ArrayView1<'_, f64>> {
        self.row(GRAD_A, l)
    }

    /// The output, h = a^(L).
    pub fn h(&self) -> Option<ArrayView1<'_, f64>> {
        (2..).map_while(|l| self.a(l)).last()
    }

    /// The target, K numbers; of a sequence that of the first step that is read.
    pub fn y(&self) -> ArrayView1<'_, f64> {
        self.tensors.values(Y, 0).row(0)
    }

    /// The snapshot that it was made of, as one of a recurrent network with the numbers of this sequence alone.
    pub fn recurrent<'a>(&'a self, snapshot: &'a Snapshot) -> Option<RecurrentView<'a>> {
        Some(snapshot.recurrent()?.with(&self.tensors, 1))
    }
}

/// The numbers of a pass over one sample alone, without dropout, at a snapshot's Θ.
fn alone([x, y]: &[Array2<f64>; 2], snapshot: &Snapshot) -> Option<Tensors> {
    if snapshot.model.sizes().contains(&0) {
        return None;
    }
    let batch = Batch { x: x.view(), y: y.view(), samples: 1 };
    let truncate = snapshot.config.recurrence.and_then(|recurrence| recurrence.truncate);
    let conditions = Conditions { truncate, ..Conditions::default() };
    Some(snapshot.model.pass(batch, &conditions).of_sample(0))
}
