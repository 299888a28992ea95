//! One forward and one backward pass, number by number, and functions of z at extreme z.

use deltascope::nn::activation::sigmoid;
use deltascope::nn::network::answer;
use deltascope::nn::{Activation, Memory, Optimizer, Output, Penalty, Rates, Regularisation, Slopes};
use ndarray::{Array2, ArrayView2, array};

use crate::error;
use crate::oracle::{self, Oracle};

const CLOSE: f64 = 1e-12;

/// How near the numbers that a file's δ makes have to be.
///
/// In `course_xnor` a is up to 1 − 5e-5 and the file took 1 − a, so that its δ is off by 1.3e-12; the file beside it, made
/// with 60 digits, holds δ to `CLOSE`.
fn closeness(oracle: &Oracle) -> f64 {
    if oracle.name == "course_xnor_2-2-1_m4" { 1e-10 } else { CLOSE }
}

#[track_caller]
fn assert_near(what: &str, found: ArrayView2<f64>, expected: &Array2<f64>, close: f64) {
    let error = error(found, expected.view());
    assert!(error <= close, "{what}: {error:e}");
}

#[track_caller]
fn assert_close(what: &str, found: ArrayView2<f64>, expected: &Array2<f64>) {
    assert_near(what, found, expected, CLOSE);
}

#[track_caller]
fn assert_number(what: &str, found: f64, expected: f64, close: f64) {
    assert!((found - expected).abs() <= close * expected.abs(), "{what}: {found:e}, expected {expected:e}");
}

fn check_static(oracle: &Oracle) {
    let name = &oracle.name;
    let close = closeness(oracle);
    let network = oracle.network(oracle.matrices("Theta"));
    assert_eq!(network.sizes(), oracle.sizes(), "{name}");
    let (x, y) = (oracle.matrix("X"), oracle.matrix("Y").reversed_axes());
    let forward = network.forward(x.view());
    let backprop = network.backward(&forward, y.view());
    let rule = Regularisation { penalty: Penalty::L2, lambda: oracle.number("lambda"), m: oracle.count("m") };
    for l in 1..=network.depth() {
        assert_close(&format!("{name} a({l})"), forward.a(l).view(), &oracle.of_layer("a", l));
    }
    for l in 2..=network.depth() {
        assert_close(&format!("{name} z({l})"), forward.z(l).view(), &oracle.of_layer("z", l));
        assert_near(&format!("{name} δ({l})"), backprop.delta(l).view(), &oracle.of_layer("delta", l), close);
    }
    for (l, hidden) in (2..).zip(&network.hidden) {
        assert_near(&format!("{name} ∂J/∂a({l})"), backprop.grad_a(l).view(), &oracle.of_layer("back", l), close);
        let slope = forward.z(l).mapv(|z| hidden.g_prime(z));
        assert_close(&format!("{name} g'({l})"), slope.view(), &oracle.of_layer("g_prime", l));
    }
    let (sums, data, gradients) = (oracle.matrices("Delta"), oracle.matrices("D_data"), oracle.matrices("D"));
    let after = oracle.at("/one_step").matrices("Theta");
    for l in 1..network.depth() {
        let gradient = backprop.d(l) + &rule.gradient(network.theta(l));
        assert_near(&format!("{name} ΣΔ({l})"), backprop.sum[l - 1].view(), &sums[l - 1], close);
        assert_near(&format!("{name} D({l})"), backprop.d(l).view(), &data[l - 1], close);
        assert_near(&format!("{name} ∂J/∂Θ({l})"), gradient.view(), &gradients[l - 1], close);
        let alpha = oracle.at("/one_step").number("alpha");
        let rates = Rates { alpha, beta: 0.0, beta2: 0.0, k: 1 };
        let slopes = Slopes { d: backprop.d(l), penalty: &rule.gradient(network.theta(l)), gradient: &gradient };
        let (update, _) = Optimizer::GradientDescent.update(slopes, &Memory::default(), &rates);
        let next = network.theta(l) + &update;
        assert_close(&format!("{name} Θ({l}) after a step"), next.view(), &after[l - 1]);
    }
    let cost = network.cost(&forward, y.view());
    for (b, (&found, expected)) in cost.iter().zip(oracle.numbers("loss_per_sample")).enumerate() {
        assert_number(&format!("{name} J({b})"), found, expected, close);
    }
    let reg: f64 = network.theta.iter().map(|theta| rule.cost(theta)).sum();
    let data = cost.mean().expect("samples");
    assert_number(&format!("{name} data"), data, oracle.number("J_data"), close);
    assert_number(&format!("{name} reg"), reg, oracle.number("J_reg"), close);
    assert_number(&format!("{name} J"), data + reg, oracle.number("J"), close);
    if oracle.has("prediction_1_to_K") && oracle.has("y") {
        let found: Vec<usize> = forward.h().rows().into_iter().map(|h| answer(h) + 1).collect();
        assert_eq!(found, oracle.counts("prediction_1_to_K"), "{name}");
    }
}

#[test]
fn every_static_file_holds_in_every_number() {
    let oracles = oracle::all("mlp_static");
    assert_eq!(oracles.len(), 23);
    oracles.iter().for_each(check_static);
}

#[test]
fn no_file_is_left_unused() {
    let kinds = ["mlp_static", "mlp_trace", "real_trace", "numerics", "rnn_static"];
    let used: usize = kinds.iter().map(|kind| oracle::all(kind).len()).sum();
    let files = std::fs::read_dir(oracle::folder()).expect("the folder").count();
    assert_eq!(used + 2, files, "all but the README and the folder that pytorch.rs reads");
}

/// Equal to the last bits: what is correctly rounded elsewhere may differ here by a few units in the last place.
///
/// The file was made with 60 digits, in which 1 − 1e-308 is 1: below the smallest normal number its zeros are rounded ones.
#[track_caller]
fn assert_rounded(what: &str, found: f64, expected: f64) {
    let close = 4.0 * f64::EPSILON * expected.abs() + f64::MIN_POSITIVE;
    assert!(found == expected || (found - expected).abs() <= close, "{what}: {found:e}, expected {expected:e}");
}

#[test]
fn functions_of_z_hold_entry_by_entry_at_extreme_z() {
    let numerics = oracle::all("numerics").remove(0);
    for entry in numerics.items("sigmoid") {
        let z = entry.number("z");
        let said = |key: &str| entry.number(key);
        assert_rounded(&format!("sigmoid {z:e}"), sigmoid(z), said("sigmoid"));
        assert_rounded(&format!("g' {z:e}"), Activation::Sigmoid.g_prime(z), said("sigmoid_prime"));
        assert_rounded(&format!("tanh {z:e}"), Activation::Tanh.g(z), said("tanh"));
        for (y, loss, slope) in [(0.0, "loss_y0", "dloss_dz_y0"), (1.0, "loss_y1", "dloss_dz_y1")] {
            let (z_row, y_row) = (array![[z]], array![[y]]);
            let h = Output::Sigmoid.activate(&z_row);
            let cost = Output::Sigmoid.cost(&z_row, &h, y_row.view())[0];
            assert_rounded(&format!("J of {z:e}, {y}"), cost, said(loss));
            let delta = Output::Sigmoid.delta(&z_row, &h, y_row.view())[[0, 0]];
            assert_rounded(&format!("δ of {z:e}, {y}"), delta, said(slope));
        }
    }
    for entry in numerics.items("softmax") {
        let z = entry.numbers("z");
        let z_row = Array2::from_shape_vec((1, z.len()), z.clone()).expect("one row");
        let h = Output::Softmax.activate(&z_row);
        for (k, expected) in entry.numbers("softmax").into_iter().enumerate() {
            assert_rounded(&format!("softmax {z:?} {k}"), h[[0, k]], expected);
        }
        for (k, expected) in entry.numbers("loss_if_class_1_to_K").into_iter().enumerate() {
            let y = Array2::from_shape_fn((1, z.len()), |(_, i)| if i == k { 1.0 } else { 0.0 });
            let cost = Output::Softmax.cost(&z_row, &h, y.view())[0];
            assert_rounded(&format!("J of {z:?}, {k}"), cost, expected);
        }
    }
}
