//! The terminal's side of the program: wait, absorb, draw; and nothing else touches the terminal.
//!
//! ```text
//! keys      crossterm's events ───┐
//! signals   TERM INT HUP QUIT ────┤
//!           TSTP CONT WINCH       ├──▶ inbox ──▶ screen: wait → absorb → draw
//! terminal  has it hung up? ──────┤
//! trainer   publishes reports ────┘
//! ```

mod canvas;
mod crash;
mod starting_worker;
mod fault;
mod guard;
mod inbox;
mod pending_cells;
mod pace;
mod scope;
mod screen;
mod session;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod tty;
#[cfg(not(unix))]
#[path = "tui/tty_fallback.rs"]
mod tty;

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use ratatui::layout::Size;

use self::canvas::FrameWriter;
use self::screen::Screen;
use crate::error::{Error, Result};

pub use self::inbox::Publisher;
pub use self::scope::{AfterEvent, Scope, ScreenOptions};
pub use self::session::Session;

/// Whether there is a terminal that the screen can be shown on.
///
/// # Errors
/// `Error::Terminal` if not, naming `--headless`.
pub fn check_terminal() -> Result<()> {
    let name = std::env::var_os("TERM").unwrap_or_default();
    check(io::stdin().is_terminal() && io::stdout().is_terminal(), &name.to_string_lossy(), cfg!(unix))
}

fn check(terminal: bool, name: &str, must_have_name: bool) -> Result<()> {
    let wrong = if !terminal {
        "the screen needs a terminal on stdin and stdout"
    } else if name == "dumb" {
        "TERM is dumb: this terminal can't show the screen"
    } else if name.is_empty() && must_have_name {
        "TERM is not set: what this terminal can show is not known"
    } else {
        return Ok(());
    };
    Err(Error::Terminal(format!("{wrong}; use --headless")))
}

/// Shows what `make` makes until it ends, and returns the exit status: 0 after quitting, 128 + n after signal n, 129 after
/// the terminal was lost. To be called on the main thread, once. `make` is given the trainer's end of the inbox.
///
/// # Errors
/// `Error::Terminal` if there is no terminal, whatever `make` returns, and `Error::Failed` after quitting if a thread
/// other than this one has panicked meanwhile: its text, which could not be printed on a live screen.
///
/// # Panics
/// If the scope does; the terminal is given back first.
pub fn run<S: Scope>(options: ScreenOptions, make: impl FnOnce(Publisher<S::Report>) -> Result<S>) -> Result<u8> {
    check_terminal()?;
    let (inbox, sender, publisher) = inbox::open();
    crash::install();
    let scope = make(publisher)?;
    // With NO_COLOR set crossterm would drop bold and reverse too; the theme drops colours, and only them.
    crossterm::style::force_color_output(true);
    #[cfg(unix)]
    signals::listen(sender.clone())?;
    let mut screen = Screen::new(scope, inbox, Tty, options)?;
    guard::enter(options.mouse).map_err(|reason| Error::Terminal(format!("{reason}; use --headless")))?;
    let threads = inbox::read_keys(sender.clone());
    #[cfg(unix)]
    let threads = threads.and_then(|()| signals::watch_terminal(sender));
    let status = threads.map(|()| screen.show());
    guard::leave();
    inbox::over();
    let left = screen.scope.leave();
    let status = report(status?)?;
    left.map(|()| status)
}

/// What has panicked under the screen is an error after quitting; where a signal decides on the status it is a line.
fn report(status: u8) -> Result<u8> {
    match crash::take() {
        Some(text) if status == 0 => Err(Error::Failed(text)),
        Some(text) => {
            let _ = writeln!(io::stderr(), "{text}");
            Ok(status)
        }
        None => Ok(status),
    }
}

/// The terminal as the place where frames go.
struct Tty;

impl FrameWriter for Tty {
    fn size(&self) -> io::Result<Size> {
        tty::size()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<Duration> {
        let start = Instant::now();
        tty::write(bytes, || inbox::must_end().is_none())?;
        Ok(start.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_terminal_headless_is_named_and_the_status_is_2() {
        for (terminal, name) in [(false, "xterm"), (true, "dumb"), (true, "")] {
            let error = check(terminal, name, true).unwrap_err();
            assert!(error.to_string().contains("--headless"));
            assert_eq!(error.exit_status(), 2);
        }
        assert!(check(true, "xterm", true).is_ok());
        assert!(check(true, "", false).is_ok(), "where terminals have no names");
    }
}
