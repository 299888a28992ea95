//! Backpropagation against differences of the cost, for every activation, output and penalty.

use std::ops::ControlFlow;

use deltascope::nn::check::{Kink, LIMIT, LayerReport};
use deltascope::nn::{Activation, Batch, Check, Init, Named, Network, Output, Penalty, Regularisation, dropout};
use ndarray::Array2;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::oracle;

/// A network with samples for it.
struct Case {
    network: Network<f64>,
    regularisation: Regularisation,
    x: Array2<f64>,
    y: Array2<f64>,
}

impl Case {
    fn check(&self) -> Vec<LayerReport> {
        self.begun().run(|_, _| ControlFlow::Continue(())).expect("nothing stops it")
    }

    fn begun(&self) -> Check<'_, Network<f64>> {
        let batch = Batch { x: self.x.view(), y: self.y.view(), samples: self.x.nrows() };
        Check { model: &self.network, regularisation: self.regularisation, batch }
    }

    /// J as the derivation writes it, by a forward pass alone.
    fn cost(&self, network: &Network<f64>) -> f64 {
        let forward = network.forward(self.x.view());
        let data = network.cost(&forward, self.y.view()).mean().expect("samples");
        data + network.theta.iter().map(|theta| self.regularisation.cost(theta)).sum::<f64>()
    }

    /// ∂J/∂Θ^(l) (3.1.3).
    fn gradient(&self) -> Vec<Array2<f64>> {
        let backprop = self.network.backward(&self.network.forward(self.x.view()), self.y.view());
        backprop.d.iter().zip(&self.network.theta).map(|(d, theta)| d + &self.regularisation.gradient(theta)).collect()
    }
}

fn uniform(rng: &mut ChaCha8Rng, shape: (usize, usize), size: f64) -> Array2<f64> {
    Array2::from_shape_fn(shape, |_| rng.random_range(-size..size))
}

fn targets(rng: &mut ChaCha8Rng, output: Output, (samples, units): (usize, usize)) -> Array2<f64> {
    match output {
        Output::Linear => uniform(rng, (samples, units), 2.0),
        Output::Softmax => {
            let class: Vec<usize> = (0..samples).map(|_| rng.random_range(0..units)).collect();
            Array2::from_shape_fn((samples, units), |(b, k)| f64::from(u8::from(class[b] == k)))
        }
        Output::Sigmoid | Output::SigmoidMse => {
            Array2::from_shape_fn((samples, units), |_| f64::from(rng.random_range(0..2_u8)))
        }
    }
}

fn case(sizes: &[usize], hidden: Vec<Activation>, (output, penalty): (Output, Penalty), seed: u64) -> Case {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let samples = rng.random_range(1..=8);
    let theta = sizes.windows(2).map(|pair| uniform(&mut rng, (pair[1], pair[0] + 1), 1.0)).collect();
    let x = uniform(&mut rng, (samples, sizes[0]), 1.5);
    let y = targets(&mut rng, output, (samples, sizes[sizes.len() - 1]));
    let regularisation = Regularisation { penalty, lambda: 0.7, m: samples };
    Case { network: Network { theta, hidden, output }, regularisation, x, y }
}

#[test]
fn every_activation_with_every_output_and_penalty_agrees_with_central_differences() {
    for &activation in Activation::ALL {
        for &output in Output::ALL {
            for &penalty in Penalty::ALL {
                let case = case(&[3, 5, 4, 3], vec![activation; 2], (output, penalty), 5);
                for report in case.check() {
                    let name = format!("{} {} {}", activation.name(), output.name(), penalty.name());
                    assert!(report.compared > 0, "{name}");
                    assert!(report.holds(), "{name} {}: {:e}", report.symbol, report.relative());
                }
            }
        }
    }
}

#[test]
fn the_gradient_agrees_with_a_difference_of_fourth_order_that_knows_nothing_of_the_check() {
    let step = 1e-3;
    for &activation in Activation::ALL.iter().filter(|activation| activation.kinks().is_empty()) {
        for &output in Output::ALL {
            let case = case(&[2, 3, 2], vec![activation], (output, Penalty::L2), 11);
            for (l, gradient) in case.gradient().iter().enumerate() {
                for ((j, i), &analytic) in gradient.indexed_iter() {
                    let at = |by: f64| {
                        let mut network = case.network.clone();
                        network.theta[l][[j, i]] += by;
                        case.cost(&network)
                    };
                    let near = at(step) - at(-step);
                    let far = at(2.0 * step) - at(-2.0 * step);
                    let numeric = (8.0 * near - far) / (12.0 * step);
                    assert!((numeric - analytic).abs() < 1e-10, "{numeric} {analytic}");
                }
            }
        }
    }
}

#[test]
fn two_hundred_random_networks_pass() {
    let (mut worst, mut small) = (0.0_f64, 0);
    for seed in 0..200 {
        let mut rng = ChaCha8Rng::seed_from_u64(1000 + seed);
        let depth = rng.random_range(2..=5);
        let sizes: Vec<usize> = (0..depth).map(|_| rng.random_range(1..=6)).collect();
        let any = |rng: &mut ChaCha8Rng, count: usize| rng.random_range(0..count);
        let hidden = (2..depth).map(|_| Activation::ALL[any(&mut rng, Activation::ALL.len())]).collect();
        let output = Output::ALL[any(&mut rng, Output::ALL.len())];
        let penalty = Penalty::ALL[any(&mut rng, Penalty::ALL.len())];
        for report in case(&sizes, hidden, (output, penalty), seed).check() {
            let name = format!("seed {seed} {sizes:?} {}: {:e}", report.symbol, report.relative());
            // A correct gradient that vanishes drowns in the rounding of J; few of these do.
            if report.is_too_small_to_tell() {
                small += 1;
                continue;
            }
            assert!(report.holds(), "{name} {report:?}");
            worst = worst.max(report.relative());
        }
    }
    assert!(worst > 0.0 && worst < LIMIT && small <= 2, "{worst:e}, {small}");
}

/// The report that there would be if backpropagation gave other numbers.
fn report(right: &LayerReport, cells: impl Iterator<Item = (f64, f64)>) -> LayerReport {
    let sums = cells.fold((0.0, 0.0), |(difference, sum): (f64, f64), (numeric, analytic)| {
        (difference + (numeric - analytic).powi(2), sum + (numeric + analytic).powi(2))
    });
    LayerReport { difference: sums.0.sqrt(), sum: sums.1.sqrt(), ..right.clone() }
}

#[test]
fn a_wrong_gradient_is_caught() {
    let case = case(&[3, 4, 2], vec![Activation::Tanh], (Output::Sigmoid, Penalty::L2), 3);
    let reports = case.check();
    assert!(reports.iter().all(LayerReport::holds));
    for ((right, gradient), theta) in reports.iter().zip(case.gradient()).zip(&case.network.theta) {
        let slightly = report(right, gradient.iter().map(|&slope| (slope, slope * (1.0 + 1e-6))));
        assert!(!slightly.holds(), "one in a million: {:e}", slightly.relative());
        let penalty = case.regularisation.gradient(theta);
        let without = report(right, gradient.iter().zip(&penalty).map(|(&slope, &part)| (slope, slope - part)));
        assert!(!without.holds(), "the penalty left out: {:e}", without.relative());
    }
}

#[test]
fn a_gradient_that_vanishes_is_too_small_to_tell_and_not_called_wrong() {
    let mut case = case(&[2, 2, 2, 2, 2], vec![Activation::Sigmoid; 3], (Output::Sigmoid, Penalty::None), 2);
    case.network.theta.iter_mut().for_each(|theta| theta.mapv_inplace(|weight| weight * 1e-3));
    let reports = case.check();
    assert!(reports[0].is_too_small_to_tell() && !reports[0].holds(), "{:?}", reports[0]);
    assert!(reports[3].holds());
    // An error that rounding does not explain is wrong, however small the gradient.
    let wrong = LayerReport { difference: reports[0].rounding * 1.01, ..reports[0].clone() };
    assert!(!wrong.is_too_small_to_tell() && !wrong.holds());
}

#[test]
fn a_relu_at_exactly_zero_is_counted_named_and_left_out() {
    let oracles = oracle::all("mlp_static");
    let oracle = oracles.iter().find(|oracle| oracle.name.starts_with("relu_at_zero")).expect("the file");
    let case = Case {
        network: oracle.network(oracle.matrices("Theta")),
        regularisation: Regularisation { penalty: Penalty::L2, lambda: 0.0, m: 2 },
        x: oracle.matrix("X"),
        y: oracle.matrix("Y").reversed_axes().as_standard_layout().to_owned(),
    };
    let reports = case.check();
    assert!(reports.iter().all(LayerReport::holds));
    let kinks = &reports[0].kinks;
    assert!(!kinks.is_empty() && kinks.iter().all(|(cell, kink)| cell.j == 0 && *kink == Kink::Unit));
    assert_eq!(reports[0].compared + kinks.len(), case.network.theta(1).len());
    assert!(reports[1].kinks.is_empty());
}

#[test]
fn a_weight_at_the_kink_of_l1_is_left_out_and_the_bias_is_not() {
    let mut case = case(&[2, 2], vec![], (Output::Sigmoid, Penalty::L1), 9);
    case.network.theta[0].fill(0.0);
    let report = case.check().remove(0);
    assert!(report.holds());
    assert_eq!(report.compared, 2, "the bias column is never penalised");
    assert!(report.kinks.iter().all(|(cell, kink)| cell.i > 0 && *kink == Kink::Weight));
}

#[test]
fn a_check_can_be_stopped() {
    let case = case(&[3, 4, 2], vec![Activation::Tanh], (Output::Sigmoid, Penalty::L2), 3);
    let check = case.begun();
    let mut heard = Vec::new();
    let outcome = check.run(|done, cells| {
        heard.push((done, cells));
        if done >= 8 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(outcome.is_none());
    assert_eq!(heard, [(4, 26), (8, 26)]);
}

#[test]
fn zeros_make_every_hidden_delta_equal_for_ever() {
    let mut case = case(&[3, 4, 2], vec![Activation::Sigmoid], (Output::Sigmoid, Penalty::L2), 4);
    case.network.theta = Init::Zeros.theta(&[3, 4, 2], 1);
    for _ in 0..3 {
        let backprop = case.network.backward(&case.network.forward(case.x.view()), case.y.view());
        let delta = backprop.delta(2);
        assert!(delta.rows().into_iter().all(|row| row.iter().all(|&unit| unit == row[0])));
        let gradient = case.gradient();
        case.network.theta.iter_mut().zip(&gradient).for_each(|(theta, slope)| theta.scaled_add(-0.5, slope));
    }
}

#[test]
fn with_units_left_out_the_gradient_agrees_with_central_differences_at_the_same_masks() {
    for (seed, &activation) in Activation::ALL.iter().enumerate() {
        let case = case(&[3, 5, 4, 2], vec![activation; 2], (Output::Sigmoid, Penalty::None), seed as u64);
        let masks = || dropout::masks::<f64>(0.4, &[5, 4], case.x.nrows(), (seed as u64, 0));
        let forward = case.network.forward_with(case.x.view(), masks());
        let gradient = case.network.backward(&forward, case.y.view()).d;
        let cost = |network: &Network<f64>| {
            let forward = network.forward_with(case.x.view(), masks());
            network.cost(&forward, case.y.view()).mean().expect("samples")
        };
        for (l, d) in gradient.iter().enumerate() {
            let kinks = activation.kinks();
            for ((j, i), &analytic) in d.indexed_iter() {
                let moved = |by: f64| {
                    let mut network = case.network.clone();
                    network.theta[l][[j, i]] += by;
                    network
                };
                let (up, down) = (moved(1e-6), moved(-1e-6));
                let sides = |network: &Network<f64>| -> Vec<bool> {
                    let z = network.forward_with(case.x.view(), masks()).z;
                    z.iter().take(2).flatten().flat_map(|&z| kinks.iter().map(move |&kink| z > kink)).collect()
                };
                if sides(&up) != sides(&down) {
                    continue;
                }
                let numeric = (cost(&up) - cost(&down)) / 2e-6;
                assert!((numeric - analytic).abs() < 1e-8, "{activation:?} {l} {j} {i}: {numeric} {analytic}");
            }
        }
    }
}
