//! The net whose numbers stand beside the equations of the book: 3-3-3-3, small enough to be checked by hand.

use std::sync::Arc;

use ndarray::{Array2, array};

use crate::data::{Dataset, Preparation, Scale, Source, Targets, prepare};
use crate::error::Result;
use crate::nn::Activation;
use crate::number::brief;
use crate::train::{BatchSize, Config, DenseTrainer, Snapshot};
use crate::weights::{Kind, WeightFile};

/// How the net and its samples are called where a name is asked for.
const NAME: &str = "the example of the book";

/// Its options: all sigmoid, on three samples of three classes, λ = 0.3 and α = 0.5.
pub(super) fn config() -> Config {
    let weights =
        WeightFile { path: NAME.into(), kind: Kind::Dense, theta: theta().to_vec(), about: None, warnings: Vec::new() };
    Config {
        source: Source::named(NAME),
        test_split: 0.0,
        layers: vec![3, 3],
        activation: vec![Activation::Sigmoid],
        lambda: 0.3,
        alpha: 0.5,
        batch: BatchSize::Full,
        shuffle: false,
        weights: Some(Arc::new(weights)),
        ..Config::default()
    }
}

/// A net on its samples, after so many updates.
pub(super) fn built(config: Config, updates: u64) -> Result<Box<Snapshot>> {
    let scale = Preparation { scale: Some(Scale::None), ..Preparation::default() };
    let prepared = prepare(Arc::new(samples()), &scale)?;
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), Arc::new(prepared))?;
    (0..updates).for_each(|_| trainer.step().expect("its numbers are small"));
    Ok(trainer.snapshot(None))
}

/// Θ^(1), Θ^(2) and Θ^(3), the biases in column 0.
fn theta() -> [Array2<f64>; 3] {
    [
        array![[0.1, 0.3, -0.2, 0.4], [-0.2, 0.5, 0.1, -0.3], [0.05, -0.4, 0.2, 0.6]],
        array![[0.2, -0.5, 0.3, 0.1], [0.1, 0.2, -0.6, 0.4], [-0.3, 0.25, 0.15, 0.7]],
        array![[-0.1, 0.6, -0.3, 0.2], [0.3, -0.2, 0.5, -0.4], [0.15, 0.35, -0.45, 0.55]],
    ]
}

fn samples() -> Dataset {
    let names = |letter: &str| (1..=3).map(|k| format!("{letter}{k}")).collect::<Vec<_>>();
    Dataset {
        name: NAME.into(),
        x: array![[1.0, 0.5, 0.2], [0.3, 0.8, 0.6], [0.8, 0.1, 0.9]],
        targets: Targets::Classes { class: vec![0, 1, 2], names: names("class "), single: false },
        features: names("x_"),
        extras: Vec::new(),
        image: None,
        never_split: true,
        held_out: None,
        scale: Scale::None,
        target_scale: Scale::None,
        origin: String::new(),
        warnings: Vec::new(),
    }
}

/// Its samples and its weights, as lines.
pub(super) fn table() -> Vec<String> {
    let (dataset, of_row) = (samples(), |values: &[f64]| values.iter().map(|&value| cell(value)).collect::<String>());
    let y = dataset.targets.of(&[0, 1, 2]);
    let mut lines = vec!["sample b  x^(b)               y^(b)".to_string()];
    for (b, (x, y)) in dataset.x.rows().into_iter().zip(y.rows()).enumerate() {
        lines.push(format!("{:<7}{}  {}", b + 1, of_row(&x.to_vec()), of_row(&y.to_vec())));
    }
    for (index, theta) in theta().iter().enumerate() {
        lines.push(String::new());
        for (j, row) in theta.rows().into_iter().enumerate() {
            let name = if j == 0 { format!("Θ^({}) =", index + 1) } else { String::new() };
            let (bias, others) = (row[0], row.iter().skip(1).copied().collect::<Vec<_>>());
            lines.push(format!("{name:<7}{} |{}", cell(bias), of_row(&others)));
        }
    }
    lines
}

/// A number in a column of its own.
pub(super) fn cell(value: f64) -> String {
    format!("{:>7}", brief(value))
}

#[cfg(test)]
mod tests {
    use super::super::examples::example;
    use super::*;

    #[test]
    fn the_example_is_as_its_page_says() {
        let net = example().dense().expect("it is a dense net");
        assert_eq!(net.network.sizes(), [3, 3, 3, 3]);
        assert_eq!((net.regularisation.m, net.batch.as_slice(), net.position.step), (3, [0, 1, 2].as_slice(), 0));
        assert_eq!((net.regularisation.strength(), net.config.alpha), (0.3 / 3.0, 0.5));
        assert_eq!(net.network.theta, theta());
        assert_eq!(*net.a(1), samples().x, "nothing is scaled");
    }

    #[test]
    fn its_first_numbers_are_those_that_a_hand_finds() {
        let net = example().dense().expect("it is a dense net");
        // z^(2)_1 = 0.1 + 0.3 × 1 − 0.2 × 0.5 + 0.4 × 0.2
        let z = 0.1 + 0.3 - 0.1 + 0.08;
        assert!((net.z(2)[[0, 0]] - z).abs() < 1e-15);
        assert!((net.a(2)[[0, 0]] - 1.0 / (1.0 + (-z).exp())).abs() < 1e-15);
        // Θ^(1) without its biases: 0.09 + 0.04 + 0.16 + 0.25 + 0.01 + 0.09 + 0.16 + 0.04 + 0.36 = 1.2, times λ/2m = 0.05.
        assert!((net.cost.reg[0] - 0.06).abs() < 1e-15);
    }
}
