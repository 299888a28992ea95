//! Features that are made from the others: squares, products, sines.

use ndarray::{Array2, ArrayView1};

use crate::nn::Named;

/// A kind of feature that is made from those that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// x_i².
    Squares,
    /// x_i x_j, i < j.
    Products,
    /// sin x_i.
    Sines,
}

impl Named for Extra {
    const ALL: &'static [Self] = &[Self::Squares, Self::Products, Self::Sines];

    fn name(self) -> &'static str {
        match self {
            Self::Squares => "squares",
            Self::Products => "products",
            Self::Sines => "sines",
        }
    }
}

/// The most features that a data set may be brought to.
pub(super) const MOST: usize = 10_000;

impl Extra {
    /// How many features there are with those made from so many; at most as many as a number can count.
    pub fn columns(extras: &[Self], plain: usize) -> usize {
        extras.iter().fold(plain, |all, extra| all.saturating_add(extra.count(plain)))
    }

    /// How many it makes of so many.
    fn count(self, plain: usize) -> usize {
        match self {
            Self::Squares | Self::Sines => plain,
            Self::Products => plain.saturating_mul(plain.saturating_sub(1)) / 2,
        }
    }

    /// Its features, in their order.
    fn values(self, plain: ArrayView1<f64>) -> Vec<f64> {
        match self {
            Self::Squares => plain.iter().map(|x| x * x).collect(),
            Self::Sines => plain.iter().map(|x| x.sin()).collect(),
            Self::Products => pairs(plain.len()).map(|(i, j)| plain[i] * plain[j]).collect(),
        }
    }

    pub(super) fn names(self, plain: &[String]) -> Vec<String> {
        match self {
            Self::Squares => plain.iter().map(|name| format!("{name}²")).collect(),
            Self::Sines => plain.iter().map(|name| format!("sin {name}")).collect(),
            Self::Products => pairs(plain.len()).map(|(i, j)| format!("{}·{}", plain[i], plain[j])).collect(),
        }
    }
}

/// The pairs i < j of so many.
fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |i| (i + 1..count).map(move |j| (i, j)))
}

/// Features with those made from them behind, row by row.
pub fn extended(plain: &Array2<f64>, extras: &[Extra]) -> Array2<f64> {
    let mut x = Array2::zeros((plain.nrows(), Extra::columns(extras, plain.ncols())));
    for (mut to, plain) in x.rows_mut().into_iter().zip(plain.rows()) {
        to.assign(&ArrayView1::from(&of_row(plain, extras)));
    }
    x
}

pub(super) fn of_row(plain: ArrayView1<f64>, extras: &[Extra]) -> Vec<f64> {
    plain.iter().copied().chain(extras.iter().flat_map(|extra| extra.values(plain))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, load};

    #[test]
    fn features_are_made_from_those_that_were_read() {
        let source = Source { extras: Extra::ALL.to_vec(), ..Source::named("xor") };
        let xor = load(&source).expect("it has no pictures");
        assert_eq!(xor.features, ["x1", "x2", "x1²", "x2²", "x1·x2", "sin x1", "sin x2"]);
        let sin = 1.0_f64.sin();
        assert_eq!(xor.x.row(2).to_vec(), [1.0, 0.0, 1.0, 0.0, 0.0, sin, 0.0]);
        assert_eq!(xor.plain(), 2);
        assert_eq!(xor.extended(ndarray::aview1(&[1.0, 0.0])), xor.x.row(2).to_vec());
        let pictures = load(&Source { extras: vec![Extra::Sines], ..Source::named("digits") });
        assert_eq!(pictures.expect_err("pixels").exit_status(), 2);
    }

    #[test]
    fn no_set_grows_without_bound() {
        let iris = load(&Source { extras: vec![Extra::Products; 2000], ..Source::named("iris") });
        assert!(iris.expect_err("12004 features").to_string().contains("at most"));
    }
}
