//! The measures of every epoch of a run, and as separated values.

use std::fmt::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::number::exact;
use crate::train::{Epoch, Fit, Snapshot};

/// Every epoch with the moment at which it was measured, in seconds since 1970.
#[derive(Debug, Default)]
pub(super) struct History {
    pub(super) epochs: Vec<(f64, Epoch)>,
}

impl History {
    /// Takes in what was measured last, if it is new and is numbers.
    pub(super) fn add(&mut self, snapshot: &Snapshot) {
        if snapshot.latest.not_finite().is_some() {
            return;
        }
        if self.epochs.last().is_none_or(|(_, last)| last.epoch < snapshot.latest.epoch) {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
            self.epochs.push((now, snapshot.latest));
        }
    }

    /// The name by which TensorBoard finds a file of events; of its own for each run of a second.
    pub(super) fn file_name(&self) -> String {
        let begun = self.epochs.first().map_or(0.0, |(moment, _)| *moment);
        format!("events.out.tfevents.{:010}.deltascope.{}", begun as u64, std::process::id())
    }

    /// A header and a row for each epoch; numbers read back exactly, what there is not is empty.
    pub(super) fn csv(&self) -> String {
        let is_numbers = self.epochs.first().is_some_and(|(_, epoch)| matches!(epoch.train.fit, Fit::Numbers { .. }));
        let measured = |part: &str| match is_numbers {
            true => format!("{part}_r2,{part}_rmse"),
            false => format!("{part}_accuracy"),
        };
        let mut text = format!("epoch,step,data,reg,total,{},test_cost,{}\n", measured("train"), measured("test"));
        for (_, epoch) in &self.epochs {
            let Epoch { epoch: number, step, train, reg, test } = epoch;
            let total = epoch.total();
            let nothing = if is_numbers { "," } else { "" };
            let test =
                test.map_or_else(|| format!(",{nothing}"), |test| format!("{},{}", exact(test.data), fields(test.fit)));
            let _ = writeln!(
                text,
                "{number},{step},{},{},{},{},{test}",
                exact(train.data),
                exact(*reg),
                exact(total),
                fields(train.fit)
            );
        }
        text
    }
}

fn fields(fit: Fit) -> String {
    match fit {
        Fit::Accuracy(share) => exact(share),
        Fit::Numbers { r2, rmse } => format!("{},{}", r2.map_or_else(String::new, exact), exact(rmse)),
    }
}
