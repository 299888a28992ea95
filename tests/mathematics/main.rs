//! Proof of the mathematics: published and independently derived numbers, differences, properties, and the trainer's word.

mod all_equations;
mod alone;
mod changes;
mod cited;
mod checker;
mod checks;
mod checkpoints;
mod curves;
mod derivatives;
mod descents;
mod ends;
mod explained;
mod fast;
mod gains;
mod gradients;
mod measures;
mod health;
mod inputs;
mod latex;
mod oracle;
mod oracles;
mod printed;
mod products;
mod properties;
mod pytorch;
mod recurrent;
mod recurrent_health;
mod subnormal;
mod remedies;
mod rising;
mod traces;
mod trainer;
mod worker;
mod written;

use std::sync::Arc;

use deltascope::data::{Dataset, Part, Prepared, Scale, Scaling, Source, Targets};
use deltascope::nn::{AnyModel, Network};
use deltascope::train::{BatchSize, Config, DenseView, Parameter, Snapshot};
use ndarray::{Array2, ArrayView2, Axis};

/// Features and targets as a training part, nothing held out, nothing scaled; for what asks for a data set.
fn prepared(x: &Array2<f64>, y: &Array2<f64>) -> Arc<Prepared> {
    let class: Vec<usize> = y.rows().into_iter().map(|y| y.iter().position(|&y| y == 1.0).unwrap_or(0)).collect();
    let dataset = Dataset {
        name: "by hand".into(),
        x: x.clone(),
        targets: Targets::Classes {
            class: class.clone(),
            names: (0..y.ncols()).map(|k| k.to_string()).collect(),
            single: false,
        },
        features: (0..x.ncols()).map(|i| format!("x{i}")).collect(),
        image: None,
        never_split: true,
        extras: Vec::new(),
        held_out: None,
        scale: Scale::None,
        target_scale: Scale::None,
        origin: String::new(),
        warnings: Vec::new(),
    };
    let train = Part { x: x.clone(), y: y.clone(), class, row: (0..x.nrows()).collect() };
    let [scaling, target_scaling] = [x, y].map(|values| Scaling::of(Scale::None, values.view()));
    Arc::new(Prepared { dataset: Arc::new(dataset), train, test: None, scaling, target_scaling })
}

/// Options with everything in the order of the data and in one batch.
fn full_batch(layers: &[usize]) -> Config {
    Config {
        source: Source::named("by hand"),
        layers: layers.to_vec(),
        batch: BatchSize::Full,
        shuffle: false,
        test_split: 0.0,
        ..Config::default()
    }
}

/// A snapshot of a dense net.
fn dense(snapshot: &Snapshot) -> DenseView<'_> {
    snapshot.dense().expect("a dense net")
}

/// The dense net of a snapshot, to be changed.
fn network(snapshot: &mut Snapshot) -> &mut Network<f64> {
    match &mut snapshot.model {
        AnyModel::Dense(network) => network,
        AnyModel::Recurrent(_) => panic!("a dense net"),
    }
}

/// The tensors of one symbol, layer by layer.
fn tensors<'a>(snapshot: &'a Snapshot, symbol: &str) -> Vec<&'a Array2<f64>> {
    snapshot.tensors.iter().filter(|(name, _)| name.symbol == symbol).map(|(_, tensor)| &tensor.values).collect()
}

/// One matrix of each Θ.
fn each<'a>(snapshot: &'a Snapshot, of: impl Fn(&'a Parameter) -> &'a Array2<f64>) -> Vec<&'a Array2<f64>> {
    snapshot.parameters.iter().map(of).collect()
}

/// Some rows of a matrix.
fn rows(matrix: ArrayView2<f64>, of: &[usize]) -> Array2<f64> {
    matrix.select(Axis(0), of)
}

/// The largest difference, relative to the largest entry of what is expected.
fn error(found: ArrayView2<f64>, expected: ArrayView2<f64>) -> f64 {
    assert_eq!(found.dim(), expected.dim());
    let largest = expected.fold(0.0_f64, |top, entry| top.max(entry.abs()));
    let worst = found.iter().zip(expected).fold(0.0_f64, |top, (one, other)| {
        // Not a number is worse than any difference.
        top.max(if (one - other).is_nan() { f64::INFINITY } else { (one - other).abs() })
    });
    if worst == 0.0 { 0.0 } else { worst / largest }
}
