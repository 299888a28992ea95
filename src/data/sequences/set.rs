//! Sequences of one length as they are read or made, and the batches that are filled from them.

use std::sync::OnceLock;

use ndarray::{Array2, Array3, ArrayViewD};

use crate::data::targets::Task;
use crate::error::{Error, Result};
use crate::nn::recurrent::OutputSteps;
use crate::nn::{Output, Real};

/// The most numbers that are made: 400 MB of them.
const MOST: usize = 50_000_000;

/// Sequences, all of T steps.
#[derive(Debug, PartialEq)]
pub struct Sequences {
    /// Their name.
    pub name: String,
    /// T.
    pub steps: usize,
    /// How many there are.
    pub count: usize,
    /// Whether there is something to be learnt at every step, or after the last.
    pub reads: OutputSteps,
    /// What kind of thing.
    pub task: Task,
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// Names of the outputs.
    pub outputs: Vec<String>,
    /// What it is about, in a sentence.
    pub about: String,
    /// What is odd about the file, one sentence each.
    pub warnings: Vec<String>,
    /// The names of the sequences, where a table has some.
    pub ids: Vec<String>,
    pub(super) content: SequenceContent,
    /// The names of two classes that one output unit tells apart.
    pub(super) two_classes: OnceLock<Vec<String>>,
}

#[derive(Debug, PartialEq)]
pub(super) enum SequenceContent {
    /// Inputs, count × T × inputs, and what is learnt, count × (T or 1) × outputs.
    Numbers { x: Array3<f64>, y: Array3<f64> },
    /// Symbols behind each other; each is learnt from those before it.
    Symbols(Vec<u16>),
}

impl Sequences {
    /// The output that goes with what is learnt.
    pub fn usual_output(&self) -> Output {
        match self.task {
            Task::Classes => Output::Softmax,
            Task::Binary | Task::Labels => Output::Sigmoid,
            Task::Regression => Output::Linear,
        }
    }

    /// The names of the classes: two where one output unit tells them apart; empty where there are none.
    pub fn classes(&self) -> &[String] {
        let of_unit = |name: &String| [format!("not {name}"), name.clone()];
        match self.task {
            Task::Classes => &self.outputs,
            Task::Binary => self.two_classes.get_or_init(|| self.outputs.iter().flat_map(of_unit).collect()),
            Task::Regression | Task::Labels => &[],
        }
    }

    /// The class that is learnt of a sequence at a step that is read, counted from 0 among these; `None` where there are no classes.
    pub fn class(&self, row: usize, read: usize) -> Option<usize> {
        match &self.content {
            SequenceContent::Symbols(symbols) => {
                symbols.get(row * self.steps + read + 1).map(|&symbol| usize::from(symbol))
            }
            SequenceContent::Numbers { y, .. } => self.task.answer(y.slice(ndarray::s![row, read, ..])),
        }
    }

    /// What is learnt of a sequence at a step that is read, counted from 0 among these, by output unit k.
    pub fn target(&self, row: usize, read: usize, k: usize) -> f64 {
        match &self.content {
            SequenceContent::Symbols(symbols) => {
                let next = symbols.get(row * self.steps + read + 1);
                f64::from(u8::from(next.is_some_and(|&symbol| usize::from(symbol) == k)))
            }
            SequenceContent::Numbers { y, .. } => y.get([row, read, k]).copied().unwrap_or(f64::NAN),
        }
    }

    /// How many sequences, the first ones, are learnt from where this share is held out.
    pub fn learnt_from(&self, share: f64) -> usize {
        self.count.saturating_sub((self.count as f64 * share).round() as usize)
    }

    /// The steps that something is learnt at, counted from 0.
    pub fn read_steps(&self) -> std::ops::Range<usize> {
        match self.reads {
            OutputSteps::All => 0..self.steps,
            OutputSteps::Last => self.steps - 1..self.steps,
        }
    }

    /// Puts some sequences into x and y: the rows of the first step, one a sequence, then those of the second …
    pub fn fill<T: Real>(&self, rows: &[usize], (x, y): (&mut Array2<T>, &mut Array2<T>)) {
        crate::nn::fast::fit(x, (self.steps * rows.len(), self.inputs.len()));
        crate::nn::fast::fit(y, (self.read_steps().len() * rows.len(), self.outputs.len()));
        match &self.content {
            SequenceContent::Numbers { x: from_x, y: from_y } => {
                for (to, from) in [(x, from_x), (y, from_y)] {
                    let steps = from.dim().1;
                    for (at, mut to) in to.rows_mut().into_iter().enumerate() {
                        let (step, b) = (at / rows.len(), rows[at % rows.len()]);
                        debug_assert!(step < steps, "as many rows as there are steps");
                        let from = from.slice(ndarray::s![b, step, ..]);
                        to.iter_mut().zip(from).for_each(|(to, &from)| *to = T::of(from));
                    }
                }
            }
            SequenceContent::Symbols(symbols) => {
                x.fill(T::zero());
                y.fill(T::zero());
                for step in 0..self.steps {
                    for (b, &row) in rows.iter().enumerate() {
                        let at = step * rows.len() + b;
                        x[[at, usize::from(symbols[row * self.steps + step])]] = T::one();
                        y[[at, usize::from(symbols[row * self.steps + step + 1])]] = T::one();
                    }
                }
            }
        }
    }

    /// All inputs, and all that is learnt, with a place for each name along the last axis; `None` of symbols, which are 0 and 1.
    pub fn arrays(&self) -> Option<[ArrayViewD<'_, f64>; 2]> {
        match &self.content {
            SequenceContent::Numbers { x, y } => Some([x.view().into_dyn(), y.view().into_dyn()]),
            SequenceContent::Symbols(_) => None,
        }
    }

    /// Whether every step's input is one of several symbols, as in a text.
    pub fn is_text(&self) -> bool {
        matches!(self.content, SequenceContent::Symbols(_))
    }

    pub(super) fn numbers(name: &str, (x, y): (Array3<f64>, Array3<f64>), task: Task) -> Self {
        let (count, steps, inputs) = x.dim();
        let (_, read, outputs) = y.dim();
        let names = |letter: &str, count: usize| (1..=count).map(|number| format!("{letter}{number}")).collect();
        Self {
            name: name.into(),
            steps,
            count,
            reads: if read == steps && steps > 1 { OutputSteps::All } else { OutputSteps::Last },
            task,
            inputs: names("x", inputs),
            outputs: names("y", outputs),
            about: String::new(),
            warnings: Vec::new(),
            ids: Vec::new(),
            content: SequenceContent::Numbers { x, y },
            two_classes: OnceLock::new(),
        }
    }
}

/// Refuses what would not fit.
pub(super) fn check_size(count: usize, steps: usize, width: usize) -> Result<()> {
    match count.checked_mul(steps).and_then(|cells| cells.checked_mul(width)) {
        Some(numbers) if numbers <= MOST => Ok(()),
        _ => Err(Error::Usage(format!(
            "{count} sequences of {steps} steps with {width} numbers each are more than {MOST} numbers: fewer with --samples or --length"
        ))),
    }
}
