//! The right side of an equation as data: an expression over references to other quantities, with arithmetic on their indices.

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::node::QuantityKey;
use crate::derivation::expr::Function;

/// What an index of a reference is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The row of the left side.
    Row,
    /// The column of the left side.
    Column,
    /// The index d of the sum around it.
    D,
    /// The index c of a sum inside a sum.
    C,
    /// A fixed place.
    Fixed,
}

/// An index of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    /// What it is counted by.
    pub base: Base,
    /// What is added.
    pub plus: isize,
}

/// The row of the left side.
pub const ROW: Index = Index { base: Base::Row, plus: 0 };
/// The column of the left side.
pub const COLUMN: Index = Index { base: Base::Column, plus: 0 };
/// The index d of a sum.
pub const D: Index = Index { base: Base::D, plus: 0 };
/// The index c of a sum.
pub const C: Index = Index { base: Base::C, plus: 0 };
/// The bias unit, or the column of the biases.
pub const BIAS: Index = Index { base: Base::Fixed, plus: 0 };

impl Index {
    /// The index so much further on.
    pub const fn plus(self, more: usize) -> Self {
        Self { plus: self.plus + more as isize, ..self }
    }

    /// The index so much before.
    pub const fn minus(self, less: usize) -> Self {
        Self { plus: self.plus - less as isize, ..self }
    }

    /// A fixed place.
    pub const fn at(place: usize) -> Self {
        Self { base: Base::Fixed, plus: place as isize }
    }
}

/// A number of another quantity, in the same sample and at the same step unless it says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The quantity.
    pub key: QuantityKey,
    /// Its place in the graph, once that is put together.
    pub(super) definition: usize,
    /// The unit or the row.
    pub row: Index,
    /// The column of a matrix.
    pub column: Index,
    /// Steps further on in time.
    pub later: isize,
    /// What it is called in this equation, if not by its own name.
    pub called: Option<&'static str>,
}

/// What a sum runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Units d.
    D,
    /// Units c.
    C,
    /// The samples of the batch.
    Samples,
    /// The steps of a sequence, the last one first.
    Steps,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A number of another quantity.
    Of(Reference),
    /// The largest of a quantity's units, under this name.
    Largest(Reference),
    /// A number that is its own name.
    Number(f64),
    /// A sum.
    Sum(Vec<Formula>),
    /// A product.
    Product(Vec<Formula>),
    /// A quotient.
    Quotient(Box<Formula>, Box<Formula>),
    /// The negative of something.
    Minus(Box<Formula>),
    /// A function of something.
    Call(Function, Box<Formula>),
    /// One of two right sides, by whether a number is above a bound.
    Above {
        /// The number.
        of: Reference,
        /// The bound.
        bound: f64,
        /// The right side above it, and the one at it and below.
        sides: Box<[Formula; 2]>,
    },
    /// A sum over an index.
    Sigma {
        /// What it runs over.
        over: Over,
        /// The first and the last.
        range: (usize, usize),
        /// Its term.
        term: Box<Formula>,
        /// Of a sum over samples the whole of it, which holds those that the snapshot does not carry as well.
        whole: Option<Box<Formula>>,
    },
}

/// A number of a quantity with the indices of the left side.
pub fn of(key: QuantityKey) -> Formula {
    let reference = Reference { key, definition: usize::MAX, row: ROW, column: COLUMN, later: 0, called: None };
    Formula::Of(reference)
}

/// A number.
pub fn number(value: f64) -> Formula {
    Formula::Number(value)
}

/// Σ over d of a range.
pub fn sigma((from, to): (usize, usize), term: Formula) -> Formula {
    Formula::Sigma { over: Over::D, range: (from, to), term: Box::new(term), whole: None }
}

/// Σ over c of a range, inside a sum over d.
pub fn sigma_c((from, to): (usize, usize), term: Formula) -> Formula {
    Formula::Sigma { over: Over::C, range: (from, to), term: Box::new(term), whole: None }
}

/// Σ over the samples of the batch, whose whole is known.
pub fn over_samples(term: Formula, whole: Formula) -> Formula {
    Formula::Sigma { over: Over::Samples, range: (0, 0), term: Box::new(term), whole: Some(Box::new(whole)) }
}

/// Σ over steps, the last one first.
pub fn over_steps((from, to): (usize, usize), term: Formula) -> Formula {
    Formula::Sigma { over: Over::Steps, range: (from, to), term: Box::new(term), whole: None }
}

impl Formula {
    fn with(self, change: impl FnOnce(&mut Reference)) -> Self {
        match self {
            Self::Of(mut reference) => {
                change(&mut reference);
                Self::Of(reference)
            }
            other => other,
        }
    }

    /// The same of another unit or row.
    pub fn row(self, row: Index) -> Self {
        self.with(|reference| reference.row = row)
    }

    /// The same of another column.
    pub fn column(self, column: Index) -> Self {
        self.with(|reference| reference.column = column)
    }

    /// The same so many steps later.
    pub fn later(self, steps: isize) -> Self {
        self.with(|reference| reference.later = steps)
    }

    /// The same under another name, which its unit is added to.
    pub fn called(self, name: &'static str) -> Self {
        self.with(|reference| reference.called = Some(name))
    }

    /// The largest of the quantity's units, under a name.
    pub fn largest(self, name: &'static str) -> Self {
        match self.called(name) {
            Self::Of(reference) => Self::Largest(reference),
            other => other,
        }
    }

    /// A function of it.
    pub fn call(self, function: Function) -> Self {
        Self::Call(function, Box::new(self))
    }

    /// One right side where this number is above a bound, another one where it is not.
    pub fn above(self, bound: f64, above: Formula, below: Formula) -> Self {
        match self {
            Self::Of(of) => Self::Above { of, bound, sides: Box::new([above, below]) },
            other => other,
        }
    }

    /// 1 − it.
    pub fn rest(self) -> Self {
        number(1.0) - self
    }

    /// Its square, as a product.
    pub fn squared(self) -> Self {
        self.clone() * self
    }

    /// The reference in it that stands first.
    pub(super) fn first_reference(&self) -> Option<&Reference> {
        match self {
            Self::Of(reference) | Self::Largest(reference) | Self::Above { of: reference, .. } => Some(reference),
            Self::Number(_) => None,
            Self::Sum(parts) | Self::Product(parts) => parts.iter().find_map(Self::first_reference),
            Self::Quotient(dividend, divisor) => dividend.first_reference().or_else(|| divisor.first_reference()),
            Self::Minus(inner) | Self::Call(_, inner) => inner.first_reference(),
            Self::Sigma { term, .. } => term.first_reference(),
        }
    }

    /// All references in it, to change them.
    pub(super) fn each_reference(&mut self, change: &mut impl FnMut(&mut Reference)) {
        match self {
            Self::Of(reference) | Self::Largest(reference) => change(reference),
            Self::Number(_) => {}
            Self::Sum(parts) | Self::Product(parts) => {
                parts.iter_mut().for_each(|part| part.each_reference(change));
            }
            Self::Quotient(dividend, divisor) => {
                dividend.each_reference(change);
                divisor.each_reference(change);
            }
            Self::Minus(inner) | Self::Call(_, inner) => inner.each_reference(change),
            Self::Above { of, sides, .. } => {
                change(of);
                sides.iter_mut().for_each(|side| side.each_reference(change));
            }
            Self::Sigma { term, whole, .. } => {
                term.each_reference(change);
                if let Some(whole) = whole {
                    whole.each_reference(change);
                }
            }
        }
    }
}

impl Add for Formula {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        match self {
            Self::Sum(mut terms) => {
                terms.push(other);
                Self::Sum(terms)
            }
            first => Self::Sum(vec![first, other]),
        }
    }
}

impl Sub for Formula {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Formula {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        match self {
            Self::Product(mut factors) => {
                factors.push(other);
                Self::Product(factors)
            }
            first => Self::Product(vec![first, other]),
        }
    }
}

impl Div for Formula {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        Self::Quotient(Box::new(self), Box::new(other))
    }
}

impl Neg for Formula {
    type Output = Self;

    fn neg(self) -> Self {
        Self::Minus(Box::new(self))
    }
}
