//! A text as sequences of characters, each to be foretold from those before it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use super::set::{SequenceContent, Sequences};
use crate::data::file::File;
use crate::data::suited::{RECURRENT, Suited};
use crate::data::{SequenceSteps, Task};
use crate::error::{Error, Place, Result};
use crate::nn::recurrent::OutputSteps;

/// The text that the program carries with it.
pub const TEXT: &str = "jabberwocky";
/// The options with which it learns.
pub const TEXT_SUITED: Suited = RECURRENT;

/// The most different characters that are told apart.
const MOST: usize = 1_024;

/// What a file may be that no `--id` is given for.
const NO_TEXT: &str = "a text (.txt, or any file with --prose), or for a table --id COLUMN with the sequence of each row, \
                       --target COLUMN, and --step COLUMN";

/// Whether a text looks like a table: its lines have the same number of fields, most of which are numbers.
fn is_table(text: &str) -> bool {
    const LOOKED_AT: usize = 100;
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT);
    let is_number = |field: &str| field.trim().trim_matches('"').parse::<f64>().is_ok();
    let with = |separator: char| {
        let fields = lines().next().map_or(0, |line| line.split(separator).count());
        let cells = || lines().skip(1).flat_map(|line| line.split(separator));
        let numbers = cells().filter(|cell| is_number(cell)).count();
        numbers > 0 && 2 * numbers >= cells().count() && lines().all(|line| line.split(separator).count() == fields)
    };
    [',', ';', '\t', '|', ' '].into_iter().any(with)
}

pub(super) fn read(name: &OsStr, steps: &SequenceSteps) -> Result<Sequences> {
    if name == TEXT {
        let text = include_str!("../../../assets/jabberwocky/jabberwocky.txt");
        let about = "a poem, character by character; Lewis Carroll 1871, public domain";
        return of(TEXT, text, steps.length, about);
    }
    let file = File::read(Path::new(name))?;
    let text = match std::str::from_utf8(&file.bytes) {
        Ok(text) => text,
        Err(wrong) => {
            let at = wrong.valid_up_to();
            let line = 1 + file.bytes[..at].iter().filter(|&&byte| byte == b'\n').count();
            let found = format!("byte 0x{:02x}", file.bytes[at]);
            return Err(file.error(Place::line(line as u64), found, "a text in UTF-8"));
        }
    };
    if file.ending != "txt" && !steps.prose {
        let found = match file.ending.as_str() {
            "" => "a file without an ending".into(),
            ending => format!("a file that ends in .{ending}"),
        };
        return Err(file.error(Place::default(), found, NO_TEXT));
    }
    if is_table(text) && !steps.prose {
        return Err(file.error(Place::default(), "lines of separated numbers", NO_TEXT));
    }
    // The mark at the beginning and the returns of another system are not the text's.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let name = file.name.clone();
    of(&name, &text, steps.length, "a text, character by character")
}

fn of(name: &str, text: &str, steps: usize, about: &str) -> Result<Sequences> {
    let different: BTreeSet<char> = text.chars().collect();
    let symbols: Vec<char> = different.into_iter().collect();
    if symbols.len() > MOST {
        return Err(Error::Usage(format!(
            "{name}: {} different characters: at most {MOST} are told apart",
            symbols.len()
        )));
    }
    let ids: Vec<u16> =
        text.chars().filter_map(|c| symbols.binary_search(&c).ok()).filter_map(|id| u16::try_from(id).ok()).collect();
    // Each sequence has its last character foretold by the first of the next one.
    let count = ids.len().saturating_sub(1) / steps;
    if count == 0 {
        return Err(Error::Usage(format!(
            "{name}: {} characters: --length {steps} needs at least {}",
            ids.len(),
            steps + 1
        )));
    }
    let names: Vec<String> = symbols.iter().map(|&c| shown(c)).collect();
    Ok(Sequences {
        name: name.into(),
        steps,
        count,
        reads: OutputSteps::All,
        task: Task::Classes,
        inputs: names.clone(),
        outputs: names,
        about: about.into(),
        warnings: Vec::new(),
        ids: Vec::new(),
        content: SequenceContent::Symbols(ids),
        two_classes: std::sync::OnceLock::new(),
    })
}

/// How a character is shown: what would move the cursor of a terminal has a sign of its own.
fn shown(c: char) -> String {
    match c {
        '\n' => "⏎".into(),
        '\t' => "⇥".into(),
        ' ' => "␣".into(),
        c if c.is_control() => "�".into(),
        c => c.into(),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn each_character_is_foretold_by_those_before_it() {
        let sequences = of("t", "abcab\ncab", 3, "").expect("a text");
        assert_eq!((sequences.count, sequences.inputs.join("")), (2, "⏎abc".to_string()));
        let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
        sequences.fill(&[1, 0], (&mut x, &mut y));
        let read = |of: &Array2<f64>| -> String {
            let one = |row: ndarray::ArrayView1<f64>| row.iter().position(|&value| value == 1.0);
            of.rows().into_iter().filter_map(one).map(|k| sequences.inputs[k].clone()).collect()
        };
        assert_eq!((read(&x), read(&y)), ("aab".to_string() + "b⏎c", "bb".to_string() + "⏎cca"));
    }

    #[test]
    fn lines_of_separated_numbers_are_no_text() {
        for text in
            ["date,close\n2024-01-01,1.5\n2024-01-02,2\n", "close\n1\n2.5\n", "1 2 3\n4 5 6\n", "a;b\n\"1\";2\n\n"]
        {
            assert!(is_table(text), "{text}");
        }
        for text in
            ["'Twas brillig, and the slithy toves\nDid gyre, and gimble\n", "", "1\n", "a,b\nc,d\n", "one 1\ntwo\n"]
        {
            assert!(!is_table(text), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_too_short_is_refused_with_what_it_needs() {
        let error = of("t", "abc", 3, "").expect_err("three characters").to_string();
        assert!(error.contains("needs at least 4"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_into_sequences_or_refused_and_no_control_character_is_shown(
            text in proptest::prelude::any::<String>(),
            steps in 1_usize..20,
        ) {
            if let Ok(sequences) = of("t", &text, steps, "") {
                proptest::prop_assert!(sequences.outputs.iter().all(|name| !name.chars().any(char::is_control)));
                let (mut x, mut y) = (Array2::<f64>::zeros((0, 0)), Array2::zeros((0, 0)));
                sequences.fill(&[sequences.count - 1], (&mut x, &mut y));
                proptest::prop_assert_eq!((x.sum(), y.sum()), (steps as f64, steps as f64));
            }
        }
    }
}
