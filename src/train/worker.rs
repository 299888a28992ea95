//! The trainer's thread: takes commands, keeps the pace, and answers each look with one snapshot.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::checker::Checked;
use super::config::{Config, Precision};
use super::setting::{Anew, Setting};
use super::snapshot::{Pace, Snapshot, Status};
use super::trainer::Trainer;
use crate::data::{Dataset, Prepared, prepare};
use crate::error::{Error, Result};
use crate::nn::{Real, Weight};

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

/// What the trainer can be told.
#[derive(Debug)]
pub enum Command {
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
    Look(Option<Box<Snapshot>>),
}

/// What the trainer's thread publishes.
#[derive(Debug)]
pub enum Report {
    /// The answer to a look.
    Snapshot(Box<Snapshot>),
    /// The trainer has panicked with this text; its thread is gone.
    Died(String),
    /// A change was not made, for this reason.
    Refused(String),
    /// How far the gradient check is; it comes from the check's thread.
    Checked(Checked),
}

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
    pub dataset: Arc<Dataset>,
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
        start.config.check()?;
        let prepared = prepared(&start.config, &start.dataset)?;
        start.config.sizes(prepared.train.x.ncols(), prepared.train.y.ncols())?;
        let (commands, inbox) = channel();
        let body = move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| match start.config.precision {
                Precision::F64 => serve::<f64>(start, prepared, &inbox, &publish),
                Precision::F32 => serve::<f32>(start, prepared, &inbox, &publish),
            }));
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(error)) => publish(Report::Died(error.to_string())),
                Err(panic) => publish(Report::Died(panic_text(panic.as_ref()))),
            }
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

fn prepared(config: &Config, dataset: &Arc<Dataset>) -> Result<Arc<Prepared>> {
    let options = config.preparation();
    prepare(Arc::clone(dataset), &options).map(Arc::new)
}

pub(super) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the trainer panicked without a message").into()
}

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
struct Served<T> {
    trainer: Trainer<T>,
    config: Config,
    dataset: Arc<Dataset>,
    mode: Mode,
    speed: Speed,
    run: u64,
    /// When the next update is due.
    due: Instant,
    stopwatch: Stopwatch,
    /// A look that came too soon after the last one.
    held: Option<Option<Box<Snapshot>>>,
    /// When the next look may be answered while updates go on.
    next_look: Instant,
}

/// A look is answered after so many times its own length, so that being watched costs a run no more than 3 %; or after a second, if
/// that is sooner.
const LOOKS: u32 = 33;

fn serve<T: Real>(
    start: Start,
    data: Arc<Prepared>,
    inbox: &Receiver<Command>,
    publish: &dyn Fn(Report),
) -> Result<()> {
    let trainer = Trainer::<T>::new(Arc::new(start.config.clone()), data)?;
    let mut served = Served {
        trainer,
        config: start.config,
        dataset: start.dataset,
        mode: if start.paused { Mode::Idle(Status::Paused) } else { Mode::Running },
        speed: start.speed,
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

enum Wait {
    Command(Command),
    Due,
    Look,
    HungUp,
}

impl<T: Real> Served<T> {
    /// Waits for a command, or for the time of the next update or of a look that is held; commands come first.
    fn wait(&self, inbox: &Receiver<Command>) -> Wait {
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
            Command::Set(setting, to) => {
                self.trainer.set(setting, to)?;
                self.config = Config::clone(self.trainer.config());
            }
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
        let config = anew.of(&self.config);
        let data = prepared(&config, &self.dataset)?;
        self.trainer = Trainer::new(Arc::new(config.clone()), data)?;
        self.config = config;
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
        let mut snapshot = self.trainer.snapshot(recycled);
        snapshot.status = match &self.mode {
            Mode::Idle(status) => status.clone(),
            Mode::Running => Status::Running,
            Mode::Until(_) => Status::Stepping,
        };
        let limit = match self.speed {
            Speed::PerSecond(rate) => Some(rate),
            Speed::Max => None,
        };
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
