//! One unit of a recurrent layer at one step, equation by equation: forwards to h_t, and back to δ_t.

use crate::nn::recurrent::{Cell, OutputSteps};
use crate::number::added;
use crate::train::RecurrentView;

/// An equation with its numbers put in.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitLine {
    /// What is computed.
    pub name: String,
    /// The right side in symbols.
    pub symbols: &'static str,
    /// The same with the numbers in it.
    pub numbers: String,
    /// The result.
    pub value: f64,
}

/// A step, counted from 1, a unit and a sequence, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitAt {
    /// The step.
    pub t: usize,
    /// The unit.
    pub unit: usize,
    /// The sequence.
    pub b: usize,
}

/// Where the numbers of a unit at a step stand.
struct UnitPlace<'a> {
    net: RecurrentView<'a>,
    at: UnitAt,
    /// Prints a number so that it reads back.
    exact: fn(f64) -> String,
}

impl UnitPlace<'_> {
    fn units(&self) -> usize {
        self.net.network.sizes().1
    }

    /// Row of step t of arrays that begin at step 1; of those that begin before it the same row is the state before.
    fn row(&self) -> usize {
        (self.at.t - 1) * self.net.samples + self.at.b
    }

    fn next_row(&self) -> usize {
        self.row() + self.net.samples
    }

    fn gate(&self, gate: usize) -> f64 {
        self.net.gate()[[self.row(), gate * self.units() + self.at.unit]]
    }

    fn print(&self, values: &[f64]) -> Vec<String> {
        // A negative number stands in brackets, so that it is not read as a difference.
        values.iter().map(|&v| if v < 0.0 { format!("({})", (self.exact)(v)) } else { (self.exact)(v) }).collect()
    }

    fn added(&self, values: &[f64]) -> String {
        added(&values.iter().map(|&value| (self.exact)(value)).collect::<Vec<_>>())
    }

    /// Bias, Σ_i Θ^x_i x_i, and the same of h_{t−1}, of a gate's row.
    fn inputs(&self, gate: usize) -> [f64; 4] {
        let [of_x, of_h, _] = &self.net.network.theta;
        let row = gate * self.units() + self.at.unit;
        let (x, h) = (self.net.x().row(self.row()), self.net.h().row(self.row()));
        let biases = usize::from(self.net.network.cell.has_second_bias());
        let sum = |theta: ndarray::ArrayView1<f64>, biases: usize, a: ndarray::ArrayView1<f64>| {
            theta.iter().skip(biases).zip(a).map(|(theta, a)| theta * a).sum::<f64>()
        };
        let second = if biases > 0 { of_h[[row, 0]] } else { 0.0 };
        [of_x[[row, 0]], sum(of_x.row(row), 1, x), second, sum(of_h.row(row), biases, h)]
    }

    /// z of a gate whose two parts are added.
    fn weighted(&self, name: &str, gate: usize) -> UnitLine {
        let [bias, from_x, second, from_h] = self.inputs(gate);
        let name = if name.is_empty() { "z_t".into() } else { format!("z of {name}_t") };
        if self.net.network.cell.has_second_bias() {
            let numbers = self.added(&[bias, from_x, second, from_h]);
            let symbols = "b + W x_t + c + U h_{t−1}";
            return UnitLine { name, symbols, numbers, value: bias + from_x + second + from_h };
        }
        let numbers = self.added(&[bias, from_x, from_h]);
        UnitLine { name, symbols: "Θ^x_0 + Θ^x x_t + Θ^h h_{t−1}", numbers, value: bias + from_x + from_h }
    }

    fn line(&self, name: &str, symbols: &'static str, numbers: String, value: f64) -> UnitLine {
        UnitLine { name: name.into(), symbols, numbers, value }
    }

    fn forwards(&self) -> Vec<UnitLine> {
        let before = self.net.h()[[self.row(), self.at.unit]];
        let of = |values: &[f64]| self.print(values);
        match self.net.network.cell {
            Cell::Plain(g) => {
                let z = self.weighted("", 0);
                let numbers = format!("g({})", (self.exact)(z.value));
                let of_z = self.line("h_t", "g(z_t)", numbers, g.g(z.value));
                vec![z, of_z]
            }
            Cell::Gru => {
                let [r, u, n] = [0, 1, 2].map(|gate| self.gate(gate));
                let [bias, from_x, second, from_h] = self.inputs(2);
                let inner = second + from_h;
                let z_n = bias + from_x + r * inner;
                let (of_r, first, inner) = (of(&[r]), self.added(&[bias, from_x]), self.added(&[second, from_h]));
                let numbers = format!("{first} + {} ({inner})", of_r[0]);
                let mut lines = Vec::new();
                for (gate, name) in ["r", "u"].into_iter().enumerate() {
                    let z = self.weighted(name, gate);
                    let numbers = format!("σ({})", (self.exact)(z.value));
                    let value = crate::nn::activation::sigmoid(z.value);
                    lines.push(z);
                    lines.push(self.line(&format!("{name}_t"), "σ(z)", numbers, value));
                }
                lines.push(self.line("z of n_t", "b + W x_t + r_t (c + U h_{t−1})", numbers, z_n));
                lines.push(self.line("n_t", "tanh(z)", format!("tanh({})", (self.exact)(z_n)), z_n.tanh()));
                let shown = of(&[u, n, u, before]);
                let numbers = format!("(1 − {}) {} + {} {}", shown[0], shown[1], shown[2], shown[3]);
                lines.push(self.line("h_t", "(1 − u_t) n_t + u_t h_{t−1}", numbers, (1.0 - u) * n + u * before));
                lines
            }
            Cell::Lstm => {
                let mut lines = Vec::new();
                for (gate, name) in ["i", "f", "o", "n"].into_iter().enumerate() {
                    let z = self.weighted(name, gate);
                    let squashed = name == "n";
                    let value = if squashed { z.value.tanh() } else { crate::nn::activation::sigmoid(z.value) };
                    let (symbols, letter) = if squashed { ("tanh(z)", "tanh") } else { ("σ(z)", "σ") };
                    let numbers = format!("{letter}({})", (self.exact)(z.value));
                    lines.push(z);
                    lines.push(self.line(&format!("{name}_t"), symbols, numbers, value));
                }
                let [i, f, o, n] = [0, 1, 2, 3].map(|gate| self.gate(gate));
                let (s_before, s) =
                    (self.net.c()[[self.row(), self.at.unit]], self.net.c()[[self.next_row(), self.at.unit]]);
                let shown = of(&[f, s_before, i, n, o, s]);
                let numbers = format!("{} {} + {} {}", shown[0], shown[1], shown[2], shown[3]);
                lines.push(self.line("s_t", "f_t s_{t−1} + i_t n_t", numbers, f * s_before + i * n));
                lines.push(self.line("h_t", "o_t tanh(s_t)", format!("{} tanh({})", shown[4], shown[5]), o * s.tanh()));
                lines
            }
        }
    }

    /// Σ_k Θ^o_k δ^o_k where the output is read.
    fn output_part(&self) -> Option<f64> {
        let net = self.net;
        let row = match net.network.reads {
            OutputSteps::All => self.row(),
            OutputSteps::Last if self.at.t == net.steps() => self.at.b,
            OutputSteps::Last => return None,
        };
        let theta = net.network.theta[2].column(1 + self.at.unit);
        Some(theta.iter().zip(net.delta_o().row(row)).map(|(theta, delta)| theta * delta).sum())
    }

    fn backwards(&self) -> Vec<UnitLine> {
        let (net, unit) = (self.net, self.at.unit);
        let later = self.net.grad_h_next()[[self.next_row(), unit]];
        let mut lines = Vec::new();
        let (symbols, numbers, back) = match self.output_part() {
            Some(output) => ("Θ^oᵀ δ^o_t + what comes from t+1", self.added(&[output, later]), output + later),
            None => ("what comes from t+1; no output is read here", (self.exact)(later), later),
        };
        lines.push(self.line("∂J/∂h_t", symbols, numbers, back));
        let before = self.net.h()[[self.row(), unit]];
        match net.network.cell {
            Cell::Plain(_) => {
                let shown = self.print(&[self.gate(0), back]);
                let numbers = format!("{} × {}", shown[0], shown[1]);
                lines.push(self.line("δ_t", "g'(z_t) ∂J/∂h_t", numbers, self.gate(0) * back));
            }
            Cell::Gru => {
                let [r, u, n] = [0, 1, 2].map(|gate| self.gate(gate));
                let [_, _, second, from_h] = self.inputs(2);
                let of_n = back * (1.0 - u) * (1.0 - n) * (1.0 + n);
                let shown = self.print(&[back, u, n, before, of_n, second + from_h, r]);
                let [back_, u_, n_, before_, of_n_, inner_, r_] = [0, 1, 2, 3, 4, 5, 6].map(|at| &shown[at]);
                let numbers = format!("{back_} (1 − {u_}) (1 − {n_}²)");
                lines.push(self.line("δ of n_t", "∂J/∂h_t (1 − u_t) (1 − n_t²)", numbers, of_n));
                let numbers = format!("{back_} ({before_} − {n_}) {u_} (1 − {u_})");
                let of_u = back * (before - n) * u * (1.0 - u);
                lines.push(self.line("δ of u_t", "∂J/∂h_t (h_{t−1} − n_t) u_t (1 − u_t)", numbers, of_u));
                let numbers = format!("{of_n_} {inner_} {r_} (1 − {r_})");
                let of_r = of_n * (second + from_h) * r * (1.0 - r);
                lines.push(self.line("δ of r_t", "δ_n (c + U h_{t−1}) r_t (1 − r_t)", numbers, of_r));
            }
            Cell::Lstm => {
                let [i, f, o, n] = [0, 1, 2, 3].map(|gate| self.gate(gate));
                let (s_before, squashed) = (self.net.c()[[self.row(), unit]], self.net.tanh_c()[[self.row(), unit]]);
                let of_s = self.net.grad_c()[[self.next_row(), unit]];
                let shown = self.print(&[back, o, squashed, of_s, n, i, s_before, f]);
                let [back_, o_, squashed_, of_s_, n_, i_, before_, f_] = [0, 1, 2, 3, 4, 5, 6, 7].map(|at| &shown[at]);
                let here = back * o * (1.0 - squashed) * (1.0 + squashed);
                let from_later = of_s - here;
                let here_ = format!("{back_} {o_} (1 − {squashed_}²)");
                let numbers = added(&[here_, (self.exact)(from_later)]);
                lines.push(self.line("∂J/∂s_t", "∂J/∂h_t o_t (1 − tanh² s_t) + f_{t+1} ∂J/∂s_{t+1}", numbers, of_s));
                let of =
                    |name: &str, symbols, numbers, value| self.line(&format!("δ of {name}_t"), symbols, numbers, value);
                let numbers = format!("{of_s_} {n_} {i_} (1 − {i_})");
                lines.push(of("i", "∂J/∂s_t n_t i_t (1 − i_t)", numbers, of_s * n * i * (1.0 - i)));
                let numbers = format!("{of_s_} {before_} {f_} (1 − {f_})");
                lines.push(of("f", "∂J/∂s_t s_{t−1} f_t (1 − f_t)", numbers, of_s * s_before * f * (1.0 - f)));
                let numbers = format!("{back_} {squashed_} {o_} (1 − {o_})");
                lines.push(of("o", "∂J/∂h_t tanh(s_t) o_t (1 − o_t)", numbers, back * squashed * o * (1.0 - o)));
                let numbers = format!("{of_s_} {i_} (1 − {n_}²)");
                lines.push(of("n", "∂J/∂s_t i_t (1 − n_t²)", numbers, of_s * i * (1.0 - n) * (1.0 + n)));
            }
        }
        lines
    }
}

/// What is behind a unit at a step: the way forwards to h_t, then the way back to δ_t; `exact` prints a number.
pub fn unit_lines(net: RecurrentView<'_>, at: UnitAt, exact: fn(f64) -> String) -> [Vec<UnitLine>; 2] {
    let at = UnitPlace { net, at, exact };
    [at.forwards(), at.backwards()]
}
