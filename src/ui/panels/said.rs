//! What the network says of one sample now, and what it said when the epoch was measured: two moments that are never mixed.

use ndarray::ArrayView1;

use super::fit::cost_symbol;
use crate::data::targets::holds;
use crate::data::{Data, Task};
use crate::derivation::{PartAnswers, Sample, Trace};
use crate::error::printable;
use crate::number::short;
use crate::theme::Theme;
use crate::train::{DenseView, RecurrentView, Snapshot};
use crate::ui::table::TableRows;
use crate::ui::widgets::label::{columns, pick};

/// An answer in words, and the sample's cost with it.
pub(super) struct AnswerText {
    /// The class, the labels that hold, or the numbers in their own unit.
    pub(super) answer: String,
    /// J^(b) (1.2.1).
    pub(super) cost: f64,
}

impl AnswerText {
    /// What was said after the last epoch of a sample of a part, of a sequence at a step t; `None` where it is also said now, at the
    /// same step of the run.
    pub(super) fn then(part: &PartAnswers<'_>, (row, t): (usize, usize), now: &(Self, &Snapshot)) -> Option<Self> {
        let (now, snapshot) = now;
        let answers = part.answers;
        let at = part.row_of(row, t)?;
        let cost = *answers.cost.get(at)?;
        let h = if at < answers.h.nrows() { answers.h.row(at).to_vec() } else { Vec::new() };
        let then = Self { answer: words(&snapshot.data, answers.answer.get(at).copied(), &h), cost };
        // A weight that was set by hand, or dropout, makes another answer at the same step.
        let is_now = snapshot.latest.step == snapshot.position.step
            && then.answer == now.answer
            && short(then.cost) == short(now.cost);
        Some(then).filter(|_| !is_now)
    }

    /// What was said of the sample under the cursor.
    pub(super) fn then_of(snapshot: DenseView<'_>, trace: &Trace) -> Option<Self> {
        let Sample { held_out, row, .. } = trace.sample;
        // What was measured is of the sample as it was read.
        let measured = PartAnswers::of(&snapshot, held_out && snapshot.data.test.is_some());
        let part = measured.filter(|_| !trace.sample.edited)?;
        Self::then(&part, (row, 1), &(Self::now(snapshot, trace), snapshot.snapshot))
    }

    /// What was said of the sequence under the cursor, whose numbers these are, at a step t that is read.
    pub(super) fn then_of_step(net: RecurrentView<'_>, (sequence, t): (Sample, usize)) -> Option<Self> {
        let part = PartAnswers::of(net.snapshot, sequence.held_out).filter(|_| !sequence.edited)?;
        Self::then(&part, (sequence.row, t), &(Self::of_step(net, t)?, net.snapshot))
    }

    /// What is said of the sample at the present Θ.
    pub(super) fn now(snapshot: DenseView<'_>, trace: &Trace) -> Self {
        let h: Vec<f64> = trace.h().map(|h| in_own_unit(snapshot, h.view())).unwrap_or_default();
        Self { answer: words(&snapshot.snapshot.data, trace.answer, &h), cost: trace.cost }
    }

    /// What is said at the present Θ at a step t of the sequence whose numbers these are, if it is read.
    pub(super) fn of_step(net: RecurrentView<'_>, t: usize) -> Option<Self> {
        let (read, t) = (net.sequences.read_steps(), t.checked_sub(1)?);
        let at = read.contains(&t).then(|| t - read.start)?;
        let (o, cost) = (net.o().rows().into_iter().nth(at)?, *net.cost_t().get([at, 0])?);
        Some(Self { answer: of_outputs(net, o), cost })
    }
}

/// Outputs of a step in words, or targets, which are outputs that are right.
pub(super) fn of_outputs(net: RecurrentView<'_>, o: ArrayView1<f64>) -> String {
    words(&net.snapshot.data, net.sequences.task.answer(o), &o.to_vec())
}

/// What should come out, what does, and, where that can be said, whether it is right; `was` says whether another answer stands below it.
pub(super) fn tell(
    place: &str,
    [target, said]: [&str; 2],
    (right, was): (Option<bool>, bool),
    (rows, theme): (&mut TableRows<'_>, &Theme),
) {
    let [now, short] = if was { ["now says", "now"] } else { ["says"; 2] };
    let (verdict, mark, style) = match right {
        Some(true) => (": right", " ✓", theme.good()),
        Some(false) => (": wrong", " ✗", theme.bad()),
        None => ("", "", theme.text()),
    };
    let target = format!("{place}target {target}");
    let says = format!("{now} {said}{verdict}");
    let both = format!("{target}, {says}");
    if columns(&theme.spell(&both)) <= rows.width() {
        rows.line(&both, style);
    } else {
        rows.line(&target, theme.text());
        let text = pick(&[&says, &format!("{short} {said}{mark}")], rows.width(), theme).to_string();
        rows.line(&text, style);
    }
}

/// What was said when the epoch was measured, where that is another answer or cost than now.
pub(super) fn tell_then(
    then: Option<AnswerText>,
    (epoch, each): (u64, &str),
    (rows, theme): (&mut TableRows<'_>, &Theme),
) {
    let Some(AnswerText { answer, cost }) = then else { return };
    let (cost, symbol) = (short(cost), cost_symbol(each));
    // In one line, or in as few as hold the answer whole.
    let forms = [
        vec![format!("after epoch {epoch}: said {answer}, {symbol} {cost}")],
        vec![format!("epoch {epoch}: said {answer}, J {cost}")],
        vec![format!("epoch {epoch}: said {answer},"), format!("{symbol} {cost} then")],
        vec![format!("after epoch {epoch}:"), format!("said {answer},"), format!("{symbol} {cost}")],
    ];
    let fits = |form: &&Vec<String>| form.iter().all(|line| columns(&theme.spell(line)) <= rows.width());
    let form = forms.iter().find(fits).unwrap_or(&forms[3]);
    form.iter().for_each(|line| rows.line(line, theme.faint()));
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
