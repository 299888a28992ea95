//! The terminal where there is no Unix: as much of it as crossterm offers; no job control and no hang-up.

use std::io::{self, Write};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode, is_raw_mode_enabled};
use ratatui::layout::Size;

/// Whether the terminal is raw.
#[derive(Clone)]
pub(super) struct Modes {
    raw: bool,
}

impl Modes {
    /// The mode as it is now.
    pub(super) fn current() -> io::Result<Self> {
        Ok(Self { raw: is_raw_mode_enabled()? })
    }

    /// Raw.
    pub(super) fn raw(&self) -> Self {
        Self { raw: true }
    }

    /// Puts the mode in force.
    pub(super) fn set(&self) -> io::Result<()> {
        if self.raw { enable_raw_mode() } else { disable_raw_mode() }
    }

    /// Nothing is stopped here.
    pub(super) fn stop_background_writers(&self) -> bool {
        false
    }
}

/// Columns and rows.
pub(super) fn size() -> io::Result<Size> {
    let (width, height) = crossterm::terminal::size()?;
    Ok(Size::new(width, height))
}

/// Can't be done here.
pub(super) fn drop_output() {}

/// Can't be done here.
pub(super) fn drop_input() {}

/// Writes all of it; a stalled terminal is waited for.
pub(super) fn write(bytes: &[u8], _go_on: impl Fn() -> bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// There are no jobs here.
pub(super) fn in_background() -> bool {
    false
}

/// There are no jobs here.
pub(super) fn can_stop() -> bool {
    false
}

/// There are no jobs here.
pub(super) fn stop() {}

/// Returns when something has been typed.
pub(super) fn wait_for_input() -> io::Result<()> {
    crossterm::event::poll(std::time::Duration::from_secs(3600)).map(drop)
}
