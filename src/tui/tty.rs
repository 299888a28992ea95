//! The terminal as Unix sees it: its modes, its size, stopping, and writing that never waits for ever.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::OnceLock;

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr,
};

/// How long one wait for room in the terminal's buffer lasts before the writer asks whether to go on.
const BREATH: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The line discipline's modes, as they were when they were read.
#[derive(Clone)]
pub(super) struct Modes(Termios);

impl Modes {
    /// The modes as they are now.
    pub(super) fn current() -> io::Result<Self> {
        Ok(Self(tcgetattr(stdin())?))
    }

    /// The same modes, made raw.
    pub(super) fn raw(&self) -> Self {
        let mut raw = self.clone();
        raw.0.make_raw();
        raw
    }

    /// Puts these modes in force at once, without waiting for output to drain.
    pub(super) fn set(&self) -> io::Result<()> {
        Ok(tcsetattr(stdin(), OptionalActions::Now, &self.0)?)
    }

    /// Whether the system stops a background process that writes.
    pub(super) fn stop_background_writers(&self) -> bool {
        self.0.local_modes.contains(LocalModes::TOSTOP)
    }
}

/// Columns and rows.
pub(super) fn size() -> io::Result<Size> {
    let size = tcgetwinsize(stdout())?;
    Ok(Size::new(size.ws_col, size.ws_row))
}

/// Throws away what was written and has not left yet.
pub(super) fn drop_output() {
    let _ = tcflush(stdout(), QueueSelector::OFlush);
}

/// Throws away what was typed and has not been read yet.
pub(super) fn drop_input() {
    let _ = tcflush(stdin(), QueueSelector::IFlush);
}

/// The end to write to: the controlling terminal opened once more, so that it can be set not to block without doing
/// that to the shell's own descriptor. A write to a stalled terminal that blocks would hold the terminal's lock, and
/// then nobody could restore it. Where there is no such thing, stdout as it is.
fn writing_end() -> BorrowedFd<'static> {
    static OWN: OnceLock<Option<File>> = OnceLock::new();
    let own = OWN.get_or_init(|| {
        // Only of the controlling terminal can the foreground group be asked: then /dev/tty is stdout's terminal.
        tcgetpgrp(stdout()).ok()?;
        let file = File::options().write(true).open("/dev/tty").ok()?;
        rustix::io::ioctl_fionbio(&file, true).ok()?;
        Some(file)
    });
    own.as_ref().map_or(stdout(), AsFd::as_fd)
}

/// Writes all of it, as fast as the terminal takes it, for as long as `go_on` says so.
///
/// # Errors
/// `Interrupted` if `go_on` ended it; anything else means that the terminal is gone.
pub(super) fn write(mut bytes: &[u8], go_on: impl Fn() -> bool) -> io::Result<()> {
    let end = writing_end();
    while !bytes.is_empty() {
        if !go_on() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let mut room = [PollFd::new(&end, PollFlags::OUT)];
        match poll(&mut room, Some(&BREATH)) {
            Ok(0) | Err(Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        if room[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        match rustix::io::write(end, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether the terminal belongs to another job now: to touch its modes would stop this one.
pub(super) fn in_background() -> bool {
    tcgetpgrp(stdin()).is_ok_and(|foreground| foreground != getpgrp())
}

/// Whether there is a shell that could wake us again: one that gives each job a process group of its own.
pub(super) fn can_stop() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

/// Stops the job; returns once it is continued.
pub(super) fn stop() {
    // SIGSTOP, because the system drops a SIGTSTP that a job sends to itself when no shell is its parent.
    let _ = kill_current_process_group(Signal::STOP);
}

/// Returns when something has been typed, and the terminal is ours: who reads from another job's terminal is stopped.
///
/// # Errors
/// If the terminal is gone.
pub(super) fn wait_for_input() -> io::Result<()> {
    let terminal = stdin();
    loop {
        let mut typed = [PollFd::new(&terminal, PollFlags::IN)];
        match poll(&mut typed, None) {
            Err(Errno::INTR) => continue,
            outcome => outcome?,
        };
        if !typed[0].revents().contains(PollFlags::IN) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if !in_background() {
            return Ok(());
        }
        // Somebody types to the shell.
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// Returns when the terminal has hung up. Waiting for no event at all still reports that, and costs nothing.
pub(super) fn wait_for_hang_up() {
    let terminal = stdin();
    while let Err(Errno::INTR) = poll(&mut [PollFd::new(&terminal, PollFlags::empty())], None) {}
}
