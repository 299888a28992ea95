//! The sets that the program carries or makes, by their names.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use super::embedded::EMBEDDED;
use super::generated::GENERATED;
use super::sequences::{self, MADE, TEXT, TEXT_SUITED};
use super::suited::Suited;
use crate::error::Error;

/// The own options of the set of this name; `None` for a file.
pub fn suited(name: &OsStr) -> Option<Suited> {
    let embedded = EMBEDDED.iter().find(|set| name == set.name).map(|set| set.suited);
    let generated = || GENERATED.iter().find(|set| name == set.name).map(|set| set.suited);
    let made = || MADE.iter().find(|set| name == set.name).map(|set| set.suited);
    embedded.or_else(generated).or_else(made).or_else(|| (name == TEXT).then_some(TEXT_SUITED))
}

/// An error about a file of this name that is not there, with the names of the sets: it may be one of them, misspelt.
pub(super) fn hinted(error: Error, name: &OsStr) -> Error {
    let path = Path::new(name);
    let bare = path.components().count() == 1 && path.extension().is_none();
    match error {
        Error::Io { path: missing, reason } if missing == path && bare && reason.kind() == io::ErrorKind::NotFound => {
            let plain =
                EMBEDDED.iter().map(|embedded| embedded.name).chain(GENERATED.iter().map(|generator| generator.name));
            let names = plain.chain(sequences::known()).collect::<Vec<_>>().join(", ");
            let reason = io::Error::new(reason.kind(), format!("{reason}; the data sets built in are {names}"));
            Error::Io { path: missing, reason }
        }
        error => error,
    }
}
