//! The names of features and classes that weights know, found among those of new data.

use std::collections::HashMap;

use crate::data::labels::is_same;
use crate::error::{Error, Place, Result, printable};

/// The place of each feature that is wanted among those found, the first where two have one name; nothing where none is there by its
/// name, which is warned of where there are as many, since they are then taken in their order.
pub(super) fn features(wanted: &[String], found: &[String], warnings: &mut Vec<String>) -> Option<Vec<Option<usize>>> {
    let place: HashMap<&str, usize> =
        found.iter().enumerate().rev().map(|(index, name)| (name.as_str(), index)).collect();
    let places: Vec<Option<usize>> = wanted.iter().map(|name| place.get(name.as_str()).copied()).collect();
    if places.iter().all(Option::is_none) {
        if found.len() == wanted.len() {
            warnings.push("no feature has a name that the net knows: they are taken in their order".into());
        }
        return None;
    }
    Some(places)
}

/// The refusal of data of this name that lack a feature.
pub(super) fn lacking<T>(name: &str, feature: &str) -> Result<T> {
    refuse(name, "features without it".into(), format!("the feature {}", printable(feature)))
}

/// The place of each class of data of this name among those that were taught.
///
/// # Errors
/// `Error::Data` for one that was not.
pub(super) fn classes(name: &str, own: &[String], taught: &[String]) -> Result<Vec<usize>> {
    let place = |class: &String| match taught.iter().position(|other| is_same(other, class)) {
        Some(place) => Ok(place),
        None => {
            let expected = format!("one that the net has learnt: {}", printable(&taught.join(", ")));
            refuse(name, format!("the class {}", printable(class)), expected)
        }
    };
    own.iter().map(place).collect()
}

/// The refusal of data of this name.
pub(super) fn refuse<T>(name: &str, found: String, expected: String) -> Result<T> {
    Err(Error::Data { source: name.into(), place: Place::default(), found, expected })
}
