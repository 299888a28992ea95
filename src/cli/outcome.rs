//! What a command tells: its exit status, warnings on stderr, and text on stdout.

use std::io::{self, Write};

use crate::error::{Error, Exit, Result};
use crate::headless;

/// The exit status of a run that ended so.
pub(super) fn status(end: headless::RunEnd) -> u8 {
    let exit = match end {
        headless::RunEnd::Done => Exit::Done,
        headless::RunEnd::Diverged => Exit::Diverged,
    };
    exit.status()
}

/// Tells what is odd on stderr.
pub(super) fn warn(warnings: &[String]) {
    let mut err = io::stderr();
    for warning in warnings {
        let _ = writeln!(err, "warning: {warning}");
    }
}

/// Prints to stdout; a closed pipe is no error.
pub(super) fn print(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{}", text.trim_end()) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(()),
    }
}
