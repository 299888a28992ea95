//! What the screen shows: one snapshot, the past, and where the user looks; every panel is a function of it.

mod book;
mod change;
mod cursor;
mod descent;
mod from_snapshot;
mod input;
mod inputs;
mod last_descent;
mod limit;
mod matrices;
mod mode;
mod moves;
mod page_numbers;
mod past;
mod walk;
mod warnings;

use std::collections::BTreeMap;

use ndarray::Array2;

use crate::derivation::{
    Alarm, Detail, EditedSample, Graph, HealthFacts, Histogram, LayerNorms, Playhead, Quantity, RecurrentParameter,
    Sample, Stride, Trace, UnitMaps, alarms, radius,
};
use crate::keymap::Panel;
use crate::theme::Theme;
use crate::train::{
    Checked, CostHistory, DenseView, Epoch, EpochHistory, RecurrentView, ShareHistory, Snapshot, Status,
};
pub use change::ViewChange;
pub use cursor::Cursor;
use from_snapshot::FromSnapshot;
use last_descent::LastDescent;
use limit::Limit;
pub use mode::{
    Activity, BookPlace, Choice, ConfusionView, CostView, DecisionView, DeltaView, HealthView, InGrid, InputView,
    Inquiry, Listed, Mapped, OverTime, Overlay, Pictures, ScaleMode, Written,
};
pub use moves::Along;
use page_numbers::PageNumbers;
pub use past::LayerPast;
pub use warnings::Warnings;

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct View {
    /// Colours and glyphs.
    pub theme: Theme,
    /// The next update, whole; absent until the first snapshot has arrived.
    pub snapshot: Option<Box<Snapshot>>,
    /// The way of the sample under the cursor at that snapshot's Θ.
    pub trace: Option<Trace>,
    /// The copy of the sample under the cursor in which inputs are set by hand, while it is looked at.
    pub edited: Option<EditedSample>,
    /// The costs so far.
    pub costs: CostHistory,
    /// The parts of the costs so far.
    pub shares: ShareHistory,
    /// The epochs so far.
    pub epochs: EpochHistory,
    /// The layers' norms so far.
    pub layers: LayerPast<LayerNorms>,
    /// How the numbers of each Θ, and of the units that it leads to, lay so far.
    pub histograms: LayerPast<[Histogram; 4]>,
    /// What is wrong with the run now.
    pub alarms: Vec<Alarm>,
    /// The spectral radius of a recurrent network's weights; absent for wide layers and other networks.
    pub radius: Option<f64>,
    /// What is odd about its data and weights.
    pub warnings: Warnings,
    /// Where the user looks.
    pub cursor: Cursor,
    /// The panel with the focus.
    pub focus: Panel,
    /// Whether it fills the screen.
    pub zoomed: bool,
    /// What stands over the panels.
    pub overlay: Overlay,
    /// The numbers that were asked about, each an operand of the one before.
    pub inquiries: Vec<Inquiry>,
    /// The last check of the gradient, under way or done.
    pub check: Option<Checked>,
    /// The descent from the present Θ in the weight panel.
    pub descent: LastDescent,
    /// How far the walk through the update has come, while there is one.
    pub playhead: Option<Playhead>,
    /// The first step that the sum over time has come back to, while it is walked through.
    pub walked: Option<usize>,
    /// The column that was chosen for the matrices of a walk; one that has fewer shows its last.
    pub column: usize,
    /// What it goes on by.
    pub stride: Stride,
    /// How much the walk shows of each number.
    pub detail: Detail,
    /// The value that is being typed for the chosen option.
    pub typed: String,
    /// What the last key did, where the picture does not show it.
    pub message: Option<String>,
    /// What the network panel's units are coloured by.
    pub activity: Activity,
    /// What the weights panel shows.
    pub quantity: Quantity,
    /// Whether that is of one sequence, and of which of its steps.
    pub over_time: OverTime,
    /// What these steps add to Δ of the Θ under the cursor, if that is what it shows.
    pub of_steps: Option<Array2<f64>>,
    /// How its colours are scaled.
    pub scale: ScaleMode,
    /// Whether it shows the weights into units as pictures.
    pub picture: Pictures,
    /// What the sample panel shows of the input.
    pub input: InputView,
    /// The first step whose ∂J/∂x the walk through the update has come back to, while there is one.
    grad_x_from: Option<usize>,
    /// Whether the network is folded into one step.
    pub folded: bool,
    /// What the δ panel shows of each unit at each step.
    pub grid: InGrid,
    /// What the network panel shows of them.
    pub unrolled: InGrid,
    /// The first equation that is shown of a unit at its step.
    pub line: usize,
    /// What the network wrote last.
    pub written: Option<Written>,
    /// The temperature that it writes at next; 0 takes the likeliest.
    pub temperature: f64,
    /// What the δ panel shows.
    pub delta: DeltaView,
    /// Whether its bars have one scale in all layers.
    pub shared_scale: bool,
    /// Whether the cost axis is logarithmic.
    pub log_axis: bool,
    /// What the cost panel shows.
    pub cost: CostView,
    /// What the confusion panel shows.
    pub confusion: ConfusionView,
    /// What the decision panel shows.
    pub decision: DecisionView,
    /// The epoch that is looked at in the cost panel.
    pub epoch: Option<u64>,
    /// What the health panel shows.
    pub health: HealthView,
    /// The first of the alarms' rules that its list shows.
    pub rule: usize,
    /// The numbers beside the equations of the page of the book that is open.
    beside: PageNumbers,
    /// What is made of the present snapshot when it is first asked for.
    made: FromSnapshot,
    /// What is being read before there is anything to train.
    pub loading: Option<String>,
    /// Why the trainer is gone, if it is.
    pub died: Option<String>,
    /// Whether the terminal has yet to get some of the picture.
    pub behind: bool,
    limits: BTreeMap<(&'static str, usize), Limit>,
    delta_limits: Vec<Limit>,
}

impl View {
    /// A view of nothing yet.
    pub fn new(theme: Theme) -> Self {
        Self {
            theme,
            snapshot: None,
            trace: None,
            edited: None,
            costs: CostHistory::default(),
            shares: ShareHistory::default(),
            epochs: EpochHistory::default(),
            layers: LayerPast::default(),
            histograms: LayerPast::default(),
            alarms: Vec::new(),
            radius: None,
            warnings: Warnings::default(),
            cursor: Cursor { l: 1, j: 0, i: 1, sample: Sample::default(), t: 1, unit: 0 },
            focus: Panel::default(),
            zoomed: false,
            overlay: Overlay::None,
            inquiries: Vec::new(),
            check: None,
            descent: LastDescent::default(),
            playhead: None,
            walked: None,
            column: 0,
            stride: Stride::default(),
            detail: Detail::default(),
            message: None,
            typed: String::new(),
            activity: Activity::default(),
            quantity: Quantity::default(),
            over_time: OverTime::default(),
            of_steps: None,
            scale: ScaleMode::default(),
            picture: Pictures::None,
            input: InputView::default(),
            grad_x_from: None,
            folded: false,
            grid: InGrid::default(),
            unrolled: InGrid::State,
            line: 0,
            written: None,
            temperature: 0.8,
            delta: DeltaView::default(),
            shared_scale: false,
            log_axis: true,
            cost: CostView::default(),
            confusion: ConfusionView::default(),
            decision: DecisionView::default(),
            epoch: None,
            health: HealthView::default(),
            rule: 0,
            beside: PageNumbers::default(),
            made: FromSnapshot::default(),
            loading: None,
            died: None,
            behind: false,
            limits: BTreeMap::new(),
            delta_limits: Vec::new(),
        }
    }

    /// The present snapshot as one of a dense network, if it is one.
    pub fn dense(&self) -> Option<DenseView<'_>> {
        self.snapshot.as_ref()?.dense()
    }

    /// The equations of the present snapshot.
    pub fn graph(&self) -> Option<&Graph> {
        Some(self.made.graph(self.snapshot.as_deref()?))
    }

    /// What every unit computes over the inputs, where these are a plane and that is cheap.
    pub fn unit_maps(&self) -> Option<&UnitMaps> {
        self.made.maps(self.dense()?)
    }

    /// The present snapshot as one of a recurrent network, if it is one, with the numbers of the sequence under the cursor.
    pub fn recurrent(&self) -> Option<RecurrentView<'_>> {
        self.trace.as_ref()?.recurrent(self.snapshot.as_ref()?)
    }

    /// Takes a new snapshot in and gives the old one back.
    pub fn absorb(&mut self, snapshot: Box<Snapshot>) -> Option<Box<Snapshot>> {
        if self.snapshot.as_ref().is_none_or(|old| old.run != snapshot.run) {
            self.costs.clear();
            self.shares.clear();
            self.epochs.clear();
            self.layers = LayerPast::default();
            self.histograms = LayerPast::default();
            self.limits.clear();
            self.delta_limits.clear();
            self.check = None;
            (self.descent.last, self.edited) = (None, None);
            self.epoch = None;
            self.confusion.list = None;
            self.written = None;
        }
        self.warnings.take(snapshot.data.warnings());
        self.costs.append(&snapshot.costs);
        self.shares.append(&snapshot.shares);
        self.epochs.append(&snapshot.epochs);
        let (step, norms) = (snapshot.position.step, LayerNorms::of(&snapshot));
        let facts = HealthFacts { snapshot: &snapshot, norms: &norms, epochs: &self.epochs, costs: &self.costs };
        self.alarms = alarms(&facts);
        self.radius = snapshot.recurrent().and_then(|recurrent| radius(recurrent.network));
        self.layers.push(step, norms);
        self.histograms.push(step, Histogram::of(&snapshot));
        if let Some(dense) = snapshot.dense().filter(|_| self.snapshot.is_none()) {
            self.cursor.i = middle(dense);
        }
        if let Some(recurrent) = snapshot.recurrent().filter(|_| self.snapshot.is_none()) {
            self.cursor.t = recurrent.steps();
            // The first that the next batch has; a run that goes on has other ones.
            self.cursor.sample.row = recurrent.batch.first().copied().unwrap_or(0);
            (self.cursor.l, self.cursor.i) = (2, RecurrentParameter::H.biases(recurrent.network.cell));
        }
        let moved = |old: &Snapshot| (old.run, old.position.step) != (snapshot.run, snapshot.position.step);
        if self.snapshot.as_deref().is_some_and(moved) {
            // Another update is walked through from its beginning, and a run is not walked through.
            let still = !matches!(snapshot.status, Status::Running);
            self.playhead = self.playhead.filter(|_| still).map(|_| Playhead::default());
            let steps = snapshot.recurrent().map(|recurrent| recurrent.steps());
            self.walked = self.walked.filter(|_| still).and(steps);
        }
        let old = self.snapshot.replace(snapshot);
        self.follow();
        old
    }

    /// Whether the confusion panel shows the held-out part, which there must be for that.
    pub fn is_of_held_out(&self) -> bool {
        let there_is = self.snapshot.as_ref().is_some_and(|snapshot| snapshot.data.held_out() > 0);
        self.confusion.held_out && there_is
    }

    /// Target and answer under the cursor, which a reset with other data may have left behind; `None` where there are no classes.
    pub fn confused(&self) -> Option<(usize, usize)> {
        let last = self.snapshot.as_ref()?.data.classes().len().checked_sub(1)?;
        Some((self.confusion.cell.0.min(last), self.confusion.cell.1.min(last)))
    }

    /// The output unit that the decision panel looks at: the last one unless another one was chosen.
    pub fn mapped_output(&self) -> usize {
        let last = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.data.outputs().len().saturating_sub(1));
        self.decision.output.unwrap_or(last).min(last)
    }

    /// Whether the inputs are a plane, so that the decision is seen whole.
    pub fn is_planar(&self) -> bool {
        self.dense().is_some_and(|snapshot| snapshot.data.dataset.plain() == 2)
    }

    /// What was measured after the epoch that is looked at.
    pub fn looked_at(&self) -> Option<&Epoch> {
        self.epochs.all().find(|epoch| Some(epoch.epoch) == self.epoch)
    }

    /// Takes in how far a check is, unless it is of another run than the picture.
    pub fn take_check(&mut self, checked: Checked) {
        let of_this_run = self.snapshot.as_ref().is_some_and(|snapshot| snapshot.run == checked.of.run);
        // One that was stopped may still have a word on its way.
        let is_the_last = self.check.as_ref().is_some_and(|last| last.of == checked.of);
        if of_this_run && is_the_last {
            self.check = Some(checked);
        }
    }

    /// Brings what follows from snapshot and cursor up to date with them.
    pub fn follow(&mut self) {
        self.made = FromSnapshot::default();
        self.follow_walk();
        let Some(snapshot) = &self.snapshot else { return };
        let cursor = &mut self.cursor;
        let parameters = snapshot.model.parameters();
        cursor.l = cursor.l.clamp(1, parameters.len().max(1));
        if let Some(theta) = parameters.get(cursor.l - 1) {
            cursor.j = cursor.j.min(theta.nrows().saturating_sub(1));
            cursor.i = cursor.i.min(theta.ncols().saturating_sub(1));
        }
        // A copy is left with its sample, and a walk is of the batch.
        self.edited = self.edited.take().filter(|edited| edited.sample() == cursor.sample);
        cursor.sample.edited = self.edited.is_some();
        // A reset with another split may have fewer samples in a part.
        let trace = |sample| Trace::of(sample, snapshot);
        self.trace = match &self.edited {
            Some(edited) => Trace::of_edited(edited, snapshot),
            None => trace(cursor.sample),
        };
        if self.trace.is_none() {
            (cursor.sample, self.edited) = (Sample::default(), None);
            self.trace = trace(cursor.sample);
        }
        self.follow_time();
        self.follow_steps();
        self.follow_limits();
        self.follow_input();
        self.follow_book();
    }

    /// Brings step, unit and sequence back to what there is.
    fn follow_time(&mut self) {
        let Some(recurrent) = self.snapshot.as_ref().and_then(|snapshot| snapshot.recurrent()) else { return };
        let (cursor, steps) = (&mut self.cursor, recurrent.steps());
        cursor.t = self.walked.unwrap_or(cursor.t).clamp(1, steps.max(1));
        cursor.unit = cursor.unit.min(recurrent.network.sizes().1.saturating_sub(1));
    }
}

/// The unit of layer 1 that the cursor begins at: the pixel in the middle of a picture, which says more than its corner.
fn middle(snapshot: DenseView<'_>) -> usize {
    snapshot.data.dataset.image.map_or(1, |(width, height)| 1 + height / 2 * width + width / 2)
}
