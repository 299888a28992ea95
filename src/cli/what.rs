//! What can be exported, as the command line has it.

use std::path::PathBuf;

use clap::Subcommand;

use super::RunArgs;
use super::values::{Keys, keys, named, size};
use crate::headless::export::{Export, Shot};
use crate::keymap::Panel;
use crate::theme::{Depth, MathStyle, Theme};

/// What can be exported.
#[derive(Debug, Subcommand)]
pub enum What {
    /// The measures of every epoch as CSV
    History {
        /// The file; - is stdout
        to: PathBuf,
        /// The run.
        #[command(flatten)]
        run: Box<RunArgs>,
    },
    /// The measures of every epoch as a file of events for TensorBoard
    Tensorboard {
        /// The folder that it is put in
        folder: PathBuf,
        /// The run.
        #[command(flatten)]
        run: Box<RunArgs>,
    },
    /// The screen after the epochs and keys, or one panel of it: as SVG or as text, by the name's ending
    Screen {
        /// The file: .svg or .txt; - is stdout, as text
        to: PathBuf,
        /// Columns and rows
        #[arg(long, value_name = "WxH", default_value = "120x40", value_parser = size, help_heading = "Screen")]
        size: (u16, u16),
        /// One panel alone
        #[arg(long, value_name = "NAME", value_parser = named::<Panel>(), help_heading = "Screen")]
        panel: Option<Panel>,
        /// Keys that are pressed before: characters or names such as Enter, with blanks between them; n*3 presses n three times
        #[arg(long, value_name = "KEYS", default_value = "", value_parser = keys, hide_default_value = true, help_heading = "Screen")]
        keys: Keys,
        /// Background that the colours are made for
        #[arg(long, value_name = "THEME", default_value = "dark", value_parser = ["dark", "light"], help_heading = "Screen")]
        theme: String,
        /// Only ASCII characters
        #[arg(long, help_heading = "Screen")]
        ascii: bool,
        /// Marks of symbols: typeset, such as δ⁽²⁾₄, or plain, δ^(2)_4; only ASCII is always plain
        #[arg(long, value_name = "STYLE", default_value = "typeset", value_parser = named::<MathStyle>(), hide_possible_values = true, help_heading = "Screen")]
        math: MathStyle,
        /// The run.
        #[command(flatten)]
        run: Box<RunArgs>,
    },
    /// A PyTorch script that builds the net with its weights
    Pytorch {
        /// The file; - is stdout
        to: PathBuf,
        /// The run.
        #[command(flatten)]
        run: Box<RunArgs>,
    },
}

impl What {
    /// The run that is exported.
    pub(super) fn run(&self) -> &RunArgs {
        match self {
            Self::History { run, .. }
            | Self::Tensorboard { run, .. }
            | Self::Screen { run, .. }
            | Self::Pytorch { run, .. } => run,
        }
    }

    /// What is exported, and of which run.
    pub(super) fn parts(self) -> (Export, RunArgs) {
        match self {
            Self::History { to, run } => (Export::History(to), *run),
            Self::Tensorboard { folder, run } => (Export::TensorBoard(folder), *run),
            Self::Pytorch { to, run } => (Export::PyTorch(to), *run),
            Self::Screen { to, size, panel, keys, theme, ascii, math, run } => {
                let theme = Theme { depth: Depth::Rgb, dark: theme == "dark", ascii, math };
                (Export::Screen(to, Shot { size, panel, theme, keys: keys.0 }), *run)
            }
        }
    }
}
