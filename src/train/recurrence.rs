//! The options that only recurrent networks have, checked against the sequences, and the network that a run begins with.

use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::data::SequenceParts;
use crate::data::sequences::Sequences;
use crate::error::{Error, Result};
use crate::nn::Real;
use crate::nn::recurrent::Recurrent;
use crate::number::exact;
use crate::train::config::{Config, Recurrence};
use crate::train::examples::SequenceRows;

/// The widest recurrent layer that is accepted.
const WIDEST: usize = 4_096;
/// The most numbers that an array of a batch may have: 400 MB of them in `f64`.
const MOST: usize = 50_000_000;
/// The numbers that an array of what is measured at a time, or carried in a snapshot, has at most, unless one sequence has more.
const ENOUGH: usize = 2_000_000;
/// Sequences that are measured at a time.
pub(super) const MEASURED: usize = 64;

impl Recurrence {
    /// Refuses options that can't be trained on these sequences, naming the flag, what was found and what is allowed.
    ///
    /// # Errors
    /// `Error::Usage`.
    pub(super) fn check(&self, config: &Config, SequenceParts { sequences, m }: &SequenceParts) -> Result<()> {
        let refuse = |text: String| Err(Error::Usage(text));
        match config.layers.as_slice() {
            [1..=WIDEST] => {}
            layers => {
                let found = layers.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
                return refuse(format!(
                    "--layers {found}: a recurrent net has one hidden layer of 1 to {WIDEST} units"
                ));
            }
        }
        if self.truncate == Some(0) {
            return refuse("--truncate 0: at least 1 step".into());
        }
        if config.dropout > 0.0 {
            return refuse(format!("--dropout {}: recurrent layers have none", exact(config.dropout)));
        }
        let (batch, numbers) = (config.batch.size(*m), self.numbers(config, sequences));
        if batch.saturating_mul(numbers) > MOST {
            return refuse(format!(
                "--batch {batch}: {numbers} numbers a sequence, over all steps and gates, make more than {MOST}: fewer with --batch, --length or --layers"
            ));
        }
        if *m == 0 {
            return refuse(format!("--test-split {}: nothing is left to learn from", exact(config.test_split)));
        }
        Ok(())
    }

    /// Numbers that the largest array of a pass has for each sequence.
    fn numbers(&self, config: &Config, sequences: &Sequences) -> usize {
        numbers(config.layers[0] * self.cell.gates().len(), sequences)
    }

    /// How many sequences, up to so many, are looked at together.
    pub(super) fn together(&self, config: &Config, sequences: &Sequences, most: usize) -> usize {
        (ENOUGH / self.numbers(config, sequences)).clamp(1, most)
    }

    /// The network before the first update: of the weights that were given, which fit, or drawn: each gate like a layer of its own, with
    /// biases that begin where the cell wants them.
    pub(super) fn network<T: Real>(&self, config: &Config, sequences: &Sequences) -> Recurrent<T> {
        if let Some(weights) = &config.weights {
            let network = weights.recurrent(self.cell, config.output, sequences.reads);
            let Recurrent { cell, theta, output, reads } = network.expect("the weights were checked");
            return Recurrent { cell, theta: theta.map(|theta| theta.mapv(T::of)), output, reads };
        }
        let (inputs, outputs, units) = (sequences.inputs.len(), sequences.outputs.len(), config.layers[0]);
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let mut gates = |from: usize, biases: usize| {
            let mut all = Array2::zeros((0, from + biases));
            for _ in self.cell.gates() {
                let layer = config.init.layer(from, units, &mut rng);
                all.append(Axis(0), layer.slice(ndarray::s![.., 1 - biases..])).expect("of one width");
            }
            all
        };
        let mut x: Array2<f64> = gates(inputs, 1);
        let h = gates(units, usize::from(self.cell.has_second_bias()));
        for (gate, name) in self.cell.gates().iter().enumerate() {
            if let Some(bias) = self.cell.first_bias(name) {
                x.slice_mut(ndarray::s![gate * units..(gate + 1) * units, 0]).fill(bias);
            }
        }
        let o = config.init.layer(units, outputs, &mut rng);
        Recurrent {
            cell: self.cell,
            theta: [x, h, o].map(|theta| theta.mapv(T::of)),
            output: config.output,
            reads: sequences.reads,
        }
    }
}

/// Numbers that the largest array of a pass has for each sequence, where all gates together have so many units.
fn numbers(wide: usize, sequences: &Sequences) -> usize {
    (sequences.steps + 1) * wide.max(sequences.inputs.len()).max(sequences.outputs.len())
}

/// The sequences, as many of which are measured together as they are while a network is trained.
pub(super) fn measured_rows(network: &Recurrent<f64>, parts: &SequenceParts) -> SequenceRows {
    let numbers = numbers(network.theta[0].nrows(), &parts.sequences);
    SequenceRows::of(parts.clone(), (ENOUGH / numbers).clamp(1, MEASURED))
}
