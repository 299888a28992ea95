//! A copy of a sample whose inputs are set by hand, for viewing: it is never trained on.

use ndarray::Array2;

use super::Sample;
use crate::data::Data;
use crate::number::exact;

/// The largest number that an input is set to.
pub const MOST: f64 = 1e6;

/// A sample with some of its inputs set by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct EditedSample {
    sample: Sample,
    /// Its features as they were read, or set by hand, 1 × S_1; of a sequence T × inputs.
    pub read: Array2<f64>,
    /// The same as the network sees them: scaled.
    pub x: Array2<f64>,
    /// Its targets, which stay.
    pub y: Array2<f64>,
    /// The largest magnitude among the inputs as they were read, 1 where all are 0: white in a picture.
    pub largest: f64,
    /// Row and column of each input that was set, with its number before, the last at the end.
    changes: Vec<((usize, usize), f64)>,
}

impl EditedSample {
    /// A copy of a sample as it was read; `None` if there is no such sample.
    pub fn of(sample: Sample, data: &Data) -> Option<Self> {
        let [x, y] = data.one(sample.held_out, sample.row)?;
        let read = match data {
            Data::Rows(rows) => {
                let row = *sample.part(rows).row.get(sample.row)?;
                rows.dataset.x.slice(ndarray::s![row..=row, ..]).to_owned()
            }
            Data::Sequences(_) => x.clone(),
        };
        let sample = Sample { edited: true, ..sample };
        let largest = read.iter().fold(0.0_f64, |top, value| top.max(value.abs()));
        let largest = if largest > 0.0 { largest } else { 1.0 };
        Some(Self { sample, read, x, y, largest, changes: Vec::new() })
    }

    /// Which sample it is a copy of, marked as a copy.
    pub fn sample(&self) -> Sample {
        self.sample
    }

    /// Gives an input another number, in the unit that it was read in; features that follow from it follow.
    ///
    /// # Errors
    /// Why it has the old one.
    pub fn set(&mut self, at: (usize, usize), to: f64, data: &Data) -> Result<(), String> {
        let name = || data.inputs().get(at.1).map_or_else(|| "x".into(), |name| crate::error::printable(name));
        let Some(&before) = self.read.get(at) else { return Err("there is no such input".into()) };
        if to.is_nan() || to.abs() > MOST {
            return Err(format!(
                "{} stays {}: an input is a number from -{2} to {2}",
                name(),
                exact(before),
                exact(MOST)
            ));
        }
        if is_derived(at, data) {
            return Err(format!("{} follows from the other features: set those", name()));
        }
        if before == to {
            return Err(format!("{} is {} already", name(), exact(to)));
        }
        self.put(at, to, data);
        if self.x.iter().any(|x| !x.is_finite()) {
            self.put(at, before, data);
            return Err(format!("{} stays {}: {} is too large to be scaled", name(), exact(before), exact(to)));
        }
        self.changes.push((at, before));
        Ok(())
    }

    /// Takes the last change back; the input that it was of.
    pub fn undo(&mut self, data: &Data) -> Option<(usize, usize)> {
        let (at, before) = self.changes.pop()?;
        self.put(at, before, data);
        Some(at)
    }

    /// Whether nothing is changed any more.
    pub fn is_as_read(&self) -> bool {
        self.changes.is_empty()
    }

    /// The number that was read of an input, if another one was set.
    pub fn before(&self, at: (usize, usize)) -> Option<f64> {
        self.changes.iter().find(|(changed, _)| *changed == at).map(|(_, before)| *before)
    }

    fn put(&mut self, at: (usize, usize), to: f64, data: &Data) {
        self.read[at] = to;
        let Data::Rows(rows) = data else {
            self.x[at] = to;
            return;
        };
        let plain = self.read.slice(ndarray::s![0, ..rows.dataset.plain()]).to_owned();
        for (i, value) in rows.dataset.extended(plain.view()).into_iter().enumerate() {
            self.read[[0, i]] = value;
            self.x[[0, i]] = rows.scaling.scaled(value, i);
        }
    }
}

/// Whether a feature is made of others.
fn is_derived((_, column): (usize, usize), data: &Data) -> bool {
    matches!(data, Data::Rows(rows) if column >= rows.dataset.plain())
}
