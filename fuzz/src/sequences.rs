//! Sequences in files: a table whose rows belong to some, and a text that is cut into them.

use deltascope::data::sequences::Sequences;
use deltascope::data::{Source, SequenceSteps};
use deltascope::error::Result;
use ndarray::Array2;

use crate::{check, scratch};

/// Asserts that sequences are finite and consistent; the first and the last of them are looked at.
fn sequences(read: Result<Sequences>) {
    let sequences = match read {
        Ok(sequences) => sequences,
        Err(wrong) => return check::error(&wrong),
    };
    let Sequences { steps, count, inputs, outputs, .. } = &sequences;
    assert!(*steps > 0 && *count > 0 && !inputs.is_empty() && !outputs.is_empty());
    inputs.iter().chain(outputs).for_each(|name| check::printable(name));
    let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
    for row in [0, count - 1] {
        sequences.fill(&[row], (&mut x, &mut y));
        assert_eq!((x.dim(), y.dim()), ((*steps, inputs.len()), (sequences.read_steps().len(), outputs.len())));
        assert!(x.iter().chain(&y).all(|value| value.is_finite()));
    }
}

fn source(name: &str, bytes: &[u8], length: usize) -> Source {
    let steps = Some(SequenceSteps { length, prose: true, ..SequenceSteps::default() });
    Source { steps, ..Source::sequences(scratch::file(name, bytes), length, 1) }
}

/// A table; a first byte that no text has says that the steps are in the order of the rows.
pub fn table(data: &[u8]) {
    let (step, bytes) = match data {
        [0xf8..=u8::MAX, rest @ ..] => (None, rest),
        data => (Some("t".to_string()), data),
    };
    let steps = Some(SequenceSteps { id: Some("who".into()), step, ..SequenceSteps::default() });
    sequences(Sequences::load(&Source { steps, target: Some("y".into()), ..source("t.csv", bytes, 1) }));
}

/// A text; the length of its sequences is in its first byte.
pub fn text(data: &[u8]) {
    let steps = data.first().map_or(1, |&first| usize::from(first));
    sequences(Sequences::load(&source("t.txt", data, steps)));
}
