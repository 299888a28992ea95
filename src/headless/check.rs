//! The gradient check as a command: a line for each Θ, and a verdict.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use ndarray::Array2;

use crate::data::{Data, SequenceParts};
use crate::error::{Error, Exit, Result};
use crate::nn::check::{Differences, LIMIT, LayerReport, Verdict};
use crate::nn::{Batch, Check, Named, Network, Recurrent, Regularisation};
use crate::number::{exact, short};
use crate::train::{Config, Trainable};

/// Sequences that J of a recurrent network is the mean over.
const MOST: usize = 32;

/// What is told of a check beside what it finds.
struct Heading {
    /// The network.
    net: String,
    /// What J is the mean over.
    over: String,
    /// What one Θ is called.
    each: &'static str,
}

/// Checks every weight of the net that the options make, before any update, over the whole training part in `f64`.
///
/// Returns how it ends: done if every layer's relative difference is below the limit, failed if one is wrong, and else without a
/// verdict, where a gradient is within the rounding of J.
///
/// # Errors
/// If the options make no net, J is no finite number, or stdout can't be written to; a closed pipe is no error.
pub fn run(config: &Config, data: &Data) -> Result<Exit> {
    let data = match data {
        Data::Rows(data) => data,
        Data::Sequences(parts) => return run_on_sequences(config, parts),
    };
    let (x, y) = (data.train.x.view(), data.train.y.view());
    let sizes = config.sizes(x.ncols(), y.ncols())?;
    let network = Network { theta: config.theta(&sizes), hidden: config.activations(), output: config.output };
    let m = x.nrows();
    let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m };
    let net = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    let heading = Heading { net: format!("net {net}"), over: format!("all {m} training samples"), each: "layer" };
    finish(&Check { model: &network, regularisation, batch: Batch { x, y, samples: m } }, &heading)
}

/// The same of a recurrent net, over the first sequences; the gradient through all steps, whatever it is truncated to.
fn run_on_sequences(config: &Config, parts: &SequenceParts) -> Result<Exit> {
    let data = Data::Sequences(parts.clone());
    <Recurrent<f64> as Trainable<f64>>::check(config, &data)?;
    let network = <Recurrent<f64> as Trainable<f64>>::begin(config, &data);
    let sequences = &parts.sequences;
    let samples = sequences.count.min(MOST);
    let (mut x, mut y) = (Array2::zeros((0, 0)), Array2::zeros((0, 0)));
    sequences.fill(&(0..samples).collect::<Vec<_>>(), (&mut x, &mut y));
    let regularisation = Regularisation { penalty: config.penalty, lambda: config.lambda, m: samples };
    let (inputs, units, outputs) = network.sizes();
    let heading = Heading {
        net: format!("{} {inputs}-{units}-{outputs}", network.cell.name()),
        over: format!("{samples} sequences of {} steps", sequences.steps),
        each: "matrix",
    };
    let batch = Batch { x: x.view(), y: y.view(), samples };
    finish(&Check { model: &network, regularisation, batch }, &heading)
}

/// Runs a check to its end and tells what it finds.
fn finish<M: Differences>(check: &Check<'_, M>, heading: &Heading) -> Result<Exit> {
    let reports = check.run(progress).expect("the progress never stops the check");
    if !reports.iter().all(|report| report.relative().is_finite()) {
        let text = "J and its differences are no finite numbers at these weights: nothing to check";
        return Err(Error::Failed(text.into()));
    }
    match print(&reports, M::EPSILON, heading) {
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

fn print(reports: &[LayerReport], epsilon: f64, Heading { net, over, each }: &Heading) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "central differences of J, step {}, f64, {net}, {over}", exact(epsilon))?;
    for report in reports {
        let (name, relative) = (ascii(&report.symbol.to_string()), short(report.relative()));
        let said = words(report.verdict());
        write!(out, "{name}  {} weights  relative difference {relative}  {said}", report.compared)?;
        if let Some(worst) = report.worst {
            let (numeric, analytic) = (exact(worst.numeric), exact(worst.analytic));
            let at = format!("{name}[{},{}]", worst.j + 1, worst.i);
            write!(out, "  worst {at}: numeric {numeric}, backpropagation {analytic}")?;
        }
        writeln!(out)?;
        kinks(&mut out, report)?;
    }
    writeln!(out, "{}", conclusion(Verdict::of(reports), each))?;
    out.flush()
}

/// A symbol as a terminal of any kind shows it, and as nobody takes for a formula: Theta1, Theta^x.
fn ascii(symbol: &str) -> String {
    symbol.replace('Θ', "Theta").replace("^(", "").replace(')', "")
}

/// Names the cells that were left out because their step crosses a kink.
fn kinks(out: &mut impl Write, report: &LayerReport) -> io::Result<()> {
    const NAMED: usize = 5;
    let Some(more) = report.kinks.len().checked_sub(1) else { return Ok(()) };
    let name = ascii(&report.symbol.to_string());
    let names: Vec<String> =
        report.kinks.iter().take(NAMED).map(|(cell, _)| format!("{name}[{},{}]", cell.j + 1, cell.i)).collect();
    let rest = if more >= NAMED { format!(" and {} more", more + 1 - NAMED) } else { String::new() };
    writeln!(out, "        {} left out, their step crosses a kink: {}{rest}", report.kinks.len(), names.join(", "))
}
