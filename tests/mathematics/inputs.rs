//! ∂J/∂x against central differences of J^(b) in x, for every activation, output and cell; and from where on a walk has it.

use std::sync::Arc;

use deltascope::data::sequences::Sequences;
use deltascope::data::{Loaded, Source};
use deltascope::derivation::{
    Detail, Graph, Node, Playhead, QuantityKey, Sample, Stop, Stride, Trace, Values, Walk, input, letter,
};
use deltascope::nn::dense::tensors::MASK;
use deltascope::nn::recurrent::{BpttBackward, BpttForward, OutputSteps};
use deltascope::nn::{Activation, Cell, Named, Network, Output};
use deltascope::train::{BatchSize, Config, DenseTrainer, Recurrence, RecurrentTrainer, RecurrentView};
use ndarray::{Array1, Array2, Axis, s};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::{dense, error, full_batch, prepared};

/// The largest error, relative to the largest entry.
const CLOSE: f64 = 1e-8;
const STEP: f64 = 1e-3;

/// The derivative of a function at 0 by a difference of fourth order.
fn derivative(mut at: impl FnMut(f64) -> f64) -> f64 {
    let (near, far) = (at(STEP) - at(-STEP), at(2.0 * STEP) - at(-2.0 * STEP));
    (8.0 * near - far) / (12.0 * STEP)
}

#[track_caller]
fn assert_close(what: &str, found: &Array1<f64>, expected: &Array1<f64>) {
    let [found, expected] = [found, expected].map(|row| row.view().insert_axis(Axis(0)));
    let error = error(found, expected);
    assert!(error <= CLOSE, "{what}: {error:e}, {found} instead of {expected}");
}

/// r of each hidden layer, 1 × S_l, where there is dropout.
fn masks(trace: &Trace) -> impl Iterator<Item = &Array2<f64>> {
    (2..).map_while(|l| trace.tensors.get(MASK, l)).map(|tensor| &tensor.values)
}

/// ∂J^(b)/∂x by differences, and whether no z comes near a kink of its activation on the way; r are the masks of this one sample.
fn by_differences(network: &Network<f64>, trace: &Trace) -> (Array1<f64>, bool) {
    let (x, y) = (trace.a(1).expect("an input").to_owned(), trace.y().insert_axis(Axis(0)));
    let masks = || masks(trace).cloned().collect();
    let pass = |i: usize, by: f64| {
        let mut moved = x.clone();
        moved[i] += by;
        network.forward_with(moved.insert_axis(Axis(0)).view(), masks())
    };
    let sides = |i: usize, by: f64| -> Vec<bool> {
        let hidden = pass(i, by).z.into_iter().zip(network.hidden.clone());
        hidden.flat_map(|(z, g)| z.into_iter().flat_map(move |z| g.kinks().iter().map(move |&kink| z > kink))).collect()
    };
    let smooth = (0..x.len()).all(|i| sides(i, 2.0 * STEP) == sides(i, -2.0 * STEP));
    let slope = |i: usize| derivative(|by| network.cost(&pass(i, by), y)[0]);
    ((0..x.len()).map(slope).collect(), smooth)
}

/// Six samples of three features for two outputs; the next batch holds the first three of them.
fn trainer(activation: Activation, output: Output, config: Config) -> DenseTrainer<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(23);
    let x = Array2::from_shape_fn((6, 3), |_| rng.random_range(-1.5..1.5));
    let y = Array2::from_shape_fn((6, 2), |(b, k)| match output {
        Output::Linear => rng.random_range(-2.0..2.0),
        _ => f64::from(b % 2 == k),
    });
    let sizes: Vec<usize> = [3].into_iter().chain(config.layers.iter().copied()).chain([2]).collect();
    let mut uniform = |rows, columns| Array2::from_shape_fn((rows, columns), |_| rng.random_range(-1.0..1.0));
    let theta = sizes.windows(2).map(|pair| uniform(pair[1], pair[0] + 1)).collect();
    let activation = vec![activation; config.layers.len()];
    let config = Config { activation, output, batch: BatchSize::Size(3), ..config };
    let network = config.network(theta);
    DenseTrainer::with_model(Arc::new(config), prepared(&x, &y), network).expect("the options fit")
}

#[test]
fn of_a_sample_it_is_the_central_difference_of_its_cost() {
    let mut compared = 0;
    for layers in [vec![], vec![5], vec![5, 4]] {
        for &activation in Activation::ALL {
            for &output in Output::ALL {
                let mut trainer = trainer(activation, output, full_batch(&layers));
                let snapshot = trainer.snapshot(None);
                let mut smooth_ones = 0;
                for row in 0..6 {
                    let sample = Sample::of(false, row);
                    let trace = Trace::of(sample, &snapshot).expect("a sample");
                    assert_eq!(trace.in_batch, row < 3, "carried, or computed alone");
                    let (expected, smooth) = by_differences(dense(&snapshot).network, &trace);
                    if smooth {
                        smooth_ones += 1;
                        let name = format!("{layers:?} {} {} sample {row}", activation.name(), output.name());
                        assert_close(&name, &trace.grad_x.row(0).to_owned(), &expected);
                    }
                }
                assert!(smooth_ones >= 3, "{layers:?} {}: {smooth_ones}", activation.name());
                compared += smooth_ones;
            }
        }
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn with_units_left_out_it_is_that_of_the_units_that_stay() {
    let mut left_out = 0;
    for &activation in Activation::ALL {
        let mut trainer = trainer(activation, Output::Sigmoid, Config { dropout: 0.4, ..full_batch(&[5, 4]) });
        let snapshot = trainer.snapshot(None);
        for row in 0..6 {
            let trace = Trace::of(Sample::of(false, row), &snapshot).expect("a sample");
            assert_eq!(!trace.has_mask(), row >= 3, "a sample that is computed alone keeps all units");
            left_out += masks(&trace).flatten().filter(|&&r| r == 0.0).count();
            let (expected, smooth) = by_differences(dense(&snapshot).network, &trace);
            // Of a sample all whose paths are cut nothing comes back.
            if smooth && expected.iter().any(|slope| *slope != 0.0) {
                assert_close(
                    &format!("{} sample {row}", activation.name()),
                    &trace.grad_x.row(0).to_owned(),
                    &expected,
                );
            }
        }
    }
    assert!(left_out > 10, "{left_out}");
}

fn recurrent(name: &str, cell: Cell, (output, truncate): (Option<Output>, Option<usize>)) -> RecurrentTrainer<f64> {
    let source = Source::sequences(name, 7, 40);
    let sequences = Sequences::load(&source).expect("it can be made");
    let output = output.unwrap_or(sequences.usual_output());
    let recurrence = Some(Recurrence { cell, truncate });
    let batch = BatchSize::Size(4);
    // After a few updates no bias is 0 and no gate is the same as another.
    let config =
        Config { source, recurrence, output, batch, layers: vec![5], lambda: 0.0, alpha: 0.03, ..Config::default() };
    let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("it can be split");
    let mut trainer = RecurrentTrainer::new(Arc::new(config), data).expect("a net");
    (0..5).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer
}

/// J^(b) of a sequence with its inputs moved, from a step of the cost to another, counted from 0; and on which side of its kink each z is.
fn cost(net: RecurrentView<'_>, x: &Array2<f64>, b: usize, steps: std::ops::Range<usize>) -> (f64, Vec<bool>) {
    let (mut forward, mut through) = (BpttForward::default(), BpttBackward::default());
    net.network.forward(x.view(), &net.network.blank(net.samples), &mut forward);
    net.network.answer(&forward, net.y().view(), &mut through);
    let first = match net.network.reads {
        OutputSteps::All => 0,
        OutputSteps::Last => net.steps() - 1,
    };
    let read = through.cost.iter().skip(b).step_by(net.samples).enumerate();
    let cost = read.filter(|(step, _)| steps.contains(&(first + step))).map(|(_, cost)| cost).sum();
    let kinked = net.network.cell == Cell::Plain(Activation::Relu);
    (cost, forward.z.iter().filter(|_| kinked).map(|&z| z > 0.0).collect())
}

/// ∂J/∂x_t of a sequence that a snapshot carries.
fn gradient_over_time(net: RecurrentView<'_>, b: usize) -> Array2<f64> {
    let sample = Sample::of(false, net.batch[b]);
    Trace::of(sample, net.snapshot).expect("a trace").grad_x
}

/// Compares ∂J/∂x_t of all sequences that a snapshot carries at all steps; how many steps were compared.
fn compare(what: &str, net: RecurrentView<'_>, truncate: Option<usize>) -> usize {
    let mut compared = 0;
    for b in 0..net.samples {
        let found = gradient_over_time(net, b);
        assert_eq!(found.dim(), (net.steps(), net.sequences.inputs.len()), "{what}");
        let expected = Array2::from_shape_fn(found.dim(), |(t, i)| {
            // What is cut off is the cost behind the block that the step is in.
            let end = truncate.map_or(net.steps(), |length| ((t / length + 1) * length).min(net.steps()));
            let moved = |by: f64| {
                let mut x = net.x().clone();
                x[[t * net.samples + b, i]] += by;
                cost(net, &x, b, 0..end)
            };
            if moved(2.0 * STEP).1 == moved(-2.0 * STEP).1 { derivative(|by| moved(by).0) } else { f64::NAN }
        });
        let largest =
            expected.iter().filter(|slope| slope.is_finite()).fold(0.0_f64, |top, slope| top.max(slope.abs()));
        for (t, (found, expected)) in found.rows().into_iter().zip(expected.rows()).enumerate() {
            for (found, expected) in found.iter().zip(expected).filter(|(_, expected)| expected.is_finite()) {
                compared += 1;
                let error = (found - expected).abs();
                assert!(error <= CLOSE * largest.max(1e-3), "{what} sequence {b} t {}: {found}, {expected}", t + 1);
            }
        }
    }
    compared
}

#[test]
fn of_a_sequence_it_is_the_central_difference_of_its_cost_at_every_step() {
    for &cell in Cell::ALL {
        for (name, output) in [
            ("remember", None),
            ("remember", Some(Output::Sigmoid)),
            ("adding", None),
            ("parity", None),
            ("sine", None),
            ("parity", Some(Output::SigmoidMse)),
        ] {
            let snapshot = recurrent(name, cell, (output, None)).snapshot(None);
            let net = snapshot.recurrent().expect("a recurrent net");
            let what = format!("{} {name} {}", cell.name(), net.network.output.name());
            let all = net.samples * net.steps() * net.sequences.inputs.len();
            assert!(compare(&what, net, None) > all / 2, "{what}");
        }
    }
}

#[test]
fn where_the_gradient_is_cut_it_counts_the_cost_of_its_block_alone() {
    for &cell in Cell::ALL {
        let snapshot = recurrent("parity", cell, (None, Some(3))).snapshot(None);
        let net = snapshot.recurrent().expect("a recurrent net");
        assert!(compare(cell.name(), net, Some(3)) > 10);
    }
}

#[test]
fn of_a_gru_it_is_the_delta_of_the_inputs_and_not_that_of_the_states() {
    let snapshot = recurrent("parity", Cell::Gru, (None, None)).snapshot(None);
    let net = snapshot.recurrent().expect("a recurrent net");
    let of_states = net.delta_h().slice(s![0..;net.samples, ..]).dot(&net.network.theta[0].slice(s![.., 1..]));
    let apart = error(gradient_over_time(net, 0).view(), of_states.view());
    assert!(apart > 0.01, "{apart:e}: the two can't be told apart");
}

#[test]
fn it_is_the_number_that_its_equation_gives() {
    let key = QuantityKey::plain(letter::GRAD_X);
    let mut of_dense = trainer(Activation::Tanh, Output::Softmax, Config { dropout: 0.2, ..full_batch(&[5, 4]) });
    let snapshot = of_dense.snapshot(None);
    let graph = Graph::of(&snapshot);
    for row in 0..6 {
        let sample = Sample::of(false, row);
        let trace = Trace::of(sample, &snapshot).expect("a sample");
        let values = Values::of(&snapshot, sample, Some(&trace));
        let expected: Option<Array1<f64>> = (1..=3).map(|i| graph.value(Node::unit(key, sample, i), &values)).collect();
        assert_close(
            &format!("sample {row}"),
            &trace.grad_x.row(0).to_owned(),
            &expected.expect("a number for each input"),
        );
    }
    for &cell in Cell::ALL {
        let snapshot = recurrent("remember", cell, (None, None)).snapshot(None);
        let (net, graph) = (snapshot.recurrent().expect("a recurrent net"), Graph::of(&snapshot));
        for (b, &row) in net.batch.iter().enumerate() {
            let sample = Sample::of(false, row);
            let values = Values::of(&snapshot, sample, None);
            for (t, found) in gradient_over_time(net, b).rows().into_iter().enumerate() {
                let number = |i: usize| graph.value(Node::unit(key, sample, i + 1).at(t + 1), &values);
                let expected: Option<Array1<f64>> = (0..found.len()).map(number).collect();
                let what = format!("{} sequence {b} t {}", cell.name(), t + 1);
                assert_close(&what, &found.to_owned(), &expected.expect("a number for each input"));
            }
        }
    }
}

/// Goes through a whole walk by units; at each place the first step that is reached, and the δ of the present sample that are computed so far
/// and those that are still to come, by their step.
fn along(walk: &Walk, mut look: impl FnMut(Playhead, [Vec<(Stop, usize)>; 2])) {
    let mut at = Playhead::default();
    loop {
        let (stop, sample) = walk.block(at.block).expect("a place");
        let is_last = at.unit + 1 == stop.units() && at.proof + 1 == walk.proof(at);
        let mut deltas = [Vec::new(), Vec::new()];
        for place in 0..walk.len() {
            let (stop, of) = walk.block(place).expect("a stop");
            if stop.key.letter == letter::DELTA && of == sample {
                let is_done = place < at.block || (place == at.block && is_last);
                deltas[usize::from(!is_done)].push((stop, stop.t));
            }
        }
        look(at, deltas);
        if at == walk.end() {
            return;
        }
        at = walk.forward(at, Stride::Unit);
    }
}

#[test]
fn a_walk_has_it_once_all_of_the_second_layers_delta_is_computed_and_until_the_end_of_the_sample() {
    for (layers, detail) in [
        (vec![], Detail::Result),
        (vec![4], Detail::Result),
        (vec![4, 3], Detail::Result),
        (vec![4, 3], Detail::Proof),
        (vec![], Detail::Proof),
    ] {
        let snapshot = trainer(Activation::Tanh, Output::Sigmoid, full_batch(&layers)).snapshot(None);
        let walk = Walk::of(&snapshot, detail);
        let mut seen = [0, 0];
        along(&walk, |at, [done, _]| {
            let (stop, sample) = walk.block(at.block).expect("a place");
            let expected = sample.is_none() || done.iter().any(|(stop, _)| stop.is(letter::DELTA, 2));
            let first = input::first_reached(&walk, at);
            assert_eq!(first == 0, expected, "{layers:?} {detail:?} {at:?} {stop:?}");
            seen[usize::from(expected)] += 1;
        });
        assert!(seen.iter().all(|&places| places > 3), "{layers:?} {seen:?}");
    }
}

#[test]
fn of_a_sequence_a_walk_has_it_step_by_step_once_all_gates_deltas_are_computed() {
    for &cell in Cell::ALL {
        let source = Source::sequences("parity", 3, 12);
        let sequences = Sequences::load(&source).expect("it can be made");
        let (output, recurrence) = (sequences.usual_output(), Some(Recurrence { cell, truncate: None }));
        let config =
            Config { source, recurrence, output, batch: BatchSize::Size(2), layers: vec![2], ..Config::default() };
        let data = Loaded::from(Arc::new(sequences)).prepare(&config.preparation()).expect("it can be split");
        let snapshot = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net").snapshot(None);
        let walk = Walk::of(&snapshot, Detail::Result);
        let mut seen = [0; 4];
        along(&walk, |at, [done, to_come]| {
            let sample = walk.block(at.block).and_then(|(_, sample)| sample);
            let first = input::first_reached(&walk, at);
            let mut reached = 0;
            for t in 1..=3 {
                let of = |deltas: &[(Stop, usize)]| deltas.iter().filter(|(_, step)| *step == t).count();
                assert!(sample.is_none() || of(&done) + of(&to_come) >= cell.gates().len(), "{} δ at {t}", cell.name());
                let expected = of(&to_come) == 0;
                assert_eq!(t >= first, expected, "{} {at:?} t {t}", cell.name());
                reached += usize::from(expected);
            }
            seen[reached] += 1;
        });
        assert!(seen.iter().all(|&places| places > 0), "{} {seen:?}", cell.name());
    }
}
