//! What a reader finds in a file: features and labels, before they are a data set.

use std::collections::BTreeMap;

use ndarray::{Array2, Axis};

use super::{Dataset, Scale, oddities};
use crate::error::{Error, Place, Result, printable};

/// The most classes; a target has an entry for each of them.
const MOST_CLASSES: usize = 1_000;

/// Rows of features, m × S_1, and the width and height of the pictures that they are, if they are.
pub type Rows = (Array2<f64>, Option<(usize, usize)>);

/// The content of a file: m rows of features, a label each.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name of the file or set, as it may be printed.
    pub name: String,
    /// Features, m × S_1.
    pub x: Array2<f64>,
    /// Names of the S_1 features.
    pub features: Vec<String>,
    /// The labels.
    pub labels: Labels,
    /// Width and height of the picture that a row is, row by row; `None` where it is none.
    pub image: Option<(usize, usize)>,
    /// What is odd about the file.
    pub warnings: Vec<String>,
    /// The first row of a part that the file, or another one, gives as held out.
    pub held_out: Option<usize>,
}

impl Table {
    /// Features without names of their own, with labels.
    pub fn of(name: &str, (x, image): Rows, labels: Labels) -> Self {
        let features = match image {
            Some((width, height)) => pixels(width, height),
            None => (1..=x.ncols()).map(|number| format!("x{number}")).collect(),
        };
        Self { name: name.into(), x, features, labels, image, warnings: Vec::new(), held_out: None }
    }

    /// This table with another one's rows after its own, as the part that is held out.
    ///
    /// # Errors
    /// `Error::Data` if the other one has other features, or a label that this one doesn't have.
    pub fn with_held_out(mut self, other: Self) -> Result<Self> {
        let refuse = |place, found: String, expected: String| {
            Err(Error::Data { source: other.name.clone(), place, found, expected })
        };
        if other.x.ncols() != self.x.ncols() {
            let expected = format!("{}, as in {}", self.x.ncols(), self.name);
            return refuse(Place::default(), format!("{} features", other.x.ncols()), expected);
        }
        if let Some((one, mine)) = other.features.iter().zip(&self.features).find(|(one, mine)| one != mine) {
            let expected = format!("feature {}, as in {}", printable(mine), self.name);
            return refuse(Place::default(), format!("feature {}", printable(one)), expected);
        }
        for (row, label) in other.labels.iter().enumerate() {
            if !self.labels.knows(label) {
                let expected = format!("one of the classes of {}", self.name);
                return refuse(Place::row(row as u64 + 1, &other.labels.name), printable(label), expected);
            }
            self.labels.add(label);
        }
        self.held_out = Some(self.x.nrows());
        // Rows are stored one after the other on both sides, so that this can't fail but by the shapes compared above.
        self.x.append(Axis(0), other.x.view()).expect("as many features in both");
        self.warnings.extend(other.warnings);
        Ok(self)
    }

    /// The data set.
    ///
    /// # Errors
    /// `Error::Data` if there is no row, a row without a label, a feature that is not finite, or too few or too many classes.
    pub fn dataset(self) -> Result<Dataset> {
        let refuse = |place, found: String, expected: String| {
            Err(Error::Data { source: self.name.clone(), place, found, expected })
        };
        let (rows, features) = self.x.dim();
        if rows == 0 || features == 0 {
            let found = if rows == 0 { "no samples: 0 rows" } else { "no features" };
            return refuse(Place::default(), found.into(), "rows of numbers".into());
        }
        if self.labels.rows.len() != rows {
            let expected = format!("{rows}, one for each row of features");
            return refuse(Place::default(), format!("{} labels", self.labels.rows.len()), expected);
        }
        if let Some(((row, feature), value)) = self.x.indexed_iter().find(|(_, value)| !value.is_finite()) {
            let place = Place::row(row as u64 + 1, &self.features[feature]);
            return refuse(place, value.to_string(), "a finite number".into());
        }
        if let Some((row, value)) = self.labels.fraction {
            let place = Place::row(row as u64 + 1, &self.labels.name);
            return refuse(place, value.to_string(), "a whole number, the label of a class".into());
        }
        let (class, classes) = self.labels.classes();
        if !(2..=MOST_CLASSES).contains(&classes.len()) {
            let found = match classes.as_slice() {
                [only] => format!("one class only, {}", printable(only)),
                more => format!("{} classes", more.len()),
            };
            return refuse(Place::column(self.labels.name), found, format!("2 to {MOST_CLASSES} classes"));
        }
        let warnings = [self.warnings, oddities::of_classes(&classes, rows)].concat();
        Ok(Dataset {
            name: self.name,
            x: self.x,
            class,
            classes,
            features: self.features,
            extras: Vec::new(),
            image: self.image,
            never_split: false,
            held_out: self.held_out,
            scale: if self.image.is_some() { Scale::Max } else { Scale::Standard },
            origin: String::new(),
            warnings,
        })
    }
}

/// Names of the pixels of a picture, row by row.
fn pixels(width: usize, height: usize) -> Vec<String> {
    let between = if width.max(height) > 10 { "," } else { "" };
    (0..width * height).map(|pixel| format!("p{}{between}{}", pixel / width, pixel % width)).collect()
}

/// The labels of the rows of a table, each name kept once.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// What they are called in the file.
    pub name: String,
    /// The label of each row, as the index that its name was given.
    rows: Vec<usize>,
    /// The index of each name.
    index: BTreeMap<String, usize>,
    /// The names in the order of their indices.
    names: Vec<String>,
    /// The first row whose label is a number, but no whole one, where labels are numbers.
    fraction: Option<(usize, f64)>,
}

impl Labels {
    /// No labels yet.
    pub fn called(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Labels that are numbers.
    pub fn numbers(name: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let mut labels = Self::called(name);
        for (row, value) in values.into_iter().enumerate() {
            if value.fract() != 0.0 && labels.fraction.is_none() {
                labels.fraction = Some((row, value));
            }
            // Minus zero is the class 0 as well.
            labels.add(&(value + 0.0).to_string());
        }
        labels
    }

    /// Adds the label of the next row.
    pub fn add(&mut self, label: &str) {
        let index = self.index.get(label).copied().unwrap_or_else(|| {
            let next = self.names.len();
            self.names.push(label.into());
            *self.index.entry(label.into()).or_insert(next)
        });
        self.rows.push(index);
    }

    /// How many rows have one.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row has one yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn knows(&self, label: &str) -> bool {
        self.index.contains_key(label)
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|&index| self.names[index].as_str())
    }

    /// The class of each row, and the classes: each once, ordered by name, numerically where all are numbers.
    fn classes(&self) -> (Vec<usize>, Vec<String>) {
        let mut order: Vec<usize> = self.index.values().copied().collect();
        let values: Option<Vec<f64>> =
            self.names.iter().map(|name| name.parse().ok().filter(|value: &f64| value.is_finite())).collect();
        if let Some(values) = values {
            order.sort_by(|&one, &other| values[one].total_cmp(&values[other]));
        }
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(class, &index)| place[index] = class);
        let class = self.rows.iter().map(|&index| place[index]).collect();
        (class, order.into_iter().map(|index| self.names[index].clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn table(x: Array2<f64>, labels: &[f64]) -> Table {
        Table::of("t", (x, None), Labels::numbers("y", labels.iter().copied()))
    }

    #[test]
    fn what_cannot_be_learnt_from_is_refused() {
        for (table, words) in [
            (table(array![[1.0], [2.0]], &[1.0]), "found 1 labels, expected 2"),
            (table(array![[1.0], [f64::NAN]], &[1.0, 2.0]), "row 2, column x1: found NaN"),
            (table(array![[1.0], [2.0]], &[1.0, 0.5]), "row 2, column y: found 0.5, expected a whole number"),
            (table(array![[1.0], [2.0]], &[1.0, 1.0]), "one class only, 1"),
            (table(Array2::zeros((0, 2)), &[]), "no samples"),
            (table(Array2::zeros((2, 0)), &[0.0, 1.0]), "no features"),
        ] {
            let error = table.dataset().expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn a_held_out_table_stands_after_the_other_and_has_its_features_and_classes() {
        let train = table(array![[1.0], [2.0]], &[-1.0, 1.0]);
        let dataset =
            train.clone().with_held_out(table(array![[3.0]], &[1.0])).and_then(Table::dataset).expect("one set");
        assert_eq!((dataset.x, dataset.class, dataset.held_out), (array![[1.0], [2.0], [3.0]], vec![0, 1, 1], Some(2)));
        assert_eq!(dataset.classes, ["-1", "1"]);
        let wide =
            train.clone().with_held_out(table(array![[3.0, 4.0]], &[1.0])).expect_err("two features").to_string();
        assert!(wide.contains("found 2 features, expected 1"), "{wide}");
        let other = train.with_held_out(table(array![[3.0]], &[7.0])).expect_err("a new class").to_string();
        assert!(other.contains("row 1, column y: found 7"), "{other}");
    }
}
