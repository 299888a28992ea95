//! The fast way against the reference: the same numbers to rounding, whatever the net, the batch and the precision.

use deltascope::nn::fast::{self, UpdateRule};
use deltascope::nn::{
    Activation, Init, Named, Network, Optimizer, Output, Penalty, Rates, Real, Regularisation, Slopes, dropout,
};
use ndarray::Array2;
use proptest::prelude::{ProptestConfig, any, proptest};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Asserts that two arrays are the same to so many units of rounding of their largest entries.
#[track_caller]
fn assert_near<T: Real>(what: &str, found: &Array2<T>, expected: &Array2<T>, scale: f64) {
    assert_eq!(found.dim(), expected.dim(), "{what}");
    let largest = expected.iter().fold(scale, |top, value| top.max(value.f64().abs()));
    for (found, expected) in found.iter().zip(expected) {
        let apart = (found.f64() - expected.f64()).abs();
        assert!(apart <= 64.0 * T::epsilon().f64() * largest, "{what}: {found} {expected} of {largest}");
    }
}

/// One net, one batch: both ways.
fn compare<T: Real>(sizes: &[usize], (g, output): (Activation, Output), (samples, seed, p): (usize, u64, f64)) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let network = Network::<T> { theta: Init::Uniform.theta(sizes, seed), hidden: vec![g; sizes.len() - 2], output };
    let mut uniform =
        |shape: (usize, usize)| Array2::from_shape_simple_fn(shape, || T::of(rng.random_range(-2.0..2.0)));
    let x = uniform((samples, sizes[0]));
    let y = uniform((samples, sizes[sizes.len() - 1]));
    let y = if output == Output::Linear { y } else { y.mapv(|y| if y > T::zero() { T::one() } else { T::zero() }) };
    let hidden = &sizes[1..sizes.len() - 1];
    let mask = || dropout::masks::<T>(p, hidden, samples, (seed, 0));
    let forward = network.forward_with(x.view(), mask());
    let backprop = network.backward(&forward, y.view());
    let mut pass = fast::DensePass::default();
    // The memory of a larger batch serves.
    let more = Array2::zeros((samples + 3, sizes[0]));
    pass.make(&network, (more.view(), Array2::zeros((samples + 3, y.ncols())).view()), (&[], 0));
    pass.make(&network, (x.view(), y.view()), (&mask(), 0));
    pass.unpack();
    let (fast, back) = pass.numbers();
    for l in 2..=network.depth() {
        assert_near("z", fast.z(l), forward.z(l), 1.0);
        assert_near("a", fast.a(l), forward.a(l), 1.0);
        assert_near("δ", back.delta(l), backprop.delta(l), 1.0);
        assert_near("ΣΔ", &back.sum[l - 2], &backprop.sum[l - 2], samples as f64);
        if l < network.depth() {
            assert_near("∂J/∂a", back.grad_a(l), backprop.grad_a(l), 1.0);
        }
    }
    let cost = network.cost(&forward, y.view());
    for (found, cost) in pass.sample_cost().iter().zip(&cost) {
        assert!((found.f64() - cost.f64()).abs() <= 64.0 * T::epsilon().f64() * cost.f64().max(1.0), "{found} {cost}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_pass_is_the_reference_s_for_every_activation_and_output(
        sizes in proptest::collection::vec(1..40_usize, 2..5), samples in 1..40_usize, seed: u64, drop in any::<bool>(),
    ) {
        let p = if drop { 0.3 } else { 0.0 };
        for &g in Activation::ALL {
            for &output in Output::ALL {
                compare::<f64>(&sizes, (g, output), (samples, seed, p));
                compare::<f32>(&sizes, (g, output), (samples, seed, p));
            }
        }
    }

    #[test]
    fn a_pass_over_narrow_layers_is_the_reference_s(
        sizes in proptest::collection::vec(1..18_usize, 3..6), samples in 1..30_usize, seed: u64,
    ) {
        for &g in Activation::ALL {
            for &output in Output::ALL {
                compare::<f64>(&sizes, (g, output), (samples, seed, 0.0));
                compare::<f32>(&sizes, (g, output), (samples, seed, 0.0));
            }
        }
    }

    #[test]
    fn an_update_has_the_reference_s_bits_for_every_rule_and_penalty(rows in 1..20_usize, columns in 2..40_usize, seed: u64) {
        for &optimizer in Optimizer::ALL {
            for &penalty in Penalty::ALL {
                updates::<f64>((optimizer, penalty), (rows, columns), seed);
                updates::<f32>((optimizer, penalty), (rows, columns), seed);
            }
        }
    }
}

fn updates<T: Real>((optimizer, penalty): (Optimizer, Penalty), shape: (usize, usize), seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut uniform = || Array2::from_shape_simple_fn(shape, || T::of(rng.random_range(-2.0..2.0)));
    let (mut theta, mut memory) = (uniform(), optimizer.blank(shape));
    let regularisation = Regularisation { penalty, lambda: 3.0, m: 7 };
    for (k, cut) in [(1, 1.0), (2, 0.25), (3, 1.0)] {
        let sum = uniform();
        let rates = Rates { alpha: 0.1, beta: 0.9, beta2: 0.99, k };
        let d = sum.mapv(|sum| sum / T::of(5.0));
        let slope = regularisation.gradient(&theta);
        let gradient = &d + &slope;
        let (cut_d, cut_gradient) = (&d * T::of(cut), &gradient * T::of(cut));
        let slopes = Slopes { d: &cut_d, penalty: &slope, gradient: &cut_gradient };
        let (update, after) = optimizer.update(slopes, &memory, &rates);
        let (mut next, mut kept) = (Array2::zeros((0, 0)), optimizer.blank((0, 0)));
        let rule = UpdateRule { optimizer, rates, regularisation: &regularisation, cut, samples: 5 };
        assert!(fast::ThetaUpdate::of((&theta, 1), (&sum, &memory), (&mut next, &mut kept)).make(rule));
        theta += &update;
        assert_eq!(next, theta, "{optimizer:?} {penalty:?}");
        assert_eq!(kept, after, "{optimizer:?} {penalty:?}");
        memory = after;
    }
    let mut bad = theta.clone();
    bad[[shape.0 - 1, shape.1 - 1]] = T::infinity();
    let rule = UpdateRule {
        optimizer,
        rates: Rates { alpha: 0.1, beta: 0.9, beta2: 0.99, k: 4 },
        regularisation: &regularisation,
        cut: 1.0,
        samples: 5,
    };
    let (mut next, mut kept) = (Array2::zeros((0, 0)), optimizer.blank((0, 0)));
    assert!(
        !fast::ThetaUpdate::of((&bad, 1), (&theta, &memory), (&mut next, &mut kept)).make(rule),
        "what is not finite is seen"
    );
}
