//! How a run is shown: on the screen, its data read behind the first picture where that takes long, or as lines.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use clap::Args;

use super::values::{color, named, speed};
use super::{Known, Wanted, heed, prepared, status};
use crate::data::Loaded;
use crate::error::{Error, Result, printable};
use crate::headless::{self, Format};
use crate::kept;
use crate::theme::{ColorChoice, Depth, Theme};
use crate::train::worker::Start;
use crate::train::{Report, Speed, Worker};
use crate::tui;

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

    /// Keep the weights in a file at the end: .safetensors, .npz or .mat; on the screen also with W
    #[arg(long, value_name = "FILE", help_heading = "Training")]
    pub save: Option<PathBuf>,

    /// Train without the screen, a line per epoch on stdout; also chosen when stdout is no terminal; needs --epochs
    #[arg(long, help_heading = "Without a terminal")]
    pub headless: bool,
    /// Form of the lines
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = named::<Format>(), help_heading = "Without a terminal")]
    pub format: Format,
}

pub(super) fn train(wanted: Wanted, show: &ShowArgs) -> Result<u8> {
    if let Some(path) = &show.save {
        kept::format_of(path)?;
        kept::check_place(path)?;
    }
    if show.headless || !io::stdout().is_terminal() {
        if wanted.epochs().is_none() {
            return Err(Error::Usage("without the screen a run needs an end: give --epochs N".into()));
        }
        let (config, data) = prepared(wanted)?;
        return headless::run(config, data, (show.format, show.save.as_deref())).map(status);
    }
    tui::check_terminal()?;
    let loading = wanted.source().name.to_string_lossy().into_owned();
    let is_recurrent = wanted.is_recurrent();
    if is_recurrent && show.save.is_some() {
        return Err(Error::Usage("--save: the weights of recurrent nets are not kept in files".into()));
    }
    let loaded = loaded_soon(wanted.clone())?;
    let (speed, paused) = (show.speed, show.paused);
    let make = move |publisher: tui::Publisher<Report>| {
        let source = loaded.recv().unwrap_or_else(|_| Err(Error::Failed("the data are gone".into())))?;
        let known = Known { held_out: source.hold_out(), on_screen: true };
        let config = heed::settled(wanted.on(&source)?, known)?;
        Worker::start(Start { config, source, speed, paused }, move |report| publisher.publish(report))
    };
    let options = tui::Options { mouse: !show.no_mouse };
    if is_recurrent {
        return tui::run(options, |publisher| tui::TimeSession::start(make, speed, theme(show), publisher));
    }
    let (loading, look) = ((printable(&loading), speed), (theme(show), show.save.clone()));
    tui::run(options, |publisher| tui::Session::start(make, loading, look, publisher))
}

/// So long data may be read before the screen is opened: what is wrong with small ones is said without it.
const SOON: Duration = Duration::from_millis(80);

/// Data that are read in a thread of their own; what is wrong with them and found soon is said at once. What is odd about them stands on
/// the screen.
fn loaded_soon(wanted: Wanted) -> Result<Receiver<Result<Loaded>>> {
    let ((sender, receiver), (again, later)) = (channel(), channel());
    let body = move || drop(sender.send(wanted.load()));
    let thread = thread::Builder::new().name("reader".into()).spawn(body);
    thread.map_err(|reason| Error::Failed(format!("no thread to read the data: {reason}")))?;
    match receiver.recv_timeout(SOON) {
        Ok(loaded) => {
            let _ = again.send(Ok(loaded?));
            Ok(later)
        }
        Err(_) => Ok(receiver),
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
