//! What the trainer's thread does: commands first, then updates at their pace, and snapshots that cost little.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use super::{Command, Report, Speed, Unit};
use crate::data::Loaded;
use crate::error::Result;
use crate::nn::Real;
use crate::train::moment::{Pace, Status};
use crate::train::setting::ResetKind;
use crate::train::snapshot::Snapshot;
use crate::train::trainable::Trainable;
use crate::train::trainer::Trainer;

/// What the thread is at.
#[derive(Clone, Debug, PartialEq)]
enum Mode {
    Idle(Status),
    Running,
    /// Until so many updates are done.
    Until(u64),
}

impl Mode {
    fn is_idle(&self) -> bool {
        matches!(self, Self::Idle(_))
    }
}

/// The thread's state: a trainer, what it is to do, and the clocks that a trainer does not have.
pub(super) struct TrainerThread<T: Real, M: Trainable<T>> {
    trainer: Trainer<T, M>,
    /// The data as they were read, for a reset.
    source: Loaded,
    mode: Mode,
    speed: Speed,
    run: u64,
    /// When the next update is due.
    due: Instant,
    stopwatch: Stopwatch,
    /// A request that came too soon after the last one.
    held: Option<Option<Box<Snapshot>>>,
    /// When the next request may be answered while updates go on.
    next_look: Instant,
}

/// A request is answered only after so many times the duration of the last answer, so that being watched costs a run no more than 3 %; or after a second, if
/// that is sooner.
const LOOKS: u32 = 33;

enum Wait {
    Command(Command),
    Due,
    SnapshotDue,
    HungUp,
}

impl<T: Real, M: Trainable<T>> TrainerThread<T, M> {
    /// A thread's state before its first command.
    pub(super) fn new(trainer: Trainer<T, M>, source: Loaded, (speed, paused): (Speed, bool)) -> Self {
        Self {
            trainer,
            source,
            mode: if paused { Mode::Idle(Status::Paused) } else { Mode::Running },
            speed,
            run: 0,
            due: Instant::now(),
            stopwatch: Stopwatch::default(),
            held: None,
            next_look: Instant::now(),
        }
    }

    /// Does what it is told, and trains in between, until nobody can tell it anything more.
    pub(super) fn serve(mut self, inbox: &Receiver<Command>, publish: &dyn Fn(Report)) {
        loop {
            let now = Instant::now();
            if let Some(recycled) = self.held.take_if(|_| self.mode.is_idle() || self.next_look <= now) {
                publish(Report::Snapshot(self.look(recycled)));
            }
            match self.wait(inbox) {
                Wait::Command(Command::RequestSnapshot(recycled)) => self.held = Some(recycled),
                Wait::Command(command) => {
                    // What it changes is shown at once.
                    self.next_look = Instant::now();
                    if let Err(why) = self.obey(command) {
                        publish(Report::Refused(why));
                    }
                }
                Wait::Due => self.step(),
                Wait::SnapshotDue => {}
                Wait::HungUp => return,
            }
        }
    }

    /// Waits for a command, or for the time of the next update or of a request that is held; commands come first.
    fn wait(&self, inbox: &Receiver<Command>) -> Wait {
        if self.mode.is_idle() {
            return inbox.recv().map_or(Wait::HungUp, Wait::Command);
        }
        let look = self.held.is_some() && self.next_look < self.due;
        let (due, then) = if look { (self.next_look, Wait::SnapshotDue) } else { (self.due, Wait::Due) };
        match due.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero()) {
            Some(wait) => match inbox.recv_timeout(wait) {
                Ok(command) => Wait::Command(command),
                Err(RecvTimeoutError::Timeout) => then,
                Err(RecvTimeoutError::Disconnected) => Wait::HungUp,
            },
            None => match inbox.try_recv() {
                Ok(command) => Wait::Command(command),
                Err(TryRecvError::Empty) => then,
                Err(TryRecvError::Disconnected) => Wait::HungUp,
            },
        }
    }

    /// Does what it is told, or says why not.
    fn obey(&mut self, command: Command) -> std::result::Result<(), String> {
        match command {
            Command::Run => self.start(Mode::Running),
            Command::Pause => self.mode = Mode::Idle(Status::Paused),
            Command::Step(unit) => {
                let position = self.trainer.position();
                let updates = match unit {
                    Unit::Batch => 1,
                    Unit::Epoch => position.batches as u64,
                };
                // Keys that come faster than the steps add up.
                let from = if let Mode::Until(target) = self.mode { target } else { position.step };
                self.start(Mode::Until(from + updates));
                // A step asked for does not wait for the pace of the run.
                self.due = Instant::now();
            }
            Command::Set(setting, to) => self.trainer.set(setting, to)?,
            Command::Edit(weight, to) => self.trainer.edit(weight, to)?,
            Command::Undo => self.trainer.undo()?,
            Command::Reset(reset) => self.reset(&reset).map_err(|error| error.to_string())?,
            Command::Speed(speed) => {
                self.speed = speed;
                self.due = Instant::now();
                self.stopwatch = Stopwatch::default();
            }
            Command::RequestSnapshot(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, mode: Mode) {
        if self.mode.is_idle() {
            self.due = Instant::now();
            self.stopwatch = Stopwatch::default();
        }
        self.mode = mode;
    }

    /// Starts again; what can't be started leaves the run as it is.
    fn reset(&mut self, reset: &ResetKind) -> Result<()> {
        let config = reset.of(self.trainer.config());
        let data = self.source.prepare(&config.preparation())?;
        self.trainer = Trainer::new(Arc::new(config), data)?;
        self.run += 1;
        self.due = Instant::now();
        self.stopwatch = Stopwatch::default();
        if self.mode != Mode::Running {
            self.mode = Mode::Idle(Status::Paused);
        }
        Ok(())
    }

    fn step(&mut self) {
        if let Err(divergence) = self.trainer.step() {
            self.mode = Mode::Idle(Status::Diverged(divergence.what));
            return;
        }
        let position = self.trainer.position();
        self.stopwatch.count();
        self.schedule();
        match self.mode {
            Mode::Until(target) if position.step >= target => self.mode = Mode::Idle(Status::Paused),
            Mode::Running => {
                if let Some(done) = self.trainer.done() {
                    self.mode = Mode::Idle(Status::Finished(done));
                }
            }
            _ => {}
        }
    }

    /// Sets the time of the next update; a run that has fallen far behind does not rush to catch up.
    fn schedule(&mut self) {
        let now = Instant::now();
        self.due = match (self.speed, &self.mode) {
            (Speed::PerSecond(rate), Mode::Running) => {
                let next = self.due + Duration::from_secs_f64(1.0 / rate);
                if next + Duration::from_millis(250) < now { now } else { next }
            }
            _ => now,
        };
    }

    fn look(&mut self, recycled: Option<Box<Snapshot>>) -> Box<Snapshot> {
        let begun = Instant::now();
        let status = match &self.mode {
            Mode::Idle(status) => status.clone(),
            Mode::Running => Status::Running,
            Mode::Until(_) => Status::Stepping,
        };
        let limit = match self.speed {
            Speed::PerSecond(rate) => Some(rate),
            Speed::Max => None,
        };
        let mut snapshot = self.trainer.snapshot(recycled);
        snapshot.status = status;
        snapshot.pace = Pace { limit, rate: self.stopwatch.rate() };
        snapshot.run = self.run;
        self.next_look = Instant::now() + (begun.elapsed() * LOOKS).min(Duration::from_secs(1));
        snapshot
    }
}

/// Counts updates over the last second or so.
#[derive(Debug, Default)]
struct Stopwatch {
    window: Option<(Instant, u64)>,
    rate: Option<f64>,
}

impl Stopwatch {
    fn count(&mut self) {
        if let Some((_, updates)) = &mut self.window {
            *updates += 1;
        } else {
            // The clock starts at the end of the first update.
            self.window = Some((Instant::now(), 0));
        }
    }

    fn rate(&mut self) -> Option<f64> {
        if let Some((since, updates)) = self.window {
            let seconds = since.elapsed().as_secs_f64();
            if seconds >= 0.5 && updates > 0 {
                self.rate = Some(updates as f64 / seconds);
                self.window = Some((Instant::now(), 0));
            }
        }
        self.rate
    }
}
