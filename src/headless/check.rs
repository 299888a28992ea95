//! The gradient check as a command: a line for each layer, and a verdict.

mod recurrent;

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::data::Prepared;
use crate::error::{Error, Exit, Result};
use crate::nn::check::{EPSILON, LIMIT, LayerReport};
use crate::nn::{Check, Network, Regularisation};
use crate::number::{exact, short};
use crate::train::Config;

pub use recurrent::run_on_sequences;

/// Checks every weight of the net that the options make, before any update, over the whole training part in `f64`.
///
/// Returns how it ends: done if every layer's relative difference is below the limit, failed if one is wrong, and else without a
/// verdict, where a gradient is within the rounding of J.
///
/// # Errors
/// If the options make no net, J is no finite number, or stdout can't be written to; a closed pipe is no error.
pub fn run(config: &Config, data: &Arc<Prepared>) -> Result<Exit> {
    let sizes = config.sizes(data.train.x.ncols(), data.train.y.ncols())?;
    let network = Network { theta: config.theta(&sizes), hidden: config.activations(), output: config.output };
    let m = data.train.x.nrows();
    let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m };
    let check = Check { network: &network, regularisation, x: data.train.x.view(), y: data.train.y.view() };
    let reports = check.run(progress).expect("the progress never stops the check");
    must_be_finite(reports.iter().map(LayerReport::relative))?;
    let verdict = verdict(reports.iter().map(of_layer));
    match print(&reports, (&sizes, m), verdict) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(verdict),
    }
}

/// What a check finds of one Θ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Finding {
    Ok,
    TooSmallToTell,
    Wrong,
}

impl Finding {
    fn of(holds: bool, is_too_small_to_tell: bool) -> Self {
        match (holds, is_too_small_to_tell) {
            (true, _) => Self::Ok,
            (_, true) => Self::TooSmallToTell,
            _ => Self::Wrong,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::TooSmallToTell => "too small to tell: within the rounding of J",
            Self::Wrong => "WRONG",
        }
    }
}

fn of_layer(report: &LayerReport) -> Finding {
    Finding::of(report.holds(), report.is_too_small_to_tell())
}

/// How a check ends that has found this of each Θ.
fn verdict(mut findings: impl Iterator<Item = Finding> + Clone) -> Exit {
    match () {
        () if findings.clone().all(|finding| finding == Finding::Ok) => Exit::Done,
        () if findings.all(|finding| finding != Finding::Wrong) => Exit::CannotTell,
        () => Exit::Failed,
    }
}

/// The last line of a check of some matrices, which are called `one` each.
fn conclusion(verdict: Exit, one: &str) -> String {
    match verdict {
        Exit::Done => format!("every {one} is below {}", exact(LIMIT)),
        Exit::CannotTell => {
            format!("no {one} is wrong, but not every {one} can be checked: a gradient is within the rounding of J")
        }
        _ => format!("not every {one} is below {}", exact(LIMIT)),
    }
}

/// Refuses a verdict on differences that are no numbers.
fn must_be_finite(mut relative: impl Iterator<Item = f64>) -> Result<()> {
    match relative.all(f64::is_finite) {
        true => Ok(()),
        false => {
            Err(Error::Failed("J and its differences are no finite numbers at these weights: nothing to check".into()))
        }
    }
}

/// Tells a person at the terminal how far the check is.
fn progress(done: usize, cells: usize) -> ControlFlow<()> {
    let mut err = io::stderr();
    if err.is_terminal() {
        let end = if done == cells { "\r\x1b[K" } else { "" };
        let _ = write!(err, "\rchecked {done} of {cells} weights{end}");
    }
    ControlFlow::Continue(())
}

fn print(reports: &[LayerReport], (sizes, m): (&[usize], usize), verdict: Exit) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let net = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    writeln!(out, "central differences of J, step {}, f64, net {net}, all {m} training samples", exact(EPSILON))?;
    for report in reports {
        let relative = report.relative();
        let finding = of_layer(report).words();
        write!(
            out,
            "Theta{}  {} weights  relative difference {}  {finding}",
            report.l,
            report.compared,
            short(relative)
        )?;
        if let Some(worst) = report.worst {
            let (numeric, analytic) = (exact(worst.numeric), exact(worst.analytic));
            let name = format!("Theta{}[{},{}]", worst.l, worst.j + 1, worst.i);
            write!(out, "  worst {name}: numeric {numeric}, backpropagation {analytic}")?;
        }
        writeln!(out)?;
        kinks(&mut out, report)?;
    }
    writeln!(out, "{}", conclusion(verdict, "layer"))?;
    out.flush()
}

/// Names the cells that were left out because their step crosses a kink.
fn kinks(out: &mut impl Write, report: &LayerReport) -> io::Result<()> {
    const NAMED: usize = 5;
    let Some(more) = report.kinks.len().checked_sub(1) else { return Ok(()) };
    let names: Vec<String> = report
        .kinks
        .iter()
        .take(NAMED)
        .map(|(cell, _)| format!("Theta{}[{},{}]", cell.l, cell.j + 1, cell.i))
        .collect();
    let rest = if more >= NAMED { format!(" and {} more", more + 1 - NAMED) } else { String::new() };
    writeln!(out, "        {} left out, their step crosses a kink: {}{rest}", report.kinks.len(), names.join(", "))
}
