//! The gradient check of a recurrent network: every weight of Θ^x, Θ^h and Θ^o, through all steps.

use std::io::{self, Write};

use ndarray::{Array2, indices};

use super::{Finding, conclusion, must_be_finite, progress, verdict};
use crate::data::sequences::Sequences;
use crate::derivation::Shared;
use crate::error::{Error, Exit, Result};
use crate::nn::check::LIMIT;
use crate::nn::recurrent::{Recurrent, Through, Unrolled};
use crate::nn::{Named, Regularisation};
use crate::number::{exact, short};
use crate::train::Plan;

/// The step of the differences: larger than a dense net's, since J is a sum over many steps, each with its rounding.
const EPSILON: f64 = 1e-5;
/// Sequences that J is the mean over.
const MOST: usize = 32;

/// What was found of one Θ.
struct Found {
    of: Shared,
    compared: usize,
    kinked: usize,
    /// ‖num − an‖ and ‖num + an‖ over the weights compared.
    difference: f64,
    sum: f64,
    /// The norm that the rounding of J alone can give the differences of so many weights.
    rounding: f64,
}

impl Found {
    fn relative(&self) -> f64 {
        if self.difference == 0.0 { 0.0 } else { self.difference / self.sum }
    }

    /// Whether it is below the limit, or rounding alone explains that it is not.
    fn finding(&self) -> Finding {
        Finding::of(self.relative() < LIMIT, self.difference <= self.rounding)
    }
}

/// J and its data term's answer at a network, and on which side of its kinks each unit is.
struct Measured<'a> {
    x: &'a Array2<f64>,
    y: &'a Array2<f64>,
    rule: Regularisation,
    forward: Unrolled<f64>,
    through: Through<f64>,
}

impl Measured<'_> {
    fn cost(&mut self, network: &Recurrent<f64>, samples: usize) -> (f64, Vec<bool>) {
        network.forward(self.x.view(), &network.blank(samples), &mut self.forward);
        network.answer(&self.forward, self.y.view(), &mut self.through);
        let reg: f64 = Shared::ALL
            .iter()
            .map(|of| self.rule.cost_beyond(of.biases(network.cell), &network.theta[of.index()]))
            .sum();
        let sides =
            if network.cell.name() == "relu" { self.forward.z.iter().map(|&z| z > 0.0).collect() } else { Vec::new() };
        (self.through.cost.sum() / samples as f64 + reg, sides)
    }
}

/// Checks every weight of the net that the options make, before any update, over the first sequences; the gradient through all steps,
/// whatever it is truncated to.
///
/// Returns how it ends: done if every relative difference is below the limit, failed if one is wrong, and else without a verdict, where a
/// gradient is within the rounding of J.
///
/// # Errors
/// If the options don't fit the sequences, or stdout can't be written to; a closed pipe is no error.
pub fn run_on_sequences(plan: &Plan, sequences: &Sequences) -> Result<Exit> {
    plan.check(sequences)?;
    let mut network = plan.network::<f64>(sequences);
    let samples = sequences.count.min(MOST);
    let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
    sequences.fill(&(0..samples).collect::<Vec<_>>(), (&mut x, &mut y));
    let config = &plan.config;
    let rule = Regularisation { penalty: config.penalty, lambda: config.lambda, m: samples };
    let mut measured = Measured { x: &x, y: &y, rule, forward: Unrolled::default(), through: Through::default() };
    let (j, _) = measured.cost(&network, samples);
    // J(Θ ± ε) is rounded to ε_mach of what it is made of, at every step.
    let of_one_weight = f64::EPSILON * (j + 1.0) * (sequences.steps as f64).sqrt() / EPSILON;
    let Measured { forward, through, .. } = &mut measured;
    network.backward(forward, y.view(), None, through);
    let sums = through.sum.clone();
    let cells = network.theta.iter().map(Array2::len).sum();
    let (mut found, mut done) = (Vec::new(), 0);
    for of in Shared::ALL {
        let index = of.index();
        let analytic = sums[index].mapv(|sum| sum / samples as f64)
            + rule.gradient_beyond(of.biases(network.cell), &network.theta[index]);
        let (mut difference, mut sum, mut compared, mut kinked) = (0.0, 0.0, 0, 0);
        for at in indices(analytic.dim()) {
            let weight = network.theta[index][at];
            let mut moved = |by: f64| {
                network.theta[index][at] = weight + by;
                measured.cost(&network, samples)
            };
            let ((above, upper), (below, lower)) = (moved(EPSILON), moved(-EPSILON));
            network.theta[index][at] = weight;
            done += 1;
            if upper == lower {
                let numeric = (above - below) / (2.0 * EPSILON);
                difference += (numeric - analytic[at]).powi(2);
                sum += (numeric + analytic[at]).powi(2);
                compared += 1;
            } else {
                kinked += 1;
            }
            if done % 64 == 0 || done == cells {
                let _ = progress(done, cells);
            }
        }
        let rounding = of_one_weight * (compared as f64).sqrt();
        found.push(Found { of, compared, kinked, difference: difference.sqrt(), sum: sum.sqrt(), rounding });
    }
    must_be_finite(found.iter().map(Found::relative))?;
    let verdict = verdict(found.iter().map(Found::finding));
    match print(&found, (&network, sequences, samples), verdict) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(verdict),
    }
}

fn print(
    found: &[Found],
    (network, sequences, samples): (&Recurrent<f64>, &Sequences, usize),
    verdict: Exit,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (inputs, units, outputs) = network.sizes();
    let net = format!("{} {inputs}-{units}-{outputs}", network.cell.name());
    let steps = sequences.steps;
    let step = exact(EPSILON);
    writeln!(out, "central differences of J, step {step}, f64, {net}, {samples} sequences of {steps} steps")?;
    for found in found {
        let (Found { of, compared, kinked, .. }, relative) = (found, found.relative());
        let finding = found.finding().words();
        let name = of.symbol().replace('Θ', "Theta");
        writeln!(out, "{name}  {compared} weights  relative difference {}  {finding}", short(relative))?;
        if *kinked > 0 {
            writeln!(out, "         {kinked} left out, their step crosses a kink")?;
        }
    }
    writeln!(out, "{}", conclusion(verdict, "matrix"))?;
    out.flush()
}
