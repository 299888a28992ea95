//! The gradient check beside the training: a thread of its own that checks the Θ of one snapshot and tells how far it is.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;
use std::time::{Duration, Instant};

use super::gradient_check::GradientCheck;
use super::panic::panic_text;
use super::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::nn::check::LayerReport;

/// A check of all cells that would take longer is one of some cells.
const BUDGET: Duration = Duration::from_secs(60);
/// Cells that are checked first, to learn how long one takes, unless that takes too long itself.
const TRIAL: usize = 16;
const TRIAL_ENDS: Duration = Duration::from_secs(2);
/// Between two words on how far it is.
const BETWEEN: Duration = Duration::from_millis(50);

/// Whose gradient is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The run.
    pub run: u64,
    /// Updates made before.
    pub step: u64,
}

/// How far a check is.
#[derive(Clone, Debug)]
pub enum Progress {
    /// So many of so many cells are done.
    Under {
        /// Cells done; those that are not looked at count when they are passed.
        done: usize,
        /// Cells of all Θ.
        cells: usize,
    },
    /// It is done.
    Done {
        /// What was found, layer by layer.
        layers: Arc<[LayerReport]>,
        /// One of every so many cells was looked at.
        every: usize,
    },
    /// It panicked with this text.
    Failed(String),
}

/// What a check tells.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Whose gradient.
    pub of: Moment,
    /// How far.
    pub progress: Progress,
}

/// A handle on a check; dropping it stops the check after the cells under way.
#[derive(Debug)]
pub struct Checker(Arc<AtomicBool>);

/// What the thread works on.
struct Work {
    of: Moment,
    check: GradientCheck,
    stop: Arc<AtomicBool>,
}

impl Checker {
    /// Checks the gradient at a snapshot's Θ; `publish` is called on the check's thread.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(snapshot: &Snapshot, publish: impl Fn(Checked) + Send + 'static) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let work = Work { of: Moment::of(snapshot), check: GradientCheck::of(snapshot), stop: Arc::clone(&stop) };
        let body = move || {
            let tell = |progress| publish(Checked { of: work.of, progress });
            match catch_unwind(AssertUnwindSafe(|| work.run(&tell))) {
                Ok(Some(done)) => tell(done),
                Ok(None) => {}
                Err(panic) => tell(Progress::Failed(panic_text(panic.as_ref()))),
            }
        };
        Builder::new()
            .name("check".into())
            .spawn(body)
            .map_err(|reason| Error::Failed(format!("no thread for the check: {reason}")))?;
        Ok(Self(stop))
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Moment {
    /// The moment of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        Self { run: snapshot.run, step: snapshot.position.step }
    }
}

impl Work {
    fn run(&self, tell: &dyn Fn(Progress)) -> Option<Progress> {
        let check = &self.check;
        tell(Progress::Under { done: 0, cells: check.cells() });
        let every = self.every()?;
        let mut told = Instant::now();
        let layers = check.run_every(every, |done, cells| {
            if told.elapsed() >= BETWEEN {
                told = Instant::now();
                tell(Progress::Under { done, cells });
            }
            self.unless_stopped()
        })?;
        Some(Progress::Done { layers: layers.into(), every })
    }

    /// One cell of every so many can be checked within the budget, by the time that a few take.
    fn every(&self) -> Option<usize> {
        let check = &self.check;
        let of_trial = (check.cells() / TRIAL).max(1);
        let (begun, mut passed) = (Instant::now(), 0);
        let outcome = check.run_every(of_trial, |done, _| {
            passed = done;
            if begun.elapsed() > TRIAL_ENDS { ControlFlow::Break(()) } else { self.unless_stopped() }
        });
        if outcome.is_none() && self.unless_stopped().is_break() {
            return None;
        }
        let of_one = begun.elapsed().div_f64((passed as f64 / of_trial as f64).max(1.0));
        let affordable = (BUDGET.as_secs_f64() / of_one.as_secs_f64().max(1e-9)).max(1.0);
        Some((check.cells() as f64 / affordable).ceil().max(1.0) as usize)
    }

    fn unless_stopped(&self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
