//! The command line: its options, their defaults and what they allow, turned into the options of a run.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::data::{self, Dataset, Preparation, Prepared, Reading, Scale, Source};
use crate::error::{Error, Result};
use crate::headless::{self, Format};
use crate::nn::{Activation, Init, Optimizer, Output, Penalty};
use crate::train::worker::Start;
use crate::train::{Batch, Config, Precision, Schedule, Speed};
use crate::tui;
use crate::ui::theme::{ColorChoice, Depth, Theme};

mod values;

use values::{Layers, batch, color, layers, named, scale, schedule, separator, speed};

const EXAMPLES: &str = "\
Examples:
  deltascope
      Real handwritten digits, a 64-25-10 net, on the screen; `?` there shows the keys.
  deltascope --data iris --layers 5,4 --activation tanh --lambda 0.1 --paused
      A small net on the iris flowers, paused before its first update.
  deltascope --headless --epochs 30 --format json
      The same training without a screen: a line of JSON for each epoch.

Exit status: 0 done; 1 failed; 2 wrong usage, or no terminal for the screen; 3 diverged.";

/// The oscilloscope for backpropagation: a neural network learns, and every number of it can be seen, paused and stepped.
#[derive(Debug, Parser)]
#[command(name = "deltascope", version, after_help = EXAMPLES, args_conflicts_with_subcommands = false)]
pub struct Cli {
    /// What is done instead of showing the screen.
    #[command(subcommand)]
    pub command: Option<Task>,
    /// What is trained.
    #[command(flatten)]
    pub run: RunArgs,
    /// How it is shown.
    #[command(flatten)]
    pub show: ShowArgs,
}

/// What can be done instead of showing the screen.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Check the gradient of every weight by central differences
    #[command(after_help = "Exit status: 0 if every layer's relative difference is below 1e-7, else 1.")]
    Check {
        /// The run whose first gradient is checked.
        #[command(flatten)]
        run: Box<RunArgs>,
    },
    /// List the data sets there are, or tell what is in one
    Data {
        /// An embedded data set, or a file; without it the list of sets
        name: Option<OsString>,
        /// How a file is read.
        #[command(flatten)]
        file: FileArgs,
    },
}

/// Options that change the numbers of a run.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// Embedded data set (digits, iris, penguins, xor) or path of a file: separated values (.csv, .tsv), NumPy (.npz, .npy), MATLAB 5 (.mat), svmlight (.svm), IDX; each may be gzip-compressed
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
    /// Share of the samples held out, stratified by class; 0 holds nothing out
    #[arg(long, allow_negative_numbers = true, value_name = "F", default_value_t = 0.2, help_heading = "Data")]
    pub test_split: f64,

    /// Sizes of the hidden layers, as in 16,8; or none
    #[arg(long, allow_negative_numbers = true, value_name = "N,…", default_value = "25", value_parser = layers, help_heading = "Network")]
    pub layers: Layers,
    /// Activation of the hidden layers, one for all or one each: sigmoid, tanh, relu, leaky-relu, linear, softplus, gelu, elu, sine, hard-sigmoid
    #[arg(long, value_name = "A,…", default_value = "sigmoid", value_delimiter = ',', value_parser = named::<Activation>(), hide_possible_values = true, help_heading = "Network")]
    pub activation: Vec<Activation>,
    /// Output activation with its cost
    #[arg(long, value_name = "OUTPUT", default_value = "sigmoid", value_parser = named::<Output>(), help_heading = "Network")]
    pub output: Output,
    /// Start of the weights
    #[arg(long, value_name = "RULE", default_value = "uniform", value_parser = named::<Init>(), help_heading = "Network")]
    pub init: Init,

    /// Learning rate α, above 0
    #[arg(long, value_name = "F", default_value_t = Config::default().alpha, allow_negative_numbers = true, help_heading = "Training")]
    pub alpha: f64,
    /// Rule of the updates: gd, momentum, nesterov, rmsprop, adam, adamw
    #[arg(long, value_name = "RULE", default_value = "gd", value_parser = named::<Optimizer>(), hide_possible_values = true, help_heading = "Training")]
    pub optimizer: Optimizer,
    /// How α goes on from epoch to epoch: constant, step:EPOCHS:FACTOR, cosine:EPOCHS (to 0) or 1/t:EPOCHS (halved after them)
    #[arg(long, value_name = "RULE", default_value = "constant", value_parser = schedule, help_heading = "Training")]
    pub schedule: Schedule,
    /// Norm that the whole gradient is cut down to where it is longer [default: none]
    #[arg(long, value_name = "F", allow_negative_numbers = true, help_heading = "Training")]
    pub clip: Option<f64>,
    /// β of momentum, nesterov, adam and adamw: how much of v stays at each update
    #[arg(long, value_name = "F", default_value_t = Config::default().beta, allow_negative_numbers = true, help_heading = "Training")]
    pub beta: f64,
    /// β₂ of rmsprop, adam and adamw: how much of s stays at each update
    #[arg(long, value_name = "F", default_value_t = Config::default().beta2, allow_negative_numbers = true, help_heading = "Training")]
    pub beta2: f64,
    /// Regularisation strength λ, from 0 up; the gradient's part is (λ/m)Θ with m the whole training part
    #[arg(long, value_name = "F", default_value_t = 1.0, allow_negative_numbers = true, help_heading = "Training")]
    pub lambda: f64,
    /// Penalty on the weights, the bias column left out
    #[arg(long, value_name = "RULE", default_value = "l2", value_parser = named::<Penalty>(), help_heading = "Training")]
    pub penalty: Penalty,
    /// Samples in an update: a number, or full
    #[arg(long, allow_negative_numbers = true, value_name = "N|full", default_value = "32", value_parser = batch, help_heading = "Training")]
    pub batch: Batch,
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
    /// Floating-point type that is computed in
    #[arg(long, value_name = "TYPE", default_value = "f64", value_parser = named::<Precision>(), help_heading = "Training")]
    pub precision: Precision,
}

/// How a file is read.
#[derive(Args, Clone, Debug)]
pub struct FileArgs {
    /// Column of a file that holds the classes, by name or number [default: the last]
    #[arg(long, value_name = "COLUMN", help_heading = "Data")]
    pub target: Option<String>,
    /// File of the labels of pictures (IDX) or of an array (.npy) [default: beside the pictures, images → labels, idx3 → idx1]
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    pub labels: Option<PathBuf>,
    /// What separates the fields of a file: comma, semicolon, tab, bar or a character [default: found in its first line]
    #[arg(long, value_name = "C", value_parser = separator, help_heading = "Data")]
    pub separator: Option<char>,
    /// The first line of a file is a row already; columns are called by their numbers
    #[arg(long, help_heading = "Data")]
    pub no_header: bool,
    /// Rows of a file with a missing value (empty, ?, NA, NaN, null): refuse the file, or drop the rows
    #[arg(long, value_name = "WHAT", default_value = "refuse", value_parser = ["refuse", "drop"], help_heading = "Data")]
    pub missing: String,
    /// Columns of a file that hold text: refuse the file, or make one feature of each value
    #[arg(long, value_name = "WHAT", default_value = "refuse", value_parser = ["refuse", "one-hot"], help_heading = "Data")]
    pub text: String,
}

impl FileArgs {
    fn of(self, name: OsString) -> Source {
        let reading = Reading {
            separator: self.separator,
            no_header: self.no_header,
            drop_missing: self.missing == "drop",
            one_hot: self.text == "one-hot",
        };
        Source { target: self.target, reading, labels: self.labels, ..Source::named(name) }
    }
}

/// Options that change how a run is shown.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// Updates per second on the screen: a number, or max
    #[arg(long, allow_negative_numbers = true, value_name = "N|max", default_value = "16", value_parser = speed, help_heading = "Screen")]
    pub speed: Speed,
    /// Start paused, before the first update
    #[arg(long, help_heading = "Screen")]
    pub paused: bool,
    /// Only ASCII characters, for fonts without braille and blocks [default: where the locale is not UTF-8]
    #[arg(long, help_heading = "Screen")]
    pub ascii: bool,
    /// Colours: auto, never, 16, 256 or rgb; auto heeds NO_COLOR, COLORTERM and TERM
    #[arg(long, value_name = "DEPTH", default_value = "auto", value_parser = color(), hide_possible_values = true, help_heading = "Screen")]
    pub color: ColorChoice,
    /// Background that the colours are made for
    #[arg(long, value_name = "THEME", default_value = "dark", value_parser = ["dark", "light"], help_heading = "Screen")]
    pub theme: String,
    /// Leave the mouse to the terminal
    #[arg(long, help_heading = "Screen")]
    pub no_mouse: bool,

    /// Train without the screen, a line per epoch on stdout; also chosen when stdout is no terminal; needs --epochs
    #[arg(long, help_heading = "Without a terminal")]
    pub headless: bool,
    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = named::<Format>(), help_heading = "Without a terminal")]
    pub format: Format,
}

/// Does what the command line asks for and returns the exit status.
///
/// # Errors
/// Whatever keeps it from being done.
pub fn execute(cli: Cli) -> Result<u8> {
    match cli.command {
        Some(Task::Check { run }) => {
            let config = run.config()?;
            let data = prepared(&config)?.1;
            Ok(if headless::check::run(&config, &data)? { 0 } else { 1 })
        }
        Some(Task::Data { name, file }) => {
            let text = match name {
                Some(name) => data::describe(&warned(data::load(&file.of(name))?)),
                None => data::list(),
            };
            print(&text).map(|()| 0)
        }
        None => train(cli.run.config()?, &cli.show),
    }
}

fn train(config: Config, show: &ShowArgs) -> Result<u8> {
    if show.headless || !io::stdout().is_terminal() {
        if config.epochs.is_none() {
            return Err(Error::Usage("without the screen a run needs an end: give --epochs N".into()));
        }
        let data = prepared(&config)?.1;
        return Ok(match headless::run(config, data, show.format)? {
            headless::End::Done => 0,
            headless::End::Diverged => 3,
        });
    }
    tui::check_terminal()?;
    let (dataset, _) = prepared(&config)?;
    let start = Start { config, dataset, speed: show.speed, paused: show.paused };
    let options = tui::Options { mouse: !show.no_mouse };
    tui::run(options, |publisher| tui::Session::start(start, theme(show), publisher))
}

/// The data, whole, and split and scaled; what is odd about them goes to stderr.
fn prepared(config: &Config) -> Result<(Arc<Dataset>, Arc<Prepared>)> {
    let dataset = Arc::new(warned(data::load(&config.source)?));
    let options = Preparation { scale: config.scale, test_split: config.test_split, seed: config.seed };
    Ok((Arc::clone(&dataset), Arc::new(data::prepare(dataset, &options)?)))
}

fn warned(dataset: Dataset) -> Dataset {
    let mut err = io::stderr();
    for warning in &dataset.warnings {
        let _ = writeln!(err, "warning: {warning}");
    }
    dataset
}

/// Prints to stdout; a closed pipe is no error.
fn print(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{}", text.trim_end()) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(()),
    }
}

fn theme(show: &ShowArgs) -> Theme {
    let env = |name: &str| std::env::var(name).ok();
    Theme {
        depth: Depth::detect(show.color, &env),
        dark: show.theme == "dark",
        ascii: show.ascii || Theme::ascii_by_locale(&env),
    }
}

impl RunArgs {
    /// The options of the run, checked.
    ///
    /// # Errors
    /// If a value is not allowed; the text names the flag and what is.
    pub fn config(self) -> Result<Config> {
        let config = Config {
            source: Source { test: self.test_data, test_labels: self.test_labels, ..self.file.of(self.data) },
            scale: self.scale,
            test_split: self.test_split,
            layers: self.layers.0,
            activation: self.activation,
            output: self.output,
            penalty: self.penalty,
            lambda: self.lambda,
            optimizer: self.optimizer,
            alpha: self.alpha,
            schedule: self.schedule,
            clip: self.clip,
            beta: self.beta,
            beta2: self.beta2,
            batch: self.batch,
            epochs: self.epochs,
            until: self.until,
            patience: self.patience,
            init: self.init,
            seed: self.seed,
            shuffle: !self.no_shuffle,
            precision: self.precision,
        };
        config.check().map(|()| config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parsed(line: &str) -> std::result::Result<Cli, clap::Error> {
        Cli::try_parse_from(["deltascope"].into_iter().chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn without_options_the_defaults_of_the_library_hold() {
        let config = parsed("").expect("no option is needed").run.config().expect("the defaults are allowed");
        assert_eq!(config, Config::default());
    }

    #[test]
    fn every_option_reaches_the_run() {
        let line = "--data iris --scale 16 --test-split 0 --layers 16,8 --activation relu,tanh --output softmax --penalty l1 \
                    --optimizer adam --beta 0.8 --beta2 0.99 --schedule step:10:0.5 --clip 5 --until 0.5 --patience 4 --lambda 0.5 --alpha 0.1 --batch full --epochs 3 --init he --seed 7 --no-shuffle --precision f32";
        let config = parsed(line).expect("all are options").run.config().expect("all are allowed");
        let expected = Config {
            source: Source::named("iris"),
            scale: Some(Scale::By(16.0)),
            test_split: 0.0,
            layers: vec![16, 8],
            activation: vec![Activation::Relu, Activation::Tanh],
            output: Output::Softmax,
            penalty: Penalty::L1,
            lambda: 0.5,
            optimizer: Optimizer::Adam,
            alpha: 0.1,
            schedule: Schedule::Step { epochs: 10, factor: 0.5 },
            clip: Some(5.0),
            beta: 0.8,
            beta2: 0.99,
            batch: Batch::Full,
            epochs: Some(3),
            until: Some(0.5),
            patience: Some(4),
            init: Init::He,
            seed: 7,
            shuffle: false,
            precision: Precision::F32,
        };
        assert_eq!(config, expected);
        let told = config.command_line();
        let again = parsed(told.trim_start_matches("deltascope")).expect("its own line").run.config();
        assert_eq!(again.expect("it is allowed"), expected, "{told}");
    }

    #[test]
    fn a_wrong_value_is_refused_with_what_is_allowed() {
        for (line, allowed) in [
            ("--output tanh", "softmax"),
            ("--activation swish", "leaky-relu"),
            ("--layers 4,x", "none"),
            ("--batch many", "full"),
            ("--speed 0", "max"),
            ("--scale -1", "standard"),
            ("--theme blue", "light"),
            ("--color 8", "256"),
            ("--precision f16", "f32"),
        ] {
            let text = parsed(line).expect_err(line).to_string();
            assert!(text.contains(allowed), "{line}: {text}");
        }
    }
}
