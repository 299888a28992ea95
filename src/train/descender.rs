//! The descent beside the training: a thread of its own that computes it from a snapshot's Θ.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;

use super::descent::{Descent, DescentOrigin, DescentTask};
use super::panic::panic_text;
use super::snapshot::Snapshot;
use crate::error::{Error, Result};

/// A descent that was computed.
#[derive(Clone, Debug)]
pub struct Descended {
    /// Which picture it is of.
    pub of: DescentOrigin,
    /// The descent, or why there is none.
    pub outcome: std::result::Result<Arc<Descent>, String>,
}

/// A handle on a descent that is computed; dropping it stops the thread before the next point.
#[derive(Debug)]
pub struct Descender {
    /// Which picture it is of.
    pub of: DescentOrigin,
    stop: Arc<AtomicBool>,
}

impl Descended {
    /// That of a snapshot, computed on the caller's thread.
    pub fn of(snapshot: &Snapshot) -> Self {
        let task = DescentTask::of(snapshot);
        let descent = task.run(|| true).expect("nothing stops it");
        Self { of: task.of, outcome: Ok(Arc::new(descent)) }
    }
}

impl Descender {
    /// Computes the descent from a snapshot's Θ; `publish` is called once on the thread, unless it is stopped.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(snapshot: &Snapshot, publish: impl FnOnce(Descended) + Send + 'static) -> Result<Self> {
        let task = DescentTask::of(snapshot);
        let (of, stop) = (task.of.clone(), Arc::new(AtomicBool::new(false)));
        let is_stopped = Arc::clone(&stop);
        let body = move || {
            let goes_on = || !is_stopped.load(Ordering::Relaxed);
            match catch_unwind(AssertUnwindSafe(|| task.run(goes_on))) {
                Ok(Some(descent)) => publish(Descended { of: task.of, outcome: Ok(Arc::new(descent)) }),
                Ok(None) => {}
                Err(panic) => publish(Descended { of: task.of, outcome: Err(panic_text(panic.as_ref())) }),
            }
        };
        Builder::new()
            .name("descent".into())
            .spawn(body)
            .map_err(|reason| Error::Failed(format!("no thread for the descent: {reason}")))?;
        Ok(Self { of, stop })
    }
}

impl Drop for Descender {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
