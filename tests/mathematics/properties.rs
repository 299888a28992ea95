//! What holds for any network and any samples.

use deltascope::nn::{Activation, Named, Network, Output, Penalty, Regularisation};
use ndarray::{Array2, Axis, s};
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

use crate::rows;

/// A network with samples for it.
#[derive(Clone, Debug)]
struct Case {
    network: Network<f64>,
    x: Array2<f64>,
    y: Array2<f64>,
}

fn matrix(shape: (usize, usize), size: f64) -> impl Strategy<Value = Array2<f64>> {
    proptest::collection::vec(-size..size, shape.0 * shape.1)
        .prop_map(move |entries| Array2::from_shape_vec(shape, entries).expect("as many entries as the shape has"))
}

fn one_hot(samples: usize, units: usize) -> impl Strategy<Value = Array2<f64>> {
    proptest::collection::vec(0..units, samples)
        .prop_map(move |class| Array2::from_shape_fn((class.len(), units), |(b, k)| f64::from(u8::from(class[b] == k))))
}

/// Networks of 2 to 4 layers with 1 to 5 units each, weights up to `size`, and 1 to 7 samples.
fn case(size: f64) -> impl Strategy<Value = Case> {
    (proptest::collection::vec(1..=5_usize, 2..=4), 1..=7_usize).prop_flat_map(move |(sizes, samples)| {
        let theta: Vec<_> = sizes.windows(2).map(|pair| matrix((pair[1], pair[0] + 1), size)).collect();
        let hidden = proptest::collection::vec(select(Activation::ALL), sizes.len() - 2);
        let (x, y) = (matrix((samples, sizes[0]), 2.0), one_hot(samples, sizes[sizes.len() - 1]));
        (theta, hidden, select(Output::ALL), x, y).prop_map(|(theta, hidden, output, x, y)| Case {
            network: Network { theta, hidden, output },
            x,
            y,
        })
    })
}

fn rule() -> impl Strategy<Value = Regularisation> {
    (select(Penalty::ALL), prop_oneof![Just(0.0), 0.0..10.0_f64], 1..1000_usize)
        .prop_map(|(penalty, lambda, m)| Regularisation { penalty, lambda, m })
}

proptest! {
    #[test]
    fn the_bias_column_is_never_penalised(case in case(3.0), rule in rule()) {
        for theta in &case.network.theta {
            prop_assert!(rule.gradient(theta).column(0).iter().all(|&slope| slope == 0.0));
            let mut other = theta.clone();
            other.column_mut(0).fill(1e6);
            prop_assert_eq!(rule.cost(theta), rule.cost(&other));
        }
    }

    #[test]
    fn the_penalty_is_lambda_over_m_times_what_the_derivation_says(case in case(3.0), lambda in 0.0..10.0_f64, m in 1..1000_usize) {
        for theta in &case.network.theta {
            let weights = theta.slice(s![.., 1..]);
            let rule = Regularisation { penalty: Penalty::L2, lambda, m };
            let expected = lambda / (2.0 * m as f64) * weights.iter().map(|weight| weight * weight).sum::<f64>();
            prop_assert!((rule.cost(theta) - expected).abs() <= 1e-14 * expected.abs());
            let rule = Regularisation { penalty: Penalty::L1, ..rule };
            let expected = lambda / m as f64 * weights.iter().map(|weight| weight.abs()).sum::<f64>();
            prop_assert!((rule.cost(theta) - expected).abs() <= 1e-14 * expected.abs());
        }
    }

    #[test]
    fn delta_of_the_output_is_a_minus_y_for_the_three_pairs_where_it_is(case in case(3.0)) {
        let forward = case.network.forward(case.x.view());
        let delta = case.network.backward(&forward, case.y.view()).delta.pop().expect("an output layer");
        let difference = forward.h() - &case.y;
        match case.network.output {
            Output::Sigmoid | Output::Softmax | Output::Linear => {
                // Near a = 1 the difference has lost the digits that δ keeps.
                prop_assert!((delta - difference).iter().all(|rounding| rounding.abs() < 4.0 * f64::EPSILON));
            }
            Output::SigmoidMse => {
                let slope = forward.h().mapv(|a| a * (1.0 - a));
                prop_assert!((delta - difference * slope).iter().all(|rounding| rounding.abs() < 1e-13));
            }
        }
    }

    #[test]
    fn permuting_the_samples_changes_nothing_but_rounding(case in case(2.0), seed in 0..1000_usize) {
        let m = case.x.nrows();
        let mut order: Vec<usize> = (0..m).collect();
        order.sort_by_key(|&row| (row * 7919 + seed * 104_729) % 1009);
        let other = Case { x: rows(case.x.view(), &order), y: rows(case.y.view(), &order), ..case.clone() };
        let pass = |case: &Case| {
            let forward = case.network.forward(case.x.view());
            (case.network.cost(&forward, case.y.view()).sum(), case.network.backward(&forward, case.y.view()))
        };
        let ((cost, one), (permuted, two)) = (pass(&case), pass(&other));
        prop_assert!((cost - permuted).abs() <= 1e-12 * cost.abs().max(1.0));
        for (d, permuted) in one.d.iter().zip(&two.d) {
            prop_assert!((d - permuted).iter().all(|difference| difference.abs() < 1e-12));
        }
        for (delta, permuted) in one.delta.iter().zip(&two.delta) {
            let expected = rows(delta.view(), &order);
            prop_assert!((permuted - &expected).iter().all(|difference| difference.abs() < 1e-12));
        }
    }

    #[test]
    fn every_sample_twice_is_every_sample_once(case in case(2.0)) {
        let twice: Vec<usize> = (0..case.x.nrows()).chain(0..case.x.nrows()).collect();
        let other = Case { x: rows(case.x.view(), &twice), y: rows(case.y.view(), &twice), ..case.clone() };
        let d = |case: &Case| case.network.backward(&case.network.forward(case.x.view()), case.y.view()).d;
        for (once, twice) in d(&case).iter().zip(&d(&other)) {
            prop_assert!((once - twice).iter().all(|difference| difference.abs() < 1e-12));
        }
    }

    #[test]
    fn softmax_outputs_are_shares(case in case(30.0)) {
        let network = Network { output: Output::Softmax, ..case.network };
        let h = network.forward(case.x.view()).a.pop().expect("an output layer");
        prop_assert!(h.iter().all(|&share| (0.0..=1.0).contains(&share)));
        prop_assert!(h.sum_axis(Axis(1)).iter().all(|sum| (sum - 1.0).abs() < 1e-12));
    }

    #[test]
    fn saturation_makes_large_numbers_never_nan(case in case(1e4)) {
        // Squares of such z are large too, but finite.
        let forward = case.network.forward(case.x.view());
        let backprop = case.network.backward(&forward, case.y.view());
        prop_assert!(case.network.cost(&forward, case.y.view()).iter().all(|cost| cost.is_finite() && *cost >= 0.0));
        prop_assert!(backprop.delta.iter().flatten().all(|delta| delta.is_finite()));
        prop_assert!(backprop.d.iter().flatten().all(|d| d.is_finite()));
    }

    #[test]
    fn f32_agrees_with_f64_to_its_rounding(case in case(1.0)) {
        // Away from the kinks, where a rounded z may fall on the other side.
        let hidden = case.network.hidden.iter().map(|&g| if g.kinks().is_empty() { g } else { Activation::Tanh }).collect();
        let network = Network { hidden, ..case.network };
        let narrow = |matrix: &Array2<f64>| matrix.mapv(|entry| entry as f32);
        let small = Network { theta: network.theta.iter().map(narrow).collect(), hidden: network.hidden.clone(), output: network.output };
        let (x, y) = (narrow(&case.x), narrow(&case.y));
        let one = network.backward(&network.forward(case.x.view()), case.y.view());
        let two = small.backward(&small.forward(x.view()), y.view());
        for (wide, narrow) in one.d.iter().zip(&two.d) {
            let largest = wide.fold(1.0_f64, |top, entry| top.max(entry.abs()));
            let close = wide.iter().zip(narrow).all(|(wide, &narrow)| (wide - f64::from(narrow)).abs() < 1e-4 * largest);
            prop_assert!(close);
        }
    }
}
