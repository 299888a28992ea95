//! How what is looked at changes: the changes that a key or a click in a panel asks for.

use super::{
    Activity, ConfusionView, CostView, Cursor, DecisionView, DeltaView, HealthView, InGrid, InputView, Listed,
    OverTime, Overlay, Pictures, ScaleMode, View,
};
use crate::derivation::{AnsweredSample, Quantity, Sample, worst};

/// What a key or a click in a panel changes.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewChange {
    /// What the units of the network are coloured by.
    Activity(Activity),
    /// What the δ panel shows.
    Delta(DeltaView),
    /// Whether its bars have one scale in all layers.
    SharedScale(bool),
    /// What the weights panel shows, and whether of the whole batch or of steps of one sequence.
    Quantity(Quantity, OverTime),
    /// What the weight panel shows of the whole batch.
    Weight {
        /// The chosen quantity.
        quantity: Quantity,
        /// Whether the descent is shown in their place.
        descent: bool,
    },
    /// How its colours are scaled.
    Scale(ScaleMode),
    /// Whether it shows weights as pictures.
    Pictures(Pictures),
    /// What the sample panel shows of the input.
    Input(InputView),
    /// What the cost panel shows.
    Cost(CostView),
    /// Whether its axis is logarithmic.
    LogAxis(bool),
    /// What the health panel shows.
    Health(HealthView),
    /// What the confusion panel shows.
    Confusion(ConfusionView),
    /// This place in the list of the samples of a cell of the confusion, the worst being the first.
    Worst(usize),
    /// What the decision panel shows.
    Decision(DecisionView),
    /// Where the user looks.
    Cursor(Cursor),
    /// What the δ panel shows of each unit at each step.
    Grid(InGrid),
    /// What the network panel shows of them.
    Unrolled(InGrid),
    /// Whether the network is folded into one step.
    Folded(bool),
    /// The temperature that the network writes at.
    Temperature(f64),
    /// What stands over the panels.
    Over(Overlay),
    /// Nothing but this message.
    Say(String),
}

impl View {
    /// Makes a change, and brings what follows from it up to date.
    pub fn change(&mut self, change: ViewChange) {
        match change {
            ViewChange::Activity(activity) => self.activity = activity,
            ViewChange::Delta(shown) => {
                self.delta = shown;
                // The bars are of other numbers now.
                self.delta_limits.clear();
            }
            ViewChange::SharedScale(shared) => self.shared_scale = shared,
            ViewChange::Quantity(quantity, over) => (self.quantity, self.over_time) = (quantity, over),
            ViewChange::Weight { quantity, descent } => {
                (self.quantity, self.over_time, self.descent.open) = (quantity, OverTime::Whole, descent);
            }
            ViewChange::Scale(scale) => self.scale = scale,
            ViewChange::Pictures(pictures) => self.picture = pictures,
            ViewChange::Input(shown) => self.input = shown,
            ViewChange::Cost(shown) => self.cost = shown,
            ViewChange::LogAxis(log) => self.log_axis = log,
            ViewChange::Health(shown) => self.health = shown,
            ViewChange::Confusion(shown) => self.confusion = shown,
            ViewChange::Worst(at) => self.go_to_worst(at),
            ViewChange::Decision(shown) => self.decision = shown,
            ViewChange::Cursor(cursor) => self.cursor = cursor,
            ViewChange::Grid(shown) => self.grid = shown,
            ViewChange::Unrolled(shown) => self.unrolled = shown,
            ViewChange::Folded(folded) => self.folded = folded,
            ViewChange::Temperature(temperature) => self.temperature = temperature,
            ViewChange::Over(overlay) => (self.overlay, self.line) = (overlay, 0),
            ViewChange::Say(message) => self.message = Some(message),
        }
        self.follow();
    }

    /// What was said of the samples in the list of the confusion's cell, the worst first.
    pub fn listed(&self) -> Vec<AnsweredSample> {
        let Some(snapshot) = &self.snapshot else { return Vec::new() };
        worst(snapshot, self.is_of_held_out(), self.confused())
    }

    /// The place of the mark in such a list: it stays with its sample, or at its place where that is in another list now.
    pub fn marked(&self, listed: &[AnsweredSample]) -> usize {
        let Some(Listed { place, row, t }) = self.confusion.list else { return 0 };
        let same = listed.iter().position(|said| (said.row, said.t) == (row, t));
        same.unwrap_or(place.min(listed.len().saturating_sub(1)))
    }

    /// Brings mark and cursor to one of the samples of the confusion's cell, the worst being the first.
    pub(super) fn go_to_worst(&mut self, to: usize) {
        let (held_out, samples) = (self.is_of_held_out(), self.listed());
        let Some(snapshot) = &self.snapshot else { return };
        let Some(last) = samples.len().checked_sub(1) else {
            let name = |class: usize| snapshot.data.classes().get(class).map_or("", String::as_str);
            let cell = self.confused();
            let said = |target: usize, answer: usize| match target == answer {
                true => format!("no {} is answered rightly", name(target)),
                false => format!("no {} is taken for {}", name(target), name(answer)),
            };
            self.message = cell.map(|(target, answer)| said(target, answer));
            return;
        };
        let place = to.min(last);
        let AnsweredSample { row, t, .. } = samples[place];
        self.confusion.list = Some(Listed { place, row, t });
        self.cursor.sample = Sample::of(held_out, row);
        if snapshot.recurrent().is_some() {
            self.cursor.t = t;
        }
    }
}
