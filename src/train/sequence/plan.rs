//! What a run on sequences is made of, checked against the sequences, and the network that it begins with.

use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::data::Task;
use crate::data::sequences::{SequenceSource, Sequences};
use crate::error::{Error, Result, printable};
use crate::nn::recurrent::{Cell, Recurrent};
use crate::nn::{Named, Output, Real};
use crate::number::exact;
use crate::train::command_line::{quoted, written};
use crate::train::config::{Config, Precision};

/// What a run is made of: the options that it shares with dense networks, and those of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Those that it shares; the one hidden layer is the recurrent one.
    pub config: Config,
    /// What the recurrent layer computes.
    pub cell: Cell,
    /// Steps that the gradient goes back at most, counted in blocks from the first step; all if `None`.
    pub truncate: Option<usize>,
    /// Where the sequences come from.
    pub source: SequenceSource,
}

/// The widest recurrent layer that is accepted.
const WIDEST: usize = 4_096;
/// The most numbers that an array of a batch may have: 400 MB of them in `f64`.
const MOST: usize = 50_000_000;
/// The numbers that an array of what is measured at a time, or carried in a scene, has at most, unless one sequence has more.
const ENOUGH: usize = 2_000_000;

/// How many sequences are learnt from, the first ones, and how many are held out.
pub(in crate::train) fn parts(sequences: &Sequences, share: f64) -> (usize, usize) {
    let held_out = (sequences.count as f64 * share).round() as usize;
    (sequences.count.saturating_sub(held_out), held_out)
}

impl Plan {
    /// Refuses what can't be trained, naming the flag, what was found and what is allowed.
    ///
    /// # Errors
    /// `Error::Usage`.
    pub fn check(&self, sequences: &Sequences) -> Result<()> {
        self.config.check()?;
        let refuse = |text: String| Err(Error::Usage(text));
        match self.config.layers.as_slice() {
            [1..=WIDEST] => {}
            layers => {
                let found = layers.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
                return refuse(format!(
                    "--layers {found}: a recurrent net has one hidden layer of 1 to {WIDEST} units"
                ));
            }
        }
        if self.config.precision == Precision::F32 && sequences.largest() > f64::from(f32::MAX) {
            return refuse(format!("{}: values too large for --precision f32", printable(&sequences.name)));
        }
        if self.truncate == Some(0) {
            return refuse("--truncate 0: at least 1 step".into());
        }
        if self.config.dropout > 0.0 {
            return refuse(format!("--dropout {}: recurrent layers have none", exact(self.config.dropout)));
        }
        let allowed: &[Output] = match sequences.task {
            Task::Regression => &[Output::Linear],
            Task::Binary | Task::Labels => &[Output::Sigmoid, Output::SigmoidMse, Output::Linear],
            Task::Classes => &[Output::Softmax, Output::Sigmoid, Output::SigmoidMse, Output::Linear],
        };
        if !allowed.contains(&self.config.output) {
            let names: Vec<_> = allowed.iter().map(|output| output.name()).collect();
            let (output, names) = (self.config.output.name(), names.join(", "));
            return refuse(format!("--output {output}: {} is learnt with {names}", sequences.name));
        }
        let (train, _) = self.parts(sequences);
        let (batch, numbers) = (self.config.batch.size(train), self.numbers(sequences));
        if batch.saturating_mul(numbers) > MOST {
            return refuse(format!(
                "--batch {batch}: {numbers} numbers a sequence, over all steps and gates, make more than {MOST}: fewer with --batch, --length or --layers"
            ));
        }
        if train == 0 {
            return refuse(format!("--test-split {}: nothing is left to learn from", exact(self.config.test_split)));
        }
        Ok(())
    }

    /// The command line that starts a run with these options.
    pub fn command_line(&self) -> String {
        let mut line = self.config.command_line();
        let mut add = |flag: &str, value: String| line.push_str(&written(flag, &value));
        add("cell", self.cell.name().into());
        // Sequences of a table are as long as they are.
        if self.source.id.is_none() {
            add("length", self.source.steps.to_string());
        }
        if let Some(steps) = self.truncate {
            add("truncate", steps.to_string());
        }
        for (flag, column) in [("id", &self.source.id), ("step", &self.source.step), ("target", &self.source.target)] {
            if let Some(column) = column {
                add(flag, quoted(column));
            }
        }
        if self.source.prose {
            line.push_str(" --prose");
        }
        line
    }

    /// Numbers that the largest array of a pass has for each sequence.
    fn numbers(&self, sequences: &Sequences) -> usize {
        let wide = self.config.layers[0] * self.cell.gates().len();
        (sequences.steps + 1) * wide.max(sequences.inputs.len()).max(sequences.outputs.len())
    }

    /// How many sequences, up to so many, are looked at together.
    pub(in crate::train) fn together(&self, sequences: &Sequences, most: usize) -> usize {
        (ENOUGH / self.numbers(sequences)).clamp(1, most)
    }

    /// How many sequences are learnt from, the first ones, and how many are held out.
    pub(in crate::train) fn parts(&self, sequences: &Sequences) -> (usize, usize) {
        parts(sequences, self.config.test_split)
    }

    /// The network before the first update. Each gate is drawn like a layer of its own; the bias of an LSTM's f begins at 1, so
    /// that it remembers until it has learnt to forget.
    pub fn network<T: Real>(&self, sequences: &Sequences) -> Recurrent<T> {
        let (inputs, outputs, units) = (sequences.inputs.len(), sequences.outputs.len(), self.config.layers[0]);
        let mut rng = ChaCha8Rng::seed_from_u64(self.config.seed);
        let mut gates = |from: usize, biases: usize| {
            let mut all = Array2::zeros((0, from + biases));
            for _ in self.cell.gates() {
                let layer = self.config.init.layer(from, units, &mut rng);
                all.append(Axis(0), layer.slice(ndarray::s![.., 1 - biases..])).expect("of one width");
            }
            all
        };
        let mut x: Array2<f64> = gates(inputs, 1);
        let h = gates(units, usize::from(self.cell.has_second_bias()));
        if self.cell == Cell::Lstm {
            x.slice_mut(ndarray::s![units..2 * units, 0]).fill(1.0);
        }
        let o = self.config.init.layer(units, outputs, &mut rng);
        Recurrent {
            cell: self.cell,
            theta: [x, h, o].map(|theta| theta.mapv(T::of)),
            output: self.config.output,
            reads: sequences.reads,
        }
    }
}
