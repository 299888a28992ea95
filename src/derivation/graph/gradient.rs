//! Δ of a Θ product by product, by its equation: one product in a dense network, in a recurrent one a product for each step.

use std::ops::RangeInclusive;

use ndarray::Array2;

use super::definition::{Definition, EquationForm};
use super::formula::{Base, Formula, Over};
use super::node::Node;
use super::right::{Bound, Side, result};
use super::values::Values;

/// The factors of a product that Δ of a weight is a sum of, and the step that it is of, which is 0 where there are none.
pub type StepProduct = (usize, Vec<f64>);

/// The factors of the product in the equation of a Δ, and where its terms are, the last step first.
fn product<'a>(side: &Side<'_>, form: &'a EquationForm) -> Option<(&'a [Formula], Vec<Bound>)> {
    let (term, places) = match form.right.as_ref()? {
        Formula::Sigma { over: Over::Steps, range, term, whole: None } => {
            (&**term, side.places(Over::Steps, *range, Bound::default()))
        }
        term => (term, vec![Bound::default()]),
    };
    let factors = if let Formula::Product(factors) = term { factors } else { std::slice::from_ref(term) };
    Some((factors, places))
}

/// The products that Δ of one weight is the sum of, the last step first.
pub(super) fn products(side: &Side<'_>, form: &EquationForm) -> Option<Vec<StepProduct>> {
    let (factors, places) = product(side, form)?;
    let at = |place: Bound| {
        let values = factors.iter().map(|factor| side.work_out(factor, place)).collect::<Option<_>>()?;
        Some((place.t.unwrap_or(0), values))
    };
    places.into_iter().map(at).collect()
}

/// The names of the factors of these products, at a step t: δ_t,4 and h_t−1,2.
pub(super) fn factor_names(side: &Side<'_>, form: &EquationForm) -> Option<Vec<String>> {
    let (factors, places) = product(side, form)?;
    let place = *places.first()?;
    let name = |factor: &Formula| {
        let Formula::Of(reference) = factor else { return None };
        let (definition, node) = side.target(reference, place)?;
        if Side::is_bias_unit(definition, node) {
            return Some("1".into());
        }
        let t = match reference.later {
            0 => "t".into(),
            later if later < 0 => format!("t−{}", -later),
            later => format!("t+{later}"),
        };
        Some(definition.name_at(node, &t))
    };
    factors.iter().map(name).collect()
}

/// Some rows of Δ in one sample, counted from 1: what these steps together add to it; all of it where there are none.
pub(super) fn rows(
    (all, definition): (&[Definition], &Definition),
    (node, values): (Node, &Values<'_>),
    (rows, steps): (RangeInclusive<usize>, RangeInclusive<usize>),
) -> Option<Array2<f64>> {
    let (first, last) = definition.axes.columns?;
    let at = |j: usize, i: usize| Side { all, values, node: Node { j, i, ..node } };
    let form = |j: usize| result(definition, Node { j, i: first, ..node }, values);
    let begin = *rows.start();
    let mut sum = Array2::zeros((rows.clone().count(), last + 1 - first));
    let places: Vec<usize> = rows.collect();
    for run in places.chunk_by(|&one, &other| form(one).map(std::ptr::from_ref) == form(other).map(std::ptr::from_ref))
    {
        let (factors, terms) = product(&at(run[0], first), form(run[0])?)?;
        // Each factor is counted by the row of Δ or by its column, none by both, so that each is worked out once.
        let (of_columns, of_rows): (Vec<&Formula>, Vec<&Formula>) =
            factors.iter().partition(|factor| is_counted_by_column(all, factor));
        let times = |factors: &[&Formula], side: Side<'_>, place: Bound| {
            factors.iter().map(|factor| side.work_out(factor, place)).product::<Option<f64>>()
        };
        for place in terms.into_iter().filter(|place| place.t.is_none_or(|t| steps.contains(&t))) {
            let column = (first..=last).map(|i| times(&of_columns, at(run[0], i), place));
            let column: Vec<f64> = column.collect::<Option<_>>()?;
            for &j in run {
                let row = times(&of_rows, at(j, first), place)?;
                sum.row_mut(j - begin).iter_mut().zip(&column).for_each(|(sum, column)| *sum += row * column);
            }
        }
    }
    Some(sum)
}

/// Whether a factor is another one in each column of the left side.
fn is_counted_by_column(all: &[Definition], factor: &Formula) -> bool {
    let Formula::Of(reference) = factor else { return false };
    let Some(axes) = all.get(reference.definition).map(|definition| definition.axes) else { return false };
    axes.rows > 0 && reference.row.base == Base::Column
        || axes.columns.is_some() && reference.column.base == Base::Column
}
