//! One sample's way through the network and back, at the Θ of one snapshot.

use ndarray::{Array1, Array2, ArrayView1, Axis, s};

use crate::data::{Part, Prepared, Task};
use crate::train::DenseView;

/// A sample of the training or of the held-out part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sample {
    /// Whether it is of the held-out part.
    pub held_out: bool,
    /// Its row in that part, counted from 0.
    pub row: usize,
}

impl Sample {
    /// The part that it is in; the training part where nothing is held out.
    pub fn part(self, data: &Prepared) -> &Part {
        data.test.as_ref().filter(|_| self.held_out).unwrap_or(&data.train)
    }

    /// The sample so many further on (or back), through the training part and then the held-out part, and round again.
    pub fn moved(self, by: i64, data: &Prepared) -> Self {
        let train = data.train.x.nrows();
        let all = train + data.test.as_ref().map_or(0, |test| test.x.nrows());
        if all == 0 {
            return self;
        }
        let at = if self.held_out { train + self.row } else { self.row };
        let at = (at as i64 + by).rem_euclid(all as i64) as usize;
        if at < train { Self { held_out: false, row: at } } else { Self { held_out: true, row: at - train } }
    }
}

/// Everything that one sample makes at one Θ: z, a, J^(b), δ and ∂J^(b)/∂x.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The sample.
    pub sample: Sample,
    /// Whether the next batch holds it, so that these are the trainer's own numbers; else they are computed for it alone.
    pub in_batch: bool,
    /// z^(2) … z^(L).
    pub z: Vec<Array1<f64>>,
    /// a^(1) … a^(L).
    pub a: Vec<Array1<f64>>,
    /// With dropout r^(2) … r^(L−1), what g(z) is multiplied by; none for a sample that the next batch does not hold.
    pub mask: Vec<Array1<f64>>,
    /// δ^(2) … δ^(L) (2.4.6, 2.5.8).
    pub delta: Vec<Array1<f64>>,
    /// ∂J^(b)/∂a^(2) … ∂J^(b)/∂a^(L−1) (2.3.3).
    pub grad_a: Vec<Array1<f64>>,
    /// ∂J^(b)/∂x, S_1 numbers (2.3.3 for layer 1).
    pub grad_x: Array1<f64>,
    /// The target, K numbers.
    pub y: Array1<f64>,
    /// J^(b) (1.2.1).
    pub cost: f64,
    /// The class that is answered, where there are classes.
    pub answer: Option<usize>,
    /// Whether the answer is the target's, where that can be said.
    pub right: Option<bool>,
}

/// One sample's row of each array, layer by layer.
struct TraceNumbers {
    z: Vec<Array1<f64>>,
    a: Vec<Array1<f64>>,
    mask: Vec<Array1<f64>>,
    delta: Vec<Array1<f64>>,
    grad_a: Vec<Array1<f64>>,
    grad_x: Array1<f64>,
}

impl Trace {
    /// Follows a sample through a snapshot's network; `None` if there is no such sample.
    pub fn of(sample: Sample, snapshot: DenseView<'_>) -> Option<Self> {
        let part = sample.part(snapshot.data);
        if sample.row >= part.x.nrows() {
            return None;
        }
        let y = part.y.row(sample.row);
        let task = snapshot.data.dataset.targets.task();
        let carried = if sample.held_out { None } else { snapshot.carried(sample.row) };
        if let Some(b) = carried {
            let row = |array: &Array2<f64>| array.row(b).to_owned();
            let last = snapshot.depth();
            let grad_x = grad_x(snapshot.network.theta(1), snapshot.delta(2).row(b));
            let numbers = TraceNumbers {
                z: (2..=last).map(|l| row(snapshot.z(l))).collect(),
                a: (1..=last).map(|l| row(snapshot.a(l))).collect(),
                mask: (2..last).filter_map(|l| snapshot.mask(l)).map(row).collect(),
                delta: (2..=last).map(|l| row(snapshot.delta(l))).collect(),
                grad_a: (2..last).map(|l| row(snapshot.grad_a(l))).collect(),
                grad_x,
            };
            return Some(Self::made_of(numbers, y, (sample, snapshot.sample_cost()[b], task)));
        }
        let network = &snapshot.network;
        let x = part.x.row(sample.row).insert_axis(Axis(0));
        let target = y.insert_axis(Axis(0));
        let forward = network.forward(x);
        let backprop = network.backward(&forward, target);
        let cost = network.cost(&forward, target)[0];
        let rows = |arrays: &[Array2<f64>]| arrays.iter().map(|array| array.row(0).to_owned()).collect();
        let numbers = TraceNumbers {
            z: rows(&forward.z),
            a: rows(&forward.a),
            mask: Vec::new(),
            delta: rows(&backprop.delta),
            grad_a: rows(&backprop.grad_a),
            grad_x: grad_x(network.theta(1), backprop.delta(2).row(0)),
        };
        Some(Self { in_batch: false, ..Self::made_of(numbers, y, (sample, cost, task)) })
    }

    /// The way of a sample that has these numbers.
    fn made_of(numbers: TraceNumbers, y: ArrayView1<f64>, (sample, cost, task): (Sample, f64, Task)) -> Self {
        let TraceNumbers { z, a, mask, delta, grad_a, grad_x } = numbers;
        let h = a.last().expect("a network has an output layer").view();
        Self {
            sample,
            in_batch: true,
            answer: task.answer(h),
            right: task.is_right(h, y),
            y: y.to_owned(),
            cost,
            z,
            a,
            mask,
            delta,
            grad_a,
            grad_x,
        }
    }

    /// z^(l), l = 2 … L.
    pub fn z(&self, l: usize) -> Option<&Array1<f64>> {
        self.z.get(l.checked_sub(2)?)
    }

    /// a^(l), l = 1 … L.
    pub fn a(&self, l: usize) -> Option<&Array1<f64>> {
        self.a.get(l.checked_sub(1)?)
    }

    /// r of a unit of layer l, where there is dropout.
    pub fn mask(&self, l: usize, unit: usize) -> Option<f64> {
        self.mask.get(l.checked_sub(2)?)?.get(unit).copied()
    }

    /// δ^(l), l = 2 … L.
    pub fn delta(&self, l: usize) -> Option<&Array1<f64>> {
        self.delta.get(l.checked_sub(2)?)
    }

    /// ∂J^(b)/∂a^(l), l = 2 … L−1.
    pub fn grad_a(&self, l: usize) -> Option<&Array1<f64>> {
        self.grad_a.get(l.checked_sub(2)?)
    }

    /// The output, h = a^(L).
    pub fn h(&self) -> Option<&Array1<f64>> {
        self.a.last()
    }
}

/// ∂J^(b)/∂x_i = Σ_d δ^(2)_d Θ^(1)_di, S_1 numbers, from Θ^(1), S_2 × (1 + S_1), and δ^(2) of the sample; the bias unit is no input.
fn grad_x(theta: &Array2<f64>, delta: ArrayView1<'_, f64>) -> Array1<f64> {
    delta.dot(&theta.slice(s![.., 1..]))
}
