//! Recurrent networks: published numbers, central differences of every weight, and the sums over time.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{Data, Loaded, Source};
use deltascope::nn::recurrent::{
    BpttBackward, BpttForward, Cell, OutputSteps, Recurrent, RecurrentState, spectral_radius,
};
use deltascope::nn::{Activation, Init, Named, Optimizer, Output, Penalty, Real, Regularisation};
use deltascope::train::{BatchSize, Config, Precision, Recurrence, RecurrentTrainer};
use ndarray::{Array2, ArrayView2, Axis, array, concatenate, s};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::error;
use crate::oracle::{self, Oracle};

const CLOSE: f64 = 1e-12;

/// T × units × m as rows of steps and samples.
fn rows_of(oracle: &Oracle, key: &str) -> Array2<f64> {
    let steps: Vec<Array2<f64>> = oracle.matrices(key).into_iter().map(Array2::reversed_axes).collect();
    let views: Vec<_> = steps.iter().map(|step| step.view()).collect();
    concatenate(Axis(0), &views).expect("of one width")
}

#[track_caller]
fn assert_close(what: &str, found: &Array2<f64>, expected: &Array2<f64>) {
    let error = error(found.view(), expected.view());
    assert!(error <= CLOSE, "{what}: {error:e}");
}

/// What a step, counted from 0, adds to ΣΔ^x, ΣΔ^h and ΣΔ^o: δ_t [1; a]ᵀ over all samples.
fn contribution(
    network: &Recurrent<f64>,
    forward: &BpttForward<f64>,
    through: &BpttBackward<f64>,
    t: usize,
) -> [Array2<f64>; 3] {
    let sum = |delta: ArrayView2<f64>, a: ArrayView2<f64>, biases: usize| {
        let ones = Array2::ones((a.nrows(), biases));
        delta.t().dot(&concatenate(Axis(1), &[ones.view(), a]).expect("of one height"))
    };
    let delta_h = if network.cell == Cell::Gru { &through.delta_h } else { &through.delta };
    // Where the last step alone is read, δ^o has that step alone.
    let of_o = match network.reads {
        OutputSteps::All => Some(forward.at(&through.delta_o, t)),
        OutputSteps::Last => (t + 1 == forward.steps()).then(|| through.delta_o.view()),
    };
    let after = forward.at(&forward.h, t + 1);
    [
        sum(forward.at(&through.delta, t), forward.at(&forward.x, t), 1),
        sum(forward.at(delta_h, t), forward.at(&forward.h, t), usize::from(network.cell.has_second_bias())),
        of_o.map_or_else(|| Array2::zeros(network.theta[2].dim()), |delta| sum(delta, after, 1)),
    ]
}

#[test]
fn a_plain_layer_is_the_published_one_number_by_number() {
    for oracle in oracle::all("rnn_static") {
        let name = &oracle.name;
        let params = oracle.at("/params");
        let with_bias = |weights: &str, bias: &str| {
            concatenate(Axis(1), &[params.matrix(bias).view(), params.matrix(weights).view()]).expect("of one height")
        };
        let network = Recurrent {
            cell: Cell::Plain(Activation::Tanh),
            theta: [with_bias("W_ax", "b_a"), params.matrix("W_aa"), with_bias("W_ya", "b_y")],
            output: Output::Softmax,
            reads: OutputSteps::All,
        };
        let start = RecurrentState { h: oracle.matrix("a0").reversed_axes(), c: Array2::zeros((0, 0)) };
        let (mut forward, mut through) = (BpttForward::default(), BpttBackward::default());
        network.forward(rows_of(&oracle, "X").view(), &start, &mut forward);
        network.backward(&forward, rows_of(&oracle, "Y").view(), None, &mut through);
        let m = oracle.count("m");
        assert_close(&format!("{name} z"), &forward.z, &rows_of(&oracle, "z_a"));
        assert_close(&format!("{name} h"), &forward.h.slice(s![m.., ..]).to_owned(), &rows_of(&oracle, "a"));
        assert_close(&format!("{name} z^o"), &forward.z_o, &rows_of(&oracle, "z_y"));
        assert_close(&format!("{name} o"), &through.o, &rows_of(&oracle, "y_hat"));
        assert_close(&format!("{name} δ^o"), &through.delta_o, &rows_of(&oracle, "delta_y"));
        assert_close(&format!("{name} δ"), &through.delta, &rows_of(&oracle, "delta_a"));
        let of_start = through.grad_h.slice(s![..m, ..]).to_owned();
        assert_close(&format!("{name} ∂J/∂h_0"), &of_start, &oracle.matrix("dJ_da0").reversed_axes());
        let data = through.cost.sum() / m as f64;
        assert!((data - oracle.number("J_data")).abs() < CLOSE, "{name} J");
        let rule = Regularisation { penalty: Penalty::L2, lambda: oracle.number("lambda"), m };
        let reg: f64 =
            [1, 0, 1].iter().zip(&network.theta).map(|(&biases, theta)| rule.cost_beyond(biases, theta)).sum();
        assert!((reg - oracle.number("J_reg")).abs() < CLOSE, "{name} reg");
        let (d, by_step) = (oracle.at("/D"), oracle.at("/D_data_by_step"));
        let parts = [("W_ax", Some("b_a"), 1), ("W_aa", None, 0), ("W_ya", Some("b_y"), 1)];
        for (index, (weights, bias, biases)) in parts.into_iter().enumerate() {
            let joined = |weights: Array2<f64>, bias: Option<Array2<f64>>| match bias {
                Some(bias) => concatenate(Axis(1), &[bias.view(), weights.view()]).expect("of one height"),
                None => weights,
            };
            let mean = through.sum[index].mapv(|sum| sum / m as f64);
            let gradient = &mean + &rule.gradient_beyond(biases, &network.theta[index]);
            let expected = joined(d.matrix(weights), bias.map(|bias| d.matrix(bias)));
            assert_close(&format!("{name} ∂J/∂{weights}"), &gradient, &expected);
            for t in 0..oracle.count("T") {
                let of = |key: &str| by_step.matrices(key)[t].clone();
                let found = contribution(&network, &forward, &through, t)[index].mapv(|sum| sum / m as f64);
                assert_close(&format!("{name} {weights} at {t}"), &found, &joined(of(weights), bias.map(of)));
            }
        }
    }
}

/// A net of 3 inputs, 4 units and 2 outputs with weights of the order of 1, and its inputs and targets: 5 steps of 3 sequences.
pub(super) fn example(cell: Cell, output: Output, reads: OutputSteps) -> (Recurrent<f64>, Array2<f64>, Array2<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let gates = cell.gates().len();
    let mut draw = |rows: usize, columns: usize| Init::Uniform.layer(columns - 1, rows, &mut rng);
    let h = draw(gates * 4, 5);
    let h = if cell.has_second_bias() { h } else { h.slice(s![.., 1..]).to_owned() };
    let theta = [draw(gates * 4, 4), h, draw(2, 5)];
    let x = draw(15, 3);
    let read = if reads == OutputSteps::All { 15 } else { 3 };
    let y = match output {
        Output::Softmax => Array2::from_shape_fn((read, 2), |(row, k)| f64::from(row % 2 == k)),
        _ => draw(read, 2).mapv(|y| if output == Output::Linear { y } else { f64::from(y > 0.0) }),
    };
    (Recurrent { cell, theta, output, reads }, x, y)
}

fn cost(network: &Recurrent<f64>, x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    let (mut forward, mut through) = (BpttForward::default(), BpttBackward::default());
    network.forward(x.view(), &network.blank(3), &mut forward);
    network.answer(&forward, y.view(), &mut through);
    through.cost.sum()
}

pub(super) fn passes<T: Real>(
    network: &Recurrent<T>,
    x: &Array2<T>,
    y: &Array2<T>,
    cut: Option<usize>,
) -> (BpttForward<T>, BpttBackward<T>) {
    let (mut forward, mut through) = (BpttForward::default(), BpttBackward::default());
    network.forward(x.view(), &network.blank(3), &mut forward);
    network.backward(&forward, y.view(), cut, &mut through);
    (forward, through)
}

#[test]
fn every_gradient_is_the_central_difference_of_the_cost() {
    const EPSILON: f64 = 1e-5;
    for &cell in Cell::ALL {
        for &output in Output::ALL {
            for reads in [OutputSteps::All, OutputSteps::Last] {
                let (mut network, x, y) = example(cell, output, reads);
                let (_, through) = passes(&network, &x, &y, None);
                let (mut difference, mut sum) = (0.0, 0.0);
                for which in 0..3 {
                    for at in ndarray::indices(network.theta[which].dim()) {
                        let weight = network.theta[which][at];
                        let mut moved = |by: f64| {
                            network.theta[which][at] = weight + by;
                            cost(&network, &x, &y)
                        };
                        let numeric = (moved(EPSILON) - moved(-EPSILON)) / (2.0 * EPSILON);
                        network.theta[which][at] = weight;
                        let analytic = through.sum[which][at];
                        difference += (numeric - analytic).powi(2);
                        sum += (numeric + analytic).powi(2);
                    }
                }
                let relative = (difference / sum).sqrt();
                assert!(relative < 1e-8, "{} {} {reads:?}: {relative:e}", cell.name(), output.name());
            }
        }
    }
}

/// One step of a cell as the derivation has it, number by number.
fn by_hand(network: &Recurrent<f64>, x: &[f64], h: &[f64], c: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let units = h.len();
    let [of_x, of_h, _] = &network.theta;
    let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
    let from_x = |gate: usize, j: usize| {
        let row = of_x.row(gate * units + j);
        row[0] + x.iter().enumerate().map(|(i, x)| row[i + 1] * x).sum::<f64>()
    };
    let from_h = |gate: usize, j: usize| {
        let row = of_h.row(gate * units + j);
        row[0] + h.iter().enumerate().map(|(i, h)| row[i + 1] * h).sum::<f64>()
    };
    let both = |gate: usize, j: usize| from_x(gate, j) + from_h(gate, j);
    match network.cell {
        Cell::Gru => {
            let of_unit = |j: usize| {
                let (r, u) = (sigma(both(0, j)), sigma(both(1, j)));
                let n = (from_x(2, j) + r * from_h(2, j)).tanh();
                (1.0 - u) * n + u * h[j]
            };
            ((0..units).map(of_unit).collect(), Vec::new())
        }
        Cell::Lstm => {
            let of_unit = |j: usize| {
                let c = sigma(both(1, j)) * c[j] + sigma(both(0, j)) * both(3, j).tanh();
                (sigma(both(2, j)) * c.tanh(), c)
            };
            (0..units).map(of_unit).unzip()
        }
        _ => unreachable!("it is the oracle's"),
    }
}

#[test]
fn gated_cells_are_the_equations_worked_out_by_hand() {
    for cell in [Cell::Gru, Cell::Lstm] {
        let (network, x, y) = example(cell, Output::Softmax, OutputSteps::Last);
        let (forward, _) = passes(&network, &x, &y, None);
        for b in 0..3 {
            let (mut h, mut c) = (vec![0.0; 4], vec![0.0; 4]);
            for t in 0..5 {
                (h, c) = by_hand(&network, x.row(t * 3 + b).as_slice().expect("a row"), &h, &c);
                for (j, &expected) in h.iter().enumerate() {
                    let found = forward.h[[(t + 1) * 3 + b, j]];
                    assert!((found - expected).abs() < 1e-14, "{} h_{t}: {found}, {expected}", cell.name());
                }
                for (j, &expected) in c.iter().enumerate() {
                    assert!((forward.c[[(t + 1) * 3 + b, j]] - expected).abs() < 1e-14, "c_{t}");
                }
            }
        }
    }
}

#[test]
fn the_contributions_of_the_steps_are_the_whole_sum_and_a_long_cut_is_none() {
    for &cell in Cell::ALL {
        for reads in [OutputSteps::All, OutputSteps::Last] {
            let (network, x, y) = example(cell, Output::Linear, reads);
            for cut in [None, Some(2)] {
                let (forward, through) = passes(&network, &x, &y, cut);
                for which in 0..3 {
                    let sum = (0..5).map(|t| contribution(&network, &forward, &through, t)[which].clone());
                    let sum = sum.reduce(|sum, one| sum + one).expect("five steps");
                    assert_close(&format!("{} {which}", cell.name()), &sum, &through.sum[which]);
                }
            }
            let (_, whole) = passes(&network, &x, &y, None);
            assert_eq!(passes(&network, &x, &y, Some(5)).1, whole);
        }
    }
}

#[test]
fn over_the_end_of_a_block_no_gradient_goes_back() {
    let (network, x, y) = example(Cell::Lstm, Output::Softmax, OutputSteps::Last);
    let (_, through) = passes(&network, &x, &y, Some(2));
    // Blocks of steps 1 2, 3 4 and 5: only the last one has the output.
    assert!(through.delta.slice(s![..12, ..]).iter().all(|&delta| delta == 0.0));
    assert!(through.delta.slice(s![12.., ..]).iter().any(|&delta| delta != 0.0));
    let every = example(Cell::Gru, Output::Softmax, OutputSteps::All);
    let (_, through) = passes(&every.0, &every.1, &every.2, Some(2));
    for (t, flows) in [(1, true), (2, false), (3, true), (4, false)] {
        let later = through.grad_h_next.slice(s![t * 3..(t + 1) * 3, ..]);
        assert_eq!(later.iter().any(|&later| later != 0.0), flows, "into h_{t}");
    }
}

#[test]
fn single_precision_differs_by_rounding() {
    for &cell in Cell::ALL {
        let (network, x, y) = example(cell, Output::Softmax, OutputSteps::All);
        let narrow = Recurrent::<f32> {
            cell,
            theta: network.theta.each_ref().map(|theta| theta.mapv(|weight| weight as f32)),
            output: network.output,
            reads: network.reads,
        };
        let (_, wide) = passes(&network, &x, &y, None);
        let (_, found) = passes(&narrow, &x.mapv(|x| x as f32), &y.mapv(|y| y as f32), None);
        for (found, expected) in found.sum.iter().zip(&wide.sum) {
            let error = error(found.mapv(f64::from).view(), expected.view());
            assert!(error < 1e-5, "{}: {error:e}", cell.name());
        }
    }
}

#[test]
fn the_spectral_radius_is_that_of_the_largest_eigenvalue() {
    let turn = 0.9_f64;
    for (matrix, expected) in [
        (array![[0.5, 0.0], [0.0, -0.8]], 0.8),
        (array![[turn * 0.6, -turn * 0.8], [turn * 0.8, turn * 0.6]], turn),
        (array![[0.9, 100.0], [0.0, 0.9]], 0.9),
        (array![[0.0, 1.0], [0.0, 0.0]], 0.0),
    ] {
        let found = spectral_radius(matrix.view());
        assert!((found - expected).abs() < 1e-3, "{found}, expected {expected}");
    }
}

pub fn options(name: &str, cell: Cell, steps: usize) -> (Config, Data) {
    let source = Source::sequences(name, steps, 200);
    let sequences = Sequences::load(&source).expect("it can be made");
    let config = Config {
        source,
        recurrence: Some(Recurrence { cell, truncate: None }),
        layers: vec![16],
        output: sequences.usual_output(),
        optimizer: Optimizer::Adam,
        alpha: 0.01,
        lambda: 0.0,
        batch: BatchSize::Size(20),
        ..Config::default()
    };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("it can be split");
    (config, data)
}

#[test]
fn a_run_is_a_function_of_its_options_and_looks_do_not_disturb_it() {
    for &cell in Cell::ALL {
        let (config, data) = options("echo", cell, 8);
        let config = Arc::new(config);
        let run = |looks: bool| {
            let mut trainer = RecurrentTrainer::<f64>::new(Arc::clone(&config), data.clone()).expect("a net");
            for _ in 0..20 {
                if looks {
                    trainer.snapshot(None);
                }
                trainer.step().expect("it does not diverge");
            }
            trainer.model().theta.clone()
        };
        assert_eq!(run(false), run(true), "{}", cell.name());
    }
}

#[test]
fn a_scene_is_the_next_update_at_its_own_theta() {
    let (config, data) = options("parity", Cell::Gru, 6);
    let recurrence = Some(Recurrence { cell: Cell::Gru, truncate: Some(4) });
    let config = Config { lambda: 2.0, clip: Some(0.01), recurrence, ..config };
    let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net");
    for _ in 0..3 {
        let snapshot = trainer.snapshot(None);
        let scene = snapshot.recurrent().expect("a recurrent net");
        assert!(scene.cut < 1.0, "a gradient that long is cut");
        assert_eq!(scene.samples, 20);
        let mean: f64 = scene.cost_t().sum() / 20.0;
        assert!((mean - scene.cost.data).abs() < 1e-12);
        trainer.step().expect("it does not diverge");
        for which in 0..3 {
            let parameter = &scene.parameters[which];
            let after = &scene.network.theta[which] + &parameter.update;
            assert_close("Θ after the update", &trainer.model().theta[which], &after);
            let gradient = &parameter.d + &parameter.penalty;
            assert_close("∂J/∂Θ", &parameter.gradient, &gradient);
        }
        let flow: Vec<_> = (1..=scene.steps()).map(|t| scene.flow(t)).collect();
        assert!(flow[4].cut && flow.iter().filter(|flow| flow.cut).count() == 1, "{flow:?}");
    }
}

/// Steps until the share of right answers reaches this, up to so many epochs; the share at the end.
fn learnt(cell: Cell, name: &str, (steps, epochs): (usize, usize), config: impl Fn(Config) -> Config) -> f64 {
    let (usual, data) = options(name, cell, steps);
    let config = Config { precision: Precision::F32, ..config(usual) };
    let mut trainer = RecurrentTrainer::<f32>::new(Arc::new(config), data).expect("a net");
    let share = |trainer: &RecurrentTrainer<f32>| trainer.latest().train.fit.accuracy().expect("classes");
    while trainer.position().epochs_done < epochs as u64 && share(&trainer) < 0.99 {
        trainer.step().expect("it does not diverge");
    }
    share(&trainer)
}

#[test]
fn every_cell_learns_to_echo_and_gates_learn_to_remember() {
    for cell in [Cell::Plain(Activation::Tanh), Cell::Gru, Cell::Lstm] {
        let share = learnt(cell, "echo", (8, 300), |config| config);
        assert!(share >= 0.99, "{}: {share}", cell.name());
    }
    for cell in [Cell::Gru, Cell::Lstm] {
        let share = learnt(cell, "remember", (10, 300), |config| config);
        assert!(share >= 0.99, "{}: {share}", cell.name());
    }
}

/// A small net in training.
pub fn trainer() -> RecurrentTrainer<f64> {
    let (config, data) = options("echo", Cell::Gru, 6);
    RecurrentTrainer::new(Arc::new(config), data).expect("a net")
}
