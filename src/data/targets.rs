//! Targets: what is to be learnt of each sample, and what the output units stand for.

use ndarray::{Array2, ArrayView1};

use crate::nn::network::{answer, is_right};
use crate::nn::{Named, Output, Real};

/// What is learnt of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// One of K classes, an output unit each.
    Classes,
    /// One of two classes, by one output unit: h is the chance of the second one.
    Binary,
    /// Numbers, an output unit each.
    Regression,
    /// Labels that hold or don't, each for itself, an output unit each.
    Labels,
}

impl Named for Task {
    const ALL: &'static [Self] = &[Self::Classes, Self::Binary, Self::Regression, Self::Labels];

    fn name(self) -> &'static str {
        match self {
            Self::Classes => "classes",
            Self::Binary => "binary",
            Self::Regression => "regression",
            Self::Labels => "labels",
        }
    }
}

impl Task {
    /// Whether samples are of classes.
    pub fn has_classes(self) -> bool {
        matches!(self, Self::Classes | Self::Binary)
    }

    /// Why this can't be learnt with such an output layer, if it can't: what it is learnt with.
    pub fn refusal(self, output: Output) -> Option<&'static str> {
        match (self, output) {
            (Self::Regression, Output::Sigmoid | Output::Softmax | Output::SigmoidMse) => {
                Some("numbers are learnt by linear outputs")
            }
            (Self::Binary, Output::Softmax) => {
                Some("the softmax of one unit is always 1; sigmoid, sigmoid-mse or linear")
            }
            (Self::Labels, Output::Softmax) => Some("labels hold each for itself; sigmoid, sigmoid-mse or linear"),
            _ => None,
        }
    }

    /// The class that h names, where there are classes.
    pub fn answer<T: Real>(self, h: ArrayView1<T>) -> Option<usize> {
        match self {
            Self::Classes => Some(answer(h)),
            Self::Binary => Some(usize::from(holds(h[0]))),
            Self::Regression | Self::Labels => None,
        }
    }

    /// Whether h is what y asks for, where that can be said: the class, or all labels.
    pub fn is_right<T: Real>(self, h: ArrayView1<T>, y: ArrayView1<T>) -> Option<bool> {
        match self {
            Self::Classes | Self::Binary => Some(is_right(h, y)),
            Self::Labels => Some(h.iter().zip(y).all(|(&h, &y)| holds(h) == holds(y))),
            Self::Regression => None,
        }
    }
}

/// Whether an output says yes.
pub fn holds<T: Real>(h: T) -> bool {
    h >= T::of(0.5)
}

/// The targets of m samples.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// One of K classes.
    Classes {
        /// Class of each sample, an index into `names`.
        class: Vec<usize>,
        /// Names of the K classes, ordered by name, numerically where all are numbers.
        names: Vec<String>,
        /// Whether one output unit tells two classes apart.
        single: bool,
    },
    /// Numbers.
    Numbers {
        /// m × K, unscaled.
        y: Array2<f64>,
        /// What they are called.
        names: Vec<String>,
    },
    /// Labels that hold or don't.
    Labels {
        /// m × K, 1 where the label holds and 0 where it doesn't.
        y: Array2<f64>,
        /// What they are called.
        names: Vec<String>,
    },
}

impl Targets {
    /// What is learnt.
    pub fn task(&self) -> Task {
        match self {
            Self::Classes { single: false, .. } => Task::Classes,
            Self::Classes { single: true, .. } => Task::Binary,
            Self::Numbers { .. } => Task::Regression,
            Self::Labels { .. } => Task::Labels,
        }
    }

    /// Class of each sample; empty where there are no classes.
    pub fn class(&self) -> &[usize] {
        match self {
            Self::Classes { class, .. } => class,
            Self::Numbers { .. } | Self::Labels { .. } => &[],
        }
    }

    /// Names of the classes; empty where there are none.
    pub fn classes(&self) -> &[String] {
        match self {
            Self::Classes { names, .. } => names,
            Self::Numbers { .. } | Self::Labels { .. } => &[],
        }
    }

    /// What each output unit stands for.
    pub fn outputs(&self) -> &[String] {
        match self {
            Self::Classes { names, single: true, .. } => names.get(1..).unwrap_or_default(),
            Self::Classes { names, .. } | Self::Numbers { names, .. } | Self::Labels { names, .. } => names,
        }
    }

    /// The targets of some samples as the output units should have them, one row each; numbers unscaled.
    pub fn of(&self, rows: &[usize]) -> Array2<f64> {
        match self {
            Self::Classes { class, single, .. } => {
                let first = usize::from(*single);
                Array2::from_shape_fn((rows.len(), self.outputs().len()), |(b, k)| {
                    f64::from(u8::from(class[rows[b]] == first + k))
                })
            }
            Self::Numbers { y, .. } | Self::Labels { y, .. } => y.select(ndarray::Axis(0), rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn output_units_stand_for_classes_numbers_or_labels() {
        let names = vec!["a".to_string(), "b".to_string()];
        let classes = |single| Targets::Classes { class: vec![1, 0, 1], names: names.clone(), single };
        assert_eq!(classes(false).of(&[0, 1]), array![[0.0, 1.0], [1.0, 0.0]]);
        assert_eq!((classes(true).of(&[0, 1]), classes(true).outputs()), (array![[1.0], [0.0]], &names[1..]));
        let numbers = Targets::Numbers { y: array![[0.5, -3.0], [7.0, 1.0]], names: names.clone() };
        assert_eq!((numbers.of(&[1]), numbers.classes().len()), (array![[7.0, 1.0]], 0));
        assert_eq!(
            Task::ALL.iter().map(|&task| Task::named(task.name())).collect::<Vec<_>>(),
            Task::ALL.iter().map(|&task| Some(task)).collect::<Vec<_>>()
        );
    }
}
