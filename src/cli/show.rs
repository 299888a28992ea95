//! How a run is shown: on the screen, its data read behind the first picture where that takes long, or as lines.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use super::heed::{Known, settled};
use super::outcome::status;
use super::show_args::ShowArgs;
use super::wanted::{Wanted, prepared};
use crate::data::Loaded;
use crate::error::{Error, Result, printable};
use crate::headless;
use crate::theme::{Depth, Theme};
use crate::train::worker::Start;
use crate::train::{Report, Worker};
use crate::tui;
use crate::weights;

pub(super) fn train(wanted: Wanted, show: &ShowArgs) -> Result<u8> {
    if let Some(path) = &show.save {
        weights::format_of(path)?;
        weights::check_place(path)?;
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
    let loaded = loaded_soon(wanted.clone())?;
    let (speed, paused) = (show.speed, show.paused);
    let make = move |publisher: tui::Publisher<Report>| {
        let source = loaded.recv().unwrap_or_else(|_| Err(Error::Failed("the data are gone".into())))?;
        let known = Known { held_out: source.hold_out(), on_screen: true };
        let config = settled(wanted.on(&source)?, known)?;
        Worker::start(Start { config, source, speed, paused }, move |report| publisher.publish(report))
    };
    let options = tui::ScreenOptions { mouse: !show.no_mouse };
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
        dark: show.theme.is_dark(&env),
        ascii: show.ascii || Theme::ascii_by_locale(&env),
        math: show.math,
    }
}
