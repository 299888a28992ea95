//! What a network takes for what: counts of target against answer over a part, and the samples behind each count.

use ndarray::Array2;

use crate::train::{Answers, DenseView};

/// The counts of one part after an epoch, K × K: a row a target, a column an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// How many samples of each target got each answer.
    pub counts: Array2<usize>,
}

/// One sample of a part, as it was after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnsweredSample {
    /// Its row in the part, counted from 0.
    pub row: usize,
    /// Its class and the one that the network said, where there are classes.
    pub classes: Option<(usize, usize)>,
    /// J^(b) (1.2.1).
    pub cost: f64,
}

impl Confusion {
    /// The counts of the training part, or of the held-out one if there is one; `None` where there are no classes.
    pub fn of(snapshot: DenseView<'_>, held_out: bool) -> Option<Self> {
        let (targets, answers) = part(snapshot, held_out)?;
        let classes = snapshot.data.dataset.targets.classes().len();
        if classes == 0 {
            return None;
        }
        let mut counts = Array2::zeros((classes, classes));
        for (&target, &answer) in targets.iter().zip(&answers.answer) {
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

/// The samples of a part, the worst first by J^(b): all, or those of one target with one answer.
pub fn worst(snapshot: DenseView<'_>, held_out: bool, cell: Option<(usize, usize)>) -> Vec<AnsweredSample> {
    let Some((targets, answers)) = part(snapshot, held_out) else { return Vec::new() };
    let classes = |row: usize| Some((*targets.get(row)?, *answers.answer.get(row)?));
    let said = answers.cost.iter().enumerate().map(|(row, &cost)| AnsweredSample { row, classes: classes(row), cost });
    let mut found: Vec<AnsweredSample> = said.filter(|said| cell.is_none() || cell == said.classes).collect();
    found.sort_by(|one, other| other.cost.total_cmp(&one.cost));
    found
}

/// The classes of a part's samples and what was said of them.
pub fn part<'a>(snapshot: DenseView<'a>, held_out: bool) -> Option<(&'a [usize], &'a Answers)> {
    let (data, answers) = (snapshot.data, &snapshot.snapshot.answers);
    let (part, answers) = if held_out { (data.test.as_ref()?, answers.1.as_ref()?) } else { (&data.train, &answers.0) };
    Some((&part.class, answers))
}
