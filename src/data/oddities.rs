//! What is odd about a table that can be used all the same, one sentence each.

use ndarray::Array2;

use crate::error::printable;

/// Characters of a class name from which on it is cut on the screen.
const LONG: usize = 200;
/// So many rows a table has at least before the number of its classes says something.
const FEW: usize = 8;

/// The first few of some names, and how many more there are.
pub fn told(names: &[impl AsRef<str>]) -> String {
    const TOLD: usize = 5;
    let first = names.iter().take(TOLD).map(|name| printable(name.as_ref())).collect::<Vec<_>>().join(", ");
    if names.len() > TOLD { format!("{first} and {} more", names.len() - TOLD) } else { first }
}

/// What is said of so many rows that were left out.
pub fn left_out(rows: usize) -> String {
    let are = if rows == 1 { "row with a missing value is" } else { "rows with a missing value are" };
    format!("{rows} {are} left out")
}

/// Features that have one value in all rows.
pub fn constant(x: &Array2<f64>, features: &[String]) -> Option<String> {
    let constant = |index: &usize| x.column(*index).iter().all(|value| *value == x[[0, *index]]);
    let constant: Vec<&String> = (0..features.len()).filter(constant).map(|index| &features[index]).collect();
    (!constant.is_empty()).then(|| format!("constant features tell the classes nothing: {}", told(&constant)))
}

/// What is odd about the classes of so many rows.
pub fn of_classes(classes: &[String], rows: usize) -> Vec<String> {
    let mut warnings = Vec::new();
    if rows >= FEW && classes.len() * 2 > rows {
        let classes = classes.len();
        warnings.push(format!(
            "{classes} classes in {rows} rows: is the label a number to be predicted, or another column?"
        ));
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
