//! What a model learns from: the training part and the held-out part, read batch by batch in the precision that is computed in.

use ndarray::{Array2, ArrayView2, Axis};

use crate::data::{Part, Prepared, Scaling, SequenceParts, Task};
use crate::nn::{Batch, Real, fast};

/// Which part of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What the model learns from.
    Training,
    /// What is held out.
    HeldOut,
}

/// Samples that a model learns from, in two parts.
pub trait Examples<T: Real> {
    /// How many samples a part has.
    fn count(&self, part: Which) -> usize;

    /// Some samples of a part as a batch, gathered in the memory given unless they can be read where they are.
    fn batch<'a>(&'a self, part: Which, rows: &[usize], memory: &'a mut (Array2<T>, Array2<T>)) -> Batch<'a, T>;

    /// What kind of thing is learnt.
    fn task(&self) -> Task;

    /// How many samples are measured together: their numbers stay in a processor's cache, and the memory does not grow with the data.
    fn together(&self) -> usize;

    /// Rows of targets that each sample has.
    fn outputs_each(&self) -> usize;

    /// A target, or an output that is compared with it, in the unit of output k.
    fn in_its_unit(&self, value: f64, k: usize) -> f64;
}

/// Samples of one row each.
pub struct RowExamples<T> {
    task: Task,
    target_scaling: Scaling,
    /// x and y of each part.
    training: (Array2<T>, Array2<T>),
    held_out: Option<(Array2<T>, Array2<T>)>,
}

impl<T: Real> RowExamples<T> {
    /// The parts of prepared data.
    pub fn of(data: &Prepared) -> Self {
        // Rows stand behind each other, so that a batch may be read where it is.
        let converted = |values: &Array2<f64>| values.mapv(T::of).as_standard_layout().into_owned();
        let part = |part: &Part| (converted(&part.x), converted(&part.y));
        Self {
            task: data.dataset.targets.task(),
            target_scaling: data.target_scaling.clone(),
            training: part(&data.train),
            held_out: data.test.as_ref().map(part),
        }
    }

    fn part(&self, part: Which) -> Option<&(Array2<T>, Array2<T>)> {
        match part {
            Which::Training => Some(&self.training),
            Which::HeldOut => self.held_out.as_ref(),
        }
    }
}

impl<T: Real> Examples<T> for RowExamples<T> {
    fn count(&self, part: Which) -> usize {
        self.part(part).map_or(0, |(x, _)| x.nrows())
    }

    fn batch<'a>(&'a self, part: Which, rows: &[usize], (to_x, to_y): &'a mut (Array2<T>, Array2<T>)) -> Batch<'a, T> {
        let (x, y) = self.part(part).expect("nobody asks for samples of a part that is not there");
        if let (Some(&first), true) = (rows.first(), rows.windows(2).all(|pair| pair[0] + 1 == pair[1])) {
            let of = |array: &'a Array2<T>| {
                let (units, numbers) = (array.ncols(), array.as_slice().expect("samples are stored row by row"));
                let numbers = &numbers[first * units..(first + rows.len()) * units];
                ArrayView2::from_shape((rows.len(), units), numbers).expect("as many as the shape has")
            };
            return Batch { x: of(x), y: of(y), samples: rows.len() };
        }
        for (to, from) in [(&mut *to_x, x), (&mut *to_y, y)] {
            fast::fit(to, (rows.len(), from.ncols()));
            to.axis_iter_mut(Axis(0)).zip(rows).for_each(|(mut to, &row)| to.assign(&from.row(row)));
        }
        Batch { x: to_x.view(), y: to_y.view(), samples: rows.len() }
    }

    fn task(&self) -> Task {
        self.task
    }

    fn together(&self) -> usize {
        256
    }

    fn outputs_each(&self) -> usize {
        1
    }

    fn in_its_unit(&self, value: f64, k: usize) -> f64 {
        self.target_scaling.unscaled(value, k)
    }
}

/// Sequences, all of as many steps; the last of them are held out.
pub struct SequenceRows {
    parts: SequenceParts,
    together: usize,
}

impl SequenceRows {
    /// Sequences, measured so many at a time.
    pub fn of(parts: SequenceParts, together: usize) -> Self {
        Self { parts, together }
    }
}

impl<T: Real> Examples<T> for SequenceRows {
    fn count(&self, part: Which) -> usize {
        match part {
            Which::Training => self.parts.m,
            Which::HeldOut => self.parts.sequences.count - self.parts.m,
        }
    }

    fn batch<'a>(&'a self, part: Which, rows: &[usize], (x, y): &'a mut (Array2<T>, Array2<T>)) -> Batch<'a, T> {
        match part {
            Which::Training => self.parts.sequences.fill(rows, (x, y)),
            Which::HeldOut => {
                let rows: Vec<usize> = rows.iter().map(|row| self.parts.m + row).collect();
                self.parts.sequences.fill(&rows, (x, y));
            }
        }
        Batch { x: x.view(), y: y.view(), samples: rows.len() }
    }

    fn task(&self) -> Task {
        self.parts.sequences.task
    }

    fn together(&self) -> usize {
        self.together
    }

    fn outputs_each(&self) -> usize {
        self.parts.sequences.read_steps().len()
    }

    fn in_its_unit(&self, value: f64, _k: usize) -> f64 {
        value
    }
}
