//! Data that benchmarks make for themselves.

#![allow(dead_code, reason = "not every benchmark needs all of it")]

use std::sync::Arc;

use deltascope::data::{Dataset, Part, Prepared, Scale, Scaling, Targets};
use ndarray::Array2;

/// Numbers in 0 … 1 that look like noise, always the same.
pub fn noise(rows: usize, columns: usize) -> Array2<f64> {
    let mut state = 1_u64;
    Array2::from_shape_simple_fn((rows, columns), || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    })
}

/// A data set of pictures or points with their classes, nothing of it scaled or held out.
pub fn dataset(name: &str, x: Array2<f64>, class: &[usize], classes: usize) -> Dataset {
    let names = (0..classes).map(|class| class.to_string()).collect();
    let features = (0..x.ncols()).map(|column| format!("x{column}")).collect();
    let image = (x.ncols() == 784).then_some((28, 28));
    Dataset {
        name: name.into(),
        x,
        targets: Targets::Classes { class: class.to_vec(), names, single: false },
        features,
        extras: Vec::new(),
        image,
        never_split: true,
        held_out: None,
        scale: Scale::None,
        target_scale: Scale::None,
        origin: String::new(),
        warnings: Vec::new(),
    }
}

/// The same, ready for a trainer.
pub fn prepared(name: &str, x: Array2<f64>, class: &[usize], classes: usize) -> Arc<Prepared> {
    let samples = x.nrows();
    let dataset = dataset(name, x.clone(), class, classes);
    let y = dataset.targets.of(&(0..samples).collect::<Vec<_>>());
    let scaling = Scaling::of(Scale::None, x.view());
    let target_scaling = Scaling::of(Scale::None, y.view());
    let train = Part { x, y, class: class.to_vec(), row: (0..samples).collect() };
    Arc::new(Prepared { dataset: Arc::new(dataset), train, test: None, scaling, target_scaling })
}
