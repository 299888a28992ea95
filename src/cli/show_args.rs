//! The options that change how a run is shown.

use std::path::PathBuf;

use clap::Args;

use super::values::{color, named, speed};
use crate::headless::LineFormat;
use crate::theme::{Background, ColorChoice, MathStyle};
use crate::train::Speed;

/// Options that change how a run is shown.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// Updates per second on the screen: a number, or max
    #[arg(long, allow_negative_numbers = true, value_name = "N|max", default_value = "24", value_parser = speed, help_heading = "Screen")]
    pub speed: Speed,
    /// Start paused, before the first update
    #[arg(long, help_heading = "Screen")]
    pub paused: bool,
    /// Only ASCII characters, for fonts without braille and blocks [default: where the locale is not UTF-8]
    #[arg(long, help_heading = "Screen")]
    pub ascii: bool,
    /// Marks of symbols: typeset, such as δ⁽²⁾₄, or plain, δ^(2)_4; only ASCII is always plain
    #[arg(long, value_name = "STYLE", default_value = "typeset", value_parser = named::<MathStyle>(), hide_possible_values = true, help_heading = "Screen")]
    pub math: MathStyle,
    /// Colours: auto, never, 16, 256 or rgb; auto heeds NO_COLOR, COLORTERM and TERM
    #[arg(long, value_name = "DEPTH", default_value = "auto", value_parser = color(), hide_possible_values = true, help_heading = "Screen")]
    pub color: ColorChoice,
    /// Background that the colours are made for: auto, dark or light; auto heeds COLORFGBG, else dark
    #[arg(long, value_name = "THEME", default_value = "auto", value_parser = named::<Background>(), hide_possible_values = true, help_heading = "Screen")]
    pub theme: Background,
    /// Leave the mouse to the terminal
    #[arg(long, help_heading = "Screen")]
    pub no_mouse: bool,

    /// Keep the weights in a file at the end: .safetensors, .npz or .mat; on the screen also with W
    #[arg(long, value_name = "FILE", help_heading = "Training")]
    pub save: Option<PathBuf>,

    /// Train without the screen, a line per epoch on stdout; also chosen when stdout is no terminal; needs --epochs
    #[arg(long, help_heading = "Without a terminal")]
    pub headless: bool,
    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = named::<LineFormat>(), help_heading = "Without a terminal")]
    pub format: LineFormat,
}
