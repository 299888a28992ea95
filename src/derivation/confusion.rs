//! What a network takes for what: counts of target against answer over a part, and the samples behind each count.

use ndarray::Array2;

use crate::data::{Data, Task};
use crate::train::{Answers, Snapshot};

/// The counts of one part after an epoch, K × K: a row a target, a column an answer. A sequence counts once for each step that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// How many samples of each target got each answer.
    pub counts: Array2<usize>,
}

/// What was said of one sample of a part after an epoch, of a sequence at one step that is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnsweredSample {
    /// Its row of the answers, counted from 0.
    pub at: usize,
    /// Its row in the part, counted from 0.
    pub row: usize,
    /// The step, counted from 1; 1 for a sample of one row.
    pub t: usize,
    /// Its class and the one that the network said, where there are classes.
    pub classes: Option<(usize, usize)>,
    /// J^(b) (1.2.1), of a sequence the part of it that is of this step.
    pub cost: f64,
}

/// What was said of the samples of one part after the last epoch.
#[derive(Clone, Copy, Debug)]
pub struct PartAnswers<'a> {
    data: &'a Data,
    held_out: bool,
    /// What was said, a row for each step that is read, sample by sample.
    pub answers: &'a Answers,
}

impl<'a> PartAnswers<'a> {
    /// The training part, or the held-out one; `None` where nothing is held out.
    pub fn of(snapshot: &'a Snapshot, held_out: bool) -> Option<Self> {
        let (training, other) = &*snapshot.answers;
        let answers = if held_out { other.as_ref()? } else { training };
        Some(Self { data: &snapshot.data, held_out, answers })
    }

    /// What was said of all samples of data of which none is held out.
    pub fn of_training(data: &'a Data, answers: &'a Answers) -> Self {
        Self { data, held_out: false, answers }
    }

    /// Where a row of the answers is of: the sample, counted from 0 in its part, and the step, counted from 1.
    pub fn place(&self, at: usize) -> (usize, usize) {
        match self.data {
            Data::Rows(_) => (at, 1),
            Data::Sequences(parts) => {
                let read = parts.sequences.read_steps();
                (at / read.len(), read.start + at % read.len() + 1)
            }
        }
    }

    /// The row of the answers that is of a sample, counted from 0 in its part, at a step, counted from 1; `None` where nothing is read.
    pub fn row_of(&self, row: usize, t: usize) -> Option<usize> {
        match self.data {
            Data::Rows(_) => (t == 1).then_some(row),
            Data::Sequences(parts) => {
                let read = parts.sequences.read_steps();
                read.contains(&t.checked_sub(1)?).then(|| row * read.len() + t - 1 - read.start)
            }
        }
    }

    /// The target of output unit k of a row of the answers, in its own unit.
    pub fn target(&self, at: usize, k: usize) -> f64 {
        match self.data {
            Data::Rows(rows) => {
                let part = rows.test.as_ref().filter(|_| self.held_out).unwrap_or(&rows.train);
                let y = part.y.get([at, k]).copied().unwrap_or(f64::NAN);
                if self.data.task() == Task::Regression { rows.target_scaling.unscaled(y, k) } else { y }
            }
            Data::Sequences(parts) => {
                let read = parts.sequences.read_steps().len();
                let first = if self.held_out { parts.m } else { 0 };
                parts.sequences.target(first + at / read, at % read, k)
            }
        }
    }

    /// How many rows of answers there are once the part was measured.
    pub fn count(&self) -> usize {
        let samples = if self.held_out { self.data.held_out() } else { self.data.m() };
        match self.data {
            Data::Rows(_) => samples,
            Data::Sequences(parts) => samples * parts.sequences.read_steps().len(),
        }
    }

    /// What a row of the answers is of, in a word.
    pub fn each(&self) -> &'static str {
        match self.data {
            Data::Rows(_) => "sample",
            Data::Sequences(parts) if parts.sequences.read_steps().len() > 1 => "step",
            Data::Sequences(_) => "sequence",
        }
    }

    /// The target and the answer of a row of the answers, where there are classes.
    pub fn classes(&self, at: usize) -> Option<(usize, usize)> {
        let target = match self.data {
            Data::Rows(rows) => {
                let part = if self.held_out { rows.test.as_ref()? } else { &rows.train };
                part.class.get(at).copied()
            }
            Data::Sequences(parts) => {
                let read = parts.sequences.read_steps().len();
                let first = if self.held_out { parts.m } else { 0 };
                parts.sequences.class(first + at / read, at % read)
            }
        };
        Some((target?, *self.answers.answer.get(at)?))
    }
}

impl Confusion {
    /// The counts of the training part, or of the held-out one if there is one; `None` where there are no classes.
    pub fn of(snapshot: &Snapshot, held_out: bool) -> Option<Self> {
        Self::of_part(&PartAnswers::of(snapshot, held_out)?)
    }

    /// The counts of a part; `None` where there are no classes.
    pub fn of_part(part: &PartAnswers<'_>) -> Option<Self> {
        let classes = part.data.classes().len();
        if classes == 0 {
            return None;
        }
        let mut counts = Array2::zeros((classes, classes));
        for (target, answer) in (0..part.answers.answer.len()).filter_map(|at| part.classes(at)) {
            if let Some(count) = counts.get_mut([target, answer]) {
                *count += 1;
            }
        }
        Some(Self { counts })
    }

    /// The share of a target's samples that got an answer; absent where there is no such sample.
    pub fn share(&self, target: usize, answer: usize) -> Option<f64> {
        let all: usize = self.counts.row(target).sum();
        (all > 0).then(|| self.counts[[target, answer]] as f64 / all as f64)
    }

    /// How many were answered rightly, and how many there are.
    pub fn right(&self) -> (usize, usize) {
        (self.counts.diag().sum(), self.counts.sum())
    }
}

/// What was said of a part, the worst first by its cost: of all samples, or of those of one target with one answer.
pub fn worst(snapshot: &Snapshot, held_out: bool, cell: Option<(usize, usize)>) -> Vec<AnsweredSample> {
    let Some(part) = PartAnswers::of(snapshot, held_out) else { return Vec::new() };
    let said = part.answers.cost.iter().enumerate().map(|(at, &cost)| {
        let (row, t) = part.place(at);
        AnsweredSample { at, row, t, classes: part.classes(at), cost }
    });
    let mut found: Vec<AnsweredSample> = said.filter(|said| cell.is_none() || cell == said.classes).collect();
    found.sort_by(|one, other| other.cost.total_cmp(&one.cost));
    found
}
