//! What is measured of a pass, and of a whole part of the data.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1, ArrayView2};

use crate::data::Task;
use crate::nn::{Batch, Model, Real, Share};
use crate::train::examples::{Examples, Which};
use crate::train::history::{Epoch, Fit, Measure};
use crate::train::snapshot::Answers;
use crate::train::team::Team;

/// What both parts as a whole were measured by.
pub(super) struct EpochMeasures {
    pub(super) epoch: Epoch,
    /// Units of each hidden layer that were 0 for the whole training part, where units can die.
    pub(super) dead: Vec<Option<usize>>,
    /// What the network said of each sample of the training part, and of the held-out one.
    pub(super) answers: Arc<(Answers, Option<Answers>)>,
}

/// The memory of measuring: a thread each, what the model computes, and the samples where they can't be read in the data.
pub(super) struct Measuring<T: Real, M: Model<T>> {
    workspaces: Vec<M::Workspace>,
    gathered: Vec<(Array2<T>, Array2<T>)>,
}

impl<T: Real, M: Model<T>> Default for Measuring<T, M> {
    fn default() -> Self {
        Self { workspaces: Vec::new(), gathered: Vec::new() }
    }
}

/// Measures a whole part, sample by sample and in sum; `see` sees each pass.
pub(super) fn measure<T: Real, M: Model<T>>(
    model: &M,
    (examples, part): (&impl Examples<T>, Which),
    (team, measuring): (&mut Team, &mut Measuring<T, M>),
    mut see: impl FnMut(&M::Workspace),
) -> (Measure, Answers) {
    let rows: Vec<usize> = (0..examples.count(part)).collect();
    let mut chunks = rows.chunks(examples.together());
    let weights = model.cells();
    let multiplications = 2 * examples.together() * examples.outputs_each() * weights;
    let threads = team.parts(chunks.len(), multiplications);
    let Measuring { workspaces, gathered } = measuring;
    workspaces.resize_with(threads, Default::default);
    gathered.resize_with(threads, || (Array2::zeros((0, 0)), Array2::zeros((0, 0))));
    let mut tally = Tally::new(examples, part);
    loop {
        let batches: Vec<_> =
            gathered.iter_mut().zip(&mut chunks).map(|(memory, rows)| examples.batch(part, rows, memory)).collect();
        if batches.is_empty() {
            return tally.finished(examples);
        }
        let jobs = workspaces.iter_mut().zip(&batches);
        team.share(jobs.map(|(workspace, &batch)| move || model.answer(batch, workspace)));
        for (workspace, &batch) in workspaces.iter().zip(&batches) {
            tally.add::<T, M>(batch, workspace);
            see(workspace);
        }
    }
}

/// What was counted of a part so far.
struct Tally {
    task: Task,
    /// Samples of the part, and those that are counted.
    m: usize,
    done: usize,
    /// Rows of targets of each sample.
    each: usize,
    /// The cost of each row of targets, whose sum is J^(b).
    costs: Vec<f64>,
    right: usize,
    /// The class answered, a number for each row of targets.
    answer: Vec<usize>,
    /// h and y where numbers are learnt or labels hold, a row for each row of targets.
    h: Array2<f64>,
    y: Array2<f64>,
}

impl Tally {
    fn new<T: Real>(examples: &impl Examples<T>, part: Which) -> Self {
        let (task, m, each) = (examples.task(), examples.count(part), examples.outputs_each());
        let answer = if task.has_classes() { vec![0; m * each] } else { Vec::new() };
        let [h, y] = [(); 2].map(|()| Array2::zeros((0, 0)));
        Self { task, m, done: 0, each, costs: vec![0.0; m * each], right: 0, answer, h, y }
    }

    fn add<T: Real, M: Model<T>>(&mut self, Batch { y, samples, .. }: Batch<'_, T>, workspace: &M::Workspace) {
        if !self.task.has_classes() && self.h.is_empty() {
            let shape = (self.m * self.each, y.ncols());
            (self.h, self.y) = (Array2::zeros(shape), Array2::zeros(shape));
        }
        for (row, cost) in M::costs(workspace).enumerate() {
            self.costs[(self.done + row % samples) * self.each + row / samples] = cost.f64();
        }
        for (row, (h, y)) in M::outputs(workspace).rows().into_iter().zip(y.rows()).enumerate() {
            self.right += usize::from(self.task.is_right(h, y) == Some(true));
            let to = (self.done + row % samples) * self.each + row / samples;
            match self.task.answer(h) {
                Some(class) => self.answer[to] = class,
                None => {
                    self.h.row_mut(to).iter_mut().zip(h).for_each(|(to, h)| *to = h.f64());
                    self.y.row_mut(to).iter_mut().zip(y).for_each(|(to, y)| *to = y.f64());
                }
            }
        }
        self.done += samples;
    }

    fn finished<T: Real>(mut self, examples: &impl Examples<T>) -> (Measure, Answers) {
        for values in [&mut self.h, &mut self.y] {
            values.indexed_iter_mut().for_each(|((_, k), value)| *value = examples.in_its_unit(*value, k));
        }
        let fit = match self.task {
            Task::Regression => numbers(self.h.view(), self.y.view()),
            Task::Classes | Task::Binary | Task::Labels => {
                Fit::Accuracy(self.right as f64 / (self.m * self.each) as f64)
            }
        };
        let of_samples = self.costs.chunks(self.each).map(|of_one| of_one.iter().sum());
        let measure = Measure { fit, data: mean(of_samples) };
        (measure, Answers { answer: self.answer, h: self.h, cost: self.costs })
    }
}

/// R² and RMSE of h against y, both in the targets' own unit; the means over the outputs.
fn numbers(h: ArrayView2<f64>, y: ArrayView2<f64>) -> Fit {
    let of_output = |(h, y): (ArrayView1<f64>, ArrayView1<f64>)| {
        let (of_y, of_both) = (unit(y.iter()), unit(y.iter().chain(h)));
        let middle = mean(y.iter().map(|y| y / of_y));
        let about: f64 = y.iter().map(|y| (y / of_y - middle).powi(2)).sum();
        let off: f64 = h.iter().zip(y).map(|(h, y)| (h / of_both - y / of_both).powi(2)).sum();
        let r2 = (about > 0.0).then(|| 1.0 - off / about * (of_both / of_y).powi(2));
        (r2.filter(|r2| r2.is_finite()), of_both * (off / y.len() as f64).sqrt())
    };
    let outputs = h.columns().into_iter().zip(y.columns()).map(of_output);
    let (r2, rmse): (Vec<Option<f64>>, Vec<f64>) = outputs.unzip();
    let r2: Option<Vec<f64>> = r2.into_iter().collect();
    Fit::Numbers { r2: r2.map(|r2| mean(r2.into_iter())), rmse: mean(rmse.into_iter()) }
}

/// What numbers are divided by before they are squared: 1, or the largest where squares would overflow or vanish.
fn unit<'a>(numbers: impl Iterator<Item = &'a f64>) -> f64 {
    let largest = numbers.fold(0.0_f64, |top, number| top.max(number.abs()));
    if largest == 0.0 || (1e-140..1e140).contains(&largest) { 1.0 } else { largest }
}

/// How many units of each hidden layer were never seen alive; absent where units can't die.
pub(super) fn dead(alive: &[Option<Vec<bool>>]) -> Vec<Option<usize>> {
    let count = |alive: &Vec<bool>| alive.iter().filter(|&&alive| !alive).count();
    alive.iter().map(|alive| alive.as_ref().map(count)).collect()
}

pub(super) fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}
