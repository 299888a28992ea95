//! What happens after a panic: the screen's thread takes the screen down with it, any other leaves it up.

use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use super::guard;

/// More texts than this are one and the same story.
const MOST: usize = 4;

/// The thread that draws.
static SCREEN: OnceLock<ThreadId> = OnceLock::new();
/// What threads have said that panicked under a screen that stayed up.
static TEXTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Makes the calling thread the screen's, and says what a panic does from now on.
pub(super) fn install() {
    if SCREEN.set(thread::current().id()).is_err() {
        return;
    }
    let previous = take_hook();
    set_hook(Box::new(move |info| {
        let of_the_screen = SCREEN.get() == Some(&thread::current().id());
        if of_the_screen {
            guard::leave();
        }
        if of_the_screen || !guard::active() {
            // The terminal is the shell's: the message can be read.
            previous(info);
        } else {
            keep(info);
        }
    }));
}

/// What was kept, once; `None` if nothing has panicked.
pub(super) fn take() -> Option<String> {
    let texts = std::mem::take(&mut *TEXTS.lock().unwrap_or_else(PoisonError::into_inner));
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn keep(info: &PanicHookInfo<'_>) {
    let name = thread::current().name().unwrap_or("without a name").to_owned();
    let text: String = info.to_string().chars().filter(|&c| c == '\n' || !c.is_control()).collect();
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if texts.len() < MOST {
        texts.push(format!("the thread {name} {text}"));
    }
}
