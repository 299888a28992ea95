//! What the user chose to see: what a panel shows, and what stands over the panels.

use crate::derivation::{Counted, Subject};
use crate::nn::Cell;
use crate::train::{Config, ResetKind, Setting};

/// Which vector of a layer the network panel colours its units by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activity {
    /// a^(l).
    #[default]
    A,
    /// z^(l).
    Z,
    /// δ^(l).
    Delta,
}

impl Activity {
    /// The next one, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::A => Self::Z,
            Self::Z => Self::Delta,
            Self::Delta => Self::A,
        }
    }

    /// Its letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::Z => "z",
            Self::Delta => "δ",
        }
    }
}

/// What the δ panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeltaView {
    /// δ of the sample under the cursor.
    #[default]
    Sample,
    /// The mean of |δ| over the batch.
    Mean,
    /// Why it is small: what comes back, what is let through, and their product.
    Why,
}

impl DeltaView {
    /// The next one, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::Sample => Self::Mean,
            Self::Mean => Self::Why,
            Self::Why => Self::Sample,
        }
    }
}

/// What the cost panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CostView {
    /// The whole run.
    #[default]
    Whole,
    /// The recent steps alone.
    Recent,
    /// J as a stack of its data term and each layer's penalty.
    Stack,
    /// The same, as shares of J.
    Shares,
}

impl CostView {
    /// The next one, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::Whole => Self::Recent,
            Self::Recent => Self::Stack,
            Self::Stack => Self::Shares,
            Self::Shares => Self::Whole,
        }
    }
}

/// What the health panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HealthView {
    /// Each layer's numbers, and what is wrong.
    #[default]
    Layers,
    /// log10 of update to weight over the steps seen.
    Updates,
    /// How numbers of a kind lay over the steps seen, for the layer under the cursor.
    Histogram(Counted),
    /// Every rule with its threshold.
    Rules,
}

impl HealthView {
    /// The next one, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::Layers => Self::Updates,
            Self::Updates => Self::Histogram(Counted::A),
            Self::Histogram(counted) => {
                let after = Counted::ALL.iter().skip_while(|&&other| other != counted).nth(1);
                after.map_or(Self::Rules, |&next| Self::Histogram(next))
            }
            Self::Rules => Self::Layers,
        }
    }
}

/// What the confusion panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfusionView {
    /// Whether of the held-out part, where there is one.
    pub held_out: bool,
    /// Target and answer under the cursor.
    pub cell: (usize, usize),
    /// The place in the list of that cell's samples, the worst first; the matrix is shown while there is none.
    pub list: Option<Listed>,
}

/// The place in such a list, and the sample that stood there, of a sequence its step: after another epoch the order is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The place, the worst being the first.
    pub place: usize,
    /// Row of the sample in its part, counted from 0.
    pub row: usize,
    /// The step, counted from 1.
    pub t: usize,
}

impl Default for ConfusionView {
    fn default() -> Self {
        Self { held_out: true, cell: (0, 0), list: None }
    }
}

/// What the decision panel maps over the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mapped {
    /// An output unit, with the samples.
    #[default]
    Output,
    /// The unit under the cursor, with the samples.
    Unit,
    /// All units of its layer.
    Sheet,
}

/// What the decision panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecisionView {
    /// What is mapped.
    pub shows: Mapped,
    /// The features along the axes, to the right and upwards.
    pub axes: (usize, usize),
    /// The class whose output and samples are looked at; the last one if `None`.
    pub output: Option<usize>,
}

impl Default for DecisionView {
    fn default() -> Self {
        Self { shows: Mapped::Output, axes: (0, 1), output: None }
    }
}

/// Whether the weights into units of image data are shown as pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// As a matrix.
    #[default]
    None,
    /// The unit under the cursor.
    One,
    /// A sheet of all units.
    Sheet,
}

impl Pictures {
    /// The next one, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::None => Self::One,
            Self::One => Self::Sheet,
            Self::Sheet => Self::None,
        }
    }
}

/// What the sample panel shows of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputView {
    /// x, and ∂J/∂x beside it where there is room for both.
    #[default]
    Values,
    /// ∂J/∂x.
    Gradient,
}

impl InputView {
    /// The other one.
    pub fn next(self) -> Self {
        match self {
            Self::Values => Self::Gradient,
            Self::Gradient => Self::Values,
        }
    }
}

/// What is shown of each unit of a recurrent layer at each step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InGrid {
    /// ∂J^(b)/∂h_t.
    #[default]
    Back,
    /// ∂J^(b)/∂c_t of an LSTM.
    BackOfC,
    /// δ_t of a gate.
    Delta(usize),
    /// h_t.
    State,
    /// c_t of an LSTM.
    StateC,
    /// A gate's activation.
    Gate(usize),
}

impl InGrid {
    /// What there is for a cell, in the order that a key goes through it.
    pub fn all(cell: Cell) -> Vec<Self> {
        let gates = cell.gates().len();
        let (deltas, values) = ((0..gates).map(Self::Delta), (0..gates).map(Self::Gate));
        let plain = [Self::Back].into_iter().chain(deltas).chain([Self::State]);
        let (values, of_c) = (values.filter(|_| cell.has_gates()), [Self::StateC, Self::BackOfC]);
        plain.chain(values).chain(of_c.into_iter().filter(|_| cell.has_cell_state())).collect()
    }

    /// The next of those that there are for a cell, round and round.
    pub fn next(self, cell: Cell) -> Self {
        let all = Self::all(cell);
        let at = all.iter().position(|&shown| shown == self).unwrap_or(0);
        all[(at + 1) % all.len()]
    }
}

/// Of what the matrix in the weights panel of a recurrent network is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverTime {
    /// Of the whole batch.
    #[default]
    Whole,
    /// What the step under the cursor adds to Δ of the sequence.
    Step,
    /// What the steps from the last one back to that one have added.
    Sum,
}

impl OverTime {
    /// What the colours of such a matrix are kept by, where it is not of the whole batch.
    pub(super) fn words(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Step => Some("a step's share of Δ"),
            Self::Sum => Some("the sum of Δ so far"),
        }
    }
}

/// A text that the network wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The characters.
    pub text: Vec<String>,
    /// The temperature that they were drawn at.
    pub temperature: f64,
    /// The step of the run whose Θ wrote it.
    pub step: u64,
}

/// How the colours of the weights panel are scaled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScaleMode {
    /// Follows the 99th percentile of the magnitudes.
    #[default]
    Auto,
    /// Stays as it was when it was locked.
    Locked,
    /// Symmetric logarithm, six decades below the largest magnitude.
    SymmetricLog,
}

impl ScaleMode {
    /// The next one, round and round.
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Locked,
            Self::Locked => Self::SymmetricLog,
            Self::SymmetricLog => Self::Auto,
        }
    }
}

/// What stands over the panels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The keys, scrolled down by so many lines.
    Help(u16),
    /// The symbols of the network, from this line on.
    Glossary(usize),
    /// The equation that the number asked about comes from.
    Explain,
    /// The check of the gradient; the layer under the cursor in full.
    Check,
    /// The warnings about data and weights; the one with this index is under the cursor.
    Warnings(usize),
    /// The options of the run; the one with this index is chosen.
    Options(usize),
    /// The weight under the cursor, to be given another value.
    Edit,
    /// The inputs of the sample under the cursor, set by hand in a copy; the panels stay seen.
    Paint,
    /// The question whether to start again like this.
    Reset(ResetKind),
    /// The sum over time behind the gradient of the weight under the cursor.
    Sum,
    /// The unit under the cursor at its step, forwards and back.
    UnitAtStep,
    /// The book.
    Book(BookPlace),
}

/// Where the book is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookPlace {
    /// The page: 0 is the contents, then the sections in their order.
    pub page: usize,
    /// The equation under the cursor, among those of the page.
    pub chosen: usize,
    /// The first line that is shown, counted from that of this equation, so that it stays where it is; `None` brings it near the top.
    pub from: Option<i64>,
    /// What stood over the panels before, and does again after.
    pub under: Box<Overlay>,
}

/// A row of the options of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What can be changed between two updates.
    Setting(Setting),
    /// Updates a second.
    Speed,
    /// The activation of the hidden layers; another one starts the run again.
    Activation,
    /// The sizes of the hidden layers; others start the run again.
    Layers,
}

impl Choice {
    /// Those that a run has, from the top down.
    pub fn of(config: &Config) -> Vec<Self> {
        let anew = if config.recurrence.is_some() { [].as_slice() } else { &[Self::Activation, Self::Layers] };
        let settings = Setting::ALL.into_iter().filter(|setting| setting.is_used(config)).map(Self::Setting);
        settings.chain([Self::Speed]).chain(anew.iter().copied()).collect()
    }
}

/// A number that was asked about, and where in its equation the user looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inquiry {
    /// The number.
    pub subject: Subject,
    /// The number of the equation that explains it, where that is not the one that it is computed by.
    pub by: Option<&'static str>,
    /// The operand under the cursor, counted from 0.
    pub operand: usize,
    /// Whether all terms of its sums are shown, and not the largest alone.
    pub all: bool,
}

impl Inquiry {
    /// A number just asked about.
    pub fn of(subject: Subject) -> Self {
        Self { subject, by: None, operand: 0, all: false }
    }
}
