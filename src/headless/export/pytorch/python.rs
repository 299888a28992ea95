//! What the scripts of all nets are made of: numbers and names in Python.

use crate::error::printable_json;

/// Numbers as a list of Python, each in the shortest form that reads back exactly.
pub(super) fn numbers(values: &[f64]) -> String {
    format!("[{}]", values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", "))
}

/// Names as a list of Python; JSON's strings are Python's, too.
pub(super) fn texts(names: &[String]) -> String {
    format!(
        "[{}]",
        names.iter().map(|name| printable_json(&serde_json::json!(name).to_string())).collect::<Vec<_>>().join(", ")
    )
}
