//! The page of the mathematics: it has every number once, every choice of the program, and backward formulas that the code computes.

use deltascope::derivation::equation::ALL;
use deltascope::nn::recurrent::{BpttBackward, BpttForward, Cell, OutputSteps, Recurrent};
use deltascope::nn::{Activation, Init, Named, Optimizer, Output, Penalty};
use ndarray::{Array2, ArrayView2, s};

use crate::error;
use crate::recurrent::{example, passes};

const PAGE: &str = include_str!("../../docs/derivation.md");

#[test]
fn the_page_has_every_number_of_the_derivation_once_in_order() {
    let is_number = |word: &&str| word.len() == 5 && word.bytes().all(|c| c == b'.' || c.is_ascii_digit());
    let heads = PAGE.lines().filter(|line| line.starts_with("    "));
    let found: Vec<&str> = heads.filter_map(|line| line.split_whitespace().next().filter(is_number)).collect();
    let expected: Vec<String> = ALL.iter().map(|equation| equation.number.to_string()).collect();
    assert_eq!(expected.len(), 54);
    assert_eq!(found, expected);
}

#[test]
fn the_page_has_every_choice_of_the_program() {
    fn names<T: Named>() -> impl Iterator<Item = &'static str> {
        T::ALL.iter().map(|choice| choice.name())
    }
    let rows = names::<Activation>().chain(names::<Output>()).chain(names::<Penalty>()).chain(names::<Init>());
    for name in rows.chain(names::<Optimizer>()) {
        assert!(PAGE.contains(&format!("\n| `{name}` |")), "{name}");
    }
    for name in names::<Cell>() {
        let [alone, listed] = [format!("`--cell {name}`"), format!(" `{name}`")];
        assert!(PAGE.contains(&alone) || PAGE.contains(&listed), "{name}");
    }
}

/// A number of a formula, which stands on the page in these symbols.
#[track_caller]
fn written(symbols: &str, value: f64) -> f64 {
    assert!(PAGE.contains(symbols), "{symbols}");
    value
}

/// A pass with the places of its numbers: t is counted from 1, and 0 is before the first step.
struct Place<'a> {
    network: &'a Recurrent<f64>,
    forward: &'a BpttForward<f64>,
    through: &'a BpttBackward<f64>,
    cut: Option<usize>,
    b: usize,
}

impl Place<'_> {
    fn units(&self) -> usize {
        self.network.sizes().1
    }

    /// Of an array that begins with step 0.
    fn state(&self, array: &Array2<f64>, t: usize, j: usize) -> f64 {
        array[[t * self.forward.samples + self.b, j]]
    }

    /// Of an array that begins with step 1, the row of a gate.
    fn row(&self, array: &Array2<f64>, (t, gate): (usize, usize), j: usize) -> f64 {
        array[[(t - 1) * self.forward.samples + self.b, gate * self.units() + j]]
    }

    fn delta(&self, t: usize, gate: usize, j: usize) -> f64 {
        let (g, state) = (|gate| self.row(&self.forward.gate, (t, gate), j), |array, t| self.state(array, t, j));
        let (back, slope) = (state(&self.through.grad_h, t), |a: f64| a * (1.0 - a));
        match (self.network.cell, gate) {
            (Cell::Plain(rule), _) => {
                written("δ_t = g'(z_t) ⊙ ∂J^(b)/∂h_t", rule.g_prime(self.row(&self.forward.z, (t, 0), j)) * back)
            }
            (Cell::Gru, 2) => written(
                "δ(g^n)_t = ∂J^(b)/∂h_t ⊙ (1 − g^u_t) ⊙ (1 − (g^n_t)²)",
                back * (1.0 - g(1)) * (1.0 - g(2).powi(2)),
            ),
            (Cell::Gru, 1) => written(
                "δ(g^u)_t = ∂J^(b)/∂h_t ⊙ (h_{t−1} − g^n_t) ⊙ g^u_t ⊙ (1 − g^u_t)",
                back * (state(&self.forward.h, t - 1) - g(2)) * slope(g(1)),
            ),
            (Cell::Gru, _) => written(
                "δ(g^r)_t = δ(g^n)_t ⊙ q_t ⊙ g^r_t ⊙ (1 − g^r_t)",
                self.delta(t, 2, j) * self.q(t, j) * slope(g(0)),
            ),
            (Cell::Lstm, 0) => {
                written("δ(g^i)_t = ∂J^(b)/∂c_t ⊙ g^n_t ⊙ g^i_t ⊙ (1 − g^i_t)", self.grad_c(t, j) * g(3) * slope(g(0)))
            }
            (Cell::Lstm, 1) => written(
                "δ(g^f)_t = ∂J^(b)/∂c_t ⊙ c_{t−1} ⊙ g^f_t ⊙ (1 − g^f_t)",
                self.grad_c(t, j) * state(&self.forward.c, t - 1) * slope(g(1)),
            ),
            (Cell::Lstm, 2) => written(
                "δ(g^o)_t = ∂J^(b)/∂h_t ⊙ tanh(c_t) ⊙ g^o_t ⊙ (1 − g^o_t)",
                back * state(&self.forward.c, t).tanh() * slope(g(2)),
            ),
            (Cell::Lstm, _) => written(
                "δ(g^n)_t = ∂J^(b)/∂c_t ⊙ g^i_t ⊙ (1 − (g^n_t)²)",
                self.grad_c(t, j) * g(0) * (1.0 - g(3).powi(2)),
            ),
        }
    }

    /// q_t of a GRU.
    fn q(&self, t: usize, j: usize) -> f64 {
        let row = self.network.theta[1].row(2 * self.units() + j);
        let from_h = (0..self.units()).map(|i| row[1 + i] * self.state(&self.forward.h, t - 1, i)).sum::<f64>();
        written("q_t = Θ^h_n h_{t−1} + b^h_n", from_h + row[0])
    }

    /// δ^h_t.
    fn delta_h(&self, t: usize, gate: usize, j: usize) -> f64 {
        let delta = self.delta(t, gate, j);
        if self.network.cell != Cell::Gru || gate < 2 {
            return delta;
        }
        let r = self.row(&self.forward.gate, (t, 0), j);
        written("δ^h_t = [δ(g^r)_t; δ(g^u)_t; δ(g^n)_t ⊙ g^r_t]", delta * r)
    }

    fn is_cut(&self, t: usize) -> bool {
        written("where t > 1 and n divides t − 1", 0.0);
        t > 1 && self.cut.is_some_and(|n| (t - 1).is_multiple_of(n))
    }

    /// (∂J^(b)/∂h_{t−1} from t).
    fn from(&self, t: usize, j: usize) -> f64 {
        if t > self.forward.steps() || self.is_cut(t) {
            return 0.0;
        }
        let (cell, units, theta) = (self.network.cell, self.units(), self.network.recurrent_weights());
        let rows = (0..cell.gates().len()).flat_map(|gate| (0..units).map(move |d| (gate, d)));
        let sum = rows.map(|(gate, d)| theta[[gate * units + d, j]] * self.delta_h(t, gate, d)).sum::<f64>();
        match cell {
            Cell::Gru => written(
                "(∂J^(b)/∂h_{t−1} from t) = g^u_t ⊙ ∂J^(b)/∂h_t + Θ̂^hᵀ δ^h_t",
                self.row(&self.forward.gate, (t, 1), j) * self.state(&self.through.grad_h, t, j) + sum,
            ),
            Cell::Plain(_) => written("(∂J^(b)/∂h_{t−1} from t) = Θ^hᵀ δ_t", sum),
            Cell::Lstm => written("(∂J^(b)/∂h_{t−1} from t) = Θ̂^hᵀ δ_t", sum),
        }
    }

    fn grad_h(&self, t: usize, j: usize) -> f64 {
        let steps = self.forward.steps();
        let read = match self.network.reads {
            OutputSteps::All => t.checked_sub(1),
            OutputSteps::Last => (t == steps).then_some(0),
        };
        let theta = self.network.theta[2].column(1 + j);
        let of_output = read.map_or(0.0, |step| {
            let delta = self.through.delta_o.row(step * self.forward.samples + self.b);
            theta.iter().zip(delta).map(|(theta, delta)| theta * delta).sum()
        });
        written("∂J^(b)/∂h_t = Θ̂^oᵀ δ^o_t + (∂J^(b)/∂h_t from t+1)", of_output + self.from(t + 1, j))
    }

    fn grad_c(&self, t: usize, j: usize) -> f64 {
        let c = self.state(&self.forward.c, t, j);
        let (back, o) = (self.state(&self.through.grad_h, t, j), self.row(&self.forward.gate, (t, 2), j));
        let later = if t == self.forward.steps() || self.is_cut(t + 1) {
            0.0
        } else {
            let f = self.row(&self.forward.gate, (t + 1, 1), j);
            written("(∂J^(b)/∂c_{t−1} from t) = g^f_t ⊙ ∂J^(b)/∂c_t", f * self.state(&self.through.grad_c, t + 1, j))
        };
        written(
            "∂J^(b)/∂c_t = ∂J^(b)/∂h_t ⊙ g^o_t ⊙ (1 − tanh²(c_t)) + (∂J^(b)/∂c_t from t+1)",
            back * o * (1.0 - c.tanh().powi(2)) + later,
        )
    }
}

#[test]
fn the_backward_formulas_of_the_page_give_the_numbers_of_the_code() {
    for &cell in Cell::ALL {
        for (reads, cut) in [(OutputSteps::All, None), (OutputSteps::Last, None), (OutputSteps::All, Some(2))] {
            let (network, x, y) = example(cell, Output::Softmax, reads);
            let (forward, through) = passes(&network, &x, &y, cut);
            let (samples, steps, units) = (forward.samples, forward.steps(), network.sizes().1);
            let at = |b: usize| Place { network: &network, forward: &forward, through: &through, cut, b };
            let grad_h =
                Array2::from_shape_fn(through.grad_h.dim(), |(row, j)| at(row % samples).grad_h(row / samples, j));
            let of_gates = |value: fn(&Place<'_>, usize, usize, usize) -> f64| {
                Array2::from_shape_fn(through.delta.dim(), |(row, column)| {
                    value(&at(row % samples), row / samples + 1, column / units, column % units)
                })
            };
            let (delta, delta_h) =
                (of_gates(|at, t, gate, j| at.delta(t, gate, j)), of_gates(|at, t, gate, j| at.delta_h(t, gate, j)));
            let is_near = |what: &str, found: &Array2<f64>, expected: &Array2<f64>| {
                let error = error(found.view(), expected.view());
                assert!(error < 1e-13, "{what} of {} {reads:?} {cut:?}: {error:e}", cell.name());
            };
            is_near("∂J/∂h", &grad_h, &through.grad_h);
            is_near("δ", &delta, &through.delta);
            if cell == Cell::Gru {
                is_near("δ^h", &delta_h, &through.delta_h);
            }
            let weighted = |delta: &Array2<f64>, a: ArrayView2<f64>| delta.t().dot(&a);
            let biases = usize::from(cell.has_second_bias());
            let before = forward.h.slice(s![..steps * samples, ..]);
            let sum = |index: usize, biases: usize| through.sum[index].slice(s![.., biases..]).to_owned();
            is_near("ΣΔ^x", &sum(0, 1), &weighted(&delta, forward.x.view()));
            is_near("ΣΔ^h", &sum(1, biases), &weighted(&delta_h, before));
        }
    }
}
