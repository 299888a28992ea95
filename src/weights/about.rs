//! What weights need to be used on new data.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::kind::{Kind, cells};
use crate::data::{Data, Extra, Scale, Scaling, Task};
use crate::error::printable;
use crate::nn::recurrent::OutputSteps;
use crate::nn::{Activation, AnyModel, Cell, Named, Output};

/// What weights need to be used on new data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// How the matrices are to be read.
    pub convention: String,
    /// Activation of layers 2 … L−1 of a dense net.
    pub hidden: Vec<String>,
    /// What the layer of a recurrent net computes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// At which steps its output is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<String>,
    /// Activation and cost of layer L.
    pub output: String,
    /// What was learnt.
    pub task: String,
    /// Names of the features that are read.
    pub features: Vec<String>,
    /// What further features are made by.
    pub added: Vec<String>,
    /// Names of the classes, or of what else is learnt.
    pub names: Vec<String>,
    /// How all features are scaled.
    pub scale: Scaler,
    /// How the numbers that are learnt are scaled.
    pub target_scale: Scaler,
    /// The command line of the run.
    pub command: String,
    /// Updates done.
    pub step: u64,
}

/// The numbers of a scaling: (x − shift) / divisor, column by column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaler {
    /// Which scaling was asked for.
    pub scale: String,
    /// What is taken off.
    pub shift: Vec<f64>,
    /// What is divided by.
    pub divisor: Vec<f64>,
}

impl From<&Scaling> for Scaler {
    fn from(scaling: &Scaling) -> Self {
        Self { scale: scaling.scale.to_string(), shift: scaling.shift.clone(), divisor: scaling.divisor.clone() }
    }
}

impl Scaler {
    /// The scaling, if it is one of so many columns.
    pub(super) fn scaling(&self, columns: usize) -> Option<Scaling> {
        let Self { shift, divisor, .. } = self.clone();
        let sound = shift.len() == columns
            && divisor.len() == columns
            && shift.iter().chain(&divisor).all(|value| value.is_finite())
            && divisor.iter().all(|&divisor| divisor != 0.0);
        let scale = Scale::parse(&self.scale).ok()?;
        sound.then_some(Scaling { scale, shift, divisor })
    }
}

impl About {
    /// What is said of a network, of the data that it learnt, and of the run: its command line, and the updates done.
    pub fn of(model: &AnyModel, data: &Data, (command, step): (String, u64)) -> Self {
        let (hidden, recurrent): (&[Activation], _) = match model {
            AnyModel::Dense(network) => (&network.hidden, None),
            AnyModel::Recurrent(network) => (&[], Some(network)),
        };
        let unscaled = |columns: &[String]| Scaler::from(&Scaling::none(columns.len()));
        let (features, extras, scale, target_scale): (_, &[Extra], _, _) = match data {
            Data::Rows(rows) => {
                let dataset = &rows.dataset;
                let features = &dataset.features[..dataset.plain()];
                (features, &dataset.extras, (&rows.scaling).into(), (&rows.target_scaling).into())
            }
            Data::Sequences(_) => (data.inputs(), &[], unscaled(data.inputs()), unscaled(data.outputs())),
        };
        Self {
            convention: model.kind().convention(),
            hidden: hidden.iter().map(|g| g.name().to_string()).collect(),
            cell: recurrent.map(|network| network.cell.name().into()),
            reads: recurrent.map(|network| network.reads.name().into()),
            output: model.output().name().into(),
            task: data.task().name().into(),
            features: features.to_vec(),
            added: extras.iter().map(|extra| extra.name().to_string()).collect(),
            names: if data.task().has_classes() { data.classes() } else { data.outputs() }.to_vec(),
            scale,
            target_scale,
            command,
            step,
        }
    }

    /// What was learnt.
    pub fn task(&self) -> Task {
        Task::named(&self.task).unwrap_or(Task::Classes)
    }

    /// The activations of the hidden layers.
    pub fn hidden(&self) -> Vec<Activation> {
        self.hidden.iter().filter_map(|name| Activation::named(name)).collect()
    }

    /// What the layer of a recurrent net computes.
    pub fn cell(&self) -> Option<Cell> {
        Cell::named(self.cell.as_deref()?)
    }

    /// At which steps the output of a recurrent net is read.
    pub fn reads(&self) -> Option<OutputSteps> {
        OutputSteps::named(self.reads.as_deref()?)
    }

    /// The activation of the output.
    pub fn output(&self) -> Output {
        Output::named(&self.output).unwrap_or(Output::Sigmoid)
    }

    /// Names of the output units.
    pub fn units(&self) -> Vec<String> {
        let names = if self.task() == Task::Binary { self.names.get(1..).unwrap_or_default() } else { &self.names };
        names.to_vec()
    }

    /// What further features are made by.
    pub fn extras(&self) -> Vec<Extra> {
        self.added.iter().filter_map(|name| Extra::named(name)).collect()
    }

    /// The first thing in it that is not as it must be for these weights.
    pub(super) fn wrong(&self, kind: Kind, theta: &[Array2<f64>]) -> Option<(&'static str, String, String)> {
        let inputs = theta[0].ncols() - 1;
        let outputs = theta[theta.len() - 1].nrows();
        let task = Task::named(&self.task);
        let names = if task == Some(Task::Binary) { 2 } else { outputs };
        let unknown = |found: &str| format!("the unknown name {}", printable(found));
        if let Some(wrong) = self.wrong_layers(kind, theta) {
            return Some(wrong);
        }
        if Output::named(&self.output).is_none() {
            return Some(("output", unknown(&self.output), "an output activation".into()));
        }
        if task.is_none() {
            return Some(("task", unknown(&self.task), "classes, binary, regression or labels".into()));
        }
        if task == Some(Task::Binary) && outputs != 1 {
            let expected = "one, which tells two classes apart".into();
            return Some(("task", format!("binary, with {outputs} output units"), expected));
        }
        if self.extras().len() != self.added.len() {
            return Some(("added", unknown(&self.added.join(", ")), "squares, products or sines".into()));
        }
        let made = Extra::columns(&self.extras(), self.features.len());
        if made != inputs {
            return Some((
                "features",
                format!("{made} features"),
                format!("{inputs}, as {} has them", kind.name_of(0)),
            ));
        }
        if self.names.len() != names {
            let last = kind.name_of(theta.len() - 1);
            return Some(("names", format!("{} names", self.names.len()), format!("{names}, as {last} has units")));
        }
        for (part, scaler, columns) in [("scale", &self.scale, inputs), ("target_scale", &self.target_scale, outputs)] {
            if scaler.scaling(columns).is_none() {
                let found = "numbers that are no scaling";
                return Some((part, found.into(), format!("{columns} finite numbers each, none divided by 0")));
            }
        }
        let Scaler { shift, divisor, .. } = &self.target_scale;
        // Classes and labels are 0 and 1 as they are.
        if task != Some(Task::Regression) && (shift.iter().any(|&x| x != 0.0) || divisor.iter().any(|&x| x != 1.0)) {
            return Some(("target_scale", "scaled classes or labels".into(), "a shift of 0 and a divisor of 1".into()));
        }
        None
    }

    /// The first thing that is not as it must be of what the layers compute.
    fn wrong_layers(&self, kind: Kind, theta: &[Array2<f64>]) -> Option<(&'static str, String, String)> {
        let said = |text: &Option<String>| text.as_deref().map_or("nothing".into(), printable);
        let (hidden, fitting) = match kind {
            Kind::Dense => (theta.len() - 1, Vec::new()),
            Kind::Recurrent => (0, cells(theta[1].nrows() / (theta[2].ncols() - 1)).collect()),
        };
        if self.hidden.len() != hidden || self.hidden().len() != hidden {
            let expected = format!("the activations of {hidden} hidden layers");
            return Some(("hidden", printable(&self.hidden.join(", ")), expected));
        }
        let names: Vec<&str> = fitting.iter().map(|cell| cell.name()).collect();
        let is_cell = self.cell().map_or(self.cell.is_none() && kind == Kind::Dense, |cell| fitting.contains(&cell));
        if !is_cell {
            let expected = match kind {
                Kind::Dense => "no recurrent layer beside Theta1, Theta2, …".into(),
                Kind::Recurrent => format!("{}, as Theta_h has gates", names.join(", ")),
            };
            return Some(("cell", said(&self.cell), expected));
        }
        if (kind == Kind::Recurrent) != self.reads().is_some() {
            let expected = if kind == Kind::Recurrent { "every or last" } else { "nothing of a dense net" };
            return Some(("reads", said(&self.reads), expected.into()));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use serde_json::json;

    use super::super::kind::Kind;
    use super::About;

    #[test]
    fn only_numbers_that_are_learnt_are_scaled() {
        let wrong = |task: &str, shift: f64| {
            let scaler = |shift: f64| json!({ "scale": "none", "shift": [shift, 0.0], "divisor": [1.0, 1.0] });
            let about = json!({
                "convention": "", "hidden": [], "output": "sigmoid", "task": task, "features": ["a", "b"], "added": [],
                "names": ["p", "q"], "scale": scaler(3.0), "target_scale": scaler(shift), "command": "", "step": 1,
            });
            let about: About = serde_json::from_value(about).expect("it has all parts");
            about.wrong(Kind::Dense, &[Array2::zeros((2, 3))]).map(|(part, ..)| part)
        };
        assert_eq!((wrong("classes", 0.0), wrong("classes", 8.0)), (None, Some("target_scale")));
        assert_eq!((wrong("labels", 0.0), wrong("labels", 8.0)), (None, Some("target_scale")));
        assert_eq!(wrong("regression", 8.0), None);
        assert_eq!(wrong("binary", 0.0), Some("task"), "two units are not one");
    }
}
