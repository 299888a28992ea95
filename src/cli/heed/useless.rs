//! The options that a command has no use for, as they are found.

/// An option without a use, by its name with underscores, and why it has none.
pub(super) type Useless = (&'static str, String);

/// Adds options that have no use for this reason.
pub(super) fn add(found: &mut Vec<Useless>, ids: &[&'static str], reason: &str) {
    found.extend(ids.iter().map(|&id| (id, reason.to_string())));
}
