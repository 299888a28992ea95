//! The parts of a file of named arrays: what is learnt from, what is held out, and what is not used, by their usual names.

use super::Source;
use super::file::File;
use super::oddities::first_of;
use super::table::Table;
use crate::error::{Place, Result, printable};

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ArchivePart {
    /// The arrays X and y, all of the data.
    Whole,
    Train,
    Valid,
    Test,
}

/// What the names of parts have before or behind the x or y, in lower case and without `_`.
const WORDS: [(&str, ArchivePart); 17] = [
    ("", ArchivePart::Whole),
    ("train", ArchivePart::Train),
    ("training", ArchivePart::Train),
    ("trn", ArchivePart::Train),
    ("tr", ArchivePart::Train),
    ("val", ArchivePart::Valid),
    ("valid", ArchivePart::Valid),
    ("validation", ArchivePart::Valid),
    ("dev", ArchivePart::Valid),
    ("cv", ArchivePart::Valid),
    ("eval", ArchivePart::Valid),
    ("test", ArchivePart::Test),
    ("testing", ArchivePart::Test),
    ("tst", ArchivePart::Test),
    ("te", ArchivePart::Test),
    ("holdout", ArchivePart::Test),
    ("heldout", ArchivePart::Test),
];

/// What arrays of features and of labels are called, the letters first; the other words stand beside the name of a part only.
const FEATURES: [&str; 5] = ["x", "images", "data", "features", "inputs"];
const TARGETS: [&str; 4] = ["y", "labels", "targets", "target"];

/// The part that a name stands for, whether it is its x, and the place of its word among those that mean the same; `None` for any
/// other array.
fn meant(name: &str) -> Option<(ArchivePart, bool, usize)> {
    let name: String = name.chars().filter(|c| !"_-. ".contains(*c)).flat_map(char::to_lowercase).collect();
    let of = |words: &[&str], is_x: bool| {
        words.iter().enumerate().find_map(|(rank, called)| {
            let rest = name.strip_prefix(called).into_iter().chain(name.strip_suffix(called));
            let mut parts = rest.filter_map(|word| WORDS.iter().find(|(known, _)| *known == word));
            let part = parts.next().map(|&(_, part)| part);
            part.filter(|part| rank == 0 || *part != ArchivePart::Whole).map(|part| (part, is_x, rank))
        })
    };
    of(&FEATURES, true).or_else(|| of(&TARGETS, false))
}

/// Whether a name is usual for an array of data: of features or labels, of all samples or of a part.
pub fn is_of_data(name: &str) -> bool {
    meant(name).is_some()
}

/// The names of the features and of the labels of a part.
type PartNames<'a> = (&'a str, &'a str);

/// Names that were looked for and found.
#[derive(Debug, PartialEq)]
struct Chosen<'a> {
    rows: PartNames<'a>,
    held_out: Option<PartNames<'a>>,
}

impl<'a> Chosen<'a> {
    /// The parts that are asked for; where labels are not looked for, the second names are empty if there are none.
    fn of(names: &'a [String], source: &Source) -> Option<Self> {
        let labelled = source.wanted.is_none();
        let find = |part: ArchivePart, is_x: bool| {
            let called = names.iter().filter_map(|name| Some((name, meant(name)?)));
            let called = called.filter(|(_, meant)| (meant.0, meant.1) == (part, is_x));
            called.min_by_key(|(_, meant)| meant.2).map(|(name, _)| name)
        };
        let pair = |part: ArchivePart| {
            let y = find(part, false).map(String::as_str);
            Some((find(part, true)?.as_str(), if labelled { y? } else { y.unwrap_or_default() }))
        };
        if source.is_test {
            let parts = [ArchivePart::Test, ArchivePart::Whole, ArchivePart::Valid, ArchivePart::Train];
            return Some(Self { rows: parts.into_iter().find_map(pair)?, held_out: None });
        }
        let rows = pair(ArchivePart::Train).or_else(|| pair(ArchivePart::Whole))?;
        let held_out =
            pair(ArchivePart::Test).or_else(|| pair(ArchivePart::Valid)).filter(|_| labelled && source.test.is_none());
        Some(Self { rows, held_out })
    }

    /// The warning about arrays that are not used.
    fn unused(&self, names: &[String]) -> Option<String> {
        let used = [Some(self.rows), self.held_out].into_iter().flatten().flat_map(|(x, y)| [x, y]);
        let used: Vec<&str> = used.collect();
        let unused: Vec<&String> = names.iter().filter(|name| !used.contains(&name.as_str())).collect();
        match unused.as_slice() {
            [] => None,
            [one] => Some(format!("{} is not used", printable(one))),
            several => Some(format!("{} are not used", first_of(several))),
        }
    }
}

/// Reads the parts that are asked for from arrays of these names, each by its names of features and labels; the labels are to be left
/// out where they are not looked for.
///
/// # Errors
/// `Error::Data` if there are no such parts, or one can't be read.
pub fn read(
    file: &File,
    (names, expected): (&[String], &str),
    source: &Source,
    mut part: impl FnMut(&str, &str) -> Result<Table>,
) -> Result<Table> {
    let Some(chosen) = Chosen::of(names, source) else {
        let found = if names.is_empty() { "no arrays".into() } else { format!("the arrays {}", names.join(", ")) };
        return Err(file.error(Place::default(), printable(&found), expected));
    };
    let drop_missing = source.reading.drop_missing;
    let mut part = |(x, y)| {
        let table = part(x, y)?;
        fit(file, &table, (x, y))?;
        table.settled(drop_missing)
    };
    let mut table = part(chosen.rows)?;
    if let Some(held_out) = chosen.held_out {
        let other = part(held_out)?;
        if other.x.ncols() != table.x.ncols() {
            let expected = format!("{}, as in {}", table.x.ncols(), printable(chosen.rows.0));
            return Err(file.error(Place::part(held_out.0), format!("{} features", other.x.ncols()), expected));
        }
        if other.labels.len() != table.labels.len() {
            let expected = format!("{}, as in {}", table.labels.len(), printable(chosen.rows.1));
            let count = other.labels.len();
            let found = format!("{count} column{} of labels", if count == 1 { "" } else { "s" });
            return Err(file.error(Place::part(held_out.1), found, expected));
        }
        table = table.with_held_out(other, source.task())?;
    }
    table.warnings.extend(chosen.unused(names));
    Ok(table)
}

/// Refuses labels of a part that are not as many as its rows: those of the next part would stand beside the wrong rows.
fn fit(file: &File, table: &Table, (x, y): PartNames) -> Result<()> {
    let rows = table.x.nrows();
    let Some(labels) = table.labels.iter().find(|labels| labels.len() != rows) else { return Ok(()) };
    let exchanged = |name: &str| format!(" (are rows and columns of {} exchanged?)", printable(name));
    let turned = match (table.labels.len() == rows && rows > 1, labels.len() == table.x.ncols()) {
        (true, _) => exchanged(y),
        (false, true) => exchanged(x),
        (false, false) => String::new(),
    };
    let expected = format!("{rows}, one for each row of {}{turned}", printable(x));
    Err(file.error(Place::part(y), format!("{} labels", labels.len()), expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str], change: impl Fn(&mut Source)) -> (Vec<String>, Option<String>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_string()).collect();
        let mut source = Source::named("t.npz");
        change(&mut source);
        let Some(chosen) = Chosen::of(&names, &source) else { return (Vec::new(), None) };
        let pairs = [Some(chosen.rows), chosen.held_out].into_iter().flatten();
        (pairs.map(|(x, y)| format!("{x} {y}")).collect(), chosen.unused(&names))
    }

    #[test]
    fn the_test_part_is_held_out_or_the_validation_part_and_what_is_not_used_is_named() {
        for (names, parts, unused) in [
            (&["X", "y"][..], &["X y"][..], None),
            (&["x_train", "y_train", "x_val", "y_val"], &["x_train y_train", "x_val y_val"], None),
            (&["X", "y", "Xval", "yval", "Xtest", "ytest"], &["X y", "Xtest ytest"], Some("Xval, yval are not used")),
            (&["train_x", "train_y", "valid_x", "valid_y"], &["train_x train_y", "valid_x valid_y"], None),
            (&["X_train", "Y_train", "X_dev", "Y_dev"], &["X_train Y_train", "X_dev Y_dev"], None),
            (&["X", "y", "X_test"], &["X y"], Some("X_test is not used")),
            (
                &["X", "y", "x_train", "y_train", "x_test", "y_test"],
                &["x_train y_train", "x_test y_test"],
                Some("X, y are not used"),
            ),
            (&["X", "y", "names"], &["X y"], Some("names is not used")),
            (
                &["train_x", "train_y", "validation_images", "validation_labels"],
                &["train_x train_y", "validation_images validation_labels"],
                None,
            ),
            (&["X", "y", "X_test", "test_labels"], &["X y", "X_test test_labels"], None),
            (&["train_data", "train_labels", "X_te", "y_te"], &["train_data train_labels", "X_te y_te"], None),
            (
                &["labels", "test_labels", "x_test", "y_test", "X", "y"],
                &["X y", "x_test y_test"],
                Some("labels, test_labels are not used"),
            ),
            (&["data", "labels"], &[], None),
            (&["a", "b"], &[], None),
        ] {
            assert_eq!(
                chosen(names, |_| ()),
                (parts.iter().map(ToString::to_string).collect(), unused.map(str::to_string))
            );
        }
    }

    #[test]
    fn with_a_file_of_held_out_samples_each_file_gives_one_part() {
        let names = ["x_train", "y_train", "x_test", "y_test"];
        let main = chosen(&names, |source| source.test = Some("other.npz".into()));
        assert_eq!(main, (vec!["x_train y_train".into()], Some("x_test, y_test are not used".into())));
        let test = chosen(&names, |source| source.is_test = true);
        assert_eq!(test, (vec!["x_test y_test".into()], Some("x_train, y_train are not used".into())));
        let alone = chosen(&["Xtest", "ytest"], |source| source.is_test = true);
        assert_eq!(alone.0, ["Xtest ytest"]);
        let new = chosen(&names, |source| source.wanted = Some(Vec::new()));
        assert_eq!(new, (vec!["x_train y_train".into()], Some("x_test, y_test are not used".into())));
    }
}
