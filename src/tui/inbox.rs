//! The one inbox that the screen's thread waits on, and the threads that fill it.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crossterm::event::{self, Event};

use super::{fault, guard, tty};
use crate::error::{Error, Result};

/// The exit status after the terminal is lost: that of a hang-up.
pub(super) const LOST: u8 = 128 + 1;
/// How long the screen may take to end before it is ended.
const PATIENCE: Duration = Duration::from_millis(1000);
/// How long input that the system has announced may take to become an event.
const SHORT: Duration = Duration::from_millis(10);

/// The exit status that the program must end with, 0 while it needn't: for the writer that would wait for the terminal.
static MUST_END: AtomicU8 = AtomicU8::new(0);
/// Whether the screen is over, by itself.
static OVER: AtomicBool = AtomicBool::new(false);

/// All that the screen's thread waits for.
#[derive(Debug)]
#[cfg_attr(not(unix), allow(dead_code, reason = "there are no signals"))]
pub(super) enum Msg<R> {
    /// A key, a click, a paste or a new size.
    Input(Event),
    /// What the trainer's thread has published.
    Report(R),
    /// The terminal may have another size.
    Resized,
    /// A signal of this number asks the program to end.
    Quit(i32),
    /// A signal asks the program to stop.
    Suspend,
    /// The program goes on after a stop.
    Resume,
    /// There is no terminal any more.
    TerminalGone,
}

/// The trainer's end of the inbox: it knows no terminal, and the terminal's side knows no trainer.
#[derive(Debug)]
pub struct Publisher<R>(Sender<Msg<R>>);

impl<R> Clone for Publisher<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R> Publisher<R> {
    /// Puts a report into the inbox; when the screen is over nobody wants it.
    pub fn publish(&self, report: R) {
        fault::on_report();
        let _ = self.0.send(Msg::Report(report));
    }
}

/// A new inbox, the end to put into it, and the same end for the trainer.
pub(super) fn open<R>() -> (Receiver<Msg<R>>, Sender<Msg<R>>, Publisher<R>) {
    let (sender, inbox) = channel();
    let publisher = Publisher(sender.clone());
    (inbox, sender, publisher)
}

/// The exit status that something outside asks for, if it does.
pub(super) fn must_end() -> Option<u8> {
    Some(MUST_END.load(Ordering::SeqCst)).filter(|&status| status != 0)
}

/// The screen has ended and the terminal is given back.
pub(super) fn over() {
    OVER.store(true, Ordering::SeqCst);
}

/// The program must end with this status; the first to say so decides.
pub(super) fn order_end(status: u8) {
    let _ = MUST_END.compare_exchange(0, status, Ordering::SeqCst, Ordering::SeqCst);
}

/// Ends the program from outside the screen's thread, should that not do it in time.
#[cfg_attr(not(unix), allow(dead_code, reason = "there are no signals"))]
pub(super) fn end_at_last(status: u8) -> ! {
    let end = Instant::now() + PATIENCE;
    while !OVER.load(Ordering::SeqCst) && Instant::now() < end {
        sleep(Duration::from_millis(10));
    }
    if OVER.load(Ordering::SeqCst) {
        // Only the program's last words are missing: the trainer is waited for, an error printed.
        sleep(PATIENCE);
    }
    guard::leave();
    std::process::exit(status.into())
}

/// Starts a thread that lives as long as the program.
///
/// # Errors
/// If the system gives no thread.
pub(super) fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name(name.into())
        .spawn(body)
        .map(drop)
        .map_err(|reason| Error::Failed(format!("no thread for the {name}: {reason}")))
}

/// Starts the thread that reads keys. It has one of its own because reading waits for the rest of a sequence that was
/// half received, for ever if it never comes.
///
/// # Errors
/// If the system gives no thread.
pub(super) fn read_keys<R: Send + 'static>(sender: Sender<Msg<R>>) -> Result<()> {
    spawn("keys", move || {
        loop {
            // crossterm would read whoever has the terminal, and would never notice that it is gone.
            let read = tty::wait_for_input().and_then(|()| forward(&sender));
            if read.is_err() {
                order_end(LOST);
                let _ = sender.send(Msg::TerminalGone);
                return;
            }
        }
    })
}

/// Puts every event into the inbox that has arrived.
fn forward<R>(sender: &Sender<Msg<R>>) -> io::Result<()> {
    if !event::poll(SHORT)? {
        // crossterm reads 1,024 bytes and then waits for more to arrive, though more are there.
        guard::remind();
    }
    while event::poll(Duration::ZERO)? {
        // Where the screen is over nobody wants them.
        let _ = sender.send(Msg::Input(event::read()?));
    }
    Ok(())
}
