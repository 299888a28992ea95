//! A table as sequences: a column says which one a row belongs to, and another which step it is.

use std::collections::BTreeMap;
use std::path::Path;

use ndarray::{Array2, Array3};

use super::set::{Sequences, check_size};
use super::taught::Taught;
use crate::data::file::File;
use crate::data::labels::Labels;
use crate::data::table::{MOST_CLASSES, MOST_TARGETS, Table, target};
use crate::data::{Source, Task, csv};
use crate::error::{Error, Place, Result, printable};
use crate::number::exact;

/// Reads a table of separated values. What is learnt are classes, or numbers if a target is no whole number; it is asked for after
/// the last step if it is the same in all steps of every sequence, else at every step.
pub(super) fn read(source: &Source, (id, step): (&str, Option<&str>), taught: &Taught) -> Result<Sequences> {
    let file = File::read(Path::new(&source.name))?;
    let target = match (&source.target, &taught.unlabelled) {
        (Some(learnt), _) => Some(format!("{id},{learnt}")),
        (None, Some(_)) => Some(id.to_string()),
        (None, None) => return Err(Error::Usage("--id: the column that is learnt is named by --target".into())),
    };
    let wanted = taught.unlabelled.as_ref().map(|(inputs, _)| match inputs.as_slice() {
        [] => Vec::new(),
        inputs => inputs.iter().cloned().chain(step.map(str::to_string)).collect(),
    });
    let steps = source.steps.clone();
    let columns = Source { target, wanted, steps, reading: source.reading, ..Source::named(&source.name) };
    of(csv::parse(&file, &columns)?, step, taught)
}

fn of(mut table: Table, step: Option<&str>, taught: &Taught) -> Result<Sequences> {
    let name = table.name.clone();
    let wrong = |place, found: String, expected: &str| Error::Data {
        source: name.clone(),
        place,
        found,
        expected: expected.into(),
    };
    let labels = std::mem::take(&mut table.labels);
    let (ids, targets) = match (labels.as_slice(), &taught.unlabelled) {
        ([ids, targets], None) => (ids, Some(targets)),
        ([ids, ..], Some(_)) => (ids, None),
        _ => return Err(Error::Usage("--id and --target: two different columns".into())),
    };
    let at = match step {
        None => None,
        Some(step) => Some(table.features.iter().position(|name| name == step).ok_or_else(|| {
            let columns = printable(&table.features.join(", "));
            Error::Usage(format!("--step {}: {name} has no such column among {columns}", printable(step)))
        })?),
    };
    let (names, mut rows) = rows_of_sequences(ids);
    if let Some(at) = at {
        for (rows, id) in rows.iter_mut().zip(&names) {
            rows.sort_by(|&one, &other| table.x[[one, at]].total_cmp(&table.x[[other, at]]));
            if let Some(pair) = rows.windows(2).find(|pair| table.x[[pair[0], at]] == table.x[[pair[1], at]]) {
                let place = Place::column(table.features[at].as_str());
                let found = format!("step {} twice in the sequence {id}", exact(table.x[[pair[0], at]]));
                return Err(wrong(place, found, "each step once"));
            }
        }
    }
    let steps = rows.first().map_or(0, Vec::len);
    if let Some((rows, id)) = rows.iter().zip(&names).find(|(rows, _)| rows.len() != steps) {
        let place = Place::column(ids.name.as_str());
        let found = format!("{} steps in the sequence {id}, {steps} in {}", rows.len(), names[0]);
        return Err(wrong(place, found, "sequences of one length"));
    }
    let features: Vec<usize> = (0..table.features.len()).filter(|&feature| Some(feature) != at).collect();
    if features.is_empty() {
        return Err(wrong(
            Place::default(),
            "no features".into(),
            "columns beside the sequence, the step and the target",
        ));
    }
    check_size(rows.len(), steps, features.len())?;
    let x = Array3::from_shape_fn((rows.len(), steps, features.len()), |(b, t, i)| table.x[[rows[b][t], features[i]]]);
    let inputs = features.iter().map(|&feature| printable(&table.features[feature])).collect();
    let ids = names.iter().map(|name| (*name).to_string()).collect();
    let Some(targets) = targets else {
        let outputs = taught.unlabelled.as_ref().map_or_else(Vec::new, |(_, outputs)| outputs.clone());
        let y = Array3::zeros((rows.len(), 1, outputs.len()));
        let sequences = Sequences::numbers(&table.name, (x, y), taught.task.unwrap_or(Task::Classes));
        return Ok(Sequences { inputs, outputs, ids, warnings: table.warnings, ..sequences });
    };
    let (task, y, outputs) = learnt(targets, taught.task)
        .map_err(|found| wrong(Place::column(targets.name.as_str()), found, "2 to 1000 classes, or numbers"))?;
    let once = rows.iter().all(|rows| rows.iter().all(|&row| y.row(row) == y.row(rows[0])));
    let read = if once { 1 } else { steps };
    let y = Array3::from_shape_fn((rows.len(), read, y.ncols()), |(b, t, k)| y[[rows[b][t], k]]);
    let sequences = Sequences::numbers(&table.name, (x, y), task);
    let outputs = outputs.iter().map(|name| printable(name)).collect();
    let asked = if once { "asked for after the last step" } else { "asked for at every step" };
    let about = format!("{} of each sequence, {asked}", targets.name);
    Ok(Sequences { inputs, outputs, ids, about, warnings: table.warnings, ..sequences })
}

/// The names of the sequences in the order of the file, and the rows of each.
fn rows_of_sequences(ids: &Labels) -> (Vec<&str>, Vec<Vec<usize>>) {
    let (mut names, mut rows, mut numbers) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (row, id) in ids.iter().enumerate() {
        let number = *numbers.entry(id).or_insert_with(|| {
            names.push(id);
            rows.push(Vec::new());
            rows.len() - 1
        });
        rows[number].push(row);
    }
    (names, rows)
}

/// What is learnt, a row each: classes, or numbers where there is a fraction among them, unless it is known which.
fn learnt(labels: &Labels, known: Option<Task>) -> std::result::Result<(Task, Array2<f64>, Vec<String>), String> {
    let numbers: Option<Vec<f64>> = labels.iter().map(|label| target(label, Task::Regression).ok()).collect();
    let are_learnt = |numbers: &Vec<f64>| match known {
        Some(task) => task == Task::Regression,
        None => numbers.iter().any(|number| number.fract() != 0.0),
    };
    if let Some(numbers) = numbers.filter(are_learnt) {
        let y = Array2::from_shape_vec((numbers.len(), 1), numbers).expect("a number a row");
        return Ok((Task::Regression, y, vec![labels.name.clone()]));
    }
    let (class, names) = labels.classes();
    // A net that was taught before may meet one of its classes alone.
    let least = if known.is_some() { 1 } else { 2 };
    if !(least..=MOST_CLASSES).contains(&names.len()) {
        return Err(format!("{} classes", names.len()));
    }
    if class.len().saturating_mul(names.len()) > MOST_TARGETS {
        return Err(format!("{} classes in {} rows, more than {MOST_TARGETS} targets", names.len(), class.len()));
    }
    let mut y = Array2::zeros((class.len(), names.len()));
    class.iter().enumerate().for_each(|(row, &class)| y[[row, class]] = 1.0);
    Ok((Task::Classes, y, names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::recurrent::OutputSteps;

    fn read(text: &str) -> Result<Sequences> {
        let columns = Source { target: Some("who,y".into()), ..Source::named("t.csv") };
        of(csv::parse(&File::of("t.csv", "csv", text), &columns)?, Some("t"), &Taught::default())
    }

    #[test]
    fn rows_are_put_in_order_by_sequence_and_step() {
        let text = "who,t,a,y\nq,2,0.2,up\np,1,1.1,down\nq,1,0.1,up\np,2,1.2,down\n";
        let sequences = read(text).expect("two sequences of two steps");
        assert_eq!((sequences.count, sequences.steps, sequences.reads), (2, 2, OutputSteps::Last));
        let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
        sequences.fill(&[0, 1], (&mut x, &mut y));
        assert_eq!(x, ndarray::array![[0.1], [1.1], [0.2], [1.2]]);
        assert_eq!((sequences.outputs.join(" "), y), ("down up".into(), ndarray::array![[0.0, 1.0], [1.0, 0.0]]));
        let every = read("who,t,a,y\np,1,1,0.5\np,2,1,1\nq,1,1,1\nq,2,1,2\n").expect("numbers");
        assert_eq!((every.reads, every.task), (OutputSteps::All, Task::Regression));
    }

    #[test]
    fn what_is_no_set_of_sequences_is_refused_with_its_place() {
        for (text, why) in [
            ("who,t,a,y\np,1,1,a\np,2,1,a\nq,1,1,b\n", "column who: found 1 steps in the sequence q, 2 in p"),
            ("who,t,a,y\np,1,1,a\np,1,1,b\n", "column t: found step 1 twice in the sequence p"),
            ("who,t,y\np,1,a\nq,1,b\n", "found no features"),
            ("who,t,a,y\np,1,1,a\nq,1,1,a\n", "column y: found 1 classes"),
        ] {
            let error = read(text).expect_err(why).to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_like_a_table_ends_in_sequences_or_an_error(text in "(who,t,a,y\n)?([pq\"],?[0-9.;-]{0,2},[0-9e]{0,3},[abx0-2.]{0,2}\n?){0,12}") {
            if let Ok(sequences) = read(&text) {
                let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
                sequences.fill(&(0..sequences.count).collect::<Vec<_>>(), (&mut x, &mut y));
                proptest::prop_assert!(x.iter().chain(&y).all(|value| value.is_finite()));
            }
        }
    }
}
