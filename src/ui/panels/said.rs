//! What the network says of one sample now, and what it said when the epoch was measured: two moments that are never mixed.

use ndarray::ArrayView1;

use crate::data::targets::holds;
use crate::data::{Data, Task};
use crate::derivation::{PartAnswers, Sample, Trace};
use crate::error::printable;
use crate::number::short;
use crate::train::{DenseView, RecurrentView};

/// An answer in words, and the sample's cost with it.
pub(super) struct AnswerText {
    /// The class, the labels that hold, or the numbers in their own unit.
    pub(super) answer: String,
    /// J^(b) (1.2.1).
    pub(super) cost: f64,
}

impl AnswerText {
    /// What was said of a sample after the last epoch; `None` where that is also the answer of now.
    pub(super) fn then(snapshot: DenseView<'_>, trace: &Trace) -> Option<Self> {
        let Sample { held_out, row } = trace.sample;
        let held_out = held_out && snapshot.data.test.is_some();
        let answers = if held_out { snapshot.answers.1.as_ref()? } else { &snapshot.answers.0 };
        let cost = *answers.cost.get(row)?;
        let class = PartAnswers::of(&snapshot, held_out).and_then(|part| part.answers.answer.get(row).copied());
        let h = if row < answers.h.nrows() { answers.h.row(row).to_vec() } else { Vec::new() };
        let (then, now) =
            (Self { answer: words(&snapshot.snapshot.data, class, &h), cost }, Self::now(snapshot, trace));
        // A weight that was set by hand, or dropout, makes another answer at the same step.
        let is_now = snapshot.latest.step == snapshot.position.step
            && then.answer == now.answer
            && short(then.cost) == short(now.cost);
        Some(then).filter(|_| !is_now)
    }

    /// What is said of the sample at the present Θ.
    pub(super) fn now(snapshot: DenseView<'_>, trace: &Trace) -> Self {
        let h: Vec<f64> = trace.h().map(|h| in_own_unit(snapshot, h.view())).unwrap_or_default();
        Self { answer: words(&snapshot.snapshot.data, trace.answer, &h), cost: trace.cost }
    }

    /// What is said at the present Θ at a step t of a sequence, if it is one of those of the next batch that are carried.
    pub(super) fn of_step(net: RecurrentView<'_>, (row, t): (usize, usize)) -> Option<Self> {
        let (b, read) = (net.carried(row)?, net.sequences.read_steps());
        let at = t.checked_sub(read.start + 1)? * net.samples + b;
        let (o, cost) = (net.o().rows().into_iter().nth(at)?, *net.cost_t().get([at, 0])?);
        Some(Self { answer: words(&net.snapshot.data, net.sequences.task.answer(o), &o.to_vec()), cost })
    }
}

/// h in the unit of the targets.
fn in_own_unit(snapshot: DenseView<'_>, h: ArrayView1<f64>) -> Vec<f64> {
    let scaling = &snapshot.data.target_scaling;
    let is_number = snapshot.data.dataset.targets.task() == Task::Regression;
    h.iter().enumerate().map(|(k, &h)| if is_number { scaling.unscaled(h, k) } else { h }).collect()
}

/// An answer in words: a class by its name, else the labels that hold, or the numbers.
fn words(data: &Data, class: Option<usize>, h: &[f64]) -> String {
    match data.task() {
        Task::Classes | Task::Binary => {
            class.and_then(|class| data.classes().get(class)).map(|name| printable(name)).unwrap_or_default()
        }
        Task::Labels => held(data.outputs(), h),
        Task::Regression => h.iter().map(|&h| short(h)).collect::<Vec<_>>().join(" "),
    }
}

/// The labels that hold.
pub(super) fn held(names: &[String], values: &[f64]) -> String {
    let held = names.iter().zip(values).filter(|(_, value)| holds(**value));
    let names: Vec<String> = held.map(|(name, _)| printable(name)).collect();
    if names.is_empty() { "none".into() } else { names.join(" ") }
}
