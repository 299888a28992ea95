//! The guard of the terminal: takes it, and gives it back as it was, whoever asks, from whichever thread, in bounded time.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::tty::{self, Modes};

/// Alternate screen, empty, cursor hidden, pastes in brackets.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[0m\x1b[2J";
/// Clicks, drags and the wheel, with coordinates of any size.
const MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// Everything off that was ever on, and a frame that was cut off closed.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[0m\x1b[?1049l\x1b[?25h";
/// How long a terminal that takes no bytes is waited for.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long a thread waits for another that is giving the terminal back.
const TURN: Duration = Duration::from_millis(500);

/// The modes to return to: there while the terminal is ours.
static SAVED: Mutex<Option<Modes>> = Mutex::new(None);
/// Whether the terminal is ours, for those who only ask.
static ACTIVE: AtomicBool = AtomicBool::new(false);
/// Whether mouse reports are asked for.
static WITH_MOUSE: AtomicBool = AtomicBool::new(false);

/// Takes the terminal: raw, on the alternate screen. It is given back by `leave` alone; no destructor does it.
///
/// # Errors
/// If the terminal's modes can't be read or set.
pub(super) fn enter(mouse: bool) -> io::Result<()> {
    let modes = Modes::current()?;
    WITH_MOUSE.store(mouse, Ordering::SeqCst);
    let mut saved = turn().ok_or(io::ErrorKind::WouldBlock)?;
    *saved = Some(modes.clone());
    ACTIVE.store(true, Ordering::SeqCst);
    drop(saved);
    modes.raw().set()?;
    announce();
    Ok(())
}

/// Asks for every mode once more after somebody else may have changed it; what `leave` returns to stays as it was.
///
/// # Errors
/// If the terminal's modes can't be read or set.
pub(super) fn reassert() -> io::Result<()> {
    if active() {
        Modes::current()?.raw().set()?;
        announce();
    }
    Ok(())
}

/// Sets the modes that are in force once more: the system then wakes everybody who waits for input, without any having
/// come.
pub(super) fn remind() {
    // Under the lock, so that raw modes are not set after the terminal was given back.
    if let Some(saved) = turn()
        && saved.is_some()
    {
        let _ = Modes::current().and_then(|modes| modes.set());
    }
}

/// Gives the terminal back. Called twice, or by two threads, it does it once; the second waits for the first.
/// It does not panic, prints nothing, and ends within a second.
pub(super) fn leave() {
    let Some(mut saved) = turn() else { return };
    if let Some(modes) = saved.take() {
        give_back(&modes);
        ACTIVE.store(false, Ordering::SeqCst);
    }
}

/// Whether the terminal is ours.
pub(super) fn active() -> bool {
    ACTIVE.load(Ordering::SeqCst)
}

fn give_back(modes: &Modes) {
    if tty::in_background() {
        // Another job has the terminal and its modes; to set them would stop us, and so would a word where that is asked.
        if !Modes::current().is_ok_and(|current| current.stop_background_writers()) {
            put(LEAVE);
        }
        return;
    }
    // The rest of a frame that nobody reads would stand in the way of the bytes that matter.
    tty::drop_output();
    put(LEAVE);
    // Mouse reports on their way would be typed into the shell.
    tty::drop_input();
    let _ = modes.set();
}

fn announce() {
    put(ENTER);
    if WITH_MOUSE.load(Ordering::SeqCst) {
        put(MOUSE);
    }
}

fn put(bytes: &[u8]) {
    let end = Instant::now() + PATIENCE;
    // Nobody can be told that the terminal does not listen.
    let _ = tty::write(bytes, || Instant::now() < end);
}

/// The lock, waited for no longer than another thread needs to give the terminal back.
fn turn() -> Option<MutexGuard<'static, Option<Modes>>> {
    let end = Instant::now() + TURN;
    loop {
        match SAVED.try_lock() {
            Ok(saved) => return Some(saved),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < end => sleep(Duration::from_millis(2)),
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}
