//! What a reader finds in a file: features and labels, before they are a data set.

use ndarray::{Array2, Axis};

use super::csv::is_missing;
use super::labels::Labels;
use super::{Dataset, Scale, Targets, Task, oddities};
use crate::error::{Error, Place, Result, printable};
use crate::number::exact;

/// The most classes; a target has an entry for each of them.
pub const MOST_CLASSES: usize = 1_000;

/// The most entries of targets, one for each row and class.
pub const MOST_TARGETS: usize = 1 << 25;

/// Numbers of a table in any case, and for each byte of its file: only those that are packed, or meant and not written, are more.
const NUMBERS: (usize, usize) = (1 << 20, 1 << 7);
/// The size from which on a larger file may not mean more numbers.
const WRITTEN: usize = 1 << 20;
/// Numbers that take as much memory as the name of a feature, and as a column of labels.
const COLUMN: (usize, usize) = (8, 64);

/// So many numbers a table of so many rows and features may have at most, if that is too many for a file of this size.
pub fn too_many(size: usize, rows: usize, features: usize) -> Option<usize> {
    let most = size.saturating_mul(NUMBERS.1).saturating_add(NUMBERS.0);
    (features.saturating_mul(rows.saturating_add(COLUMN.0)) > most).then_some(most)
}

/// The same where not every number is written.
pub fn too_many_meant(size: usize, rows: usize, features: usize) -> Option<usize> {
    too_many(size.min(WRITTEN), rows, features)
}

/// The same of so many rows and columns of labels.
pub fn too_many_labels(size: usize, rows: usize, columns: usize) -> Option<usize> {
    too_many(size, rows.saturating_add(COLUMN.1), columns)
}

/// Rows of features, m × S_1, and the width and height of the pictures that they are, if they are.
pub type FeatureRows = (Array2<f64>, Option<(usize, usize)>);

/// The content of a file: m rows of features, and columns of m labels.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name of the file or set, as it may be printed.
    pub name: String,
    /// Features, m × S_1.
    pub x: Array2<f64>,
    /// Names of the S_1 features.
    pub features: Vec<String>,
    /// The columns of labels: one for classes, none where labels were not looked for.
    pub labels: Vec<Labels>,
    /// Width and height of the picture that a row is, row by row; `None` where it is none.
    pub image: Option<(usize, usize)>,
    /// What is odd about the file.
    pub warnings: Vec<String>,
    /// The first row of a part that the file, or another one, gives as held out.
    pub held_out: Option<usize>,
    /// Whether the columns of the file have no names, so that they are called by their numbers.
    pub nameless: bool,
    /// The rows of the file that are left out, counted from 0, in their order.
    pub left_out: Vec<usize>,
}

impl Table {
    /// Features without names of their own, with labels.
    ///
    /// # Errors
    /// `Error::Data` if there is no row or no feature: nothing of the file stands behind the number of the others then.
    pub fn of(name: &str, (x, image): FeatureRows, labels: Vec<Labels>) -> Result<Self> {
        check_shape(name, &x)?;
        let features = match image {
            Some((width, height)) => pixels(width, height),
            None => (1..=x.ncols()).map(|number| format!("x{number}")).collect(),
        };
        Ok(Self { labels, image, ..Self::bare(name.into(), x, features) })
    }

    /// Features with their names, without labels.
    pub fn bare(name: String, x: Array2<f64>, features: Vec<String>) -> Self {
        let (labels, warnings) = (Vec::new(), Vec::new());
        Self { name, x, features, labels, image: None, warnings, held_out: None, nameless: false, left_out: Vec::new() }
    }

    /// This table with another one's rows after its own, as the part that is held out.
    ///
    /// # Errors
    /// `Error::Data` if the other one has other features, other columns of labels, or a class that this one doesn't have.
    pub fn with_held_out(mut self, other: Self, task: Task) -> Result<Self> {
        let refuse = |place, found: String, expected: String| {
            Err(Error::Data { source: other.name.clone(), place, found, expected })
        };
        // Labels of one part must not stand beside rows of the other.
        self.check_labels()?;
        other.check_labels()?;
        if other.x.ncols() != self.x.ncols() {
            let expected = format!("{}, as in {}", self.x.ncols(), self.name);
            return refuse(Place::default(), format!("{} features", other.x.ncols()), expected);
        }
        if let Some((one, mine)) = other.features.iter().zip(&self.features).find(|(one, mine)| one != mine) {
            let expected = format!("feature {}, as in {}{}", printable(mine), self.name, self.header_hint(&other));
            return refuse(Place::default(), format!("feature {}", printable(one)), expected);
        }
        if other.labels.len() != self.labels.len() {
            let expected = format!("{}, as in {}", self.labels.len(), self.name);
            return refuse(Place::default(), format!("{} columns of labels", other.labels.len()), expected);
        }
        for (mine, other) in self.labels.iter_mut().zip(&other.labels) {
            let unknown = other.iter().position(|label| task.has_classes() && !mine.knows(label));
            if let Some((row, label)) = unknown.and_then(|row| Some((row, other.iter().nth(row)?))) {
                let expected = format!("one of the classes of {}", self.name);
                return refuse(Place::row(row as u64 + 1, &other.name), printable(label), expected);
            }
            mine.append(other);
        }
        self.held_out = Some(self.x.nrows());
        // Rows are stored one after the other on both sides, so that this can't fail but by the shapes compared above.
        self.x.append(Axis(0), other.x.view()).expect("as many features in both");
        self.warnings.extend(other.warnings.iter().map(|warning| format!("{}: {warning}", other.name)));
        Ok(self)
    }

    /// What helps where only one of two tables has a header.
    fn header_hint(&self, other: &Self) -> String {
        let (with, without) = match (self.nameless, other.nameless) {
            (false, true) => (&self.name, &other.name),
            (true, false) => (&other.name, &self.name),
            _ => return String::new(),
        };
        format!(" (write the header of {with} above the rows of {without}, which has none)")
    }

    /// The data set, for what is to be learnt of it.
    ///
    /// # Errors
    /// `Error::Data` if there is no row, a row without a label, a feature that is not finite, or a label that does not serve
    /// the task: too few or too many classes, no number, neither 0 nor 1.
    pub fn dataset(mut self, task: Task) -> Result<Dataset> {
        self.check_features()?;
        let same = self.labels.iter().filter(|_| task.has_classes()).find_map(Labels::twice);
        let targets = self.targets(task)?;
        let rows = self.x.nrows();
        let warnings =
            [self.warnings, same.into_iter().collect(), oddities::of_classes(targets.classes(), rows)].concat();
        Ok(Dataset {
            name: self.name,
            x: self.x,
            targets,
            features: self.features,
            extras: Vec::new(),
            image: self.image,
            never_split: false,
            held_out: self.held_out,
            scale: if self.image.is_some() { Scale::Max } else { Scale::Standard },
            target_scale: if task == Task::Regression { Scale::Standard } else { Scale::None },
            origin: String::new(),
            warnings,
        })
    }

    /// Refuses features that nothing can be computed from.
    ///
    /// # Errors
    /// `Error::Data` if there is no row, no feature, or one that is not finite.
    pub fn check_features(&self) -> Result<()> {
        check_shape(&self.name, &self.x)?;
        if let Some(((row, feature), value)) = self.x.indexed_iter().find(|(_, value)| !value.is_finite()) {
            let place = Place::row(row as u64 + 1, &self.features[feature]);
            let (found, expected) = (exact(*value), "a finite number".into());
            return Err(Error::Data { source: self.name.clone(), place, found, expected });
        }
        Ok(())
    }

    /// Refuses labels that are not as many as the rows.
    fn check_labels(&self) -> Result<()> {
        let rows = self.x.nrows();
        let Some(labels) = self.labels.iter().find(|labels| labels.len() != rows) else { return Ok(()) };
        let turned = if labels.len() == self.x.ncols() { " (are rows and columns of X exchanged?)" } else { "" };
        let (found, expected) =
            (format!("{} labels", labels.len()), format!("{rows}, one for each row of features{turned}"));
        Err(Error::Data { source: self.name.clone(), place: Place::default(), found, expected })
    }

    /// The number in the file of each row, counted from 0.
    pub fn numbers(&self) -> Vec<usize> {
        let all = 0..self.x.nrows() + self.left_out.len();
        all.filter(|row| self.left_out.binary_search(row).is_err()).collect()
    }

    /// The table without the rows that have a missing value, where these are to be left out; its numbers are finite then.
    ///
    /// # Errors
    /// `Error::Data` if a number is not finite, or is missing and may not be; or if no row is left.
    pub fn settled(mut self, drop_missing: bool) -> Result<Self> {
        let refuse = |place, found: String, expected: &str| {
            let (source, expected) = (self.name.clone(), expected.into());
            Err(Error::Data { source, place, found, expected })
        };
        let wrong = |value: f64| value.is_infinite() || value.is_nan() && !drop_missing;
        for labels in &self.labels {
            if let Some((row, value)) = labels.not_finite().filter(|&(_, value)| wrong(value)) {
                return refuse(Place::row(row as u64 + 1, &labels.name), exact(value), "a label, a finite number");
            }
        }
        if let Some(((row, feature), &value)) = self.x.indexed_iter().find(|(_, value)| wrong(**value)) {
            return refuse(Place::row(row as u64 + 1, &self.features[feature]), exact(value), "a finite number");
        }
        let rows = self.x.nrows();
        // What does not fit together is refused when the targets are made.
        if !drop_missing || self.labels.iter().any(|labels| labels.len() != rows) {
            return Ok(self);
        }
        let mut kept: Vec<bool> =
            self.x.rows().into_iter().map(|row| row.iter().all(|value| !value.is_nan())).collect();
        for labels in &self.labels {
            kept.iter_mut().zip(labels.iter()).for_each(|(kept, label)| *kept &= !is_missing(label));
        }
        let at: Vec<usize> = (0..rows).filter(|&row| kept[row]).collect();
        if at.is_empty() {
            return refuse(Place::default(), "no row without a missing value".into(), "rows of numbers");
        }
        if at.len() < rows {
            self.x = self.x.select(Axis(0), &at);
            self.labels = self.labels.iter().map(|labels| labels.only(&kept)).collect();
            self.warnings.push(oddities::left_out(rows - at.len()));
            self.left_out = (0..rows).filter(|&row| !kept[row]).collect();
        }
        Ok(self)
    }

    /// The targets in the labels, which are taken.
    fn targets(&mut self, task: Task) -> Result<Targets> {
        let rows = self.x.nrows();
        let refuse = |place, found: String, expected: String| {
            Err(Error::Data { source: self.name.clone(), place, found, expected })
        };
        self.check_labels()?;
        let several = std::mem::take(&mut self.labels);
        match (task, several.as_slice()) {
            (Task::Classes | Task::Binary, [labels]) => {
                classes(labels, task).or_else(|(place, found, expected)| refuse(place, found, expected))
            }
            (Task::Classes | Task::Binary, _) => {
                let found = format!("{} columns of labels, two dimensions", several.len());
                refuse(Place::default(), found, "one dimension, a label for each row".into())
            }
            (Task::Regression | Task::Labels, columns) => {
                let names = columns.iter().map(|labels| labels.name.clone()).collect();
                let mut y = Array2::zeros((rows, columns.len()));
                for (labels, mut to) in columns.iter().zip(y.columns_mut()) {
                    for (row, (label, to)) in labels.iter().zip(&mut to).enumerate() {
                        *to = match target(label, task) {
                            Ok(value) => value,
                            Err(expected) => {
                                let place = Place::row(row as u64 + 1, &labels.name);
                                return refuse(place, printable(label), expected.into());
                            }
                        };
                    }
                }
                Ok(if task == Task::Labels { Targets::Labels { y, names } } else { Targets::Numbers { y, names } })
            }
        }
    }
}

/// Refuses features without a row or a column.
fn check_shape(name: &str, x: &Array2<f64>) -> Result<()> {
    let found = match x.dim() {
        (0, _) => "no samples: 0 rows",
        (_, 0) => "no features",
        _ => return Ok(()),
    };
    let (found, expected) = (found.into(), "rows of numbers".into());
    Err(Error::Data { source: name.into(), place: Place::default(), found, expected })
}

/// The number that a label is where no classes are learnt, or what was expected.
pub fn target(label: &str, task: Task) -> std::result::Result<f64, &'static str> {
    let value = label.parse::<f64>().ok().filter(|value| value.is_finite());
    match (task, value) {
        (Task::Labels, Some(0.0 | 1.0)) | (Task::Regression, Some(_)) => Ok(value.unwrap_or_default()),
        (Task::Labels, _) => Err("1 where the label holds, 0 where it doesn't"),
        _ => Err("a finite number to be learnt"),
    }
}

/// The classes that labels name, or where what was found, and what was expected.
fn classes(labels: &Labels, task: Task) -> std::result::Result<Targets, (Place, String, String)> {
    if let Some((row, value)) = labels.fraction() {
        let expected = "a whole number, the label of a class";
        return Err((Place::row(row as u64 + 1, &labels.name), exact(value), expected.into()));
    }
    let (class, names) = labels.classes();
    let most = if task == Task::Binary { 2 } else { MOST_CLASSES };
    if class.len().saturating_mul(names.len()) > MOST_TARGETS {
        let found = format!("{} classes in {} rows", names.len(), class.len());
        let expected = format!("at most {MOST_TARGETS}, rows times classes");
        return Err((Place::column(labels.name.clone()), found, expected));
    }
    if (2..=most).contains(&names.len()) {
        return Ok(Targets::Classes { class, names, single: task == Task::Binary });
    }
    let found = match names.as_slice() {
        [only] => format!("one class only, {}", printable(only)),
        more => format!("{} classes", more.len()),
    };
    let expected = if task == Task::Binary { "two classes".into() } else { format!("2 to {MOST_CLASSES} classes") };
    Err((Place::column(labels.name.clone()), found, expected))
}

/// Names of the pixels of a picture, row by row.
fn pixels(width: usize, height: usize) -> Vec<String> {
    let between = if width.max(height) > 10 { "," } else { "" };
    (0..width * height).map(|pixel| format!("p{}{between}{}", pixel / width, pixel % width)).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn made(x: Array2<f64>, labels: &[f64]) -> Result<Table> {
        Table::of("t", (x, None), vec![Labels::numbers("y", labels.iter().copied())])
    }

    fn table(x: Array2<f64>, labels: &[f64]) -> Table {
        made(x, labels).expect("it has rows and features")
    }

    #[test]
    fn what_cannot_be_learnt_from_is_refused() {
        for (table, words) in [
            (table(array![[1.0], [2.0]], &[1.0]), "found 1 labels, expected 2"),
            (table(array![[1.0], [f64::NAN]], &[1.0, 2.0]), "row 2, column x1: found NaN"),
            (table(array![[1.0], [2.0]], &[1.0, 0.5]), "row 2, column y: found 0.5, expected a whole number"),
            (table(array![[1.0], [2.0]], &[1.0, 1.0]), "one class only, 1"),
        ] {
            let error = table.dataset(Task::Classes).expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
        for (rows, features, words) in [(0, usize::MAX >> 1, "no samples"), (2, 0, "no features")] {
            let error = made(Array2::zeros((rows, features)), &[0.0, 1.0]).expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn labels_are_read_as_the_task_has_them() {
        let wide = |numbers: &[f64]| {
            let labels = vec![Labels::numbers("a", numbers.iter().copied()), Labels::numbers("b", [0.0, 1.0])];
            Table::of("t", (array![[1.0], [2.0]], None), labels).expect("two rows")
        };
        let numbers = wide(&[0.5, -2.0]).dataset(Task::Regression).expect("numbers").targets;
        assert_eq!(
            numbers,
            Targets::Numbers { y: array![[0.5, 0.0], [-2.0, 1.0]], names: vec!["a".into(), "b".into()] }
        );
        let labels = wide(&[1.0, 0.0]).dataset(Task::Labels).expect("labels").targets;
        assert_eq!(labels, Targets::Labels { y: array![[1.0, 0.0], [0.0, 1.0]], names: vec!["a".into(), "b".into()] });
        for (table, task, words) in [
            (wide(&[1.0, 2.0]), Task::Labels, "row 2, column a: found 2, expected 1 where"),
            (wide(&[1.0, 2.0]), Task::Classes, "2 columns of labels"),
            (table(array![[1.0], [2.0], [3.0]], &[1.0, 2.0, 3.0]), Task::Binary, "3 classes, expected two"),
        ] {
            let error = table.dataset(task).expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_held_out_table_stands_after_the_other_and_has_its_features_and_classes() {
        let train = table(array![[1.0], [2.0]], &[-1.0, 1.0]);
        let dataset = train
            .clone()
            .with_held_out(table(array![[3.0]], &[1.0]), Task::Classes)
            .and_then(|table| table.dataset(Task::Classes))
            .expect("one set");
        assert_eq!((dataset.targets.class(), dataset.held_out), (&[0, 1, 1][..], Some(2)));
        assert_eq!(
            (dataset.x, dataset.targets.classes()),
            (array![[1.0], [2.0], [3.0]], &["-1".to_string(), "1".into()][..])
        );
        let wide = train
            .clone()
            .with_held_out(table(array![[3.0, 4.0]], &[1.0]), Task::Classes)
            .expect_err("two features")
            .to_string();
        assert!(wide.contains("found 2 features, expected 1"), "{wide}");
        let other =
            train.with_held_out(table(array![[3.0]], &[7.0]), Task::Classes).expect_err("a new class").to_string();
        assert!(other.contains("row 1, column y: found 7"), "{other}");
    }
}
