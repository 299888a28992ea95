//! The labels of rows: each name once, and one name for all spellings of a number.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::printable;

/// The labels of the rows of a table, each name kept once.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// What they are called in the file.
    pub name: String,
    /// The label of each row, as the index that its name was given.
    rows: Vec<usize>,
    /// The index of each name, by what is the same for all spellings of a number.
    index: BTreeMap<String, usize>,
    /// The names in the order of their indices, each as it was first written.
    names: Vec<String>,
    /// The first row whose label is a number, but no whole one, where labels are numbers.
    fraction: Option<(usize, f64)>,
    /// The first row whose label is no finite number, where labels are numbers; an infinite one before all that are missing.
    not_finite: Option<(usize, f64)>,
    /// Two spellings of one number in the same file.
    twice: Option<(String, String)>,
}

impl Labels {
    /// No labels yet.
    pub fn called(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Labels that are numbers.
    pub fn numbers(name: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let mut labels = Self::called(name);
        values.into_iter().for_each(|value| labels.add_number(value));
        labels
    }

    /// Adds the label of the next row, which is a number.
    pub fn add_number(&mut self, value: f64) {
        if value.is_finite() && value.fract() != 0.0 && self.fraction.is_none() {
            self.fraction = Some((self.rows.len(), value));
        }
        let worse = self.not_finite.is_none_or(|(_, other)| other.is_nan() && value.is_infinite());
        if !value.is_finite() && worse {
            self.not_finite = Some((self.rows.len(), value));
        }
        // Minus zero is the class 0 as well.
        self.add(&(value + 0.0).to_string());
    }

    /// Adds the label of the next row.
    pub fn add(&mut self, label: &str) {
        let index = self.index_of(label);
        if self.twice.is_none() && self.names[index] != label {
            self.twice = Some((self.names[index].clone(), label.into()));
        }
        self.rows.push(index);
    }

    /// Adds the labels of another file; a number may be written in another way there.
    pub fn append(&mut self, other: &Self) {
        let places: Vec<usize> = other.names.iter().map(|label| self.index_of(label)).collect();
        self.fraction = self.fraction.or(other.fraction);
        self.rows.extend(other.rows.iter().map(|&index| places[index]));
        self.twice = self.twice.take().or_else(|| other.twice.clone());
    }

    /// The index of a name, which is given one if it is new.
    fn index_of(&mut self, label: &str) -> usize {
        let key = key(label);
        if let Some(&index) = self.index.get(key.as_ref()) {
            return index;
        }
        self.names.push(label.into());
        self.index.insert(key.into_owned(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// How many rows have one.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row has one yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether some row has this label, however it is written.
    pub fn knows(&self, label: &str) -> bool {
        self.index.contains_key(key(label).as_ref())
    }

    /// The label of each row.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|&index| self.names[index].as_str())
    }

    /// The first row, counted from 0, whose label is a number but no whole one, where labels are numbers.
    pub fn fraction(&self) -> Option<(usize, f64)> {
        self.fraction
    }

    /// The first row, counted from 0, whose label is no finite number, where labels are numbers.
    pub fn not_finite(&self) -> Option<(usize, f64)> {
        self.not_finite
    }

    /// The warning about two spellings of one number in the same file.
    pub fn twice(&self) -> Option<String> {
        let (one, other) = self.twice.as_ref()?;
        Some(format!("the labels {} and {} are the same number, and one class", printable(one), printable(other)))
    }

    /// The labels of those rows alone that are to be kept.
    pub fn only(&self, kept: &[bool]) -> Self {
        let mut labels = Self::called(self.name.as_str());
        let rows = self.iter().zip(kept).filter(|(_, kept)| **kept);
        for (label, _) in rows {
            let index = labels.index_of(label);
            labels.rows.push(index);
        }
        if self.fraction.is_some() {
            let value =
                |label: &str| label.parse::<f64>().ok().filter(|value| value.is_finite() && value.fract() != 0.0);
            let mut rows = self.iter().enumerate().filter(|&(row, _)| kept[row]);
            // The row of the file, whatever is left out before it.
            labels.fraction = rows.find_map(|(row, label)| Some((row, value(label)?)));
        }
        labels.twice = self.twice.clone();
        labels
    }

    /// The class of each row, and the classes: each once, ordered by name, numerically where all are numbers.
    pub fn classes(&self) -> (Vec<usize>, Vec<String>) {
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by_key(|&index| &self.names[index]);
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

/// Whether two labels are the same text, or the same number.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || key(one) == key(other)
}

/// What is the same for all spellings of a number, and the text itself where it is none. The digits are kept as they are written, so
/// that numbers that no float tells apart stay apart.
fn key(label: &str) -> Cow<'_, str> {
    let plain = label.bytes().all(|byte| byte.is_ascii_digit()) && !label.starts_with('0') && !label.ends_with('0');
    if plain { Cow::Borrowed(label) } else { decimal(label).map_or(Cow::Borrowed(label), Cow::Owned) }
}

/// A decimal number as its digits, without zeros at either end, and a power of ten.
fn decimal(label: &str) -> Option<String> {
    let (sign, rest) = match label.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", label.strip_prefix('+').unwrap_or(label)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    let zeros = (digits.len() - significant.len()) as i64;
    let power = i64::from(exponent) - fraction.len() as i64 + zeros;
    match (significant.trim_start_matches('0'), power) {
        ("", _) => Some("0".into()),
        (digits, 0) => Some(format!("{sign}{digits}")),
        (digits, power) => Some(format!("{sign}{digits}e{power}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn all_spellings_of_a_number_are_one_label_and_other_texts_are_not() {
        for (one, other) in [
            ("0", "0.0"),
            ("1", "1e0"),
            ("1", "+1"),
            ("1", "01"),
            ("10", "1e1"),
            ("10", "1.0E+1"),
            ("-0", "0"),
            ("0.50", ".5"),
            ("-2", "-2."),
            ("12300", "1.23e4"),
        ] {
            assert!(is_same(one, other) && is_same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("1", "-1"),
            ("1", "10"),
            ("a", "b"),
            ("1", "1a"),
            ("", "0"),
            (".", "0"),
            ("e", "0"),
            ("9007199254740993", "9007199254740992"),
            ("nan", "NaN"),
            ("0.1", "0.10000000000000000001"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_class_is_called_as_it_was_first_written_and_two_spellings_are_said() {
        let mut labels = Labels::called("y");
        ["1", "2", "1.0"].into_iter().for_each(|label| labels.add(label));
        assert_eq!(labels.classes(), (vec![0, 1, 0], vec!["1".into(), "2".into()]));
        assert_eq!(labels.twice().expect("two spellings"), "the labels 1 and 1.0 are the same number, and one class");
        let (mut mine, mut other) = (Labels::called("y"), Labels::called("y"));
        mine.add("7");
        other.add("7.0");
        mine.append(&other);
        assert_eq!((mine.classes().0, mine.twice()), (vec![0, 0], None), "each file writes it in one way");
    }

    proptest! {
        #[test]
        fn numbers_that_are_equal_have_one_key(text in "[-+]?[0-9]{0,4}\\.?[0-9]{0,3}(e[-+]?[0-9]{1,2})?", other in "[-+]?[0-9]{1,3}(\\.0{0,2})?") {
            let value = |text: &str| text.parse::<f64>().ok();
            prop_assert_eq!(decimal(&text).is_some(), value(&text).is_some());
            if let (Some(one), Some(two)) = (value(&text), value(&other)) {
                prop_assert_eq!(is_same(&text, &other), one == two);
                prop_assert!(is_same(&text, &one.to_string()));
            }
        }
    }
}
