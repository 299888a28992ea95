//! Sequences that are made from a seed.

use std::f64::consts::PI;

use ndarray::Array3;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::set::{Sequences, check_size};
use super::text::TEXT;
use crate::data::suited::{RECURRENT, Suited};
use crate::data::{Making, Task};
use crate::error::{Error, Result};
use crate::nn::draw::share_of;
use crate::nn::recurrent::OutputSteps;
use crate::nn::{Activation, Cell, Output};

/// A rule that makes sequences.
#[derive(Debug)]
pub struct Made {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is to be learnt.
    pub about: &'static str,
    /// The options with which it learns and is worth watching.
    pub suited: Suited,
    /// The recurrent layer with which it learns: gates where something is to be remembered for long.
    pub cell: Cell,
    task: Task,
    inputs: &'static [&'static str],
    outputs: &'static [&'static str],
    /// Whether something is learnt at every step.
    every: bool,
    /// The least steps that make sense.
    least: usize,
    rule: fn(&mut SequenceDraw, &mut Step<'_>),
}

/// One sequence that is filled: its inputs and targets by step.
struct Step<'a> {
    x: ndarray::ArrayViewMut2<'a, f64>,
    y: ndarray::ArrayViewMut2<'a, f64>,
}

/// How many steps back the echo comes from.
const ECHO: usize = 3;

/// The rules there are.
pub const MADE: [Made; 5] = [
    Made {
        name: "remember",
        about: "the first of many symbols is asked for after the last one: which of four was it?",
        suited: RECURRENT,
        cell: Cell::Gru,
        task: Task::Classes,
        inputs: &["A", "B", "C", "D"],
        outputs: &["A", "B", "C", "D"],
        every: false,
        least: 2,
        rule: |draw, Step { x, y }| {
            let symbol = draw.below(4);
            x[[0, symbol]] = 1.0;
            y[[0, symbol]] = 1.0;
            for t in 1..x.nrows() {
                x[[t, draw.below(4)]] = 1.0;
            }
        },
    },
    Made {
        name: "adding",
        about: "the sum of the two numbers that are marked is asked for after the last step",
        suited: Suited { output: Output::Linear, ..RECURRENT },
        cell: Cell::Gru,
        task: Task::Regression,
        inputs: &["number", "mark"],
        outputs: &["sum"],
        every: false,
        least: 2,
        rule: |draw, Step { x, y }| {
            let steps = x.nrows();
            x.column_mut(0).mapv_inplace(|_| draw.share());
            let (first, second) = (draw.below(steps / 2), steps / 2 + draw.below(steps - steps / 2));
            for marked in [first, second] {
                x[[marked, 1]] = 1.0;
                y[[0, 0]] += x[[marked, 0]];
            }
        },
    },
    Made {
        name: "parity",
        about: "at every step: is the number of ones so far odd?",
        suited: Suited { output: Output::Sigmoid, ..RECURRENT },
        cell: Cell::Plain(Activation::Tanh),
        task: Task::Binary,
        inputs: &["bit"],
        outputs: &["odd"],
        every: true,
        least: 1,
        rule: |draw, Step { x, y }| {
            let mut odd = 0.0;
            for t in 0..x.nrows() {
                x[[t, 0]] = draw.below(2) as f64;
                odd = if x[[t, 0]] == 1.0 { 1.0 - odd } else { odd };
                y[[t, 0]] = odd;
            }
        },
    },
    Made {
        name: "echo",
        about: "at every step: the bit of three steps before, 0 where there was none",
        suited: Suited { output: Output::Sigmoid, ..RECURRENT },
        cell: Cell::Plain(Activation::Tanh),
        task: Task::Binary,
        inputs: &["bit"],
        outputs: &["echo"],
        every: true,
        least: 1,
        rule: |draw, Step { x, y }| {
            for t in 0..x.nrows() {
                x[[t, 0]] = draw.below(2) as f64;
                y[[t, 0]] = if t < ECHO { 0.0 } else { x[[t - ECHO, 0]] };
            }
        },
    },
    Made {
        name: "sine",
        about: "at every step: where a sine of unknown frequency and phase goes next",
        suited: Suited { output: Output::Linear, ..RECURRENT },
        cell: Cell::Plain(Activation::Tanh),
        task: Task::Regression,
        inputs: &["now"],
        outputs: &["next"],
        every: true,
        least: 2,
        rule: |draw, Step { x, y }| {
            let (turn, phase) = (2.0 * PI / (8.0 + 16.0 * draw.share()), 2.0 * PI * draw.share());
            for t in 0..x.nrows() {
                x[[t, 0]] = (turn * t as f64 + phase).sin();
                y[[t, 0]] = (turn * (t + 1) as f64 + phase).sin();
            }
        },
    },
];

/// What sequences are drawn from.
struct SequenceDraw(ChaCha8Rng);

impl SequenceDraw {
    /// A whole number from 0 up to, but not including, `end`.
    fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// A number from 0 up to 1.
    fn share(&mut self) -> f64 {
        share_of(self.0.next_u64())
    }
}

impl Made {
    /// Makes as many as are asked for.
    pub(super) fn make(&self, making: &Making, steps: usize) -> Result<Sequences> {
        let count = making.samples;
        if count == 0 {
            return Err(Error::Usage("--samples 0: at least 1 sequence".into()));
        }
        if steps < self.least {
            return Err(Error::Usage(format!("--length {steps}: {} needs at least {} steps", self.name, self.least)));
        }
        check_size(count, steps, self.inputs.len() + if self.every { self.outputs.len() } else { 0 })?;
        let mut x = Array3::zeros((count, steps, self.inputs.len()));
        let mut y = Array3::zeros((count, if self.every { steps } else { 1 }, self.outputs.len()));
        let mut draw = SequenceDraw(ChaCha8Rng::seed_from_u64(making.seed));
        for (x, y) in x.outer_iter_mut().zip(y.outer_iter_mut()) {
            (self.rule)(&mut draw, &mut Step { x, y });
        }
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let sequences = Sequences::numbers(self.name, (x, y), self.task);
        Ok(Sequences {
            inputs: names(self.inputs),
            outputs: names(self.outputs),
            about: self.about.into(),
            reads: if self.every { OutputSteps::All } else { OutputSteps::Last },
            ..sequences
        })
    }
}

/// The names of the sets of sequences.
pub fn known() -> Vec<&'static str> {
    MADE.iter().map(|made| made.name).chain([TEXT]).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::data::Source;

    fn made(name: &str, steps: usize) -> (Sequences, Array2<f64>, Array2<f64>) {
        let source = Source::sequences(name, steps, 50);
        let sequences = Sequences::load(&source).expect("it can be made");
        let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
        sequences.fill(&(0..50).collect::<Vec<_>>(), (&mut x, &mut y));
        (sequences, x, y)
    }

    #[test]
    fn each_set_asks_for_what_it_says() {
        let (_, x, y) = made("remember", 7);
        assert!((0..50).all(|b| (0..4).all(|k| x[[b, k]] == y[[b, k]])));
        assert!((0..350).all(|row| x.row(row).sum() == 1.0));
        let (_, x, y) = made("adding", 6);
        for b in 0..50 {
            let sum: f64 = (0..6).map(|t| x[[t * 50 + b, 0]] * x[[t * 50 + b, 1]]).sum();
            assert!((sum - y[[b, 0]]).abs() < 1e-15);
        }
        let (_, x, y) = made("parity", 9);
        let ones = |b: usize, t: usize| (0..=t).map(|t| x[[t * 50 + b, 0]]).sum::<f64>();
        assert!((0..50).all(|b| (0..9).all(|t| y[[t * 50 + b, 0]] == ones(b, t) % 2.0)));
        let (_, x, y) = made("echo", 8);
        assert!((0..50).all(|b| (3..8).all(|t| y[[t * 50 + b, 0]] == x[[(t - 3) * 50 + b, 0]])));
        let (_, x, y) = made("sine", 8);
        assert!((0..50).all(|b| (0..7).all(|t| y[[t * 50 + b, 0]] == x[[(t + 1) * 50 + b, 0]])));
    }

    #[test]
    fn the_seed_decides_and_too_short_or_too_many_is_refused() {
        assert_eq!(made("adding", 6).1, made("adding", 6).1);
        for (steps, count, why) in [(1, 10, "at least 2 steps"), (0, 10, "--length 0"), (9_000, 1_000_000, "fewer")] {
            let source = Source::sequences("remember", steps, count);
            let error = Sequences::load(&source).expect_err(why).to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
