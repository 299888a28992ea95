//! What a panic says, for the reports of the trainer's and the check's threads.

use std::any::Any;

/// The text of a panic.
pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the thread panicked without a message").into()
}
