//! The same training without a screen: one line on stdout for each epoch, for pipes and scripts.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde::Serialize;

use crate::data::Data;
use crate::derivation::Alarm;
use crate::error::{Error, Result};
use crate::number::{exact, short};
use crate::train::{AnyTrainer, Config, Divergence, Epoch, Fit, begin};

mod alarms;
pub mod apply;
pub mod check;
mod epochs;
pub mod export;
mod format;

use alarms::{AlarmLine, AlarmPrinter, WatchedPast};
pub use epochs::RunEnd;
use epochs::RunMoment;
pub use format::LineFormat;

#[derive(Serialize)]
struct EpochLine {
    epoch: u64,
    step: u64,
    cost: CostLine,
    train: FitLine,
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<TestLine>,
    /// What is wrong after the epoch, if something is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alarms: Vec<AlarmLine>,
    /// In the last line, the last J divided by epoch 0's, if that is large.
    #[serde(skip_serializing_if = "Option::is_none")]
    above_start: Option<f64>,
}

#[derive(Serialize)]
struct CostLine {
    data: f64,
    reg: f64,
    total: f64,
}

#[derive(Serialize)]
struct TestLine {
    cost: f64,
    #[serde(flatten)]
    fit: FitLine,
}

/// The accuracy, or for numbers R² (absent where all targets are equal) and RMSE.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum FitLine {
    Classes { accuracy: f64 },
    Numbers { r2: Option<f64>, rmse: f64 },
}

impl From<Fit> for FitLine {
    fn from(fit: Fit) -> Self {
        match fit {
            Fit::Accuracy(accuracy) => Self::Classes { accuracy },
            Fit::Numbers { r2, rmse } => Self::Numbers { r2, rmse },
        }
    }
}

/// The same in words.
pub(crate) fn in_words(fit: Fit) -> String {
    match fit {
        Fit::Accuracy(accuracy) => format!("accuracy {}", exact(accuracy)),
        Fit::Numbers { r2: Some(r2), rmse } => format!("R2 {} RMSE {}", exact(r2), exact(rmse)),
        Fit::Numbers { r2: None, rmse } => format!("RMSE {}", exact(rmse)),
    }
}

#[derive(Serialize)]
struct DivergedLine {
    epoch: u64,
    step: u64,
    diverged: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    above_start: Option<f64>,
}

/// A line after an epoch, and what is wrong then.
struct AfterEpoch<'a> {
    epoch: Epoch,
    alarms: &'a [Alarm],
    /// Whether the run ends with it.
    is_last: bool,
}

/// Trains for the epochs of the options and prints a line after each, the first before any update; then keeps the weights in a
/// file, if one is given.
///
/// # Errors
/// If the options make no net, or stdout or the file of the weights can't be written to; a closed pipe is no error.
pub fn run(config: Config, data: Data, (format, save): (LineFormat, Option<&Path>)) -> Result<RunEnd> {
    let mut printer = Printer::new(format, config.epochs);
    let mut trainer = begin(config, data)?;
    let outcome = print_epochs(&mut *trainer, &mut printer);
    // The weights of a run that diverged are the last ones that were finite.
    save.map_or(Ok(()), |path| trainer.snapshot(None).weight_file(path).write())?;
    ended(outcome)
}

/// How a run ended whose lines were written, or not.
fn ended(outcome: io::Result<RunEnd>) -> Result<RunEnd> {
    match outcome {
        Ok(end) => Ok(end),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(RunEnd::Done),
        Err(error) => Err(Error::Io { path: "stdout".into(), reason: error }),
    }
}

/// Trains for the printer's epochs, with a line for each.
fn print_epochs(trainer: &mut dyn AnyTrainer, printer: &mut Printer) -> io::Result<RunEnd> {
    let mut past = WatchedPast::default();
    epochs::train(trainer, printer.epochs.unwrap_or(0), |trainer, at| {
        // What can't be measured at the start can't be trained; the first step says why.
        if matches!(at, RunMoment::Start) && trainer.latest().not_finite().is_some() {
            return Ok(());
        }
        let alarms = past.alarms(trainer, at.status());
        let after = AfterEpoch { epoch: trainer.latest(), alarms: &alarms, is_last: at.is_last() };
        match at {
            RunMoment::Diverged { epochs, divergence } => printer.diverged((epochs, divergence), &after),
            RunMoment::Start | RunMoment::Epoch { .. } => printer.epoch(&after),
        }
    })
}

struct Printer<'a> {
    out: io::StdoutLock<'a>,
    format: LineFormat,
    epochs: Option<u64>,
    alarms: AlarmPrinter,
}

impl Printer<'_> {
    fn new(format: LineFormat, epochs: Option<u64>) -> Self {
        Self { out: io::stdout().lock(), format, epochs, alarms: AlarmPrinter::new(format) }
    }

    fn epoch(&mut self, after: &AfterEpoch<'_>) -> io::Result<()> {
        let epoch = &after.epoch;
        match self.format {
            LineFormat::Text => self.text(epoch)?,
            LineFormat::Json => {
                let line = EpochLine {
                    epoch: epoch.epoch,
                    step: epoch.step,
                    cost: CostLine { data: epoch.train.data, reg: epoch.reg, total: epoch.total() },
                    train: epoch.train.fit.into(),
                    test: epoch.test.map(|test| TestLine { cost: test.data, fit: test.fit.into() }),
                    alarms: after.alarms.iter().map(AlarmLine::from).collect(),
                    above_start: self.alarms.above_start(epoch).filter(|_| after.is_last),
                };
                self.json(&line)?;
            }
        }
        self.out.flush()?;
        self.print_alarms(after);
        self.progress(epoch);
        Ok(())
    }

    /// Prints which alarms begin and end, after the line of the epoch.
    fn print_alarms(&mut self, after: &AfterEpoch<'_>) {
        let clear = if shows_progress() { "\r\x1b[K" } else { "" };
        self.alarms.print(&after.epoch, after.alarms, clear);
        if after.is_last {
            self.alarms.print_end(&after.epoch, clear);
        }
    }

    fn text(&mut self, epoch: &Epoch) -> io::Result<()> {
        let Epoch { train, reg, .. } = epoch;
        let [total, data, reg] = [epoch.total(), train.data, *reg].map(exact);
        write!(self.out, "epoch {} step {} J {total} = data {data} + reg {reg}", epoch.epoch, epoch.step)?;
        write!(self.out, " train {}", in_words(train.fit))?;
        if let Some(test) = epoch.test {
            write!(self.out, " test cost {} {}", exact(test.data), in_words(test.fit))?;
        }
        writeln!(self.out)
    }

    fn diverged(&mut self, (epoch, divergence): (u64, &Divergence), after: &AfterEpoch<'_>) -> io::Result<()> {
        let step = divergence.step;
        match self.format {
            LineFormat::Text => {
                writeln!(self.out, "epoch {epoch} step {step} diverged: {} is not finite", divergence.what)?;
            }
            LineFormat::Json => {
                let above_start = self.alarms.above_start(&after.epoch);
                self.json(&DivergedLine { epoch, step, diverged: true, above_start })?;
            }
        }
        self.out.flush()?;
        self.print_alarms(after);
        Ok(())
    }

    fn json(&mut self, line: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        writeln!(self.out)
    }

    /// Tells a person at the terminal how far it is, when the lines themselves go elsewhere.
    fn progress(&self, epoch: &Epoch) {
        if !shows_progress() {
            return;
        }
        let mut err = io::stderr();
        let last = Some(epoch.epoch) == self.epochs;
        let of = self.epochs.map(|epochs| format!(" of {epochs}")).unwrap_or_default();
        let end = if last { "\n" } else { "" };
        // A terminal that is gone is no reason to stop the training.
        let _ = write!(err, "\repoch {}{of}  J {}{end}", epoch.epoch, short(epoch.total()));
    }
}

/// Whether a person at the terminal is told how far the run is, because its lines go elsewhere.
fn shows_progress() -> bool {
    io::stderr().is_terminal() && !io::stdout().is_terminal()
}
