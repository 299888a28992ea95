//! The trainer's thread: takes commands, keeps the pace, and answers each look with one snapshot.

mod thread;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::checker::Checked;
use super::config::{Config, Precision};
use super::sequence::{Plan, Scene};
use super::setting::{Anew, Setting};
use super::snapshot::Snapshot;
use super::trainable::{Options, Trainable};
use super::trainer::Trainer;
use crate::data::Dataset;
use crate::data::sequences::Sequences;
use crate::error::{Error, Result};
use crate::nn::{Network, Real, Recurrent, Weight};
use thread::TrainerThread;

/// How much a single step command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// One update.
    Batch,
    /// As many updates as an epoch has batches.
    Epoch,
}

/// How fast a run goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// At most so many updates per second.
    PerSecond(f64),
    /// As fast as it goes.
    Max,
}

/// What the trainer can be told; a look is answered with an S.
#[derive(Debug)]
pub enum Command<S = Snapshot> {
    /// Go on updating.
    Run,
    /// Stop after the update under way.
    Pause,
    /// Take one step, then pause.
    Step(Unit),
    /// Start again.
    Reset(Anew),
    /// Give a weight another value.
    Edit(Weight, f64),
    /// Take the last edit since the last update back.
    Undo,
    /// Change a setting from the next update on.
    Set(Setting, f64),
    /// Go at another speed.
    Speed(Speed),
    /// Publish one snapshot, in the memory of an old one if it is handed back.
    Look(Option<Box<S>>),
}

/// What the trainer's thread publishes.
#[derive(Debug)]
pub enum Report<S = Snapshot> {
    /// The answer to a look.
    Snapshot(Box<S>),
    /// The trainer has panicked with this text; its thread is gone.
    Died(String),
    /// A change was not made, for this reason.
    Refused(String),
    /// How far the gradient check is; it comes from the check's thread.
    Checked(Checked),
}

/// A handle on the trainer's thread; dropping it hangs up, and the thread ends after the update under way.
#[derive(Debug)]
pub struct Worker<S = Snapshot> {
    commands: Sender<Command<S>>,
    thread: JoinHandle<()>,
}

/// What a worker is started with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The options of the run, checked.
    pub config: Config,
    /// The data, not yet split.
    pub dataset: Arc<Dataset>,
    /// The speed it goes at.
    pub speed: Speed,
    /// Whether it waits for a command before the first update.
    pub paused: bool,
}

/// What a worker on sequences is started with.
#[derive(Clone, Debug)]
pub struct SequenceStart {
    /// The options of the run, checked.
    pub plan: Plan,
    /// The sequences.
    pub sequences: Arc<Sequences>,
    /// The speed it goes at.
    pub speed: Speed,
    /// Whether it waits for a command before the first update.
    pub paused: bool,
}

impl Worker {
    /// Starts the thread; `publish` is called on it with each report.
    ///
    /// # Errors
    /// If the options don't fit the data, or the system gives no thread.
    pub fn start(start: Start, publish: impl Fn(Report) + Send + 'static) -> Result<Self> {
        let Start { config, dataset, speed, paused } = start;
        match config.precision {
            Precision::F64 => train::<f64, Network<f64>>(config, dataset, (speed, paused), publish),
            Precision::F32 => train::<f32, Network<f32>>(config, dataset, (speed, paused), publish),
        }
    }
}

impl Worker<Scene> {
    /// Starts the thread on sequences; `publish` is called on it with each report.
    ///
    /// # Errors
    /// If the options don't fit the sequences, or the system gives no thread.
    pub fn on_sequences(start: SequenceStart, publish: impl Fn(Report<Scene>) + Send + 'static) -> Result<Self> {
        let SequenceStart { plan, sequences, speed, paused } = start;
        match plan.config.precision {
            Precision::F64 => train::<f64, Recurrent<f64>>(plan, sequences, (speed, paused), publish),
            Precision::F32 => train::<f32, Recurrent<f32>>(plan, sequences, (speed, paused), publish),
        }
    }
}

/// Checks the options before the thread is there, so that a run that can't begin is refused at once.
fn train<T: Real, M: Trainable<T>>(
    options: M::Options,
    source: Arc<M::Source>,
    pace: (Speed, bool),
    publish: impl Fn(Report<M::Seen>) + Send + 'static,
) -> Result<Worker<M::Seen>> {
    options.config().check()?;
    let data = M::prepare(&options, &source)?;
    M::check(&options, &data)?;
    Worker::of(publish, move |inbox, publish| {
        let model = M::begin(&options, &data);
        let trainer = Trainer::<T, M>::with_model(Arc::new(options), data, model)?;
        TrainerThread::new(trainer, source, pace).serve(inbox, publish);
        Ok(())
    })
}

impl<S: Send + 'static> Worker<S> {
    fn of(
        publish: impl Fn(Report<S>) + Send + 'static,
        body: impl FnOnce(&Receiver<Command<S>>, &dyn Fn(Report<S>)) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let (commands, inbox) = channel();
        let body = move || match catch_unwind(AssertUnwindSafe(|| body(&inbox, &publish))) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => publish(Report::Died(error.to_string())),
            Err(panic) => publish(Report::Died(panic_text(panic.as_ref()))),
        };
        let thread = Builder::new()
            .name("trainer".into())
            .spawn(body)
            .map_err(|reason| Error::Failed(format!("no thread for the trainer: {reason}")))?;
        Ok(Self { commands, thread })
    }

    /// Sends a command; a thread that is gone has said so already.
    pub fn send(&self, command: Command<S>) {
        let _ = self.commands.send(command);
    }

    /// Hangs up and waits for the thread, but no longer than this.
    pub fn leave(self, at_most: Duration) {
        drop(self.commands);
        let end = Instant::now() + at_most;
        while !self.thread.is_finished() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the trainer panicked without a message").into()
}
