//! What is odd about a table that can be used all the same, one sentence each.

use ndarray::Array2;

use super::csv::is_missing;
use crate::error::printable;

/// Characters of a class name from which on it is cut on the screen.
const LONG: usize = 200;
/// So many rows a table has at least before the number of its classes says something.
pub const FEW: usize = 8;
/// Up to so many classes with numbers as names are no reason for a warning.
const MANY: usize = 20;

/// The first few of some names, and how many more there are.
pub fn first_of(names: &[impl AsRef<str>]) -> String {
    const LISTED: usize = 5;
    let first = names.iter().take(LISTED).map(|name| printable(name.as_ref())).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED { format!("{first} and {} more", names.len() - LISTED) } else { first }
}

/// The warning that so many rows were left out.
pub fn left_out(rows: usize) -> String {
    let are = if rows == 1 { "row with a missing value is" } else { "rows with a missing value are" };
    format!("{rows} {are} left out")
}

/// Features that have one value in all rows.
fn constant(x: &Array2<f64>, features: &[String]) -> Option<String> {
    let constant = |index: &usize| x.column(*index).iter().all(|value| *value == x[[0, *index]]);
    let constant: Vec<&String> = (0..features.len()).filter(constant).map(|index| &features[index]).collect();
    (!constant.is_empty())
        .then(|| format!("constant features, from which nothing can be learnt: {}", first_of(&constant)))
}

/// What is odd about the features that were read.
pub fn of_features(x: &Array2<f64>, features: &[String]) -> Vec<String> {
    let counts = |index: &usize| {
        let first = x[[0, *index]];
        [0.0, 1.0].contains(&first)
            && x.column(*index).iter().enumerate().all(|(row, value)| *value == first + row as f64)
    };
    let counting = (0..features.len()).filter(|_| x.nrows() >= FEW && features.len() > 1).filter(counts);
    let counting: Vec<&String> = counting.map(|index| &features[index]).collect();
    let number = (!counting.is_empty()).then(|| format!("features that only count the rows: {}", first_of(&counting)));
    constant(x, features).into_iter().chain(number).collect()
}

/// What is odd about the classes of so many rows.
pub fn of_classes(classes: &[String], rows: usize) -> Vec<String> {
    let mut warnings = Vec::new();
    let numbers: Option<Vec<f64>> = classes.iter().map(|class| class.parse().ok()).collect();
    let numbers = numbers.unwrap_or_default();
    let finite = numbers.iter().all(|number| number.is_finite());
    let fraction = numbers.iter().any(|number| number.is_finite() && number.fract() != 0.0);
    // Classes that count are numbered classes, however many there are.
    let gaps = finite && numbers.len() > MANY && numbers.windows(2).any(|pair| pair[1] - pair[0] != 1.0);
    if fraction || gaps || (rows >= FEW && classes.len() * 2 > rows) {
        let help = if numbers.is_empty() || !finite { "" } else { " (--task regression learns it as a number)" };
        let classes = classes.len();
        warnings.push(format!(
            "{classes} classes in {rows} rows: is the label a number to be predicted, or another column?{help}"
        ));
    }
    let missing: Vec<&String> = classes.iter().filter(|class| is_missing(class)).collect();
    if !missing.is_empty() {
        warnings.push(format!(
            "a class looks like a missing value (--missing drop leaves its rows out): {}",
            first_of(&missing)
        ));
    }
    if numbers.iter().any(|number| number.is_infinite()) {
        warnings.push("a class is an infinite number, where the others are numbers as well".into());
    }
    if let Some(long) = classes.iter().find(|class| class.chars().count() > LONG) {
        warnings.push(format!(
            "a class has a long name of {} characters, which is cut on the screen",
            long.chars().count()
        ));
    }
    if classes.iter().any(|class| class.chars().any(char::is_control)) {
        warnings.push("the name of a class holds control characters".into());
    }
    warnings.extend(same_but_for_case(classes));
    warnings
}

/// Two classes that differ in upper and lower case only.
fn same_but_for_case(classes: &[String]) -> Option<String> {
    let mut folded: Vec<(String, &String)> = classes.iter().map(|class| (class.to_lowercase(), class)).collect();
    folded.sort();
    let pair = folded.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
    let (one, other) = (printable(pair[0].1), printable(pair[1].1));
    Some(format!("the classes {one} and {other} differ in case only"))
}
