//! Two threads of Unix: one turns signals into messages, one sees that the terminal is lost; both end the program if nobody else does.

use std::sync::mpsc::Sender;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::inbox::{LOST, Msg, end_at_last, order_end, spawn};
use super::tty;
use crate::error::{Error, Result};

/// Takes the signals over, and starts the thread that waits for them.
///
/// # Errors
/// If the system gives no thread, or refuses.
pub(super) fn listen<R: Send + 'static>(sender: Sender<Msg<R>>) -> Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])
        .map_err(|reason| Error::Failed(format!("signals can't be listened for: {reason}")))?;
    spawn("signals", move || {
        for signal in signals.forever() {
            // Where the screen is over nobody listens, and a signal that ends the program still must.
            let _ = sender.send(match signal {
                SIGTSTP => Msg::Suspend,
                SIGCONT => Msg::Resume,
                SIGWINCH => Msg::Resized,
                signal => {
                    order_end(status_of(signal));
                    Msg::Quit(signal)
                }
            });
            if !matches!(signal, SIGTSTP | SIGCONT | SIGWINCH) {
                end_at_last(status_of(signal));
            }
        }
    })
}

/// Starts the thread that waits for the terminal to hang up. The signal for it may be ignored, and the thread that
/// reads keys spins on a dead terminal instead of saying so.
///
/// # Errors
/// If the system gives no thread.
pub(super) fn watch_terminal<R: Send + 'static>(sender: Sender<Msg<R>>) -> Result<()> {
    spawn("terminal", move || {
        tty::wait_for_hang_up();
        order_end(LOST);
        let _ = sender.send(Msg::TerminalGone);
        end_at_last(LOST);
    })
}

fn status_of(signal: i32) -> u8 {
    128u8.saturating_add(u8::try_from(signal).unwrap_or(127))
}
