//! What the `data` command prints: the sets there are, and what is in one.

use std::fmt::Write;

use ndarray::Array2;

use super::moments::mean;
use super::sequences::{MADE, Sequences, TEXT};
use super::{Dataset, EMBEDDED, FORMATS, GENERATED, Loaded, Targets, Task};
use crate::error::printable;
use crate::number::{exact, percent, significant};
use crate::text::{columns, cut};

/// So many features and classes are told one by one.
const TOLD: usize = 20;
/// Columns that a name has at most.
const NAME: usize = 32;

/// A table of the data sets that are built in.
pub fn list() -> String {
    let mut text = String::from("name      rows  features  classes  what\n");
    for embedded in &EMBEDDED {
        let Ok(dataset) = (embedded.make)() else { continue };
        let (rows, features) = dataset.x.dim();
        let classes = dataset.targets.classes().len();
        let _ = writeln!(text, "{:<8}  {rows:>4}  {features:>8}  {classes:>7}  {}", embedded.name, embedded.what);
    }
    text.push_str(
        "\nPoints in the plane made from the seed, of two classes or with a number each (--samples, --noise):\n",
    );
    for generator in &GENERATED {
        let _ = writeln!(text, "{:<18}{}", generator.name, generator.what);
    }
    text.push_str("\nSequences for recurrent nets (--cell, --length), made from the seed or cut from a text:\n");
    for made in &MADE {
        let _ = writeln!(text, "{:<18}{}", made.name, made.about);
    }
    let _ = writeln!(text, "{TEXT:<18}a poem, character by character; Lewis Carroll 1871, public domain");
    text.push_str("\nThe path of a file is a data set too; each may be gzip-compressed (.gz):\n");
    for format in FORMATS.iter().rev() {
        let endings = format.endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "{:<18}{endings:<24}{}", format.name, format.what);
    }
    text.push('\n');
    text.push_str("`deltascope data NAME` tells what is in one, with its source and licence.\n");
    text
}

/// What is in a data set.
pub fn describe(loaded: &Loaded) -> String {
    match loaded {
        Loaded::Rows(dataset) => rows_told(dataset),
        Loaded::Sequences(sequences) => sequences_told(sequences),
    }
}

/// What sequences are of, how many there are, and what their inputs and outputs are called.
fn sequences_told(sequences: &Sequences) -> String {
    let names = |names: &[String]| printable(&names.join(" "));
    let mut text = format!("{}\n", sequences.name);
    let _ = writeln!(text, "about     {}", sequences.about);
    let _ = writeln!(text, "rows      {} sequences of {} steps", sequences.count, sequences.steps);
    let _ = writeln!(text, "features  {}: {}", sequences.inputs.len(), names(&sequences.inputs));
    let _ = writeln!(text, "outputs   {}: {}", sequences.outputs.len(), names(&sequences.outputs));
    text
}

/// Rows, features with their ranges, classes with their counts, where it comes from.
fn rows_told(dataset: &Dataset) -> String {
    let (rows, features) = dataset.x.dim();
    let mut text = String::new();
    let _ = writeln!(text, "{}", printable(&dataset.name));
    let split = match dataset.held_out {
        _ if dataset.never_split => ", never split".into(),
        Some(first) => format!(", {} of them held out", rows - first),
        None => String::new(),
    };
    let _ = writeln!(text, "rows      {rows}{split}");
    match dataset.image {
        Some((width, height)) => {
            let (low, high) = range(dataset.x.iter());
            let _ = writeln!(
                text,
                "features  {features}, pictures of {width}x{height} pixels, {} to {}",
                exact(low),
                exact(high)
            );
        }
        None => features_told(dataset, &mut text),
    }
    match &dataset.targets {
        Targets::Classes { class, names, single } => classes_told((class, names), *single, &mut text),
        Targets::Numbers { y, names } | Targets::Labels { y, names } => targets_told(dataset, (y, names), &mut text),
    }
    let _ = writeln!(text, "scaling   {} unless --scale says otherwise", dataset.scale);
    if !dataset.origin.is_empty() {
        let _ = writeln!(text, "source    {}", dataset.origin);
    }
    text
}

fn features_told(dataset: &Dataset, text: &mut String) {
    let features = dataset.features.len();
    let _ = writeln!(text, "features  {features}");
    let names: Vec<String> = dataset.features.iter().take(TOLD).map(|name| shortened(name)).collect();
    let width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    for (index, name) in names.iter().enumerate() {
        let (low, high) = range(dataset.x.column(index).iter());
        let mean = mean(dataset.x.column(index).iter());
        let _ = writeln!(text, "  {name}{}  {}", " ".repeat(width - columns(name)), spread((low, high), mean));
    }
    if features > TOLD {
        let _ = writeln!(text, "  and {} more", features - TOLD);
    }
}

/// Where numbers lie.
fn spread((low, high): (f64, f64), mean: f64) -> String {
    format!("{} to {}, mean {}", exact(low), exact(high), significant(mean, 7))
}

fn classes_told((class, names): (&[usize], &[String]), single: bool, text: &mut String) {
    let told = if single { ", told apart by one output unit" } else { "" };
    let _ = writeln!(text, "classes   {}{told}", names.len());
    let mut counts = vec![0_usize; names.len()];
    class.iter().for_each(|&class| counts[class] += 1);
    let names: Vec<String> = names.iter().take(TOLD).map(|name| shortened(name)).collect();
    let width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    for (name, count) in names.iter().zip(&counts) {
        let share = percent(*count as f64 / class.len().max(1) as f64);
        let _ = writeln!(text, "  {name}{}  {count:>6}  {share:>7}", " ".repeat(width - columns(name)));
    }
    if counts.len() > TOLD {
        let _ = writeln!(text, "  and {} more", counts.len() - TOLD);
    }
}

/// The numbers, or the labels, that are learnt.
fn targets_told(dataset: &Dataset, (y, names): (&Array2<f64>, &[String]), text: &mut String) {
    let numbers = dataset.targets.task() == Task::Regression;
    let _ = writeln!(text, "{}  {}", if numbers { "learnt  " } else { "labels  " }, names.len());
    let names: Vec<String> = names.iter().take(TOLD).map(|name| shortened(name)).collect();
    let width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    for (name, y) in names.iter().zip(y.columns()) {
        let (low, high) = range(y.iter());
        let mean = mean(y.iter());
        let gap = " ".repeat(width - columns(name));
        let _ = match numbers {
            true => writeln!(text, "  {name}{gap}  {}", spread((low, high), mean)),
            false => writeln!(text, "  {name}{gap}  {:>6}  {:>7}", exact(y.sum()), percent(mean)),
        };
    }
    if dataset.targets.outputs().len() > TOLD {
        let _ = writeln!(text, "  and {} more", dataset.targets.outputs().len() - TOLD);
    }
    if numbers {
        let _ = writeln!(text, "          scaled: {} unless --target-scale says otherwise", dataset.target_scale);
    }
}

fn range<'a>(values: impl Iterator<Item = &'a f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)))
}

/// A name as it may be printed, cut to so many columns.
fn shortened(name: &str) -> String {
    cut(&printable(name), NAME, '…').into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, load};

    #[test]
    fn a_set_is_told_with_rows_classes_ranges_and_licence() {
        let digits = rows_told(&load(&Source::named("digits")).expect("it is built in"));
        for part in ["rows      1797", "8x8 pixels, 0 to 16", "classes   10", "178", "CC BY 4.0", "scaling   max"] {
            assert!(digits.contains(part), "{part}: {digits}");
        }
        let iris = rows_told(&load(&Source::named("iris")).expect("it is built in"));
        for part in ["sepal_length", "4.3 to 7.9", "setosa", "33.3 %", "scaling   standard"] {
            assert!(iris.contains(part), "{part}: {iris}");
        }
    }

    #[test]
    fn every_set_is_listed() {
        let list = list();
        assert!(EMBEDDED.iter().all(|embedded| list.contains(embedded.name) && list.contains(embedded.what)));
    }

    #[test]
    fn wide_and_long_names_keep_the_columns_straight() {
        assert_eq!(shortened("日本"), "日本");
        assert_eq!(columns(&shortened(&"x".repeat(100))), NAME);
        assert!(columns(&shortened(&"日".repeat(100))) <= NAME);
    }
}
