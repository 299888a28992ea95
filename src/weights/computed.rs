//! What the layers of kept weights compute: as flags say, else as their file says, else as is usual, with a warning.

use super::kind::Kind;
use super::weight_file::WeightFile;
use crate::data::Task;
use crate::error::{Error, Result};
use crate::nn::recurrent::OutputSteps;
use crate::nn::{Activation, AnyModel, Cell, Named, Network, Output};

/// What the layers of a net compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// The activation of each hidden layer of a dense net.
    pub hidden: Vec<Activation>,
    /// The layer of a recurrent net.
    pub cell: Option<Cell>,
    /// Of the output, with its cost.
    pub output: Output,
}

/// What flags say of the layers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flags<'a> {
    /// `--activation`: none, one for all hidden layers, or one each.
    pub activation: &'a [Activation],
    /// `--cell`.
    pub cell: Option<Cell>,
    /// `--output`.
    pub output: Option<Output>,
}

impl Computed {
    /// The hidden activations as they are written: one for all where they are the same.
    pub fn brief(&self) -> Vec<Activation> {
        match self.hidden.split_first() {
            Some((first, others)) if others.iter().all(|other| other == first) => vec![*first],
            _ => self.hidden.clone(),
        }
    }
}

impl WeightFile {
    /// The network of these weights, whose layers compute this; a recurrent one is read where the file says, else after the last step.
    pub fn model(&self, Computed { hidden, cell, output }: Computed) -> AnyModel {
        let reads = self.about.as_ref().and_then(|about| about.reads()).unwrap_or(OutputSteps::Last);
        match cell.and_then(|cell| self.recurrent(cell, output, reads)) {
            Some(network) => AnyModel::Recurrent(network),
            None => AnyModel::Dense(Network { theta: self.theta.clone(), hidden, output }),
        }
    }

    /// What the layers compute as the file says, or as is usual where it does not; which of the plain cells it is must be said.
    pub fn computed(&self, task: Task) -> Computed {
        let usual = match (task, self.kind) {
            (Task::Regression, _) => Output::Linear,
            (Task::Classes, Kind::Recurrent) => Output::Softmax,
            _ => Output::Sigmoid,
        };
        match &self.about {
            Some(about) => Computed { hidden: about.hidden(), cell: about.cell(), output: about.output() },
            None => {
                let cells = self.cells();
                let hidden = if self.kind == Kind::Dense { self.theta.len() - 1 } else { 0 };
                let cell = cells.first().copied().filter(|_| cells.len() == 1);
                Computed { hidden: vec![Activation::Sigmoid; hidden], cell, output: usual }
            }
        }
    }

    /// The weights with what their layers compute as the options say, where they say it. Whatever is assumed, and whatever is another
    /// thing than the file says, is added to the warnings.
    ///
    /// # Errors
    /// `Error::Usage` if there are not as many activations as hidden layers, or the cell is not one of the matrices, or not known.
    pub fn used(mut self, flags: Flags, task: Task) -> Result<(Self, Computed)> {
        let saved = self.computed(task);
        let hidden = self.hidden(flags.activation, &saved)?;
        let cell = self.cell(flags.cell, &saved)?;
        let computed = Computed { hidden, cell, output: flags.output.unwrap_or(saved.output) };
        let is_given = (!flags.activation.is_empty() || computed.hidden.is_empty(), flags.output.is_some());
        match &self.about {
            Some(_) => self.warnings.extend(self.against(&saved, &computed)),
            None => self.warnings.extend(self.assumed(is_given, &computed, task)),
        }
        Ok((self, computed))
    }

    /// The activations of the hidden layers.
    fn hidden(&self, activation: &[Activation], saved: &Computed) -> Result<Vec<Activation>> {
        let layers = saved.hidden.len();
        match activation {
            [] => Ok(saved.hidden.clone()),
            _ if self.kind == Kind::Recurrent => Err(Error::Usage(format!(
                "--activation: {} has the weights of a recurrent net, which --cell is for",
                self.name()
            ))),
            &[one] => Ok(vec![one; layers]),
            each if each.len() == layers => Ok(each.to_vec()),
            each => {
                let given = each.len();
                Err(Error::Usage(format!(
                    "--activation with {given} names: one for all hidden layers, or one for each of the {layers}"
                )))
            }
        }
    }

    /// The recurrent layer, which there is none of in a dense net.
    fn cell(&self, given: Option<Cell>, saved: &Computed) -> Result<Option<Cell>> {
        let cells = self.cells();
        let name = self.name();
        match (given, saved.cell) {
            (Some(given), _) if self.kind == Kind::Dense => {
                Err(Error::Usage(format!("--cell {}: {name} has the weights of a dense net", given.name())))
            }
            (Some(given), _) if !cells.contains(&given) => {
                let names = cells.iter().map(|cell| cell.name()).collect::<Vec<_>>().join(", ");
                Err(Error::Usage(format!("--cell {}: the matrices of {name} have the gates of {names}", given.name())))
            }
            (None, None) if self.kind == Kind::Recurrent => {
                let flags = cells.iter().map(|cell| format!("--cell {}", cell.name())).collect::<Vec<_>>().join(", ");
                Err(Error::Usage(format!("{name} does not say what its recurrent layer computes: {flags}")))
            }
            (given, saved) => Ok(given.or(saved)),
        }
    }

    /// Warnings about flags that contradict the file.
    fn against(&self, saved: &Computed, computed: &Computed) -> Vec<String> {
        let names = |hidden: &[Activation]| hidden.iter().map(|one| one.name()).collect::<Vec<_>>().join(",");
        let sentence = |flag: &str, saved: &str, given: &str| {
            format!("{} was saved with --{flag} {saved}: {given} is used, as the options say", self.name())
        };
        let mut warnings = Vec::new();
        if saved.hidden != computed.hidden {
            warnings.push(sentence("activation", &names(&saved.hidden), &names(&computed.hidden)));
        }
        if let (Some(saved), Some(computed)) = (saved.cell, computed.cell)
            && saved != computed
        {
            warnings.push(sentence("cell", saved.name(), computed.name()));
        }
        if saved.output != computed.output {
            warnings.push(sentence("output", saved.output.name(), computed.output.name()));
        }
        warnings
    }

    /// What was assumed where no flag says it, in the hidden layers and in the output, and the flags that set it.
    fn assumed(
        &self,
        (is_hidden_given, is_output_given): (bool, bool),
        computed: &Computed,
        task: Task,
    ) -> Option<String> {
        if self.kind == Kind::Recurrent {
            // What is learnt is known once the data are read.
            let sentence = "does not say what its output computes: softmax is assumed where classes are learnt, linear where numbers are; \
                            --output sets another";
            return (!is_output_given).then(|| format!("{} {sentence}", self.name()));
        }
        let hidden = computed.hidden.first().filter(|_| !is_hidden_given).map(|hidden| hidden.name());
        let output = Some(computed.output.name()).filter(|_| !is_output_given);
        let other = if task == Task::Classes { "softmax" } else { "linear" };
        // Numbers have no other output.
        let output_flag = Some(format!("--output {other}")).filter(|_| output.is_some() && task != Task::Regression);
        let flags = hidden.map(|_| "--activation relu".to_string()).into_iter().chain(output_flag);
        let flags = flags.collect::<Vec<_>>().join(" ");
        let what = match (hidden, output) {
            (Some(hidden), Some(output)) if hidden == output => {
                format!("{hidden} is assumed in the hidden layers and in the output")
            }
            (Some(hidden), Some(output)) => {
                format!("{hidden} is assumed in the hidden layers, {output} in the output")
            }
            (Some(hidden), None) => format!("{hidden} is assumed in the hidden layers"),
            (None, Some(output)) => format!("{output} is assumed in the output"),
            (None, None) => return None,
        };
        let hint = if flags.is_empty() { String::new() } else { format!("; flags set others, such as {flags}") };
        Some(format!("{} does not say what its layers compute: {what}{hint}", self.name()))
    }
}
