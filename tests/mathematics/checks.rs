//! The gradient check of any kind of net: recurrent ones of every kind, its kinks, its progress, and that it finds what is wrong.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use deltascope::nn::check::{Differences, GradientFinding, Kink, LayerReport, Verdict};
use deltascope::nn::{
    Activation, Batch, Cell, Check, Init, Named, Network, Output, OutputSteps, Penalty, Recurrent, Regularisation,
};
use ndarray::Array2;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// A net with a batch for it, and the penalty.
struct Case<M> {
    model: M,
    x: Array2<f64>,
    y: Array2<f64>,
    samples: usize,
    regularisation: Regularisation,
}

impl<M: Differences> Case<M> {
    fn check(&self) -> Check<'_, M> {
        let batch = Batch { x: self.x.view(), y: self.y.view(), samples: self.samples };
        Check { model: &self.model, regularisation: self.regularisation, batch }
    }

    fn reports(&self) -> Vec<LayerReport> {
        self.check().run(onwards).expect("nothing stops it")
    }

    /// What is said of a gradient that is not the one of backpropagation.
    fn verdict(&self, gradient: &[Array2<f64>]) -> Verdict {
        Verdict::of(&self.check().compare(gradient, 1, onwards).expect("nothing stops it"))
    }
}

fn onwards(_done: usize, _cells: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn uniform(rng: &mut ChaCha8Rng, shape: (usize, usize), size: f64) -> Array2<f64> {
    Array2::from_shape_fn(shape, |_| rng.random_range(-size..size))
}

fn targets(rng: &mut ChaCha8Rng, output: Output, (rows, units): (usize, usize)) -> Array2<f64> {
    let class: Vec<usize> = (0..rows).map(|_| rng.random_range(0..units)).collect();
    match output {
        Output::Linear => uniform(rng, (rows, units), 2.0),
        Output::Softmax => Array2::from_shape_fn((rows, units), |(row, k)| f64::from(u8::from(class[row] == k))),
        Output::Sigmoid | Output::SigmoidMse => uniform(rng, (rows, units), 1.0).mapv(|y| f64::from(u8::from(y > 0.0))),
    }
}

/// A recurrent net of any size up to 4 inputs, 5 units and 3 outputs, with up to 6 steps of up to 4 sequences.
fn recurrent(cell: Cell, output: Output, (reads, penalty): (OutputSteps, Penalty), seed: u64) -> Case<Recurrent<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut up_to = |most: usize| rng.random_range(1..=most);
    let (inputs, units, outputs, steps, samples) = (up_to(4), up_to(5), up_to(3), up_to(6), up_to(4));
    let (rows, before) = (cell.gates().len() * units, usize::from(cell.has_second_bias()) + units);
    let theta = [(rows, inputs + 1), (rows, before), (outputs, units + 1)].map(|shape| uniform(&mut rng, shape, 1.0));
    let x = uniform(&mut rng, (steps * samples, inputs), 1.5);
    let read = if reads == OutputSteps::All { steps * samples } else { samples };
    let y = targets(&mut rng, output, (read, outputs));
    let regularisation = Regularisation { penalty, lambda: 0.7, m: samples };
    Case { model: Recurrent { cell, theta, output, reads }, x, y, samples, regularisation }
}

fn dense(sizes: &[usize], activation: Activation, penalty: Penalty, seed: u64) -> Case<Network<f64>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let theta = sizes.windows(2).map(|pair| uniform(&mut rng, (pair[1], pair[0] + 1), 1.0)).collect();
    let x = uniform(&mut rng, (6, sizes[0]), 1.5);
    let y = targets(&mut rng, Output::Sigmoid, (6, sizes[sizes.len() - 1]));
    let model = Network { theta, hidden: vec![activation; sizes.len() - 2], output: Output::Sigmoid };
    Case { model, x, y, samples: 6, regularisation: Regularisation { penalty, lambda: 0.7, m: 6 } }
}

/// Every cell by name, and plain layers of every activation, whether it can be chosen by name or not.
fn cells() -> impl Iterator<Item = Cell> {
    Activation::ALL.iter().map(|&g| Cell::Plain(g)).chain([Cell::Gru, Cell::Lstm])
}

#[test]
fn every_cell_with_every_output_reading_and_penalty_agrees_with_central_differences() {
    let mut seed = 0;
    for cell in cells() {
        for &output in Output::ALL {
            for reads in [OutputSteps::All, OutputSteps::Last] {
                for &penalty in Penalty::ALL {
                    seed += 1;
                    let case = recurrent(cell, output, (reads, penalty), seed);
                    let name = format!("{cell:?} {} {reads:?} {} seed {seed}", output.name(), penalty.name());
                    for report in case.reports() {
                        let found = (report.relative(), report.difference, report.rounding);
                        assert!(report.verdict() != Verdict::Wrong, "{name} {}: {found:?}", report.symbol);
                        let seen = report.compared + report.kinks.len();
                        assert_eq!(seen, case.model.theta[report.index].len(), "{name} {}", report.symbol);
                    }
                }
            }
        }
    }
}

#[test]
fn of_a_hundred_recurrent_nets_hardly_one_is_too_small_to_tell() {
    let (mut worst, mut small) = (0.0_f64, 0);
    for seed in 1000..1100 {
        let cell = Cell::ALL[seed as usize % Cell::ALL.len()];
        let output = Output::ALL[seed as usize % Output::ALL.len()];
        let case = recurrent(cell, output, (OutputSteps::All, Penalty::L2), seed);
        for report in case.reports() {
            if report.is_too_small_to_tell() {
                small += 1;
                continue;
            }
            assert!(report.holds(), "seed {seed} {}: {:e}", report.symbol, report.relative());
            worst = worst.max(report.relative());
        }
    }
    assert!(worst > 0.0 && small <= 1, "{worst:e}, {small}");
}

/// What a mistake makes of a right gradient, of which the network's own part and the penalty's are given.
type Mistake = fn(d: &Array2<f64>, penalty: &Array2<f64>) -> Array2<f64>;

const MISTAKES: [(&str, Mistake); 5] = [
    ("one in a million too large", |d, penalty| (d + penalty) * (1.0 + 1e-6)),
    ("without the penalty", |d, _| d.clone()),
    ("of the other sign", |d, penalty| -(d + penalty)),
    ("two rows exchanged", |d, penalty| {
        let mut wrong = d + penalty;
        let (rows, first) = (wrong.nrows(), wrong.row(0).to_owned());
        let last = wrong.row(rows - 1).to_owned();
        wrong.row_mut(0).assign(&last);
        wrong.row_mut(rows - 1).assign(&first);
        wrong
    }),
    ("one cell off by a thousandth of it", |d, penalty| {
        let mut wrong = d + penalty;
        let largest = wrong.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs())).expect("cells");
        *largest *= 1.001;
        wrong
    }),
];

/// Makes each mistake in each Θ in turn, and finds that that Θ is called wrong and no other one.
fn each_mistake_is_found<M: Differences>(case: &Case<M>, name: &str) {
    let right = case.check().gradient();
    assert_eq!(case.verdict(&right), Verdict::Right, "{name}");
    for (mistake, make) in MISTAKES {
        for index in 0..right.len() {
            let (theta, biases) = (&case.model.parameters()[index], case.model.biases(index));
            let penalty = case.regularisation.gradient_beyond(biases, theta);
            let mut wrong = right.clone();
            wrong[index] = make(&(&right[index] - &penalty), &penalty);
            let reports = case.check().compare(&wrong, 1, onwards).expect("nothing stops it");
            let called: Vec<usize> =
                reports.iter().filter(|report| report.verdict() == Verdict::Wrong).map(|report| report.index).collect();
            assert_eq!(called, [index], "{name} {mistake}");
        }
    }
}

#[test]
fn a_mistake_in_the_gradient_of_any_net_is_found_in_the_theta_that_has_it() {
    each_mistake_is_found(&dense(&[3, 5, 4, 2], Activation::Tanh, Penalty::L2, 3), "dense");
    for cell in [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm] {
        // Two units and two outputs at least, so that there are rows to exchange.
        let seed = (0..).find(|&seed| {
            let (_, units, outputs) =
                recurrent(cell, Output::Sigmoid, (OutputSteps::All, Penalty::L2), seed).model.sizes();
            units > 1 && outputs > 1
        });
        let case = recurrent(cell, Output::Sigmoid, (OutputSteps::All, Penalty::L2), seed.expect("one of them"));
        each_mistake_is_found(&case, cell.name());
    }
}

#[test]
fn a_gradient_that_is_truncated_is_not_that_of_j() {
    for cell in [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm] {
        let seed = (0..).find(|&seed| {
            let case = recurrent(cell, Output::Linear, (OutputSteps::Last, Penalty::None), seed);
            case.x.nrows() / case.samples > 3
        });
        let case = recurrent(cell, Output::Linear, (OutputSteps::Last, Penalty::None), seed.expect("one of them"));
        let mut forward = deltascope::nn::recurrent::BpttForward::default();
        let mut through = deltascope::nn::recurrent::BpttBackward::default();
        case.model.forward(case.x.view(), &case.model.blank(case.samples), &mut forward);
        let mut gradient = |cut: Option<usize>| -> Vec<Array2<f64>> {
            case.model.backward(&forward, case.y.view(), cut, &mut through);
            through.sum.iter().map(|sum| sum / case.samples as f64).collect()
        };
        assert_eq!(gradient(None), case.check().gradient(), "{}", cell.name());
        assert_eq!(case.verdict(&gradient(None)), Verdict::Right, "{}", cell.name());
        assert_eq!(case.verdict(&gradient(Some(2))), Verdict::Wrong, "{}", cell.name());
    }
}

#[test]
fn a_relu_cell_at_exactly_zero_is_counted_named_and_left_out() {
    let mut case = recurrent(Cell::Plain(Activation::Relu), Output::Linear, (OutputSteps::All, Penalty::None), 5);
    // Unit 1 stands at its kink at every step: all that comes into it is 0.
    case.model.theta[0].row_mut(0).fill(0.0);
    case.model.theta[1].row_mut(0).fill(0.0);
    let [x, h, o] = case.reports().try_into().expect("three of them");
    assert!([&x, &h, &o].iter().all(|report| report.verdict() == Verdict::Right));
    let rows = |report: &LayerReport| report.kinks.iter().map(|(cell, _)| cell.j).collect::<BTreeSet<_>>();
    assert_eq!(rows(&x), BTreeSet::from([0]));
    assert!(x.kinks.iter().all(|(_, kink)| *kink == Kink::Unit));
    assert_eq!(x.kinks.len(), case.model.theta[0].ncols(), "each of them moves its z");
    assert!(o.kinks.is_empty(), "the output's weights move no z of the layer");
    let findings = x.findings.row(0).iter().all(|finding| *finding == GradientFinding::Kinked(Kink::Unit));
    assert!(findings, "{:?}", x.findings);
}

#[test]
fn weights_at_the_kink_of_l1_are_left_out_and_biases_are_not() {
    for cell in [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm] {
        let mut case = recurrent(cell, Output::Sigmoid, (OutputSteps::All, Penalty::L1), 8);
        case.model.theta.iter_mut().for_each(|theta| theta.fill(0.0));
        for report in case.reports() {
            let theta = &case.model.theta[report.index];
            let biases = if report.index == 1 { usize::from(cell.has_second_bias()) } else { 1 };
            assert!(report.kinks.iter().all(|(at, kink)| at.i >= biases && *kink == Kink::Weight), "{}", cell.name());
            assert_eq!(report.compared, theta.nrows() * biases, "{} {}", cell.name(), report.symbol);
        }
    }
}

/// Everything that a check says while it runs, until it has said this much.
fn heard<M: Differences>(check: &Check<'_, M>, until: usize) -> (Vec<usize>, bool) {
    let mut heard = Vec::new();
    let outcome = check.run(|done, cells| {
        assert_eq!(cells, check.cells());
        heard.push(done);
        if done >= until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    (heard, outcome.is_some())
}

#[test]
fn a_check_of_any_net_tells_how_far_it_is_and_can_be_stopped_anywhere() {
    let case = recurrent(Cell::Gru, Output::Softmax, (OutputSteps::All, Penalty::L2), 21);
    let (all, is_done) = heard(&case.check(), usize::MAX);
    assert!(is_done && all.is_sorted() && all.last() == Some(&case.check().cells()), "{all:?}");
    for &stop in &all[..all.len() - 1] {
        let (told, is_done) = heard(&case.check(), stop);
        assert!(!is_done && told.last() == Some(&stop), "{told:?}");
    }
    // A row of many cells is not waited for to its end.
    let wide = dense(&[300, 2], Activation::Tanh, Penalty::L2, 4);
    let (told, is_done) = heard(&wide.check(), 1);
    assert!(!is_done && told.len() == 1 && told[0] <= 64, "{told:?}");
}

fn some_of_them_are_what_all_are<M: Differences>(case: &Case<M>) {
    let whole = case.reports();
    for every in [2, 3, 7, 1000] {
        let some = case.check().run_every(every, onwards).expect("nothing stops it");
        let mut looked = 0;
        for (some, whole) in some.iter().zip(&whole) {
            let pairs = some.findings.iter().zip(&whole.findings);
            let found = pairs.filter(|(finding, _)| **finding != GradientFinding::Skipped);
            looked += found.inspect(|(finding, of_all)| assert_eq!(finding, of_all)).count();
        }
        let expected = case.check().cells() as f64 / every as f64;
        assert!((looked as f64 - expected).abs() <= 1.0, "{looked} of {} by {every}", case.check().cells());
        assert_eq!(looked, some.iter().map(|report| report.compared + report.kinks.len()).sum::<usize>());
    }
}

#[test]
fn one_of_every_so_many_finds_of_them_what_a_whole_check_finds() {
    some_of_them_are_what_all_are(&dense(&[3, 6, 4, 2], Activation::Relu, Penalty::L1, 9));
    some_of_them_are_what_all_are(&recurrent(Cell::Lstm, Output::Linear, (OutputSteps::Last, Penalty::L2), 31));
}

#[test]
fn a_net_of_zeros_has_a_gradient_that_is_checked_like_any_other() {
    let mut case = dense(&[3, 4, 2], Activation::Sigmoid, Penalty::L2, 4);
    case.model.theta = Init::Zeros.theta(&[3, 4, 2], 1);
    // ∂J/∂Θ^(1) is exactly 0, and so is its difference.
    assert!(case.reports()[0].relative() == 0.0 && case.reports()[1].holds());
}
