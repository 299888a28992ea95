//! What the trainer's thread does: commands first, then updates at their pace, and looks that cost little.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use super::{Command, Report, Speed, Unit};
use crate::error::Result;
use crate::nn::Weight;
use crate::train::Steps;
use crate::train::setting::{Anew, Setting};
use crate::train::snapshot::{Pace, Status};

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

/// A trainer that can be served, whatever it trains.
pub(super) trait Trains {
    /// What a look is answered with.
    type Seen;

    /// The trainer itself.
    fn steps(&mut self) -> &mut dyn Steps;

    /// Changes a setting, or says why not.
    fn set(&mut self, setting: Setting, to: f64) -> std::result::Result<(), String>;

    /// Gives a weight another value, or says why not.
    fn edit(&mut self, weight: Weight, to: f64) -> std::result::Result<(), String>;

    /// Takes the last edit back, or says why not.
    fn undo(&mut self) -> std::result::Result<(), String>;

    /// Starts again; what can't be started leaves the run as it is.
    fn reset(&mut self, anew: &Anew) -> Result<()>;

    /// What is to be seen, with what only the thread knows of it.
    fn look(&mut self, recycled: Option<Box<Self::Seen>>, told: Told) -> Box<Self::Seen>;
}

/// What the thread knows of a run.
pub(super) struct Told {
    pub(super) status: Status,
    pub(super) pace: Pace,
    pub(super) run: u64,
}

/// The thread's state: a trainer, what it is to do, and the clocks that a trainer does not have.
struct Served<T: Trains> {
    trainer: T,
    mode: Mode,
    speed: Speed,
    run: u64,
    /// When the next update is due.
    due: Instant,
    stopwatch: Stopwatch,
    /// A look that came too soon after the last one.
    held: Option<Option<Box<T::Seen>>>,
    /// When the next look may be answered while updates go on.
    next_look: Instant,
}

/// A look is answered after so many times its own length, so that being watched costs a run no more than 3 %; or after a second, if
/// that is sooner.
const LOOKS: u32 = 33;

pub(super) fn serve<T: Trains>(
    trainer: T,
    (speed, paused): (Speed, bool),
    inbox: &Receiver<Command<T::Seen>>,
    publish: &dyn Fn(Report<T::Seen>),
) -> Result<()> {
    let mut served = Served {
        trainer,
        mode: if paused { Mode::Idle(Status::Paused) } else { Mode::Running },
        speed,
        run: 0,
        due: Instant::now(),
        stopwatch: Stopwatch::default(),
        held: None,
        next_look: Instant::now(),
    };
    loop {
        if let Some(recycled) = served.held.take_if(|_| served.mode.is_idle() || served.next_look <= Instant::now()) {
            publish(Report::Snapshot(served.look(recycled)));
        }
        match served.wait(inbox) {
            Wait::Command(Command::Look(recycled)) => served.held = Some(recycled),
            Wait::Command(command) => {
                // What it changes is shown at once.
                served.next_look = Instant::now();
                if let Err(why) = served.obey(command) {
                    publish(Report::Refused(why));
                }
            }
            Wait::Due => served.step(),
            Wait::Look => {}
            Wait::HungUp => return Ok(()),
        }
    }
}

enum Wait<S> {
    Command(Command<S>),
    Due,
    Look,
    HungUp,
}

impl<T: Trains> Served<T> {
    /// Waits for a command, or for the time of the next update or of a look that is held; commands come first.
    fn wait(&self, inbox: &Receiver<Command<T::Seen>>) -> Wait<T::Seen> {
        if self.mode.is_idle() {
            return inbox.recv().map_or(Wait::HungUp, Wait::Command);
        }
        let look = self.held.is_some() && self.next_look < self.due;
        let (due, then) = if look { (self.next_look, Wait::Look) } else { (self.due, Wait::Due) };
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
    fn obey(&mut self, command: Command<T::Seen>) -> std::result::Result<(), String> {
        match command {
            Command::Run => self.start(Mode::Running),
            Command::Pause => self.mode = Mode::Idle(Status::Paused),
            Command::Step(unit) => {
                let position = self.trainer.steps().position();
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
            Command::Reset(anew) => self.reset(&anew).map_err(|error| error.to_string())?,
            Command::Speed(speed) => {
                self.speed = speed;
                self.due = Instant::now();
                self.stopwatch = Stopwatch::default();
            }
            Command::Look(_) => {}
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
    fn reset(&mut self, anew: &Anew) -> Result<()> {
        self.trainer.reset(anew)?;
        self.run += 1;
        self.due = Instant::now();
        self.stopwatch = Stopwatch::default();
        if self.mode != Mode::Running {
            self.mode = Mode::Idle(Status::Paused);
        }
        Ok(())
    }

    fn step(&mut self) {
        if let Err(divergence) = self.trainer.steps().step() {
            self.mode = Mode::Idle(Status::Diverged(divergence.what));
            return;
        }
        let position = self.trainer.steps().position();
        self.stopwatch.count();
        self.schedule();
        match self.mode {
            Mode::Until(target) if position.step >= target => self.mode = Mode::Idle(Status::Paused),
            Mode::Running => {
                if let Some(done) = self.trainer.steps().done() {
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

    fn look(&mut self, recycled: Option<Box<T::Seen>>) -> Box<T::Seen> {
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
        let told = Told { status, pace: Pace { limit, rate: self.stopwatch.rate() }, run: self.run };
        let seen = self.trainer.look(recycled, told);
        self.next_look = Instant::now() + (begun.elapsed() * LOOKS).min(Duration::from_secs(1));
        seen
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
