//! A snapshot of a recurrent network, with its tensors by their letters.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use ndarray::Array2;

use super::Snapshot;
use crate::data::Data;
use crate::data::sequences::Sequences;
use crate::nn::recurrent::tensors::{
    C, COST, DELTA, DELTA_H, DELTA_O, FROM_STATE, GAIN, GATE, GRAD_C, GRAD_H, GRAD_H_NEXT, H, NORM, O, TANH_C, X, Y, Z,
    Z_O,
};
use crate::nn::{AnyModel, Recurrent, Tensors};

/// A snapshot of a recurrent network over T steps. B counts the sequences whose numbers are looked at: those that it carries, at most 32, or one
/// that was followed alone. Every array has a row for each step and sequence, the B rows of a step behind each other.
#[derive(Clone, Copy, Debug)]
pub struct RecurrentView<'a> {
    /// All of it.
    pub snapshot: &'a Snapshot,
    /// Θ as it is now, with what the layers compute.
    pub network: &'a Recurrent<f64>,
    /// The sequences.
    pub sequences: &'a Arc<Sequences>,
    /// The numbers of B sequences.
    tensors: &'a Tensors,
    /// B.
    pub samples: usize,
}

/// How the gradient fares at one step, over the whole batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Mean of ‖∂J^(b)/∂h_t‖.
    pub norm: f64,
    /// log10 of the factor that the gradient's length is multiplied by on its way from h_t to h_{t−1}; absent at the first step,
    /// where nothing arrives, and where the gradient is cut off.
    pub gain: Option<f64>,
    /// Whether it is cut off between t and t−1.
    pub cut: bool,
}

impl Snapshot {
    /// The snapshot as one of a recurrent network, if it is one.
    pub fn recurrent(&self) -> Option<RecurrentView<'_>> {
        match (&self.model, &self.data) {
            (AnyModel::Recurrent(network), Data::Sequences(parts)) => {
                let (sequences, tensors) = (&parts.sequences, &self.tensors);
                Some(RecurrentView { snapshot: self, network, sequences, tensors, samples: self.samples })
            }
            _ => None,
        }
    }
}

impl Deref for RecurrentView<'_> {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        self.snapshot
    }
}

/// An accessor for each array.
macro_rules! arrays {
    ($($(#[$doc:meta])* $name:ident $symbol:ident;)*) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> &'a Array2<f64> {
            self.tensors.values($symbol, 0)
        }
    )*};
}

impl<'a> RecurrentView<'a> {
    /// The same with the numbers of other sequences, of which there are so many.
    pub fn with(self, tensors: &'a Tensors, samples: usize) -> Self {
        Self { tensors, samples, ..self }
    }

    arrays! {
        /// x_1 … x_T.
        x X;
        /// The weighted input of the gates; of a GRU the part that is Θ^x [1; x_t].
        z Z;
        /// The gates after their activation; g'(z) of a plain cell.
        gate GATE;
        /// h_0 … h_T.
        h H;
        /// The output layer's weighted input at the steps that are read.
        z_o Z_O;
        /// The outputs there.
        o O;
        /// The targets there.
        y Y;
        /// δ^o there.
        delta_o DELTA_O;
        /// J_t^(b) there, one column.
        cost_t COST;
        /// ∂J^(b)/∂h_0 … ∂J^(b)/∂h_T.
        grad_h GRAD_H;
        /// The part of it that came from the step after.
        grad_h_next GRAD_H_NEXT;
        /// δ_t of the gates: what is multiplied by [1; x_t] in ΣΔ^x.
        delta DELTA;
    }

    /// What is multiplied by [1; h_{t−1}] in ΣΔ^h: δ_t, and of a GRU an array of its own.
    pub fn delta_h(&self) -> &'a Array2<f64> {
        self.tensors.get(DELTA_H, 0).map_or_else(|| self.delta(), |tensor| &tensor.values)
    }

    /// Θ^h [1; h_{t−1}] of a GRU; empty for other cells.
    pub fn from_state(&self) -> &'a Array2<f64> {
        self.of_some_cells(FROM_STATE)
    }

    /// c_0 … c_T of an LSTM; empty for other cells.
    pub fn c(&self) -> &'a Array2<f64> {
        self.of_some_cells(C)
    }

    /// tanh c_1 … tanh c_T of an LSTM; empty for other cells.
    pub fn tanh_c(&self) -> &'a Array2<f64> {
        self.of_some_cells(TANH_C)
    }

    /// ∂J^(b)/∂c_0 … ∂J^(b)/∂c_T of an LSTM; empty for other cells.
    pub fn grad_c(&self) -> &'a Array2<f64> {
        self.of_some_cells(GRAD_C)
    }

    /// An array that only some cells have; empty for the others.
    fn of_some_cells(&self, symbol: &'static str) -> &'a Array2<f64> {
        static NONE: LazyLock<Array2<f64>> = LazyLock::new(|| Array2::zeros((0, 0)));
        self.tensors.get(symbol, 0).map_or(&*NONE, |tensor| &tensor.values)
    }

    /// T.
    pub fn steps(&self) -> usize {
        self.x().nrows() / self.samples.max(1)
    }

    /// How the gradient fares at a step t = 1 … T.
    pub fn flow(&self, t: usize) -> Flow {
        let number = |symbol| self.snapshot.tensors.values(symbol, 0)[[t - 1, 0]];
        let truncate = self.config.recurrence.and_then(|recurrence| recurrence.truncate);
        let cut = t > 1 && truncate.is_some_and(|length| (t - 1).is_multiple_of(length));
        Flow { norm: number(NORM), gain: Some(number(GAIN)).filter(|gain| gain.is_finite()), cut }
    }
}
