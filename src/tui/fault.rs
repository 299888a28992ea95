//! Faults on demand, for the tests of what happens after one: `DELTASCOPE_FAULT=ui|stuck|trainer`, in debug builds alone.

/// Panics on the screen's thread, or never returns, if that was asked for.
pub(super) fn on_key() {
    #[cfg(debug_assertions)]
    {
        if asked_for("ui") {
            panic!("a fault of the screen, asked for");
        }
        while asked_for("stuck") {
            std::thread::park();
        }
    }
}

/// Panics on the thread that publishes, at its third report, if that was asked for.
pub(super) fn on_report() {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicU32, Ordering};
        static REPORTS: AtomicU32 = AtomicU32::new(0);
        if asked_for("trainer") && REPORTS.fetch_add(1, Ordering::Relaxed) == 2 {
            panic!("a fault of the trainer, asked for");
        }
    }
}

#[cfg(debug_assertions)]
fn asked_for(fault: &str) -> bool {
    static ASKED: std::sync::OnceLock<Option<std::ffi::OsString>> = std::sync::OnceLock::new();
    ASKED.get_or_init(|| std::env::var_os("DELTASCOPE_FAULT")).as_deref().is_some_and(|asked| asked == fault)
}
