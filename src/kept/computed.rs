//! What the layers of kept weights compute: as flags say, else as their file says, else as is usual, with a warning.

use super::Kept;
use crate::data::Task;
use crate::error::{Error, Result};
use crate::nn::{Activation, Named, Output};

/// The activations of a net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// Of each hidden layer.
    pub hidden: Vec<Activation>,
    /// Of the output, with its cost.
    pub output: Output,
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

impl Kept {
    /// What the layers compute as the file says, or as is usual where it does not.
    pub fn computed(&self, task: Task) -> Computed {
        let usual = if task == Task::Regression { Output::Linear } else { Output::Sigmoid };
        match &self.about {
            Some(about) => Computed { hidden: about.hidden(), output: about.output() },
            None => Computed { hidden: vec![Activation::Sigmoid; self.theta.len() - 1], output: usual },
        }
    }

    /// The weights with what their layers compute as the options say, where they say it. Whatever is assumed, and whatever is another
    /// thing than the file says, is added to the warnings.
    ///
    /// # Errors
    /// `Error::Usage` if there are not as many activations as hidden layers.
    pub fn used(mut self, activation: &[Activation], output: Option<Output>, task: Task) -> Result<(Self, Computed)> {
        let layers = self.theta.len() - 1;
        let saved = self.computed(task);
        let hidden = match activation {
            [] => saved.hidden.clone(),
            &[one] => vec![one; layers],
            each if each.len() == layers => each.to_vec(),
            each => {
                let given = each.len();
                return Err(Error::Usage(format!(
                    "--activation with {given} names: one for all hidden layers, or one for each of the {layers}"
                )));
            }
        };
        let computed = Computed { hidden, output: output.unwrap_or(saved.output) };
        let is_given = (!activation.is_empty() || layers == 0, output.is_some());
        match &self.about {
            Some(_) => self.warnings.extend(self.against(&saved, &computed)),
            None => self.warnings.extend(self.assumed(is_given, &computed, task)),
        }
        Ok((self, computed))
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
