//! The gradient check as a command: a line for each Θ, and a verdict.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use crate::data::Data;
use crate::error::{Error, Exit, Result};
use crate::nn::check::{LIMIT, LayerReport, Verdict};
use crate::nn::{AnyModel, Named, Symbol};
use crate::number::{exact, short};
use crate::train::{Config, GradientCheck};

/// Checks every weight of the net that the options make, before any update, in `f64`.
///
/// Returns how it ends: done if every relative difference is below the limit, failed if one is wrong, and else without a verdict,
/// where a gradient is within the rounding of J.
///
/// # Errors
/// If the options make no net, J is no finite number, or stdout can't be written to; a closed pipe is no error.
pub fn run(config: &Config, data: &Data) -> Result<Exit> {
    let check = GradientCheck::begin(config, data)?;
    let reports = check.run_every(1, progress).expect("the progress never stops the check");
    if !reports.iter().all(|report| report.relative().is_finite()) {
        let text = "J and its differences are no finite numbers at these weights: nothing to check";
        return Err(Error::Failed(text.into()));
    }
    match print(&reports, &check) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(match Verdict::of(&reports) {
            Verdict::Right => Exit::Done,
            Verdict::TooSmallToTell => Exit::CannotTell,
            Verdict::Wrong => Exit::Failed,
        }),
    }
}

/// What is said of one Θ.
fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "ok",
        Verdict::TooSmallToTell => "too small to tell: within the rounding of J",
        Verdict::Wrong => "WRONG",
    }
}

/// What is said of all of them, each called `one`.
fn conclusion(verdict: Verdict, one: &str) -> String {
    match verdict {
        Verdict::Right => format!("every {one} is below {}", exact(LIMIT)),
        Verdict::TooSmallToTell => {
            format!("no {one} is wrong, but not every {one} can be checked: a gradient is within the rounding of J")
        }
        Verdict::Wrong => format!("not every {one} is below {}", exact(LIMIT)),
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

fn print(reports: &[LayerReport], check: &GradientCheck) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (step, scope) = (exact(check.scope.epsilon), check.scope);
    let sizes = check.model.sizes().iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    let kind = match &check.model {
        AnyModel::Dense(_) => "net",
        AnyModel::Recurrent(network) => network.cell.name(),
    };
    writeln!(out, "central differences of J, step {step}, f64, {kind} {sizes}, {scope}")?;
    for report in reports {
        let (name, relative) = (ascii(report.symbol), short(report.relative()));
        let said = words(report.verdict());
        write!(out, "{name}  {} weights  relative difference {relative}  {said}", report.compared)?;
        if let Some(worst) = report.worst {
            let (numeric, analytic) = (exact(worst.numeric), exact(worst.analytic));
            let at = format!("{name}{}", report.name_of(&worst).place());
            write!(out, "  worst {at}: numeric {numeric}, backpropagation {analytic}")?;
        }
        writeln!(out)?;
        kinks(&mut out, report)?;
    }
    writeln!(out, "{}", conclusion(Verdict::of(reports), reports.first().map_or("layer", LayerReport::noun)))?;
    out.flush()
}

/// A symbol in the letters of every terminal: Theta1, Theta^x.
fn ascii(symbol: Symbol) -> String {
    match symbol {
        Symbol::Layer(l) => format!("Theta{l}"),
        Symbol::Of(of) => format!("Theta^{of}"),
    }
}

/// Names the cells that were left out because their step crosses a kink.
fn kinks(out: &mut impl Write, report: &LayerReport) -> io::Result<()> {
    const NAMED: usize = 5;
    let Some(more) = report.kinks.len().checked_sub(1) else { return Ok(()) };
    let name = ascii(report.symbol);
    let names: Vec<String> =
        report.kinks.iter().take(NAMED).map(|(cell, _)| format!("{name}{}", report.name_of(cell).place())).collect();
    let rest = if more >= NAMED { format!(" and {} more", more + 1 - NAMED) } else { String::new() };
    writeln!(out, "        {} left out, their step crosses a kink: {}{rest}", report.kinks.len(), names.join(", "))
}
