//! The defaults of the options of network and training, which follow from the data.

use super::batch::BatchSize;
use super::origin::{Origin, Origins};
use crate::data::{Dataset, Loaded, RECURRENT, Source, Suited, Task, sequences::Sequences, suited};
use crate::nn::{Activation, Optimizer, Output};
use crate::weights::{Kind, WeightFile};

/// The facts that the options left open follow from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DataFacts {
    /// The data set's own options, if it has any.
    pub suited: Option<Suited>,
    /// What is learnt.
    pub task: Task,
    /// m: samples in the training part.
    pub m: usize,
    /// S_1: features.
    pub features: usize,
    /// Whether the network is a recurrent one.
    pub recurrent: bool,
}

impl DataFacts {
    /// What can be known of a source before its data are read; the other facts are those of `digits`.
    pub fn of_source(source: &Source) -> Self {
        Self { suited: suited(&source.name), task: source.task(), m: 1_438, features: 64, recurrent: false }
    }

    /// The facts of data of which this share is held out, chosen by the seed.
    pub fn of(source: &Source, loaded: &Loaded, (test_split, seed): (f64, u64)) -> Self {
        match loaded {
            Loaded::Rows(dataset) => Self::of_rows(source, dataset, (test_split, seed)),
            Loaded::Sequences(sequences) => Self::of_sequences(source, sequences, test_split),
        }
    }

    /// The facts of a data set.
    pub fn of_rows(source: &Source, dataset: &Dataset, (test_split, seed): (f64, u64)) -> Self {
        let m = dataset.parts(test_split, seed).0.len();
        Self { m, features: dataset.x.ncols(), task: dataset.targets.task(), ..Self::of_source(source) }
    }

    /// The facts of sequences, of which this share is held out.
    pub fn of_sequences(source: &Source, sequences: &Sequences, test_split: f64) -> Self {
        let m = sequences.learnt_from(test_split);
        let own = Suited { output: sequences.usual_output(), ..RECURRENT };
        let (task, features) = (sequences.task, sequences.inputs.len());
        Self { suited: Some(suited(&source.name).unwrap_or(own)), task, m, features, recurrent: true }
    }
}

/// The options that are chosen to suit the data where they are left open.
#[derive(Clone, Debug, PartialEq)]
pub struct Learning {
    /// S_2 … S_{L−1}, the sizes of the hidden layers.
    pub layers: Vec<usize>,
    /// Activations of the hidden layers.
    pub activation: Vec<Activation>,
    /// Output activation and cost.
    pub output: Output,
    /// The rule of the updates.
    pub optimizer: Optimizer,
    /// Learning rate α.
    pub alpha: f64,
    /// Regularisation strength λ.
    pub lambda: f64,
    /// Samples in an update.
    pub batch: BatchSize,
}

/// The options of `Learning` that are asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// The sizes of the hidden layers.
    pub layers: Option<Vec<usize>>,
    /// Their activations.
    pub activation: Option<Vec<Activation>>,
    /// The output.
    pub output: Option<Output>,
    /// The rule of the updates.
    pub optimizer: Option<Optimizer>,
    /// α.
    pub alpha: Option<f64>,
    /// λ.
    pub lambda: Option<f64>,
    /// B.
    pub batch: Option<BatchSize>,
}

/// The rule for what is left open, where the data set has no options of its own that fit.
impl DataFacts {
    /// Sigmoids for one hidden layer of a classifier, as in the derivation; else tanh, whose slopes are four times as large: through
    /// several layers of sigmoids the gradient vanishes, and numbers are learnt from them slowly.
    fn activation(&self, layers: usize) -> Activation {
        if layers > 1 || self.task == Task::Regression { Activation::Tanh } else { Activation::Sigmoid }
    }

    /// Linear for numbers, else the derivation's sigmoids.
    fn output(&self) -> Output {
        if self.task == Task::Regression { Output::Linear } else { Output::Sigmoid }
    }

    /// Adam, whose steps have the same length whatever the scale of the gradient; but α alone is the α of plain gradient descent.
    fn optimizer(&self, alpha: Option<f64>) -> Optimizer {
        if alpha.is_some() { Optimizer::GradientDescent } else { Optimizer::Adam }
    }

    /// α that is small enough for a unit that sums as many numbers as the widest layer has.
    ///
    /// A step of Adam or RMSProp moves each weight by about α, so z by α times that many. Plain gradient descent is stable while α is
    /// below 2 divided by the curvature, which grows with that many, too, and is larger for a linear output and for activations
    /// without bounds; momentum makes steps ten times as long.
    fn alpha(&self, optimizer: Optimizer, net: (&[usize], &[Activation], Output)) -> f64 {
        let (layers, activation, output) = net;
        let sums = layers.iter().copied().fold(self.features, usize::max) as f64;
        let (v, s) = optimizer.remembers();
        if s {
            return [(64.0, 0.01), (256.0, 0.003)]
                .into_iter()
                .find(|(most, _)| sums <= *most)
                .map_or(0.001, |(_, a)| a);
        }
        let tame = layers.len() <= 1 && activation.iter().all(|&a| a == Activation::Sigmoid);
        let (usual, most) = match output {
            Output::Linear if tame => (0.1, 64.0),
            Output::Linear => (0.05, 25.0),
            _ if tame => (0.5, 64.0),
            _ => (0.1, 64.0),
        };
        let stable = usual * if v { 0.1 } else { 1.0 } * (most / sums).min(1.0);
        // A round number that is no larger.
        let rungs = (0..7).flat_map(|power| [5.0, 2.0, 1.0].map(|digit| digit / 10_f64.powi(1 + power)));
        rungs.into_iter().find(|&rung| rung <= stable * (1.0 + 1e-9)).unwrap_or(1e-7)
    }

    /// λ grows with m, so that the penalty's share of J, which is divided by m, is about the same: none below 100 samples.
    fn lambda(&self) -> f64 {
        match self.m {
            ..100 => 0.0,
            100..1_000 => 0.1,
            _ => 1.0,
        }
    }

    /// A power of two up to 32 with which an epoch has 16 updates or more, as far as there are so many samples.
    fn batch(&self) -> usize {
        [32, 16, 8, 4, 2].into_iter().find(|size| size * 16 <= self.m).unwrap_or(1)
    }
}

impl Asked {
    /// What a file of weights asks for: its layers, and what they compute, which are sigmoids where it does not say; and the derivation's
    /// λ = 1 where it does not say how they were learnt, so that J is that of the course's exercises.
    pub fn of_weights(weights: &WeightFile, task: Task) -> Self {
        let computed = weights.computed(task);
        Self {
            layers: Some(weights.hidden_sizes()),
            activation: Some(computed.brief()).filter(|hidden| !hidden.is_empty()),
            output: Some(computed.output),
            lambda: (weights.about.is_none() && weights.kind == Kind::Dense).then_some(1.0),
            ..Self::default()
        }
    }

    /// Fills in what weights ask for and these leave open, and notes its origin: what the weights only assume is a default.
    pub(super) fn or(self, weights: Self, is_said: bool, origins: &mut Origins) -> Self {
        fn either<T>(own: Option<T>, other: Option<T>, name: &'static str, note: (Origin, &mut Origins)) -> Option<T> {
            if own.is_none() && other.is_some() {
                note.1.set(name, note.0);
            }
            own.or(other)
        }
        let said = if is_said { Origin::Weights } else { Origin::Default };
        Self {
            layers: either(self.layers, weights.layers, "layers", (Origin::Weights, &mut *origins)),
            activation: either(self.activation, weights.activation, "activation", (said, &mut *origins)),
            output: either(self.output, weights.output, "output", (said, &mut *origins)),
            lambda: either(self.lambda, weights.lambda, "lambda", (said, origins)),
            ..self
        }
    }

    /// All options: those asked for, and for the others the data set's own where they fit what is asked for, else the rule's; and the
    /// origins of these others.
    pub fn filled(&self, facts: &DataFacts) -> (Learning, Origins) {
        let mut origins = Origins::default();
        let own = facts.suited.as_ref();
        let layers = left_open("layers", &self.layers, own.map(|own| own.layers.to_vec()), &mut origins);
        let layers = layers.unwrap_or_else(|| vec![25]);
        // A set's own options are for a net as deep and about as wide as its own.
        let widest = |layers: &[usize]| layers.iter().copied().max().unwrap_or(0);
        let like = own.filter(|own| {
            let deep = layers.len() <= own.layers.len().max(1);
            facts.recurrent || deep && widest(&layers) <= 4 * widest(own.layers).max(8)
        });
        let of_own = like.map(|own| vec![own.activation]);
        let activation = left_open("activation", &self.activation, of_own.clone(), &mut origins);
        // Without a hidden layer none is of use, and what is asked for changes nothing else.
        let activation = if layers.is_empty() && !facts.recurrent { of_own } else { activation };
        let activation = activation.unwrap_or_else(|| vec![facts.activation(layers.len())]);
        let same_task = |own: &&Suited| (own.output == Output::Linear) == (facts.task == Task::Regression);
        let of_own = own.filter(same_task).filter(|own| facts.task != Task::Binary || own.output != Output::Softmax);
        let output = left_open("output", &self.output, of_own.map(|own| own.output), &mut origins);
        let output = output.unwrap_or_else(|| facts.output());
        let optimizer = left_open("optimizer", &self.optimizer, like.map(|own| own.optimizer), &mut origins);
        let optimizer = optimizer.unwrap_or_else(|| facts.optimizer(self.alpha));
        // α belongs to all that decides how steep J is and how long a step.
        let like = like.filter(|own| {
            let same = own.optimizer == optimizer && own.output == output;
            same && (facts.recurrent || activation.iter().all(|&a| a == own.activation))
        });
        let alpha = left_open("alpha", &self.alpha, like.map(|own| own.alpha), &mut origins);
        let alpha = alpha.unwrap_or_else(|| facts.alpha(optimizer, (&layers, &activation, output)));
        let lambda = left_open("lambda", &self.lambda, own.map(|own| own.lambda), &mut origins);
        let lambda = lambda.unwrap_or_else(|| facts.lambda());
        let of_own = own.map(|own| BatchSize::Size(own.batch));
        let batch = left_open("batch", &self.batch, of_own, &mut origins);
        let batch = batch.unwrap_or_else(|| BatchSize::Size(facts.batch()));
        (Learning { layers, activation, output, optimizer, alpha, lambda, batch }, origins)
    }
}

/// The value that is asked for, or else the data set's own, with a note that it is so; `None` leaves it to the rule.
fn left_open<T: Clone>(name: &'static str, asked: &Option<T>, own: Option<T>, origins: &mut Origins) -> Option<T> {
    if asked.is_none() {
        origins.set(name, if own.is_some() { Origin::Data } else { Origin::Default });
    }
    asked.clone().or(own)
}
