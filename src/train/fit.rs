//! Whether a network of any kind that the options make of data can be trained on them: what is learnt, its size, the precision.

use ndarray::Array2;

use super::config::Config;
use super::precision::Precision;
use crate::data::Data;
use crate::error::{Error, Place, Result};
use crate::nn::{Named, Real};
use crate::number::short;
use crate::weights;

/// The most weights that are accepted: 400 MB of them in `f64`.
const MOST_WEIGHTS: usize = 50_000_000;

/// Refuses options that make no network of the data that can be kept, and data that are too large for the precision.
///
/// # Errors
/// As said.
pub(super) fn check(config: &Config, data: &Data) -> Result<()> {
    config.check_output(data.task())?;
    check_precision(config, data)?;
    config.sizes(data.inputs().len(), data.outputs().len())?;
    match config.patience.filter(|_| data.held_out() == 0) {
        Some(patience) => {
            Err(Error::Usage(format!("--patience {patience}: nothing is held out, so there is no held-out cost")))
        }
        None => Ok(()),
    }
}

/// Refuses numbers that are none in the precision that is computed in.
fn check_precision(config: &Config, data: &Data) -> Result<()> {
    let is_far = |x: f64| match config.precision {
        Precision::F32 => !f32::of(x).is_finite(),
        Precision::F64 => !x.is_finite(),
    };
    let Some(column) = data.column_with(is_far) else { return Ok(()) };
    let scaled = if matches!(data, Data::Rows(_)) { "--scale standard, or " } else { "" };
    let expected = match config.precision {
        Precision::F32 => format!("values up to {}, or {scaled}--precision f64", short(f64::from(f32::MAX))),
        Precision::F64 => "values that are finite once they are scaled".into(),
    };
    Err(Error::Data {
        source: data.name().into(),
        place: Place::column(column.clone()),
        found: format!("values too large for --precision {}", config.precision.name()),
        expected,
    })
}

impl Config {
    /// S_1 … S_L of the network for data with so many inputs and outputs; of a recurrent one the inputs, the units and the outputs. Refuses
    /// one that is too large to keep, and one that the weights that were given do not fit.
    ///
    /// # Errors
    /// As said.
    pub fn sizes(&self, inputs: usize, outputs: usize) -> Result<Vec<usize>> {
        let sizes: Vec<usize> = [inputs].into_iter().chain(self.layers.iter().copied()).chain([outputs]).collect();
        let cell = self.recurrence.map(|recurrence| recurrence.cell);
        let shapes = weights::shapes_of(&sizes, cell);
        let weights = shapes.iter().map(|&(rows, columns)| rows.saturating_mul(columns));
        let weights = weights.fold(0_usize, usize::saturating_add);
        if weights > MOST_WEIGHTS {
            let net = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
            let net = cell.map_or_else(|| net.clone(), |cell| format!("{} {net}", cell.name()));
            return Err(Error::Usage(format!(
                "a net of {net} has {weights} weights: at most {MOST_WEIGHTS} are accepted"
            )));
        }
        if let Some(weights) = &self.weights {
            weights.check(&sizes, cell)?;
        }
        Ok(sizes)
    }

    /// Θ at the start, for a dense net of these sizes, which fit the weights that were given.
    pub fn theta<T: Real>(&self, sizes: &[usize]) -> Vec<Array2<T>> {
        match &self.weights {
            Some(weights) => weights.theta.iter().map(|theta| theta.mapv(T::of)).collect(),
            None => self.init.theta(sizes, self.seed),
        }
    }
}
