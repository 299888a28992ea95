//! The options about data that a set, a file of some format, or sequences have a use for.

use std::ffi::OsStr;
use std::path::Path;

use super::useless::{Useless, add};
use crate::cli::{FileArgs, RunArgs, UseArgs, sequence};
use crate::data::sequences::{MADE, Sequences};
use crate::data::{EMBEDDED, FORMATS, GENERATED, format};

/// Options about a file that is read.
pub(super) const OF_FILES: [&str; 9] =
    ["target", "labels", "test_data", "test_labels", "separator", "header", "no_header", "missing", "text"];
/// Those of them that are for a table.
const OF_TABLES: [&str; 4] = ["target", "separator", "header", "no_header"];

/// Whether a set of this name is in the program, as it is or made by it.
fn is_known(name: &OsStr) -> bool {
    EMBEDDED.iter().any(|set| name == set.name) || is_generated(name) || Sequences::is_known(name)
}

/// Whether a set of this name is made from a seed.
pub(super) fn is_generated(name: &OsStr) -> bool {
    GENERATED.iter().any(|set| name == set.name)
}

fn is_made_of_sequences(name: &OsStr) -> bool {
    MADE.iter().any(|set| name == set.name)
}

/// What the samples of a run have no use for.
pub(super) fn of_set(run: &RunArgs, found: &mut Vec<Useless>) {
    if run.data == "xor" && run.test_split > 0.0 {
        add(found, &["test_split"], "xor is never split");
    }
    if let Some(test) = &run.test_data
        && run.test_labels.is_some()
        && let Some(reason) = unread("labels", &[(test, true)])
    {
        add(found, &["test_labels"], &reason);
    }
    of_source(&run.data, (&run.file, run.test_data.as_deref()), found);
}

/// What a data set, and the file that is held out, have no use for.
pub(super) fn of_source(name: &OsStr, (file, test): (&FileArgs, Option<&Path>), found: &mut Vec<Useless>) {
    if !is_generated(name) {
        add(found, &["samples", "noise"], "--samples and --noise are for sets that are made");
    }
    if is_known(name) {
        let reason = format!("it is for files, and {} is read as it is", name.display());
        return add(found, &OF_FILES, &reason);
    }
    let path = Path::new(name);
    let own = (path, file.labels.is_some());
    let both: Vec<(&Path, bool)> = [own].into_iter().chain(test.map(|test| (test, false))).collect();
    for id in OF_FILES {
        let files = if id == "labels" { &both[..1] } else { &both };
        if let Some(reason) = unread(id, files) {
            add(found, &[id], &reason);
        }
    }
}

/// Why an option is not read with these files, each with whether labels are given beside it; `None` if it is, or that can't be told.
fn unread(id: &str, files: &[(&Path, bool)]) -> Option<String> {
    let name = id.replace('_', "-");
    let readers = FORMATS.iter().filter(|format| format.heeds.contains(&name.as_str()));
    let readers: Vec<&str> = readers.map(|format| format.name).collect();
    let formats = files.iter().map(|&(path, labelled)| format::format_at(path, labelled));
    let formats = formats.collect::<Option<Vec<_>>>()?;
    if readers.is_empty() || formats.iter().any(|format| readers.contains(&format.name)) {
        return None;
    }
    let (path, format) = (files.first()?.0.display(), formats.first()?.name);
    Some(format!("it is for {}, and the format of {path} is {format}", readers.join(" and ")))
}

/// What sequences have no use for.
pub(super) fn of_sequences(run: &RunArgs, found: &mut Vec<Useless>) {
    let reason = "not for recurrent nets";
    add(found, &sequence::NOT_FOR_THEM, reason);
    add(found, &["noise", "test_labels", "threads"], reason);
    of_count(&run.data, found);
    let is_known = Sequences::is_known(&run.data);
    if is_known {
        add(found, &["prose", "id", "step"], "it is for files");
    }
    if run.sequence.id.is_some() && !is_known {
        add(found, &["length"], "the table itself sets the length of its sequences");
    } else {
        add(found, &OF_TABLES, "it is for a table of sequences; give --id, too");
    }
}

/// What the use of a recurrent net on sequences has no use for.
pub(super) fn of_used_sequences(with: &UseArgs, found: &mut Vec<Useless>) {
    let reason = "not for recurrent nets";
    add(found, &["scale", "activation", "add", "labels", "binary", "missing", "text", "noise"], reason);
    of_count(&with.data, found);
    let is_known = Sequences::is_known(&with.data);
    if !is_made_of_sequences(&with.data) {
        add(found, &["seed"], "only sets that are made have a seed");
    }
    if is_known {
        add(found, &["prose", "id", "step"], "it is for files");
    }
    if with.sequence.id.is_some() && !is_known {
        add(found, &["length"], "the table itself sets the length of its sequences");
    } else {
        add(found, &OF_TABLES, "it is for a table of sequences; give --id, too");
    }
}

/// How many sequences there are is asked for only where they are made.
fn of_count(name: &OsStr, found: &mut Vec<Useless>) {
    if !is_made_of_sequences(name) {
        add(found, &["samples"], "a text and a table have as many sequences as there are in them");
    }
}

/// What `data` has no use for where it tells of a set or a file.
pub(super) fn of_listed(name: &OsStr, file: &FileArgs, found: &mut Vec<Useless>) {
    if !Sequences::is_known(name) {
        return of_source(name, (file, None), found);
    }
    let reason = format!("{} is a set of sequences, which are read as they are", name.display());
    add(found, &OF_FILES, &reason);
    add(found, &["task", "binary", "add", "noise"], &reason);
    of_count(name, found);
}
