//! Scaling of features, by numbers of the training part alone.

use std::fmt;

use ndarray::{Array2, ArrayView1, ArrayView2};

use super::moments;
use crate::error::{Error, Place, Result};
use crate::number::exact;

/// How features are scaled before they reach the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// As they are.
    None,
    /// (x − mean) / population deviation, both of the training part; a constant feature's deviation is taken as 1.
    Standard,
    /// x / the training part's largest absolute value (1 if that is 0).
    Max,
    /// x / N.
    By(f64),
}

impl Scale {
    /// Reads `none`, `standard`, `max` or a number.
    ///
    /// # Errors
    /// A sentence that says what is allowed.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let allowed = || "none, standard, max, or a finite number above 0 to divide by".to_string();
        match text {
            "none" => Ok(Self::None),
            "standard" => Ok(Self::Standard),
            "max" => Ok(Self::Max),
            _ => match text.parse::<f64>() {
                Ok(divisor) if divisor.is_finite() && divisor > 0.0 => Ok(Self::By(divisor)),
                _ => Err(allowed()),
            },
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Standard => f.write_str("standard"),
            Self::Max => f.write_str("max"),
            Self::By(divisor) => f.write_str(&exact(*divisor)),
        }
    }
}

/// The numbers of a scaling, made from the training part alone: x_scaled = (x − shift) / divisor, feature by feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling {
    /// Which scaling was asked for.
    pub scale: Scale,
    /// What is taken off each of the columns.
    pub shift: Vec<f64>,
    /// What each of the columns is divided by; never 0.
    pub divisor: Vec<f64>,
}

impl Scaling {
    /// The numbers of a scaling from the training part's features, m × S_1.
    pub fn of(scale: Scale, train: ArrayView2<f64>) -> Self {
        let features = train.ncols();
        let (shift, divisor) = match scale {
            Scale::None => return Self::none(features),
            Scale::By(divisor) => (vec![0.0; features], vec![divisor; features]),
            Scale::Max => {
                let largest = train.fold(0.0_f64, |top, x| top.max(x.abs()));
                (vec![0.0; features], vec![if largest > 0.0 { largest } else { 1.0 }; features])
            }
            Scale::Standard => train.columns().into_iter().map(mean_and_deviation).unzip(),
        };
        Self { scale, shift, divisor }
    }

    /// The scaling that leaves so many columns as they are.
    pub fn none(columns: usize) -> Self {
        Self { scale: Scale::None, shift: vec![0.0; columns], divisor: vec![1.0; columns] }
    }

    /// The value that column k has without the scaling.
    pub fn unscaled(&self, value: f64, k: usize) -> f64 {
        value * self.divisor[k] + self.shift[k]
    }

    /// The value that column k has with the scaling.
    pub fn scaled(&self, value: f64, k: usize) -> f64 {
        scaled(value, self.shift[k], self.divisor[k])
    }

    /// The columns of a part, scaled; errors name the flag, the data set and the column.
    ///
    /// # Errors
    /// `Error::Data` that names the first feature with a value too large to be scaled.
    pub fn apply(&self, mut x: Array2<f64>, (flag, source, names): (&str, &str, &[String])) -> Result<Array2<f64>> {
        for (i, mut column) in x.columns_mut().into_iter().enumerate() {
            column.mapv_inplace(|x| self.scaled(x, i));
            if column.iter().any(|x| !x.is_finite()) {
                return Err(Error::Data {
                    source: source.into(),
                    place: Place::column(names.get(i).cloned().unwrap_or_default()),
                    found: format!("values too large for {flag} {}", self.scale),
                    expected: "values that stay finite when they are scaled".into(),
                });
            }
        }
        Ok(x)
    }
}

/// Mean and population deviation, 1 where all are equal.
fn mean_and_deviation(column: ArrayView1<f64>) -> (f64, f64) {
    let (mean, deviation) = moments::mean_and_deviation(column.iter());
    (mean, if deviation > 0.0 { deviation } else { 1.0 })
}

/// (x − shift) / divisor, by halves where the difference would overflow.
fn scaled(x: f64, shift: f64, divisor: f64) -> f64 {
    let off = x - shift;
    if off.is_finite() { off / divisor } else { (x / 2.0 - shift / 2.0) / (divisor / 2.0) }
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    #[test]
    fn what_is_printed_reads_back_and_what_is_not_allowed_is_refused() {
        for scale in [Scale::None, Scale::Standard, Scale::Max, Scale::By(16.0), Scale::By(0.1)] {
            assert_eq!(Scale::parse(&scale.to_string()), Ok(scale));
        }
        for text in ["", "0", "-1", "nan", "inf", "1e400", "maximum"] {
            assert!(Scale::parse(text).expect_err(text).contains("standard"));
        }
    }

    #[test]
    fn standard_uses_the_population_deviation_and_1_for_a_constant_feature() {
        let scaling = Scaling::of(Scale::Standard, array![[1.0, 0.1], [3.0, 0.1], [5.0, 0.1]].view());
        assert_eq!(scaling.shift, [3.0, 0.1]);
        assert!((scaling.divisor[0] - (8.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert_eq!(scaling.divisor[1], 1.0);
    }

    #[test]
    fn max_is_over_the_whole_part_and_never_0() {
        assert_eq!(Scaling::of(Scale::Max, array![[1.0, -8.0], [2.0, 0.0]].view()).divisor, [8.0, 8.0]);
        assert_eq!(Scaling::of(Scale::Max, array![[0.0]].view()).divisor, [1.0]);
    }

    #[test]
    fn a_tiny_jitter_on_a_large_mean_has_its_deviation() {
        let x = array![[1e8], [1e8 + 1e-7], [1e8 - 1e-7], [1e8]];
        let (mean, deviation) = mean_and_deviation(x.column(0));
        assert!((mean - 1e8).abs() < 1e-7);
        assert!(deviation > 0.0 && deviation < 1e-6);
    }

    #[test]
    fn huge_features_are_scaled_or_refused_by_name() {
        let (mean, deviation) = mean_and_deviation(array![1e308, 1.5e308, 1e308].view());
        assert!(mean.is_finite() && deviation.is_finite() && deviation > 0.0);
    }

    proptest! {
        #[test]
        fn standardised_features_have_mean_0_and_deviation_1(x in proptest::collection::vec(-1e6..1e6_f64, 2..50)) {
            let m = x.len() as f64;
            let (mean, deviation) = mean_and_deviation(ArrayView1::from(&x));
            let scaled: Vec<f64> = x.iter().map(|x| (x - mean) / deviation).collect();
            prop_assert!((scaled.iter().sum::<f64>() / m).abs() < 1e-6);
            let square = scaled.iter().map(|x| x * x).sum::<f64>() / m;
            prop_assert!((square - 1.0).abs() < 1e-6 || deviation == 1.0);
        }
    }
}
