//! The alarms of a run without a screen: each rule is checked after each epoch, and a line is printed when an alarm begins and when it ends.

use std::io::{self, Write};

use serde::Serialize;

use super::LineFormat;
use crate::derivation::{Alarm, HealthFacts, LayerNorms, alarms};
use crate::number::short;
use crate::train::{AnyTrainer, CostHistory, Epoch, EpochHistory, Snapshot, Status};

/// J that is so many times epoch 0's is far above it.
const FAR: f64 = 2.0;

/// What was seen of a run until now.
#[derive(Default)]
pub(super) struct WatchedPast {
    epochs: EpochHistory,
    costs: CostHistory,
    /// The last picture, whose memory serves the next one.
    spare: Option<Box<Snapshot>>,
}

impl WatchedPast {
    /// The alarms of a run now; where it has diverged, it is by the update that was refused.
    pub(super) fn alarms(&mut self, trainer: &mut dyn AnyTrainer, status: Status) -> Vec<Alarm> {
        let mut snapshot = trainer.snapshot(self.spare.take());
        snapshot.status = status;
        self.epochs.append(&snapshot.epochs);
        self.costs.append(&snapshot.costs);
        let norms = LayerNorms::of(&snapshot);
        let facts = HealthFacts { snapshot: &snapshot, norms: &norms, epochs: &self.epochs, costs: &self.costs };
        let found = alarms(&facts);
        self.spare = Some(snapshot);
        found
    }
}

/// An alarm in a line of JSON.
#[derive(Serialize)]
pub(super) struct AlarmLine {
    rule: &'static str,
    /// The layer of units, 2 … L, that it is of; h of a recurrent network is layer 2, and o layer 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<usize>,
    sentence: String,
    remedies: Vec<String>,
}

impl From<&Alarm> for AlarmLine {
    fn from(alarm: &Alarm) -> Self {
        let Alarm { rule, layer, sentence, remedies, .. } = alarm;
        Self { rule: rule.name, layer: *layer, sentence: sentence.clone(), remedies: remedies.clone() }
    }
}

/// Prints on stderr which alarms begin and end; lines of JSON have a field for them instead.
pub(super) struct AlarmPrinter {
    /// The rules whose alarms have begun and not ended.
    begun: Vec<&'static str>,
    is_silent: bool,
    /// J of epoch 0.
    first: Option<f64>,
}

impl AlarmPrinter {
    pub(super) fn new(format: LineFormat) -> Self {
        Self { begun: Vec::new(), is_silent: format == LineFormat::Json, first: None }
    }

    /// Prints the lines of the alarms after an epoch; `clear` is written first, to empty the line that a terminal shows.
    pub(super) fn print(&mut self, epoch: &Epoch, alarms: &[Alarm], clear: &str) {
        if epoch.epoch == 0 && epoch.not_finite().is_none() {
            self.first = Some(epoch.total());
        }
        let now: Vec<&'static str> = alarms.iter().map(|alarm| alarm.rule.name).collect();
        let mut lines = String::new();
        for ended in self.begun.iter().filter(|name| !now.contains(name)) {
            lines.push_str(&format!("{clear}alarm: {ended} ends after epoch {}\n", epoch.epoch));
        }
        for alarm in alarms.iter().filter(|alarm| !self.begun.contains(&alarm.rule.name)) {
            let (name, sentence, remedy) = (alarm.rule.name, &alarm.sentence, alarm.remedy());
            lines.push_str(&format!(
                "{clear}alarm: {name} begins after epoch {}: {sentence}; try: {remedy}\n",
                epoch.epoch
            ));
        }
        self.begun = now;
        self.write(&lines);
    }

    /// The last J divided by epoch 0's, if that is large.
    pub(super) fn above_start(&self, last: &Epoch) -> Option<f64> {
        let times = last.total() / self.first?;
        (times >= FAR).then_some(times)
    }

    /// Prints that a run ends far above where it began, if it does.
    pub(super) fn print_end(&self, last: &Epoch, clear: &str) {
        let (Some(times), Some(first)) = (self.above_start(last), self.first) else { return };
        let (j, epoch, times, first) = (short(last.total()), last.epoch, short(times), short(first));
        self.write(&format!(
            "{clear}the run ends far above where it began: J is {j} after epoch {epoch}, {times} times epoch 0's {first}\n"
        ));
    }

    fn write(&self, lines: &str) {
        if !self.is_silent && !lines.is_empty() {
            // A stderr that is gone is no reason to stop the training.
            let _ = io::stderr().write_all(lines.as_bytes());
        }
    }
}
