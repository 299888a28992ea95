//! The commands, each with its options, as the command line has them.

use std::ffi::OsString;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::args::{FileArgs, RunArgs, UseArgs};
use super::show_args::ShowArgs;
use super::values::named;
use super::what::What;
use crate::derivation::book::BookFormat;
use crate::error::Exit;

const EXAMPLES: &str = "\
Examples:
  deltascope
      Real handwritten digits, a 64-25-10 net, on the screen; `?` there shows the keys.
  deltascope --data iris --layers 5,4 --activation tanh --lambda 0.1 --paused
      A small net on the iris flowers, paused before its first update.
  deltascope --headless --epochs 30 --format json
      The same training without a screen: a line of JSON for each epoch.
";

/// The text below the options in the help and on the manual page.
fn after_help() -> String {
    format!("{EXAMPLES}\n{}", Exit::sentence())
}

/// The oscilloscope for backpropagation: a neural network learns, and every number of it can be seen, paused and stepped.
#[derive(Debug, Parser)]
#[command(name = "deltascope", version, after_help = after_help(), args_conflicts_with_subcommands = false)]
pub struct Cli {
    /// What is done instead of showing the screen.
    #[command(subcommand)]
    pub command: Option<Job>,
    /// What is trained.
    #[command(flatten)]
    pub run: RunArgs,
    /// How it is shown.
    #[command(flatten)]
    pub show: ShowArgs,
}

/// What can be done instead of showing the screen.
#[derive(Debug, Subcommand)]
pub enum Job {
    /// Check the gradient of every weight by central differences
    #[command(
        after_help = "Exit status: 0 if every layer's relative difference is below 1e-7, 1 if one is wrong, 5 if none is wrong but some can't be checked."
    )]
    Check {
        /// The run whose first gradient is checked.
        #[command(flatten)]
        run: Box<RunArgs>,
    },
    /// Say what saved weights make of data, row by row
    Predict {
        /// Weights and data.
        #[command(flatten)]
        with: Box<UseArgs>,
    },
    /// Measure saved weights on data with labels: cost, accuracy (or R² and RMSE), and in JSON the confusion
    Evaluate {
        /// Weights and data.
        #[command(flatten)]
        with: Box<UseArgs>,
    },
    /// Train, then write what other programs read: the history, events for TensorBoard, a picture of the screen, the net in PyTorch
    Export {
        /// What is written.
        #[command(subcommand)]
        what: What,
    },
    /// Print the options as a file for --config, with what each one means
    Config {
        /// The options of the run.
        #[command(flatten)]
        run: Box<RunArgs>,
        /// Those of the screen.
        #[command(flatten)]
        show: Box<ShowArgs>,
    },
    /// Print the completions of a shell: bash, elvish, fish, powershell, zsh
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
    /// Print the derivation, chapter by chapter, each equation with the numbers of a small net; or a part of it
    Book {
        /// A section (2.5, softmax), an equation (2.5.8, Adam) or a chapter (2); without it the whole book
        #[arg(value_name = "SECTION|EQUATION")]
        part: Vec<String>,
        /// Form of the text
        #[arg(long, value_name = "FORM", default_value = "text", value_parser = named::<BookFormat>())]
        format: BookFormat,
    },
    /// Print every symbol with its meaning, shape, equations and place on the screen; or one of them
    Glossary {
        /// A symbol (δ, delta, Theta, 'g^f', 'dJ/dTheta'); without it all of them
        #[arg(value_name = "SYMBOL")]
        symbol: Vec<String>,
        /// Form of the text
        #[arg(long, value_name = "FORM", default_value = "text", value_parser = named::<BookFormat>())]
        format: BookFormat,
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
