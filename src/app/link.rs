//! What is going on between an application and its trainer: the request that is not answered yet, and how fast the run goes.

use crate::train::{Command, Snapshot, Speed, Status};

/// The slowest and the fastest pace that the keys set, in updates per second.
const PACES: (f64, f64) = (0.125, 1_048_576.0);

/// The state of the talk with a trainer.
#[derive(Debug)]
pub struct TrainerLink {
    /// An old picture, to be handed back with the next request.
    pub spare: Option<Box<Snapshot>>,
    /// Whether a request for a snapshot is not answered yet.
    is_requested: bool,
    /// Whether a command was sent whose effect the present picture does not show yet.
    stale: bool,
    /// Whether the trainer is predicted to run once it has read the commands that were sent; `None` if the picture says so.
    predicted: Option<bool>,
    /// Whether the trainer is gone.
    gone: bool,
    /// The pace that free running goes back to.
    pace: f64,
    free: bool,
}

impl TrainerLink {
    /// For a trainer that runs at this speed and has sent no snapshot yet.
    pub fn new(speed: Speed) -> Self {
        let (pace, free) = match speed {
            Speed::PerSecond(pace) => (pace, false),
            Speed::Max => (16.0, true),
        };
        Self { spare: None, is_requested: false, stale: true, predicted: None, gone: false, pace, free }
    }

    /// A request was answered.
    pub fn answered(&mut self) {
        self.is_requested = false;
        if !self.stale {
            self.predicted = None;
        }
    }

    /// The trainer is gone.
    pub fn lost(&mut self) {
        (self.is_requested, self.stale, self.gone) = (false, false, true);
    }

    /// Whether the picture should be renewed: it is of a running trainer, or older than the last command.
    pub fn wants_snapshot(&self, status: Option<&Status>) -> bool {
        !self.is_requested && !self.gone && (self.stale || is_moving(status))
    }

    /// Whether the picture is older than the last command, so that somebody waits for the next one.
    pub fn is_asked(&self) -> bool {
        self.stale
    }

    /// The next request for a snapshot, if one is wanted; at most one is unanswered.
    pub fn request_snapshot(&mut self, status: Option<&Status>) -> Option<Command> {
        if !self.wants_snapshot(status) {
            return None;
        }
        self.is_requested = true;
        self.stale = false;
        Some(Command::RequestSnapshot(self.spare.take()))
    }

    /// A command is sent to the trainer.
    pub fn note_command(&mut self, command: &Command) {
        self.stale = true;
        match command {
            Command::Run | Command::Step(_) => self.predicted = Some(true),
            Command::Pause => self.predicted = Some(false),
            Command::Reset(_) | Command::Set(..) | Command::Edit(..) | Command::Undo => {}
            Command::Speed(_) | Command::RequestSnapshot(_) => {}
        }
    }

    /// Two quick presses are two turns, though no picture came between them.
    pub fn run_or_pause(&self, status: Option<&Status>) -> Command {
        if self.will_run(status) { Command::Pause } else { Command::Run }
    }

    /// Whether the trainer is predicted to run once it has read the commands that were sent.
    pub fn will_run(&self, status: Option<&Status>) -> bool {
        self.predicted.unwrap_or_else(|| is_moving(status))
    }

    /// The pace times a factor.
    pub fn quicken(&mut self, factor: f64) -> Command {
        self.go_at(self.pace * factor)
    }

    /// This pace, as far as there is one.
    pub fn go_at(&mut self, pace: f64) -> Command {
        self.pace = pace.clamp(PACES.0, PACES.1);
        self.free = false;
        Command::Speed(Speed::PerSecond(self.pace))
    }

    /// As fast as it goes, or back to the pace before.
    pub fn toggle_free(&mut self) -> Command {
        self.free = !self.free;
        Command::Speed(if self.free { Speed::Max } else { Speed::PerSecond(self.pace) })
    }
}

/// Whether a picture is of a trainer that makes updates.
pub fn is_moving(status: Option<&Status>) -> bool {
    matches!(status, Some(Status::Running | Status::Stepping))
}
