//! The options that change the numbers of a run, and how its data are read.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::Args;

use super::sequence::{SequenceArgs, UseSequenceArgs};
use super::values::{LayerSizes, batch, layers, named, names, rules_by, scale, schedule, separator};
use crate::data::sequences::Sequences;
use crate::data::{Extra, Header, Making, Reading, Scale, SequenceSteps, Source, Task};
use crate::error::Result;
use crate::headless::apply::{Form, Used};
use crate::nn::{Activation, Cell, Init, Optimizer, Output, Penalty};
use crate::train::{BatchSize, Config, Precision, Recurrence, Schedule};
use crate::weights::{self, Flags, Kind, WeightFile};

/// Options that change the numbers of a run.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Data set (digits, iris, penguins, xor; circle, xor-cloud, gauss, spiral, moons, reg-plane, reg-gauss) or path of a file: separated values (.csv, .tsv), NumPy (.npz, .npy), MATLAB 5 (.mat), svmlight (.svm), IDX; each may be gzip-compressed
    #[arg(long, value_name = "NAME|FILE", default_value = "digits", help_heading = "Data")]
    pub data: OsString,
    /// How a file is read.
    #[command(flatten)]
    pub file: FileArgs,
    /// File of the samples that are held out, in place of a share of --data
    #[arg(long, value_name = "FILE", conflicts_with = "test_split", help_heading = "Data")]
    pub test_data: Option<PathBuf>,
    /// File of their labels [default: beside the pictures]
    #[arg(long, value_name = "FILE", requires = "test_data", help_heading = "Data")]
    pub test_labels: Option<PathBuf>,
    /// Scaling: none, standard, max, or a number to divide by [default: max for images, none for xor, else standard]
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = scale, help_heading = "Data")]
    pub scale: Option<Scale>,
    /// Scaling of the numbers that are learnt, in regression: none, standard, max, or a number to divide by [default: none for sets that are made, else standard]
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = scale, help_heading = "Data")]
    pub target_scale: Option<Scale>,
    /// Share of the samples held out, stratified by class; 0 holds nothing out
    #[arg(long, allow_negative_numbers = true, value_name = "F", default_value_t = 0.2, help_heading = "Data")]
    pub test_split: f64,

    /// Sizes of the hidden layers, as in 16,8; or none [default: those of --weights, else the set's own, else 25]
    #[arg(long, allow_negative_numbers = true, value_name = "N,…", value_parser = layers, help_heading = "Network")]
    pub layers: Option<LayerSizes>,
    /// Activation of the hidden layers, one for all or one each.
    #[arg(long, help = format!("Activation of the hidden layers, one for all or one each: {} [default: those of --weights, else the set's own, else sigmoid; tanh for regression and for several hidden layers]", names::<Activation>()), value_name = "A,…", value_delimiter = ',', value_parser = named::<Activation>(), hide_possible_values = true, help_heading = "Network")]
    pub activation: Vec<Activation>,
    /// Output activation with its cost [default: that of --weights, else sigmoid, and linear for regression]
    #[arg(long, value_name = "OUTPUT", value_parser = named::<Output>(), help_heading = "Network")]
    pub output: Option<Output>,
    /// Start of the weights
    #[arg(long, value_name = "RULE", default_value = "uniform", value_parser = named::<Init>(), help_heading = "Network")]
    pub init: Init,
    /// File of weights to start from (.safetensors, .npz, .mat), as --save writes it, or with Theta1, Theta2, … or the layers of PyTorch; its scaler is used, too
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub weights: Option<PathBuf>,
    /// The same once they were read.
    #[arg(skip)]
    read: OnceLock<WeightFile>,

    /// Recurrent networks.
    #[command(flatten)]
    pub sequence: SequenceArgs,

    /// Learning rate α, above 0 [default: the set's own, else by the optimiser and the widest layer]
    #[arg(long, value_name = "F", allow_negative_numbers = true, help_heading = "Training")]
    pub alpha: Option<f64>,
    /// Rule of the updates.
    #[arg(long, help = format!("Rule of the updates: {} [default: the set's own, else gd if --alpha is given, else adam]", names::<Optimizer>()), value_name = "RULE", value_parser = named::<Optimizer>(), hide_possible_values = true, help_heading = "Training")]
    pub optimizer: Option<Optimizer>,
    /// How α goes on from epoch to epoch: constant, step:EPOCHS:FACTOR, cosine:EPOCHS (to 0) or 1/t:EPOCHS (halved after them)
    #[arg(long, value_name = "RULE", default_value = "constant", value_parser = schedule, help_heading = "Training")]
    pub schedule: Schedule,
    /// Norm that the whole gradient is cut down to where it is longer [default: none]
    #[arg(long, value_name = "F", allow_negative_numbers = true, help_heading = "Training")]
    pub clip: Option<f64>,
    /// β: how much of v stays at each update.
    #[arg(long, help = format!("β of {}: how much of v stays at each update", rules_by(|(beta, _)| beta)), value_name = "F", default_value_t = Config::default().beta, allow_negative_numbers = true, help_heading = "Training")]
    pub beta: f64,
    /// β₂: how much of s stays at each update.
    #[arg(long, help = format!("β₂ of {}: how much of s stays at each update", rules_by(|(_, beta2)| beta2)), value_name = "F", default_value_t = Config::default().beta2, allow_negative_numbers = true, help_heading = "Training")]
    pub beta2: f64,
    /// Chance that a unit of a hidden layer is left out of an update; the others count 1/(1 − P) times
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true, help_heading = "Training")]
    pub dropout: f64,
    /// Regularisation strength λ, from 0 up; the gradient's part is (λ/m)Θ with m the whole training part [default: the set's own, else 1 with weights of other programs, else by m: 0 below 100, 0.1 below 1000, 1]
    #[arg(long, value_name = "F", allow_negative_numbers = true, help_heading = "Training")]
    pub lambda: Option<f64>,
    /// Penalty on the weights, the bias column left out
    #[arg(long, value_name = "RULE", default_value = "l2", value_parser = named::<Penalty>(), help_heading = "Training")]
    pub penalty: Penalty,
    /// Samples in an update: a number, or full [default: the set's own, else 1 to 32 by m]
    #[arg(long, allow_negative_numbers = true, value_name = "N|full", value_parser = batch, help_heading = "Training")]
    pub batch: Option<BatchSize>,
    /// Epochs after which the run ends, or pauses on the screen [default: no end]
    #[arg(long, allow_negative_numbers = true, value_name = "N", help_heading = "Training")]
    pub epochs: Option<u64>,
    /// J over the training set below which the run ends, or pauses [default: none]
    #[arg(long, allow_negative_numbers = true, value_name = "F", help_heading = "Training")]
    pub until: Option<f64>,
    /// Epochs for which the held-out cost may fail to fall before the run ends, or pauses [default: no end]
    #[arg(long, allow_negative_numbers = true, value_name = "N", help_heading = "Training")]
    pub patience: Option<u64>,
    /// Seed of the weights, the split and the order of the samples
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 1, help_heading = "Training")]
    pub seed: u64,
    /// Take the samples in a new order each epoch (the default)
    #[arg(long, overrides_with = "no_shuffle", help_heading = "Training")]
    pub shuffle: bool,
    /// Take the samples in the order of the data
    #[arg(long, overrides_with = "shuffle", help_heading = "Training")]
    pub no_shuffle: bool,
    /// File of options in TOML, as `deltascope config` prints it; flags win over it
    #[arg(long, value_name = "FILE", help_heading = "Options")]
    pub config: Option<PathBuf>,
    /// Floating-point type that is computed in
    #[arg(long, value_name = "TYPE", default_value = "f64", value_parser = named::<Precision>(), help_heading = "Training")]
    pub precision: Precision,
    /// Threads that share an update where it is large enough (beyond some 100 µs); results may differ from those of one thread by rounding
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, help_heading = "Training")]
    pub threads: usize,
}

/// How a file is read.
#[derive(Args, Clone, Debug)]
pub struct FileArgs {
    /// What is learnt: classes, an output unit each; binary, two classes by one unit; regression, numbers; labels, several of 0 and 1 at once [default: classes, or as the set has it]
    #[arg(long, value_name = "WHAT", value_parser = named::<Task>(), hide_possible_values = true, help_heading = "Data")]
    pub task: Option<Task>,
    /// Two classes by one output unit: short for --task binary
    #[arg(long, conflicts_with = "task", help_heading = "Data")]
    pub binary: bool,
    /// Column of a file that is learnt, by name or number, or several behind each other with commas [default: the last]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    pub target: Option<String>,
    /// File of the labels of pictures (IDX) or of an array (.npy) [default: beside the pictures, images → labels, idx3 → idx1]
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    pub labels: Option<PathBuf>,
    /// Samples of a set that is made: circle, xor-cloud, gauss, spiral, moons, reg-plane, reg-gauss
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = Making::default().samples, help_heading = "Data")]
    pub samples: usize,
    /// How far the points of such a set stray, as a share of its radius
    #[arg(long, value_name = "F", allow_negative_numbers = true, default_value_t = Making::default().noise, help_heading = "Data")]
    pub noise: f64,
    /// Features made from the ones that are read: squares, products, sines
    #[arg(long, value_name = "WHAT,…", value_delimiter = ',', value_parser = named::<Extra>(), hide_possible_values = true, help_heading = "Data")]
    pub add: Vec<Extra>,
    /// What separates the fields of a file: comma, semicolon, tab, bar or a character [default: found in its first line]
    #[arg(long, value_name = "C", value_parser = separator, help_heading = "Data")]
    pub separator: Option<char>,
    /// The first line of a file holds the names of the columns [default: found out; a line of numbers only is a row unless it counts its columns]
    #[arg(long, overrides_with = "no_header", help_heading = "Data")]
    pub header: bool,
    /// The first line of a file is a row already; columns are called by their numbers
    #[arg(long, overrides_with = "header", help_heading = "Data")]
    pub no_header: bool,
    /// Rows of a file with a missing value (empty, ?, NA, NaN, null): refuse the file, or drop the rows
    #[arg(long, value_name = "WHAT", default_value = "refuse", value_parser = ["refuse", "drop"], help_heading = "Data")]
    pub missing: String,
    /// Columns of a file that hold text: refuse the file, or make one feature of each value
    #[arg(long, value_name = "WHAT", default_value = "refuse", value_parser = ["refuse", "one-hot"], help_heading = "Data")]
    pub text: String,
}

/// Options of the use of weights on data.
#[derive(Args, Clone, Debug)]
pub struct UseArgs {
    /// File of the weights: .safetensors, .npz or .mat
    #[arg(long, value_name = "FILE")]
    pub weights: PathBuf,
    /// The data: a file, or a set by its name
    #[arg(long, value_name = "NAME|FILE")]
    pub data: OsString,
    /// How a file is read.
    #[command(flatten)]
    pub file: FileArgs,
    /// Seed of a set that is made
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Data")]
    pub seed: u64,
    /// Scaling of the features, if not by the numbers that are kept with the weights: none, or a number to divide by
    #[arg(long, allow_negative_numbers = true, value_name = "S", value_parser = scale, help_heading = "Data")]
    pub scale: Option<Scale>,
    /// Activation of the hidden layers, one for all or one each [default: as it was saved, else sigmoid]
    #[arg(long, value_name = "A,…", value_delimiter = ',', value_parser = named::<Activation>(), hide_possible_values = true, help_heading = "Network")]
    pub activation: Vec<Activation>,
    /// Output activation [default: as it was saved, else linear for regression and sigmoid otherwise]
    #[arg(long, value_name = "OUTPUT", value_parser = named::<Output>(), help_heading = "Network")]
    pub output: Option<Output>,
    /// How sequences are read, which a recurrent net is used on.
    #[command(flatten)]
    pub sequence: UseSequenceArgs,
    /// Form of what is printed
    #[arg(long, value_name = "FORM", default_value = "csv", value_parser = named::<Form>())]
    pub format: Form,
    /// The weights once they were read.
    #[arg(skip)]
    read: OnceLock<WeightFile>,
}

/// Weights, read once.
fn once<'a>(read: &'a OnceLock<WeightFile>, path: &Path) -> Result<&'a WeightFile> {
    if let Some(weights) = read.get() {
        return Ok(weights);
    }
    let weights = WeightFile::read(path)?;
    Ok(read.get_or_init(|| weights))
}

impl RunArgs {
    /// The weights to start from, read once.
    ///
    /// # Errors
    /// Whatever keeps them from being read.
    pub fn weight_file(&self) -> Result<Option<&WeightFile>> {
        self.weights.as_ref().map(|path| once(&self.read, path)).transpose()
    }
}

impl UseArgs {
    /// The weights, and the network that they are.
    ///
    /// # Errors
    /// If the weights can't be read, or the activations are not as many as there are hidden layers.
    pub fn used(&self) -> Result<Used> {
        let weights = self.weight_file()?.clone();
        let task = weights::asked(&weights, &self.source())?.task();
        let flags = Flags { activation: &self.activation, cell: self.sequence.cell, output: self.output };
        let (weights, computed) = weights.used(flags, task)?;
        let model = weights.model(computed);
        let is_output_said = self.output.is_some() || weights.about.is_some();
        Ok(Used { weights, model, is_output_said })
    }

    /// The weights, read once.
    fn weight_file(&self) -> Result<&WeightFile> {
        once(&self.read, &self.weights)
    }

    /// Whether the weights are those of a recurrent net.
    pub fn is_on_sequences(&self) -> bool {
        self.weight_file().is_ok_and(|weights| weights.kind == Kind::Recurrent)
    }

    /// Where the data come from.
    pub fn source(&self) -> Source {
        let UseSequenceArgs { length, id, step, prose, .. } = self.sequence.clone();
        let steps = SequenceSteps { length: length.unwrap_or(SequenceSteps::default().length), id, step, prose };
        let steps = self.is_on_sequences().then_some(steps);
        Source { steps, ..self.file.clone().of(self.data.clone(), self.seed) }
    }
}

impl FileArgs {
    /// Where a set of this name comes from; a generated one from this seed.
    pub fn of(self, name: OsString, seed: u64) -> Source {
        let reading = self.reading();
        let making = Making { samples: self.samples, noise: self.noise, seed };
        let task = if self.binary { Some(Task::Binary) } else { self.task };
        Source {
            task,
            target: self.target,
            reading,
            labels: self.labels,
            making,
            extras: self.add,
            ..Source::named(name)
        }
    }

    /// How a file of separated values is read.
    pub fn reading(&self) -> Reading {
        Reading {
            separator: self.separator,
            header: match (self.header, self.no_header) {
                (true, _) => Header::Present,
                (_, true) => Header::Absent,
                _ => Header::Found,
            },
            drop_missing: self.missing == "drop",
            one_hot: self.text == "one-hot",
        }
    }
}

impl RunArgs {
    /// Whether it is a recurrent network that is trained.
    pub fn is_on_sequences(&self) -> bool {
        let is_said = self.sequence.cell.is_some() || self.sequence.id.is_some() || Sequences::is_known(&self.data);
        is_said || matches!(self.weight_file(), Ok(Some(weights)) if weights.kind == Kind::Recurrent)
    }

    /// What makes the network a recurrent one, with the cell of the weights where there are some, and how its sequences are read.
    pub(super) fn recurrence(&self, of_weights: Option<Cell>) -> Option<(Recurrence, SequenceSteps)> {
        let SequenceArgs { cell, length, truncate, id, step, prose } = self.sequence.clone();
        let cell = cell.or(of_weights).unwrap_or_else(|| Sequences::usual_cell(&self.data));
        let steps = SequenceSteps { length: length.unwrap_or(SequenceSteps::default().length), id, step, prose };
        self.is_on_sequences().then_some((Recurrence { cell, truncate }, steps))
    }
}
