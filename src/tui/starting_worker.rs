//! The trainer of a session while it starts: commands that come before it runs wait for it.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use super::Publisher;
use crate::error::{Error, Result};
use crate::train::{Command, Report, Worker};

/// Between two checks whether it has started.
pub(super) const POLL: Duration = Duration::from_millis(10);

/// A trainer, or the promise of one.
pub(super) enum StartingWorker {
    /// It is there.
    Ready(Worker),
    /// It is being made; these commands are for it.
    Awaited(Receiver<Result<Worker>>, Vec<Command>),
    /// It could not be made.
    Failed(Error),
}

impl StartingWorker {
    /// Has a trainer made in a thread of its own.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn awaited(
        publisher: Publisher<Report>,
        make: impl FnOnce(Publisher<Report>) -> Result<Worker> + Send + 'static,
    ) -> Result<Self> {
        let (sender, receiver) = channel();
        let body = move || drop(sender.send(make(publisher)));
        let thread = thread::Builder::new().name("loader".into()).spawn(body);
        thread.map_err(|reason| Error::Failed(format!("no thread to load the data: {reason}")))?;
        Ok(Self::Awaited(receiver, Vec::new()))
    }

    /// Whether it has not started yet.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self, Self::Awaited(..))
    }

    /// Tells it something, at once or once it is there.
    pub(super) fn send(&mut self, command: Command) {
        match self {
            Self::Ready(worker) => worker.send(command),
            Self::Awaited(_, waiting) => waiting.push(command),
            Self::Failed(_) => {}
        }
    }

    /// Whether it never will come.
    pub(super) fn has_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Looks whether it has started.
    pub(super) fn poll(&mut self) {
        let Self::Awaited(receiver, waiting) = self else { return };
        let came = match receiver.try_recv() {
            Ok(came) => came,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => Err(Error::Failed("the thread that loads the data is gone".into())),
        };
        match came {
            Ok(worker) => {
                waiting.drain(..).for_each(|command| worker.send(command));
                *self = Self::Ready(worker);
            }
            Err(error) => *self = Self::Failed(error),
        }
    }

    /// Waits for its end, but no longer than this.
    ///
    /// # Errors
    /// Why it could not be made.
    pub(super) fn leave(self, at_most: Duration) -> Result<()> {
        match self {
            Self::Ready(worker) => worker.leave(at_most),
            Self::Awaited(..) => {}
            Self::Failed(error) => return Err(error),
        }
        Ok(())
    }
}
