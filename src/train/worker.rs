//! The trainer's thread: takes commands, keeps the pace, and answers each request with one snapshot.

mod command;
mod thread;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::any::of_options;
use super::config::Config;
use super::panic::panic_text;
use super::trainable::Trainable;
use super::trainer::Trainer;
use crate::data::Loaded;
use crate::error::{Error, Result};
use crate::nn::Real;
pub use command::{Command, Report, Speed, Unit};
use thread::TrainerThread;

/// A handle on the trainer's thread; dropping it hangs up, and the thread ends after the update under way.
#[derive(Debug)]
pub struct Worker {
    commands: Sender<Command>,
    thread: JoinHandle<()>,
}

/// What a worker is started with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The options of the run, checked.
    pub config: Config,
    /// The data, not yet split.
    pub source: Loaded,
    /// The speed it goes at.
    pub speed: Speed,
    /// Whether it waits for a command before the first update.
    pub paused: bool,
}

/// Checks the options before the thread is there, so that a run that can't begin is refused at once.
fn train<T: Real, M: Trainable<T>>(start: Start, publish: impl Fn(Report) + Send + 'static) -> Result<Worker> {
    let Start { config, source, speed, paused } = start;
    config.check()?;
    let data = source.prepare(&config.preparation())?;
    M::check(&config, &data)?;
    Worker::of(publish, move |inbox, publish| {
        let model = M::begin(&config, &data);
        let trainer = Trainer::<T, M>::with_model(Arc::new(config), data, model)?;
        TrainerThread::new(trainer, source, (speed, paused)).serve(inbox, publish);
        Ok(())
    })
}

impl Worker {
    /// Starts the thread; `publish` is called on it with each report.
    ///
    /// # Errors
    /// If the options don't fit the data, or the system gives no thread.
    pub fn start(start: Start, publish: impl Fn(Report) + Send + 'static) -> Result<Self> {
        of_options!(start.config, <T, M> => train::<T, M>(start, publish))
    }

    fn of(
        publish: impl Fn(Report) + Send + 'static,
        body: impl FnOnce(&Receiver<Command>, &dyn Fn(Report)) -> Result<()> + Send + 'static,
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
    pub fn send(&self, command: Command) {
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
