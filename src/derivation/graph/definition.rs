//! What the graph holds of a quantity: its axes, where its numbers stand, and the equations that it follows from.

use super::formula::{Formula, Reference};
use super::node::{Mark, Node, QuantityKey};
use super::values::Values;
use crate::derivation::Quantity;
use crate::derivation::equation::Equation;

/// The axes of a quantity: which of sample, step, unit and column its numbers are counted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeAxes {
    /// Whether each sample has its own.
    pub sample: bool,
    /// The first and the last step that it is computed at, in a sequence.
    pub steps: Option<(usize, usize)>,
    /// Units, or rows; 0 where there is one number.
    pub rows: usize,
    /// The first and the last column of a matrix; the first is 0 where there is one of biases.
    pub columns: Option<(usize, usize)>,
}

impl NodeAxes {
    /// One number.
    pub const SCALAR: Self = Self { sample: false, steps: None, rows: 0, columns: None };

    /// One number a sample.
    pub const SAMPLE: Self = Self { sample: true, ..Self::SCALAR };

    /// So many units in each sample.
    pub const fn units(rows: usize) -> Self {
        Self { rows, ..Self::SAMPLE }
    }

    /// A matrix for the whole batch.
    pub const fn matrix(rows: usize, columns: (usize, usize)) -> Self {
        Self { rows, columns: Some(columns), ..Self::SCALAR }
    }

    /// The same for each sample.
    pub const fn each(self) -> Self {
        Self { sample: true, ..self }
    }

    /// The same at each of these steps.
    pub const fn at_steps(self, first: usize, last: usize) -> Self {
        Self { steps: Some((first, last)), ..self }
    }
}

/// A number that is not worked out by an equation.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenNumber {
    /// It.
    pub value: f64,
    /// Where it comes from.
    pub origin: String,
    /// Its name, if it has another one than its quantity gives it.
    pub name: Option<String>,
}

/// Finds a number that is not worked out by an equation.
pub type GivenRule = fn(&Values<'_>, Node) -> Option<GivenNumber>;

/// Where the numbers of a quantity stand.
#[derive(Clone, Copy, Debug)]
pub enum Stored {
    /// In a tensor of the snapshot, from this column on.
    Tensor {
        /// Its symbol.
        symbol: &'static str,
        /// Its layer.
        layer: usize,
        /// Columns before the first unit.
        before: usize,
    },
    /// In a matrix of a parameter.
    Parameter {
        /// Which Θ, counted from 0.
        index: usize,
        /// Which of its matrices.
        quantity: Quantity,
        /// Its leading columns of biases.
        biases: usize,
    },
    /// In ΣΔ of a parameter.
    Sum {
        /// Which Θ, counted from 0.
        index: usize,
        /// Its leading columns of biases.
        biases: usize,
    },
    /// Among the options, in the data or elsewhere, where a chain of equations ends.
    Given(GivenRule),
    /// Nowhere: it is worked out by its equation.
    WorkedOut,
}

/// When an equation holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// In the column of the biases.
    Bias,
    /// On the diagonal: row and column are the same.
    Diagonal,
    /// Where units are left out: in a sample of the next batch.
    InBatch,
    /// There, and on the diagonal.
    DiagonalInBatch,
    /// In these rows.
    Rows(usize, usize),
    /// At one of the steps of which this says so, which are counted from 0.
    Steps(Vec<bool>),
}

/// An equation of a quantity.
#[derive(Clone, Debug)]
pub struct EquationForm {
    /// When it holds.
    pub when: When,
    /// Its number, symbols and words.
    pub equation: Equation,
    /// Its right side; absent from an equation that is a sentence.
    pub right: Option<Formula>,
    /// What there is to say beside.
    pub note: String,
    /// Whether it is how the number is computed; the others are steps of its proof, and identities.
    pub is_result: bool,
}

/// The parts of the algorithm, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// From the input to the output.
    Forward,
    /// J^(b).
    SampleCost,
    /// From δ^(L) back.
    Backward,
    /// The sample's Δ, added to ΣΔ.
    SampleGradient,
    /// J of the batch.
    Cost,
    /// The mean over the batch.
    Mean,
    /// The penalty's part.
    Penalty,
    /// What the optimiser remembers.
    Memory,
    /// Θ.
    Update,
}

impl Phase {
    /// What happens in it, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Forward => "forwards",
            Self::SampleCost => "cost",
            Self::Backward => "backwards",
            Self::SampleGradient => "the sample's gradient, added to ΣΔ",
            Self::Cost => "cost of the batch",
            Self::Mean => "mean over the batch",
            Self::Penalty => "penalty added",
            Self::Memory => "what the optimiser remembers",
            Self::Update => "update",
        }
    }
}

/// A step of a proof: an equation of this number, or of another one.
#[derive(Clone, Debug, PartialEq)]
pub struct ProofStep {
    /// The number that it is of; that of the proof if absent.
    pub of: Option<Reference>,
    /// The equation's number in the derivation.
    pub number: &'static str,
}

/// A quantity of the graph.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub key: QuantityKey,
    /// What is printed as its letter.
    pub shown: &'static str,
    /// Of a derivative of one unit by another or by a weight the two letters, and the layer of the first.
    pub ratio: Option<(&'static str, usize, &'static str)>,
    /// Of a derivative of J^(b), what it is taken by.
    pub by: Option<QuantityKey>,
    /// Its axes.
    pub axes: NodeAxes,
    /// What it is, in words.
    pub words: &'static str,
    /// Where its numbers stand.
    pub stored: Stored,
    /// The equations that it follows from. Of those that are results the first that holds is the one that it is computed by.
    pub forms: Vec<EquationForm>,
    /// The steps of its proof, in their order; none where its equation is all there is to say.
    pub proof: Vec<ProofStep>,
    /// Where a number of it comes from of which no equation holds, such as the state before the first step.
    pub otherwise: &'static str,
    /// Where it is in the algorithm; absent from what a walk does not stop at.
    pub phase: Option<Phase>,
}

impl Definition {
    /// A quantity without an equation yet.
    pub fn of(key: QuantityKey, axes: NodeAxes, words: &'static str) -> Self {
        let (forms, proof) = (Vec::new(), Vec::new());
        Self {
            key,
            shown: key.letter,
            ratio: None,
            by: None,
            axes,
            words,
            stored: Stored::WorkedOut,
            forms,
            proof,
            otherwise: "",
            phase: None,
        }
    }

    /// It is printed by another letter than it is known by.
    pub fn shown(self, shown: &'static str) -> Self {
        Self { shown, ..self }
    }

    /// It is the derivative of a unit of a layer by a unit or a weight of its own layer.
    pub fn ratio(self, over: &'static str, layer: usize, under: &'static str) -> Self {
        Self { ratio: Some((over, layer, under)), ..self }
    }

    /// It is the derivative of J^(b) by a quantity.
    pub fn derivative_by(self, quantity: QuantityKey) -> Self {
        Self { by: Some(quantity), ..self }
    }

    /// Its numbers are columns of a tensor.
    pub fn tensor(self, symbol: &'static str, layer: usize, before: usize) -> Self {
        Self { stored: Stored::Tensor { symbol, layer, before }, ..self }
    }

    /// Its numbers are given, and the chain ends there.
    pub fn given(self, given: GivenRule) -> Self {
        Self { stored: Stored::Given(given), ..self }
    }

    /// Where it is in the algorithm.
    pub fn walked(self, phase: Phase) -> Self {
        Self { phase: Some(phase), ..self }
    }

    fn form(mut self, form: EquationForm) -> Self {
        self.forms.push(form);
        self
    }

    /// It is computed by this equation.
    pub fn is(self, equation: Equation, right: Formula) -> Self {
        self.is_noted(equation, right, "")
    }

    /// It is computed by this equation, of which there is more to say.
    pub fn is_noted(self, equation: Equation, right: Formula, note: impl Into<String>) -> Self {
        self.when(When::Always, equation, right, note)
    }

    /// It is computed by this equation where something holds; of several the first one counts.
    pub fn when(self, when: When, equation: Equation, right: Formula, note: impl Into<String>) -> Self {
        self.form(EquationForm { when, equation, right: Some(right), note: note.into(), is_result: true })
    }

    /// This equation holds of it, too: a step of its proof.
    pub fn also(self, equation: Equation, right: Formula) -> Self {
        self.also_when(When::Always, equation, right)
    }

    /// This equation holds of it where something does.
    pub fn also_when(self, when: When, equation: Equation, right: Formula) -> Self {
        self.form(EquationForm { when, equation, right: Some(right), note: String::new(), is_result: false })
    }

    /// This sentence orders it.
    pub fn said(self, equation: Equation) -> Self {
        self.form(EquationForm { when: When::Always, equation, right: None, note: String::new(), is_result: false })
    }

    /// The steps of its proof: equations by their numbers, of it or of another quantity.
    pub fn proved(self, steps: impl IntoIterator<Item = (Option<Formula>, &'static str)>) -> Self {
        let reference = |formula: Formula| if let Formula::Of(reference) = formula { Some(reference) } else { None };
        let steps = steps.into_iter().map(|(of, number)| ProofStep { of: of.and_then(reference), number });
        Self { proof: steps.collect(), ..self }
    }

    /// Whether an equation holds of a number of it.
    pub fn holds(&self, form: &EquationForm, node: Node, in_batch: bool) -> bool {
        match &form.when {
            When::Always => true,
            When::Bias => node.i == 0,
            When::Diagonal => node.j == node.i,
            When::InBatch => in_batch,
            When::DiagonalInBatch => in_batch && node.j == node.i,
            When::Rows(first, last) => (*first..=*last).contains(&node.j),
            When::Steps(at) => node.t.checked_sub(1).is_some_and(|t| at.get(t) == Some(&true)),
        }
    }

    /// Its symbol without unit or column.
    pub fn symbol(&self) -> String {
        with_marks(self.shown, &self.key.mark.text())
    }

    /// The same at any step: δ^(2), δ(g^f)_t.
    pub fn symbol_at_steps(&self) -> String {
        let step = if self.axes.steps.is_some() { "_t" } else { "" };
        with_marks(self.shown, &format!("{}{step}", self.key.mark.text()))
    }

    /// The same of any layer: δ^(l), δ(g^f)_t.
    pub fn general_symbol(&self) -> String {
        match self.key.mark {
            Mark::Layer(_) => with_marks(self.shown, "^(l)"),
            _ => self.symbol_at_steps(),
        }
    }

    /// The name of one of its numbers.
    pub fn name(&self, node: Node) -> String {
        if let Some((over, layer, under)) = self.ratio {
            let own = self.key.mark.text();
            let i = if self.axes.columns.is_some() { node.i } else { node.j };
            let under = if under == "Θ" { format!("Θ{own}[{},{i}]", node.j) } else { format!("{under}{own}_{i}") };
            return format!("∂{over}^({layer})_{}/∂{under}", node.j);
        }
        with_marks(self.shown, &format!("{}{}", self.key.mark.text(), self.place(node)))
    }

    /// The name of one of its numbers under another letter.
    pub fn called(&self, letter: &str, node: Node) -> String {
        with_marks(letter, &self.place(node))
    }

    /// The name of one of its numbers at a step that is named by a letter, such as t−1.
    pub fn name_at(&self, node: Node, t: &str) -> String {
        with_marks(self.shown, &format!("{}{}", self.key.mark.text(), self.place_at(node, t)))
    }

    fn place(&self, node: Node) -> String {
        self.place_at(node, &node.t.to_string())
    }

    fn place_at(&self, node: Node, t: &str) -> String {
        let step = self.axes.steps.map(|_| t);
        if self.axes.columns.is_some() {
            return format!("{}[{},{}]", step.map_or(String::new(), |t| format!("_{t}")), node.j, node.i);
        }
        let unit = (self.axes.rows > 0).then(|| node.j.to_string());
        match (step, unit) {
            (None, None) => String::new(),
            (Some(t), None) => format!("_{t}"),
            (None, Some(unit)) => format!("_{unit}"),
            (Some(t), Some(unit)) => format!("_{t},{unit}"),
        }
    }

    /// The number of it at these places, of which it has some.
    pub fn node(&self, Node { sample, t, j, i, .. }: Node) -> Node {
        let NodeAxes { sample: is_of_sample, steps, rows, columns } = self.axes;
        Node {
            key: self.key,
            sample: if is_of_sample { sample } else { Default::default() },
            t: if steps.is_some() { t } else { 0 },
            j: if rows > 0 { j } else { 0 },
            i: if columns.is_some() { i } else { 0 },
        }
    }

    /// Whether it has such a number; the bias unit, which is 1, is none.
    pub fn has(&self, node: Node) -> bool {
        let NodeAxes { steps, rows, columns, .. } = self.axes;
        steps.is_none_or(|(first, last)| (first..=last).contains(&node.t))
            && (rows == 0 || (1..=rows).contains(&node.j))
            && columns.is_none_or(|(first, last)| (first..=last).contains(&node.i))
    }
}

/// A letter with what stands above and below it: at its end, or where it has a place for it.
fn with_marks(letter: &str, marks: &str) -> String {
    if letter.contains("{}") { letter.replacen("{}", marks, 1) } else { format!("{letter}{marks}") }
}
