//! The trainer's thread as the screen knows it: commands go in, one snapshot comes out for each look.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use deltascope::data::{Loaded, Source};
use deltascope::nn::{Activation, Output};
use deltascope::train::worker::Start;
use deltascope::train::{Command, Config, Report, ResetKind, Setting, Snapshot, Speed, Status, Unit, Worker};

use crate::dense;

/// Longer than any answer takes.
const LONG: Duration = Duration::from_secs(60);
/// Batches of an epoch of iris.
const BATCHES: u64 = 4;

struct Watched {
    worker: Worker,
    reports: Receiver<Report>,
}

impl Watched {
    fn start(config: Config, paused: bool) -> Self {
        let source = Loaded::read(&Source::named("iris")).expect("it is built in");
        let (sender, reports) = channel();
        let start = Start { config, source, speed: Speed::Max, paused };
        // Where nobody listens any more there is nobody to tell.
        let worker = Worker::start(start, move |report| drop(sender.send(report))).expect("a thread");
        Self { worker, reports }
    }

    fn look(&self) -> Box<Snapshot> {
        self.worker.send(Command::RequestSnapshot(None));
        match self.reports.recv_timeout(LONG).expect("an answer") {
            Report::Snapshot(snapshot) => snapshot,
            other => panic!("{other:?}"),
        }
    }

    fn look_until(&self, holds: impl Fn(&Snapshot) -> bool) -> Box<Snapshot> {
        loop {
            let snapshot = self.look();
            if holds(&snapshot) {
                return snapshot;
            }
        }
    }

    fn paused_at(&self, step: u64) -> Box<Snapshot> {
        let snapshot = self.look_until(|snapshot| snapshot.status == Status::Paused);
        assert_eq!(snapshot.position.step, step);
        snapshot
    }
}

#[test]
fn a_pause_stands_still_and_steps_are_as_long_as_they_say() {
    let watched = Watched::start(Config::default(), false);
    watched.look_until(|snapshot| snapshot.position.step > 10);
    watched.worker.send(Command::Pause);
    let step = watched.look().position.step;
    assert_eq!(watched.paused_at(step).position, watched.look().position);
    watched.worker.send(Command::Step(Unit::Batch));
    watched.paused_at(step + 1);
    watched.worker.send(Command::Step(Unit::Epoch));
    watched.paused_at(step + 1 + BATCHES);
    for _ in 0..3 {
        watched.worker.send(Command::Step(Unit::Batch));
    }
    watched.paused_at(step + 4 + BATCHES);
    watched.worker.send(Command::Run);
    watched.look_until(|snapshot| snapshot.position.step > step + 20);
}

#[test]
fn each_look_gets_exactly_one_snapshot_paused_or_not() {
    let watched = Watched::start(Config::default(), true);
    for _ in 0..5 {
        watched.worker.send(Command::RequestSnapshot(None));
    }
    for _ in 0..5 {
        assert!(matches!(watched.reports.recv_timeout(LONG), Ok(Report::Snapshot(_))));
    }
    let last = watched.look();
    assert_eq!(last.position.step, 0);
    let Watched { worker, reports } = watched;
    worker.leave(LONG);
    assert!(reports.recv_timeout(LONG).is_err(), "the thread has ended, and said nothing more");
}

#[test]
fn the_thread_computes_what_the_trainer_does() {
    let watched = Watched::start(Config::default(), true);
    (0..7).for_each(|_| watched.worker.send(Command::Step(Unit::Batch)));
    let seen = watched.paused_at(7);
    let mut trainer =
        deltascope::train::DenseTrainer::<f64>::new(Arc::clone(&seen.config), seen.data.clone()).expect("it fits");
    (0..7).for_each(|_| trainer.step().expect("it does not diverge"));
    assert_eq!(dense(&seen).network, trainer.model());
    assert_eq!(seen.latest, trainer.latest());
}

#[test]
fn a_reset_starts_again_and_a_new_seed_elsewhere() {
    let watched = Watched::start(Config::default(), true);
    let first = watched.look();
    watched.worker.send(Command::Step(Unit::Epoch));
    watched.paused_at(BATCHES);
    watched.worker.send(Command::Reset(ResetKind::SameSeed));
    let again = watched.paused_at(0);
    assert_eq!((again.model == first.model, &again.batch), (true, &first.batch));
    assert_eq!((again.run, again.epochs.all().count(), again.costs.recent().len()), (first.run + 1, 1, 1));
    watched.worker.send(Command::Reset(ResetKind::NextSeed));
    let other = watched.paused_at(0);
    assert_eq!(other.config.seed, first.config.seed + 1);
    assert_ne!(other.model, first.model);
    assert_ne!(dense(&other).data.train.row, dense(&first).data.train.row, "another split");
}

#[test]
fn a_run_finishes_after_its_epochs_and_can_go_on() {
    let watched = Watched::start(Config { epochs: Some(3), ..Config::default() }, false);
    let done = watched.look_until(|snapshot| matches!(snapshot.status, Status::Finished(_)));
    assert_eq!((done.position.epochs_done, done.position.step), (3, 3 * BATCHES));
    watched.worker.send(Command::Step(Unit::Batch));
    watched.paused_at(3 * BATCHES + 1);
}

#[test]
fn divergence_pauses_with_the_last_good_numbers() {
    let wild =
        Config { alpha: 1e300, activation: vec![Activation::Linear], output: Output::Linear, ..Config::default() };
    let watched = Watched::start(wild, false);
    let seen = watched.look_until(|snapshot| matches!(snapshot.status, Status::Diverged(_)));
    assert!(dense(&seen).network.theta.iter().flatten().all(|weight| weight.is_finite()));
    assert!(seen.cost.data.is_finite());
    assert_eq!(watched.look().position, seen.position);
}

#[test]
fn the_curve_misses_no_step_though_pictures_do() {
    let watched = Watched::start(Config::default(), false);
    let mut seen = Vec::new();
    while seen.len() < 500 {
        seen.extend(watched.look().costs.recent().map(|point| point.step));
    }
    assert!(seen.windows(2).all(|pair| pair[1] == pair[0] + 1 || pair[1] == pair[0]), "{seen:?}");
    assert_eq!(seen[0], 0);
}

#[test]
fn speed_holds_the_run_back_but_not_a_step() {
    let watched = Watched::start(Config::default(), true);
    watched.worker.send(Command::Speed(Speed::PerSecond(0.01)));
    watched.worker.send(Command::Run);
    // The first update is due at once, the next one in a hundred seconds.
    watched.look_until(|snapshot| snapshot.position.step == 1);
    let seen = watched.look();
    assert_eq!((seen.position.step, seen.pace.limit), (1, Some(0.01)));
    watched.worker.send(Command::Step(Unit::Epoch));
    watched.paused_at(1 + BATCHES);
}

#[test]
fn a_panic_where_a_report_is_read_ends_the_thread_and_nothing_hangs() {
    let source = Loaded::read(&Source::named("xor")).expect("it is built in");
    let (sender, reports) = channel();
    let start = Start { config: Config::default(), source, speed: Speed::Max, paused: true };
    let worker = Worker::start(start, move |report| match report {
        Report::Snapshot(_) => panic!("a fault, on purpose"),
        Report::Died(text) => drop(sender.send(text)),
        Report::Checked(_) | Report::Descended(_) | Report::Refused(_) => {
            unreachable!("nobody asked for anything else")
        }
    })
    .expect("a thread");
    worker.send(Command::RequestSnapshot(None));
    assert_eq!(reports.recv_timeout(LONG).expect("its last word"), "a fault, on purpose");
    worker.send(Command::Run);
    worker.leave(LONG);
}

#[test]
fn settings_change_without_a_reset_and_a_reset_keeps_them() {
    let watched = Watched::start(Config::default(), true);
    watched.worker.send(Command::Step(Unit::Epoch));
    watched.paused_at(BATCHES);
    watched.worker.send(Command::Set(Setting::Lambda, 0.0));
    let seen = watched.paused_at(BATCHES);
    assert_eq!((seen.config.lambda, seen.cost.reg_total(), seen.changes.len()), (0.0, 0.0, 1));
    watched.worker.send(Command::Reset(ResetKind::SameSeed));
    let again = watched.paused_at(0);
    assert_eq!((again.config.lambda, again.changes.len()), (0.0, 0));
    watched.worker.send(Command::Reset(ResetKind::Layers(vec![7, 6])));
    assert_eq!(watched.look().model.sizes(), [4, 7, 6, 3]);
}

#[test]
fn what_is_refused_is_told_and_leaves_the_run_as_it_is() {
    let watched = Watched::start(Config::default(), true);
    let before = watched.look();
    for (command, why) in [
        (Command::Set(Setting::Batch, 0.0), "B stays 32: it is a whole number from 1 to 120"),
        (Command::Undo, "no weight was set by hand since the last update"),
        (Command::Reset(ResetKind::Layers(vec![0])), "--layers 0: each hidden layer has 1 to 65536 units"),
    ] {
        watched.worker.send(command);
        match watched.reports.recv_timeout(LONG).expect("an answer") {
            Report::Refused(told) => assert_eq!(told, why),
            other => panic!("{other:?}"),
        }
    }
    let after = watched.look();
    assert_eq!((&after.model, after.run, after.changes.len()), (&before.model, before.run, 0));
}
